"""How one case came out at one relying party, with the control rule: a rejection alone proves nothing.

error, changing answers, unsupported     ERROR, FLAKY, UNSUPPORTED or UNDECLARED_UNSUPPORTED
info                                     INFO
positive                                 PASS when its technical layers pass at home; in a real party's column it
                                         counts on the diagonal only, elsewhere INFO
negative accepted                        FAIL: unsafe, whatever else holds
negative refused, control refused at     VACUOUS where the control had to pass, else NOT_APPLICABLE
  the targeted layer too
negative that rests on a proven time,    NOT_APPLICABLE; VACUOUS at home
  and the control's proves nothing here
negative refused there, declared reason  PASS
negative refused otherwise               WRONG_REASON
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interop.model.case import Case, Expect
from interop.model.layers import BLOCKING, LAYERS, TECHNICAL, Cause, Layer, LayerResult, LayerState
from interop.model.outcome import Outcome
from interop.model.reasons import blocks, reason
from interop.model.verdict import Judgement, Verdict, not_evaluated

__all__ = ["Column", "case_outcome", "changing", "is_black_box", "ladder", "technically_passed", "trouble_of", "unsafe"]

_VECTOR_LAYERS = frozenset({Layer.CONTAINER, Layer.INTEGRITY, Layer.SIGNATURE})
"""Layers that depend on the vector alone: a control has to pass them everywhere."""
_OURS = frozenset({Layer.AGREEMENT, Layer.ASSURANCE})
"""Layers that the core answers, for real relying parties too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Where a case is measured."""

    diagonal: bool
    """The relying party is the signer's own."""
    real: bool = False
    """An engine speaks for the relying party."""
    capabilities: frozenset[str] = frozenset()
    """Capabilities that this engine declared."""


def case_outcome(
    case: Case,
    answers: Sequence[Judgement],
    *,
    column: Column,
    control: Sequence[Judgement] = (),
    home: Sequence[Judgement] = (),
    opaque: bool = False,
) -> Outcome:
    """The outcome of one case. `answers` and `control` are what this relying party says of the vector and of its positive
    twin, one per repetition; `home` what the signer's own relying party, where it is modelled, says of the vector.

    Empty `answers`: NOT_RUN. A negative whose control was not run proves nothing and counts as NOT_RUN, unless it was accepted.
    ValueError for a negative that names no layer or no control: case lint reports it before.
    """
    if not answers:
        return Outcome.NOT_RUN
    expect = case.expectation.expect
    if expect is Expect.REJECT and unsafe(answers):
        return Outcome.FAIL
    if opaque:
        return Outcome.UNSUPPORTED
    if (trouble := trouble_of(answers, column)) is not None:
        return trouble
    if expect is Expect.INFO:
        return Outcome.INFO
    if expect is Expect.REJECT:
        return _negative(case, answers[0], control, column)
    return _positive(case, answers[0], home, column)


def unsafe(answers: Sequence[Judgement]) -> bool:
    """Whether any of the answers accepts the vector: asked of negatives."""
    return any(answer.verdict is not None and answer.verdict.accepted for answer in answers)


def trouble_of(answers: Sequence[Judgement], column: Column) -> Outcome | None:
    """Why the answers are no answer: error, changing, unsupported."""
    if any(answer.error is not None for answer in answers):
        return Outcome.ERROR
    if changing(answers):
        return Outcome.FLAKY
    capability = answers[0].unsupported
    if capability is not None:
        declared = capability in column.capabilities
        return Outcome.UNDECLARED_UNSUPPORTED if declared else Outcome.UNSUPPORTED
    return None


def changing(answers: Sequence[Judgement]) -> bool:
    """Whether repetitions disagree: in what they conclude, in a layer's state or in a reason, but not in wording."""
    return len(answers) > 1 and len({_said(answer) for answer in answers}) > 1


def _said(answer: Judgement) -> tuple[object, ...]:
    verdict = answer.verdict
    if verdict is None:
        return (answer.error is None, answer.unsupported, answer.findings)
    states = tuple((layer.state, tuple(cause.code for cause in layer.causes)) for layer in verdict.layers)
    return (answer.unsupported, verdict.accepted, verdict.indication, verdict.sub_indication, states)


def is_black_box(verdict: Verdict) -> bool:
    """Whether nothing but a conclusion was given: no layer but those that the core answers itself."""
    return all(
        layer.state is LayerState.NOT_EVALUATED and not layer.causes
        for layer in verdict.layers
        if layer.layer not in _OURS
    )


