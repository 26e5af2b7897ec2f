"""One signature, one relying party: the technical answer and the three recognition layers together."""

from __future__ import annotations

from interop.model.facts import Facts
from interop.model.indication import INDICATION_OF, Indication, SubIndication
from interop.model.instant import Interval, intersect
from interop.model.layers import TECHNICAL, Layer, LayerResult
from interop.model.reasons import reason
from interop.model.verdict import Technical, Verdict
from interop.recognition.agreement import judge_agreement
from interop.recognition.assurance import judge_assurance
from interop.recognition.context import RecognitionContext
from interop.recognition.trust import judge_trust
from interop.validation.reading import Memory

__all__ = ["recognise"]


def recognise(technical: Technical, facts: Facts, context: RecognitionContext, memory: Memory | None = None) -> Verdict:
    """The verdict of one relying party on one signature of `facts`.

    Accepted: every technical layer passes, trust passes, and the attained level reaches the floor; the agreement layer has
    no say in that. Promised: the agreement layer passes. `holds` is the span of validation time over which all of it
    stays the same. `memory` is one that was used with this very context alone: trust and agreement rest on signer, path and
    best signature time, which are alike for many files of one signer. ValueError where the signature is none of the facts',
    which is the caller's mistake.
    """
    if not any(signature.id == technical.signature for signature in facts.signatures):
        raise ValueError(f"signature {technical.signature} is not in the facts of {facts.artifact}")
    memory = Memory() if memory is None else memory
    in_file = facts.status_answers
    rests = (
        technical.signer,
        technical.path,
        technical.provider,
        technical.identity,
        technical.best_time,
        technical.proven,
        in_file,
    )
    trust, instrument = memory.remember(
        rests, lambda: (judge_trust(technical, context, in_file=in_file), judge_agreement(technical, context))
    )
    level, assurance = judge_assurance(technical, instrument, context)
    # they are asked at the best signature time, which stands only as long as the proof of it does
    proof = technical.layers[TECHNICAL.index(Layer.TIME)].holds
    recognition = tuple(_held(layer, proof) for layer in (trust, instrument.result, assurance))
    layers = (*technical.layers, *recognition)
    passed = technical.passed
    indication, sub_indication = technical.indication, technical.sub_indication
    if passed and trust.blocks:
        indication, sub_indication = _untrusted(trust)
    return Verdict(
        signature=technical.signature,
        layers=layers,
        indication=indication,
        sub_indication=sub_indication,
        accepted=passed and not trust.blocks and level.attained >= level.required,
        promised=not instrument.result.blocks,
        agreement=instrument.agreement,
        level=level,
        signer=technical.signer,
        provider=technical.provider,
        identity=None if technical.identity is None else technical.identity.identity,
        best_time=technical.best_time,
        proven=technical.proven,
        signature_level=technical.level,
        holds=technical.holds & intersect(layer.holds for layer in recognition),
    )


def _held(layer: LayerResult, span: Interval) -> LayerResult:
    """The same answer, over no more than the span."""
    holds = layer.holds & span
    if holds is layer.holds:
        return layer
    return LayerResult(layer=layer.layer, state=layer.state, causes=layer.causes, holds=holds)


def _untrusted(trust: LayerResult) -> tuple[Indication, SubIndication | None]:
    """EN 319 102-1 knows a missing path to a trusted anchor; agreements and levels it does not know."""
    sub_indication = reason(trust.causes[0].code).sub_indication
    if sub_indication is None:
        return Indication.INDETERMINATE, None
    return INDICATION_OF[sub_indication], sub_indication
