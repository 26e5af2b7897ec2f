"""The core set, made once per test session in this process, and read by the tests of run, vector and engine."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

from interop.engine.protocol import Request
from interop.model.matrix import Matrix
from interop.model.verdict import Judgement
from interop.run.cache import Cache
from interop.run.execute import Run, artifact, execute
from interop.run.judge import Bench
from interop.run.measure import matrix_of
from interop.run.plan import Options, plan
from interop.vector.catalogue import VectorSpec

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Core:
    """One finished run, its cache and what the judge makes of it."""

    run: Run
    cache: Path

    @cached_property
    def matrix(self) -> Matrix:
        return matrix_of(self.run)

    @cached_property
    def bench(self) -> Bench:
        return self.run.bench()

    @cached_property
    def specs(self) -> dict[str, VectorSpec]:
        return dict(self.run.specs)

    def judge(self, vector: str, relying: str) -> Judgement:
        spec, plan_ = self.specs[vector], self.run.plan
        return self.bench.judge(
            self.run.observations[vector].facts,
            plan_.world.provider(relying),
            plan_.validation,
            document=spec.case.document,
            rely=spec.case.rely,
        )

    def request(self, vector: str) -> Request:
        found = artifact(Cache(self.cache), self.run.recipes[vector])
        assert found is not None, vector
        return found

    def control(self, vector: str) -> str:
        """Id of the positive twin of a negative vector, made by the same identity in the same format."""
        spec = self.specs[vector]
        party = f"{spec.provider.id}.{spec.identity.id}/{spec.emits.format.value}/"
        (found,) = [v for v, s in self.specs.items() if v.startswith(party) and s.case.id == spec.case.control]
        return found


def run_with(folder: Path, **options: object) -> Run:
    """Plan and carry out a run with that cache folder, in this process unless `jobs` says otherwise."""
    return execute(plan(Options(cache=folder, **{"jobs": 0, **options})))  # type: ignore[arg-type]


@cache
def _core(folder: Path, set_id: str = "core") -> Core:
    return Core(run_with(folder, set=set_id), folder)


_FOLDERS: list[Path] = []


@pytest.fixture(scope="session")
def core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    """The core set as everybody's cache has it after one run. Read only: tests that break a cache copy it."""
    if not _FOLDERS:
        _FOLDERS.append(tmp_path_factory.mktemp("core-cache"))
    return _core(_FOLDERS[0])


@pytest.fixture(scope="session")
def full(core: Core) -> Core:
    """The whole catalogue, over the same cache."""
    return _core(core.cache, "full")


@pytest.fixture
def copied_cache(core: Core, tmp_path: Path) -> Path:
    """A copy of the finished cache, to be damaged."""
    return Path(shutil.copytree(core.cache, tmp_path / "cache"))


def entry_files(cache: Path) -> list[Path]:
    """The entries of a cache folder, kept keys left out; none where there is no folder yet."""
    return sorted(p for p in cache.rglob("*") if p.is_file() and "keys" not in p.relative_to(cache).parts)


@dataclass(frozen=True)
class Said:
    """What a call of the command line left."""

    code: int
    out: str
    err: str


class CommandLine:
    """`interop ARGUMENTS` in this process, in a folder of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        self.folder, self._monkeypatch, self._capfd = folder, monkeypatch, capfd
        monkeypatch.chdir(folder)
        for name in [name for name in os.environ if name.startswith("INTEROP_") and name != "INTEROP_TEST_DATA"]:
            monkeypatch.delenv(name)

    def __call__(self, *arguments: str | Path) -> Said:
        from interop.cli import main

        self._monkeypatch.setattr(sys, "argv", ["interop", *map(str, arguments)])
        self._capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        out, err = self._capfd.readouterr()
        assert isinstance(left.value.code, int)
        return Said(left.value.code, out, err)


@pytest.fixture
def interop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> CommandLine:
    folder = tmp_path / "working-folder"
    folder.mkdir()
    return CommandLine(folder, monkeypatch, capfd)
