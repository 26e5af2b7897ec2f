"""The vectors: positives pass at home; each negative is blocked at its layer, for its reason, where its control passes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from core_run import Core

from interop.model.certificate import Certificate
from interop.model.formats import PDF_FORMATS, Format, Level
from interop.model.layers import TECHNICAL, Layer, LayerState
from interop.model.reasons import Effect, reason
from interop.model.verdict import Verdict
from interop.pdf.scan import scan_signatures
from interop.run.plan import Options, plan
from interop.vector.catalogue import second_leg
from interop.vector.lasting import ARCHIVED
from interop.x509.certificate import object_id

SPECS = {spec.id: spec for spec in plan(Options(set="full")).specs}
POSITIVES = sorted(v for v, s in SPECS.items() if s.case.positive and not s.identity.opaque)
OPAQUE = sorted(v for v, s in SPECS.items() if s.identity.opaque)
NEGATIVES = sorted(v for v, s in SPECS.items() if not s.case.positive)


def signer_value(full: Core, vector: str) -> bool | None:
    """Whether the value verifies with the key of the identity's own certificate (its variants share key and name)."""
    spec = SPECS[vector]
    own = full.bench.knowledge.certificates[
        object_id(full.run.published[spec.provider.id].certificates[spec.identity.certificate])
    ]
    (signature,) = full.run.observations[vector].facts.signatures
    carried = [full.bench.knowledge.certificates[c] for c in signature.certificates]
    same = {c.id for c in carried if c.subject.normal == own.subject.normal and c.key.digest == own.key.digest}
    (answer,) = [value.ok for value in signature.value if value.key in same]
    return answer


def signer_of(full: Core, vector: str) -> Certificate:
    """The certificate that is named as the signer's by the signature itself."""
    (signature,) = full.run.observations[vector].facts.signatures
    (named,) = {b.certificate for b in signature.bound_by if b.how != "key-info" and b.certificate is not None}
    return full.bench.knowledge.certificates[named]


def home(full: Core, vector: str) -> Verdict:
    judgement = full.judge(vector, SPECS[vector].provider.id)
    assert judgement.error is None
    assert judgement.verdict is not None, judgement.findings
    return judgement.verdict


def test_everything_was_made_and_observed(full: Core) -> None:
    assert full.run.failures == {}
    assert set(full.run.observations) == set(SPECS)
    assert POSITIVES
    assert NEGATIVES


def signers(vector: str) -> list[str]:
    """Identities in the order of the signatures."""
    spec = SPECS[vector]
    if spec.case.signatures == "one":
        return [spec.identity.id]
    if spec.case.signatures == "legs":
        assert spec.identity.followed_by is not None
        twins = [
            i for i in spec.provider.identities if i.certificate == spec.identity.certificate and not i.followed_by
        ]
        return [*(i.id for i in twins), spec.identity.followed_by]
    return [spec.identity.id] * 2


@pytest.mark.parametrize("vector", POSITIVES)
def test_a_positive_passes_at_home(full: Core, vector: str) -> None:
    """Every signature of it, all technical layers; and the one that counts is accepted."""
    spec, judgement = SPECS[vector], full.judge(vector, SPECS[vector].provider.id)
    assert [verdict.identity for verdict in judgement.verdicts] == signers(vector)
    for verdict in judgement.verdicts:
        states = {layer.layer: layer.state for layer in verdict.layers if layer.layer in TECHNICAL}
        assert set(states.values()) <= {LayerState.PASS, LayerState.NOT_APPLICABLE}
        assert states[Layer.INTEGRITY] is states[Layer.SIGNATURE] is states[Layer.CHAIN] is LayerState.PASS
        assert verdict.provider == spec.provider.id
    assert home(full, vector).accepted


@pytest.mark.parametrize("vector", OPAQUE)
def test_an_opaque_identity_is_recognised_and_never_verified(full: Core, vector: str) -> None:
    """Positives only. The algorithm has its name, and the value is neither true nor false."""
    spec = SPECS[vector]
    assert spec.case.positive
    for signature in full.run.observations[vector].facts.signatures:
        assert signature.algorithm.name == spec.provider.certificate(spec.identity.certificate).key.signature
        assert {value.ok for value in signature.value} == {None}


FAMILY = {
    Format.PADES: ("ETSI.CAdES.detached", "1.2.840.113549.1.7.2"),
    Format.PDF_PKCS7: ("adbe.pkcs7.detached", "1.2.840.113549.1.7.2"),
    Format.PDF_GM: ("adbe.pkcs7.detached", "1.2.156.10197.6.1.4.2.2"),
}


def emitted(vector: str) -> list[Format]:
    """Format of each signature."""
    spec = SPECS[vector]
    second = second_leg(spec.case, spec.provider, spec.identity)
    if spec.case.signatures == "one":
        return [spec.emits.format]
    return [spec.emits.format, spec.emits.format if second is None else second[1].format]


