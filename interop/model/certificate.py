"""A parsed X.509 certificate as plain values (RFC 5280 section 4). Made by `interop.x509`, read by everybody above.

Parsing is lenient: what deviates is kept and named in `findings`; what cannot be read at all is an error of the reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

__all__ = [
    "ATTRIBUTE_NAMES",
    "KEY_USAGES",
    "AlgorithmId",
    "Attribute",
    "Certificate",
    "Constraints",
    "Finding",
    "GeneralName",
    "Name",
    "NameConstraints",
    "ObjectId",
    "PolicyInformation",
    "PublicKeyInfo",
    "QcStatement",
    "under_arc",
]

ObjectId = NewType("ObjectId", str)
"""`sha256:` and the lower-case hex digest of the object's bytes as found."""

ATTRIBUTE_NAMES: Mapping[str, str] = {
    "2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST",
    "2.5.4.9": "street", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.12": "title", "2.5.4.42": "GN", "2.5.4.65": "pseudonym",
    "2.5.4.97": "organizationIdentifier", "0.9.2342.19200300.100.1.25": "DC", "0.9.2342.19200300.100.1.1": "UID",
    "1.2.840.113549.1.9.1": "emailAddress",
}  # fmt: skip
"""Attribute types of names -> the short names in which they are shown and written (RFC 4519, X.520, EN 319 412-1, PKCS#9)."""

KEY_USAGES = (
    "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
    "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
)  # fmt: skip
"""Names of the bits of keyUsage (RFC 5280 section 4.2.1.3), in bit order."""


