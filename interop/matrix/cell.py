"""States of groups, verdict and conformity of a cell: ordered rules over plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interop.matrix.outcome import Column, is_black_box, trouble_of
from interop.model.assurance import AssuranceLevel
from interop.model.indication import SubIndication
from interop.model.layers import BLOCKING, TECHNICAL, Layer, LayerResult, LayerState
from interop.model.matrix import CellLevel
from interop.model.outcome import CellVerdict, Conformity, GroupState, Outcome
from interop.model.verdict import Judgement, Verdict

__all__ = [
    "GroupStanding",
    "cell_level",
    "cell_verdict",
    "combine",
    "conformity",
    "refused",
    "reported_blocks",
    "vector_state",
]

_EVIDENCE_MISSING = frozenset(
    {SubIndication.TRY_LATER, SubIndication.SIGNED_DATA_NOT_FOUND, SubIndication.SIGNATURE_POLICY_NOT_AVAILABLE}
)
"""Sub-indications with which a black box says that material was missing; any other is a refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupStanding:
    """One group, as far as the verdict of its cell depends on it."""

    state: GroupState
    promised: bool
    """An instrument in force promises all its required cases."""
    full_level: bool
    """The level attained reaches the level claimed."""


def reported_blocks(verdict: Verdict) -> tuple[LayerResult, ...]:
    """The layers that block, without those that an engine did not report."""
    return tuple(
        layer
        for layer in verdict.layers
        if layer.state in BLOCKING and (layer.causes or layer.state is not LayerState.NOT_EVALUATED)
    )


def vector_state(answers: Sequence[Judgement], *, column: Column, opaque: bool = False) -> GroupState:
    """State of one required case at one relying party. `answers`: one per repetition; empty: not run."""
    if not answers:
        return GroupState.NOT_RUN
    trouble = trouble_of(answers, column)
    if trouble is Outcome.UNSUPPORTED:
        return GroupState.UNSUPPORTED
    if trouble is not None:
        return GroupState.UNDETERMINED
    verdict = answers[0].verdict
    if verdict is not None and verdict.accepted:
        return GroupState.ACCEPTED
    if opaque:
        return GroupState.UNSUPPORTED
    return GroupState.BLOCKED_TECHNICAL if verdict is None else _refused(verdict)


def _refused(verdict: Verdict) -> GroupState:
    if is_black_box(verdict):
        missing = verdict.sub_indication in _EVIDENCE_MISSING
        return GroupState.UNDETERMINED if missing else GroupState.BLOCKED_TECHNICAL
    blocks = reported_blocks(verdict)
    states = {layer.state for layer in blocks if layer.layer in TECHNICAL}
    if LayerState.FAIL in states:
        return GroupState.BLOCKED_TECHNICAL
    if LayerState.UNSUPPORTED in states:
        return GroupState.UNSUPPORTED
    if states:
        return GroupState.UNDETERMINED
    # an engine that reports its refusal and no blocking layer says only that it refuses
    recognition = any(layer.layer in (Layer.TRUST, Layer.AGREEMENT, Layer.ASSURANCE) for layer in blocks)
    return GroupState.BLOCKED_RECOGNITION if recognition else GroupState.BLOCKED_TECHNICAL


def combine(states: Sequence[GroupState]) -> GroupState:
    """State of a group from those of its required cases: accepted only if all are; a certain refusal outweighs a doubt."""
    if all(state is GroupState.NOT_RUN for state in states):
        return GroupState.NOT_RUN
    if all(state is GroupState.ACCEPTED for state in states):
        return GroupState.ACCEPTED
    if GroupState.BLOCKED_TECHNICAL in states:
        return GroupState.BLOCKED_TECHNICAL
    if GroupState.UNDETERMINED in states or GroupState.NOT_RUN in states:
        return GroupState.UNDETERMINED
    if GroupState.UNSUPPORTED in states:
        return GroupState.UNSUPPORTED
    return GroupState.BLOCKED_RECOGNITION


def cell_verdict(groups: Sequence[GroupStanding], *, unsafe: bool) -> CellVerdict:
    """The verdict: first rule that holds. `unsafe`: a negative that must be rejected was accepted.

    Groups that did not run take no part; groups that are unsupported are not counted where others are.
    """
    ran = [group for group in groups if group.state is not GroupState.NOT_RUN]
    supported = [group for group in ran if group.state is not GroupState.UNSUPPORTED]
    accepted = [group for group in supported if group.state is GroupState.ACCEPTED]
    if not ran:
        return CellVerdict.NOT_TESTED
    if unsafe:
        return CellVerdict.UNSAFE
    if any(not group.promised for group in accepted):
        return CellVerdict.OVER_RECOGNISED
    if not supported:
        return CellVerdict.UNSUPPORTED
    if not accepted and any(group.state is GroupState.UNDETERMINED for group in supported):
        return CellVerdict.INCONCLUSIVE
    if len(accepted) == len(supported):
        full = all(group.full_level for group in accepted)
        return CellVerdict.RECOGNISED if full else CellVerdict.DOWNGRADED
    if accepted:
        return CellVerdict.PARTIAL
    if any(group.state is GroupState.BLOCKED_RECOGNITION for group in supported):
        return CellVerdict.VALID_NOT_RECOGNISED
    return CellVerdict.NOT_RECOGNISED


def conformity(groups: Sequence[GroupStanding]) -> Conformity:
    """Measurement against promise. What could not be measured is neither kept nor broken."""
    if any(group.state is GroupState.ACCEPTED and not group.promised for group in groups):
        return Conformity.ABOVE_PROMISE
    if any(refused(group.state) and group.promised for group in groups):
        return Conformity.BELOW_PROMISE
    return Conformity.AS_PROMISED if any(group.promised for group in groups) else Conformity.NO_PROMISE


def refused(state: GroupState) -> bool:
    """The relying party said no."""
    return state in {GroupState.BLOCKED_TECHNICAL, GroupState.BLOCKED_RECOGNITION}


def cell_level(
    groups: Iterable[tuple[GroupState, AssuranceLevel, AssuranceLevel | None]], floor: AssuranceLevel
) -> CellLevel:
    """The lowest level over the groups that are supported (over all where none is): state, level claimed, level attained."""
    every = list(groups)
    counted = [group for group in every if group[0] is not GroupState.UNSUPPORTED] or every
    claimed = min((level for _, level, _ in counted), default=None)
    attained = min((level for _, _, level in counted if level is not None), default=None)
    return CellLevel(
        claimed=None if claimed is None else str(claimed),
        attained=None if attained is None else str(attained),
        required=str(floor),
    )
