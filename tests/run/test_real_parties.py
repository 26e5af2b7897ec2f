"""The ten fake verifiers through `interop run --real`: what each scores, its cells, and the exit code (design section 3, end).

Each speaks for `hk-recognised` as a process of its own, through JSON lines. Two sign: `hk-recognised` (the diagonal), and
`eu-qtsp-natural`, which no instrument covers there. The fakes read the files by their
digests only; what is wrong with a negative stands in a key file that is made here from the cases, never from our verdicts.
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from core_run import ROOT, CommandLine, Core

from interop.model.case import Expect
from interop.model.matrix import Matrix
from interop.model.outcome import CellVerdict, Conformity
from interop.run.files import read_matrix

FAKE = ROOT / "tests" / "fakes" / "fake_verifier.py"
PARTY, OTHER = "hk-recognised", "eu-qtsp-natural"
OWN, FOREIGN = f"{PARTY}:{PARTY}", f"{OTHER}:{PARTY}"
VECTOR_LAYERS = {"container", "integrity", "signature"}
V = CellVerdict


@dataclass(frozen=True)
class Result:
    code: int
    matrix: Matrix
    err: str

    def outcomes(self, name: str) -> Mapping[str, str]:
        rows = self.matrix.rows_of(name.partition(":")[0])
        chars = self.matrix.cells[name].outcomes
        return {row.id: self.matrix.tables.outcomes[char] for row, char in zip(rows, chars, strict=True)}

    def of_positives(self, name: str) -> set[str]:
        expect = {row.id: row.expect for row in self.matrix.tables.cases}
        return {outcome for row, outcome in self.outcomes(name).items() if expect[row] == "accept"}

    def of_negatives(self, name: str) -> dict[str, set[str]]:
        """Targeted layer -> outcomes."""
        layers = {row.id: row.layer for row in self.matrix.tables.cases if row.expect == "reject"}
        found: dict[str, set[str]] = {}
        for row, outcome in self.outcomes(name).items():
            if layers.get(row) is not None:
                found.setdefault(str(layers[row]), set()).add(outcome)
        return found


class Fakes:
    """Runs the command line with a fake in the place of `hk-recognised`."""

    def __init__(self, core: Core, interop: CommandLine, folder: Path) -> None:
        self.core, self.interop, self.key = core, interop, folder / "key.json"
        flaws = {}
        for vector, spec in core.specs.items():
            digest = core.run.observations[vector].facts.artifact
            if spec.case.expectation.expect is Expect.REJECT:
                assert spec.case.expectation.layer is not None
                flaws[digest] = {
                    "layer": spec.case.expectation.layer.value,
                    "reasons": list(spec.case.expectation.reasons),
                }
        self.key.write_text(json.dumps(flaws), encoding="utf-8")

    def command(self, mode: str, party: str = PARTY) -> str:
        """`ID=COMMAND`. Its trust set, where it looks at one: what the party itself signed."""
        seen, specs = self.core.run.observations, self.core.specs
        own = [seen[vector].facts.artifact for vector, spec in specs.items() if spec.provider.id == party]
        self.key.with_name("trusted.json").write_text(json.dumps(own), encoding="utf-8")
        return f"{party}={shlex.join([sys.executable, str(FAKE), mode, '--key', str(self.key)])}"

    def __call__(
        self, mode: str, *more: str, words: str = "pades and b-b and not cms-transplanted", party: str = PARTY
    ) -> Result:
        said = self.interop(
            "run", "-q", "-j", "0", "--cache", self.core.cache, "--signers", f"{PARTY},{OTHER}", "--relying", party,
            "-k", words, "--real", self.command(mode, party), *more,
        )  # fmt: skip
        path = self.interop.folder / "out" / "matrix.json"
        assert path.is_file(), said.err
        return Result(said.code, read_matrix(path), said.err)


@pytest.fixture
def fake(core: Core, interop: CommandLine, tmp_path: Path) -> Fakes:
    return Fakes(core, interop, tmp_path)


def verdicts(result: Result) -> tuple[CellVerdict, CellVerdict]:
    return result.matrix.cells[OWN].verdict, result.matrix.cells[FOREIGN].verdict


def test_the_selection_holds_negatives_of_both_kinds_of_layers(core: Core) -> None:
    layers = {
        s.case.expectation.layer.value
        for s in core.specs.values()
        if s.provider.id == OTHER and s.emits.format == "pades" and s.case.expectation.layer is not None
    }
    assert layers & VECTOR_LAYERS
    assert layers - VECTOR_LAYERS


def test_honest(fake: Fakes) -> None:
    result = fake("honest")
    assert verdicts(result) == (V.RECOGNISED, V.VALID_NOT_RECOGNISED)
    assert (result.of_positives(OWN), result.of_positives(FOREIGN)) == ({"PASS"}, {"INFO"})
    assert set().union(*result.of_negatives(FOREIGN).values()) == {"PASS"}
    assert result.code == 0
    engines = {row.id: row.engine for row in result.matrix.tables.parties}
    assert engines[PARTY] == "fake-honest@1.0"
    assert engines[OTHER] == "modelled"


def test_accept_all(fake: Fakes) -> None:
    result = fake("accept-all")
    assert result.matrix.cells[FOREIGN].verdict is V.UNSAFE
    assert set().union(*result.of_negatives(FOREIGN).values()) == {"FAIL"}
    assert result.code == 4


def test_reject_all(fake: Fakes) -> None:
    """Own positives FAIL; negatives prove nothing: VACUOUS where the control had to pass everywhere, else the party's own rule."""
    result = fake("reject-all")
    assert verdicts(result) == (V.NOT_RECOGNISED, V.NOT_RECOGNISED)
    assert (result.of_positives(OWN), result.of_positives(FOREIGN)) == ({"FAIL"}, {"INFO"})
    for layer, outcomes in result.of_negatives(FOREIGN).items():
        assert outcomes == ({"VACUOUS"} if layer in VECTOR_LAYERS else {"NOT_APPLICABLE"}), layer
    assert "PASS" not in result.matrix.counts
    assert result.code == 1


