"""One signature, one relying party: the technical answer and the three recognition layers together."""

from __future__ import annotations

from dataclasses import replace

from interop.model.facts import Facts
from interop.model.indication import INDICATION_OF, Indication, SubIndication
from interop.model.instant import intersect
from interop.model.layers import TECHNICAL, Layer, LayerResult
from interop.model.reasons import reason
from interop.model.verdict import Technical, Verdict
from interop.recognition.agreement import judge_agreement
from interop.recognition.assurance import judge_assurance
from interop.recognition.context import RecognitionContext
from interop.recognition.trust import judge_trust

__all__ = ["recognise"]


def recognise(technical: Technical, facts: Facts, context: RecognitionContext) -> Verdict:
    """The verdict of one relying party on one signature of `facts`.

    Accepted: every technical layer passes, trust passes, and the attained level reaches the floor; the agreement layer has
    no say in that. Promised: the agreement layer passes. `holds` is the span of validation time over which all of it
    stays the same. ValueError where the signature is none of the facts', which is the caller's mistake.
    """
    if not any(signature.id == technical.signature for signature in facts.signatures):
        raise ValueError(f"signature {technical.signature} is not in the facts of {facts.artifact}")
    trust = judge_trust(technical, context, in_file=facts.status_answers)
    instrument = judge_agreement(technical, context)
    level, assurance = judge_assurance(technical, instrument, context)
    # they are asked at the best signature time, which stands only as long as the proof of it does
    proof = technical.layers[TECHNICAL.index(Layer.TIME)].holds
    recognition = (replace(layer, holds=layer.holds & proof) for layer in (trust, instrument.result, assurance))
    layers = (*technical.layers, *recognition)
    indication, sub_indication = _indication(technical, trust)
    return Verdict(
        signature=technical.signature,
        layers=layers,
        indication=indication,
        sub_indication=sub_indication,
        accepted=technical.passed and not trust.blocks and level.attained >= level.required,
        promised=not instrument.result.blocks,
        agreement=instrument.agreement,
        level=level,
        signer=technical.signer,
        provider=technical.provider,
        identity=None if technical.identity is None else technical.identity.identity,
        best_time=technical.best_time,
        signature_level=technical.level,
        holds=technical.holds & intersect(layer.holds for layer in layers),
    )


def _indication(technical: Technical, trust: LayerResult) -> tuple[Indication, SubIndication | None]:
    """EN 319 102-1 knows a missing path to a trusted anchor; agreements and levels it does not know."""
    if not technical.passed or not trust.blocks:
        return technical.indication, technical.sub_indication
    sub_indication = reason(trust.causes[0].code).sub_indication
    if sub_indication is None:
        return Indication.INDETERMINATE, None
    return INDICATION_OF[sub_indication], sub_indication
