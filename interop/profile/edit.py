"""One value below a dataclass of the model, changed as an option writes it and checked as a file is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar, get_args

from interop.model.assurance import AssuranceLevel
from interop.model.change import Op
from interop.model.instant import format_instant
from interop.profile.expected import Path, bare, fields_of, type_at
from interop.profile.shape import shape

__all__ = ["edited"]

T = TypeVar("T")


def edited(value: T, dotted: str, op: Op, text: str) -> T:
    """The value with one field changed, read again as a file would be. ValueError says what is wrong.

    `text` is a value as an option writes it: words of a list are joined by commas, a table that is known by its OID or name may be
    written as that alone, `none` empties a place that may be empty.
    """
    plain = _plain(value)
    path: Path = tuple(dotted.split("."))
    table = _table(plain, path[:-1], dotted)
    hint, key = type_at(type(value), path), str(path[-1])
    new = _value(hint, text)
    if op == "=":
        if new is None:
            table.pop(key, None)
        else:
            table[key] = new
    else:
        if hint is not None and not _is_list(hint):
            raise ValueError(f"'{dotted}' is no list: write = instead")
        old = table.get(key, [])
        named = {_name(item) for item in new}
        kept = [item for item in old if _name(item) not in named]
        if op == "-=" and len(kept) == len(old):
            raise ValueError(f"'{text}' is not in it (it holds {', '.join(map(str, map(_name, old))) or 'nothing'})")
        table[key] = [*kept, *new] if op == "+=" else kept
    shaped = shape(type(value), plain)
    if shaped.problems:
        raise ValueError("; ".join(f"{p.where}: {p.what}" for p in shaped.problems))
    if shaped.value is None:  # pragma: no cover - without problems there is a value
        raise AssertionError(dotted)
    return shaped.value


def _table(plain: Any, path: Path, dotted: str) -> dict[str, Any]:
    """The table at a path, made where it is absent."""
    for part in path:
        plain = plain.setdefault(str(part), {}) if isinstance(plain, dict) else None
    if isinstance(plain, dict):
        return plain
    raise ValueError(f"'{dotted}' leads into something that is no table")


def _is_list(hint: Any) -> bool:
    return getattr(hint, "__origin__", None) is tuple


def _name(item: Any) -> Any:
    """What tells the members of a list apart."""
    if isinstance(item, dict):
        return item.get("oid") or item.get("name") or json.dumps(item, sort_keys=True)
    return json.dumps(item) if isinstance(item, list) else item


def _value(hint: Any, text: str) -> Any:
    """Text of an option as the plain value that the place holds; `none` empties a place that may be empty."""
    hint = bare(hint)
    if text == "none":
        return None
    if hint is not None and _is_list(hint):
        member = bare(get_args(hint)[0])
        if text.startswith("["):
            try:
                return json.loads(text)
            except ValueError:
                return [text]
        return [_member(member, part.strip()) for part in text.split(",") if part.strip()]
    if hint in (bool, int):
        try:
            return json.loads(text)
        except ValueError:
            return text
    if is_dataclass(hint) and text.startswith("{"):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _member(member: Any, text: str) -> Any:
    """A table that is known by its OID or name may be written as that alone."""
    if not (is_dataclass(member) and isinstance(member, type)):
        return text
    known = fields_of(member)
    plain: dict[str, Any] = {"oid" if "oid" in known else "name": text}
    if "origin" in known:
        plain["origin"] = "stand-in" if text.startswith("2.999.") else "modelled"
    return plain


def _plain(value: Any) -> Any:
    """A value of the model as a file writes it: without what is absent."""
    if isinstance(value, AssuranceLevel):
        return value.name
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return format_instant(value)
    if is_dataclass(value) and not isinstance(value, type):
        found = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {name: item for name, item in found.items() if item is not None}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value
