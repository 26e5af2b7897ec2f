"""Runs over a few shipped providers and instruments, changed as a test wants them: fast enough for one test each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from interop.model.layers import Layer
from interop.model.profile import World
from interop.model.verdict import Verdict
from interop.profile.load import load_world
from interop.run.execute import Run, execute
from interop.run.plan import Options, plan

__all__ = ["codes", "run_of", "verdict", "world_of"]

Change = Callable[[World], World]


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
    planned = plan(Options(cache=cache, jobs=0, expression=expression, relying=relying))
    names = {provider.id: provider for provider in world.providers}
    return execute(
        replace(
            planned,
            world=world,
            specs=tuple(
                replace(spec, provider=names[spec.provider.id]) for spec in planned.specs if spec.provider.id in names
            ),
            relying=tuple(names[party] for party in relying),
        )
    )


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
