"""Status answers that are known to be reissued with the same content: how far what they say reaches, and where it stops."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from build import (
    CA,
    CERTIFICATES,
    EDGES,
    SIGNER,
    answers,
    crl,
    day,
    knowledge,
    names_responder,
    ocsp,
    revocation,
    signed,
)

from interop.model.certificate import Certificate
from interop.model.instant import Interval
from interop.model.knowledge import Evidence
from interop.model.rules import RevocationRules
from interop.model.status import Crl, OcspResponse
from interop.model.verdict import Path
from interop.validation.lookup import Lookup
from interop.validation.moment import TICK, Moment
from interop.validation.path_status import path_status
from interop.validation.revocation import StatusSources

SINCE, UNTIL = day("2026-02-20"), day("2026-03-25")
GOOD = crl("crl", CA, day("2026-03-04"), day("2026-03-08"))
AT = day("2026-03-04") + timedelta(hours=12)
"""When the CRL was had."""


def _given(status: Crl | OcspResponse, at: datetime = AT, since: datetime = SINCE, until: datetime = UNTIL) -> Evidence:
    service = "p/crl/ca" if isinstance(status, Crl) else "p/ocsp/ca"
    return Evidence(object=status.id, service=service, at=at, since=since, until=until)


def _ask(
    *statuses: Crl | OcspResponse,
    at: datetime = AT,
    evidence: tuple[Evidence, ...],
    rules: RevocationRules | None = None,
    proof: datetime | None = None,
    signer: Certificate = SIGNER,
    in_file: tuple[Crl, ...] = (),
) -> tuple[list[str], Interval]:
    certificates = tuple(signer if c.id == signer.id else c for c in CERTIFICATES)
    named = [names_responder(s, CA) for s in statuses if isinstance(s, OcspResponse)]
    known = knowledge(
        certificates=certificates,
        edges=(*EDGES, *named, *(signed(s, CA) for s in statuses), *(answers(s, SIGNER) for s in statuses)),
        crls=[s for s in statuses if isinstance(s, Crl)],
        ocsps=[s for s in statuses if isinstance(s, OcspResponse)],
        evidence=evidence,
    )
    moment = Moment(at)
    sources = StatusSources(in_file=frozenset(c.id for c in in_file), rules=rules or RevocationRules(), proof=proof)
    causes = path_status(Lookup(known), Path(certificates=(SIGNER.id, CA.id)), sources, moment)
    return [cause.code for cause in causes], moment.holds


@pytest.mark.parametrize("at", [SINCE, day("2026-03-01"), AT, day("2026-03-20"), UNTIL - TICK])
def test_it_counts_as_given_at_the_time_asked(at: datetime) -> None:
    """Before its own thisUpdate and after its nextUpdate too: then another of the same content was or will be out."""
    assert _ask(GOOD, at=at, evidence=(_given(GOOD),)) == ([], Interval(SINCE, UNTIL))


def test_outside_the_dates_in_it_count() -> None:
    assert _ask(GOOD, at=UNTIL, evidence=(_given(GOOD),))[0] == ["revocation.not-fresh"]
    assert _ask(GOOD, at=SINCE - TICK, evidence=(_given(GOOD),))[0] == ["revocation.no-evidence"]


def test_nothing_is_joined_where_the_service_is_not_known() -> None:
    """The file has a good answer that is fresh throughout, but what the service would say after `until` could be a revocation."""
    filed = crl("filed", CA, day("2026-02-01"), day("2026-06-01"))
    codes, holds = _ask(GOOD, filed, evidence=(_given(GOOD),), in_file=(filed,))
    assert (codes, holds) == ([], Interval(SINCE, UNTIL))


def test_windows_that_meet_with_equal_answers_are_one_span() -> None:
    later = crl("later", CA, UNTIL, UNTIL + timedelta(days=4))
    end = day("2026-05-01")
    evidence = (_given(GOOD), _given(later, at=UNTIL, since=UNTIL, until=end))
    assert _ask(GOOD, later, evidence=evidence) == ([], Interval(SINCE, end))


def test_a_maximum_age_that_the_schedule_keeps_changes_nothing() -> None:
    rules = RevocationRules(max_age_seconds=4 * 86400)
    assert _ask(GOOD, evidence=(_given(GOOD),), rules=rules) == ([], Interval(SINCE, UNTIL))


def test_a_shorter_maximum_age_counts_from_the_answer_at_hand() -> None:
    """How often it is reissued is not known: what comes later is only fresher, but when it comes nobody says."""
    rules = RevocationRules(max_age_seconds=86400)
    assert _ask(GOOD, evidence=(_given(GOOD),), rules=rules) == ([], Interval(day("2026-03-04"), day("2026-03-05")))
    stale_at = day("2026-03-06")
    codes, holds = _ask(GOOD, at=stale_at, evidence=(_given(GOOD, at=stale_at),), rules=rules)
    assert (codes, holds) == (["revocation.not-fresh"], Interval(day("2026-03-05"), stale_at + TICK))


def test_with_a_proven_time_what_is_given_later_is_fresh() -> None:
    proof = day("2026-03-01")
    assert _ask(GOOD, evidence=(_given(GOOD),), proof=proof) == ([], Interval(proof, UNTIL))


def test_after_the_certificate_ended_it_depends_on_when_it_was_issued() -> None:
    end = day("2026-03-02")
    ended = replace(SIGNER, not_after=end)
    codes, holds = _ask(GOOD, evidence=(_given(GOOD),), signer=ended)
    # issued after the end, and so is everything later; of what was given between the end and this one nobody knows
    assert (codes, holds) == (["revocation.issued-after-expiry"], Interval(day("2026-03-04"), UNTIL))
    codes, holds = _ask(GOOD, at=day("2026-03-01"), evidence=(_given(GOOD),), signer=ended)
    assert (codes, holds) == ([], Interval(SINCE, end + TICK))


def test_the_last_answer_before_the_end_stands_while_it_is_had() -> None:
    ended = replace(SIGNER, not_after=day("2026-03-04") + timedelta(hours=6))
    assert _ask(GOOD, evidence=(_given(GOOD),), signer=ended) == ([], Interval(SINCE, AT + TICK))


def test_suspended_by_the_one_and_good_by_the_other_is_known_for_the_instant() -> None:
    """Which is the later is read from the dates at hand; reissues would have others."""
    held = crl(
        "held", CA, day("2026-03-04"), day("2026-03-08"), revoked=(revocation(SIGNER, SINCE, "certificateHold"),)
    )
    again = ocsp("again", SIGNER, AT, AT + timedelta(days=1))
    codes, holds = _ask(held, again, evidence=(_given(held), _given(again)))
    assert (codes, holds) == ([], Interval(AT, AT + TICK))


def test_a_service_that_is_silent_may_speak_once_the_certificate_begins() -> None:
    """Nothing is known of any service: the result is not stated for times at which one could have begun or ended."""
    codes, holds = _ask(at=day("2019-01-01"), evidence=())
    assert codes == ["revocation.no-evidence"]
    assert holds.end is not None
    assert holds.end <= SIGNER.not_before
