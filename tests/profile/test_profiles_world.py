"""The profiles outside China and Europe: what their certificates carry, and the rows of the matrix that the notes state about them.

Expectations are those of reference/foreign-profiles.md: sections 2.4 to 2.15 and the sheets of 4.0 for content, 6.2 for levels. The rows of
4.3 are in `test_asymmetry_rows`. Content is read from the certificates issued, not from the profiles. One run of the positives serves all.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "run"))

from core_run import Core, run_with

from interop.model.agreement import Agreement, AgreementKind, Condition
from interop.model.assurance import AssuranceLevel
from interop.model.certificate import Certificate, PolicyInformation, under_arc
from interop.model.layers import TECHNICAL, Layer, LayerState
from interop.model.outcome import CellVerdict
from interop.model.profile import World
from interop.model.rules import RelyingRules
from interop.model.verdict import Verdict
from interop.pki.issue import issue
from interop.pki.shipped import shipped_keys
from interop.profile.load import load_world
from interop.recognition.condition import missed_conditions
from interop.run.judge import Bench
from interop.x509 import ber, der
from interop.x509.certificate import certificate_parts, parse_certificate

EIGHT = (
    "global-aatl", "jp-accredited", "kr-npki", "sg-accredited", "in-cca", "br-icp-a3", "kz-nca", "ru-qualified",
)  # fmt: skip
ALL = (*EIGHT, "us-fpki", "eu-qtsp-natural", "hk-recognised")
"""With the providers that instruments of these name."""
OPAQUE = {"kr-npki.kcdsa", "kz-nca.gost", "ru-qualified.gost"}
COMMON_HARDWARE = "2.16.840.1.101.3.2.1.48.9"
"""CITE test identifier of the Common hardware policy (2.4)."""


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Core:
    """The simple positives of these providers, as each of them."""
    folder = tmp_path_factory.mktemp("world-cache")
    expression = "/pdf-b-b or /pdf-b-t or /xml-b-b or /xml-b-t"
    return Core(run_with(folder, signers=ALL, relying=ALL, expression=expression), folder)


def issued(world: World, provider: str, certificate: str) -> tuple[Certificate, bytes]:
    """A certificate as parsed, and its bytes."""
    data = issue(world.provider(provider), shipped_keys()).certificates[certificate]
    return parse_certificate(data), data


def extension_value(data: bytes, oid: str) -> bytes:
    """extnValue of one extension."""
    (block,) = [node for node in certificate_parts(data).fields if node.tag == 0xA3]
    entries = [entry.items("Extension") for entry in block.only().items("Extensions")]
    (found,) = [pieces[-1].octets() for pieces in entries if pieces[0].oid() == oid]
    return found


def verdicts(core: Core, signer: str, relying: str) -> Iterator[tuple[str, Verdict]]:
    """(vector, verdict) of every positive of a provider, opaque identities left out."""
    for vector in core.run.observations:
        party = vector.split("/")[0]
        if party.startswith(f"{signer}.") and party not in OPAQUE and core.specs[vector].case.positive:
            verdict = core.judge(vector, relying).verdict
            assert verdict is not None
            yield vector, verdict


def bench_with(core: Core, *agreements: Agreement) -> Bench:
    """The judge under other instruments."""
    plan, bench = core.run.plan, core.bench
    return Bench.build(
        world=plan.world, suites=plan.suites, knowledge=bench.knowledge, names=bench.names, agreements=list(agreements)
    )  # fmt: skip


def under(core: Core, bench: Bench, vector: str, relying: str, rules: RelyingRules | None = None) -> Verdict:
    plan = core.run.plan
    party = plan.world.provider(relying)
    if rules is not None:
        party = replace(party, relying=rules)
    verdict = bench.judge(core.run.observations[vector].facts, party, plan.validation, document=None).verdict
    assert verdict is not None
    return verdict


def technical_blocks(verdict: Verdict) -> set[Layer]:
    return {layer for layer in verdict.blocks if layer in TECHNICAL}


def codes(verdict: Verdict, layer: Layer) -> set[str]:
    return {cause.code for result in verdict.layers if result.layer is layer for cause in result.causes}


# ---------------------------------------------------------------- what the certificates carry


def test_japan_critical_policies_opaque_name_and_person_in_other_names(world: World) -> None:
    """2.6: JPKI signature certificate; F20, F25, F26, F36."""
    signer, _ = issued(world, "jp-accredited", "signer")
    assert signer.policy_oids == {"1.2.392.200149.8.5.1.0.20"}
    assert signer.critical("2.5.29.32")
    assert signer.critical("2.5.29.15")
    others = [name.value.split(":")[0] for name in signer.subject_alt_names if name.kind == "other"]
    assert others == [f"1.2.392.200149.8.5.5.{n}" for n in range(1, 7)]
    assert {a.string_type for rdn in signer.subject.rdns for a in rdn} == {"PrintableString", "UTF8String"}
    assert [uri.split(":")[0] for uri in signer.crl_urls] == ["ldap", "http"]
    root, _ = issued(world, "jp-accredited", "root")
    assert (root.key.curve, root.signature_algorithm.oid) == ("P-384", "1.2.840.10045.4.3.3")
    assert [name.kind for name in root.subject_alt_names] == ["directory"]


def test_korea_root_without_key_usage_and_a_signer_with_identify_data(world: World) -> None:
    """2.7: KISA RootCA 4 and identifyData; F17, F25, F36."""
    root, _ = issued(world, "kr-npki", "root")
    assert root.key_usage is None
    assert root.ca
    assert 0 < root.serial < 0x80
    policies = {"signer-personal": "1.2.410.200004.5.2.1.2", "signer-restricted": "1.2.410.200005.1.1.4"}
    for name, policy in policies.items():
        signer, data = issued(world, "kr-npki", name)
        assert signer.policy_oids == {policy}
        assert signer.crl_urls
        assert all(uri.startswith("ldap://") for uri in signer.crl_urls)
        (alt,) = signer.subject_alt_names
        assert alt.kind == "other"
        assert alt.value.startswith("1.2.410.200004.10.1.1:")
        assert der.oid("1.2.410.200004.10.1.1.1") in extension_value(data, "2.5.29.17")


def test_singapore_root_with_a_key_usage_that_is_not_critical(world: World) -> None:
    """2.8: Netrust Root CA 2 as parsed; F17."""
    root, data = issued(world, "sg-accredited", "root")
    assert (root.key.kind, root.key.bits) == ("RSA", 4096)
    assert root.key_usage == {"keyCertSign", "cRLSign"}
    assert not root.critical("2.5.29.15")
    begin, end = ber.read(extension_value(data, "2.5.29.16")).items("PrivateKeyUsagePeriod")
    assert (begin.tag, end.tag) == (0x80, 0x81)
    provider = world.provider("sg-accredited")
    assert all(policy.origin == "stand-in" for spec in provider.certificates for policy in spec.extensions.policies)
    schemes = {i.id: provider.certificate(i.certificate).key.signature for i in provider.identities if i.reference}
    assert schemes == {"pss": "rsa-pss-sha256", "p521": "ecdsa-sha512"}


def test_india_classes_document_signer_and_purposes(world: World) -> None:
    """2.9 and sheet in-cca: three CAs above the signer."""
    expected = {
        "signer-class3": "2.16.356.100.2.3", "signer-document": "2.16.356.100.10.1", "signer-class2": "2.16.356.100.2.2",
    }  # fmt: skip
    for name, policy in expected.items():
        signer, _ = issued(world, "in-cca", name)
        assert signer.policy_oids == {policy}
        assert {"1.3.6.1.4.1.311.10.3.12", "1.2.840.113583.1.1.5"} <= set(signer.extended_key_usage or ())
        assert [name.kind for name in signer.subject_alt_names] == ["email"]
    assert len(issue(world.provider("in-cca"), shipped_keys()).chain("signer-class3")) == 3


def test_brazil_other_name_key_usage_and_root_policy(world: World) -> None:
    """2.10 and sheet br-icp-a3."""
    signer, _ = issued(world, "br-icp-a3", "signer")
    assert signer.key_usage == {"digitalSignature", "nonRepudiation", "keyEncipherment"}
    assert [name.value.split(":")[0] for name in signer.subject_alt_names] == ["2.16.76.1.3.1"]
    assert all(under_arc(oid, "2.999") for oid in signer.policy_oids)  # the suffix of 2.16.76.1.2.3.n is not known
    root, _ = issued(world, "br-icp-a3", "root")
    assert root.policy_oids == {"2.16.76.1.1.0"}
    assert (root.key.bits, root.signature_algorithm.oid) == (4096, "1.2.840.113549.1.1.13")


def test_brazil_every_format_names_a_policy_and_its_hash_is_that_of_the_stand_in_text(world: World) -> None:
    """2.10: PAdES RB to RA, XAdES RB to RA; the documents are not at hand."""
    (identity,) = world.provider("br-icp-a3").identities
    found = {}
    for index, form in enumerate(identity.formats):
        policy = form.signature_policy
        assert policy is not None
        text = f"TEST text that stands in for signature policy {policy.oid} of ICP-Brasil\n"
        assert policy.hash == sha256(text.encode()).hexdigest()
        assert policy.origin == "real"
        assert identity.origins[f"formats[{index}].signature_policy.hash"] == "stand-in"
        found.update({(form.format.value, level.value): policy.oid for level in form.levels})
    arc = "2.16.76.1.7.1"
    assert found == {
        ("pades", "b-b"): f"{arc}.11.1.3", ("pades", "b-t"): f"{arc}.12.1.3",
        ("pades", "b-lt"): f"{arc}.13.1.4", ("pades", "b-lta"): f"{arc}.14.1.4",
        ("xades", "b-b"): f"{arc}.6.2.5", ("xades", "b-t"): f"{arc}.7.2.5",
        ("xades", "b-lt"): f"{arc}.9.2.5", ("xades", "b-lta"): f"{arc}.10.2.5",
    }  # fmt: skip


def test_kazakhstan_roles_identifiers_and_delta_crl(world: World) -> None:
    """2.13; F24, F48."""
    signer, data = issued(world, "kz-nca", "signer")
    legal, _ = issued(world, "kz-nca", "signer-legal")
    assert signer.policy_oids == {"1.2.398.3.3.2.3"}
    assert legal.policy_oids == {"1.2.398.3.3.2.1"}
    assert "1.2.398.3.3.4.1.1" in (signer.extended_key_usage or ())
    assert "1.2.398.3.3.4.1.2" in (legal.extended_key_usage or ())
    assert "IIN000000000000" in signer.subject.text
    assert "BIN000000000000" in legal.subject.text
    assert b"delta" in extension_value(data, "2.5.29.46")


def test_russia_attributes_tools_and_usage_with_encipherment(world: World) -> None:
    """2.11; F15, F24."""
    signer, data = issued(world, "ru-qualified", "signer-gost")
    assert signer.key.algorithm.oid == "1.2.643.7.1.1.1.1"
    assert signer.signature_algorithm.oid == "1.2.643.7.1.1.3.2"
    assert signer.key_usage == {"digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment"}
    assert signer.policy_oids == {"1.2.643.100.113.1"}
    types = {a.oid for rdn in signer.subject.rdns for a in rdn}
    assert {"1.2.643.3.131.1.1", "1.2.643.100.3"} <= types
    legal, _ = issued(world, "ru-qualified", "signer-legal")
    assert "1.2.643.100.1" in {a.oid for rdn in legal.subject.rdns for a in rdn}
    assert ber.read(extension_value(data, "1.2.643.100.111")).tag == 0x0C
    assert len(ber.read(extension_value(data, "1.2.643.100.112")).items("issuerSignTool")) == 4


def test_global_purposes_time_stamp_pointer_and_stand_in_policy(world: World) -> None:
    """1.3, 2.5 and sheet global-aatl; F23."""
    signer, data = issued(world, "global-aatl", "signer")
    assert signer.extended_key_usage == ("1.3.6.1.5.5.7.3.36", "1.2.840.113583.1.1.5")
    assert signer.policy_oids == {"2.999.840.1.1"}
    assert b".example" in extension_value(data, "1.2.840.113583.1.1.9.1")
    trust = world.provider("global-aatl").relying.trust
    assert (trust.initial_policies, trust.explicit_policy) == (("2.999.840.1.1",), True)


@pytest.mark.parametrize("name", EIGHT)
def test_each_profile_tells_what_is_not_known_and_stays_alive_for_years(world: World, name: str) -> None:
    provider = world.provider(name)
    assert provider.unknowns
    assert provider.services.crl_next_update_days == 7
    assert provider.relying.floor is AssuranceLevel.L2
    assert {i.id for i in provider.identities if i.opaque} == {o.split(".")[1] for o in OPAQUE if o.startswith(name)}
    for spec in provider.certificates:
        assert spec.role == "signer" or spec.not_after.year >= 2034


# ---------------------------------------------------------------- cells


@pytest.mark.parametrize("name", EIGHT)
def test_self_cells_are_recognised_under_the_law_of_the_home(run: Core, name: str) -> None:
    assert run.matrix.cells[f"{name}:{name}"].verdict is CellVerdict.RECOGNISED
    kinds = {agreement.id: agreement.kind for agreement in run.run.plan.world.agreements}
    found = list(verdicts(run, name, name))
    assert found
    for vector, verdict in found:
        assert verdict.accepted, vector
        assert verdict.agreement is not None
        assert kinds[verdict.agreement] is AgreementKind.HOME
        assert verdict.level.attained == verdict.level.claimed


def test_nothing_is_accepted_without_a_promise(run: Core) -> None:
    wrong = {CellVerdict.OVER_RECOGNISED, CellVerdict.UNSAFE}
    assert {name for name, cell in run.matrix.cells.items() if cell.verdict in wrong} == set()


@pytest.mark.parametrize(("policy", "listed"), [(7, True), (15, True), (16, True), (18, True), (6, False), (70, False)])
def test_the_published_allow_list_of_the_federal_root_as_a_rule(world: World, policy: int, listed: bool) -> None:
    """2.5: the real identifiers, which no test certificate carries, against the rule alone; `.70` is not `.7`."""
    arc = "2.16.840.1.101.3.2.1.3"
    rule = Condition(policies_any=tuple(f"{arc}.{number}" for number in (7, 15, 16, 18)))
    certificate, _ = issued(world, "us-fpki", "signer-human")
    assert missed_conditions(rule, certificate, None)
    carrying = replace(certificate, policies=(PolicyInformation(oid=f"{arc}.{policy}"),))
    assert bool(missed_conditions(rule, carrying, None)) != listed


def test_the_global_list_is_accepted_nowhere_by_law(run: Core) -> None:
    """2.5: a technical acceptance without statutory effect."""
    for relying in ALL:
        if relying != "global-aatl":
            assert not any(verdict.accepted for _, verdict in verdicts(run, "global-aatl", relying))


def test_it_is_the_policy_that_brazil_misses(run: Core) -> None:
    """Without the rule about policies nothing technical is left to refuse."""
    rules = run.run.plan.world.provider("br-icp-a3").relying
    lenient = replace(rules, formats=replace(rules.formats, policies=()))
    verdict = under(run, run.bench, "us-fpki.human/pades/b-b/pdf-b-b", "br-icp-a3", lenient)
    assert not technical_blocks(verdict)
    assert {Layer.TRUST, Layer.AGREEMENT} <= set(verdict.blocks)


def test_a_brazilian_policy_offends_nobody(run: Core) -> None:
    for relying in ("eu-qtsp-natural", "in-cca", "sg-accredited"):
        assert all(not technical_blocks(verdict) for _, verdict in verdicts(run, "br-icp-a3", relying))


@pytest.mark.parametrize("identity", sorted(OPAQUE))
def test_opaque_signatures_are_unsupported_and_accepted_by_nobody(run: Core, identity: str) -> None:
    vectors = [vector for vector in run.run.observations if vector.startswith(f"{identity}/")]
    assert vectors
    for vector in vectors:
        signatures = run.run.observations[vector].facts.signatures
        assert signatures
        for signature in signatures:
            assert signature.value
            assert {value.ok for value in signature.value} == {None}
        for relying in ALL:
            verdict = run.judge(vector, relying).verdict
            assert verdict is not None
            assert not verdict.accepted
            states = {result.layer: result.state for result in verdict.layers}
            assert states[Layer.SIGNATURE] is LayerState.UNSUPPORTED


# ---------------------------------------------------------------- instruments that ship switched off

SWITCHED = {
    # instrument: (vector, relying party) that it would admit
    "us-jp-bridge": ("jp-accredited.natural/pades/b-b/pdf-b-b", "us-fpki"),
    "jp-us-bridge": ("us-fpki.human/pades/b-b/pdf-b-b", "jp-accredited"),
    "us-cross-eu": ("eu-qtsp-natural.natural-rsa/pades/b-b/pdf-b-b", "us-fpki"),
    "in-gazette-eu": ("eu-qtsp-natural.natural-rsa/pades/b-b/pdf-b-b", "in-cca"),
    "sg-controller-hk": ("hk-recognised.ordinary/pades/b-b/pdf-b-b", "sg-accredited"),
    "sg-parties-eu": ("eu-qtsp-natural.natural-ec/pades/b-b/pdf-b-b", "sg-accredited"),
}


@pytest.mark.parametrize("instrument", SWITCHED)
def test_a_hypothetical_instrument_changes_its_cell_and_only_when_switched_on(run: Core, instrument: str) -> None:
    vector, relying = SWITCHED[instrument]
    known = {agreement.id: agreement for agreement in run.run.plan.world.agreements}
    assert (known[instrument].evidence, known[instrument].enabled) == ("hypothetical", False)
    before = under(run, run.bench, vector, relying)
    assert not before.accepted
    assert not technical_blocks(before)
    on = [replace(a, enabled=True) if a.id == instrument else a for a in known.values()]
    after = under(run, bench_with(run, *on), vector, relying)
    assert (after.accepted, after.agreement) == (True, instrument)


def test_the_recognition_under_the_old_korean_act_is_over(run: Core) -> None:
    """2.7: switched on it grants nothing, since the act it rested on was replaced on 2020-12-10."""
    on = [replace(a, enabled=True) for a in run.run.plan.world.agreements]
    verdict = under(run, bench_with(run, *on), "jp-accredited.natural/pades/b-b/pdf-b-b", "kr-npki")
    assert not verdict.accepted
    assert "trust.instrument-no-longer-in-force" in codes(verdict, Layer.TRUST)
    assert "agreement.no-longer-in-force" in codes(verdict, Layer.AGREEMENT)


def test_frameworks_grant_nothing(world: World) -> None:
    """2.6 (memorandum of May 2025), 2.8 (digital trade agreement of July 2024): no mutual recognition in either direction."""
    known = {agreement.id: agreement for agreement in world.agreements}
    for there, back in (("jp-eu-memorandum", "jp-from-eu-memorandum"), ("sg-eu-digital-trade", "sg-from-eu-digital-trade")):  # fmt: skip
        for name, other in ((there, back), (back, there)):
            assert known[name].evidence == "framework-only"
            assert not known[name].grants
            assert known[name].counterpart == other
