"""Agreements: legal or contractual instruments of recognition, one direction each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from interop.model.assurance import AssuranceLevel, Person
from interop.model.formats import DocumentKind
from interop.model.instant import Interval
from interop.model.origin import Origin
from interop.model.text import Text

__all__ = ["Agreement", "AgreementKind", "AgreementStatus", "Condition", "Entry", "Evidentness"]


class AgreementKind(StrEnum):
    """How recognition is granted."""

    HOME = "home"
    """The law of the parties' own jurisdiction; members are listed as data. Carries no entries."""
    STATUTORY_APPROVAL = "statutory-approval"
    """A state approves a foreign provider, e.g. under article 26 of the PRC Electronic Signature Law."""
    MUTUAL_RECOGNITION = "mutual-recognition"
    """A treaty or memorandum between authorities: each side's certificates of the named types count on the other side."""
    TRUST_LIST = "trust-list"
    """Cross-recognition announced by published lists of accepted CAs and services."""
    LIST_POINTER = "list-pointer"
    """One side's trusted list points to the other's list (TS 119 612 OtherTSLPointer) and so admits the services on it."""
    CROSS_CERTIFICATE = "cross-certificate"
    """A CA of the relying side has certified the signer's CA; paths go through that certificate (RFC 5280 section 3.2)."""
    BRIDGE = "bridge"
    """Both sides are cross-certified with a bridge CA, which maps their policies."""
    POLICY_ALLOW_LIST = "policy-allow-list"
    """An anchor is accepted for named policies only."""
    OID_PREFIX = "oid-prefix"
    """Recognised by a policy OID under an arc, on an arc boundary."""
    THIRD_PARTY_ATTESTATION = "third-party-attestation"
    """A third party attests that the provider meets the relying side's criteria: an audit scheme, a list of a software maker."""
    PARTY_CONTRACT = "party-contract"
    """The parties of a transaction have agreed by contract to accept each other's signatures."""
    UNILATERAL = "unilateral"
    """One side recognises without being recognised."""


class AgreementStatus(StrEnum):
    """Whether the instrument is in force."""

    ENACTED = "enacted"
    """In force from this instant on."""
    REPEALED = "repealed"
    """No longer in force from this instant on."""


Evidentness = Literal["published", "framework-only", "hypothetical"]
"""`published`: in force by a published instrument; `framework-only`: exists, grants nothing; `hypothetical`: modelled, ships off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition on the certificate's content; all that are given must hold."""

    policies_any: tuple[str, ...] = ()
    """At least one of these policy OIDs is asserted, exactly."""
    policy_prefix: str | None = None
    """At least one policy OID lies under this arc, on an arc boundary (`1.2` covers `1.2.3`, never `1.20`)."""
    key_usage_all: tuple[str, ...] = ()
    """keyUsage bits (RFC 5280 names) that must all be set."""
    extended_key_usage_any: tuple[str, ...] = ()
    """extendedKeyUsage OIDs, of which one must be there."""
    qc_statements_all: tuple[str, ...] = ()
    """OIDs of QC statements that must all be there; the types inside QcType count too."""
    qc_legislation: str | None = None
    """QcCClegislation must name this country."""
    certificate_type: str | None = None
    """Type name that must stand in a subject OU (or be the identity's certificate type)."""
    persons: tuple[Person, ...] = ()
    """Kinds of subject admitted; empty: any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One anchor, issuer or service that the instrument admits, and under which conditions.

    Certificates are named `provider:certificate` in data and resolved to ids by `run` before judging.
    """

    anchor: str | None = None
    """The path must end at this certificate."""
    issuer: str | None = None
    """This certificate must have issued the signer's."""
    service: str | None = None
    """Name of the service, for people."""
    condition: Condition = Condition()
    """What the signer's certificate must fulfil besides."""
    start: datetime | None = None
    """Begin of the window in which a signature must have been made (inclusive); None: no begin."""
    end: datetime | None = None
    """Window in which a signature must have been made (exclusive end)."""
    cross_certificate: str | None = None
    """This cross-certificate must lie on the path."""
    receipt: str | None = None
    """Name of a trusted third party whose receipt is what the relying side relies on: it has verified the signature at home. Receipts are
    not read here, so such an entry names what is missing and admits nothing."""

    @property
    def window(self) -> Interval:
        """The recognition window."""
        return Interval(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """One step of the instrument's history."""

    at: datetime
    """From when."""
    status: AgreementStatus
    """What it is from then on."""
    note: str = ""
    """What happened, for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One instrument, one direction: `relying` recognise `signers`."""

    id: str
    """File name without ending; unique."""
    kind: AgreementKind
    """How recognition is granted."""
    name: Text
    """Title of the instrument."""
    signers: tuple[str, ...]
    """Provider ids whose signatures are recognised (home: the members)."""
    relying: tuple[str, ...]
    """Provider ids whose relying parties recognise (home: the members)."""
    history: tuple[StatusChange, ...]
    """In force between an `enacted` and the next `repealed`."""
    evidence: Evidentness
    """How well the instrument is established: only `published` ones, and `hypothetical` ones that are switched on, grant anything."""
    origin: Origin
    """Where the values of this file come from."""
    source: str
    """Where it is documented."""
    enabled: bool = True
    """Hypothetical ones ship switched off."""
    counterpart: str | None = None
    """The same arrangement in the other direction."""
    entries: tuple[Entry, ...] = ()
    """What is admitted; any one that fits suffices. Kind `home` has none."""
    level_cap: AssuranceLevel | None = None
    """Level granted at most; None: the signer's own."""
    scope: tuple[DocumentKind, ...] = ()
    """Document kinds covered; empty: all."""
    note: Text | None = None
    """What people should know about it."""

    def in_force(self) -> tuple[Interval, ...]:
        """The spans in which it is enacted."""
        spans: list[Interval] = []
        since: datetime | None = None
        for change in sorted(self.history, key=lambda c: c.at):
            if change.status is AgreementStatus.ENACTED:
                since = since or change.at
            elif since is not None:
                spans.append(Interval(since, change.at))
                since = None
        if since is not None:
            spans.append(Interval(since, None))
        return tuple(spans)

    @property
    def grants(self) -> bool:
        """Whether the judge gets to see it at all: switched on, and more than a framework."""
        return self.enabled and self.evidence != "framework-only"
