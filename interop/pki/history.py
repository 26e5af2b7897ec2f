"""The status history of a provider's certificates: what is true of one certificate at one time. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from interop.model.profile import StatusEvent

__all__ = ["Standing", "standing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A certificate that is revoked or suspended."""

    since: datetime
    """When the event took effect."""
    reason: str
    """CRLReason name; `certificateHold` while suspended."""
    invalid_since: datetime | None = None
    """invalidityDate, where it is said."""


def standing(events: Iterable[StatusEvent], certificate_id: str, at: datetime) -> Standing | None:
    """Revoked or suspended at that time, or None while it is good.

    Events count from their instant on, in order of time. A resumed certificate is good again; a revoked one stays revoked
    whatever comes later (RFC 5280 section 5.3.1: only a hold may be lifted).
    """
    state: Standing | None = None
    mine = (event for event in events if event.certificate == certificate_id and event.at <= at)
    for event in sorted(mine, key=lambda event: event.at):
        if event.status == "revoked":
            return Standing(since=event.at, reason=event.reason, invalid_since=event.invalid_since)
        held = Standing(since=event.at, reason="certificateHold", invalid_since=event.invalid_since)
        state = (state or held) if event.status == "suspended" else None
    return state
