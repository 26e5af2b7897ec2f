"""A reading remembers under the values an answer rests on: rules, times and their order change nothing in what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from build import AT, context, facts, knowledge, rules, signature
from hypothesis import given, settings
from hypothesis import strategies as st
from test_laws import START, worlds

from interop.model.facts import Coverage, DocumentFacts, Facts
from interop.model.formats import Format, Level
from interop.model.instant import ALWAYS
from interop.model.rules import (
    AcceptedAlgorithm,
    AlgorithmRules,
    CertificateRules,
    FormatRules,
    RelyingRules,
    RevocationRules,
    TimeRules,
    TrustRules,
)
from interop.model.verdict import Home, Technical, TechnicalContext
from interop.validation.lookup import Lookup
from interop.validation.reading import Reading, Terms, read
from interop.validation.technical import judge_reading, judge_signature

EC, RSA = AcceptedAlgorithm(name="P-256"), AcceptedAlgorithm(name="RSA", min_bits=2048)

rule_sets = st.builds(
    lambda formats, algorithms, certificate, revocation, time, model, anchors: rules(
        formats=formats,
        algorithms=algorithms,
        certificate=certificate,
        revocation=revocation,
        time=time,
        validity_model=model,
        trust=TrustRules(anchors=anchors),
    ),
    st.builds(
        FormatRules,
        accept=st.sampled_from([tuple(Format), (Format.PADES,), (Format.XADES,)]),
        min_level=st.sampled_from([Level.B_B, Level.B_T]),
        policies=st.sampled_from([(), ("2.999.1",)]),
        policy_document_required=st.booleans(),
    ),
    st.builds(
        AlgorithmRules,
        keys=st.sampled_from([(EC, RSA), (EC,), (RSA,)]),
        digests=st.sampled_from([("sha256",), ("sha256", "sm3"), ("sm3",)]),
        suites=st.just(("suite",)),
        sm2_ids=st.sampled_from([("1234567812345678",), ("other",)]),
        sm2_encodings=st.sampled_from([("der", "raw"), ("raw",)]),
    ),
    st.builds(
        CertificateRules,
        key_usage_all=st.sampled_from([(), ("nonRepudiation",), ("dataEncipherment",)]),
        subject_required=st.sampled_from([(), ("2.5.4.97",)]),
    ),
    st.builds(
        RevocationRules,
        required=st.booleans(),
        max_age_seconds=st.sampled_from([None, 86400, 10 * 86400]),
        offline=st.booleans(),
        grace_seconds=st.sampled_from([None, 86400, 20 * 86400]),
    ),
    st.builds(
        TimeRules,
        time_stamp_required=st.booleans(),
        time_stamp_policies=st.sampled_from([(), ("2.999.1",)]),
        tsa=st.sampled_from([(), ("own",), ("p",), ("agreements",)]),
    ),
    st.sampled_from(["shell", "chain", "hybrid"]),
    st.sampled_from([(), ("p:root",), ("q",)]),
)
moments = st.integers(0, 12).map(lambda n: START + timedelta(days=10 * n))
questions = st.lists(st.tuples(rule_sets, moments), min_size=2, max_size=6)


def _said(technical: Technical) -> Technical:
    """All of it but the spans, which may be the wider the more was asked."""
    layers = tuple(replace(layer, holds=ALWAYS) for layer in technical.layers)
    return replace(technical, layers=layers, holds=ALWAYS)


def _fresh(seen: Facts, index: int, asked: TechnicalContext) -> Technical:
    """Nothing remembered: another lookup and another reading for this one question."""
    known = replace(asked.knowledge, evidence=tuple(asked.knowledge.evidence))
    return judge_signature(seen, seen.signatures[index], replace(asked, knowledge=known))


@settings(max_examples=150, deadline=None)
@given(world=worlds(), asks=questions, repeat=st.randoms(use_true_random=False))
def test_remembered_answers_are_those_of_nobody_asked_before(
    world: tuple[Facts, TechnicalContext], asks: list[tuple[RelyingRules, datetime]], repeat: object
) -> None:
    seen, base = world
    lookup = Lookup(base.knowledge)
    (reading,) = read(seen, lookup)
    again = [*asks, *asks]
    repeat.shuffle(again)  # type: ignore[attr-defined]
    for own, at in again:
        asked = replace(base, rules=own, at=at)
        remembered = judge_reading(reading, Terms.of(asked, lookup))
        assert _said(remembered) == _said(_fresh(seen, 0, asked))
        assert at in remembered.holds


@settings(max_examples=60, deadline=None)
@given(asks=questions, order=st.randoms(use_true_random=False))
def test_a_part_that_is_signed_rests_on_the_other_signatures(
    asks: list[tuple[RelyingRules, datetime]], order: object
) -> None:
    """XML of which one signature covers a part: whether that is enough depends on the whole ladder of the other."""
    part = replace(signature(), id="s0", covers=Coverage(whole=False, nodes=("#part",)))
    seen = facts(part, replace(signature(), id="s1"), document=DocumentFacts(format="xml"))
    lookup = Lookup(knowledge())
    readings = read(seen, lookup)
    order.shuffle(asks)  # type: ignore[attr-defined]
    for own, at in asks:
        asked = replace(context(known=lookup.knowledge), rules=own, at=at)
        for index, reading in enumerate(readings):
            remembered = judge_reading(reading, Terms.of(asked, lookup))
            assert _said(remembered) == _said(_fresh(seen, index, asked))


def test_another_home_is_another_answer() -> None:
    lookup = Lookup(knowledge())
    reading = Reading(facts(), signature(), lookup)
    asked = context(known=lookup.knowledge)
    assert judge_reading(reading, Terms.of(asked, lookup)).provider == "p"
    assert judge_reading(reading, Terms.of(replace(asked, home=Home(anchors={})), lookup)).provider is None


def test_an_anchor_that_ended_is_another_home() -> None:
    lookup = Lookup(knowledge())
    reading = Reading(facts(), signature(), lookup)
    asked = context(known=lookup.knowledge)
    ended = replace(asked.home, trusted_until=dict.fromkeys(asked.home.anchors, AT))
    assert judge_reading(reading, Terms.of(asked, lookup)).passed
    assert not judge_reading(reading, Terms.of(replace(asked, home=ended), lookup)).passed


def test_equal_terms_are_judged_once() -> None:
    lookup = Lookup(knowledge())
    reading = Reading(facts(), signature(), lookup)
    one = judge_reading(reading, Terms.of(context(known=lookup.knowledge), lookup))
    assert judge_reading(reading, Terms.of(context(known=lookup.knowledge), lookup)) is one


def test_numbers_of_another_lookup_are_refused() -> None:
    one, other = Lookup(knowledge()), Lookup(knowledge())
    reading = Reading(facts(), signature(), one)
    with pytest.raises(ValueError, match="different lookups"):
        judge_reading(reading, Terms.of(context(known=other.knowledge, at=AT), other))
    with pytest.raises(ValueError, match="other knowledge"):
        Terms.of(context(known=other.knowledge), one)
