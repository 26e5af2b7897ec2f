"""`interop run --lists`: whom to trust by lists, from the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_calls import Result

Interop = Callable[..., Result]
CELL = "eu-qtsp-natural:uk-qtsp"


@pytest.fixture
def lists(interop: Interop, tmp_path: Path) -> Path:
    folder = tmp_path / "lists"
    assert interop("agreement", "export", "-o", folder).code == 0
    return folder


def judged(interop: Interop, *options: str | Path) -> tuple[dict[str, Any], Result]:
    result = interop("run", "-k", CELL, "--no-remedies", "-f", "json", "-o", "-", *options)
    assert result.code == 0, result.err
    return json.loads(result.out), result


def test_exported_lists_say_what_profiles_say(interop: Interop, lists: Path) -> None:
    by_profiles, _ = judged(interop)
    by_lists, result = judged(interop, "--lists", lists)
    assert by_lists["cells"] == by_profiles["cells"]
    assert by_lists["cells"][CELL]["verdict"] == "recognised"
    assert set(by_lists["header"]["inputs"]) == {"cases", "lists", "profiles", "suites"}
    assert result.err == "", "no remark about lists"


def test_without_a_list_the_cell_changes_and_the_reason_is_told(interop: Interop, lists: Path) -> None:
    (lists / "eu-qtsp-natural.xml").unlink()
    matrix, result = judged(interop, "--lists", lists)
    assert matrix["cells"][CELL]["verdict"] == "valid_not_recognised"
    told = [line for line in result.err.splitlines() if "leads to no list here" in line]
    assert any(line.startswith("interop: lotl-uk.xml: the pointer to") for line in told)
    quiet = interop("run", "-k", CELL, "--no-remedies", "-f", "json", "-o", "-", "-q", "--lists", lists)
    assert quiet.err == ""


def test_a_damaged_list_is_refused_before_anything_is_made(interop: Interop, lists: Path, tmp_path: Path) -> None:
    path = lists / "eu-qtsp-natural.xml"
    path.write_bytes(path.read_bytes().replace(b"Svcstatus/granted", b"Svcstatus/Granted", 1))
    result = interop("run", "-k", CELL, "--lists", lists, "-o", tmp_path / "out")
    assert result.code == 2
    assert re.search(r"eu-qtsp-natural\.xml +the trusted list was changed.*\(trust\.list-damaged\)", result.err), (
        result.err
    )
    assert result.error.startswith(f"{lists}: 1 problem")
    assert result.hints == ["nothing was run; ask the publisher for the list as signed"]
    assert not [*(tmp_path / "out").iterdir()]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / "signers.pem").unlink(), "no signers.pem in that folder"),
        (lambda folder: (folder / "signers.pem").write_text("nothing", encoding="utf-8"), "signers.pem"),
        (lambda folder: (folder / "lotl-uk.xml").write_text("<html/>", encoding="utf-8"), "no TrustServiceStatusList"),
    ],
)
def test_other_mistakes_of_a_folder(interop: Interop, lists: Path, damage: Callable[[Path], None], said: str) -> None:
    damage(lists)
    result = interop("run", "-k", CELL, "--lists", lists)
    assert result.code == 2
    assert result.error
    assert said in result.err


def test_no_folder_no_list(interop: Interop, tmp_path: Path) -> None:
    assert interop("run", "-k", CELL, "--lists", tmp_path / "nowhere").code == 2
    empty = interop("run", "-k", CELL, "--lists", tmp_path)
    assert empty.code == 5
    assert empty.hints == ["`interop agreement export -o DIR` writes some"]


def test_certificates_made_for_http_are_on_no_list(interop: Interop, lists: Path) -> None:
    result = interop("run", "-k", CELL, "--lists", lists, "--live-pki")
    assert result.code == 2
    assert result.error.startswith("--lists: the certificates of --live-pki are on no list")


def test_the_folder_may_be_set_for_good(interop: Interop, lists: Path) -> None:
    result = interop("run", "-k", CELL, "--no-remedies", "-f", "json", "-o", "-", env={"INTEROP_RUN_LISTS": str(lists)})
    assert "lists" in json.loads(result.out)["header"]["inputs"]
