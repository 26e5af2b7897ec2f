"""Hostile files: every one is answered, in bounded time, with what is wrong; nothing is raised."""

from __future__ import annotations

import time
import zlib
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdf_signers import document, form, sign, sign_t, stamp, store_status
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from interop.model.reasons import catalogue
from interop.pdf.observe import observe_pdf
from interop.pdf.write import Update

SMALL = sign(form())
STREAMS = sign(form(stream_xrefs=True))
FULL = stamp(store_status(sign_t(form())))
SECONDS = 10
"""Design section 8: one file may cost one result, never the run."""


def observed(data: bytes) -> set[str]:
    """Codes of all findings; every one is in the catalogue, and the time was bounded."""
    started = time.process_time()
    facts = observe_pdf(data).facts
    assert time.process_time() - started < SECONDS
    codes = {f.code for f in facts.document.findings}
    codes |= {f.code for s in facts.signatures for f in s.findings} | {f.code for t in facts.tokens for f in t.findings}
    assert codes <= set(catalogue())
    return codes


@pytest.mark.parametrize("base", [SMALL, STREAMS, FULL], ids=["table", "streams", "lta"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits=st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=12)), min_size=1, max_size=6))
def test_random_edits_never_raise(base: bytes, edits: list[tuple[int, bytes]]) -> None:
    data = bytearray(base)
    for at, new in edits:
        start = at % len(data)
        data[start : start + len(new)] = new
    observed(bytes(data))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(start=st.integers(0, 10**6), length=st.integers(0, 2000), insert=st.binary(max_size=40))
def test_cuts_and_insertions_never_raise(start: int, length: int, insert: bytes) -> None:
    at = start % len(SMALL)
    observed(SMALL[:at] + insert + SMALL[at + length :])


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    observed(b"%PDF-1.7\n" + data + b"\nstartxref\n9\n%%EOF")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_one_covered_byte_changed_is_always_noticed(position: int) -> None:
    """Whatever byte of the signed ranges changes: the digest fails, or the file says that its structure is broken."""
    from interop.pdf.scan import scan_signatures

    (scan,) = scan_signatures(SMALL).signatures
    assert scan.contents_span is not None
    at = position % (len(SMALL) - (scan.contents_span[1] - scan.contents_span[0]))
    if at >= scan.contents_span[0]:
        at += scan.contents_span[1] - scan.contents_span[0]
    data = bytearray(SMALL)
    data[at] ^= 1
    facts = observe_pdf(bytes(data)).facts
    intact = [s for s in facts.signatures if s.covers.whole and all(r.ok for r in s.references) and s.references]
    assert not intact


def _with(update: Update) -> bytes:
    return update.finish()[0]


def test_circular_page_tree() -> None:
    update = Update(SMALL)
    root = update.reader.root
    ref = root.raw_get("/Pages")
    update.put(
        (ref.idnum, ref.generation), b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count 2 >>" % (ref.idnum, ref.idnum)
    )
    assert observe_pdf(_with(update)).facts.document.changes[0].kind == "pages"


def test_circular_fields_and_outlines() -> None:
    update = Update(SMALL)
    number, _ = update.allocate()
    update.put((number, 0), b"<< /T (x) /Kids [%d 0 R %d 0 R] /Parent %d 0 R /Next %d 0 R >>" % ((number,) * 4))
    root_ref = update.reader.trailer.raw_get("/Root")
    pages_ref = update.reader.root.raw_get("/Pages")
    update.put(
        (root_ref.idnum, 0),
        b"<< /Type /Catalog /Pages %d 0 R /Outlines %d 0 R /AcroForm << /Fields [%d 0 R] >> >>"
        % (pages_ref.idnum, number, number),
    )
    assert "catalog" in {c.kind for c in observe_pdf(_with(update)).facts.document.changes}


def test_circular_chain_of_cross_references() -> None:
    start = SMALL.rfind(b"xref", 0, SMALL.rfind(b"startxref"))
    at = SMALL.rfind(b"/Prev ")
    end = SMALL.index(b" ", at + 6)
    data = SMALL[:at] + b"/Prev %d" % start + SMALL[end:]
    assert "container.cross-reference-broken" in observed(data)


