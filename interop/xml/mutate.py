"""What an attacker does to a signed XML document: each mutation changes one thing and leaves every other digest as it was."""

from __future__ import annotations

import base64
import copy
from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from interop.model.errors import InputError, Problem, UsageError
from interop.xml.c14n import cut_out
from interop.xml.dereference import decode_base64
from interop.xml.names import ID_ATTRIBUTES, NS, SIGNED_PROPERTIES, ds, xades
from interop.xml.parse import Parsed, XmlRefused, parse_xml

__all__ = ["MUTATIONS", "byte_changed", "signed_properties_moved", "value_flipped", "xml_wrapping"]


def byte_changed(signed: bytes) -> bytes:
    """One character of the signed content becomes another (enveloped or enveloping; expected: a digest does not match)."""
    parsed, signature = _open(signed)
    place = next(_texts(parsed.root, signature), None)
    if place is None:
        raise UsageError("mutation 'byte-changed' needs content inside the document")
    _change(place)
    return _close(parsed.root)


def value_flipped(signed: bytes) -> bytes:
    """One bit in the middle of SignatureValue is flipped."""
    parsed, signature = _open(signed)
    place = signature.find(ds("SignatureValue"))
    if place is None or not place.text:
        raise UsageError("mutation 'value-flipped' needs a SignatureValue")
    octets = bytearray(decode_base64(place.text))
    octets[len(octets) // 2] ^= 0x01
    place.text = base64.b64encode(bytes(octets)).decode("ascii")
    return _close(parsed.root)


def xml_wrapping(signed: bytes) -> bytes:
    """The signed element is moved away with its Id, and an altered copy with another Id stands in its place.

    Enveloped (the root signed by its Id): the copy is the new root, the signed element a child of it beside the signature.
    Enveloping: the copy stands in an Object before the signed one. Wrapping attacks 4 and 8 of Somorovsky et al., 2012.
    Digest and value still verify. Raises UsageError where the whole document is signed (`URI=""`): there is nothing to move.
    """
    parsed, signature = _open(signed)
    references = signature.findall("ds:SignedInfo/ds:Reference", NS)
    uri = next((r.get("URI") or "" for r in references if r.get("Type") != SIGNED_PROPERTIES), "")
    target = parsed.ids.get(uri[1:], ())
    if not uri.startswith("#") or len(target) != 1:
        raise UsageError(
            "mutation 'xml-wrapping' needs content that is signed by its Id",
            hints=("sign with reference='id', or enveloping",),
        )
    original = target[0]
    evil = copy.deepcopy(original)
    evil.tail = None
    for name in ID_ATTRIBUTES:
        if evil.get(name) is not None:
            evil.set(name, f"{evil.get(name)}-wrapped")
    for nested in evil.findall(f".//{ds('Signature')}"):
        _drop(nested)
    place = next(_texts(evil, None), None)
    if place is None:
        raise UsageError("mutation 'xml-wrapping' needs text in the signed element")
    _change(place)
    parent = original.getparent()
    if parent is not None:
        parent.insert(parent.index(original), evil)
        return _close(parsed.root)
    _drop(signature)
    evil.append(original)
    evil.append(signature)
    return _close(evil)


def signed_properties_moved(signed: bytes) -> bytes:
    """XAdES: the signed SignedProperties go to another Object, and others stand where a reader looks for them.

    The digest of the reference still matches. Plain XML-Signature verifiers accept it (reference/python-stack.md section 4).
    """
    parsed, signature = _open(signed)
    real = signature.find("ds:Object/xades:QualifyingProperties/xades:SignedProperties", NS)
    if real is None:
        raise UsageError("mutation 'signed-properties-moved' needs XAdES properties")
    fake = copy.deepcopy(real)
    fake.set("Id", f"{real.get('Id')}-fake")
    time = fake.find("xades:SignedSignatureProperties/xades:SigningTime", NS)
    if time is None:
        raise UsageError("mutation 'signed-properties-moved' needs a SigningTime")
    time.text = "2020-01-01T00:00:00Z"
    parent = real.getparent()
    if parent is None or parent.tag != xades("QualifyingProperties"):
        raise AssertionError("SignedProperties without QualifyingProperties")
    parent.replace(real, fake)
    etree.SubElement(signature, ds("Object")).append(real)
    return _close(parsed.root)


MUTATIONS: Mapping[str, Callable[[bytes], bytes]] = {
    "byte-changed": byte_changed,
    "value-flipped": value_flipped,
    "xml-wrapping": xml_wrapping,
    "signed-properties-moved": signed_properties_moved,
}
"""By the name that a case gives. Each takes and gives the bytes of the signed document."""


def _open(signed: bytes) -> tuple[Parsed, etree._Element]:
    try:
        parsed = parse_xml(signed)
    except XmlRefused as refused:
        raise InputError("signed document", (Problem(where=refused.code, what=refused.detail),)) from refused
    signature = next(parsed.root.iter(ds("Signature")), None)
    if signature is None:
        raise UsageError("there is no signature in the document to mutate")
    return parsed, signature


def _close(root: etree._Element) -> bytes:
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)


def _texts(top: etree._Element, signature: etree._Element | None) -> Iterator[etree._Element]:
    """Elements with text of their own in the content: outside the signature, or in its Objects without properties."""
    for element in top.iter(etree.Element):
        line = [element, *element.iterancestors()]
        if signature is not None and any(e is signature for e in line):
            holder = next((e for e in line if e.tag == ds("Object")), None)
            if holder is None or any(e.tag == xades("QualifyingProperties") for e in line):
                continue
        if any(c.isalnum() for c in element.text or ""):
            yield element


def _change(element: etree._Element) -> None:
    """The last letter or digit of the text becomes another."""
    text = element.text or ""
    at = max(i for i, c in enumerate(text) if c.isalnum())
    element.text = text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :]


def _drop(element: etree._Element) -> None:
    """Remove an element; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        raise UsageError("the signature is the root of the document")
    cut_out(element, parent)
