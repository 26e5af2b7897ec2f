"""What holds for all tests: no law is judged by the clock, and continuous integration draws the same examples every time.

The helpers in this folder can be imported, and the data of others is at hand.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import outside
import pytest
from hypothesis import settings

settings.register_profile("interop", deadline=None, print_blob=True)
settings.register_profile("ci", parent=settings.get_profile("interop"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "interop")


@pytest.fixture(scope="session")
def external() -> Callable[..., Path]:
    """A file or folder of the data of others, by its parts."""
    return outside.data


@pytest.fixture(scope="session")
def read_data() -> Callable[[str], dict[str, bytes]]:
    """Files of the data of others that match a pattern, by name."""
    return outside.files
