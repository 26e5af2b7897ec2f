"""What is worth saying about a matrix before anybody looks at single cells: counts, causes behind most cells, promises.

Pure; the terminal, the Markdown summary and later pages all say the same because they ask here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from interop.model.matrix import Cell, Matrix
from interop.model.outcome import CellVerdict, Conformity, GroupState

__all__ = ["Cluster", "clusters", "column_code", "headline", "notable", "promises", "verdict_counts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Cells that share one headline reason."""

    code: str
    cells: tuple[str, ...]
    """Cell ids, sorted."""


def column_code(index: int) -> str:
    """A to Z, then AA, AB, ...: short names of columns where the ids do not fit."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def headline(matrix: Matrix, cell: Cell) -> int | None:
    """Index of the reason that keeps most groups of the cell from being accepted; None where none is blocked."""
    votes: Counter[int] = Counter()
    for group in cell.groups.values():
        if group.state is not GroupState.ACCEPTED and group.reasons:
            votes[group.reasons[0]] += 1
    if not votes:
        return None
    by_code: Counter[str] = Counter()
    for index, count in votes.items():
        by_code[matrix.tables.reasons[index].code] += count
    top = max(by_code, key=lambda code: (by_code[code], code))
    return min(index for index in votes if matrix.tables.reasons[index].code == top)


def clusters(matrix: Matrix) -> tuple[Cluster, ...]:
    """Off-diagonal cells by the code of their headline, largest first."""
    found: dict[str, list[str]] = {}
    for cell_id, cell in matrix.cells.items():
        signer, relying = cell_id.split(":")
        index = headline(matrix, cell)
        if signer != relying and index is not None:
            found.setdefault(matrix.tables.reasons[index].code, []).append(cell_id)
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(Cluster(code=code, cells=tuple(sorted(cells))) for code, cells in ordered)


def promises(matrix: Matrix, conformity: Conformity) -> tuple[str, ...]:
    """Ids of the cells with that conformity."""
    return tuple(cell_id for cell_id, cell in matrix.cells.items() if cell.conformity is conformity)


def verdict_counts(matrix: Matrix) -> dict[CellVerdict, int]:
    """How many cells have which verdict, in the order of the verdicts; only those that occur."""
    counts = Counter(cell.verdict for cell in matrix.cells.values())
    return {verdict: counts[verdict] for verdict in CellVerdict if counts[verdict]}


def notable(matrix: Matrix) -> str | None:
    """The cell to look at first: unsafe, over-recognised, a broken promise, else the first blocked one."""
    ordered = sorted(
        (cell_id for cell_id in matrix.cells if len(set(cell_id.split(":"))) == 2),
        key=lambda cell_id: (
            matrix.cells[cell_id].verdict is not CellVerdict.UNSAFE,
            matrix.cells[cell_id].verdict is not CellVerdict.OVER_RECOGNISED,
            matrix.cells[cell_id].verdict is not CellVerdict.INCONCLUSIVE,
            matrix.cells[cell_id].conformity is not Conformity.BELOW_PROMISE,
            matrix.cells[cell_id].verdict is not CellVerdict.NOT_RECOGNISED,
            cell_id,
        ),
    )
    return next(iter(ordered), None)
