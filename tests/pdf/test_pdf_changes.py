"""Changes after signing: kinds by ISO 32000-2 12.8.2.2, the incremental saving, shadow and certification attacks."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from pdf_signers import document, form, sign, sign_t, stamp, store_status
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from interop.model.facts import Change
from interop.pdf.observe import observe_pdf

Edit = Callable[[IncrementalPdfFileWriter], None]
FORMS = pytest.mark.parametrize("streams", [False, True], ids=["table", "streams"])


def changed(data: bytes, edit: Edit) -> tuple[Change, ...]:
    """Changes seen after an incremental update by pyHanko's writer."""
    writer = IncrementalPdfFileWriter(BytesIO(data))
    edit(writer)
    out = BytesIO()
    writer.write(out)
    found = observe_pdf(out.getvalue()).facts
    assert all(s.covers.whole and s.references[0].ok for s in found.signatures)
    assert not any(f.code == "integrity.changes-not-compared" for f in found.document.findings)
    return found.document.changes


def kinds(changes: tuple[Change, ...]) -> list[tuple[str, bool | None]]:
    return [(c.kind, c.allowed) for c in changes]


def numbers(*values: int) -> generic.ArrayObject:
    return generic.ArrayObject(map(generic.NumberObject, values))


def stream(data: bytes, **entries: generic.PdfObject) -> generic.StreamObject:
    return generic.StreamObject({pdf_name(f"/{k}"): v for k, v in entries.items()}, stream_data=data)


def page_of(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    return writer.root["/Pages"]["/Kids"][0]


def add_annotation(subtype: str, box: tuple[int, int, int, int], flags: int = 4) -> Edit:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        look = stream(b"1 1 0 rg 0 0 500 500 re f", Subtype=pdf_name("/Form"), BBox=numbers(0, 0, 500, 500))
        page = page_of(writer)
        annotation = generic.DictionaryObject({
            pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name(subtype), pdf_name("/Rect"): numbers(*box),
            pdf_name("/F"): generic.NumberObject(flags),
            pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(look)}),
        })  # fmt: skip
        page[pdf_name("/Annots")] = generic.ArrayObject(
            [*generic.ArrayObject(page.get("/Annots", ())), writer.add_object(annotation)]
        )
        writer.update_container(page)

    return edit


OVER, BESIDE = (60, 690, 300, 730), (60, 100, 300, 130)


def fill(value: str | None, look: bytes | None) -> Edit:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        field = writer.root["/AcroForm"]["/Fields"][0]
        if value is not None:
            field[pdf_name("/V")] = generic.pdf_string(value)
        if look is not None:
            new = stream(look, Subtype=pdf_name("/Form"), BBox=numbers(0, 0, 200, 20))
            field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(new)})
        writer.update_container(field)

    return edit


def set_catalog(key: str, value: generic.PdfObject) -> Edit:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        writer.root[pdf_name(key)] = value
        writer.update_root()

    return edit


def new_content(writer: IncrementalPdfFileWriter) -> None:
    page = page_of(writer)
    page[pdf_name("/Contents")] = writer.add_object(stream(b"BT /F1 24 Tf 72 700 Td (Pay 999) Tj ET"))
    writer.update_container(page)


def overwrite_content(writer: IncrementalPdfFileWriter) -> None:
    content = page_of(writer)["/Contents"]
    content._data = b"BT /F1 24 Tf 72 700 Td (Pay 999) Tj ET"
    content._encoded_data = None
    writer.update_container(content)


def overwrite_font(writer: IncrementalPdfFileWriter) -> None:
    font = page_of(writer)["/Resources"]["/Font"]["/F1"]
    font[pdf_name("/BaseFont")] = pdf_name("/Symbol")
    writer.update_container(font)


def add_page(writer: IncrementalPdfFileWriter) -> None:
    writer.insert_page(
        generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Page"), pdf_name("/MediaBox"): numbers(0, 0, 9, 9)})
    )


