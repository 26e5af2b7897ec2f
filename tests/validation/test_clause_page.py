"""The page that follows the standards into the code names functions and tests that are there."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "en-319-102-1.md"
_ROW = re.compile(
    r"^\| (?P<clause>[0-9][^|]*) \| (?P<what>[^|]+) \| (?P<where>[^|]+) \| (?P<test>[^|]+) \|$", re.MULTILINE
)
_WORD = re.compile(r"`([^`]+)`")
_TEST = re.compile(r"`([a-z0-9_/]+\.py)::(test_\w+)`")


def _rows() -> list[tuple[str, str, str]]:
    found = [(row["clause"], row["where"], row["test"]) for row in _ROW.finditer(PAGE.read_text(encoding="utf-8"))]
    assert len(found) > 50
    return found


def _resolved(name: str) -> object:
    module, _, attribute = f"interop.{name}".rpartition(".")
    return getattr(importlib.import_module(module), attribute)


@pytest.mark.parametrize(("clause", "where", "test"), _rows())
def test_every_row_leads_somewhere(clause: str, where: str, test: str) -> None:
    names = _WORD.findall(where)
    assert names, f"{clause}: no function"
    for name in names:
        assert _resolved(name) is not None
    ((file, function),) = _TEST.findall(test)
    assert f"\ndef {function}(" in (ROOT / "tests" / file).read_text(encoding="utf-8")


def test_a_function_that_is_gone_would_be_seen() -> None:
    with pytest.raises(AttributeError):
        _resolved("validation.time.no_such_function")


def test_the_two_level_clauses_of_the_building_blocks_are_all_there() -> None:
    clauses = {clause.rstrip("*") for clause, _, _ in _rows()}
    assert {f"5.2.{n}" for n in range(2, 9)} | {"5.3", "5.4", "5.5"} <= clauses


def test_page_and_docs_speak_of_every_sub_indication_that_is_out_of_the_ordinary() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for word in ("NO_POE", "OUT_OF_BOUNDS_NOT_REVOKED", "NO_CERTIFICATE_CHAIN_FOUND_NO_POE"):
        assert f"**{word}**" in text
