"""Rules about time-stamps: who has to have one, and whose count (frictions F51 and F52)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from build import (
    AT,
    CERTIFICATES,
    EDGES,
    HOME,
    ROOT,
    SIGNED,
    STATUS_EDGES,
    authority,
    certificate,
    context,
    facts,
    knowledge,
    oid,
    signature,
    signed,
    token,
)

from interop.model.certificate import Certificate
from interop.model.facts import Binding, TokenFacts
from interop.model.layers import TECHNICAL, Layer
from interop.model.rules import TimeRules, TrustRules
from interop.model.verdict import Technical
from interop.validation.lookup import Lookup
from interop.validation.reading import Reading, Terms
from interop.validation.technical import judge_reading, judge_signature

OTHER = authority("other-root", "other-root")
FOREIGN = certificate(
    "foreign-tsa",
    "other-root",
    key_usage=frozenset({"digitalSignature"}),
    extended_key_usage=("1.3.6.1.5.5.7.3.8",),
    extensions=(("2.5.29.37", True),),
)
KNOWN = knowledge(
    certificates=(*CERTIFICATES, OTHER, FOREIGN),
    edges=(*EDGES, *STATUS_EDGES, signed(OTHER, OTHER), signed(FOREIGN, OTHER)),
)
HOMES = replace(HOME, anchors={ROOT.id: "p", OTHER.id: "q"})
STAMPED_ABROAD = token(
    "abroad", bound_by=(Binding(how="signing-certificate-v2", certificate=FOREIGN.id, digest_ok=True),)
)
OWN = TrustRules(anchors=("p:root",))


def _judge(*tokens: TokenFacts, time: TimeRules, agreements: frozenset[str] = frozenset()) -> Technical:
    made = signature(level="B-T", tokens=tuple(t.id for t in tokens))
    asked = context(known=KNOWN, home=HOMES, time=time, trust=OWN)
    return judge_signature(facts(made, tokens=tokens), made, replace(asked, agreement_providers=agreements))


def _codes(technical: Technical) -> list[str]:
    return [cause.code for cause in technical.layers[TECHNICAL.index(Layer.TIME)].causes]


@pytest.mark.parametrize(
    ("tsa", "agreements", "counts"),
    [
        ((), frozenset(), True),
        (("own",), frozenset(), False),
        (("own",), frozenset({"q"}), False),
        (("agreements",), frozenset({"q"}), True),
        (("own", "agreements"), frozenset({"r"}), False),
        (("q",), frozenset(), True),
        (("p",), frozenset(), False),
    ],
)
def test_whose_time_stamps_count(tsa: tuple[str, ...], agreements: frozenset[str], counts: bool) -> None:
    technical = _judge(STAMPED_ABROAD, time=TimeRules(tsa=tsa), agreements=agreements)
    assert technical.proven is counts
    assert _codes(technical) == ([] if counts else ["time.tsa-not-accepted"])
    assert technical.passed, "no duty, no refusal"
    duty = _judge(STAMPED_ABROAD, time=TimeRules(tsa=tsa, time_stamp_required=True), agreements=agreements)
    assert _codes(duty) == ([] if counts else ["time.no-valid-timestamp", "time.tsa-not-accepted"])
    assert duty.sub_indication == (None if counts else "NO_POE")


def test_the_own_authority_counts_beside_a_foreign_one() -> None:
    early = replace(STAMPED_ABROAD, time=SIGNED - timedelta(hours=1))
    technical = _judge(early, token(), time=TimeRules(tsa=("own",)))
    assert (technical.best_time, _codes(technical)) == (SIGNED, ["time.tsa-not-accepted"])


def test_relying_parties_that_differ_in_whose_stamps_count_share_no_answer() -> None:
    """The words `own` and `agreements` mean something else for each of them."""
    made = signature(level="B-T", tokens=(STAMPED_ABROAD.id,))
    lookup = Lookup(KNOWN)
    reading = Reading(facts(made, tokens=(STAMPED_ABROAD,)), made, lookup)
    asked = context(known=KNOWN, home=HOMES, time=TimeRules(tsa=("own",)), trust=OWN)
    elsewhere = replace(asked, rules=replace(asked.rules, trust=TrustRules(anchors=("q",))))
    treaty = replace(asked, rules=replace(asked.rules, time=TimeRules(tsa=("agreements",))))
    said = [
        judge_reading(reading, Terms.of(one, lookup)).proven
        for one in (asked, elsewhere, treaty, replace(treaty, agreement_providers=frozenset({"q"})), asked)
    ]
    assert said == [False, True, False, True, False]


POLICY = "2.999.76.12"


@pytest.mark.parametrize(
    ("policy", "stamped", "codes"),
    [
        (None, False, []),
        ("2.999.76.11", False, []),
        (POLICY, False, ["time.timestamp-missing"]),
        (POLICY, True, []),
    ],
)
def test_a_signature_policy_that_asks_for_a_time_stamp(policy: str | None, stamped: bool, codes: list[str]) -> None:
    """Brazil: from the reference level with time (RT) on."""
    tokens = (token(),) if stamped else ()
    made = signature(level="B-T" if stamped else "B-B", tokens=tuple(t.id for t in tokens), policy=policy)
    asked = context(time=TimeRules(time_stamp_policies=(POLICY,)))
    technical = judge_signature(facts(made, tokens=tokens), made, asked)
    assert _codes(technical) == codes


@pytest.mark.parametrize(
    ("offset_ms", "accuracy_ms", "fails"),
    [(-3000, 1000, True), (-2001, 1000, True), (-2000, 1000, False), (-1, None, True), (0, None, False), (1, 0, False)],
)
def test_order_of_time_stamps(offset_ms: int, accuracy_ms: int | None, fails: bool) -> None:
    """EN 319 102-1 section 5.5.4 (TSP-07): one that covers another is not older; two clocks may differ by what they state."""
    first = token(accuracy_ms=accuracy_ms)
    over = token(
        "archive",
        SIGNED + timedelta(milliseconds=offset_ms),
        ("s0", first.id),
        kind="archive",
        accuracy_ms=accuracy_ms,
    )
    made = signature(level="B-LTA", tokens=(oid("token"), over.id), claimed_time=None)
    technical = judge_signature(facts(made, tokens=(first, over)), made, context())
    assert (technical.sub_indication == "TIMESTAMP_ORDER_FAILURE") is fails
    assert technical.passed is not fails


@pytest.mark.parametrize(
    ("ended", "hours", "stamped", "sub", "code"),
    [
        (ROOT, 1, True, None, None),  # the signature is proven older
        (ROOT, 0, True, "NO_CERTIFICATE_CHAIN_FOUND", "chain.anchor-no-longer-trusted"),
        (ROOT, -1, True, "NO_CERTIFICATE_CHAIN_FOUND", "chain.anchor-no-longer-trusted"),
        (ROOT, 1, False, "NO_CERTIFICATE_CHAIN_FOUND_NO_POE", "chain.anchor-no-longer-trusted-no-poe"),
        (ROOT, 48, False, None, None),  # not yet
        (OTHER, 1, True, None, None),  # the authority's: no proof, and none is needed
    ],
)
def test_an_anchor_that_ceased_to_be_trusted(
    ended: Certificate, hours: int, stamped: bool, sub: str | None, code: str | None
) -> None:
    """EN 319 102-1 section 5.2.6: what was signed while the anchor was trusted still ends at a trusted one, if that is proven."""
    tokens = (STAMPED_ABROAD,) if stamped else ()
    made = signature(level="B-T" if stamped else "B-B", tokens=tuple(t.id for t in tokens))
    home = replace(HOMES, trusted_until={ended.id: SIGNED + timedelta(hours=hours)})
    technical = judge_signature(facts(made, tokens=tokens), made, context(known=KNOWN, home=home))
    assert technical.sub_indication == sub
    chain = technical.layers[TECHNICAL.index(Layer.CHAIN)]
    assert [cause.code for cause in chain.causes] == ([] if code is None else [code])
    assert technical.proven is (stamped and ended is ROOT)
    end = technical.holds.end
    assert end is None or end > AT
