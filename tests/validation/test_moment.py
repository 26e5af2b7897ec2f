"""An answer holds over exactly the span in which every comparison comes out alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from interop.model.instant import Interval
from interop.validation.moment import Moment, after, widen

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
instants = st.integers(0, 1000).map(lambda minutes: EPOCH + timedelta(minutes=minutes))


@given(at=instants, limits=st.lists(instants, max_size=8), other=instants)
def test_same_answers_inside_the_span(at: datetime, limits: list[datetime], other: datetime) -> None:
    moment = Moment(at)
    answers = [moment.reached(limit) for limit in limits]
    assert at in moment.holds
    if other in moment.holds:
        assert [Moment(other).reached(limit) for limit in limits] == answers


@given(at=instants, limit=instants)
def test_a_fixed_moment_binds_nothing(at: datetime, limit: datetime) -> None:
    moment = Moment(at, floating=False)
    assert moment.reached(limit) == (limit <= at)
    assert moment.holds == Interval()


def test_last_valid_instant_is_not_passed() -> None:
    """RFC 5280 section 4.1.2.5: notAfter is inclusive."""
    assert not Moment(EPOCH).passed(EPOCH)
    assert Moment(EPOCH + timedelta(microseconds=1)).passed(EPOCH)


def test_no_instant_follows_the_end_of_time() -> None:
    """RFC 5280 section 4.1.2.5: 99991231235959Z stands for no well-defined expiration."""
    end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert after(end) is None
    assert not Moment(end).passed(end)


@given(at=instants, limits=st.lists(instants, max_size=8), period=st.integers(1, 7))
def test_widening_joins_equal_answers_and_no_others(at: datetime, limits: list[datetime], period: int) -> None:
    def ask(moment: Moment) -> int:
        return sum(moment.reached(limit) for limit in limits) // period

    answer, span = widen(ask, at)
    assert at in span
    assert answer == ask(Moment(at))
    for limit in limits:
        if limit in span:
            assert ask(Moment(limit)) == answer
    if span.end is not None:
        assert ask(Moment(span.end)) != answer
    if span.start is not None:
        assert ask(Moment(span.start - timedelta(microseconds=1))) != answer
