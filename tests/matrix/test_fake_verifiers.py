"""The acceptance test of the model: verifiers that are wrong in one known way, each with its documented result.

Each speaks for the real relying party `west`, as a process, through serialised JSON. `west` signs too (the diagonal), and
`east`, whom no instrument covers. Expectations: design section 3, end of 'Outcome of a case'; reference/harness-anchors.md section 6.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fake_engine import FakeEngine
from matrix_world import AT, CASES, L, given_input, party, said

from interop.matrix.build import build_matrix
from interop.matrix.gate import exit_code
from interop.matrix.inputs import SignerIdentity
from interop.matrix.opinion import opinion_judgement
from interop.model.case import Expect
from interop.model.certificate import ObjectId
from interop.model.layers import Layer
from interop.model.matrix import Matrix
from interop.model.outcome import OUTCOME_CHAR, CellVerdict, Conformity, EvidenceKind, Side
from interop.model.verdict import Judgement

SIGNERS = ("east", "west")
V = CellVerdict


def modelled(signer: str) -> Judgement:
    """What our judge says of any sound vector: west recognises its own; nothing covers east."""
    if signer == "west":
        return said("west")
    return said("west", fails={Layer.TRUST: ("trust.no-path-to-known-anchor",)}, promised=False, attained=L.L2)


class Bench:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[tuple[str, str], Path] = {}
        key, trusted = {}, []
        for signer in SIGNERS:
            for case in CASES.values():
                path = folder / f"{signer}-{case.id}.bin"
                path.write_text(f"{signer} {case.id}", encoding="utf-8")
                self.files[signer, case.id] = path
                digest = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
                if case.expectation.expect is Expect.REJECT:
                    assert case.expectation.layer is not None
                    key[digest] = {"layer": case.expectation.layer.value, "reasons": list(case.expectation.reasons)}
                if signer == "west":
                    trusted.append(digest)
        self.key = folder / "key.json"
        self.key.write_text(json.dumps(key), encoding="utf-8")
        (folder / "trusted.json").write_text(json.dumps(trusted), encoding="utf-8")

    def run(self, mode: str, *, repeat: int = 1, timeout: float = 20) -> Matrix:
        engine = FakeEngine(mode, self.key, timeout=timeout)
        try:
            measured = {
                (signer, "west", case): tuple(
                    self._ask(engine, f"{signer}/{case}/{turn}", path, signer) for turn in range(repeat)
                )
                for (signer, case), path in self.files.items()
            }
        finally:
            engine.stop()
        world = given_input(
            measured,
            parties=(party("west", engine=engine.hello.engine, capabilities=engine.hello.capabilities), party("east")),
            identities=tuple(SignerIdentity(provider=s, id="person", level=L.L3) for s in SIGNERS),
        )
        return build_matrix(replace(world, relying=("west",)))

    def _ask(self, engine: FakeEngine, request_id: str, path: Path, signer: str) -> Judgement:
        artifact = ObjectId("sha256:" + hashlib.sha256(path.read_bytes()).hexdigest())
        opinion = engine.ask(request_id, artifact, path, "west", AT)
        return opinion_judgement(opinion, modelled(signer))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    return Bench(tmp_path)


def outcomes(matrix: Matrix, signer: str) -> dict[str, str]:
    """Case -> outcome in the cell `signer:west`."""
    cell = matrix.cells[f"{signer}:west"]
    rows = zip(matrix.rows_of(signer), cell.outcomes, strict=True)
    return {row.case: matrix.tables.outcomes[char] for row, char in rows}


def each(letters: str) -> dict[str, str]:
    """`PFV`: outcome of the positives, of the tampered file, of the revoked signer (letters as in `matrix.json`)."""
    names = {char: outcome.value for outcome, char in OUTCOME_CHAR.items()}
    positive, tampered, revoked = (names[letter] for letter in letters)
    return {"contract": positive, "invoice": positive, "tampered": tampered, "revoked": revoked}


FAKES = {
    # mode: (west:west, east:west), (verdict, verdict), exit
    "honest": (("PPP", "IPP"), (V.RECOGNISED, V.VALID_NOT_RECOGNISED), 0),
    "accept-all": (("PFF", "IFF"), (V.UNSAFE, V.UNSAFE), 4),
    "reject-all": (("FVV", "IVN"), (V.NOT_RECOGNISED, V.NOT_RECOGNISED), 1),
    "crash": (("EEE", "EEE"), (V.INCONCLUSIVE, V.INCONCLUSIVE), 3),
    "malformed": (("EEE", "EEE"), (V.INCONCLUSIVE, V.INCONCLUSIVE), 3),
    "unsupported-declared": (("DDD", "DDD"), (V.INCONCLUSIVE, V.INCONCLUSIVE), 1),
    "unsupported": (("UUU", "UUU"), (V.UNSUPPORTED, V.UNSUPPORTED), 1),
    "wrong-layer": (("PWW", "IWW"), (V.RECOGNISED, V.VALID_NOT_RECOGNISED), 1),
    "no-instrument": (("PPP", "IPP"), (V.RECOGNISED, V.OVER_RECOGNISED), 1),
    # black boxes: a negative is proven only where the control is accepted
    "black-box": (("PPP", "INN"), (V.RECOGNISED, V.NOT_RECOGNISED), 0),
    "accept-all-black-box": (("PFF", "IFF"), (V.UNSAFE, V.UNSAFE), 4),
    "reject-all-black-box": (("FVV", "INN"), (V.NOT_RECOGNISED, V.NOT_RECOGNISED), 1),
}


@pytest.mark.parametrize("mode", FAKES)
def test_a_fake_verifier_is_read_for_what_it_is(bench: Bench, mode: str) -> None:
    cases, verdicts, exit_ = FAKES[mode]
    matrix = bench.run(mode)
    assert (outcomes(matrix, "west"), outcomes(matrix, "east")) == (each(cases[0]), each(cases[1]))
    assert (matrix.cells["west:west"].verdict, matrix.cells["east:west"].verdict) == verdicts
    assert exit_code(matrix) == exit_


def test_a_verifier_that_never_answers(bench: Bench) -> None:
    matrix = bench.run("hang", timeout=0.3)
    for signer in SIGNERS:
        assert outcomes(matrix, signer) == each("EEE")
        assert matrix.cells[f"{signer}:west"].verdict is V.INCONCLUSIVE
    notes = {note for cell in matrix.cells.values() for group in cell.groups.values() for note in group.notes}
    assert notes == {"error: time-out", "error: ended after three time-outs in a row"}
    assert exit_code(matrix) == 3


def test_answers_that_change_on_positives(bench: Bench) -> None:
    matrix = bench.run("changing", repeat=2)
    for signer in SIGNERS:
        assert outcomes(matrix, signer) == each("LLL")
        assert matrix.cells[f"{signer}:west"].verdict is V.INCONCLUSIVE
    assert exit_code(matrix) == 1


@pytest.mark.parametrize(
    ("mode", "note"),
    [("crash", "error: crash"), ("malformed", "error: protocol"), ("unsupported-declared", "unsupported: ")],
)
def test_no_answer_is_looked_for_in_the_software(bench: Bench, mode: str, note: str) -> None:
    for cell in bench.run(mode).cells.values():
        assert cell.attribution is not None
        assert (cell.attribution.to, cell.attribution.also) == (Side.TOOL, ())
        assert all(e.kind is EvidenceKind.ENGINE and e.note.startswith(note) for e in cell.attribution.evidence)


def test_unsupported_may_be_allowed_by_a_set(bench: Bench) -> None:
    assert exit_code(bench.run("unsupported"), allow_unsupported=True) == 0


def test_acceptance_without_instrument_is_named(bench: Bench) -> None:
    cell = bench.run("no-instrument").cells["east:west"]
    assert cell.unpromised == ("person/pades/b-b",)
    assert cell.conformity is Conformity.ABOVE_PROMISE
    assert cell.first_block is Layer.AGREEMENT


def test_scoring_nothing_for_refusing_everything(bench: Bench) -> None:
    for mode in ("reject-all", "reject-all-black-box", "crash", "malformed"):
        matrix = bench.run(mode)
        assert "PASS" not in matrix.counts, mode
