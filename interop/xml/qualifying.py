"""QualifyingProperties of a XAdES baseline signature (EN 319 132-1 clauses 5.1, 5.2 and 6.3)."""

from __future__ import annotations

import base64

from lxml import etree

from interop.cms.attributes import flipped, issuer_serial
from interop.crypto.digests import digest_to_write
from interop.model.instant import format_instant
from interop.x509.certificate import parse_certificate
from interop.xml.distinguished_name import rfc4514
from interop.xml.names import XADES, ds, xades
from interop.xml.request import Choice, XmlSignRequest, policy_digest_uri

__all__ = ["qualifying_properties"]


def qualifying_properties(
    holder: etree._Element, signature_id: str, reference_id: str | None, request: XmlSignRequest, choice: Choice
) -> etree._Element:
    """Append the properties to a ds:Object; SignedProperties gets the Id `<signature_id>-props`.

    `reference_id` is the Id of the reference whose data object is described; None for a counter-signature, which has none
    (clause 6.3 asks for DataObjectFormat where the signature is no counter-signature).
    """
    properties = etree.SubElement(
        holder, xades("QualifyingProperties"), nsmap={"xades": XADES}, Target=f"#{signature_id}"
    )
    signed = etree.SubElement(properties, xades("SignedProperties"), Id=f"{signature_id}-props")
    about_signature = etree.SubElement(signed, xades("SignedSignatureProperties"))
    etree.SubElement(about_signature, xades("SigningTime")).text = format_instant(request.signing)
    if request.signing_certificate != "none":
        _signing_certificate(about_signature, request, choice)
    if request.policy is not None:
        _policy(about_signature, *request.policy)
    if reference_id is not None:
        about_data = etree.SubElement(signed, xades("SignedDataObjectProperties"))
        data_format = etree.SubElement(about_data, xades("DataObjectFormat"), ObjectReference=f"#{reference_id}")
        etree.SubElement(data_format, xades("MimeType")).text = request.mime_type
    return properties


def _signing_certificate(parent: etree._Element, request: XmlSignRequest, choice: Choice) -> None:
    version_2 = request.signing_certificate == "v2"
    holder = etree.SubElement(parent, xades("SigningCertificateV2" if version_2 else "SigningCertificate"))
    cert = etree.SubElement(holder, xades("Cert"))
    cert_digest = etree.SubElement(cert, xades("CertDigest"))
    etree.SubElement(cert_digest, ds("DigestMethod"), Algorithm=choice.digest_uri)
    digest = digest_to_write(choice.digest, request.certificate)
    if request.wrong_certificate_digest:
        digest = flipped(digest)
    etree.SubElement(cert_digest, ds("DigestValue")).text = base64.b64encode(digest).decode("ascii")
    if version_2:
        octets = base64.b64encode(issuer_serial(request.certificate)).decode("ascii")
        etree.SubElement(cert, xades("IssuerSerialV2")).text = octets
        return
    parsed = parse_certificate(request.certificate)
    both = etree.SubElement(cert, xades("IssuerSerial"))
    etree.SubElement(both, ds("X509IssuerName")).text = rfc4514(parsed.issuer)
    etree.SubElement(both, ds("X509SerialNumber")).text = str(parsed.serial)


def _policy(parent: etree._Element, oid: str, digest: str, value: bytes) -> None:
    """SignaturePolicyIdentifier (EN 319 132-1 clause 5.2.9): the OID as a URN (RFC 3061), and the digest of the document."""
    holder = etree.SubElement(parent, xades("SignaturePolicyIdentifier"))
    policy = etree.SubElement(holder, xades("SignaturePolicyId"))
    named = etree.SubElement(policy, xades("SigPolicyId"))
    etree.SubElement(named, xades("Identifier"), Qualifier="OIDAsURN").text = f"urn:oid:{oid}"
    digested = etree.SubElement(policy, xades("SigPolicyHash"))
    etree.SubElement(digested, ds("DigestMethod"), Algorithm=policy_digest_uri(digest))
    etree.SubElement(digested, ds("DigestValue")).text = base64.b64encode(value).decode("ascii")
