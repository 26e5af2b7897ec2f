"""Pairs of parties that do not treat, or do not promise to treat, one another alike."""

from __future__ import annotations

from interop.model.matrix import Asymmetry, Cell, Direction, Matrix
from interop.model.outcome import CellVerdict, GroupState

__all__ = ["asymmetries_of"]

_UNSPOKEN = frozenset({CellVerdict.NOT_TESTED, CellVerdict.UNSUPPORTED, CellVerdict.INCONCLUSIVE})
"""Verdicts that say neither yes nor no."""


def asymmetries_of(matrix: Matrix) -> tuple[Asymmetry, ...]:
    """Unordered pairs with a cell in both directions, where something is accepted one way and nothing the other, or something is
    promised one way and nothing the other; recognition first, then in the order of their cells.

    A direction that was not tested, that nothing supports, or about which nothing is certain, is not compared.
    """
    found = []
    for cell_id, cell in matrix.cells.items():
        signer, _, relying = cell_id.partition(":")
        other_id = f"{relying}:{signer}"
        other = matrix.cells.get(other_id)
        if signer >= relying or other is None or {cell.verdict, other.verdict} & _UNSPOKEN:
            continue
        one, two = _direction(cell_id, cell), _direction(other_id, other)
        recognition = bool(one.accepted) != bool(two.accepted)
        promise = bool(one.promised) != bool(two.promised)
        if recognition:
            there, back = (one, two) if one.accepted else (two, one)
        elif promise:
            there, back = (one, two) if one.promised else (two, one)
        else:
            continue
        found.append(Asymmetry(there=there, back=back, recognition=recognition, promise=promise))
    return tuple(sorted(found, key=lambda a: (not a.recognition, a.there.cell)))


def _direction(cell_id: str, cell: Cell) -> Direction:
    return Direction(
        cell=cell_id,
        verdict=cell.verdict,
        conformity=cell.conformity,
        accepted=sum(group.state is GroupState.ACCEPTED for group in cell.groups.values()),
        promised=sum(group.promised for group in cell.groups.values()),
        groups=len(cell.groups),
    )
