"""Signers of every kind, the system's openssl, and the data of others."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from cms_writing import Openssl, Signer, openssl_in

ROOT = Path(__file__).resolve().parents[2]

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
    """The system's openssl in a folder of its own; skips without it, fails under CI."""
    run = openssl_in(tmp_path)
    if run is None:
        if os.environ.get("CI"):
            pytest.fail("openssl is not installed")
        pytest.skip("openssl is not installed")
    return run


@pytest.fixture(scope="session")
def read_data() -> Callable[[str], dict[str, bytes]]:
    """Files under INTEROP_TEST_DATA that match a pattern, by name; skips the test where there are none, fails it under CI."""

    def read_files(pattern: str) -> dict[str, bytes]:
        base = Path(os.environ.get("INTEROP_TEST_DATA") or ROOT.parent / "shared" / "data")
        found = {path.name: path.read_bytes() for path in sorted(base.glob(pattern))}
        if not found:
            message = f"external test data not found: {pattern} (set INTEROP_TEST_DATA)"
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
        return found

    return read_files
