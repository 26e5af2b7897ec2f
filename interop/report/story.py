"""What is told of one cell: plain values that `run` fills in and the pages print."""

from __future__ import annotations

from dataclasses import dataclass

from interop.model.layers import Layer, LayerState
from interop.model.matrix import Cell
from interop.model.reasons import Actor
from interop.model.text import Text

__all__ = ["Change", "Told", "ToldCause", "ToldLadder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCause:
    """One reason of a ladder, with all that was found for it."""

    layer: Layer
    code: str
    """In the catalogue, else a real relying party's own word; untrusted then."""
    details: tuple[str, ...] = ()
    """What was found and asked for; untrusted text."""
    blocks: bool = True
    """False: a finding beside the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLadder:
    """One ladder and the groups, or the case, that share it."""

    groups: tuple[str, ...]
    """`identity/format/level`, with `/case` where single cases are told."""
    states: tuple[tuple[Layer, LayerState], ...]
    causes: tuple[ToldCause, ...]
    accepted: bool = False
    error: str | None = None
    """The engine could not answer: what happened; untrusted text."""
    notes: tuple[Text, ...] = ()
    """What the ladder is beside the others: the control of the case asked for, not counted, about one of several signatures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that would help, and who can do it."""

    actors: tuple[Actor, ...]
    """Best placed first."""
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One cell, told."""

    asked: str
    """The id that was asked for: a cell, or a group or case in it."""
    signer: str
    relying: str
    cell: Cell
    summary: tuple[Text, ...]
    """The point in one or two sentences."""
    shared: tuple[Text, ...]
    """What both sides have in common, as far as it was measured."""
    differs: tuple[Text, ...]
    """Where they part: what was sent against what is read."""
    ladders: tuple[ToldLadder, ...]
    changes: tuple[Change, ...]
    """What either side could change, in the order of the ladder."""
