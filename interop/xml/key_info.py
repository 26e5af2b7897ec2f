"""KeyInfo: certificates, CRLs and bare keys (XML-Signature 1.1 section 4.5). Nothing it points to is fetched."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from interop.crypto.der import BIT_STRING, NULL, SEQUENCE, encode, encode_integer, encode_oid
from interop.crypto.table_data import DSA_KEY, EC_PUBLIC_KEY, RSA_ENCRYPTION
from interop.model.certificate import Finding
from interop.model.errors import InputError
from interop.x509.certificate import certificate_parts
from interop.xml.dereference import decode_base64
from interop.xml.names import DS11, NS, ds
from interop.xml.structure import plain_text, text_at

__all__ = ["KeyInfo", "read_certificate", "read_key_info"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyInfo:
    """What a KeyInfo holds."""

    certificates: tuple[bytes, ...] = ()
    """DER, in order."""
    crls: tuple[bytes, ...] = ()
    keys: tuple[bytes, ...] = ()
    """SubjectPublicKeyInfo DER of KeyValue and DEREncodedKeyValue, in order."""
    issuer_serials: tuple[tuple[str, str], ...] = ()
    """(X509IssuerName, X509SerialNumber) as written."""
    findings: tuple[Finding, ...] = ()


def read_certificate(text: str) -> bytes:
    """DER of a base64 certificate. Raises ValueError where it is none."""
    der = decode_base64(text)
    try:
        certificate_parts(der)
    except InputError as error:
        raise ValueError(str(error)) from error
    return der


def read_key_info(element: etree._Element | None) -> KeyInfo:
    """Read a KeyInfo; what cannot be read is a finding."""
    if element is None:
        return KeyInfo()
    certificates: list[bytes] = []
    crls: list[bytes] = []
    keys: list[bytes] = []
    findings: list[Finding] = []
    for holder in element.findall("ds:X509Data/ds:X509Certificate", NS):
        try:
            certificates.append(read_certificate(plain_text(holder)))
        except ValueError as error:
            findings.append(Finding(code="certificate.key-info-undecodable", detail=str(error)[:200]))
    for holder in element.findall("ds:X509Data/ds:X509CRL", NS):
        try:
            crls.append(decode_base64(plain_text(holder)))
        except ValueError as error:
            findings.append(Finding(code="certificate.key-info-undecodable", detail=f"X509CRL: {error}"[:200]))
    for holder in [*element.findall(ds("KeyValue")), *element.findall(f"{{{DS11}}}DEREncodedKeyValue")]:
        try:
            keys.append(_key(holder))
        except ValueError as error:
            findings.append(Finding(code="certificate.key-info-undecodable", detail=f"KeyValue: {error}"[:200]))
    findings.extend(
        Finding(code="certificate.key-info-not-fetched", detail=(method.get("URI") or "")[:200])
        for method in element.findall(ds("RetrievalMethod"))
    )
    return KeyInfo(
        certificates=tuple(dict.fromkeys(certificates)),
        crls=tuple(dict.fromkeys(crls)),
        keys=tuple(dict.fromkeys(keys)),
        issuer_serials=tuple(
            (text_at(e, "ds:X509IssuerName") or "", text_at(e, "ds:X509SerialNumber") or "")
            for e in element.findall("ds:X509Data/ds:X509IssuerSerial", NS)
        ),
        findings=tuple(findings),
    )


def _key(holder: etree._Element) -> bytes:
    """SubjectPublicKeyInfo of a key value. Raises ValueError."""
    if holder.tag == f"{{{DS11}}}DEREncodedKeyValue":
        return decode_base64(plain_text(holder))
    children = [c for c in holder if isinstance(c.tag, str)]
    if len(children) != 1:
        raise ValueError(f"{len(children)} key values")
    value = children[0]
    if value.tag == ds("RSAKeyValue"):
        key = encode(SEQUENCE, _integer(value, "ds:Modulus"), _integer(value, "ds:Exponent"))
        return _spki(encode(SEQUENCE, encode_oid(RSA_ENCRYPTION), encode(NULL)), key)
    if value.tag == ds("DSAKeyValue"):
        domain = encode(SEQUENCE, *(_integer(value, name) for name in ("ds:P", "ds:Q", "ds:G")))
        return _spki(encode(SEQUENCE, encode_oid(DSA_KEY), domain), _integer(value, "ds:Y"))
    if value.tag == f"{{{DS11}}}ECKeyValue":
        curve = value.find("ds11:NamedCurve", NS)
        point = value.find("ds11:PublicKey", NS)
        name = "" if curve is None else curve.get("URI") or ""
        if point is None or not name.startswith("urn:oid:"):
            raise ValueError("ECKeyValue without a named curve")
        try:
            parameters = encode_oid(name.removeprefix("urn:oid:"))
        except (ValueError, OverflowError) as error:
            raise ValueError(f"'{name}' names no curve") from error
        return _spki(encode(SEQUENCE, encode_oid(EC_PUBLIC_KEY), parameters), decode_base64(plain_text(point)))
    raise ValueError(f"{value.tag} is not read")


def _spki(algorithm: bytes, key: bytes) -> bytes:
    return encode(SEQUENCE, algorithm, encode(BIT_STRING, b"\0" + key))


def _integer(parent: etree._Element, name: str) -> bytes:
    """A ds:CryptoBinary child as DER INTEGER."""
    child = parent.find(name, NS)
    octets = b"" if child is None else decode_base64(plain_text(child))
    if not octets or len(octets) > 4096:
        raise ValueError(f"{name} is missing, empty or too long")
    return encode_integer(int.from_bytes(octets, "big"))
