"""Certificates, CRLs and OCSP answers in any shape, signed by keys made here: the hierarchy of somebody who wants to get in."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from interop.cms.build import signature_algorithm
from interop.crypto.digests import digest_bytes
from interop.crypto.keys import PrivateKey, generate_private_key
from interop.x509 import der
from interop.x509.certificate import certificate_parts

__all__ = ["BASIC", "CRL_SIGN", "SIGNER", "certificate", "crl", "extension", "key", "named", "ocsp"]

_SIGNATURE = "ecdsa-sha256"


@cache
def key(label: str) -> PrivateKey:
    """One P-256 key per label."""
    return generate_private_key("EC", curve="P-256")


def named(common_name: str) -> bytes:
    return der.seq(der.set_of([der.seq(der.oid("2.5.4.3"), der.utf8(common_name))]))


def extension(oid: str, value: bytes, *, critical: bool = False) -> bytes:
    return der.seq(der.oid(oid), der.boolean(True) if critical else b"", der.octet_string(value))


BASIC = extension("2.5.29.19", der.seq(der.boolean(True)), critical=True)
CRL_SIGN = extension("2.5.29.15", der.bit_string(b"\x06", 1), critical=True)
SIGNER = extension("2.5.29.15", b"\x03\x02\x06\x40", critical=True)


def _time(text: str) -> bytes:
    return der.tlv(0x18, text.encode())


def _signed(tbs: bytes, signer: PrivateKey) -> bytes:
    value = der.bit_string(signer.sign(_SIGNATURE, tbs))
    return der.seq(tbs, signature_algorithm(_SIGNATURE), value)


def certificate(
    subject: str,
    issuer: str,
    extensions: Iterable[bytes] = (),
    *,
    serial: int = 7,
    own: PrivateKey | None = None,
    signer: PrivateKey | None = None,
    issuer_name: bytes | None = None,
) -> bytes:
    """Keys are those of the labels unless given."""
    written = tuple(extensions)
    tbs = der.seq(
        der.explicit(0, der.integer(2)),
        der.integer(serial),
        signature_algorithm(_SIGNATURE),
        issuer_name or named(issuer),
        der.seq(_time("20200101000000Z"), _time("20400101000000Z")),
        named(subject),
        (own or key(subject)).spki,
        der.explicit(3, der.seq(*written)) if written else b"",
    )
    return _signed(tbs, signer or key(issuer))


def crl(
    issuer: str, *, this: str = "20260301000000Z", following: str = "20260401000000Z", entries: Iterable[bytes] = ()
) -> bytes:
    listed = tuple(entries)
    tbs = der.seq(
        der.integer(1),
        signature_algorithm(_SIGNATURE),
        named(issuer),
        _time(this),
        _time(following),
        der.seq(*listed) if listed else b"",
    )
    return _signed(tbs, key(issuer))


def ocsp(
    responder: bytes, signer: PrivateKey, issuer: bytes, serials: Iterable[int], *, produced: str = "20260302000000Z"
) -> bytes:
    """An answer that everything is good."""
    parts = certificate_parts(issuer)
    issuer_hashes = [der.octet_string(digest_bytes("sha256", part)) for part in (parts.subject, parts.key_bits)]
    algorithm = der.algorithm("2.16.840.1.101.3.4.2.1", der.null())
    singles = [
        der.seq(
            der.seq(algorithm, *issuer_hashes, der.integer(serial)),
            der.implicit(0, b""),
            _time("20260302000000Z"),
            der.explicit(0, _time("20260305000000Z")),
        )
        for serial in serials
    ]
    by_key = der.explicit(2, der.octet_string(digest_bytes("sha1", certificate_parts(responder).key_bits)))
    tbs = der.seq(by_key, _time(produced), der.seq(*singles))
    value = der.bit_string(signer.sign(_SIGNATURE, tbs))
    basic = der.seq(tbs, signature_algorithm(_SIGNATURE), value, der.explicit(0, der.seq(responder)))
    answer = der.seq(der.oid("1.3.6.1.5.5.7.48.1.1"), der.octet_string(basic))
    return der.seq(der.enumerated(0), der.explicit(0, answer))
