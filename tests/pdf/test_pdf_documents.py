"""The PDF documents that are signed: one page, no form, uncompressed text, the numbers of their XML twins."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from outside import tool
from pdf_signers import document, sign

from interop.model.formats import DocumentKind
from interop.pdf.mutate import byte_changed
from interop.pdf.observe import observe_pdf
from interop.pdf.write import open_reader
from interop.vector.documents import document as named

NUMBERS = {
    DocumentKind.INVOICE: ("TEST-INV-2026-000588", "TEST-CT-2026-000117", "200,000.00"),
    DocumentKind.WAREHOUSE_RECEIPT: ("TEST-WR-2026-00093", "249.870", "500.125", "749.995"),
}


@pytest.mark.parametrize("kind", DocumentKind)
def test_every_kind_of_document_is_there_in_both_families(kind: DocumentKind) -> None:
    assert named(kind, "pdf").startswith(b"%PDF-1.7")
    assert named(kind, "xml").startswith(b"<?xml")


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_document_is_plain(kind: DocumentKind) -> None:
    reader = open_reader(document(kind.value))
    assert int(reader.root["/Pages"]["/Count"]) == 1
    assert "/AcroForm" not in reader.root
    assert "TEST" in str(reader.trailer["/Info"]["/Title"])
    assert not reader.has_xref_stream
    assert observe_pdf(document(kind.value)).facts.signatures == ()


@pytest.mark.parametrize("kind", DocumentKind)
def test_one_changed_byte_is_seen(kind: DocumentKind) -> None:
    signed = sign(document(kind.value))
    broken = byte_changed(signed)
    assert sum(a != b for a, b in zip(signed, broken, strict=True)) == 1
    for data, ok in ((signed, True), (broken, False)):
        (signature,) = observe_pdf(data).facts.signatures
        assert [reference.ok for reference in signature.references] == [ok]


@pytest.mark.parametrize("kind", sorted(NUMBERS))
def test_page_and_xml_say_the_same(kind: DocumentKind, tmp_path: Path) -> None:
    program = tool("pdftotext")
    path = tmp_path / "document.pdf"
    path.write_bytes(named(kind, "pdf"))
    text = subprocess.run([program, "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    xml = named(kind, "xml").decode()
    for number in NUMBERS[kind]:
        assert number in text
        assert number.replace(",", "") in xml or number == "749.995"  # the page adds the masses up
    for company in re.findall(r">([^<]*(?:Co\., Ltd\.))<", xml):
        assert company in text
