"""Cross-reference tables and streams of a PDF, chained by /Prev, and the revisions that they make (ISO 32000-2 7.5.4, 7.5.6, 7.5.8).

One thing is repaired: where the last chain cannot be read, the last one that can is taken, and whatever lies behind it is a tail
that no reader is meant to show.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from interop.pdf.object import NULL, PdfObject
from interop.pdf.token import Malformed, PdfDict, TokenBudget, read_value

__all__ = ["Chain", "Revision", "Section", "revisions_of"]

_STARTXREF = re.compile(rb"startxref[\x00\t\n\x0c\r ]+(\d{1,20})")
_EOF = re.compile(rb"%%EOF")
_SUBSECTION = re.compile(
    rb"[\x00\t\n\x0c\r ]*(\d{1,10})[\x00\t\n\x0c\r ]+(\d{1,10})[\x00\t\n\x0c\r ]*(?=[\d\x00\t\n\x0c\r t])"
)
_ENTRY = re.compile(rb"[\x00\t\n\x0c\r ]*(\d{1,20})[\x00\t\n\x0c\r ]+(\d{1,5})[\x00\t\n\x0c\r ]+([nf])")
_TRAILER = re.compile(rb"[\x00\t\n\x0c\r ]*trailer")
_SECTIONS = 4000
"""Sections in one chain at most."""


@dataclass(slots=True)
class Section:
    """One cross-reference section."""

    offset: int
    entries: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    """Number -> (type, offset or object stream, generation or index); type 0 is free."""
    trailer: PdfDict = field(default_factory=PdfDict)
    source: bytes = b""
    """What the offsets in the trailer refer to."""
    named: int | None = None
    """Offset by which `startxref` or /Prev calls it; differs from `offset` by white space."""
    ambiguous: list[str] = field(default_factory=list)
    """What readers are known to take in different ways."""

    def put(self, number: int, entry: tuple[int, int, int]) -> None:
        """Keep an entry; the last one counts here, the first one elsewhere."""
        if self.entries.get(number, entry) != entry:
            self.ambiguous.append(f"object {number} stands twice in the cross-reference section at {self.offset}")
        self.entries[number] = entry


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision: the sections that belong to it, and where it ends."""

    sections: int
    """Number of cross-reference sections up to and including it."""
    marker: int
    """Offset behind its `%%EOF`, or the end of the file where that is missing."""
    end: int
    """The same, one end-of-line marker included."""


