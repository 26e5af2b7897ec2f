"""Levels, the verdict, and the laws that hold whatever the instruments say. Expectations: design section 3 and 4."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recognition_world import AT, FACTS, IDENTITY, SIGNED, context, entry, instrument, knowledge, rules, technical

from interop.model.agreement import Agreement, AgreementKind, AgreementStatus, Condition, StatusChange
from interop.model.assurance import AssuranceLevel
from interop.model.formats import DocumentKind
from interop.model.indication import Indication, SubIndication
from interop.model.layers import LAYERS, Layer, LayerState
from interop.model.verdict import Technical
from interop.recognition.verdict import recognise
from interop.validation.reading import Memory

L = AssuranceLevel


def level(*agreements: Agreement, claimed: L = L.L4, ceiling: L | None = None, **more: object) -> tuple[L, str]:
    own = replace(rules(), ceiling=ceiling)
    asked = technical(identity=replace(IDENTITY, level=claimed), **more)
    found = recognise(asked, FACTS, context(*agreements, with_rules=own, anchors=("gd-root",))).level
    return found.attained, found.capped_by


def test_the_least_of_home_instrument_and_ceiling() -> None:
    assert level(instrument()) == (L.L4, "")
    assert level(instrument(level_cap=L.L3)) == (L.L3, "agreement:gd-to-hk")
    assert level(instrument(level_cap=L.L3), ceiling=L.L2) == (L.L2, "relying-party")
    assert level(instrument(level_cap=L.L3), claimed=L.L3) == (L.L3, "signer"), "both bind alike: the first is named"
    assert level(instrument(), claimed=L.L1) == (L.L1, "signer"), "the floor is not reached, and the signer is why"


def test_without_instrument_at_most_advanced() -> None:
    assert level() == (L.L2, "no-instrument")
    assert level(claimed=L.L2) == (L.L2, "signer")
    assert level(claimed=L.L1) == (L.L1, "signer")


def test_home_law_that_asks_for_a_time_stamp() -> None:
    swiss = replace(IDENTITY, level=L.L4, time_stamp_required=True)
    home = context(instrument())
    assert recognise(technical(identity=swiss), FACTS, home).level.attained is L.L4
    without = recognise(technical(identity=swiss, proven=False, best_time=AT), FACTS, home).level
    assert (without.attained, without.capped_by, without.claimed) == (L.L3, "signer", L.L4)


def test_unknown_home() -> None:
    unknown = technical(identity=None)
    assert recognise(unknown, FACTS, context(instrument())).level.attained is L.L2
    failed = technical(identity=None, fails=Layer.CHAIN)
    assert recognise(failed, FACTS, context(instrument())).level.attained is L.L1


@pytest.mark.parametrize("layer", [Layer.CONTAINER, Layer.INTEGRITY, Layer.SIGNATURE])
def test_what_does_not_verify_has_no_level(layer: Layer) -> None:
    verdict = recognise(technical(fails=layer), FACTS, context(instrument()))
    assert verdict.level.attained is L.L0
    assert verdict.layer(Layer.ASSURANCE).state is LayerState.NOT_EVALUATED
    assert verdict.first_block is layer


def test_below_the_floor_is_valid_and_not_accepted() -> None:
    own = rules(floor=L.L3)
    verdict = recognise(technical(), FACTS, context(anchors=("gd-root",), with_rules=own))
    assert not verdict.accepted
    assert verdict.blocks == (Layer.AGREEMENT, Layer.ASSURANCE)
    assert verdict.layer(Layer.ASSURANCE).causes[0].code == "assurance.below-floor"


def test_accepted_and_promised_are_two_things() -> None:
    both = recognise(technical(), FACTS, context(instrument()))
    assert (both.accepted, both.promised, both.agreement) == (True, True, "gd-to-hk")
    unpromised = recognise(technical(), FACTS, context(anchors=("gd-root",)))
    assert (unpromised.accepted, unpromised.promised, unpromised.agreement) == (True, False, None)
    refused = recognise(technical(fails=Layer.FORMAT), FACTS, context(instrument()))
    assert (refused.accepted, refused.promised) == (False, True)
    assert refused.layer(Layer.TRUST).state is LayerState.PASS, "no masking: later layers are answered"


def test_indication() -> None:
    unknown = recognise(technical(), FACTS, context())
    assert (unknown.indication, unknown.sub_indication) == (
        Indication.INDETERMINATE,
        SubIndication.NO_CERTIFICATE_CHAIN_FOUND,
    )
    home = recognise(technical(), FACTS, context(anchors=("gd-root",)))
    assert home.indication is Indication.TOTAL_PASSED


def test_all_twelve_layers_in_order() -> None:
    verdict = recognise(technical(), FACTS, context())
    assert tuple(result.layer for result in verdict.layers) == LAYERS


def test_a_signature_of_another_file_is_refused() -> None:
    with pytest.raises(ValueError, match="s9"):
        recognise(technical(signature="s9"), FACTS, context())


# laws

instants = st.integers(-40, 40).map(lambda days: SIGNED + timedelta(days=days))
conditions = st.sampled_from(
    [
        Condition(),
        Condition(policy_prefix="2.999.810.2"),
        Condition(policies_any=("2.999.5",)),
        Condition(persons=("legal",)),
        Condition(key_usage_all=("nonRepudiation",)),
    ]
)
entries = st.builds(
    lambda condition, anchor, issuer, start, end: entry(
        condition=condition, anchor=anchor, issuer=issuer, start=start, end=end
    ),
    conditions,
    st.sampled_from([None, "gd:root", "hk:root"]),
    st.sampled_from([None, "gd:ca", "hk:root"]),
    st.none() | instants,
    st.none() | instants,
)
steps = st.lists(st.tuples(instants, st.sampled_from(AgreementStatus)), max_size=3).map(
    lambda pairs: tuple(StatusChange(at=at, status=status) for at, status in pairs)
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Agreement, ...]:
    count = draw(st.integers(1, 3))
    return tuple(
        instrument(
            id=f"a{index}",
            kind=draw(st.sampled_from([AgreementKind.HOME, AgreementKind.TRUST_LIST, AgreementKind.UNILATERAL])),
            signers=draw(st.sampled_from([("gd",), ("hk",), ("gd", "hk")])),
            relying=draw(st.sampled_from([("hk",), ("gd",), ("gd", "hk")])),
            history=draw(steps),
            entries=tuple(draw(st.lists(entries, max_size=2))),
            level_cap=draw(st.none() | st.sampled_from(list(L))),
            scope=draw(st.sampled_from([(), (DocumentKind.CONTRACT,), (DocumentKind.INVOICE,)])),
        )
        for index in range(count)
    )


floors = st.sampled_from(list(L))
asked_about = st.sampled_from(
    [
        technical(),
        technical(proven=False, best_time=AT),
        technical(fails=Layer.FORMAT),
        technical(identity=replace(IDENTITY, level=L.L1)),
    ]
)
own_anchors = st.sampled_from([("hk-root",), ("hk-root", "gd-root")])


@settings(max_examples=200, deadline=None)
@given(worlds(), asked_about, floors, own_anchors, st.data())
def test_switching_an_agreement_off_never_adds_acceptance(
    agreements: tuple[Agreement, ...], asked: object, floor: L, anchors: tuple[str, ...], data: st.DataObject
) -> None:
    off = data.draw(st.sampled_from(agreements))
    fewer = tuple(a for a in agreements if a is not off)
    load = tuple(a.id for a in agreements)
    own = rules(floor=floor)
    before = recognise(asked, FACTS, context(*agreements, load=load, anchors=anchors, with_rules=own))  # type: ignore[arg-type]
    after = recognise(asked, FACTS, context(*fewer, load=load, anchors=anchors, with_rules=own))  # type: ignore[arg-type]
    assert before.accepted or not after.accepted
    assert before.promised or not after.promised
    assert after.level.attained <= before.level.attained


@settings(max_examples=200, deadline=None)
@given(worlds(), asked_about, st.randoms(use_true_random=False))
def test_judging_is_a_function_of_its_values(agreements: tuple[Agreement, ...], asked: object, random: object) -> None:
    shuffled = list(agreements)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one = recognise(asked, FACTS, context(*agreements, load=("a0", "a1", "a2")))  # type: ignore[arg-type]
    fresh = context(*shuffled, load=("a2", "a1", "a0"), known=knowledge())
    assert recognise(asked, FACTS, fresh) == one  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None)
@given(worlds(), st.booleans(), st.integers(0, 80))
def test_an_answer_stays_the_same_over_the_span_that_it_names(
    agreements: tuple[Agreement, ...], proven: bool, offset: int
) -> None:
    at = SIGNED + timedelta(days=offset - 40)
    asked = technical() if proven else technical(proven=False, best_time=AT)
    here = recognise(asked, FACTS, context(*agreements))
    if at not in here.holds:
        return
    there = asked if proven else replace(asked, best_time=at)
    then = recognise(there, FACTS, context(*agreements, at=at))
    assert [layer.state for layer in then.layers] == [layer.state for layer in here.layers]
    assert [[c.code for c in x.causes] for x in then.layers] == [[c.code for c in x.causes] for x in here.layers]
    assert (then.accepted, then.agreement, then.level) == (here.accepted, here.agreement, here.level)


@settings(max_examples=100, deadline=None)
@given(worlds(), st.lists(asked_about, min_size=2, max_size=6))
def test_one_memory_for_many_files_changes_nothing(agreements: tuple[Agreement, ...], asked: list[Technical]) -> None:
    party, memory = context(*agreements), Memory()
    for technical_ in asked:
        assert recognise(technical_, FACTS, party, memory) == recognise(technical_, FACTS, context(*agreements))
