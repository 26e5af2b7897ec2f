"""What holds for all tests: no law is judged by the clock, and continuous integration draws the same examples every time."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("interop", deadline=None, print_blob=True)
settings.register_profile("ci", parent=settings.get_profile("interop"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "interop")
