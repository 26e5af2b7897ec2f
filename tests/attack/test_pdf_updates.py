"""Incremental updates that change what a signed PDF shows, in places where a comparison is tempted not to look.

All variants of incremental saving (CCS 2019), shadow (NDSS 2021) and certification attacks (S&P 2021); the parser differentials
are those of repeated keys, repeated cross-reference entries and generations on which readers disagree. What was signed stays valid
byte for byte, so every file has its own control: the same file without the update.
"""

from __future__ import annotations

import pytest
from attack_lab import check, codes, pdf_signed
from attack_pdf import EVIL, GOOD, build, form_xobject, last_xref, page, simple, stream, update

from interop.pdf.observe import observe_pdf

TWO_PAGES = {2: b"<< /Type /Pages /Kids [3 0 R 8 0 R] /Count 2 >>", 8: page()}
XOBJECT = page(resources=b"/XObject << /X 7 0 R >>", more=b"/Annots [7 0 R]")


def signed(changes: dict[int, bytes] | None = None) -> bytes:
    data = pdf_signed(build(simple(changes)))
    control = check(data)
    assert control.passed, control.indications
    assert not control.facts.document.changes
    return data


def page_now(data: bytes) -> bytes:
    """Object 3 as the signing software wrote it last."""
    return data.rpartition(b"\n3 0 obj\n")[2].partition(b"endobj")[0].strip()


def test_a_plain_swap_is_seen() -> None:
    """The control of all attacks here: incremental saving as published (ISA)."""
    found = check(update(signed(), {5: stream(EVIL)}))
    assert found.indications == ("TOTAL_FAILED",)
    assert "integrity.page-content-changed" in codes(found)


def test_a_dormant_section_is_not_part_of_what_was_signed() -> None:
    """Hide-and-replace: a cross-reference section that sleeps in the signed bytes is woken up by a later /Prev (NDSS 2021)."""

    def prepared(following: int) -> tuple[bytes, int]:
        start = build(simple()).rindex(b"xref\n0 1")
        evil = b"5 0 obj\n%s\nendobj\n" % stream(EVIL)
        section = b"xref\n5 1\n%010d 00000 n \ntrailer\n<< /Size 200 /Root 1 0 R /Prev %010d >>\n" % (start, following)
        return build(simple(), before_table=evil + section), start + len(evil)

    signed_at = last_xref(pdf_signed(prepared(0)[0]))
    document, section = prepared(signed_at)
    data = pdf_signed(document)
    assert last_xref(data) == signed_at
    assert check(data).passed
    awake = check(update(data, {190: b"<< >>"}, previous=section))
    assert awake.indications == ("TOTAL_FAILED",)
    assert "integrity.page-content-changed" in codes(awake)
    assert observe_pdf(data).facts.document.revisions == 2


@pytest.mark.parametrize(
    ("prepared", "change", "wanted"),
    [
        pytest.param(
            {3: XOBJECT, 5: stream(b"/X Do"), 7: form_xobject(GOOD)}, {7: form_xobject(EVIL)}, "page-content",
            id="form is annotation",
        ),
        pytest.param(
            {
                1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [7 0 R] >> >>",
                3: page(resources=b"/XObject << /X 7 0 R >>"), 5: stream(b"/X Do"), 7: form_xobject(GOOD),
            },
            {7: form_xobject(EVIL)}, "page-content", id="form is field",
        ),
        pytest.param(
            {
                3: page(resources=b"/ExtGState << /G 7 0 R >>", more=b"/Annots [7 0 R]"),
                5: stream(b"/G gs " + GOOD), 7: b"<< /Subtype /Text /Rect [0 0 0 0] /ca 1 >>",
            },
            {7: b"<< /Subtype /Text /Rect [0 0 0 0] /ca 0 >>"}, "page-content", id="graphics state is annotation",
        ),
        pytest.param(
            {3: page(resources=b"/XObject << /Parent 7 0 R >>"), 5: stream(b"/Parent Do"), 7: form_xobject(GOOD)},
            {7: form_xobject(EVIL)}, "page-content", id="resource named Parent",
        ),
        pytest.param(
            {5: stream(GOOD, length=b"6 0 R"), 6: b"%d" % len(GOOD)}, {6: b"10"}, "page-content", id="indirect length cut",
        ),
        pytest.param(TWO_PAGES, {2: b"<< /Type /Pages /Kids [3 0 R 8 0 R] /Count 1 >>"}, "pages", id="fewer pages counted"),
        pytest.param(TWO_PAGES, {2: b"<< /Type /Pages /Kids [3 0 R 8 0 R 3 0 R] /Count 3 >>"}, "pages", id="page shown twice"),
    ],
)  # fmt: skip
def test_a_change_is_seen_wherever_it_hides(prepared: dict[int, bytes], change: dict[int, bytes], wanted: str) -> None:
    found = check(update(signed(prepared), change))
    assert found.indications == ("TOTAL_FAILED",)
    assert wanted in {c.kind for c in found.facts.document.changes}


