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
        starts = [s for s in (self.start, other.start) if s is not None]
        ends = [e for e in (self.end, other.end) if e is not None]
        return Interval(max(starts, default=None), min(ends, default=None))


ALWAYS = Interval()
"""Holds whatever the time."""


def intersect(spans: Iterable[Interval]) -> Interval:
    """The span over which all of them hold; `ALWAYS` for none."""
    total = ALWAYS
    for span in spans:
        total = total & span
    return total
