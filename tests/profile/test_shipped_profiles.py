"""The shipped data: without a finding, complete, and saying what its sources say."""

from __future__ import annotations

from typing import Any

import pytest
from shipped_parties import EVERYBODY, RELYING_ONLY, SIGNING, VALIDATION, oids

from interop.model.assurance import AssuranceLevel
from interop.model.certificate import under_arc
from interop.model.instant import Interval
from interop.model.profile import Provider, World
from interop.profile.data import data_root, providers_dir, rules_dir, suites_dir
from interop.profile.lint import lint_agreement, lint_provider, lint_rules, lint_world
from interop.profile.load import list_files, list_providers, load_provider, load_rules, load_suites, load_world
from interop.profile.names import is_oid


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


def test_the_twenty_four_are_there() -> None:
    assert len(EVERYBODY) == len(set(EVERYBODY)) == 24
    assert {*EVERYBODY, *RELYING_ONLY} == set(list_providers())
    assert (data_root() / "profiles" / "providers").samefile(providers_dir())


def test_nothing_shipped_has_a_finding(world: World) -> None:
    suites = load_suites()
    remarks = [
        *(remark for provider in world.providers for remark in lint_provider(provider, suites=suites)),
        *(remark for agreement in world.agreements for remark in lint_agreement(agreement)),
        *lint_world(world),
        *(
            remark
            for path in list_files(rules_dir()).values()
            for remark in lint_rules(load_rules(path), suites=suites)
        ),
    ]
    assert [(r.severity, r.where, r.what) for r in remarks] == []


@pytest.mark.parametrize("name", EVERYBODY)
def test_certificates_serve_the_instants_of_the_core_set(world: World, name: str) -> None:
    provider = world.provider(name)
    for spec in provider.certificates:
        assert SIGNING in Interval(spec.not_before, spec.not_after)
        assert VALIDATION in Interval(spec.not_before, spec.not_after)
        assert spec.not_after.year >= {"ca": 2035, "tsa": 2031, "ocsp": 2031}.get(spec.role, 0)  # room for --at


@pytest.mark.parametrize("name", EVERYBODY)
def test_every_provider_has_services_identities_and_tells_its_sources(world: World, name: str) -> None:
    provider = world.provider(name)
    assert provider.services.tsa is not None
    assert provider.certificate(provider.services.tsa).role == "tsa"
    assert provider.services.crl or provider.services.ocsp
    assert provider.services.crl_next_update_days == 7
    assert provider.identities
    assert provider.sources
    assert provider.unknowns
    assert provider.relying.source
    assert provider.relying.floor is AssuranceLevel.L2
    assert all(spec.source for spec in provider.certificates)
    assert all(identity.assurance.source for identity in provider.identities)


@pytest.mark.parametrize("name", EVERYBODY)
def test_chains_end_at_a_home_anchor(world: World, name: str) -> None:
    provider = world.provider(name)
    for spec in provider.certificates:
        seen = spec
        while seen.issuer != seen.id:
            seen = provider.certificate(seen.issuer)
        assert seen.id in provider.anchors


@pytest.mark.parametrize("name", EVERYBODY)
def test_invented_oids_lie_under_the_example_arc(world: World, name: str) -> None:
    for oid, origin in oids(world.provider(name)):
        assert is_oid(oid)
        assert under_arc(oid, "2.999") == (origin == "stand-in")


def test_reference_signers_cover_each_algorithm_family_once_and_both_message_families(world: World) -> None:
    found = sorted(
        (key.signature.removesuffix("-sha256"), key.curve, identity.formats[0].format.value, f"{provider.id}.{identity.id}")
        for provider in world.providers if provider.id in EVERYBODY
        for identity in provider.identities if identity.reference
        for key in [provider.certificate(identity.certificate).key]
    )  # fmt: skip
    families = [(signature, curve or "", form) for signature, curve, form, _ in found]
    assert families == sorted([
        ("rsa", "", "pades"), ("rsa-pss", "", "pades"),
        ("ecdsa", "P-256", "pades"), ("ecdsa-sha512", "P-521", "pades"), ("ecdsa", "brainpoolP256r1", "pades"),
        ("ed25519", "", "pades"), ("ed448", "", "pades"),
        ("sm2-sm3", "sm2p256v1", "pdf-pkcs7"), ("sm2-sm3", "sm2p256v1", "pdf-gm"),
    ])  # fmt: skip


@pytest.mark.parametrize("name", EVERYBODY)
def test_a_provider_reads_what_its_own_customers_write(world: World, name: str) -> None:
    provider = world.provider(name)
    accepted = {key.name for key in provider.relying.algorithms.keys}
    for identity in provider.identities:
        key = provider.certificate(identity.certificate).key
        assert {form.format for form in identity.formats} <= set(provider.relying.formats.accept)
        assert identity.opaque or {key.kind, key.curve} & accepted


