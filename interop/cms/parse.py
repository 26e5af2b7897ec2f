"""Take SignedData apart (RFC 5652 section 5, PKCS#7 1.5, GB/T 35275), leniently and without changing a byte.

BER, both families of content types, attributes out of order and missing parts are all read; `observe` says what they mean.
"""

from __future__ import annotations

from dataclasses import dataclass

from interop.cms import oids
from interop.model.certificate import AlgorithmId
from interop.x509.ber import Malformed, Node, read
from interop.x509.certificate import unreadable
from interop.x509.der import tlv
from interop.x509.names import name_of
from interop.x509.oids import OCSP_BASIC
from interop.x509.spki import algorithm_id

__all__ = ["AttributeSet", "SignedData", "SignerInfo", "parse_signed_data", "strip_padding"]


def strip_padding(contents: bytes) -> bytes:
    """A PDF /Contents without the zeros that fill it up. Octets after the element that are not zero stay, for a finding."""
    try:
        stop = read(contents).stop
    except Malformed:
        return contents
    return contents[:stop] + contents[stop:].rstrip(b"\0")


AttributeSet = tuple[tuple[str, tuple[bytes, ...]], ...]
"""(OID, encoded values) in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerInfo:
    """One signer."""

    version: int
    issuer: str | None
    """Normal form of the issuer named by the signer identifier; None for a key identifier."""
    serial: int | None
    key_id: str | None
    """Hex of the subject key identifier, where the signer is named by it."""
    digest_algorithm: AlgorithmId
    signature_algorithm: AlgorithmId
    signed_forms: tuple[bytes, ...] = ()
    """Octets that the value may be over: the attributes as SET OF as written, then in DER where that differs (RFC 5652
    section 5.4 wants DER, some software signs what it wrote). Empty without signed attributes: the value is over the content."""
    attributes: AttributeSet = ()
    unsigned: AttributeSet = ()
    value: bytes = b""
    has_attributes: bool = False
    """The signedAttrs field is there, even if empty."""

    def values(self, oid: str) -> tuple[bytes, ...]:
        """All values of a signed attribute, of all its instances."""
        return tuple(value for found, values in self.attributes if found == oid for value in values)

    def unsigned_values(self, oid: str) -> tuple[bytes, ...]:
        """The same for an unsigned one."""
        return tuple(value for found, values in self.unsigned if found == oid for value in values)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedData:
    """One SignedData."""

    content_type: str
    """Outer content type."""
    inner_type: str
    """eContentType."""
    version: int
    content: bytes | None
    """eContent; None when detached."""
    digest_algorithms: tuple[AlgorithmId, ...]
    certificates: tuple[bytes, ...] = ()
    """In the order written, exact bytes; duplicates removed."""
    attribute_certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    signers: tuple[SignerInfo, ...] = ()
    indefinite: bool = False
    """An indefinite length was met in the outer structure (BER)."""
    trailing: int = 0
    """Octets after the ContentInfo."""
    opaque: tuple[str, ...] = ()
    """What stands there and is not read: formats of other certificates and revocation information."""


def parse_signed_data(der: bytes) -> SignedData:
    """Read a ContentInfo with SignedData. Raises InputError where it is none, or its structure cannot be read at all."""
    try:
        outer = read(der)
        type_node, wrapped = outer.items("ContentInfo")[:2]
        content_type = type_node.oid()
        if content_type not in oids.CONTENT_TYPES:
            raise Malformed(f"content type {content_type} is not SignedData")
        body = wrapped.only()
        fields = body.items("SignedData")
        version, digests, encapsulated = fields[:3]
        parts = encapsulated.items("EncapsulatedContentInfo")
        content_node = parts[1].only() if len(parts) > 1 else None
        view = {
            "content_type": content_type,
            "inner_type": parts[0].oid(),
            "version": version.integer(),
            "content": None if content_node is None else _content(content_node),
            "digest_algorithms": tuple(algorithm_id(node) for node in digests.expect(0x31, "SET").children()),
            "indefinite": any(node.indefinite for node in (outer, wrapped, body, *fields, *parts)),
            "trailing": len(der) - outer.stop,
        }
        opaque: list[str] = []
        for node in fields[3:]:
            if node.tag == 0xA0:
                _certificates(node, view, opaque)
            elif node.tag == 0xA1:
                _revocation(node, view, opaque)
            elif node.tag == 0x31:
                view["signers"] = tuple(_signer(info) for info in node.children())
        return SignedData(**view, opaque=tuple(opaque))  # type: ignore[arg-type]
    except (ValueError, IndexError) as error:
        raise unreadable(der, "SignedData", error) from error


def _content(node: Node) -> bytes:
    """Octets that are digested: of the OCTET STRING, or, as in PKCS#7 1.5, of whatever else stands there (section 5.2.1)."""
    return node.octets() if node.tag in (0x04, 0x24) else node.content