def test_thousands_of_revisions() -> None:
    data = SMALL
    tail = bytearray(data)
    previous = int(data[data.rfind(b"startxref") + 9 :].split()[0])
    for _ in range(3000):
        start = len(tail)
        tail += (
            b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 40 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
            % (previous, start)
        )
        previous = start
    assert "integrity.changes-not-compared" in observed(bytes(tail))


def test_thousands_of_signature_dictionaries() -> None:
    dictionary = (
        b"%d 0 obj\n<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] /Contents <30> >>\nendobj\n"
    )
    assert "container.scan-incomplete" in observed(SMALL + b"".join(dictionary % n for n in range(1000, 9000)))


@pytest.mark.parametrize("filler", [b"(", b"<", b"<<", b"[", b"<< /A ", b"/ByteRange [", b"% /Type /Sig\n1 0 obj"])
def test_open_brackets_without_end(filler: bytes) -> None:
    observed(b"%PDF-1.7\n" + b"1 0 obj << /ByteRange " + filler * 200_000)
    observed(b"%PDF-1.7\n" + (b"1 0 obj << /ByteRange " + filler) * 30_000)


def test_a_decompression_bomb() -> None:
    bomb = zlib.compress(b"\0" * (200 << 20), 9)
    data = b"%PDF-1.7\n"
    start = len(data)
    data += (
        b"1 0 obj\n<< /Type /XRef /Size 2 /W [1 4 2] /Root 1 0 R /Filter /FlateDecode /Length %d >>\nstream\n"
        % len(bomb)
    )
    data += bomb + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start
    assert "container.pdf-structure-unreadable" in observed(data)


@pytest.mark.parametrize("size", [b"/W [1 1 1]", b"/W [0 0 0]", b"/W [-1 2 2]", b"/W [1 99 1]", b"/W [1]", b""])
def test_cross_reference_streams_with_odd_widths(size: bytes) -> None:
    data = (
        b"%PDF-1.7\n9 0 obj\n<< /Type /XRef /Size 999999999 "
        + size
        + b" /Index [0 999999999] /Root 1 0 R /Length 3 >>\nstream\nabc\n"
    )
    observed(data + b"endstream\nendobj\nstartxref\n9\n%%EOF\n")


def test_a_table_with_a_huge_subsection() -> None:
    observed(b"%PDF-1.7\nxref\n0 9999999999\n0000000000 65535 f \ntrailer\n<< >>\nstartxref\n9\n%%EOF\n")


def test_encrypted_files() -> None:
    """ISO 32000-2 7.6: digests are over the bytes as they are; a password is needed for what streams hold."""
    writer = copy_into_new_writer(PdfFileReader(BytesIO(document())))
    writer.encrypt("TEST owner", "TEST user")
    out = BytesIO()
    writer.write(out)
    data = out.getvalue()
    assert "container.encrypted" in observed(data)
    wrong = observe_pdf(data, password="TEST other").facts.document.findings
    assert [(f.code, f.detail) for f in wrong] == [("container.encrypted", "the password does not open the file")]
    assert observe_pdf(data, password="TEST user").facts.document.findings == ()


def test_an_object_exchanged_that_cannot_be_read_before_or_after() -> None:
    """Unreadable is not equal: other bytes at another place are a change."""
    update = Update(form())
    number, _ = update.allocate()
    update.put((number, 0), b"<< /broken")
    root_ref = update.reader.trailer.raw_get("/Root")
    root = update.reader.root
    raw_pages, raw_form = root.raw_get("/Pages").idnum, root.raw_get("/AcroForm").idnum
    body = b"<< /Type /Catalog /Pages %d 0 R /AcroForm %d 0 R /Names %d 0 R >>" % (raw_pages, raw_form, number)
    update.put((root_ref.idnum, 0), body)
    signed = sign(_with(update))
    assert observe_pdf(signed).facts.document.changes == ()
    again = Update(signed)
    again.put((number, 0), b"<< /broken otherwise")
    assert [c.kind for c in observe_pdf(_with(again)).facts.document.changes] == ["catalog"]
