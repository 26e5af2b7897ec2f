"""QualifyingProperties of XAdES (EN 319 132-1): found where they must stand, read only where the signature covers them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from interop.model.certificate import Finding
from interop.xml.dereference import decode_base64
from interop.xml.names import NS, XADES, XADES141, ds, local, namespace, xades
from interop.xml.structure import Structure, plain_text, text_at

__all__ = ["NamedCertificate", "Properties", "Stamp", "Values", "owner_of", "read_properties", "stray_properties"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCertificate:
    """One certificate that SigningCertificate or SigningCertificateV2 names."""

    how: str
    digest_uri: str
    digest: bytes | None
    """None where it is not base64."""
    issuer_serial: bytes | None
    """V2: DER of IssuerSerial; empty where it is there and is not base64."""
    issuer_name: str | None
    """V1: X509IssuerName as written."""
    serial: str | None
    """V1: X509SerialNumber as written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """One encapsulated time-stamp token."""

    kind: str
    """`signature`, `archive` or `content`."""
    element: etree._Element
    """The property that holds it."""
    canonicalization: str | None
    """CanonicalizationMethod URI; None where the property has none."""
    token: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Encapsulated certificates and revocation data, DER as found."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """What the qualifying properties say."""

    signed: etree._Element | None = None
    """The SignedProperties that the signature covers; None: it is no XAdES signature."""
    claimed_time: datetime | None = None
    policy: str | None = None
    policy_digest: tuple[str, bytes] | None = None
    """(DigestMethod URI, digest)."""
    named: tuple[NamedCertificate, ...] = ()
    attributes: tuple[str, ...] = ()
    unsigned_attributes: tuple[str, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    values: Values = Values()
    level: str = "B-B"
    findings: tuple[Finding, ...] = ()


def owner_of(signed: etree._Element) -> tuple[etree._Element | None, etree._Element | None]:
    """(QualifyingProperties, Signature) above a SignedProperties element, where the line between them is as it must be."""
    qualifying = signed.getparent()
    holder = None if qualifying is None else qualifying.getparent()
    signature = None if holder is None else holder.getparent()
    if (
        qualifying is None
        or holder is None
        or signature is None
        or (signed.tag, qualifying.tag) != (xades("SignedProperties"), xades("QualifyingProperties"))
        or (holder.tag, signature.tag) != (ds("Object"), ds("Signature"))
    ):
        return None, None
    return qualifying, signature


def stray_properties(structure: Structure) -> list[etree._Element]:
    """Every SignedProperties inside the signature that belongs to no signature nested in it."""
    found = []
    for element in structure.element.iter(xades("SignedProperties")):
        nearest = next(element.iterancestors(ds("Signature")), None)
        if nearest is structure.element:
            found.append(element)
    return found


def read_properties(structure: Structure, signed: etree._Element | None) -> Properties:
    """Read the properties around `signed`, the SignedProperties known to be covered and in place.

    Without it only unsigned material is reported: tokens and values found, nothing that the signer would claim.
    """
    findings: list[Finding] = []
    if signed is None:
        return Properties()
    qualifying, _ = owner_of(signed)
    if qualifying is None:
        return Properties()
    signature_props = signed.find("xades:SignedSignatureProperties", NS)
    data_props = signed.find("xades:SignedDataObjectProperties", NS)
    unsigned = qualifying.find("xades:UnsignedProperties/xades:UnsignedSignatureProperties", NS)
    attributes = [_names(signature_props), _names(data_props)]
    policy, policy_digest = _policy(signature_props)
    stamps = _stamps(unsigned, data_props, findings)
    values = _values(unsigned, findings)
    named = _named(signature_props, findings)
    names = [n for group in attributes for n in group]
    missing = _missing(structure, data_props, names)
    findings.extend(Finding(code="format.xades-baseline-incomplete", detail=text) for text in missing)
    return Properties(
        signed=signed,
        claimed_time=_time(signature_props, findings),
        policy=policy,
        policy_digest=policy_digest,
        named=named,
        attributes=tuple(names),
        unsigned_attributes=_names(unsigned),
        stamps=stamps,
        values=values,
        level=_level(unsigned, stamps, values),
        findings=tuple(findings),
    )


def _names(parent: etree._Element | None) -> tuple[str, ...]:
    return () if parent is None else tuple(local(str(c.tag)) for c in parent if isinstance(c.tag, str))


def _time(properties: etree._Element | None, findings: list[Finding]) -> datetime | None:
    text = None if properties is None else text_at(properties, "xades:SigningTime")
    if text is None:
        return None
    try:
        value = datetime.fromisoformat(text.strip())
        if value.tzinfo is not None:
            return value.astimezone(UTC)
        why = "no time zone"  # xsd:dateTime may leave it out; then nobody knows the instant
    except (ValueError, OverflowError) as error:
        why = str(error)
    findings.append(Finding(code="format.signing-time-undecodable", detail=f"{text[:60]}: {why}"))
    return None


def _policy(properties: etree._Element | None) -> tuple[str | None, tuple[str, bytes] | None]:
    holder = (
        None if properties is None else properties.find("xades:SignaturePolicyIdentifier/xades:SignaturePolicyId", NS)
    )
    if holder is None:
        return None, None
    name = (text_at(holder, "xades:SigPolicyId/xades:Identifier") or "").strip()
    digest = holder.find("xades:SigPolicyHash", NS)
    value = None if digest is None else text_at(digest, "ds:DigestValue")
    method = None if digest is None else digest.find("ds:DigestMethod", NS)
    try:
        pair = None if value is None or method is None else (method.get("Algorithm") or "", decode_base64(value))
    except ValueError:
        pair = None
    return name.removeprefix("urn:oid:"), pair


def _named(properties: etree._Element | None, findings: list[Finding]) -> tuple[NamedCertificate, ...]:
    if properties is None:
        return ()
    found = []
    for name, how in (
        ("SigningCertificate", "signing-certificate"),
        ("SigningCertificateV2", "signing-certificate-v2"),
    ):
        # the first reference is that of the signing certificate (EN 319 132-1 clause 5.2.2); others are of its path
        for cert in properties.findall(f"xades:{name}/xades:Cert[1]", NS):
            digest: bytes | None = None
            issuer_serial: bytes | None = None
            method = cert.find("xades:CertDigest/ds:DigestMethod", NS)
            v2 = cert.find("xades:IssuerSerialV2", NS)
            try:
                digest = decode_base64(text_at(cert, "xades:CertDigest/ds:DigestValue") or "")
            except ValueError as error:
                findings.append(
                    Finding(code="certificate.signing-certificate-undecodable", detail=f"CertDigest: {error}"[:200])
                )
            if v2 is not None:
                try:
                    issuer_serial = decode_base64(plain_text(v2))
                except ValueError as error:
                    issuer_serial = b""
                    findings.append(
                        Finding(code="certificate.issuer-serial-undecodable", detail=f"IssuerSerialV2: {error}"[:200])
                    )
            found.append(
                NamedCertificate(
                    how=how,
                    digest_uri="" if method is None else method.get("Algorithm") or "",
                    digest=digest,
                    issuer_serial=issuer_serial,
                    issuer_name=text_at(cert, "xades:IssuerSerial/ds:X509IssuerName"),
                    serial=text_at(cert, "xades:IssuerSerial/ds:X509SerialNumber"),
                )
            )
    return tuple(found)


_STAMPS = {
    xades("SignatureTimeStamp"): "signature",
    f"{{{XADES141}}}ArchiveTimeStamp": "archive",
    xades("ArchiveTimeStamp"): "archive",
    xades("AllDataObjectsTimeStamp"): "content",
    xades("IndividualDataObjectsTimeStamp"): "content",
}


def _stamps(
    unsigned: etree._Element | None, data_props: etree._Element | None, findings: list[Finding]
) -> tuple[Stamp, ...]:
    found = []
    for parent in (data_props, unsigned):
        for element in () if parent is None else parent:
            kind = _STAMPS.get(str(element.tag))
            if kind is None:
                continue
            method = element.find(ds("CanonicalizationMethod"))
            tokens = element.findall("xades:EncapsulatedTimeStamp", NS)
            if not tokens:
                findings.append(Finding(code="time.token-unreadable", detail="no EncapsulatedTimeStamp"))
            for token in tokens:
                try:
                    der = decode_base64(plain_text(token))
                except ValueError as error:
                    findings.append(Finding(code="time.token-unreadable", detail=str(error)[:200]))
                    continue
                found.append(
                    Stamp(
                        kind=kind,
                        element=element,
                        canonicalization=None if method is None else method.get("Algorithm") or "",
                        token=der,
                    )
                )
    return tuple(found)


def _values(unsigned: etree._Element | None, findings: list[Finding]) -> Values:
    if unsigned is None:
        return Values()
    kinds: dict[str, list[bytes]] = {
        "EncapsulatedX509Certificate": [],
        "EncapsulatedCRLValue": [],
        "EncapsulatedOCSPValue": [],
    }
    for element in unsigned.iter():
        if not isinstance(element.tag, str) or namespace(element.tag) not in {XADES, XADES141}:
            continue
        holder = kinds.get(local(element.tag))
        if holder is None or next(element.iterancestors(ds("Signature")), None) is not next(
            unsigned.iterancestors(ds("Signature")), None
        ):
            continue
        try:
            holder.append(decode_base64(plain_text(element)))
        except ValueError as error:
            findings.append(Finding(code="container.object-unreadable", detail=f"{local(element.tag)}: {error}"[:200]))
    certificates, crls, ocsps = (tuple(dict.fromkeys(v)) for v in kinds.values())
    return Values(certificates=certificates, crls=crls, ocsps=ocsps)


def _missing(structure: Structure, data_props: etree._Element | None, names: list[str]) -> tuple[str, ...]:
    """EN 319 132-1 clause 6.3, requirements of B-B that the structure alone decides."""
    missing = [] if "SigningTime" in names else ["SigningTime"]
    if not {"SigningCertificate", "SigningCertificateV2"} & set(names):
        missing.append("SigningCertificateV2")
    if structure.key_info is None or structure.key_info.find("ds:X509Data/ds:X509Certificate", NS) is None:
        missing.append("KeyInfo/X509Data/X509Certificate")
    described = set()
    for item in () if data_props is None else data_props.findall("xades:DataObjectFormat", NS):
        target = item.get("ObjectReference") or ""
        described.add(target.removeprefix("#"))
        if item.find("xades:MimeType", NS) is None:
            missing.append(f"MimeType for {target[:60]}")
    owned = {r.element.get("Id") for r in structure.references}
    missing.extend(f"a Reference '{name[:60]}' for DataObjectFormat" for name in sorted(described - owned - {""}))
    if next(structure.element.iterancestors(xades("CounterSignature")), None) is None and not described:
        missing.append("DataObjectFormat")
    return tuple(missing)


def _level(unsigned: etree._Element | None, stamps: tuple[Stamp, ...], values: Values) -> str:
    """Level by what is there (EN 319 132-1 clause 6)."""
    if unsigned is None or not any(s.kind == "signature" for s in stamps):
        return "B-B"
    if not values.certificates and not values.crls and not values.ocsps:
        return "B-T"
    if not any(s.kind == "archive" and namespace(str(s.element.tag)) == XADES141 for s in stamps):
        return "B-LT"
    return "B-LTA"
