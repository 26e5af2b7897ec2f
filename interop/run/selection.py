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

_TOKEN = re.compile(r"\s*(\(|\)|[^\s()]+)")


def matcher(expression: str) -> Matcher:
    """A test on vector ids. Raises UsageError with what is wrong in the expression."""
    tokens = _TOKEN.findall(expression)
    if not tokens:
        raise UsageError("-k is empty", hints=("write words, e.g. -k 'pades and not b-t'",))
    position = 0

    def peek() -> str | None:
        return tokens[position] if position < len(tokens) else None

    def take() -> str:
        nonlocal position
        if position >= len(tokens):
            raise UsageError(f"-k '{expression}' ends where a word is expected")
        position += 1
        return str(tokens[position - 1])

    def either() -> Matcher:
        left = both()
        while peek() == "or":
            take()
            left = _or(left, both())
        return left

    def both() -> Matcher:
        left = single()
        while peek() == "and":
            take()
            left = _and(left, single())
        return left

    def single() -> Matcher:
        token = take()
        if token == "not":
            inner = single()
            return lambda vector: not inner(vector)
        if token == "(":
            inner = either()
            if peek() != ")":
                raise UsageError(f"-k '{expression}': a '(' is not closed")
            take()
            return inner
        if token in {")", "and", "or"}:
            raise UsageError(f"-k '{expression}': '{token}' stands where a word is expected")
        return _word(token)

    found = either()
    if position != len(tokens):
        raise UsageError(f"-k '{expression}': '{tokens[position]}' is one too many", hints=("join words with and, or",))
    return found


def _and(left: Matcher, right: Matcher) -> Matcher:
    return lambda vector: left(vector) and right(vector)


def _or(left: Matcher, right: Matcher) -> Matcher:
    return lambda vector: left(vector) or right(vector)


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
