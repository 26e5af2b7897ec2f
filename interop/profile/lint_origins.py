"""The paths in `origins` tables: each names a value that the table has."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

from interop.model.errors import suggestion
from interop.profile.expected import bare, fields_of, member
from interop.profile.remark import Path, Remark

__all__ = ["lint_origins"]

_PART = re.compile(r"(?P<name>[^.\[\]]+)(?P<indexes>(\[\d+\])*)")
_OWN = frozenset({"origin", "origins", "source"})
"""Keys that say where values come from; they have no origin themselves."""


def _parts(text: str) -> Path | None:
    """`extensions.private[0].text` in its parts; None for what is not written like that."""
    found: list[str | int] = []
    for piece in text.split("."):
        match = _PART.fullmatch(piece)
        if match is None:
            return None
        found.append(match["name"])
        found += [int(index) for index in re.findall(r"\d+", match["indexes"])]
    return tuple(found)


def _mistake(table: Any, parts: Path) -> str | None:
    """What is wrong with a path below a table; None where it leads to a value, be that left to its default."""
    hint: Any = type(table)
    value: Any = table
    for depth, part in enumerate(parts):
        hint = bare(hint)
        below = member(hint, part)
        if below is None or (depth == 0 and part in _OWN):
            known = fields_of(hint) if isinstance(hint, type) and dataclasses.is_dataclass(hint) else {}
            return f"names no value of this table: unknown key '{part}'{suggestion(part, set(known) - _OWN)}"
        if isinstance(part, int):
            if isinstance(value, tuple) and part >= len(value):
                return f"names no value of this table: there are {len(value)}, so [{part}] is not there"
            value = value[part] if isinstance(value, tuple) else None
        else:
            value = getattr(value, part, None)
        hint = below
    return None


def _tables(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Every table with `origins`, outermost first."""
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _tables(item, (*path, index))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        if hasattr(value, "origins"):
            yield path, value
        for field in dataclasses.fields(value):
            yield from _tables(getattr(value, field.name), (*path, field.name))


def lint_origins(document: object, path: Path = ()) -> Iterator[Remark]:
    """All `origins` tables of one profile or set of rules."""
    for here, table in _tables(document, path):
        for key in table.origins:
            parts = _parts(key)
            what = "is no dotted path like extensions.private[0].text" if parts is None else _mistake(table, parts)
            if what is not None:
                yield Remark(path=(*here, "origins", key), what=what)
