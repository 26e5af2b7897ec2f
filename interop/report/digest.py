"""What is worth saying about a matrix before anybody looks at single cells: counts, promises, surprises. The causes
behind most cells are in `interop.report.causes`.

Pure; the terminal, the Markdown summary and later pages all say the same because they ask here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from interop.matrix.headline import headline
from interop.model.layers import NAMES
from interop.model.matrix import Asymmetry, Cell, Matrix
from interop.model.outcome import GATING, OUTCOME_CHAR, CellVerdict, Conformity, GroupState, Outcome
from interop.model.text import Lang
from interop.report.words import PROMISED, WORDS

__all__ = [
    "Leg",
    "Opaque",
    "Trouble",
    "Unexpected",
    "both_ways",
    "cell_word",
    "column_code",
    "columns",
    "conformity_counts",
    "is_broken",
    "legs",
    "notable",
    "opaque",
    "promise_text",
    "promises",
    "rows",
    "troubles",
    "unexpected",
    "verdict_counts",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unexpected:
    """One vector that gates: its outcome differs from what it had to be, at one relying party or at several."""

    outcome: Outcome
    ids: tuple[str, ...]
    """`signer.identity:relying/format/level/case`, one per relying party, the signer's own first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why groups could not be judged, where no reason of the catalogue says it."""

    note: str
    """Untrusted text."""
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opaque:
    """An identity that is listed and not counted."""

    identity: str
    """`signer.identity`."""
    vectors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """What relying parties make of a dual signature that they judge by the same leg."""

    group: str
    """`signer.identity/format/level`."""
    leg: str
    """Key kind of the signature relied upon."""
    accepted: tuple[str, ...]
    """Relying parties, sorted as in the party table."""
    refused: tuple[str, ...]
    """The others, whatever keeps them from accepting it."""


