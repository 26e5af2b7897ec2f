"""Plain values to a frozen dataclass of the model: every mistake of shape at once, and a repaired copy for the checks of meaning.

Shape is what the dataclass alone says: keys, types, choices. A value with mistakes is repaired as far as it goes (a misspelt
key moved to where it belongs, a bad value replaced), so that `interop.profile.lint` can look at all the rest in the same
pass; `Shaped.unsound` names the paths that were touched, and what is found there is not reported a second time.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from interop.model.assurance import AssuranceLevel
from interop.model.errors import Problem, nearest, suggestion
from interop.profile.expected import LEVELS, Path, asked, bare, choices, fields_of, member, placeholder, type_at
from interop.profile.read import Plain

if TYPE_CHECKING:
    from pydantic import TypeAdapter

__all__ = ["Shaped", "adapter", "dotted", "shape"]

T = TypeVar("T")

_UNKNOWN = "unexpected_keyword_argument"
_MISSING = frozenset({"missing", "missing_keyword_only_argument"})
_ROUNDS = 8
"""A repair may uncover further mistakes below it; more rounds than tables can be nested are never needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped(Generic[T]):
    """What came of one file."""

    value: T | None
    """The value, repaired where `problems` says so; None where it is beyond repair."""
    problems: tuple[Problem, ...]
    unsound: frozenset[Path]
    """Paths whose values are not what the file says."""


def dotted(path: Sequence[str | int]) -> str:
    """`('certificates', 1, 'key')` as `certificates[1].key`; `document` for the whole."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "document"


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """Pydantic's reader for one dataclass; in a tuple of one, since that carries the rules down to all nested dataclasses."""
    from pydantic import ConfigDict, TypeAdapter  # noqa: PLC0415 - a tenth of a second that `--help` does not pay

    return TypeAdapter(tuple[kind], config=ConfigDict(extra="forbid", use_attribute_docstrings=True))


def _kind_word(value: Plain) -> str:
    """What a value is, in the words of TOML."""
    words: tuple[tuple[type, str], ...] = (
        (bool, "boolean"), (int, "integer"), (float, "float"), (str, "string"), (list, "array"), (dict, "table"),
    )  # fmt: skip
    return next((word for kind, word in words if isinstance(value, kind)), type(value).__name__)


