"""A timeline on a terminal: what begins or ends on which date, and which cells come out otherwise from then on.

Of many cells the dates are told, each with the cells that it moves; of a single cell its own course, group by group.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Console
from rich.text import Text as Styled

from interop.matrix.events import events
from interop.model.formats import Level
from interop.model.outcome import CELL_TEXT, GroupState
from interop.model.text import Lang, Text
from interop.model.timeline import CellChange, CellCourse, CellSpell, Event, GroupChange, GroupPoint, Timeline
from interop.report.page import Page
from interop.report.safe import untrusted
from interop.report.turns import causes, day
from interop.report.words import CONFORMITY, DISCLAIMER, colon, listed

__all__ = ["print_timeline"]

_HEAD = Text(en="timeline {since} to {until}", zh="时间线：{since} 至 {until}")
_SIGNED = Text(en="files signed {at}, set {name}", zh="文件签署于 {at}，用例集 {name}")
_NOTHING = Text(en="{cells} cells, none changes", zh="{cells} 个单元格，均无变化")
_STAYS = Text(en="nothing changes", zh="无变化")
_COUNT = Text(
    en="{changed} of {cells} cells change, on {dates} dates; the verdict changes {verdicts} times",
    zh="{cells} 个单元格中 {changed} 个发生变化，共 {dates} 个日期；结论改变 {verdicts} 次",
)
_SINGLE = Text(en="only some groups, in", zh="仅部分用例组，涉及")
_MORE = Text(en="and {count} more", zh="另有 {count} 个")
_GROUPS = Text(en="{accepted} of {supported} groups accepted", zh="{supported} 个用例组中 {accepted} 个被接受")
_COME = Text(en="now: {codes}", zh="新增：{codes}")
_GONE = Text(en="no longer: {codes}", zh="不再：{codes}")
_CLAIMED = Text(en="{level} (claimed {own})", zh="{level}（声明 {own}）")
_PROMISED = Text(en="promised by {agreement}", zh="由 {agreement} 承诺")
_UNPROMISED = Text(en="not promised", zh="无承诺")
_NEXT = Text(
    en="`interop timeline SIGNER:RELYING` follows one cell; `interop explain SIGNER:RELYING --at DATE` says why; --all names every cell",
    zh="`interop timeline 签署方:依赖方` 跟踪一个单元格；`interop explain 签署方:依赖方 --at 日期` 说明原因；--all 列出全部单元格",
)
_STATE: Mapping[GroupState, Text] = {
    GroupState.ACCEPTED: Text(en="accepted", zh="接受"),
    GroupState.BLOCKED_TECHNICAL: Text(en="technically refused", zh="技术上被拒"),
    GroupState.BLOCKED_RECOGNITION: Text(en="valid, not recognised", zh="有效未互认"),
    GroupState.UNDETERMINED: Text(en="undetermined", zh="无法判定"),
    GroupState.UNSUPPORTED: Text(en="unsupported", zh="不支持"),
    GroupState.NOT_RUN: Text(en="not run", zh="未运行"),
}
_LEVELS = [level.value for level in Level]
_CELLS = 6
"""Cells that are named of those that change alike."""


def print_timeline(
    timeline: Timeline, console: Console, lang: Lang = "en", *, titles: Mapping[str, Text], every: bool = False
) -> None:
    """Print it. `titles` are those of agreements and suites by id; `every` names all cells."""
    page = Page(console, lang)
    span = _HEAD.in_(lang).format(since=day(timeline.since), until=day(timeline.until))
    page.hang(Styled(span, style="bold"))
    page.hang(_SIGNED.in_(lang).format(at=day(timeline.signing), name=timeline.set))
    changed = [course for course in timeline.cells if course.changes]
    if len(timeline.cells) == 1:
        _print_course(timeline.cells[0], page, titles)
    elif not changed:
        page.hang(_NOTHING.in_(lang).format(cells=len(timeline.cells)))
    else:
        changes = [change for course in changed for change in course.changes]
        count = _COUNT.in_(lang).format(
            changed=len(changed),
            cells=len(timeline.cells),
            dates=len({change.at for change in changes}),
            verdicts=sum(change.before.verdict is not change.after.verdict for change in changes),
        )
        page.hang(count)
        _print_events(timeline, page, titles, every=every)
        page.blank()
        page.hang(_NEXT.in_(lang))
    page.blank()
    page.hang(Styled(DISCLAIMER.in_(lang), style="dim"))


def _print_events(timeline: Timeline, page: Page, titles: Mapping[str, Text], *, every: bool) -> None:
    known = {(change.cell, change.at): change for course in timeline.cells for change in course.changes}
    shown = ""
    for event in timeline.events:
        date = day(event.at)
        if date != shown:
            page.title(date)
            shown = date
        _print_why(event, [known[cell, event.at] for cell in event.cells], page, titles)
        changes = [known[cell, event.at] for cell in event.cells]
        for alike in _alike(change for change in changes if change.shows):
            _print_alike(alike, page, every=every)
        partly = [change.cell for change in changes if not change.shows]
        if partly:
            page.hang(_SINGLE.in_(page.lang), first=6)
            _print_cells(partly, page, every=every)


def _print_why(event: Event, changes: Iterable[CellChange], page: Page, titles: Mapping[str, Text]) -> None:
    codes = [code for change in changes for group in change.groups for code in (*group.arrived, *group.left)]
    for number, line in enumerate(causes(event.why, tuple(dict.fromkeys(codes)), page.lang, titles)):
        page.hang(line, first="  - " if not number else 4, rest=4)


def _alike(changes: Iterable[CellChange]) -> list[list[CellChange]]:
    """Changes that read the same: those of the verdict first, then the larger ones."""
    found: dict[tuple[object, ...], list[CellChange]] = {}
    for change in changes:
        one, other = change.before, change.after
        key = (
            one.verdict,
            other.verdict,
            _moved(one.conformity, other.conformity),
            _moved(one.level.attained, other.level.attained),
        )
        found.setdefault(key, []).append(change)
    return sorted(
        found.values(),
        key=lambda alike: (alike[0].before.verdict is alike[0].after.verdict, -len(alike), alike[0].cell),
    )


def _moved(before: object, after: object) -> tuple[object, ...]:
    """Both, where they differ: what stays is not told."""
    return () if before == after else (before, after)


def _print_alike(alike: Sequence[CellChange], page: Page, *, every: bool) -> None:
    lang, before, after = page.lang, alike[0].before, alike[0].after
    head = page.verdict(before.verdict).append(" -> ").append_text(page.verdict(after.verdict)).append("  ")
    if before.verdict is not after.verdict:
        head.append(f"{CELL_TEXT[before.verdict].in_(lang)} -> ")
    head.append(CELL_TEXT[after.verdict].in_(lang), style="bold")
    more = []
    if before.conformity is not after.conformity:
        more.append(f"{CONFORMITY[before.conformity].in_(lang)} -> {CONFORMITY[after.conformity].in_(lang)}")
    if before.level.attained != after.level.attained:
        more.append(f"{before.level.attained or '-'} -> {after.level.attained or '-'}")
    page.hang(Styled(_join(lang)).join([head, *map(Styled, more)]), first=6, rest=8)
    _print_cells([change.cell for change in alike], page, every=every)


def _print_cells(cells: Sequence[str], page: Page, *, every: bool) -> None:
    """Their ids; where all are of one signer, its name once and those of the relying parties."""
    shown = cells if every else cells[:_CELLS]
    signers = {cell.partition(":")[0] for cell in cells}
    lead = f"{signers.pop()}: " if len(signers) == 1 and len(cells) > 1 else ""
    items = [Styled(untrusted(cell.partition(":")[2] if lead else cell, limit=120)) for cell in shown]
    if len(shown) < len(cells):
        items.append(Styled(_MORE.in_(page.lang).format(count=len(cells) - len(shown)), style="dim"))
    page.flow(items, indent=8, lead=untrusted(lead) + " " if lead else "")


def _print_course(course: CellCourse, page: Page, titles: Mapping[str, Text]) -> None:
    """One cell: how it stands at the begin, and every change with its reason and its groups."""
    page.blank()
    page.hang(Styled(untrusted(course.cell), style="bold"))
    if not course.changes:
        page.hang(_STAYS.in_(page.lang))
    page.blank()
    _print_spell(course.spells[0], page)
    for line in _alike_groups(course.groups.items(), page.lang):
        page.hang(line, first=6, rest=8)
    told = {event.at: event for event in events([course])}
    for change in course.changes:
        page.blank()
        _print_spell(change.after, page)
        _print_why(told[change.at], [change], page, titles)
        for line in _changed_groups(change.groups, page.lang):
            page.hang(line, first=6, rest=8)


def _print_spell(spell: CellSpell, page: Page) -> None:
    lang = page.lang
    line = Styled(f"{day(spell.since)}  ", style="bold").append_text(page.verdict(spell.verdict)).append(" ")
    level = spell.level.attained
    parts = [
        CELL_TEXT[spell.verdict].in_(lang),
        CONFORMITY[spell.conformity].in_(lang),
        *([] if level is None else [_level(level, spell.level.claimed, lang)]),
        _GROUPS.in_(lang).format(accepted=spell.accepted, supported=spell.supported),
    ]
    page.hang(line.append(_join(lang).join(parts)), rest=4)


def _level(attained: str, claimed: str | None, lang: Lang) -> str:
    return (
        attained if attained == claimed or claimed is None else _CLAIMED.in_(lang).format(level=attained, own=claimed)
    )


def _point(point: GroupPoint, lang: Lang, *, level: bool = True, promise: bool = True) -> str:
    parts = [_STATE[point.state].in_(lang)]
    if level and point.attained is not None:
        parts.append(point.attained)
    if promise and point.promised:
        parts.append(_PROMISED.in_(lang).format(agreement=point.agreement or "-"))
    elif promise:
        parts.append(_UNPROMISED.in_(lang))
    return listed(parts, lang)


def _compact(groups: Iterable[str], lang: Lang) -> str:
    """`identity/format/level`, with the levels of one identity and format together."""
    found: dict[str, list[str]] = {}
    for group in groups:
        kind, _, level = group.rpartition("/")
        found.setdefault(kind, []).append(level)
    return listed((f"{kind}/{'+'.join(sorted(levels, key=_LEVELS.index))}" for kind, levels in found.items()), lang)


def _alike_groups(groups: Iterable[tuple[str, GroupPoint]], lang: Lang) -> Iterator[str]:
    found: dict[GroupPoint, list[str]] = {}
    for name, point in groups:
        found.setdefault(point, []).append(name)
    for point, names in found.items():
        yield f"{_compact(names, lang)}{colon(lang)}{_point(point, lang)}"


def _changed_groups(groups: Iterable[GroupChange], lang: Lang) -> Iterator[str]:
    found: dict[tuple[GroupPoint, GroupPoint, tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for group in groups:
        found.setdefault((group.before, group.after, group.arrived, group.left), []).append(group.group)
    for (before, after, arrived, left), names in found.items():
        level, promise = before.attained != after.attained, _promise(before) != _promise(after)
        said = " -> ".join(_point(point, lang, level=level, promise=promise) for point in (before, after))
        codes = [
            *([_COME.in_(lang).format(codes=listed(arrived, lang))] if arrived else []),
            *([_GONE.in_(lang).format(codes=listed(left, lang))] if left else []),
        ]
        yield f"{_compact(names, lang)}{colon(lang)}{_join(lang).join([said, *codes])}"


def _join(lang: Lang) -> str:
    """Between parts of a line."""
    return "；" if lang == "zh" else "; "


def _promise(point: GroupPoint) -> tuple[bool, str | None]:
    return point.promised, point.agreement
