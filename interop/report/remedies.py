"""Remedies on a page: what would turn a blocked cell, who must act, what it takes, and the command that shows it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from rich.console import Console
from rich.text import Text as Styled

from interop.model.agreement import Agreement
from interop.model.change import COST_TEXT, Change
from interop.model.codec import dump_plain
from interop.model.matrix import Cell, Matrix
from interop.model.outcome import CELL_TEXT
from interop.model.remedy import RELYING, SIGNER, Remedy
from interop.model.text import Lang, Text
from interop.report.changes import told_together
from interop.report.page import Page
from interop.report.safe import untrusted
from interop.report.words import ACTORS, DISCLAIMER, colon, listed

__all__ = [
    "command",
    "in_short",
    "of_cell",
    "print_cell_remedies",
    "print_remedies",
    "print_remedy",
    "remedies_json",
    "remedy_lines",
    "why_none",
]

_HEAD = Text(
    en="what would help, most cells first: {remedies} remedies for {blocked} blocked cells",
    zh="补救措施（按受益单元格数）：{blocked} 个受阻单元格，{remedies} 项措施",
)
_STANDS = Text(
    en=f"{SIGNER} and {RELYING} stand for the two parties of each cell",
    zh=f"{SIGNER} 与 {RELYING} 代表各单元格的签署方与依赖方",
)
_TURNS = Text(en="turns {count} cells", zh="可改变 {count} 个单元格")
_TURNS_ONE = Text(en="turns 1 cell", zh="可改变 1 个单元格")
_ACT = Text(en="to act", zh="应由谁采取措施")
_COST = Text(en="takes", zh="所需")
_BECOMES = Text(en="becomes", zh="结果")
_TRY = Text(en="try it", zh="试一试")
_NONE = Text(en="no change that is known here would help", zh="本工具已知的任何更改均无济于事")
_NONE_PICKED = Text(en="none of the kind asked for", zh="没有符合所选条件的措施")
_NOT_BLOCKED = Text(en="nothing to remedy", zh="无需补救")
_NOT_SOUGHT = Text(en="remedies were not looked for", zh="未查找补救措施")
_HELPLESS = Text(en="cells that no change known here would turn", zh="本工具已知的任何更改均无法改变的单元格")
_MORE = Text(en="and {count} more", zh="另有 {count} 个")
_REST = Text(
    en="and {count} more remedies (--most {all} lists them; `interop remedy SIGNER:RELYING` those of one cell)",
    zh="另有 {count} 项措施（--most {all} 列出全部；`interop remedy 签署方:依赖方` 列出单个单元格的措施）",
)
_JOINT: Mapping[Lang, str] = {"en": "; ", "zh": "；"}
_CELLS = 6
"""Cells that are named of those that one remedy turns."""


def remedies_json(matrix: Matrix, cell: str | None = None) -> str:
    """Remedies and cells as JSON: `cells` name remedies by index, best first; null where none were looked for. `cell`: the one asked
    for, whose parties then stand in the changes."""
    plain = {
        "schema_version": "1.0",
        "cells": {
            name: {
                "verdict": cell.verdict.value,
                "remedies": None if cell.remedies is None else list(cell.remedies),
            }
            for name, cell in matrix.cells.items()
        },
        "remedies": [
            dump_plain(remedy if cell is None else replace(remedy, changes=remedy.of(cell)))
            for remedy in matrix.remedies
        ],
    }
    return json.dumps(plain, ensure_ascii=False, indent=1)


def remedy_lines(
    remedy: Remedy, lang: Lang, agreements: Iterable[Agreement] = (), cell: str | None = None
) -> list[str]:
    """The changes in words, one a line; of `cell`, with its parties in them."""
    options = remedy.changes if cell is None else remedy.of(cell)
    return [line.in_(lang) for line in told_together(map(Change.of_option, options), agreements)]


def in_short(remedy: Remedy, lang: Lang) -> str:
    """The changes in one line, with who must act and what it takes."""
    joint = _JOINT[lang]
    single = next(iter(remedy.cells)) if len(remedy.cells) == 1 else None
    actors = listed((ACTORS[actor].in_(lang) for actor in remedy.actors), lang)
    takes = f"{actors}{joint}{COST_TEXT[remedy.cost].in_(lang)}"
    changes = joint.join(remedy_lines(remedy, lang, cell=single))
    return f"{changes}（{takes}）" if lang == "zh" else f"{changes} ({takes})"


def command(remedy: Remedy, cell: str | None = None, given: Sequence[str] = ()) -> str:
    """The command that shows what the remedy does, on top of the options `given`."""
    options = (*given, *(remedy.changes if cell is None else remedy.of(cell)))
    quoted = (f"{flag} {shlex.quote(text)}" for flag, _, text in (option.partition(" ") for option in options))
    return " ".join(("interop whatif", *quoted))


def print_remedies(
    matrix: Matrix, console: Console, lang: Lang = "en", *, agreements: Iterable[Agreement] = (), most: int,
    picked: bool = False, given: Sequence[str] = (),
) -> None:  # fmt: skip
    """Print the first `most` remedies of a matrix. `picked`: there were others, which nobody asked for. `given`: options that the
    commands have to have besides."""
    page, known, shown = Page(console, lang), tuple(agreements), matrix.remedies
    blocked = [name for name, cell in matrix.cells.items() if cell.remedies is not None]
    page.hang(Styled(_HEAD.in_(lang).format(remedies=len(shown), blocked=len(blocked)), style="bold"))
    if any(SIGNER in change or RELYING in change for remedy in shown[:most] for change in remedy.changes):
        page.hang(Styled(_STANDS.in_(lang), style="dim"))
    for remedy in shown[:most]:
        page.blank()
        count = len(remedy.cells)
        turns = (_TURNS_ONE if count == 1 else _TURNS).in_(lang).format(count=count)
        page.hang(Styled(f"{turns}  ", style="bold").append_text(Styled(_facts(remedy, lang))), rest=2)
        single = next(iter(remedy.cells)) if count == 1 else None
        _print_changes(remedy, page, known, single, given)
        names = list(remedy.cells)
        items = [Styled(untrusted(name, limit=120), style="bold") for name in names[:_CELLS]]
        if len(names) > _CELLS:
            items.append(Styled(_MORE.in_(lang).format(count=len(names) - _CELLS), style="dim"))
        page.flow(items, indent=4)
    if len(shown) > most:
        page.blank()
        page.hang(_REST.in_(lang).format(count=len(shown) - most, all=len(shown)))
    helpless = [name for name in blocked if not matrix.cells[name].remedies]
    if helpless and not picked:
        page.title(f"{_HELPLESS.in_(lang)}{colon(lang)}{len(helpless)}")
        page.flow([Styled(untrusted(name, limit=120)) for name in helpless], indent=4)
    page.blank()
    page.hang(Styled(DISCLAIMER.in_(lang), style="dim"))


def print_cell_remedies(
    name: str, matrix: Matrix, console: Console, lang: Lang = "en", *, agreements: Iterable[Agreement] = (),
    picked: bool = False, given: Sequence[str] = (),
) -> None:  # fmt: skip
    """Print what would turn one cell, best first. `picked` and `given` as in `print_remedies`."""
    page, cell = Page(console, lang), matrix.cells[name]
    head = page.verdict(cell.verdict).append(f" {name}", style="bold")
    page.hang(head.append(f"  {CELL_TEXT[cell.verdict].in_(lang)}"), rest=2)
    page.blank()
    for number, remedy in enumerate(of_cell(cell, matrix.remedies), start=1):
        print_remedy(remedy, name, page, tuple(agreements), number=number, given=given)
    if not cell.remedies:
        page.hang((_NONE_PICKED if picked and cell.remedies is not None else why_none(cell)).in_(lang))
    page.blank()
    page.hang(Styled(DISCLAIMER.in_(lang), style="dim"))


def print_remedy(
    remedy: Remedy,
    cell: str,
    page: Page,
    agreements: Iterable[Agreement] = (),
    *,
    number: int,
    indent: int = 0,
    given: Sequence[str] = (),
) -> None:
    """One remedy of one cell: the changes, who must act, what it takes, what the cell becomes, how to see it."""
    lang = page.lang
    lead = f"{' ' * indent}{number}. "
    place, deeper = len(lead), len(lead) + 2
    for row, line in enumerate(remedy_lines(remedy, lang, agreements, cell)):
        page.hang(untrusted(line, limit=400), first=lead if row == 0 else " " * place, rest=deeper)
    becomes = CELL_TEXT[remedy.cells[cell]].in_(lang)
    page.hang(
        f"{_facts(remedy, lang)}{_JOINT[lang]}{_BECOMES.in_(lang)}{colon(lang)}{becomes}", first=place, rest=deeper
    )
    shown = Styled(f"{_TRY.in_(lang)}{colon(lang)}{command(remedy, cell, given)}", style="dim")
    page.hang(shown, first=place, rest=deeper)


def of_cell(cell: Cell, remedies: Sequence[Remedy]) -> Iterator[Remedy]:
    """Those of the cell, best first."""
    for index in cell.remedies or ():
        yield remedies[index]


def why_none(cell: Cell) -> Text:
    """Why a cell has no remedies."""
    if cell.remedies is not None:
        return _NONE
    return _NOT_SOUGHT if cell.attribution is not None else _NOT_BLOCKED


def _facts(remedy: Remedy, lang: Lang) -> str:
    actors = listed((ACTORS[actor].in_(lang) for actor in remedy.actors), lang)
    return f"{_ACT.in_(lang)}{colon(lang)}{actors}{_JOINT[lang]}{_COST.in_(lang)}{colon(lang)}{COST_TEXT[remedy.cost].in_(lang)}"


def _print_changes(
    remedy: Remedy, page: Page, agreements: Iterable[Agreement], cell: str | None, given: Sequence[str]
) -> None:
    for line in remedy_lines(remedy, page.lang, agreements, cell):
        page.hang(untrusted(line, limit=400), first="  - ", rest=4)
    page.hang(Styled(command(remedy, cell, given), style="dim"), first=4, rest=6)
