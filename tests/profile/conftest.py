"""A minimal profile and agreement that are right, and ways to plant mistakes in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from interop.model.errors import InputError, Problem
from interop.profile.load import load_agreement, load_case, load_provider, load_rules, load_suite

HERE = Path(__file__).parent
Plant = Callable[..., tuple[Problem, ...]]

LOADERS = {
    "minimal": load_provider,
    "minimal-agreement": load_agreement,
    "minimal-case": load_case,
    "minimal-suite": load_suite,
    "minimal-rules": load_rules,
}


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Write the sample with each (old, new) replaced once, load it, and give the mistakes found; none when it loads."""

    def planted(sample: str, *changes: tuple[str, str]) -> tuple[Problem, ...]:
        text = (HERE / f"{sample}.toml").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, f"{old!r} is not in {sample}.toml"
            text = text.replace(old, new, 1)
        file = tmp_path / f"{sample}.toml"
        file.write_text(text, encoding="utf-8")
        try:
            LOADERS[sample](file)
        except InputError as error:
            return error.problems
        return ()

    return planted
