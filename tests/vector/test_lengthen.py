"""Lengthening: several signatures, entries in /VRI, a year until the next archive round, another authority."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from core_run import Core

from interop.model.case import Case
from interop.model.errors import UsageError
from interop.model.facts import Facts
from interop.model.formats import Level
from interop.pdf.observe import observe_pdf
from interop.pki.issue import Issued, issue
from interop.vector.catalogue import Made, VectorSpec
from interop.vector.lasting import Lasting, lengthen
from interop.vector.make import make
from interop.x509.certificate import object_id
from interop.xml.observe import observe_xml

NAME = "eu-qtsp-natural.natural-ec"
FORMS = [("pdf", "pades"), ("xml", "xades")]


def issued_of(core: Core) -> Issued:
    return issue(core.run.plan.world.provider("eu-qtsp-natural"), core.run.keys.store())


def made(core: Core, family: str, form: str, level: str, *, vri: bool = False, **changes: object) -> Made:
    """The ordinary vector of that level with some changes to its case."""
    spec = core.specs[f"{NAME}/{form}/{level}/{family}-{level}"]
    case: Case = replace(spec.case, **changes)  # type: ignore[arg-type]
    changed: VectorSpec = replace(spec, case=case, emits=replace(spec.emits, vri=vri))
    return make(changed, issued_of(core), core.run.keys.store(), core.run.plan.signing)


def seen(family: str, data: Made) -> Facts:
    return observe_pdf(data.data).facts if family == "pdf" else observe_xml(data.data).facts


def test_vri_is_written_where_the_profile_wants_it(core: Core) -> None:
    """ISO 32000-2 12.8.4.3: under the digest of the signature's /Contents; without the flag there is none."""
    for vri in (False, True):
        facts = seen("pdf", made(core, "pdf", "pades", "b-lt", vri=vri))
        places = {place.signature for fact in facts.objects for place in fact.found if place.place == "vri"}
        assert places == ({facts.signatures[0].id} if vri else set())
        assert [signature.level for signature in facts.signatures] == ["B-LT"]


@pytest.mark.parametrize(("level", "last"), [("b-lt", "B-LT"), ("b-lta", "B-LTA")])
def test_the_last_of_two_signatures_is_extended(core: Core, level: str, last: str) -> None:
    """PDF: the store is of the document, so both gain. XML: the first stays as the second has signed it."""
    pdf = seen("pdf", made(core, "pdf", "pades", level, signatures="serial"))
    assert [signature.level for signature in pdf.signatures] == [last, last]
    xml = seen("xml", made(core, "xml", "xades", level, signatures="serial"))
    assert [signature.level for signature in xml.signatures] == ["B-T", last]
    for facts in (pdf, xml):
        for signature in facts.signatures:
            assert {reference.ok for reference in signature.references} == {True}


def test_a_counter_signature_has_no_place_for_it(core: Core) -> None:
    with pytest.raises(UsageError, match="no place for validation data"):
        made(core, "xml", "xades", "b-lt", signatures="counter")


@pytest.mark.parametrize(("family", "form"), FORMS)
def test_the_next_round_a_year_later_is_by_the_other_authority(core: Core, family: str, form: str) -> None:
    """Each archive time-stamp covers the one before, and the status answers collected for it."""
    year = int(timedelta(days=365).total_seconds())
    facts = seen(family, made(core, family, form, "b-lta", renewed_after_seconds=year))
    issued = issued_of(core)
    first, second, third = sorted(facts.tokens, key=lambda token: token.time or core.run.plan.signing)
    names = [{b.certificate for b in token.bound_by} for token in (first, second, third)]
    own, other = (object_id(issued.certificates[name]) for name in ("tsa", "tsa-2"))
    assert names == [{own}, {own}, {other}]
    assert third.time == core.run.plan.signing + timedelta(days=365)
    assert {first.id, second.id} <= set(third.covers)
    assert first.id in second.covers
    assert all(token.imprint.ok and token.value_ok for token in facts.tokens)


@pytest.mark.parametrize(("level", "hours"), [(Level.B_LT, 24), (Level.B_LTA, 2)])
def test_a_renewal_needs_something_to_renew(core: Core, level: Level, hours: int) -> None:
    with pytest.raises(UsageError, match="later than its first archive"):
        lengthen(
            made(core, "pdf", "pades", "b-t"),
            issued_of(core),
            form=core.specs[f"{NAME}/pades/b-t/pdf-b-t"].emits.format,
            certificates=("signer-natural-ec",),
            at=core.run.plan.signing,
            wanted=Lasting(level=level, renewed=timedelta(hours=hours)),
        )
