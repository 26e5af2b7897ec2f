"""How cells change over the years, and what ends or begins on the dates on which they do. What `interop timeline -f json` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from interop.model.matrix import CellLevel
from interop.model.outcome import CellVerdict, Conformity, GroupState

__all__ = [
    "CellChange",
    "CellCourse",
    "CellSpell",
    "Dated",
    "Event",
    "GroupChange",
    "GroupPoint",
    "Timeline",
    "Turn",
    "TurnKind",
]

SCHEMA_VERSION = "1.0"


class TurnKind(StrEnum):
    """What happens on a date, in the order in which causes are named."""

    CA_START = "ca_start"
    """The certificate of a CA begins to be valid (notBefore)."""
    CA_END = "ca_end"
    """The certificate of a CA has ended (notAfter has passed)."""
    CERTIFICATE_START = "certificate_start"
    """A certificate of a signer, time-stamping authority or responder begins to be valid."""
    CERTIFICATE_END = "certificate_end"
    """A certificate of a signer, time-stamping authority or responder has ended."""
    ALGORITHM_START = "algorithm_start"
    """A suite of the relying party begins to call an algorithm suitable."""
    ALGORITHM_END = "algorithm_end"
    """A suite of the relying party no longer calls an algorithm suitable."""
    AGREEMENT_START = "agreement_start"
    """An instrument comes into force."""
    AGREEMENT_REPEAL = "agreement_repeal"
    """An instrument is repealed."""
    WINDOW_START = "window_start"
    """The window of an entry of an instrument begins: signatures made from then on are admitted."""
    WINDOW_END = "window_end"
    """The window of an entry of an instrument has ended."""
    LIST_GRANTED = "list_granted"
    """A trusted list grants a service from then on."""
    LIST_WITHDRAWN = "list_withdrawn"
    """A trusted list no longer grants a service."""
    STATUS = "status"
    """A certificate is revoked, suspended or resumed, and the services say so."""
    SERVICE = "service"
    """The status services of a CA begin or fall silent, with its certificate or that of its responder."""
    EVIDENCE = "evidence"
    """Status answers begin, run out, or no longer speak of a certificate that has ended."""
    TIME_STAMP = "time_stamp"
    """A time-stamp of the file is made: before, it proves nothing."""
    OTHER = "other"
    """Nothing that is known to begin or end on that instant explains it; the reason codes say what changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One thing that begins or ends, and explains a change."""

    kind: TurnKind
    """What happens."""
    whose: str = ""
    """Provider, suite or agreement it belongs to; empty: none that is known."""
    what: str = ""
    """Id of the thing: `provider:certificate`, name of an algorithm, service of an agreement's entry."""
    name: str = ""
    """For people: common name of a certificate, what a status event says, what an agreement's history notes; `other`: the reason codes.
    Untrusted text."""
    role: str = ""
    """Certificates: `root`, `ca`, `signer`, `tsa`, `ocsp`; empty for others, and where it is not known."""
    source: str = ""
    """Suites and agreements: where it is written, as their files say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A thing that begins or ends on an instant, before it is known whether it changes anything."""

    at: datetime
    """First instant on which it is so."""
    turn: Turn
    """What it would be as a cause."""
    fits: tuple[str, ...]
    """Beginnings of the reason codes that it can make arrive or leave."""
    marks: tuple[str, ...] = ()
    """Texts of which one stands in the detail of a reason that is about this thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPoint:
    """One group at one time."""

    state: GroupState
    """How it comes out."""
    promised: bool
    """An instrument in force covers all its required cases."""
    agreement: str | None
    """Id of that instrument."""
    attained: str | None
    """Level, `L0` to `L4`; None where nothing was judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChange:
    """A group before and after."""

    group: str
    """`identity/format/level`."""
    before: GroupPoint
    """Up to that instant."""
    after: GroupPoint
    """From then on."""
    arrived: tuple[str, ...] = ()
    """Reason codes that were not there before, findings included."""
    left: tuple[str, ...] = ()
    """Reason codes that are no longer there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellSpell:
    """A span over which a cell stays as it is."""

    since: datetime
    """First instant."""
    until: datetime
    """First instant after."""
    verdict: CellVerdict
    """By the rules of the matrix."""
    conformity: Conformity
    """By the rules of the matrix."""
    level: CellLevel
    """Levels claimed, attained and required."""
    accepted: int
    """Groups that are accepted."""
    supported: int
    """Groups that count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """One cell on one instant: what is different from then on, and why."""

    at: datetime
    """First instant on which it is different."""
    cell: str
    """`signer:relying`."""
    before: CellSpell
    """The spell that ends."""
    after: CellSpell
    """The spell that begins."""
    groups: tuple[GroupChange, ...]
    """The groups that change; sorted. Empty where a negative begins or ceases to be accepted, and nothing else changes."""
    why: tuple[Turn, ...]
    """What begins or ends on that instant and explains it; one of kind `other` where nothing does."""

    @property
    def shows(self) -> bool:
        """Verdict, conformity or level of the whole cell are different, not of some groups alone."""
        one, other = self.before, self.after
        return (one.verdict, one.conformity, one.level) != (other.verdict, other.conformity, other.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellCourse:
    """One cell over the years."""

    cell: str
    """`signer:relying`."""
    spells: tuple[CellSpell, ...]
    """In order of time, without gaps."""
    groups: Mapping[str, GroupPoint]
    """Every group at the first instant; sorted."""
    changes: tuple[CellChange, ...]
    """One between each two spells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Cells that change on one instant for the same reason: all of one kind that one owner's things do then count as one."""

    at: datetime
    """First instant on which they are different."""
    why: tuple[Turn, ...]
    """What begins or ends, over all these cells; which of it touches a cell stands in its own change."""
    cells: tuple[str, ...]
    """`signer:relying`, in the order of the timeline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The cells asked for over the years asked for."""

    schema_version: str = SCHEMA_VERSION
    """Version of this shape."""
    set: str
    """Id of the case set."""
    signing: datetime
    """Signing instant of the files."""
    since: datetime
    """First validation instant."""
    until: datetime
    """First validation instant after the years."""
    cells: tuple[CellCourse, ...]
    """Sorted by signer, then relying party."""
    events: tuple[Event, ...]
    """The changes of all cells by instant and reason, in order of time."""
