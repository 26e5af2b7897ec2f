"""Signing: XML-Signature, the China Customs form, and XAdES baseline B-B and B-T (EN 319 132-1).

The signature is put together in place, then filled from the inside out: digests of references, digest of the signed
properties, the value over SignedInfo, the time-stamp over the value.
"""

from __future__ import annotations

import base64
import copy
import hashlib

from lxml import etree

from interop.crypto.digests import digest_to_write
from interop.crypto.keys import PrivateKey
from interop.model.errors import InputError, Problem, UsageError
from interop.model.formats import Format, Packaging
from interop.model.instant import format_instant
from interop.x509.certificate import certificate_parts
from interop.xml.c14n import canonicalize
from interop.xml.method import RSA_PSS, write_pss
from interop.xml.names import (
    COUNTERSIGNED,
    DS,
    DS_OBJECT,
    ENVELOPED,
    FILTER2,
    ID_ATTRIBUTES,
    NS,
    SIGNED_PROPERTIES,
    ds,
    xades,
)
from interop.xml.parse import XmlRefused, parse_xml
from interop.xml.qualifying import qualifying_properties
from interop.xml.request import Choice, XmlSignRequest, choose

__all__ = ["XmlSignRequest", "countersign_xml", "sign_xml"]


def sign_xml(document: bytes, request: XmlSignRequest) -> bytes:
    """The signed document (enveloped), or the signature as a document of its own (enveloping, detached), in UTF-8.

    Raises UsageError for a request that does not fit, InputError for a document that cannot be read, Unsupported for an
    algorithm that is not computed.
    """
    return _Signer(document, request, choose(request)).sign()


def countersign_xml(signed: bytes, request: XmlSignRequest) -> bytes:
    """The document with a counter-signature over the value of its first signature, among that one's unsigned properties
    (EN 319 132-1 clause 5.2.7.2). Both are XAdES; the packaging of the request does not matter.

    Raises UsageError where there is no XAdES signature to countersign or the request is for another format, else as `sign_xml`.
    """
    if request.format is not Format.XADES:
        raise UsageError(f"format '{request.format}' has no counter-signature")
    return _Signer(signed, request, choose(request)).countersign()