@pytest.mark.parametrize("mode", ["crash", "malformed"])
def test_no_answer_is_an_error_and_never_a_rejection(fake: Fakes, mode: str) -> None:
    result = fake(mode)
    assert verdicts(result) == (V.INCONCLUSIVE, V.INCONCLUSIVE)
    for name in (OWN, FOREIGN):
        assert set(result.outcomes(name).values()) == {"ERROR"}
    assert result.code == 3
    notes = {note for cell in result.matrix.cells.values() for group in cell.groups.values() for note in group.notes}
    assert any(("exit code 70" if mode == "crash" else "not JSON") in note for note in notes)


def test_silence_is_an_error_and_three_end_it(fake: Fakes) -> None:
    result = fake("hang", "--answer-seconds", "0.3")
    assert verdicts(result) == (V.INCONCLUSIVE, V.INCONCLUSIVE)
    for name in (OWN, FOREIGN):
        assert set(result.outcomes(name).values()) == {"ERROR"}
    assert result.code == 3
    notes = {note for cell in result.matrix.cells.values() for group in cell.groups.values() for note in group.notes}
    assert any("not asked any more" in note for note in notes)


def test_unsupported_though_declared(fake: Fakes) -> None:
    result = fake("unsupported-declared")
    assert verdicts(result) == (V.INCONCLUSIVE, V.INCONCLUSIVE)
    assert set(result.outcomes(OWN).values()) == {"UNDECLARED_UNSUPPORTED"}
    assert result.code == 1


def test_unsupported_and_declared(fake: Fakes) -> None:
    result = fake("unsupported")
    assert verdicts(result) == (V.UNSUPPORTED, V.UNSUPPORTED)
    assert set(result.outcomes(FOREIGN).values()) == {"UNSUPPORTED"}
    assert result.code == 1  # the core set allows no gaps


def test_wrong_layer(fake: Fakes) -> None:
    """It refuses every negative at `certificate`: right only where that is what the case targets and for its reason."""
    result = fake("wrong-layer")
    assert set().union(*result.of_negatives(FOREIGN).values()) == {"WRONG_REASON"}
    assert result.of_positives(OWN) == {"PASS"}
    assert result.code == 1


def test_accepts_without_instrument(fake: Fakes) -> None:
    result = fake("no-instrument")
    cell = result.matrix.cells[FOREIGN]
    assert cell.verdict is V.OVER_RECOGNISED
    assert cell.conformity is Conformity.ABOVE_PROMISE
    assert set(cell.unpromised) == set(cell.groups)
    assert result.matrix.cells[OWN].verdict is V.RECOGNISED
    assert set().union(*result.of_negatives(FOREIGN).values()) == {"PASS"}
    assert result.code == 1


