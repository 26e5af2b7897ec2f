"""Layer `assurance`: the least of what the signer has and what the instrument and the relying party allow, against the floor.

What is below L4 is capped: by somebody's rule, on one axis.

- The rule is the signer's own home level, the missing instrument, the instrument or the relying party's ceiling; among those
  that bind alike the first.
- The axis of the signer's own level is what its vector lacks by the definition of the levels above, the nearest level first:
  L2 asks for a subject that is identified (I at least 2: not self-asserted) and a provider that somebody watches (S at least
  2), L3 for one that is licensed, accredited or listed (S at least 3), L4 for a key in certified hardware (K 4) and for
  presumption or handwritten equivalence (E at least 3: a seal has the presumption alone). Where a profile states a level that the
  scale does not give for its vector, the first axis that explains a level below L4 is named, else the legal effect.
- Where the home law asks for a time-stamp and no time is proven, the axis is that duty.
- Every other rule caps the legal effect: certificate, key and supervision are what they are at home, and only what another law or
  a contract makes of them is less (in the mapping: UA 4 at home and 2 in the EU, HK 3 within the bilateral scheme).
- Of an unknown home nothing is known that anybody watches: supervision.
"""

from __future__ import annotations

from interop.model.assurance import Assurance, AssuranceLevel, CapAxis
from interop.model.layers import Cause, Layer, LayerResult, LayerState
from interop.model.reasons import reason
from interop.model.verdict import LevelOutcome, Technical
from interop.recognition.agreement import Instrument
from interop.recognition.context import RecognitionContext

__all__ = ["judge_assurance", "limiting_axis"]

_WITHOUT_INSTRUMENT = AssuranceLevel.L2
"""An advanced signature and no national recognition of the certificate: the most that technology alone gives."""
_WITHOUT_TIME_STAMP = AssuranceLevel.L3
"""Where the home law asks for a time-stamp for the full effect, and there is no proof of time."""
_VERIFIED = (Layer.CONTAINER, Layer.INTEGRITY, Layer.SIGNATURE)


def limiting_axis(assurance: Assurance) -> CapAxis | None:
    """What a home vector lacks for a level above its own; None at L4. The rule stands at the head of this module."""
    level = assurance.level
    if level is AssuranceLevel.L4:
        return None
    lacks = (
        (AssuranceLevel.L2, CapAxis.IDENTITY_PROOFING, assurance.identity_proofing < 2),
        (AssuranceLevel.L2, CapAxis.SUPERVISION, assurance.supervision < 2),
        (AssuranceLevel.L3, CapAxis.SUPERVISION, assurance.supervision < 3),
        (AssuranceLevel.L4, CapAxis.KEY_PROTECTION, assurance.key_protection < 4),
        (AssuranceLevel.L4, CapAxis.LEGAL_EFFECT, assurance.legal_effect < 3),
    )
    return next((axis for above, axis, missing in lacks if missing and above > level), CapAxis.LEGAL_EFFECT)


def judge_assurance(
    technical: Technical, instrument: Instrument, context: RecognitionContext
) -> tuple[LevelOutcome, LayerResult]:
    """The level attained and the answer of the layer.

    A signature that does not verify has L0, and the layer is not evaluated. An unknown home gives L2 where every technical
    layer passes, else L1. Among several caps that bind alike, the first in the order signer, instrument, relying party is named.
    """
    required = context.rules.floor
    holds = technical.holds & instrument.result.holds
    identity = technical.identity
    claimed = None if identity is None else identity.level
    if any(layer.blocks for layer in technical.layers if layer.layer in _VERIFIED):
        outcome = LevelOutcome(claimed=claimed, attained=AssuranceLevel.L0, required=required, capped_by="signer")
        cause = Cause(code="assurance.not-verified")
        return outcome, LayerResult(layer=Layer.ASSURANCE, state=reason(cause.code).state, causes=(cause,), holds=holds)
    findings: list[Cause] = []
    axis: CapAxis | None
    if identity is None:
        attained = AssuranceLevel.L2 if technical.passed else AssuranceLevel.L1
        capped_by, axis = "signer", CapAxis.SUPERVISION
        findings.append(Cause(code="assurance.home-unknown", detail=f"taken as {attained}"))
    else:
        attained, axis = identity.level, identity.limit
        capped_by = "" if attained is AssuranceLevel.L4 else "signer"
        if _lacks_time_stamp(technical) and attained > _WITHOUT_TIME_STAMP:
            attained, capped_by, axis = _WITHOUT_TIME_STAMP, "signer", CapAxis.TIME_STAMP
            findings.append(Cause(code="assurance.time-stamp-missing", detail=f"{claimed} with time-stamp"))
    for cap, name, code in _caps(instrument, context):
        if cap < attained:
            findings.append(Cause(code=code, detail=f"{name}: {attained} -> {cap}"))
            attained, capped_by, axis = cap, name, CapAxis.LEGAL_EFFECT
    outcome = LevelOutcome(claimed=claimed, attained=attained, required=required, capped_by=capped_by, axis=axis)
    if attained >= required:
        return outcome, LayerResult(layer=Layer.ASSURANCE, state=LayerState.PASS, causes=tuple(findings), holds=holds)
    below = Cause(code="assurance.below-floor", detail=f"attained {attained}; required {required}")
    return outcome, LayerResult(layer=Layer.ASSURANCE, state=LayerState.FAIL, causes=(below, *findings), holds=holds)


def _lacks_time_stamp(technical: Technical) -> bool:
    return technical.identity is not None and technical.identity.time_stamp_required and not technical.proven


def _caps(instrument: Instrument, context: RecognitionContext) -> tuple[tuple[AssuranceLevel, str, str], ...]:
    caps: list[tuple[AssuranceLevel, str, str]] = []
    if instrument.agreement is None:
        caps.append((_WITHOUT_INSTRUMENT, "no-instrument", "assurance.capped-without-instrument"))
    elif instrument.level_cap is not None:
        # an instrument grants, it takes nothing away: what technology alone gives stays
        granted = max(instrument.level_cap, _WITHOUT_INSTRUMENT)
        caps.append((granted, f"agreement:{instrument.agreement}", "assurance.capped-by-instrument"))
    if context.rules.ceiling is not None:
        caps.append((context.rules.ceiling, "relying-party", "assurance.capped-by-relying-party"))
    return tuple(caps)
