"""Signed and unsigned attributes, as encoded bytes (RFC 5652 section 11, RFC 5035, EN 319 122-1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from interop.cms import oids
from interop.crypto import table
from interop.crypto.digests import digest_bytes
from interop.model.errors import UsageError
from interop.x509 import der
from interop.x509.certificate import certificate_parts

__all__ = [
    "adobe_revocation",
    "attribute",
    "content_type",
    "digest_oid",
    "flipped",
    "issuer_serial",
    "message_digest",
    "signature_policy",
    "signature_time_stamp",
    "signing_certificate",
    "signing_certificate_v2",
    "signing_time",
]


def digest_oid(name: str) -> str:
    """OID of a digest of the table. Raises UsageError for a name that it does not know."""
    digest = table.digest(name)
    if digest is None:
        raise UsageError(f"unknown digest '{name}'")
    return digest.oid


def attribute(oid: str, *values: bytes) -> bytes:
    """An Attribute with encoded values."""
    return der.seq(der.oid(oid), der.set_of(values))


def content_type(oid: str) -> bytes:
    """content-type (RFC 5652 section 11.1)."""
    return attribute(oids.CONTENT_TYPE, der.oid(oid))


def message_digest(digest: bytes) -> bytes:
    """message-digest (RFC 5652 section 11.2)."""
    return attribute(oids.MESSAGE_DIGEST, der.octet_string(digest))


def signing_time(at: datetime) -> bytes:
    """signing-time (RFC 5652 section 11.3)."""
    return attribute(oids.SIGNING_TIME, der.time(at))


def flipped(value: bytes) -> bytes:
    """The same octets with one bit changed, for negatives."""
    return bytes((value[0] ^ 1,)) + value[1:]


def issuer_serial(certificate: bytes) -> bytes:
    """IssuerSerial (RFC 5035 section 4), as ESSCertID and IssuerSerialV2 of XAdES hold it (EN 319 132-1 clause 5.2.2)."""
    parts = certificate_parts(certificate)
    return der.seq(der.seq(der.explicit(4, parts.issuer)), der.integer(parts.serial))


@lru_cache(maxsize=512)
def _ess(certificate: bytes, digest: str, with_issuer: bool, wrong: bool, version: int) -> bytes:
    value = digest_bytes(digest, certificate)
    identifier = der.seq(
        b"" if version == 1 or digest == "sha256" else der.algorithm(digest_oid(digest)),
        der.octet_string(flipped(value) if wrong else value),
        issuer_serial(certificate) if with_issuer else b"",
    )
    oid = oids.SIGNING_CERTIFICATE if version == 1 else oids.SIGNING_CERTIFICATE_V2
    return attribute(oid, der.seq(der.seq(identifier)))


def signing_certificate_v2(
    certificate: bytes, digest: str, *, issuer_serial: bool = True, wrong_digest: bool = False
) -> bytes:
    """ESS signing-certificate-v2 (RFC 5035 section 3): SHA-256 is the default and left out.

    `wrong_digest` flips one bit of the certificate digest. Raises UsageError, Unsupported for a digest that cannot be made.
    """
    return _ess(certificate, digest, issuer_serial, wrong_digest, 2)


def signing_certificate(certificate: bytes, *, issuer_serial: bool = True, wrong_digest: bool = False) -> bytes:
    """ESS signing-certificate with SHA-1 (RFC 2634 section 5.4)."""
    return _ess(certificate, "sha1", issuer_serial, wrong_digest, 1)


def signature_policy(policy: str, digest: str, value: bytes) -> bytes:
    """signature-policy-identifier (EN 319 122-1 section 5.2.9.1): OID of the policy and digest of its document."""
    return attribute(
        oids.SIGNATURE_POLICY,
        der.seq(der.oid(policy), der.seq(der.algorithm(digest_oid(digest)), der.octet_string(value))),
    )


def signature_time_stamp(token: bytes) -> bytes:
    """signature-time-stamp (EN 319 122-1 section 5.3)."""
    return attribute(oids.SIGNATURE_TIME_STAMP, token)


def adobe_revocation(crls: Iterable[bytes], ocsps: Iterable[bytes]) -> bytes:
    """adbe-revocationInfoArchival (ISO 32000-2 section 12.8.3.3.2): CRLs and OCSPResponses."""
    crl_list, ocsp_list = tuple(crls), tuple(ocsps)
    return attribute(
        oids.ADOBE_REVOCATION,
        der.seq(
            der.explicit(0, der.seq(*crl_list)) if crl_list else b"",
            der.explicit(1, der.seq(*ocsp_list)) if ocsp_list else b"",
        ),
    )