class _Signer:
    """One signature in the making."""

    def __init__(self, document: bytes, request: XmlSignRequest, choice: Choice) -> None:
        self.document = document
        self.request = request
        self.choice = choice
        seed = b"\0".join(
            (
                hashlib.sha256(document).digest(),
                request.certificate,
                request.signature.encode(),
                format_instant(request.signing).encode(),
            )
        )
        self.id = "S-" + hashlib.sha256(seed).hexdigest()[:16]

    def sign(self) -> bytes:
        """Build, fill, serialise."""
        packaging = self.request.packaging
        if packaging is Packaging.ENVELOPED:
            root = self._parse()
            signature = etree.SubElement(root, ds("Signature"), nsmap={"ds": DS}, Id=self.id)
        else:
            root = signature = etree.Element(ds("Signature"), nsmap={"ds": DS}, Id=self.id)
        info = self._signed_info(signature)
        value = etree.SubElement(signature, ds("SignatureValue"), Id=f"{self.id}-value")
        self._key_info(signature)
        content: bytes
        if packaging is Packaging.ENVELOPED:
            content = self._enveloped(info, root, signature)
        elif packaging is Packaging.ENVELOPING:
            content = self._enveloping(info, signature)
        else:
            content = self._detached(info)
        self._complete(signature, info, value, content, described=f"{self.id}-ref")
        return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)

    def countersign(self) -> bytes:
        """Build inside the first signature, fill, serialise."""
        root = self._parse()
        signed = next(root.iter(ds("Signature")), None)
        above = None if signed is None else signed.find("ds:SignatureValue", NS)
        properties = None if signed is None else signed.find("ds:Object/xades:QualifyingProperties", NS)
        if above is None or properties is None or not above.get("Id"):
            raise UsageError("there is no XAdES signature with an Id on its SignatureValue to countersign")
        unsigned = _child(_child(properties, "UnsignedProperties"), "UnsignedSignatureProperties")
        holder = etree.SubElement(unsigned, xades("CounterSignature"))
        signature = etree.SubElement(holder, ds("Signature"), nsmap={"ds": DS}, Id=self.id)
        info = self._signed_info(signature)
        value = etree.SubElement(signature, ds("SignatureValue"), Id=f"{self.id}-value")
        self._key_info(signature)
        method = self.choice.canonicalization
        self._reference(info, f"#{above.get('Id')}", (method,), {"Id": f"{self.id}-ref", "Type": COUNTERSIGNED})
        self._complete(signature, info, value, canonicalize(above, method, comments=False), described=None)
        return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)

    def _complete(
        self,
        signature: etree._Element,
        info: etree._Element,
        value: etree._Element,
        content: bytes,
        *,
        described: str | None,
    ) -> None:
        """Digest of the content, properties with theirs, value, time-stamp. `described` is the reference with a MIME type."""
        self._fill(info, 0, content)
        properties = None
        if self.request.format is Format.XADES:
            holder = etree.SubElement(signature, ds("Object"))
            properties = qualifying_properties(holder, self.id, described, self.request, self.choice)
            self._reference(info, f"#{self.id}-props", (self.choice.canonicalization,), {"Type": SIGNED_PROPERTIES})
            signed = properties.find("xades:SignedProperties", NS)
            if signed is None:
                raise AssertionError("qualifying properties were built without SignedProperties")
            self._fill(info, 1, canonicalize(signed, self.choice.canonicalization, comments=False))
        octets = canonicalize(info, self.choice.canonicalization)
        value.text = _base64(self._value(self.request.key, octets))
        if properties is not None and self.request.timestamp is not None:
            self._timestamp(properties, value)

    def _parse(self) -> etree._Element:
        try:
            return parse_xml(self.document).root
        except XmlRefused as refused:
            problem = Problem(where=refused.code, what=refused.detail)
            raise InputError("document to sign", (problem,)) from refused

    def _signed_info(self, signature: etree._Element) -> etree._Element:
        info = etree.SubElement(signature, ds("SignedInfo"))
        etree.SubElement(info, ds("CanonicalizationMethod"), Algorithm=self.choice.canonicalization)
        method = etree.SubElement(info, ds("SignatureMethod"), Algorithm=self.choice.signature_uri)
        if self.choice.signature_uri == RSA_PSS:
            write_pss(method, self.choice.signature_digest, self.request.pss)
        return info

    def _key_info(self, signature: etree._Element) -> None:
        request = self.request
        name = request.key_name
        if name is None and request.format is Format.XML_CUSTOMS:
            name = f"{certificate_parts(request.certificate).serial:x}"
        if name is None and not request.embed_certificate:
            return
        key_info = etree.SubElement(signature, ds("KeyInfo"))
        if name is not None:
            etree.SubElement(key_info, ds("KeyName")).text = name
        if request.embed_certificate:
            holder = etree.SubElement(key_info, ds("X509Data"))
            for der in (request.certificate, *request.chain):
                etree.SubElement(holder, ds("X509Certificate")).text = _base64(der)

    def _reference(
        self, info: etree._Element, uri: str, transforms: tuple[str, ...], attributes: dict[str, str]
    ) -> etree._Element:
        reference = etree.SubElement(info, ds("Reference"), {**attributes, "URI": uri})
        if transforms:
            holder = etree.SubElement(reference, ds("Transforms"))
            for transform in transforms:
                etree.SubElement(holder, ds("Transform"), Algorithm=transform)
        etree.SubElement(reference, ds("DigestMethod"), Algorithm=self.choice.digest_uri)
        etree.SubElement(reference, ds("DigestValue"))
        return reference

    def _fill(self, info: etree._Element, index: int, octets: bytes) -> None:
        place = info.findall("ds:Reference/ds:DigestValue", NS)[index]
        place.text = _base64(digest_to_write(self.choice.digest, octets))

    def _enveloped(self, info: etree._Element, root: etree._Element, signature: etree._Element) -> bytes:
        method = self.choice.canonicalization
        uri = ""
        if self.request.reference == "id":
            name = next((root.get(a) for a in ID_ATTRIBUTES if root.get(a)), None)
            if name is None:
                name = f"{self.id}-content"
                root.set("Id", name)
            uri = f"#{name}"
        customs = self.request.format is Format.XML_CUSTOMS and self.request.canonicalization_uri is None
        first = ENVELOPED if self.request.leave_out == "own" else FILTER2
        reference = self._reference(info, uri, (first,) if customs else (first, method), {"Id": f"{self.id}-ref"})
        excluded = [signature]
        if self.request.leave_out == "all":
            transform = reference.find("ds:Transforms/ds:Transform", NS)
            if transform is None:
                raise AssertionError("reference was built without transforms")
            path = etree.SubElement(transform, f"{{{FILTER2}}}XPath", nsmap={"f2": FILTER2}, Filter="subtract")
            path.text = "/descendant::ds:Signature"
            excluded = list(root.iter(ds("Signature")))
        node = root if uri else root.getroottree()
        return canonicalize(node, method, excluded=excluded, comments=False)

    def _enveloping(self, info: etree._Element, signature: etree._Element) -> bytes:
        holder = etree.SubElement(signature, ds("Object"), Id=f"{self.id}-content")
        content = copy.deepcopy(self._parse())
        content.tail = None
        holder.append(content)
        method = self.choice.canonicalization
        self._reference(info, f"#{self.id}-content", (method,), {"Id": f"{self.id}-ref", "Type": DS_OBJECT})
        return canonicalize(holder, method, comments=False)

    def _detached(self, info: etree._Element) -> bytes:
        self._reference(info, self.request.detached_uri, (), {"Id": f"{self.id}-ref"})
        return self.document

    def _value(self, key: PrivateKey, octets: bytes) -> bytes:
        return key.sign(
            self.request.signature,
            octets,
            sm2_id=self.request.sm2_id,
            encoding=self.request.value_encoding,
            pss=self.request.pss,
        )

    def _timestamp(self, properties: etree._Element, value: etree._Element) -> None:
        """EN 319 132-1 clause 5.3: over the canonical SignatureValue element."""
        if self.request.timestamp is None:
            return
        holder = _child(_child(properties, "UnsignedProperties"), "UnsignedSignatureProperties")
        stamp = etree.SubElement(holder, xades("SignatureTimeStamp"), Id=f"{self.id}-stamp")
        etree.SubElement(stamp, ds("CanonicalizationMethod"), Algorithm=self.choice.canonicalization)
        token = self.request.timestamp(canonicalize(value, self.choice.canonicalization))
        etree.SubElement(stamp, xades("EncapsulatedTimeStamp"), Id=f"{self.id}-token").text = _base64(token)


def _child(parent: etree._Element, name: str) -> etree._Element:
    """The XAdES child of that name, made where there is none."""
    found = parent.find(xades(name))
    return etree.SubElement(parent, xades(name)) if found is None else found


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
