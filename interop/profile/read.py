"""One TOML file to plain values: strings, numbers, lists and dicts, with instants as ISO 8601 text in UTC."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from interop.model.errors import InputError, Problem
from interop.model.instant import format_instant

__all__ = ["Plain", "read_toml"]

Plain = Any
"""What JSON knows: dict, list, str, int, float, bool."""

_LINE = re.compile(r"\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")


def _syntax(error: tomllib.TOMLDecodeError) -> Problem:
    """The place of a syntax error and what is wrong there."""
    text = str(error)
    match = _LINE.search(text)
    if match is None:
        return Problem(where="document", what=f"no valid TOML: {_lower(text)}")
    what = _lower(text[: match.start()].strip())
    where = f"line {match['line']}, column {match['column']}" if match["line"] else "end of file"
    return Problem(where=where, what=f"no valid TOML: {what}")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _plain(value: Any, where: str, problems: list[Problem]) -> Plain:
    """Instants to text; everything else as it is. A date alone is its first instant in UTC."""
    if isinstance(value, Mapping):
        return {key: _plain(item, f"{where}.{key}" if where else key, problems) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, f"{where}[{index}]", problems) for index, item in enumerate(value)]
    if isinstance(value, datetime):
        if value.tzinfo is None:
            problems.append(
                Problem(where=where, what=f"{value.isoformat()} names no time zone (write {value.isoformat()}Z)")
            )
            value = value.replace(tzinfo=UTC)
        return format_instant(value)
    if isinstance(value, date):
        return format_instant(datetime(value.year, value.month, value.day, tzinfo=UTC))
    if isinstance(value, time):
        problems.append(Problem(where=where, what=f"{value.isoformat()} is a time of day; an instant is needed"))
        return format_instant(datetime.combine(date(1970, 1, 1), value, tzinfo=UTC))
    return value


def read_toml(path: Path, *, what: str = "file") -> tuple[dict[str, Plain], tuple[Problem, ...]]:
    """The tables of one file, and instants in it that cannot be used.

    Raises InputError for a file that is not there, is not UTF-8, or is no TOML (with line and column).
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        near = ", ".join(sorted(p.name for p in path.parent.glob("*.toml"))) if path.parent.is_dir() else ""
        hint = f"in {path.parent}: {near}" if near else f"{path.parent} holds no .toml file"
        raise InputError(str(path), (Problem(where="file", what=f"no such {what}"),), hints=(hint,)) from None
    except UnicodeDecodeError as error:
        raise InputError(
            str(path), (Problem(where=f"byte {error.start}", what="not UTF-8 (TOML is UTF-8 only)"),)
        ) from None
    except OSError as error:
        raise InputError(
            str(path), (Problem(where="file", what=f"cannot be read: {error.strerror or error}"),)
        ) from None
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(str(path), (_syntax(error),)) from None
    problems: list[Problem] = []
    plain = {key: _plain(item, key, problems) for key, item in raw.items()}
    return plain, tuple(problems)
