"""Nothing in the vocabulary goes without its meaning: every enum member, every field, every key of every shipped schema."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from interop.profile.schema import SCHEMAS, schema

MODEL = Path(__file__).resolve().parents[2] / "interop" / "model"
FILES = sorted(MODEL.glob("*.py"))
_ENUMS = frozenset({"Enum", "StrEnum", "IntEnum"})


def _named(body: list[ast.stmt], *, members: bool) -> Iterator[tuple[str, ast.stmt | None]]:
    """Members of an enum or fields of a dataclass, with the statement that follows."""
    for index, statement in enumerate(body):
        after = body[index + 1] if index + 1 < len(body) else None
        if members and isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            yield statement.targets[0].id, after
        if not members and isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id, after


def _words(statement: ast.stmt | None) -> str:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def _vocabulary(path: Path) -> Iterator[tuple[str, str]]:
    """`Class.name` and what stands under it; the classes themselves too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ClassDef):
            continue
        enum = any(isinstance(base, ast.Name) and base.id in _ENUMS for base in node.bases)
        if enum or any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list):
            yield node.name, ast.get_docstring(node) or ""
            for name, after in _named(node.body, members=enum):
                yield f"{node.name}.{name}", _words(after)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_member_and_field_says_what_it_means(path: Path) -> None:
    assert [name for name, words in _vocabulary(path) if len(words) < 2] == []


def test_the_words_are_all_seen() -> None:
    seen = {name for path in FILES for name, _ in _vocabulary(path)}
    assert {
        "SubIndication.REVOKED_CA_NO_POE", "CellVerdict.PARTIAL", "AssuranceLevel.L4", "Extensions.ocsp_nocheck",
        "FactRecord.recipe", "Interval.start",
    } <= seen  # fmt: skip
    assert len(seen) > 500


def _keys(made: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """`table.key` and its description, which is that of the table under the key where nothing else is said."""
    tables = made.get("$defs", {})
    for table_name, table in (("", made), *tables.items()):
        for key, value in table.get("properties", {}).items():
            below = tables.get(value.get("$ref", "").rsplit("/", 1)[-1], {})
            yield f"{table_name}.{key}", value.get("description") or below.get("description", "")


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_of_a_schema_has_a_description(name: str) -> None:
    """`interop profile schema` is where every error hint sends people for the meaning of a key."""
    made = schema(name)
    keys = dict(_keys(made))
    assert keys
    assert [key for key, words in keys.items() if not words] == []
    assert [part for part, body in made.get("$defs", {}).items() if not body.get("description")] == []
