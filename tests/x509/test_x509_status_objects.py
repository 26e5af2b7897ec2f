"""CRLs and OCSP responses: those of PKITS, those that cryptography makes, and hostile bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from asn1crypto import crl as reference
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from x509_writing import AT, ReadData

from interop.crypto.digests import digest_bytes
from interop.model.errors import InputError
from interop.model.reasons import catalogue
from interop.x509 import der
from interop.x509.certificate import certificate_parts, object_id, parse_certificate
from interop.x509.crl import crl_parts, parse_crl
from interop.x509.edge import answers, names_responder, single_for, verify_signed
from interop.x509.ocsp import ocsp_certificates, ocsp_parts, parse_ocsp

DER = serialization.Encoding.DER


def test_pkits_crls_agree_with_an_independent_reader(read_data: ReadData) -> None:
    for raw in read_data("pkits/crls/*.crl").values():
        ours, theirs = parse_crl(raw), reference.CertificateList.load(raw)
        assert crl_parts(raw).tbs == theirs["tbs_cert_list"].dump()
        assert ours.this_update == theirs["tbs_cert_list"]["this_update"].native
        assert ours.next_update == theirs["tbs_cert_list"]["next_update"].native
        entries = theirs["tbs_cert_list"]["revoked_certificates"]
        assert [entry.serial for entry in ours.revoked] == [entry["user_certificate"].native for entry in entries]
        point = theirs.issuing_distribution_point_value
        assert ours.indirect == (point is not None and bool(point["indirect_crl"].native))
        assert ours.only_user == (point is not None and bool(point["only_contains_user_certs"].native))
        assert ours.only_ca == (point is not None and bool(point["only_contains_ca_certs"].native))
        base = theirs.delta_crl_indicator_value
        assert ours.delta_base == (None if base is None else base.native)
        assert ours.number == (None if theirs.crl_number_value is None else theirs.crl_number_value.native)


def test_pkits_indirect_crl_names_other_issuers(read_data: ReadData) -> None:
    """PKITS 4.14.22 to 4.14.24: indirectCRL CA1 lists certificates of indirectCRL CA2, too."""
    crls, certificates = read_data("pkits/crls/*.crl"), read_data("pkits/certs/*.crt")
    found = parse_crl(crls["indirectCRLCA3cRLIssuerCRL.crl"])
    leaf = certificates["ValidcRLIssuerTest28EE.crt"]
    assert found.indirect
    assert parse_certificate(leaf).issuer.normal != found.issuer.normal
    assert answers(found, "crl", leaf)
    assert not answers(crls["GoodCACRL.crl"], "crl", leaf)
    assert answers(crls["GoodCACRL.crl"], "crl", certificates["ValidCertificatePathTest1EE.crt"])


def test_pkits_reasons(read_data: ReadData) -> None:
    """PKITS 4.15.1: the delta CRL of deltaCRL CA1 takes a certificate off hold."""
    delta = parse_crl(read_data("pkits/crls/deltaCRLCA1deltaCRL.crl")["deltaCRLCA1deltaCRL.crl"])
    assert delta.delta_base is not None
    assert "removeFromCRL" in {entry.reason for entry in delta.revoked}


class Pki(NamedTuple):
    issuer: bytes
    leaf: bytes
    other: bytes
    key: ec.EllipticCurvePrivateKey


def _certificate(
    cn: str, key: ec.EllipticCurvePrivateKey, issuer: str, issuer_key: ec.EllipticCurvePrivateKey, serial: int
) -> bytes:
    built = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, cn)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(AT)
        .not_valid_after(AT + timedelta(days=1))
        .sign(issuer_key, hashes.SHA256())
    )
    return built.public_bytes(DER)


@pytest.fixture(scope="module")
def pki() -> Pki:
    key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    return Pki(
        issuer=_certificate("Issuer", key, "Issuer", key, 1),
        leaf=_certificate("Leaf", leaf_key, "Issuer", key, 2),
        other=_certificate("Issuer", leaf_key, "Issuer", leaf_key, 1),
        key=key,
    )


def _respond(
    pki: Pki, *, by_key: bool, revoked: datetime | None = None, algorithm: hashes.HashAlgorithm | None = None
) -> bytes:
    issuer = x509.load_der_x509_certificate(pki.issuer)
    encoding = ocsp.OCSPResponderEncoding.HASH if by_key else ocsp.OCSPResponderEncoding.NAME
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=x509.load_der_x509_certificate(pki.leaf),
        issuer=issuer,
        algorithm=algorithm or hashes.SHA1(),  # noqa: S303 - CertID
        cert_status=ocsp.OCSPCertStatus.GOOD if revoked is None else ocsp.OCSPCertStatus.REVOKED,
        this_update=AT,
        next_update=AT + timedelta(hours=1),
        revocation_time=revoked,
        revocation_reason=None if revoked is None else x509.ReasonFlags.key_compromise,
    )
    return (
        builder.responder_id(encoding, issuer).certificates([issuer]).sign(pki.key, hashes.SHA256()).public_bytes(DER)
    )


@pytest.mark.parametrize("by_key", [True, False])
def test_an_ocsp_response(pki: Pki, by_key: bool) -> None:
    raw = _respond(pki, by_key=by_key, revoked=AT - timedelta(days=1))
    found = parse_ocsp(raw)
    assert found.id == object_id(raw)
    assert (found.responder_name is None, found.responder_key_hash is None) == (by_key, not by_key)
    (single,) = found.responses
    assert (single.serial, single.status, single.reason) == (2, "revoked", "keyCompromise")
    assert (single.this_update, single.next_update) == (AT, AT + timedelta(hours=1))
    assert single.revoked_at == AT - timedelta(days=1)
    assert single.hash_algorithm == "sha1"
    assert ocsp_certificates(raw) == (pki.issuer,)
    assert found.certificates == (object_id(pki.issuer),)
    assert verify_signed(raw, "ocsp", pki.issuer) is True
    assert verify_signed(raw, "ocsp", pki.other) is False
    assert names_responder(found, pki.issuer)
    assert names_responder(found, pki.other) == (not by_key)  # the same name, another key
    assert answers(raw, "ocsp", pki.leaf, pki.issuer)
    assert not answers(raw, "ocsp", pki.leaf, pki.other)
    assert not answers(raw, "ocsp", pki.issuer, pki.issuer)


def test_a_bare_basic_response_is_read(pki: Pki) -> None:
    """What CMS attributes carry (EN 319 122-1 A.1.1.3)."""
    whole = _respond(pki, by_key=False)
    parts = ocsp_parts(whole)
    bare = der.seq(parts.tbs, parts.algorithm.raw, der.bit_string(parts.signature))
    assert parse_ocsp(bare).responses == parse_ocsp(whole).responses
    assert verify_signed(bare, "ocsp", pki.issuer) is True


@pytest.mark.parametrize("digest", ["sha1", "sha256", "sm3"])
def test_cert_id_in_any_digest(pki: Pki, digest: str) -> None:
    """RFC 6960 section 4.1.1; SM3 is what providers of SM2 use."""
    from interop.cms.attributes import digest_oid

    parts = certificate_parts(pki.issuer)
    identity = der.seq(
        der.algorithm(digest_oid(digest), der.null()),
        der.octet_string(digest_bytes(digest, parts.subject)),
        der.octet_string(digest_bytes(digest, parts.key_bits)),
        der.integer(2),
    )
    single = der.seq(identity, der.implicit(0, b""), der.generalized_time(AT))
    data = der.seq(der.explicit(1, parts.subject), der.generalized_time(AT), der.seq(single))
    raw = der.seq(data, der.algorithm("1.2.840.10045.4.3.2"), der.bit_string(b"no signature"))
    found = parse_ocsp(raw)
    assert found.responses[0].hash_algorithm == digest
    assert single_for(found, pki.leaf, pki.issuer) is found.responses[0]
    assert single_for(found, pki.leaf, pki.other) is None
    assert single_for(found, pki.leaf) is found.responses[0]
    assert verify_signed(raw, "ocsp", pki.issuer) is False


def test_an_error_status_is_no_response() -> None:
    with pytest.raises(InputError, match="tryLater"):
        parse_ocsp(der.seq(der.enumerated(3)))


def test_a_certificate_that_carries_an_unknown_digest_in_cert_id_matches_nothing(pki: Pki) -> None:
    identity = der.seq(der.algorithm("2.999.4"), der.octet_string(b""), der.octet_string(b""), der.integer(2))
    single = der.seq(identity, der.implicit(2, b""), der.generalized_time(AT))
    data = der.seq(der.explicit(2, der.octet_string(b"k")), der.generalized_time(AT), der.seq(single))
    found = parse_ocsp(der.seq(data, der.algorithm("2.999.4"), der.bit_string(b"")))
    assert found.responses[0].hash_algorithm == "2.999.4"
    assert found.responses[0].status == "unknown"
    assert not answers(found, "ocsp", pki.leaf, pki.issuer)


def test_a_crl_of_ours_by_another_maker(pki: Pki) -> None:
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(2)
        .revocation_date(AT)
        .add_extension(x509.CRLReason(x509.ReasonFlags.certificate_hold), critical=False)
        .build()
    )
    raw = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(x509.load_der_x509_certificate(pki.issuer).subject)
        .last_update(AT)
        .next_update(AT + timedelta(days=7))
        .add_revoked_certificate(entry)
        .add_extension(x509.CRLNumber(5), critical=False)
        .add_extension(
            x509.IssuingDistributionPoint(
                full_name=[x509.UniformResourceIdentifier("http://crl.example/1")],
                relative_name=None,
                only_contains_user_certs=True,
                only_contains_ca_certs=False,
                only_some_reasons=frozenset([x509.ReasonFlags.key_compromise, x509.ReasonFlags.ca_compromise]),
                indirect_crl=False,
                only_contains_attribute_certs=False,
            ),
            critical=True,
        )
        .sign(pki.key, hashes.SHA256())
        .public_bytes(DER)
    )
    found = parse_crl(raw)
    assert [(r.serial, r.date, r.reason, r.issuer) for r in found.revoked] == [(2, AT, "certificateHold", None)]
    assert (found.number, found.only_user, found.only_ca, found.indirect) == (5, True, False, False)
    assert found.only_reasons == {"keyCompromise", "cACompromise"}
    assert [name.value for name in found.distribution_point] == ["http://crl.example/1"]
    assert found.extensions == (("2.5.29.20", False), ("2.5.29.28", True))
    assert verify_signed(raw, "crl", pki.issuer) is True
    assert verify_signed(raw, "crl", pki.leaf) is False
    assert answers(found, "crl", pki.leaf)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_flipped_and_cut_status_never_raises_but_input_error(
    read_data: ReadData, pki: Pki, data: st.DataObject
) -> None:
    crls = list(read_data("pkits/crls/*.crl").values())[::12]
    raw = bytearray(data.draw(st.sampled_from([*crls, _OCSP.setdefault("one", _respond(pki, by_key=False))])))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    cut = bytes(raw[: data.draw(st.integers(0, len(raw)))]) if data.draw(st.booleans()) else bytes(raw)
    for read_it in (parse_crl, parse_ocsp):
        try:
            found = read_it(cut)
        except InputError:
            continue
        assert {finding.code for finding in found.findings} <= set(catalogue())
        kind = "crl" if read_it is parse_crl else "ocsp"
        assert isinstance(answers(cut, kind, pki.leaf, pki.issuer), bool)
        assert verify_signed(cut, kind, pki.issuer) in (True, False, None)


_OCSP: dict[str, bytes] = {}


def test_times_are_utc(pki: Pki) -> None:
    assert parse_ocsp(_respond(pki, by_key=True, algorithm=hashes.SHA256())).produced_at.tzinfo is UTC
