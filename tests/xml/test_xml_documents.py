"""The documents that are signed: fictitious, bilingual, and in namespaces that belong to nobody."""

from __future__ import annotations

import re

import pytest
from lxml import etree
from xml_signers import DOCUMENTS

from interop.xml.names import XML_NS
from interop.xml.parse import parse_xml


@pytest.mark.parametrize("name", ["contract", "bill-of-lading", "warehouse-receipt"])
def test_document(name: str) -> None:
    parsed = parse_xml((DOCUMENTS / f"{name}.xml").read_bytes())
    languages = {e.get(f"{{{XML_NS}}}lang") for e in parsed.root.iter(etree.Element)} - {None}
    assert languages >= {"en", "zh-CN"}
    names = {uri for e in parsed.root.iter(etree.Element) for uri in e.nsmap.values()}
    ours = names - {"http://www.w3.org/2001/XMLSchema-instance"}
    assert all(uri.startswith("urn:example:") or re.match(r"https://[a-z.]*\.example/", uri) for uri in ours)
    assert parsed.ids == {name: (parsed.root,)}
    parties = [
        e.text or "" for e in parsed.root.iter(etree.Element) if e.tag.endswith("}Name") and len(e.text or "") > 8
    ]
    companies = [p for p in parties if re.search(r"Co\.|B\.V\.|Ltd|N\.V\.|公司", p)]
    assert companies
    assert all("TEST" in p or "测试" in p for p in companies)


UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
INVOICE = [
    "UBLVersionID",
    "ID",
    "IssueDate",
    "DueDate",
    "InvoiceTypeCode",
    "Note",
    "Note",
    "DocumentCurrencyCode",
    "OrderReference",
    "ContractDocumentReference",
    "AccountingSupplierParty",
    "AccountingCustomerParty",
    "PaymentMeans",
    "TaxTotal",
    "LegalMonetaryTotal",
    "InvoiceLine",
    "InvoiceLine",
]
"""In the order of UBL-Invoice-2.1.xsd."""


def test_the_invoice_has_the_shape_of_ubl() -> None:
    """UBL 2.1 (OASIS 2013): its namespaces, its elements in their order, amounts that add up (EN 16931-1 BR-CO-10, BR-CO-15)."""
    root = parse_xml((DOCUMENTS / "invoice.xml").read_bytes()).root
    assert root.tag == f"{{{UBL}Invoice-2}}Invoice"
    assert {uri for e in root.iter(etree.Element) for uri in e.nsmap.values()} == {
        f"{UBL}{name}-2" for name in ("Invoice", "CommonAggregateComponents", "CommonBasicComponents")
    }
    assert [etree.QName(child).localname for child in root if isinstance(child.tag, str)] == INVOICE
    aggregates = [e for e in root.iter(etree.Element) if len(e) and e is not root]
    basics = [e for e in root.iter(etree.Element) if not len(e)]
    assert {etree.QName(e).namespace for e in aggregates} == {f"{UBL}CommonAggregateComponents-2"}
    assert {etree.QName(e).namespace for e in basics} == {f"{UBL}CommonBasicComponents-2"}
    lines = [float(e.findtext("{*}LineExtensionAmount") or "") for e in root.findall("{*}InvoiceLine")]
    totals = root.find("{*}LegalMonetaryTotal")
    tax = float(root.findtext("{*}TaxTotal/{*}TaxAmount") or "")
    assert sum(lines) == float(totals.findtext("{*}LineExtensionAmount"))
    assert sum(lines) + tax == float(totals.findtext("{*}PayableAmount"))
    for name in root.iter("{*}RegistrationName"):
        assert "TEST" in (name.text or "")


@pytest.mark.parametrize("name", ["invoice", "warehouse-receipt"])
def test_comments_stand_inside_the_root(name: str) -> None:
    """What the canonicalisations with and without comments differ in."""
    assert list(parse_xml((DOCUMENTS / f"{name}.xml").read_bytes()).root.iter(etree.Comment))
