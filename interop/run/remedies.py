"""Remedies of a run: for every blocked cell the smallest sets of changes that turn it, each tried by judging (and signing) again.

Changes to agreements and relying parties are judged over the facts that are there. A change on the signing side issues and signs for
that signer, once for all cells of the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from interop.matrix.options import Option, Refused, options
from interop.matrix.remedy import Trial, actors_of, cost_of, smallest, turned
from interop.model.assurance import AssuranceLevel
from interop.model.case import Expect
from interop.model.change import SIGNING_CHANGES, ChangeKind, Cost
from interop.model.errors import InteropError
from interop.model.formats import Format, Level
from interop.model.matrix import Cell, Matrix
from interop.model.outcome import CellVerdict, GroupState
from interop.model.remedy import RELYING, SIGNER, Remedy
from interop.profile.change import Changed, apply
from interop.run.execute import Run, make_again
from interop.run.judge import Bench
from interop.run.measure import matrix_of
from interop.run.progress import SILENT, Listener
from interop.validation.reading import Reading
from interop.vector.catalogue import VectorSpec, expand

__all__ = ["BLOCKED", "Workshop", "remedies_of"]

BLOCKED = frozenset(
    {CellVerdict.NOT_RECOGNISED, CellVerdict.VALID_NOT_RECOGNISED, CellVerdict.INCONCLUSIVE, CellVerdict.PARTIAL}
)
"""Verdicts for which remedies are looked for."""
_NOTHING: Option = frozenset()
_COUNTED = frozenset(
    {GroupState.ACCEPTED, GroupState.BLOCKED_TECHNICAL, GroupState.BLOCKED_RECOGNITION, GroupState.UNDETERMINED}
)


@dataclass(slots=True)
class _Stage:
    """Facts under some changes on the signing side, and what was read in them."""

    run: Run
    bench: Bench
    readings: dict[str, tuple[Reading, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Workshop:
    """Where changes are tried on the cells of one run."""

    run: Run
    listener: Listener = SILENT
    _stages: dict[tuple[str, Option], _Stage | None] = field(default_factory=dict)
    _tried: dict[tuple[str, Option, bool], Trial | None] = field(default_factory=dict)
    _changed: dict[Option, Changed | None] = field(default_factory=dict)

    def trial(self, cell: str, changes: Option, *, whole: bool = False) -> Trial | None:
        """What the cell is under the changes; None where they cannot be made. `whole`: negatives count too."""
        key = (cell, changes, whole)
        if key not in self._tried:
            self._tried[key] = self._try(cell, changes, whole=whole)
        return self._tried[key]

    def now(self, cell: str) -> Trial:
        """What the cell is without changes."""
        trial = self.trial(cell, _NOTHING)
        if trial is None:  # pragma: no cover - nothing is changed, so nothing can be refused
            raise AssertionError(cell)
        return trial

    def _try(self, cell: str, changes: Option, *, whole: bool) -> Trial | None:
        signer, _, relying = cell.partition(":")
        changed = self._apply(changes)
        stage = (
            None if changed is None else self._stage(signer, frozenset(c for c in changes if c.kind in SIGNING_CHANGES))
        )
        if changed is None or stage is None:
            return None
        plan = stage.run.plan
        part = replace(
            plan,
            world=changed.world,
            suites=changed.suites,
            specs=tuple(s for s in plan.specs if s.provider.id == signer)
            if whole
            else _one_of_each(plan.specs, signer),
            relying=(changed.world.provider(relying),),
        )
        bench = stage.bench.under(changed.world, changed.suites)
        seen = stage.run.seen_by(part)
        found = matrix_of(seen, bench=bench, readings=stage.readings).cells[cell]
        return _summed(found)

    def _apply(self, changes: Option) -> Changed | None:
        if changes not in self._changed:
            try:
                self._changed[changes] = apply(sorted(changes), self.run.plan.world, self.run.plan.suites)
            except InteropError:
                self._changed[changes] = None
        return self._changed[changes]

    def _stage(self, signer: str, signing: Option) -> _Stage | None:
        key = (signer if signing else "", signing)
        if key not in self._stages:
            self._stages[key] = self._made(signer, signing) if signing else _Stage(run=self.run, bench=self.run.bench())
        return self._stages[key]

    def _made(self, signer: str, signing: Option) -> _Stage | None:
        """The facts, with the positives that the changes concern made again; None where they cannot be made."""
        changed = self._apply(signing)
        if changed is None:
            return None
        plan, provider = self.run.plan, changed.world.provider(signer)
        again = tuple(s for s in expand((provider,), plan.cases) if _counts(s) and _concerns(signing, s))
        if not again:
            return None
        names = {spec.id for spec in again}
        kept = tuple(s for s in plan.specs if s.provider.id == signer and s.id not in names)
        now = replace(
            plan,
            world=changed.world,
            specs=(*kept, *again),
            options=replace(plan.options, jobs=0, witnesses=(), real={}),
        )
        try:
            after = make_again(self.run, now, again)
        except InteropError:
            return None
        return None if any(name in after.failures for name in names) else _Stage(run=after, bench=after.bench())


def _concerns(signing: Option, spec: VectorSpec) -> bool:
    """Whether one of the changes alters how this vector is made."""
    for change in signing:
        if change.subject != f"{spec.provider.id}.{spec.identity.id}":
            continue
        form = change.value.partition("/")[0] if change.kind is ChangeKind.EMIT else change.path.partition(".")[0]
        if change.kind is ChangeKind.REISSUE or form == spec.emits.format.value or form not in set(Format):
            return True
    return False


def _one_of_each(specs: Sequence[VectorSpec], signer: str) -> tuple[VectorSpec, ...]:
    """One positive of every group of the signer."""
    found: dict[str, VectorSpec] = {}
    for spec in specs:
        if spec.provider.id == signer and _counts(spec):
            found.setdefault(spec.group, spec)
    return tuple(found.values())


def _counts(spec: VectorSpec) -> bool:
    return spec.case.positive and spec.case.required and spec.case.expectation.expect is not Expect.INFO


def _summed(cell: Cell) -> Trial:
    states = [group.state for group in cell.groups.values()]
    return Trial(
        verdict=cell.verdict,
        accepted=sum(state is GroupState.ACCEPTED for state in states),
        groups=sum(state in _COUNTED for state in states),
    )


def _refused(matrix: Matrix, name: str, run: Run) -> Iterator[Refused]:
    """One refused group for every set of reasons in the cell."""
    cell = matrix.cells[name]
    signer, _, relying = name.partition(":")
    world = run.plan.world
    seen: set[tuple[str, frozenset[str]]] = set()
    for group_name, group in cell.groups.items():
        if group.state not in _COUNTED - {GroupState.ACCEPTED}:
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
            attained=AssuranceLevel[group.attained or "L0"],
        )


def remedies_of(
    run: Run, matrix: Matrix, cells: Iterable[str] | None = None, listener: Listener = SILENT
) -> Mapping[str, tuple[tuple[Option, Trial], ...]]:
    """Remedies of the blocked cells (of those named), best first; an empty tuple where no change that is known here helps."""
    workshop = Workshop(run, listener)
    names = [name for name in (matrix.cells if cells is None else cells) if matrix.cells[name].verdict in BLOCKED]
    listener.stage("looking for remedies", len(names))
    found = {}
    for name in names:
        listener.step(name)
        found[name] = _of_cell(workshop, matrix, name)
    return found


def _of_cell(workshop: Workshop, matrix: Matrix, name: str) -> tuple[tuple[Option, Trial], ...]:
    plan, cell = workshop.run.plan, _summed(matrix.cells[name])
    ways = [
        way
        for one in _refused(matrix, name, workshop.run)
        if (way := options(one, plan.world, plan.suites)) is not None
    ]
    chosen = smallest(workshop.now(name), ways, lambda changes: workshop.trial(name, changes))
    return tuple((changes, trial) for changes, _ in chosen if (trial := _proven(workshop, name, cell, changes)))


def _proven(workshop: Workshop, name: str, before: Trial, changes: Option) -> Trial | None:
    """What the whole cell becomes, negatives included, where the changes turn it and none of them can be left out."""
    after = workshop.trial(name, changes, whole=True)
    if after is None or not turned(before, after):
        return None
    for change in changes if len(changes) > 1 else ():
        if turned(before, workshop.trial(name, changes - {change}, whole=True)):
            return None
    return after


def gathered(found: Mapping[str, Sequence[tuple[Option, Trial]]]) -> tuple[Remedy, ...]:
    """Remedies that are the same but for the parties of the cell, together; those that turn most cells first."""
    cells: dict[tuple[str, ...], dict[str, CellVerdict]] = {}
    sample: dict[tuple[str, ...], Option] = {}
    for name, remedies in found.items():
        for changes, trial in remedies:
            key = tuple(sorted(map(str, _pattern(name, changes))))
            cells.setdefault(key, {})[name] = trial.verdict
            sample.setdefault(key, changes)
    ranked = sorted(cells, key=lambda key: (-len(cells[key]), len(key), key))
    return tuple(
        Remedy(
            changes=key,
            actors=tuple(dict.fromkeys(actors_of(change)[0] for change in sorted(sample[key]))),
            cost=max((cost_of(change) for change in sample[key]), key=list(Cost).index),
            cells=dict(sorted(cells[key].items())),
        )
        for key in ranked
    )


def _pattern(cell: str, changes: Option) -> Option:
    """The changes with the words of `interop.model.remedy` in place of the two parties."""
    signer, _, relying = cell.partition(":")
    return _put(changes, {relying: RELYING, signer: SIGNER})


def _put(changes: Option, names: Mapping[str, str]) -> Option:
    def put(text: str) -> str:
        head = text.partition(":")[0].partition(".")[0]
        return f"{names[head]}{text[len(head) :]}" if head in names else text

    return frozenset(
        replace(change, subject=put(change.subject), value=change.value if change.path else put(change.value))
        for change in changes
    )
