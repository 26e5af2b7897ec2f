"""What one list of lists says to relying parties here, pointer by pointer: anchors, services and when they are granted, instruments.

found = ListedTrust()
read_area(world, area, names, found)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from interop.model.agreement import Agreement, AgreementKind, AgreementStatus, Entry, StatusChange
from interop.model.assurance import AssuranceLevel
from interop.model.certificate import ObjectId
from interop.model.instant import Interval
from interop.model.profile import World
from interop.model.text import Text
from interop.model.trusted_list import (
    Equivalence,
    ListPointer,
    MutualRecognition,
    TrustedList,
    TrustedService,
)
from interop.run.list_folder import ListedArea
from interop.run.list_instrument import (
    condition_in,
    enacted_terms,
    history_of,
    instrument_of,
    persons_in,
    plain_terms,
)
from interop.trustlist.terms import EntryTerms, InstrumentTerms, PointerTerms, Reliance, read_terms
from interop.trustlist.words import Words, words_of

__all__ = ["ListedTrust", "read_area"]

_ADVANCED: Final = AssuranceLevel.L2
"""What a service is good for that an equivalence makes one for certificates that are not qualified, where no other level is named."""


@dataclass(slots=True)
class ListedTrust:
    """What lists say so far."""

    anchors: dict[str, dict[str, None]] = field(default_factory=dict)
    """Relying party -> certificates by name."""
    granted: dict[str, dict[str, tuple[Interval, ...]]] = field(default_factory=dict)
    """Relying party -> certificate of a service by name -> spans in which it is granted."""
    agreements: list[tuple[str, Agreement, tuple[str, ...]]] = field(default_factory=list)
    """(area, instrument, those who load it)."""
    notes: list[str] = field(default_factory=list)
    """What is said and nobody here can make use of."""


def read_area(world: World, area: ListedArea, names: Mapping[str, ObjectId], found: ListedTrust) -> None:
    """Add what a list of lists says to `found`. `names` are certificates by `provider:certificate`.

    ValueError for terms of a pointer that cannot be read: what they narrow must not be lost.
    """
    _Area(world, area, {identifier: name for name, identifier in names.items()}, found).take()


@dataclass(slots=True)
class _Group:
    """Entries of one instrument in one area that share their history."""

    terms: InstrumentTerms
    cap: AssuranceLevel | None
    first: str
    """Legal identifier of the first of them."""
    entries: dict[str, list[Entry]] = field(default_factory=dict)


class _Area:
    """One list of lists, read pointer by pointer."""

    def __init__(self, world: World, area: ListedArea, known: Mapping[ObjectId, str], found: ListedTrust) -> None:
        self.world, self.area, self.known, self.found = world, area, known, found
        self.words: Words = words_of(area.first.type)
        self.residents = tuple(p.id for p in world.providers if p.jurisdiction == area.first.territory)
        self.homes: dict[str, tuple[InstrumentTerms, dict[str, None]]] = {}
        self.speaking: dict[str, dict[str, None]] = {}
        """Service of the list at hand -> equivalences that speak of it."""
        self.groups: dict[tuple[str, tuple[StatusChange, ...], AssuranceLevel | None], _Group] = {}

    def take(self) -> None:
        for pointer, trusted in self.area.reached:
            if trusted is None:
                self.note(f"the pointer to {pointer.location} leads to no list here")
            elif pointer.recognition is None:
                self.plain(pointer, trusted)
            else:
                self.recognised(pointer, pointer.recognition, trusted)
        for terms, members in self.homes.values():
            self.agree(terms, instrument_of(terms, members, terms.history, terms.level_cap, ()))
        of_one = [key[0] for key in self.groups]
        for (name, history, cap), group in self.groups.items():
            terms = group.terms if of_one.count(name) == 1 else replace(group.terms, id=group.first)
            entries = dict.fromkeys(entry for key in sorted(group.entries) for entry in group.entries[key])
            signers = terms.signers or dict.fromkeys(_owner(entry) for entry in entries)
            self.agree(terms, instrument_of(terms, signers, history, cap, tuple(entries)))

    def note(self, text: str) -> None:
        self.found.notes.append(f"{self.area.file}: {text}")

    def agree(self, terms: InstrumentTerms, agreement: Agreement) -> None:
        self.found.agreements.append((self.area.file, agreement, terms.loaded_by))

    def named(self, trusted: TrustedList, service: TrustedService) -> Iterator[str]:
        """Certificates of a service that are known here; a service of which none is, is noted."""
        names = sorted(self.known[one] for one in service.certificates if one in self.known)
        if not names:
            self.note(f"{trusted.operator}: service '{service.states[0].name}' is of no provider here")
        yield from names

    def grant(self, parties: Iterable[str], trusted: TrustedList, valid: frozenset[str]) -> None:
        """Spans in which each service of a list is granted, for those who read it so; what two pointers say adds up."""
        for service in trusted.services:
            spans = _granted(service, valid)
            for name in self.named(trusted, service):
                for party in parties:
                    held = self.found.granted.setdefault(party, {})
                    held[name] = tuple(dict.fromkeys((*held.get(name, ()), *spans)))

    def plain(self, pointer: ListPointer, trusted: TrustedList) -> None:
        """A pointer without recognition: the list of a member of the home law, or of one whom somebody relies upon by choice."""
        there = words_of(trusted.type)
        terms = read_terms(pointer) or self.by_territory(trusted)
        by_type = [s for s in trusted.services if any(state.type == there.anchor for state in s.states)]
        by_type = by_type or [s for s in trusted.services if any(state.type == there.qualified for state in s.states)]
        anchors = {c for service in by_type for c in service.certificates}
        owners = dict.fromkeys(
            self.known[c].partition(":")[0] for s in trusted.services for c in sorted(s.certificates) if c in self.known
        )
        for reliance in terms.reliances:
            wanted = anchors & set(reliance.anchors) if reliance.anchors else anchors
            own = self.found.anchors.setdefault(reliance.by, {})
            own.update(dict.fromkeys(sorted(self.known[one] for one in wanted if one in self.known)))
        parties = dict.fromkeys(reliance.by for reliance in terms.reliances)
        for instrument in terms.instruments:
            parties.update(dict.fromkeys(instrument.relying))
            self.homes.setdefault(instrument.id, (instrument, {}))[1].update(owners)
        self.grant(parties, trusted, frozenset(there.valid))

    def by_territory(self, trusted: TrustedList) -> PointerTerms:
        """What a pointer without terms says: everybody of the territory relies upon it, and their law recognises it since it is granted."""
        since = min((state.since for service in trusted.services for state in service.states), default=None)
        territory = self.area.first.territory or "unknown"
        home = InstrumentTerms(
            id=f"{territory.lower()}-list",
            kind=AgreementKind.HOME,
            evidence="published",
            name=Text(en=self.area.first.operator or territory, zh=self.area.first.operator or territory),
            source=self.area.file,
            relying=self.residents,
            history=() if since is None else (StatusChange(at=since, status=AgreementStatus.ENACTED),),
        )
        return PointerTerms(instruments=(home,), reliances=tuple(Reliance(by=party) for party in self.residents))

    def recognised(self, pointer: ListPointer, recognition: MutualRecognition, trusted: TrustedList) -> None:
        """A pointer with mutual recognition: every equivalence becomes entries of an instrument."""
        terms = read_terms(pointer)
        parties: dict[str, None] = {}
        for equivalence in recognition.equivalences:
            for instrument, entry in self.terms_of(equivalence, terms, trusted):
                parties.update(dict.fromkeys(instrument.relying))
                self.enter(equivalence, instrument, entry, trusted)
        valid = {s for e in recognition.equivalences for t in enacted_terms(e) for s in t.valid_pointed}
        self.grant(parties, trusted, frozenset(valid))
        for name, speaking in self.speaking.items():
            if len(speaking) > 1:
                self.note(
                    f"{', '.join(speaking)}: all of them speak of {name}; each counts (TS 119 615 asks for exactly one)"
                )
        self.speaking.clear()

    def terms_of(
        self, equivalence: Equivalence, terms: PointerTerms | None, trusted: TrustedList
    ) -> Iterator[tuple[InstrumentTerms, EntryTerms]]:
        """The terms of an equivalence; without any, that of an agreement of the territory about each service of the pointed type."""
        name = equivalence.legal_identifier
        for instrument in () if terms is None else terms.instruments:
            yield from ((instrument, entry) for entry in instrument.entries if entry.equivalence == name)
        if terms is not None:
            return
        plain = plain_terms(name, self.area.file, self.residents)
        persons = persons_in(equivalence, self.words)
        pointed = {named.type for term in enacted_terms(equivalence) for named in term.pointed_types}
        for service in trusted.services:
            if any(state.type in pointed for state in service.states):
                for one in sorted(service.certificates):
                    yield plain, EntryTerms(equivalence=name, issuer=one, persons=persons)

    def enter(
        self, equivalence: Equivalence, instrument: InstrumentTerms, entry: EntryTerms, trusted: TrustedList
    ) -> None:
        """One entry, in the group of its history and level. One that cannot be said as it stands is left out, never widened."""
        condition = condition_in(equivalence, entry)
        if condition is None:
            self.note(
                f"{equivalence.legal_identifier}: its criteria are no condition that an agreement can have; it grants nothing"
            )
            return
        listed = {c for service in trusted.services for c in service.certificates}
        ids = {"anchor": entry.anchor, "issuer": entry.issuer, "cross-certificate": entry.cross_certificate}
        for what, one in ids.items():
            if one is not None and (one not in self.known or (what != "cross-certificate" and one not in listed)):
                where = "on its list" if one in self.known else "of a provider here"
                self.note(f"{equivalence.legal_identifier}: its {what} is not {where}; it grants nothing")
                return
        subject = entry.issuer or entry.anchor
        if subject is not None:
            self.speaking.setdefault(self.known[subject], {})[equivalence.legal_identifier] = None
        types = {s.type for service in trusted.services if subject in service.certificates for s in service.states}
        history, qualified = history_of(equivalence, types if subject is not None else None, self.words)
        cap = instrument.level_cap if qualified or instrument.level_cap is not None else _ADVANCED
        key = (instrument.id, history, cap)
        group = self.groups.setdefault(key, _Group(terms=instrument, cap=cap, first=equivalence.legal_identifier))
        group.entries.setdefault(equivalence.legal_identifier, []).append(
            Entry(
                anchor=None if entry.anchor is None else self.known[entry.anchor],
                issuer=None if entry.issuer is None else self.known[entry.issuer],
                service=entry.service,
                condition=condition,
                start=entry.start,
                end=entry.end,
                cross_certificate=None if entry.cross_certificate is None else self.known[entry.cross_certificate],
                receipt=entry.receipt,
            )
        )


def _owner(entry: Entry) -> str:
    return (entry.issuer or entry.anchor or entry.cross_certificate or "").partition(":")[0]


def _granted(service: TrustedService, valid: frozenset[str]) -> tuple[Interval, ...]:
    """Spans in which its status is one of `valid`; not those with a critical extension that is not understood."""
    spans: list[Interval] = []
    end: datetime | None = None
    for state in service.states:
        if state.status in valid and not state.unknown_critical:
            spans.append(Interval(state.since, end))
        end = state.since
    return tuple(reversed(spans))
