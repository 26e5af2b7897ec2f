"""Groups of documents with alternative signatures name the leg relied upon; opaque identities are listed and not counted."""

from __future__ import annotations

from dataclasses import replace

from matrix_world import HEADER, INVOICE, L, broken, case, given_input, said, vector

from interop.matrix.build import build_matrix
from interop.matrix.gate import exit_code
from interop.matrix.inputs import Measurement, SignerIdentity
from interop.model.layers import Layer, LayerState
from interop.model.matrix import Cell
from interop.model.outcome import CellVerdict, Conformity, GroupState
from interop.model.verdict import Judgement

GROUP = "person/pades/b-b"
UNVERIFIED = {Layer.SIGNATURE: LayerState.UNSUPPORTED}


def relied(kind: str | None) -> Judgement:
    verdict = said().verdict
    assert verdict is not None
    return said() if kind is None else replace(said(), verdicts=(verdict, verdict), reason=f"leg:{kind}", leg=kind)


def _leg(**answers: Judgement) -> str | None:
    matrix = build_matrix(given_input({("north", "south", case_id): answer for case_id, answer in answers.items()}))
    return matrix.cells["north:south"].groups[GROUP].leg


def test_a_group_names_the_leg_relied_upon() -> None:
    assert _leg(contract=relied("SM2")) == "SM2"
    assert _leg(contract=relied("SM2"), invoice=relied(None)) == "SM2", "a case with one signature says nothing"
    assert _leg(contract=relied("SM2"), invoice=relied("RSA")) == "RSA, SM2"
    assert _leg(contract=relied(None)) is None
    assert _leg(contract=broken()) is None


def test_a_case_that_is_not_required_names_no_leg() -> None:
    cases = {"contract": case("contract"), "invoice": replace(INVOICE, required=False)}
    given = given_input(
        {("north", "south", "contract"): relied(None), ("north", "south", "invoice"): relied("RSA")}, cases=cases
    )
    assert build_matrix(given).cells["north:south"].groups[GROUP].leg is None


def _cells(*, rsa: Judgement | None, national: Judgement) -> tuple[Cell, int]:
    """The self cell of a provider with an opaque identity beside one that is not (or alone), and the exit code of the run."""
    measured = [(vector("contract", identity="national"), national)]
    if rsa is not None:
        measured.append((vector("contract", identity="rsa"), rsa))
    given = given_input({}, parties=given_input({}).parties[:1])
    matrix = build_matrix(
        replace(
            given,
            header=HEADER,
            identities=(
                SignerIdentity(provider="north", id="national", level=L.L3, opaque=True),
                SignerIdentity(provider="north", id="rsa", level=L.L3),
            ),
            vectors=tuple(v for v, _ in measured),
            measurements=tuple(Measurement(vector=v, relying="north", answers=(a,)) for v, a in measured),
        )
    )
    return matrix.cells["north:north"], exit_code(matrix)


def test_an_opaque_identity_beside_another_is_listed_and_not_counted() -> None:
    cell, code = _cells(rsa=said(), national=said(states=UNVERIFIED, attained=L.L0))
    assert cell.groups["national/pades/b-b"].state is GroupState.UNSUPPORTED
    assert cell.verdict is CellVerdict.RECOGNISED
    assert cell.conformity is Conformity.AS_PROMISED
    assert (cell.first_block, cell.broken) == (None, ()), "what is not counted blocks and breaks nothing"
    assert (cell.level.claimed, cell.level.attained) == ("L3", "L3")
    assert code == 0


def test_an_opaque_identity_hides_no_refusal_of_another() -> None:
    cell, code = _cells(rsa=said(fails={Layer.FORMAT: ("format.not-accepted",)}), national=said(states=UNVERIFIED))
    assert cell.verdict is CellVerdict.NOT_RECOGNISED
    assert cell.first_block is Layer.FORMAT
    assert code == 1


def test_a_provider_of_opaque_identities_alone_is_unsupported() -> None:
    cell, code = _cells(rsa=None, national=said(states=UNVERIFIED, attained=L.L0))
    assert cell.verdict is CellVerdict.UNSUPPORTED
    assert cell.first_block is Layer.SIGNATURE
    assert (cell.broken, cell.unpromised) == ((), ())
    assert code == 0


def test_a_failed_layer_of_an_opaque_signature_is_no_refusal_either() -> None:
    """A relying party that reads no such format refuses it all the same, but nothing was verified: unsupported."""
    national = said(fails={Layer.FORMAT: ("format.not-accepted",)}, states=UNVERIFIED)
    cell, code = _cells(rsa=None, national=national)
    assert (cell.verdict, code) == (CellVerdict.UNSUPPORTED, 0)
