"""An instant that remembers what it was compared with, so that every answer knows how long it stays the same.

Whoever asks a time-dependent question asks it of a `Moment`. Each comparison narrows `holds`: at any other instant inside,
every comparison comes out alike, hence so does the answer. `widen` joins neighbouring spans whose answers are equal, so
that a change which alters nothing (a routine reissue of a CRL) ends nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from interop.model.instant import Interval

__all__ = ["TICK", "Moment", "after", "later", "widen"]

T = TypeVar("T")

TICK = timedelta(microseconds=1)
"""Resolution of instants."""

_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=None)
_STEPS = 4096
"""Spans joined in each direction at most: far more than the reissues of a status history of ten years of days."""


def after(instant: datetime) -> datetime | None:
    """The first instant after; None for the end of time (`99991231235959Z` of RFC 5280 section 4.1.2.5 included)."""
    if instant.replace(tzinfo=None) >= _LAST.replace(microsecond=0):
        return None
    return instant + TICK


def later(instant: datetime, seconds: int) -> datetime | None:
    """The instant that many seconds after; None beyond the end of time."""
    try:
        return instant + timedelta(seconds=seconds)
    except OverflowError:
        return None


class Moment:
    """The instant at which a question is asked.

    A floating moment moves with the validation time and records its comparisons; a fixed one (a proven time) stays where
    it is whenever the question is asked, so its comparisons bind nothing.
    """

    __slots__ = ("_end", "_start", "at", "floating")

    def __init__(self, at: datetime, *, floating: bool = True) -> None:
        self.at = at
        self.floating = floating
        self._start: datetime | None = None
        self._end: datetime | None = None

    @property
    def holds(self) -> Interval:
        """Over which validation times all comparisons so far come out as they did."""
        return Interval(self._start, self._end)

    def reached(self, instant: datetime) -> bool:
        """Whether `instant` is not in the future."""
        if instant <= self.at:
            if self.floating and (self._start is None or self._start < instant):
                self._start = instant
            return True
        if self.floating and (self._end is None or instant < self._end):
            self._end = instant
        return False

    def passed(self, instant: datetime) -> bool:
        """Whether `instant` itself is in the past (RFC 5280: notAfter is the last valid instant)."""
        following = after(instant)
        return following is not None and self.reached(following)

    def inside(self, span: Interval) -> bool:
        """Whether the moment lies in the half-open span."""
        started = span.start is None or self.reached(span.start)
        return started and (span.end is None or not self.reached(span.end))

    def narrow(self, span: Interval) -> None:
        """Take over what another answer, on which this one rests, depends on."""
        if span.start is not None and (self._start is None or self._start < span.start):
            self._start = span.start
        if span.end is not None and (self._end is None or span.end < self._end):
            self._end = span.end


def widen(ask: Callable[[Moment], T], at: datetime) -> tuple[T, Interval]:
    """The answer at `at`, and the whole span around it over which the answer is equal."""
    moment = Moment(at)
    answer = ask(moment)
    start, end = moment.holds.start, moment.holds.end
    for _ in range(_STEPS):
        if end is None:
            break
        probe = Moment(end)
        if ask(probe) != answer:
            break
        end = probe.holds.end
    for _ in range(_STEPS):
        if start is None or start <= _FIRST:
            break
        probe = Moment(start - TICK)
        if ask(probe) != answer:
            break
        start = probe.holds.start
    return answer, Interval(start, end)
