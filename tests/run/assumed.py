"""Runs under changes, made afresh: what `whatif` and `remedy` are held against. Shares nothing with them but how a change is applied."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pytest
from core_run import Core

from interop.model.change import Change, ChangeKind
from interop.model.matrix import Matrix
from interop.profile.change import apply
from interop.run.execute import Run, execute
from interop.run.measure import matrix_of
from interop.run.plan import Options, plan
from interop.vector.catalogue import expand

SIGNERS = ("cn-licensed-sm2", "eu-qtsp-natural", "gd-hk-scheme", "hk-recognised")
RELYING = ("cn-dual-alg", "cn-gov-gm", "cn-licensed-sm2", "eu-qtsp-natural", "hk-recognised", "sg-accredited")


class Scene:
    """Some rows and columns of the core set."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def __repr__(self) -> str:
        """Short: a failing example prints it."""
        return f"<scene of {len(self.run.plan.specs)} vectors>"

    @cached_property
    def matrix(self) -> Matrix:
        return matrix_of(self.run)

    def afresh(self, changes: Iterable[Change], *, only: Sequence[str] | None = None) -> Matrix:
        """A run of its own under the changes: issued, signed, observed, linked and judged from the beginning.

        `only`: the cells asked for. What was made before from the same profile is taken from the cache, as any run does.
        """
        base = self.run.plan
        changed = apply(changes, base.world, base.suites)
        rows = {spec.provider.id for spec in base.specs}
        columns = {party.id for party in base.relying}
        if only is not None:
            rows = {cell.partition(":")[0] for cell in only}
            columns = {cell.partition(":")[2] for cell in only}
        signers = tuple(provider for provider in changed.world.providers if provider.id in rows)
        now = replace(
            base,
            world=changed.world,
            suites=changed.suites,
            specs=expand(signers, base.cases),
            relying=tuple(provider for provider in changed.world.providers if provider.id in columns),
        )
        return matrix_of(execute(now))


def scene_over(cache: Path, **options: object) -> Scene:
    return Scene(execute(plan(Options(cache=cache, jobs=0, **options))))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def own_cache(core: Core, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the finished cache, to be added to."""
    return Path(shutil.copytree(core.cache, tmp_path_factory.mktemp("assumed") / "cache"))


@pytest.fixture(scope="session")
def scene(own_cache: Path) -> Scene:
    return scene_over(own_cache, signers=SIGNERS, relying=RELYING)


def change(option: str) -> Change:
    """`enable prc-art26-hk`: as an option of `interop whatif`, without the dashes."""
    kind, _, text = option.partition(" ")
    return Change.parse(ChangeKind(kind), text)
