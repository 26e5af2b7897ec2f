"""Breaking a signed PDF on purpose, one thing at a time: pure functions from bytes to bytes.

Each leaves everything sound but the one thing that it is named for, so that a rejection says something about that thing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from pyhanko.pdf_utils import generic

from interop.cms.parse import parse_signed_data, strip_padding
from interop.model.errors import UsageError
from interop.pdf.graph import pages
from interop.pdf.scan import ScannedSignature, scan_signatures
from interop.pdf.store import Store
from interop.pdf.write import Update

__all__ = ["MUTATIONS", "byte_changed", "cms_transplanted", "update_appended", "value_flipped"]

_HEX_TEXT = re.compile(rb"<([0-9A-Fa-f]{4,})>\s*Tj")
_LITERAL_TEXT = re.compile(rb"\(([A-Za-z0-9 ]{2,})\)\s*Tj")
_FORGED = b"q 1 0 0 1 60 400 cm 1 0.93 0.6 rg 0 0 475 60 re f 0 0 0 RG 1 w 0 0 475 60 re S Q"
"""A filled box over the middle of the page: what the appended update shows on top of the signed page."""


def byte_changed(signed: bytes) -> bytes:
    """Change one byte of the signed page text, so that another character is printed; structure and offsets stay.

    Needs a page with an uncompressed content stream (that of the shipped documents is): UsageError without.
    """
    store = Store(signed)
    view = store.view(0)
    for page in pages(view):
        content = view.get(page.object, "Contents")
        if content.stream is None or "Filter" in content.entries:
            continue
        start = content.source.find(content.stream, content.value.end)
        match = _HEX_TEXT.search(content.stream)
        if match is not None:
            at = start + match.end(1) - 1
            digit = signed[at : at + 1]
            return signed[:at] + (b"0" if digit != b"0" else b"1") + signed[at + 1 :]
        match = _LITERAL_TEXT.search(content.stream)
        if match is not None:
            at = start + match.start(1)
            return signed[:at] + (b"X" if signed[at : at + 1] != b"X" else b"Y") + signed[at + 1 :]
    raise UsageError("no page has uncompressed text to change")


def update_appended(signed: bytes) -> bytes:
    """Append an unsigned incremental update, with cross-references and trailer, that replaces the first page's content stream
    (incremental saving attack, CCS 2019). The signed revision stays as it is."""
    update = Update(signed)
    page_ref, _ = update.reader.find_page_for_modification(0)
    page = page_ref.get_object()
    raw = page.raw_get("/Contents")
    content = page["/Contents"]
    if isinstance(content, generic.ArrayObject):
        raw, content = content.raw_get(0), content[0]
    if not isinstance(raw, generic.IndirectObject):
        raise UsageError("the first page has no content stream to replace")
    body = bytes(content.data) + b"\n" + _FORGED
    update.put((raw.idnum, raw.generation), b"<< /Length %d >>\nstream\n" % len(body) + body + b"\nendstream")
    out, _ = update.finish()
    return out


def value_flipped(signed: bytes) -> bytes:
    """Flip the lowest bit of the signature value of the first signature; all DER lengths stay, an ECDSA value stays a
    SEQUENCE of two INTEGERs."""
    scan = _first(signed)
    der = strip_padding(scan.contents or b"")
    value = parse_signed_data(der).signers[0].value
    at = der.rfind(value)
    if not value or at < 0:
        raise UsageError("the signature value does not stand in one piece")
    changed = bytearray(der)
    changed[at + len(value) - 1] ^= 1
    return _with_contents(signed, scan, bytes(changed))


def cms_transplanted(signed: bytes, donor: bytes) -> bytes:
    """Put the SignedData of another signed document (the first signature of `donor`) where the file's own stood."""
    scan = _first(signed)
    return _with_contents(signed, scan, strip_padding(_first(donor).contents or b""))


def _first(signed: bytes) -> ScannedSignature:
    for scan in scan_signatures(signed).signatures:
        if scan.contents is not None and not scan.is_timestamp and not scan.findings:
            return scan
    raise UsageError("the file has no sound signature")


def _with_contents(signed: bytes, scan: ScannedSignature, der: bytes) -> bytes:
    start, end = scan.contents_span or (0, 0)
    room = end - start - 2
    value = der.hex().encode("ascii")
    if len(value) > room:
        raise UsageError(f"{len(der)} bytes do not fit into the {room // 2} reserved")
    return signed[: start + 1] + value.ljust(room, b"0") + signed[end - 1 :]


MUTATIONS: Mapping[str, Callable[..., bytes]] = {
    "byte-changed": byte_changed,
    "update-appended": update_appended,
    "value-flipped": value_flipped,
    "cms-transplanted": cms_transplanted,
}
"""Name in the cases -> function of the signed bytes; `cms-transplanted` takes the donor's signed bytes as well."""
