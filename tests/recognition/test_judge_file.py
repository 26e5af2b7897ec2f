"""Which of several signatures counts. Expectations: design section 2, 'One judge': the worst, unless the case declares alternatives
or the relying party's profile names its leg."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recognition_world import FACTS, context, instrument, rules, technical

from interop.model.certificate import Finding
from interop.model.facts import DocumentFacts, Facts
from interop.model.layers import LAYERS, TECHNICAL, Layer
from interop.model.verdict import Home, TechnicalContext, Verdict
from interop.recognition.judge import choose, judge_file, judge_technicals
from interop.recognition.verdict import recognise

GOOD = recognise(technical(), FACTS, context(instrument()))
UNTRUSTED = recognise(technical(), FACTS, context())
BROKEN = recognise(technical(fails=Layer.INTEGRITY), FACTS, context(instrument()))


def facts(*ids: str, algorithm: str | None = "rsa-sha256") -> Facts:
    signature = FACTS.signatures[0]
    named = replace(signature, algorithm=replace(signature.algorithm, name=algorithm))
    return replace(FACTS, signatures=tuple(replace(named, id=i) for i in ids))


def test_the_worst_counts() -> None:
    assert choose([GOOD, BROKEN, UNTRUSTED], kinds=["RSA"] * 3) == (1, "worst")
    assert choose([GOOD, UNTRUSTED], kinds=["RSA"] * 2) == (1, "worst")
    assert choose([GOOD, GOOD], kinds=["RSA"] * 2) == (0, "worst"), "ties go to the first"


def test_alternatives_let_the_best_count() -> None:
    assert choose([BROKEN, GOOD, UNTRUSTED], kinds=["RSA"] * 3, rely="any") == (1, "any")


def test_the_leg_relied_upon() -> None:
    assert choose([BROKEN, GOOD], kinds=["RSA", "SM2"], leg="SM2") == (1, "leg:SM2")
    assert choose([BROKEN, GOOD], kinds=["RSA", "SM2"], leg="RSA", rely="any") == (0, "leg:RSA")
    assert choose([GOOD, BROKEN, GOOD], kinds=["SM2", "SM2", "RSA"], leg="SM2") == (1, "leg:SM2"), (
        "the worst of the leg"
    )


def test_a_leg_matters_only_where_there_are_others() -> None:
    assert choose([GOOD, BROKEN], kinds=["SM2", "SM2"], leg="SM2") == (1, "worst")
    assert choose([GOOD, BROKEN], kinds=["RSA", "EC"], leg="SM2") == (1, "worst")
    assert choose([GOOD, BROKEN], kinds=[None, None], leg="SM2", rely="any") == (0, "any")


def test_one_and_none() -> None:
    assert choose([BROKEN], kinds=["RSA"], leg="SM2") == (0, "only")
    assert choose([], kinds=[]) == (None, "")


@given(st.permutations([GOOD, BROKEN, UNTRUSTED, GOOD]))
def test_the_order_of_signatures_does_not_change_what_counts(verdicts: list[Verdict]) -> None:
    index, _ = choose(verdicts, kinds=["RSA"] * 4)
    assert index is not None
    assert verdicts[index] is BROKEN


def test_key_kind_comes_from_the_certificate_else_from_the_algorithm() -> None:
    legs = (technical(), technical(signature="s1", signer=None, path=None))
    with_leg = context(instrument(), with_rules=replace(rules(), leg="SM2"))
    found = judge_file(facts("s0", "s1", algorithm="sm2-sm3"), legs, with_leg)
    assert (found.counts, found.reason, found.leg) == (1, "leg:SM2", "SM2")
    assert judge_file(facts("s0", "s1", algorithm="sm2-sm3"), legs, context(instrument()), rely="any").leg == "RSA"
    assert judge_file(facts("s0", "s1", algorithm="sm2-sm3"), legs, context(instrument())).leg is None, "both count"
    unknown = judge_file(facts("s0", "s1", algorithm="nobody-knows"), legs, with_leg)
    assert unknown.reason == "worst"


def test_no_signature_is_said_from_the_scan() -> None:
    nothing = replace(FACTS, signatures=(), document=DocumentFacts(format="pdf"))
    found = judge_file(nothing, (), context())
    assert (found.verdict, found.counts, found.findings) == (None, None, ("container.no-signature",))
    malformed = DocumentFacts(format="pdf", findings=(Finding(code="container.byte-range-malformed"),))
    said = judge_file(replace(nothing, document=malformed), (), context()).findings
    assert said == ("container.byte-range-malformed",), "what the scan found is the reason"


def test_the_technical_answers_are_asked_once_for_every_signature() -> None:
    given_rules = rules()
    asked = context()
    technicals = judge_technicals(
        facts("s0", "s1"),
        TechnicalContext(knowledge=asked.knowledge, home=Home(anchors={}), rules=given_rules, suites=(), at=asked.at),
    )
    assert [t.signature for t in technicals] == ["s0", "s1"]
    assert all(tuple(layer.layer for layer in t.layers) == TECHNICAL for t in technicals)
    found = judge_file(facts("s0", "s1"), technicals, asked)
    assert found.verdict is not None
    assert tuple(layer.layer for layer in found.verdict.layers) == LAYERS
    assert not found.verdict.accepted, "no key, no certificate"


def test_technicals_of_another_file_are_refused() -> None:
    with pytest.raises(ValueError, match="s1"):
        judge_file(facts("s0"), (technical(signature="s1"),), context())