def turn_page(writer: IncrementalPdfFileWriter) -> None:
    page = page_of(writer)
    page[pdf_name("/Rotate")] = generic.NumberObject(180)
    writer.update_container(page)


def swap_pages(writer: IncrementalPdfFileWriter) -> None:
    """Hide-and-replace: the catalog turns to another page tree (shadow attacks, NDSS 2021)."""
    page = writer.add_object(
        generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Page"), pdf_name("/MediaBox"): numbers(0, 0, 9, 9)})
    )
    tree = generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Pages"), pdf_name("/Kids"): generic.ArrayObject([page]),
        pdf_name("/Count"): generic.NumberObject(1),
    })  # fmt: skip
    writer.root[pdf_name("/Pages")] = writer.add_object(tree)
    writer.update_root()


def drop_form(writer: IncrementalPdfFileWriter) -> None:
    del writer.root["/AcroForm"]
    writer.update_root()


def change_reason(writer: IncrementalPdfFileWriter) -> None:
    value = writer.root["/AcroForm"]["/Fields"][2]["/V"]
    value[pdf_name("/Reason")] = generic.pdf_string("TEST other reason")
    writer.update_container(value)


@FORMS
@pytest.mark.parametrize(
    ("edit", "wanted"),
    [
        (new_content, {"page-content"}),
        (overwrite_content, {"page-content"}),
        (overwrite_font, {"page-content"}),
        (turn_page, {"page-content"}),
        (add_page, {"pages"}),
        (swap_pages, {"pages", "page-content", "annotation"}),
        (drop_form, {"catalog"}),
        (change_reason, {"signature-dictionary"}),
        (set_catalog("/OpenAction", generic.ArrayObject()), {"catalog"}),
        (set_catalog("/OCProperties", generic.DictionaryObject()), {"catalog"}),
        (set_catalog("/Lang", generic.pdf_string("zh")), {"catalog"}),
        (set_catalog("/Extensions", generic.DictionaryObject()), set()),
        (add_annotation("/FreeText", OVER), {"annotation-over-content"}),
        (add_annotation("/Stamp", OVER), {"annotation-over-content"}),
        (add_annotation("/FreeText", BESIDE), {"annotation"}),
        (add_annotation("/FreeText", OVER, 4 | 2), {"annotation"}),
        (add_annotation("/Highlight", OVER), {"annotation-over-content"}),
        (fill("TEST 2", b"BT (TEST 2) Tj ET"), {"form-fill"}),
        (fill("TEST 2", None), {"form-fill"}),
        (fill(None, b"BT (TEST 999) Tj ET"), {"annotation-over-content"}),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_kinds(streams: bool, edit: Edit, wanted: set[str]) -> None:
    seen = changed(sign(form(stream_xrefs=streams)), edit)
    assert {c.kind for c in seen} == wanted
    assert all(c.allowed is None and c.after == "s0" for c in seen)


def test_the_page_number_is_said() -> None:
    assert [c.page for c in changed(sign(form()), overwrite_content)] == [1]


@FORMS
def test_what_passes_without_a_word(streams: bool) -> None:
    data = stamp(store_status(sign(sign_t(form(stream_xrefs=streams)))))
    found = observe_pdf(data).facts
    assert [c.kind for c in found.document.changes] == ["signature", "validation-data", "document-timestamp"]
    assert [c.after for c in found.document.changes] == ["s0", "s1", "s1"]
    assert found.document.findings == ()


@pytest.mark.parametrize(
    ("level", "edit", "wanted"),
    [
        (1, fill("x", None), [("form-fill", False)]),
        (2, fill("x", None), [("form-fill", True)]),
        (3, fill("x", None), [("form-fill", True)]),
        (1, add_annotation("/FreeText", BESIDE), [("annotation", False)]),
        (2, add_annotation("/FreeText", BESIDE), [("annotation", False)]),
        (3, add_annotation("/FreeText", BESIDE), [("annotation", True)]),
        (3, add_annotation("/FreeText", OVER), [("annotation-over-content", True)]),
        (3, overwrite_content, [("page-content", False)]),
    ],
)
def test_certification_allows(level: int, edit: Edit, wanted: list[tuple[str, bool | None]]) -> None:
    """ISO 32000-2 table 257."""
    assert kinds(changed(sign(form(), certify=level), edit)) == wanted


def test_certification_and_what_is_appended_for_the_long_term() -> None:
    """EN 319 142-1 5.4: security store and document time-stamp are allowed at every level; a signature is not at level 1."""
    for level, signature in ((1, False), (2, True), (3, True)):
        found = observe_pdf(stamp(store_status(sign(sign(form(), certify=level))))).facts
        assert kinds(found.document.changes) == [
            ("signature", signature),
            ("validation-data", True),
            ("document-timestamp", True),
        ]


@pytest.mark.parametrize(
    ("action", "names", "allowed"),
    [
        ("/All", [], False), ("/Include", ["Name"], False), ("/Include", ["Nam"], True), ("/Include", ["Other"], True),
        ("/Exclude", ["Name"], True), ("/Exclude", ["Other"], False),
    ],
)  # fmt: skip
def test_locked_fields(action: str, names: list[str], allowed: bool) -> None:
    """ISO 32000-2 12.8.2.4; names that begin alike are other fields."""
    writer = IncrementalPdfFileWriter(BytesIO(form()))
    field = writer.root["/AcroForm"]["/Fields"][1]
    field[pdf_name("/Lock")] = generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/SigFieldLock"), pdf_name("/Action"): pdf_name(action),
        pdf_name("/Fields"): generic.ArrayObject(map(generic.pdf_string, names)),
    })  # fmt: skip
    writer.update_container(field)
    out = BytesIO()
    writer.write(out)
    assert kinds(changed(sign(out.getvalue(), field="Seal"), fill("x", None))) == [("form-fill", allowed)]