def test_another_generation_is_a_reference_to_nothing() -> None:
    """ISO 32000-2 7.3.10: the page content is gone for every reader that keeps to it."""
    data = signed()
    found = check(update(data, {3: page_now(data).replace(b"5 0 R", b"5 1 R")}))
    assert "integrity.page-content-changed" in codes(found)


def test_a_key_that_stands_twice_is_not_read_one_way() -> None:
    data = signed()
    found = check(update(data, {3: page_now(data)[:-2] + b"/Contents 150 0 R >>", 150: stream(EVIL)}))
    assert found.indications == ("TOTAL_FAILED",)
    twin = check(update(data, {3: page_now(data)[:-2] + b"/Contents 5 0 R >>"}))
    assert twin.indications == ("TOTAL_FAILED",)


def test_an_object_that_stands_twice_in_one_section_is_ambiguous() -> None:
    """Some readers take the first entry of a section, some the last."""
    data = signed()
    evil, original = len(data), data.index(b"\n5 0 obj") + 1
    out = data + b"5 0 obj\n%s\nendobj\n" % stream(EVIL)
    table = b"xref\n5 1\n%010d 00000 n \n5 1\n%010d 00000 n \n" % (evil, original)
    trailer = b"trailer\n<< /Size 200 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (last_xref(data), len(out))
    found = check(out + table + trailer)
    assert not found.passed
    assert "integrity.unclassified-change" in codes(found)


def test_two_ways_back_are_ambiguous() -> None:
    data = signed()
    out = data + b"5 0 obj\n%s\nendobj\n" % stream(EVIL)
    hidden = len(out)
    out += b"xref\n5 1\n%010d 00000 n \ntrailer\n<< /Size 200 /Root 1 0 R /Prev %d >>\n" % (len(data), last_xref(data))
    back = b"/Prev %d /Prev %d" % (last_xref(data), hidden)
    tail = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 200 /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
    assert not check(out + tail % (back, len(out))).passed


# -- forms and annotations ----------------------------------------------------------------------------------------------

COVER = b"<< /Type /XObject /Subtype /Form /BBox [0 0 400 60] /Length 23 >>\nstream\n1 g 0 0 400 60 re f    \nendstream"
OVER, MIDDLE = b"60 680 460 740", b"110 695 160 725"


def widget(kind: bytes, name: bytes, box: bytes, more: bytes = b"/AP << /N 151 0 R >>") -> bytes:
    head = b"/Type /Annot /Subtype /Widget /FT /%s /T (%s) /F 4 /P 3 0 R" % (kind, name)
    return b"<< %s /Rect [%s] %s >>" % (head, box, more)


FORM = {
    1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm 9 0 R >>",
    3: page(more=b"/Annots [7 0 R]"),
    7: widget(b"Tx", b"Name", b"72 600 272 620", b"/V (TEST) /AP << /N 6 0 R >>"),
    6: form_xobject(b"BT (TEST) Tj ET"),
    9: b"<< /Fields [7 0 R] >>",
}


def form_now(data: bytes, number: int) -> bytes:
    return data.rpartition(b"\n%d 0 obj\n" % number)[2].partition(b"endobj")[0].strip()