STAMPS = {Level.B_B: 0, Level.B_T: 1, Level.B_LT: 1, Level.B_LTA: 2}


@pytest.mark.parametrize("vector", POSITIVES)
def test_a_positive_is_of_the_level_and_family_that_it_says(full: Core, vector: str) -> None:
    """Each signature over all that it must cover, of its level, with its time-stamps: one from B-T on, some seconds after the claimed
    time; at B-LTA another two hours later, and a third where the archive is renewed."""
    spec, facts = SPECS[vector], full.run.observations[vector].facts
    forms = emitted(vector)
    assert len(facts.signatures) == len(forms)
    stamps = STAMPS[spec.case.level] + (spec.case.renewed_after_seconds is not None)
    for form, signature in zip(forms, facts.signatures, strict=True):
        assert signature.covers.whole
        level = signature.level
        assert level == spec.case.level.value.upper() or (level is None and form not in {Format.PADES, Format.XADES})
        assert len(signature.tokens) == (min(stamps, 1) if form in PDF_FORMATS else stamps)
        if form in PDF_FORMATS:
            assert (signature.subfilter, signature.content_types[0]) == FAMILY[form]
        elif signature.parent is None:
            assert signature.packaging == str(spec.case.packaging.value if spec.case.packaging else "enveloped")
        if form is Format.XML_CUSTOMS:
            assert signature.algorithm.uri == "http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3"
            assert (signature.algorithm.encoding, signature.algorithm.sm2_id) == ("raw", "1234567812345678")
    assert len(facts.tokens) == stamps + len(forms[1:]) * min(stamps, 1)
    for token in facts.tokens:
        assert (token.imprint.ok, token.value_ok) == (True, True)
        assert token.time is not None
        after = (token.time - full.run.plan.signing).total_seconds()
        assert 0 < after <= 60 or after in {ARCHIVED.total_seconds(), spec.case.renewed_after_seconds}


@pytest.mark.parametrize("vector", NEGATIVES)
def test_a_negative_is_blocked_where_and_why_it_says_and_its_control_passes_there(full: Core, vector: str) -> None:
    """The heart: a rejection proves something only beside a control that differs in the one thing."""
    expectation = SPECS[vector].case.expectation
    assert expectation.layer is not None
    verdict = home(full, vector)
    layer = verdict.layer(expectation.layer)
    assert not verdict.accepted
    assert layer.blocks
    assert layer.state in {LayerState.FAIL, LayerState.INDETERMINATE}
    codes = {cause.code for cause in layer.causes}
    assert codes & set(expectation.reasons), codes
    control = home(full, full.control(vector))
    assert control.layer(expectation.layer).state is LayerState.PASS
    assert control.accepted


ALSO = {
    # a status answer given after a certificate's end says nothing about it (RFC 5280 3.3, EN 319 102-1 5.2.5): the same one cause
    "expired-signer": {Layer.REVOCATION},
    # what stands in the signed element's place is not covered: the format asks for the whole of what is consumed
    "xml-wrapping": {Layer.FORMAT},
}


@pytest.mark.parametrize("vector", NEGATIVES)
def test_a_negative_breaks_nothing_but_its_own_layer(full: Core, vector: str) -> None:
    """One thing is wrong with it: the other technical layers pass as they do in the control, but for what cannot be told apart."""
    case = SPECS[vector].case
    assert case.mutation is not None
    blocked = {layer for layer in home(full, vector).blocks if layer in TECHNICAL}
    assert blocked - {case.expectation.layer} <= ALSO.get(case.mutation.name, set())


@pytest.mark.parametrize("vector", NEGATIVES)
def test_the_headline_of_the_layer_is_the_declared_reason(full: Core, vector: str) -> None:
    """What a person reads first there; and nothing stands before that layer but another face of the same cause."""
    expectation = SPECS[vector].case.expectation
    verdict = home(full, vector)
    assert SPECS[vector].case.mutation is not None
    assert verdict.first_block in {expectation.layer} | (
        ALSO.get(SPECS[vector].case.mutation.name, set()) - {Layer.FORMAT}
    )
    blocking = [c.code for c in verdict.layer(expectation.layer).causes if reason(c.code).effect is not Effect.FINDING]
    assert blocking[0] in expectation.reasons


def vectors_of(mutation: str, family: str) -> list[str]:
    found = [v for v in NEGATIVES if (s := SPECS[v]).case.family == family and s.case.mutation.name == mutation]  # type: ignore[union-attr]
    assert found
    return found


