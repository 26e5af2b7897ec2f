"""Every command in the documentation can be typed: it parses, and what needs nothing of the reader's own is run."""

from __future__ import annotations

import re
from pathlib import Path
from unittest import mock

import click
import pytest
from docs_pages import ROOT, Block, blocks, commands, pages, printed, run_line, session_folder, words

from interop.cli import cli
from interop.cli.lazy import COMMANDS

_TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
_SPAN = re.compile(r"`interop ([^`\n]+)`")


def _all(page: Path) -> list[Block]:
    return list(blocks(page))


def _parse(arguments: list[str]) -> None:
    """Parse a command line to its last option, without running the command; files that it names are the reader's."""
    with (
        mock.patch.object(click.Command, "invoke", return_value=0),
        mock.patch.object(click.Path, "convert", lambda _self, value, _param, _ctx: value),
    ):
        cli.main(arguments, prog_name="interop", standalone_mode=False)


def _lines() -> list[str]:
    found = [
        line.text
        for page in pages()
        for block in _all(page)
        for line in commands(block)
        if line.text.startswith("interop ")
    ]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("text", _lines())
def test_command_parses(text: str) -> None:
    _parse(words(text)[1:])


def test_a_wrong_option_would_be_seen() -> None:
    with pytest.raises(click.UsageError):
        _parse(["run", "--no-such-option"])


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_spans_name_real_verbs_and_options(page: Path) -> None:
    """`interop run --at` inside a sentence: the verb exists, and each option is an option of it."""
    for span in _SPAN.findall(page.read_text(encoding="utf-8")):
        typed = span.split()
        command: click.Command = cli
        ctx = click.Context(cli)
        while typed and isinstance(command, click.Group) and not typed[0].startswith("-"):
            name = typed.pop(0)
            found = [command.get_command(ctx, part) for part in name.split("|")]
            assert all(found), f"{page.name}: `interop {span}`: no such command"
            command = found[0] or command
        known = {option for parameter in command.params for option in parameter.opts} | {"--help", "-h", "--version"}
        for word in typed:
            if word.startswith("-") and word != "-":
                assert word.split("=")[0] in known, f"{page.name}: `interop {span}`: no option {word}"


def test_make_targets_exist() -> None:
    targets = set(_TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    named = {
        line.text.split()[1]
        for page in pages()
        for block in _all(page)
        for line in commands(block)
        if line.text.startswith("make ")
    }
    assert {"matrix", "test"} <= named
    assert named <= targets


def test_readme_names_the_two_commands_alone_on_their_lines() -> None:
    lines = [line.text for block in blocks(ROOT / "README.md") for line in commands(block)]
    assert "make matrix" in lines
    assert "make test" in lines


def test_every_help_example_parses() -> None:
    """The examples in the help texts are documentation too."""
    seen = 0
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        for raw in (command.epilog or "").splitlines():
            text = re.split(r"\s{3,}", raw.strip())[0]
            if text.startswith("interop "):
                seen += 1
                _parse(words(text)[1:])
            elif "| interop " in text:
                _parse(words(text.partition("| ")[2])[1:])
    assert seen > 20


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all workers of one test run."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if base.name.startswith("popen-") else base) / "docs-cache"


def _sessions() -> list[Path]:
    return [page for page in pages() if any(b.output_of or b.info in {"sh", "python run"} for b in _all(page))]


@pytest.mark.parametrize("page", _sessions(), ids=lambda page: page.name)
def test_page_does_what_it_shows(page: Path, tmp_path: Path, shared_cache: Path) -> None:
    """Run the page from top to bottom as a reader would; what it prints today is what the page shows."""
    folder = session_folder(tmp_path / "checkout")
    for block in _all(page):
        if block.file is not None:
            (folder / block.file).write_text(block.body, encoding="utf-8")
        for line in commands(block):
            if line.runs:
                done = run_line(line.text, folder, shared_cache)
                assert done.returncode == line.exit_code, f"{line.text}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        if block.output_of is not None:
            done = run_line(block.output_of, folder, shared_cache)
            assert printed(block, done.stdout) == block.body, (
                f"{block.page}: what `{block.output_of}` prints has changed; "
                "`python tests/docs/docs_writer.py` writes it again\n" + done.stderr[-2000:]
            )
