"""A judged matrix is kept under everything that it follows from, and taken from there only if all of that is the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from assumed import Scene, scene_over
from core_run import entry_files

from interop.model.instant import parse_instant
from interop.model.matrix import Matrix
from interop.run import judged as module
from interop.run.execute import Run
from interop.run.judged import judged, remedied
from interop.run.measure import matrix_of

CELL = "hk-recognised:cn-licensed-sm2"


@pytest.fixture
def one(own_cache: Path) -> Scene:
    return scene_over(own_cache, expression=CELL)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every time that something is judged."""
    calls: list[str] = []

    def counting(run: Run, *rest: object, **given: object) -> Matrix:
        calls.append(run.plan.set_id)
        return matrix_of(run, *rest, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "matrix_of", counting)
    return calls


def test_a_second_time_nothing_is_judged_and_the_answer_is_the_same(one: Scene, counted: list[str]) -> None:
    first = judged(one.run)
    assert first == one.matrix
    counted.clear()
    assert judged(one.run) == first
    assert counted == []
    assert remedied(one.run, first) == remedied(one.run, first)


def test_another_instant_rule_agreement_suite_or_selection_is_another_answer(
    one: Scene, own_cache: Path, counted: list[str]
) -> None:
    judged(one.run)
    plan = one.run.plan
    others = [
        replace(plan, validation=parse_instant("2026-03-05")),
        replace(plan, relying=(plan.world.provider("cn-gov-gm"),)),
        replace(plan, specs=plan.specs[:1]),
        *(replace(plan, inputs={**plan.inputs, name: "sha256:other"}) for name in plan.inputs),
    ]
    assert set(plan.inputs) == {"agreements", "cases", "profiles", "suites"}
    for other in others:
        counted.clear()
        judged(one.run.seen_by(other))
        assert counted == ["core"], other


def test_what_a_program_or_a_server_answers_is_never_kept(one: Scene, counted: list[str]) -> None:
    plan = one.run.plan
    asked = replace(plan, options=replace(plan.options, witnesses=("openssl",)))
    for _ in range(2):
        judged(one.run.seen_by(asked))
    assert counted == ["core", "core"]


def test_a_damaged_entry_is_judged_again(tmp_path: Path, one: Scene, counted: list[str]) -> None:
    alone = one.run.seen_by(replace(one.run.plan, options=replace(one.run.plan.options, cache=tmp_path)))
    first = judged(alone)
    (entry,) = entry_files(tmp_path)
    for damage in (entry.read_bytes()[:-70], b"", b"{}\n" + b"0" * 64):
        entry.write_bytes(damage)
        counted.clear()
        assert judged(alone) == first
        assert counted == ["core"]
