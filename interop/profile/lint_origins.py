"""Every value says where it comes from, and says it once: paths in `origins`, sources of tables, what lies under the arc for examples."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from interop.model.certificate import under_arc
from interop.model.errors import suggestion
from interop.profile.expected import bare, fields_of, member
from interop.profile.origins import ABOUT, Sourced, origin_path, sourced
from interop.profile.remark import EXAMPLE_ARC, Path, Remark

__all__ = ["lint_origins"]

_CHECKED = frozenset({"oid", "tsa_policy"})
"""Single OIDs with an origin of their own, which the checks of their tables hold against the arc."""


def _mistake(table: Any, parts: Path) -> str | None:
    """What is wrong with a path below a table; None where it leads to a value, be that left to its default."""
    hint: Any = type(table)
    value: Any = table
    for depth, part in enumerate(parts):
        hint = bare(hint)
        below = member(hint, part)
        if below is None or (depth == 0 and part in ABOUT):
            known = fields_of(hint) if isinstance(hint, type) and dataclasses.is_dataclass(hint) else {}
            return f"names no value of this table: unknown key '{part}'{suggestion(part, set(known) - ABOUT)}"
        if isinstance(part, int):
            if isinstance(value, tuple) and part >= len(value):
                return f"names no value of this table: there are {len(value)}, so [{part}] is not there"
            value = value[part] if isinstance(value, tuple) else None
        else:
            value = getattr(value, part, None)
        hint = below
    own = getattr(value, "origin", None)
    return None if own is None else f"names a table that says '{own}' itself"


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


def _words(value: Sourced) -> Iterator[str]:
    items = value.value if isinstance(value.value, tuple) else (value.value,)
    for item in items:
        yield from (word for word in (item if isinstance(item, tuple) else (item,)) if isinstance(word, str))


def _values(document: object) -> Iterator[Remark]:
    unsourced: set[Path] = set()
    for value in sourced(document):
        for word in _words(value) if value.path[-1] not in _CHECKED and value.origin != "stand-in" else ():
            if under_arc(word, EXAMPLE_ARC):
                what = f"{word} lies under {EXAMPLE_ARC}, so its origin is 'stand-in', not '{value.origin}'"
                yield Remark(path=value.path, what=what, severity="warning")
        # a file as a whole is sourced by its `sources`; what is invented needs none
        if value.source or value.origin == "stand-in" or (not value.stated and hasattr(document, "sources")):
            continue
        if value.stated not in unsourced:
            unsourced.add(value.stated)
            what = f"is called '{value.origin}' and names no source"
            yield Remark(path=(*value.stated, "source"), what=what, severity="warning")


def lint_origins(document: object) -> Iterator[Remark]:
    """One profile or set of rules: paths in `origins` lead to values, what is not invented has a source, 2.999 is for what is."""
    for here, table in _tables(document, ()):
        for key in table.origins:
            parts = origin_path(key)
            what = "is no dotted path like extensions.private[0].text" if parts is None else _mistake(table, parts)
            if what is not None:
                yield Remark(path=(*here, "origins", key), what=what)
    yield from _values(document)
