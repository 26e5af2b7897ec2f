"""For how long a service goes on giving the same answer but for routine reissue: from one turn of its content to the next. Pure.

    since, until = window(at, (*turns_of_the_ca, *ocsp_turns(events, "signer")))

A turn is the first whole second from which an answer is another one; services work in whole seconds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from interop.model.profile import StatusEvent
from interop.pki.history import standing

__all__ = ["crl_after", "crl_turns", "crl_update", "first_second", "ocsp_turns", "second_after", "window"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def first_second(instant: datetime) -> datetime | None:
    """The first whole second at or after; None where there is none before the end of time."""
    whole = instant.replace(microsecond=0)
    return whole if whole == instant else second_after(instant)


def second_after(instant: datetime) -> datetime | None:
    """The first whole second after, such as that after notAfter; None at the end of time."""
    try:
        return instant.replace(microsecond=0) + _SECOND
    except OverflowError:
        return None


def crl_update(at: datetime, start: datetime, period: timedelta) -> tuple[datetime, int]:
    """thisUpdate of the CRL that is out at a time, and the number of its period: the last multiple of the period since 1970,
    but no sooner than the CA's `start`."""
    number = (at - _EPOCH) // period
    return max(_EPOCH + number * period, start), number


def crl_after(instant: datetime, start: datetime, period: timedelta) -> datetime | None:
    """thisUpdate of the first CRL of a CA that is issued after an instant; None where there is none before the end of time."""
    try:
        return max(_EPOCH + ((instant - _EPOCH) // period + 1) * period, start)
    except OverflowError:
        return None


def crl_turns(
    events: Collection[StatusEvent], certificates: Collection[str], start: datetime, period: timedelta
) -> Iterator[datetime]:
    """When the entries of a CA's CRL change: the first issue that knows of an event, where it changes any entry."""
    for event in events:
        if event.certificate not in certificates or event.at <= start:
            continue
        number = -((_EPOCH - event.at) // period)
        turn = _EPOCH + number * period
        before, _ = crl_update(turn - _SECOND, start, period)
        if any(standing(events, name, turn) != standing(events, name, before) for name in certificates):
            yield turn


def ocsp_turns(events: Collection[StatusEvent], certificate: str) -> Iterator[datetime]:
    """When the status of one certificate changes."""
    for event in events:
        turn = first_second(event.at) if event.certificate == certificate else None
        if turn is not None and standing(events, certificate, turn) != standing(events, certificate, turn - _SECOND):
            yield turn


def window(at: datetime, turns: Iterable[datetime | None]) -> tuple[datetime | None, datetime | None]:
    """From the last turn at or before a time to the next one; None where there is none."""
    known = [turn for turn in turns if turn is not None]
    return max((t for t in known if t <= at), default=None), min((t for t in known if t > at), default=None)
