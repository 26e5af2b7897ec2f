"""JSON Schema (draft 2020-12) of every file that people write and every file that the tool writes, made from the model itself.

Descriptions are the docstrings of the fields. The copies in `interop/profile/schemas/` are shipped; a test compares them with
what this module makes, and `make schemas` writes them anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import is_dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from interop.model.agreement import Agreement
from interop.model.assurance import AssuranceLevel
from interop.model.case import Case, CaseSet
from interop.model.check import CheckReport
from interop.model.errors import UsageError, suggestion
from interop.model.matrix import Matrix
from interop.model.profile import Provider
from interop.model.records import RECORDS, Record
from interop.model.rules import RelyingRules
from interop.model.suite import Suite
from interop.model.timeline import Timeline
from interop.profile.shape import adapter

__all__ = ["SCHEMAS", "schema", "schema_text", "write_schemas"]

WRITTEN: Final[Mapping[str, tuple[type, str]]] = MappingProxyType(
    {
        "profile": (Provider, "A provider: profiles/providers/<id>.toml"),
        "agreement": (Agreement, "An instrument of recognition: profiles/agreements/<id>.toml"),
        "case": (Case, "What is signed, and what is wrong with it: vectors/cases/**/*.toml"),
        "case-set": (CaseSet, "A selection of cases with its instants"),
        "suite": (Suite, "An algorithm suite with dates: profiles/algorithms/<id>.toml"),
        "rules": (RelyingRules, "Rules of a relying party: profiles/rules/<id>.toml"),
    }
)
"""Files that people write; keys that are not known are mistakes."""

MADE: Final[Mapping[str, tuple[Any, str]]] = MappingProxyType(
    {
        "facts": (Record, "One line of out/facts.jsonl; `record` says which kind"),
        "matrix": (Matrix, "The result of a run: out/matrix.json"),
        "check": (CheckReport, "What `interop check -f json` prints"),
        "timeline": (Timeline, "What `interop timeline -f json` prints"),
    }
)
"""Files that the tool writes; readers pass over what a newer writer adds."""

SCHEMAS: Final[tuple[str, ...]] = (*WRITTEN, *MADE)
"""Names of all schemas."""

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def _without_titles(node: Any) -> Any:
    """Drop the titles that merely repeat the name of a key."""
    if isinstance(node, dict):
        return {
            key: _without_titles(value)
            for key, value in node.items()
            if not (key == "title" and isinstance(value, str))
        }
    return [_without_titles(item) for item in node] if isinstance(node, list) else node


def _raw(kind: Any, *, written: bool) -> dict[str, Any]:
    """Pydantic's schema of a tuple of one."""
    from pydantic import ConfigDict, TypeAdapter  # noqa: PLC0415 - a tenth of a second that `--help` does not pay

    if written:
        return adapter(kind).json_schema()
    reader: TypeAdapter[Any] = TypeAdapter(tuple[kind], config=ConfigDict(use_attribute_docstrings=True))
    return reader.json_schema(mode="serialization")


@cache
def _schema(name: str) -> dict[str, Any]:
    written = name in WRITTEN
    kind, title = WRITTEN[name] if written else MADE[name]
    raw = _raw(kind, written=written)
    parts: dict[str, Any] = _without_titles(raw["$defs"])
    levels = {"enum": [level.name for level in AssuranceLevel], "type": "string"}
    for part_name, part in parts.items():
        if part_name == AssuranceLevel.__name__:
            parts[part_name] = {"description": part.get("description", ""), **levels}
        else:
            _level_defaults(part)
    _inherit_words(parts)
    top = _without_titles(raw["prefixItems"][0])
    root = parts.pop(top["$ref"].rsplit("/", 1)[-1]) if "$ref" in top else top  # a union of kinds has no name
    body = {"$schema": _DRAFT, "title": title, **root}
    return {**body, "$defs": dict(sorted(parts.items()))} if parts else body


def _inherit_words(parts: Mapping[str, Any]) -> None:
    """Pydantic takes docstrings of a class's own fields alone; a record of the facts has most of its fields from another class."""
    for record in RECORDS.values():
        for base in record.__mro__[1:]:
            if record.__name__ in parts and is_dataclass(base):
                words = _raw(base, written=False)["$defs"][base.__name__]["properties"]
                for key, value in parts[record.__name__]["properties"].items():
                    if "description" not in value and "description" in words.get(key, {}):
                        value["description"] = words[key]["description"]


def _level_defaults(part: dict[str, Any]) -> None:
    """Levels are written `L0` to `L4`, so their defaults are too."""
    for value in part.get("properties", {}).values():
        level = f"#/$defs/{AssuranceLevel.__name__}"
        if value.get("$ref") == level and isinstance(value.get("default"), int):
            value["default"] = AssuranceLevel(value["default"]).name


def schema(name: str) -> dict[str, Any]:
    """One JSON Schema by name (see `SCHEMAS`). Raises UsageError for any other name."""
    if name not in SCHEMAS:
        raise UsageError(
            f"there is no schema '{name}'{suggestion(name, SCHEMAS)}", hints=(f"one of {', '.join(SCHEMAS)}",)
        )
    made: dict[str, Any] = json.loads(json.dumps(_schema(name)))
    return made


def schema_text(name: str) -> str:
    """The schema as it stands in its file."""
    return json.dumps(schema(name), ensure_ascii=False, indent=1) + "\n"


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write `<name>.json` for every schema; gives the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name in SCHEMAS:
        file = folder / f"{name}.json"
        file.write_text(schema_text(name), encoding="utf-8")
        files.append(file)
    return tuple(files)
