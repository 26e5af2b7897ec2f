"""Keys are found, made only where the caller says so, and never a different kind than the profile asks for."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from interop.model.errors import InputError, UsageError
from interop.model.hierarchy import KeySpec
from interop.model.profile import Provider
from interop.pki.keystore import ALIEN, PUBLISHED, KeyStore, alien_name, main, write_missing_keys
from interop.profile.data import providers_dir

Make = Callable[..., Provider]
EC = KeySpec(kind="EC", curve="P-256", signature="ecdsa-sha256")
SM2 = KeySpec(kind="SM2", signature="sm2-sm3")


def test_a_missing_key_is_an_error_unless_the_caller_says_otherwise(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no key for acme:root"):
        KeyStore(tmp_path).get("acme", "root", EC)
    assert list(tmp_path.iterdir()) == []


def test_memory_keys_live_as_long_as_the_store(tmp_path: Path) -> None:
    store = KeyStore(tmp_path, missing="memory")
    assert store.get("acme", "root", EC) is store.get("acme", "root", EC)
    assert store.get("acme", "root", EC).spki != KeyStore(missing="memory").get("acme", "root", EC).spki
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("spec", [EC, SM2], ids=["EC", "SM2"])
def test_written_keys_are_found_again(tmp_path: Path, spec: KeySpec) -> None:
    made = KeyStore(missing=tmp_path).get("acme", "root", spec)
    assert KeyStore(tmp_path).get("acme", "root", spec).spki == made.spki
    path = tmp_path / "acme" / "root.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().startswith("# ")
    assert [p.name for p in path.parent.iterdir()] == ["root.pem"]


def test_the_first_folder_wins(tmp_path: Path) -> None:
    mine, shipped = tmp_path / "mine", tmp_path / "shipped"
    KeyStore(missing=shipped).get("acme", "root", EC)
    own = KeyStore(missing=mine).get("acme", "root", EC)
    assert KeyStore(mine, shipped).get("acme", "root", EC).spki == own.spki
    assert KeyStore(shipped, missing=mine).get("acme", "root", EC).spki == own.spki


def test_a_key_of_another_kind_or_size_is_refused(tmp_path: Path) -> None:
    KeyStore(missing=tmp_path).get("acme", "root", EC)
    for spec in (SM2, replace(EC, curve="P-384"), KeySpec(kind="RSA", bits=2048, signature="rsa-sha256")):
        with pytest.raises(InputError, match="the profile says"):
            KeyStore(tmp_path).get("acme", "root", spec)


def test_a_file_that_holds_no_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "acme" / "root.pem"
    path.parent.mkdir()
    path.write_text("not a key")
    with pytest.raises(InputError, match=r"root\.pem"):
        KeyStore(tmp_path).get("acme", "root", EC)


def test_alien_keys_fit_the_key_they_stand_in_for(tmp_path: Path) -> None:
    store = KeyStore(missing=tmp_path)
    for spec, name in ((EC, "ec-p-256"), (SM2, "sm2"), (replace(SM2, curve="sm2p256v1"), "sm2")):
        key = store.alien(spec)
        assert alien_name(spec) == name
        assert (tmp_path / ALIEN / f"{name}.pem").is_file()
        assert key.kind == spec.kind
        assert key.spki != store.get("acme", f"signer-{name}", spec).spki


def test_missing_keys_of_a_profile_are_written_once(make: Make, tmp_path: Path) -> None:
    provider = make("SM2")
    shared = replace(provider.certificate("signer"), id="renewed", key_id="signer")
    provider = replace(provider, certificates=(*provider.certificates, shared))
    written = {str(path.relative_to(tmp_path)) for path in write_missing_keys([provider], tmp_path, published=True)}
    assert written == {
        *(f"test-sm2/{name}.pem" for name in ("root", "issuing", "signer", "tsa", "ocsp")),
        "wrong-key/sm2.pem",
    }
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.pem")}
    assert write_missing_keys([provider], tmp_path) == ()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.pem")} == before
    assert all(data.startswith(PUBLISHED.encode()) for data in before.values())
    store = KeyStore(tmp_path)
    assert store.of(provider, "renewed").spki == store.of(provider, "signer").spki


def test_a_circle_of_shared_keys_is_named(make: Make) -> None:
    provider = make("EC")
    specs = tuple(
        replace(spec, key_id={"root": "issuing", "issuing": "root"}.get(spec.id)) for spec in provider.certificates
    )
    with pytest.raises(InputError, match="in a circle"):
        KeyStore(missing="memory").of(replace(provider, certificates=specs), "root")


def test_the_command_writes_what_is_missing_and_says_what(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profile = str(providers_dir() / "cn-gov-gm.toml")
    assert main([profile, "--keys", str(tmp_path)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert sorted(told) == sorted(str(path) for path in tmp_path.rglob("*.pem"))
    assert told
    assert main([profile, "--keys", str(tmp_path)]) == 0
    assert capsys.readouterr().out == ""


def test_the_command_refuses_an_unreadable_profile(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nobody.toml"), "--keys", str(tmp_path / "keys")]) == 2
    assert "nobody.toml" in capsys.readouterr().err
    assert not (tmp_path / "keys").exists()
