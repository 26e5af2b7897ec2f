"""Pieces of Markdown that generated pages share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from interop.model.instant import format_instant

__all__ = ["bullets", "cell", "code", "codes", "date", "folded", "table"]


def cell(text: object) -> str:
    """Text of one table cell."""
    return " ".join(str(text).split()).replace("|", "\\|")


def code(text: object) -> str:
    """A word in code type."""
    return f"`{text}`"


def codes(words: Iterable[object]) -> str:
    """Words in code type, in a row."""
    return ", ".join(map(code, words))


def date(instant: datetime) -> str:
    """An instant in UTC, the day alone where it begins then."""
    return format_instant(instant).removesuffix("T00:00:00Z")


def bullets(lines: Iterable[str]) -> str:
    """A list, one line each."""
    return "".join(f"- {' '.join(line.split())}\n" for line in lines)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table without the columns in which every row is empty; empty text without rows."""
    written = [[cell(value) for value in row] for row in rows]
    kept = [index for index in range(len(head)) if any(row[index] for row in written)]
    if not kept:
        return ""
    lines = [f"| {' | '.join(line[index] for index in kept)} |" for line in ([*head], *written)]
    return "\n".join([lines[0], "|" + "---|" * len(kept), *lines[1:]]) + "\n"


def folded(title: str, text: str) -> str:
    """What a reader unfolds who wants it."""
    return f"<details><summary>{title}</summary>\n\n{text}\n</details>\n"
