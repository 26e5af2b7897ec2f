"""The shipped profiles with their shipped keys: complete, accepted by OpenSSL, and exactly as the profile says."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509 as pyca
from cryptography.hazmat.primitives.serialization import Encoding

from interop.model.profile import Provider
from interop.pki.issue import Issued, issue
from interop.pki.keystore import PUBLISHED
from interop.pki.shipped import shipped_keys, shipped_keys_dir
from interop.pki.status import publish
from interop.pki.variant import signer_variant
from interop.profile.data import providers_dir
from interop.profile.load import load_provider
from interop.x509.certificate import parse_certificate
from interop.x509.edge import verify_signed

OpenSsl = Callable[..., subprocess.CompletedProcess[str]]
PROFILES = sorted(providers_dir().glob("*.toml"))
AT = datetime(2026, 3, 2, tzinfo=UTC)
ATTIME = ("-attime", str(int(AT.timestamp())))


def test_profiles_are_there() -> None:
    assert {"cn-licensed-sm2", "cn-gov-gm", "gd-hk-scheme", "hk-recognised", "eu-qtsp-natural", "us-fpki"} <= {
        path.stem for path in PROFILES
    }


@pytest.fixture(scope="module", params=PROFILES, ids=lambda path: path.stem)
def provider(request: pytest.FixtureRequest) -> Provider:
    return load_provider(request.param)


@pytest.fixture
def issued(provider: Provider) -> Issued:
    return issue(provider, shipped_keys())


def computed(issued: Issued, issuer: str) -> bool | None:
    """What an edge under this CA has to be: verified, or null where the CA's algorithm is one of octets only."""
    return None if issued.key(issuer).opaque else True


def strictly(issued: Issued, *issuers: str) -> tuple[str, ...]:
    """OpenSSL's strict mode, which refuses a CA without key usage: the Korean root of the field is one, and not for strict readers."""
    return ("-x509_strict",) if all(issued.spec(name).extensions.key_usage for name in issuers) else ()


def bundle(folder: Path, name: str, *certificates: bytes) -> Path:
    path = folder / f"{name}.pem"
    path.write_bytes(b"".join(pyca.load_der_x509_certificate(c).public_bytes(Encoding.PEM) for c in certificates))
    return path


def test_every_shipped_key_says_that_it_is_published() -> None:
    files = sorted(shipped_keys_dir().glob("*/*.pem"))
    assert files
    assert [path for path in files if not path.read_text().startswith(PUBLISHED)] == []


def test_every_key_and_alien_key_is_shipped(provider: Provider) -> None:
    keys = shipped_keys()
    for spec in provider.certificates:
        assert keys.alien(spec.key).spki != keys.of(provider, spec.id).spki


def test_certificates_are_clean_and_signed_by_their_issuers(issued: Issued) -> None:
    for spec in issued.specs.values():
        certificate = parse_certificate(issued.certificates[spec.id])
        assert certificate.findings == ()
        assert certificate.extensions or spec.id == spec.issuer
        edge = verify_signed(issued.certificates[spec.id], "certificate", issued.certificates[spec.issuer])
        assert edge is computed(issued, spec.issuer)


def test_serial_numbers_are_unique(issued: Issued) -> None:
    serials = [parse_certificate(der).serial for der in issued.certificates.values()]
    assert len(set(serials)) == len(serials)


def test_openssl_accepts_every_edge(issued: Issued, openssl: OpenSsl, tmp_path: Path) -> None:
    """Each edge alone, the only way for SM2; strictly (RFC 5280) where the issuer is no SM2 CA."""
    checked = 0
    for spec in issued.specs.values():
        if spec.issuer == spec.id or issued.key(spec.issuer).opaque:
            continue
        up = bundle(tmp_path, spec.issuer, issued.certificates[spec.issuer])
        down = bundle(tmp_path, spec.id, issued.certificates[spec.id])
        sm2 = issued.spec(spec.issuer).key.kind == "SM2"
        how = ("-vfyopt", "distid:1234567812345678") if sm2 else strictly(issued, spec.issuer)
        done = openssl("verify", *ATTIME, "-partial_chain", *how, "-trusted", up, down)
        assert done.returncode == 0, done.stderr
        checked += 1
    # a provider of octets only has nothing that OpenSSL could be asked about, one that signs nothing has few certificates
    assert (
        checked >= 4
        or not issued.provider.identities
        or all(key.opaque for name, key in issued.keys.items() if issued.spec(name).role in ("root", "ca"))
    )


