"""One file, one relying party: the verdicts of its signatures, and the one that counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from interop.crypto.table import signature as signature_algorithm
from interop.model.facts import Facts, SignatureFacts
from interop.model.indication import badness
from interop.model.layers import LAYERS
from interop.model.reasons import blocks
from interop.model.verdict import Judgement, Technical, TechnicalContext, Verdict
from interop.recognition.context import RecognitionContext
from interop.recognition.verdict import recognise
from interop.validation.reading import Memory
from interop.validation.technical import judge_signature

__all__ = ["Rely", "choose", "judge_file", "judge_technicals"]

Rely = Literal["worst", "any"]


def judge_technicals(facts: Facts, context: TechnicalContext) -> tuple[Technical, ...]:
    """The technical answer on every signature, in their order. Depends on the relying party's rules alone, not on trust."""
    return tuple(judge_signature(facts, signature, context) for signature in facts.signatures)


def judge_file(
    facts: Facts,
    technicals: Sequence[Technical],
    context: RecognitionContext,
    *,
    rely: Rely = "worst",
    memory: Memory | None = None,
) -> Judgement:
    """What the relying party makes of the file. `technicals` are the answers of `judge_technicals`, one per signature.

    Without signatures there is no verdict, and `findings` name what was found instead: the codes of the document's
    findings, and `container.no-signature` where none of them blocks.
    `memory` as in `recognise`. ValueError where `technicals` are not those of all signatures of the file: one left out could
    be the worst.
    """
    asked, judged = [s.id for s in facts.signatures], [t.signature for t in technicals]
    if asked != judged:
        raise ValueError(f"the file has signatures {asked}, judged are {judged}")
    verdicts = tuple(recognise(technical, facts, context, memory) for technical in technicals)
    kinds = tuple(_key_kind(technical, facts, context) for technical in technicals)
    counts, why = choose(verdicts, kinds=kinds, leg=context.rules.leg, rely=rely)
    codes = [finding.code for finding in facts.document.findings]
    if not verdicts and not any(blocks(code) for code in codes):
        codes.append("container.no-signature")
    return Judgement(
        relying=context.relying,
        verdicts=verdicts,
        counts=counts,
        reason=why,
        leg=kinds[counts] if counts is not None and why not in ("only", "worst") else None,
        findings=tuple(dict.fromkeys(codes)),
    )


def choose(
    verdicts: Sequence[Verdict], *, kinds: Sequence[str | None], leg: str | None = None, rely: Rely = "worst"
) -> tuple[int | None, str]:
    """Index of the verdict that counts, and why. `kinds` are the key kinds of the signatures, in their order.

    The relying party's leg decides where the file has signatures of that key kind and of others; else alternatives
    (`any`) let the best count; else the worst counts. Ties go to the first.
    """
    if not verdicts:
        return None, ""
    if len(verdicts) == 1:
        return 0, "only"
    every = range(len(verdicts))
    legs = [i for i in every if leg is not None and kinds[i] == leg]
    if legs and len(legs) < len(verdicts):
        return max(legs, key=lambda i: _badness(verdicts[i])), f"leg:{leg}"
    if rely == "any":
        return min(every, key=lambda i: _badness(verdicts[i])), "any"
    return max(every, key=lambda i: _badness(verdicts[i])), "worst"


def _badness(verdict: Verdict) -> tuple[bool, int, int, bool, int]:
    """Larger is worse: refused, indication, how early it blocks, not promised, low level."""
    first = verdict.first_block
    early = 0 if first is None else len(LAYERS) - LAYERS.index(first)
    return (
        not verdict.accepted,
        badness(verdict.indication),
        early,
        not verdict.promised,
        -verdict.level.attained,
    )


def _key_kind(technical: Technical, facts: Facts, context: RecognitionContext) -> str | None:
    """Key kind of the signing certificate; without one, of the signature algorithm; None where that is unknown too."""
    if technical.signer is not None:
        certificate = context.knowledge.certificates.get(technical.signer)
        if certificate is not None:
            return certificate.key.kind
    return _algorithm_kind(next(s for s in facts.signatures if s.id == technical.signature))


def _algorithm_kind(signature: SignatureFacts) -> str | None:
    algorithm = None if signature.algorithm.name is None else signature_algorithm(signature.algorithm.name)
    return None if algorithm is None else algorithm.key
