"""Writing DER (X.690): small functions that return bytes. What is written here is deterministic and canonical.

>>> seq(integer(1), null()).hex()
'30050201010500'
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from interop.crypto.der import encode, encode_integer, encode_oid, twos_complement

__all__ = [
    "algorithm",
    "bit_string",
    "boolean",
    "enumerated",
    "explicit",
    "generalized_time",
    "implicit",
    "integer",
    "null",
    "octet_string",
    "oid",
    "printable",
    "seq",
    "set_of",
    "time",
    "tlv",
    "utf8",
]


def tlv(tag: int, content: bytes) -> bytes:
    """One element with an identifier octet below tag number 31, and definite minimal length."""
    return encode(tag, content)


def seq(*parts: bytes) -> bytes:
    """SEQUENCE of parts already encoded."""
    return tlv(0x30, b"".join(parts))


def set_of(parts: Iterable[bytes]) -> bytes:
    """SET OF, elements in ascending order of their encodings (X.690 section 11.6)."""
    return tlv(0x31, b"".join(sorted(parts)))


def explicit(number: int, content: bytes) -> bytes:
    """`[number] EXPLICIT` around an encoded element; also `[number] IMPLICIT` of a constructed one, given its content."""
    return tlv(0xA0 | number, content)


def implicit(number: int, content: bytes) -> bytes:
    """`[number] IMPLICIT` of a primitive type, given its content octets."""
    return tlv(0x80 | number, content)


def oid(dotted: str) -> bytes:
    """OBJECT IDENTIFIER. Raises ValueError for text that is none."""
    return encode_oid(dotted)


def integer(value: int) -> bytes:
    """INTEGER, two's complement, shortest form."""
    return encode_integer(value)


def enumerated(value: int) -> bytes:
    """ENUMERATED."""
    return tlv(0x0A, twos_complement(value))


def boolean(value: bool) -> bytes:
    """BOOLEAN."""
    return b"\x01\x01\xff" if value else b"\x01\x01\x00"


def null() -> bytes:
    """NULL."""
    return b"\x05\x00"


def octet_string(content: bytes) -> bytes:
    """OCTET STRING."""
    return tlv(0x04, content)


def bit_string(content: bytes, unused: int = 0) -> bytes:
    """BIT STRING with that many unused bits in the last octet."""
    return tlv(0x03, bytes((unused,)) + content)


def utf8(text: str) -> bytes:
    """UTF8String."""
    return tlv(0x0C, text.encode())


def printable(text: str) -> bytes:
    """PrintableString; raises UnicodeEncodeError outside ASCII."""
    return tlv(0x13, text.encode("ascii"))


def time(value: datetime) -> bytes:
    """Time of RFC 5280 section 4.1.2.5: UTCTime through 2049, GeneralizedTime before 1950 and from 2050; whole seconds."""
    utc = value.astimezone(UTC)
    if 1950 <= utc.year < 2050:
        return tlv(0x17, utc.strftime("%y%m%d%H%M%SZ").encode("ascii"))
    return generalized_time(utc.replace(microsecond=0))


def generalized_time(value: datetime) -> bytes:
    """GeneralizedTime in UTC with seconds; a fraction without trailing zeros where there is one (X.690 section 11.7)."""
    utc = value.astimezone(UTC)
    text = f"{utc.year:04d}" + utc.strftime("%m%d%H%M%S")
    if utc.microsecond:
        text += f".{utc.microsecond:06d}".rstrip("0")
    return tlv(0x18, f"{text}Z".encode("ascii"))


def algorithm(dotted: str, parameters: bytes | None = None) -> bytes:
    """AlgorithmIdentifier; `parameters` is an encoded element, None leaves them out."""
    return seq(oid(dotted), parameters or b"")
