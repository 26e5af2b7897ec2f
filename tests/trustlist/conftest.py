"""One run of the core set for all: the fixture lives beside the tests of `interop.run`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "run"))

from core_run import core

__all__ = ["core"]
