"""Recipes: one digest of everything that a vector's bytes follow from. Equal inputs, equal recipe; any other input, another one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from core_run import Core

from interop.model.case import Mutation
from interop.model.formats import Level
from interop.pki.issue import issue
from interop.pki.keystore import KeyStore
from interop.profile.load import load_world
from interop.run.plan import load_catalogue
from interop.vector import recipe as recipe_module
from interop.vector.catalogue import VectorSpec, expand
from interop.vector.make import make
from interop.vector.recipe import provider_digest, recipe

VECTOR = "cn-licensed-sm2.org/pdf-pkcs7/b-b/pdf-b-b"


@pytest.fixture
def spec(core: Core) -> VectorSpec:
    return core.specs[VECTOR]


@pytest.fixture
def digest(core: Core, spec: VectorSpec) -> str:
    return core.run.digests[spec.provider.id]


def test_a_recipe_is_stable_over_loading_everything_again(core: Core) -> None:
    store = core.run.keys.store()
    digests = {provider.id: provider_digest(provider, store) for provider in load_world().providers}
    assert digests == core.run.digests
    again = {
        spec.id: recipe(spec, digests[spec.provider.id], core.run.plan.signing)
        for spec in expand(load_world().providers, load_catalogue()[0])
    }
    assert {vector: again[vector] for vector in core.run.recipes} == core.run.recipes


def test_a_recipe_is_a_short_digest(core: Core) -> None:
    for name in core.run.recipes.values():
        prefix, _, hexadecimal = name.partition(":")
        assert (prefix, len(hexadecimal)) == ("r", 32)
        assert int(hexadecimal, 16) >= 0
    assert len(set(core.run.recipes.values())) == len(core.run.recipes)


def test_another_signing_instant_is_another_recipe(core: Core, spec: VectorSpec, digest: str) -> None:
    at = core.run.plan.signing
    assert recipe(spec, digest, at) == core.run.recipes[VECTOR]
    assert recipe(spec, digest, at + timedelta(seconds=1)) != recipe(spec, digest, at)


def test_another_validation_instant_is_the_same_recipe(core: Core) -> None:
    from interop.model.instant import parse_instant
    from interop.run.execute import Run
    from interop.run.plan import Options, plan

    later = Run(plan(Options(at=parse_instant("2036-03-02"), cache=core.cache)))
    assert later.digests == core.run.digests
    assert (later.plan.signing, later.plan.specs) == (core.run.plan.signing, core.run.plan.specs)


def test_another_case_or_format_is_another_recipe(core: Core, spec: VectorSpec, digest: str) -> None:
    at = core.run.plan.signing
    others = [
        replace(spec, case=replace(spec.case, mutation=Mutation(name="byte-changed"))),
        replace(spec, case=replace(spec.case, mutation=Mutation(name="value-flipped"))),
        replace(spec, case=replace(spec.case, level=Level.B_T)),
        replace(spec, case=replace(spec.case, signing_offset_seconds=60)),
        replace(spec, emits=replace(spec.emits, signing_time=not spec.emits.signing_time)),
        replace(spec, emits=replace(spec.emits, signature_oid="1.2.156.10197.1.301.1")),
        replace(spec, identity=replace(spec.identity, id="other")),
    ]
    names = [recipe(other, digest, at) for other in others]
    assert len({*names, recipe(spec, digest, at)}) == len(names) + 1


def test_another_document_is_another_recipe(
    core: Core, spec: VectorSpec, digest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = core.run.plan.signing
    was = recipe(spec, digest, at)
    original = recipe_module.document(spec.case.document, spec.case.family)
    monkeypatch.setattr(recipe_module, "document", lambda kind, family: original + b"\n")
    assert recipe(spec, digest, at) != was


def test_another_profile_is_another_recipe(core: Core, spec: VectorSpec) -> None:
    store, provider = core.run.keys.store(), spec.provider
    signer = provider.certificate(spec.identity.certificate)

    def with_signer(**changes: object) -> str:
        certificates = tuple(replace(c, **changes) if c.id == signer.id else c for c in provider.certificates)
        return provider_digest(replace(provider, certificates=certificates), store)

    was = core.run.digests[provider.id]
    assert with_signer() == was
    assert with_signer(not_after=signer.not_after + timedelta(days=1)) != was
    assert with_signer(extensions=replace(signer.extensions, key_usage=("digitalSignature",))) != was
    assert provider_digest(replace(provider, services=replace(provider.services, tsa_accuracy_ms=5)), store) != was


def test_another_key_is_another_recipe(core: Core, spec: VectorSpec, tmp_path: Path) -> None:
    """The same profile over keys of somebody's own."""
    own = KeyStore(tmp_path / "none", missing=tmp_path / "made")
    assert provider_digest(spec.provider, own) != core.run.digests[spec.provider.id]
    again = KeyStore(tmp_path / "none", missing=tmp_path / "made")
    assert provider_digest(spec.provider, own) == provider_digest(spec.provider, again)


def test_making_again_gives_the_same_bytes(core: Core) -> None:
    """One vector of each case, made afresh here: same profile, case, instant and key, same bytes."""
    from interop.x509.certificate import object_id

    chosen = {spec.case.id: spec for spec in core.specs.values()}
    store = core.run.keys.store()
    for spec in chosen.values():
        made = make(spec, issue(spec.provider, store), store, core.run.plan.signing)
        assert object_id(made.data) == core.run.observations[spec.id].facts.artifact, spec.id
        assert made.detached == core.request(spec.id).detached


def test_another_instant_or_key_gives_other_bytes(core: Core, spec: VectorSpec, tmp_path: Path) -> None:
    store, at = core.run.keys.store(), core.run.plan.signing
    first = make(spec, issue(spec.provider, store), store, at).data
    assert make(spec, issue(spec.provider, store), store, at + timedelta(seconds=1)).data != first
    own = KeyStore(tmp_path / "none", missing=tmp_path / "made")
    assert make(spec, issue(spec.provider, own), own, at).data != first
