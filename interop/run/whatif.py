"""A run under changes: what is not touched is taken over, what must be signed again is made, and what may differ is judged again.

Changes to agreements and to relying parties need no cryptography: the facts stay, and only the columns concerned are judged; what they
were before is kept from the run. A change on the signing side issues and signs for that signer alone. A moved date asks the services
again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from interop.matrix.transition import Transition, transitions
from interop.model.change import SIGNING_CHANGES, Change, ChangeKind
from interop.model.errors import UsageError
from interop.model.profile import Provider, World
from interop.profile.change import Changed, apply
from interop.run.execute import Run, execute, publish
from interop.run.judged import judged
from interop.run.measure import matrix_of
from interop.run.plan import Plan
from interop.run.progress import SILENT, Listener
from interop.vector.catalogue import VectorSpec, expand

__all__ = ["Reach", "WhatIf", "assume", "reach", "what_if", "with_columns"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which cells changes can touch: the rows of some signers, the columns of some relying parties."""

    signers: frozenset[str]
    relying: frozenset[str]

    def touches(self, signer: str, relying: str) -> bool:
        """Whether the cell may come out otherwise."""
        return signer in self.signers or relying in self.relying


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """The answer."""

    changes: tuple[Change, ...]
    at: datetime
    """Validation instant after the changes."""
    transitions: tuple[Transition, ...]
    """Cells that come out otherwise."""
    judged: int
    """Cells that were judged again."""
    resigned: tuple[str, ...] = ()
    """Signers whose certificates were issued and whose vectors were signed again."""


def reach(changes: Sequence[Change], before: World, after: World) -> Reach:
    """The cells that the changes can touch. An agreement reaches the columns of whoever loads it and of whoever it names: its signers
    learn as relying parties that it covers the other direction alone."""
    everybody = frozenset(provider.id for provider in after.providers)
    signers: set[str] = set()
    relying: set[str] = set()
    old = {agreement.id: agreement for agreement in before.agreements}
    new = {agreement.id: agreement for agreement in after.agreements}
    for change in changes:
        if change.kind in SIGNING_CHANGES:
            signers.add(change.subject.partition(".")[0])
        elif change.kind in _OF_AGREEMENT:
            loading = {p.id for p in after.providers if change.subject in p.relying.trust.load}
            named = {
                party
                for one in (old, new)
                if change.subject in one
                for party in (*one[change.subject].relying, *one[change.subject].signers)
            }
            relying |= loading | named
        elif change.kind is ChangeKind.RECOGNISE:
            relying |= {change.subject, change.value}
        else:
            relying |= {change.subject} if change.subject else everybody
    return Reach(signers=frozenset(signers), relying=frozenset(relying))


def with_columns(plan: Plan, changes: Sequence[Change]) -> Plan:
    """The plan with columns for the parties that the changes reach and that it left out because they sign nothing.

    UsageError for a change that cannot be made: this is where it is found before anything is.
    """
    touched = reach(changes, plan.world, apply(changes, plan.world, plan.suites).world).relying
    wanted = touched & frozenset(plan.left_out)
    if not wanted or len(touched) == len(plan.world.providers):
        return plan
    chosen = {party.id for party in plan.relying} | wanted
    return replace(
        plan,
        relying=tuple(party for party in plan.world.providers if party.id in chosen),
        left_out=tuple(name for name in plan.left_out if name not in wanted),
    )


_OF_AGREEMENT = frozenset({ChangeKind.ENABLE, ChangeKind.DISABLE, ChangeKind.ENACT, ChangeKind.REPEAL})


def what_if(run: Run, changes: Sequence[Change], *, at: datetime | None = None, listener: Listener = SILENT) -> WhatIf:
    """What the changes do to the cells of a run that has been carried out. UsageError for a change that cannot be made."""
    plan = run.plan
    changed = apply(changes, plan.world, plan.suites)
    moved = at is not None and at != plan.validation
    touched = reach(changes, plan.world, changed.world)
    parties = frozenset(provider.id for provider in plan.relying)
    before = judged(run, listener)
    found: list[Transition] = []
    count = 0
    for signers, relying in _blocks(touched, plan, parties, everything=moved):
        part = _part(run, plan.world, signers, relying)
        after = assume(part, changed, at=at or plan.validation, resigned=signers & touched.signers, listener=listener)
        new = matrix_of(after, listener, homes=parties)
        old = before.part(name for name in before.cells if _in(name, signers, relying))
        found += transitions(old, new)
        count += len(new.cells)
    return WhatIf(
        changes=tuple(changes),
        at=at or plan.validation,
        transitions=tuple(sorted(found, key=lambda transition: transition.cell)),
        judged=count,
        resigned=tuple(sorted(touched.signers)),
    )


def _blocks(
    touched: Reach, plan: Plan, parties: frozenset[str], *, everything: bool
) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """(signers, relying parties) whose cells are to be judged, each cell in one block."""
    rows = frozenset(spec.provider.id for spec in plan.specs)
    again = rows & touched.signers
    if again:
        yield again, parties
    columns = parties if everything else parties & touched.relying
    if columns and rows - again:
        yield rows - again, columns


def _in(cell: str, signers: frozenset[str], relying: frozenset[str]) -> bool:
    signer, _, party = cell.partition(":")
    return signer in signers and party in relying


def _part(run: Run, world: World, signers: frozenset[str], relying: frozenset[str]) -> Run:
    """The run, seen through some rows and columns. Shares what it has with the whole."""
    return run.seen_by(
        replace(
            run.plan,
            specs=tuple(spec for spec in run.plan.specs if spec.provider.id in signers),
            relying=tuple(provider for provider in world.providers if provider.id in relying),
        )
    )


def assume(
    run: Run,
    changed: Changed,
    *,
    at: datetime,
    resigned: frozenset[str] = frozenset(),
    listener: Listener = SILENT,
) -> Run:
    """The run under changed profiles, agreements and suites, at `at`. Facts are taken over, but for signers that sign again.

    With nobody signing again and the instant unmoved it shares the knowledge of `run`: the same linker.
    """
    plan = run.plan
    providers = {provider.id: provider for provider in changed.world.providers}
    specs = tuple(_specs(plan, providers, resigned))
    now = replace(
        plan,
        world=changed.world,
        suites=changed.suites,
        specs=specs,
        relying=tuple(providers[provider.id] for provider in plan.relying),
        validation=at,
    )
    if not resigned and at == plan.validation:
        return run.seen_by(now)
    after = Run(now)
    if resigned:
        execute(now, listener, run=after)
        failed = sorted(after.failures)
        if failed:
            raise UsageError(f"{failed[0]} cannot be made under the changes: {after.failures[failed[0]]}")
        return after
    after.recipes, after.observations, after.failures = run.recipes, run.observations, run.failures
    publish(after, at, listener)
    for observation in after.observations.values():
        after.linker.add_objects(observation.objects, observation.kinds)
    return after


def _specs(plan: Plan, providers: dict[str, Provider], resigned: frozenset[str]) -> Iterator[VectorSpec]:
    taken = set()
    for spec in plan.specs:
        provider = providers[spec.provider.id]
        if provider.id not in resigned:
            yield replace(spec, provider=provider)
        elif provider.id not in taken:
            taken.add(provider.id)
            yield from expand((provider,), plan.cases)
