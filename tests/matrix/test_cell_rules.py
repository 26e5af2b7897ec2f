"""The ordered rules of a cell, as laws. Expectations: the table of design section 3, written again here rule by rule."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matrix_world import broken, lacking, said, unsigned

from interop.matrix.cell import GroupStanding, cell_verdict, combine, conformity, vector_state
from interop.matrix.outcome import Column
from interop.model.layers import Layer, LayerState
from interop.model.outcome import CellVerdict, Conformity, GroupState

V, G, C = CellVerdict, GroupState, Conformity

standings = st.builds(
    GroupStanding, state=st.sampled_from(GroupState), promised=st.booleans(), full_level=st.booleans()
)


def table(groups: Sequence[GroupStanding], unsafe: bool) -> list[CellVerdict]:
    """Every rule of the table that holds, in its order; the last always does."""
    ran = [g for g in groups if g.state is not G.NOT_RUN]
    supported = [g for g in ran if g.state is not G.UNSUPPORTED]
    accepted = [g for g in ran if g.state is G.ACCEPTED]
    rules = [
        (V.NOT_TESTED, not ran),
        (V.UNSAFE, unsafe),
        (V.OVER_RECOGNISED, any(not g.promised for g in accepted)),
        (V.UNSUPPORTED, bool(ran) and all(g.state is G.UNSUPPORTED for g in ran)),
        (V.INCONCLUSIVE, not accepted and any(g.state is G.UNDETERMINED for g in ran)),
        (V.RECOGNISED, all(g.state is G.ACCEPTED and g.full_level for g in supported)),
        (V.DOWNGRADED, all(g.state is G.ACCEPTED for g in supported) and any(not g.full_level for g in supported)),
        (V.PARTIAL, bool(accepted)),
        (V.VALID_NOT_RECOGNISED, not accepted and any(g.state is G.BLOCKED_RECOGNITION for g in ran)),
        (V.NOT_RECOGNISED, True),
    ]
    return [verdict for verdict, holds in rules if holds]


@settings(max_examples=1000)
@given(st.lists(standings, max_size=5), st.booleans())
def test_the_first_rule_that_holds(groups: list[GroupStanding], unsafe: bool) -> None:
    assert cell_verdict(groups, unsafe=unsafe) is table(groups, unsafe)[0]


@given(st.lists(standings, max_size=5), st.booleans(), st.randoms(use_true_random=False))
def test_order_of_groups_does_not_matter(groups: list[GroupStanding], unsafe: bool, random: object) -> None:
    shuffled = list(groups)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert cell_verdict(shuffled, unsafe=unsafe) is cell_verdict(groups, unsafe=unsafe)
    assert conformity(shuffled) is conformity(groups)


def test_every_verdict_can_be_reached() -> None:
    def one(state: GroupState, *, promised: bool = True, full: bool = True) -> GroupStanding:
        return GroupStanding(state=state, promised=promised, full_level=full)

    reached = {
        cell_verdict([], unsafe=True): V.NOT_TESTED,
        cell_verdict([one(G.ACCEPTED)], unsafe=True): V.UNSAFE,
        cell_verdict([one(G.ACCEPTED, promised=False), one(G.UNDETERMINED)], unsafe=False): V.OVER_RECOGNISED,
        cell_verdict([one(G.UNSUPPORTED), one(G.NOT_RUN)], unsafe=False): V.UNSUPPORTED,
        cell_verdict([one(G.UNDETERMINED), one(G.BLOCKED_TECHNICAL)], unsafe=False): V.INCONCLUSIVE,
        cell_verdict([one(G.ACCEPTED), one(G.UNSUPPORTED)], unsafe=False): V.RECOGNISED,
        cell_verdict([one(G.ACCEPTED), one(G.ACCEPTED, full=False)], unsafe=False): V.DOWNGRADED,
        cell_verdict([one(G.ACCEPTED), one(G.UNDETERMINED)], unsafe=False): V.PARTIAL,
        cell_verdict([one(G.BLOCKED_RECOGNITION), one(G.BLOCKED_TECHNICAL)], unsafe=False): V.VALID_NOT_RECOGNISED,
        cell_verdict([one(G.BLOCKED_TECHNICAL)], unsafe=False): V.NOT_RECOGNISED,
    }
    assert all(found is expected for found, expected in reached.items())
    assert set(reached) == set(V)


@settings(max_examples=500)
@given(st.lists(standings, max_size=5))
def test_conformity(groups: list[GroupStanding]) -> None:
    unpromised = any(g.state is G.ACCEPTED and not g.promised for g in groups)
    broken_ = any(g.promised and g.state in (G.BLOCKED_TECHNICAL, G.BLOCKED_RECOGNITION) for g in groups)
    promised = any(g.promised for g in groups)
    expected = (
        C.ABOVE_PROMISE if unpromised else C.BELOW_PROMISE if broken_ else C.AS_PROMISED if promised else C.NO_PROMISE
    )
    assert conformity(groups) is expected


@given(st.lists(st.sampled_from(GroupState), max_size=4))
def test_a_group_is_accepted_only_if_all_its_required_cases_are(states: list[GroupState]) -> None:
    found = combine(states)
    assert (found is G.ACCEPTED) == (bool(states) and set(states) == {G.ACCEPTED})
    assert (found is G.NOT_RUN) == (set(states) <= {G.NOT_RUN})
    if found is G.BLOCKED_RECOGNITION:
        assert set(states) <= {G.ACCEPTED, G.BLOCKED_RECOGNITION}, "all technical layers pass in all of them"


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (said(), G.ACCEPTED),
        (said(promised=False), G.ACCEPTED),
        (said(fails={Layer.FORMAT: ("format.x",), Layer.TRUST: ("trust.y",)}), G.BLOCKED_TECHNICAL),
        (said(fails={Layer.TRUST: ("trust.y",)}), G.BLOCKED_RECOGNITION),
        (said(fails={Layer.ASSURANCE: ("assurance.below-floor",)}), G.BLOCKED_RECOGNITION),
        (said(states={Layer.REVOCATION: LayerState.INDETERMINATE}), G.UNDETERMINED),
        (said(states={Layer.SIGNATURE: LayerState.UNSUPPORTED}), G.UNSUPPORTED),
        (
            said(states={Layer.SIGNATURE: LayerState.UNSUPPORTED}, fails={Layer.FORMAT: ("format.x",)}),
            G.BLOCKED_TECHNICAL,
        ),
        (unsigned("container.byte-range-malformed"), G.BLOCKED_TECHNICAL),
        (broken(), G.UNDETERMINED),
        (lacking(), G.UNSUPPORTED),
    ],
)
def test_state_of_a_vector(answer: object, state: GroupState) -> None:
    assert vector_state((answer,), column=Column(diagonal=True)) is state  # type: ignore[arg-type]


def test_state_of_a_vector_with_repetitions_and_opaque_signers() -> None:
    column = Column(diagonal=True, real=True, capabilities=frozenset({"sm2"}))
    assert vector_state((), column=column) is G.NOT_RUN
    assert vector_state((said(), said(fails={Layer.TRUST: ("trust.y",)})), column=column) is G.UNDETERMINED
    assert vector_state((lacking("sm2"),), column=column) is G.UNDETERMINED
    assert vector_state((said(fails={Layer.FORMAT: ("format.x",)}),), column=column, opaque=True) is G.UNSUPPORTED
