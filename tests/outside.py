"""What tests need from outside: data of others, and tools of this machine. What is missing is a reason to skip here, a failure in CI."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

__all__ = ["DATA", "ROOT", "data", "files", "missing", "tool"]

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / (os.environ.get("INTEROP_TEST_DATA") or "../shared/data")
"""Real files made by others; a relative INTEROP_TEST_DATA counts from the root of the repository."""


def missing(what: str) -> NoReturn:
    """End the test: skipped here, failed in CI."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}: has to be there in CI")
    pytest.skip(f"{what}: not on this machine")


def data(*parts: str) -> Path:
    """A file or folder of the data of others."""
    path = DATA.joinpath(*parts)
    if not path.exists():
        missing(f"external test data {'/'.join(parts)} (set INTEROP_TEST_DATA)")
    return path


def files(pattern: str) -> dict[str, bytes]:
    """Files of the data of others that match a pattern, by name; at least one."""
    found = {path.name: path.read_bytes() for path in sorted(DATA.glob(pattern))}
    if not found:
        missing(f"external test data {pattern} (set INTEROP_TEST_DATA)")
    return found


def tool(name: str) -> str:
    """Where a program is."""
    return shutil.which(name) or missing(name)
