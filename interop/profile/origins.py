"""Where each single value of a profile or an agreement comes from: what its table says, unless something nearer says otherwise.

    for value in sourced(provider):
        print(dotted(value.path), value.origin, value.source)

Three things state an origin: `origin` of the table in which a value stands, `origin` of a table around that one, and a path in
`origins`. The one that names the most of the value's path counts.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from interop.model.origin import Origin
from interop.model.text import Text
from interop.profile.expected import Path

__all__ = ["ABOUT", "Sourced", "origin_path", "sourced"]

ABOUT = frozenset({"origin", "origins", "source", "sources", "unknowns"})
"""Keys that say where values come from, or that they are not known; they have no origin themselves."""
_PART = re.compile(r"(?P<name>[^.\[\]]+)(?P<indexes>(\[\d+\])*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """One value and its origin."""

    path: Path
    """From the top of the file."""
    value: object
    """As the model holds it: text in both languages and lists of words are one value."""
    origin: Origin
    stated: Path
    """Where that is stated: the table whose `origin` counts, or the value or table that a path in `origins` names."""
    source: str
    """`source` of the innermost table that names one; empty: none does."""


def origin_path(text: str) -> Path | None:
    """`extensions.private[0].text` in its parts; None for what is not written like that."""
    found: list[str | int] = []
    for piece in text.split("."):
        match = _PART.fullmatch(piece)
        if match is None:
            return None
        found.append(match["name"])
        found += [int(index) for index in re.findall(r"\d+", match["indexes"])]
    return tuple(found)


def _is_table(value: object) -> bool:
    return dataclasses.is_dataclass(value) and not isinstance(value, (type, Text))


def _default(field: dataclasses.Field[Any]) -> object:
    if field.default is not dataclasses.MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not dataclasses.MISSING else dataclasses.MISSING


def sourced(document: object) -> Iterator[Sourced]:
    """Every value of a document of the model that differs from its default, in the order of the file.

    A table whose type states no origin has that of the table around it. ValueError for a document that states none at all.
    """
    if not hasattr(document, "origin"):
        raise ValueError(f"{type(document).__name__} does not say where its values come from")
    yield from _walk(document, (), [], "")


def _walk(table: Any, path: Path, outer: list[tuple[Path, Origin]], source: str) -> Iterator[Sourced]:
    stated = list(outer)
    own: Origin | None = getattr(table, "origin", None)
    if own is not None:
        stated.append((path, own))
    for text, origin in getattr(table, "origins", {}).items():
        parts = origin_path(text)
        if parts is not None:
            stated.append(((*path, *parts), origin))
    source = getattr(table, "source", "") or source
    for field in dataclasses.fields(table):
        value, here = getattr(table, field.name), (*path, field.name)
        if field.name in ABOUT or value == _default(field):
            continue
        if _is_table(value):
            yield from _walk(value, here, stated, source)
        elif isinstance(value, tuple) and value and all(map(_is_table, value)):
            for index, item in enumerate(value):
                yield from _walk(item, (*here, index), stated, source)
        else:
            yield from _single(value, here, stated, source)


def _single(value: object, path: Path, stated: list[tuple[Path, Origin]], source: str) -> Iterator[Sourced]:
    """One value; a list of words in its items where a statement is about one of them."""
    if isinstance(value, tuple) and any(len(at) > len(path) and at[: len(path)] == path for at, _ in stated):
        for index, item in enumerate(value):
            yield from _single(item, (*path, index), stated, source)
        return
    at, origin = _nearest(path, stated)
    yield Sourced(path=path, value=value, origin="stand-in" if _reserved(value) else origin, stated=at, source=source)


_RESERVED = re.compile(r"://[^/?#]*\.(?:example|test|invalid)(?:[:/?#]|$)")


def _reserved(value: object) -> bool:
    """A URL under a name that is reserved for examples (RFC 2606 section 2): a stand-in, whatever the table around it says."""
    if isinstance(value, tuple):
        return any(map(_reserved, value))
    return isinstance(value, str) and _RESERVED.search(value) is not None


def _nearest(path: Path, stated: list[tuple[Path, Origin]]) -> tuple[Path, Origin]:
    """The statement that names most of the path; of two about the same place that of the inner table."""
    about = [(at, origin) for at, origin in stated if path[: len(at)] == at]
    return max(reversed(about), key=lambda item: len(item[0]))
