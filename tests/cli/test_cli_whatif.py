"""`interop whatif`: the same as a run with other files, told with its causes; and what cannot be changed is said."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_calls import ROOT, Result

from interop.model.codec import load_json
from interop.model.matrix import Matrix

Interop = Callable[..., Result]
PART = ("--signers", "hk-recognised", "--relying", "cn-licensed-sm2,cn-gov-gm")


def _matrix(interop: Interop, *options: str | Path) -> Matrix:
    answer = interop("run", *PART, "-f", "json", "-o", "-", "--no-remedies", *options)
    return load_json(Matrix, answer.out, name="matrix")


def test_it_says_what_a_run_with_another_agreement_file_says(interop: Interop, tmp_path: Path) -> None:
    agreements = Path(shutil.copytree(ROOT / "profiles" / "agreements", tmp_path / "agreements"))
    file = agreements / "prc-art26-hk.toml"
    text = file.read_text("utf-8")
    assert "enabled = false" in text
    file.write_text(text.replace("enabled = false", "enabled = true"), "utf-8")
    before, after = _matrix(interop), _matrix(interop, "--agreements", agreements)
    differ = {name for name in before.cells if before.cells[name] != after.cells[name]}

    answer = json.loads(interop("whatif", *PART, "--enable", "prc-art26-hk", "-f", "json").out)
    assert answer["changes"] == ["--enable prc-art26-hk"]
    told = {one["cell"]: one for one in answer["transitions"]}
    assert set(told) == differ == {"hk-recognised:cn-licensed-sm2", "hk-recognised:cn-gov-gm"}
    for name, one in told.items():
        assert (one["before"], one["after"]) == (before.cells[name].verdict, after.cells[name].verdict)
        assert one["conformity"] == [before.cells[name].conformity, after.cells[name].conformity]
        for group in one["groups"]:
            assert group["before"] == before.cells[name].groups[group["group"]].state
            assert group["after"] == after.cells[name].groups[group["group"]].state


def test_it_says_what_a_run_with_another_rule_in_the_profile_says(interop: Interop, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "profiles", tmp_path / "profiles"))
    file = folder / "providers" / "cn-gov-gm.toml"
    text = file.read_text("utf-8")
    assert text.count("accept = [") == 1
    file.write_text(text.replace("accept = [", 'accept = ["pades", '), "utf-8")
    before = _matrix(interop)
    after = _matrix(interop, "--profiles", folder / "providers", "--agreements", folder / "agreements")
    states = {
        group: (before.cells["hk-recognised:cn-gov-gm"].groups[group].blocks, after.cells["hk-recognised:cn-gov-gm"].groups[group].blocks)
        for group in before.cells["hk-recognised:cn-gov-gm"].groups
    }  # fmt: skip
    assert any(was != now for was, now in states.values())

    answer = json.loads(interop("whatif", *PART, "--set", "cn-gov-gm:formats.accept+=pades", "-f", "json").out)
    (one,) = answer["transitions"]
    assert one["cell"] == "hk-recognised:cn-gov-gm"
    assert {group["group"] for group in one["groups"]} == {name for name, (was, now) in states.items() if was != now}
    assert all(group["gone"] == ["format.not-accepted"] for group in one["groups"])


def test_the_page_names_the_change_the_cells_and_what_is_no_longer_in_the_way(interop: Interop) -> None:
    page = " ".join(interop("whatif", *PART, "--enable", "prc-art26-hk").out.split())
    assert "(prc-art26-hk) is concluded" in page
    assert "2 of 2 cells judged again come out otherwise, 1 of them with another verdict" in page
    assert "valid, not recognised -> recognised" in page
    assert "no longer in the way: agreement.no-instrument" in page
    assert "not recognised: the verdict stays" in page
    chinese = interop("whatif", *PART, "--enable", "prc-art26-hk", "--lang", "zh").out
    assert "假设" in chinese
    assert "不再受阻于：agreement.no-instrument" in chinese


def test_who_signs_again_is_said(interop: Interop) -> None:
    answer = interop("whatif", *PART, "--reissue", "hk-recognised.scheme:key_usage=keyEncipherment")
    assert answer.code == 0
    assert "issued and signed again: hk-recognised" in answer.out


def test_nothing_that_differs_is_said_too(interop: Interop) -> None:
    answer = interop("whatif", *PART, "--ban", "kz-nca=sha256")
    assert answer.code == 0
    assert "no cell comes out otherwise" in answer.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "nothing is changed"),
        (("--enable", "nothing"), "--enable nothing: unknown agreement 'nothing'"),
        (("--enable", "paa-club"), "--enable paa-club: is a framework only and grants nothing"),
        (("--repeal", "zz-to-eu=soon"), "--repeal zz-to-eu=soon: 'soon' is no instant"),
        (("--repeal", "zz-to-eu"), "--repeal 'zz-to-eu' is not ID=TIME"),
        (("--ban", "sha999"), "--ban sha999: unknown algorithm 'sha999'"),
        (("--set", "foo.bar=1"), "--set foo.bar=1: foo: unknown key (did you mean 'floor'?)"),
        (("--trust", "hk-recognised=eu-qtsp-natural:rooot"), "--trust hk-recognised=eu-qtsp-natural:rooot: unknown certificate 'rooot'"),
        (("--reissue", "hk-recognised.nobody:key_usage=x"), "--reissue hk-recognised.nobody:key_usage=x: unknown identity 'nobody'"),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_is_said_in_one_line(interop: Interop, options: tuple[str, ...], said: str) -> None:
    answer = interop("whatif", *PART, *options)
    assert answer.code == 2
    assert answer.error.startswith(said)
    assert answer.hints or "did you mean" in answer.error
