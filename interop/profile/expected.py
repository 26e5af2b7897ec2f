"""What a type of the model asks for: its members, its choices, a value that would do, and how to say it in the words of TOML."""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import datetime
from enum import Enum, EnumMeta
from functools import cache
from typing import Any, Literal

from interop.model.assurance import AssuranceLevel
from interop.profile.read import Plain

__all__ = ["LEVELS", "Path", "asked", "bare", "choices", "fields_of", "member", "placeholder", "type_at"]

Path = tuple[str | int, ...]
"""Keys and indexes from the top of a file down to one value."""

LEVELS = {level.name: int(level) for level in AssuranceLevel}
"""Assurance levels as files write them."""


@cache
def fields_of(kind: type) -> dict[str, Any]:
    """Field names and types of a dataclass, resolved."""
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def bare(hint: Any) -> Any:
    """The type without `| None`."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        options = [option for option in typing.get_args(hint) if option is not type(None)]
        return options[0] if len(options) == 1 else hint
    return hint


def member(hint: Any, part: str | int) -> Any:
    """The type of one member; None where the type knows no such member."""
    if hint is None:
        return None
    hint = bare(hint)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return fields_of(hint).get(str(part))
    arguments = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if origin is tuple and isinstance(part, int):
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return arguments[0]
        return arguments[part] if part < len(arguments) else None
    if origin is dict:
        return arguments[1]
    return arguments[0] if origin is frozenset else None


def type_at(kind: type, path: Path) -> Any:
    """The type at a path below a dataclass, without `| None`; None where there is no such place."""
    hint: Any = kind
    for part in path:
        hint = member(hint, part)
        if hint is None:
            return None
    return bare(hint)


def choices(hint: Any) -> tuple[str, ...]:
    """The words that a type allows, where it is a choice of words."""
    if hint is AssuranceLevel:
        return tuple(LEVELS)
    if isinstance(hint, EnumMeta):
        return tuple(str(word.value) for word in typing.cast("type[Enum]", hint))
    if typing.get_origin(hint) is Literal:
        return tuple(str(word) for word in typing.get_args(hint))
    return ()


def placeholder(hint: Any) -> Plain:
    """A value of the type, so that the rest can be read; never seen by anybody."""
    hint = bare(hint)
    if hint is AssuranceLevel:
        return AssuranceLevel.L0.name
    if typing.get_origin(hint) is Literal:
        return typing.get_args(hint)[0]
    if isinstance(hint, EnumMeta):
        return next(iter(typing.cast("type[Enum]", hint))).value
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        required = (
            field.name
            for field in dataclasses.fields(hint)
            if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        )
        return {name: placeholder(fields_of(hint)[name]) for name in required}
    if typing.get_origin(hint) is tuple:
        arguments = typing.get_args(hint)
        return [] if arguments[-1:] == (Ellipsis,) else [placeholder(argument) for argument in arguments]
    simple: dict[Any, Plain] = {datetime: "2000-01-01T00:00:00Z", bool: False, int: 0, float: 0.0, str: ""}
    return simple.get(hint, {} if typing.get_origin(hint) is dict else "")


def asked(hint: Any) -> str:
    """What a type asks for, in the words of TOML."""
    hint = bare(hint)
    words: dict[Any, str] = {
        str: "a string", int: "an integer", bool: "true or false", float: "a number", datetime: "an instant (2026-03-01T00:00:00Z)",
    }  # fmt: skip
    if hint in words:
        return words[hint]
    if typing.get_origin(hint) is tuple:
        return "an array"
    if dataclasses.is_dataclass(hint) or typing.get_origin(hint) is dict:
        return "a table"
    return "another type"
