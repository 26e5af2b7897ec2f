"""Ladders on the page of a cell: which layers pass, and what blocks, with what was found and the clause."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text as Styled

from interop.model.layers import NAMES, LayerState
from interop.model.reasons import catalogue
from interop.model.text import Lang, Text
from interop.report.clauses import clause_in
from interop.report.page import Page
from interop.report.safe import untrusted
from interop.report.story import ToldCause, ToldLadder
from interop.report.words import WORDS, colon, listed

__all__ = ["Seen", "named", "print_ladder"]

_AS_FIRST = Text(en="as the first, and besides", zh="与第一组相同，另有")
_AS_FIRST_LESS = Text(en="as the first, but not", zh="与第一组相同，但不受阻于")
_ALIKE = Text(en="as the first", zh="与第一组相同")
_ONLY = Text(en="only in", zh="仅见于用例")
_ACCEPTED = Text(en="accepted", zh="被接受")
_BESIDE = Text(en="beside the answer", zh="附带提示")
_ABOVE = Text(en="see above", zh="见上文")
_CASES = 3
"""Cases that are named where not all of a group have a reason."""
_DETAILS = 2
"""Details of one reason that are printed; matrix.json has them all."""


Seen = set[tuple[str, tuple[Text, ...]]]
"""Codes with their details that stand on the page already."""


def print_ladder(ladder: ToldLadder, page: Page, seen: Seen, *, first: bool) -> None:
    """Print one ladder. `seen` is what was printed before; what is printed is added to it."""
    lang = page.lang
    page.hang(Styled(untrusted(_groups(ladder.groups, lang), limit=2000), style="bold"), first=2, rest=4)
    for note in ladder.notes:
        page.hang(Styled(untrusted(note.in_(lang), limit=400), style="dim"), first=4)
    if ladder.error is not None:
        page.hang(f"{WORDS['error'].in_(lang)}{colon(lang)}{untrusted(ladder.error, limit=400)}", first=4, rest=6)
    if ladder.as_first:
        _print_difference(ladder, page)
    elif ladder.accepted and not first:
        page.hang(page.state(LayerState.PASS).append(f" {_ACCEPTED.in_(lang)}"), first=4)
    elif ladder.states:
        page.flow(
            [page.state(state).append(f" {NAMES[layer].in_(lang)}") for layer, state in ladder.states],
            indent=4,
        )
    for cause in ladder.causes:
        if cause.blocks:
            _print_cause(cause, page, seen)
    beside = [cause for cause in ladder.causes if not cause.blocks]
    if beside:
        said = listed((named(cause.code, lang) for cause in beside), lang)
        page.hang(Styled(f"{_BESIDE.in_(lang)}{colon(lang)}{said}", style="dim"), first=4, rest=6)


def _groups(names: Sequence[str], lang: Lang) -> str:
    """`identity/format/level` in a row: one as it is; several by identity and format."""
    if len(names) == 1 or any(name.count("/") != 2 for name in names):
        return listed(names, lang)
    formats: dict[str, dict[str, list[str]]] = {}
    for name in names:
        identity, form, level = name.split("/")
        formats.setdefault(identity, {}).setdefault(form, []).append(level)
    alike: dict[str, list[str]] = {}
    for identity, levels in formats.items():
        said = ("；" if lang == "zh" else "; ").join(f"{form} {listed(found, lang)}" for form, found in levels.items())
        alike.setdefault(said, []).append(identity)
    said = ("。" if lang == "zh" else " | ").join(
        f"{listed(identities, lang)}{colon(lang)}{found}" for found, identities in alike.items()
    )
    return f"{len(names)} 个用例组：{said}" if lang == "zh" else f"{len(names)} groups: {said}"


def _print_difference(ladder: ToldLadder, page: Page) -> None:
    lang = page.lang
    if ladder.gone:
        gone = listed((named(code, lang) for code in ladder.gone), lang)
        page.hang(f"{_AS_FIRST_LESS.in_(lang)}{colon(lang)}{gone}", first=4, rest=6)
    elif any(cause.blocks for cause in ladder.causes):
        page.hang(f"{_AS_FIRST.in_(lang)}{colon(lang).rstrip()}", first=4)
    else:
        page.hang(_ALIKE.in_(lang), first=4)


def named(code: str, lang: Lang) -> str:
    """Sentence and code."""
    entry, shown = catalogue().get(code), untrusted(code, limit=80)
    if entry is None:
        return shown
    return f"{entry.text.zh}（{shown}）" if lang == "zh" else f"{entry.text.en} ({shown})"


def _print_cause(cause: ToldCause, page: Page, seen: Seen) -> None:
    lang, again = page.lang, (cause.code, cause.details) in seen
    seen.add((cause.code, cause.details))
    entry = catalogue().get(cause.code)
    code = untrusted(cause.code, limit=80)
    text = Styled(f"{NAMES[cause.layer].in_(lang)}{colon(lang)}", style="bold")
    if entry is None:
        text.append(code, style="red")
    else:
        text.append(f"{entry.text.in_(lang)}", style="not bold")
        mark = ("（", "；", "）") if lang == "zh" else (" (", "; ", ")")
        clause = _ABOVE.in_(lang) if again else clause_in(entry.clause, lang)
        text.append(mark[0], style="dim").append(code, style="red")
        text.append(f"{mark[1]}{clause}{mark[2]}", style="not bold dim")
    page.hang(text, first=4, rest=6)
    lead = f"{WORDS['found'].in_(lang)}{colon(lang)}"
    shown = () if again else cause.details[:_DETAILS]
    for index, detail in enumerate(shown):
        page.hang(untrusted(detail.in_(lang), limit=400), first=f"      {lead}" if index == 0 else 8, rest=8)
    if shown and len(cause.details) > _DETAILS:
        page.hang(WORDS["and_more"].in_(lang).format(count=len(cause.details) - _DETAILS), first=8)
    if cause.cases:
        cases = list(cause.cases[:_CASES])
        if len(cause.cases) > _CASES:
            cases.append(WORDS["and_more"].in_(lang).format(count=len(cause.cases) - _CASES))
        page.hang(f"{_ONLY.in_(lang)}{colon(lang)}{listed(cases, lang)}", first=6, rest=8)
