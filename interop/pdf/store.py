"""The object store of a PDF over all its revisions (ISO 32000-2 7.5): cross-reference tables and streams, object streams.

Our own reader, so that hostile files cost bounded time and memory and what is broken is named. It repairs only one thing: where
the last cross-reference chain cannot be read, it takes the last one that can, and whatever lies behind it is a tail that no
reader is meant to show.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from interop.pdf.token import Malformed, PdfDict, PdfValue, TokenBudget, read_value

__all__ = ["NULL", "PdfObject", "Revision", "Store", "View"]

_STARTXREF = re.compile(rb"startxref[\x00\t\n\x0c\r ]+(\d{1,20})")
_EOF = re.compile(rb"%%EOF")
_SUBSECTION = re.compile(
    rb"[\x00\t\n\x0c\r ]*(\d{1,10})[\x00\t\n\x0c\r ]+(\d{1,10})[\x00\t\n\x0c\r ]*(?=[\d\x00\t\n\x0c\r t])"
)
_ENTRY = re.compile(rb"[\x00\t\n\x0c\r ]*(\d{1,20})[\x00\t\n\x0c\r ]+(\d{1,5})[\x00\t\n\x0c\r ]+([nf])")
_TRAILER = re.compile(rb"[\x00\t\n\x0c\r ]*trailer")
_HEADER = re.compile(rb"[\x00\t\n\x0c\r ]*(\d{1,10})[\x00\t\n\x0c\r ]+(\d{1,5})[\x00\t\n\x0c\r ]+obj(?![A-Za-z])")
_STREAM = re.compile(rb"(?:[\x00\t\n\x0c\r ]|%[^\r\n]*[\r\n])*stream(?:\r\n|\n|\r)")
_ENDSTREAM = re.compile(rb"[\x00\t\n\x0c\r ]*endstream")
_SECTIONS = 4000
_TOKENS = 2_000_000
"""Tokens read at most in one file."""
_INFLATED = 64 << 20
"""Bytes that all decoded streams of one file may take together."""
_WHITE = b"\x00\t\n\x0c\r "


@dataclass(frozen=True, slots=True)
class PdfObject:
    """An object as found: its value, the bytes that its offsets refer to, and for a stream the encoded data."""

    value: PdfValue
    source: bytes
    stream: bytes | None = None
    number: int | None = None
    """Object number; None for a direct object."""
    stream_start: int = -1
    """Offset of the encoded data."""
    place: tuple[int, int] = (-1, -1)
    """(offset, -1), or (offset of the object stream, index): the same place is the same object."""

    @property
    def entries(self) -> dict[str, PdfValue]:
        """Entries of the dictionary or of the stream's; empty where it is none."""
        return self.value.dict.entries if self.value.dict is not None else {}

    def again(self, key: str) -> list[PdfObject]:
        """Further values of a key that stands more than once, in order."""
        found = self.value.dict
        if found is None or key not in found.repeated:
            return []
        pairs = zip(found.repeated, found.again, strict=True)
        return [PdfObject(value, self.source) for name, value in pairs if name == key]

    @property
    def ambiguous(self) -> list[str]:
        """Keys that stand more than once with values written differently: which one counts is each reader's own choice."""
        found = self.value.dict
        if found is None or not found.repeated:
            return []
        first = {key: PdfObject(found.entries[key], self.source).raw for key in found.repeated}
        return sorted(key for key in first if any(other.raw != first[key] for other in self.again(key)))

    @property
    def raw(self) -> bytes:
        """The bytes of the value as written, stream data not included."""
        return self.source[self.value.start : self.value.end]


NULL = PdfObject(PdfValue("keyword", 0, 4, b"null"), b"null")
"""What a reference to nothing gives (ISO 32000-2 7.3.10)."""


@dataclass(slots=True)
class _Section:
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


