"""The object store of a PDF over all its revisions (ISO 32000-2 7.5): objects by number, object streams, decoded streams.

Our own reader, so that hostile files cost bounded time and memory and what is broken is named.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable

from interop.pdf.object import NULL, PdfObject
from interop.pdf.predictor import unpredict
from interop.pdf.token import Malformed, PdfValue, TokenBudget, read_value
from interop.pdf.xref import Chain, Revision, revisions_of

__all__ = ["NULL", "PdfObject", "Revision", "Store", "View"]

_HEADER = re.compile(rb"[\x00\t\n\x0c\r ]*(\d{1,10})[\x00\t\n\x0c\r ]+(\d{1,5})[\x00\t\n\x0c\r ]+obj(?![A-Za-z])")
_STREAM = re.compile(rb"(?:[\x00\t\n\x0c\r ]|%[^\r\n]*[\r\n])*stream(?:\r\n|\n|\r)")
_ENDSTREAM = re.compile(rb"[\x00\t\n\x0c\r ]*endstream")
_TOKENS = 2_000_000
"""Tokens read at most in one file."""
_INFLATED = 64 << 20
"""Bytes that all decoded streams of one file may take together."""


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
        chain = Chain(data, self._budget, self._at_any, lambda found: self.decode(found, plain=True))
        self._sections = chain.read()
        self.trouble = chain.trouble
        """What was wrong with the last cross-reference chain, where an earlier one had to be taken."""
        self.revisions = revisions_of(data, self._sections)

    def view(self, revision: int) -> View:
        """The file as of a revision, counted from 0."""
        return View(self, self.revisions[revision].sections - 1, revision)

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

    def _at_any(self, offset: int) -> PdfObject:
        """The object at an offset, before there are revisions; a /Length by reference is not followed."""
        return self._at(offset, None, View(self, -1, -1))

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
                data = unpredict(data, {k: v.value for k, v in own.dict.entries.items() if isinstance(v.value, int)})
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
