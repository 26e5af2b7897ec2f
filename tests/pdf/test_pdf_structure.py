"""Structural forgery (ISO 32000-2 12.8.1; Mladenov, Mainka et al., CCS 2019): every deviation from the sound twin is named."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from pdf_signers import document, form, sign

from interop.model.facts import Facts, SignatureFacts
from interop.model.reasons import Effect, reason
from interop.pdf.observe import observe_pdf
from interop.pdf.scan import scan_signatures
from interop.pdf.token import Malformed, PdfValue, read_value, string_bytes
from interop.pdf.write import Update

SIGNED = sign(document())
(SCAN,) = scan_signatures(SIGNED).signatures
assert SCAN.contents_span is not None
START, END = SCAN.contents_span
RANGE = re.compile(rb"(?<=/ByteRange )\[0 \d+ \d+ \d+\] *")


def facts(data: bytes) -> Facts:
    return observe_pdf(data).facts


def only(data: bytes) -> SignatureFacts:
    (signature,) = facts(data).signatures
    return signature


def blocking(signature: SignatureFacts) -> set[str]:
    return {f.code for f in signature.findings if reason(f.code).effect is not Effect.FINDING}


def with_range(text: bytes) -> bytes:
    match = RANGE.search(SIGNED)
    assert match is not None
    return SIGNED[: match.start()] + text.ljust(match.end() - match.start()) + SIGNED[match.end() :]


def with_contents(text: bytes) -> bytes:
    """Another value of the same length, blanks outside its token."""
    return SIGNED[:START] + text.ljust(END - START) + SIGNED[END:]


def test_the_twin_is_sound() -> None:
    assert blocking(only(SIGNED)) == set()
    assert only(SIGNED).covers.whole


@pytest.mark.parametrize(
    "text",
    [
        b"[]", b"[0]", b"[0 10]", b"[0 10 20]", b"[0 1 2 3 4 5]", b"[0 0 0 0]", b"[0 -1 %d 10]" % END, b"[-5 10 %d 10]" % END,
        b"[0 %d %d 99999999]" % (START, END), b"[0.0 %d %d 10]" % (START, END), b"[0 9 0 R 20 30]", b"null", b"[0 10 20 2147483648]",
        b"[0 10 20 9223372036854775808]", b"[1 %d %d 10]" % (START - 1, END), b"[10 %d %d 10]" % (START - 10, END),
        b"[0 %d %d 10]" % (END + 5, END), b"(none)",
    ],
)  # fmt: skip
def test_byte_range_that_is_none(text: bytes) -> None:
    signature = only(with_range(text))
    assert "container.byte-range-malformed" in blocking(signature)
    assert not signature.covers.whole


@pytest.mark.parametrize(("before", "after"), [(-1, 0), (1, 0), (0, 1), (0, 2), (0, 16), (0, -1), (-5, 5)])
def test_gap_that_is_not_the_contents_token(before: int, after: int) -> None:
    first, second = START + before, END + after
    signature = only(with_range(b"[0 %d %d %d]" % (first, second, len(SIGNED) - second)))
    assert "container.byte-range-malformed" in blocking(signature)


@pytest.mark.parametrize("text", [b"<>", b"<00>", b"<0000>", b"null", b"(abc)", b"5 0 R", b"<3082zz>"])
def test_contents_that_is_none(text: bytes) -> None:
    assert blocking(only(with_contents(text))) & {
        "container.contents-malformed",
        "container.signature-dictionary-malformed",
    }


@pytest.mark.parametrize("name", [b"/Contents ", b"/ByteRange "])
def test_a_key_that_is_gone(name: bytes) -> None:
    other = b"/" + b"X" * (len(name) - 2) + b" "
    data = SIGNED.replace(name, other)
    assert blocking(only(data)) & {"container.contents-malformed", "container.byte-range-malformed"}


def test_a_key_without_value() -> None:
    data = SIGNED[:START] + b" " * (END - START) + SIGNED[END:]
    assert blocking(only(data)) == {"container.signature-dictionary-malformed"}


@pytest.mark.parametrize("first", [True, False])
def test_two_contents_keys(first: bool) -> None:
    """Whichever of the two a parser keeps, the dictionary is malformed."""
    room = b"/Reason (" + b"x" * 40 + b")"
    from pdf_signers import AT, cms_of, provider

    from interop.pdf.sign import SUBFILTER_PADES, PdfSignRequest, sign_pdf

    request = PdfSignRequest(
        subfilter=SUBFILTER_PADES,
        cms=cms_of(provider("eu-qtsp-natural"), "natural-rsa"),
        signing_time=AT,
        reason="x" * 40,
    )
    data = sign_pdf(document(), request)
    assert blocking(only(data)) == set()
    assert room in data
    extra = b"/Contents <3003020101>" if first else b"/ByteRange [0 1 2 3]"
    assert "container.signature-dictionary-malformed" in blocking(only(data.replace(room, extra.ljust(len(room)))))


def test_white_space_in_the_hexadecimal_string_is_padding() -> None:
    """ISO 32000-2 7.3.4.3: white space inside a hexadecimal string is ignored; the last zero digits are room enough."""
    data = SIGNED[: END - 3] + b" \n" + SIGNED[END - 1 :]
    assert len(data) == len(SIGNED)
    assert blocking(only(data)) == set()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (b"/adbe.pkcs7.sha1", "container.subfilter-obsolete"),
        (b"/TEST.unknown", "container.subfilter-unknown"),
    ],
)
def test_sub_filters(written: bytes, code: str) -> None:
    data = SIGNED.replace(b"/ETSI.CAdES.detached", written.ljust(len(b"/ETSI.CAdES.detached")))
    assert code in blocking(only(data))


def test_escaped_names_hide_nothing() -> None:
    """`/#42yteRange` is /ByteRange (ISO 32000-2 7.3.5): the scan reads names, not letters."""
    data = document().replace(
        b"%%EOF\n", b"%%EOF\n9 0 obj << /#54ype /#53ig /#53ubFilter /x /#43ontents <00> >> endobj\n"
    )
    (scan,) = scan_signatures(data).signatures
    assert scan.type == "Sig"


def test_no_signature_is_said_only_when_nothing_is_there() -> None:
    found = facts(document())
    assert found.signatures == ()
    assert found.document.signature_fields == 0
    assert facts(form()).signatures == ()  # an empty signature field is not a signature
    assert facts(b"").document.findings != ()
    assert facts(b"%PDF-1.7 nothing").signatures == ()


def test_a_signature_in_a_broken_file_is_still_seen() -> None:
    data = SIGNED.replace(b"startxref", b"startxxxx")
    found = facts(data)
    assert len(found.signatures) == 1
    assert any(f.code == "container.pdf-structure-unreadable" for f in found.document.findings)


def test_a_copy_of_the_signature_counts_once() -> None:
    """CCS 2019, incremental saving with a copy of the original signature object."""
    at = SIGNED.rfind(b" 0 obj", 0, START)
    number = SIGNED[SIGNED.rfind(b"\n", 0, at) : SIGNED.find(b"endobj", END) + 6]
    found = facts(SIGNED + number + b"\n%%EOF\n")
    assert len(found.signatures) == 1
    assert [c.kind for c in found.document.changes] == ["unparsed-tail"]


def test_an_embedded_signed_file_is_not_a_signature_of_this_one() -> None:
    update = Update(document())
    body = b"<< /Type /EmbeddedFile /Length %d >>\nstream\n" % len(SIGNED) + SIGNED + b"\nendstream"
    update.put(update.allocate(), body)
    data, _ = update.finish()
    found = facts(data)
    assert found.signatures == ()
    assert [f.code for f in found.document.findings] == ["container.embedded-signature"]


def test_an_object_stream_cannot_hold_a_signature() -> None:
    from io import BytesIO

    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.generic import pdf_name
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    out = BytesIO(form(stream_xrefs=True))
    writer = IncrementalPdfFileWriter(out)
    holder = writer.prepare_object_stream()
    value = generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Sig"), pdf_name("/SubFilter"): pdf_name("/ETSI.CAdES.detached"),
        pdf_name("/ByteRange"): generic.ArrayObject(map(generic.NumberObject, (0, 1, 2, 3))),
        pdf_name("/Contents"): generic.ByteStringObject(b"0000"),
    })  # fmt: skip
    ref = writer.add_object(value, obj_stream=holder)
    field = writer.root["/AcroForm"]["/Fields"][1]
    field[pdf_name("/V")] = ref
    writer.update_container(field)
    writer.write_in_place()
    (signature,) = facts(out.getvalue()).signatures
    assert blocking(signature) == {"container.signature-in-object-stream"}
    assert signature.field == "Seal"


@pytest.mark.parametrize(
    ("text", "check"),
    [
        (b"<< /A (a\\(b\\)\\101) >>", lambda v: string_bytes(v.dict.entries["A"]) == b"a(b)A"),
        (b" % comment\n [1 -2 .5 /N#20x true null 3 0 R <4>]",
         lambda v: [i.kind for i in v.items] == ["integer", "integer", "real", "name", "keyword", "keyword", "reference", "hex"]),
        (b"(a(b)c)", lambda v: string_bytes(v) == b"a(b)c"),
        (b"<414>", lambda v: string_bytes(v) == b"A@"),
        (b"<< /A 1 /A 2 >>", lambda v: v.dict.repeated == ("A",) and v.dict.entries["A"].value == 1),
    ],
)  # fmt: skip
def test_objects_are_read_as_the_standard_says(text: bytes, check: Callable[[PdfValue], bool]) -> None:
    assert check(read_value(text, 0))


@pytest.mark.parametrize(
    "text", [b"<< /A >>", b"<< 1 2 >>", b"(open", b"<41", b"[1", b"<<", b"", b"[" * 100, b"<4g>", b")", b"1" * 30]
)
def test_what_is_no_object(text: bytes) -> None:
    with pytest.raises(Malformed):
        read_value(text, 0)
