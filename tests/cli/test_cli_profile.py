"""`interop profile lint` and `keys` on files of one's own, and a what-if that is switched on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_calls import ROOT, Result

Interop = Callable[..., Result]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the shipped profiles and agreements."""
    shutil.copytree(ROOT / "profiles" / "providers", tmp_path / "providers")
    shutil.copytree(ROOT / "profiles" / "agreements", tmp_path / "agreements")
    return tmp_path


def change(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")


def test_lint_of_a_file_tells_own_mistakes_and_those_of_its_folder(interop: Interop, own: Path) -> None:
    file = own / "providers" / "hk-recognised.toml"
    change(
        file,
        ("path_length = 0", "path_length = -4"),
        ('origins = { tsa_policy = "stand-in" }', 'origins = { tsa_polic = "stand-in" }'),
        ('anchors = ["hk-recognised"]', 'anchors = ["hk-recognised", "us-fpk"]'),
        ('load = ["gd-hk-to-hk", ', 'load = ["gd-hk-to-hkk", '),
    )
    (own / "providers" / "eu-qtsp-natural.toml").write_text("broken", encoding="utf-8")
    result = interop("profile", "lint", file)
    assert result.code == 2
    assert result.out.count("\n  ") == 4, result.out
    for said in (
        "-4 is less than 0",
        "(did you mean 'tsa_policy'?)",
        "unknown provider 'us-fpk' (did you mean 'us-fpki'?)",
        "unknown agreement 'gd-hk-to-hkk' (did you mean 'gd-hk-to-hk'?)",
    ):
        assert said in result.out
    assert "eu-qtsp-natural.toml: has mistakes of its own" in result.err
    assert "4 problems in 1 file" in result.err


def test_lint_takes_the_agreements_that_are_named(interop: Interop, own: Path, tmp_path: Path) -> None:
    file = own / "providers" / "hk-recognised.toml"
    assert interop("profile", "lint", file).code == 0
    empty = tmp_path / "empty"
    empty.mkdir()
    result = interop("profile", "lint", file, "--agreements", empty)
    assert result.code == 2
    assert "unknown agreement 'gd-hk-to-hk'" in result.out
    assert interop("profile", "lint", file, "--agreements", tmp_path / "nope").code == 2
    assert interop("profile", "lint", "--profiles", empty).code == 5


def test_lint_of_all_shipped_data_is_silent(interop: Interop) -> None:
    result = interop("profile", "lint")
    assert (result.code, result.out) == (0, "")


def test_keys_that_are_shipped_are_not_made_again(interop: Interop, own: Path, tmp_path: Path) -> None:
    """The key that belongs to nobody, for negatives with the wrong key, travels with the product."""
    file = own / "providers" / "acme.toml"
    shutil.copy(own / "providers" / "cn-licensed-sm2.toml", file)
    change(file, ('id = "cn-licensed-sm2"', 'id = "acme"'))
    result = interop("profile", "keys", file, "-o", tmp_path / "keys")
    assert result.code == 0, result.err
    made = {Path(line).parent.name for line in result.out.splitlines()}
    assert made == {"acme"}
    assert {path.name for path in (tmp_path / "keys").iterdir()} == {"acme"}


def test_hypothetical_agreement_switched_on_shows_what_it_would_change(
    interop: Interop, own: Path, tmp_path: Path
) -> None:
    """domestic-profiles.md 6.2: with an article 26 row for P7, P7 -> P1 is recognised, P7 -> P2 stays refused on format and algorithm."""

    def cells(*more: str | Path) -> dict[str, Any]:
        out = tmp_path / "out"
        result = interop(
            "run",
            "--signers",
            "hk-recognised",
            "--relying",
            "cn-licensed-sm2,cn-gov-gm",
            "-k",
            "b-b and pades",
            "-o",
            out,
            *more,
        )
        assert result.code == 0, result.err
        found: dict[str, Any] = json.loads((out / "matrix.json").read_text(encoding="utf-8"))["cells"]
        return found

    off = cells()
    assert {group["state"] for group in off["hk-recognised:cn-licensed-sm2"]["groups"].values()} == {
        "blocked_recognition"
    }
    change(own / "agreements" / "prc-art26-hk.toml", ("enabled = false", "enabled = true"))
    lint = interop("profile", "lint", "--profiles", own / "providers")
    assert lint.code == 0
    assert "prc-art26-hk.toml: enabled: is switched on and hypothetical" in lint.out
    on = cells("--agreements", own / "agreements")
    licensed, government = on["hk-recognised:cn-licensed-sm2"], on["hk-recognised:cn-gov-gm"]
    assert {(g["state"], g["agreement"]) for g in licensed["groups"].values()} == {("accepted", "prc-art26-hk")}
    assert {(g["state"], g["agreement"]) for g in government["groups"].values()} == {
        ("blocked_technical", "prc-art26-hk")
    }
    assert {tuple(g["blocks"]) for g in government["groups"].values()} == {("format", "algorithm")}
