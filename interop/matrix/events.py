"""Changes of many cells told once: those that fall on one instant and have one reason are one event. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from interop.matrix.turns import in_order, place
from interop.model.timeline import CellChange, CellCourse, Event, Turn, TurnKind

__all__ = ["events"]


def events(cells: Iterable[CellCourse]) -> tuple[Event, ...]:
    """The events of some cells, in order of time, then of their reasons. Every change is in exactly one.

    Of one reason are changes for which the same owners do the same kinds of things: the two signer certificates of one provider that
    end on a day are one reason, those of two providers are two.
    """
    found: dict[tuple[datetime, frozenset[tuple[str, ...]]], list[CellChange]] = {}
    for course in cells:
        for change in course.changes:
            found.setdefault((change.at, frozenset(_reason(turn) for turn in change.why)), []).append(change)
    told = [
        Event(
            at=at,
            why=in_order(turn for change in changes for turn in change.why),
            cells=tuple(change.cell for change in changes),
        )
        for (at, _), changes in found.items()
    ]
    return tuple(sorted(told, key=lambda event: (event.at, [place(turn) for turn in event.why])))


def _reason(turn: Turn) -> tuple[str, ...]:
    return (turn.kind, turn.whose, turn.role, turn.name if turn.kind is TurnKind.OTHER else "")
