"""Cells over the years: every vector followed at every relying party, and every change with what begins or ends on its date."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from interop.matrix.events import events
from interop.matrix.timeline import Course, GroupCourse, cell_course
from interop.model.assurance import AssuranceLevel
from interop.model.errors import EngineError, UsageError
from interop.model.facts import Facts
from interop.model.instant import Interval, format_instant
from interop.model.profile import Provider
from interop.model.timeline import CellCourse, Dated, Timeline
from interop.run.execute import Run
from interop.run.judge import Bench
from interop.run.measure import uncollected
from interop.run.progress import SILENT, Listener
from interop.run.turns import Calendar
from interop.run.workers import Failure, run_jobs
from interop.run.years import (
    YEARS_SECONDS,
    Followed,
    YearsJob,
    collect_evidence,
    followed,
    unmade,
    vector_courses,
    years_jobs,
)
from interop.vector.catalogue import VectorSpec

__all__ = ["CellsJob", "check_years", "follow_cells", "run_cells", "years_on"]

_LAST_YEAR = 9999
_FEW = 1500
"""Pairs of vector and relying party that are followed sooner than a worker starts."""


def years_on(start: datetime, years: int) -> datetime:
    """The same day so many years on; the 28th for the 29th of February. UsageError beyond the year 9999."""
    if start.year + years > _LAST_YEAR:
        raise UsageError(
            f"{years} years from there lie beyond the year {_LAST_YEAR}", hints=("name the end with --to",)
        )
    day = min(start.day, 28) if start.month == 2 else start.day
    return start.replace(year=start.year + years, day=day)


def check_years(start: datetime, end: datetime) -> None:
    """UsageError for years without length."""
    if not start < end:
        raise UsageError(
            f"the years end ({format_instant(end)}) before they begin ({format_instant(start)})",
            hints=("--from is the first validation instant, --to the first one after",),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One signer, and what of it the cells are made from."""

    signer: str
    groups: Mapping[str, tuple[AssuranceLevel, tuple[str, ...]]]
    """`identity/format/level` -> level claimed, ids of the required vectors."""
    unmade: frozenset[str] = frozenset()
    """Required vectors that could not be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellsJob:
    """The cells of some signers."""

    years: YearsJob
    rows: tuple[Row, ...]


def follow_cells(run: Run, start: datetime, end: datetime, listener: Listener = SILENT) -> Timeline:
    """The course of every cell of the run over `[start, end)`, exact to the instant.

    The run has been carried out. Raises UsageError where the years have no length, EngineError where a worker fails.
    """
    check_years(start, end)
    listener.stage("asking status services over the years", 0)
    collect_evidence(run, (start, end))
    rows = {row.signer: row for row in _rows(run)}
    specs = run.specs
    vectors = [vector for vector in followed(run) if vector.negative or specs[vector.vector].case.counted]
    workers = run.plan.options.jobs
    if len(vectors) * len(run.plan.relying) < _FEW:
        workers = 0
    shares = years_jobs(run, vectors, Interval(start, end), parts=max(2 * workers, 1))
    jobs = [
        CellsJob(years=share, rows=tuple(rows[name] for name in dict.fromkeys(v.signer for v in share.vectors)))
        for share in shares
    ]
    left = set(rows) - {row.signer for job in jobs for row in job.rows}
    if left:  # not one of its vectors could be made
        (bare,) = years_jobs(run, (), Interval(start, end), parts=1)
        jobs.append(CellsJob(years=bare, rows=tuple(rows[name] for name in sorted(left))))
    listener.stage("moving through the years", len(jobs))
    cells: list[CellCourse] = []
    with uncollected():
        for job, result in run_jobs(run_cells, jobs, workers=workers, timeout=YEARS_SECONDS):
            if isinstance(result, Failure):
                raise EngineError(f"the years could not be followed: {result.what}")
            listener.step(", ".join(row.signer for row in job.rows))
            cells.extend(result)
    ordered = tuple(sorted(cells, key=lambda course: course.cell.split(":")))
    return Timeline(
        set=run.plan.set_id,
        signing=run.plan.signing,
        since=start,
        until=end,
        cells=ordered,
        events=events(ordered),
    )


def _rows(run: Run) -> Iterator[Row]:
    """The rows of the matrix with their groups, as `matrix.build` makes them."""
    specs: dict[str, list[VectorSpec]] = {}
    for spec in run.plan.specs:
        specs.setdefault(spec.provider.id, []).append(spec)
    for signer, own in specs.items():
        groups: dict[str, tuple[AssuranceLevel, tuple[str, ...]]] = {}
        for spec in own:
            if spec.case.counted:
                level, known = groups.get(spec.vector.group, (spec.identity.assurance.level, ()))
                groups[spec.vector.group] = (level, (*known, spec.id))
        missing = frozenset(spec.id for spec in own if spec.id not in run.observations)
        yield Row(signer=signer, groups=groups, unmade=missing)


def run_cells(job: CellsJob) -> tuple[CellCourse, ...]:
    """Follow the vectors of some signers and make their cells. Runs in a worker."""
    share = job.years
    bench = Bench.build(world=share.world, suites=share.suites, knowledge=share.knowledge, names=share.names)
    calendar = Calendar(world=share.world, suites=share.suites, knowledge=share.knowledge, names=share.names)
    parties = tuple(share.world.provider(name) for name in share.relying)
    own: dict[str, list[Followed]] = {}
    for vector in share.vectors:
        own.setdefault(vector.signer, []).append(vector)
    with uncollected():
        return tuple(
            cell
            for row in job.rows
            for cell in _Follower(bench, calendar, parties, share.years, row).cells(own.get(row.signer, []), share)
        )


@dataclass(frozen=True, slots=True)
class _Follower:
    """The cells of one signer in the making."""

    bench: Bench
    calendar: Calendar
    parties: tuple[Provider, ...]
    years: Interval
    row: Row

    def cells(self, vectors: Sequence[Followed], share: YearsJob) -> Iterator[CellCourse]:
        known = {
            (vector.vector, course.relying): course
            for vector in vectors
            for course in vector_courses(self.bench, vector, self.parties, share)
        }
        negatives = [vector.vector for vector in vectors if vector.negative]
        facts = {vector.vector: vector.facts for vector in vectors}
        for relying in self.parties:
            yield cell_course(
                f"{self.row.signer}:{relying.id}",
                [
                    GroupCourse(
                        name=name,
                        claimed=claimed,
                        courses=tuple(self._course(vector, relying.id, known) for vector in required),
                    )
                    for name, (claimed, required) in self.row.groups.items()
                ],
                years=self.years,
                floor=relying.relying.floor,
                dated=self._dated(facts, relying),
                negatives=[known[vector, relying.id] for vector in negatives],
            )

    def _course(self, vector: str, relying: str, known: Mapping[tuple[str, str], Course]) -> Course:
        return unmade(vector, relying, self.years) if vector in self.row.unmade else known[vector, relying]

    def _dated(self, facts: Mapping[str, Facts], relying: Provider) -> Callable[[str, datetime], list[Dated]]:
        """What begins or ends on an instant, looked up once for each vector."""
        known: dict[str, Callable[[datetime], list[Dated]]] = {}

        def on(vector: str, at: datetime) -> list[Dated]:
            if vector not in known:
                known[vector] = self.calendar.of(facts[vector], self.row.signer, relying)
            return known[vector](at)

        return on