def test_a_font_overwritten_under_cover_of_a_security_store() -> None:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        overwrite_font(writer)
        font = page_of(writer)["/Resources"]["/Font"].raw_get("/F1")
        writer.root[pdf_name("/DSS")] = generic.DictionaryObject({pdf_name("/Certs"): generic.ArrayObject([font])})
        writer.update_root()

    assert {c.kind for c in changed(sign(form()), edit)} == {"page-content", "validation-data"}


@pytest.mark.parametrize("tail", [b"x" * 100, b"1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n", document()[:9000]])
def test_bytes_behind_the_last_revision(tail: bytes) -> None:
    found = observe_pdf(sign(document()) + tail).facts
    assert [c.kind for c in found.document.changes] == ["unparsed-tail"]


@pytest.mark.parametrize("tail", [b"\n", b"\r\n", b"  \n", b"\x00" * 10])
def test_white_space_at_the_end_is_no_change(tail: bytes) -> None:
    found = observe_pdf(sign(document()) + tail).facts
    assert found.document.changes == ()
    assert found.signatures[0].covers.whole


def test_an_update_whose_startxref_points_back() -> None:
    """CCS 2019 incremental saving, variant B: a reader that repairs shows the new objects."""
    signed = sign(document())
    start = signed.rfind(b"startxref")
    tail = b"4 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n" + signed[start:]
    found = observe_pdf(signed + tail).facts
    assert [c.kind for c in found.document.changes] == ["unparsed-tail"]


def test_a_filled_field_between_two_signatures_is_after_the_first() -> None:
    writer = IncrementalPdfFileWriter(BytesIO(sign(form())))
    fill("x", None)(writer)
    out = BytesIO()
    writer.write(out)
    found = observe_pdf(sign(out.getvalue())).facts
    assert [(c.after, c.kind) for c in found.document.changes] == [("s0", "form-fill"), ("s0", "signature")]
    assert [(s.revision, s.covers.whole) for s in found.signatures] == [(2, True), (4, True)]
