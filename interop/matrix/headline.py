"""Which of its reasons explains a cell: the first one of most of the groups that made the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from interop.model.layers import LAYERS
from interop.model.matrix import Cell, ReasonRow
from interop.model.outcome import CellVerdict, GroupState

__all__ = ["headline", "speaking"]

_SPEAKS: Mapping[CellVerdict, GroupState] = {
    CellVerdict.VALID_NOT_RECOGNISED: GroupState.BLOCKED_RECOGNITION,
    CellVerdict.NOT_RECOGNISED: GroupState.BLOCKED_TECHNICAL,
    CellVerdict.INCONCLUSIVE: GroupState.UNDETERMINED,
    CellVerdict.UNSUPPORTED: GroupState.UNSUPPORTED,
}
"""The state of the groups that make the verdict what it is; of the others, whichever is not accepted."""


def speaking(cell: Cell) -> tuple[str, ...]:
    """Names of the groups whose reasons explain the verdict."""
    state = _SPEAKS.get(cell.verdict)
    chosen = tuple(name for name, group in cell.groups.items() if group.state is state)
    silent = {GroupState.ACCEPTED, GroupState.NOT_RUN, GroupState.UNSUPPORTED}
    return chosen or tuple(name for name, group in cell.groups.items() if group.state not in silent)


def headline(reasons: Sequence[ReasonRow], cell: Cell) -> int | None:
    """Index of the reason that explains the verdict, of those in the reason table; None without any.

    A cell that is valid and not recognised is explained by a group that only recognition blocks, whatever else the other
    groups suffer from.
    """
    votes: dict[str, list[int]] = {}
    for name in speaking(cell):
        group = cell.groups[name]
        if group.reasons:
            index = group.reasons[0]
            votes.setdefault(reasons[index].code, []).append(index)
    if not votes:
        return None

    def order(code: str) -> tuple[int, int, str]:
        return -len(votes[code]), LAYERS.index(reasons[votes[code][0]].layer), code

    return min(votes[min(votes, key=order)])
