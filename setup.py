"""Only one thing that pyproject.toml cannot say: the data folders of the repository travel inside the package."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent


class BuildWithData(build_py):
    """Copies `profiles/` and `vectors/` to `interop/data/`, where an installed package looks for them."""

    def run(self) -> None:
        """Build, then copy."""
        super().run()
        if getattr(self, "editable_mode", False):
            return
        for folder in ("profiles", "vectors"):
            target = Path(self.build_lib) / "interop" / "data" / folder
            shutil.copytree(ROOT / folder, target, dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithData})
