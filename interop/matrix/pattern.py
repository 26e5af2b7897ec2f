"""A matrix as rows and columns of reasons: how often the same reason refuses the same file elsewhere, and other files here.

Only groups that were accepted, or refused, are compared: what is unsupported, did not run, or got no answer says nothing about
anybody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from interop.matrix.inputs import MODELLED
from interop.model.layers import RECOGNITION, Layer
from interop.model.matrix import Group, Matrix, ReasonRow
from interop.model.outcome import GroupState

__all__ = ["BLOCKED", "OF_THE_FILE", "SUITE_CODES", "UNEXPLAINED", "Pattern", "Place", "Seen", "Share"]

BLOCKED = frozenset({GroupState.BLOCKED_TECHNICAL, GroupState.BLOCKED_RECOGNITION, GroupState.UNDETERMINED})
"""States of groups that are refused, or left without an answer."""
_COMPARED = BLOCKED | {GroupState.ACCEPTED}

OF_THE_FILE = frozenset({Layer.CONTAINER, Layer.INTEGRITY, Layer.SIGNATURE})
"""Layers that depend on the file alone: whoever reads it with the same software finds the same."""

UNEXPLAINED = ""
"""Cause of a group that is refused without a word, as black boxes do."""

SUITE_CODES = frozenset(
    {
        "algorithm.not-in-suite",
        "algorithm.size-not-in-suite",
        "algorithm.not-yet-suitable",
        "algorithm.expired-no-poe",
    }
)
"""Reasons with which a suite, and not a relying party's own list of algorithms, refuses."""


class Share(NamedTuple):
    """How many of how many."""

    hits: int
    of: int


class Place(NamedTuple):
    """One group of one signer at one relying party."""

    signer: str
    relying: str
    group: str

    @property
    def kind(self) -> str:
        """`format/level`: groups of other signers are comparable in it."""
        return self.group.partition("/")[2]


def _cause_of(row: ReasonRow) -> str:
    """What is counted as the same reason: its code; the reasons of the algorithm layer together, since a list of keys, one of
    digests and a suite refuse the same algorithms three times."""
    return Layer.ALGORITHM.value if row.layer is Layer.ALGORITHM else row.code


@dataclass(frozen=True, slots=True)
class Seen:
    """What is compared of a group."""

    group: Group
    causes: frozenset[str]
    """What blocks it, see `Pattern.cause`; empty where it is accepted, or where an engine's trouble stands in its place."""
    by_suite: bool
    """Whether a suite is among what blocks it."""

    @property
    def accepted(self) -> bool:
        return self.group.state is GroupState.ACCEPTED


