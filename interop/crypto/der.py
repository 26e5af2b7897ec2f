"""Strict DER (X.690): a reader for keys and signature values that refuses everything not DER, and the one writer of elements.

`interop.x509.der` names the types on top of the writer; `interop.x509.ber` reads leniently what strangers wrote.
"""

from __future__ import annotations

from functools import lru_cache

__all__ = [
    "BIT_STRING",
    "INTEGER",
    "NULL",
    "OBJECT_IDENTIFIER",
    "OCTET_STRING",
    "SEQUENCE",
    "NotDer",
    "Reader",
    "decode_oid",
    "encode",
    "encode_integer",
    "encode_oid",
    "oid_text",
    "read_pair",
    "twos_complement",
    "write_pair",
]

INTEGER, BIT_STRING, OCTET_STRING, NULL, OBJECT_IDENTIFIER, SEQUENCE = 0x02, 0x03, 0x04, 0x05, 0x06, 0x30


class NotDer(ValueError):
    """The octets are not the DER that was expected; the text says what is wrong."""


class Reader:
    """Reads one definite-length DER element after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def tag(self) -> int | None:
        """Tag octet of the next element; None at the end."""
        return self._data[self._at] if self else None

    def read(self, tag: int) -> bytes:
        """Content octets of the next element, which must bear that tag. Raises NotDer."""
        if self.tag() != tag:
            raise NotDer(f"tag {tag:#04x} expected at octet {self._at}")
        start = self._at + 2
        if start > len(self._data):
            raise NotDer("length is missing")
        length = self._data[start - 1]
        if length & 0x80:
            count = length & 0x7F
            octets = self._data[start : start + count]
            if not 0 < count <= 4 or len(octets) != count:
                raise NotDer("length is indefinite, too long or cut off")
            length = int.from_bytes(octets, "big")
            start += count
            if octets[0] == 0 or length < 0x80:
                raise NotDer("length is not in its shortest form (X.690 10.1)")
        if start + length > len(self._data):
            raise NotDer("content is cut off")
        self._at = start + length
        return self._data[start : self._at]

    def integer(self) -> int:
        """The next element as INTEGER in its shortest form (X.690 8.3.2)."""
        content = self.read(INTEGER)
        if not content:
            raise NotDer("INTEGER without content")
        if len(content) > 1 and (content[0], content[1] >> 7) in ((0x00, 0), (0xFF, 1)):
            raise NotDer("INTEGER is padded")
        return int.from_bytes(content, "big", signed=True)

    def end(self) -> None:
        """Nothing may follow. Raises NotDer."""
        if self:
            raise NotDer(f"{len(self._data) - self._at} octets follow")


def encode(tag: int, *contents: bytes) -> bytes:
    """One element with the concatenated contents."""
    content = b"".join(contents)
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def twos_complement(value: int) -> bytes:
    """Content octets of an INTEGER or ENUMERATED, in the shortest form (X.690 8.3)."""
    bits = (value if value >= 0 else ~value).bit_length()
    return value.to_bytes(bits // 8 + 1, "big", signed=True)


def encode_integer(value: int) -> bytes:
    """An INTEGER."""
    return encode(INTEGER, twos_complement(value))


@lru_cache(maxsize=1024)
def encode_oid(dotted: str) -> bytes:
    """OBJECT IDENTIFIER element from its dotted form. Raises ValueError for text that is none."""
    arcs = [int(part) for part in dotted.split(".")]
    if len(arcs) < 2 or arcs[0] > 2 or (arcs[0] < 2 and arcs[1] > 39) or min(arcs) < 0:
        raise ValueError(f"'{dotted}' is not an object identifier")
    content = bytearray()
    for arc in (40 * arcs[0] + arcs[1], *arcs[2:]):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | arc & 0x7F)
        content += bytes(reversed(groups))
    return encode(OBJECT_IDENTIFIER, bytes(content))


def decode_oid(content: bytes) -> str:
    """Dotted form of the content of an OBJECT IDENTIFIER. Raises NotDer."""
    if not content or content[-1] & 0x80:
        raise NotDer("OBJECT IDENTIFIER is empty or cut off")
    if any(octet == 0x80 and not before & 0x80 for before, octet in zip(b"\0" + content, content, strict=False)):
        raise NotDer("OBJECT IDENTIFIER is padded")
    return oid_text(content)


def oid_text(content: bytes) -> str:
    """Dotted form of content octets that are whole: at least one, and the last one ends an arc. Padding is passed over."""
    arcs: list[int] = []
    arc = 0
    for octet in content:
        arc = arc << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(str(a) for a in (first, arcs[0] - 40 * first, *arcs[1:]))


def read_pair(value: bytes) -> tuple[int, int]:
    """r and s of `SEQUENCE { r INTEGER, s INTEGER }`, strictly. Raises NotDer, also for negative numbers."""
    outer = Reader(value)
    inner = Reader(outer.read(SEQUENCE))
    outer.end()
    r, s = inner.integer(), inner.integer()
    inner.end()
    if r < 0 or s < 0:
        raise NotDer("r or s is negative")
    return r, s


def write_pair(r: int, s: int) -> bytes:
    """`SEQUENCE { r INTEGER, s INTEGER }` in DER."""
    return encode(SEQUENCE, encode_integer(r), encode_integer(s))