def column_code(index: int) -> str:
    """A to Z, then AA, AB, ...: short names of columns where the ids do not fit."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _ordered(matrix: Matrix, found: set[str]) -> tuple[str, ...]:
    known = {party.id: index for index, party in enumerate(matrix.tables.parties)}
    return tuple(sorted(found, key=lambda name: (known.get(name, len(known)), name)))


def rows(matrix: Matrix) -> tuple[str, ...]:
    """Ids of the signers, in the order of the party table."""
    return _ordered(matrix, {cell_id.split(":")[0] for cell_id in matrix.cells})


def columns(matrix: Matrix) -> tuple[str, ...]:
    """Ids of the relying parties, in the order of the party table."""
    return _ordered(matrix, {cell_id.split(":")[1] for cell_id in matrix.cells})


def cell_word(matrix: Matrix, cell_id: str, lang: Lang) -> str:
    """The word behind the mark: level where it is recognised, how much of it where partly, else the layer that explains it."""
    cell = matrix.cells[cell_id]
    if cell.verdict in {CellVerdict.RECOGNISED, CellVerdict.DOWNGRADED}:
        return cell.level.attained or ""
    if cell.verdict is CellVerdict.UNSAFE:
        return WORDS["negative"].in_(lang)
    if cell.verdict is CellVerdict.OVER_RECOGNISED:
        return f"{len(cell.unpromised)}/{len(cell.groups)}"
    if cell.verdict is CellVerdict.PARTIAL:
        uncounted = {GroupState.UNSUPPORTED, GroupState.NOT_RUN}
        counted = [group for group in cell.groups.values() if group.state not in uncounted]
        accepted = sum(group.state is GroupState.ACCEPTED for group in counted)
        return f"{accepted}/{len(counted)}"
    if cell.verdict in {CellVerdict.UNSUPPORTED, CellVerdict.NOT_TESTED}:
        return ""
    index = headline(matrix.tables.reasons, cell)
    if index is None:
        return WORDS["error"].in_(lang) if any(group.notes for group in cell.groups.values()) else ""
    return NAMES[matrix.tables.reasons[index].layer].in_(lang)


def is_broken(cell: Cell) -> bool:
    """Something in it is promised and refused."""
    return bool(cell.broken) or cell.conformity is Conformity.BELOW_PROMISE


def promise_text(asymmetry: Asymmetry, lang: Lang) -> str:
    """Which of the two directions is promised."""
    return PROMISED[bool(asymmetry.there.promised), bool(asymmetry.back.promised)].in_(lang)


def both_ways(matrix: Matrix) -> tuple[tuple[str, str], ...]:
    """Pairs of cells, there and back, of two parties between whom something is promised or accepted; in the order of the cells."""

    def concerned(cell: Cell) -> bool:
        return cell.conformity is not Conformity.NO_PROMISE or is_broken(cell)

    found = []
    for cell_id, cell in matrix.cells.items():
        signer, relying = cell_id.split(":")
        other = matrix.cells.get(f"{relying}:{signer}")
        if signer < relying and other is not None and (concerned(cell) or concerned(other)):
            found.append((cell_id, f"{relying}:{signer}"))
    return tuple(found)


def conformity_counts(matrix: Matrix) -> dict[Conformity, int]:
    """How many cells between two parties keep which promise; only what occurs, in the order of the words."""
    counts = Counter(cell.conformity for cell_id, cell in matrix.cells.items() if len(set(cell_id.split(":"))) == 2)
    return {conformity: counts[conformity] for conformity in Conformity if counts[conformity]}


def troubles(matrix: Matrix) -> tuple[Trouble, ...]:
    """What kept groups from being judged: crashes, missing capabilities; most cells first. Opaque identities are told apart."""
    found: dict[str, set[str]] = {}
    told = {entry.identity for entry in opaque(matrix)}
    for cell_id, cell in matrix.cells.items():
        signer = cell_id.split(":")[0]
        for name, group in cell.groups.items():
            for note in group.notes if f"{signer}.{name.partition('/')[0]}" not in told else ():
                found.setdefault(note, set()).add(cell_id)
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(Trouble(note=note, cells=tuple(sorted(cells))) for note, cells in ordered)


def opaque(matrix: Matrix) -> tuple[Opaque, ...]:
    """Identities whose algorithm is recognised and never verified, in the order of the case table."""
    counts = Counter(row.id.partition("/")[0] for row in matrix.tables.cases if row.opaque)
    return tuple(Opaque(identity=identity, vectors=count) for identity, count in counts.items())


def legs(matrix: Matrix) -> tuple[Leg, ...]:
    """Groups with two signatures, one entry for each leg that somebody relies upon; sorted."""
    found: dict[tuple[str, str], dict[bool, list[str]]] = {}
    for signer in rows(matrix):
        for party in columns(matrix):
            cell = matrix.cells.get(f"{signer}:{party}")
            for name, group in cell.groups.items() if cell is not None else ():
                if group.leg is not None:
                    answers = found.setdefault((f"{signer}.{name}", group.leg), {True: [], False: []})
                    answers[group.state is GroupState.ACCEPTED].append(party)
    return tuple(
        Leg(group=group, leg=leg, accepted=tuple(answers[True]), refused=tuple(answers[False]))
        for (group, leg), answers in sorted(found.items())
    )


def unexpected(matrix: Matrix) -> tuple[Unexpected, ...]:
    """Every vector that keeps the run from being green: gating outcomes, errors, and what is unsupported and counted."""
    names = {char: outcome for outcome, char in OUTCOME_CHAR.items()}
    wanted = GATING | {Outcome.ERROR, Outcome.UNSUPPORTED}
    found: dict[tuple[Outcome, str], list[str]] = {}
    for cell_id, cell in matrix.cells.items():
        signer, relying = cell_id.split(":")
        for char, row in zip(cell.outcomes, matrix.rows_of(signer), strict=True):
            outcome = names[char]
            if outcome in wanted and not (outcome is Outcome.UNSUPPORTED and row.opaque):
                found.setdefault((outcome, row.id), []).append(relying)
    order = list(Outcome)
    return tuple(
        Unexpected(outcome=outcome, ids=tuple(_case_ids(vector, parties)))
        for (outcome, vector), parties in sorted(found.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
    )


def _case_ids(vector: str, parties: list[str]) -> list[str]:
    identity, _, rest = vector.partition("/")
    signer = identity.partition(".")[0]
    return [f"{identity}:{party}/{rest}" for party in sorted(parties, key=lambda party: (party != signer, party))]


def promises(matrix: Matrix, conformity: Conformity) -> tuple[str, ...]:
    """Ids of the cells with something promised and refused (`below`), or accepted and not promised (`above`)."""
    if conformity is Conformity.BELOW_PROMISE:
        return tuple(cell_id for cell_id, cell in matrix.cells.items() if is_broken(cell))
    return tuple(cell_id for cell_id, cell in matrix.cells.items() if cell.conformity is conformity)


def verdict_counts(matrix: Matrix) -> dict[CellVerdict, int]:
    """How many cells have which verdict, in the order of the verdicts; only those that occur."""
    counts = Counter(cell.verdict for cell in matrix.cells.values())
    return {verdict: counts[verdict] for verdict in CellVerdict if counts[verdict]}


def notable(matrix: Matrix) -> str | None:
    """The cell to look at first: unsafe, over-recognised, unanswered, a broken promise, else the first one refused.

    None where nothing is refused between two parties: then there is nothing to explain first.
    """

    def order(cell_id: str) -> tuple[bool, ...]:
        cell = matrix.cells[cell_id]
        verdict = cell.verdict
        return (
            verdict is not CellVerdict.UNSAFE,
            verdict is not CellVerdict.OVER_RECOGNISED,
            verdict is not CellVerdict.INCONCLUSIVE,
            not (is_broken(cell) and verdict is CellVerdict.NOT_RECOGNISED),
            not is_broken(cell),
            verdict is not CellVerdict.VALID_NOT_RECOGNISED,
        )

    good = {CellVerdict.RECOGNISED, CellVerdict.DOWNGRADED, CellVerdict.NOT_TESTED}
    asked = [
        cell_id
        for cell_id, cell in matrix.cells.items()
        if cell.verdict not in good and (cell.verdict is CellVerdict.UNSAFE or len(set(cell_id.split(":"))) == 2)
    ]
    return min(asked, key=lambda cell_id: (order(cell_id), cell_id), default=None)
