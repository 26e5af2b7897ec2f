"""One bad file costs one result and never the run: workers that die, hang, eat memory, or raise."""

from __future__ import annotations

import time
from pathlib import Path

import breaking_jobs
import pytest
from core_run import Core, run_with

from interop.matrix.gate import exit_code
from interop.model.matrix import Matrix
from interop.model.outcome import CellVerdict
from interop.run import execute
from interop.run.measure import matrix_of
from interop.run.workers import Failure, run_jobs


def outcomes(*jobs: str, workers: int, timeout: float = 20.0) -> dict[str, str | Failure]:
    return dict(run_jobs(breaking_jobs.job, jobs, workers=workers, timeout=timeout))


@pytest.fixture(scope="module")
def mixed() -> dict[str, str | Failure]:
    """Every kind of trouble among sound jobs, in the same two workers."""
    return outcomes("a", "die", "b", "exit", "eat", "c", "raise", "refuse", "recurse", "unpicklable", "d", workers=2)


def what(found: str | Failure) -> str:
    assert isinstance(found, Failure)
    return found.what


def test_the_sound_jobs_have_their_results(mixed: dict[str, str | Failure]) -> None:
    assert {job: found for job, found in mixed.items() if not isinstance(found, Failure)} == {
        "a": "A", "b": "B", "c": "C", "d": "D",
    }  # fmt: skip


@pytest.mark.parametrize("death", ["die", "exit"])
def test_a_worker_that_dies_costs_its_own_result(mixed: dict[str, str | Failure], death: str) -> None:
    assert "died" in what(mixed[death])


def test_a_worker_that_eats_memory_is_refused_it(mixed: dict[str, str | Failure]) -> None:
    assert what(mixed["eat"]) == "memory limit exceeded"


def test_what_a_job_raises_is_its_result(mixed: dict[str, str | Failure]) -> None:
    assert what(mixed["raise"]) == "ValueError: third-party trouble"
    assert what(mixed["recurse"]).startswith("RecursionError")
    assert "a.pdf" in what(mixed["refuse"])


def test_a_result_that_cannot_come_home_is_a_failure(mixed: dict[str, str | Failure]) -> None:
    assert isinstance(mixed["unpicklable"], Failure)


def test_without_workers_what_is_raised_is_a_result_too() -> None:
    found = outcomes("raise", "refuse", "recurse", "a", workers=0)
    assert found.pop("a") == "A"
    assert {isinstance(failure, Failure) for failure in found.values()} == {True}


def test_a_worker_that_hangs_or_slips_away_is_stopped_and_replaced() -> None:
    """By its time limit; the only worker does the other jobs nevertheless."""
    start = time.monotonic()
    found = outcomes("sleep", "a", "leave quietly", "b", workers=1, timeout=1.0)
    assert what(found["sleep"]) == "took longer than 1 s and was stopped"
    assert isinstance(found["leave quietly"], Failure)
    assert (found["a"], found["b"]) == ("A", "B")
    assert time.monotonic() - start < 30


def test_no_jobs_no_workers() -> None:
    assert outcomes(workers=2) == {}


def test_closing_early_stops_the_workers() -> None:
    start = time.monotonic()
    results = run_jobs(breaking_jobs.job, ["a", "sleep", "sleep"], workers=2, timeout=600)
    assert next(results) == ("a", "A")
    results.close()  # type: ignore[attr-defined]
    assert time.monotonic() - start < 20


@pytest.fixture(scope="module")
def wounded(tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    """The core set of one signer, one of whose vectors kills the worker that signs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execute, "run_vector", breaking_jobs.vector_or_death)
        run = run_with(tmp_path_factory.mktemp("wounded"), jobs=2, signers=("eu-qtsp-natural", "us-fpki"))
    assert set(run.failures) == {breaking_jobs.VICTIM}
    assert "died" in run.failures[breaking_jobs.VICTIM]
    assert run.made == len(run.plan.specs) - 1
    return matrix_of(run)


def by_row(matrix: Matrix, name: str) -> dict[str, str]:
    rows = matrix.rows_of(name.partition(":")[0])
    return {row.id: matrix.tables.outcomes[char] for row, char in zip(rows, matrix.cells[name].outcomes, strict=True)}


def test_a_killed_worker_costs_one_result_and_the_rest_is_there(core: Core, wounded: Matrix) -> None:
    controlled = {
        vector
        for vector, spec in core.specs.items()
        if spec.case.control and core.control(vector) == breaking_jobs.VICTIM
    }
    assert controlled
    for name in wounded.cells:
        was, now = by_row(core.matrix, name), by_row(wounded, name)
        assert now[breaking_jobs.VICTIM] == "ERROR" if name.startswith("eu") else breaking_jobs.VICTIM not in now
        # its negatives prove nothing without their control; everything else is as in the run where nobody died
        assert {now[v] for v in controlled if v in now} <= {"ERROR"}
        untouched = set(was) - controlled - {breaking_jobs.VICTIM}
        assert {v: now[v] for v in untouched} == {v: was[v] for v in untouched}


def test_a_killed_worker_makes_its_run_untrustworthy(wounded: Matrix) -> None:
    assert exit_code(wounded) == 3
    group = wounded.cells["eu-qtsp-natural:eu-qtsp-natural"].groups["natural-rsa/pades/b-b"]
    assert group.state == "undetermined"
    assert any("died" in note for note in group.notes)
    assert wounded.cells["us-fpki:us-fpki"].verdict is CellVerdict.RECOGNISED


def test_a_failed_vector_is_tried_again_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choice = {"expression": "eu-qtsp-natural.natural-rsa:us-fpki/pades/b-b"}
    with monkeypatch.context() as patch:
        patch.setattr(execute, "run_vector", breaking_jobs.vector_or_death)
        first = run_with(tmp_path, jobs=1, **choice)
    again = run_with(tmp_path, jobs=1, **choice)
    assert len(first.failures) == 1
    assert (again.made, again.failures) == (1, {})
    assert exit_code(matrix_of(again)) == 0
