"""OCSP by request (RFC 6960, nonces by RFC 9654), and answers with one thing wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as pyca_ocsp
from hypothesis import given
from hypothesis import strategies as st
from status_lab import ask

from interop.model.errors import UsageError
from interop.model.profile import Provider, StatusEvent
from interop.pki.defect import OcspDefect
from interop.pki.evidence import path_evidence
from interop.pki.issue import Issued, issue
from interop.pki.keystore import KeyStore
from interop.pki.ocsp import certificate_id, ocsp
from interop.pki.ocsp_request import MOST_ASKED, ocsp_answer, ocsp_request, parse_ocsp_request
from interop.pki.status import publish
from interop.x509.certificate import certificate_parts
from interop.x509.ocsp import parse_ocsp

Make = Callable[..., Provider]
AT = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)
STATUS = pyca_ocsp.OCSPResponseStatus
CERTIFICATE = pyca_ocsp.OCSPCertStatus


@pytest.fixture(scope="module")
def issued(make: Make, keys: KeyStore) -> Issued:
    plain = make("EC")
    events = (StatusEvent(certificate="tsa", at=AT - timedelta(days=1), status="revoked", reason="superseded"),)
    return issue(replace(plain, services=replace(plain.services, events=events)), keys)


def loaded(issued: Issued, name: str) -> pyca.Certificate:
    return pyca.load_der_x509_certificate(issued.certificates[name])


def question(issued: Issued, name: str, *, digest: hashes.HashAlgorithm, nonce: bytes | None = None) -> bytes:
    """As the cryptography package writes it."""
    builder = pyca_ocsp.OCSPRequestBuilder().add_certificate(loaded(issued, name), loaded(issued, "issuing"), digest)
    if nonce is not None:
        builder = builder.add_extension(pyca.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(Encoding.DER)


def serial(issued: Issued, name: str) -> int:
    return certificate_parts(issued.certificates[name]).serial


SHA1 = hashes.SHA1()  # noqa: S303 - the digest of CertID that everybody uses


@pytest.mark.parametrize("digest", [SHA1, hashes.SHA256()], ids=["sha1", "sha256"])
@pytest.mark.parametrize(("name", "wanted"), [("signer", CERTIFICATE.GOOD), ("tsa", CERTIFICATE.REVOKED)])
def test_an_answer_is_about_what_was_asked(
    *, issued: Issued, digest: hashes.HashAlgorithm, name: str, wanted: CERTIFICATE
) -> None:
    nonce = bytes(range(32))
    answer = pyca_ocsp.load_der_ocsp_response(
        ocsp_answer(issued, question(issued, name, digest=digest, nonce=nonce), AT)
    )
    assert answer.response_status is STATUS.SUCCESSFUL
    assert (answer.certificate_status, answer.serial_number) == (wanted, serial(issued, name))
    assert answer.hash_algorithm.name == digest.name
    assert answer.extensions.get_extension_for_class(pyca.OCSPNonce).value.nonce == nonce


def test_without_a_nonce_the_answer_is_the_one_that_is_published(issued: Issued) -> None:
    asked = question(issued, "signer", digest=SHA1)
    (published,) = [a for a in publish(issued, AT) if a.certificate == "signer"]
    assert ocsp_answer(issued, asked, AT) == published.der == ocsp(issued, "signer", AT)


def test_several_certificates_in_one_request(issued: Issued) -> None:
    ca = issued.spec("issuing")
    ids = [certificate_id(issued, ca, n, "sha256") for n in (serial(issued, "signer"), serial(issued, "tsa"), 4711)]
    read = parse_ocsp(ocsp_answer(issued, ocsp_request(ids), AT))
    assert [(single.serial, single.status) for single in read.responses] == [
        (serial(issued, "signer"), "good"), (serial(issued, "tsa"), "revoked"), (4711, "unknown"),
    ]  # fmt: skip
    assert {single.hash_algorithm for single in read.responses} == {"sha256"}


def status_of(answer: bytes) -> pyca_ocsp.OCSPResponseStatus:
    return pyca_ocsp.load_der_ocsp_response(answer).response_status


def test_errors(issued: Issued) -> None:
    ca = issued.spec("issuing")
    own = certificate_id(issued, ca, serial(issued, "signer"))
    root = certificate_id(issued, issued.spec("root"), serial(issued, "issuing"))
    foreign = certificate_id(issued, issued.spec("signer"), 1)
    assert status_of(ocsp_answer(issued, b"", AT)) is STATUS.MALFORMED_REQUEST
    assert status_of(ocsp_answer(issued, ocsp_request((own,)) + b"\0", AT)) is STATUS.MALFORMED_REQUEST
    assert status_of(ocsp_answer(issued, ocsp_request(()), AT)) is STATUS.MALFORMED_REQUEST
    assert status_of(ocsp_answer(issued, ocsp_request((foreign,)), AT)) is STATUS.UNAUTHORIZED
    assert status_of(ocsp_answer(issued, ocsp_request((own, root)), AT)) is STATUS.UNAUTHORIZED
    assert status_of(ocsp_answer(issued, ocsp_request((own,) * (MOST_ASKED + 1)), AT)) is STATUS.UNAUTHORIZED
    assert status_of(ocsp_answer(issued, ocsp_request((root,)), AT, only=frozenset({"issuing"}))) is STATUS.UNAUTHORIZED
    assert status_of(ocsp_answer(issued, ocsp_request((own,)), datetime(2020, 1, 1, tzinfo=UTC))) is STATUS.TRY_LATER
    assert status_of(ocsp_answer(issued, ocsp_request((own,)), datetime(2040, 1, 1, tzinfo=UTC))) is STATUS.UNAUTHORIZED


@pytest.mark.parametrize("length", [0, 1, 128, 129])
def test_a_nonce_has_1_to_128_octets(issued: Issued, length: int) -> None:
    """RFC 9654 section 2.1."""
    wanted = STATUS.SUCCESSFUL if 1 <= length <= 128 else STATUS.MALFORMED_REQUEST
    own = certificate_id(issued, issued.spec("issuing"), serial(issued, "signer"))
    assert status_of(ocsp_answer(issued, ocsp_request((own,), nonce=b"\1" * length), AT)) is wanted


@given(st.binary(max_size=80))
def test_any_octets_get_an_answer(issued: Issued, data: bytes) -> None:
    assert status_of(ocsp_answer(issued, data, AT)) is STATUS.MALFORMED_REQUEST


def test_what_we_ask_is_read_by_others(issued: Issued) -> None:
    own = certificate_id(issued, issued.spec("issuing"), serial(issued, "signer"), "sha256")
    written = ocsp_request((own,), nonce=b"12345678")
    other = pyca_ocsp.load_der_ocsp_request(written)
    assert (other.serial_number, other.hash_algorithm.name) == (serial(issued, "signer"), "sha256")
    assert other.extensions.get_extension_for_class(pyca.OCSPNonce).value.nonce == b"12345678"
    assert parse_ocsp_request(written).certificates[0].der == own


def test_issuer_signed_answers(make: Make, keys: KeyStore) -> None:
    plain = make("EC")
    issued = issue(replace(plain, services=replace(plain.services, ocsp_delegated=False)), keys)
    read = parse_ocsp(ocsp_answer(issued, question(issued, "signer", digest=hashes.SHA256()), AT))
    assert (read.responder_key_hash, read.certificates) == (None, ())
    assert ask(issued, "signer", AT, [("ocsp", ocsp(issued, "signer", AT))]) == []


def test_a_responder_that_must_be_asked_about(make: Make, keys: KeyStore) -> None:
    """Delegated without id-pkix-ocsp-nocheck: the CRL about the responder has to be there, and is collected."""
    plain = make("EC")
    specs = [replace(s, extensions=replace(s.extensions, ocsp_nocheck=False)) for s in plain.certificates]
    issued = issue(replace(plain, certificates=tuple(specs)), keys)
    assert ask(issued, "signer", AT, [("ocsp", ocsp(issued, "signer", AT))]) == ["revocation.responder-status-unknown"]
    kept = path_evidence(issued, ("signer",), AT)
    held = [("ocsp", der) for der in kept.ocsps] + [("crl", der) for der in kept.crls]
    assert ask(issued, "signer", AT, held) == []


def test_archive_cutoff(make: Make, keys: KeyStore) -> None:
    plain = make("EC")
    issued = issue(replace(plain, services=replace(plain.services, ocsp_archive_years=7)), keys)
    single = next(iter(pyca_ocsp.load_der_ocsp_response(ocsp(issued, "signer", AT)).responses))
    assert single.certificate_status is CERTIFICATE.GOOD
    cutoff = AT - timedelta(days=7 * 365)
    assert cutoff.strftime("%Y%m%d%H%M%SZ").encode() in ocsp(issued, "signer", AT)
    assert ask(issued, "signer", AT, [("ocsp", ocsp(issued, "signer", AT))]) == []


REFUSED = {
    OcspDefect.STALE: "not-fresh",
    OcspDefect.FUTURE: "issued-in-future",
    OcspDefect.BAD_SIGNATURE: "evidence-signature-wrong",
    OcspDefect.WRONG_ISSUER: "evidence-signer-not-authorised",
    OcspDefect.NO_EKU: "evidence-signer-not-authorised",
    OcspDefect.EXPIRED_RESPONDER: "responder-not-valid",
    OcspDefect.NO_NOCHECK: "responder-status-unknown",
    OcspDefect.PRODUCED_EARLY: None,
    OcspDefect.SELF_SIGNED: "evidence-signer-not-authorised",
    OcspDefect.STATUS_UNKNOWN: "status-unknown",
    OcspDefect.WRONG_SERIAL: "no-evidence",
}
"""RFC 6960 section 3.2 does not compare producedAt with thisUpdate."""


@pytest.mark.parametrize("defect", list(OcspDefect))
def test_each_defect_is_one_thing(*, make: Make, keys: KeyStore, kind: str, defect: OcspDefect) -> None:
    issued = issue(make(kind), keys)
    code = REFUSED[defect]
    assert ask(issued, "signer", AT, [("ocsp", ocsp(issued, "signer", AT))]) == []
    assert ask(issued, "signer", AT, [("ocsp", ocsp(issued, "signer", AT, defect=defect))]) == [
        f"revocation.{code}"
    ] * bool(code)


def test_evidence_with_one_thing_wrong(issued: Issued) -> None:
    sound, broken = (path_evidence(issued, ("signer",), AT, defects=d) for d in ({}, {"signer": OcspDefect.STALE}))
    assert sound.certificates == broken.certificates
    assert sound.crls == broken.crls
    assert broken.ocsps == (ocsp(issued, "signer", AT, defect=OcspDefect.STALE), *sound.ocsps[1:])


def test_nobody_answers_for_an_anchor(issued: Issued) -> None:
    with pytest.raises(UsageError, match="nobody answers for root"):
        ocsp(issued, "root", AT)
