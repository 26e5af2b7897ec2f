"""Small PDF files written by hand, and updates appended to them byte by byte, as an attacker would."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["EVIL", "GOOD", "build", "form_xobject", "last_xref", "page", "simple", "stream", "update"]

GOOD = b"BT /F1 24 Tf 72 700 Td (Pay 100) Tj ET"
EVIL = b"BT /F1 24 Tf 72 700 Td (Pay 999) Tj ET"
_FREE = b"0 1\n0000000000 65535 f \n"


def stream(data: bytes, *, length: bytes | None = None) -> bytes:
    return b"<< /Length %s >>\nstream\n%s\nendstream" % (length or b"%d" % len(data), data)


def form_xobject(data: bytes) -> bytes:
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Length %d" % len(data)
    return b"<< %s >>\nstream\n%s\nendstream" % (entries, data)


def page(*, resources: bytes = b"", more: bytes = b"") -> bytes:
    head = b"/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
    return b"<< %s /Resources << /Font << /F1 4 0 R >> %s >> %s >>" % (head, resources, more)


def simple(changes: Mapping[int, bytes] | None = None) -> dict[int, bytes]:
    """Objects of a file with one page that says what is to be paid."""
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: page(),
        4: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        5: stream(GOOD),
        **(changes or {}),
    }


def build(objects: Mapping[int, bytes], *, before_table: bytes = b"") -> bytes:
    """A file with a cross-reference table; `before_table` stands between the objects and it."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = _write(out, objects)
    out += before_table
    return _close(out, offsets, b"/Size 200 /Root 1 0 R /ID [<00><00>]")


def update(data: bytes, objects: Mapping[int, bytes], *, previous: int | None = None, root: int = 1) -> bytes:
    """Objects appended in one incremental update; `previous` replaces the right /Prev."""
    out = bytearray(data if data.endswith(b"\n") else data + b"\n")
    offsets = _write(out, objects)
    back = last_xref(data) if previous is None else previous
    return _close(out, offsets, b"/Size 200 /Root %d 0 R /Prev %d /ID [<00><00>]" % (root, back))


def last_xref(data: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", data)[-1])


def _write(out: bytearray, objects: Mapping[int, bytes]) -> dict[int, int]:
    offsets = {}
    for number, body in sorted(objects.items()):
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return offsets


def _close(out: bytearray, offsets: Mapping[int, int], trailer: bytes) -> bytes:
    table = len(out)
    out += b"xref\n" + _FREE
    for number, offset in offsets.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, offset)
    out += b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, table)
    return bytes(out)
