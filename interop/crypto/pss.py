"""RSASSA-PSS: parameters as DER, keys restricted to it (RFC 4055), and signing with a salt that follows from the input.

RFC 8017 section 9.1 leaves the salt's origin open. Here it is a digest over the private key and the message, so that equal
input gives equal bytes, as with the nonces of ECDSA (RFC 6979); the private operation is blinded and its result checked.
"""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass
from functools import lru_cache
from hashlib import shake_256

from cryptography.hazmat.primitives.asymmetric import rsa

from interop.crypto import table
from interop.crypto.der import (
    BIT_STRING,
    INTEGER,
    NULL,
    OBJECT_IDENTIFIER,
    SEQUENCE,
    NotDer,
    Reader,
    decode_oid,
    encode,
    encode_integer,
    encode_oid,
)
from interop.crypto.digests import digest_bytes
from interop.crypto.table_data import RSASSA_PSS
from interop.model.errors import Unsupported, UsageError

__all__ = [
    "MGF1",
    "PssParameters",
    "PssRestriction",
    "parameters_for",
    "pss_parameters",
    "pss_spki",
    "restriction_of",
    "sign_pss",
]

MGF1 = "1.2.840.113549.1.1.8"
"""id-mgf1 (RFC 4055 section 2.2)."""
_SHA1, _SHA1_SIZE = "sha1", 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PssParameters:
    """RSASSA-PSS-params (RFC 4055 3.1), with the digest taken from the algorithm's name."""

    mgf_digest: str
    """Digest of MGF1, name in the table."""
    salt_length: int
    """In octets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PssRestriction:
    """What a key of algorithm id-RSASSA-PSS may be used with (RFC 4055 section 1.2 and 3.3): with RSASSA-PSS alone, and these."""

    digest: str | None = None
    """Name in the table; None: the key names no parameters, any will do."""
    mgf_digest: str | None = None
    """Digest of MGF1; None likewise."""
    salt_length: int = 0
    """Shortest salt, in octets."""


def parameters_for(digest: str) -> PssParameters:
    """The usual parameters: MGF1 over the same digest, a salt of its length. Raises Unsupported for an unknown digest."""
    row = table.digest(digest)
    if row is None:
        raise Unsupported(f"digest '{digest}' is unknown")
    return PssParameters(mgf_digest=digest, salt_length=row.size)


def _digest_algorithm(name: str) -> bytes:
    row = table.digest(name)
    if row is None:
        raise UsageError(f"unknown digest '{name}'")
    return encode(SEQUENCE, encode_oid(row.oid))


def pss_parameters(digest: str, pss: PssParameters | None = None) -> bytes:
    """RSASSA-PSS-params in DER: what equals its DEFAULT is left out. `pss` None: the usual ones. Raises UsageError."""
    chosen = pss or parameters_for(digest)
    parts = []
    if digest != _SHA1:
        parts.append(encode(0xA0, _digest_algorithm(digest)))
    if chosen.mgf_digest != _SHA1:
        parts.append(encode(0xA1, encode(SEQUENCE, encode_oid(MGF1), _digest_algorithm(chosen.mgf_digest))))
    if chosen.salt_length != _SHA1_SIZE:
        parts.append(encode(0xA2, encode_integer(chosen.salt_length)))
    return encode(SEQUENCE, *parts)


def pss_spki(spki: bytes, parameters: bytes = b"") -> bytes:
    """An RSA SubjectPublicKeyInfo under id-RSASSA-PSS, restricted by the parameters where there are any (RFC 4055 section 1.2)."""
    reader = Reader(Reader(spki).read(SEQUENCE))
    reader.read(SEQUENCE)
    key = encode(BIT_STRING, reader.read(BIT_STRING))
    return encode(SEQUENCE, encode(SEQUENCE, encode_oid(RSASSA_PSS), parameters), key)


def _named_digest(reader: Reader) -> str:
    """AlgorithmIdentifier of a digest, parameters absent or NULL."""
    inner = Reader(reader.read(SEQUENCE))
    oid = decode_oid(inner.read(OBJECT_IDENTIFIER))
    if inner:
        inner.read(NULL)
    inner.end()
    row = table.digest_by_oid(oid)
    if row is None:
        raise Unsupported(f"RSASSA-PSS with digest {oid} is not computed")
    return row.name


def _mask_digest(reader: Reader) -> str:
    inner = Reader(reader.read(SEQUENCE))
    if decode_oid(inner.read(OBJECT_IDENTIFIER)) != MGF1:
        raise Unsupported("RSASSA-PSS with another mask generation function than MGF1 is not computed")
    return _named_digest(inner)


def restriction_of(spki: bytes) -> PssRestriction | None:
    """How a SubjectPublicKeyInfo restricts its key; None where it does not. Raises NotDer, Unsupported for unknown digests."""
    algorithm = Reader(Reader(Reader(spki).read(SEQUENCE)).read(SEQUENCE))
    if decode_oid(algorithm.read(OBJECT_IDENTIFIER)) != RSASSA_PSS:
        return None
    if not algorithm:
        return PssRestriction()
    reader = Reader(algorithm.read(SEQUENCE))
    algorithm.end()
    digest = mask = _SHA1
    salt = _SHA1_SIZE
    if reader.tag() == 0xA0:
        digest = _named_digest(Reader(reader.read(0xA0)))
    if reader.tag() == 0xA1:
        mask = _mask_digest(Reader(reader.read(0xA1)))
    if reader.tag() == 0xA2:
        salt = Reader(reader.read(0xA2)).integer()
    if reader.tag() == 0xA3 and Reader(reader.read(0xA3)).read(INTEGER) != b"\1":
        raise NotDer("trailerField is not 1")
    reader.end()
    return PssRestriction(digest=digest, mgf_digest=mask, salt_length=salt)


def _mask(digest: str, seed: bytes, length: int) -> bytes:
    """MGF1 (RFC 8017 appendix B.2.1)."""
    blocks, counter = b"", 0
    while len(blocks) < length:
        blocks += digest_bytes(digest, seed + counter.to_bytes(4, "big"))
        counter += 1
    return blocks[:length]


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))


def _encoded(digest: str, pss: PssParameters, hashed: bytes, salt: bytes, bits: int) -> int:
    """EMSA-PSS-ENCODE (RFC 8017 section 9.1.1)."""
    length = (bits + 7) // 8
    room = length - len(hashed) - len(salt) - 2
    if room < 0:
        raise UsageError(f"a salt of {len(salt)} octets with {digest} does not fit into an RSA key of {bits + 1} bits")
    h = digest_bytes(digest, bytes(8) + hashed + salt)
    block = bytes(room) + b"\1" + salt
    masked = bytearray(_xor(block, _mask(pss.mgf_digest, h, len(block))))
    masked[0] &= 0xFF >> (8 * length - bits)
    return int.from_bytes(bytes(masked) + h + b"\xbc", "big")


@lru_cache(maxsize=256)
def _numbers(key: rsa.RSAPrivateKey) -> rsa.RSAPrivateNumbers:
    return key.private_numbers()


def _private_operation(key: rsa.RSAPrivateKey, message: int) -> int:
    """RSASP1 with the Chinese remainder theorem, blinded; the result is checked with the public key."""
    own = _numbers(key)
    n, e = own.public_numbers.n, own.public_numbers.e
    blind = 0
    while math.gcd(blind, n) != 1:
        blind = secrets.randbelow(n)
    blinded = message * pow(blind, e, n) % n
    m1, m2 = pow(blinded % own.p, own.dmp1, own.p), pow(blinded % own.q, own.dmq1, own.q)
    value = (m2 + own.q * ((m1 - m2) * own.iqmp % own.p)) * pow(blind, -1, n) % n
    if pow(value, e, n) != message:
        raise AssertionError("the RSA private operation gave a wrong result")
    return value


def sign_pss(key: rsa.RSAPrivateKey, digest: str, data: bytes, pss: PssParameters | None = None) -> bytes:
    """RSASSA-PSS-SIGN over `data`, in octets of the modulus. `pss` None: the usual parameters.

    Raises UsageError where salt and digest do not fit into the key, Unsupported for digests that are not computed.
    """
    chosen = pss or parameters_for(digest)
    own = _numbers(key)
    hashed = digest_bytes(digest, data)
    secret = own.d.to_bytes((key.key_size + 7) // 8, "big")
    label = f"interop PSS salt\0{digest}\0{chosen.mgf_digest}\0{chosen.salt_length}\0".encode()
    salt = shake_256(label + secret + hashed).digest(chosen.salt_length)
    message = _encoded(digest, chosen, hashed, salt, own.public_numbers.n.bit_length() - 1)
    return _private_operation(key, message).to_bytes((key.key_size + 7) // 8, "big")
