"""Laws over the catalogue of cases: a negative is its control with one thing wrong, and says what should come of it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import get_args

import pytest
from core_run import Core

from interop.model.case import Case, Expect, SignerFate
from interop.model.formats import PDF_FORMATS, Packaging
from interop.model.layers import TECHNICAL, Layer
from interop.model.reasons import Effect, catalogue, reason
from interop.pdf.mutate import MUTATIONS as PDF_MUTATIONS
from interop.run.plan import load_catalogue
from interop.vector.catalogue import expand, fits
from interop.vector.documents import document
from interop.vector.fates import FATES
from interop.vector.make import _SIGNING as SIGNING_MUTATIONS
from interop.vector.stamps import STAMP_MUTATIONS
from interop.xml.mutate import MUTATIONS as XML_MUTATIONS

CASES = {case.id: case for case in load_catalogue()[0]}
SETS = load_catalogue()[1]
NEGATIVES = [case for case in CASES.values() if not case.positive]

BROKEN_BYTES = {
    "byte-changed", "update-appended", "value-flipped", "wrong-key", "cms-transplanted", "xml-wrapping",
    "signed-properties-moved", "signing-certificate-digest-wrong", "expired-signer", "no-key-usage", "sm2-wrong-id",
    "sm2-without-z",
}  # fmt: skip
STATUS = {
    "revoked-before", "suspended-before", "ca-revoked", "issued-after-stamp", "stamped-by-revoked", "stamped-by-ending",
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
    assert control.signers == "all" or control.fate is not None


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


def test_the_negatives_are_there() -> None:
    """Broken bytes and keys; certificates with a fate of their own and time-stamps that prove nothing, in PDF and XML alike."""
    made = {(case.family, case.mutation.name) for case in NEGATIVES if case.mutation is not None}
    assert {name for _, name in made} == BROKEN_BYTES | STATUS | STAMP_MUTATIONS
    assert {("pdf", name) for name in STATUS | STAMP_MUTATIONS} <= made
    assert {("xml", name) for name in STATUS | STAMP_MUTATIONS} <= made


def test_pdf_and_xml_are_asked_the_same() -> None:
    """Status and time are questions of one core: the twins of a negative in both families declare the same layer and reasons."""
    pairs = [(case, CASES[f"xml{case.id.removeprefix('pdf')}"]) for case in NEGATIVES if lasting(case, "pdf")]
    assert len(pairs) == len([case for case in NEGATIVES if lasting(case, "xml")]) > 15
    for one, other in pairs:
        assert (one.mutation, one.level, one.fate) == (other.mutation, other.level, other.fate)
        assert replace(one.expectation, clause="") == replace(other.expectation, clause="")


def lasting(case: Case, family: str) -> bool:
    return case.family == family and case.mutation is not None and case.mutation.name in STATUS | STAMP_MUTATIONS


@pytest.mark.parametrize("case", CASES.values(), ids=lambda c: c.id)
def test_a_fate_that_a_case_names_is_one(case: Case) -> None:
    """Of the signing certificate, and only reference signers have twins that meet it."""
    if case.fate is not None:
        assert FATES[case.fate].of == "signer"
        assert case.signers == "reference"
    assert set(get_args(SignerFate)) <= set(FATES)


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
    left = {case.id for case in CASES.values() if case.positive} - set(SETS["core"].cases)
    crossed = {
        case for case in left if case.startswith(("xml-b-lt-", "xml-b-lta-")) and ("c14n" in case or "exc" in case)
    }
    assert left == crossed, "canonicalisations crossed at the long levels are in the full set"


def test_each_negative_vector_comes_with_its_control(core: Core) -> None:
    for vector, spec in core.specs.items():
        if spec.case.control is not None:
            twin = core.specs[core.control(vector)]
            assert (twin.identity, twin.emits, twin.case) == (spec.identity, spec.emits, control_of(spec.case))


def test_every_negative_case_is_made_by_a_signer_of_each_family_that_it_fits(full: Core) -> None:
    """No case that nobody signs; the plain ones are met with every algorithm family that is verified."""
    made: dict[str, set[str]] = {case.id: set() for case in NEGATIVES}
    for spec in full.specs.values():
        if not spec.case.positive:
            made[spec.case.id].add(spec.provider.certificate(spec.identity.certificate).key.kind)
    assert not [case for case, kinds in made.items() if not kinds]
    for mutation in ("byte-changed", "value-flipped", "wrong-key"):
        for family in ("pdf", "xml"):
            assert made[f"{family}-{mutation}"] == {"RSA", "EC", "SM2", "Ed25519", "Ed448"}
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
        assert (spec.case.signatures == "legs") == (spec.identity.followed_by is not None)
    wanted = {
        f"{provider.id}.{identity.id}/{emits.format.value}/{case.level.value}/{case.id}"
        for provider in providers
        for identity in provider.identities
        for emits in identity.formats
        for case in CASES.values()
        if fits(case, provider, identity, emits)
        and (
            case.positive
            or any(fits(control_of(case), provider, identity, e) for e in identity.formats if e.format == emits.format)
        )
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
