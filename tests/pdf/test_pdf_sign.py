"""Signing: deterministic, sound for tools made by others, and possible in any ordinary file."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from outside import tool
from pdf_signers import AT, cms_of, document, form, provider, sign
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign.validation.status import SignatureCoverageLevel

from interop.model.errors import InputError, Unsupported, UsageError
from interop.model.facts import Observation
from interop.pdf.observe import observe_pdf
from interop.pdf.sign import SUBFILTER_ADOBE, SUBFILTER_PADES, PdfSignRequest, sign_pdf

IDENTITIES = [
    ("eu-qtsp-natural", "natural-rsa", SUBFILTER_PADES, "pkcs7", "PAdES"),
    ("eu-qtsp-natural", "natural-ec", SUBFILTER_ADOBE, "pkcs7", "PKCS7"),
]


def identities(provider_id: str) -> list[str]:
    return [identity.id for identity in provider(provider_id).provider.identities]


def sound(found: Observation, count: int = 1) -> None:
    """Every signature verifies with its own certificate, covers its revision, and nothing blocks."""
    facts = found.facts
    assert len(facts.signatures) == count
    assert facts.document.findings == ()
    for signature in facts.signatures:
        assert signature.findings == ()
        assert signature.covers.whole
        assert [r.ok for r in signature.references] == [True]
        assert [v.ok for v in signature.value if v.key == signature.bound_by[0].certificate] == [True]
        assert signature.claimed_time == AT


@pytest.mark.parametrize(
    "name", ["cn-gov-gm", "cn-licensed-sm2", "eu-qtsp-natural", "hk-recognised", "us-fpki", "gd-hk-scheme"]
)
@pytest.mark.parametrize("subfilter", [SUBFILTER_PADES, SUBFILTER_ADOBE])
def test_every_shipped_identity_signs(name: str, subfilter: str) -> None:
    for identity in identities(name):
        for family, form_name in (("pkcs7", "PAdES" if subfilter == SUBFILTER_PADES else "PKCS7"), ("gm", "GM")):
            signed = sign(document(), provider(name), identity, subfilter=subfilter, family=family)
            found = observe_pdf(signed)
            sound(found)
            (signature,) = found.facts.signatures
            assert (signature.format, signature.subfilter, signature.level) == (form_name, subfilter, "B-B")
            assert (signature.field, signature.revision, signature.claimed_by) == ("Signature1", 2, "/M")


@pytest.mark.parametrize("subfilter", [SUBFILTER_PADES, SUBFILTER_ADOBE])
@pytest.mark.parametrize("identity", ["natural-rsa", "natural-ec"])
def test_poppler_says_valid(tmp_path: Path, subfilter: str, identity: str) -> None:
    once = sign(document(), identity=identity, subfilter=subfilter)
    path = tmp_path / "signed.pdf"
    path.write_bytes(sign(once, identity="natural-rsa", subfilter=subfilter))
    done = subprocess.run([tool("pdfsig"), "-nocert", str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.count("Signature is Valid.") == 2, done.stdout
    assert done.stdout.count("Total document signed") == 1, done.stdout


def test_poppler_renders_the_signed_page(tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(sign(document("bill-of-lading")))
    done = subprocess.run([tool("pdftotext"), str(path), "-"], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "ELECTRONIC BILL OF LADING" in done.stdout
    assert "电子提单" in done.stdout


def test_equal_inputs_give_equal_bytes() -> None:
    assert sign(document()) == sign(document())
    assert sign(document(), identity="natural-ec") == sign(document(), identity="natural-ec")


@pytest.mark.parametrize("make", [document, form, lambda: form(stream_xrefs=True)], ids=["table", "form", "streams"])
def test_any_ordinary_file_signed_three_times(make: object) -> None:
    data = make()  # type: ignore[operator]
    for count in (1, 2, 3):
        data = sign(data)
        sound(observe_pdf(data), count)
    found = observe_pdf(data)
    assert [(c.after, c.kind) for c in found.facts.document.changes] == [("s0", "signature"), ("s1", "signature")]
    reader = PdfFileReader(BytesIO(data))
    seen = reader.embedded_signatures
    assert len(seen) == 3
    for signature in seen:
        signature.compute_integrity_info()
    assert seen[-1].evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE
    assert seen[0].evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_REVISION


def test_the_cross_reference_form_stays() -> None:
    assert not PdfFileReader(BytesIO(sign(form()))).has_xref_stream
    assert PdfFileReader(BytesIO(sign(form(stream_xrefs=True)))).has_xref_stream


def test_an_empty_field_is_filled_and_a_taken_one_refused() -> None:
    signed = sign(form(), field="Seal")
    (signature,) = observe_pdf(signed).facts.signatures
    assert signature.field == "Seal"
    with pytest.raises(UsageError, match="not an empty signature field"):
        sign(signed, field="Seal")
    with pytest.raises(UsageError, match="not an empty signature field"):
        sign(form(), field="Name")


@pytest.mark.parametrize("level", [1, 2, 3])
def test_certification(level: int) -> None:
    signed = sign(document(), certify=level)
    (signature,) = observe_pdf(signed).facts.signatures
    assert signature.certification == level
    (seen,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    assert seen.docmdp_level is not None
    assert seen.docmdp_level.value == level


def test_certification_comes_first() -> None:
    with pytest.raises(UsageError, match="first signature"):
        sign(sign(document()), certify=2)


def test_texts_of_the_dictionary() -> None:
    request = PdfSignRequest(
        subfilter=SUBFILTER_PADES, cms=cms_of(provider("eu-qtsp-natural"), "natural-rsa"), signing_time=AT,
        name="TEST (a\\b)", reason="批准 approved", location="深圳",
    )  # fmt: skip
    (seen,) = PdfFileReader(BytesIO(sign_pdf(document(), request))).embedded_signatures
    assert [str(seen.sig_object[f"/{k}"]) for k in ("Name", "Reason", "Location")] == [
        "TEST (a\\b)",
        "批准 approved",
        "深圳",
    ]
    assert "/Cert" not in seen.sig_object  # EN 319 142-1 6.3


def test_what_cannot_be_signed() -> None:
    request = PdfSignRequest(
        subfilter=SUBFILTER_PADES, cms=cms_of(provider("eu-qtsp-natural"), "natural-rsa"), reserved=100
    )
    with pytest.raises(UsageError, match="100 are reserved"):
        sign_pdf(document(), request)
    with pytest.raises(InputError, match="not a readable pdf"):
        sign_pdf(b"%PDF-1.7\nnothing", request)
    writer = copy_into_new_writer(PdfFileReader(BytesIO(document())))
    writer.encrypt("owner", "user")
    out = BytesIO()
    writer.write(out)
    with pytest.raises(Unsupported, match="encrypted"):
        sign_pdf(out.getvalue(), request)
