"""The list of lists of one area: pointers to its members' lists, and to those of every provider that one of its members recognises.

What a pointer says in the words of TS 119 612 and of mutual recognition stands for everybody; the rest stands beside it (`terms`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from interop.model.agreement import Agreement, AgreementKind, AgreementStatus, Condition, Entry
from interop.model.assurance import AssuranceLevel
from interop.model.certificate import ObjectId
from interop.model.profile import Provider, World
from interop.model.trusted_list import (
    ContentEquivalence,
    CriteriaList,
    Equivalence,
    EquivalenceTerms,
    ListPointer,
    MutualRecognition,
    NamedType,
    QcCondition,
    TrustedList,
)
from interop.trustlist.areas import Area, words_for
from interop.trustlist.conditions import criteria_of
from interop.trustlist.provider_list import NEXT_UPDATE, service_type, service_uses
from interop.trustlist.terms import CONDITION, EntryTerms, InstrumentTerms, PointerTerms, Reliance, write_terms
from interop.trustlist.words import EU, Words

__all__ = ["ENACTED", "REPEALED", "area_list", "legal_identifiers"]

ENACTED: Final = "http://ec.europa.eu/tools/lotl/mra/enacted"
REPEALED: Final = "http://ec.europa.eu/tools/lotl/mra/repealed"
_COMPLIANCE: Final = "http://ec.europa.eu/tools/lotl/mra/QcCompliance"
_QC_COMPLIANCE: Final = "0.4.0.1862.1.1"
_QC_LEGISLATION: Final = "0.4.0.1862.1.7"
_QC_TYPES: Final = {"0.4.0.1862.1.6.1": "ForeSignatures", "0.4.0.1862.1.6.2": "ForeSeals"}
"""QcType (EN 319 412-5 clause 4.2.3) -> AdditionalServiceInformation."""
_STATUS: Final = {AgreementStatus.ENACTED: ENACTED, AgreementStatus.REPEALED: REPEALED}
_MIME: Final = "application/vnd.etsi.tsl+xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    area: Area
    world: World
    areas: Sequence[Area]
    names: Mapping[str, ObjectId]
    signers: Mapping[str, ObjectId]


def area_list(
    area: Area,
    world: World,
    areas: Sequence[Area],
    *,
    names: Mapping[str, ObjectId],
    signers: Mapping[str, ObjectId],
    issued: datetime,
) -> TrustedList:
    """The list as values. `names` are certificates by `provider:certificate`, `signers` list-signing certificates by provider id.

    Instruments that grant nothing (a framework alone, switched off) are not among what it says.
    """
    maker = _Maker(area=area, world=world, areas=areas, names=names, signers=signers)
    pointers = [p for provider in world.providers for p in _pointers(maker, provider)]
    return TrustedList(
        id=ObjectId(""),
        version=6,
        sequence=1,
        type=area.words.lists_type,
        territory=area.territory,
        operator=f"TEST: {area.name.en}",
        other_names=(("zh", f"测试：{area.name.zh}"),),
        scheme=f"{area.territory}:TEST list of the lists of area {area.id}",
        issued=issued,
        next_update=issued + NEXT_UPDATE,
        pointers=tuple(pointers),
    )


def legal_identifiers(agreement: Agreement) -> tuple[str, ...]:
    """TrustServiceLegalIdentifier of each entry: the id of the instrument, numbered where it has several."""
    count = len(agreement.entries)
    if count == 1:
        return (agreement.id,)
    width = len(str(count))
    return tuple(f"{agreement.id}.{index:0{width}}" for index in range(1, count + 1))


def _pointers(maker: _Maker, provider: Provider) -> Iterator[ListPointer]:
    """Up to two: as a member, or by somebody's own choice; and by instruments, with what is equivalent to what."""
    reliances = tuple(_reliances(maker, provider.id))
    home = maker.area.home
    laws = () if home is None or provider.id not in home.signers else (_instrument(home, maker.area),)
    if laws or reliances:
        yield _pointer(maker, provider, PointerTerms(instruments=laws, reliances=reliances))
    instruments: list[InstrumentTerms] = []
    equivalences: list[Equivalence] = []
    for agreement in sorted(maker.world.agreements, key=lambda a: a.id):
        parties = set(agreement.relying) & set(maker.area.members)
        if agreement.kind is AgreementKind.HOME or not agreement.grants or not parties:
            continue
        identified = zip(legal_identifiers(agreement), agreement.entries, strict=True)
        own = [(name, entry) for name, entry in identified if provider.id in _owners(agreement, entry)]
        if own:
            entries = tuple(_entry(name, entry, maker.names) for name, entry in own)
            loading = tuple(
                p.id for p in maker.world.providers if p.id in parties and agreement.id in p.relying.trust.load
            )
            instruments.append(replace(_instrument(agreement, maker.area), loaded_by=loading, entries=entries))
            equivalences += [
                _equivalence(maker, provider, agreement, entry, terms)
                for (_, entry), terms in zip(own, entries, strict=True)
            ]
    if instruments:
        yield replace(
            _pointer(maker, provider, PointerTerms(instruments=tuple(instruments))),
            recognition=MutualRecognition(
                pointing_legislation=maker.area.words.legislation,
                pointed_legislation=words_for(provider, maker.areas).legislation,
                equivalences=tuple(equivalences),
                depth=1,
                technical_type=1,
                version=1,
            ),
        )


