"""SM2 keys as octets: SubjectPublicKeyInfo, PKCS#8 and SEC 1. What is not an SM2 key is told apart from what is a bad one."""

from __future__ import annotations

from typing import Literal

from interop.crypto import sm2_reference
from interop.crypto.der import (
    BIT_STRING,
    INTEGER,
    NULL,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    NotDer,
    Reader,
    decode_oid,
    encode,
    encode_integer,
    encode_oid,
)
from interop.crypto.table_data import EC_PUBLIC_KEY, SM2

__all__ = ["SpkiForm", "private_number", "private_octets", "public_octets", "public_point", "spki_oids"]

SpkiForm = Literal["ec", "sm2"]
"""AlgorithmIdentifier: id-ecPublicKey with the SM2 curve, or the SM2 OID in its place (GM/T 0015-2023 allows both)."""


def _algorithm(content: bytes) -> tuple[str, str | None]:
    """OID and, where the parameters are an OID, that one."""
    reader = Reader(content)
    oid = decode_oid(reader.read(OBJECT_IDENTIFIER))
    if reader.tag() == OBJECT_IDENTIFIER:
        return oid, decode_oid(reader.read(OBJECT_IDENTIFIER))
    return oid, None


def spki_oids(spki: bytes) -> tuple[str, str | None]:
    """Algorithm OID of a SubjectPublicKeyInfo and its parameters where they are one OID. Raises NotDer."""
    return _algorithm(Reader(Reader(spki).read(SEQUENCE)).read(SEQUENCE))


def _is_sm2(oid: str, parameters: str | None) -> bool:
    return (oid, parameters) == (EC_PUBLIC_KEY, SM2) or (oid == SM2 and parameters in (None, SM2))


def public_point(spki: bytes) -> sm2_reference.Point | None:
    """The point of an SM2 SubjectPublicKeyInfo in either form; None where it is another kind of key.

    Raises NotDer where it is malformed or its point is not on the curve. Compressed points are read.
    """
    outer = Reader(spki)
    inner = Reader(outer.read(SEQUENCE))
    outer.end()
    algorithm = inner.read(SEQUENCE)
    if not _is_sm2(*_algorithm(algorithm)):
        return None
    parts = Reader(algorithm)
    parts.read(OBJECT_IDENTIFIER)
    tag = parts.tag()
    if tag is not None and parts.read(NULL if tag == NULL else OBJECT_IDENTIFIER) and tag == NULL:
        raise NotDer("NULL has content")
    parts.end()
    bits = inner.read(BIT_STRING)
    inner.end()
    if bits[:1] != b"\x00":
        raise NotDer("the public key does not end at an octet")
    return _point(bits[1:])


def _point(octets: bytes) -> sm2_reference.Point:
    """SEC 1 section 2.3.4. Raises NotDer."""
    point: sm2_reference.Point | None = None
    if len(octets) == 65 and octets[0] == 4:
        point = int.from_bytes(octets[1:33], "big"), int.from_bytes(octets[33:], "big")
    elif len(octets) == 33 and octets[0] in (2, 3):
        point = sm2_reference.decompress(int.from_bytes(octets[1:], "big"), octets[0] & 1)
    if point is None or not sm2_reference.is_on_curve(point):
        raise NotDer("the public key is not a point of the SM2 curve")
    return point


def _point_octets(point: sm2_reference.Point) -> bytes:
    return b"\x04" + point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")


def _algorithm_octets(form: SpkiForm) -> bytes:
    """The curve is the parameter in either form: OpenSSL 3 writes `sm2` so, and reads no other."""
    return encode(SEQUENCE, encode_oid(EC_PUBLIC_KEY if form == "ec" else SM2), encode_oid(SM2))


def public_octets(point: sm2_reference.Point, form: SpkiForm = "ec") -> bytes:
    """SubjectPublicKeyInfo in that form, uncompressed."""
    return encode(SEQUENCE, _algorithm_octets(form), encode(BIT_STRING, b"\x00", _point_octets(point)))


def private_number(der: bytes) -> int | None:
    """The private number of an SM2 key in PKCS#8 or SEC 1; None where it is another kind of key.

    Raises NotDer for an SM2 key whose number is out of range, or that holds the public key of another.
    """
    try:
        outer = Reader(der)
        reader = Reader(outer.read(SEQUENCE))
        version = reader.integer()
        if version == 1 and reader.tag() == OCTET_STRING:
            return _sec1(der, None)
        oids = _algorithm(reader.read(SEQUENCE))
        octets = reader.read(OCTET_STRING)
    except NotDer:
        return None  # another kind of key, or none: the caller's other reader says which
    return _sec1(octets, oids[1] or oids[0]) if _is_sm2(*oids) else None


def _sec1(der: bytes, curve: str | None) -> int | None:
    """ECPrivateKey (RFC 5915)."""
    outer = Reader(der)
    reader = Reader(outer.read(SEQUENCE))
    reader.read(INTEGER)
    number = int.from_bytes(reader.read(OCTET_STRING), "big")
    if reader.tag() == 0xA0:
        parameters = Reader(reader.read(0xA0))
        named = decode_oid(parameters.read(OBJECT_IDENTIFIER)) if parameters.tag() == OBJECT_IDENTIFIER else None
        curve = curve or named
    if curve != SM2:
        return None
    if not sm2_reference.is_private_number(number):
        raise NotDer("the private number is not in [1, n-2]")
    if reader.tag() == 0xA1:
        bits = Reader(reader.read(0xA1)).read(BIT_STRING)
        if _point(bits[1:]) != sm2_reference.public_point(number):
            raise NotDer("the public key inside belongs to another private key")
    return number


def private_octets(number: int) -> bytes:
    """PKCS#8 PrivateKeyInfo (RFC 5958, version 0) with the SM2 curve and the public key inside."""
    point = encode(BIT_STRING, b"\x00", _point_octets(sm2_reference.public_point(number)))
    key = encode(SEQUENCE, encode_integer(1), encode(OCTET_STRING, number.to_bytes(32, "big")), encode(0xA1, point))
    return encode(SEQUENCE, encode_integer(0), _algorithm_octets("ec"), encode(OCTET_STRING, key))
