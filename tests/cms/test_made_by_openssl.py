"""Certificates and CMS made by OpenSSL with the algorithms that differ from one software to the next, observed here."""

from __future__ import annotations

import subprocess
from functools import partial
from pathlib import Path

import pytest
from outside import tool

from interop.cms.observe import CmsObservation, observe_signed_data
from interop.crypto.digests import digest_bytes
from interop.x509.certificate import parse_certificate
from interop.x509.edge import verify_signed

CONTENT = b"what OpenSSL signs\n" * 30
PSS = ("-sigopt", "rsa_padding_mode:pss")
KEYS: dict[str, tuple[str, ...]] = {
    "rsa": ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
    "pss": ("-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"),
    "pss-restricted": (
        "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_pss_keygen_md:sha256",
        "-pkeyopt", "rsa_pss_keygen_mgf1_md:sha256", "-pkeyopt", "rsa_pss_keygen_saltlen:32",
    ),
    "p521": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"),
    "brainpoolP256r1": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"),
    "brainpoolP384r1": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP384r1"),
    "brainpoolP512r1": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP512r1"),
}  # fmt: skip


def run(folder: Path, *arguments: str) -> None:
    done = subprocess.run(
        [tool("openssl"), *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, (arguments, done.stderr)


def made(
    folder: Path, key: str, digest: str, *options: str, certificate_options: tuple[str, ...] = ()
) -> tuple[bytes, bytes]:
    """(self-signed certificate, detached SignedData) in DER; `options` are for `openssl cms -sign`."""
    run(folder, "genpkey", *KEYS[key], "-out", "key.pem")
    run(
        folder,
        "req",
        "-new",
        "-x509",
        "-key",
        "key.pem",
        "-subj",
        "/CN=TEST openssl",
        f"-{digest}",
        *certificate_options,
        "-out",
        "c.pem",
    )
    run(folder, "x509", "-in", "c.pem", "-outform", "DER", "-out", "c.der")
    (folder / "content").write_bytes(CONTENT)
    run(
        folder, "cms", "-sign", "-binary", "-in", "content", "-signer", "c.pem", "-inkey", "key.pem", "-md", digest, *options,
        "-outform", "DER", "-out", "cms.der",
    )  # fmt: skip
    return (folder / "c.der").read_bytes(), (folder / "cms.der").read_bytes()


def observed(cms: bytes, content: bytes = CONTENT) -> CmsObservation:
    return observe_signed_data(cms, signature_id="s0", content_digest=partial(digest_bytes, data=content))


def holds(seen: CmsObservation) -> tuple[bool | None, ...]:
    return (*(reference.ok for reference in seen.references), *(value.ok for value in seen.value))


@pytest.mark.parametrize("key", ["p521", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1"])
@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_elliptic_curves(key: str, digest: str, tmp_path: Path) -> None:
    certificate, cms = made(tmp_path, key, digest)
    assert verify_signed(certificate, "certificate", certificate) is True
    seen = observed(cms)
    assert (seen.algorithm.name, seen.algorithm.encoding, holds(seen)) == (f"ecdsa-{digest}", "der", (True, True))
    assert holds(observed(cms, CONTENT + b"x")) == (False, True)


@pytest.mark.parametrize(
    "options",
    [
        ("-keyopt", "rsa_padding_mode:pss"),
        ("-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:0"),
        ("-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:max"),
        ("-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_mgf1_md:sha1", "-keyopt", "rsa_pss_saltlen:20"),
    ],
    ids=["default", "no-salt", "longest-salt", "mgf1-sha1"],
)
def test_pss_whatever_its_salt_and_mask(options: tuple[str, ...], tmp_path: Path) -> None:
    certificate, cms = made(tmp_path, "rsa", "sha256", *options, certificate_options=PSS)
    assert verify_signed(certificate, "certificate", certificate) is True
    seen = observed(cms)
    assert (seen.algorithm.signature, seen.algorithm.name) == ("1.2.840.113549.1.1.10", "rsa-pss-sha256")
    assert holds(seen) == (True, True)


def test_pss_with_sha1_throughout_is_written_with_empty_parameters(tmp_path: Path) -> None:
    """All four fields have their DEFAULT: the SEQUENCE is empty (RFC 4055 section 3.1)."""
    options = ("-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:20")
    _, cms = made(tmp_path, "rsa", "sha1", *options, certificate_options=PSS)
    seen = observed(cms)
    assert (seen.algorithm.name, seen.algorithm.parameters, holds(seen)) == ("rsa-pss-sha1", "3000", (True, True))


@pytest.mark.parametrize("key", ["pss", "pss-restricted"])
def test_keys_under_id_rsassa_pss(key: str, tmp_path: Path) -> None:
    certificate, cms = made(tmp_path, key, "sha256", "-keyopt", "rsa_pss_saltlen:32")
    public = parse_certificate(certificate).key
    assert (public.algorithm.oid, public.bits) == ("1.2.840.113549.1.1.10", 2048)
    assert (public.algorithm.parameters is not None) is (key == "pss-restricted")
    assert verify_signed(certificate, "certificate", certificate) is True
    seen = observed(cms)
    assert (seen.algorithm.name, holds(seen)) == ("rsa-pss-sha256", (True, True))
