"""Time-stamps: which count, what they prove, and when proof is asked for (RFC 3161, EN 319 102-1 sections 5.4 to 5.6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from build import (
    AT,
    CA,
    CA_CRL,
    CERTIFICATES,
    CRLS,
    EDGES,
    EVIDENCE,
    HOME,
    ROOT,
    ROOT_CRL,
    SIGNED,
    SIGNER,
    STATUS_EDGES,
    SUITE,
    TSA,
    answers,
    certificate,
    context,
    crl,
    day,
    facts,
    knowledge,
    oid,
    revocation,
    signature,
    signed,
    swap,
    token,
)

from interop.model.certificate import Certificate
from interop.model.facts import Algorithm, Binding, Imprint, TokenFacts
from interop.model.knowledge import Evidence, Knowledge
from interop.model.layers import TECHNICAL, Layer, LayerState
from interop.model.rules import RevocationRules, TimeRules
from interop.model.suite import SuiteEntry
from interop.model.verdict import Technical
from interop.validation.technical import judge_signature

NO_STATUS = RevocationRules(required=False)


def _judge(*tokens: TokenFacts, known: Knowledge | None = None, made: Any = None, **options: Any) -> Technical:
    made = made or signature(level="B-T", tokens=tuple(t.id for t in tokens))
    return judge_signature(facts(made, tokens=tokens), made, context(known=known, **options))


def _codes(technical: Technical, layer: Layer = Layer.TIME) -> list[str]:
    return [cause.code for cause in technical.layers[TECHNICAL.index(layer)].causes]


def test_a_good_token_proves_the_time() -> None:
    technical = _judge(token())
    assert (technical.best_time, technical.proven, technical.level) == (SIGNED, True, "B-T")
    assert technical.passed
    assert _codes(technical) == []


@pytest.mark.parametrize(
    ("accepted", "counts"), [(("1234567812345678", "TSA-ID"), True), (("1234567812345678",), False)]
)
def test_a_token_under_an_sm2_id_counts_where_the_id_is_accepted(accepted: tuple[str, ...], counts: bool) -> None:
    """The ID is a rule for time-stamps as it is for signatures (GB/T 35276)."""
    made = token()
    assert made.algorithm is not None
    rules = context().rules
    rules = replace(rules, algorithms=replace(rules.algorithms, sm2_ids=accepted))
    named = replace(made, algorithm=replace(made.algorithm, sm2_id="TSA-ID"))
    signer = signature(level="B-T", tokens=(named.id,))
    technical = judge_signature(facts(signer, tokens=(named,)), signer, replace(context(), rules=rules))
    assert technical.proven is counts
    assert ("time.timestamp-invalid" in _codes(technical)) is not counts


def test_the_earliest_valid_token_counts() -> None:
    technical = _judge(token("late", time=SIGNED + timedelta(hours=2)), token("early"))
    assert technical.best_time == SIGNED
    broken = token("early", imprint=Imprint(digest="sha256", ok=False))
    technical = _judge(token("late", time=SIGNED + timedelta(hours=2)), broken)
    assert technical.best_time == SIGNED + timedelta(hours=2)
    assert _codes(technical) == ["time.timestamp-invalid"]


LOOSE = replace(TSA, extended_key_usage=("1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.36"))


@pytest.mark.parametrize(
    ("changes", "tsa"),
    [
        ({"imprint": Imprint(digest="sha256", ok=False)}, TSA),  # TSP-01
        ({"imprint": Imprint(digest="sha256"), "why": "digest-unsupported"}, TSA),
        ({"value_ok": False}, TSA),  # TSP-02
        ({"value_ok": None}, TSA),
        ({"time": None}, TSA),
        ({"bound_by": ()}, TSA),  # TSP-08
        ({"bound_by": (Binding(how="signer-identifier", certificate=TSA.id),)}, TSA),
        ({"bound_by": (Binding(how="signing-certificate-v2", certificate=TSA.id, digest_ok=False),)}, TSA),
        ({}, replace(TSA, extended_key_usage=None)),  # TSP-03
        ({}, replace(TSA, extended_key_usage=("1.3.6.1.5.5.7.3.36",))),
        ({}, replace(TSA, not_after=SIGNED - timedelta(days=1))),  # TSP-04
        ({}, replace(TSA, not_before=SIGNED + timedelta(hours=1))),
        ({"imprint": Imprint(digest="sha1", ok=True)}, TSA),  # TSP-06
        ({"algorithm": Algorithm(signature="1.2.840.10045.4.1", name="ecdsa-sha1", digest="sha1")}, TSA),
        ({"time": AT + timedelta(days=1)}, TSA),  # TSP-12
    ],
)
def test_a_token_that_does_not_count(changes: dict[str, Any], tsa: Certificate) -> None:
    known = knowledge(certificates=swap(tsa, TSA))
    technical = _judge(token(**changes), known=known)
    assert (technical.proven, technical.level) == (False, "B-B")
    assert _codes(technical) == ["time.timestamp-invalid"]
    assert technical.passed, "no duty, no refusal"
    duty = _judge(token(**changes), known=known, time=TimeRules(time_stamp_required=True))
    assert _codes(duty) == ["time.no-valid-timestamp", "time.timestamp-invalid"]
    assert (duty.passed, duty.sub_indication) == (False, "NO_POE")


def test_extended_key_usage_beside_timestamping_is_a_finding() -> None:
    """RFC 3161 section 2.3; F53"""
    for loose in (LOOSE, replace(TSA, extensions=(("2.5.29.37", False),))):
        technical = _judge(token(), known=knowledge(certificates=swap(loose, TSA)))
        assert (technical.proven, _codes(technical)) == (True, ["time.tsa-key-usage-loose"])


def test_an_authority_without_a_path_to_a_home_anchor() -> None:
    """F52"""
    stranger = certificate(
        "stranger", "elsewhere", extended_key_usage=TSA.extended_key_usage, extensions=TSA.extensions
    )
    bound = (Binding(how="signing-certificate-v2", certificate=stranger.id, digest_ok=True),)
    technical = _judge(token(bound_by=bound), known=knowledge(certificates=(*CERTIFICATES, stranger)))
    assert (technical.proven, _codes(technical)) == (False, ["time.timestamp-invalid"])


def test_time_stamp_duty() -> None:
    duty = TimeRules(time_stamp_required=True)
    assert _judge(token(), time=duty).passed
    missing = judge_signature(facts(), signature(), context(time=duty))
    assert _codes(missing) == ["time.timestamp-missing"]


def test_a_token_of_another_signature_proves_nothing_here() -> None:
    """TSP-11"""
    technical = _judge(token(covers=("s1",)), made=signature())
    assert (technical.proven, _codes(technical)) == (False, [])


def test_a_content_time_stamp_proves_no_existence_and_must_not_be_later() -> None:
    """TSP-07"""
    only = _judge(token(kind="content"))
    assert not only.proven
    late = _judge(token(), token("content", kind="content", time=SIGNED + timedelta(hours=1)))
    assert _codes(late) == ["time.timestamp-order"]
    assert late.sub_indication == "TIMESTAMP_ORDER_FAILURE"
    early = _judge(token(), token("content", kind="content", time=SIGNED - timedelta(hours=1)))
    assert early.passed


def test_claimed_after_proof_is_a_finding() -> None:
    made = signature(level="B-T", tokens=(oid("token"),), claimed_time=SIGNED + timedelta(hours=1))
    technical = _judge(token(), made=made)
    assert (technical.passed, _codes(technical)) == (True, ["time.claimed-after-proof"])


# --- validity without and with proof


EXPIRED = replace(SIGNER, not_after=SIGNED + timedelta(hours=1))


def test_expired_without_proof_is_a_matter_of_time() -> None:
    """REV and TIME: OUT_OF_BOUNDS_NO_POE; the chain itself is good."""
    technical = judge_signature(
        facts(), signature(), context(known=knowledge(certificates=swap(EXPIRED, SIGNER)), revocation=NO_STATUS)
    )
    assert _codes(technical) == ["time.certificate-out-of-bounds"]
    assert _codes(technical, Layer.CHAIN) == []
    assert (technical.indication, technical.sub_indication) == ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE")


def test_expired_with_proof_passes() -> None:
    known = knowledge(certificates=swap(EXPIRED, SIGNER))
    assert _judge(token(), known=known, revocation=NO_STATUS).passed


def test_proven_after_expiry_is_a_matter_of_the_chain() -> None:
    late = token(time=SIGNED + timedelta(hours=2))
    technical = _judge(late, known=knowledge(certificates=swap(EXPIRED, SIGNER)), revocation=NO_STATUS)
    assert _codes(technical, Layer.CHAIN) == ["chain.expired"]
    assert _codes(technical) == []
    assert (technical.indication, technical.sub_indication) == ("TOTAL_FAILED", "EXPIRED")


def test_proven_before_validity() -> None:
    young = replace(SIGNER, not_before=SIGNED + timedelta(hours=1))
    technical = _judge(token(), known=knowledge(certificates=swap(young, SIGNER)), revocation=NO_STATUS)
    assert (technical.indication, technical.sub_indication) == ("TOTAL_FAILED", "NOT_YET_VALID")


def test_not_yet_valid_without_proof() -> None:
    young = replace(SIGNER, not_before=AT + timedelta(days=1))
    known = knowledge(certificates=swap(young, SIGNER))
    technical = judge_signature(facts(), signature(), context(known=known, revocation=NO_STATUS))
    assert _codes(technical) == ["time.certificate-not-yet-valid"]


# --- tokens over time


LONG = datetime(2029, 1, 1, tzinfo=AT.tzinfo)
"""After SIGNER and TSA have expired."""


def test_a_token_dies_with_its_authority_unless_an_archive_token_follows() -> None:
    """LTA-03: each time-stamp must be taken over by the next before its certificate ends."""
    late_tsa = replace(TSA, id=oid("tsa2"), not_before=day("2027-01-01"), not_after=day("2034-01-01"))
    known = knowledge(
        certificates=(*CERTIFICATES, late_tsa), edges=(*EDGES, *STATUS_EDGES, signed(late_tsa, CA)), evidence=()
    )
    first = token()
    assert not _judge(first, known=known, at=LONG, revocation=NO_STATUS).proven
    bound = (Binding(how="signing-certificate-v2", certificate=late_tsa.id, digest_ok=True),)
    archive = token("archive", kind="archive", time=day("2027-06-01"), bound_by=bound, covers=("s0", first.id))
    technical = _judge(first, archive, known=known, at=LONG, revocation=NO_STATUS)
    assert (technical.best_time, technical.passed) == (SIGNED, True)
    too_late = replace(archive, time=day("2028-06-01"))
    technical = _judge(first, too_late, known=known, at=LONG, revocation=NO_STATUS)
    assert technical.best_time == day("2028-06-01")
    assert _codes(technical, Layer.CHAIN) == ["chain.expired"]


def test_an_algorithm_of_the_token_that_ended_is_saved_by_a_later_token() -> None:
    ended = replace(SUITE, entries=(*SUITE.entries, SuiteEntry(kind="digest", name="sha384", end=day("2026-06-01"))))
    own = context().rules.algorithms
    own = replace(own, digests=(*own.digests, "sha384"))
    first = token(imprint=Imprint(digest="sha384", ok=True))
    at = day("2026-07-01")
    options: dict[str, Any] = {"suite": ended, "algorithms": own, "revocation": NO_STATUS, "at": at}
    assert not _judge(first, **options).proven
    archive = token("archive", kind="archive", time=day("2026-05-01"), covers=("s0", first.id))
    assert _judge(first, archive, **options).best_time == SIGNED
    assert _judge(first, replace(archive, time=day("2026-06-15")), **options).best_time == day("2026-06-15")


def _tsa_revoked(date: datetime, reason: str | None) -> Knowledge:
    listed = crl(
        "tsa-crl",
        CA,
        day("2026-03-01") + timedelta(hours=12),
        day("2026-03-08"),
        revoked=(revocation(TSA, date, reason),),
    )
    return knowledge(
        edges=(*EDGES, *STATUS_EDGES, signed(listed, CA), answers(listed, TSA)),
        crls=(*CRLS, listed),
        evidence=(*EVIDENCE, Evidence(object=listed.id, service="p/crl/tsa", at=listed.this_update)),
    )


@pytest.mark.parametrize(
    ("offset", "reason", "proven"),
    [
        (-1, "superseded", False),
        (1, "superseded", True),
        (1, "cessationOfOperation", True),
        (1, "keyCompromise", False),
        (1, None, False),
        (-1, "keyCompromise", False),
    ],
)
def test_revoked_authority(offset: int, reason: str | None, proven: bool) -> None:
    """TSP-05; RFC 3161 section 4 (1)"""
    known = _tsa_revoked(SIGNED + timedelta(hours=offset), reason)
    assert _judge(token(), known=known).proven is proven


def test_a_missing_status_of_the_authority_takes_nothing() -> None:
    known = knowledge(
        edges=(*EDGES, signed(ROOT_CRL, ROOT), signed(CA_CRL, CA), answers(ROOT_CRL, CA), answers(CA_CRL, SIGNER))
    )
    assert _judge(token(), known=known).proven


def test_the_ladder_is_complete_and_in_order() -> None:
    technical = _judge(token())
    assert tuple(result.layer for result in technical.layers) == TECHNICAL
    assert all(result.state is LayerState.PASS for result in technical.layers)
    assert technical.provider == HOME.anchors[ROOT.id]
