"""Layer `assurance`: the least of what the signer has and what the instrument and the relying party allow, against the floor."""

from __future__ import annotations

from interop.model.assurance import AssuranceLevel
from interop.model.layers import Cause, Layer, LayerResult, LayerState
from interop.model.reasons import reason
from interop.model.verdict import LevelOutcome, Technical
from interop.recognition.agreement import Instrument
from interop.recognition.context import RecognitionContext

__all__ = ["judge_assurance"]

_WITHOUT_INSTRUMENT = AssuranceLevel.L2
"""An advanced signature and no national recognition of the certificate: the most that technology alone gives."""
_WITHOUT_TIME_STAMP = AssuranceLevel.L3
"""Where the home law asks for a time-stamp for the full effect, and there is no proof of time."""
_VERIFIED = (Layer.CONTAINER, Layer.INTEGRITY, Layer.SIGNATURE)


def judge_assurance(
    technical: Technical, instrument: Instrument, context: RecognitionContext
) -> tuple[LevelOutcome, LayerResult]:
    """The level attained and the answer of the layer.

    A signature that does not verify has L0, and the layer is not evaluated. An unknown home gives L2 where every technical
    layer passes, else L1. Among several caps that bind alike, the first in the order signer, instrument, relying party is named.
    """
    required = context.rules.floor
    holds = technical.holds & instrument.result.holds
    claimed = None if technical.identity is None else technical.identity.level
    if any(layer.blocks for layer in technical.layers if layer.layer in _VERIFIED):
        outcome = LevelOutcome(claimed=claimed, attained=AssuranceLevel.L0, required=required, capped_by="signer")
        cause = Cause(code="assurance.not-verified")
        return outcome, LayerResult(layer=Layer.ASSURANCE, state=reason(cause.code).state, causes=(cause,), holds=holds)
    findings: list[Cause] = []
    if claimed is None:
        attained = AssuranceLevel.L2 if technical.passed else AssuranceLevel.L1
        capped_by = "signer"
        findings.append(Cause(code="assurance.home-unknown", detail=f"taken as {attained}"))
    else:
        attained, capped_by = claimed, ""
        if _lacks_time_stamp(technical) and attained > _WITHOUT_TIME_STAMP:
            attained, capped_by = _WITHOUT_TIME_STAMP, "signer"
            findings.append(Cause(code="assurance.time-stamp-missing", detail=f"{claimed} with time-stamp"))
    for cap, name, code in _caps(instrument, context):
        if cap < attained:
            findings.append(Cause(code=code, detail=f"{name}: {attained} -> {cap}"))
            attained, capped_by = cap, name
    outcome = LevelOutcome(claimed=claimed, attained=attained, required=required, capped_by=capped_by)
    if attained >= required:
        return outcome, LayerResult(layer=Layer.ASSURANCE, state=LayerState.PASS, causes=tuple(findings), holds=holds)
    below = Cause(code="assurance.below-floor", detail=f"attained {attained}; required {required}")
    if not capped_by:
        outcome = LevelOutcome(claimed=claimed, attained=attained, required=required, capped_by="signer")
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
