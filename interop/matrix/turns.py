"""Which of the things that begin or end on an instant explains that a vector is answered otherwise from then on. Pure.

Only things on that very instant come into question. Of those, the ones that a reason names explain it: the text by which the thing
is known stands in the detail of a reason that arrives or leaves, and the reason is of a kind that the thing can touch. Where
no reason names any, all that could touch one of the reasons are said; where none could, `other`, with nothing guessed. That
status answers change is said only where nothing else begins or ends, since they follow from that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from interop.model.layers import Cause
from interop.model.timeline import Dated, Turn, TurnKind

__all__ = ["in_order", "place", "turns_of"]

_INSTRUMENTS = frozenset(
    {TurnKind.AGREEMENT_START, TurnKind.AGREEMENT_REPEAL, TurnKind.WINDOW_START, TurnKind.WINDOW_END}
)
_WEAK = (TurnKind.EVIDENCE, TurnKind.SERVICE)
"""What follows from other things: said only where none of those is there on that instant."""
_RANK = {kind: place for place, kind in enumerate(TurnKind)}


def turns_of(
    causes: Collection[Cause], dated: Iterable[Dated], *, instruments: Collection[str | None] = ()
) -> tuple[Turn, ...]:
    """What explains it, at least one. `causes` are the reasons that arrived or left, `dated` what begins or ends on that instant,
    `instruments` the ids of those on which the promise rests before and after, where they are not the same."""
    every = list(dated)
    named = [one for one in every if _moved(one, instruments) or any(_names(one, cause) for cause in causes)]
    found = named or [one for one in every if any(cause.code.startswith(one.fits) for cause in causes)]
    for weak in _WEAK:
        found = [one for one in found if one.turn.kind is not weak] or found
    if found:
        return in_order({one.turn for one in found})
    codes = ", ".join(sorted({cause.code for cause in causes}))
    return (Turn(kind=TurnKind.OTHER, name=codes),)


def _moved(one: Dated, instruments: Collection[str | None]) -> bool:
    return one.turn.kind in _INSTRUMENTS and one.turn.whose in instruments


def _names(one: Dated, cause: Cause) -> bool:
    return cause.code.startswith(one.fits) and any(mark in cause.detail for mark in one.marks)


def in_order(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """Each once, in the order in which causes are named."""
    return tuple(sorted(set(turns), key=place))


def place(turn: Turn) -> tuple[int, str, str, str]:
    """Where it stands in that order."""
    return (_RANK[turn.kind], turn.whose, turn.what, turn.name)