class Store:
    """All objects of all revisions. Raises Malformed where no cross-reference chain can be read."""

    def __init__(self, data: bytes, decoder: Callable[[int, int], bytes] | None = None) -> None:
        self.data = data
        self.decoder = decoder
        """For an encrypted file: decoded and decrypted data of a stream by object number and revision."""
        self._inflated = 0
        self._budget = TokenBudget(_TOKENS)
        self._objects: dict[tuple[int, int], PdfObject] = {}
        self._object_streams: dict[tuple[int, int], tuple[bytes, list[tuple[int, int]]]] = {}
        self._bomb = False
        self.trouble = ""
        """What was wrong with the last chain, where an earlier one had to be taken."""
        self._sections = self._chain()
        self.revisions = self._revisions()

    def view(self, revision: int) -> View:
        """The file as of a revision, counted from 0."""
        return View(self, self.revisions[revision].sections - 1, revision)

    # -- cross-reference sections ------------------------------------------------------------------------------------

    def _chain(self) -> list[_Section]:
        starts = [int(m[1]) for m in _STARTXREF.finditer(self.data)]
        if not starts:
            raise Malformed("startxref is missing")
        for start in reversed(starts[-50:]):
            try:
                return self._follow(start)
            except Malformed as error:
                self.trouble = self.trouble or str(error)
        raise Malformed(self.trouble)

    def _follow(self, start: int) -> list[_Section]:
        sections: list[_Section] = []
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

    def _section(self, at: int) -> _Section:
        data = self.data
        if not 0 <= at < len(data):
            raise Malformed(f"cross-reference offset {at} is outside the file")
        while data[at : at + 1] in (b" ", b"\r", b"\n", b"\t") and at < len(data):
            at += 1
        if data.startswith(b"xref", at):
            return self._table(at)
        return self._xref_stream(at)

    def _table(self, at: int) -> _Section:
        section = _Section(at, source=self.data)
        cursor = at + 4
        while (match := _SUBSECTION.match(self.data, cursor)) is not None:
            first, count = int(match[1]), int(match[2])
            cursor = match.end()
            for number in range(first, first + count):
                entry = _ENTRY.match(self.data, cursor)
                if entry is None:
                    raise Malformed(f"broken cross-reference entry at {cursor}")
                cursor = entry.end()
                section.put(number, (1 if entry[3] == b"n" else 0, int(entry[1]), int(entry[2])))
        trailer = _TRAILER.match(self.data, cursor)
        if trailer is None:
            raise Malformed(f"no trailer behind the cross-reference table at {at}")
        value = read_value(self.data, trailer.end(), self._budget)
        if value.dict is None:
            raise Malformed(f"the trailer at {trailer.end()} is no dictionary")
        section.trailer = value.dict
        return section

    def _xref_stream(self, at: int) -> _Section:
        found = self._at(at, None, View(self, -1, -1))
        if found.stream is None or found.entries.get("Type", NULL.value).name != "XRef":
            raise Malformed(f"no cross-reference section at {at}")
        rows = self.decode(found, plain=True)
        widths = [i.value for i in found.entries["W"].items if isinstance(i.value, int)] if "W" in found.entries else []
        size = found.entries.get("Size", NULL.value).value
        if len(widths) != 3 or not isinstance(size, int) or min(widths) < 0 or sum(widths) > 40:
            raise Malformed(f"broken cross-reference stream at {at}")
        index = (
            [i.value for i in found.entries["Index"].items if isinstance(i.value, int)]
            if "Index" in found.entries
            else [0, size]
        )
        section = _Section(at, trailer=found.value.dict or PdfDict(), source=found.source)
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

    def _revisions(self) -> tuple[Revision, ...]:
        """Revisions by the `startxref` that closes each: the newest section of a revision is the one that it names.

        The offset of a section says nothing: a section that lies dormant in the signed bytes is brought to life by a later
        /Prev, and belongs to the revision that does so (shadow attacks, NDSS 2021). One that no `startxref` names belongs to
        the next one up the chain that is named, as the main section of a linearized file does (ISO 32000-2 annex F).
        """
        markers = [match.end() for match in _EOF.finditer(self.data)]
        ends: dict[int, list[int]] = {}
        for match in _STARTXREF.finditer(self.data):
            following = bisect_right(markers, match.end())
            ends.setdefault(int(match[1]), []).append(
                markers[following] if following < len(markers) else len(self.data)
            )
        found: list[Revision] = []
        furthest = 0
        for count, section in enumerate(self._sections, 1):
            known = ends.get(section.named, ()) if section.named is not None else ()
            marker = next((end for end in known if end > furthest), None)
            if marker is None and count < len(self._sections):
                continue
            furthest = marker if marker is not None else max([furthest, *(known or [len(self.data)])])
            end = furthest + (
                2
                if self.data[furthest : furthest + 2] == b"\r\n"
                else self.data[furthest : furthest + 1] in (b"\r", b"\n")
            )
            found.append(Revision(count, furthest, end))
        return tuple(found)

    def ambiguities(self, revision: int) -> list[str]:
        """What a revision, counted from 0, writes so that readers are known to take it in different ways."""
        first = self.revisions[revision - 1].sections if revision else 0
        sections = self._sections[first : self.revisions[revision].sections]
        return [text for section in sections for text in section.ambiguous]

    # -- objects ------------------------------------------------------------------------------------------------------

    def entry(self, number: int, section: int) -> tuple[int, int, int] | None:
        """The cross-reference entry of an object as of a section."""
        for index in range(section, -1, -1):
            entry = self._sections[index].entries.get(number)
            if entry is not None:
                return entry
        return None

    def trace(self, number: int, section: int) -> tuple[object, ...]:
        """Where an object stands as of a section, its object stream included: equal traces are the same bytes."""
        entry = self.entry(number, section)
        return (entry, self.entry(entry[1], section)) if entry is not None and entry[0] == 2 else (entry,)

    @property
    def exhausted(self) -> bool:
        """The file took more reading or decompressing than this store does; what was not read counts as missing."""
        return self._bomb or self._budget.left <= 0

    def trailer(self, section: int) -> PdfObject:
        """The trailer dictionary of a section."""
        found = self._sections[section]
        return PdfObject(PdfValue("dict", 0, 0, found.trailer), found.source)

    def trailer_entry(self, key: str, section: int) -> PdfObject:
        """A trailer entry as of a section: of the newest trailer that has it; NULL where none has."""
        for index in range(section, -1, -1):
            found = self._sections[index]
            if key in found.trailer.entries:
                return PdfObject(found.trailer.entries[key], found.source)
        return NULL

    def trailer_keys(self, section: int) -> frozenset[str]:
        """Keys of all trailers up to a section."""
        return frozenset(key for found in self._sections[: section + 1] for key in found.trailer.entries)

    def offsets(self) -> frozenset[int]:
        """Offsets of all objects that some revision knows and that are not in object streams."""
        return frozenset(entry[1] for section in self._sections for entry in section.entries.values() if entry[0] == 1)

    def object_at(self, offset: int) -> PdfObject:
        """The object whose header stands at the offset; NULL where it cannot be read."""
        try:
            return self._at(offset, None, self.view(len(self.revisions) - 1))
        except Malformed:
            return NULL

    def get(self, number: int, view: View) -> PdfObject:
        """The object with that number; NULL where there is none or it cannot be read."""
        entry = self.entry(number, view.section)
        if entry is None or entry[0] not in (1, 2):
            return NULL
        try:
            return (
                self._at(entry[1], number, view)
                if entry[0] == 1
                else self._compressed(entry[1], entry[2], number, view)
            )
        except Malformed:
            return NULL

    def has_generation(self, number: int, generation: object, view: View) -> bool:
        """Whether a reference with that generation means the object (ISO 32000-2 7.3.10: any other is a reference to nothing)."""
        entry = self.entry(number, view.section)
        return entry is not None and generation == (entry[2] if entry[0] == 1 else 0)

    def _at(self, offset: int, number: int | None, view: View) -> PdfObject:
        cached = self._objects.get((offset, -1))
        if cached is not None and (number is None or cached.number == number):
            return cached
        header = _HEADER.match(self.data, offset)
        if header is None or (number is not None and int(header[1]) != number):
            raise Malformed(f"no object {number} at {offset}")
        value = read_value(self.data, header.end(), self._budget)
        stream = None
        start = _STREAM.match(self.data, value.end) if value.dict is not None else None
        if start is not None:
            stream = self._stream_bytes(value, start.end(), view)
        found = PdfObject(
            value, self.data, stream, int(header[1]), start.end() if start is not None else -1, (offset, -1)
        )
        self._objects[offset, -1] = found
        return found

    def _stream_bytes(self, value: PdfValue, start: int, view: View) -> bytes:
        length = value.dict.entries.get("Length") if value.dict is not None else None
        if length is not None and length.kind == "reference" and view.section >= 0:
            length = view.resolve(PdfObject(length, self.data)).value
        if length is not None and isinstance(length.value, int):
            end = start + length.value
            if start <= end <= len(self.data) and _ENDSTREAM.match(self.data, end):
                return self.data[start:end]
        end = self.data.find(b"endstream", start)
        if end < 0:
            raise Malformed(f"stream at {start} does not end")
        return self.data[start:end]

    def _compressed(self, container: int, index: int, number: int, view: View) -> PdfObject:
        stream = self.get(container, view)
        if stream.stream is None:
            raise Malformed(f"object stream {container} is missing")
        place = (stream.place[0], index)
        cached = self._objects.get(place)
        if cached is not None:
            return cached
        known = self._object_streams.get(stream.place)
        if known is None:
            first = stream.entries.get("First", NULL.value).value
            count = stream.entries.get("N", NULL.value).value
            if not isinstance(first, int) or not isinstance(count, int):
                raise Malformed(f"object stream {container} has no /First or /N")
            body = self.decode(stream, view=view)
            numbers = [int(n) for n in body[:first].split()[: 2 * count] if n.isdigit()]
            known = body, [(n, first + o) for n, o in zip(numbers[::2], numbers[1::2], strict=False)]
            self._object_streams[stream.place] = known
        body, table = known
        at = next((o for n, o in table[index : index + 1] if n == number), None)
        if at is None:
            at = next((o for n, o in table if n == number), None)
        if at is None:
            raise Malformed(f"object {number} is not in object stream {container}")
        found = PdfObject(read_value(body, at, self._budget), body, None, number, -1, place)
        self._objects[place] = found
        return found

    def decode(self, found: PdfObject, *, view: View | None = None, plain: bool = False) -> bytes:
        """The stream's data with /FlateDecode and its predictors undone. Raises Malformed for other filters and for bombs.

        `plain`: never encrypted (cross-reference streams).
        """
        data = found.stream or b""
        if self.decoder is not None and not plain and found.number is not None and view is not None:
            return self.decoder(found.number, view.revision)
        filters = found.entries.get("Filter")
        names = (
            [filters.name]
            if filters is not None and filters.name
            else [i.name for i in filters.items]
            if filters
            else []
        )
        parameters = found.entries.get("DecodeParms")
        for position, name in enumerate(names):
            if name not in ("FlateDecode", "Fl"):
                raise Malformed(f"filter {name} is not decoded here")
            data = self._inflate(data)
            chosen = parameters.items[position : position + 1] if parameters is not None and parameters.items else ()
            own = chosen[0] if chosen else parameters
            if own is not None and own.dict is not None:
                data = _unpredict(data, {k: v.value for k, v in own.dict.entries.items() if isinstance(v.value, int)})
        return data

    def _inflate(self, data: bytes) -> bytes:
        machine = zlib.decompressobj()
        left = _INFLATED - self._inflated
        try:
            out = machine.decompress(data, max(left, 1))
        except zlib.error as error:
            raise Malformed(f"compressed stream: {error}") from error
        self._inflated += len(out)
        if machine.unconsumed_tail:
            self._bomb = True
            raise Malformed("streams decompress to more than this reader takes")
        return out


