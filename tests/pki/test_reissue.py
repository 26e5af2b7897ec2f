"""For how long services go on saying the same: `Published.since` and `until`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interop.model.profile import Provider, Services, StatusEvent
from interop.pki.issue import Issued, issue
from interop.pki.keystore import KeyStore
from interop.pki.status import Published, publish
from interop.x509.crl import parse_crl
from interop.x509.ocsp import parse_ocsp

START, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC)
"""Validity of the issuing CA, its signer and its responder (conftest)."""
SUSPENDED, RESUMED = datetime(2026, 3, 10, 10, tzinfo=UTC), datetime(2026, 3, 12, 10, tzinfo=UTC)
REVOKED = datetime(2026, 3, 20, tzinfo=UTC)
BRIEF = datetime(2026, 4, 1, 6, tzinfo=UTC)
EVENTS = (
    StatusEvent(certificate="signer", at=SUSPENDED, status="suspended"),
    StatusEvent(certificate="signer", at=RESUMED, status="resumed"),
    StatusEvent(certificate="tsa", at=REVOKED, status="revoked", reason="keyCompromise"),
    StatusEvent(certificate="tsa", at=REVOKED + timedelta(days=1), status="revoked", reason="superseded"),
    StatusEvent(certificate="signer", at=BRIEF, status="suspended"),
    StatusEvent(certificate="signer", at=BRIEF + timedelta(hours=1), status="resumed"),
)


@pytest.fixture(scope="module")
def issued(make: Callable[..., Provider], keys: KeyStore) -> Issued:
    services = Services(tsa="tsa", events=EVENTS, origin="stand-in")
    return issue(make("EC", services=services), keys)


def _answer(issued: Issued, at: datetime, service: str, certificate: str | None = None) -> Published | None:
    found = [a for a in publish(issued, at) if a.service.endswith(service) and a.certificate == certificate]
    return found[0] if found else None


def _window(issued: Issued, at: datetime, service: str, certificate: str | None = None) -> tuple[object, object]:
    answer = _answer(issued, at, service, certificate)
    assert answer is not None
    return answer.since, answer.until


def test_an_ocsp_answer_stands_from_event_to_event(issued: Issued) -> None:
    def about(certificate: str, at: datetime) -> tuple[object, object]:
        return _window(issued, at, "ocsp/issuing", certificate)

    before_end = END + timedelta(seconds=1)  # notAfter is the last second of the CA and its responder
    assert about("signer", SUSPENDED - timedelta(seconds=1)) == (START, SUSPENDED)
    assert about("signer", SUSPENDED) == (SUSPENDED, RESUMED)
    assert about("signer", REVOKED) == (RESUMED, BRIEF)
    assert about("tsa", SUSPENDED) == (START, REVOKED)
    assert about("tsa", BRIEF) == (REVOKED, before_end)  # revoked once is revoked


def test_a_crl_stands_until_one_is_issued_with_other_entries(issued: Issued) -> None:
    day = timedelta(days=1)
    midnight = datetime(2026, 3, 11, tzinfo=UTC)  # the first CRL after the suspension
    assert _window(issued, SUSPENDED, "crl/issuing") == (START, midnight)
    assert _window(issued, midnight, "crl/issuing") == (midnight, midnight + 2 * day)
    assert _window(issued, RESUMED, "crl/issuing") == (midnight, midnight + 2 * day)
    # the second revocation changes nothing, nor does a suspension between two CRLs; an event at the very time of issue is known
    assert _window(issued, BRIEF, "crl/issuing") == (REVOKED, END + timedelta(seconds=1))


def test_after_the_end_the_last_crl_is_not_reissued(issued: Issued) -> None:
    after = END + timedelta(seconds=1)
    last = _answer(issued, END, "crl/issuing")
    assert last is not None
    stale = parse_crl(last.der).next_update
    assert stale is not None
    assert _window(issued, after, "crl/issuing") == (after, stale)
    assert _window(issued, stale, "crl/issuing") == (None, None)
    assert _answer(issued, after, "ocsp/issuing", "signer") is None


def _content(answer: Published) -> tuple[object, ...]:
    if answer.kind == "crl":
        crl = parse_crl(answer.der)
        return crl.issuer, crl.revoked, crl.authority_key_id
    ocsp = parse_ocsp(answer.der)
    states = tuple((s.serial, s.status, s.revoked_at, s.reason) for s in ocsp.responses)
    return ocsp.responder_key_hash, ocsp.responder_name, ocsp.certificates, states


hours = st.integers(0, 60 * 24).map(lambda n: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=n))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=hours, other=hours)
def test_over_its_window_an_answer_has_the_same_content(issued: Issued, at: datetime, other: datetime) -> None:
    """And at every time it is in its thisUpdate and nextUpdate."""
    for answer in publish(issued, at):
        assert answer.since is not None
        assert answer.until is not None
        assert answer.since <= at < answer.until
        if not answer.since <= other < answer.until:
            continue
        again = [
            a for a in publish(issued, other) if (a.service, a.certificate) == (answer.service, answer.certificate)
        ]
        assert [_content(a) for a in again] == [_content(answer)]
        read = parse_crl(again[0].der) if again[0].kind == "crl" else parse_ocsp(again[0].der).responses[0]
        assert read.next_update is not None
        assert read.this_update <= other < read.next_update
        assert (again[0].since, again[0].until) == (answer.since, answer.until)
