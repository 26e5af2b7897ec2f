"""Where changes are tried on single cells: judged again over the facts that are there, or over new ones of that signer.

Changes to agreements and relying parties are judged over the facts that are there. A change on the signing side issues and signs for
that signer, once for all cells of the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from interop.matrix.refused import Option
from interop.matrix.remedy import Trial
from interop.model.change import SIGNING_CHANGES, ChangeKind
from interop.model.errors import InteropError
from interop.model.formats import Format
from interop.model.matrix import Cell
from interop.model.outcome import GroupState
from interop.profile.change import Changed, apply
from interop.run.execute import Run, make_again
from interop.run.judge import Bench
from interop.run.measure import matrix_of
from interop.validation.reading import Reading
from interop.vector.catalogue import VectorSpec, expand

__all__ = ["Workshop", "summed"]

_NOTHING: Option = frozenset()


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
        return summed(found)

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
        again = tuple(s for s in expand((provider,), plan.cases) if s.case.counted and _concerns(signing, s))
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
        if spec.provider.id == signer and spec.case.counted:
            found.setdefault(spec.group, spec)
    return tuple(found.values())


def summed(cell: Cell) -> Trial:
    """A cell as the search sees it."""
    return Trial(
        verdict=cell.verdict,
        accepted=sum(group.state is GroupState.ACCEPTED for group in cell.groups.values()),
    )