def _unpredict(data: bytes, parameters: dict[str, int]) -> bytes:
    """Undo PNG predictors (ISO 32000-2 7.4.4.4); predictor 1 leaves the data as it is."""
    predictor = parameters.get("Predictor", 1)
    if predictor == 1:
        return data
    if predictor < 10:
        raise Malformed(f"predictor {predictor} is not undone here")
    pixel = max(1, parameters.get("Colors", 1) * parameters.get("BitsPerComponent", 8) // 8)
    width = max(
        1, (parameters.get("Columns", 1) * parameters.get("Colors", 1) * parameters.get("BitsPerComponent", 8) + 7) // 8
    )
    out, above = bytearray(), bytes(width)
    for start in range(0, len(data) - width, width + 1):
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + width])
        if kind == 2:
            row = bytearray((a + b) & 255 for a, b in zip(row, above, strict=True))
        elif kind in (1, 3, 4):
            for i in range(width):
                left = row[i - pixel] if i >= pixel else 0
                corner = above[i - pixel] if i >= pixel else 0
                guess = left if kind == 1 else (left + above[i]) // 2 if kind == 3 else _paeth(left, above[i], corner)
                row[i] = (row[i] + guess) & 255
        elif kind != 0:
            raise Malformed(f"row predictor {kind}")
        out += row
        above = bytes(row)
    return bytes(out)


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))


