"""The one error tree. An error says what happened, where, and what to try; the command line only prints it.

    InteropError
    ├── UsageError      the call is wrong: unknown id, bad option                        exit 2
    ├── InputError      a file cannot be used: every mistake in it, with its place       exit 2
    ├── EngineError     software we called broke or gave nonsense: no verdict            exit 3
    ├── Unsupported     recognised, but not something this software can compute          (becomes a fact or layer result)
    └── NothingToDo     nothing was selected, nothing ran                                exit 5

A signature that fails is data, never an exception.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "EngineError",
    "InputError",
    "InteropError",
    "NothingToDo",
    "Problem",
    "Unsupported",
    "UsageError",
    "nearest",
    "suggestion",
]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, upper and lower case ignored; None where none is near."""
    folded = {name.lower(): name for name in reversed(list(known))}
    match = difflib.get_close_matches(word.lower(), list(folded), n=1)
    return folded[match[0]] if match else None


def suggestion(word: object, known: Iterable[str]) -> str:
    """` (did you mean 'x'?)` for the nearest known word, else nothing. Starts with a space."""
    near = nearest(str(word), known)
    return f" (did you mean '{near}'?)" if near else ""


class InteropError(Exception):
    """Base of all errors that the command line prints as one line and `hint:` lines."""

    exit_code = 3

    def __init__(self, message: str, *, hints: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hints = hints


class UsageError(InteropError):
    """The call is wrong: an unknown id, an option that does not fit."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake in one file."""

    where: str
    """Dotted path or line inside the file, e.g. `certificates[1].key.curve`."""
    what: str
    """One lower-case sentence; ends with a suggestion where there is one."""


class InputError(InteropError):
    """A file cannot be used. Carries all its mistakes at once."""

    exit_code = 2

    def __init__(self, file: str, problems: tuple[Problem, ...], *, hints: tuple[str, ...] = ()) -> None:
        count = len(problems)
        head = f"{file}: {count} problem{'' if count == 1 else 's'}"
        width = max((len(p.where) for p in problems), default=0)
        lines = [f"  {p.where:<{width}}  {p.what}" for p in problems]
        super().__init__("\n".join([head, *lines]), hints=hints)
        self.file = file
        self.problems = problems


class EngineError(InteropError):
    """Software that we called crashed, hung or answered nonsense. Says nothing about the signature."""

    exit_code = 3


class Unsupported(InteropError):
    """The thing is recognised, but this software cannot compute it (e.g. GOST, an unknown curve)."""

    exit_code = 3


class NothingToDo(InteropError):
    """Nothing was selected or nothing ran."""

    exit_code = 5
