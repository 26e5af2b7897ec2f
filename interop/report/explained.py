"""One cell or one reason as a page that both sides can act on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text as Styled

from interop.model.layers import NAMES, Layer
from interop.model.matrix import Cell
from interop.model.outcome import CELL_TEXT
from interop.model.reasons import Actor, Effect, Reason, catalogue
from interop.model.text import Lang, Text
from interop.report.clauses import clause_in
from interop.report.ladders import Seen, named, print_ladder
from interop.report.page import STYLE, Page
from interop.report.remedies import print_remedy, why_none
from interop.report.safe import untrusted
from interop.report.story import Assumed, Change, Told
from interop.report.words import ACTORS, CONFORMITY, DISCLAIMER, WORDS, colon, listed

__all__ = ["print_cell", "print_reason", "print_reasons"]

_WHAT_IF = Text(en="what if", zh="假设")
_BEFORE = Text(en="before", zh="之前")
_NOW = Text(en="with it", zh="之后")
_GONE = Text(en="no longer in the way", zh="不再受阻于")
_FEWER = Text(en="no longer in the way of some groups", zh="部分用例组不再受阻于")
_COME = Text(en="now in the way", zh="新增阻断")
_ADDED = Text(en="new groups", zh="新增用例组")
_STAYS = Text(en="still in the way", zh="仍受阻于")
_UNTOUCHED = Text(
    en="nothing that decides this cell is changed: not the signer, not the relying party, no instrument that names it",
    zh="未改变决定此单元格的任何因素：签署方、依赖方以及涉及该依赖方的互认安排均未改变",
)
_UNMOVED = Text(en="nothing that is in the way of this cell goes away", zh="此单元格的各项阻断原因均未消除")
_OTHERS = Text(
    en="the verdict stays: what the changes take away is not all that is in the way",
    zh="结论不变：这些改变只消除了部分阻断原因",
)
_UNBLOCKED = Text(en="nothing is in the way, before or after", zh="改变前后均无阻断")
_SHARED = Text(en="what both sides have in common", zh="双方的共同点")
_DIFFERS = Text(en="where they part", zh="分歧所在")
_WHY = Text(en="why", zh="原因")
_CHANGES = Text(en="what either side could change", zh="任一方可作的改变")
_REMEDIES = Text(en="what helps, tried", zh="经验证的补救措施")
_LEVELS = Text(en="level of assurance, by identity", zh="各签署身份的保证级别")
_IDLE = Text(en="instruments that name the pair and promise nothing", zh="涉及双方但不作承诺的互认安排")
_EFFECTS = {
    Effect.FAIL: Text(en="fail", zh="不通过"),
    Effect.INDETERMINATE: Text(en="indeterminate", zh="无法判定"),
    Effect.UNSUPPORTED: Text(en="unsupported", zh="不支持"),
    Effect.NOT_EVALUATED: Text(en="not evaluated", zh="未评估"),
    Effect.FINDING: Text(en="finding", zh="提示"),
}


def print_cell(told: Told, console: Console, lang: Lang = "en", *, given: Sequence[str] = ()) -> None:
    """Print the page of one cell: the point first, then why, then who could do what, then the ground it stands on.

    `given`: options that commands on the page have to have besides.
    """
    page = Page(console, lang)
    _print_head(told, page)
    if told.assumed is not None:
        _print_assumed(told.assumed, told.cell, page)
    if told.summary:
        page.blank()
        between = "" if lang == "zh" else " "
        page.hang(untrusted(between.join(sentence.in_(lang) for sentence in told.summary), limit=2000))
    _print_section(_SHARED, told.shared, page)
    _print_section(_DIFFERS, told.differs, page)
    page.title(_WHY.in_(lang))
    seen: Seen = set()
    for index, ladder in enumerate(told.ladders):
        if index:
            page.blank()
        print_ladder(ladder, page, seen, first=index == 0)
    _print_help(told, page, given)
    _print_section(_LEVELS, told.levels, page)
    _print_section(_IDLE, told.idle, page)
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
    page.rows(
        [
            (Styled(name.in_(lang), style="bold"), Styled(page.plain(untrusted(value.in_(lang), limit=1000))))
            for name, value in told.head
        ],
        indent=2,
    )


def _print_section(title: Text, lines: Iterable[Text], page: Page) -> None:
    for index, line in enumerate(lines):
        if index == 0:
            page.title(title.in_(page.lang))
        page.hang(untrusted(line.in_(page.lang), limit=600), first="  - ", rest=4)


def _print_assumed(assumed: Assumed, now: Cell, page: Page) -> None:
    lang = page.lang
    page.title(_WHAT_IF.in_(lang))
    for change in assumed.changes:
        page.hang(untrusted(change.in_(lang), limit=600), first="  - ", rest=4)
    for name, cell in ((_BEFORE, assumed.before), (_NOW, now)):
        said = Styled(f"{name.in_(lang)}{colon(lang)}", style="bold").append_text(page.verdict(cell.verdict))
        said.append(f" {CELL_TEXT[cell.verdict].in_(lang)}", style=STYLE[cell.verdict])
        more = (CONFORMITY[cell.conformity].in_(lang), f"{WORDS['level'].in_(lang)} {cell.level.attained or '?'}")
        page.hang(said.append(f"  ({listed(more, lang)})", style="not bold default"), first=4, rest=6)
    if not assumed.touched:
        page.hang(_UNTOUCHED.in_(lang), first=4, rest=6)
    elif not (assumed.gone or assumed.fewer or assumed.come or assumed.added):
        page.hang((_UNMOVED if assumed.stays else _UNBLOCKED).in_(lang), first=4, rest=6)
    elif assumed.before.verdict is now.verdict and assumed.stays:
        page.hang(_OTHERS.in_(lang), first=4, rest=6)
    if assumed.added:
        added = listed(assumed.added, lang)
        page.hang(f"{_ADDED.in_(lang)}{colon(lang)}{untrusted(added, limit=600)}", first=4, rest=6)
    for title, codes in (
        (_GONE, assumed.gone),
        (_FEWER, assumed.fewer),
        (_COME, assumed.come),
        (_STAYS, assumed.stays),
    ):
        if codes:
            page.hang(f"{title.in_(lang)}{colon(lang).rstrip()}", first=4)
        for code in codes:
            page.hang(named(code, lang), first="      - ", rest=8)


def _print_help(told: Told, page: Page, given: Sequence[str]) -> None:
    """What would help and who must act: the remedies that were tried, and what the catalogue says of each reason."""
    lang = page.lang
    if told.remedies is not None:
        page.title(_REMEDIES.in_(lang))
        cell = f"{told.signer}:{told.relying}"
        given = (*given, *(() if told.assumed is None else told.assumed.options))
        for number, remedy in enumerate(told.remedies, start=1):
            print_remedy(remedy, cell, page, told.agreements, number=number, indent=2, given=given)
        if not told.remedies:
            page.hang(why_none(told.cell).in_(lang), first=2)
            return
    by_actor: dict[tuple[Actor, ...], list[Change]] = {}
    for change in told.changes:
        by_actor.setdefault(change.actors, []).append(change)
    if by_actor:
        page.title(_CHANGES.in_(lang))
    for actors, found in by_actor.items():
        text = Styled(f"{_who(actors, lang)}{colon(lang)}", style="bold")
        said = ("；" if lang == "zh" else "; ").join(change.text.in_(lang) for change in found)
        page.hang(text.append(untrusted(said, limit=1000), style="not bold"), first="  - ", rest=4)


def _who(actors: Iterable[Actor], lang: Lang) -> str:
    return listed((ACTORS[actor].in_(lang) for actor in actors), lang)


def print_reason(entry: Reason, console: Console, lang: Lang = "en") -> None:
    """Print one entry of the catalogue."""
    page = Page(console, lang)
    page.hang(Styled(entry.code, style="bold"))
    page.hang(entry.text.in_(lang), first=2)
    outcome = "" if entry.sub_indication is None else f", {entry.indication} / {entry.sub_indication}"
    effect = f"{_EFFECTS[entry.effect].in_(lang)}{outcome}"
    rows = [(NAMES[Layer(entry.layer)].in_(lang), effect), (WORDS["clause"].in_(lang), clause_in(entry.clause, lang))]
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
