"""Status answers from after the end of a certificate, grace periods, responders that ended (EN 319 102-1 sections 5.2.5 and 5.2.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from build import (
    AT,
    CA,
    CERTIFICATES,
    EDGES,
    RESPONDER,
    SIGNED,
    SIGNER,
    answers,
    authority,
    context,
    crl,
    day,
    facts,
    knowledge,
    names_responder,
    ocsp,
    signature,
    signed,
    token,
)

from interop.model.certificate import Certificate
from interop.model.knowledge import Evidence, Knowledge
from interop.model.layers import TECHNICAL, Layer
from interop.model.rules import RevocationRules
from interop.model.status import Crl, OcspResponse
from interop.model.verdict import Home, Path, Technical
from interop.validation.lookup import Lookup
from interop.validation.moment import Moment
from interop.validation.path_status import path_status
from interop.validation.revocation import StatusSources
from interop.validation.technical import judge_signature

HOUR = timedelta(hours=1)
HOME = Home(anchors={CA.id: "p"})
"""The CA as anchor: only the signer's status is asked."""
ENDED = replace(SIGNER, not_after=day("2026-02-15"))


def _known(*statuses: Crl | OcspResponse, signer: Certificate = SIGNER) -> Knowledge:
    """Answers about the signer, in files alone."""
    by = {status.id: RESPONDER if isinstance(status, OcspResponse) else CA for status in statuses}
    return knowledge(
        certificates=tuple(signer if c.id == signer.id else c for c in CERTIFICATES),
        edges=(
            *EDGES,
            *(signed(status, by[status.id]) for status in statuses),
            *(names_responder(status, RESPONDER) for status in statuses if isinstance(status, OcspResponse)),
            *(answers(status, SIGNER) for status in statuses),
        ),
        crls=[status for status in statuses if isinstance(status, Crl)],
        ocsps=[status for status in statuses if isinstance(status, OcspResponse)],
        evidence=(),
    )


def _judge(
    *statuses: Crl | OcspResponse,
    signer: Certificate = SIGNER,
    stamped: datetime | None = None,
    at: datetime = AT,
    rules: RevocationRules = RevocationRules(),  # noqa: B008 - a frozen value
) -> Technical:
    tokens = () if stamped is None else (token(time=stamped),)
    made = signature(level="B-LT" if tokens else "B-B", tokens=tuple(t.id for t in tokens), claimed_time=None)
    seen = facts(made, tokens=tokens, in_file=statuses)
    asked = context(known=_known(*statuses, signer=signer), home=HOME, at=at, revocation=rules)
    return judge_signature(seen, made, asked)


def _codes(technical: Technical, layer: Layer = Layer.REVOCATION) -> list[str]:
    return [cause.code for cause in technical.layers[TECHNICAL.index(layer)].causes]


def _cutoff(answer: OcspResponse, since: str | None) -> OcspResponse:
    (single,) = answer.responses
    return replace(answer, responses=(replace(single, archive_cutoff=None if since is None else day(since)),))


# --- after the end of the certificate


@pytest.mark.parametrize(
    ("since", "sub"),
    [
        (None, "OUT_OF_BOUNDS_NO_POE"),
        ("2026-02-15", "OUT_OF_BOUNDS_NOT_REVOKED"),  # RFC 6960 4.4.4: the cutoff itself is covered
        ("2026-01-01", "OUT_OF_BOUNDS_NOT_REVOKED"),
        ("2026-02-16", "OUT_OF_BOUNDS_NO_POE"),
    ],
)
def test_an_answer_from_after_the_end(since: str | None, sub: str) -> None:
    """OCS-09: a good answer says something only where the responder still knows the certificate; then proof alone is missing."""
    answer = _cutoff(ocsp("o", SIGNER, day("2026-03-01"), day("2026-03-03")), since)
    listing = crl("c", CA, day("2026-03-01"), day("2026-03-08"), expired_since=None if since is None else day(since))
    for status in (answer, listing):
        without = _judge(status, signer=ENDED)
        assert without.sub_indication == sub
        assert _codes(without) == ([] if sub.endswith("NOT_REVOKED") else ["revocation.issued-after-expiry"])
        proven = _judge(status, signer=ENDED, stamped=day("2026-02-01"))
        assert proven.passed is sub.endswith("NOT_REVOKED"), "a proven time needs an answer that covers the certificate"


def test_what_was_good_when_the_certificate_ended_stays_so() -> None:
    """Nothing is revoked any more that has ended: the answer need not be fresh a year later."""
    answer = _cutoff(ocsp("o", SIGNER, day("2026-03-01"), day("2026-03-03")), "2026-01-01")
    assert _judge(answer, signer=ENDED, at=day("2027-03-01")).sub_indication == "OUT_OF_BOUNDS_NOT_REVOKED"
    living = _judge(_cutoff(answer, "2026-01-01"), at=day("2027-03-01"))
    assert _codes(living) == ["revocation.not-fresh"], "one that lives on can be revoked any day"


