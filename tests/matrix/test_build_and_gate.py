"""The matrix as a whole: groups, levels, reasons, determinism, exit codes. Expectations: design sections 3 and 5."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matrix_world import (
    CASES,
    HEADER,
    TAMPERED,
    L,
    broken,
    case,
    given_input,
    lacking,
    party,
    said,
    unsigned,
    vector,
)

from interop.matrix.build import build_matrix
from interop.matrix.gate import exit_code
from interop.matrix.inputs import Measurement, SignerIdentity
from interop.model.codec import dump_json, load_json
from interop.model.errors import UsageError
from interop.model.layers import LAYERS, Layer
from interop.model.matrix import Matrix
from interop.model.outcome import CellVerdict, Conformity, GroupState
from interop.model.reasons import reason
from interop.model.verdict import Judgement

CAUGHT = said(fails={Layer.INTEGRITY: ("integrity.digest-mismatch",)})
GROUP = "person/pades/b-b"


def cell(*answers: Judgement, cases: tuple[str, ...] = ("contract", "invoice")) -> Matrix:
    """north -> north alone."""
    world = given_input({("north", "north", c): a for c, a in zip(cases, answers, strict=True)})
    return build_matrix(replace(world, signers=("north",), relying=("north",)))


def test_a_recognised_cell() -> None:
    found = cell(said(), said()).cells["north:north"]
    assert (found.verdict, found.conformity, found.first_block) == (
        CellVerdict.RECOGNISED,
        Conformity.AS_PROMISED,
        None,
    )
    assert (found.level.claimed, found.level.attained, found.level.required) == ("L3", "L3", "L2")
    group = found.groups[GROUP]
    assert (group.state, group.blocks, group.promised, group.agreement) == (GroupState.ACCEPTED, (), True, "home")


def test_one_required_case_keeps_a_group_from_being_accepted() -> None:
    found = cell(said(), said(fails={Layer.FORMAT: ("format.x",)})).cells["north:north"]
    assert found.groups[GROUP].state is GroupState.BLOCKED_TECHNICAL
    assert (found.verdict, found.conformity) == (CellVerdict.NOT_RECOGNISED, Conformity.BELOW_PROMISE)
    assert found.broken == (GROUP,)
    assert found.first_block is Layer.FORMAT


def test_a_lower_level_is_a_downgrade_and_an_unpromised_one_over_recognition() -> None:
    assert cell(said(), said(attained=L.L2)).cells["north:north"].verdict is CellVerdict.DOWNGRADED
    found = cell(said(), said(promised=False)).cells["north:north"]
    assert (found.verdict, found.conformity) == (CellVerdict.OVER_RECOGNISED, Conformity.ABOVE_PROMISE)
    assert found.unpromised == (GROUP,)


def test_optional_positives_and_negatives_do_not_make_groups() -> None:
    optional = case("extra", required=False)
    world = given_input(
        {
            ("north", "north", "contract"): said(),
            ("north", "north", "extra"): said(fails={Layer.FORMAT: ("format.x",)}),
            ("north", "north", "tampered"): CAUGHT,
        },
        cases={**CASES, "extra": optional},
    )
    found = build_matrix(world).cells["north:north"]
    assert found.verdict is CellVerdict.RECOGNISED
    assert set(found.groups) == {GROUP}


def test_a_negative_that_is_accepted_makes_the_cell_unsafe() -> None:
    found = cell(said(), said(), cases=("contract", "tampered"))
    assert found.cells["north:north"].verdict is CellVerdict.UNSAFE
    assert exit_code(found) == 4
    alone = cell(said(), cases=("tampered",))
    assert alone.cells["north:north"].verdict is CellVerdict.NOT_TESTED, "no group ran"
    assert exit_code(alone) == 4, "and the acceptance is not hidden by that"


def test_cells_without_vectors_are_there_and_not_tested() -> None:
    matrix = build_matrix(given_input({("north", "north", "contract"): said()}))
    assert list(matrix.cells) == ["north:north", "north:south", "south:north", "south:south"]
    assert matrix.cells["south:north"].verdict is CellVerdict.NOT_TESTED
    assert matrix.cells["south:north"].level.claimed is None
    assert matrix.counts == {"NOT_RUN": 1, "PASS": 1}, "one vector, two relying parties, one of them not reached"


def test_reasons_stand_once_in_the_order_of_explanation() -> None:
    trust = said(fails={Layer.TRUST: ("trust.no-path-to-known-anchor",)}, promised=False)
    both = said(fails={Layer.TRUST: ("trust.path-invalid", "trust.no-path-to-known-anchor")}, promised=False)
    world = given_input({("north", "south", "contract"): trust, ("north", "south", "invoice"): both})
    matrix = build_matrix(world)
    rows = matrix.tables.reasons
    assert [row.code for row in rows] == [
        "trust.path-invalid",
        "trust.no-path-to-known-anchor",
        "agreement.no-instrument",
    ]
    group = matrix.cells["north:south"].groups[GROUP]
    assert group.reasons == (0, 1, 2)
    assert group.blocks == (Layer.TRUST, Layer.AGREEMENT)
    assert rows[0].text == reason("trust.path-invalid").text


def test_foreign_words_of_a_real_party_are_kept() -> None:
    matrix = cell(said(fails={Layer.CHAIN: ("acme.E-42",)}), cases=("contract",))
    assert [(row.code, row.layer, row.text.en) for row in matrix.tables.reasons] == [
        ("acme.E-42", Layer.CHAIN, "acme.E-42")
    ]


def test_errors_are_noted() -> None:
    matrix = cell(broken("killed after 60 s"), cases=("contract",))
    assert matrix.cells["north:north"].groups[GROUP].notes == ("error: killed after 60 s",)
    assert matrix.cells["north:north"].verdict is CellVerdict.INCONCLUSIVE
    assert exit_code(matrix) == 3


def test_a_file_without_signature_blocks_where_its_findings_say() -> None:
    matrix = cell(unsigned("container.byte-range-malformed"), cases=("contract",))
    assert matrix.cells["north:north"].first_block is Layer.CONTAINER
    assert [row.code for row in matrix.tables.reasons] == ["container.byte-range-malformed"]


def test_opaque_identities_are_listed_and_never_gate() -> None:
    world = given_input(
        {("north", "north", "contract"): said(fails={Layer.ALGORITHM: ("algorithm.x",)})},
        identities=(SignerIdentity(provider="north", id="person", level=L.L3, opaque=True),),
    )
    matrix = build_matrix(replace(world, signers=("north",), relying=("north",)))
    assert matrix.cells["north:north"].verdict is CellVerdict.UNSUPPORTED
    assert matrix.tables.cases[0].opaque
    assert exit_code(matrix) == 0


def test_an_unfinished_group_is_undetermined() -> None:
    world = given_input({("north", "north", "contract"): said()}, extra=(vector("invoice"),))
    assert build_matrix(world).cells["north:north"].groups[GROUP].state is GroupState.UNDETERMINED


def test_inputs_that_contradict_one_another() -> None:
    world = given_input({("north", "north", "contract"): said()})
    record = next(iter(world.measurements))
    for wrong, what in (
        (replace(world, measurements=(record, record)), "twice"),
        (
            replace(world, measurements=(Measurement(vector=record.vector, relying="north", answers=()),)),
            "without an answer",
        ),
        (replace(world, cases={}), "no case"),
        (replace(world, identities=()), "no identity"),
        (
            replace(world, cases={"contract": replace(CASES["contract"], control="tampered"), "tampered": TAMPERED}),
            "negative",
        ),
    ):
        with pytest.raises(ValueError, match=what):
            build_matrix(wrong)


# exit codes


def test_exit_codes() -> None:
    assert exit_code(cell(said(), said())) == 0
    assert exit_code(cell(said(fails={Layer.FORMAT: ("format.x",)}), said())) == 1, "a positive fails at home"
    assert exit_code(cell(said(promised=False), said(promised=False))) == 1, "over-recognition"
    unsupported = cell(lacking(), lacking())
    assert (exit_code(unsupported), exit_code(unsupported, allow_unsupported=True)) == (1, 0)
    refused = {Layer.TRUST: ("trust.no-path-to-known-anchor",)}
    promised = cell(said(fails=refused), said(fails=refused))
    assert exit_code(promised) == 0, "a broken promise is shown"
    assert exit_code(promised, fail_on={"promise"}) == 1, "and gates on request"
    assert exit_code(build_matrix(given_input({}))) == 5
    assert exit_code(build_matrix(given_input({}, extra=(vector("contract"),)))) == 5


def test_precedence() -> None:
    unsafe_and_error = cell(broken(), said(), said(), cases=("contract", "invoice", "tampered"))
    assert exit_code(unsafe_and_error) == 4
    error_and_failure = cell(broken(), said(fails={Layer.FORMAT: ("format.x",)}))
    assert exit_code(error_and_failure) == 3
    partial = given_input({("north", "north", "contract"): said()}, header=replace(HEADER, complete=False))
    assert exit_code(build_matrix(partial)) == 3, "a partial run never gates green"


def test_an_unknown_word_in_fail_on() -> None:
    with pytest.raises(UsageError, match="mood"):
        exit_code(cell(said(), said()), fail_on={"mood"})


# laws

answers = st.sampled_from(
    [
        said(),
        said(promised=False),
        said(attained=L.L2),
        CAUGHT,
        said(fails={Layer.TRUST: ("trust.path-invalid",)}),
        broken(),
        lacking(),
        unsigned("container.byte-range-malformed"),
    ]
)
measured = st.dictionaries(
    st.tuples(st.sampled_from(["north", "south"]), st.sampled_from(["north", "south"]), st.sampled_from(sorted(CASES))),
    answers,
    max_size=16,
)


@settings(max_examples=150, deadline=None)
@given(measured, st.booleans(), st.randoms(use_true_random=False))
def test_equal_inputs_give_equal_bytes_in_any_order(
    records: dict[tuple[str, str, str], Judgement], real: bool, random: object
) -> None:
    parties = (party("north"), party("south", engine="box@1" if real else "modelled"))
    world = given_input(records, parties=parties)
    one = build_matrix(world)
    shuffled = [list(x) for x in (world.vectors, world.measurements, world.parties, world.identities)]
    for items in shuffled:
        random.shuffle(items)  # type: ignore[attr-defined]
    vectors, measurements, people, identities = (tuple(items) for items in shuffled)
    other = replace(
        world,
        vectors=vectors,
        measurements=measurements,
        parties=people,
        identities=identities,
        cases=dict(reversed(world.cases.items())),
        signers=tuple(reversed(world.signers)),
    )
    assert dump_json(build_matrix(other)) == dump_json(one)
    assert load_json(Matrix, dump_json(one), name="matrix.json") == one


@settings(max_examples=150, deadline=None)
@given(measured)
def test_what_holds_of_every_matrix(records: dict[tuple[str, str, str], Judgement]) -> None:
    matrix = build_matrix(given_input(records))
    assert exit_code(matrix) in {0, 1, 3, 4, 5}
    rows = matrix.tables.reasons
    assert len({(row.code, row.detail, row.layer) for row in rows}) == len(rows)
    used: set[int] = set()
    for name, found in matrix.cells.items():
        assert len(found.outcomes) == len(matrix.rows_of(name.split(":")[0]))
        for group in found.groups.values():
            used |= {*group.reasons, *group.findings}
            layers = [LAYERS.index(rows[i].layer) for i in group.reasons]
            assert layers == sorted(layers)
        if found.verdict is CellVerdict.RECOGNISED:
            assert found.conformity is Conformity.AS_PROMISED
            assert not found.broken
        if found.verdict is CellVerdict.UNSAFE:
            assert exit_code(matrix) == 4
        assert bool(found.unpromised) == (found.conformity is Conformity.ABOVE_PROMISE)
    assert used == set(range(len(rows))), "no row is named by nobody"
    assert sum(matrix.counts.values()) == len(matrix.tables.cases) * 2
