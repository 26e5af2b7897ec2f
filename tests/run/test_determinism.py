"""The same answer twice; nothing signed or observed twice; other validation instants judge again and sign nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from core_run import Core, run_with

from interop.model.instant import parse_instant
from interop.model.layers import TECHNICAL, Layer
from interop.model.matrix import Matrix
from interop.model.outcome import CellVerdict
from interop.run import execute
from interop.run.execute import Run
from interop.run.files import matrix_json, read_matrix
from interop.run.measure import matrix_of
from interop.run.record import write_facts

TEN_YEARS_LATER = parse_instant("2036-03-02")


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same run again: another empty cache, and in two workers instead of this process."""
    return run_with(tmp_path_factory.mktemp("second-cache"), jobs=2)


def unusable(job: object) -> None:
    raise AssertionError(f"called for {job}")


@pytest.fixture
def nothing_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing and observing break the run."""
    monkeypatch.setattr(execute, "run_vector", unusable)


def test_two_runs_with_their_own_caches_give_equal_bytes(core: Core, second: Run) -> None:
    assert second.made == len(second.plan.specs) == core.run.made
    assert matrix_json(matrix_of(second)) == matrix_json(core.matrix)


def test_each_vector_has_the_same_bytes_in_both(core: Core, second: Run) -> None:
    """Every scheme of the six providers is deterministic here: RSA PKCS#1 v1.5, ECDSA by RFC 6979, SM2 likewise."""
    first = {vector: seen.facts for vector, seen in core.run.observations.items()}
    again = {vector: seen.facts for vector, seen in second.observations.items()}
    assert {v for v in first if first[v].artifact != again[v].artifact} == set()
    assert first == again
    assert core.run.recipes == second.recipes
    assert len(set(core.run.recipes.values())) == len(core.run.recipes)


def test_facts_files_are_equal_too(core: Core, second: Run, tmp_path: Path) -> None:
    write_facts(core.run, tmp_path / "a", complete=True)
    write_facts(second, tmp_path / "b", complete=True)
    assert (tmp_path / "a" / "facts.jsonl").read_bytes() == (tmp_path / "b" / "facts.jsonl").read_bytes()
    assert {p.name for p in (tmp_path / "a" / "objects").iterdir()} == {
        p.name for p in (tmp_path / "b" / "objects").iterdir()
    }


def test_a_matrix_names_no_clock_and_no_place(core: Core) -> None:
    text = matrix_json(core.matrix).decode()
    assert str(core.cache) not in text
    assert str(Path.home()) not in text
    assert json.loads(text)["instants"] == {"signing": "2026-03-01T00:00:00Z", "validation": "2026-03-02T00:00:00Z"}


def test_a_matrix_is_read_back_as_it_was(core: Core, tmp_path: Path) -> None:
    path = tmp_path / "matrix.json"
    path.write_bytes(matrix_json(core.matrix))
    assert matrix_json(read_matrix(path)) == path.read_bytes()


@pytest.mark.usefixtures("nothing_can_be_made")
def test_a_second_run_makes_nothing(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execute, "run_publish", unusable)
    again = run_with(core.cache)
    assert (again.made, again.failures) == (0, {})
    assert matrix_json(matrix_of(again)) == matrix_json(core.matrix)


@pytest.fixture(scope="module")
def later(core: Core) -> Matrix:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execute, "run_vector", unusable)
        run = run_with(core.cache, at=TEN_YEARS_LATER)
        assert (run.made, run.failures) == (0, {})
        assert run.observations == core.run.observations  # not one fact depends on the time
        return matrix_of(run)


def test_ten_years_later_the_matrix_is_another(core: Core, later: Matrix) -> None:
    assert matrix_json(later) != matrix_json(core.matrix)
    assert (later.instants.signing, later.instants.validation) == ("2026-03-01T00:00:00Z", "2036-03-02T00:00:00Z")
    accepted = {CellVerdict.RECOGNISED, CellVerdict.DOWNGRADED, CellVerdict.PARTIAL}
    assert [name for name, cell in later.cells.items() if cell.verdict in accepted] == []
    assert sum(cell.verdict in accepted for cell in core.matrix.cells.values()) >= 6


def codes(matrix: Matrix, cell: str, group: str) -> set[str]:
    return {matrix.tables.reasons[index].code for index in matrix.cells[cell].groups[group].reasons}


def test_ten_years_later_every_self_cell_says_why(core: Core, later: Matrix) -> None:
    """All signers' certificates have ended, and nothing in files below B-LT proves a time that still counts by then:
    OUT_OF_BOUNDS_NO_POE (EN 319 102-1 5.2.6), in every group. The ETSI suite's RSA sizes end in 2028 (TS 119 312): algorithm, for
    RSA signers."""
    for name in core.matrix.cells:
        signer, relying = name.split(":")
        if signer != relying:
            continue
        for group, was in core.matrix.cells[name].groups.items():
            identity, _, level = group.split("/")
            own = core.run.plan.world.provider(signer).identity(identity)
            if own.opaque or level not in {"b-b", "b-t"}:
                continue
            ends = core.run.plan.world.provider(signer).certificate(own.certificate).not_after
            assert not was.blocks
            if ends >= TEN_YEARS_LATER:  # customs certificates live for ten years
                continue
            now = later.cells[name].groups[group]
            assert {Layer.TIME, Layer.TRUST} <= set(now.blocks), (name, group)
            said = codes(later, name, group)
            assert "time.certificate-out-of-bounds" in said
            details = [later.tables.reasons[i].detail for i in now.reasons]
            assert any(f"notAfter {ends:%Y-%m}" in detail for detail in details), (name, group)
            # what lies in the file has not changed with the years
            assert not set(now.blocks) & {Layer.CONTAINER, Layer.INTEGRITY, Layer.SIGNATURE, Layer.CERTIFICATE}
    assert "algorithm.expired-no-poe" in codes(later, "us-fpki:us-fpki", "human/pades/b-b")
    assert not any(
        c.startswith("algorithm.") for c in codes(later, "cn-gov-gm:cn-gov-gm", "seal/pdf-gm/b-b")
    )  # the GM suite sets no end to SM2


def test_status_evidence_is_made_once_for_the_later_instant(
    core: Core, later: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execute, "run_vector", unusable)
    monkeypatch.setattr(execute, "run_publish", unusable)
    again = run_with(core.cache, at=TEN_YEARS_LATER)
    assert matrix_json(matrix_of(again)) == matrix_json(later)


@pytest.mark.usefixtures("nothing_can_be_made")
@pytest.mark.parametrize("at", ["2026-03-01T12:00:00Z", "2026-03-05T00:00:00Z"])
def test_a_day_sooner_or_later_changes_nothing_but_the_instant(core: Core, at: str) -> None:
    """Routine reissue of status answers ends no result (design section 2)."""
    moved = matrix_of(run_with(core.cache, at=parse_instant(at)))
    assert {name: (c.verdict, c.groups) for name, c in moved.cells.items()} == {
        name: (c.verdict, c.groups) for name, c in core.matrix.cells.items()
    }


@pytest.mark.usefixtures("nothing_can_be_made")
def test_before_its_time_nothing_is_accepted(core: Core) -> None:
    """Validated before the certificates began (2026-01-01 minus a year): not one technical ladder passes."""
    early = matrix_of(run_with(core.cache, at=parse_instant("2015-01-01")))
    for cell in early.cells.values():
        for group in cell.groups.values():
            assert {layer for layer in group.blocks if layer in TECHNICAL}