def _levels(value: Plain, hint: Any) -> Plain:
    """`"L3"` to 3 wherever an assurance level stands; what is no level stays as it is and is found by the reader."""
    hint = bare(hint)
    if hint is AssuranceLevel:
        return LEVELS.get(value, f"{value}") if isinstance(value, str) else [value]
    if isinstance(value, dict):
        return {key: _levels(item, member(hint, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_levels(item, member(hint, index)) for index, item in enumerate(value)]
    return value


def _look(raw: Plain, path: Path) -> Plain:
    for part in path:
        raw = raw[part]
    return raw


def _trim(kind: type, location: Sequence[str | int], *, unknown_key: bool) -> Path:
    """The path in the file: pydantic appends the names of union members that it tried."""
    path: Path = ()
    for part in location:
        if member(type_at(kind, path), part) is None:
            return (*path, part) if unknown_key else path
        path = (*path, part)
    return path


class _Repair(Generic[T]):
    """One file under repair."""

    def __init__(self, kind: type[T], raw: Plain) -> None:
        self.kind: Any = kind
        self.raw: Plain = copy.deepcopy(raw)
        self.problems: dict[Path, Problem] = {}
        self.unsound: set[Path] = set()

    def report(self, path: Path, what: str) -> None:
        if not any(path[: len(known)] == known for known in self.unsound | self.problems.keys()):
            self.problems[path] = Problem(where=dotted(path), what=what)
        self.unsound.add(path)

    def errors(self) -> list[tuple[Path, str]]:
        """(path, kind of error) of one reading; empty when it reads."""
        from pydantic import ValidationError  # noqa: PLC0415 - see `adapter`

        text = json.dumps([_levels(self.raw, self.kind)])
        try:
            adapter(self.kind).validate_json(text, strict=True)
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=False, include_input=False)
            return [
                (_trim(self.kind, mistake["loc"][1:], unknown_key=mistake["type"] == _UNKNOWN), mistake["type"])
                for mistake in found
            ]
        return []

    def value(self) -> T:
        read = adapter(self.kind).validate_json(json.dumps([_levels(self.raw, self.kind)]), strict=True)
        return typing.cast("T", read[0])

    def unknown_key(self, path: Path, missing: set[Path]) -> None:
        """Report a key that the table does not know, and move its value to the key that was meant."""
        parent, key = path[:-1], str(path[-1])
        table = _look(self.raw, parent)
        known = list(fields_of(type_at(self.kind, parent)))
        absent = [name for name in known if (*parent, name) in missing]
        free = [name for name in known if name not in table]
        if absent:  # it may be far from the one that is missing, so another key gets the value only where it fits
            word = _kind_word(table[key])
            free = [name for name in free if _kind_word(placeholder(type_at(self.kind, (*parent, name)))) == word]
        near = nearest(key, absent) or nearest(key, free)
        self.report(path, "unknown key" + suggestion(key, [near] if near else known))
        value = table.pop(key)
        if near is not None and near not in table:
            table[near] = value
            missing.discard((*parent, near))

    def bad_value(self, path: Path) -> None:
        """Report a value of the wrong type or outside its choices, and put one in its place."""
        hint = type_at(self.kind, path)
        value = _look(self.raw, path)
        allowed = choices(hint)
        words = [choice for choice in allowed if not choice.isdigit()]
        near = nearest(value, words) if isinstance(value, str) else None
        if allowed:
            told = suggestion(value, words) if near else f" (one of {', '.join(allowed)})"
            self.report(path, f"unknown value {_shown(value)}{told}")
        elif hint is datetime and isinstance(value, str):
            self.report(path, f"{_shown(value)} is no instant (write 2026-03-01T00:00:00Z)")
        else:
            self.report(path, f"{asked(hint)} is needed, not {_article(_kind_word(value))}")
        if not path:
            self.raw = placeholder(self.kind)
            return
        parent = _look(self.raw, path[:-1])
        parent[path[-1]] = near if near is not None else placeholder(hint)

    def once(self) -> bool:
        """Read, report, repair. True when there is nothing left to repair."""
        found = self.errors()
        missing = {path for path, kind in found if kind in _MISSING}
        for path, kind in found:
            if kind == _UNKNOWN and path[-1] in _look(self.raw, path[:-1]):
                self.unknown_key(path, missing)
        for path in sorted(missing, key=repr):
            if isinstance(path[-1], int):
                self.bad_length(path[:-1])
            else:
                self.report(path, "required key is missing")
                _look(self.raw, path[:-1])[path[-1]] = placeholder(type_at(self.kind, path))
        for path, kind in found:
            if kind == "too_long":
                self.bad_length(path)
            elif kind != _UNKNOWN and kind not in _MISSING:
                self.bad_value(path)
        return not found

    def bad_length(self, path: Path) -> None:
        """Report an array that must have a fixed number of members."""
        hint = type_at(self.kind, path)
        self.report(path, f"an array of {len(typing.get_args(hint))} is needed")
        _look(self.raw, path[:-1])[path[-1]] = placeholder(hint)


def _article(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _shown(value: Plain) -> str:
    return f"'{value}'" if isinstance(value, str) else json.dumps(value, ensure_ascii=False)[:60]


def _naive(value: Any, path: Path = ()) -> Iterator[Path]:
    """Paths of instants without a time zone."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            yield path
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _naive(getattr(value, field.name), (*path, field.name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _naive(item, (*path, index))


def shape(kind: type[T], raw: dict[str, Plain]) -> Shaped[T]:
    """Read plain values as a dataclass of the model: types are strict, unknown keys are mistakes, `L0` to `L4` are levels."""
    repair = _Repair(kind, raw)
    for _ in range(_ROUNDS):
        if repair.once():
            break
    else:
        return Shaped(value=None, problems=tuple(repair.problems.values()), unsound=frozenset(repair.unsound))
    value = repair.value()
    naive = tuple(_naive(value))
    for path in naive:
        repair.report(path, "names no time zone (write it with a Z at the end)")
        _look(repair.raw, path[:-1])[path[-1]] = placeholder(datetime)
    if naive:
        value = repair.value()
    return Shaped(value=value, problems=tuple(repair.problems.values()), unsound=frozenset(repair.unsound))
