"""Reading the documentation: pages, code blocks, commands, marked outputs.

A page is a session. Blocks with the info string `sh` are run line by line in one folder that has `profiles` and `vectors` of the
repository in it; `# exit N` at the end of a line says which exit code is expected. Blocks `sh parse` are only parsed: they name files
that a reader has and we have not. A block `python run` is run as a script. Three comments give a block a meaning:

    <!-- output of: COMMAND -->                    the block below is what COMMAND prints (100 columns, no colour)
    <!-- output of: COMMAND | before: TEXT -->     its beginning, up to the first line that starts with TEXT
    <!-- file: NAME -->                            the block below is a file of the session
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ROOT", "Block", "blocks", "commands", "pages", "printed", "run_line", "session_folder"]

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"<!-- (?P<kind>output of|file): (?P<what>.+?)(?: \| before: (?P<before>.+?))? -->\s*\Z")
_EXIT = re.compile(r"\s+# exit (?P<code>\d+)\s*$")
_MORE = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block."""

    page: str
    """Path relative to the root."""
    info: str
    body: str
    start: int
    """Where the body begins in the page's text."""
    output_of: str | None = None
    before: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One command."""

    page: str
    text: str
    exit_code: int
    runs: bool


def pages() -> tuple[Path, ...]:
    """Every Markdown page of the repository that people read."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")]
    return tuple(sorted(found))


def blocks(page: Path) -> tuple[Block, ...]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    found = []
    for fence in _FENCE.finditer(text):
        mark = _MARK.search(text, 0, fence.start())
        kind = None if mark is None else mark["kind"]
        found.append(
            Block(
                page=page.relative_to(ROOT).as_posix(),
                info=fence["info"].strip(),
                body=fence["body"],
                start=fence.start("body"),
                output_of=mark["what"] if mark is not None and kind == "output of" else None,
                before=mark["before"] if mark is not None else None,
                file=mark["what"] if mark is not None and kind == "file" else None,
            )
        )
    return tuple(found)


def commands(block: Block) -> Iterator[Line]:
    """The commands of one `sh` block; comment lines are left out, continued lines joined."""
    if block.info == "python run":
        yield Line(page=block.page, text=f"python -c {shlex.quote(block.body)}", exit_code=0, runs=True)
    if block.info.split(" ")[0] != "sh":
        return
    for raw in block.body.replace("\\\n", " ").splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        expected = _EXIT.search(line)
        text = line if expected is None else line[: expected.start()]
        yield Line(
            page=block.page,
            text=re.sub(r"^\.venv/bin/", "", text),
            exit_code=0 if expected is None else int(expected["code"]),
            runs=block.info == "sh" and not text.startswith("make "),
        )


def session_folder(folder: Path) -> Path:
    """A folder as a reader has it who stands in the root of a checkout."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("profiles", "vectors"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def run_line(text: str, folder: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    """One command as a reader runs it: no terminal, 100 columns, no colour, a cache of its own."""
    here = Path(sys.executable).parent
    kept = {key: value for key, value in os.environ.items() if not key.startswith("INTEROP_")}
    env = {
        **kept, "PATH": f"{here}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "100", "NO_COLOR": "1",
        "INTEROP_CACHE": str(cache), "PYTHONUTF8": "1",
        # what is shown has them, and is run as it stands; for the others they are half a minute each
        **({} if text.strip() == "interop run" else {"INTEROP_RUN_NO_REMEDIES": "1"}),
    }  # fmt: skip
    return subprocess.run(
        ["bash", "-c", text], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300
    )


def printed(block: Block, stdout: str) -> str:
    """What an output block has to hold: trailing blanks gone, cut where the mark says so.

    Raises LookupError where nothing was printed, or where that place is missing.
    """
    if not stdout.strip():
        raise LookupError(f"{block.page}: `{block.output_of}` prints nothing")
    lines = [line.rstrip() for line in stdout.rstrip().splitlines()]
    if block.before is not None:
        ends = [index for index, line in enumerate(lines) if line.startswith(block.before)]
        if not ends:
            raise LookupError(f"{block.page}: no line of `{block.output_of}` starts with {block.before!r}")
        lines = [*lines[: ends[0]], _MORE]
    return "\n".join(lines) + "\n"


def words(text: str) -> list[str]:
    """A command as the shell splits it, up to the first pipe or redirection."""
    split = shlex.split(text, comments=True)
    ends = [index for index, word in enumerate(split) if word in {"|", ">", "<", "&&", ";"}]
    return split[: ends[0]] if ends else split
