"""The time-stamping authority by request (RFC 3161 sections 2.4 and 3.4), qualified tokens, and tokens with one thing wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interop.cms.token import observe_token
from interop.crypto.digests import digest_bytes
from interop.model.profile import Provider
from interop.pki.defect import TokenDefect, token_defect
from interop.pki.issue import Issued, issue
from interop.pki.keystore import KeyStore
from interop.pki.tsa import QUALIFIED_TOKEN, Stamp, timestamp
from interop.pki.tsa_request import parse_stamp_request, stamp_request, stamp_response
from interop.x509 import ber, der
from interop.x509.certificate import object_id, parse_certificate

Make = Callable[..., Provider]
AT = datetime(2026, 3, 1, 0, 0, 5, tzinfo=UTC)
DATA = b"a signature value"
FAILURES = {
    0: "badAlg",
    2: "badRequest",
    5: "badDataFormat",
    14: "timeNotAvailable",
    15: "unacceptedPolicy",
    16: "unacceptedExtension",
}


@pytest.fixture(scope="module")
def issued(make: Make, keys: KeyStore) -> Issued:
    plain = make("EC")
    return issue(replace(plain, services=replace(plain.services, tsa_policies=("2.999.77",))), keys)


def answer(response: bytes) -> tuple[str, bytes]:
    """(granted or the failure, token)."""
    status, *rest = ber.read(response).items("TimeStampResp")
    fields = status.items("PKIStatusInfo")
    if fields[0].integer() == 0:
        return "granted", rest[0].raw
    assert (fields[0].integer(), rest) == (2, [])
    (bit,) = fields[2].flags()
    return FAILURES[bit], b""


def stamp(**changes: object) -> Stamp:
    digest = str(changes.get("digest", "sha256"))
    values: dict[str, object] = {"digest": digest, "imprint": digest_bytes(digest, DATA), **changes}
    return Stamp(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512", "sha3-256", "sm3"])
def test_a_request_is_granted(make: Make, keys: KeyStore, kind: str, digest: str) -> None:
    issued = issue(make(kind), keys)
    status, made = answer(stamp_response(issued, stamp_request(stamp(digest=digest, nonce=2**63)), AT))
    assert status == "granted"
    seen = observe_token(made, kind="signature", stands_on=DATA).facts
    assert (seen.time, seen.imprint.digest, seen.imprint.ok, seen.value_ok) == (AT, digest, True, True)
    assert der.integer(2**63) in made


def test_the_token_carries_certificates_only_where_asked(issued: Issued) -> None:
    """Section 2.4.1: certReq."""
    certificate = issued.certificates["tsa"]
    for wanted in (True, False):
        _, made = answer(stamp_response(issued, stamp_request(stamp(certificates=wanted)), AT))
        assert (certificate in made) is wanted


def test_policies(issued: Issued) -> None:
    for policy in (None, "2.999.1", "2.999.77"):
        _, made = answer(stamp_response(issued, stamp_request(stamp(policy=policy)), AT))
        assert observe_token(made, kind="signature", stands_on=DATA).facts.policy == (policy or "2.999.1")
    assert answer(stamp_response(issued, stamp_request(stamp(policy="2.999.78")), AT))[0] == "unacceptedPolicy"


def test_different_requests_have_different_serial_numbers(issued: Issued) -> None:
    requests = [stamp(), stamp(nonce=1), stamp(nonce=2), stamp(policy="2.999.77")]
    tokens = [answer(stamp_response(issued, stamp_request(one), AT))[1] for one in requests]
    assert len({observe_token(made, kind="signature").facts.serial for made in tokens}) == len(requests)


def test_rejections(issued: Issued) -> None:
    sound = stamp_request(stamp())
    version = der.seq(der.integer(2), *(node.raw for node in ber.read(sound).children()[1:]))
    extension = der.seq(
        *(node.raw for node in ber.read(sound).children()),
        der.explicit(0, der.seq(der.oid("2.999.1"), der.octet_string(b""))),
    )
    cases = {
        b"": "badDataFormat",
        sound + b"\0": "badDataFormat",
        stamp_request(stamp(imprint=b"short")): "badDataFormat",
        stamp_request(stamp(digest="sha1")): "badAlg",
        stamp_request(stamp(digest="md5")): "badAlg",
        version: "badRequest",
        extension: "unacceptedExtension",
    }
    assert {data: answer(stamp_response(issued, data, AT))[0] for data in cases} == cases
    late = datetime(2040, 1, 1, tzinfo=UTC)
    assert answer(stamp_response(issued, sound, late))[0] == "timeNotAvailable"


@given(st.binary(max_size=80))
def test_any_octets_get_an_answer(issued: Issued, data: bytes) -> None:
    assert answer(stamp_response(issued, data, AT))[0] != "granted"


@given(st.one_of(st.none(), st.integers(0, 2**128)), st.booleans(), st.sampled_from(["sha256", "sm3"]))
def test_what_is_written_is_read(nonce: int | None, certificates: bool, digest: str) -> None:
    asked = stamp(nonce=nonce, certificates=certificates, digest=digest)
    assert parse_stamp_request(stamp_request(asked)) == asked


def test_a_qualified_token_says_so(make: Make, keys: KeyStore) -> None:
    """EN 319 422 clause 9.1: qcStatements with esi4-qtstStatement-1, not critical."""
    plain = make("RSA")
    issued = issue(replace(plain, services=replace(plain.services, tsa_qualified=True, tsa_name=True)), keys)
    made = timestamp(issued, None, DATA, AT)
    statement = der.seq(der.oid("1.3.6.1.5.5.7.1.3"), der.octet_string(der.seq(der.seq(der.oid(QUALIFIED_TOKEN)))))
    assert statement in made
    seen = observe_token(made, kind="signature", stands_on=DATA).facts
    assert (seen.value_ok, seen.imprint.ok, seen.findings) == (True, True, ())
    assert statement not in timestamp(issue(plain, keys), None, DATA, AT)


def test_each_defect_is_one_thing(make: Make, keys: KeyStore, kind: str) -> None:
    issued = issue(make(kind), keys)
    sound = observe_token(timestamp(issued, None, DATA, AT), kind="signature", stands_on=DATA).facts
    own = object_id(issued.certificates["tsa"])
    for defect in TokenDefect:
        made = timestamp(issued, None, DATA, AT, defect=defect)
        observed = observe_token(made, kind="signature", stands_on=DATA)
        seen = observed.facts
        assert seen.imprint.ok is (defect is not TokenDefect.OTHER_DATA)
        assert seen.value_ok is (defect not in (TokenDefect.WRONG_CERTIFICATE, TokenDefect.BAD_SIGNATURE))
        wanted = ["time.tsa-name-differs"] if defect is TokenDefect.OTHER_NAME else []
        assert [finding.code for finding in seen.findings] == wanted
        shift = {TokenDefect.EARLY: -timedelta(days=1), TokenDefect.LATE: timedelta(days=1)}.get(defect, timedelta())
        assert seen.time == AT + shift
        accuracy = {TokenDefect.NO_ACCURACY: None, TokenDefect.COARSE: 86_400_000}.get(defect, sound.accuracy_ms)
        assert seen.accuracy_ms == accuracy
        ways = [binding.how for binding in seen.bound_by]
        assert ("signing-certificate-v2" in ways) is (defect is not TokenDefect.NO_CERTIFICATE)
        certificate = parse_certificate(observed.evidence.objects[seen.certificates[0]][1])
        changed = defect in (TokenDefect.NO_EKU, TokenDefect.UNCRITICAL_EKU, TokenDefect.EXTRA_EKU, TokenDefect.EXPIRED)
        assert (certificate.id != own) is changed
        purposes = certificate.extended_key_usage or ()
        assert len(purposes) == {TokenDefect.NO_EKU: 0, TokenDefect.EXTRA_EKU: 2}.get(defect, 1)
        critical = dict(certificate.extensions).get("2.5.29.37", False)
        assert critical is (defect not in (TokenDefect.NO_EKU, TokenDefect.UNCRITICAL_EKU))
        assert (certificate.not_after < AT) is (defect is TokenDefect.EXPIRED)


def test_defects_go_by_name() -> None:
    assert token_defect("other-data") is TokenDefect.OTHER_DATA
    with pytest.raises(Exception, match="did you mean 'other-data'"):
        token_defect("other-dta")
