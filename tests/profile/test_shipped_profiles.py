"""The shipped data: without a finding, complete, and saying what its sources say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from interop.crypto.table import signature_by_uri
from interop.model.assurance import AssuranceLevel
from interop.model.certificate import under_arc
from interop.model.instant import Interval, parse_instant
from interop.model.profile import Provider, World
from interop.profile.data import data_root, providers_dir, rules_dir, suites_dir
from interop.profile.lint import lint_agreement, lint_provider, lint_rules, lint_world
from interop.profile.load import list_files, list_providers, load_provider, load_rules, load_suites, load_world
from interop.profile.names import is_oid

SIX = ("cn-gov-gm", "cn-licensed-sm2", "eu-qtsp-natural", "gd-hk-scheme", "hk-recognised", "us-fpki")
SIGNING, VALIDATION = parse_instant("2026-03-01"), parse_instant("2026-03-02")
SCHEME_POLICY = "2.16.344.8.2.2008.810.2.2018.1.1"
"""Certificate policy v1.1 of the Guangdong-Hong Kong scheme (domestic-profiles.md 4.2)."""


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


def test_the_six_are_there() -> None:
    assert set(SIX) <= set(list_providers())
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


@pytest.mark.parametrize("name", SIX)
def test_certificates_serve_the_instants_of_the_core_set(world: World, name: str) -> None:
    provider = world.provider(name)
    for spec in provider.certificates:
        assert SIGNING in Interval(spec.not_before, spec.not_after)
        assert VALIDATION in Interval(spec.not_before, spec.not_after)
    assert provider.certificate("issuing").not_after.year >= 2035
    assert provider.certificate("tsa").not_after.year >= 2031
    assert provider.certificate("ocsp").not_after.year >= 2031


@pytest.mark.parametrize("name", SIX)
def test_every_provider_has_services_identities_and_tells_its_sources(world: World, name: str) -> None:
    provider = world.provider(name)
    assert provider.services.tsa == "tsa"
    assert provider.services.crl
    assert provider.services.crl_next_update_days == 7
    assert provider.identities
    assert provider.unknowns
    assert provider.relying.source
    assert provider.relying.floor is AssuranceLevel.L2
    assert all(spec.source for spec in provider.certificates)
    assert all(identity.assurance.source for identity in provider.identities)


@pytest.mark.parametrize("name", SIX)
def test_chains_end_at_a_home_anchor(world: World, name: str) -> None:
    provider = world.provider(name)
    for spec in provider.certificates:
        seen = spec
        while seen.issuer != seen.id:
            seen = provider.certificate(seen.issuer)
        assert seen.id in provider.anchors


def oids(provider: Provider) -> Iterator[tuple[str, str]]:
    """(OID, origin) of everything a provider issues under."""
    for spec in provider.certificates:
        for part in (*spec.extensions.policies, *spec.extensions.qc_statements, *spec.extensions.private):
            yield part.oid, part.origin


@pytest.mark.parametrize("name", SIX)
def test_invented_oids_lie_under_the_example_arc(world: World, name: str) -> None:
    for oid, origin in oids(world.provider(name)):
        assert is_oid(oid)
        assert under_arc(oid, "2.999") == (origin == "stand-in")


def test_domestic_policies_are_numbered_as_the_conventions_say(world: World) -> None:
    for name, number in {"cn-licensed-sm2": 1, "cn-gov-gm": 2, "gd-hk-scheme": 6, "hk-recognised": 7}.items():
        own = [oid for oid, origin in oids(world.provider(name)) if origin == "stand-in"]
        assert own
        assert all(under_arc(oid, f"2.999.86.{number}") for oid in own)


def test_reference_signers_cover_each_algorithm_and_message_family_once(world: World) -> None:
    found = [
        (provider.certificate(identity.certificate).key.kind, f"{provider.id}.{identity.id}")
        for provider in world.providers if provider.id in SIX
        for identity in provider.identities if identity.reference
    ]  # fmt: skip
    assert sorted(found) == [
        ("EC", "eu-qtsp-natural.natural-ec"), ("RSA", "eu-qtsp-natural.natural-rsa"),
        ("SM2", "cn-gov-gm.seal"), ("SM2", "cn-licensed-sm2.org"),
    ]  # fmt: skip
    main = {name: world.provider(name).identity(identity).formats[0].format.value for name, identity in
            (("cn-gov-gm", "seal"), ("cn-licensed-sm2", "org"))}  # fmt: skip
    assert main == {"cn-gov-gm": "pdf-gm", "cn-licensed-sm2": "pdf-pkcs7"}


MAIN = {
    "cn-licensed-sm2.org": "pdf-pkcs7", "cn-gov-gm.seal": "pdf-gm", "gd-hk-scheme.scheme": "pades", "gd-hk-scheme.ordinary": "pades",
    "hk-recognised.scheme": "pades", "hk-recognised.ordinary": "pades", "eu-qtsp-natural.natural-rsa": "pades",
    "eu-qtsp-natural.natural-ec": "pades", "us-fpki.human": "pades",
}  # fmt: skip


def test_main_formats_are_those_of_the_acceptance_table(world: World) -> None:
    found = {f"{p.id}.{i.id}": i.formats[0].format.value for p in world.providers if p.id in SIX for i in p.identities}
    assert found == MAIN


RULES: dict[str, tuple[set[str], set[str], set[str]]] = {
    # relying party: (formats, keys, own anchors), domestic-profiles.md 6.2 and foreign-profiles.md 4.0
    "cn-licensed-sm2": ({"pades", "pdf-pkcs7", "pdf-gm", "xml-customs", "xmldsig", "xades"}, {"SM2", "RSA", "P-256", "P-384"},
                        {"cn-licensed-sm2", "cn-gov-gm", "gd-hk-scheme"}),
    "cn-gov-gm": ({"pdf-gm"}, {"SM2"}, {"cn-gov-gm"}),
    "gd-hk-scheme": ({"pades", "pdf-pkcs7", "xmldsig", "xades"}, {"RSA", "SM2"}, {"cn-licensed-sm2", "cn-gov-gm", "gd-hk-scheme"}),
    "hk-recognised": ({"pades", "pdf-pkcs7", "xmldsig", "xades"}, {"RSA", "P-256"}, {"hk-recognised"}),
}  # fmt: skip


@pytest.mark.parametrize("name", RULES)
def test_relying_rules_are_the_rule_vectors_of_the_notes(world: World, name: str) -> None:
    rules = world.provider(name).relying
    assert (set(rules.formats.accept), {key.name for key in rules.algorithms.keys}, set(rules.trust.anchors)) == RULES[
        name
    ]
    assert all(key.min_bits == 2048 for key in rules.algorithms.keys if key.name == "RSA")
    assert "sha1" not in rules.algorithms.digests


def test_scheme_certificates_carry_the_policy_and_ordinary_ones_do_not(world: World) -> None:
    for name in ("gd-hk-scheme", "hk-recognised"):
        provider = world.provider(name)
        carried = {
            i.id: {p.oid for p in provider.certificate(i.certificate).extensions.policies} for i in provider.identities
        }
        assert SCHEME_POLICY in carried["scheme"]
        assert not any(under_arc(oid, "2.16.344.8.2.2008.810.2") for oid in carried["ordinary"])
        for identity in provider.identities:
            subject = provider.certificate(identity.certificate).subject
            assert identity.certificate_type in {part.value for part in subject if part.type == "OU"}


def test_scheme_agreements_mirror_one_another(world: World) -> None:
    agreements = {agreement.id: agreement for agreement in world.agreements}
    there, back = agreements["gd-hk-to-hk"], agreements["hk-to-gd"]
    assert (there.signers, there.relying) == (("gd-hk-scheme",), ("hk-recognised",))
    assert (back.signers, back.relying) == (there.relying, there.signers)
    for agreement in (there, back):
        assert agreement.grants
        assert agreement.level_cap is AssuranceLevel.L3
        entry = agreement.entries[0]
        assert entry.condition.policy_prefix == "2.16.344.8.2.2008.810.2"
        assert SIGNING in entry.window
        assert any(SIGNING in span for span in agreement.in_force())
    assert parse_instant("2015-07-10T16:00:00Z") == back.entries[0].start  # 00:00 on 11 July 2015, Hong Kong time


def test_only_the_hypothetical_agreement_is_off_and_three_load_it(world: World) -> None:
    assert {a.id for a in world.agreements if not a.grants} == {
        a.id for a in world.agreements if a.evidence == "hypothetical"
    }
    assert "prc-art26-hk" in {a.id for a in world.agreements if not a.grants}
    loading = {p.id for p in world.providers if "prc-art26-hk" in p.relying.trust.load}
    assert loading == {"cn-licensed-sm2", "cn-gov-gm", "gd-hk-scheme"}


def test_customs_xml_is_as_the_specification_says(world: World) -> None:
    form = next(f for f in world.provider("cn-licensed-sm2").identity("org").formats if f.format.value == "xml-customs")
    assert form.signature_uri == "http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3"
    assert form.digest_uri == "http://www.chinaport.gov.cn/2022/04/xmldsig#sm3"
    assert form.canonicalization_uri == "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    assert form.value_encoding == "raw"
    algorithm = signature_by_uri(form.signature_uri)
    assert algorithm is not None
    assert algorithm.name == "sm2-sm3"


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


def test_chinese_roots_have_the_shape_of_the_national_ones(world: World) -> None:
    for name in ("cn-licensed-sm2", "cn-gov-gm"):
        root = world.provider(name).certificate("root")
        assert root.key.null_parameters
        assert not root.extensions.basic_constraints_critical
        assert not root.extensions.key_usage_critical
        issuing = world.provider(name).certificate("issuing")
        assert issuing.extensions.key_usage_critical
        assert issuing.extensions.policies == ()
        assert issuing.extensions.authority_info is None
        point = issuing.extensions.crl_points[0]
        assert [uri.split(":")[0] for uri in point.uris] == ["http", "ldap"]
        assert point.directory


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
