"""The grid of the matrix, in the widest form that fits: ids over words, ids in two lines, letters over words, letters over marks.

Where even letters over marks do not fit, the columns are printed in blocks. Nothing is ever clipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text as Styled

from interop.model.matrix import Matrix
from interop.model.outcome import CellVerdict
from interop.report.digest import cell_word, column_code, columns, is_broken, rows
from interop.report.page import STYLE, Page, padded
from interop.report.safe import untrusted
from interop.report.words import WORDS

__all__ = ["BROKEN", "print_grid"]

BROKEN = "!"
"""Stands behind the mark of a cell in which something is promised and refused."""

_LONGEST_LABEL = 40
"""Columns that a row label may take; a longer id is cut there and written out in the legend."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """How wide each column is, and what stands over it."""

    headings: tuple[tuple[str, ...], ...]
    """Lines over each column."""
    widths: tuple[int, ...]
    words: bool
    gap: int

    @property
    def width(self) -> int:
        return sum(self.widths) + self.gap * max(len(self.widths) - 1, 0)


def print_grid(matrix: Matrix, page: Page) -> None:
    """Print it, with the legend of its letters where they are not those of the rows."""
    signers, relying = rows(matrix), columns(matrix)
    order = {name: column_code(index) for index, name in enumerate(dict.fromkeys((*relying, *signers)))}
    label = min(max((cell_len(name) for name in signers), default=0), _LONGEST_LABEL, page.width // 2)
    label = max(label, cell_len(WORDS["signer"].in_(page.lang)))
    codes = max(len(order[name]) for name in signers) + 1
    for layout, letters in _layouts(matrix, page, relying, order):
        before = label + 1 + (codes if letters else 0)
        if before + layout.width <= page.width:
            _print_block(matrix, page, relying, layout, label, order if letters else None)
            break
    else:
        layout = _marks(relying, order, gap=0)
        fit = max((page.width - label - 1 - codes + layout.gap) // (max(layout.widths) + layout.gap), 1)
        for start in range(0, len(relying), fit):
            if start:
                page.blank()
            part = relying[start : start + fit]
            _print_block(matrix, page, part, _marks(part, order, gap=0), label, order)
        letters = True
    _legend(page, signers, relying, order if letters else {}, label)


def _layouts(
    matrix: Matrix, page: Page, relying: Sequence[str], order: dict[str, str]
) -> Sequence[tuple[_Layout, bool]]:
    inside = [max((_wide(matrix, page, f"{s}:{party}") for s in rows(matrix)), default=0) for party in relying]
    one = _Layout(
        headings=tuple((name,) for name in relying),
        widths=tuple(max(cell_len(name), width) for name, width in zip(relying, inside, strict=True)),
        words=True,
        gap=2,
    )
    folded = [_fold(name, width) for name, width in zip(relying, inside, strict=True)]
    several = _Layout(
        headings=tuple(folded),
        widths=tuple(
            max(width, *(cell_len(part) for part in lines)) for lines, width in zip(folded, inside, strict=True)
        ),
        words=True,
        gap=2,
    )
    lettered = _Layout(
        headings=tuple((order[name],) for name in relying),
        widths=tuple(max(len(order[name]), width) for name, width in zip(relying, inside, strict=True)),
        words=True,
        gap=2,
    )
    return (
        (one, False),
        (several, False),
        (lettered, True),
        *((_marks(relying, order, gap=gap), True) for gap in (1, 0)),
    )


def _marks(relying: Sequence[str], order: dict[str, str], *, gap: int) -> _Layout:
    """A mark, and beside it the place for the sign of a broken promise. Without a gap columns touch where that sign stands."""
    letters = max((len(order[name]) for name in relying), default=1)
    return _Layout(
        headings=tuple((order[name],) for name in relying),
        widths=tuple(max(letters, 2) for _ in relying),
        words=False,
        gap=gap if letters == 1 else max(gap, 1),
    )


def _fold(name: str, width: int) -> tuple[str, ...]:
    """An id over several lines, broken after hyphens; as narrow as its longest part or the column's cells allow."""
    parts = name.split("-")
    pieces = [f"{part}-" for part in parts[:-1]] + parts[-1:]
    target = max(width, *(len(piece) for piece in pieces))
    lines = [""]
    for piece in pieces:
        if lines[-1] and len(lines[-1]) + len(piece) > target:
            lines.append("")
        lines[-1] += piece
    return tuple(lines)


def _cell(matrix: Matrix, page: Page, cell_id: str, *, words: bool) -> Styled:
    cell = matrix.cells.get(cell_id)
    if cell is None:
        return page.verdict(CellVerdict.NOT_TESTED)
    text = page.verdict(cell.verdict)
    word = untrusted(cell_word(matrix, cell_id, page.lang), limit=20) if words else ""
    text.append(f" {word}" if word else "").append(BROKEN if is_broken(cell) else "")
    text.stylize(STYLE[cell.verdict])
    return text


def _wide(matrix: Matrix, page: Page, cell_id: str) -> int:
    return cell_len(_cell(matrix, page, cell_id, words=True).plain)


def _print_block(  # noqa: PLR0917 - drawn once, from what was measured
    matrix: Matrix, page: Page, relying: Sequence[str], layout: _Layout, label: int, order: dict[str, str] | None
) -> None:
    codes = 0 if order is None else max(len(order[name]) for name in rows(matrix)) + 1
    gap = " " * layout.gap
    height = max(len(lines) for lines in layout.headings)
    for level in range(height):
        last = level == height - 1
        name = WORDS["signer"].in_(page.lang) if last else ""
        line = Styled(" " * codes + padded(name, label + 1), style="bold")
        cells = []
        for lines, width in zip(layout.headings, layout.widths, strict=True):
            at = level - (height - len(lines))  # headings stand on their last line
            cells.append(padded(lines[at] if at >= 0 else "", width))
        page.line(line.append(gap.join(cells)))
    for signer in rows(matrix):
        line = Styled("" if order is None else padded(order[signer], codes), style="dim")
        shown = signer if cell_len(signer) <= label else page.plain(f"{signer[: label - 3]}…")
        line.append(padded(untrusted(shown), label + 1), style="not dim")
        for party, width in zip(relying, layout.widths, strict=True):
            text = _cell(matrix, page, f"{signer}:{party}", words=layout.words)
            line.append_text(text).append(" " * (width - cell_len(text.plain)) + gap)
        page.line(line)


def _legend(page: Page, signers: Sequence[str], relying: Sequence[str], order: dict[str, str], label: int) -> None:
    """Letters that no row explains, and ids that were cut."""
    entries = [
        f"{order[name]} {untrusted(name)}"
        for name in dict.fromkeys((*relying, *signers))
        if order and (name not in signers or cell_len(name) > label)
    ]
    cut = [untrusted(name) for name in signers if not order and cell_len(name) > label]
    if order and any(name in signers for name in relying):
        page.hang(Styled(WORDS["letters"].in_(page.lang), style="dim"))
    page.flow([Styled(entry, style="dim") for entry in (*entries, *cut)])
