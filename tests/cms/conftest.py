"""Signers of every kind, and the system's openssl."""

from __future__ import annotations

from pathlib import Path

import pytest
from cms_writing import Openssl, Signer, openssl_in

KINDS = {
    "rsa": ("RSA", "rsa-sha256", "sha256", None),
    "pss": ("RSA", "rsa-pss-sha256", "sha256", None),
    "p256": ("EC", "ecdsa-sha256", "sha256", "P-256"),
    "p384": ("EC", "ecdsa-sha384", "sha384", "P-384"),
    "ed25519": ("Ed25519", "ed25519", "sha512", None),
    "sm2": ("SM2", "sm2-sm3", "sm3", None),
}


@pytest.fixture(scope="session")
def signers() -> dict[str, Signer]:
    """One signer of each kind."""
    return {name: Signer(kind, signature, digest, curve) for name, (kind, signature, digest, curve) in KINDS.items()}


@pytest.fixture
def openssl(tmp_path: Path) -> Openssl:
    """The system's openssl in a folder of its own."""
    return openssl_in(tmp_path)
