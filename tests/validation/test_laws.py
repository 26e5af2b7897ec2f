"""Laws of the stage: answers hold over their spans, and nothing depends on order or on what is unrelated."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from build import (
    CA,
    CA_CRL,
    CERTIFICATES,
    CRLS,
    EDGES,
    EVIDENCE,
    ROOT,
    ROOT_CRL,
    SIGNER,
    STATUS_EDGES,
    SUITE,
    TSA,
    answers,
    authority,
    certificate,
    context,
    crl,
    day,
    end_entity,
    facts,
    knowledge,
    oid,
    revocation,
    rules,
    signature,
    signed,
    token,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from interop.model.certificate import under_arc
from interop.model.facts import Facts
from interop.model.knowledge import Edge, Evidence, Knowledge
from interop.model.rules import RevocationRules, TimeRules
from interop.model.status import Crl
from interop.model.suite import Suite, SuiteEntry
from interop.model.verdict import TechnicalContext
from interop.validation.technical import judge_signature

START = day("2026-01-01")
days = st.integers(0, 120).map(lambda n: START + timedelta(days=n))
hours = st.integers(0, 120 * 24).map(lambda n: START + timedelta(hours=n))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Facts, TechnicalContext]:
    """The small PKI with limits, status answers, tokens and rules that change over four months."""
    signer = replace(SIGNER, not_before=draw(days), not_after=draw(days))
    tsa = replace(TSA, not_after=draw(days))
    revoked = draw(st.none() | days)
    reason = draw(st.sampled_from([None, "keyCompromise", "certificateHold", "superseded"]))
    who = draw(st.sampled_from([signer, tsa]))
    made: list[Crl] = []
    for number in range(draw(st.integers(0, 4))):
        issued = draw(days)
        entries = () if revoked is None or issued < revoked else (revocation(who, revoked, reason),)
        made.append(crl(f"c{number}", CA, issued, issued + timedelta(days=draw(st.integers(1, 30))), revoked=entries))
    edges: list[Edge] = [*EDGES, signed(ROOT_CRL, ROOT), answers(ROOT_CRL, CA)]
    for status in made:
        edges += [signed(status, CA), answers(status, SIGNER), answers(status, TSA)]
    given_at = tuple(Evidence(object=c.id, service="p/crl", at=c.this_update) for c in made if draw(st.booleans()))
    known = knowledge(
        certificates=(ROOT, CA, signer, tsa),
        edges=edges,
        crls=(*made, ROOT_CRL),
        evidence=(*given_at, EVIDENCE[0]),
    )
    tokens = tuple(
        token(f"t{n}", time=draw(hours), kind=draw(st.sampled_from(["signature", "archive", "content"])), covers=covers)
        for n, covers in enumerate(draw(st.lists(st.sampled_from([("s0",), ("s0", oid("t0"))]), max_size=2)))
    )
    suite = replace(
        SUITE, entries=(*SUITE.entries[:1], SuiteEntry(kind="key", name="P-256", end=draw(st.none() | days)))
    )
    in_file = [c for c in made if draw(st.booleans())]
    seen = facts(signature(level="B-T", tokens=tuple(t.id for t in tokens)), tokens=tokens, in_file=in_file)
    options: dict[str, Any] = {
        "revocation": RevocationRules(
            required=draw(st.booleans()),
            max_age_seconds=draw(st.none() | st.just(10 * 86400)),
            offline=draw(st.booleans()),
        ),
        "time": TimeRules(time_stamp_required=draw(st.booleans())),
        "validity_model": draw(st.sampled_from(["shell", "chain", "hybrid"])),
    }
    return seen, context(known=known, at=draw(hours), suite=suite, **options)


def _answers(seen: Facts, asked: TechnicalContext) -> list[Any]:
    technical = judge_signature(seen, seen.signatures[0], asked)
    return [(r.layer, r.state, r.causes) for r in technical.layers]


@settings(max_examples=400, deadline=None)
@given(world=worlds(), other=hours)
def test_answers_hold_over_their_spans(world: tuple[Facts, TechnicalContext], other: datetime) -> None:
    seen, asked = world
    technical = judge_signature(seen, seen.signatures[0], asked)
    fresh = replace(asked, at=other, knowledge=_copy(asked.knowledge))
    again = judge_signature(seen, seen.signatures[0], fresh)
    for before, now in zip(technical.layers, again.layers, strict=True):
        assert asked.at in before.holds
        if other in before.holds:
            assert (now.state, now.causes) == (before.state, before.causes)
    assert asked.at in technical.holds
    if other in technical.holds:
        assert again.proven == technical.proven
        assert again.path == technical.path
        assert (again.indication, again.sub_indication, again.level) == (
            technical.indication,
            technical.sub_indication,
            technical.level,
        )


@settings(max_examples=200, deadline=None)
@given(world=worlds(), moments=st.lists(hours, max_size=4))
def test_what_was_asked_before_does_not_matter(world: tuple[Facts, TechnicalContext], moments: list[datetime]) -> None:
    """The memory of a lookup changes nothing: a fresh one gives the same answer after any number of other questions."""
    seen, asked = world
    for moment in moments:
        judge_signature(seen, seen.signatures[0], replace(asked, at=moment))
    remembered = judge_signature(seen, seen.signatures[0], asked)
    fresh = judge_signature(seen, seen.signatures[0], replace(asked, knowledge=_copy(asked.knowledge)))
    assert [(r.state, r.causes) for r in remembered.layers] == [(r.state, r.causes) for r in fresh.layers]


def _copy(known: Knowledge) -> Knowledge:
    """The same value, another object: nothing is remembered for it."""
    return replace(known, evidence=tuple(known.evidence))


@given(order=st.permutations(range(len(CERTIFICATES))), edges=st.permutations(range(len(EDGES) + len(STATUS_EDGES))))
def test_order_of_certificates_and_edges_does_not_matter(order: list[int], edges: list[int]) -> None:
    every = (*EDGES, *STATUS_EDGES)
    shuffled = knowledge(
        certificates=[CERTIFICATES[i] for i in order], edges=[every[i] for i in edges], crls=reversed(CRLS)
    )
    made = signature()
    plain = judge_signature(facts(made), made, context())
    assert judge_signature(facts(made), made, context(known=shuffled)) == plain


@given(order=st.permutations([SIGNER.id, CA.id, ROOT.id]))
def test_order_of_certificates_in_the_signature_does_not_matter(order: list[Any]) -> None:
    made = signature(certificates=tuple(order))
    assert judge_signature(facts(made), made, context()).passed


def test_an_unrelated_certificate_changes_nothing() -> None:
    """Another hierarchy, with an issuer of the same name and another key."""
    twin = authority("ca", "strange-root", id=oid("twin"), key=certificate("twin", "x").key)
    stranger = end_entity("stranger", "ca")
    more = knowledge(
        certificates=(*CERTIFICATES, twin, stranger, authority("strange-root", "strange-root")),
        edges=(*EDGES, *STATUS_EDGES, signed(stranger, twin), signed(SIGNER, twin, False), signed(CA_CRL, twin, False)),
    )
    made = signature()
    assert judge_signature(facts(made), made, context(known=more)) == judge_signature(facts(made), made, context())


arcs = st.lists(st.integers(0, 300), min_size=2, max_size=6).map(lambda a: ".".join(map(str, a)))


@given(arc=arcs, tail=st.lists(st.integers(0, 300), max_size=3), digits=st.integers(0, 9))
def test_oid_prefix_ends_on_an_arc_boundary(arc: str, tail: list[int], digits: int) -> None:
    """`1.2` covers `1.2.3`, never `1.20` (F44)."""
    assert under_arc(".".join([arc, *map(str, tail)]), arc)
    assert not under_arc(f"{arc}{digits}", arc)
    assert not under_arc(f"{arc}{digits}.1", arc)


def test_rules_are_values() -> None:
    """Two relying parties with equal rules get equal answers, remembered or not."""
    made = signature()
    assert rules() == rules()
    assert judge_signature(facts(made), made, context()) == judge_signature(
        facts(made), made, context(suite=_again(SUITE))
    )


def _again(suite: Suite) -> Suite:
    return replace(suite, entries=tuple(replace(entry) for entry in suite.entries))
