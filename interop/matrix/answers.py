"""What the answers to the vectors of one group say together: layers that block, reasons, findings, and why there is no answer."""

from __future__ import annotations

from collections.abc import Sequence

from interop.matrix.cell import reported_blocks
from interop.matrix.outcome import ladder
from interop.matrix.reason_table import ReasonKey, reported
from interop.model.layers import Cause, Layer, LayerResult
from interop.model.reasons import is_finding
from interop.model.verdict import Judgement

__all__ = ["SortedOut", "blocked_layers", "causes_of", "notes_of"]

SortedOut = tuple[list[ReasonKey], list[ReasonKey]]
"""Reasons of one layer result: those that block, and those that are reported beside."""


def blocked_layers(answer: Judgement) -> frozenset[Layer]:
    """Layers that block, without those that an engine did not report."""
    if answer.verdict is not None:
        return frozenset(layer.layer for layer in reported_blocks(answer.verdict))
    if answer.error is not None or answer.unsupported is not None:
        return frozenset()
    return frozenset(layer for layer, result in ladder(answer).items() if result.blocks and result.causes)


def _sort_out(result: LayerResult, known: dict[int, SortedOut]) -> SortedOut:
    """What of a layer's causes blocks, and what is reported beside it. Noted under the identity of the result, which many answers share."""
    against: list[ReasonKey] = []
    beside: list[ReasonKey] = []
    blocks = result.blocks
    for cause in result.causes:
        found = against if blocks and not is_finding(cause.code) else beside
        found.append(reported(result.layer, cause))
    known[id(result)] = against, beside
    return against, beside


def causes_of(
    answers: Sequence[Judgement], sorted_out: dict[int, SortedOut]
) -> tuple[tuple[ReasonKey, ...], tuple[ReasonKey, ...]]:
    """Reasons of blocking layers, and findings, each once and in the order of explanation. `sorted_out` lives as long as the answers."""
    blocking: set[ReasonKey] = set()
    findings: set[ReasonKey] = set()
    for answer in answers:
        if answer.error is not None or answer.unsupported is not None:
            continue
        known = sorted_out if answer.verdict is not None else {}  # without a verdict the layers are made for the moment
        for result in ladder(answer).values():
            if result.causes:
                against, beside = known.get(id(result)) or _sort_out(result, known)
                blocking.update(against)
                findings.update(beside)
        for code in answer.findings if answer.verdict is not None else ():
            if is_finding(code):
                findings.add(_document_finding(code))
    return tuple(sorted(blocking)), tuple(sorted(findings - blocking))


def _document_finding(code: str) -> ReasonKey:
    return reported(Layer(code.split(".", 1)[0]), Cause(code=code))


def notes_of(found: Sequence[tuple[Judgement, ...]]) -> tuple[str, ...]:
    """What kept vectors from being judged, over all their repetitions: errors, missing capabilities, answers that change."""
    notes: set[str] = set()
    for answers in found:
        notes.update(f"error: {answer.error}" for answer in answers if answer.error is not None)
        notes.update(f"unsupported: {answer.unsupported}" for answer in answers if answer.unsupported is not None)
        if len(answers) > 1 and len({None if a.verdict is None else a.verdict.accepted for a in answers}) > 1:
            notes.add("repeated runs disagree")
    return tuple(sorted(notes))
