"""The certificates that the European profiles issue, against the sheets of reference/foreign-profiles.md 4.0, sections 1.2, 1.3 and 2.12.

Read back from DER with the parser, so that what a sheet asks for has really been written.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from interop.model.certificate import Certificate
from interop.pki.issue import issue
from interop.pki.keystore import KeyStore
from interop.profile.lint import lint_provider
from interop.profile.load import data_root, load_provider
from interop.x509.certificate import parse_certificate

COMPLIANCE, SSCD, PDS, TYPE, LEGISLATION = (f"0.4.0.1862.1.{last}" for last in (1, 4, 5, 6, 7))
NATURAL, LEGAL = "0.4.0.194121.1.1", "0.4.0.194121.1.2"
SEMANTICS, UA_NATIONAL = "1.3.6.1.5.5.7.11.2", "1.2.804.2.1.1.1.2.1"
A, B = frozenset({"nonRepudiation"}), frozenset({"digitalSignature", "nonRepudiation"})
POLICIES, QC = "2.5.29.32", "1.3.6.1.5.5.7.1.3"
CRITICAL = {"2.5.29.15", "2.5.29.19"}
"""keyUsage and basicConstraints: the extensions that are critical in these profiles, but for the two exceptions tested below."""


@cache
def issued(provider: str) -> dict[str, Certificate]:
    profile = load_provider(data_root() / "profiles" / "providers" / f"{provider}.toml")
    made = issue(profile, KeyStore(data_root() / "profiles" / "keys"))
    return {name: parse_certificate(der) for name, der in made.certificates.items()}


def key(certificate: Certificate) -> str:
    found = certificate.key
    return found.curve or (f"RSA-{found.bits}" if found.kind == "RSA" else found.kind)


def statements(certificate: Certificate) -> dict[str, tuple[str, ...]]:
    return {statement.oid: statement.values for statement in certificate.qc_statements or ()}


SIGNERS = {
    "eu-qtsp-seal:signer-seal": ("P-384", A, "0.4.0.194112.1.3", {COMPLIANCE, SSCD, PDS, TYPE, SEMANTICS}),
    "eu-qtsp-seal:signer-seal-lei": ("P-384", B, "0.4.0.194112.1.3", {COMPLIANCE, SSCD, PDS, TYPE, SEMANTICS}),
    "eu-qtsp-brainpool:signer-natural": ("brainpoolP256r1", A, "0.4.0.194112.1.0", {COMPLIANCE, PDS, TYPE}),
    "uk-qtsp:signer-natural": ("RSA-2048", A, "0.4.0.194112.1.2", {COMPLIANCE, SSCD, PDS, TYPE, LEGISLATION}),
    "ch-zertes:signer-natural": ("P-256", A, "2.999.756.1", {COMPLIANCE, SSCD, TYPE, LEGISLATION}),
    "zz-pilot:signer-natural": ("RSA-2048", A, "2.999.26.1", {COMPLIANCE, SSCD, TYPE, LEGISLATION, SEMANTICS}),
    "zz-pilot:signer-ed25519": ("Ed25519", A, "2.999.26.1", {COMPLIANCE, SSCD, TYPE, LEGISLATION, SEMANTICS}),
    "zz-pilot:signer-ed448": ("Ed448", A, "2.999.26.1", {COMPLIANCE, SSCD, TYPE, LEGISLATION, SEMANTICS}),
    "ua-dual:signer-natural": ("P-256", A, "1.2.804.2.1.1.1.2.2", {COMPLIANCE, TYPE, LEGISLATION}),
    "ua-dual:signer-seal-dstu": ("DSTU", B, "1.2.804.2.1.1.1.2.2", {COMPLIANCE, PDS, UA_NATIONAL}),
}


@pytest.mark.parametrize("name", SIGNERS)
def test_signers_follow_their_sheets(name: str) -> None:
    provider, certificate_id = name.split(":")
    certificate = issued(provider)[certificate_id]
    size, usage, policy, wanted = SIGNERS[name]
    assert key(certificate) == size
    assert certificate.key_usage == usage
    assert policy in certificate.policy_oids
    assert set(statements(certificate)) == wanted
    assert {oid for oid, critical in certificate.extensions if critical} == {"2.5.29.15"}
    assert certificate.ocsp_urls
    assert certificate.ca_issuers_urls
    assert bool(certificate.crl_urls) == (provider != "eu-qtsp-brainpool")
    assert (certificate.not_after.year, certificate.not_before.year) == (2027, 2025)


@pytest.mark.parametrize(("name", "kind", "country", "semantics"), [
    ("eu-qtsp-seal:signer-seal", "2", None, LEGAL), ("eu-qtsp-seal:signer-seal-lei", "2", None, LEGAL),
    ("eu-qtsp-brainpool:signer-natural", "1", None, None), ("uk-qtsp:signer-natural", "1", "GB", None),
    ("ch-zertes:signer-natural", "1", "CH", None), ("ch-zertes:signer-seal", "2", "CH", None),
    ("zz-pilot:signer-natural", "1", "ZZ", NATURAL), ("zz-pilot:signer-seal", "2", "ZZ", LEGAL),
    ("ua-dual:signer-natural", "1", "UA", None),
])  # fmt: skip
def test_type_legislation_and_semantics(name: str, kind: str, country: str | None, semantics: str | None) -> None:
    """1.2: exactly one QcType; QcCClegislation absent in the EU, present outside."""
    provider, certificate_id = name.split(":")
    found = statements(issued(provider)[certificate_id])
    assert found[TYPE] == (f"{TYPE}.{kind}",)
    assert found.get(LEGISLATION, ()) == (() if country is None else (country,))
    assert found.get(SEMANTICS, ()) == (() if semantics is None else (semantics,))


@pytest.mark.parametrize(("provider", "chain"), [
    ("eu-qtsp-seal", "root P-384, issuing P-384"), ("eu-qtsp-brainpool", "root brainpoolP384r1, issuing brainpoolP384r1"),
    ("uk-qtsp", "root RSA-4096, issuing RSA-2048"), ("ch-zertes", "root RSA-4096, issuing RSA-4096"),
    ("ua-dual", "root P-384, issuing P-256, root-dstu DSTU, issuing-dstu DSTU"),
])  # fmt: skip
def test_chains(provider: str, chain: str) -> None:
    for step in chain.split(", "):
        name, size = step.split()
        certificate = issued(provider)[name]
        assert key(certificate) == size
        assert certificate.ca


def test_seal_subjects_are_named_by_register_and_by_lei() -> None:
    """1.2: NTRXX- and LEIXG-; the check digits of ISO 17442 make the number congruent 1 modulo 97."""
    subjects = [issued("eu-qtsp-seal")[name].subject for name in ("signer-seal", "signer-seal-lei")]
    ids = [a.value for s in subjects for rdn in s.rdns for a in rdn if a.oid == "2.5.4.97"]
    assert [value[:6] for value in ids] == ["NTRXX-", "LEIXG-"]
    lei = ids[1][6:]
    assert len(lei) == 20
    assert int("".join(str(int(char, 36)) for char in lei)) % 97 == 1


def test_the_ukrainian_chains_have_what_was_seen_in_the_field() -> None:
    """2.12: 32-octet key identifiers, critical policies and statements on the national root, a CN of 106 octets, serials of 20 octets."""
    certificates = issued("ua-dual")
    assert {len(c.subject_key_id or "") for c in certificates.values()} == {64}
    root = certificates["root-dstu"]
    assert {oid for oid, critical in root.extensions if critical} == CRITICAL | {POLICIES, QC}
    assert root.path_length == 2
    (name,) = [a.value for rdn in certificates["issuing-dstu"].subject.rdns for a in rdn if a.oid == "2.5.4.3"]
    assert len(name.encode()) == 106
    assert {(c.serial.bit_length() + 8) // 8 for n, c in certificates.items() if n != "root"} == {20}
    assert certificates["tsa"].issuer == certificates["root"].subject
    assert certificates["tsa"].extended_key_usage == ("1.3.6.1.5.5.7.3.8",)
    assert ("2.5.29.37", True) in certificates["tsa"].extensions
    assert certificates["signer-seal-dstu"].extended_key_usage == ("1.2.804.2.1.1.1.3.9",)
    for name in ("signer-natural", "signer-seal-dstu"):
        present = {oid for oid, _ in certificates[name].extensions}
        assert {"2.5.29.46", "1.3.6.1.5.5.7.1.11"} <= present  # freshestCRL, subjectInfoAccess
    assert not any(certificates[name].ocsp_nocheck for name in ("ocsp", "ocsp-dstu"))


def test_a_deviation_is_silent_only_where_the_profile_calls_it_real() -> None:
    """EN 319 412-5 section 4.1: not critical. The national root has it critical, and its table says that this was seen."""
    profile = load_provider(data_root() / "profiles" / "providers" / "ua-dual.toml")
    assert lint_provider(profile) == ()
    untold = tuple(replace(spec, origins={"subject": "stand-in"}) for spec in profile.certificates)
    (remark,) = lint_provider(replace(profile, certificates=untold))
    assert remark.severity == "warning"
    assert "EN 319 412-5 4.1" in remark.what
