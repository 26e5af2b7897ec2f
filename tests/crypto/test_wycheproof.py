"""Wycheproof: what is `valid` verifies, what is `invalid` does not; `acceptable` may go either way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from interop.crypto.keys import PssParameters, load_public_key

FILES = {
    "rsa_signature_2048_sha256": "rsa-sha256",
    "rsa_signature_3072_sha256": "rsa-sha256",
    "ecdsa_secp256r1_sha256": "ecdsa-sha256",
    "ecdsa_secp384r1_sha256": "ecdsa-sha256",
    "ecdsa_secp384r1_sha384": "ecdsa-sha384",
    "ecdsa_brainpoolP256r1_sha256": "ecdsa-sha256",
    "ed25519": "ed25519",
    "ed448": "ed448",
}
PSS_FILES = ("rsa_pss_2048_sha256_mgf1_32", "rsa_pss_misc")


def cases(external: Callable[..., Path], name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    data = json.loads(external("wycheproof", f"{name}_test.json").read_text(encoding="utf-8"))
    found = [(group, test) for group in data["testGroups"] for test in group["tests"]]
    assert len(found) == data["numberOfTests"] > 0
    return found


def test_every_file_is_tried(external: Callable[..., Path]) -> None:
    there = {path.name.removesuffix("_test.json") for path in external("wycheproof").glob("*.json")}
    assert there == {*FILES, *PSS_FILES}


def spki(group: dict[str, Any]) -> bytes:
    return bytes.fromhex(group.get("publicKeyDer") or group["keyDer"])


@pytest.mark.parametrize("name", FILES)
def test_every_case(name: str, external: Callable[..., Path]) -> None:
    wrong = []
    for group, test in cases(external, name):
        key = load_public_key(spki(group))
        value, message = bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"])
        encoding = "der" if name.startswith("ecdsa") else None
        narrow = key.verify(FILES[name], value, message, encoding=encoding)
        either = key.verify(FILES[name], value, message)
        if test["result"] != "acceptable" and {narrow, either} != {test["result"] == "valid"}:
            wrong.append((test["tcId"], test["comment"], test["result"], narrow, either))
    assert wrong == []


@pytest.mark.parametrize("name", PSS_FILES)
def test_every_pss_case(name: str, external: Callable[..., Path]) -> None:
    wrong, met = [], set()
    for group, test in cases(external, name):
        digest, mgf = (group[member].lower().replace("sha-", "sha") for member in ("sha", "mgfSha"))
        met.add(digest)
        if "/" in digest:  # SHA-512/224 and /256: not in the table
            continue
        key = load_public_key(spki(group))
        pss = PssParameters(mgf_digest=mgf, salt_length=group["sLen"])
        ok = key.verify(f"rsa-pss-{digest}", bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"]), pss=pss)
        if test["result"] != "acceptable" and ok != (test["result"] == "valid"):
            wrong.append((test["tcId"], test["comment"], test["result"], ok))
    assert wrong == []
    assert "sha256" in met
