"""What differs between two matrices, cell by cell and group by group, and for which reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from interop.model.matrix import Cell, CellLevel, Group, Matrix, ReasonRow
from interop.model.outcome import CellVerdict, Conformity, GroupState

__all__ = ["GroupChange", "Transition", "transitions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChange:
    """One group that came out otherwise."""

    group: str
    """`identity/format/level`."""
    before: GroupState | None
    """None: there was no such group."""
    after: GroupState | None
    """None: there is no such group any more."""
    gone: tuple[str, ...] = ()
    """Reason codes that no longer block it; nothing of one that is new or gone."""
    come: tuple[str, ...] = ()
    """Reason codes that block it now and did not before."""
    agreement: tuple[str | None, str | None] = (None, None)
    """The instrument that promised it, and the one that does now."""
    level: tuple[str | None, str | None] = (None, None)
    """Level attained before and now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One cell that differs."""

    cell: str
    """`signer:relying`."""
    before: CellVerdict | None
    """None: there was no such cell."""
    after: CellVerdict | None
    """None: there is no such cell any more."""
    conformity: tuple[Conformity | None, Conformity | None]
    """Before and after."""
    level: tuple[CellLevel | None, CellLevel | None]
    """Before and after."""
    groups: tuple[GroupChange, ...]
    """Every group that differs."""

    @property
    def verdict_changed(self) -> bool:
        """The word for the cell is another one."""
        return self.before is not self.after

    @property
    def gone(self) -> tuple[str, ...]:
        """Reason codes that no longer block some group, each once, in the order of the groups."""
        return tuple(dict.fromkeys(code for group in self.groups for code in group.gone))

    @property
    def come(self) -> tuple[str, ...]:
        """Reason codes that block some group now and did not before."""
        return tuple(dict.fromkeys(code for group in self.groups for code in group.come))


def transitions(before: Matrix, after: Matrix) -> tuple[Transition, ...]:
    """Every cell that differs in verdict, conformity, level, or in the state, promise, level or reasons of a group; sorted by cell.

    Details of reasons (what was found and asked for) do not make a difference, and neither do findings.
    """
    found = []
    for name in sorted({*before.cells, *after.cells}):
        old, new = before.cells.get(name), after.cells.get(name)
        groups = tuple(_groups(before, old, after, new))
        same = old is not None and new is not None and _head(old) == _head(new)
        if groups or not same:
            found.append(
                Transition(
                    cell=name,
                    before=None if old is None else old.verdict,
                    after=None if new is None else new.verdict,
                    conformity=(None if old is None else old.conformity, None if new is None else new.conformity),
                    level=(None if old is None else old.level, None if new is None else new.level),
                    groups=groups,
                )
            )
    return tuple(found)


def _head(cell: Cell) -> tuple[object, ...]:
    return cell.verdict, cell.conformity, cell.level


def _groups(before: Matrix, old: Cell | None, after: Matrix, new: Cell | None) -> Iterator[GroupChange]:
    first = {} if old is None else old.groups
    second = {} if new is None else new.groups
    for name in sorted({*first, *second}):
        was, now = first.get(name), second.get(name)
        codes_before, codes_after = _codes(before.tables.reasons, was), _codes(after.tables.reasons, now)
        if was is None or now is None:  # what blocks a group that is new or gone has neither come nor left
            codes_before = codes_after = ()
        change = GroupChange(
            group=name,
            before=None if was is None else was.state,
            after=None if now is None else now.state,
            gone=tuple(code for code in codes_before if code not in codes_after),
            come=tuple(code for code in codes_after if code not in codes_before),
            agreement=(None if was is None else was.agreement, None if now is None else now.agreement),
            level=(None if was is None else was.attained, None if now is None else now.attained),
        )
        if _differs(change):
            yield change


def _codes(table: tuple[ReasonRow, ...], group: Group | None) -> tuple[str, ...]:
    return () if group is None else tuple(dict.fromkeys(table[index].code for index in group.reasons))


def _differs(change: GroupChange) -> bool:
    return (
        change.before is not change.after
        or bool(change.gone or change.come)
        or change.agreement[0] != change.agreement[1]
        or change.level[0] != change.level[1]
    )