def _certificates(node: Node, view: dict[str, object], opaque: list[str]) -> None:
    found: dict[bytes, None] = {}
    attribute_certificates: dict[bytes, None] = {}
    for choice in node.children():
        if choice.tag == 0x30:
            found[choice.raw] = None
        elif choice.tag in (0xA1, 0xA2):
            attribute_certificates[b"\x30" + choice.raw[1:]] = None
        else:
            opaque.append(f"certificate choice 0x{choice.tag:02x}")
    view["certificates"] = tuple(found)
    view["attribute_certificates"] = tuple(attribute_certificates)


def _revocation(node: Node, view: dict[str, object], opaque: list[str]) -> None:
    crls: dict[bytes, None] = {}
    ocsps: dict[bytes, None] = {}
    for choice in node.children():
        if choice.tag == 0x30:
            crls[choice.raw] = None
        elif choice.tag == 0xA1:
            form, value = choice.children()[:2]
            if form.oid() in (oids.OCSP_RESPONSE, OCSP_BASIC):
                ocsps[value.raw] = None
            else:
                opaque.append(f"revocation format {form.oid()}")
        else:
            opaque.append(f"revocation choice 0x{choice.tag:02x}")
    view["crls"] = tuple(crls)
    view["ocsps"] = tuple(ocsps)


def _attributes(node: Node) -> AttributeSet:
    found: list[tuple[str, tuple[bytes, ...]]] = []
    for entry in node.children():
        kind, values = entry.items("Attribute")[:2]
        found.append((kind.oid(), tuple(value.raw for value in values.expect(0x31, "SET").children())))
    return tuple(found)


def _forms(node: Node) -> tuple[bytes, ...]:
    """The signed attributes as SET OF: as written, and sorted as DER wants it where that differs."""
    from_der = _der_set(sorted(child.raw for child in node.children()))
    if node.indefinite:
        return (from_der, _der_set([child.raw for child in node.children()]))
    written = b"\x31" + node.raw[1:]
    return (written,) if written == from_der else (written, from_der)


def _der_set(children: list[bytes]) -> bytes:
    return tlv(0x31, b"".join(children))


def _signer(node: Node) -> SignerInfo:
    fields = node.items("SignerInfo")
    version, sid, digest = fields[:3]
    rest = fields[3:]
    issuer: str | None = None
    serial: int | None = None
    key_id: str | None = None
    if sid.tag == 0x30:
        parts = sid.items("IssuerAndSerialNumber")
        issuer, serial = name_of(parts[0]).normal, parts[1].integer()
    elif sid.tag in (0x80, 0xA0):
        key_id = (sid.only() if sid.tag == 0xA0 else sid).octets().hex()
    else:
        raise sid.fail("SignerIdentifier")
    signed = rest.pop(0) if rest and rest[0].tag == 0xA0 else None
    algorithm, value = rest[:2]
    unsigned = next((item for item in rest[2:] if item.tag == 0xA1), None)
    return SignerInfo(
        version=version.integer(),
        issuer=issuer,
        serial=serial,
        key_id=key_id,
        digest_algorithm=algorithm_id(digest),
        signature_algorithm=algorithm_id(algorithm),
        signed_forms=() if signed is None else _forms(signed),
        attributes=() if signed is None else _attributes(signed),
        unsigned=() if unsigned is None else _attributes(unsigned),
        value=_octet_string(value),
        has_attributes=signed is not None,
    )


def _octet_string(node: Node) -> bytes:
    if node.tag not in (0x04, 0x24):
        raise node.fail("OCTET STRING (signature value)")
    return node.octets()
