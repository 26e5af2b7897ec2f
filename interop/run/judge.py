"""Handing the judge its values: names resolved to certificates, rules to suites, one context per relying party."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from interop.model.agreement import Agreement
from interop.model.certificate import Certificate, ObjectId
from interop.model.errors import UsageError
from interop.model.facts import Facts
from interop.model.formats import DocumentKind
from interop.model.instant import Interval
from interop.model.knowledge import Knowledge
from interop.model.profile import Provider, World
from interop.model.rules import RelyingRules
from interop.model.suite import Suite
from interop.model.verdict import Home, HomeIdentity, Judgement, TechnicalContext
from interop.recognition.assurance import limiting_axis
from interop.recognition.context import RecognitionContext, ResolvedAgreement, resolve_agreements
from interop.recognition.judge import Rely, judge_file
from interop.validation.lookup import Lookup, lookup_for
from interop.validation.reading import Memory, Reading, Terms, read
from interop.validation.technical import judge_reading
from interop.x509.certificate import object_id

__all__ = ["Bench", "certificate_names", "home_of", "suites_of"]


def certificate_names(published: Mapping[str, Mapping[str, bytes]]) -> dict[str, ObjectId]:
    """`provider:certificate` -> id, of all hierarchies published."""
    return {
        f"{provider}:{name}": object_id(der)
        for provider, certificates in published.items()
        for name, der in certificates.items()
    }


def home_of(
    providers: Iterable[Provider], names: Mapping[str, ObjectId], certificates: Mapping[ObjectId, Certificate]
) -> Home:
    """Home anchors, identities and cross-certificates of all providers."""
    providers = tuple(providers)
    anchors: dict[ObjectId, str] = {}
    identities: list[HomeIdentity] = []
    for provider in providers:
        for anchor in provider.anchors:
            anchors[names[f"{provider.id}:{anchor}"]] = provider.id
        for identity in provider.identities:
            if identity.followed_by is not None:  # its signatures are those of the two legs
                continue
            spec = provider.certificate(identity.certificate)
            own = names[f"{provider.id}:{spec.id}"]
            identities.append(
                HomeIdentity(
                    provider=provider.id,
                    identity=identity.id,
                    issuer=names[f"{provider.id}:{spec.issuer}"],
                    certificate=own,
                    policies=certificates[own].policy_oids,
                    key_kind=certificates[own].key.kind,
                    certificate_type=identity.certificate_type,
                    person=identity.assurance.person,
                    level=identity.assurance.level,
                    time_stamp_required=identity.assurance.time_stamp_required,
                    limit=limiting_axis(identity.assurance),
                )
            )
    crossing = frozenset(names[f"{p.id}:{spec.id}"] for p in providers for spec in p.certificates if spec.cross)
    return Home(anchors=anchors, identities=tuple(identities), crossing=crossing)


def suites_of(rules: RelyingRules, suites: Mapping[str, Suite]) -> tuple[Suite, ...]:
    """The suites that the rules name. UsageError for one that is not there."""
    missing = [name for name in rules.algorithms.suites if name not in suites]
    if missing:
        raise UsageError(f"unknown suite '{missing[0]}'", hints=(f"known: {', '.join(sorted(suites))}",))
    return tuple(suites[name] for name in rules.algorithms.suites)


def _agreement_providers(rules: RelyingRules, agreements: Iterable[ResolvedAgreement]) -> frozenset[str]:
    """Providers whose certificates the entries of the agreements name that the rules load, where the rules ask (`rules.time.tsa`)."""
    if "agreements" not in rules.time.tsa:
        return frozenset()
    return frozenset(
        name.partition(":")[0]
        for agreement in agreements
        if agreement.id in rules.trust.load
        for entry in agreement.agreement.entries
        for name in (entry.anchor, entry.issuer)
        if name is not None
    )


def _own_anchors(rules: RelyingRules, world: World, names: Mapping[str, ObjectId]) -> frozenset[ObjectId]:
    found: set[ObjectId] = set()
    for name in rules.trust.anchors:
        provider, _, certificate = name.partition(":")
        wanted = (certificate,) if certificate else world.provider(provider).anchors
        found.update(names[f"{provider}:{anchor}"] for anchor in wanted)
    return frozenset(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seat:
    """One relying party at one time before one kind of document, and what it has answered before."""

    relying: Provider
    terms: Terms
    recognition: RecognitionContext
    memory: Memory


@dataclass(frozen=True, slots=True)
class Bench:
    """All that stays the same over one run: judge any facts as any relying party, at any time."""

    world: World
    suites: Mapping[str, Suite]
    knowledge: Knowledge
    names: Mapping[str, ObjectId]
    home: Home
    agreements: tuple[ResolvedAgreement, ...]
    cross_certificates: frozenset[ObjectId]
    _lookup: Lookup
    _seats: dict[tuple[str, datetime, DocumentKind | None], _Seat] = field(
        default_factory=dict, repr=False, compare=False
    )
    """Those asked before. A relying party under changed rules takes the place of its namesake."""

    @staticmethod
    def build(
        *,
        world: World,
        suites: Mapping[str, Suite],
        knowledge: Knowledge,
        names: Mapping[str, ObjectId],
        extra_anchors: Mapping[ObjectId, str] | None = None,
        agreements: Iterable[Agreement] | None = None,
    ) -> Bench:
        """`extra_anchors` are home anchors that somebody names by file; `agreements` replaces the world's."""
        return Bench._over(
            lookup_for(knowledge), world, suites, names=names, extra_anchors=extra_anchors, agreements=agreements
        )

    def under(self, world: World, suites: Mapping[str, Suite]) -> Bench:
        """The same knowledge under other profiles, agreements and suites. Readings of the one are good for the other."""
        return Bench._over(self._lookup, world, suites, names=self.names)

    @staticmethod
    def _over(
        lookup: Lookup,
        world: World,
        suites: Mapping[str, Suite],
        *,
        names: Mapping[str, ObjectId],
        extra_anchors: Mapping[ObjectId, str] | None = None,
        agreements: Iterable[Agreement] | None = None,
    ) -> Bench:
        knowledge = lookup.knowledge
        home = home_of(world.providers, names, knowledge.certificates)
        if extra_anchors:
            home = replace(home, anchors={**home.anchors, **extra_anchors})
        chosen = tuple(world.agreements if agreements is None else agreements)
        listed = () if world.listed is None else world.listed.crossing
        crossing = frozenset(
            names[entry.cross_certificate]
            for agreement in world.agreements
            for entry in agreement.entries
            if entry.cross_certificate is not None
        ) | {names[name] for name in listed}
        return Bench(
            world=world,
            suites=suites,
            knowledge=knowledge,
            names=names,
            home=home,
            agreements=resolve_agreements(chosen, names),
            cross_certificates=crossing,
            _lookup=lookup,
        )

    def technical(self, rules: RelyingRules, at: datetime) -> TechnicalContext:
        """What the technical layers depend on, under these rules."""
        return TechnicalContext(
            knowledge=self.knowledge,
            home=self.home,
            rules=rules,
            suites=suites_of(rules, self.suites),
            at=at,
            agreement_providers=_agreement_providers(rules, self.agreements),
        )

    def recognition(self, relying: Provider, at: datetime, document: DocumentKind | None) -> RecognitionContext:
        """What the recognition layers of one relying party depend on."""
        return RecognitionContext(
            relying=relying.id,
            rules=relying.relying,
            anchors=_own_anchors(relying.relying, self.world, self.names),
            agreements=self.agreements,
            knowledge=self.knowledge,
            at=at,
            document=document,
            services=self._services(relying.id),
            cross_certificates=self.cross_certificates,
        )

    def _services(self, relying: str) -> dict[tuple[str, str], tuple[Interval, ...]]:
        """What the lists that a relying party believes say of services; nothing where no list was asked."""
        granted = {} if self.world.listed is None else self.world.listed.granted.get(relying, {})
        certificates = ((self.knowledge.certificates[self.names[name]], spans) for name, spans in granted.items())
        return {(certificate.subject.normal, certificate.key.digest): spans for certificate, spans in certificates}

    def read(self, facts: Facts) -> tuple[Reading, ...]:
        """The signatures of a file, read once for all relying parties and times."""
        return read(facts, self._lookup)

    def judge(
        self,
        facts: Facts,
        relying: Provider,
        at: datetime,
        *,
        document: DocumentKind | None,
        rely: Rely = "worst",
        readings: Sequence[Reading] | None = None,
    ) -> Judgement:
        """One file, one relying party, one time. `readings` are those of `read`, where the file is judged more than once."""
        seat = self._seat(relying, at, document)
        technicals = [judge_reading(reading, seat.terms) for reading in readings or self.read(facts)]
        return judge_file(facts, technicals, seat.recognition, rely=rely, memory=seat.memory)

    def _seat(self, relying: Provider, at: datetime, document: DocumentKind | None) -> _Seat:
        key = (relying.id, at, document)
        seat = self._seats.get(key)
        if seat is None or (seat.relying is not relying and seat.relying != relying):
            seat = self._seats[key] = _Seat(
                relying=relying,
                terms=Terms.of(self.technical(relying.relying, at), self._lookup),
                recognition=self.recognition(relying, at, document),
                memory=Memory(),
            )
        return seat
