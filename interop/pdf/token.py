"""A small strict reader of PDF objects straight from the bytes (ISO 32000-2 7.2, 7.3), independent of any library.

It keeps what a library throws away: where every value stands, and which keys a dictionary holds twice. It reads one object at
an offset; it follows no reference and opens no stream.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["WHITE_SPACE", "Malformed", "PdfDict", "PdfValue", "TokenBudget", "read_value", "string_bytes"]

_SPACE = re.compile(rb"(?:[\x00\t\n\x0c\r ]+|%[^\r\n]*)*")
_REGULAR = re.compile(rb"[^\x00\t\n\x0c\r ()<>\[\]{}/%]*")
_REFERENCE = re.compile(rb"(\d{1,10})[\x00\t\n\x0c\r ]+(\d{1,5})[\x00\t\n\x0c\r ]+R(?=[\x00\t\n\x0c\r ()<>\[\]{}/%]|$)")
_INTEGER = re.compile(rb"[+-]?\d+")
_REAL = re.compile(rb"[+-]?(?:\d+\.\d*|\.\d+)")
_HEX = re.compile(rb"[0-9A-Fa-f]*")
_STRING_STOP = re.compile(rb"[()\\]")
WHITE_SPACE = b"\x00\t\n\x0c\r "
"""ISO 32000-2 7.2.3, table 1."""
_DEPTH = 40
_TOKENS = 200_000
_LONGEST = 8 << 20
"""Bytes that one string may take; a signature value is far below."""


class Malformed(Exception):
    """The bytes are not a PDF object; the message says what and where."""


class TokenBudget:
    """How many tokens all reads that share it may take: bounded work on hostile files without a clock."""

    def __init__(self, tokens: int) -> None:
        self.left = tokens


Kind = Literal["dict", "array", "name", "integer", "real", "hex", "literal", "reference", "keyword"]


@dataclass(slots=True)
class PdfDict:
    """A dictionary as written."""

    entries: dict[str, PdfValue] = field(default_factory=dict)
    """First value of each key."""
    repeated: tuple[str, ...] = ()
    """Keys that stand more than once."""
    again: tuple[PdfValue, ...] = ()
    """The values of those, in order: which of several values counts is each reader's own choice."""


@dataclass(slots=True)
class PdfValue:
    """One value with its place: `data[start:end]` is the token or the whole bracketed object."""

    kind: Kind
    start: int
    end: int
    value: PdfDict | tuple[PdfValue, ...] | str | int | bytes | tuple[int, int] | None = None

    @property
    def name(self) -> str | None:
        """The name without slash; None where it is no name."""
        return self.value if self.kind == "name" and isinstance(self.value, str) else None

    @property
    def dict(self) -> PdfDict | None:
        """The dictionary; None where it is none."""
        return self.value if isinstance(self.value, PdfDict) else None

    @property
    def items(self) -> tuple[PdfValue, ...]:
        """The items of an array; empty where it is none."""
        if self.kind != "array" or not isinstance(self.value, tuple):
            return ()
        return tuple(item for item in self.value if isinstance(item, PdfValue))


_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|[\r\n])|(.))|\r\n?", re.DOTALL)


def string_bytes(value: PdfValue) -> bytes | None:
    """The bytes that a string object stands for (ISO 32000-2 7.3.4); None where it is no string."""
    if not isinstance(value.value, bytes) or value.kind not in ("hex", "literal"):
        return None
    if value.kind == "hex" or (b"\\" not in value.value and b"\r" not in value.value):
        return value.value

    def plain(match: re.Match[bytes]) -> bytes:
        if match[1]:
            return bytes([int(match[1], 8) & 255])
        if match[2]:
            return b""
        return _ESCAPES.get(match[3], match[3]) if match[3] else b"\n"

    return _ESCAPE.sub(plain, value.value)


def read_value(data: bytes, offset: int, budget: TokenBudget | None = None) -> PdfValue:
    """The object that starts at the offset (leading white space and comments skipped). Raises Malformed."""
    reader = _Reader(data, _TOKENS if budget is None else min(_TOKENS, budget.left))
    try:
        return reader.value(offset, 0)
    finally:
        if budget is not None:
            budget.left -= reader.used


