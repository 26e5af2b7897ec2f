"""Clusters of refused groups, pairs that are not alike both ways, and laws of all patterns over matrices of any shape."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from pattern_world import GROUP, Drawing, accepted, drawn_cell, silent

from interop.matrix.build import with_patterns
from interop.model.codec import dump_json, load_json
from interop.model.layers import Layer
from interop.model.matrix import Asymmetry, Cluster, Group, Matrix
from interop.model.outcome import GroupState, Side

FORMAT = "format.not-accepted"
KEY = "algorithm.key-not-accepted"
SUITE = "algorithm.not-in-suite"
VALUE = "signature.value-invalid"
TRUST = "trust.no-path-to-known-anchor"
NO_INSTRUMENT = "agreement.no-instrument"
POLICY = "trust.entry-policy"
CODES = (
    "container.not-readable-pdf",
    VALUE,
    FORMAT,
    KEY,
    SUITE,
    "time.timestamp-missing",
    POLICY,
    TRUST,
    NO_INSTRUMENT,
)
REFUSED = {GroupState.BLOCKED_TECHNICAL, GroupState.BLOCKED_RECOGNITION, GroupState.UNDETERMINED}


def clusters(drawing: Drawing) -> dict[tuple[str, ...], Cluster]:
    """`code about`, ... -> cluster."""
    found = with_patterns(drawing.matrix()).clusters
    return {tuple(f"{c.code} {c.about}".strip() for c in cluster.causes): cluster for cluster in found}


def asymmetries(drawing: Drawing) -> tuple[Asymmetry, ...]:
    return with_patterns(drawing.matrix()).asymmetries


# --- clusters -------------------------------------------------------------------------------------------------------


def test_nothing_connects_them_is_one_cause_for_all() -> None:
    drawing = Drawing()
    drawing.refuse(("a:b", "c:d"), TRUST, NO_INSTRUMENT, detail="ends at CN=A", promised=False)
    drawing.refuse(("e:f",), TRUST, NO_INSTRUMENT, detail="ends at CN=E", promised=False)
    found = clusters(drawing)
    assert list(found) == [(TRUST, NO_INSTRUMENT)], "whose certificate it is tells no two causes apart"
    cluster = found[TRUST, NO_INSTRUMENT]
    assert cluster.cells == {"a:b": (GROUP,), "c:d": (GROUP,), "e:f": (GROUP,)}
    assert (cluster.groups, cluster.first) == (3, Layer.TRUST)
    assert cluster.id.startswith("no-path-to-known-anchor-")


def test_the_same_rule_of_two_relying_parties_is_two_causes() -> None:
    drawing = Drawing().refuse(("a:b", "c:b", "a:d"), FORMAT)
    assert {causes: set(c.cells) for causes, c in clusters(drawing).items()} == {
        (f"{FORMAT} relying:b",): {"a:b", "c:b"},
        (f"{FORMAT} relying:d",): {"a:d"},
    }


def test_what_stands_out_with_the_signer_is_the_signers() -> None:
    drawing = Drawing()
    drawing.refuse(drawing.row("a"), FORMAT)
    assert set(clusters(drawing)) == {(f"{FORMAT} signer:a",)}


def test_what_depends_on_the_file_is_the_signers_unless_the_software_is_in_doubt() -> None:
    drawing = Drawing().refuse(("a:b",), VALUE)
    assert set(clusters(drawing)) == {(f"{VALUE} signer:a",)}
    doubted = Drawing(engines={"b": "theirs@2"}).refuse(("a:b",), VALUE)
    assert set(clusters(doubted)) == {(f"{VALUE} relying:b",)}, "it is read that way in this column only"


def test_a_suite_is_one_cause_wherever_it_counts() -> None:
    west, east = "abcd", "efgh"
    drawing = Drawing([*west, *east], suites={p: ("west-suite" if p in west else "east-suite",) for p in west + east})
    drawing.refuse([f"{s}:{r}" for s in east for r in west], KEY, SUITE)
    found = clusters(drawing)
    assert set(found) == {(f"{KEY} suite:west-suite", f"{SUITE} suite:west-suite")}
    assert [len(cluster.cells) for cluster in found.values()] == [16]


def test_a_condition_is_the_instruments() -> None:
    drawing = Drawing()
    drawing.refuse(("a:b", "c:d"), POLICY, detail="treaty: asks for 2.999.1")
    drawing.refuse(("e:f",), POLICY, detail="other-treaty: asks for 2.999.1")
    assert set(clusters(drawing)) == {(f"{POLICY} agreement:treaty",), (f"{POLICY} agreement:other-treaty",)}


def test_more_causes_are_another_cluster_and_most_cells_come_first() -> None:
    drawing = Drawing()
    drawing.refuse(("a:b",), TRUST, NO_INSTRUMENT, promised=False)
    drawing.refuse(("c:b", "c:d"), FORMAT, TRUST, NO_INSTRUMENT, promised=False)
    drawing.refuse(("e:b",), FORMAT, TRUST, NO_INSTRUMENT, promised=False)
    assert [(list(causes), len(c.cells)) for causes, c in clusters(drawing).items()] == [
        ([f"{FORMAT} relying:b", TRUST, NO_INSTRUMENT], 2),
        ([f"{FORMAT} relying:d", TRUST, NO_INSTRUMENT], 1),
        ([TRUST, NO_INSTRUMENT], 1),
    ]


# --- asymmetries ----------------------------------------------------------------------------------------------------


def test_a_recognises_b_and_b_does_not_recognise_a() -> None:
    drawing = Drawing().refuse(("b:a",), TRUST, NO_INSTRUMENT, promised=False)
    (found,) = asymmetries(drawing)
    assert (found.there.cell, found.back.cell) == ("a:b", "b:a")
    assert (found.recognition, found.promise) == (True, True)
    assert (found.there.accepted, found.there.promised, found.back.accepted, found.back.promised) == (1, 1, 0, 0)


def test_promised_both_ways_and_kept_one_way() -> None:
    (found,) = asymmetries(Drawing().refuse(("a:b",), FORMAT))
    assert (found.there.cell, found.recognition, found.promise) == ("b:a", True, False)


def test_promised_one_way_and_refused_both_ways() -> None:
    drawing = Drawing().refuse(("b:a",), FORMAT).refuse(("a:b",), TRUST, NO_INSTRUMENT, promised=False)
    (found,) = asymmetries(drawing)
    assert (found.there.cell, found.recognition, found.promise) == ("b:a", False, True)


def test_accepted_without_promise_is_accepted() -> None:
    drawing = Drawing().put(("a:b",), accepted(promised=False)).refuse(("b:a",), FORMAT)
    (found,) = asymmetries(drawing)
    assert (found.there.cell, found.recognition) == ("a:b", True)
    both = Drawing().put(("a:b", "b:a"), accepted(promised=False))
    assert asymmetries(both) == ()


def test_how_much_is_accepted_is_no_asymmetry() -> None:
    drawing = Drawing(groups=(GROUP, "person/xades/b-b")).refuse(("a:b",), FORMAT)
    assert asymmetries(drawing) == ()


def test_what_was_not_measured_is_not_compared() -> None:
    for group in (Group(state=GroupState.NOT_RUN), Group(state=GroupState.UNSUPPORTED), silent(note="error: crash")):
        assert asymmetries(Drawing().put(("a:b",), group)) == ()
    matrix = Drawing().refuse(("a:b",), FORMAT).matrix()
    alone = replace(matrix, cells={name: cell for name, cell in matrix.cells.items() if name != "b:a"})
    assert with_patterns(alone).asymmetries == ()


# --- laws -----------------------------------------------------------------------------------------------------------


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    parties = "abcde"[: draw(st.integers(1, 5))]
    groups = draw(st.sampled_from([(GROUP,), (GROUP, "person/pades/b-t"), (GROUP, "seal/pades/b-b", "seal/xades/b-b")]))
    suites = {party: draw(st.sampled_from([(), ("s",), ("s", "t")])) for party in parties}
    engines = {party: draw(st.sampled_from(["modelled", "modelled", "theirs@2"])) for party in parties}
    drawing = Drawing(parties, groups=groups, suites=suites, engines=engines)
    causes = st.lists(st.sampled_from(CODES), min_size=1, max_size=4, unique=True).map(
        lambda c: sorted(c, key=CODES.index)
    )
    others = st.sampled_from(
        [Group(state=GroupState.NOT_RUN), Group(state=GroupState.UNSUPPORTED), silent(), silent(note="error: crash"),
         accepted(promised=False)]
    )  # fmt: skip
    for cell in drawing.groups:
        for group in groups:
            fate = draw(st.integers(0, 5))
            if fate in (2, 3, 4):
                detail = draw(st.sampled_from(["", "treaty: asks for more", "CN=TEST"]))
                drawing.refuse((cell,), *draw(causes), detail=detail, promised=draw(st.booleans()), group=group)
            elif fate == 5:
                drawing.put((cell,), draw(others), group=group)
    return drawing


@given(drawings())
def test_every_refused_group_with_a_reason_is_in_exactly_one_cluster(drawing: Drawing) -> None:
    matrix = with_patterns(drawing.matrix())
    wanted = {
        (cell_id, name): tuple(dict.fromkeys(matrix.tables.reasons[number].code for number in group.reasons))
        for cell_id, cell in matrix.cells.items()
        for name, group in cell.groups.items()
        if group.state in REFUSED and group.reasons
    }
    found = [(cell_id, name, c) for c in matrix.clusters for cell_id, names in c.cells.items() for name in names]
    assert sorted((cell_id, name) for cell_id, name, _ in found) == sorted(wanted)
    for cell_id, name, cluster in found:
        assert tuple(dict.fromkeys(cause.code for cause in cluster.causes)) == wanted[cell_id, name]
    assert len({cluster.id for cluster in matrix.clusters}) == len(matrix.clusters)
    assert len({cluster.causes for cluster in matrix.clusters}) == len(matrix.clusters)
    assert all(cluster.groups == sum(map(len, cluster.cells.values())) for cluster in matrix.clusters)
    sizes = [len(cluster.cells) for cluster in matrix.clusters]
    assert sizes == sorted(sizes, reverse=True)


@given(drawings())
def test_a_cell_is_attributed_exactly_where_something_is_refused(drawing: Drawing) -> None:
    matrix = with_patterns(drawing.matrix())
    for cell in matrix.cells.values():
        refused = [group for group in cell.groups.values() if group.state in REFUSED]
        assert (cell.attribution is not None) == bool(refused)
        if cell.attribution is not None:
            assert cell.attribution.to not in cell.attribution.also
            reasons = {number for group in refused for number in group.reasons}
            assert cell.attribution.reason is None or cell.attribution.reason in reasons
            if cell.attribution.reason is None:
                # nothing was said, by some or by all
                assert any(not group.reasons for group in refused)
            if cell.attribution.to is Side.SUITE:
                assert matrix.tables.reasons[cell.attribution.reason or 0].layer is Layer.ALGORITHM


@given(drawings(), st.randoms(use_true_random=False))
def test_the_order_of_cells_and_parties_does_not_matter(drawing: Drawing, chance: Random) -> None:
    matrix = drawing.matrix()
    names, parties = list(matrix.cells), list(matrix.tables.parties)
    chance.shuffle(names)
    chance.shuffle(parties)
    mixed = replace(
        matrix,
        cells={name: matrix.cells[name] for name in names},
        tables=replace(matrix.tables, parties=tuple(parties)),
    )
    one, other = with_patterns(matrix), with_patterns(mixed)
    assert (one.clusters, one.asymmetries) == (other.clusters, other.asymmetries)
    assert one.cells == dict(other.cells)


@given(drawings())
def test_to_swap_both_roles_swaps_the_directions_of_an_asymmetry(drawing: Drawing) -> None:
    matrix = drawing.matrix()

    def turned(name: str) -> str:
        signer, _, relying = name.partition(":")
        return f"{relying}:{signer}"

    back = with_patterns(replace(matrix, cells={turned(name): cell for name, cell in sorted(matrix.cells.items())}))
    there = with_patterns(matrix)
    assert {(turned(a.there.cell), turned(a.back.cell), a.recognition, a.promise) for a in there.asymmetries} == {
        (a.there.cell, a.back.cell, a.recognition, a.promise) for a in back.asymmetries
    }
    for pair in there.asymmetries:
        assert pair.there.cell == turned(pair.back.cell)
        assert pair.recognition or pair.promise
        assert not pair.recognition or (pair.there.accepted > 0 and pair.back.accepted == 0)
        assert not pair.promise or 0 in (pair.there.promised, pair.back.promised)
    pairs = [frozenset((pair.there.cell, pair.back.cell)) for pair in there.asymmetries]
    assert len(set(pairs)) == len(pairs), "one direction fares better, not both"


@given(drawings())
def test_patterns_survive_json(drawing: Drawing) -> None:
    matrix = with_patterns(drawing.matrix())
    assert load_json(Matrix, dump_json(matrix), name="matrix.json") == matrix


def test_a_cell_that_turns_leaves_its_cluster() -> None:
    drawing = Drawing().refuse(("a:b", "c:b"), FORMAT)
    matrix = drawing.matrix()
    turned = replace(matrix, cells={**matrix.cells, "a:b": drawn_cell({GROUP: accepted()})})
    (before,), (after,) = with_patterns(matrix).clusters, with_patterns(turned).clusters
    assert before.id == after.id, "it is named after its causes"
    assert (set(before.cells), set(after.cells)) == ({"a:b", "c:b"}, {"c:b"})
