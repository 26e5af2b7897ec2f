"""Reading BER and DER (X.690) without ever changing a byte: every node is a window on the input.

Lenient where real software is sloppy (indefinite and over-long lengths, constructed strings), strict about bounds: a length
that leaves its parent, a missing end, or nesting beyond `MAX_DEPTH` is `Malformed`. Nothing else is ever raised.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from interop.crypto.der import oid_text

__all__ = ["MAX_DEPTH", "Malformed", "Node", "dotted", "read", "read_all"]

MAX_DEPTH = 64
"""Deepest nesting read; certificates and SignedData need about 20."""


class Malformed(ValueError):
    """The bytes are not what the structure asks for; says what was expected, and at which offset."""


@lru_cache(maxsize=4096)
def dotted(content: bytes) -> str:
    """Content octets of an OBJECT IDENTIFIER as dotted text. Raises Malformed."""
    if not content or content[-1] & 0x80 or len(content) > 255:
        raise Malformed("object identifier is empty, unfinished or too long")
    return oid_text(content)


class Node:
    """One element: identifier, and where its header, content and end lie in `data`."""

    __slots__ = ("body", "data", "depth", "end", "start", "stop", "tag")

    def __init__(  # noqa: PLR0917 - made by the hundred thousand; keywords would cost a third of the parse
        self, data: bytes, tag: int, start: int, body: int, end: int, stop: int, depth: int
    ) -> None:
        self.data = data
        self.tag = tag
        """Identifier octet; for tag numbers from 31 the number in the bits above it."""
        self.start = start
        """Offset of the identifier."""
        self.body = body
        """Offset of the content."""
        self.end = end
        """Offset after the content."""
        self.stop = stop
        """Offset after the element; differs from `end` by two for an indefinite length."""
        self.depth = depth

    @property
    def raw(self) -> bytes:
        """The element exactly as it stands."""
        return self.data[self.start : self.stop]

    @property
    def content(self) -> bytes:
        """The content octets exactly as they stand."""
        return self.data[self.body : self.end]

    @property
    def indefinite(self) -> bool:
        """Whether the length is indefinite (BER only)."""
        return self.stop != self.end

    def fail(self, wanted: str) -> Malformed:
        """The error for a node that is not what was wanted."""
        return Malformed(f"{wanted} expected at offset {self.start}, found tag 0x{self.tag:02x}")

    def expect(self, tag: int, wanted: str) -> Node:
        """This node, or Malformed where its tag is another."""
        if self.tag != tag:
            raise self.fail(wanted)
        return self

    def children(self) -> list[Node]:
        """The elements inside. Raises Malformed for a primitive node."""
        if not self.tag & 0x20:
            raise self.fail("constructed element")
        return read_all(self.data, self.body, self.end, self.depth + 1)

    def items(self, wanted: str) -> list[Node]:
        """The elements of a SEQUENCE."""
        if self.tag != 0x30:
            raise self.fail(f"SEQUENCE ({wanted})")
        return read_all(self.data, self.body, self.end, self.depth + 1)

    def only(self) -> Node:
        """The one element inside an explicit tag."""
        inside = self.children()
        if len(inside) != 1:
            raise Malformed(f"one element expected at offset {self.body}, found {len(inside)}")
        return inside[0]

    def octets(self) -> bytes:
        """Value of an OCTET STRING or of an implicitly tagged one; constructed segments are joined."""
        if not self.tag & 0x20:
            return self.content
        return b"".join(child.octets() for child in self.children())

    def bits(self) -> bytes:
        """Octets of a BIT STRING with a whole number of octets, e.g. a signature value. Raises Malformed."""
        if self.tag == 0x23:
            return b"".join(child.bits() for child in self.children())
        if self.tag != 0x03 or self.body == self.end:
            raise self.fail("BIT STRING")
        return self.data[self.body + 1 : self.end]

    def flags(self) -> set[int]:
        """Numbers of the bits set in a BIT STRING, explicit or implicit, bit 0 first."""
        content = self.content
        if not content or content[0] > 7 or self.tag & 0x20:
            raise self.fail("BIT STRING")
        if len(content) > 1025:
            raise Malformed("named bit list is too long")
        return {
            index * 8 + bit
            for index, octet in enumerate(content[1:])
            for bit in range(8)
            if octet & (0x80 >> bit) and index * 8 + bit < (len(content) - 1) * 8 - content[0]
        }

    def oid(self) -> str:
        """Dotted text of an OBJECT IDENTIFIER."""
        if self.tag != 0x06:
            raise self.fail("OBJECT IDENTIFIER")
        return dotted(self.data[self.body : self.end])

    def integer(self) -> int:
        """Value of an INTEGER, ENUMERATED or implicitly tagged one."""
        if self.body == self.end or self.tag & 0x20:
            raise self.fail("INTEGER")
        return int.from_bytes(self.data[self.body : self.end], "big", signed=True)

    def boolean(self) -> bool:
        """Value of a BOOLEAN; any octet but zero is true (X.690 section 8.2.2)."""
        if self.end - self.body != 1 or self.tag & 0x20:
            raise self.fail("BOOLEAN")
        return self.data[self.body] != 0

    def time(self) -> datetime:
        """UTCTime or GeneralizedTime as aware UTC; offsets and missing seconds are tolerated. Raises Malformed."""
        if self.tag not in (0x17, 0x18):
            raise self.fail("Time")
        return _time(self.tag, self.octets())


@lru_cache(maxsize=4096)
def _time(tag: int, content: bytes) -> datetime:
    try:
        text = content.decode("ascii")
        if tag == 0x17:
            year = int(text[:2])
            text = f"{1900 + year if year >= 50 else 2000 + year:04d}{text[2:]}"
        zone: timezone = UTC
        if text.endswith("Z"):
            text = text[:-1]
        elif text[-5] in "+-":
            sign = 1 if text[-5] == "+" else -1
            zone = timezone(sign * timedelta(hours=int(text[-4:-2]), minutes=int(text[-2:])))
            text = text[:-5]
        else:
            raise Malformed(f"time without a zone: {content[:32]!r}")
        whole, _, fraction = text.replace(",", ".").partition(".")
        if not whole.isdigit() or (fraction and not fraction.isdigit()) or len(whole) not in (12, 14):
            raise Malformed(f"not a time: {content[:32]!r}")
        stamp = datetime(  # noqa: DTZ001, RUF100 - the zone is the one that was read
            int(whole[:4]), int(whole[4:6]), int(whole[6:8]), int(whole[8:10]), int(whole[10:12]),
            int(whole[12:14] or "0"), int((fraction + "000000")[:6]), tzinfo=zone,
        )  # fmt: skip
        return stamp.astimezone(UTC)
    except (ValueError, IndexError, OverflowError) as error:
        raise Malformed(f"not a time: {content[:32]!r}") from error


def read(data: bytes, offset: int = 0, limit: int | None = None, depth: int = 0) -> Node:
    """The element that begins at `offset` and ends by `limit`. Raises Malformed."""
    if limit is None:
        limit = len(data)
    if offset + 2 > limit:
        raise Malformed(f"data end at offset {offset}")
    if depth > MAX_DEPTH:
        raise Malformed(f"nested deeper than {MAX_DEPTH} at offset {offset}")
    tag = data[offset]
    position = offset + 1
    if tag & 0x1F == 0x1F:
        number = 0
        while True:
            if position >= limit or position - offset > 5:
                raise Malformed(f"tag number at offset {offset} does not end")
            octet = data[position]
            position += 1
            number = number << 7 | octet & 0x7F
            if not octet & 0x80:
                break
        tag |= number << 8
        if position >= limit:
            raise Malformed(f"data end at offset {position}")
    length = data[position]
    position += 1
    if length >= 0x80:
        if length == 0x80:
            return _indefinite(data, tag, offset, position, limit, depth)
        count = length & 0x7F
        if count > 8 or position + count > limit:
            raise Malformed(f"length at offset {position - 1} is too long")
        length = int.from_bytes(data[position : position + count], "big")
        position += count
    end = position + length
    if end > limit:
        raise Malformed(f"element at offset {offset} needs {length} octets, {limit - position} are there")
    return Node(data, tag, offset, position, end, end, depth)


def _indefinite(  # noqa: PLR0917 - as Node
    data: bytes, tag: int, start: int, body: int, limit: int, depth: int
) -> Node:
    if not tag & 0x20:
        raise Malformed(f"primitive element of indefinite length at offset {start}")
    position = body
    while True:
        if data[position : position + 2] == b"\0\0" and position + 2 <= limit:
            return Node(data, tag, start, body, position, position + 2, depth)
        position = read(data, position, limit, depth + 1).stop


def read_all(data: bytes, offset: int, limit: int, depth: int = 0) -> list[Node]:
    """The elements that fill `[offset, limit)` exactly. Raises Malformed."""
    nodes: list[Node] = []
    while offset < limit:
        node = read(data, offset, limit, depth)
        nodes.append(node)
        offset = node.stop
    return nodes