class _Reader:
    def __init__(self, data: bytes, most: int) -> None:
        self._data = data
        self._most = most
        self.used = 0

    def _skip(self, at: int) -> int:
        match = _SPACE.match(self._data, at)
        return match.end() if match else at

    def value(self, at: int, depth: int) -> PdfValue:
        self.used += 1
        if depth > _DEPTH or self.used > self._most:
            raise Malformed(f"object too deep or too large at {at}")
        data = self._data
        at = self._skip(at)
        lead = data[at : at + 1]
        if lead == b"<":
            return self._dict(at, depth) if data[at + 1 : at + 2] == b"<" else self._hex(at)
        if lead == b"[":
            return self._array(at, depth)
        if lead == b"(":
            return self._literal(at)
        if lead == b"/":
            return self._name(at)
        reference = _REFERENCE.match(data, at)
        if reference:
            return PdfValue("reference", at, reference.end(), (int(reference[1]), int(reference[2])))
        word = _REGULAR.match(data, at)
        text = word[0] if word else b""
        if not text:
            raise Malformed(f"unexpected byte {lead!r} at {at}")
        end = at + len(text)
        if _INTEGER.fullmatch(text):
            if len(text) > 20:
                raise Malformed(f"integer of {len(text)} digits at {at}")
            return PdfValue("integer", at, end, int(text))
        if _REAL.fullmatch(text):
            return PdfValue("real", at, end, text)
        return PdfValue("keyword", at, end, text)

    def _name(self, at: int) -> PdfValue:
        match = _REGULAR.match(self._data, at + 1)
        raw = match[0] if match else b""
        if b"#" in raw:
            raw = re.sub(rb"#([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), raw)
        return PdfValue("name", at, at + 1 + (len(match[0]) if match else 0), raw.decode("latin-1"))

    def _hex(self, at: int) -> PdfValue:
        end = self._data.find(b">", at + 1, at + _LONGEST)
        if end < 0:
            raise Malformed(f"hexadecimal string at {at} is not closed")
        digits = self._data[at + 1 : end]
        if not _HEX.fullmatch(digits):
            digits = digits.translate(None, WHITE_SPACE)
            if not _HEX.fullmatch(digits):
                raise Malformed(f"hexadecimal string at {at} holds other characters")
        if len(digits) % 2:
            digits += b"0"
        return PdfValue("hex", at, end + 1, bytes.fromhex(digits.decode("ascii")))

    def _literal(self, at: int) -> PdfValue:
        level, cursor = 1, at + 1
        while level:
            stop = _STRING_STOP.search(self._data, cursor, at + _LONGEST)
            if stop is None:
                raise Malformed(f"string at {at} is not closed")
            cursor = stop.end()
            self.used += 1
            if self.used > self._most:
                raise Malformed(f"string at {at} is too tangled")
            if stop[0] == b"\\":
                cursor += 1
            else:
                level += 1 if stop[0] == b"(" else -1
        return PdfValue("literal", at, cursor, self._data[at + 1 : cursor - 1])

    def _array(self, at: int, depth: int) -> PdfValue:
        items: list[PdfValue] = []
        cursor = self._skip(at + 1)
        while self._data[cursor : cursor + 1] != b"]":
            item = self.value(cursor, depth + 1)
            items.append(item)
            cursor = self._skip(item.end)
        return PdfValue("array", at, cursor + 1, tuple(items))

    def _dict(self, at: int, depth: int) -> PdfValue:
        found = PdfDict()
        cursor = self._skip(at + 2)
        while self._data[cursor : cursor + 2] != b">>":
            key = self.value(cursor, depth + 1)
            if key.name is None:
                raise Malformed(f"dictionary key at {cursor} is not a name")
            cursor = self._skip(key.end)
            if self._data[cursor : cursor + 2] == b">>":
                raise Malformed(f"key /{key.name} at {key.start} has no value")
            value = self.value(cursor, depth + 1)
            if key.name in found.entries:
                found.repeated += (key.name,)
                found.again += (value,)
            else:
                found.entries[key.name] = value
            cursor = self._skip(value.end)
        return PdfValue("dict", at, cursor + 2, found)