def under_arc(oid: str, arc: str) -> bool:
    """Whether an OID is the arc itself or lies under it, on an arc boundary (`1.2` covers `1.2.3`, never `1.20`)."""
    return oid == arc or oid.startswith(f"{arc}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something an engine or parser noticed: a code of the reason catalogue, and what it saw."""

    code: str
    """Code in the reason catalogue. Whether it blocks is the catalogue's affair, not the engine's."""
    detail: str = ""
    """What was seen, in neutral notation; untrusted text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgorithmId:
    """An AlgorithmIdentifier as written."""

    oid: str
    """Dotted OID."""
    parameters: str | None = None
    """None absent, `null` for NULL, a dotted OID for an OID, else lower-case hex of the DER."""
    digest_oid: str | None = None
    """RSASSA-PSS: the digest that the parameters name (RFC 4055 section 3.1: SHA-1 where they do not); None for all others,
    and where they cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKeyInfo:
    """SubjectPublicKeyInfo."""

    algorithm: AlgorithmId
    """As written."""
    kind: str
    """Key kind in the algorithm table: `RSA`, `EC`, `SM2`, `DSA`, `Ed25519`, ...; the dotted OID where it is unknown."""
    curve: str | None
    """Named curve in the algorithm table (`P-256`, `sm2p256v1`), the dotted OID where it is unknown, None without curve."""
    bits: int | None
    """RSA/DSA modulus or curve size in bits; None where it cannot be read."""
    digest: str
    """`sha256:` of the DER of the whole SubjectPublicKeyInfo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of a distinguished name."""

    oid: str
    """Attribute type, dotted."""
    value: str
    """Decoded text; untrusted."""
    string_type: str
    """ASN.1 string type as written: `PrintableString`, `UTF8String`, `T61String`, `IA5String`, ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A distinguished name."""

    rdns: tuple[tuple[Attribute, ...], ...]
    """Relative distinguished names, in encoding order."""
    normal: str
    """Canonical form for comparison (RFC 5280 section 7.1: case folded, inner spaces collapsed, string types ignored)."""
    text: str
    """RFC 4514-like rendering for people, e.g. `CN=TEST Root, O=TEST, C=CN`; untrusted text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralName:
    """One GeneralName."""

    kind: str
    """`dns`, `email`, `uri`, `ip`, `directory`, `other`, `registered-id`, `x400`, `edi`."""
    value: str
    """Text; the normal form for a directory name; `oid:hex` for an otherName; dotted or hex `address/mask` for an IP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyInformation:
    """One entry of certificatePolicies."""

    oid: str
    """Policy identifier."""
    cps: tuple[str, ...] = ()
    """CPS URIs."""
    qualifiers: tuple[str, ...] = ()
    """OIDs of all qualifiers, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QcStatement:
    """One QC statement (EN 319 412-5, RFC 3739 section 3.2.6)."""

    oid: str
    """Statement identifier."""
    values: tuple[str, ...] = ()
    """What can be read of its info: OIDs, country codes, `url language`; hex of the DER otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameConstraints:
    """nameConstraints (RFC 5280 section 4.2.1.10)."""

    permitted: tuple[GeneralName, ...] = ()
    """Permitted subtrees."""
    excluded: tuple[GeneralName, ...] = ()
    """Excluded subtrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints:
    """policyConstraints and inhibitAnyPolicy."""

    require_explicit_policy: int | None = None
    """requireExplicitPolicy: certificates that may follow before a valid policy is demanded; None: absent."""
    inhibit_policy_mapping: int | None = None
    """inhibitPolicyMapping: certificates that may follow before mapping is forbidden; None: absent."""
    inhibit_any_policy: int | None = None
    """inhibitAnyPolicy: certificates that may follow before anyPolicy no longer counts; None: absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One certificate."""

    id: ObjectId
    """Digest of its bytes."""
    version: int
    """1, 2 or 3."""
    serial: int
    """Serial number."""
    issuer: Name
    """Issuer name."""
    subject: Name
    """Subject name; may be empty."""
    not_before: datetime
    """Begin of validity."""
    not_after: datetime
    """End of validity (inclusive)."""
    key: PublicKeyInfo
    """Public key."""
    signature_algorithm: AlgorithmId
    """The outer algorithm identifier."""
    inner_signature_algorithm: AlgorithmId
    """The one inside tbsCertificate; RFC 5280 section 4.1.1.2 wants both the same."""
    subject_key_id: str | None = None
    """Hex."""
    authority_key_id: str | None = None
    """Hex of keyIdentifier."""
    authority_serial: int | None = None
    """authorityCertSerialNumber, where given."""
    ca: bool | None = None
    """basicConstraints cA; None without the extension."""
    path_length: int | None = None
    """basicConstraints pathLenConstraint; None: no limit."""
    key_usage: frozenset[str] | None = None
    """Of `KEY_USAGES`; None without the extension."""
    extended_key_usage: tuple[str, ...] | None = None
    """OIDs; None without the extension."""
    policies: tuple[PolicyInformation, ...] | None = None
    """certificatePolicies; None without the extension."""
    policy_mappings: tuple[tuple[str, str], ...] = ()
    """(issuerDomainPolicy, subjectDomainPolicy)."""
    constraints: Constraints = Constraints()
    """Policy constraints; all None without the extensions."""
    name_constraints: NameConstraints | None = None
    """None without the extension."""
    subject_alt_names: tuple[GeneralName, ...] = ()
    """subjectAltName; empty without the extension."""
    qc_statements: tuple[QcStatement, ...] | None = None
    """None without the extension."""
    ocsp_urls: tuple[str, ...] = ()
    """authorityInfoAccess: URLs of OCSP responders."""
    ca_issuers_urls: tuple[str, ...] = ()
    """authorityInfoAccess: URLs of the issuer's certificate."""
    crl_urls: tuple[str, ...] = ()
    """URIs of cRLDistributionPoints."""
    crl_names: tuple[GeneralName, ...] = ()
    """All names of cRLDistributionPoints, URIs included, for the scope check of partitioned CRLs."""
    crl_issuers: tuple[str, ...] = ()
    """Normal forms of cRLIssuer in cRLDistributionPoints: who may issue an indirect CRL for it."""
    ocsp_nocheck: bool = False
    """id-pkix-ocsp-nocheck (RFC 6960 section 4.2.2.2.1) is there."""
    extensions: tuple[tuple[str, bool], ...] = ()
    """(OID, critical) of every extension, in order."""
    private_extensions: tuple[tuple[str, str], ...] = ()
    """(OID, readable value or hex) of extensions that have no field above."""
    findings: tuple[Finding, ...] = ()
    """Deviations met while parsing."""

    @property
    def self_issued(self) -> bool:
        """Issuer and subject are the same name (RFC 5280 section 3.2)."""
        return self.issuer.normal == self.subject.normal

    @property
    def policy_oids(self) -> frozenset[str]:
        """Policy identifiers; empty without the extension."""
        return frozenset(p.oid for p in self.policies or ())

    def critical(self, oid: str) -> bool:
        """Whether that extension is there and critical."""
        return any(o == oid and c for o, c in self.extensions)
