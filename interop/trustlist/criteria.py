"""Criteria lists as written in qualifications and equivalences (TS 119 612 clause 5.5.9.2.2, mutual-recognition schema)."""

from __future__ import annotations

from lxml import etree

from interop.model.trusted_list import Assertion, CriteriaList, QcCondition
from interop.trustlist.names import ADD, ECC, MRA, NS, local

__all__ = ["read_criteria", "read_oid"]

_ASSERTIONS: dict[str, Assertion] = {"all": "all", "atleastone": "atLeastOne", "none": "none"}
_IGNORED = {"Description"}
_URN = "urn:oid:"


def read_oid(element: etree._Element | None) -> str:
    """Dotted OID of an ObjectIdentifierType, written plainly or as a URN; empty where there is none."""
    if element is None:
        return ""
    text = "".join(map(str, element.itertext())).strip()
    return text[len(_URN) :] if text.lower().startswith(_URN) else text


def read_criteria(element: etree._Element) -> CriteriaList:
    """A CriteriaList, or an element of that type. What is not understood is named in `unknown`."""
    key_usages: list[tuple[tuple[str, bool], ...]] = []
    policies: list[tuple[str, ...]] = []
    attributes: list[tuple[str, ...]] = []
    usages: list[tuple[str, ...]] = []
    statements: list[tuple[QcCondition, ...]] = []
    lists: list[CriteriaList] = []
    unknown: list[str] = []
    written = (element.get("assert") or "all").strip().lower()
    if written not in _ASSERTIONS:
        unknown.append(f"assert={written}")
    for child in _conditions(element):
        name = local(str(child.tag))
        if child.tag == f"{{{ECC}}}CriteriaList":
            lists.append(read_criteria(child))
        elif child.tag == f"{{{ECC}}}KeyUsage":
            bits = child.findall("e:KeyUsageBit", NS)
            key_usages.append(tuple((b.get("name") or "", (b.text or "").strip() in {"true", "1"}) for b in bits))
        elif child.tag == f"{{{ECC}}}PolicySet":
            found = child.findall("e:PolicyIdentifier", NS)
            policies.append(tuple(read_oid(p.find("x:Identifier", NS)) for p in found))
        elif child.tag == f"{{{ADD}}}CertSubjectDNAttribute":
            found = child.findall("a:AttributeOID", NS)
            attributes.append(tuple(read_oid(p.find("x:Identifier", NS)) for p in found))
        elif child.tag == f"{{{ADD}}}ExtendedKeyUsage":
            found = child.findall("a:KeyPurposeId", NS)
            usages.append(tuple(read_oid(p.find("x:Identifier", NS)) for p in found))
        elif child.tag == f"{{{MRA}}}QcStatementSet":
            statements.append(tuple(_statement(s) for s in child.findall("m:QcStatement", NS)))
        elif name not in _IGNORED:
            unknown.append(name)
    return CriteriaList(
        assertion=_ASSERTIONS.get(written, "all"),
        key_usages=tuple(key_usages),
        policies=tuple(policies),
        subject_attributes=tuple(attributes),
        extended_key_usages=tuple(usages),
        qc_statements=tuple(statements),
        lists=tuple(lists),
        unknown=tuple(unknown),
    )


def _conditions(element: etree._Element) -> list[etree._Element]:
    """Its children, those of otherCriteriaList among them."""
    found: list[etree._Element] = []
    for child in element.iterchildren("*"):
        if local(str(child.tag)) == "otherCriteriaList":
            found.extend(child.iterchildren("*"))
        else:
            found.append(child)
    return found


def _statement(element: etree._Element) -> QcCondition:
    kind = element.find("m:QcStatementInfo/m:QcType", NS)
    law = element.find("m:QcStatementInfo/m:QcCClegislation", NS)
    return QcCondition(
        oid=read_oid(element.find("m:QcStatementId", NS)),
        type=None if kind is None else read_oid(kind),
        legislation=None if law is None else (law.text or "").strip(),
    )