def test_openssl_accepts_whole_paths_of_rsa_and_ec(openssl: OpenSsl, tmp_path: Path) -> None:
    """`openssl verify` hands the SM2 ID to the target certificate alone, so this is about the other providers."""
    checked = set()
    for profile in PROFILES:
        issued = issue(load_provider(profile), shipped_keys())
        if any(spec.key.kind == "SM2" for spec in issued.specs.values()):
            continue
        for spec in issued.specs.values():
            above = [spec.issuer, *(name for name, der in issued.certificates.items() if der in issued.chain(spec.id))]
            if spec.role in ("root", "ca") or any(issued.key(name).opaque for name in above):
                continue
            *middle, root = issued.chain(spec.id)
            end = bundle(tmp_path, spec.id, issued.certificates[spec.id])
            between = ("-untrusted", bundle(tmp_path, "middle", *middle)) if middle else ()
            top = bundle(tmp_path, "root", root)
            done = openssl("verify", *ATTIME, *strictly(issued, *above), "-CAfile", top, *between, end)
            assert done.returncode == 0, done.stderr
            checked.add(profile.stem)
    assert {"eu-qtsp-natural", "us-fpki", "gd-hk-scheme", "hk-recognised"} <= checked


def test_strict_openssl_refuses_the_root_without_key_usage(openssl: OpenSsl, tmp_path: Path) -> None:
    """reference/foreign-profiles.md, friction F17: RFC 5280 4.2.1.3 asks every CA for the extension."""
    issued = issue(load_provider(providers_dir() / "kr-npki.toml"), shipped_keys())
    assert strictly(issued, "root") == ()
    root, end = (bundle(tmp_path, name, issued.certificates[name]) for name in ("root", "issuing"))
    assert openssl("verify", *ATTIME, "-CAfile", root, end).returncode == 0
    assert openssl("verify", *ATTIME, "-x509_strict", "-CAfile", root, end).returncode != 0


def test_openssl_processes_the_policies_of_the_bridge(openssl: OpenSsl, tmp_path: Path) -> None:
    """Mappings, requireExplicitPolicy and inhibitAnyPolicy on the way; the control is a policy that nothing maps to."""
    issued = issue(load_provider(providers_dir() / "us-fpki.toml"), shipped_keys())
    (identity,) = issued.provider.identities
    *middle, root = issued.chain(identity.certificate)
    end = bundle(tmp_path, "signer", issued.certificates[identity.certificate])
    common = (
        "verify", *ATTIME, "-policy_check", "-explicit_policy", "-x509_strict", "-CAfile", bundle(tmp_path, "root", root),
        "-untrusted", bundle(tmp_path, "middle", *middle),
    )  # fmt: skip
    done = openssl(*common, "-policy", "2.16.840.1.101.3.2.1.48.9", end)
    assert done.returncode == 0, done.stderr
    assert openssl(*common, "-policy", "2.16.840.1.101.3.2.1.48.12", end).returncode != 0


def test_the_services_cover_every_certificate_below_the_anchors(issued: Issued) -> None:
    """A CRL of every issuer, verified; responders are the only certificates that nobody is asked about."""
    found = publish(issued, AT)
    crls = {answer.service.rsplit("/", 1)[1]: answer.der for answer in found if answer.kind == "crl"}
    for spec in issued.specs.values():
        if spec.issuer != spec.id and issued.provider.services.crl:
            edge = verify_signed(crls[spec.issuer], "crl", issued.certificates[spec.issuer])
            assert edge is computed(issued, spec.issuer)
    if issued.provider.services.ocsp:
        answered = {answer.certificate for answer in found if answer.kind == "ocsp"}
        assert {spec.id for spec in issued.specs.values() if spec.role in ("signer", "tsa")} <= answered


def test_broken_signers_exist_for_every_identity(issued: Issued) -> None:
    for identity in issued.provider.identities:
        for kind in ("expired", "no-key-usage"):
            der, key = signer_variant(issued, identity.id, kind, datetime(2026, 3, 1, tzinfo=UTC))
            certificate = parse_certificate(der)
            assert key.spki == issued.key(identity.certificate).spki
            assert certificate.findings == ()
            issuer = issued.certificates[issued.spec(identity.certificate).issuer]
            assert verify_signed(der, "certificate", issuer) is computed(
                issued, issued.spec(identity.certificate).issuer
            )