def technically_passed(verdict: Verdict) -> bool:
    """No technical layer blocks."""
    return not any(layer.state in BLOCKING for layer in verdict.layers[: len(TECHNICAL)])


def _layer(answer: Judgement, layer: Layer) -> LayerResult:
    return ladder(answer)[layer] if answer.verdict is None else answer.verdict.layer(layer)


def ladder(answer: Judgement) -> Mapping[Layer, LayerResult]:
    """The layers of an answer that has a verdict, or none because no signature was found: then the findings block theirs."""
    if answer.verdict is not None:
        return {layer.layer: layer for layer in answer.verdict.layers}
    layers = {layer: not_evaluated(layer) for layer in LAYERS}
    for code in answer.findings:
        if blocks(code):
            entry = reason(code)
            causes = (*layers[entry.layer].causes, Cause(code=code))
            layers[entry.layer] = LayerResult(layer=entry.layer, state=entry.state, causes=causes)
    return layers


def _positive(case: Case, answer: Judgement, home: Sequence[Judgement], column: Column) -> Outcome:
    if column.real and not column.diagonal:
        return Outcome.INFO
    if column.diagonal or not home:
        own = _passes(case, answer, real=column.real)
        # without the signer's home nobody says that it had to pass here
        return own if column.diagonal or own is Outcome.PASS else Outcome.INFO
    trouble = trouble_of(home, Column(diagonal=True))
    return trouble if trouble is not None else _passes(case, home[0], real=False)


def _passes(case: Case, answer: Judgement, *, real: bool) -> Outcome:
    verdict = answer.verdict
    if verdict is None:
        return Outcome.FAIL
    if not technically_passed(verdict) and not (real and verdict.accepted):
        states = {layer.state for layer in verdict.layers if layer.layer in TECHNICAL and layer.blocks}
        return (
            Outcome.UNSUPPORTED if LayerState.UNSUPPORTED in states and LayerState.FAIL not in states else Outcome.FAIL
        )
    if case.expectation.expect is Expect.ACCEPT_WITH_FINDING and case.expectation.reasons and not is_black_box(verdict):
        found = {cause.code for layer in verdict.layers for cause in layer.causes} | set(answer.findings)
        if found.isdisjoint(case.expectation.reasons):
            return Outcome.WRONG_REASON
    return Outcome.PASS


def _negative(case: Case, answer: Judgement, control: Sequence[Judgement], column: Column) -> Outcome:
    layer = case.expectation.layer
    if layer is None or case.control is None:
        raise ValueError(f"case {case.id} expects a rejection and names no {'layer' if layer is None else 'control'}")
    if not control:
        return Outcome.NOT_RUN
    if (trouble := trouble_of(control, column)) is not None:
        return trouble
    twin = control[0]
    if answer.verdict is not None and is_black_box(answer.verdict):
        if twin.verdict is not None and twin.verdict.accepted:
            return Outcome.PASS
        return Outcome.VACUOUS if column.diagonal else Outcome.NOT_APPLICABLE
    before = _layer(twin, layer)
    accepted = (
        twin.verdict is not None and twin.verdict.accepted
    )  # then a layer that an engine left out did not stop it
    if before.state is LayerState.UNSUPPORTED and not accepted:
        return Outcome.UNSUPPORTED
    if before.blocks and not accepted:
        return Outcome.VACUOUS if column.diagonal or layer in _VECTOR_LAYERS else Outcome.NOT_APPLICABLE
    if case.expectation.proof and (twin.verdict is None or not twin.verdict.proven):
        return Outcome.VACUOUS if column.diagonal else Outcome.NOT_APPLICABLE
    after = _layer(answer, layer)
    if not after.blocks or not _declared(case, after):
        return Outcome.WRONG_REASON
    return Outcome.PASS


def _declared(case: Case, layer: LayerResult) -> bool:
    """Whether the layer blocks for a reason that the case declares. An engine that names the layer and no reason at all is
    compared by the layer: to say more than a bare conclusion may not count against it."""
    declared = case.expectation.reasons
    if not declared:
        return layer.state is not LayerState.NOT_EVALUATED or bool(layer.causes)
    codes = {cause.code for cause in layer.causes}
    if not codes:
        return layer.state is not LayerState.NOT_EVALUATED
    return not codes.isdisjoint(declared)
