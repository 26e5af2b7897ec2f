"""What one equivalence of a pointer amounts to as an instrument: its conditions, its history, and what of it is qualified here.

condition_in(equivalence, entry), history_of(equivalence, types, words), instrument_of(terms, signers, history, cap, entries)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from interop.model.agreement import Agreement, AgreementKind, AgreementStatus, Condition, Entry, StatusChange
from interop.model.assurance import AssuranceLevel, Person
from interop.model.text import Text
from interop.model.trusted_list import Equivalence, EquivalenceTerms
from interop.trustlist.conditions import condition_of
from interop.trustlist.terms import CONDITION, EntryTerms, InstrumentTerms
from interop.trustlist.words import Words

__all__ = ["condition_in", "enacted_terms", "history_of", "instrument_of", "persons_in", "plain_terms"]

_COMPLIANCE: Final = "http://ec.europa.eu/tools/lotl/mra/QcCompliance"
_PERSONS: Final[dict[str, tuple[Person, ...]]] = {
    "ForeSignatures": ("natural", "mixed"),
    "ForeSeals": ("legal", "mixed"),
}


def enacted_terms(equivalence: Equivalence) -> tuple[EquivalenceTerms, ...]:
    """Those that are enacted, newest first; all of them where none is."""
    return tuple(term for term in equivalence.terms if term.enacted) or equivalence.terms


def condition_in(equivalence: Equivalence, entry: EntryTerms) -> Condition | None:
    """Conditions by the newest enacted terms: those of the context for it, else those that make a certificate a qualified one.

    None for criteria that no condition says.
    """
    contents = {content.context: content for content in enacted_terms(equivalence)[0].contents}
    content = contents.get(CONDITION) or contents.get(_COMPLIANCE)
    said = Condition() if content is None else condition_of(content.pointed)
    if said is None:
        return None
    return replace(
        said, policy_prefix=entry.policy_prefix, certificate_type=entry.certificate_type, persons=entry.persons
    )


def history_of(equivalence: Equivalence, types: set[str] | None, here: Words) -> tuple[tuple[StatusChange, ...], bool]:
    """History of an equivalence, oldest first, and whether the services are qualified here.

    Terms that speak of none of the service's types, or make of it what is nothing here, are in force for nobody.
    """
    kinds = {here.qualified: True, here.conditional: True, here.other: False}
    steps: list[StatusChange] = []
    qualified = True
    for term in reversed(equivalence.terms):
        speaks = types is None or any(named.type in types for named in term.pointed_types)
        pointing = term.pointing_types[-1].type if term.pointing_types else ""
        on = term.enacted and speaks and pointing in kinds and set(term.valid_pointing[:1]) <= set(here.valid)
        if on:
            qualified = kinds[pointing]
        steps.append(StatusChange(at=term.since, status=AgreementStatus.ENACTED if on else AgreementStatus.REPEALED))
    return tuple(steps), qualified


def plain_terms(name: str, source: str, residents: tuple[str, ...]) -> InstrumentTerms:
    """The terms of an equivalence that stands alone: an agreement of the territory, loaded by everybody there."""
    return InstrumentTerms(
        id=name,
        kind=AgreementKind.MUTUAL_RECOGNITION,
        evidence="published",
        name=Text(en=name, zh=name),
        source=source,
        relying=residents,
        loaded_by=residents,
    )


def persons_in(equivalence: Equivalence, here: Words) -> tuple[Person, ...]:
    """Kinds of subject for whom the newest enacted terms make something of a service; empty: any."""
    types = enacted_terms(equivalence)[0].pointing_types
    named = types[-1].additional if types else None
    return next((persons for use, persons in _PERSONS.items() if named == here.information(use)), ())


def instrument_of(
    terms: InstrumentTerms,
    signers: Iterable[str],
    history: tuple[StatusChange, ...],
    cap: AssuranceLevel | None,
    entries: tuple[Entry, ...],
) -> Agreement:
    """The instrument that the terms name, for these signers."""
    return Agreement(
        id=terms.id,
        kind=terms.kind,
        name=terms.name,
        signers=tuple(signers),
        relying=terms.relying,
        history=history,
        evidence=terms.evidence,
        origin="modelled",
        source=terms.source,
        counterpart=terms.counterpart,
        entries=entries,
        level_cap=cap,
        scope=terms.scope,
    )
