"""Remedies: each turns its cell when it is applied in a run of its own, and none is larger than needed."""

from __future__ import annotations

from pathlib import Path

import pytest
from assumed import CHANGES, Scene, can_be_made, change, scene_over
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from interop.matrix.remedy import with_remedies
from interop.model.change import Change
from interop.model.errors import UsageError
from interop.model.instant import parse_instant
from interop.model.matrix import Matrix
from interop.model.outcome import CellVerdict, GroupState
from interop.profile.change import apply
from interop.run.execute import Run
from interop.run.judged import remedied
from interop.run.measure import matrix_of
from interop.run.remedies import BLOCKED, FEW, remedies_of
from interop.run.whatif import assume as assumed_run
from interop.run.whatif import reach

GOOD = {CellVerdict.RECOGNISED, CellVerdict.DOWNGRADED, CellVerdict.PARTIAL}

SAMPLE = (
    # one cell for each kind of change that some remedy of the shipped set is made of, and some more
    "hk-recognised:cn-licensed-sm2", "gd-hk-scheme:hk-recognised", "eu-qtsp-brainpool:ua-dual", "cn-gov-gm:cn-finance-lei",
    "cn-licensed-sm2:cn-gov-gm", "cn-customs-xml:cn-gov-gm", "cn-dual-alg:cn-gov-gm", "cn-customs-xml:eu-qtsp-natural",
    "zz-pilot:eu-qtsp-natural", "jp-accredited:br-icp-a3", "sg-accredited:br-icp-a3", "eu-qtsp-natural:us-fpki",
    "us-fpki:cn-customs-xml", "hk-recognised:sg-accredited", "cn-licensed-sm2:hk-recognised",
)  # fmt: skip


@pytest.fixture(scope="session")
def everybody(own_cache: Path) -> Scene:
    return scene_over(own_cache)


@pytest.fixture(scope="session")
def sought(own_cache: Path) -> dict[str, tuple[tuple[Change, ...], ...]]:
    """Cell -> its remedies, as a run leaves them."""
    found = {}
    for cell in SAMPLE:
        one = scene_over(own_cache, expression=cell)
        matrix = remedied(one.run, one.matrix)
        indices = matrix.cells[cell].remedies
        assert indices is not None
        found[cell] = tuple(tuple(map(Change.of_option, matrix.remedies[index].of(cell))) for index in indices)
    return found


def _accepted(matrix: Matrix, cell: str) -> int:
    return sum(group.state is GroupState.ACCEPTED for group in matrix.cells[cell].groups.values())


def _turned(before: Matrix, after: Matrix, cell: str) -> bool:
    return after.cells[cell].verdict in GOOD and _accepted(after, cell) > _accepted(before, cell)


@pytest.mark.parametrize("cell", SAMPLE)
def test_every_remedy_turns_its_cell_and_none_is_larger_than_needed(
    everybody: Scene, sought: dict[str, tuple[tuple[Change, ...], ...]], cell: str
) -> None:
    before = everybody.afresh((), only=(cell,))
    assert before.cells[cell].verdict in BLOCKED
    assert sought[cell]
    for changes in sought[cell]:
        assert _turned(before, everybody.afresh(changes, only=(cell,)), cell), changes
        for left_out in changes if len(changes) > 1 else ():
            fewer = tuple(one for one in changes if one != left_out)
            assert not _turned(before, everybody.afresh(fewer, only=(cell,)), cell), (changes, left_out)


def test_the_sample_has_every_kind_of_change_that_helps_in_the_shipped_set(
    sought: dict[str, tuple[tuple[Change, ...], ...]],
) -> None:
    kinds = {one.kind.value for remedies in sought.values() for changes in remedies for one in changes}
    assert kinds == {"recognise", "enable", "allow", "set", "trust", "emit", "sign", "reissue"}


