"""Streams: data on standard output, talk on standard error, colour and progress only where a person looks."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from fcntl import ioctl
from pathlib import Path

import pytest
from cli_calls import Result
from rich.cells import cell_len

from interop.profile.load import load_world
from interop.report.digest import column_code

Interop = Callable[..., Result]

CODE = "import sys; from interop.cli import main; sys.argv[0] = 'interop'; main()"
FEW = ("--relying", "eu-qtsp-natural,hk-recognised,us-fpki")
"""So few columns that words stand in the cells."""
RUN = ("run", "-k", "us-fpki", *FEW, "-o", "out")


def _on_terminal(
    *arguments: str, folder: Path, columns: int, env: Mapping[str, str], both: bool = True
) -> tuple[int, str, bytes]:
    """(exit code, what the terminal got, what went into the pipe). `both`: standard error is the terminal too."""
    master, slave = pty.openpty()
    ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    kept = {k: v for k, v in os.environ.items() if not k.startswith("INTEROP_") and k not in {"COLUMNS", "NO_COLOR"}}
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, *arguments], cwd=folder, stdin=slave, stdout=slave if both else subprocess.PIPE,
        stderr=slave, env={**kept, "TERM": "xterm-256color", "PYTHONUTF8": "1", **env},
    )  # fmt: skip
    os.close(slave)
    shown = bytearray()
    end = time.monotonic() + 60
    while time.monotonic() < end:
        ready, _, _ = select.select([master], [], [], 0.2)
        if ready:
            try:
                piece = os.read(master, 65536)
            except OSError:  # Linux says EIO when the other side has closed
                break
            if not piece:
                break
            shown += piece
        elif process.poll() is not None:
            break
    piped = b"" if process.stdout is None else process.stdout.read()
    if process.stdout is not None:
        process.stdout.close()
    code = process.wait(timeout=10)
    os.close(master)
    return code, shown.decode(), piped


def _screen(shown: str) -> list[str]:
    """The lines that stay: colours taken away, what a carriage return overwrites forgotten."""
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    return [line.rsplit("\r", 1)[-1] for line in text.replace("\r\n", "\n").split("\n")]


def test_on_a_terminal_there_is_colour_and_its_width_is_used(cache: Path, tmp_path: Path) -> None:
    code, shown, _ = _on_terminal(*RUN, folder=tmp_path, columns=80, env={"INTEROP_CACHE": str(cache)})
    assert code == 0, shown
    assert "\x1b[32m" in shown  # green, for what is recognised
    lines = _screen(shown)
    assert any(line.startswith("us-fpki ") for line in lines)
    assert all(cell_len(line) <= 80 for line in lines if not line.startswith("interop: "))


@pytest.mark.parametrize("columns", [80, 120, 200])
def test_twenty_four_relying_parties_stand_side_by_side(cache: Path, tmp_path: Path, columns: int) -> None:
    run = ("run", "-k", "us-fpki", "-q")
    code, shown, _ = _on_terminal(*run, folder=tmp_path, columns=columns, env={"INTEROP_CACHE": str(cache)})
    assert code == 0, shown
    lines = _screen(shown)
    parties = [
        provider.id for provider in load_world().providers if provider.identities
    ]  # who signs nothing is no column
    (row,) = [line for line in lines if re.match(r"[A-Z]+ us-fpki ", line)]
    assert len(re.findall(r"[·‼⚠∅?✓↓◐◇✗]", row)) == len(parties) >= 24
    assert all(cell_len(line) <= columns for line in lines)
    for index, party in enumerate(parties):  # every letter is explained, in a row or below
        assert re.search(rf"(?:^|  ){column_code(index)} {re.escape(party)}(?= |$)", "\n".join(lines), re.MULTILINE)


def test_no_color_is_respected_on_a_terminal(cache: Path, tmp_path: Path) -> None:
    env = {"INTEROP_CACHE": str(cache), "NO_COLOR": "1"}
    code, shown, _ = _on_terminal(*RUN, folder=tmp_path, columns=80, env=env)
    assert code == 0
    colours = re.findall(r"\x1b\[([0-9;]*)m", shown)
    assert not [c for c in colours if any(30 <= int(n) <= 49 or 90 <= int(n) <= 107 for n in c.split(";") if n)]


def test_data_into_a_pipe_stays_clean_while_a_person_looks_at_progress(cache: Path, tmp_path: Path) -> None:
    env = {"INTEROP_CACHE": str(cache)}
    code, shown, piped = _on_terminal(*RUN, folder=tmp_path, columns=80, env=env, both=False)
    assert code == 0
    assert b"\x1b" not in piped
    assert "who recognises whom" in piped.decode()
    assert "who recognises whom" not in shown
    assert re.search(r"interop: [1-9]\d* vectors", shown)


def test_in_a_pipe_there_is_neither_colour_nor_progress(interop: Interop, tmp_path: Path) -> None:
    result = interop(*RUN, folder=tmp_path)
    assert "\x1b" not in result.out + result.err
    assert "\r" not in result.out + result.err
    assert re.fullmatch(r"interop: [1-9]\d* vectors \(\d+ made now\), files in out/\n", result.err)


def test_force_color_in_a_pipe(interop: Interop, tmp_path: Path) -> None:
    assert "\x1b[" in interop(*RUN, folder=tmp_path, env={"FORCE_COLOR": "1", "TERM": "xterm-256color"}).out


def test_quiet_says_nothing(interop: Interop, tmp_path: Path) -> None:
    assert interop(*RUN, "-q", folder=tmp_path).err == ""


@pytest.mark.parametrize("columns", ["80", "200"])
def test_columns_decide_the_width_of_a_pipe(interop: Interop, tmp_path: Path, columns: str) -> None:
    shown = interop("run", "-k", "us-fpki", "-q", folder=tmp_path, env={"COLUMNS": columns}).out
    assert max(cell_len(line) for line in shown.splitlines()) <= int(columns)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_encoding_that_lacks_a_character_is_no_error(
    interop: Interop, tmp_path: Path, encoding: str, lang: str
) -> None:
    result = interop("run", "-k", "us-fpki", *FEW, "-q", "--lang", lang, folder=tmp_path, encoding=encoding)
    assert result.code == 0
    assert "+ L4" in result.out
    assert "✓" not in result.out
    if encoding == "gbk" and lang == "zh":
        assert "互认" in result.out


def test_json_is_utf_8_whatever_the_terminal_writes(interop: Interop) -> None:
    result = interop("profile", "show", "cn-gov-gm", "-f", "json", encoding="ascii")
    # the stream's own decoder would fail on what is not ASCII: the bytes are those of RFC 8259
    assert result.code == 0
    assert json.loads(result.out)["id"] == "cn-gov-gm"


def test_the_summary_has_the_language_asked_for(interop: Interop, tmp_path: Path) -> None:
    interop("run", "-k", "us-fpki", "-q", "-f", "markdown", "--lang", "zh", folder=tmp_path)
    assert (tmp_path / "out" / "summary.md").read_text(encoding="utf-8").startswith("# 互认矩阵\n")


def test_formats_choose_what_is_written(interop: Interop, tmp_path: Path) -> None:
    result = interop("run", "-k", "us-fpki", "-q", "-f", "json", folder=tmp_path)
    assert result.out == ""
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"facts.jsonl", "objects", "matrix.json"}