def with_annotation(data: bytes, annotation: bytes, more: dict[int, bytes] | None = None) -> bytes:
    annots = form_now(data, 3).replace(b"/Annots [ 7 0 R", b"/Annots [ 7 0 R 150 0 R")
    assert b"150 0 R" in annots
    return update(data, {3: annots, 150: annotation, 151: COVER, **(more or {})})


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("kind", [b"Tx", b"Sig"])
def test_a_field_slipped_in_under_a_known_name_is_an_addition(kind: bytes, first: bool) -> None:
    """Evil annotation through the form: two fields of one name, the overlay is the other one's widget (S&P 2021)."""
    data = signed(FORM)
    fields = form_now(data, 9)
    both = fields.replace(b"7 0 R", b"150 0 R 7 0 R" if first else b"7 0 R 150 0 R", 1)
    assert both != fields
    found = check(with_annotation(data, widget(kind, b"Name", OVER), {9: both}))
    assert not found.passed
    assert "integrity.annotation-over-content" in codes(found)


@pytest.mark.parametrize("subtype", [b"FreeText", b"Stamp", b"Highlight", b"Link", b"Text", b"Underline"])
@pytest.mark.parametrize("box", [OVER, MIDDLE], ids=["whole line", "amount only"])
def test_an_annotation_with_an_opaque_look_hides_the_text_below(subtype: bytes, box: bytes) -> None:
    """Whatever the kind says, its appearance is drawn (S&P 2021, section 4.1)."""
    annotation = b"<< /Type /Annot /Subtype /%s /F 4 /Rect [%s] /AP << /N 151 0 R >> >>" % (subtype, box)
    found = check(with_annotation(signed(FORM), annotation))
    assert found.indications == ("INDETERMINATE",)
    assert "integrity.annotation-over-content" in codes(found)


def test_a_square_needs_no_look_to_hide() -> None:
    """Readers draw /Square by /IC themselves (ISO 32000-2 12.5.6.8)."""
    annotation = b"<< /Type /Annot /Subtype /Square /F 4 /Rect [%s] /IC [1 1 1] >>" % OVER
    assert "integrity.annotation-over-content" in codes(check(with_annotation(signed(FORM), annotation)))


MULTIPLIED = (
    b"<< /Subtype /Form /BBox [0 0 9 9] /Resources << /ExtGState << /G << /BM /Multiply >> >> >> /Length 21 >>\n"
    b"stream\n/G gs 0 0 9 9 re f   \nendstream"
)


@pytest.mark.parametrize(
    ("subtype", "look"),
    [
        (b"Highlight", MULTIPLIED),
        (b"Underline", b"<< /Subtype /Form /BBox [0 0 400 60] /Length 19 >>\nstream\n1 w 0 0 m 400 0 l S\nendstream"),
    ],
)  # fmt: skip
def test_marking_text_as_reviewers_do_stays_a_finding(subtype: bytes, look: bytes) -> None:
    """The honest twin: a highlight that multiplies, a thin line below."""
    annotation = b"<< /Type /Annot /Subtype /%s /F 4 /Rect [%s] /AP << /N 151 0 R >> >>" % (subtype, OVER)
    found = check(with_annotation(signed(FORM), annotation, {151: look}))
    assert found.passed
    assert "integrity.annotation-after-signing" in codes(found)


def test_an_annotation_beside_the_text_stays_a_finding() -> None:
    annotation = b"<< /Type /Annot /Subtype /FreeText /F 4 /Rect [60 100 460 160] /AP << /N 151 0 R >> >>"
    found = check(with_annotation(signed(FORM), annotation))
    assert found.passed
    assert "integrity.annotation-after-signing" in codes(found)


def test_taking_a_widget_off_its_page_is_said() -> None:
    data = signed(FORM)
    found = check(update(data, {3: form_now(data, 3).replace(b"7 0 R", b"")}))
    assert "integrity.annotation-after-signing" in codes(found)


def test_moving_a_filled_field_over_the_text_hides_it() -> None:
    data = signed(FORM)
    found = check(update(data, {7: FORM[7].replace(b"72 600 272 620", OVER)}))
    assert "integrity.annotation-over-content" in codes(found)


def test_hiding_a_filled_field_is_no_form_filling() -> None:
    """Shadow attack, hide: the value stays and is shown no more."""
    data = signed(FORM)
    assert not check(update(data, {7: FORM[7].replace(b"/F 4", b"/F 2")})).passed


def test_filling_a_field_stays_a_finding() -> None:
    data = signed(FORM)
    found = check(update(data, {7: FORM[7].replace(b"(TEST)", b"(TEST 2)")}))
    assert found.passed
    assert "integrity.form-filled-after-signing" in codes(found)
