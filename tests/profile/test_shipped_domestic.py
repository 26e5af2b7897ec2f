"""The eight domestic profiles and the domestic agreements say what reference/domestic-profiles.md says."""

from __future__ import annotations

import pytest
from shipped_parties import DOMESTIC, MAINLAND, SIGNING, oids

from interop.crypto.table import signature_by_uri
from interop.model.assurance import AssuranceLevel
from interop.model.certificate import under_arc
from interop.model.instant import parse_instant
from interop.model.profile import Provider, World
from interop.profile.load import load_world

SCHEME_POLICY = "2.16.344.8.2.2008.810.2.2018.1.1"
"""Certificate policy v1.1 of the Guangdong-Hong Kong scheme (domestic-profiles.md 4.2)."""


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


def test_domestic_policies_are_numbered_as_the_conventions_say(world: World) -> None:
    for name, number in DOMESTIC.items():
        own = [oid for oid, origin in oids(world.provider(name)) if origin == "stand-in"]
        assert own
        assert all(under_arc(oid, f"2.999.86.{number}") for oid in own)


MAIN = {
    "cn-licensed-sm2.org": "pdf-pkcs7", "cn-gov-gm.seal": "pdf-gm", "gd-hk-scheme.scheme": "pades", "gd-hk-scheme.ordinary": "pades",
    "hk-recognised.scheme": "pades", "hk-recognised.ordinary": "pades", "eu-qtsp-natural.natural-rsa": "pades",
    "eu-qtsp-natural.natural-ec": "pades", "us-fpki.human": "pades", "cn-dual-alg.rsa": "pades", "cn-dual-alg.sm2": "pdf-gm",
    "cn-dual-alg.dual": "pades", "cn-finance-lei.rsa": "pades", "cn-finance-lei.sm2": "pdf-pkcs7",
    "cn-customs-xml.declarant": "xml-customs", "mo-accredited.qualified": "pades", "mo-accredited.normalised": "pades",
}  # fmt: skip


def test_main_formats_are_those_of_the_acceptance_table(world: World) -> None:
    parties = {party.partition(".")[0] for party in MAIN}
    found = {
        f"{p.id}.{i.id}": i.formats[0].format.value for p in world.providers if p.id in parties for i in p.identities
    }
    assert found == MAIN


PKCS7, W3C, LICENSED = {"pades", "pdf-pkcs7"}, {"xmldsig", "xades"}, {"SM2", "RSA", "P-256", "P-384"}
RULES: dict[str, tuple[set[str], set[str], set[str], set[str]]] = {
    # relying party: (formats, keys, own anchors, instruments), the rule vectors of domestic-profiles.md 6.2
    "cn-licensed-sm2": (PKCS7 | W3C | {"pdf-gm", "xml-customs"}, LICENSED, set(MAINLAND), {"art26", "contract"}),
    "cn-gov-gm": ({"pdf-gm"}, {"SM2"}, {"cn-gov-gm"}, {"art26"}),
    "cn-dual-alg": (PKCS7 | {"pdf-gm"}, LICENSED, set(MAINLAND), {"contract"}),
    "cn-finance-lei": (PKCS7, LICENSED, set(MAINLAND), {"contract"}),
    "cn-customs-xml": ({"xml-customs"}, {"SM2"}, {"cn-customs-xml"}, set()),
    "gd-hk-scheme": (PKCS7 | W3C, {"RSA", "SM2"}, set(MAINLAND), {"hk-to-gd", "art26", "contract"}),
    "hk-recognised": (PKCS7 | W3C, {"RSA", "P-256"}, {"hk-recognised"}, {"gd-hk-to-hk", "contract"}),
    "mo-accredited": (PKCS7 | W3C, {"RSA"}, {"mo-accredited"}, {"contract"}),
}  # fmt: skip


@pytest.mark.parametrize("name", RULES)
def test_relying_rules_are_the_rule_vectors_of_the_notes(world: World, name: str) -> None:
    rules = world.provider(name).relying
    kinds = {"statutory-approval": "art26", "party-contract": "contract"}
    agreements = {agreement.id: agreement for agreement in world.agreements}
    loaded = {kinds.get(agreements[load].kind.value, load) for load in rules.trust.load}
    formats, keys = set(rules.formats.accept), {key.name for key in rules.algorithms.keys}
    assert (formats, keys, set(rules.trust.anchors), loaded) == RULES[name]
    assert all(key.min_bits == 2048 for key in rules.algorithms.keys if key.name == "RSA")
    assert "sha1" not in rules.algorithms.digests
    assert ("sm3" in rules.algorithms.digests) == ("SM2" in keys)


def test_the_mainland_is_one_home_and_macao_another(world: World) -> None:
    members = {a.id: set(a.signers) for a in world.agreements if a.kind.value == "home"}
    assert members["cn-home"] == set(MAINLAND)
    assert members["mo-home"] == {"mo-accredited"}


def test_legs_relied_upon_are_those_that_can_be_read(world: World) -> None:
    """domestic-profiles.md 6.1 P3: the RSA leg verifies abroad, the SM2 leg is accepted by P1 and readable at P2."""
    legs = {name: world.provider(name).relying.leg for name in DOMESTIC}
    assert {name: leg for name, leg in legs.items() if leg} == {
        "cn-licensed-sm2": "SM2", "cn-gov-gm": "SM2", "hk-recognised": "RSA", "mo-accredited": "RSA",
    }  # fmt: skip


def private(provider: Provider, certificate: str) -> dict[str, str | None]:
    return {part.oid: part.text for part in provider.certificate(certificate).extensions.private}


