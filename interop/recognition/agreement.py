"""Layer `agreement`: is there an instrument in force that covers the signature, with its conditions met."""

from __future__ import annotations

from dataclasses import dataclass

from interop.model.agreement import AgreementKind
from interop.model.assurance import AssuranceLevel
from interop.model.layers import Cause, Layer, LayerResult, LayerState
from interop.model.reasons import reason
from interop.model.verdict import Technical
from interop.recognition.condition import Miss
from interop.recognition.context import RecognitionContext, ResolvedAgreement
from interop.recognition.instrument import Moments, admissions, moments, not_granted, out_of_scope, when_missed
from interop.validation.lookup import lookup_for

__all__ = ["Instrument", "judge_agreement"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """The answer of the layer, and the instrument that it rests on."""

    result: LayerResult
    agreement: str | None
    """Id of the best instrument that covers the signature; None where none does."""
    level_cap: AssuranceLevel | None
    """Level that it grants at most; None: the signer's own (or no instrument)."""


_CONDITIONS = frozenset(
    {
        "policy",
        "policy-prefix",
        "key-usage",
        "extended-key-usage",
        "qc-statement",
        "qc-legislation",
        "certificate-type",
        "person",
        "receipt",
    }
)


def _cause(miss: Miss, agreement: ResolvedAgreement) -> Cause:
    slug = f"condition-{miss.slug}" if miss.slug in _CONDITIONS else miss.slug
    return Cause(code=f"agreement.{slug}", detail=f"{agreement.id}: {miss.detail}")


def _misses(
    agreement: ResolvedAgreement, technical: Technical, context: RecognitionContext, when: Moments
) -> tuple[Miss, ...]:
    """Why this instrument, which names the pair, does not cover the signature; empty: it does."""
    general = tuple(m for m in (when_missed(agreement, when), out_of_scope(agreement, context)) if m is not None)
    lookup = lookup_for(context.knowledge)
    if agreement.agreement.kind is AgreementKind.HOME:
        home = None if technical.path is None else not_granted(technical.path, context, when, lookup)
        return general if home is None else (home, *general)
    best: tuple[Miss, ...] | None = None
    for admission in admissions(agreement, technical, context, when, lookup):
        withdrawn = [not_granted(path, context, when, lookup) for path in admission.paths]
        missed = admission.misses if None in withdrawn else (*admission.misses, *(m for m in withdrawn[:1] if m))
        if best is None or len(missed) < len(best):
            best = missed
    if best is None:
        best = (Miss(slug="no-entry", detail=f"{len(agreement.entries)} entries, none on the path"),)
    return (*best, *general)


def judge_agreement(technical: Technical, context: RecognitionContext) -> Instrument:
    """Which instrument covers the signature: of those that do, the one that grants most, then the first by id.

    An instrument covers it when it names signer and relying party, is in force at the best signature time and at
    validation, covers the kind of document, and (every kind but `home`) one of its entries leads to the signer with all its
    conditions met. Where none does, every instrument that names the pair says why not, the most useful reason first.
    """
    when = moments(technical, context)
    if technical.provider is None:
        return _refused((Cause(code="agreement.signer-unknown"),), when)
    covering: list[ResolvedAgreement] = []
    causes: list[Cause] = []
    reverse: list[str] = []
    for agreement in sorted(context.agreements, key=lambda a: a.agreement.id):
        terms = agreement.agreement
        if context.relying in terms.relying and technical.provider in terms.signers:
            misses = _misses(agreement, technical, context, when)
            causes.extend(_cause(miss, agreement) for miss in misses)
            if not misses:
                covering.append(agreement)
        elif context.relying in terms.signers and technical.provider in terms.relying:
            reverse.append(agreement.id)
    if covering:
        best = min(covering, key=lambda a: (-_grants(a), a.id))
        result = LayerResult(layer=Layer.AGREEMENT, state=LayerState.PASS, holds=when.holds)
        return Instrument(result=result, agreement=best.id, level_cap=best.agreement.level_cap)
    if reverse and not causes:
        causes.append(Cause(code="agreement.only-other-direction", detail=" ".join(reverse)))
    return _refused(tuple(causes) or (Cause(code="agreement.no-instrument"),), when)


def _grants(agreement: ResolvedAgreement) -> int:
    cap = agreement.agreement.level_cap
    return max(AssuranceLevel) if cap is None else cap


def _refused(causes: tuple[Cause, ...], when: Moments) -> Instrument:
    ranked = tuple(sorted(causes, key=lambda c: (reason(c.code).rank, c.code, c.detail)))
    result = LayerResult(layer=Layer.AGREEMENT, state=reason(ranked[0].code).state, causes=ranked, holds=when.holds)
    return Instrument(result=result, agreement=None, level_cap=None)
