"""Who keeps status after a certificate has ended says so: archiveCutoff (RFC 6960 section 4.4.4), expiredCertsOnCRL (X.509)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from x509_writing import AT

from interop.x509 import der
from interop.x509.crl import parse_crl
from interop.x509.ocsp import parse_ocsp
from interop.x509.oids import EXPIRED_CERTS_ON_CRL, OCSP_ARCHIVE_CUTOFF

SINCE = AT - timedelta(days=700)
NONCE = "1.3.6.1.5.5.7.48.1.2"


def _ocsp(*extensions: tuple[str, bytes]) -> bytes:
    """A basic response with singleExtensions after nextUpdate (RFC 6960 section 4.2.1)."""
    identity = der.seq(
        der.algorithm("1.3.14.3.2.26", der.null()), der.octet_string(b""), der.octet_string(b""), der.integer(2)
    )
    listed = der.explicit(1, der.seq(*(der.seq(der.oid(oid), der.octet_string(value)) for oid, value in extensions)))
    single = der.seq(
        identity,
        der.implicit(0, b""),
        der.generalized_time(AT),
        der.explicit(0, der.generalized_time(AT + timedelta(days=1))),
        listed if extensions else b"",
    )
    data = der.seq(der.explicit(2, der.octet_string(b"k")), der.generalized_time(AT), der.seq(single))
    return der.seq(data, der.algorithm("1.2.840.10045.4.3.2"), der.bit_string(b""))


def test_archive_cutoff() -> None:
    (single,) = parse_ocsp(_ocsp((NONCE, b"\x04\x00"), (OCSP_ARCHIVE_CUTOFF, der.generalized_time(SINCE)))).responses
    assert (single.archive_cutoff, single.next_update) == (SINCE, AT + timedelta(days=1))


@pytest.mark.parametrize(
    "extensions", [(), ((NONCE, b"\x04\x00"),), ((OCSP_ARCHIVE_CUTOFF, b"\x05\x00"),), ((OCSP_ARCHIVE_CUTOFF, b""),)]
)
def test_without_a_readable_cutoff_nothing_is_said(extensions: tuple[tuple[str, bytes], ...]) -> None:
    (single,) = parse_ocsp(_ocsp(*extensions)).responses
    assert (single.archive_cutoff, single.status) == (None, "good")


@pytest.mark.parametrize(
    ("value", "since", "findings"),
    [
        (der.generalized_time(SINCE), SINCE, []),
        (None, None, []),
        (b"\x05\x00", None, ["revocation.evidence-extension-undecodable"]),
    ],
)
def test_expired_certificates_on_a_crl(value: bytes | None, since: object, findings: list[str]) -> None:
    """Written by another maker."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Issuer")]))
        .last_update(AT)
        .next_update(AT + timedelta(days=7))
    )
    if value is not None:
        kept = x509.UnrecognizedExtension(x509.ObjectIdentifier(EXPIRED_CERTS_ON_CRL), value)
        builder = builder.add_extension(kept, critical=False)
    raw = builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256()).public_bytes(
        serialization.Encoding.DER
    )
    crl = parse_crl(raw)
    assert (crl.expired_since, [finding.code for finding in crl.findings]) == (since, findings)
