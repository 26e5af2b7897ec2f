"""What is told of one cell: plain values that `run` fills in and the pages print."""

from __future__ import annotations

from dataclasses import dataclass

from interop.model.layers import Layer, LayerState
from interop.model.matrix import Cell
from interop.model.reasons import Actor
from interop.model.text import Text

__all__ = ["Told", "ToldLadder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLadder:
    """One ladder and the groups that share it."""

    groups: tuple[str, ...]
    states: tuple[tuple[Layer, LayerState], ...]
    causes: tuple[tuple[Layer, str, str], ...]
    """(layer, reason code, what was found)."""
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One cell, told."""

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
    changes: tuple[tuple[Actor, Text], ...]
    """Who could change what, best placed first."""
