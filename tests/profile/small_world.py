"""Runs over a few shipped providers and instruments, changed as a test wants them: fast enough for one test each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from interop.model.layers import Layer
from interop.model.profile import World
from interop.model.verdict import Verdict
from interop.profile.load import load_world
from interop.run.execute import Run, execute
from interop.run.plan import Options, plan
from interop.run.selection import matcher
from interop.vector.catalogue import expand

__all__ = ["codes", "narrowed", "run_of", "under", "verdict", "with_agreement", "world_of"]


def world_of(providers: Iterable[str], agreements: Iterable[str], *, on: Iterable[str] = ()) -> World:
    """The shipped profiles and instruments of these names alone; those in `on` are switched on."""
    world, wanted, enabled = load_world(), set(agreements), set(on)
    return World(
        providers=tuple(world.provider(name) for name in providers),
        agreements=tuple(
            replace(agreement, enabled=True) if agreement.id in enabled else agreement
            for agreement in world.agreements
            if agreement.id in wanted
        ),
    )


def run_of(world: World, cache: Path | None, expression: str, *relying: str) -> Run:
    """Make, observe and link the vectors that `expression` selects, in that world alone."""
    planned = plan(Options(cache=cache, jobs=0))
    matches = matcher(expression)
    specs = tuple(spec for spec in expand(world.providers, planned.cases) if matches(spec.id))
    columns = tuple(world.provider(party) for party in relying)
    return execute(replace(planned, world=world, specs=specs, relying=columns, left_out=()))


def under(run: Run, world: World) -> Run:
    """What the run has seen, under other instruments and rules: nothing is made again."""
    plan_ = run.plan
    relying = tuple(world.provider(party.id) for party in plan_.relying)
    return run.seen_by(replace(plan_, world=world, relying=relying))


def with_agreement(world: World, agreement_id: str, **values: object) -> World:
    """The world with other values in one instrument."""
    agreements = tuple(
        replace(one, **values) if one.id == agreement_id else one  # type: ignore[arg-type]
        for one in world.agreements
    )
    assert agreements != world.agreements, agreement_id
    return replace(world, agreements=agreements)


def narrowed(run: Run, expression: str, relying: str) -> Run:
    """The run with the vectors that `expression` selects and one column."""
    plan_, matches = run.plan, matcher(expression)
    specs = tuple(spec for spec in plan_.specs if matches(spec.id))
    return run.seen_by(replace(plan_, specs=specs, relying=(plan_.world.provider(relying),)))


def verdict(run: Run, vector: str, relying: str) -> Verdict:
    """What a relying party of the run makes of one vector."""
    plan_ = run.plan
    found = run.bench().judge(
        run.observations[vector].facts,
        plan_.world.provider(relying),
        plan_.validation,
        document=run.specs[vector].case.document,
    )
    assert found.verdict is not None, found.error
    return found.verdict


def codes(found: Verdict, *layers: Layer) -> set[str]:
    """Reason codes at some layers."""
    return {cause.code for layer in layers for cause in found.layer(layer).causes}
