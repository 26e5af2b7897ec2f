"""From the courses of vectors to the course of a cell: at every instant at which an answer changes, groups and cell by the rules of
the matrix, and what is different from then on. Pure.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from interop.matrix.cell import GroupStanding, cell_level, cell_verdict, combine, conformity
from interop.matrix.turns import in_order, turns_of
from interop.model.assurance import AssuranceLevel
from interop.model.instant import Interval
from interop.model.layers import Cause, Layer
from interop.model.outcome import GroupState
from interop.model.timeline import CellChange, CellCourse, CellSpell, Dated, GroupChange, GroupPoint, Turn

__all__ = ["Course", "GroupCourse", "Spell", "cell_course"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A span of validation time over which a relying party gives one answer on one vector."""

    span: Interval
    """Clipped to the years asked about."""
    accepted: bool
    promised: bool
    attained: str | None
    """`L0` to `L4`; None without a signature."""
    first_block: Layer | None
    """First blocking layer; None where nothing blocks."""
    state: GroupState
    """What it makes of the vector's group, were it alone in it."""
    agreement: str | None = None
    """Id of the instrument that promises it."""
    reasons: tuple[str, ...] = ()
    """Codes of what blocks, headline first, each once."""
    arrived: tuple[Cause, ...] = ()
    """Reasons, findings included, that were not there an instant before the span; empty at the begin of the years."""
    left: tuple[Cause, ...] = ()
    """Reasons that were there an instant before the span and are not in it."""

    def says(self) -> tuple[object, ...]:
        """The answer: everything but the span, and how it differs from the answer before."""
        return (
            self.accepted, self.promised, self.attained, self.first_block, self.state, self.agreement, self.reasons
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One vector at one relying party over the years."""

    vector: str
    """`signer.identity/format/level/case`."""
    relying: str
    spells: tuple[Spell, ...]
    """In order of time, without gaps; neighbours differ."""
    judged: int
    """How often the judge was asked."""

    def at(self, instant: datetime) -> Spell:
        """The spell that holds then. ValueError outside the years."""
        place = bisect_right(self.spells, instant, key=_start) - 1
        if place < 0 or instant not in self.spells[place].span:
            raise ValueError(f"{self.vector} at {self.relying}: nothing is known of {instant}")
        return self.spells[place]


def _start(spell: Spell) -> datetime:
    if spell.span.start is None:
        raise ValueError("a spell begins somewhere")
    return spell.span.start


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCourse:
    """One group at one relying party over the years."""

    name: str
    """`identity/format/level`."""
    claimed: AssuranceLevel
    """Home level of the identity."""
    courses: tuple[Course, ...]
    """Of its required cases, at least one."""


DatedOn = Callable[[str, datetime], Iterable[Dated]]
"""Vector id, instant -> what begins or ends then of all that the vector's answer rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """A cell at one instant, from which on it may be different."""

    at: datetime
    groups: Mapping[str, GroupPoint]
    unsafe: bool


def cell_course(
    cell: str,
    groups: Sequence[GroupCourse],
    *,
    years: Interval,
    floor: AssuranceLevel,
    dated: DatedOn,
    negatives: Sequence[Course] = (),
) -> CellCourse:
    """The course of one cell over the years. `negatives` are vectors that must be rejected: one that is accepted makes the cell unsafe.

    `floor` is the level that the relying party asks for. ValueError for years without a begin or an end, and for courses that leave
    some of them out.
    """
    if years.start is None or years.end is None:
        raise ValueError("the years begin and end somewhere")
    ordered = sorted(groups, key=lambda group: group.name)
    points = list(_points(ordered, negatives, years.start))
    ends = [*(point.at for point in points[1:]), years.end]
    claimed = {group.name: group.claimed for group in ordered}
    spells = [_spell(point, Interval(point.at, end), claimed, floor) for point, end in zip(points, ends, strict=True)]
    changes = []
    for (before, after), (one, other) in zip(pairwise(points), pairwise(spells), strict=True):
        moved = [group for group in ordered if before.groups[group.name] != after.groups[group.name]]
        courses = [course for group in moved for course in group.courses] or negatives
        changes.append(
            CellChange(
                at=after.at,
                cell=cell,
                before=one,
                after=other,
                groups=tuple(
                    _group_change(group, before.groups[group.name], after.groups[group.name], after.at)
                    for group in moved
                ),
                why=_why(courses, after.at, dated),
            )
        )
    return CellCourse(cell=cell, spells=tuple(spells), groups=points[0].groups, changes=tuple(changes))


def _points(groups: Sequence[GroupCourse], negatives: Sequence[Course], first: datetime) -> Iterator[_Point]:
    """The cell at the begin, and wherever a group or its being safe is different from before."""
    starts = {group.name: {_start(spell) for course in group.courses for spell in course.spells} for group in groups}
    every = {first}.union(*starts.values(), *({_start(spell) for spell in course.spells} for course in negatives))
    last: _Point | None = None
    for at in sorted(every):
        known = {} if last is None else last.groups
        found = {
            group.name: known[group.name] if last is not None and at not in starts[group.name] else _group(group, at)
            for group in groups
        }
        point = _Point(at=at, groups=found, unsafe=any(course.at(at).accepted for course in negatives))
        if last is None or (point.groups, point.unsafe) != (last.groups, last.unsafe):
            yield point
            last = point


def _group(group: GroupCourse, at: datetime) -> GroupPoint:
    spells = [course.at(at) for course in group.courses]
    promised = all(spell.promised for spell in spells)
    agreements = sorted({spell.agreement for spell in spells if spell.agreement is not None})
    return GroupPoint(
        state=combine([spell.state for spell in spells]),
        promised=promised,
        agreement=agreements[0] if promised and agreements else None,
        attained=min((spell.attained for spell in spells if spell.attained is not None), default=None),
    )


def _spell(point: _Point, span: Interval, claimed: Mapping[str, AssuranceLevel], floor: AssuranceLevel) -> CellSpell:
    if span.start is None or span.end is None:
        raise ValueError("a spell begins and ends somewhere")
    standings = [
        GroupStanding(
            state=group.state,
            promised=group.promised,
            full_level=(attained := _level(group)) is not None and attained >= claimed[name],
        )
        for name, group in point.groups.items()
    ]
    states = [group.state for group in point.groups.values()]
    return CellSpell(
        since=span.start,
        until=span.end,
        verdict=cell_verdict(standings, unsafe=point.unsafe),
        conformity=conformity(standings),
        level=cell_level(((group.state, claimed[name], _level(group)) for name, group in point.groups.items()), floor),
        accepted=states.count(GroupState.ACCEPTED),
        supported=sum(state not in {GroupState.UNSUPPORTED, GroupState.NOT_RUN} for state in states),
    )


def _level(group: GroupPoint) -> AssuranceLevel | None:
    return None if group.attained is None else AssuranceLevel[group.attained]


def _group_change(group: GroupCourse, before: GroupPoint, after: GroupPoint, at: datetime) -> GroupChange:
    spells = [spell for course in group.courses if _start(spell := course.at(at)) == at]
    return GroupChange(
        group=group.name,
        before=before,
        after=after,
        arrived=tuple(dict.fromkeys(cause.code for spell in spells for cause in spell.arrived)),
        left=tuple(dict.fromkeys(cause.code for spell in spells for cause in spell.left)),
    )


def _why(courses: Iterable[Course], at: datetime, dated: DatedOn) -> tuple[Turn, ...]:
    """What explains the change of any of the vectors, each once."""
    found: set[Turn] = set()
    for course in courses:
        place = bisect_right(course.spells, at, key=_start) - 1
        spell = course.spells[place]
        if place and _start(spell) == at:
            before = course.spells[place - 1].agreement
            instruments = {before, spell.agreement} if before != spell.agreement else set()
            causes = (*spell.arrived, *spell.left)
            found.update(turns_of(causes, dated(course.vector, at), instruments=instruments))
    return in_order(found)