def test_both_legs_of_a_dual_algorithm_signer_are_one_subject(world: World) -> None:
    provider = world.provider("cn-dual-alg")
    rsa, sm2 = provider.certificate("signer-rsa"), provider.certificate("signer-sm2")
    assert (provider.certificate("rsa-root").key.bits, rsa.key.bits, sm2.key.kind) == (4096, 2048, "SM2")
    assert rsa.subject == sm2.subject
    assert private(provider, "signer-rsa") == private(provider, "signer-sm2")
    dual = provider.identity("dual")
    assert (dual.certificate, dual.followed_by) == ("signer-rsa", "sm2")
    assert provider.identity(dual.followed_by or "").certificate == "signer-sm2"


USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Alphabet of the unified social credit code (domestic-profiles.md 2.1)."""


def test_synthetic_identifiers_have_valid_check_characters(world: World) -> None:
    """2.1: weights 3^i mod 31; 5.1: ISO 7064 mod 97-10."""
    codes, leis = set(), set()
    for provider in (world.provider(name) for name in DOMESTIC):
        for spec in provider.certificates:
            content = private(provider, spec.id)
            codes.add(content.get("1.2.156.10260.4.1.4"))
            leis.add(content.get("1.3.6.1.4.1.52266.1"))
    assert leis == {None, "0000TESTHARNESS00137"}
    assert codes == {None, "91999999000000000G", "91999999000000001K", "91999999000000002N"}
    for code in codes - {None}:
        total = sum(USCC.index(char) * pow(3, place, 31) for place, char in enumerate((code or "")[:17]))
        assert USCC[(31 - total % 31) % 31] == (code or "")[17]
    for lei in leis - {None}:
        assert int("".join(str(int(char, 36)) for char in lei or "")) % 97 == 1


def test_customs_certificates_are_as_the_decoded_one(world: World) -> None:
    """domestic-profiles.md 3.3 and 6.1 P5: ten years, anyPolicy, clientAuth and emailProtection, key usage critical."""
    spec = world.provider("cn-customs-xml").certificate("signer-declarant")
    assert spec.not_after.year - spec.not_before.year == 10
    assert [policy.oid for policy in spec.extensions.policies] == ["2.5.29.32.0"]
    assert spec.extensions.extended_key_usage == ("1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4")
    assert spec.extensions.key_usage_critical
    rules = world.provider("cn-customs-xml").relying.formats
    assert all(uri.startswith("http://www.chinaport.gov.cn/") for uri in (*rules.signature_uris, *rules.digest_uris))
    assert rules.canonicalization_uris == ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315",)


def test_macao_writes_no_statements_of_the_union(world: World) -> None:
    assert not any(spec.extensions.qc_statements for spec in world.provider("mo-accredited").certificates)


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


def test_hypothetical_agreements_ship_switched_off_and_frameworks_grant_nothing(world: World) -> None:
    for agreement in world.agreements:
        assert agreement.grants == (agreement.evidence == "published"), agreement.id
        assert agreement.enabled == (agreement.evidence != "hypothetical"), agreement.id
    evidence = {agreement.id: agreement.evidence for agreement in world.agreements}
    domestic = {
        name: kind for name, kind in evidence.items()
        if name.startswith(("cn-contract-", "hk-contract-", "mo-contract-", "prc-", "gd-", "hk-to-", "mo-to-", "paa-"))
    }  # fmt: skip
    assert domestic == {
        "gd-hk-to-hk": "published", "hk-to-gd": "published",
        "gd-mo-to-mo": "framework-only", "mo-to-gd": "framework-only", "paa-club": "framework-only",
        "prc-art26-hk": "hypothetical", "prc-art26-mo": "hypothetical",
        "cn-contract-hk": "hypothetical", "hk-contract-cn": "hypothetical",
        "cn-contract-mo": "hypothetical", "mo-contract-cn": "hypothetical",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("approval", "loading"),
    [
        ("prc-art26-hk", {"cn-licensed-sm2", "cn-gov-gm", "gd-hk-scheme"}),
        ("prc-art26-mo", {"cn-licensed-sm2", "cn-gov-gm"}),
    ],
)
def test_who_loads_an_approval_is_whom_it_names(world: World, approval: str, loading: set[str]) -> None:
    (agreement,) = [a for a in world.agreements if a.id == approval]
    assert {p.id for p in world.providers if approval in p.relying.trust.load} == loading == set(agreement.relying)


@pytest.mark.parametrize(("name", "identity"), [("cn-licensed-sm2", "org"), ("cn-customs-xml", "declarant")])
def test_customs_xml_is_as_the_specification_says(world: World, name: str, identity: str) -> None:
    form = next(f for f in world.provider(name).identity(identity).formats if f.format.value == "xml-customs")
    assert form.signature_uri == "http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3"
    assert form.digest_uri == "http://www.chinaport.gov.cn/2022/04/xmldsig#sm3"
    assert form.canonicalization_uri == "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    assert form.value_encoding == "raw"
    algorithm = signature_by_uri(form.signature_uri)
    assert algorithm is not None
    assert algorithm.name == "sm2-sm3"


def test_chinese_roots_have_the_shape_of_the_national_ones(world: World) -> None:
    for name, prefix in (
        ("cn-licensed-sm2", ""),
        ("cn-gov-gm", ""),
        ("cn-dual-alg", "sm2-"),
        ("cn-finance-lei", "sm2-"),
    ):
        root = world.provider(name).certificate(f"{prefix}root")
        assert root.key.null_parameters
        assert not root.extensions.basic_constraints_critical
        assert not root.extensions.key_usage_critical
        issuing = world.provider(name).certificate(f"{prefix}issuing")
        assert issuing.extensions.key_usage_critical
        assert issuing.extensions.policies == ()
        assert issuing.extensions.authority_info is None
        point = issuing.extensions.crl_points[0]
        assert [uri.split(":")[0] for uri in point.uris] == ["http", "ldap"]
        assert point.directory
