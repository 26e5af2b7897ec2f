"""An identity that is followed by another: which cases it gets, and a dual signature in PDF and in XML from a small profile."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from core_run import Core, run_with

from interop.model.formats import Format, Level
from interop.model.layers import TECHNICAL, LayerState
from interop.profile.data import providers_dir
from interop.profile.lint import lint_case, lint_provider
from interop.profile.load import load_world
from interop.run.plan import load_catalogue
from interop.vector.catalogue import expand, second_leg
from interop.vector.recipe import provider_digest

CASES = {case.id: case for case in load_catalogue()[0]}
DUAL = """
[[identities]]
id = "dual"
name = { en = "natural person, RSA-3072 followed by P-256", zh = "自然人，先 RSA-3072 后 P-256" }
certificate = "signer-natural-rsa"
certificate_type = "Qualified certificate for electronic signature (QCP-n-qscd)"
followed_by = "natural-ec"
origin = "stand-in"
formats = [
  { format = "pades", levels = ["b-b", "b-t"] },
  { format = "xades", levels = ["b-b", "b-t"], packagings = ["enveloped"] },
]
[identities.assurance]
identity_proofing = 3
key_protection = 4
supervision = 4
legal_effect = 4
person = "natural"
time_stamp_required = false
level = "L4"
origin = "stand-in"

