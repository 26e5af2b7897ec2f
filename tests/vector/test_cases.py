"""Laws over the catalogue of cases: a negative is its control with one thing wrong, and says what should come of it."""

from __future__ import annotations

from dataclasses import fields

import pytest
from core_run import Core

from interop.model.case import Case, Expect
from interop.model.formats import PDF_FORMATS, Packaging
from interop.model.layers import TECHNICAL, Layer
from interop.model.reasons import Effect, catalogue, reason
from interop.pdf.mutate import MUTATIONS as PDF_MUTATIONS
from interop.run.plan import load_catalogue
from interop.vector.catalogue import expand, fits
from interop.vector.documents import document
from interop.vector.make import _SIGNING as SIGNING_MUTATIONS
from interop.xml.mutate import MUTATIONS as XML_MUTATIONS

CASES = {case.id: case for case in load_catalogue()[0]}
SETS = load_catalogue()[1]
NEGATIVES = [case for case in CASES.values() if not case.positive]

TWELVE = {
    "byte-changed", "update-appended", "value-flipped", "wrong-key", "cms-transplanted", "xml-wrapping",
    "signed-properties-moved", "signing-certificate-digest-wrong", "expired-signer", "no-key-usage", "sm2-wrong-id",
    "sm2-without-z",
}  # fmt: skip

OWN = {"id", "mutation", "control", "expectation", "story", "signers", "keys", "required", "formats"}
"""What a negative says of itself; everything else is the recipe, which it shares with its control."""


def control_of(case: Case) -> Case:
    assert case.control is not None, case.id
    return CASES[case.control]


@pytest.mark.parametrize("case", NEGATIVES, ids=lambda c: c.id)
def test_a_negative_is_its_control_with_one_thing_wrong(case: Case) -> None:
    control = control_of(case)
    assert control.positive
    for field in fields(Case):
        if field.name not in OWN:
            assert getattr(case, field.name) == getattr(control, field.name), field.name
    assert set(case.formats) <= set(control.formats)
    assert control.keys == ()
    assert control.signers == "all"


@pytest.mark.parametrize("case", NEGATIVES, ids=lambda c: c.id)
def test_a_negative_declares_layer_and_reason(case: Case) -> None:
    expectation = case.expectation
    assert expectation.expect is Expect.REJECT
    assert expectation.layer in TECHNICAL
    assert expectation.reasons
    for code in expectation.reasons:
        entry = reason(code)
        assert entry.layer is expectation.layer, code
        assert entry.effect is not Effect.FINDING, code


@pytest.mark.parametrize("case", CASES.values(), ids=lambda c: c.id)
def test_a_case_tells_its_story_and_its_ground(case: Case) -> None:
    assert set(case.expectation.reasons) <= set(catalogue())
    assert case.story.en.endswith(".")
    assert case.story.zh.endswith("。")
    assert case.expectation.clause
    assert document(case.document, case.family)
    assert {form in PDF_FORMATS for form in case.formats} == {case.family == "pdf"}
    assert case.packaging is None or case.family == "xml"


def test_positives_expect_acceptance_and_name_no_layer() -> None:
    for case in CASES.values():
        if case.positive:
            assert case.expectation.expect in {Expect.ACCEPT, Expect.ACCEPT_WITH_FINDING}
            assert (case.control, case.expectation.layer) == (None, None)


def test_the_twelve_negatives_are_there() -> None:
    assert {case.mutation.name for case in NEGATIVES if case.mutation is not None} == TWELVE


def test_every_mutation_is_made_somewhere() -> None:
    """While signing, or on the bytes, of its own family; and none exists that no case uses."""
    for case in NEGATIVES:
        assert case.mutation is not None
        on_bytes = PDF_MUTATIONS if case.family == "pdf" else XML_MUTATIONS
        assert (case.mutation.name in SIGNING_MUTATIONS) != (case.mutation.name in on_bytes), case.id
    used = {(case.family, case.mutation.name) for case in NEGATIVES if case.mutation is not None}
    assert {("pdf", name) for name in PDF_MUTATIONS} | {("xml", name) for name in XML_MUTATIONS} <= used


@pytest.mark.parametrize("set_id", SETS)
def test_a_set_holds_the_control_of_each_of_its_negatives(set_id: str) -> None:
    chosen = SETS[set_id].cases
    ids = set(CASES) if chosen == ("*",) else set(chosen)
    assert ids <= set(CASES)
    assert {CASES[case].control for case in ids if not CASES[case].positive} <= ids
    assert set(SETS["core"].cases) >= {case.id for case in CASES.values() if case.positive}


def test_each_negative_vector_comes_with_its_control(core: Core) -> None:
    for vector, spec in core.specs.items():
        if spec.case.control is not None:
            twin = core.specs[core.control(vector)]
            assert (twin.identity, twin.emits, twin.case) == (spec.identity, spec.emits, control_of(spec.case))


def test_every_negative_case_is_made_by_a_signer_of_each_family_that_it_fits(core: Core) -> None:
    """No case that nobody signs, and each technical layer of a kind is met with RSA, ECDSA and SM2 where it makes sense."""
    made: dict[str, set[str]] = {case.id: set() for case in NEGATIVES}
    for spec in core.specs.values():
        if not spec.case.positive:
            made[spec.case.id].add(spec.provider.certificate(spec.identity.certificate).key.kind)
    assert not [case for case, kinds in made.items() if not kinds]
    for mutation in ("byte-changed", "value-flipped", "wrong-key"):
        for family in ("pdf", "xml"):
            assert made[f"{family}-{mutation}"] == {"RSA", "EC", "SM2"}
    assert made["pdf-sm2-wrong-id"] == made["pdf-sm2-without-z"] == {"SM2"}


def test_expansion_is_what_the_profiles_list(core: Core) -> None:
    """An identity emits only the formats, levels and packagings that its profile lists, and all of them that a case fits."""
    providers = core.run.plan.world.providers
    specs = expand(providers, CASES.values())
    assert len({spec.id for spec in specs}) == len(specs)
    for spec in specs:
        assert spec.emits in spec.identity.formats
        assert spec.case.level in spec.emits.levels
        if spec.case.family == "xml" and spec.emits.packagings:
            assert (spec.case.packaging or Packaging.ENVELOPED) in spec.emits.packagings
        if spec.case.signers == "reference":
            assert spec.identity.reference
    wanted = {
        f"{provider.id}.{identity.id}/{emits.format.value}/{case.level.value}/{case.id}"
        for provider in providers
        for identity in provider.identities
        for emits in identity.formats
        for case in CASES.values()
        if fits(case, provider, identity, emits)
        and (case.positive or fits(control_of(case), provider, identity, emits))
    }
    assert {spec.id for spec in specs} == wanted


def test_a_negative_without_its_control_is_not_made() -> None:
    from interop.profile.load import load_world

    alone = [CASES["pdf-byte-changed"]]
    assert expand(load_world().providers, alone) == ()


def test_layers_that_the_negatives_try() -> None:
    assert {case.expectation.layer for case in NEGATIVES} >= {
        Layer.INTEGRITY,
        Layer.SIGNATURE,
        Layer.CERTIFICATE,
        Layer.TIME,
    }
