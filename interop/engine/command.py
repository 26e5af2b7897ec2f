"""Calling a program: no shell, bounded time, its own scratch folder, a death told apart from an answer."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from interop.model.errors import EngineError

__all__ = ["Answer", "call", "find", "first_line", "to_pem", "version_of"]

TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a program said."""

    code: int
    """Exit code; never negative (a death by signal raises)."""
    out: str
    err: str

    @property
    def text(self) -> str:
        """Both streams."""
        return f"{self.out}\n{self.err}".strip()


def find(program: str) -> str | None:
    """Where the program is; None where it is not on this machine."""
    return shutil.which(program)


def call(arguments: Sequence[str | Path], *, cwd: Path | None = None, stdin: bytes | None = None) -> Answer:
    """Run a program. Raises EngineError where it is missing, hangs, or dies of a signal."""
    command = [str(argument) for argument in arguments]
    try:
        done = subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, timeout=TIMEOUT_SECONDS, check=False)
    except FileNotFoundError:
        raise EngineError(f"{command[0]} is not on this machine") from None
    except subprocess.TimeoutExpired:
        raise EngineError(f"{command[0]} took longer than {TIMEOUT_SECONDS:g} s and was stopped") from None
    if done.returncode < 0:
        raise EngineError(f"{command[0]} died of signal {-done.returncode}")
    return Answer(
        code=done.returncode,
        out=done.stdout.decode("utf-8", "replace"),
        err=done.stderr.decode("utf-8", "replace"),
    )


def version_of(command: Sequence[str], pattern: str) -> str | None:
    """What a program says of its version: the first group of `pattern` in the answer to `command`.

    None: it is not on this machine; `unknown`: it says nothing that fits. Raises EngineError as `call`.
    """
    if find(command[0]) is None:
        return None
    match = re.search(pattern, call(command).text)
    return match.group(1) if match else "unknown"


def first_line(text: str, *, limit: int = 160) -> str:
    """The first line that says something, shortened."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0][:limit] if lines else ""


def to_pem(certificate: bytes) -> bytes:
    """One certificate as PEM."""
    body = base64.b64encode(certificate).decode()
    lines = "\n".join(body[i : i + 64] for i in range(0, len(body), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n".encode()
