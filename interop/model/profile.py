"""The profile of a trust service provider: its hierarchy, its services, its signing identities, and its rules as a relying party.

Data under `profiles/providers/<id>.toml`; loaded and checked by `interop.profile`. Every table says where its values come
from (`origin`, see `interop.model.origin`); `origins` names single values of the table whose origin differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from interop.model.agreement import Agreement
from interop.model.assurance import Assurance
from interop.model.formats import Format, Level, Packaging
from interop.model.hierarchy import CertificateSpec
from interop.model.instant import Interval
from interop.model.origin import Origin, Origins
from interop.model.rules import RelyingRules
from interop.model.text import Text

__all__ = [
    "Identity",
    "IdentityFormat",
    "ListedServices",
    "Provider",
    "Services",
    "SignaturePolicySpec",
    "StatusEvent",
    "World",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEvent:
    """One event in the life of a certificate."""

    certificate: str
    """Id of the certificate in this profile, or `provider:certificate` on the register of another provider's (`Services.register`)."""
    at: datetime
    """When it happens."""
    status: Literal["revoked", "suspended", "resumed"]
    """`suspended` (certificateHold) ends with `resumed`; `revoked` is for good."""
    reason: str = "unspecified"
    """CRLReason name."""
    invalid_since: datetime | None = None
    """When the certificate became doubtful, such as a key lost earlier (invalidityDate, RFC 5280 section 5.3.2); None: not said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Status and time services."""

    crl: bool = True
    """Every CA publishes a CRL."""
    crl_next_update_days: int = 7
    """nextUpdate of a CRL: this many days after its thisUpdate."""
    crl_period_hours: int = 24
    """How often a CRL is issued."""
    crl_parts: Literal["whole", "kinds", "points"] = "whole"
    """How a CA divides its CRL (issuingDistributionPoint, RFC 5280 section 5.2.5): not at all; one for users and one for CAs; one for
    every distribution point that its certificates name. Certificates that name a cRLIssuer are on an indirect CRL of that issuer."""
    crl_delta_hours: int | None = None
    """How often a delta CRL is issued, a divisor of `crl_period_hours` (RFC 5280 section 5.2.4); None: none is."""
    ocsp: bool = True
    """CAs answer OCSP requests."""
    ocsp_delegated: bool = True
    """Answers are signed by certificates of role `ocsp`; else by the CA itself."""
    ocsp_validity_hours: int = 24
    """nextUpdate of an OCSP answer: this many hours after its thisUpdate."""
    ocsp_hash: str = "sha1"
    """Digest of CertID."""
    ocsp_archive_years: int | None = None
    """Responders say that they answer for certificates this long after their end (archiveCutoff, RFC 6960 section 4.4.4), in years of
    365 days; None: nothing is said."""
    register: tuple[str, ...] = ()
    """Certificates of other providers (`provider:certificate`) whose status is kept here too, as a state's system does that registers
    recognised foreign ones; answered by OCSP, from the responder below the first anchor. `events` may name them."""
    tsa: str | None = None
    """Certificate of role `tsa` that stamps for this provider's signers; None: no time-stamps."""
    tsa_policy: str = "2.999.1"
    """Policy OID in time-stamp tokens."""
    tsa_accuracy_ms: int = 1000
    """Accuracy that time-stamp tokens state, in milliseconds."""
    tsa_digest: str = "sha256"
    """Digest of message imprints and of the token's own signature."""
    tsa_policies: tuple[str, ...] = ()
    """Policies besides `tsa_policy` under which a request may ask for a time-stamp."""
    tsa_name: bool = False
    """Tokens name their authority (TSTInfo tsa, RFC 3161 section 2.4.2)."""
    tsa_qualified: bool = False
    """Tokens state that they are qualified: qcStatements with esi4-qtstStatement-1 (EN 319 422 clause 9.1)."""
    events: tuple[StatusEvent, ...] = ()
    """Status history of the certificates; what is not named here is good."""
    origin: Origin
    """Where the values of this table come from."""
    source: str = ""
    """Document and section it rests on."""
    origins: Origins = field(default_factory=dict)
    """Dotted paths of single values whose origin differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignaturePolicySpec:
    """An explicit signature policy (EN 319 122-1 section 5.2.9, EN 319 132-1 section 5.2.9)."""

    oid: str
    """Identifier of the policy."""
    digest: str
    """Digest algorithm of the policy document, name in the algorithm table."""
    hash: str
    """Digest of the policy document, hex."""
    origin: Origin
    """Of the OID."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityFormat:
    """One format that an identity emits."""

    format: Format
    """Format, see `pades`, `pdf-pkcs7`, `pdf-gm`, `xmldsig`, `xades`, `xml-customs`."""
    levels: tuple[Level, ...]
    """Levels it is made at: `b-b`, `b-t`, `b-lt`, `b-lta`."""
    packagings: tuple[Packaging, ...] = ()
    """XML only."""
    signature_uri: str | None = None
    """XML SignatureMethod; None: the table's preferred URI."""
    digest_uri: str | None = None
    """XML DigestMethod; None: the table's preferred URI."""
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
    signature_policy: SignaturePolicySpec | None = None
    """Policy that every signature names: CMS and XAdES; plain XML-Signature has no place for one."""
    vri: bool = False
    """PDF, from B-LT on: the document security store also says which validation data belong to which signature (/VRI, ISO 32000-2
    section 12.8.4.3; EN 319 142-1 clause 5.4.2 discourages it)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One certificate type with which the provider's customers sign."""

    id: str
    """Unique in the profile; second part of a cell id."""
    name: Text
    """Name of the certificate type, for people."""
    certificate: str
    """Certificate of role `signer`."""
    certificate_type: str
    """Type name as lists use it, e.g. `e-Cert (Personal)`."""
    formats: tuple[IdentityFormat, ...]
    """The first is the main one."""
    assurance: Assurance
    """Assurance that it has at home."""
    reference: bool = False
    """Signs the catalogue of negatives (one identity per algorithm family)."""
    opaque: bool = False
    """Its algorithm is recognised and never verified: listed, not counted."""
    followed_by: str | None = None
    """Identity of the same provider that signs every document after this one, with another algorithm (dual-algorithm legs). Such an
    identity signs the cases with `signatures = "legs"` and no others; None: it signs alone."""
    origin: Origin
    """Where the values of this table come from."""
    source: str = ""
    """Document and section it rests on."""
    origins: Origins = field(default_factory=dict)
    """Dotted paths of single values whose origin differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One trust service provider."""

    id: str
    """File name without ending; first or last part of a cell id."""
    name: Text
    """Name of the provider."""
    jurisdiction: str
    """ISO 3166-1 alpha-2, user-assigned codes for fictional ones."""
    summary: Text
    """One sentence: what it models."""
    certificates: tuple[CertificateSpec, ...]
    """The hierarchy: every certificate of the provider."""
    anchors: tuple[str, ...]
    """Home anchors: ids of certificates."""
    services: Services
    """Its status and time services."""
    identities: tuple[Identity, ...]
    """The certificate types with which its customers sign. Empty: it only relies, and is a column of the matrix where it is asked for."""
    relying: RelyingRules
    """What parties that rely on this provider accept from anybody."""
    sources: tuple[str, ...] = ()
    """References that the profile rests on."""
    unknowns: tuple[str, ...] = ()
    """What was looked for and is not known; never filled in."""
    origin: Origin
    """Where the values of this file come from, where no table says otherwise."""
    origins: Origins = field(default_factory=dict)
    """Dotted paths of single values whose origin differs."""

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
class ListedServices:
    """What trusted lists say of services over time, where they and not the profiles are asked whom to trust."""

    granted: Mapping[str, Mapping[str, tuple[Interval, ...]]]
    """Relying party -> certificate of a service (`provider:certificate`) -> spans in which the lists that this party believes grant
    it; whoever trusts through it asks at issuance of the signer's certificate and at best signature time (TS 119 615)."""
    crossing: tuple[str, ...] = ()
    """Cross-certificates of instruments that no list names: they open no path by merely being known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All profiles and agreements of one run."""

    providers: tuple[Provider, ...]
    """Providers, signing and relying."""
    agreements: tuple[Agreement, ...]
    """Instruments between them."""
    listed: ListedServices | None = None
    """Status of services where anchors and agreements were read from trusted lists; None: they are those of the profiles."""

    def provider(self, provider_id: str) -> Provider:
        """The provider with that id; KeyError without."""
        for provider in self.providers:
            if provider.id == provider_id:
                return provider
        raise KeyError(provider_id)
