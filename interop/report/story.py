"""What is told of one cell: plain values that `run` fills in and the pages print."""

from __future__ import annotations

from dataclasses import dataclass

from interop.model.agreement import Agreement
from interop.model.layers import Layer, LayerState
from interop.model.matrix import Cell
from interop.model.reasons import Actor
from interop.model.remedy import Remedy
from interop.model.text import Text

__all__ = ["Assumed", "Change", "Told", "ToldCause", "ToldLadder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCause:
    """One reason of a ladder, with all that was found for it."""

    layer: Layer
    code: str
    """In the catalogue, else a real relying party's own word; untrusted then."""
    details: tuple[Text, ...] = ()
    """What was found and asked for, as people read it; holds untrusted text."""
    blocks: bool = True
    """False: a finding beside the answer."""
    cases: tuple[str, ...] = ()
    """Where only some cases of the ladder have this reason: which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLadder:
    """One ladder and the groups, or the case, that share it."""

    groups: tuple[str, ...]
    """`identity/format/level`, with `/case` where single cases are told."""
    states: tuple[tuple[Layer, LayerState], ...]
    causes: tuple[ToldCause, ...]
    """Those that are not told before: all of the first ladder, what is new in a later one."""
    gone: tuple[str, ...] = ()
    """A later ladder: codes that block the first one and do not arise here."""
    as_first: bool = False
    """Whether it is told by its difference from the first ladder."""
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
class Assumed:
    """What was changed before the cell was judged, and what that does to it."""

    changes: tuple[Text, ...]
    """Each as a sentence, with the option that makes it."""
    options: tuple[str, ...] = ()
    """The options alone, as `interop whatif` takes them."""
    before: Cell
    """The cell without them."""
    gone: tuple[str, ...] = ()
    """Codes of what is no longer in the way of any group."""
    fewer: tuple[str, ...] = ()
    """Codes of what is still in the way, of fewer groups."""
    come: tuple[str, ...] = ()
    """Codes of what is in the way now and was not."""
    stays: tuple[str, ...] = ()
    """Codes of what is in the way as before."""
    added: tuple[str, ...] = ()
    """Groups that there are with the changes only."""
    touched: bool = True
    """Whether any of them concerns the signer's files, the relying party or an instrument that names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One cell, told."""

    asked: str
    """The id that was asked for: a cell, or a group or case in it."""
    signer: str
    relying: str
    cell: Cell
    head: tuple[tuple[Text, Text], ...] = ()
    """Name and value: what is accepted, promised, at which level, since and until when, where to look first, the other direction."""
    summary: tuple[Text, ...]
    """The point in one or two sentences."""
    assumed: Assumed | None = None
    """What was changed to try it; None: nothing."""
    shared: tuple[Text, ...]
    """What both sides have in common, as far as it was measured."""
    differs: tuple[Text, ...]
    """Where they part: what was sent against what is read."""
    ladders: tuple[ToldLadder, ...]
    changes: tuple[Change, ...]
    """What the catalogue says would help, in the order of the ladder; told where remedies were not looked for."""
    remedies: tuple[Remedy, ...] | None = None
    """Changes that were tried and help, best first; empty: none that is known does; None: they were not looked for."""
    agreements: tuple[Agreement, ...] = ()
    """Those that remedies name, for their titles."""
    levels: tuple[Text, ...] = ()
    """Assurance by identity: what it has at home, what it attains here, whose rule caps it and on which axis."""
    idle: tuple[Text, ...] = ()
    """Instruments that name the pair and promise nothing, and why."""
