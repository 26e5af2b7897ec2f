"""`interop agreement export`: lists as files, and what it says about them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_calls import ROOT, Result

from interop.profile.load import load_world

Interop = Callable[..., Result]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_writes_a_list_for_each_provider_and_names_the_areas(interop: Interop, tmp_path: Path) -> None:
    result = interop("agreement", "export", "-o", tmp_path / "lists")
    assert result.code == 0, result.err
    world = load_world()
    assert {f"{provider.id}.xml" for provider in world.providers} < set(contents(tmp_path / "lists"))
    rows = " ".join(result.out.split())
    assert "lotl-eu.xml eu-qtsp-natural, eu-qtsp-seal, eu-qtsp-brainpool" in rows
    assert f"interop: {len(world.providers)} lists of providers" in result.err


def test_json_names_every_file_and_every_area_with_its_law(interop: Interop, tmp_path: Path) -> None:
    result = interop("agreement", "export", "-o", tmp_path / "lists", "-f", "json", "--at", "2026-03-01")
    said = json.loads(result.out)
    assert said["issued"] == "2026-03-01T00:00:00Z"
    assert said["files"] == sorted(contents(tmp_path / "lists"))
    areas = {area["file"]: area for area in said["areas"]}
    assert areas["lotl-zz.xml"] == {
        "file": "lotl-zz.xml",
        "territory": "ZZ",
        "members": ["zz-pilot"],
        "law": "zz-home",
    }
    assert b"<tsl:ListIssueDateTime>2026-03-01T00:00:00Z<" in contents(tmp_path / "lists")["lotl-zz.xml"]


def test_it_repeats_byte_for_byte(interop: Interop, tmp_path: Path) -> None:
    for name in ("one", "other", "one"):
        assert interop("agreement", "export", "-o", tmp_path / name).code == 0
    assert contents(tmp_path / "one") == contents(tmp_path / "other")


def test_it_speaks_chinese(interop: Interop, tmp_path: Path) -> None:
    assert "份服务者信任列表" in interop("agreement", "export", "-o", tmp_path / "lists", "--lang", "zh").err


def test_other_files_are_not_overwritten(interop: Interop, tmp_path: Path) -> None:
    assert interop("agreement", "export", "-o", tmp_path).code == 0
    before = contents(tmp_path)
    result = interop("agreement", "export", "-o", tmp_path, "--at", "2026-04-01")
    assert result.code == 2
    assert "are there already and differ" in result.error
    assert result.hints == ["name a new folder with -o"]
    assert contents(tmp_path) == before


def test_a_folder_that_cannot_be_made(interop: Interop, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = interop("agreement", "export", "-o", tmp_path / "file" / "lists")
    assert result.code == 2
    assert "cannot be written" in result.error


def test_an_instrument_that_grants_nothing_is_on_no_list(interop: Interop, tmp_path: Path) -> None:
    """Switched off (article 26 of the PRC law), and a framework alone (Singapore and the EU)."""
    assert interop("agreement", "export", "-o", tmp_path).code == 0
    text = b"".join(contents(tmp_path).values())
    assert b'id="hk-to-gd"' in text
    assert b"prc-art26-hk" not in text
    assert b"sg-eu-digital-trade" not in text


@pytest.fixture
def own(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "profiles" / "providers", tmp_path / "providers")
    shutil.copytree(ROOT / "profiles" / "agreements", tmp_path / "agreements")
    return tmp_path


def test_own_agreements_and_their_mistakes(interop: Interop, own: Path) -> None:
    folders = ("--profiles", own / "providers", "--agreements", own / "agreements")
    file = own / "agreements" / "zz-to-eu.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("zz-pilot:issuing", "zz-pilot:nobody"), encoding="utf-8")
    wrong = interop("agreement", "export", "-o", own / "lists", *folders)
    assert wrong.code == 2
    assert "zz-to-eu" in wrong.err
    assert not (own / "lists").exists()
    file.write_text(text + "\n[[history]]\nat = 2026-01-01T00:00:00Z\nstatus = 'repealed'\n", encoding="utf-8")
    assert interop("agreement", "export", "-o", own / "lists", *folders).code == 0
    assert b"http://ec.europa.eu/tools/lotl/mra/repealed" in contents(own / "lists")["lotl-eu.xml"]
