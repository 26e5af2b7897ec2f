"""The skeleton of one ds:Signature, read strictly (XML-Signature 1.1 section 4)."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from interop.model.certificate import Finding
from interop.xml.dereference import decode_base64
from interop.xml.names import HMAC_URIS, NS, ds, local

__all__ = [
    "Reference",
    "Structure",
    "algorithm_of",
    "is_hmac",
    "plain_text",
    "read_references",
    "read_structure",
    "text_at",
]

MAX_REFERENCES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One ds:Reference as written."""

    element: etree._Element
    uri: str | None
    """None where there is no URI attribute."""
    type: str | None
    digest_uri: str
    value: bytes | None
    """DigestValue; None where it is not base64."""
    transforms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """One ds:Signature, as far as it could be read."""

    element: etree._Element
    id: str | None
    signed_info: etree._Element | None
    canonicalization: str
    """CanonicalizationMethod URI; empty where missing."""
    method: str
    """SignatureMethod URI; empty where missing."""
    output_length: str | None
    """HMACOutputLength as written."""
    references: tuple[Reference, ...]
    value_element: etree._Element | None
    value: bytes | None
    key_info: etree._Element | None
    objects: tuple[etree._Element, ...]
    findings: tuple[Finding, ...]


def is_hmac(uri: str) -> bool:
    """Whether a SignatureMethod is a message authentication code, which names no signer."""
    return uri.startswith(HMAC_URIS)


def plain_text(element: etree._Element) -> str:
    """The whole text of an element that may hold nothing else. Raises ValueError for child nodes of any kind.

    A comment in a digest value is how verifiers were made to read only the first of two text nodes (CVE-2025-29775).
    """
    if len(element):
        raise ValueError(f"{local(str(element.tag))} holds more than text")
    return element.text or ""


def text_at(parent: etree._Element, path: str) -> str | None:
    """The whole text of the first element on the path, whatever comments and instructions stand in it; None where there is none.

    Canonicalisation leaves comments out, so anybody may add them to what is signed: the text before the first one is not the
    text that was signed (VU#475445). Text of child elements does not count.
    """
    found = parent.find(path, NS)
    return None if found is None else "".join([found.text or "", *(child.tail or "" for child in found)])


def algorithm_of(parent: etree._Element, name: str) -> str:
    """Algorithm of the one child of that name; empty where it is missing or repeated."""
    found = parent.findall(name, NS)
    return found[0].get("Algorithm") or "" if len(found) == 1 else ""


def read_references(parent: etree._Element, wrong: list[str]) -> tuple[Reference, ...]:
    """The References of a SignedInfo or Manifest; what is wrong with them is appended."""
    found = []
    for element in parent.findall(ds("Reference"))[:MAX_REFERENCES]:
        value = None
        holders = element.findall(ds("DigestValue"))
        try:
            if len(holders) == 1:
                value = decode_base64(plain_text(holders[0]))
            else:
                wrong.append(f"{len(holders)} DigestValue")
        except ValueError as error:
            wrong.append(str(error))
        found.append(
            Reference(
                element=element,
                uri=element.get("URI"),
                type=element.get("Type"),
                digest_uri=algorithm_of(element, "ds:DigestMethod"),
                value=value,
                transforms=tuple(t.get("Algorithm") or "" for t in element.findall("ds:Transforms/ds:Transform", NS)),
            )
        )
    return tuple(found)


def read_structure(element: etree._Element) -> Structure:
    """Read a ds:Signature. Never raises: what is wrong is `container.xml-signature-malformed`."""
    wrong: list[str] = []

    def one(name: str, *, required: bool = True) -> etree._Element | None:
        found = element.findall(ds(name))
        if len(found) > 1 or (required and not found):
            wrong.append(f"{len(found)} {name}")
        return found[0] if len(found) == 1 else None

    signed_info, value_element, key_info = one("SignedInfo"), one("SignatureValue"), one("KeyInfo", required=False)
    references: tuple[Reference, ...] = ()
    canonicalization = method = ""
    output_length = None
    if signed_info is not None:
        canonicalization = algorithm_of(signed_info, "ds:CanonicalizationMethod")
        method = algorithm_of(signed_info, "ds:SignatureMethod")
        wrong.extend(
            f"{name} is missing, repeated or has no Algorithm"
            for name, uri in (("CanonicalizationMethod", canonicalization), ("SignatureMethod", method))
            if not uri
        )
        output_length = text_at(signed_info, "ds:SignatureMethod/ds:HMACOutputLength")
        references = read_references(signed_info, wrong)
        count = len(signed_info.findall(ds("Reference")))
        if count == 0:
            wrong.append("no Reference")
        elif count > MAX_REFERENCES:
            wrong.append(f"{count} References, at most {MAX_REFERENCES} are read")
            signed_info = None
    value = None
    if value_element is not None:
        try:
            value = decode_base64(plain_text(value_element))
        except ValueError as error:
            wrong.append(f"SignatureValue: {error}")
    return Structure(
        element=element,
        id=element.get("Id"),
        signed_info=signed_info,
        canonicalization=canonicalization,
        method=method,
        output_length=output_length,
        references=references,
        value_element=value_element,
        value=value,
        key_info=key_info,
        objects=tuple(element.findall(ds("Object"))),
        findings=tuple(Finding(code="container.xml-signature-malformed", detail=text[:200]) for text in wrong),
    )
