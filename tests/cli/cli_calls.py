"""Calling the command line in this process, as `main` does, with streams that are what a pipe or a terminal would be."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from interop.cli import run_command

__all__ = ["ROOT", "Result", "call"]

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Result:
    """What a command line left behind."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one line of the error. AssertionError where the shape of the design (section 6) is broken."""
        first, *rest = self.err.rstrip("\n").split("\n")
        assert first.startswith("interop: error: "), self.err
        assert all(line.startswith(("hint: ", "  ")) for line in rest), self.err
        said = first.removeprefix("interop: error: ")
        assert said[:1] == said[:1].lower(), first
        assert self.out == "", self.out
        return said

    @property
    def hints(self) -> list[str]:
        return [line.removeprefix("hint: ") for line in self.err.splitlines() if line.startswith("hint: ")]


class _Stream(io.TextIOWrapper):
    """A text stream over bytes, in the encoding of a made-up terminal."""

    def __init__(self, data: bytes = b"", *, encoding: str = "utf-8", tty: bool = False) -> None:
        self.bytes = io.BytesIO(data)
        self._tty = tty
        super().__init__(self.bytes, encoding=encoding, errors="backslashreplace", write_through=True)

    def isatty(self) -> bool:
        return self._tty

    def text(self) -> str:
        self.flush()
        written = self.bytes.getvalue()
        try:
            return written.decode(self.encoding)
        except UnicodeDecodeError:  # JSON is UTF-8, whatever the terminal's encoding
            return written.decode("utf-8")


@contextmanager
def _environment(values: Mapping[str, str], folder: Path | None) -> Iterator[None]:
    before, here = dict(os.environ), Path.cwd()
    for name in [n for n in os.environ if n.startswith("INTEROP_") or n in {"COLUMNS", "NO_COLOR", "FORCE_COLOR"}]:
        if name != "INTEROP_TEST_DATA":
            del os.environ[name]
    os.environ.update(values)
    try:
        if folder is not None:
            os.chdir(folder)
        yield
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)


def call(
    *arguments: str | Path,
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
    stdin: bytes = b"",
    encoding: str = "utf-8",
    tty: bool = False,
) -> Result:
    """One command line. `env` holds all INTEROP_ variables there are; `folder` is the working folder."""
    out, err = _Stream(encoding=encoding, tty=tty), _Stream(encoding=encoding)
    saved = sys.stdin, sys.stdout, sys.stderr
    with _environment(env or {}, folder):
        sys.stdin, sys.stdout, sys.stderr = _Stream(stdin), out, err
        try:
            code = run_command([str(argument) for argument in arguments])
        finally:
            sys.stdin, sys.stdout, sys.stderr = saved
    return Result(code, out.text(), err.text())
