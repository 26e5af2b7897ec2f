"""A remedy: a smallest set of changes that turns a blocked cell, as it stands in the matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from interop.model.change import Cost
from interop.model.outcome import CellVerdict
from interop.model.reasons import Actor

__all__ = ["RELYING", "SIGNER", "Remedy"]

SIGNER, RELYING = "SIGNER", "RELYING"
"""Stand in the changes of a remedy for the two parties of a cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """Changes that were tried on every cell named here: with them it is recognised, at least in part; with one of them less it is not."""

    changes: tuple[str, ...]
    """Options of `interop whatif`, `SIGNER` and `RELYING` in place of the parties of the cell; sorted."""
    actors: tuple[Actor, ...]
    """Who must act, one for every change that another makes."""
    cost: Cost
    """The dearest of the changes."""
    cells: Mapping[str, CellVerdict]
    """Cell that it turns -> what it becomes."""

    def of(self, cell: str) -> tuple[str, ...]:
        """The options for one cell: `interop whatif` with all of them shows what they do."""
        signer, _, relying = cell.partition(":")
        return tuple(change.replace(SIGNER, signer).replace(RELYING, relying) for change in self.changes)