def _pointer(maker: _Maker, provider: Provider, terms: PointerTerms) -> ListPointer:
    return ListPointer(
        location=f"https://lists.example/{provider.id}.xml",
        signers=(maker.signers[provider.id],),
        type=words_for(provider, maker.areas).list_type,
        territory=provider.jurisdiction,
        mime_type=_MIME,
        raw_information=(write_terms(terms),),
    )


def _reliances(maker: _Maker, provider: str) -> Iterator[Reliance]:
    for member in maker.area.members:
        anchors: list[ObjectId] = []
        for name in maker.world.provider(member).relying.trust.anchors:
            owner, _, certificate = name.partition(":")
            if owner == provider and not certificate:
                yield Reliance(by=member)
                break
            if owner == provider:
                anchors.append(maker.names[name])
        else:
            if anchors:
                yield Reliance(by=member, anchors=tuple(anchors))


def _owners(agreement: Agreement, entry: Entry) -> Iterable[str]:
    """On whose list the services of an entry stand; one by its cross-certificate alone is for every signer."""
    named = [name.partition(":")[0] for name in (entry.issuer, entry.anchor) if name is not None]
    return named[:1] or agreement.signers


def _instrument(agreement: Agreement, area: Area) -> InstrumentTerms:
    home = agreement.kind is AgreementKind.HOME
    return InstrumentTerms(
        id=agreement.id,
        kind=agreement.kind,
        evidence=agreement.evidence,
        name=agreement.name,
        source=agreement.source,
        relying=tuple(party for party in agreement.relying if party in area.members),
        signers=() if home else agreement.signers,
        level_cap=agreement.level_cap,
        scope=agreement.scope,
        counterpart=agreement.counterpart,
        history=agreement.history if home else (),
    )


def _entry(name: str, entry: Entry, names: Mapping[str, ObjectId]) -> EntryTerms:
    return EntryTerms(
        equivalence=name,
        anchor=None if entry.anchor is None else names[entry.anchor],
        issuer=None if entry.issuer is None else names[entry.issuer],
        cross_certificate=None if entry.cross_certificate is None else names[entry.cross_certificate],
        service=entry.service,
        start=entry.start,
        end=entry.end,
        policy_prefix=entry.condition.policy_prefix,
        certificate_type=entry.condition.certificate_type,
        persons=entry.condition.persons,
        receipt=entry.receipt,
    )


def _equivalence(
    maker: _Maker, provider: Provider, agreement: Agreement, entry: Entry, terms: EntryTerms
) -> Equivalence:
    here, there = maker.area.words, words_for(provider, maker.areas)
    named = entry.issuer or entry.anchor
    pointed = there.qualified if named is None else service_type(provider, named.partition(":")[2], there)
    pointing = _stands_for(agreement, terms, here)
    use = _use(provider, named, entry.condition) if maker.area.id == EU else None
    common = EquivalenceTerms(
        status=ENACTED,
        since=agreement.history[0].at,
        pointing_types=(NamedType(type=pointing, additional=None if use is None else here.information(use)),),
        pointed_types=(NamedType(type=pointed, additional=None if use is None else there.information(use)),),
        valid_pointing=(here.granted,),
        valid_pointed=there.valid,
        invalid_pointing=(here.withdrawn,),
        invalid_pointed=(there.withdrawn,),
        contents=tuple(_contents(entry.condition, maker.area, qualified=pointing == here.qualified)),
        qualifiers=here.qualifiers(there),
    )
    steps = sorted(agreement.history, key=lambda change: change.at, reverse=True)
    return Equivalence(
        legal_identifier=terms.equivalence,
        terms=tuple(replace(common, status=_STATUS[step.status], since=step.at) for step in steps),
    )


def _use(provider: Provider, named: str | None, condition: Condition) -> str | None:
    """The one use of a service that an entry admits: by the condition, else by what it issues for. None where it has several: of several
    types of an equivalence the last counts, so that naming them would take the others away."""
    asked = tuple(use for oid, use in _QC_TYPES.items() if oid in condition.qc_statements_all)
    uses = asked or (() if named is None else service_uses(provider, named.partition(":")[2]))
    return uses[0] if len(uses) == 1 else None


def _stands_for(agreement: Agreement, terms: EntryTerms, here: Words) -> str:
    """What the service is here. With anything that only the extension says, a type that nobody knows: who passes it over gets nothing."""
    if terms.narrowed or agreement.scope:
        return here.conditional
    if agreement.level_cap is not None and agreement.level_cap < AssuranceLevel.L4:
        return here.other
    return here.qualified


def _contents(condition: Condition, area: Area, *, qualified: bool) -> Iterator[ContentEquivalence]:
    """The conditions; and where they make a certificate a qualified one here, that it is one, under the law of the area."""
    criteria = criteria_of(condition)
    yield ContentEquivalence(context=CONDITION, pointing=CriteriaList(), pointed=criteria)
    if not qualified:
        return
    compliance = CriteriaList(qc_statements=((QcCondition(oid=_QC_COMPLIANCE),),))
    if area.id == EU:
        law = CriteriaList(assertion="none", qc_statements=((QcCondition(oid=_QC_LEGISLATION),),))
    else:
        law = CriteriaList(qc_statements=((QcCondition(oid=_QC_LEGISLATION, legislation=area.territory),),))
    yield ContentEquivalence(context=_COMPLIANCE, pointing=CriteriaList(lists=(compliance, law)), pointed=criteria)
