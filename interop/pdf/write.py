"""Incremental updates of a PDF file (ISO 32000-2 7.5.6): new and changed objects, cross-reference section, trailer.

Everything is deterministic: the second part of the file identifier is a digest of what is written, no clock and no
randomness come in. The cross-reference section has the form of the one before it: table after table, stream after stream.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from interop.model.errors import InputError, Problem, Unsupported

__all__ = ["Update", "open_reader", "pdf_date", "text_string"]

_PLAIN = re.compile(r"[\x20-\x7e]*")


def text_string(text: str) -> bytes:
    """A text string object (ISO 32000-2 7.9.2.2): literal for ASCII, UTF-16BE in hexadecimal otherwise."""
    if _PLAIN.fullmatch(text):
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return b"(" + escaped.encode("ascii") + b")"
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode("ascii") + b">"


def pdf_date(at: datetime) -> bytes:
    """A date string in UTC (ISO 32000-2 7.9.4), `Z` without an offset: some readers refuse `Z00'00'`. The datetime must be aware."""
    if at.tzinfo is None:
        raise ValueError("a PDF date needs an aware datetime")
    return at.astimezone(UTC).strftime("(D:%Y%m%d%H%M%SZ)").encode("ascii")


def open_reader(data: bytes, name: str = "document") -> PdfFileReader:
    """pyHanko's lenient reader over the file. InputError when the structure cannot be read at all."""
    try:
        reader = PdfFileReader(BytesIO(data), strict=False)
        reader.root  # noqa: B018 - reads the catalog now, so that a broken one is named here
    except Exception as error:  # the parser may raise anything on a broken file; it becomes our error
        problem = Problem(where="file", what=f"is not a readable pdf ({type(error).__name__}: {error})")
        raise InputError(name, (problem,)) from error
    return reader


class Update:
    """One incremental update under construction. `reader` shows the file as it was; `finish` gives the new file."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.reader = open_reader(data)
        if self.reader.encrypted:
            raise Unsupported("updating an encrypted pdf is not supported", hints=("decrypt the file first",))
        trailer = self.reader.trailer
        self._size = int(trailer["/Size"])
        self._objects: dict[tuple[int, int], bytes] = {}
        self._prefix = data if data.endswith((b"\n", b"\r")) else data + b"\n"

    def allocate(self) -> tuple[int, int]:
        """A fresh object number, generation 0."""
        number = self._size
        self._size += 1
        return number, 0

    def put(self, ref: tuple[int, int], body: bytes | generic.PdfObject) -> None:
        """Write an object; bytes as they are, pyHanko objects serialised."""
        if not isinstance(body, bytes):
            stream = BytesIO()
            body.write_to_stream(stream, None)
            body = stream.getvalue()
        self._objects[ref] = body

    def change(self, holder: Any, key: str, value: generic.PdfObject, holder_ref: tuple[int, int]) -> None:
        """Set one entry of a dictionary of the file and write it: in place of the object that the entry refers to, or in
        the holder where it is direct."""
        raw = holder.raw_get(key) if key in holder else None
        if isinstance(raw, generic.IndirectObject):
            self.put((raw.idnum, raw.generation), value)
        else:
            holder[generic.NameObject(key)] = value
            self.put(holder_ref, holder)

    def finish(self) -> tuple[bytes, dict[tuple[int, int], int]]:
        """The updated file, and for every object written the offset of its `N G obj` header."""
        out = bytearray(self._prefix)
        offsets: dict[tuple[int, int], int] = {}
        for (number, generation), body in sorted(self._objects.items()):
            offsets[number, generation] = len(out)
            out += b"%d %d obj\n" % (number, generation) + body + b"\nendobj\n"
        fresh_id = hashlib.sha256(bytes(out)).digest()[:16]
        if self.reader.has_xref_stream:
            self._xref_stream(out, offsets, fresh_id)
        else:
            self._xref_table(out, offsets, fresh_id)
        return bytes(out), offsets

    def _trailer_entries(self, fresh_id: bytes) -> bytes:
        trailer = self.reader.trailer
        entries = b"/Root " + _raw(trailer.raw_get("/Root"))
        if "/Info" in trailer:
            entries += b" /Info " + _raw(trailer.raw_get("/Info"))
        first = fresh_id
        if "/ID" in trailer:
            first = bytes(getattr(trailer["/ID"][0], "original_bytes", b"")) or fresh_id
        entries += b" /ID [<" + first.hex().encode() + b"><" + fresh_id.hex().encode() + b">]"
        return entries + b" /Prev %d" % self.reader.last_startxref

    def _xref_table(self, out: bytearray, offsets: dict[tuple[int, int], int], fresh_id: bytes) -> None:
        start = len(out)
        out += b"xref\n"
        entries = {number: (offset, generation) for (number, generation), offset in offsets.items()}
        for run in _runs(sorted(entries)):
            out += b"%d %d\n" % (run[0], len(run))
            for number in run:
                out += b"%010d %05d n \n" % entries[number]
        out += b"trailer\n<< /Size %d " % self._size + self._trailer_entries(fresh_id) + b" >>\n"
        out += b"startxref\n%d\n%%%%EOF\n" % start

    def _xref_stream(self, out: bytearray, offsets: dict[tuple[int, int], int], fresh_id: bytes) -> None:
        start = len(out)
        own, _ = self.allocate()
        entries = {number: (offset, generation) for (number, generation), offset in offsets.items()}
        entries[own] = (start, 0)
        index: list[int] = []
        rows = bytearray()
        for run in _runs(sorted(entries)):
            index += [run[0], len(run)]
            for number in run:
                offset, generation = entries[number]
                rows += b"\x01" + offset.to_bytes(5, "big") + generation.to_bytes(2, "big")
        out += b"%d 0 obj\n<< /Type /XRef /Size %d /W [1 5 2] /Index [" % (own, self._size)
        out += " ".join(map(str, index)).encode() + b"] " + self._trailer_entries(fresh_id)
        out += b" /Length %d >>\nstream\n" % len(rows) + rows + b"\nendstream\nendobj\n"
        out += b"startxref\n%d\n%%%%EOF\n" % start


def _runs(numbers: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _raw(value: Any) -> bytes:
    stream = BytesIO()
    value.write_to_stream(stream, None)
    return stream.getvalue()
