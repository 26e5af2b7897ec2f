"""The certificates of a provider, as its profile describes them: names, keys, every extension with its criticality.

Part of the profile (`interop.model.profile`); `interop.pki` issues from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from interop.model.origin import Origin, Origins

__all__ = [
    "AccessDescription",
    "AltNames",
    "CertificateSpec",
    "DistributionPoint",
    "Extensions",
    "KeySpec",
    "NameConstraintsSpec",
    "NamePart",
    "OtherNameSpec",
    "PolicySpec",
    "PrivateExtension",
    "QcLimit",
    "QcSpec",
    "Role",
    "StringType",
    "SubtreeSpec",
]

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
    rsa_spki: Literal["rsa", "pss", "pss-restricted"] = "rsa"
    """RSA: SubjectPublicKeyInfo under rsaEncryption, under id-RSASSA-PSS, or under that with the parameters of `signature`, which
    the key may then be used with and no others (RFC 4055 sections 1.2 and 3.1)."""
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
    """Text of the attribute."""
    string: StringType = "utf8"
    """ASN.1 string type in which it is written: UTF8String, PrintableString, IA5String, T61String."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySpec:
    """One certificate policy."""

    oid: str
    """Policy identifier, dotted."""
    cps: str | None = None
    """CPS URI qualifier."""
    notice: str | None = None
    """Text of a user notice qualifier, at most 200 characters (RFC 5280 section 4.2.1.4)."""
    origin: Origin
    """Where the OID comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QcLimit:
    """QcEuLimitValue (EN 319 412-5 section 4.3.2): amount times ten to the power of the exponent, in a currency."""

    currency: str
    """ISO 4217: three capitals, or the number in digits."""
    amount: int
    """Not negative."""
    exponent: int = 0
    """Power of ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QcSpec:
    """One QC statement (EN 319 412-5)."""

    oid: str
    """Statement identifier, dotted, e.g. `0.4.0.1862.1.1` (QcCompliance)."""
    oids: tuple[str, ...] = ()
    """QcType: the types; qcs-pkixQCSyntax-v2: the semantics identifier."""
    countries: tuple[str, ...] = ()
    """QcCClegislation: ISO 3166 codes."""
    urls: tuple[tuple[str, str], ...] = ()
    """QcPDS: (url, language)."""
    integer: int | None = None
    """QcRetentionPeriod."""
    limit: QcLimit | None = None
    """QcLimitValue: the most that a transaction may be worth."""
    origin: Origin
    """Where the statement comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessDescription:
    """Authority or subject information access."""

    ocsp: tuple[str, ...] = ()
    """URLs of OCSP responders (id-ad-ocsp)."""
    ca_issuers: tuple[str, ...] = ()
    """URLs of the issuer's certificate (id-ad-caIssuers)."""
    ca_repository: tuple[str, ...] = ()
    """URLs of the subject CA's repository (id-ad-caRepository; subject information access only)."""
    critical: bool = False
    """Mark the extension critical; RFC 5280 sections 4.2.2.1 and 4.2.2.2 forbid it, so only for what is met in the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionPoint:
    """One cRLDistributionPoint with all its names."""

    uris: tuple[str, ...] = ()
    """URLs at which the CRL is published."""
    directory: tuple[NamePart, ...] = ()
    """Directory name of the distribution point, attribute by attribute; empty: none."""
    crl_issuer: tuple[NamePart, ...] = ()
    """Subject of the certificate that issues the CRL where it is not the CA itself (cRLIssuer); empty: the CA."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtreeSpec:
    """One subtree of nameConstraints."""

    directory: tuple[NamePart, ...] = ()
    """Directory name at the top of the subtree, attribute by attribute."""
    dns: str | None = None
    """DNS domain; it and everything below it."""
    email: str | None = None
    """Mailbox, host, or domain with a leading dot (rfc822Name)."""
    uri: str | None = None
    """Host of URIs, or domain with a leading dot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameConstraintsSpec:
    """nameConstraints: subtrees permitted and excluded."""

    permitted: tuple[SubtreeSpec, ...] = ()
    """Subtrees in which every name of its type below this CA must lie; empty: no such limit."""
    excluded: tuple[SubtreeSpec, ...] = ()
    """Subtrees in which no name below this CA may lie; they win over permitted ones."""
    critical: bool = True
    """Mark the extension critical, as RFC 5280 section 4.2.1.10 demands (default)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherNameSpec:
    """An otherName whose value is a string (RFC 5280 section 4.2.1.6)."""

    oid: str
    """type-id, dotted: `1.3.6.1.4.1.311.20.2.3` for a user principal name."""
    text: str
    """The value."""
    string: StringType = "utf8"
    """String type of the value."""
    origin: Origin
    """Of the OID."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AltNames:
    """GeneralNames of subjectAltName or issuerAltName, written in the order of the fields."""

    emails: tuple[str, ...] = ()
    """rfc822Name."""
    dns: tuple[str, ...] = ()
    """dNSName."""
    uris: tuple[str, ...] = ()
    """uniformResourceIdentifier."""
    directories: tuple[tuple[NamePart, ...], ...] = ()
    """directoryName."""
    others: tuple[OtherNameSpec, ...] = ()
    """otherName."""
    critical: bool = False
    """RFC 5280 section 4.2.1.6: critical only where the subject is empty; 4.2.1.7: that of the issuer never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateExtension:
    """An extension that has no table of its own."""

    oid: str
    """Extension identifier, dotted."""
    critical: bool = False
    """Mark it critical: then every verifier that does not know it must refuse (RFC 5280 section 4.2)."""
    text: str | None = None
    """Value as one string of type `string`."""
    string: StringType = "utf8"
    """ASN.1 string type of `text`."""
    tag: int | None = None
    """Implicit context tag around the string (GM/T 0015 identity code CHOICE)."""
    der: str | None = None
    """Value as hex DER, where it is no string."""
    name: str = ""
    """What it is, for people."""
    origin: Origin
    """Where the extension comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extensions:
    """Extensions of one certificate. None or empty: not there."""

    ca: bool | None = None
    """basicConstraints cA; None: extension absent."""
    path_length: int | None = None
    """basicConstraints pathLenConstraint: how many CAs may stand below this one; None: no limit."""
    basic_constraints_critical: bool = True
    """Mark basicConstraints critical (RFC 5280 section 4.2.1.9 demands it of CAs)."""
    key_usage: tuple[str, ...] = ()
    """RFC 5280 bit names."""
    key_usage_critical: bool = True
    """Mark keyUsage critical (RFC 5280 section 4.2.1.3: should be)."""
    extended_key_usage: tuple[str, ...] = ()
    """extendedKeyUsage: purpose OIDs, in order."""
    extended_key_usage_critical: bool = False
    """Mark extendedKeyUsage critical (RFC 3161 section 2.3 demands it of TSAs)."""
    policies: tuple[PolicySpec, ...] = ()
    """certificatePolicies, in order; `2.5.29.32.0` is anyPolicy."""
    policies_critical: bool = False
    """Mark certificatePolicies critical (RFC 5280 section 4.2.1.4)."""
    policy_mappings: tuple[tuple[str, str], ...] = ()
    """policyMappings of a CA: pairs (issuerDomainPolicy, subjectDomainPolicy)."""
    policy_mappings_critical: bool = False
    """Mark policyMappings critical (RFC 5280 section 4.2.1.5: should be)."""
    require_explicit_policy: int | None = None
    """policyConstraints: how many more certificates may follow before a valid policy is demanded; None: absent."""
    inhibit_policy_mapping: int | None = None
    """policyConstraints: how many more certificates may follow before mapping is forbidden; None: absent."""
    policy_constraints_critical: bool = True
    """policyConstraints; RFC 5280 section 4.2.1.11 demands it."""
    inhibit_any_policy: int | None = None
    """inhibitAnyPolicy: how many more certificates may follow before anyPolicy no longer counts; None: absent."""
    inhibit_any_policy_critical: bool = True
    """RFC 5280 section 4.2.1.14 demands it."""
    name_constraints: NameConstraintsSpec | None = None
    """nameConstraints of a CA; None: absent."""
    qc_statements: tuple[QcSpec, ...] = ()
    """QC statements (RFC 3739 section 3.2.6, EN 319 412-5), in order."""
    qc_critical: bool = False
    """Mark qcStatements critical (default: not)."""
    authority_info: AccessDescription | None = None
    """authorityInfoAccess: where the issuer's certificate and OCSP are found; None: absent."""
    subject_info: AccessDescription | None = None
    """subjectInfoAccess: where the subject CA's certificates are found; None: absent."""
    crl_points: tuple[DistributionPoint, ...] = ()
    """cRLDistributionPoints; empty: absent."""
    crl_points_critical: bool = False
    """cRLDistributionPoints; RFC 5280 section 4.2.1.13 advises against it."""
    freshest_crl: tuple[DistributionPoint, ...] = ()
    """freshestCRL: where delta CRLs are."""
    freshest_crl_critical: bool = False
    """RFC 5280 section 4.2.1.15 forbids it."""
    subject_alt_emails: tuple[str, ...] = ()
    """subjectAltName: e-mail addresses (rfc822Name)."""
    subject_alt: AltNames | None = None
    """Names of all kinds in subjectAltName, after `subject_alt_emails`; says whether the extension is critical."""
    issuer_alt: AltNames | None = None
    """issuerAltName."""
    ocsp_nocheck: bool = False
    """id-pkix-ocsp-nocheck (RFC 6960 section 4.2.2.2.1): the responder's own status need not be asked."""
    ocsp_nocheck_critical: bool = False
    """RFC 6960 section 4.2.2.2.1 advises against it."""
    subject_key_id: Literal["sha1", "sha256", "none"] = "sha1"
    """How subjectKeyIdentifier is made (RFC 5280 section 4.2.1.2 method 1; 32 octets are met in the field)."""
    subject_key_id_critical: bool = False
    """RFC 5280 section 4.2.1.2 forbids it."""
    authority_key_id: bool = True
    """Write authorityKeyIdentifier, with the issuer's subjectKeyIdentifier."""
    authority_key_id_critical: bool = False
    """RFC 5280 section 4.2.1.1 forbids it."""
    private: tuple[PrivateExtension, ...] = ()
    """Extensions that have no table of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSpec:
    """One certificate of the hierarchy."""

    id: str
    """Unique in the profile: `root`, `issuing`, `signer-rsa`, `tsa`, `ocsp`."""
    role: Role
    """What it is for: `root` and `ca` issue, `signer` signs documents, `tsa` stamps, `ocsp` answers; `encryption` never signs."""
    issuer: str
    """Id of the issuing certificate in this profile; its own id: self-signed."""
    subject: tuple[NamePart, ...]
    """Subject name, attribute by attribute in encoding order."""
    not_before: datetime
    """Begin of validity."""
    not_after: datetime
    """End of validity (inclusive, to the second)."""
    key: KeySpec
    """Its key, and how that key signs."""
    extensions: Extensions = Extensions()
    """Its extensions."""
    serial_octets: int = 16
    """Length of the serial number, which derives from profile and certificate id."""
    key_id: str | None = None
    """Certificate whose key this one shares (cross-certificates, renewals); None: its own key. `provider:certificate` is a CA of another
    provider, which this one certifies (RFC 5280 section 3.2): subject and key are that CA's."""
    origin: Origin
    """Where the values of this table come from."""
    source: str = ""
    """Document, section or public certificate that this one follows."""
    origins: Origins = field(default_factory=dict)
    """Dotted paths of single values whose origin differs."""

    @property
    def cross(self) -> bool:
        """Whether it certifies a CA of another provider: it belongs to the hierarchy, and the CA that it names does not."""
        return ":" in (self.key_id or "")
