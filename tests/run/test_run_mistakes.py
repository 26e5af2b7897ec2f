"""Wrong usage and broken profiles through the command line: every mistake at once, with its place, exit 2, nothing made."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from core_run import ROOT, CommandLine, Core

SHIPPED = ROOT / "profiles" / "providers"


def made(interop: CommandLine) -> list[Path]:
    """Files in the output and cache folders."""
    return [path for folder in ("out", "c") for path in (interop.folder / folder).rglob("*") if path.is_file()]


@pytest.fixture
def profiles(interop: CommandLine) -> Path:
    """A folder with one profile of one's own, and agreements beside it that name nobody else."""
    folder = interop.folder / "profiles"
    folder.mkdir()
    text = (SHIPPED / "us-fpki.toml").read_text(encoding="utf-8")
    (folder / "us-fpki.toml").write_text(re.sub(r"(?m)^load = .*\n", "", text), encoding="utf-8")
    agreements = interop.folder / "agreements"
    agreements.mkdir()
    shutil.copy(ROOT / "profiles" / "agreements" / "us-home.toml", agreements)
    return folder


def test_a_profile_of_ones_own_runs(interop: CommandLine, profiles: Path) -> None:
    said = interop("run", "-q", "-j", "0", "--cache", "c", "--profiles", profiles, "--agreements", "agreements")
    assert (said.code, said.err) == (0, "")
    assert "us-fpki" in said.out


def test_five_planted_mistakes_give_five_messages(interop: CommandLine, profiles: Path) -> None:
    path = profiles / "us-fpki.toml"
    text = path.read_text(encoding="utf-8")
    planted = [
        ('floor = "L2"', 'floor = "L9"'),
        ('suites = ["etsi-ts-119312"]', 'suites = ["etsi-ts-119321"]'),
        ('accept = ["pades", "pdf-pkcs7"]', 'accept = ["pades", "pdf-pkcs77"]'),
        ("explicit_policy = true", "explicit_polity = true"),
        ('jurisdiction = "US"', 'jurisdiction = "USA"'),
    ]
    for was, now in planted:
        assert text.count(was) == 1, was
        text = text.replace(was, now)
    path.write_text(text, encoding="utf-8")
    said = interop("run", "--cache", "c", "--profiles", profiles, "--agreements", "agreements")
    assert (said.code, said.out) == (2, "")
    head, *lines = said.err.strip().splitlines()
    assert head == f"interop: error: {path}: 5 problems"
    mistakes = [line for line in lines if not line.startswith("hint:")]
    assert len(mistakes) == 5
    for place in ("relying.floor", "suites", "relying.formats.accept", "explicit_polity", "jurisdiction"):
        assert sum(place in line for line in mistakes) == 1, (place, mistakes)
    assert any("'etsi-ts-119312'" in line for line in mistakes)  # the nearest one that is there
    assert made(interop) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--signers", "hk-recognized"], "unknown signer 'hk-recognized' (did you mean 'hk-recognised'?)"),
        (["--relying", "us-fpki,cn-gov"], "unknown relying party 'cn-gov' (did you mean 'cn-gov-gm'?)"),
        (["--set", "gore"], "unknown set 'gore' (did you mean 'core'?)"),
        (["-k", "us-fpki:hk-recognise"], "unknown relying party 'hk-recognise' (did you mean 'hk-recognised'?)"),
        (["-k", "pades and"], "-k 'pades and' ends where a word is expected"),
        (["--real", "hk-recognized=true"], "unknown relying party 'hk-recognized' (did you mean 'hk-recognised'?)"),
        (["--real", "hk-recognised"], "--real 'hk-recognised' is not ID=COMMAND"),
        (["--real", "hk-recognised= "], "is not ID=COMMAND"),
        (["--real", "hk-recognised=/no/such/program"], "'/no/such/program' cannot be started"),
        (["--real", "hk-recognised=verify 'it"], "the command for 'hk-recognised' cannot be read"),
        (["--engine", "opensl"], "unknown engine 'opensl'"),
        (["--format", "pdf"], "unknown format 'pdf'"),
        (["--profiles", "nowhere"], "nowhere"),
        (["--at", "tomorrow"], "'tomorrow' is no instant"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_made(interop: CommandLine, arguments: list[str], says: str) -> None:
    said = interop("run", "--cache", "c", "-j", "0", *arguments)
    assert (said.code, said.out) == (2, "")
    assert says in said.err
    assert "Traceback" not in said.err
    assert made(interop) == []


def test_nothing_selected_exits_5(interop: CommandLine) -> None:
    said = interop("run", "-k", "no-such-word", "--cache", "c")
    assert (said.code, said.out) == (5, "")
    assert "nothing is selected" in said.err


def test_broken_promises_gate_on_request_only(core: Core, interop: CommandLine) -> None:
    """P1 -> P2: the law promises, the envelope fails. Exit 0, and 1 with --fail-on promise."""
    arguments = ("run", "-q", "-j", "0", "--cache", core.cache, "-k", "cn-licensed-sm2:cn-gov-gm")
    assert interop(*arguments).code == 0
    assert interop(*arguments, "--fail-on", "promise").code == 1


def test_a_folder_that_cannot_be_written_is_told(core: Core, interop: CommandLine) -> None:
    (interop.folder / "file").write_text("")
    said = interop("run", "-q", "-j", "0", "--cache", core.cache, "-k", "us-fpki:us-fpki", "-o", "file/out")
    assert said.code == 2
    assert "file/out" in said.err
    assert "cannot be" in said.err
