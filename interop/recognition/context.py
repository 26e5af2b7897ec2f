"""Everything besides the technical answer that the recognition layers depend on, with names resolved to certificates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from interop.model.agreement import Agreement, Entry
from interop.model.certificate import ObjectId
from interop.model.formats import DocumentKind
from interop.model.instant import Interval
from interop.model.knowledge import Knowledge
from interop.model.rules import RelyingRules

__all__ = ["RecognitionContext", "ResolvedAgreement", "ResolvedEntry", "resolve_agreements"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedEntry:
    """One entry of an instrument, its certificates by id; one without any certificate admits nobody."""

    entry: Entry
    anchor: ObjectId | None = None
    """The path must end here."""
    issuer: ObjectId | None = None
    """This certificate must have issued the signer's."""
    cross_certificate: ObjectId | None = None
    """This certificate must stand in the path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedAgreement:
    """One instrument in the judge's hands."""

    agreement: Agreement
    entries: tuple[ResolvedEntry, ...] = ()

    @property
    def id(self) -> str:
        """Id of the instrument."""
        return self.agreement.id


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionContext:
    """One relying party at one validation time."""

    relying: str
    """Provider id."""
    rules: RelyingRules
    anchors: frozenset[ObjectId]
    """The party's own anchors, `rules.trust.anchors` resolved."""
    agreements: tuple[ResolvedAgreement, ...]
    """Instruments in the judge's hands: those that grant something. One that is switched off is not among them."""
    knowledge: Knowledge
    at: datetime
    """Validation time."""
    document: DocumentKind | None = None
    """What was signed; None where nobody says."""
    services: Mapping[tuple[str, str], tuple[Interval, ...]] = field(default_factory=dict)
    """What trusted lists say of services: (normal form of the subject, key digest) -> spans in which the service is granted (TS 119 612
    clause 5.5.3: a service is a name with a key). A CA that is not among them is no listed service: nothing is asked of it."""
    cross_certificates: frozenset[ObjectId] = frozenset()
    """Cross-certificates of any instrument, those switched off included: usable on a path only through an entry that is
    loaded and in force, never by merely being known."""


def resolve_agreements(
    agreements: Iterable[Agreement], certificates: Mapping[str, ObjectId]
) -> tuple[ResolvedAgreement, ...]:
    """The instruments that go to the judge, by id, with `provider:certificate` names resolved.

    Framework-only ones and those switched off are left out. KeyError for a name that `certificates` does not hold: profile
    lint reports it before, here it is our own mistake.
    """

    def certificate(name: str | None) -> ObjectId | None:
        return None if name is None else certificates[name]

    return tuple(
        ResolvedAgreement(
            agreement=agreement,
            entries=tuple(
                ResolvedEntry(
                    entry=entry,
                    anchor=certificate(entry.anchor),
                    issuer=certificate(entry.issuer),
                    cross_certificate=certificate(entry.cross_certificate),
                )
                for entry in agreement.entries
            ),
        )
        for agreement in sorted(agreements, key=lambda a: a.id)
        if agreement.grants
    )
