"""A trusted list as plain values (ETSI TS 119 612), mutual-recognition information included. Read and written by `interop.trustlist`.

URIs are kept as written: lists have spaces of their own for service types, status and qualifiers. Nothing here says whether a list
may be believed; `TrustedList.signature` is a fact about the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from interop.model.certificate import Finding, ObjectId

__all__ = [
    "Assertion",
    "AuthenticatedList",
    "ContentEquivalence",
    "CriteriaList",
    "Equivalence",
    "EquivalenceTerms",
    "ListPointer",
    "ListSignature",
    "MutualRecognition",
    "NamedType",
    "QcCondition",
    "Qualification",
    "ServiceState",
    "TrustServiceProvider",
    "TrustedList",
    "TrustedService",
]

Assertion = Literal["all", "atLeastOne", "none"]
"""How the members of a criteria list combine (TS 119 612 clause 5.5.9.2.2.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QcCondition:
    """A QC statement asked for (`QcStatement` of the mutual-recognition schema)."""

    oid: str
    """Statement identifier, dotted."""
    type: str | None = None
    """QcType that must be named, dotted; None: any."""
    legislation: str | None = None
    """QcCClegislation that must be named; None: any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaList:
    """Conditions on a certificate's content (TS 119 612 clause 5.5.9.2.2)."""

    assertion: Assertion = "all"
    """How the members combine."""
    key_usages: tuple[tuple[tuple[str, bool], ...], ...] = ()
    """Sets of (keyUsage bit, wanted value)."""
    policies: tuple[tuple[str, ...], ...] = ()
    """Sets of policy OIDs, all of a set to be there."""
    subject_attributes: tuple[tuple[str, ...], ...] = ()
    """Sets of attribute types (dotted) that the subject must have."""
    extended_key_usages: tuple[tuple[str, ...], ...] = ()
    """Sets of purposes, dotted (URNs resolved)."""
    qc_statements: tuple[tuple[QcCondition, ...], ...] = ()
    """Sets of QC statements."""
    lists: tuple[CriteriaList, ...] = ()
    """Lists within the list."""
    unknown: tuple[str, ...] = ()
    """Names of conditions that are not understood: never met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualification:
    """One qualification element of a service: which certificates get which qualifiers."""

    qualifiers: tuple[str, ...]
    """URIs."""
    criteria: CriteriaList
    """Certificates they apply to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceState:
    """A service over a span of time: the current state, or one of its history."""

    type: str
    """ServiceTypeIdentifier, URI."""
    name: str
    """ServiceName, English where there is one; untrusted text."""
    status: str
    """ServiceStatus, URI."""
    since: datetime
    """StatusStartingTime."""
    certificates: tuple[ObjectId, ...] = ()
    """ServiceDigitalIdentity: certificates; history often has none."""
    subjects: tuple[str, ...] = ()
    """ServiceDigitalIdentity: subject names as written; untrusted text."""
    key_ids: tuple[str, ...] = ()
    """ServiceDigitalIdentity: subject key identifiers, hex."""
    additional: tuple[str, ...] = ()
    """AdditionalServiceInformation, URIs."""
    qualifications: tuple[Qualification, ...] = ()
    """Qualifications extension."""
    expired_revocation_since: datetime | None = None
    """ExpiredCertsRevocationInfo: since when status is kept for expired certificates."""
    unknown_critical: tuple[str, ...] = ()
    """Names of critical extensions that are not understood: the service may not be used (TS 119 612 clause 5.5.9)."""
    raw_extensions: tuple[str, ...] = ()
    """Extensions that have no field here, as exclusive canonical XML, kept for writing."""
    other_names: tuple[tuple[str, str], ...] = ()
    """ServiceName in other languages: (xml:lang, text); untrusted text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedService:
    """One service with its history."""

    states: tuple[ServiceState, ...]
    """Newest first; the first is the current one."""

    def at(self, instant: datetime) -> ServiceState | None:
        """The state in force at an instant; None before the first one known."""
        return next((state for state in self.states if state.since <= instant), None)

    @property
    def certificates(self) -> frozenset[ObjectId]:
        """Certificates of any of its states."""
        return frozenset(c for state in self.states for c in state.certificates)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustServiceProvider:
    """One provider on a list."""

    name: str
    """TSPName, English where there is one; untrusted text."""
    trade_names: tuple[str, ...] = ()
    """TSPTradeName; untrusted text."""
    services: tuple[TrustedService, ...] = ()
    """In the order of the list."""
    other_names: tuple[tuple[str, str], ...] = ()
    """TSPName in other languages: (xml:lang, text); untrusted text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedType:
    """A service type with its additional information, as equivalences name it."""

    type: str
    """ServiceTypeIdentifier, URI."""
    additional: str | None = None
    """AdditionalServiceInformation, URI; None: not asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentEquivalence:
    """What of a certificate's content stands for what."""

    context: str
    """URI: `.../mra/QcCompliance`, `.../mra/QcType`, `.../mra/QcQSCD`; others are skipped."""
    pointing: CriteriaList
    """What it means for the pointing party."""
    pointed: CriteriaList
    """What the pointed party's certificate must say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EquivalenceTerms:
    """The terms of an equivalence over a span of time."""

    status: str
    """URI: `.../mra/enacted` or `.../mra/repealed`."""
    since: datetime
    """From when."""
    pointing_types: tuple[NamedType, ...] = ()
    """What they are for the pointing party."""
    pointed_types: tuple[NamedType, ...] = ()
    """Types of the pointed party that stand for those of the pointing party."""
    valid_pointing: tuple[str, ...] = ()
    """Status URIs of the pointing party that they turn into; the first counts."""
    valid_pointed: tuple[str, ...] = ()
    """Status URIs of the pointed party that count as valid."""
    invalid_pointing: tuple[str, ...] = ()
    """Status URIs of the pointing party that they turn into; the first counts."""
    invalid_pointed: tuple[str, ...] = ()
    """Status URIs of the pointed party that count as invalid."""
    contents: tuple[ContentEquivalence, ...] = ()
    """Certificate content, applied in order."""
    qualifiers: tuple[tuple[str, str], ...] = ()
    """(pointing party's qualifier URI, pointed party's)."""

    @property
    def enacted(self) -> bool:
        """In force while these terms are."""
        return self.status.rstrip("/").endswith("/enacted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalence:
    """One equivalence between services of two parties, with its history."""

    legal_identifier: str
    """TrustServiceLegalIdentifier, e.g. `QCForESig`; untrusted text."""
    terms: tuple[EquivalenceTerms, ...]
    """Newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MutualRecognition:
    """MutualRecognitionAgreementInformation of a pointer (namespace `.../mra/schema/v2#`)."""

    pointing_legislation: str
    """URI as written."""
    pointed_legislation: str
    """URI as written."""
    equivalences: tuple[Equivalence, ...]
    """Every equivalence of the agreement, in the order of the information."""
    depth: int | None = None
    """MRADepth."""
    technical_type: int | None = None
    """technicalType; no rule reads it."""
    version: int | None = None
    """version; no rule reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPointer:
    """OtherTSLPointer: another list, and whose signature it must bear."""

    location: str
    """TSLLocation, URI; never fetched unless asked for."""
    signers: tuple[ObjectId, ...] = ()
    """Certificates, one of which must have signed that list."""
    type: str | None = None
    """TSLType, URI."""
    territory: str | None = None
    """SchemeTerritory."""
    mime_type: str | None = None
    """MimeType."""
    recognition: MutualRecognition | None = None
    """Mutual-recognition information; None without."""
    raw_information: tuple[str, ...] = ()
    """OtherInformation that has no field here, as exclusive canonical XML, kept for writing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSignature:
    """The signature of a list, as a fact."""

    count: int
    """ds:Signature elements in the file."""
    covers_all: bool = False
    """The one signature covers the whole list."""
    digests_ok: bool | None = None
    """Every reference; None: not computed."""
    value_ok: tuple[ObjectId, ...] = ()
    """Certificates with which the value verifies, those in the file and those offered; one that the signed properties contradict is
    not among them."""
    findings: tuple[Finding, ...] = ()
    """What was noticed about the file and about the one signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedList:
    """One list."""

    id: ObjectId
    """Digest of its bytes."""
    version: int | None
    """TSLVersionIdentifier: 5 or 6."""
    sequence: int | None
    """TSLSequenceNumber."""
    type: str
    """TSLType, URI."""
    territory: str | None
    """SchemeTerritory."""
    operator: str
    """SchemeOperatorName, English where there is one; untrusted text."""
    scheme: str = ""
    """SchemeName; untrusted text."""
    issued: datetime | None = None
    """ListIssueDateTime."""
    next_update: datetime | None = None
    """NextUpdate; None: the list is closed."""
    pointers: tuple[ListPointer, ...] = ()
    """Other lists that it leads to, in its order."""
    providers: tuple[TrustServiceProvider, ...] = ()
    """Providers, in its order."""
    signature: ListSignature = field(default_factory=lambda: ListSignature(count=0))
    """Its signature as a fact; none until somebody looked at it."""
    findings: tuple[Finding, ...] = ()
    """Deviations met while reading."""
    other_names: tuple[tuple[str, str], ...] = ()
    """SchemeOperatorName in other languages: (xml:lang, text); untrusted text."""

    @property
    def services(self) -> tuple[TrustedService, ...]:
        """Of all providers, in the order of the list."""
        return tuple(service for provider in self.providers for service in provider.services)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticatedList:
    """A list that may be believed, and why."""

    list: TrustedList
    """What it says, its signature observed."""
    signer: ObjectId
    """Certificate that signed it: named by the pointer, or by whoever trusts the first list."""
    path: tuple[ObjectId, ...] = ()
    """Ids of the lists whose pointers lead to it, the first list first; empty: it is trusted by its signer alone."""
    recognition: MutualRecognition | None = None
    """Mutual-recognition information of the pointer that leads to it; None: it is read in its own words."""
    findings: tuple[Finding, ...] = ()
    """What is worth knowing and refuses nothing: past its next update, a territory that differs from the pointer's."""

    @property
    def territory(self) -> str | None:
        """SchemeTerritory of the list itself."""
        return self.list.territory
