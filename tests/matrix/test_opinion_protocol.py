"""The engine protocol, read strictly: nothing is guessed, and no answer can say pass, fail or skip."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matrix_world import AT, broken, said, unsigned

from interop.matrix.opinion import failed_opinion, opinion_judgement, parse_answer, parse_hello
from interop.model.certificate import ObjectId
from interop.model.errors import EngineError
from interop.model.facts import Opinion
from interop.model.indication import INDICATION_OF, Indication, SubIndication
from interop.model.layers import Layer, LayerState

ARTIFACT = ObjectId("sha256:00")


def read(answer: object) -> Opinion:
    line = answer if isinstance(answer, str) else json.dumps(answer)
    return parse_answer(line, request_id="r1", artifact=ARTIFACT, engine="e@1", at=AT)


def test_hello() -> None:
    hello = parse_hello('{"name": "x", "version": "1", "capabilities": ["pdf", "sm2"]}')
    assert (hello.engine, hello.capabilities) == ("x@1", frozenset({"pdf", "sm2"}))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        '{"name": "x"}',
        '{"name": "x", "version": 1, "capabilities": []}',
        '{"name": "x", "version": "1", "capabilities": "all"}',
        '{"name": "x", "version": "1", "capabilities": [1]}',
        '{"name": "x", "version": "1", "capabilities": [], "more": 1}',
    ],
)
def test_a_hello_that_is_none(line: str) -> None:
    with pytest.raises(EngineError, match="protocol: "):
        parse_hello(line)


def test_answers() -> None:
    assert read({"id": "r1", "indication": "TOTAL_PASSED"}).layers is None
    full = read(
        {
            "id": "r1",
            "indication": "TOTAL_FAILED",
            "sub_indication": "HASH_FAILURE",
            "layers": {"integrity": {"result": "fail", "reasons": ["a.b"]}, "container": {"result": "pass"}},
        }
    )
    assert full.layers == (("container", "pass", ()), ("integrity", "fail", ("a.b",))), "in the order of the ladder"
    assert read({"id": "r1", "unsupported": "sm2"}).unsupported == "sm2"


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        ('{"id": "r1", "indication": "TOTAL_PA', "not JSON"),
        ("NaN", "not an object"),
        ({"id": "r2", "indication": "TOTAL_PASSED"}, "asked 'r1'"),
        ({"indication": "TOTAL_PASSED"}, "asked 'r1'"),
        ({"id": "r1"}, "lacks indication"),
        ({"id": "r1", "indication": "PASS"}, "unknown indication"),
        ({"id": "r1", "indication": None}, "not a text"),
        ({"id": "r1", "indication": "TOTAL_PASSED", "verdict": "pass"}, "unknown keys: verdict"),
        ({"id": "r1", "indication": "TOTAL_FAILED", "sub_indication": "BAD"}, "unknown sub_indication"),
        ({"id": "r1", "indication": "TOTAL_PASSED", "sub_indication": "REVOKED"}, "does not belong"),
        ({"id": "r1", "indication": "TOTAL_PASSED", "layers": []}, "not an object"),
        ({"id": "r1", "indication": "TOTAL_PASSED", "layers": {"legal": {"result": "pass"}}}, "unknown layers: legal"),
        ({"id": "r1", "indication": "TOTAL_PASSED", "layers": {"time": {"result": "ok"}}}, "unknown result"),
        ({"id": "r1", "indication": "TOTAL_PASSED", "layers": {"time": {}}}, "lacks result"),
        ({"id": "r1", "indication": "TOTAL_PASSED", "layers": {"time": {"result": "pass", "x": 1}}}, "unknown keys"),
        ({"id": "r1", "indication": "TOTAL_PASSED", "layers": {"time": {"result": "pass", "reasons": "x"}}}, "no list"),
        ({"id": "r1", "unsupported": "sm2", "indication": "TOTAL_PASSED"}, "unknown keys: indication"),
        ({"id": "r1", "unsupported": ""}, "not a text"),
        ('{"id": "r1", "indication": "TOTAL_FAILED", "indication": "TOTAL_PASSED"}', "twice"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_broken_answers_are_errors_of_the_engine(answer: object, what: str) -> None:
    with pytest.raises(EngineError, match=what):
        read(answer)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "indication", "layers", "unsupported", "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(json_values | st.builds(lambda v: {"id": "r1", "indication": "TOTAL_PASSED", "layers": v}, json_values))
def test_any_json_is_an_opinion_or_an_engine_error(value: object) -> None:
    try:
        opinion = read(json.dumps(value))
    except EngineError:
        return  # any other exception is a crash of ours
    assert opinion.unsupported is not None or opinion.indication in Indication.__members__


@pytest.mark.parametrize("sub", list(SubIndication))
def test_every_sub_indication_is_understood(sub: SubIndication) -> None:
    opinion = read({"id": "r1", "indication": INDICATION_OF[sub].value, "sub_indication": sub.value})
    verdict = opinion_judgement(opinion, said()).verdict
    assert verdict is not None
    assert verdict.sub_indication is sub


def test_accepted_needs_the_conclusion_and_every_reported_layer() -> None:
    def accepted(indication: str, *layers: tuple[str, str, tuple[str, ...]]) -> bool:
        opinion = Opinion(artifact=ARTIFACT, engine="e@1", at=AT, indication=indication, layers=layers or None)
        verdict = opinion_judgement(opinion, said()).verdict
        assert verdict is not None
        return verdict.accepted

    assert accepted("TOTAL_PASSED")
    assert accepted("TOTAL_PASSED", ("integrity", "pass", ()), ("time", "not_applicable", ()))
    assert not accepted("TOTAL_PASSED", ("trust", "fail", ("trust.x",)))
    assert not accepted("TOTAL_PASSED", ("agreement", "fail", ()))
    assert not accepted("INDETERMINATE", ("integrity", "pass", ()))
    assert not accepted("NO_SIGNATURE_FOUND")


def test_what_is_promised_is_ours_and_the_rest_is_the_engines() -> None:
    opinion = Opinion(
        artifact=ARTIFACT,
        engine="e@1",
        at=AT,
        indication="TOTAL_PASSED",
        layers=(("integrity", "pass", ()), ("agreement", "pass", ())),
    )
    found = opinion_judgement(opinion, said(promised=False)).verdict
    assert found is not None
    assert (found.accepted, found.promised, found.agreement) == (True, False, None)
    assert found.layer(Layer.AGREEMENT).state is LayerState.FAIL, "an engine cannot grant what no instrument does"
    assert found.layer(Layer.SIGNATURE).state is LayerState.NOT_EVALUATED


def test_a_signature_that_only_the_real_party_sees_promises_nothing() -> None:
    for indication, accepted in (("TOTAL_PASSED", True), ("NO_SIGNATURE_FOUND", False)):
        opinion = Opinion(artifact=ARTIFACT, engine="e@1", at=AT, indication=indication)
        verdict = opinion_judgement(opinion, unsigned("container.no-signature")).verdict
        assert verdict is not None
        assert (verdict.accepted, verdict.promised) == (accepted, False)


def test_no_opinion() -> None:
    failed = failed_opinion(artifact=ARTIFACT, engine="e@1", at=AT, what="crash")
    assert opinion_judgement(failed, said()).error == "crash"
    passed = Opinion(artifact=ARTIFACT, engine="e@1", at=AT, indication="TOTAL_PASSED")
    assert "primary engine" in (opinion_judgement(passed, broken()).error or "")
    assert opinion_judgement(
        Opinion(artifact=ARTIFACT, engine="e@1", at=AT, indication="x", unsupported="sm2"), said()
    ).unsupported
