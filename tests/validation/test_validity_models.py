"""Shell, chain, hybrid: which certificate must be valid when, and the same for its status.

Shell and hybrid differ in the time at which all are asked: shell at the time of validation, hybrid at the time of signing. Here both ask
at the proven time where there is one (EN 319 102-1 section 5.6.2 brings the shell there too), and at the validation time without.
Chain asks every issuer when it issued the certificate below (friction F55).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from build import (
    CA,
    CA_CRL,
    CERTIFICATES,
    CRLS,
    ROOT_CRL,
    SIGNED,
    SIGNER,
    context,
    day,
    facts,
    knowledge,
    revocation,
    signature,
    token,
)

from interop.model.certificate import Certificate
from interop.model.knowledge import Knowledge
from interop.model.layers import TECHNICAL, Layer
from interop.model.rules import RevocationRules
from interop.model.verdict import Technical
from interop.validation.technical import judge_signature

UNASKED = RevocationRules(required=False)
MODELS = ("shell", "chain", "hybrid")


def _judge(known: Knowledge, model: str, *, stamped: bool = False, revocation: RevocationRules = UNASKED) -> Technical:
    tokens = (token(),) if stamped else ()
    made = signature(level="B-T" if stamped else "B-B", tokens=tuple(t.id for t in tokens))
    asked = context(known=known, validity_model=model, revocation=revocation)
    return judge_signature(facts(made, tokens=tokens), made, asked)


def _codes(technical: Technical, layer: Layer) -> list[str]:
    return [cause.code for cause in technical.layers[TECHNICAL.index(layer)].causes]


def _with(**changes: Certificate) -> Knowledge:
    new = {"ca": changes.get("ca", CA), "signer": changes.get("signer", SIGNER)}
    swapped = {new["ca"].id: new["ca"], new["signer"].id: new["signer"]}
    return knowledge(certificates=tuple(swapped.get(c.id, c) for c in CERTIFICATES))


CA_ENDED = replace(CA, not_after=day("2025-06-01"))
"""After it issued the signer's certificate (2025-01-01), before the signature."""
CA_LATE = replace(CA, not_before=day("2025-03-01"))
"""It began after the signer's certificate did."""


@pytest.mark.parametrize(
    ("model", "sub"), [("shell", "OUT_OF_BOUNDS_NO_POE"), ("hybrid", "OUT_OF_BOUNDS_NO_POE"), ("chain", None)]
)
def test_a_ca_that_ended_before_the_signature(model: str, sub: str | None) -> None:
    """F55: good under the chain model alone."""
    assert _judge(_with(ca=CA_ENDED), model).sub_indication == sub


@pytest.mark.parametrize(
    ("model", "code"), [("shell", None), ("hybrid", None), ("chain", "chain.issued-outside-issuer-validity")]
)
def test_a_ca_that_began_after_it_had_issued(model: str, code: str | None) -> None:
    """The other way round: refused under the chain model alone."""
    assert _codes(_judge(_with(ca=CA_LATE), model), Layer.CHAIN) == ([] if code is None else [code])


@pytest.mark.parametrize("model", MODELS)
def test_the_signer_is_asked_at_the_time_of_signing_under_every_model(model: str) -> None:
    ended = _with(signer=replace(SIGNER, not_after=SIGNED + timedelta(hours=1)))
    assert _judge(ended, model).sub_indication == "OUT_OF_BOUNDS_NO_POE"
    assert _judge(ended, model, stamped=True).passed
    before = _with(signer=replace(SIGNER, not_after=SIGNED - timedelta(hours=1)))
    assert _judge(before, model, stamped=True).sub_indication == "EXPIRED"


@pytest.mark.parametrize("model", MODELS)
def test_a_ca_that_ended_after_the_signature(model: str) -> None:
    """Hybrid: all at the time of signing. A proven time has the shell ask there too; the time-stamp's own path still has to stand."""
    ended = _with(ca=replace(CA, not_after=SIGNED + timedelta(hours=1)))
    technical = _judge(ended, model, stamped=True)
    assert technical.proven is (model == "chain"), "the authority stands below the same CA"


@pytest.mark.parametrize(
    ("model", "reason", "code"),
    [
        ("shell", "superseded", "revocation.ca-revoked"),
        ("hybrid", "superseded", "revocation.ca-revoked"),
        ("chain", "superseded", "revocation.ca-revoked-after-use"),
        ("chain", "keyCompromise", "revocation.ca-revoked"),
        ("chain", "cACompromise", "revocation.ca-revoked"),
        ("chain", None, "revocation.ca-revoked"),
    ],
)
def test_a_ca_that_was_revoked_after_it_had_issued(model: str, reason: str | None, code: str) -> None:
    """Valid when it was used; a compromised key could have written any date."""
    listed = replace(ROOT_CRL, revoked=(revocation(CA, day("2026-02-01"), reason),))
    technical = _judge(knowledge(crls=(listed, CA_CRL)), model)
    assert _codes(technical, Layer.REVOCATION) == [code]
    assert technical.passed is code.endswith("after-use")


@pytest.mark.parametrize("model", MODELS)
def test_a_ca_that_was_revoked_before_it_issued(model: str) -> None:
    listed = replace(ROOT_CRL, revoked=(revocation(CA, day("2024-06-01"), "superseded"),))
    assert _judge(knowledge(crls=(listed, CA_CRL)), model).sub_indication == "REVOKED_CA_NO_POE"


@pytest.mark.parametrize(("model", "fresh"), [("shell", False), ("hybrid", False), ("chain", True)])
def test_the_status_of_a_ca_need_be_no_fresher_than_its_use(model: str, fresh: bool) -> None:
    old = replace(ROOT_CRL, this_update=day("2025-02-01"), next_update=day("2025-03-01"))
    technical = _judge(knowledge(crls=(old, CA_CRL)), model, revocation=RevocationRules())
    assert _codes(technical, Layer.REVOCATION) == ([] if fresh else ["revocation.not-fresh"])


@pytest.mark.parametrize("model", MODELS)
def test_the_status_of_the_signer_is_asked_alike_under_every_model(model: str) -> None:
    listed = replace(CA_CRL, revoked=(revocation(SIGNER, day("2026-02-01"), "superseded"),))
    assert _judge(knowledge(crls=(CRLS[0], listed)), model).sub_indication == "REVOKED_NO_POE"