class Chain:
    """Reads the sections of one file. `object_at` reads the object at an offset, `decoded` the data of its stream."""

    def __init__(
        self,
        data: bytes,
        budget: TokenBudget,
        object_at: Callable[[int], PdfObject],
        decoded: Callable[[PdfObject], bytes],
    ) -> None:
        self._data = data
        self._budget = budget
        self._object_at = object_at
        self._decoded = decoded
        self.trouble = ""
        """What was wrong with the last chain, where an earlier one had to be taken."""

    def read(self) -> list[Section]:
        """Sections of the last chain that can be read, oldest first. Raises Malformed where there is none."""
        starts = [int(m[1]) for m in _STARTXREF.finditer(self._data)]
        if not starts:
            raise Malformed("startxref is missing")
        for start in reversed(starts[-50:]):
            try:
                return self._follow(start)
            except Malformed as error:
                self.trouble = self.trouble or str(error)
        raise Malformed(self.trouble)

    def _follow(self, start: int) -> list[Section]:
        sections: list[Section] = []
        seen: set[int] = set()
        at: int | None = start
        while at is not None:
            if at in seen or len(seen) > _SECTIONS:
                raise Malformed(f"circular or endless chain of cross-reference sections at {at}")
            seen.add(at)
            section = self._section(at)
            section.named = at
            hybrid = section.trailer.entries.get("XRefStm")
            if hybrid is not None and isinstance(hybrid.value, int):
                extra = self._section(hybrid.value)
                section.ambiguous += extra.ambiguous
                section.ambiguous += [
                    f"object {n} differs between table and stream of the hybrid section at {at}"
                    for n, e in section.entries.items()
                    if e[0] and extra.entries.get(n, e) != e
                ]
                section.entries = {
                    **extra.entries,
                    **{n: e for n, e in section.entries.items() if e[0] or n not in extra.entries},
                }
            if section.trailer.repeated:
                keys = ", ".join(sorted(set(section.trailer.repeated)))
                section.ambiguous.append(f"keys twice in the trailer at {at}: {keys}")
            sections.append(section)
            previous = section.trailer.entries.get("Prev")
            at = previous.value if previous is not None and isinstance(previous.value, int) else None
        root = sections[0].trailer.entries.get("Root")
        if root is None or root.kind != "reference":
            raise Malformed("the trailer has no /Root")
        return sections[::-1]

    def _section(self, at: int) -> Section:
        data = self._data
        if not 0 <= at < len(data):
            raise Malformed(f"cross-reference offset {at} is outside the file")
        while data[at : at + 1] in (b" ", b"\r", b"\n", b"\t") and at < len(data):
            at += 1
        if data.startswith(b"xref", at):
            return self._table(at)
        return self._xref_stream(at)

    def _table(self, at: int) -> Section:
        section = Section(at, source=self._data)
        cursor = at + 4
        while (match := _SUBSECTION.match(self._data, cursor)) is not None:
            first, count = int(match[1]), int(match[2])
            cursor = match.end()
            for number in range(first, first + count):
                entry = _ENTRY.match(self._data, cursor)
                if entry is None:
                    raise Malformed(f"broken cross-reference entry at {cursor}")
                cursor = entry.end()
                section.put(number, (1 if entry[3] == b"n" else 0, int(entry[1]), int(entry[2])))
        trailer = _TRAILER.match(self._data, cursor)
        if trailer is None:
            raise Malformed(f"no trailer behind the cross-reference table at {at}")
        value = read_value(self._data, trailer.end(), self._budget)
        if value.dict is None:
            raise Malformed(f"the trailer at {trailer.end()} is no dictionary")
        section.trailer = value.dict
        return section

    def _xref_stream(self, at: int) -> Section:
        found = self._object_at(at)
        if found.stream is None or found.entries.get("Type", NULL.value).name != "XRef":
            raise Malformed(f"no cross-reference section at {at}")
        rows = self._decoded(found)
        widths = [i.value for i in found.entries["W"].items if isinstance(i.value, int)] if "W" in found.entries else []
        size = found.entries.get("Size", NULL.value).value
        if len(widths) != 3 or not isinstance(size, int) or min(widths) < 0 or sum(widths) > 40:
            raise Malformed(f"broken cross-reference stream at {at}")
        index = (
            [i.value for i in found.entries["Index"].items if isinstance(i.value, int)]
            if "Index" in found.entries
            else [0, size]
        )
        section = Section(at, trailer=found.value.dict or PdfDict(), source=found.source)
        width, cursor = sum(widths), 0
        for first, count in zip(index[::2], index[1::2], strict=False):
            for number in range(first, first + min(count, len(rows) // max(width, 1) + 1)):
                row = rows[cursor : cursor + width]
                if len(row) < width:
                    break
                cursor += width
                kind = int.from_bytes(row[: widths[0]], "big") if widths[0] else 1
                middle = int.from_bytes(row[widths[0] : widths[0] + widths[1]], "big")
                section.put(number, (kind, middle, int.from_bytes(row[widths[0] + widths[1] :], "big")))
        return section


def revisions_of(data: bytes, sections: list[Section]) -> tuple[Revision, ...]:
    """Revisions by the `startxref` that closes each: the newest section of a revision is the one that it names.

    The offset of a section says nothing: a section that lies dormant in the signed bytes is brought to life by a later
    /Prev, and belongs to the revision that does so (shadow attacks, NDSS 2021). One that no `startxref` names belongs to
    the next one up the chain that is named, as the main section of a linearized file does (ISO 32000-2 annex F).
    """
    markers = [match.end() for match in _EOF.finditer(data)]
    ends: dict[int, list[int]] = {}
    for match in _STARTXREF.finditer(data):
        following = bisect_right(markers, match.end())
        ends.setdefault(int(match[1]), []).append(markers[following] if following < len(markers) else len(data))
    found: list[Revision] = []
    furthest = 0
    for count, section in enumerate(sections, 1):
        known = ends.get(section.named, ()) if section.named is not None else ()
        marker = next((end for end in known if end > furthest), None)
        if marker is None and count < len(sections):
            continue
        furthest = marker if marker is not None else max([furthest, *(known or [len(data)])])
        end = furthest + (
            2 if data[furthest : furthest + 2] == b"\r\n" else data[furthest : furthest + 1] in (b"\r", b"\n")
        )
        found.append(Revision(count, furthest, end))
    return tuple(found)
