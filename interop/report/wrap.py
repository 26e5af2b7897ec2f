"""Where a line of English and Chinese may break: after spaces, and between Chinese characters, as GB/T 15834 lets it.

Rich breaks at spaces alone, which leaves half a line empty before every Chinese phrase.
"""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text as Styled

__all__ = ["breaks", "wrapped"]

_NOT_FIRST = frozenset("，。、；：！？）》」』”’…%,.;:!?)]}")
"""Never at the beginning of a line."""
_NOT_LAST = frozenset("（《「『“‘([{")
"""Never at the end of a line."""


def _wide(char: str) -> bool:
    return cell_len(char) > 1


def _may_break(before: str, after: str) -> bool:
    if after == " ":
        return False
    if before == " ":
        return True
    return (_wide(before) or _wide(after)) and after not in _NOT_FIRST and before not in _NOT_LAST


def breaks(text: str, width: int) -> list[int]:
    """Offsets at which lines after the first begin, none wider than `width` columns (trailing spaces not counted).

    A word that is wider than a line is broken where the line ends.
    """
    found: list[int] = []
    start, chance, column = 0, 0, 0
    for index, char in enumerate(text):
        if index > start and _may_break(text[index - 1], char):
            chance = index
        size = cell_len(char)
        while char != " " and column + size > width and index > start:
            start = chance if chance > start else index
            found.append(start)
            column = cell_len(text[start:index])
        column += size
    return found


def wrapped(text: Styled, width: int) -> list[Styled]:
    """The lines, without trailing spaces."""
    lines = list(text.divide(breaks(text.plain, width)))
    for line in lines:
        line.rstrip()
    return lines
