"""Small pieces of certificates, in any shape that a test needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from interop.x509 import der

AT = datetime(2026, 3, 1, tzinfo=UTC)

ReadData = Callable[..., dict[str, bytes]]


def name(*pairs: tuple[str, bytes]) -> bytes:
    """A Name of single-valued RDNs: (OID, encoded value)."""
    return der.seq(*(der.set_of([der.seq(der.oid(oid), value)]) for oid, value in pairs))


def extension(oid: str, value: bytes, critical: bytes = b"") -> bytes:
    """An Extension with extnValue as given; `critical` is an encoded BOOLEAN or nothing."""
    return der.seq(der.oid(oid), critical, der.octet_string(value))


ECDSA_SHA256 = der.algorithm("1.2.840.10045.4.3.2")
