"""The reason catalogue and the code that uses it stay together: no code without an entry, no entry without a use."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from interop.model.indication import Indication
from interop.model.layers import LAYERS, TECHNICAL
from interop.model.reasons import Effect, Reason, catalogue

ROOT = Path(__file__).resolve().parents[2]
_CODE = re.compile(rf"(?:{'|'.join(LAYERS)})\.[a-z0-9]+(?:-[a-z0-9]+)*")
_FILE_ENDINGS = frozenset({"cms", "pem", "der", "toml", "json", "pdf", "xml", "py", "crt", "html", "css", "js"})
"""`signature.cms` is the name of a file, not a reason."""
_PREFIX = re.compile(rf"(?:{'|'.join(LAYERS)})\.[a-z0-9-]*")


def _strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _composed() -> set[str]:
    """Codes that f-strings put together: a prefix (`trust.entry-`) with a slug that stands as a string in the package."""
    prefixes: set[str] = set()
    endings: set[str] = set()
    slugs: set[str] = set()
    for path in sorted((ROOT / "interop").rglob("*.py")):
        slugs.update(_strings(path))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) and len(node.values) == 2 and isinstance(node.values[0], ast.Constant):
                prefix = str(node.values[0].value)
                if _PREFIX.fullmatch(prefix):
                    prefixes.add(prefix)
                elif re.fullmatch(r"[a-z]+-", prefix):
                    endings.add(prefix)
    slugs |= {ending + slug for ending in endings for slug in tuple(slugs)}
    return {code for code in catalogue() for p in prefixes if code.startswith(p) and code.removeprefix(p) in slugs}


def _codes_in_python() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((ROOT / "interop").rglob("*.py")):
        for text in _strings(path):
            if _CODE.fullmatch(text) and text.rpartition(".")[2] not in _FILE_ENDINGS:
                found.setdefault(text, str(path.relative_to(ROOT)))
    return found


def _codes_in_data() -> dict[str, str]:
    found: dict[str, str] = {}

    def walk(value: object, where: str) -> None:
        if isinstance(value, str) and _CODE.fullmatch(value):
            found.setdefault(value, where)
        elif isinstance(value, dict):
            for inner in value.values():
                walk(inner, where)
        elif isinstance(value, list):
            for inner in value:
                walk(inner, where)

    for folder in ("vectors", "profiles"):
        for path in sorted((ROOT / folder).rglob("*.toml")):
            walk(tomllib.loads(path.read_text(encoding="utf-8")), str(path.relative_to(ROOT)))
    return found


def test_every_code_that_is_used_has_an_entry() -> None:
    used = _codes_in_python() | _codes_in_data()
    missing = {code: where for code, where in used.items() if code not in catalogue()}
    assert missing == {}


def test_every_entry_is_used() -> None:
    used = set(_codes_in_python()) | set(_codes_in_data()) | _composed()
    assert sorted(set(catalogue()) - used) == []


@pytest.mark.parametrize("entry", catalogue().values(), ids=lambda entry: entry.code)
def test_entry_is_written_out_in_both_languages(entry: Reason) -> None:
    texts = [entry.text] if entry.remedy is None else [entry.text, entry.remedy]
    for text in texts:
        assert text.en.strip()
        assert text.zh.strip()
        assert not text.en.endswith(".")
        assert not text.zh.endswith("。")
        assert re.search(r"[\u4e00-\u9fff]", text.zh), "the Chinese sentence is Chinese"
    assert entry.clause.strip()
    assert (entry.remedy is None) == (not entry.actors), "a remedy names who can carry it out"


def test_ranks_are_unique_in_a_layer() -> None:
    entries = sorted(catalogue().values(), key=lambda e: (e.layer, e.rank))
    doubled = [
        [e.code for e in same]
        for _, same in ((k, list(g)) for k, g in groupby(entries, lambda e: (e.layer, e.rank)))
        if len(same) > 1
    ]
    assert doubled == []


def test_blocking_reasons_rank_before_findings() -> None:
    for layer in LAYERS:
        entries = [e for e in catalogue().values() if e.layer is layer]
        findings = [e.rank for e in entries if e.effect is Effect.FINDING]
        blocking = [e.rank for e in entries if e.effect is not Effect.FINDING]
        assert not findings or not blocking or max(blocking) < min(findings), layer


def test_blocking_technical_reasons_have_a_sub_indication() -> None:
    without = [
        e.code
        for e in catalogue().values()
        if e.layer in TECHNICAL and e.effect is not Effect.FINDING and e.sub_indication is None
    ]
    # no signature at all is a main indication of its own, without a sub-indication
    assert [code for code in without if code != "container.no-signature"] == []


def test_findings_have_no_sub_indication() -> None:
    assert [e.code for e in catalogue().values() if e.effect is Effect.FINDING and e.sub_indication is not None] == []


def test_what_was_not_settled_never_fails_totally() -> None:
    """EN 319 102-1: TOTAL-FAILED needs an answer; an engine that cannot compute gives none."""
    wrong = [
        e.code
        for e in catalogue().values()
        if e.effect in (Effect.INDETERMINATE, Effect.UNSUPPORTED, Effect.NOT_EVALUATED)
        and e.indication is Indication.TOTAL_FAILED
    ]
    assert wrong == []