@given(changes=CHANGES, data=st.data())
@settings(max_examples=5, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_under_any_changes_every_remedy_turns_its_cell_and_none_is_larger_than_needed(
    scene: Scene, changes: tuple[Change, ...], data: st.DataObject
) -> None:
    assume(can_be_made(changes, scene))
    plan = scene.run.plan
    touched = reach(changes, plan.world, apply(changes, plan.world, plan.suites).world)
    try:
        run = assumed_run(
            scene.run, apply(changes, plan.world, plan.suites), at=plan.validation, resigned=touched.signers
        )
    except UsageError:  # a vector cannot be made under them
        assume(False)
    before = matrix_of(run)
    blocked = [name for name, cell in before.cells.items() if cell.verdict in BLOCKED]
    assume(blocked)
    cell = data.draw(st.sampled_from(blocked))
    matrix = remedied(run, before, cells=(cell,))
    for index in matrix.cells[cell].remedies or ():
        remedy = tuple(map(Change.of_option, matrix.remedies[index].of(cell)))
        after = scene.afresh((*changes, *remedy), only=(cell,))
        assert _turned(before, after, cell), list(map(str, (*changes, *remedy)))
        assert after.cells[cell].verdict is matrix.remedies[index].cells[cell]
        for left_out in remedy if len(remedy) > 1 else ():
            fewer = scene.afresh((*changes, *(one for one in remedy if one != left_out)), only=(cell,))
            assert not _turned(before, fewer, cell), (list(map(str, (*changes, *remedy))), str(left_out))


@pytest.mark.parametrize(
    ("cell", "options"),
    [
        # harness-anchors.md 3 and domestic-profiles.md 1: what stands between them is approval under article 26
        ("hk-recognised:cn-licensed-sm2", {"enable prc-art26-hk"}),
        # domestic-profiles.md 6.2: the customs format is what the others do not read
        ("cn-customs-xml:cn-dual-alg", {"set cn-dual-alg:formats.accept+=xml-customs"}),
        # foreign-profiles.md 4.3: Ukraine asks the EU's certificates for the statement that the key is in a QSCD
        ("eu-qtsp-brainpool:ua-dual", {"reissue eu-qtsp-brainpool.natural:extensions.qc_statements+=0.4.0.1862.1.4"}),
        # foreign-profiles.md 4.3 row 12: each is trusted through receipts of a third party; an instrument of their own asks for none
        ("kz-nca:ru-qualified", {"recognise ru-qualified=kz-nca"}),
    ],
)
def test_what_the_references_say_would_help_is_found(own_cache: Path, cell: str, options: set[str]) -> None:
    one = scene_over(own_cache, expression=cell)
    matrix = remedied(one.run, one.matrix)
    found = [frozenset(matrix.remedies[index].of(cell)) for index in matrix.cells[cell].remedies or ()]
    assert frozenset(str(change(option)) for option in options) in found


def test_after_the_certificates_have_ended_a_level_that_lasts_would_have_helped(own_cache: Path) -> None:
    """EN 319 102-1 5.5, 5.6: what carries its evidence and a time-stamp stands when its certificates have ended."""
    cell = "hk-recognised:gd-hk-scheme"
    one = scene_over(own_cache, expression=cell, at=parse_instant("2027-06-10"))
    matrix = remedied(one.run, one.matrix)
    found = {change for index in matrix.cells[cell].remedies or () for change in matrix.remedies[index].of(cell)}
    assert "--sign hk-recognised.scheme:pades.levels+=b-lt" in found


def test_an_instrument_that_begins_too_late_could_begin_earlier(own_cache: Path) -> None:
    cell = "zz-pilot:eu-qtsp-natural"
    one = scene_over(own_cache, expression=cell)
    late = what_if_run(one, "enact zz-to-eu=2027-01-01")
    matrix = remedied(late, matrix_of(late), cells=(cell,))
    found = [matrix.remedies[index].of(cell) for index in matrix.cells[cell].remedies or ()]
    assert any("--enact zz-to-eu=2026-03-01T00:00:00Z" in options for options in found), found


def what_if_run(scene: Scene, *options: str) -> Run:
    """The scene under changes to agreements and relying parties."""
    plan = scene.run.plan
    return assumed_run(scene.run, apply(map(change, options), plan.world, plan.suites), at=plan.validation)


def test_where_nothing_can_help_nothing_is_named(own_cache: Path) -> None:
    """Twenty years later the signer's certificates have expired, and no rule or agreement brings them back."""
    one = scene_over(own_cache, expression="cn-licensed-sm2:eu-qtsp-natural", at=parse_instant("2046-03-02"))
    matrix = remedied(one.run, one.matrix)
    assert matrix.cells["cn-licensed-sm2:eu-qtsp-natural"].verdict in BLOCKED
    assert matrix.cells["cn-licensed-sm2:eu-qtsp-natural"].remedies == ()
    assert matrix.remedies == ()


def test_cells_that_are_recognised_have_none_to_look_for(scene: Scene) -> None:
    matrix = with_remedies(scene.matrix, remedies_of(scene.run, scene.matrix))
    for name, cell in matrix.cells.items():
        assert (cell.remedies is None) is (cell.verdict not in BLOCKED), name
    assert any(cell.remedies is None for cell in matrix.cells.values())


def test_workers_find_what_one_process_finds(own_cache: Path) -> None:
    chosen = {"signers": ("hk-recognised", "eu-qtsp-seal"), "cache": own_cache}
    from interop.run.execute import execute
    from interop.run.plan import Options, plan

    alone = execute(plan(Options(jobs=0, **chosen)))  # type: ignore[arg-type]
    matrix = matrix_of(alone)
    together = execute(plan(Options(jobs=2, **chosen)))  # type: ignore[arg-type]
    found = remedies_of(together, matrix)
    assert len(found) > FEW  # else no worker is asked
    assert found == remedies_of(alone, matrix)
