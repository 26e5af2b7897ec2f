"""The example of docs/pki.md runs as it stands there."""

from __future__ import annotations

import re
from pathlib import Path


def test_the_example_runs() -> None:
    page = (Path(__file__).parents[2] / "docs" / "pki.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(example, "docs/pki.md", "exec"), names)  # noqa: S102 - our own page
    assert "issued" in names
