"""Self-signed certificates per key kind, made without the packages under test's neighbours above: no PKI needed here."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from outside import data, tool
from xml_signers import ALGORITHMS, DOCUMENTS, Signer, self_signed

from interop.crypto.digests import digest_bytes
from interop.crypto.keys import generate_private_key


@pytest.fixture(scope="session")
def signers() -> dict[str, Signer]:
    made = {}
    for kind, (signature, _) in ALGORITHMS.items():
        key = generate_private_key(kind)
        made[kind] = Signer(key, self_signed(key), signature)
    return made


@pytest.fixture(scope="session")
def contract() -> bytes:
    return (DOCUMENTS / "contract.xml").read_bytes()


@pytest.fixture(scope="session")
def stamp(signers: dict[str, Signer]) -> Callable[[bytes], bytes]:
    """A time-stamping authority that always answers 2026-03-01T00:00:05Z."""
    from interop.cms.token import build_token

    tsa = signers["EC"]

    def answer(data: bytes) -> bytes:
        return build_token(
            key=tsa.key,
            certificate=tsa.certificate,
            signature=tsa.signature,
            digest="sha256",
            imprint_digest_name="sha256",
            imprint=digest_bytes("sha256", data),
            time=datetime(2026, 3, 1, 0, 0, 5, tzinfo=UTC),
            policy="2.999.1",
            serial=1,
        )

    return answer


@pytest.fixture(scope="session")
def xmlsec1() -> str:
    return tool("xmlsec1")


@pytest.fixture
def xmlsec1_accepts(xmlsec1: str, tmp_path: Path) -> Callable[[bytes, bytes], bool]:
    """Whether xmlsec1 verifies a signed document with that certificate as anchor."""

    def verify(signed: bytes, certificate: bytes) -> bool:
        anchor = tmp_path / "root.pem"
        anchor.write_text(ssl.DER_cert_to_PEM_cert(certificate))
        document = tmp_path / "signed.xml"
        document.write_bytes(signed)
        ids = [
            "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
            "urn:example:trade:contract:1:Contract",
            "http://www.w3.org/2000/09/xmldsig#:Object",
        ]
        command = [xmlsec1, "--verify", "--trusted-pem", str(anchor), "--verification-time", "2026-03-01 00:00:00"]
        for name in ids:
            command += ["--id-attr:Id", name]
        done = subprocess.run([*command, str(document)], capture_output=True, check=False, timeout=30)
        return done.returncode == 0

    return verify


@pytest.fixture(scope="session")
def external() -> Path:
    """The folder of signed files made by others."""
    return data("external")
