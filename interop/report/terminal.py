"""The matrix on a terminal: glyphs, legend, the reasons behind most cells, what to do next. 80 columns and wider."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from interop.model.layers import NAMES
from interop.model.matrix import Cell, Matrix
from interop.model.outcome import CELL_TEXT, GLYPH, CellVerdict, Conformity, GroupState
from interop.model.reasons import reason
from interop.model.text import Lang
from interop.report.digest import clusters, column_code, notable, promises, verdict_counts
from interop.report.words import DISCLAIMER, WORDS

__all__ = ["STYLE", "print_matrix"]

STYLE = {
    CellVerdict.NOT_TESTED: "dim",
    CellVerdict.UNSAFE: "bold white on red",
    CellVerdict.OVER_RECOGNISED: "bold magenta",
    CellVerdict.UNSUPPORTED: "dim",
    CellVerdict.INCONCLUSIVE: "bold yellow",
    CellVerdict.RECOGNISED: "green",
    CellVerdict.DOWNGRADED: "green",
    CellVerdict.PARTIAL: "cyan",
    CellVerdict.VALID_NOT_RECOGNISED: "yellow",
    CellVerdict.NOT_RECOGNISED: "red",
}
WIDE_CELL = 18
"""Columns a cell needs to say more than its glyph."""


def _cell_text(cell: Cell, lang: Lang, *, wide: bool) -> Styled:
    glyph = GLYPH[cell.verdict]
    if not wide:
        return Styled(glyph, style=STYLE[cell.verdict])
    accepted = sum(group.state is GroupState.ACCEPTED for group in cell.groups.values())
    if cell.verdict in {CellVerdict.RECOGNISED, CellVerdict.DOWNGRADED} and cell.level.attained:
        extra = cell.level.attained
    elif cell.verdict is CellVerdict.PARTIAL:
        extra = f"{accepted}/{len(cell.groups)}"
    elif cell.first_block is not None:
        extra = NAMES[cell.first_block].in_(lang)
    else:
        extra = ""
    mark = "!" if cell.conformity in {Conformity.BELOW_PROMISE, Conformity.ABOVE_PROMISE} else ""
    return Styled(f"{glyph} {extra}{mark}".rstrip(), style=STYLE[cell.verdict])


def _grid(matrix: Matrix, lang: Lang, width: int) -> tuple[Table, bool]:
    signers = sorted({cell_id.split(":")[0] for cell_id in matrix.cells})
    relying = sorted({cell_id.split(":")[1] for cell_id in matrix.cells})
    order = {party.id: index for index, party in enumerate(matrix.tables.parties)}
    signers.sort(key=order.__getitem__)
    relying.sort(key=order.__getitem__)
    label = max(len(name) for name in signers) + 6
    wide = label + len(relying) * WIDE_CELL <= width
    table = Table(box=None, padding=(0, 1, 0, 0), collapse_padding=True, header_style="bold", pad_edge=False)
    table.add_column(WORDS["signer"].in_(lang), no_wrap=True)
    table.add_column("", no_wrap=True, justify="right")
    for party in relying:
        heading = f"{column_code(order[party])} {party}" if wide else column_code(order[party])
        table.add_column(heading, no_wrap=not wide, min_width=WIDE_CELL - 2 if wide else None, overflow="fold")
    for signer in signers:
        row = [Styled(signer), Styled(column_code(order[signer]), style="dim")]
        for party in relying:
            cell = matrix.cells.get(f"{signer}:{party}")
            text = Styled("·", style="dim") if cell is None else _cell_text(cell, lang, wide=wide)
            row.append(text)
        table.add_row(*row)
    return table, wide


def _counts_line(matrix: Matrix, lang: Lang) -> Styled:
    line = Styled()
    for verdict, count in verdict_counts(matrix).items():
        line.append(f"{GLYPH[verdict]} {CELL_TEXT[verdict].in_(lang)} {count}", style=STYLE[verdict])
        line.append("   ")
    return line


def print_matrix(matrix: Matrix, console: Console, lang: Lang = "en", *, top: int = 8) -> None:
    """Print it. Data only: goes to the console it is given, colour is that console's affair."""
    cells = len(matrix.cells)
    console.print(
        Styled(
            f"{WORDS['title'].in_(lang)}: {cells} {WORDS['cells'].in_(lang)}, "
            f"{len(matrix.tables.cases)} vectors, {WORDS['set'].in_(lang)} {matrix.set}, "
            f"{WORDS['signed'].in_(lang)} {matrix.instants.signing[:10]}, "
            f"{WORDS['judged'].in_(lang)} {matrix.instants.validation[:10]}",
            style="bold",
        )
    )
    console.print()
    table, wide = _grid(matrix, lang, console.width)
    console.print(table, crop=False, overflow="ignore")
    console.print()
    console.print(_counts_line(matrix, lang))
    if wide and any(cell.conformity is Conformity.BELOW_PROMISE for cell in matrix.cells.values()):
        console.print(Styled(f"! {WORDS['promised'].in_(lang)}", style="dim"))
    if not matrix.header.complete:
        console.print(Styled(WORDS["partial_run"].in_(lang), style="bold yellow"))
    _print_causes(matrix, console, lang, top)
    _print_promises(matrix, console, lang)
    cell_id = notable(matrix)
    if cell_id is not None:
        console.print(f"\n{WORDS['next'].in_(lang)}: interop explain {cell_id}", highlight=False)
    console.print(Styled(f"{WORDS['diagonal'].in_(lang)}. {DISCLAIMER.in_(lang)}", style="dim"))


def _print_causes(matrix: Matrix, console: Console, lang: Lang, top: int) -> None:
    found = clusters(matrix)
    if not found:
        return
    console.print(Styled(f"\n{WORDS['why'].in_(lang)}", style="bold"))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for cluster in found[:top]:
        text = Styled(cluster.code, style="bold")
        text.append(f"  {reason(cluster.code).text.in_(lang)}", style="not bold")
        text.append(f"  ({cluster.cells[0]}{', …' if len(cluster.cells) > 1 else ''})", style="dim not bold")
        table.add_row(str(len(cluster.cells)), text)
    if len(found) > top:
        rest = sum(len(cluster.cells) for cluster in found[top:])
        table.add_row(str(rest), WORDS["more"].in_(lang))
    console.print(table)


def _print_promises(matrix: Matrix, console: Console, lang: Lang) -> None:
    for conformity, word, style in (
        (Conformity.BELOW_PROMISE, "promised", "bold"),
        (Conformity.ABOVE_PROMISE, "unpromised", "bold magenta"),
    ):
        cells = promises(matrix, conformity)
        if cells:
            shown = ", ".join(cells[:6]) + (f", … ({len(cells)})" if len(cells) > 6 else "")
            console.print(Styled(f"\n{WORDS[word].in_(lang)}: ", style=style).append(shown, style="not bold"))