def each(mutation: str, family: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return pytest.mark.parametrize("vector", vectors_of(mutation, family))


def pair(full: Core, vector: str) -> tuple[bytes, bytes]:
    return full.request(full.control(vector)).data, full.request(vector).data


def differing(one: bytes, other: bytes) -> list[int]:
    assert len(one) == len(other)
    return [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]


@each("byte-changed", "pdf")
def test_byte_changed_is_one_byte_that_is_signed(full: Core, vector: str) -> None:
    sound, broken = pair(full, vector)
    (at,) = differing(sound, broken)
    (signature,) = full.run.observations[full.control(vector)].facts.signatures
    assert any(start <= at < start + length for start, length in signature.covers.ranges)


@each("value-flipped", "pdf")
def test_value_flipped_is_one_bit_of_the_value(full: Core, vector: str) -> None:
    sound, broken = pair(full, vector)
    (at,) = differing(sound, broken)
    assert bin(int(sound[at : at + 1], 16) ^ int(broken[at : at + 1], 16)).count("1") == 1
    (scan,) = scan_signatures(sound).signatures
    start, end = scan.contents_span or (0, 0)
    assert start < at < end


@each("update-appended", "pdf")
def test_update_appended_leaves_the_signed_revision(full: Core, vector: str) -> None:
    sound, broken = pair(full, vector)
    assert broken.startswith(sound)
    assert len(broken) > len(sound)
    (signature,) = full.run.observations[vector].facts.signatures
    assert [reference.ok for reference in signature.references] == [True]
    assert signer_value(full, vector) is True


@each("cms-transplanted", "pdf")
def test_cms_transplanted_is_a_good_signature_of_something_else(full: Core, vector: str) -> None:
    sound, broken = pair(full, vector)
    (scan,) = scan_signatures(sound).signatures
    start, end = scan.contents_span or (0, 0)
    assert all(start < at < end for at in differing(sound, broken))
    (signature,) = full.run.observations[vector].facts.signatures
    assert [reference.ok for reference in signature.references] == [False]
    assert signer_value(full, vector) is True


@pytest.mark.parametrize("family", ["pdf", "xml"])
def test_wrong_key_is_a_well_formed_value_by_somebody_else(full: Core, family: str) -> None:
    """The certificate named is the right one, the digests hold, and the value is a sound one of another key of the same kind."""
    for vector in vectors_of("wrong-key", family):
        sound = full.run.observations[full.control(vector)].facts.signatures[0]
        broken = full.run.observations[vector].facts.signatures[0]
        assert broken.certificates == sound.certificates
        assert broken.algorithm.name == sound.algorithm.name
        assert {reference.ok for reference in broken.references} == {True}
        assert signer_value(full, vector) is False
        assert True not in {value.ok for value in broken.value}


@pytest.mark.parametrize("mutation", ["expired-signer", "no-key-usage"])
def test_signer_variants_share_name_and_key_with_the_identity(full: Core, mutation: str) -> None:
    for vector in vectors_of(mutation, "pdf"):
        mine, theirs = signer_of(full, vector), signer_of(full, full.control(vector))
        assert mine.subject.normal == theirs.subject.normal
        assert mine.issuer.normal == theirs.issuer.normal
        assert mine.key.digest == theirs.key.digest
        assert signer_value(full, vector) is True
        assert mine.id != theirs.id
        if mutation == "expired-signer":
            assert mine.not_after < full.run.plan.signing
            assert mine.key_usage == theirs.key_usage
        else:
            assert (mine.not_before, mine.not_after) == (theirs.not_before, theirs.not_after)


@pytest.mark.parametrize("mutation", ["byte-changed", "value-flipped", "xml-wrapping", "signed-properties-moved"])
def test_xml_mutations_change_one_part(full: Core, mutation: str) -> None:
    """byte-changed: a content digest fails, the value verifies; value-flipped: the other way round; the two attacks: both verify."""
    for vector in vectors_of(mutation, "xml"):
        (signature,) = full.run.observations[vector].facts.signatures
        digests = {reference.role: reference.ok for reference in signature.references}
        value = signer_value(full, vector)
        if mutation == "byte-changed":
            assert digests["content"] is False
            assert value is True
            assert all(ok for role, ok in digests.items() if role != "content")
        elif mutation == "value-flipped":
            assert set(digests.values()) == {True}
            assert value is False
        else:
            assert False not in digests.values()
            assert value is True


@pytest.mark.parametrize(("mutation", "sm2_id"), [("sm2-wrong-id", None), ("sm2-without-z", "(without Z)")])
def test_sm2_negatives_verify_in_no_accepted_way(full: Core, mutation: str, sm2_id: str | None) -> None:
    for vector in vectors_of(mutation, "pdf"):
        (signature,) = full.run.observations[vector].facts.signatures
        assert signer_value(full, vector) is False
        assert signature.algorithm.sm2_id == sm2_id
        assert {reference.ok for reference in signature.references} == {True}