class View:
    """The file as of one revision."""

    def __init__(self, store: Store, section: int, revision: int) -> None:
        self.store = store
        self.section = section
        self.revision = revision
        self.marks: dict[object, list[tuple[float, float]] | None] = {}
        """Where each page shows something, kept by `interop.pdf.marks`."""

    @property
    def trailer(self) -> PdfObject:
        """The trailer."""
        return self.store.trailer(self.section)

    @property
    def root(self) -> PdfObject:
        """The catalog; NULL where it cannot be read."""
        return self.get(self.trailer, "Root")

    def resolve(self, found: PdfObject) -> PdfObject:
        """The object itself, or what the reference leads to; NULL for a chain of references that does not end."""
        for _ in range(8):
            value = found.value
            if value.kind != "reference" or not isinstance(value.value, tuple):
                return found
            number, generation = value.value
            if not isinstance(number, int) or not self.store.has_generation(number, generation, self):
                return NULL
            found = self.store.get(number, self)
        return NULL

    def get(self, holder: PdfObject, key: str) -> PdfObject:
        """The value of a dictionary entry, resolved; NULL where it is missing."""
        value = holder.entries.get(key)
        return NULL if value is None else self.resolve(PdfObject(value, holder.source))

    def items(self, holder: PdfObject, key: str | None = None) -> list[PdfObject]:
        """Items of an array (of the entry, or of the object itself), not resolved."""
        array = holder if key is None else self.get(holder, key)
        return [PdfObject(item, array.source) for item in array.value.items]

    def integer(self, holder: PdfObject, key: str) -> int | None:
        """An integer entry."""
        value = self.get(holder, key).value
        return value.value if value.kind == "integer" and isinstance(value.value, int) else None

    def name(self, holder: PdfObject, key: str) -> str | None:
        """A name entry."""
        return self.get(holder, key).value.name