def test_an_answer_from_before_the_end_does_not_say_what_was_at_the_end() -> None:
    answer = _cutoff(ocsp("o", SIGNER, day("2026-02-14"), day("2026-04-01")), "2026-01-01")
    technical = _judge(answer, signer=ENDED)
    assert (_codes(technical), technical.sub_indication) == ([], "OUT_OF_BOUNDS_NO_POE")


@pytest.mark.parametrize("days", [1, 20, 29, 30, 31, 60])
def test_the_cutoff_moves_with_every_reissue(days: int) -> None:
    """RFC 6960 section 4.4.4: the cutoff is producedAt less what the responder keeps, here 30 days; it answers again every day."""
    first = _cutoff(ocsp("o", SIGNER, day("2026-02-01"), day("2026-02-02")), "2026-01-02")
    given = Evidence(object=first.id, service="p/ocsp/ca", at=day("2026-02-01"), since=day("2026-01-01"))
    known = replace(_known(first, signer=ENDED), evidence=(given,))
    at = ENDED.not_after + timedelta(days=days)
    technical = judge_signature(facts(), signature(), context(known=known, home=HOME, at=at))
    assert (technical.sub_indication == "OUT_OF_BOUNDS_NOT_REVOKED") is (days <= 30)
    assert at in technical.holds
    again = judge_signature(
        facts(), signature(), context(known=known, home=HOME, at=technical.holds.end or at + timedelta(days=400))
    )
    assert technical.holds.end is None or again.layers != technical.layers or again.holds != technical.holds


# --- grace


@pytest.mark.parametrize(
    ("issued", "grace", "code"),
    [
        (SIGNED + HOUR, None, None),
        (SIGNED + HOUR, 7200, "revocation.grace-period"),
        (SIGNED + 2 * HOUR, 7200, "revocation.grace-period"),  # later than, not at
        (SIGNED + 3 * HOUR, 7200, None),
        (SIGNED - HOUR, 7200, "revocation.grace-period"),
    ],
)
def test_grace_period(issued: datetime, grace: int | None, code: str | None) -> None:
    answer = ocsp("o", SIGNER, issued, issued + 24 * HOUR)
    technical = _judge(answer, stamped=SIGNED, rules=RevocationRules(grace_seconds=grace))
    assert _codes(technical) == ([] if code is None else [code])
    assert technical.sub_indication == (None if code is None else "TRY_LATER")


def test_a_later_answer_ends_the_grace_period() -> None:
    early = ocsp("early", SIGNER, SIGNED, SIGNED + 24 * HOUR)
    late = ocsp("late", SIGNER, SIGNED + 3 * HOUR, SIGNED + 24 * HOUR)
    assert _judge(early, late, stamped=SIGNED, rules=RevocationRules(grace_seconds=7200)).passed


def test_grace_asks_nothing_without_a_proven_time() -> None:
    answer = ocsp("o", SIGNER, AT - HOUR, AT + HOUR)
    assert _judge(answer, rules=RevocationRules(grace_seconds=7200)).passed


def test_grace_does_not_delay_a_revocation() -> None:
    (single,) = ocsp("o", SIGNER, SIGNED, SIGNED + 24 * HOUR).responses
    bad = replace(
        ocsp("o", SIGNER, SIGNED, SIGNED + 24 * HOUR),
        responses=(replace(single, status="revoked", revoked_at=SIGNED - HOUR),),
    )
    assert _judge(bad, stamped=SIGNED, rules=RevocationRules(grace_seconds=7200)).sub_indication == "REVOKED"


# --- who answered has ended


INDIRECT = authority("crl-issuer", "ca", ca=None, key_usage=frozenset({"cRLSign"}))


def _indirect(not_after: str, existed: datetime | None = None) -> list[str]:
    issuer = replace(INDIRECT, not_after=day(not_after))
    named = replace(SIGNER, crl_issuers=(issuer.subject.normal,))
    listing = crl("indirect", issuer, day("2026-03-01"), day("2026-03-08"), indirect=True)
    own = crl("own", CA, day("2026-03-01"), day("2026-03-08"))
    certificates: Iterable[Certificate] = (*(named if c.id == SIGNER.id else c for c in CERTIFICATES), issuer)
    known = knowledge(
        certificates=certificates,
        edges=(
            *EDGES,
            signed(issuer, CA),
            signed(listing, issuer),
            signed(own, CA),
            answers(listing, SIGNER),
            answers(own, issuer),
        ),
        crls=(listing, own),
        evidence=(),
    )
    sources = StatusSources(
        in_file=frozenset({listing.id, own.id}), existed={} if existed is None else {listing.id: existed}
    )
    path = Path(certificates=(SIGNER.id, CA.id))
    return [cause.code for cause in path_status(Lookup(known), path, sources, Moment(AT))]


def test_a_crl_issuer_that_has_ended_counts_for_what_is_proven_older() -> None:
    """REVOCATION_OUT_OF_BOUNDS_NO_POE, and how it is cured (OCS-03 for CRLs)."""
    assert _indirect("2028-01-01") == []
    assert _indirect("2026-03-01") == ["revocation.responder-out-of-bounds"]
    assert _indirect("2026-03-01", day("2026-03-01")) == []
    assert _indirect("2026-03-01", AT) == ["revocation.responder-out-of-bounds"]