class Pattern:
    """The counts, each made once."""

    def __init__(self, matrix: Matrix) -> None:
        self.reasons = matrix.tables.reasons
        self.agreements = frozenset(matrix.header.agreements)
        self.cause = tuple(map(_cause_of, self.reasons))
        """What each row of the reason table counts as."""
        self.layer_of: dict[str, Layer | None] = {UNEXPLAINED: None}
        """Cause -> its layer."""
        self.layer_of.update((cause, row.layer) for cause, row in zip(self.cause, self.reasons, strict=True))
        self.places: dict[Place, Seen] = {}
        known: dict[tuple[int, ...], tuple[frozenset[str], bool]] = {}
        for cell_id, cell in matrix.cells.items():
            signer, _, relying = cell_id.partition(":")
            for name, group in cell.groups.items():
                if group.state in _COMPARED:
                    numbers = () if group.state is GroupState.ACCEPTED else group.reasons
                    if numbers not in known:
                        by_suite = any(self.reasons[number].code in SUITE_CODES for number in numbers)
                        known[numbers] = frozenset(self.cause[number] for number in numbers), by_suite
                    causes, by_suite = known[numbers]
                    if not causes and not group.notes and group.state in BLOCKED:
                        causes = frozenset({UNEXPLAINED})
                    self.places[Place(signer, relying, name)] = Seen(group, causes, by_suite)
        self._rows: dict[tuple[str, str], dict[str, Seen]] = {}
        """(signer, group) -> relying party -> what it makes of it."""
        self._columns: dict[tuple[str, str], dict[str, list[Seen]]] = {}
        """(relying party, format/level) -> signer -> its groups."""
        self._at: dict[str, list[tuple[str, Seen]]] = {}
        """Relying party -> every signer's groups there."""
        for place, seen in self.places.items():
            if not (seen.accepted or seen.causes):
                continue  # an engine's trouble
            self._rows.setdefault((place.signer, place.group), {})[place.relying] = seen
            self._columns.setdefault((place.relying, place.kind), {}).setdefault(place.signer, []).append(seen)
            self._at.setdefault(place.relying, []).append((place.signer, seen))
        self._shares: dict[tuple[str, ...], tuple[frozenset[str], frozenset[str]]] = {}
        self._counts: dict[tuple[str, ...], Share] = {}
        self.suites = {party.id: "+".join(sorted(party.suites)) for party in matrix.tables.parties}
        """Relying party -> the suites that count there."""
        self._primary = matrix.header.engine
        self._engines = {
            party.id: self._primary if party.engine == MODELLED else party.engine for party in matrix.tables.parties
        }
        """Relying party -> the software whose word stands in its column."""

    def row(self, place: Place, cause: str) -> Share:
        """The same group at the relying parties other than this one and the signer's own; for a reason of recognition only where
        the group is promised: that nothing connects two parties says nothing about a third."""
        key = ("row", place.signer, place.group, cause)
        if key not in self._shares:
            promised = self._recognition(cause)
            compared = {
                relying: seen
                for relying, seen in self._rows[place.signer, place.group].items()
                if relying != place.signer and (seen.group.promised or not promised)
            }
            self._shares[key] = (
                frozenset(relying for relying, seen in compared.items() if cause in seen.causes),
                frozenset(compared),
            )
        return self._others(key, place.relying)

    def column(self, place: Place, cause: str) -> Share:
        """The signers other than this one and the relying party itself, with groups of the same format and level: those all of
        whose groups are refused for the reason. For a reason of recognition only groups that are promised count."""
        key = ("column", place.relying, place.kind, cause)
        if key not in self._shares:
            promised = self._recognition(cause)
            compared: dict[str, list[Seen]] = {}
            for signer, seen in self._columns[place.relying, place.kind].items():
                counted = [each for each in seen if each.group.promised or not promised]
                if counted and signer != place.relying:
                    compared[signer] = counted
            self._shares[key] = (
                frozenset(s for s, seen in compared.items() if all(cause in each.causes for each in seen)),
                frozenset(compared),
            )
        return self._others(key, place.signer)

    def _others(self, key: tuple[str, ...], but: str) -> Share:
        hits, compared = self._shares[key]
        return Share(len(hits) - (but in hits), len(compared) - (but in compared))

    def others_pass(self, place: Place, cause: str) -> bool:
        """Whether a group of another signer is at this relying party and not refused for the reason."""
        key = ("pass", place.relying, cause)
        if key not in self._shares:
            passing = frozenset(signer for signer, seen in self._at[place.relying] if cause not in seen.causes)
            self._shares[key] = (passing, passing)
        return self._others(key, place.signer).hits > 0

    def home(self, place: Place) -> Seen | None:
        """What the signer's own relying party makes of the group; None where that was not asked."""
        return self.places.get(Place(place.signer, place.signer, place.group))

    def contradicting(self, place: Place) -> tuple[str, ...]:
        """Other software that finds nothing wrong with the same files: it speaks for a relying party that accepts them, or it is
        the primary engine, all of whose layers are known, and none of the file blocks. Sorted."""
        mine = self._engines.get(place.relying)
        found: set[str] = set()
        for relying, seen in self._rows[place.signer, place.group].items():
            engine = self._engines.get(relying)
            if engine is None or engine == mine or engine in found:
                continue
            silent = engine != self._primary or seen.group.notes
            if seen.accepted or not (silent or OF_THE_FILE & set(seen.group.blocks)):
                found.add(engine)
        return tuple(sorted(found))

    def own(self, relying: str, cause: str) -> Share:
        """The relying party's own groups: how many it refuses for the reason. Of none, where it does not sign."""
        key = ("own", relying, cause)
        if key not in self._counts:
            seen = [each for signer, each in self._at.get(relying, ()) if signer == relying]
            self._counts[key] = Share(sum(cause in each.causes for each in seen), len(seen))
        return self._counts[key]

    def suite(self, place: Place) -> tuple[Share, Share]:
        """The same group where the suites of this relying party count (this one included), and where others do: how many refuse
        its algorithms, and how many pass them."""
        mine = self.suites.get(place.relying)
        refused = same = passed = other = 0
        for relying, seen in self._rows[place.signer, place.group].items():
            if self.suites.get(relying) == mine or relying == place.relying:
                same += 1
                refused += seen.by_suite
            else:
                other += 1
                passed += Layer.ALGORITHM not in seen.causes
        return Share(refused, same), Share(passed, other)

    def instrument(self, relying: str, agreement: str) -> Share:
        """Groups that the relying party accepts under the agreement, of those and the ones that it turns away for a reason that
        names it."""
        key = ("instrument", relying, agreement)
        if key not in self._counts:
            accepted = turned = 0
            for _, seen in self._at.get(relying, ()):
                if seen.accepted:
                    accepted += seen.group.agreement == agreement
                else:
                    turned += any(self.agreement_of(number) == agreement for number in seen.group.reasons)
            self._counts[key] = Share(accepted, accepted + turned)
        return self._counts[key]

    def agreement_of(self, number: int) -> str | None:
        """The instrument that a reason names at the beginning of its detail."""
        row = self.reasons[number]
        if row.layer not in RECOGNITION:
            return None
        name = row.detail.partition(":")[0]
        return name if name in self.agreements else None

    def _recognition(self, cause: str) -> bool:
        return self.layer_of[cause] in RECOGNITION
