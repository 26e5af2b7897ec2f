"""The profile of a trust service provider: its hierarchy, its services, its signing identities, and its rules as a relying party.

Data under `profiles/providers/<id>.toml`; loaded and checked by `interop.profile`. Every table says where its values come
from: `origin` is `real` (published value), `modelled` (shape copied from a public certificate or standard) or `stand-in`
(invented, under 2.999 where it is an OID); `origins` names single values of the table whose origin differs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from interop.model.agreement import Agreement
from interop.model.assurance import Assurance
from interop.model.formats import Format, Level, Packaging
from interop.model.rules import RelyingRules
from interop.model.text import Text

__all__ = [
    "AccessDescription",
    "CertificateSpec",
    "DistributionPoint",
    "Extensions",
    "Identity",
    "IdentityFormat",
    "KeySpec",
    "NameConstraintsSpec",
    "NamePart",
    "Origin",
    "PolicySpec",
    "PrivateExtension",
    "Provider",
    "QcSpec",
    "Role",
    "Services",
    "StatusEvent",
    "StringType",
    "SubtreeSpec",
    "World",
]

Origin = Literal["real", "modelled", "stand-in"]
Origins = dict[str, Origin]
Role = Literal["root", "ca", "signer", "tsa", "ocsp", "encryption"]
StringType = Literal["utf8", "printable", "ia5", "t61"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySpec:
    """A key and how its owner signs."""

    kind: str
    """Key kind in the algorithm table: `RSA`, `EC`, `SM2`, ..."""
    bits: int | None = None
    """RSA modulus."""
    curve: str | None = None
    """EC curve: `P-256`, `P-384`, ..."""
    signature: str
    """Signature algorithm this key uses, name in the table: `rsa-sha256`, `ecdsa-sha384`, `sm2-sm3`."""
    null_parameters: bool = False
    """Write NULL parameters in AlgorithmIdentifiers of its signatures where the standard leaves them out (seen in real SM2 CAs)."""
    sm2_id: str = "1234567812345678"
    """SM2 distinguishing ID used when signing (GB/T 35276)."""
    sm2_spki: Literal["ec", "sm2"] = "ec"
    """SubjectPublicKeyInfo: id-ecPublicKey with the SM2 curve, or the SM2 OID itself (GM/T 0015-2023 allows both)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePart:
    """One attribute of a subject name, in order."""

    type: str
    """Short name (`C`, `O`, `OU`, `CN`, `ST`, `L`, `GN`, `SN`, `serialNumber`, `organizationIdentifier`) or dotted OID."""
    value: str
    string: StringType = "utf8"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySpec:
    """One certificate policy."""

    oid: str
    cps: str | None = None
    """CPS URI qualifier."""
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class QcSpec:
    """One QC statement (EN 319 412-5)."""

    oid: str
    oids: tuple[str, ...] = ()
    """QcType: the types; qcs-pkixQCSyntax-v2: the semantics identifier."""
    countries: tuple[str, ...] = ()
    """QcCClegislation: ISO 3166 codes."""
    urls: tuple[tuple[str, str], ...] = ()
    """QcPDS: (url, language)."""
    integer: int | None = None
    """QcRetentionPeriod."""
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessDescription:
    """Authority or subject information access."""

    ocsp: tuple[str, ...] = ()
    ca_issuers: tuple[str, ...] = ()
    ca_repository: tuple[str, ...] = ()
    critical: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionPoint:
    """One cRLDistributionPoint with all its names."""

    uris: tuple[str, ...] = ()
    directory: tuple[NamePart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtreeSpec:
    """One subtree of nameConstraints."""

    directory: tuple[NamePart, ...] = ()
    dns: str | None = None
    email: str | None = None
    uri: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NameConstraintsSpec:
    """nameConstraints: subtrees permitted and excluded."""

    permitted: tuple[SubtreeSpec, ...] = ()
    excluded: tuple[SubtreeSpec, ...] = ()
    critical: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateExtension:
    """An extension that has no table of its own."""

    oid: str
    critical: bool = False
    text: str | None = None
    """Value as one string of type `string`."""
    string: StringType = "utf8"
    tag: int | None = None
    """Implicit context tag around the string (GM/T 0015 identity code CHOICE)."""
    der: str | None = None
    """Value as hex DER, where it is no string."""
    name: str = ""
    """What it is, for people."""
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Extensions:
    """Extensions of one certificate. None or empty: not there."""

    ca: bool | None = None
    """basicConstraints cA; None: extension absent."""
    path_length: int | None = None
    basic_constraints_critical: bool = True
    key_usage: tuple[str, ...] = ()
    """RFC 5280 bit names."""
    key_usage_critical: bool = True
    extended_key_usage: tuple[str, ...] = ()
    extended_key_usage_critical: bool = False
    policies: tuple[PolicySpec, ...] = ()
    policies_critical: bool = False
    policy_mappings: tuple[tuple[str, str], ...] = ()
    policy_mappings_critical: bool = False
    require_explicit_policy: int | None = None
    inhibit_policy_mapping: int | None = None
    inhibit_any_policy: int | None = None
    name_constraints: NameConstraintsSpec | None = None
    qc_statements: tuple[QcSpec, ...] = ()
    qc_critical: bool = False
    authority_info: AccessDescription | None = None
    subject_info: AccessDescription | None = None
    crl_points: tuple[DistributionPoint, ...] = ()
    subject_alt_emails: tuple[str, ...] = ()
    ocsp_nocheck: bool = False
    subject_key_id: Literal["sha1", "sha256", "none"] = "sha1"
    """How subjectKeyIdentifier is made (RFC 5280 section 4.2.1.2 method 1; 32 octets are met in the field)."""
    authority_key_id: bool = True
    private: tuple[PrivateExtension, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSpec:
    """One certificate of the hierarchy."""

    id: str
    """Unique in the profile: `root`, `issuing`, `signer-rsa`, `tsa`, `ocsp`."""
    role: Role
    issuer: str
    """Id of the issuing certificate in this profile; its own id: self-signed."""
    subject: tuple[NamePart, ...]
    not_before: datetime
    not_after: datetime
    key: KeySpec
    extensions: Extensions = Extensions()
    serial_octets: int = 16
    """Length of the serial number, which derives from profile and certificate id."""
    key_id: str | None = None
    """Certificate whose key this one shares (cross-certificates, renewals); None: its own key."""
    origin: Origin
    source: str = ""
    origins: Origins = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEvent:
    """One event in the life of a certificate."""

    certificate: str
    at: datetime
    status: Literal["revoked", "suspended", "resumed"]
    reason: str = "unspecified"
    """CRLReason name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Status and time services."""

    crl: bool = True
    """Every CA publishes a CRL."""
    crl_next_update_days: int = 7
    crl_period_hours: int = 24
    """How often a CRL is issued."""
    ocsp: bool = True
    ocsp_delegated: bool = True
    """Answers are signed by certificates of role `ocsp`; else by the CA itself."""
    ocsp_validity_hours: int = 24
    ocsp_hash: str = "sha1"
    """Digest of CertID."""
    tsa: str | None = None
    """Certificate of role `tsa` that stamps for this provider's signers; None: no time-stamps."""
    tsa_policy: str = "2.999.1"
    tsa_accuracy_ms: int = 1000
    tsa_digest: str = "sha256"
    """Digest of message imprints and of the token's own signature."""
    events: tuple[StatusEvent, ...] = ()
    origin: Origin
    source: str = ""
    origins: Origins = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityFormat:
    """One format that an identity emits."""

    format: Format
    levels: tuple[Level, ...]
    packagings: tuple[Packaging, ...] = ()
    """XML only."""
    signature_uri: str | None = None
    """XML SignatureMethod; None: the table's preferred URI."""
    digest_uri: str | None = None
    canonicalization_uri: str | None = None
    """None: exclusive canonicalisation for XAdES, canonical XML 1.0 for others."""
    value_encoding: Literal["der", "raw"] | None = None
    """SM2 signature value: None: DER in CMS, raw in XML."""
    signature_oid: str | None = None
    """CMS signatureAlgorithm OID where it is not the table's (`1.2.156.10197.1.301.1` for SM2)."""
    signing_certificate: bool = True
    """Write the ESS signing-certificate-v2 attribute (always for PAdES)."""
    signing_time: bool = False
    """Write the CMS signing-time attribute (forbidden in PAdES)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One certificate type with which the provider's customers sign."""

    id: str
    name: Text
    certificate: str
    """Certificate of role `signer`."""
    certificate_type: str
    """Type name as lists use it, e.g. `e-Cert (Personal)`."""
    formats: tuple[IdentityFormat, ...]
    """The first is the main one."""
    assurance: Assurance
    reference: bool = False
    """Signs the catalogue of negatives (one identity per algorithm family)."""
    opaque: bool = False
    """Its algorithm is recognised and never verified: listed, not counted."""
    origin: Origin
    source: str = ""
    origins: Origins = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One trust service provider."""

    id: str
    name: Text
    jurisdiction: str
    """ISO 3166-1 alpha-2, user-assigned codes for fictional ones."""
    summary: Text
    """One sentence: what it models."""
    certificates: tuple[CertificateSpec, ...]
    anchors: tuple[str, ...]
    """Home anchors: ids of certificates."""
    services: Services
    identities: tuple[Identity, ...]
    relying: RelyingRules
    sources: tuple[str, ...] = ()
    """References that the profile rests on."""
    unknowns: tuple[str, ...] = ()
    """What was looked for and is not known; never filled in."""
    origin: Origin
    origins: Origins = field(default_factory=dict)

    def certificate(self, certificate_id: str) -> CertificateSpec:
        """The certificate with that id; KeyError without."""
        for spec in self.certificates:
            if spec.id == certificate_id:
                return spec
        raise KeyError(certificate_id)

    def identity(self, identity_id: str) -> Identity:
        """The identity with that id; KeyError without."""
        for identity in self.identities:
            if identity.id == identity_id:
                return identity
        raise KeyError(identity_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All profiles and agreements of one run."""

    providers: tuple[Provider, ...]
    agreements: tuple[Agreement, ...]

    def provider(self, provider_id: str) -> Provider:
        """The provider with that id; KeyError without."""
        for provider in self.providers:
            if provider.id == provider_id:
                return provider
        raise KeyError(provider_id)
