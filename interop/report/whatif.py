"""What changes would do, on a terminal: transitions that are alike told together, with their causes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from rich.console import Console
from rich.text import Text as Styled

from interop.matrix.transition import Transition
from interop.model.agreement import Agreement
from interop.model.change import Change
from interop.model.codec import dump_plain
from interop.model.instant import format_instant
from interop.model.outcome import CELL_TEXT, CellVerdict
from interop.model.reasons import catalogue
from interop.model.text import Lang, Text
from interop.report.changes import told_together
from interop.report.page import Page
from interop.report.safe import untrusted
from interop.report.words import CONFORMITY, DISCLAIMER, colon, listed

__all__ = ["print_what_if", "what_if_json"]

_HEAD = Text(en="what if", zh="假设")
_NOTHING = Text(en="no cell comes out otherwise", zh="没有单元格发生变化")
_COUNT = Text(
    en="{changed} of {judged} cells judged again come out otherwise, {verdicts} of them with another verdict",
    zh="重新判定 {judged} 个单元格，其中 {changed} 个结果不同，{verdicts} 个结论改变",
)
_RESIGNED = Text(en="issued and signed again: {who}", zh="重新签发并签名：{who}")
_IDLE = Text(en="changes nothing, it is so already", zh="无变化：现状即如此")
_SAME = Text(en="the verdict stays", zh="结论不变")
_GONE = Text(en="no longer in the way", zh="不再受阻于")
_COME = Text(en="now in the way", zh="新增阻断")
_ADDED = Text(en="new groups", zh="新增用例组")
_LOST = Text(en="groups that are gone", zh="不再有的用例组")
_MORE = Text(en="and {count} more (--all lists every cell)", zh="另有 {count} 个（--all 列出全部）")
_CELLS = 6
"""Cells that are named of those that change alike."""


def what_if_json(
    changes: Sequence[Change], transitions: Sequence[Transition], *, at: datetime, judged: int, resigned: Sequence[str]
) -> str:
    """The same as JSON: the changes as options, and every cell that comes out otherwise."""
    plain = {
        "schema_version": "1.0",
        "changes": [str(change) for change in changes],
        "at": format_instant(at),
        "judged": judged,
        "resigned": list(resigned),
        "transitions": [dump_plain(transition) for transition in transitions],
    }
    return json.dumps(plain, ensure_ascii=False, indent=1)


def print_what_if(
    changes: Sequence[Change], transitions: Sequence[Transition], console: Console, lang: Lang = "en", *,
    agreements: Iterable[Agreement] = (), judged: int, resigned: Sequence[str] = (), moved_to: str | None = None,
    every: bool = False, idle: Collection[Change] = (),
) -> None:  # fmt: skip
    """Print the answer. `judged` cells were judged again; `every` names all cells; changes in `idle` left everything as it was."""
    page = Page(console, lang)
    page.hang(Styled(f"{_HEAD.in_(lang)}{colon(lang)}", style="bold"))
    for line in told_together(changes, agreements):
        page.hang(untrusted(line.in_(lang), limit=400), first="  - ", rest=4)
    for change in idle:
        page.hang(Styled(f"{change}{colon(lang)}{_IDLE.in_(lang)}", style="yellow"), first="  ! ", rest=4)
    if moved_to is not None:
        page.hang(Text(en=f"it is {moved_to}", zh=f"验证时间为 {moved_to}").in_(lang), first="  - ", rest=4)
    page.blank()
    verdicts = sum(transition.verdict_changed for transition in transitions)
    if transitions:
        page.hang(_COUNT.in_(lang).format(changed=len(transitions), judged=judged, verdicts=verdicts))
    else:
        page.hang(_NOTHING.in_(lang))
    if resigned:
        page.hang(_RESIGNED.in_(lang).format(who=listed(resigned, lang)))
    for alike in _alike(transitions):
        _print_alike(alike, page, every=every)
    page.blank()
    page.hang(Styled(DISCLAIMER.in_(lang), style="dim"))


def _alike(transitions: Sequence[Transition]) -> list[list[Transition]]:
    """Transitions with the same verdicts, conformity and causes; those that change the verdict first, then the larger ones."""
    found: dict[tuple[object, ...], list[Transition]] = {}
    for one in transitions:
        others = tuple(group.group for group in one.groups if group.before is None or group.after is None)
        key = (one.before, one.after, one.conformity, one.gone, one.come, _levels(one), others)
        found.setdefault(key, []).append(one)
    return sorted(found.values(), key=lambda group: (not group[0].verdict_changed, -len(group), group[0].cell))


def _levels(one: Transition) -> tuple[str | None, str | None]:
    before, after = one.level
    return (None if before is None else before.attained, None if after is None else after.attained)


def _print_alike(alike: Sequence[Transition], page: Page, *, every: bool) -> None:
    first, lang = alike[0], page.lang
    page.blank()
    head = _mark(first.before, page).append(" -> ").append_text(_mark(first.after, page)).append("  ")
    if first.verdict_changed:
        head.append(_words(first.before, lang)).append(" -> ").append(_words(first.after, lang), style="bold")
    else:
        head.append(f"{_words(first.after, lang)}{colon(lang)}{_SAME.in_(lang)}")
    page.hang(head, rest=8)
    details = []
    was, now = first.conformity
    if was is not None and now is not None and was is not now:
        details.append(f"{CONFORMITY[was].in_(lang)} -> {CONFORMITY[now].in_(lang)}")
    before, after = _levels(first)
    if before != after and before is not None and after is not None:
        details.append(f"{before} -> {after}")
    if details:
        page.hang(listed(details, lang), first=8, rest=8)
    for title, codes in ((_GONE, first.gone), (_COME, first.come)):
        for code in codes:
            entry = catalogue().get(code)
            said = code if entry is None else f"{code}  {entry.text.in_(lang)}"
            page.hang(f"{title.in_(lang)}{colon(lang)}{said}", first=8, rest=10)
    added = sorted({group.group for one in alike for group in one.groups if group.before is None})
    lost = sorted({group.group for one in alike for group in one.groups if group.after is None})
    for title, groups in ((_ADDED, added), (_LOST, lost)):
        if groups:
            page.hang(f"{title.in_(lang)}{colon(lang)}{listed(groups, lang)}", first=8, rest=10)
    names = [one.cell for one in alike]
    shown = names if every else names[:_CELLS]
    items = [Styled(untrusted(name, limit=120), style="bold") for name in shown]
    if len(shown) < len(names):
        items.append(Styled(_MORE.in_(lang).format(count=len(names) - len(shown)), style="dim"))
    page.flow(items, indent=8)


def _mark(verdict: CellVerdict | None, page: Page) -> Styled:
    return Styled(" ") if verdict is None else page.verdict(verdict)


def _words(verdict: CellVerdict | None, lang: Lang) -> str:
    return "" if verdict is None else CELL_TEXT[verdict].in_(lang)