def test_eu_signers_follow_en_319_412_2(world: World) -> None:
    provider = world.provider("eu-qtsp-natural")
    for identity in provider.identities:
        extensions = provider.certificate(identity.certificate).extensions
        assert extensions.key_usage == ("nonRepudiation",)  # type A, preferred
        assert not extensions.policies_critical  # GEN-4.3.3-1
        assert not extensions.qc_critical  # QCS-4.1-02
        statements = {s.oid: s for s in extensions.qc_statements}
        assert {"0.4.0.1862.1.1", "0.4.0.1862.1.4", "0.4.0.1862.1.5", "0.4.0.1862.1.6"} <= set(statements)
        assert "0.4.0.1862.1.7" not in statements  # QcCClegislation: absent in the EU
        assert statements["0.4.0.1862.1.6"].oids == ("0.4.0.1862.1.6.1",)
        assert all(url.startswith("https://") for url, _ in statements["0.4.0.1862.1.5"].urls)
        subject = [part.type for part in provider.certificate(identity.certificate).subject]
        assert sorted(subject) == sorted(["C", "CN", "GN", "SN", "serialNumber"])


def policy_set(provider: Provider, certificate: str, initial: set[str]) -> set[str]:
    """User-constrained policy set of one chain, anchor excluded (RFC 5280 6.1), for chains with at most one mapping per CA."""
    chain = [provider.certificate(certificate)]
    while chain[-1].issuer not in provider.anchors:
        chain.append(provider.certificate(chain[-1].issuer))
    expected: dict[str, str] | None = None  # what the next certificate may assert -> what the first asserted
    mapping_left: int | None = None
    for spec in reversed(chain):
        asserted = {policy.oid for policy in spec.extensions.policies}
        expected = (
            {oid: oid for oid in asserted} if expected is None else {o: v for o, v in expected.items() if o in asserted}
        )
        if spec.extensions.policy_mappings:
            assert mapping_left is None or mapping_left > 0, "mapping is inhibited"
            mapped: dict[str, Any] = dict(spec.extensions.policy_mappings)
            expected = {mapped.get(oid, oid): value for oid, value in expected.items()}
        limit = spec.extensions.inhibit_policy_mapping
        mapping_left = None if mapping_left is None else max(mapping_left - 1, 0)
        if limit is not None:
            mapping_left = limit if mapping_left is None else min(mapping_left, limit)
    return {value for value in (expected or {}).values() if value in initial}


@pytest.mark.parametrize("certificate", ["signer-human", "tsa", "ocsp"])
def test_fpki_policies_reach_the_end_entity(world: World, certificate: str) -> None:
    provider = world.provider("us-fpki")
    trust = provider.relying.trust
    assert trust.explicit_policy
    assert set(trust.initial_policies) == {"2.16.840.1.101.3.2.1.48.4", "2.16.840.1.101.3.2.1.48.9"}
    assert policy_set(provider, certificate, set(trust.initial_policies)) == {"2.16.840.1.101.3.2.1.48.9"}


def test_fpki_hierarchy_has_what_the_sheet_asks_for(world: World) -> None:
    provider = world.provider("us-fpki")
    assert all(spec.serial_octets == 20 for spec in provider.certificates)
    agency = provider.certificate("agency").extensions
    assert agency.name_constraints is not None
    assert len(agency.name_constraints.permitted) >= 3
    assert len(agency.name_constraints.excluded) >= 2
    allowed = [
        [(part.type, part.value) for part in tree.directory]
        for tree in agency.name_constraints.permitted
        if tree.directory
    ]
    denied = [[(part.type, part.value) for part in tree.directory] for tree in agency.name_constraints.excluded]
    for spec in provider.certificates:
        if spec.issuer in {"agency", "issuing"}:
            name = [(part.type, part.value) for part in spec.subject]
            assert any(name[: len(base)] == base for base in allowed)
            assert not any(name[: len(base)] == base for base in denied)
    for name in ("bridge", "agency", "issuing"):
        extensions = provider.certificate(name).extensions
        assert not extensions.policy_mappings_critical
        assert extensions.require_explicit_policy == 0
        assert extensions.inhibit_any_policy == 0
        assert extensions.authority_info is not None
        assert all(url.endswith(".p7c") for url in extensions.authority_info.ca_issuers)


def test_neutral_rules_read_every_family_and_trust_nobody() -> None:
    rules = load_rules(rules_dir() / "neutral.toml", suites=list_files(suites_dir()))
    assert len(rules.formats.accept) == 6
    assert set(rules.algorithms.suites) == {"etsi-ts-119312", "gm"}
    assert rules.trust.anchors == ()
    assert rules.validity_model == "shell"


def test_a_profile_loads_alone(world: World) -> None:
    assert load_provider(list_providers()["us-fpki"]) == world.provider("us-fpki")