def test_answers_that_change(fake: Fakes) -> None:
    result = fake("changing", "--repeat", "2")
    assert verdicts(result) == (V.INCONCLUSIVE, V.INCONCLUSIVE)
    assert (result.of_positives(OWN), result.of_positives(FOREIGN)) == ({"FLAKY"}, {"FLAKY"})
    assert result.code == 1


def test_asked_once_the_same_verifier_looks_sound(fake: Fakes) -> None:
    """What `--repeat` is for."""
    assert fake("changing", words="pdf-b-b and pades").of_positives(OWN) == {"PASS"}


@pytest.mark.parametrize(
    ("mode", "negatives", "code"),
    [
        ("black-box", "NOT_APPLICABLE", 0),
        ("accept-all-black-box", "FAIL", 4),
        ("reject-all-black-box", "NOT_APPLICABLE", 1),
    ],
)
def test_black_boxes_prove_a_negative_only_where_they_accept_its_control(
    fake: Fakes, mode: str, negatives: str, code: int
) -> None:
    result = fake(mode)
    assert set().union(*result.of_negatives(FOREIGN).values()) == {negatives}
    assert result.code == code


HOME = {
    # mode: (positives, negatives, verdict, exit), of a reference signer in its own column
    "honest": ("PASS", "PASS", V.RECOGNISED, 0),
    "black-box": ("PASS", "PASS", V.RECOGNISED, 0),
    "accept-all": ("PASS", "FAIL", V.UNSAFE, 4),
    "accept-all-black-box": ("PASS", "FAIL", V.UNSAFE, 4),
    "reject-all": ("FAIL", "VACUOUS", V.NOT_RECOGNISED, 1),
    "reject-all-black-box": ("FAIL", "VACUOUS", V.NOT_RECOGNISED, 1),
    "no-instrument": ("PASS", "PASS", V.RECOGNISED, 0),
    "unsupported": ("UNSUPPORTED", "UNSUPPORTED", V.UNSUPPORTED, 1),
}


@pytest.mark.parametrize("mode", HOME)
def test_negatives_at_home(fake: Fakes, mode: str) -> None:
    """On the diagonal every control had to pass, whatever the layer."""
    positives, negatives, verdict, code = HOME[mode]
    result = fake(mode, party=OTHER, words=f"{OTHER} and pades and b-b")
    name = f"{OTHER}:{OTHER}"
    assert result.of_positives(name) == {positives}
    assert set().union(*result.of_negatives(name).values()) == {negatives}
    assert (result.matrix.cells[name].verdict, result.code) == (verdict, code)


def test_a_party_that_never_introduces_itself(core: Core, interop: CommandLine) -> None:
    said = interop("run", "-q", "-j", "0", "--cache", core.cache, "-k", "us-fpki:us-fpki", "--real", "us-fpki=true")
    assert said.code == 3
    assert "the engine of 'us-fpki' does not introduce itself" in said.err
    assert list((interop.folder / "out").glob("*")) == []


def test_only_that_column_is_measured_by_it(fake: Fakes, core: Core) -> None:
    """The other columns of the same run are the judge's, as without it."""
    said = fake.interop(
        "run",
        "-q",
        "-j",
        "0",
        "--cache",
        core.cache,
        "--signers",
        OTHER,
        "-k",
        "pades",
        "--real",
        fake.command("reject-all"),
    )
    assert said.code == 1
    matrix = read_matrix(fake.interop.folder / "out" / "matrix.json")
    name = f"{OTHER}:us-fpki"
    groups = {g: state for g, state in core.matrix.cells[name].groups.items() if "/pades/" in g}
    assert {g: s.state for g, s in matrix.cells[name].groups.items()} == {g: s.state for g, s in groups.items()}


def test_the_matrix_of_a_real_party_has_no_path_in_it(fake: Fakes) -> None:
    fake("honest", words="pdf-b-b and pades")
    text = (fake.interop.folder / "out" / "matrix.json").read_text(encoding="utf-8")
    assert str(FAKE) not in text
    assert str(fake.key) not in text