"""


@pytest.fixture(scope="module")
def dual(tmp_path_factory: pytest.TempPathFactory) -> Core:
    """The shipped providers, one of which has a dual identity now."""
    folder = tmp_path_factory.mktemp("dual")
    shutil.copytree(providers_dir(), folder / "providers")
    path = folder / "providers" / "eu-qtsp-natural.toml"
    text = path.read_text(encoding="utf-8")
    at = text.index('[[identities]]\nid = "natural-ec"')
    path.write_text(text[:at] + DUAL.lstrip() + text[at:], encoding="utf-8")
    run = run_with(folder / "cache", profiles=folder / "providers", signers=("eu-qtsp-natural",), expression="dual")
    return Core(run, folder / "cache")


def test_only_legs_and_all_of_them(dual: Core) -> None:
    assert {spec.case.id for spec in dual.specs.values()} == {"pdf-b-b-legs", "pdf-b-t-legs", "xml-b-b-legs"}
    provider = dual.run.plan.world.provider("eu-qtsp-natural")
    alone = [s for s in expand([provider], CASES.values()) if s.identity.id != "dual"]
    assert {s.case.signatures for s in alone} == {"one", "serial", "parallel", "counter"}


@pytest.mark.parametrize("case", ["pdf-b-b-legs", "pdf-b-t-legs", "xml-b-b-legs"])
def test_both_legs_pass_at_home(dual: Core, case: str) -> None:
    (vector,) = [v for v, s in dual.specs.items() if s.case.id == case]
    facts = dual.run.observations[vector].facts
    assert [s.algorithm.name for s in facts.signatures] == ["rsa-sha256", "ecdsa-sha256"]
    assert len(facts.tokens) == (2 if "b-t" in case else 0)
    judgement = dual.judge(vector, "eu-qtsp-natural")
    assert judgement.reason == "any"
    assert [verdict.identity for verdict in judgement.verdicts] == ["natural-rsa", "natural-ec"]
    for verdict in judgement.verdicts:
        assert verdict.accepted
        states = {layer.state for layer in verdict.layers if layer.layer in TECHNICAL}
        assert states <= {LayerState.PASS, LayerState.NOT_APPLICABLE}


def test_the_recipe_knows_the_second_leg(dual: Core) -> None:
    """Its certificate and its format are part of what the bytes follow from."""
    provider, keys = dual.run.plan.world.provider("eu-qtsp-natural"), dual.run.keys.store()
    was = provider_digest(provider, keys)
    second = provider.identity("natural-ec")
    other = replace(second, formats=(replace(second.formats[0], levels=(Level.B_B,)), *second.formats[1:]))
    changed = tuple(other if i.id == second.id else i for i in provider.identities)
    assert provider_digest(replace(provider, identities=changed), keys) != was
    later = tuple(
        replace(c, serial_octets=c.serial_octets + 1) if c.id == second.certificate else c
        for c in provider.certificates
    )
    assert provider_digest(replace(provider, certificates=later), keys) != was


def test_the_second_leg_signs_in_its_first_format_of_the_family() -> None:
    provider = load_world().provider("cn-dual-alg")
    found = second_leg(CASES["pdf-b-b-legs"], provider, provider.identity("dual"))
    assert found is not None
    assert (found[0].id, found[1].format) == ("sm2", Format.PDF_GM)
    assert second_leg(CASES["xml-b-b-legs"], provider, provider.identity("dual")) is None
    assert second_leg(CASES["pdf-b-b-legs"], provider, provider.identity("rsa")) is None


def planted(**changes: object) -> list[str]:
    """What lint says of the dual identity, changed."""
    provider = load_world().provider("cn-dual-alg")
    identities = tuple(replace(i, **changes) if i.id == "dual" else i for i in provider.identities)  # type: ignore[arg-type]
    return [
        remark.what for remark in lint_provider(replace(provider, identities=identities)) if remark.severity == "error"
    ]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"followed_by": "smm2"}, "unknown identity 'smm2' (did you mean 'sm2'?)"),
        ({"followed_by": "dual"}, "is the identity itself"),
        ({"followed_by": "rsa"}, "both legs sign with keys of kind RSA"),
        ({"reference": True}, "an identity that is followed by another signs no negatives"),
    ],
)
def test_a_mistake_about_legs_is_named(changes: dict[str, object], what: str) -> None:
    assert planted() == []
    assert any(what in found for found in planted(**changes)), planted(**changes)


def test_a_leg_may_not_have_a_leg() -> None:
    provider = load_world().provider("cn-dual-alg")
    chained = tuple(replace(i, followed_by="rsa") if i.id == "sm2" else i for i in provider.identities)
    found = [remark.what for remark in lint_provider(replace(provider, identities=chained))]
    assert "'sm2' is itself followed by another" in found


@pytest.mark.parametrize(
    ("base", "changes", "what"),
    [
        ("pdf-b-b", {"signatures": "parallel"}, "'parallel' is for XML"),
        ("pdf-b-b", {"signatures": "counter"}, "'counter' is for XML"),
        ("xml-b-b-detached", {"signatures": "serial"}, "'serial' is enveloped"),
        ("xml-b-b", {"signatures": "parallel"}, "'xml-customs' has no form for 'parallel'"),
        ("xml-b-b-serial", {"signatures": "counter"}, "'xmldsig' has no form for 'counter'"),
        ("pdf-b-b", {"rely": "any"}, "there is one signature"),
        ("xml-b-b-enveloping", {"by_id": True}, "is for enveloped XML"),
        ("pdf-b-b", {"by_id": True}, "is for enveloped XML"),
    ],
)
def test_a_case_that_cannot_be_is_named(base: str, changes: dict[str, object], what: str) -> None:
    assert lint_case(CASES[base]) == ()
    found = [remark.what for remark in lint_case(replace(CASES[base], **changes))]  # type: ignore[arg-type]
    assert any(what in text for text in found), found


def test_a_format_may_stand_twice_at_different_levels_only() -> None:
    """Another signature policy at another level: each case is made by the entry that lists its level."""
    provider = load_world().provider("br-icp-a3")
    identity = provider.identity("person")
    xades = [form for form in identity.formats if form.format is Format.XADES]
    assert len({form.signature_policy.oid for form in xades if form.signature_policy}) == len(xades) > 1
    specs = [s for s in expand([provider], CASES.values()) if s.emits.format is Format.XADES]
    assert {s.case.level for s in specs} == set(Level)
    for spec in specs:
        assert spec.case.level in spec.emits.levels
    assert len({s.id for s in specs}) == len(specs)
    doubled = replace(identity, formats=(*identity.formats, replace(xades[0], packagings=())))
    found = [r.what for r in lint_provider(replace(provider, identities=(doubled,)))]
    assert any("format 'xades' is already at" in text for text in found), found
