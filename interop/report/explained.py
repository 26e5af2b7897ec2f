"""One cell or one reason as a page that both sides can act on."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text as Styled

from interop.model.layers import NAMES, Layer, LayerState
from interop.model.outcome import CELL_TEXT, GLYPH
from interop.model.reasons import Effect, Reason, reason
from interop.model.text import Lang, Text
from interop.report.checked import untrusted
from interop.report.story import Told, ToldLadder
from interop.report.terminal import STYLE
from interop.report.words import ACTORS, CONFORMITY, DISCLAIMER, WORDS

__all__ = ["print_cell", "print_reason"]

_MARK = {
    LayerState.PASS: ("✓", "green"),
    LayerState.FAIL: ("✗", "red"),
    LayerState.INDETERMINATE: ("?", "yellow"),
    LayerState.UNSUPPORTED: ("∅", "yellow"),
    LayerState.NOT_EVALUATED: ("·", "dim"),
    LayerState.NOT_APPLICABLE: ("-", "dim"),
}
_SHARED = Text(en="what both sides have in common", zh="双方的共同点")
_DIFFERS = Text(en="where they part", zh="分歧所在")
_CHANGES = Text(en="what either side could change", zh="任一方可作的改变")


def print_cell(told: Told, console: Console, lang: Lang = "en") -> None:
    """Print the page of one cell."""
    cell = told.cell
    console.print(
        Styled(f"{told.signer} -> {told.relying}  ", style="bold")
        .append(f"{GLYPH[cell.verdict]} {CELL_TEXT[cell.verdict].in_(lang)}", style=STYLE[cell.verdict])
        .append(f"  ({CONFORMITY[cell.conformity].in_(lang)})", style="not bold")
    )
    level = cell.level
    console.print(
        f"{WORDS['level'].in_(lang)}: {WORDS['claimed'].in_(lang)} {level.claimed or '?'}, "
        f"{WORDS['attained'].in_(lang)} {level.attained or '?'}, {WORDS['required'].in_(lang)} {level.required}"
    )
    for sentence in told.summary:
        console.print(f"\n{sentence.in_(lang)}", markup=False)
    for title, lines in ((_SHARED, told.shared), (_DIFFERS, told.differs)):
        if lines:
            console.print(Styled(f"\n{title.in_(lang)}", style="bold"))
            for line in lines:
                console.print(Padding(Styled(f"- {untrusted(line.in_(lang), limit=400)}"), (0, 0, 0, 2)))
    for ladder in told.ladders:
        _print_ladder(ladder, console, lang)
    if told.changes:
        console.print(Styled(f"\n{_CHANGES.in_(lang)}", style="bold"))
        for actor, remedy in told.changes:
            console.print(
                Padding(
                    Styled(f"{ACTORS[actor].in_(lang)}: ", style="bold").append(remedy.in_(lang), style="not bold"),
                    (0, 0, 0, 2),
                )
            )
    console.print(Styled(f"\n{DISCLAIMER.in_(lang)}", style="dim"))


def _print_ladder(ladder: ToldLadder, console: Console, lang: Lang) -> None:
    console.print(Styled(f"\n{', '.join(ladder.groups)}", style="bold"))
    if ladder.error is not None:
        console.print(f"  {untrusted(ladder.error)}", markup=False)
    line = Styled("  ")
    for layer, state in ladder.states:
        mark, style = _MARK[state]
        line.append(f"{mark} {NAMES[layer].in_(lang)}  ", style=style)
    console.print(line)
    for layer, code, detail in ladder.causes:
        entry = reason(code)
        colour = "yellow" if entry.effect is Effect.FINDING else "red"
        text = Styled(f"{NAMES[layer].in_(lang)}  ", style="bold").append(code, style=colour)
        text.append(f"  {entry.text.in_(lang)}", style="not bold default")
        console.print(Padding(text, (0, 0, 0, 2)))
        if detail:
            console.print(Padding(Styled(f"{WORDS['found'].in_(lang)}: {untrusted(detail, limit=400)}"), (0, 0, 0, 6)))
        console.print(Padding(Styled(f"{WORDS['clause'].in_(lang)}: {entry.clause}", style="dim"), (0, 0, 0, 6)))


def print_reason(entry: Reason, console: Console, lang: Lang = "en") -> None:
    """Print one entry of the catalogue."""
    console.print(Styled(entry.code, style="bold"))
    console.print(f"  {entry.text.in_(lang)}", markup=False)
    layer = NAMES[Layer(entry.layer)].in_(lang)
    outcome = "" if entry.sub_indication is None else f", {entry.indication} / {entry.sub_indication}"
    console.print(f"  {layer}: {entry.effect.value}{outcome}", markup=False)
    console.print(f"  {WORDS['clause'].in_(lang)}: {entry.clause}", markup=False)
    if entry.remedy is not None:
        who = ", ".join(ACTORS[actor].in_(lang) for actor in entry.actors)
        console.print(
            f"  {WORDS['remedy'].in_(lang)}: {entry.remedy.in_(lang)} ({WORDS['who'].in_(lang)}: {who})", markup=False
        )
