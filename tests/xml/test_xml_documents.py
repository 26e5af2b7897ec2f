"""The documents that are signed: fictitious, bilingual, and in namespaces that belong to nobody."""

from __future__ import annotations

import re

import pytest
from lxml import etree
from xml_signers import DOCUMENTS

from interop.xml.names import XML_NS
from interop.xml.parse import parse_xml


@pytest.mark.parametrize("name", ["contract", "bill-of-lading"])
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
