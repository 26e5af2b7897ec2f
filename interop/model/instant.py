"""Instants and the spans over which something holds. Every instant is UTC and timezone-aware."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

__all__ = ["ALWAYS", "Interval", "format_instant", "intersect", "parse_instant"]


def parse_instant(text: str) -> datetime:
    """ISO 8601 to an aware UTC datetime; a date alone means 00:00:00Z.

    Raises ValueError for anything else, for an instant without a zone, and outside years 1 to 9999.
    """
    raw = text.strip()
    if len(raw) == 10:
        raw += "T00:00:00Z"
    value = datetime.fromisoformat(raw)
    if value.tzinfo is None:
        raise ValueError(f"'{text}' names no time zone (write it as {raw}Z)")
    return value.astimezone(UTC)


def format_instant(value: datetime) -> str:
    """`2026-03-01T00:00:00Z`; fractions of a second only where there are any."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Interval:
    """Half-open span of validation time `[start, end)`; None is unbounded."""

    start: datetime | None = None
    """First instant inside; None: no begin."""
    end: datetime | None = None
    """First instant no longer inside; None: no end."""

    def __contains__(self, at: datetime) -> bool:
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)

    def __and__(self, other: Interval) -> Interval:
        start, end = self.start, self.end
        if other.start is not None and (start is None or start < other.start):
            start = other.start
        if other.end is not None and (end is None or other.end < end):
            end = other.end
        return self if start is self.start and end is self.end else Interval(start, end)


ALWAYS = Interval()
"""Holds whatever the time."""


def intersect(spans: Iterable[Interval]) -> Interval:
    """The span over which all of them hold; `ALWAYS` for none."""
    start: datetime | None = None
    end: datetime | None = None
    for span in spans:
        if span.start is not None and (start is None or start < span.start):
            start = span.start
        if span.end is not None and (end is None or span.end < end):
            end = span.end
    return ALWAYS if start is None and end is None else Interval(start, end)
