"""One cell or one reason as a page that both sides can act on."""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text as Styled

from interop.model.layers import NAMES, Layer
from interop.model.outcome import CELL_TEXT
from interop.model.reasons import Reason, catalogue
from interop.model.text import Lang, Text
from interop.report.page import STYLE, Page
from interop.report.safe import untrusted
from interop.report.story import Change, Told, ToldCause, ToldLadder
from interop.report.words import ACTORS, CONFORMITY, DISCLAIMER, WORDS, colon, listed

__all__ = ["print_cell", "print_reason", "print_reasons"]

_SHARED = Text(en="what both sides have in common", zh="双方的共同点")
_DIFFERS = Text(en="where they part", zh="分歧所在")
_CHANGES = Text(en="what either side could change", zh="任一方可作的改变")
_DETAILS = 3
"""Details of one reason that are printed; JSON has them all."""


def print_cell(told: Told, console: Console, lang: Lang = "en") -> None:
    """Print the page of one cell."""
    page = Page(console, lang)
    _print_head(told, page)
    for sentence in told.summary:
        page.blank()
        page.hang(untrusted(sentence.in_(lang), limit=1000))
    for title, lines in ((_SHARED, told.shared), (_DIFFERS, told.differs)):
        if lines:
            page.title(title.in_(lang))
            for line in lines:
                page.hang(untrusted(line.in_(lang), limit=400), first="  - ", rest=4)
    for ladder in told.ladders:
        _print_ladder(ladder, page)
    if told.changes:
        page.title(_CHANGES.in_(lang))
        for change in told.changes:
            _print_change(change, page)
    page.blank()
    page.hang(Styled(DISCLAIMER.in_(lang), style="dim"))


def _print_head(told: Told, page: Page) -> None:
    cell, lang = told.cell, page.lang
    page.hang(
        Styled(f"{untrusted(told.signer)} -> {untrusted(told.relying)}  ", style="bold")
        .append_text(page.verdict(cell.verdict))
        .append(f" {CELL_TEXT[cell.verdict].in_(lang)}", style=STYLE[cell.verdict])
        .append(f"  ({CONFORMITY[cell.conformity].in_(lang)})", style="not bold"),
        rest=2,
    )
    if told.asked != f"{told.signer}:{told.relying}":
        page.hang(Styled(untrusted(told.asked), style="dim"), rest=2)
    level = cell.level
    said = (("claimed", level.claimed), ("attained", level.attained), ("required", level.required))
    page.hang(
        f"{WORDS['level'].in_(lang)}{colon(lang)}"
        + listed((f"{WORDS[word].in_(lang)} {value or '?'}" for word, value in said), lang),
        rest=2,
    )


def _print_ladder(ladder: ToldLadder, page: Page) -> None:
    lang = page.lang
    page.blank()
    last = len(ladder.groups) - 1
    page.flow(
        [
            Styled(f"{untrusted(name)}{'' if index == last else ','}", style="bold")
            for index, name in enumerate(ladder.groups)
        ],
        gap=" ",
    )
    for note in ladder.notes:
        page.hang(Styled(untrusted(note.in_(lang), limit=400), style="dim"), first=2)
    if ladder.error is not None:
        page.hang(f"{WORDS['error'].in_(lang)}{colon(lang)}{untrusted(ladder.error, limit=400)}", first=2, rest=4)
    page.flow(
        [page.state(state).append(f" {NAMES[layer].in_(lang)}") for layer, state in ladder.states],
        indent=2,
    )
    for cause in ladder.causes:
        _print_cause(cause, page)


def _print_cause(cause: ToldCause, page: Page) -> None:
    lang = page.lang
    entry = catalogue().get(cause.code)
    text = Styled(f"{NAMES[cause.layer].in_(lang)}  ", style="bold" if cause.blocks else "")
    text.append(untrusted(cause.code, limit=80), style="red" if cause.blocks else "yellow")
    if entry is not None:
        text.append(f"  {entry.text.in_(lang)}", style="not bold default")
    page.hang(text, first=2, rest=6)
    lead = f"{WORDS['found'].in_(lang)}{colon(lang)}"
    for index, detail in enumerate(cause.details[:_DETAILS]):
        page.hang(untrusted(detail, limit=400), first=" " * 6 + (lead if index == 0 else " " * cell_len(lead)), rest=8)
    if len(cause.details) > _DETAILS:
        more = WORDS["and_more"].in_(lang).format(count=len(cause.details) - _DETAILS)
        page.hang(more, first=6 + cell_len(lead))
    if entry is not None:
        page.hang(Styled(f"{WORDS['clause'].in_(lang)}{colon(lang)}{entry.clause}", style="dim"), first=6, rest=8)


def _print_change(change: Change, page: Page) -> None:
    who = listed((ACTORS[actor].in_(page.lang) for actor in change.actors), page.lang)
    text = Styled(f"{who}{colon(page.lang)}", style="bold")
    page.hang(text.append(untrusted(change.text.in_(page.lang), limit=400), style="not bold"), first="  - ", rest=4)


def print_reason(entry: Reason, console: Console, lang: Lang = "en") -> None:
    """Print one entry of the catalogue."""
    page = Page(console, lang)
    page.hang(Styled(entry.code, style="bold"))
    page.hang(entry.text.in_(lang), first=2)
    outcome = "" if entry.sub_indication is None else f", {entry.indication} / {entry.sub_indication}"
    effect = f"{entry.effect.value}{outcome}"
    rows = [(NAMES[Layer(entry.layer)].in_(lang), effect), (WORDS["clause"].in_(lang), entry.clause)]
    if entry.remedy is not None:
        rows.append((WORDS["remedy"].in_(lang), entry.remedy.in_(lang)))
        rows.append((WORDS["who"].in_(lang), listed((ACTORS[actor].in_(lang) for actor in entry.actors), lang)))
    page.rows(rows, indent=2)


def print_reasons(console: Console, lang: Lang = "en") -> None:
    """Print the whole catalogue: code and sentence, by layer."""
    page = Page(console, lang)
    layer = None
    for entry in catalogue().values():
        if entry.layer is not layer:
            if layer is not None:
                page.blank()
            layer = entry.layer
            page.hang(Styled(NAMES[layer].in_(lang), style="bold"))
        page.hang(
            Styled(entry.code, style="bold").append(f"  {entry.text.in_(lang)}", style="not bold"), first=2, rest=6
        )
