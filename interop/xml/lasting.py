"""Extending a XAdES signature: validation data for the long term, and archive time-stamps (EN 319 132-1 clauses 5.4 and 5.5).

    signed = sign_xml(document, request)                       # B-T
    longer = add_validation_data(signed, ValidationValues(...))  # B-LT
    longest = add_archive_timestamp(longer, stamp)             # B-LTA

Both work on the signature that is named, else on the last of the document, and change nothing but its unsigned properties. What
an archive time-stamp stands on is made by the same code that reads it (`stamps.stands_on`), from the bytes as they are written.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from interop.model.errors import InputError, Problem, UsageError
from interop.xml.dereference import Budget, Refused
from interop.xml.draft import make_drafts
from interop.xml.names import EXC_C14N, NS, XADES, XADES141, ds, local, xades, xades141
from interop.xml.parse import Parsed, XmlRefused, parse_xml
from interop.xml.properties import Stamp
from interop.xml.stamps import stands_on

__all__ = ["ValidationValues", "add_archive_timestamp", "add_validation_data"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationValues:
    """Certificates and revocation data, DER. Order is kept."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    """CertificateList."""
    ocsps: tuple[bytes, ...] = ()
    """OCSPResponse."""


def add_validation_data(
    document: bytes,
    values: ValidationValues,
    *,
    timestamps: ValidationValues | None = None,
    signature: str | None = None,
) -> bytes:
    """CertificateValues and RevocationValues for the signer's path (clauses 5.4.1 and 5.4.2), and TimeStampValidationData (5.5.1) for
    the last time-stamp where `timestamps` is given. A property that is there already stays: later data go into
    TimeStampValidationData, as the clauses ask.

    `signature` is the Id of the ds:Signature. Raises InputError for a document that cannot be read or holds no such XAdES signature.
    """
    parsed, element = _open(document, signature)
    unsigned = _unsigned(element)
    if unsigned.find("xades:CertificateValues", NS) is None and values.certificates:
        _certificates(unsigned, values)
    if unsigned.find("xades:RevocationValues", NS) is None and (values.crls or values.ocsps):
        _revocations(unsigned, values)
    if timestamps is not None:
        _timestamp_data(unsigned, timestamps)
    return _written(parsed)


def add_archive_timestamp(
    document: bytes,
    stamp: Callable[[bytes], bytes],
    *,
    detached: bytes | None = None,
    signature: str | None = None,
    canonicalization: str = EXC_C14N,
) -> bytes:
    """An xades141:ArchiveTimeStamp (clause 5.5.2) over everything before it. `stamp` gives the token (DER) over the octets.

    `detached` is the content of a detached signature. Raises InputError as `add_validation_data`, UsageError where what the signature
    names cannot be got at, such as detached content that is not given.
    """
    parsed, element = _open(document, signature)
    unsigned = _unsigned(element)
    number = sum(isinstance(child.tag, str) and local(child.tag) == "ArchiveTimeStamp" for child in unsigned)
    name = f"{element.get('Id') or 'S'}-archive-{number}"
    holder = etree.SubElement(unsigned, xades141("ArchiveTimeStamp"), nsmap={"xades141": XADES141}, Id=name)
    etree.SubElement(holder, ds("CanonicalizationMethod"), Algorithm=canonicalization)
    token = etree.SubElement(holder, xades("EncapsulatedTimeStamp"), Id=f"{name}-token")
    token.text = _base64(stamp(_octets(_written(parsed), name, detached, canonicalization)))
    return _written(parsed)


def _octets(document: bytes, name: str, detached: bytes | None, canonicalization: str) -> bytes:
    """What the property of that Id stands on, from the document as it will be read."""
    parsed = parse_xml(document)
    budget = Budget()
    for draft in make_drafts(list(parsed.root.iter(ds("Signature"))), parsed, detached, budget):
        for holder in draft.structure.element.iter(xades141("ArchiveTimeStamp")):
            if holder.get("Id") == name:
                empty = Stamp(kind="archive", element=holder, canonicalization=canonicalization, token=b"")
                try:
                    return stands_on(empty, draft.structure, draft.outcomes, budget)
                except Refused as refused:
                    raise UsageError(f"no archive time-stamp can be made: {refused}") from refused
    raise AssertionError("the property that was just written is not there")


def _open(document: bytes, signature: str | None) -> tuple[Parsed, etree._Element]:
    try:
        parsed = parse_xml(document)
    except XmlRefused as refused:
        raise InputError("signed document", (Problem(where=refused.code, what=refused.detail),)) from refused
    found = [
        element
        for element in parsed.root.iter(ds("Signature"))
        if (signature is None or element.get("Id") == signature) and _qualifying(element) is not None
    ]
    if not found:
        named = "" if signature is None else f" with Id '{signature}'"
        raise InputError("signed document", (Problem(where="ds:Signature", what=f"no XAdES signature{named}"),))
    return parsed, found[-1]


def _qualifying(element: etree._Element) -> etree._Element | None:
    return element.find("ds:Object/xades:QualifyingProperties", NS)


def _unsigned(element: etree._Element) -> etree._Element:
    """UnsignedSignatureProperties, made where it is missing."""
    qualifying = _qualifying(element)
    if qualifying is None:
        raise AssertionError("only XAdES signatures are opened")
    properties = qualifying.find("xades:UnsignedProperties", NS)
    if properties is None:
        properties = etree.SubElement(qualifying, xades("UnsignedProperties"))
    found = properties.find("xades:UnsignedSignatureProperties", NS)
    return etree.SubElement(properties, xades("UnsignedSignatureProperties")) if found is None else found


def _certificates(parent: etree._Element, values: ValidationValues) -> None:
    holder = etree.SubElement(parent, xades("CertificateValues"), nsmap={"xades": XADES})
    for der in dict.fromkeys(values.certificates):
        etree.SubElement(holder, xades("EncapsulatedX509Certificate")).text = _base64(der)


def _revocations(parent: etree._Element, values: ValidationValues) -> None:
    holder = etree.SubElement(parent, xades("RevocationValues"), nsmap={"xades": XADES})
    for name, item, ders in (
        ("CRLValues", "EncapsulatedCRLValue", values.crls),
        ("OCSPValues", "EncapsulatedOCSPValue", values.ocsps),
    ):
        if ders:
            group = etree.SubElement(holder, xades(name))
            for der in dict.fromkeys(ders):
                etree.SubElement(group, xades(item)).text = _base64(der)


def _timestamp_data(unsigned: etree._Element, values: ValidationValues) -> None:
    """At the end, naming the last time-stamp by URI (clause 5.5.1)."""
    stamps = [child for child in unsigned if isinstance(child.tag, str) and local(child.tag).endswith("TimeStamp")]
    if not stamps:
        raise UsageError("validation data for a time-stamp need a time-stamp")
    holder = etree.Element(xades141("TimeStampValidationData"), nsmap={"xades141": XADES141})
    name = stamps[-1].get("Id")
    if name is not None:
        holder.set("URI", f"#{name}")
    if values.certificates:
        _certificates(holder, values)
    if values.crls or values.ocsps:
        _revocations(holder, values)
    unsigned.append(holder)


def _written(parsed: Parsed) -> bytes:
    return etree.tostring(parsed.root.getroottree(), encoding="UTF-8", xml_declaration=True)


def _base64(der: bytes) -> str:
    return base64.b64encode(der).decode("ascii")
