"""Whatever key of a profile is misspelt, the message names its place, and nothing else in the file is blamed wrongly."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from interop.model.profile import Provider
from interop.profile.lint import lint_provider, sound
from interop.profile.read import read_toml
from interop.profile.shape import dotted, shape

HERE = Path(__file__).parent
RAW, _ = read_toml(HERE / "minimal.toml")
FREE = {"origins"}  # tables whose keys are free


def keys(node: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Paths of all keys of all tables."""
    if isinstance(node, dict):
        return [p for key, value in node.items() if key not in FREE for p in ((*path, key), *keys(value, (*path, key)))]
    if isinstance(node, list):
        return [p for index, item in enumerate(node) for p in keys(item, (*path, index))]
    return []


PATHS = keys(RAW)


def test_there_are_keys_to_misspell() -> None:
    assert len(PATHS) > 100
    assert tomllib.loads((HERE / "minimal.toml").read_text(encoding="utf-8")).keys() == RAW.keys()


@settings(deadline=None, max_examples=150)
@example(path=("services", "origin"), junk="00000000S")  # nearer to `origins`, a table, than to what is missing
@given(path=st.sampled_from(PATHS), junk=st.text(st.characters(codec="utf-8"), min_size=1, max_size=12))
def test_a_renamed_key_is_reported_with_its_path(path: tuple[str | int, ...], junk: str) -> None:
    raw = copy.deepcopy(RAW)
    table = raw
    for part in path[:-1]:
        table = table[part]
    key = f"{path[-1]}{junk}"
    table[key] = table.pop(path[-1])
    shaped = shape(Provider, raw)
    places = [problem.where for problem in shaped.problems]
    renamed = dotted((*path[:-1], key))
    assert places.count(renamed) == 1
    assert all(place in {renamed, dotted(path)} for place in places)
    assert shaped.value is not None
    remarks = sound(lint_provider(shaped.value), shaped.unsound)
    assert all(r.path[: len(path) - 1] == path[:-1] or path in r.needs or r.severity == "warning" for r in remarks), (
        remarks
    )


@settings(deadline=None, max_examples=150)
@given(
    path=st.sampled_from(PATHS),
    value=st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just([]), st.just({}), st.just([{}])),
)  # fmt: skip
def test_any_value_anywhere_is_read_or_reported_and_never_raises(path: tuple[str | int, ...], value: Any) -> None:
    raw = copy.deepcopy(RAW)
    table = raw
    for part in path[:-1]:
        table = table[part]
    table[path[-1]] = value
    shaped = shape(Provider, raw)
    assert all(problem.where.startswith(dotted(path)) for problem in shaped.problems)
    if shaped.value is not None:
        assert isinstance(lint_provider(shaped.value), tuple)
