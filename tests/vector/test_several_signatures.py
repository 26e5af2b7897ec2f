"""Files with two signatures: how the second stands to the first, shown by taking one away or changing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from core_run import Core
from lxml import etree

from interop.model.facts import SignatureFacts
from interop.pdf.observe import observe_pdf
from interop.run.plan import Options, plan
from interop.vector.make import SECOND_DELAY
from interop.xml.observe import observe_xml

SPECS = {spec.id: spec for spec in plan(Options()).specs if not spec.identity.opaque}
DS = "{http://www.w3.org/2000/09/xmldsig#}"


def of(signatures: str, family: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    found = sorted(v for v, s in SPECS.items() if s.case.signatures == signatures and s.case.family == family)
    assert found
    return pytest.mark.parametrize("vector", found)


def two(core: Core, vector: str) -> tuple[SignatureFacts, SignatureFacts]:
    first, second = core.run.observations[vector].facts.signatures
    return first, second


def sound(signature: SignatureFacts) -> bool:
    return all(r.ok for r in signature.references) and any(v.ok for v in signature.value)


@pytest.mark.parametrize("vector", sorted(v for v, s in SPECS.items() if s.case.signatures != "one"))
def test_both_are_made_of_different_things(core: Core, vector: str) -> None:
    """Another time and another name or Id; the same certificate twice, but for legs."""
    first, second = two(core, vector)
    assert sound(first)
    assert sound(second)
    assert first.field != second.field
    if first.claimed_time is not None and second.claimed_time is not None:
        assert second.claimed_time - first.claimed_time == SECOND_DELAY > timedelta(0)
    legs = SPECS[vector].case.signatures == "legs"
    assert (first.certificates[0] != second.certificates[0]) == legs
    assert not set(first.tokens) & set(second.tokens)


@of("serial", "pdf")
def test_a_second_signature_covers_the_first_in_a_revision_of_its_own(core: Core, vector: str) -> None:
    first, second = two(core, vector)
    assert (first.field, second.field) == ("Signature1", "Signature2")
    data, facts = core.request(vector).data, core.run.observations[vector].facts
    (_, _), (start, length) = first.covers.ranges
    assert {change.kind for change in facts.document.changes} == {"signature"}
    assert second.covers.ranges[1][0] + second.covers.ranges[1][1] == len(data)
    assert second.covers.ranges[0][1] > start + length  # its own gap lies after all that the first covers
    (alone,) = observe_pdf(data[: start + length]).facts.signatures
    assert sound(alone)
    assert alone.covers.whole


@of("serial", "pdf")
def test_the_first_revision_is_the_file_with_one_signature(core: Core, vector: str) -> None:
    spec = SPECS[vector]
    twin = [
        v
        for v, s in SPECS.items()
        if (s.provider, s.identity, s.emits) == (spec.provider, spec.identity, spec.emits)
        and s.case.positive
        and s.case.signatures == "one"
        and (s.case.level, s.case.document) == (spec.case.level, spec.case.document)
    ]
    for one in twin:
        assert core.request(vector).data.startswith(core.request(one).data)
    assert twin or spec.case.level == "b-t"


def without(data: bytes, number: int) -> bytes:
    """The file with one of its signatures cut out; what stood after it stays."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    element = list(root.iter(f"{DS}Signature"))[number]
    parent = element.getparent()
    assert parent is not None
    assert not (element.tail or "").strip()
    parent.remove(element)
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)


def left(core: Core, vector: str, number: int) -> SignatureFacts:
    (signature,) = observe_xml(without(core.request(vector).data, number), sm2_ids=core.run.sm2_ids).facts.signatures
    return signature


@of("parallel", "xml")
def test_side_by_side_neither_needs_the_other(core: Core, vector: str) -> None:
    for number in (0, 1):
        rest = left(core, vector, number)
        assert sound(rest)
        assert rest.covers.whole


@of("serial", "xml")
def test_in_series_the_second_needs_the_first_and_not_the_other_way_round(core: Core, vector: str) -> None:
    assert sound(left(core, vector, 1))
    without_first = left(core, vector, 0)
    assert [r.ok for r in without_first.references if r.role == "content"] == [False]
    assert any(v.ok for v in without_first.value)


@of("counter", "xml")
def test_a_counter_signature_stands_on_the_value_of_the_other(core: Core, vector: str) -> None:
    first, second = two(core, vector)
    assert (first.parent, second.parent) == (None, "s0")
    assert {r.role for r in second.references} == {"counter-signed", "signed-properties"}
    assert "CounterSignature" in first.unsigned_attributes
    assert sound(left(core, vector, 1))
    data = core.request(vector).data
    start = data.index(b"SignatureValue Id=")
    place = data.index(b">", start) + 20
    other = b"A" if data[place : place + 1] != b"A" else b"B"
    one, counter = observe_xml(data[:place] + other + data[place + 1 :]).facts.signatures
    assert not any(v.ok for v in one.value)
    assert [r.ok for r in counter.references if r.role == "counter-signed"] == [False]
    assert any(v.ok for v in counter.value)


def identifiers(data: bytes) -> Iterator[str]:
    for element in etree.fromstring(data, etree.XMLParser(resolve_entities=False)).iter(etree.Element):
        yield from (element.get(name) or "" for name in ("Id", "ID", "id") if element.get(name) is not None)


@pytest.mark.parametrize("vector", sorted(v for v, s in SPECS.items() if s.case.family == "xml" and s.case.positive))
def test_no_identifier_stands_twice(core: Core, vector: str) -> None:
    found = list(identifiers(core.request(vector).data))
    assert len(found) == len(set(found))


@of("legs", "pdf")
def test_legs_are_of_two_algorithms_and_either_is_relied_upon(core: Core, vector: str) -> None:
    """At home the relying party takes its own leg, or the better one where it has none; each passes by itself."""
    first, second = two(core, vector)
    assert first.algorithm.key.partition("-")[0] != second.algorithm.key.partition("-")[0]
    assert (first.field, second.field) == ("Signature1", "Signature2")
    provider = SPECS[vector].provider
    judgement = core.judge(vector, provider.id)
    wanted = "any" if provider.relying.leg is None else f"leg:{provider.relying.leg}"
    assert judgement.reason == wanted
    assert [verdict.accepted for verdict in judgement.verdicts] == [True, True]
