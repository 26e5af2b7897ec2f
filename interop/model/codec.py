"""Frozen values to JSON and back: a missing field or a wrong type is an error; fields of a newer writer are passed over.

The work is pydantic's, over the plain dataclasses; imported at first use, so that the vocabulary itself stays free of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from interop.model.errors import InputError, Problem

if TYPE_CHECKING:
    from pydantic import TypeAdapter

__all__ = ["dump_json", "dump_plain", "load_json"]

T = TypeVar("T")


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - a tenth of a second that `--help` does not pay

    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def dump_json(value: Any, *, indent: int | None = None) -> bytes:
    """A frozen value as UTF-8 JSON: fields in the order of their definition, instants as `2026-03-01T00:00:00Z`."""
    return _adapter(type(value)).dump_json(value, indent=indent, by_alias=True)


def dump_plain(value: Any) -> Any:
    """A frozen value as plain dicts, lists, strings and numbers."""
    return _adapter(type(value)).dump_python(value, mode="json", by_alias=True)


def load_json(kind: type[T], data: bytes | str, *, name: str) -> T:
    """Read one value. Raises InputError with every mistake and its path; `name` stands for the source in messages."""
    from pydantic import ValidationError  # noqa: PLC0415 - see above

    try:
        value: T = _adapter(kind).validate_json(data)
    except ValidationError as error:
        problems = tuple(
            Problem(where=".".join(str(part) for part in mistake["loc"]) or "document", what=mistake["msg"].lower())
            for mistake in error.errors()
        )
        raise InputError(name, problems) from None
    return value
