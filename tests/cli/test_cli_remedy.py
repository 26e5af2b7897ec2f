"""`interop remedy`: what would turn blocked cells, as somebody at the command line reads it, and in `matrix.json`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_calls import ROOT, Result

Interop = Callable[..., Result]
CELL = "hk-recognised:cn-licensed-sm2"
PART = ("--signers", "hk-recognised,cn-gov-gm", "--relying", "cn-licensed-sm2,cn-gov-gm,cn-finance-lei")


def _answer(interop: Interop, *options: str) -> dict[str, list[str] | None]:
    plain = json.loads(interop("remedy", *options, "-f", "json").out)
    return {
        name: None
        if cell["remedies"] is None
        else [" ".join(plain["remedies"][index]["changes"]) for index in cell["remedies"]]
        for name, cell in plain["cells"].items()
    }


def test_one_cell_is_told_with_who_must_act_and_the_command_that_shows_it(interop: Interop) -> None:
    page = " ".join(interop("remedy", CELL).out.split())
    assert f"◇ {CELL} valid, not recognised" in page
    assert "(prc-art26-hk) is concluded" in page
    assert "to act: regulator; takes: legal instrument; becomes: recognised" in page
    assert "try it: interop whatif --enable prc-art26-hk" in page
    chinese = interop("remedy", CELL, "--lang", "zh").out
    assert "试一试：interop whatif --enable prc-art26-hk" in chinese
    assert "法律文件" in chinese


def test_the_command_has_what_this_call_had(interop: Interop, tmp_path: Path) -> None:
    profiles = Path(shutil.copytree(ROOT / "profiles", tmp_path / "profiles"))
    own = ("--profiles", profiles / "providers", "--agreements", profiles / "agreements")
    page = " ".join(interop("remedy", CELL, "--at", "2026-03-03", *own).out.split())
    assert (
        f"interop whatif --at 2026-03-03T00:00:00Z --profiles {own[1]} --agreements {own[3]} --enable prc-art26-hk"
        in page
    )


def test_the_command_that_it_names_turns_the_cell(interop: Interop) -> None:
    shown = interop("whatif", "--enable", "prc-art26-hk", "--signers", "hk-recognised", "--relying", "cn-licensed-sm2")
    assert "valid, not recognised -> recognised" in shown.out
    assert CELL in shown.out


def test_all_remedies_are_ranked_by_the_cells_that_they_turn(interop: Interop) -> None:
    plain = json.loads(interop("remedy", *PART, "-f", "json").out)
    gained = [len(remedy["cells"]) for remedy in plain["remedies"]]
    assert gained == sorted(gained, reverse=True)
    page = interop("remedy", *PART, "--most", "1").out
    assert f"{len(gained)} remedies" in page
    assert f"and {len(gained) - 1} more remedies" in " ".join(page.split())


def test_the_matrix_holds_the_same(interop: Interop, tmp_path: Path) -> None:
    interop("run", *PART, "-o", tmp_path, "-f", "json")
    matrix = json.loads((tmp_path / "matrix.json").read_text("utf-8"))
    plain = json.loads(interop("remedy", *PART, "-f", "json").out)
    assert matrix["remedies"] == plain["remedies"]
    assert {name: cell["remedies"] for name, cell in matrix["cells"].items()} == {
        name: cell["remedies"] for name, cell in plain["cells"].items()
    }


def test_they_can_be_left_out_of_a_run(interop: Interop, tmp_path: Path) -> None:
    interop("run", *PART, "-o", tmp_path, "-f", "json", "--no-remedies")
    matrix = json.loads((tmp_path / "matrix.json").read_text("utf-8"))
    assert matrix["remedies"] == []
    assert {cell["remedies"] for cell in matrix["cells"].values()} == {None}


def test_only_what_one_side_can_do_alone_or_what_costs_little(interop: Interop) -> None:
    cell = "cn-gov-gm:cn-finance-lei"
    every = _answer(interop, cell)[cell]
    assert every == ["--emit cn-gov-gm.seal=pades/b-b", "--set cn-finance-lei:formats.accept+=pdf-gm"]
    assert _answer(interop, cell, "--actor", "signer")[cell] == ["--emit cn-gov-gm.seal=pades/b-b"]
    assert _answer(interop, cell, "--actor", "relying-party")[cell] == ["--set cn-finance-lei:formats.accept+=pdf-gm"]
    assert _answer(interop, cell, "--cost", "signing")[cell] == ["--emit cn-gov-gm.seal=pades/b-b"]
    assert _answer(interop, cell, "--cost", "configuration")[cell] == []
    assert "none of the kind asked for" in interop("remedy", cell, "--cost", "configuration").out


def test_where_no_change_would_help_it_says_so(interop: Interop) -> None:
    page = interop("remedy", CELL, "--at", "2046-03-02")
    assert page.code == 0
    assert "no change that is known here would help" in page.out
    listed = interop("remedy", "--signers", "hk-recognised", "--relying", "cn-licensed-sm2", "--at", "2046-03-02").out
    assert "cells that no change known here would turn: 1" in listed
    assert CELL in listed


def test_a_recognised_cell_has_nothing_to_remedy(interop: Interop) -> None:
    assert "nothing to remedy" in interop("remedy", "hk-recognised:hk-recognised").out


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("hk-recognised", "'hk-recognised' is no cell"),
        ("hk-recognised:cn-licensed-sm2/pades", "'hk-recognised:cn-licensed-sm2/pades' is no cell"),
        ("hk-recognized:cn-licensed-sm2", "unknown signer 'hk-recognized' (did you mean 'hk-recognised'?)"),
    ],
)
def test_what_is_no_cell_is_said(interop: Interop, what: str, said: str) -> None:
    answer = interop("remedy", what)
    assert answer.code == 2
    assert answer.error == said
    assert answer.hints
