"""What an attacker without a key can put into a signed XML file that still verifies: beside, inside and between what is signed."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from attack_lab import SIGNING, check, codes, contract, xml_signed
from lxml import etree

from interop.model.formats import Format, Packaging

DS, XADES = "{http://www.w3.org/2000/09/xmldsig#}", "{http://uri.etsi.org/01903/v1.3.2#}"
CONTRACT = "{urn:example:trade:contract:1}"
Edit = Callable[[etree._Element], None]


def edited(data: bytes, edit: Edit) -> bytes:
    root = etree.fromstring(data)
    edit(next(root.iter(f"{DS}Signature")))
    return etree.tostring(root.getroottree())


def total(parent: etree._Element) -> None:
    etree.SubElement(parent, f"{CONTRACT}Total").text = "999999.00"


def in_object(signature: etree._Element) -> None:
    total(etree.SubElement(signature, f"{DS}Object"))


def in_object_first(signature: etree._Element) -> None:
    holder = etree.Element(f"{DS}Object")
    holder.append(etree.fromstring(contract("xml")))
    signature.insert(0, holder)


def in_properties(signature: etree._Element) -> None:
    total(etree.SubElement(etree.SubElement(signature, f"{DS}Object"), f"{DS}SignatureProperties"))


def in_manifest(signature: etree._Element) -> None:
    total(etree.SubElement(etree.SubElement(signature, f"{DS}Object"), f"{DS}Manifest"))


def in_key_info(signature: etree._Element) -> None:
    info = signature.find(f"{DS}KeyInfo")
    assert info is not None
    total(info)


def in_unsigned_properties(signature: etree._Element) -> None:
    qualifying = next(signature.iter(f"{XADES}QualifyingProperties"))
    unsigned = etree.SubElement(qualifying, f"{XADES}UnsignedProperties")
    total(etree.SubElement(unsigned, f"{XADES}UnsignedSignatureProperties"))


def foreign_note(signature: etree._Element) -> None:
    etree.SubElement(etree.SubElement(signature, f"{DS}Object"), "{urn:example:note}Note").text = "note"


def bare_text(signature: etree._Element) -> None:
    etree.SubElement(signature, f"{DS}Object").text = "note"


WAYS = {
    "document": {}, "by id": {"reference": "id"}, "filter": {"leave_out": "all"}, "enveloping": {"packaging": Packaging.ENVELOPING},
    "plain": {"format": Format.XMLDSIG},
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_controls(way: str) -> None:
    found = check(xml_signed(**WAYS[way]))
    assert found.passed
    assert "integrity.unsigned-content" not in codes(found)


@pytest.mark.parametrize("way", ["document", "by id", "filter"])
@pytest.mark.parametrize("edit", [in_object, in_properties, in_manifest, in_key_info, in_unsigned_properties])
def test_a_twin_of_signed_content_inside_the_signature_is_wrapping(way: str, edit: Edit) -> None:
    """XSW 2, 6 and 8 (USENIX Security 2012): an enveloped signature is left out of what it covers, with all that is put in it."""
    found = check(edited(xml_signed(**WAYS[way]), edit))
    assert found.indications == ("TOTAL_FAILED",)
    assert "integrity.signature-wrapping" in codes(found)


@pytest.mark.parametrize("edit", [in_properties, in_manifest, in_key_info, in_unsigned_properties])
def test_it_is_in_an_enveloping_signature_too(edit: Edit) -> None:
    assert not check(edited(xml_signed(packaging=Packaging.ENVELOPING), edit)).passed


@pytest.mark.parametrize("way", ["document", "plain"])
def test_a_whole_document_put_first_is_wrapping(way: str) -> None:
    assert check(edited(xml_signed(**WAYS[way]), in_object_first)).indications == ("TOTAL_FAILED",)


@pytest.mark.parametrize("edit", [foreign_note, bare_text])
def test_other_content_inside_the_signature_is_said(edit: Edit) -> None:
    found = check(edited(xml_signed(), edit))
    assert found.passed
    assert "integrity.unsigned-content" in codes(found)


def test_a_style_sheet_before_an_element_signed_by_id_is_said() -> None:
    """What is shown is not what was signed; over the document as a whole the instruction would break the digest."""
    sheet = b'<?xml-stylesheet href="evil.xsl"?>'
    by_id = etree.tostring(etree.fromstring(xml_signed(reference="id")))
    assert "integrity.unsigned-content" in codes(check(sheet + by_id))
    whole = etree.tostring(etree.fromstring(xml_signed()))
    assert check(sheet + whole).indications == ("TOTAL_FAILED",)


def test_a_comment_does_not_cut_signed_text() -> None:
    """VU#475445 (CVE-2017-11427): canonicalisation drops the comment, so the time that was signed is the whole text."""

    def cut(signature: etree._Element) -> None:
        time = next(signature.iter(f"{XADES}SigningTime"))
        text = time.text or ""
        time.text = text[:10]
        comment = etree.Comment("x")
        comment.tail = text[10:]
        time.append(comment)

    found = check(edited(xml_signed(), cut))
    assert found.passed
    assert found.facts.signatures[0].claimed_time == SIGNING


def test_only_the_first_certificate_reference_names_the_signer() -> None:
    """EN 319 132-1 5.2.2: the first is the signer's; a later one that fits must not heal it."""

    def swap(signature: etree._Element) -> None:
        holder = next(signature.iter(f"{XADES}SigningCertificateV2"))
        wrong = copy.deepcopy(holder[0])
        digest = next(wrong.iter(f"{DS}DigestValue"))
        digest.text = "A" * 43 + "="
        holder.insert(0, wrong)

    bound = check(edited(xml_signed(), swap)).facts.signatures[0].bound_by
    assert [b.digest_ok for b in bound if b.how == "signing-certificate-v2"] == [False]
