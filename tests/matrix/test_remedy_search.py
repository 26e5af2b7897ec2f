"""The search for the smallest sets of changes, over cells that are made up: every answer turns the cell and none is larger than needed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pattern_world import Drawing

from interop.matrix.refused import Option
from interop.matrix.remedy import Trial, actors_of, cost_of, gathered, only, smallest, turned, with_remedies
from interop.model.change import Change, ChangeKind, Cost
from interop.model.outcome import CellVerdict
from interop.model.reasons import Actor
from interop.model.remedy import Remedy

K, V = ChangeKind, CellVerdict
BLOCKED = Trial(verdict=V.NOT_RECOGNISED, accepted=0)
GOOD = Trial(verdict=V.RECOGNISED, accepted=2)

CHANGES = [
    Change(kind=K.TRUST, subject="b", value="a:root"),
    Change(kind=K.ALLOW, subject="b", value="SM2"),
    Change(kind=K.SET, subject="b", path="formats.accept", op="+=", value="pades"),
    Change(kind=K.RECOGNISE, subject="b", value="a"),
    Change(kind=K.REISSUE, subject="a.org", path="extensions.policies", op="+=", value="2.999.1"),
    Change(kind=K.EMIT, subject="a.org", value="pades/b-b"),
]
ONE = st.sampled_from(CHANGES)
OPTIONS = st.frozensets(ONE, min_size=1, max_size=2)
WAYS = st.lists(st.lists(OPTIONS, min_size=1, max_size=3), min_size=1, max_size=3)


class Cell:
    """Turned by each of some sets of changes and by everything larger: what a real cell does, unless a change does harm."""

    def __init__(self, cures: Sequence[Option]) -> None:
        self.cures = cures

    def __call__(self, changes: Option) -> Trial:
        return GOOD if any(cure <= changes for cure in self.cures) else BLOCKED


@given(st.lists(WAYS, min_size=1, max_size=3), st.lists(OPTIONS, min_size=1, max_size=3))
def test_every_answer_turns_the_cell_and_loses_that_with_any_change_left_out(
    groups: list[list[list[Option]]], cures: list[Option]
) -> None:
    cell = Cell(cures)
    for changes, trial in smallest(BLOCKED, groups, cell):
        assert trial == GOOD == cell(changes)
        for size in range(len(changes)):
            for less in combinations(sorted(changes), size):
                assert cell(frozenset(less)) == BLOCKED


@given(st.lists(WAYS, min_size=1, max_size=3), st.lists(OPTIONS, min_size=1, max_size=3))
def test_where_something_that_is_tried_helps_an_answer_is_found(
    groups: list[list[list[Option]]], cures: list[Option]
) -> None:
    cell = Cell(cures)
    everything = frozenset().union(*(option for ways in groups for way in ways for option in way))
    wholes = [
        frozenset().union(*(way[0] for way in ways)) for ways in groups
    ]  # one combination of every group: that is always tried
    found = smallest(BLOCKED, groups, cell)
    if any(cell(whole) == GOOD for whole in wholes):
        assert found
    if cell(everything) == BLOCKED:
        assert not found


@given(st.lists(WAYS, min_size=1, max_size=3), st.lists(OPTIONS, min_size=1, max_size=3), st.randoms())
def test_the_order_of_groups_and_ways_does_not_matter(
    groups: list[list[list[Option]]], cures: list[Option], chance: object
) -> None:
    mixed = [[sorted(way, key=str) for way in ways] for ways in groups]
    for ways in mixed:
        chance.shuffle(ways)  # type: ignore[attr-defined]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert smallest(BLOCKED, mixed, Cell(cures)) == smallest(BLOCKED, groups, Cell(cures))


def test_the_cheaper_of_two_equally_small_sets_comes_first() -> None:
    trust, law = frozenset({CHANGES[0]}), frozenset({CHANGES[3]})
    found = smallest(BLOCKED, [[[law, trust]]], Cell([trust, law]))
    assert [changes for changes, _ in found] == [trust, law]


def test_a_change_that_does_harm_is_no_part_of_an_answer() -> None:
    helps, harms = frozenset({CHANGES[0]}), frozenset({CHANGES[1]})

    def attempt(changes: Option) -> Trial:
        return GOOD if changes == helps else BLOCKED

    assert smallest(BLOCKED, [[[helps], [harms]]], attempt) == ()
    assert smallest(BLOCKED, [[[helps], [helps]]], attempt) == ((helps, GOOD),)


@pytest.mark.parametrize(
    ("after", "better"),
    [
        (None, False),
        (Trial(verdict=V.RECOGNISED, accepted=2), True),
        (Trial(verdict=V.PARTIAL, accepted=1), True),
        (Trial(verdict=V.DOWNGRADED, accepted=2), True),
        (Trial(verdict=V.OVER_RECOGNISED, accepted=2), False),  # accepted, and nothing promises it
        (Trial(verdict=V.UNSAFE, accepted=2), False),
        (Trial(verdict=V.VALID_NOT_RECOGNISED, accepted=0), False),
    ],
)
def test_what_counts_as_better(after: Trial | None, better: bool) -> None:
    assert turned(BLOCKED, after) is better


def test_a_cell_that_was_partly_recognised_has_to_gain_something() -> None:
    partial = Trial(verdict=V.PARTIAL, accepted=1)
    assert not turned(partial, Trial(verdict=V.PARTIAL, accepted=1))
    assert turned(partial, Trial(verdict=V.PARTIAL, accepted=2))


def test_who_acts_and_what_it_takes() -> None:
    told = {change.kind: (actors_of(change), cost_of(change)) for change in CHANGES}
    assert told == {
        K.TRUST: ((Actor.RELYING_PARTY,), Cost.CONFIGURATION),
        K.ALLOW: ((Actor.RELYING_PARTY,), Cost.SOFTWARE),
        K.SET: ((Actor.RELYING_PARTY,), Cost.SOFTWARE),
        K.RECOGNISE: ((Actor.REGULATOR, Actor.RELYING_PARTY), Cost.LEGAL),
        K.REISSUE: ((Actor.SIGNING_CA,), Cost.REISSUE),
        K.EMIT: ((Actor.SIGNER,), Cost.SIGNING),
    }


def test_fewer_acts_come_before_cheaper_ones_and_the_last_place_is_another_sides() -> None:
    options = [frozenset({change}) for change in CHANGES]
    trust, allow, formats, law, reissue, emit = options
    found = [changes for changes, _ in smallest(BLOCKED, [[options]], Cell(options))]
    assert found == [trust, emit, reissue]  # one act each: the cheapest three kinds
    pair = trust | law
    assert [c for c, _ in smallest(BLOCKED, [[[pair, reissue]]], Cell([pair, reissue]))] == [reissue, pair]
    # the relying party's own ways fill the places, but for the last one
    own = [trust, allow, formats, frozenset({Change(kind=K.SET, subject="b", path="floor", value="L1")})]
    sides = [changes for changes, _ in smallest(BLOCKED, [[[*own, law]]], Cell([*own, law]))]
    assert len(sides) == 3
    assert sides[-1] == law


def test_remedies_that_differ_in_nothing_but_the_parties_are_one_and_the_widest_comes_first() -> None:
    def recognise(signer: str, relying: str) -> Option:
        return frozenset({Change(kind=K.RECOGNISE, subject=relying, value=signer)})

    emit = frozenset({Change(kind=K.EMIT, subject="a.org", value="pades/b-b")})
    found = {
        "a:b": ((emit, GOOD), (recognise("a", "b"), GOOD)),
        "b:a": ((recognise("b", "a"), GOOD),),
        "a:c": (),
    }
    wide, narrow = gathered(found)
    assert (wide.changes, list(wide.cells)) == (("--recognise RELYING=SIGNER",), ["a:b", "b:a"])
    assert (narrow.changes, list(narrow.cells)) == (("--emit SIGNER.org=pades/b-b",), ["a:b"])
    assert (wide.actors, wide.cost) == ((Actor.REGULATOR, Actor.RELYING_PARTY), Cost.LEGAL)
    assert wide.of("b:a") == ("--recognise a=b",)
    assert narrow.of("a:b") == ("--emit a.org=pades/b-b",)

    matrix = with_remedies(Drawing(("a", "b", "c")).matrix(), found)
    assert matrix.remedies == (wide, narrow)
    assert matrix.cells["a:b"].remedies == (1, 0)  # best first for the cell, whatever their places
    assert matrix.cells["a:c"].remedies == ()
    assert matrix.cells["c:a"].remedies is None

    def legal(remedy: Remedy) -> bool:
        return remedy.cost is Cost.LEGAL

    less = only(matrix, legal)
    assert less.remedies == (wide,)
    assert [less.cells[name].remedies for name in ("a:b", "b:a", "a:c", "c:a")] == [(0,), (0,), (), None]
