"""Agreements: legal or contractual instruments of recognition, one direction each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from interop.model.assurance import AssuranceLevel
from interop.model.formats import DocumentKind
from interop.model.instant import Interval
from interop.model.text import Text

__all__ = ["Agreement", "AgreementKind", "AgreementStatus", "Condition", "Entry", "Evidentness"]


class AgreementKind(StrEnum):
    """How recognition is granted."""

    HOME = "home"
    """The law of the parties' own jurisdiction; members are listed as data. Carries no entries."""
    STATUTORY_APPROVAL = "statutory-approval"
    """A state approves a foreign provider, e.g. under article 26 of the PRC Electronic Signature Law."""
    MUTUAL_RECOGNITION = "mutual-recognition"
    TRUST_LIST = "trust-list"
    """Cross-recognition announced by published lists of accepted CAs and services."""
    LIST_POINTER = "list-pointer"
    CROSS_CERTIFICATE = "cross-certificate"
    BRIDGE = "bridge"
    POLICY_ALLOW_LIST = "policy-allow-list"
    """An anchor is accepted for named policies only."""
    OID_PREFIX = "oid-prefix"
    """Recognised by a policy OID under an arc, on an arc boundary."""
    THIRD_PARTY_ATTESTATION = "third-party-attestation"
    PARTY_CONTRACT = "party-contract"
    UNILATERAL = "unilateral"
    """One side recognises without being recognised."""


class AgreementStatus(StrEnum):
    """Whether the instrument is in force."""

    ENACTED = "enacted"
    REPEALED = "repealed"


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
    extended_key_usage_any: tuple[str, ...] = ()
    qc_statements_all: tuple[str, ...] = ()
    qc_legislation: str | None = None
    """QcCClegislation must name this country."""
    certificate_type: str | None = None
    """Type name that must stand in a subject OU (or be the identity's certificate type)."""
    persons: tuple[Literal["natural", "legal", "mixed"], ...] = ()


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
    start: datetime | None = None
    end: datetime | None = None
    """Window in which a signature must have been made (exclusive end)."""
    cross_certificate: str | None = None

    @property
    def window(self) -> Interval:
        """The recognition window."""
        return Interval(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """One step of the instrument's history."""

    at: datetime
    status: AgreementStatus
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One instrument, one direction: `relying` recognise `signers`."""

    id: str
    kind: AgreementKind
    name: Text
    signers: tuple[str, ...]
    """Provider ids whose signatures are recognised (home: the members)."""
    relying: tuple[str, ...]
    """Provider ids whose relying parties recognise (home: the members)."""
    history: tuple[StatusChange, ...]
    """In force between an `enacted` and the next `repealed`."""
    evidence: Evidentness
    origin: Literal["real", "modelled", "stand-in"]
    source: str
    """Where it is documented."""
    enabled: bool = True
    """Hypothetical ones ship switched off."""
    counterpart: str | None = None
    """The same arrangement in the other direction."""
    entries: tuple[Entry, ...] = ()
    level_cap: AssuranceLevel | None = None
    """Level granted at most; None: the signer's own."""
    scope: tuple[DocumentKind, ...] = ()
    """Document kinds covered; empty: all."""
    note: Text | None = None

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
