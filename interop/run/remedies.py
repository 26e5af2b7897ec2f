"""Remedies of a run: for every blocked cell the smallest sets of changes that turn it, each tried by judging (and signing) again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from interop.matrix.inputs import MODELLED
from interop.matrix.options import options
from interop.matrix.pattern import BLOCKED as UNACCEPTED
from interop.matrix.refused import Option, Refused
from interop.matrix.remedy import Found, Trial, smallest, turned
from interop.model.assurance import AssuranceLevel
from interop.model.errors import EngineError
from interop.model.formats import Format, Level
from interop.model.instant import format_instant
from interop.model.matrix import Matrix
from interop.model.outcome import CellVerdict
from interop.run.execute import Run, execute
from interop.run.plan import Options, plan
from interop.run.progress import SILENT, Listener
from interop.run.workers import Failure, run_jobs
from interop.run.workshop import Workshop, summed

__all__ = ["BLOCKED", "RemedyJob", "remedies_of", "run_remedies"]

BLOCKED = frozenset(
    {CellVerdict.NOT_RECOGNISED, CellVerdict.VALID_NOT_RECOGNISED, CellVerdict.INCONCLUSIVE, CellVerdict.PARTIAL}
)
"""Verdicts for which remedies are looked for."""
ROW_SECONDS = 600.0
"""Wall-clock limit for one signer's cells."""
FEW = 24
"""So many cells are looked at in this process: a worker would take longer to come up."""


def remedies_of(
    run: Run, matrix: Matrix, listener: Listener = SILENT, *, cells: Collection[str] | None = None
) -> Found:
    """Remedies of every blocked cell (of `cells`), best first; an empty tuple where no change that is known here helps.

    Cells of relying parties for which a program speaks are left out: what it would say under other rules is not ours to know.
    """
    ours = {party.id for party in matrix.tables.parties if party.engine == MODELLED}
    asked = matrix.cells if cells is None else cells
    names = [n for n in asked if matrix.cells[n].verdict in BLOCKED and n.partition(":")[2] in ours]
    listener.stage("looking for remedies", len(names))
    found: dict[str, tuple[tuple[Option, Trial], ...]] = {}
    if run.plan.options.jobs == 0 or len(names) <= FEW:
        workshop = Workshop(run)
        for name in names:
            found[name] = _of_cell(workshop, matrix, name)
            listener.step(name)
        return found
    rows: dict[str, list[str]] = {}
    for name in names:
        rows.setdefault(name.partition(":")[0], []).append(name)
    jobs = [
        RemedyJob(options=run.plan.options, matrix=matrix.part(cells))
        for _, cells in sorted(rows.items(), key=lambda row: -len(row[1]))
    ]
    for job, result in run_jobs(run_remedies, jobs, workers=run.plan.options.jobs, timeout=ROW_SECONDS):
        if isinstance(result, Failure):
            raise EngineError(f"remedies of {next(iter(job.matrix.cells))}: {result.what}")
        found.update(result)
        for name in result:
            listener.step(name)
    return {name: found[name] for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyJob:
    """Look for the remedies of some cells."""

    options: Options
    """Of the run that they are from."""
    matrix: Matrix
    """Those cells."""


def run_remedies(job: RemedyJob) -> Found:
    """Look for them. Runs in a worker, which reads what the run has left in the cache, once."""
    workshop = _workshop(job.options)
    return {name: _of_cell(workshop, job.matrix, name) for name in job.matrix.cells}


_WORKSHOPS: dict[str, Workshop] = {}
"""Of this process, by what they were asked for: a worker has one."""


def _workshop(options: Options) -> Workshop:
    asked = repr(options)
    if asked not in _WORKSHOPS:
        _WORKSHOPS.clear()
        _WORKSHOPS[asked] = Workshop(execute(plan(replace(options, jobs=0, witnesses=(), real={}))))
    return _WORKSHOPS[asked]


def _of_cell(workshop: Workshop, matrix: Matrix, name: str) -> tuple[tuple[Option, Trial], ...]:
    plan, cell = workshop.run.plan, summed(matrix.cells[name])
    ways = [
        way
        for one in _refused(matrix, name, workshop.run)
        if (way := options(one, plan.world, plan.suites)) is not None
    ]
    chosen = smallest(workshop.now(name), ways, lambda changes: workshop.trial(name, changes))
    proven = tuple((changes, _proven(workshop, name, cell, changes)) for changes, _ in chosen)
    sound = tuple((changes, trial) for changes, trial in proven if trial is not None)
    if len(sound) == len(proven):
        return sound
    # one vector of every group promised what the whole cell does not keep: all of it is asked from the beginning
    return smallest(cell, ways, lambda changes: workshop.trial(name, changes, whole=True))


def _proven(workshop: Workshop, name: str, before: Trial, changes: Option) -> Trial | None:
    """What the whole cell becomes, negatives included, where the changes turn it and none of them can be left out."""
    after = workshop.trial(name, changes, whole=True)
    if after is None or not turned(before, after):
        return None
    for change in changes if len(changes) > 1 else ():
        if turned(before, workshop.trial(name, changes - {change}, whole=True)):
            return None
    return after


def _refused(matrix: Matrix, name: str, run: Run) -> Iterator[Refused]:
    """One refused group for every set of reasons in the cell."""
    cell = matrix.cells[name]
    signer, _, relying = name.partition(":")
    world = run.plan.world
    seen: set[tuple[str, frozenset[str]]] = set()
    for group_name, group in cell.groups.items():
        if group.state not in UNACCEPTED:
            continue
        identity, form, level = group_name.split("/")
        codes = frozenset(matrix.tables.reasons[index].code for index in group.reasons)
        if (form, codes) in seen:
            continue
        seen.add((form, codes))
        yield Refused(
            signer=world.provider(signer),
            relying=world.provider(relying),
            identity=world.provider(signer).identity(identity),
            format=Format(form),
            level=Level(level),
            codes=codes,
            signed=format_instant(run.plan.signing),
            attained=AssuranceLevel[group.attained or "L0"],
        )
