"""Where to look first for why a cell is blocked: the signer, the relying party, the pair, a suite, or the verifying software.

Decided for one reason of one group from how the rest of the matrix looks, by the first rule that holds:

tool           the engine gave no answer; or a second engine says otherwise about what blocks and depends on the file alone
signer         home refuses the group for the same reason, or nearly all other relying parties do and others' signatures pass
               here; in a word: this row stands out, and the column does not
relying party  the same reason refuses nearly all other signers here: this column stands out, and the row does not
suite          a suite refuses the algorithms wherever it counts
signer         an instrument recognises, and one of its conditions turns this certificate away and not others
pair           the rest: both stand out, or neither does; nothing connects the two, or they have no format in common

Reasons of recognition stand out only among groups that are promised: that nothing connects two parties says nothing about a
third. What is unsupported is attributed to nobody, and is not counted for or against anybody. A second engine is a witness of the
run, or the software that speaks for another relying party.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from interop.matrix.headline import headline, speaking
from interop.matrix.inputs import Contradicted
from interop.matrix.pattern import BLOCKED, OF_THE_FILE, UNEXPLAINED, Pattern, Place, Share
from interop.model.layers import RECOGNITION, Layer
from interop.model.matrix import Attribution, Cell, Evidence, Matrix
from interop.model.outcome import EvidenceKind, Side

__all__ = ["FEWEST", "NEARLY_ALL", "Attributed", "Attributor"]

NEARLY_ALL = 90
"""Per cent of those compared: an island may have a sister or two that do as it does, and is an island all the same."""
FEWEST = 3
"""Fewer than so many others make no pattern: of two, both agree half of the time by chance."""

_CONDITIONS = ("trust.entry-", "agreement.condition-")
"""Codes with which an instrument in force turns a certificate away for its content."""
_MOST_NOTES = 3
K = EvidenceKind
_REFUSED_AT_HOME = Evidence(kind=K.HOME_REFUSES)
_ACCEPTED_AT_HOME = Evidence(kind=K.HOME_ACCEPTS)
_UNPROMISED = Evidence(kind=K.UNPROMISED)


@dataclass(frozen=True, slots=True)
class Attributed:
    """One reason of one group, attributed."""

    to: Side
    evidence: tuple[Evidence, ...]
    """Strongest first."""


def _nearly_all(share: Share) -> bool:
    return share.of >= FEWEST and 100 * share.hits >= NEARLY_ALL * share.of


def _counted(kind: EvidenceKind, share: Share, note: str = "", *, fewest: int = FEWEST) -> tuple[Evidence, ...]:
    """What was compared with too few is no evidence."""
    return (Evidence(kind=kind, hits=share.hits, of=share.of, note=note),) if share.of >= fewest else ()


class Attributor:
    """Attributes the reasons of one matrix."""

    def __init__(self, matrix: Matrix, contradictions: Iterable[Contradicted] = ()) -> None:
        self.pattern = Pattern(matrix)
        self._known: dict[tuple[Place, str], Attributed] = {}
        self._contradicted: dict[tuple[str, str], set[str]] = {}
        """(signer, group) -> witnesses that contradict the primary engine on a file that had to be accepted."""
        accepting = {row.id for row in matrix.tables.cases if row.expect.startswith("accept")}
        for against in contradictions:
            identity, _, rest = against.vector.partition("/")
            signer, _, name = identity.partition(".")
            if against.vector in accepting:
                group = f"{name}/{rest.rpartition('/')[0]}"
                self._contradicted.setdefault((signer, group), set()).add(against.engine)

    def attribution(self, cell_id: str, cell: Cell) -> Attribution | None:
        """That of a cell: of the reason that explains it; None where nothing is refused or undetermined."""
        signer, _, relying = cell_id.partition(":")
        blocked = {name: group for name, group in cell.groups.items() if group.state in BLOCKED}
        if not blocked:
            return None
        votes: Counter[Side] = Counter()
        for name, group in blocked.items():
            if group.notes:
                votes[Side.TOOL] += 1
            place = Place(signer, relying, name)
            votes.update(self.of(place, cause).to for cause in self.pattern.places[place].causes)
        number = headline(self.pattern.reasons, cell)
        speakers = [name for name in speaking(cell) if name in blocked]
        silent = [name for name in speakers if blocked[name].notes]
        if silent and (number is None or 2 * len(silent) >= len(speakers)):
            notes = sorted({note for name in silent for note in blocked[name].notes})
            said = tuple(Evidence(kind=K.ENGINE, note=note) for note in notes[:_MOST_NOTES])
            chosen, number = Attributed(Side.TOOL, said), None
        else:
            cause = UNEXPLAINED if number is None else self.pattern.cause[number]
            chosen = self._most(signer, relying, speakers, cause)
        order = list(Side)
        also = sorted(votes.keys() - {chosen.to}, key=lambda side: (-votes[side], order.index(side)))
        return Attribution(to=chosen.to, reason=number, evidence=chosen.evidence, also=tuple(also))

    def _most(self, signer: str, relying: str, speakers: Iterable[str], cause: str) -> Attributed:
        """What most of the groups say that are refused for the cause."""
        found: dict[Side, list[Attributed]] = {}
        for name in speakers:
            place = Place(signer, relying, name)
            if cause in self.pattern.places[place].causes:
                each = self.of(place, cause)
                found.setdefault(each.to, []).append(each)
        order = list(Side)
        return found[min(found, key=lambda side: (-len(found[side]), order.index(side)))][0]

    def of(self, place: Place, cause: str) -> Attributed:
        """To whom it is attributed that a group is refused for a cause (`interop.matrix.pattern.Pattern.cause`)."""
        key = (place, cause)
        if key not in self._known:
            self._known[key] = self._attributed(place, cause)
        return self._known[key]

    def _attributed(self, place: Place, cause: str) -> Attributed:
        pattern = self.pattern
        layer = pattern.layer_of[cause]
        doubts = tuple(
            Evidence(kind=K.CONTRADICTION, note=engine)
            for engine in sorted(self._contradicted.get((place.signer, place.group), ()))
        )
        if layer in OF_THE_FILE:
            others = (Evidence(kind=K.CONTRADICTION, note=engine) for engine in pattern.contradicting(place))
            if against := (*doubts, *others):
                return Attributed(Side.TOOL, against)
        at_home = None if place.signer == place.relying else pattern.home(place)
        refused_at_home = at_home is not None and cause in at_home.causes
        home: tuple[Evidence, ...] = ()
        if at_home is not None and (refused_at_home or at_home.accepted):
            home = (_REFUSED_AT_HOME if refused_at_home else _ACCEPTED_AT_HOME,)
        under = self._instrument(place, cause)
        if layer in RECOGNITION and not pattern.places[place].group.promised:
            return self._unpromised(place, under, home, doubts, refused_at_home=refused_at_home)

        row, column = pattern.row(place, cause), pattern.column(place, cause)
        every_row, every_column = _nearly_all(row), _nearly_all(column)
        along = (*_counted(K.ROW, row), *_counted(K.COLUMN, column))
        stands_out = refused_at_home or (every_row and pattern.others_pass(place, cause))
        if stands_out and not every_column:
            return Attributed(Side.SIGNER, (*home, *along, *doubts))
        if every_column and not every_row and not refused_at_home:
            here = (*_counted(K.COLUMN, column), *self._own(place, cause), *_counted(K.ROW, row))
            return Attributed(Side.RELYING_PARTY, (*here, *doubts))
        suite = self._suite(place, layer)
        if suite:
            return Attributed(Side.SUITE, (*suite, *home, *doubts))
        if refused_at_home or place.signer == place.relying:
            return Attributed(Side.SIGNER, (*home, *along, *doubts))  # the control fails
        if under:
            return Attributed(Side.SIGNER, (*under, *home, *doubts))
        promise = self._promise(place)
        return Attributed(Side.PAIR, (*promise, *home, *along, *doubts))

    def _unpromised(
        self,
        place: Place,
        under: tuple[Evidence, ...],
        home: tuple[Evidence, ...],
        doubts: tuple[Evidence, ...],
        *,
        refused_at_home: bool,
    ) -> Attributed:
        """A reason of recognition, where nothing is promised: what others make of it says nothing here."""
        if refused_at_home or place.signer == place.relying:
            return Attributed(Side.SIGNER, (*home, *doubts))
        if under:
            return Attributed(Side.SIGNER, (*under, *home, *doubts))
        return Attributed(Side.PAIR, (_UNPROMISED, *home, *doubts))

    def _own(self, place: Place, cause: str) -> tuple[Evidence, ...]:
        own = self.pattern.own(place.relying, cause)
        if not own.of:
            return ()
        return (Evidence(kind=K.OWN_REFUSED, hits=own.hits, of=own.of),) if own.hits else (Evidence(kind=K.OWN_PASS),)

    def _suite(self, place: Place, layer: Layer | None) -> tuple[Evidence, ...]:
        """That a suite decides: it refuses wherever it counts. That nobody else passes the algorithms either stands out before."""
        if layer is not Layer.ALGORITHM or not self.pattern.places[place].by_suite:
            return ()
        counts, elsewhere = self.pattern.suite(place)
        if counts.hits < counts.of:
            return ()
        return (
            *_counted(K.SUITE, counts, self.pattern.suites.get(place.relying, ""), fewest=1),
            *_counted(K.ELSEWHERE, elsewhere, fewest=1),
        )

    def _instrument(self, place: Place, cause: str) -> tuple[Evidence, ...]:
        """That an instrument turns this certificate away for its content, and not others."""
        if not cause.startswith(_CONDITIONS):
            return ()
        for number in self.pattern.places[place].group.reasons:
            agreement = self.pattern.agreement_of(number)
            if self.pattern.reasons[number].code == cause and agreement is not None:
                share = self.pattern.instrument(place.relying, agreement)
                if share.hits:
                    return _counted(K.INSTRUMENT, share, agreement, fewest=1)
        return ()

    def _promise(self, place: Place) -> tuple[Evidence, ...]:
        group = self.pattern.places[place].group
        return (Evidence(kind=K.PROMISE, note=group.agreement or ""),) if group.promised else ()
