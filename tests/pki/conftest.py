"""A provider with everything in its certificates, per key kind, and the shipped ones."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from outside import tool

from interop.model.assurance import Assurance, AssuranceLevel
from interop.model.formats import Format, Level
from interop.model.hierarchy import (
    AccessDescription,
    AltNames,
    CertificateSpec,
    DistributionPoint,
    Extensions,
    KeySpec,
    NameConstraintsSpec,
    NamePart,
    OtherNameSpec,
    PolicySpec,
    PrivateExtension,
    QcLimit,
    QcSpec,
    SubtreeSpec,
)
from interop.model.profile import Identity, IdentityFormat, Provider, Services
from interop.model.rules import AcceptedAlgorithm, AlgorithmRules, FormatRules, RelyingRules, TrustRules
from interop.model.text import Text
from interop.pki.keystore import KeyStore

KEYS = {
    "RSA": KeySpec(kind="RSA", bits=2048, signature="rsa-sha256"),
    "EC": KeySpec(kind="EC", curve="P-256", signature="ecdsa-sha256"),
    "SM2": KeySpec(kind="SM2", curve="sm2p256v1", signature="sm2-sm3"),
    "SM2-oid": KeySpec(kind="SM2", curve="sm2p256v1", signature="sm2-sm3", sm2_spki="sm2", null_parameters=True),
}
START = datetime(2024, 1, 1, tzinfo=UTC)
END = datetime(2034, 1, 1, tzinfo=UTC)
POLICY = "2.999.1.1"


def subject(common_name: str) -> tuple[NamePart, ...]:
    return (
        NamePart(type="C", value="XX"),
        NamePart(type="O", value="Test 机构"),
        NamePart(type="organizationIdentifier", value="NTRXX-1", string="printable"),
        NamePart(type="CN", value=common_name),
    )


def certificates(key: KeySpec) -> tuple[CertificateSpec, ...]:
    """Root, issuing CA, signer, TSA, responder: between them every extension of the model."""

    def made(name: str, role: str, issuer: str, extensions: Extensions, octets: int = 16) -> CertificateSpec:
        return CertificateSpec(
            id=name, role=role, issuer=issuer, subject=subject(f"Test {name}"), not_before=START, key=key,
            not_after=datetime(2054, 1, 1, tzinfo=UTC) if name == "root" else END, extensions=extensions,
            serial_octets=octets, origin="stand-in",
        )  # fmt: skip

    status = AccessDescription(ocsp=("http://ocsp.test/",), ca_issuers=("http://ca.test/issuing.cer",))
    crl = (DistributionPoint(uris=("http://crl.test/issuing.crl",)),)
    return (
        made("root", "root", "root", Extensions(ca=True, key_usage=("keyCertSign", "cRLSign"), subject_key_id="sha256")),
        made(
            "issuing", "ca", "root",
            Extensions(
                ca=True, path_length=0, key_usage=("keyCertSign", "cRLSign"),
                policies=(
                    PolicySpec(oid=POLICY, cps="http://cps.test/", notice="TEST certificates, 仅供测试", origin="stand-in"),
                    PolicySpec(oid="2.999.1.2", origin="stand-in"),
                ),
                policy_mappings=(("2.999.1.2", "2.999.7.2"),), require_explicit_policy=0, inhibit_policy_mapping=1, inhibit_any_policy=0,
                name_constraints=NameConstraintsSpec(
                    permitted=(SubtreeSpec(directory=subject("x")[:2]), SubtreeSpec(email="mail.test")),
                    excluded=(SubtreeSpec(dns="bad.test"), SubtreeSpec(uri=".bad.test")),
                ),
                authority_info=AccessDescription(ca_issuers=("http://ca.test/root.p7c",)),
                subject_info=AccessDescription(ca_repository=("http://ca.test/issued.p7c",)),
                crl_points=(DistributionPoint(uris=("http://crl.test/root.crl",)),),
            ), 20,
        ),
        made(
            "signer", "signer", "issuing",
            Extensions(
                ca=False, basic_constraints_critical=False, key_usage=("digitalSignature", "nonRepudiation"),
                extended_key_usage=("1.3.6.1.5.5.7.3.36", "1.3.6.1.5.5.7.3.4"),
                policies=(PolicySpec(oid=POLICY, origin="stand-in"),),
                qc_statements=(
                    QcSpec(oid="0.4.0.1862.1.1", origin="real"),
                    QcSpec(oid="0.4.0.1862.1.6", oids=("0.4.0.1862.1.6.1",), origin="real"),
                    QcSpec(oid="0.4.0.1862.1.7", countries=("XX",), origin="real"),
                    QcSpec(oid="0.4.0.1862.1.5", urls=(("https://pds.test/en", "en"),), origin="real"),
                    QcSpec(oid="0.4.0.1862.1.3", integer=15, origin="real"),
                    QcSpec(oid="0.4.0.1862.1.2", limit=QcLimit(currency="EUR", amount=5, exponent=4), origin="real"),
                    QcSpec(oid="1.3.6.1.5.5.7.11.2", oids=("0.4.0.194121.1.1",), origin="real"),
                ),
                authority_info=status,
                crl_points=(DistributionPoint(uris=("http://crl.test/a.crl", "ldap://crl.test/b"), directory=subject("CRL1")), *crl),
                freshest_crl=(DistributionPoint(uris=("http://crl.test/delta.crl",)),),
                subject_alt_emails=("someone@mail.test",),
                subject_alt=AltNames(
                    dns=("host.test",), uris=("http://person.test/",), directories=(subject("Same person"),),
                    others=(OtherNameSpec(oid="2.999.6", text="someone@upn.test", origin="stand-in"),),
                ),
                issuer_alt=AltNames(emails=("ca@mail.test",), dns=("ca.test",)),
                private=(
                    PrivateExtension(oid="1.2.156.10260.4.1.1", text="999999190001010000", string="printable", tag=0, origin="real"),
                    PrivateExtension(oid="1.2.156.10260.4.1.4", text="91999999000000000G", string="printable", origin="real"),
                    PrivateExtension(oid="2.999.5", der="0500", critical=False, origin="stand-in"),
                ),
            ), 8,
        ),
        made(
            "tsa", "tsa", "issuing",
            Extensions(
                key_usage=("digitalSignature",), extended_key_usage=("1.3.6.1.5.5.7.3.8",), extended_key_usage_critical=True,
                policies=(PolicySpec(oid=POLICY, origin="stand-in"),), authority_info=status,
            ),
        ),
        made(
            "ocsp", "ocsp", "issuing",
            Extensions(
                key_usage=("digitalSignature",), extended_key_usage=("1.3.6.1.5.5.7.3.9",), ocsp_nocheck=True,
                policies=(PolicySpec(oid=POLICY, origin="stand-in"),),
            ),
        ),
    )  # fmt: skip


def provider(kind: str, **changes: object) -> Provider:
    key = KEYS[kind]
    values: dict[str, object] = {
        "id": f"test-{kind.lower()}", "name": Text(en="Test", zh="测试"), "jurisdiction": "XX",
        "summary": Text(en="A test.", zh="测试。"), "certificates": certificates(key), "anchors": ("root",),
        "services": Services(
            tsa="tsa", tsa_digest="sm3" if key.kind == "SM2" else "sha256", ocsp_hash="sm3" if kind == "SM2-oid" else "sha1",
            origin="stand-in",
        ),
        "identities": (
            Identity(
                id="person", name=Text(en="Person", zh="个人"), certificate="signer", certificate_type="Personal",
                formats=(IdentityFormat(format=Format.PADES, levels=(Level.B_B,)),), origin="stand-in",
                assurance=Assurance(
                    identity_proofing=3, key_protection=3, supervision=3, legal_effect=3, person="natural", level=AssuranceLevel.L3,
                ),
            ),
        ),
        "relying": RelyingRules(
            formats=FormatRules(accept=(Format.PADES,)),
            algorithms=AlgorithmRules(keys=(AcceptedAlgorithm(name=key.kind),), digests=("sha256",), suites=()),
            trust=TrustRules(anchors=()),
        ),
        "origin": "stand-in",
    }  # fmt: skip
    return Provider(**{**values, **changes})


@pytest.fixture(scope="session")
def keys() -> KeyStore:
    return KeyStore(missing="memory")


@pytest.fixture(scope="session")
def make() -> Callable[..., Provider]:
    return provider


@pytest.fixture(params=list(KEYS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def openssl() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the openssl command and give what it says."""
    program = tool("openssl")

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60)

    return run
