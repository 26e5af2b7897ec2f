"""`-k`: which vectors and cells. A cell, group or case id selects exactly that; else words with `and`, `or`, `not`.

Words match anywhere in a vector id `signer.identity/format/level/case`, as pytest's `-k` does in test ids.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from interop.model.errors import UsageError
from interop.model.ids import CellId

__all__ = ["Matcher", "matcher", "of_cell"]

Matcher = Callable[[str], bool]
"""Whether a vector id is selected."""

_DEEPEST = 50
"""Brackets and `not`s within one another; nobody writes that many."""

_TOKEN = re.compile(r"\s*(\(|\)|[^\s()]+)")


def matcher(expression: str) -> Matcher:
    """A test on vector ids. Raises UsageError with what is wrong in the expression."""
    tokens = _TOKEN.findall(expression)
    if not tokens:
        raise UsageError("-k is empty", hints=("write words, e.g. -k 'pades and not b-t'",))
    position = depth = 0

    def peek() -> str | None:
        return tokens[position] if position < len(tokens) else None

    def take() -> str:
        nonlocal position
        if position >= len(tokens):
            raise UsageError(f"-k '{expression}' ends where a word is expected")
        position += 1
        return str(tokens[position - 1])

    def either() -> Matcher:
        parts = [both()]
        while peek() == "or":
            take()
            parts.append(both())
        return parts[0] if len(parts) == 1 else _any(parts)

    def both() -> Matcher:
        parts = [single()]
        while peek() == "and":
            take()
            parts.append(single())
        return parts[0] if len(parts) == 1 else _all(parts)

    def single() -> Matcher:
        nonlocal depth
        token = take()
        if token in {"not", "("}:
            depth += 1
            if depth > _DEEPEST:
                raise UsageError(f"-k is nested too deeply (more than {_DEEPEST} brackets and 'not's)")
        if token == "not":
            inner = single()
            depth -= 1
            return lambda vector: not inner(vector)
        if token == "(":
            inner = either()
            if peek() != ")":
                raise UsageError(f"-k '{expression}': a '(' is not closed")
            take()
            depth -= 1
            return inner
        if token in {")", "and", "or"}:
            raise UsageError(f"-k '{expression}': '{token}' stands where a word is expected")
        return _word(token)

    found = either()
    if position != len(tokens):
        raise UsageError(f"-k '{expression}': '{tokens[position]}' is one too many", hints=("join words with and, or",))
    return found


def _all(parts: list[Matcher]) -> Matcher:
    return lambda vector: all(part(vector) for part in parts)


def _any(parts: list[Matcher]) -> Matcher:
    return lambda vector: any(part(vector) for part in parts)


def _word(word: str) -> Matcher:
    return lambda vector: word in vector


def of_cell(cell: CellId) -> Matcher:
    """The vectors that a cell, group or case id is about."""

    def matches(vector: str) -> bool:
        party, _, rest = vector.partition("/")
        signer, _, identity = party.partition(".")
        kind, level, case = rest.split("/")
        return (
            signer == cell.signer
            and cell.identity in {None, identity}
            and cell.format in {None, kind}
            and cell.level in {None, level}
            and cell.case in {None, case}
        )

    return matches
