"""Where the data of others lies, and what to do when it does not."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def external() -> Callable[..., Path]:
    """A file or folder under INTEROP_TEST_DATA; skips the test where it is absent, fails it under CI."""

    def find(*parts: str) -> Path:
        path = Path(os.environ.get("INTEROP_TEST_DATA") or ROOT.parent / "shared" / "data").joinpath(*parts)
        if not path.exists():
            message = f"external test data not found: {'/'.join(parts)} (set INTEROP_TEST_DATA)"
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
        return path

    return find
