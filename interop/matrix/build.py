"""Measurements to the matrix: sorted, without clock, path or chance, so that equal inputs give equal bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from interop.matrix.answers import SortedOut, blocked_layers, causes_of, notes_of
from interop.matrix.asymmetry import asymmetries_of
from interop.matrix.attribution import Attributor
from interop.matrix.cell import (
    GroupStanding,
    cell_level,
    cell_verdict,
    combine,
    conformity,
    refused,
    vector_state,
)
from interop.matrix.cluster import clusters_of
from interop.matrix.inputs import Contradicted, MatrixInput, Party, SignerIdentity, Vector
from interop.matrix.outcome import Column, case_outcome, unsafe
from interop.matrix.reason_table import ReasonKey, reason_rows
from interop.model.assurance import AssuranceLevel
from interop.model.case import Case, Expect
from interop.model.layers import LAYERS, Layer
from interop.model.matrix import CaseRow, Cell, CellLevel, Group, Matrix, PartyRow, Tables
from interop.model.outcome import OUTCOME_CHAR, GroupState
from interop.model.verdict import Judgement, LevelOutcome

__all__ = ["build_matrix", "with_patterns"]

_Answers = tuple[Judgement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _GroupDraft:
    """A group before the reason table has its order."""

    state: GroupState
    blocks: tuple[Layer, ...]
    reasons: tuple[ReasonKey, ...]
    findings: tuple[ReasonKey, ...]
    promised: bool
    agreement: str | None
    level: LevelOutcome | None
    claimed: AssuranceLevel
    leg: str | None
    notes: tuple[str, ...]

    @property
    def standing(self) -> GroupStanding:
        full = self.level is not None and self.level.attained >= self.claimed
        return GroupStanding(state=self.state, promised=self.promised, full_level=full)


@dataclass(frozen=True, slots=True, kw_only=True)
class _CellDraft:
    signer: str
    relying: Party
    groups: Mapping[str, _GroupDraft]
    outcomes: str
    unsafe: bool


def build_matrix(given: MatrixInput) -> Matrix:
    """The matrix of one run: a cell for every signer and relying party asked for, those without vectors included.

    ValueError for inputs that contradict one another: a vector measured twice at one relying party, a vector without its
    case or identity, a control that is no positive.
    """
    builder = _Builder(given)
    drafts = [builder.cell(signer, relying) for signer in sorted(given.signers) for relying in sorted(given.relying)]
    rows, index = reason_rows(
        key for draft in drafts for group in draft.groups.values() for key in (*group.reasons, *group.findings)
    )
    counts: Counter[str] = Counter()
    names = {char: outcome.value for outcome, char in OUTCOME_CHAR.items()}
    for draft in drafts:
        counts.update(names[char] for char in draft.outcomes)
    parties = sorted(given.parties, key=lambda party: party.id)
    matrix = Matrix(
        set=given.set,
        instants=given.instants,
        header=given.header,
        tables=Tables(
            parties=tuple(
                PartyRow(id=p.id, name=p.name, jurisdiction=p.jurisdiction, engine=p.engine, suites=p.suites)
                for p in parties
            ),
            reasons=rows,
            cases=tuple(builder.case_row(vector) for vector in builder.vectors),
            outcomes={char: names[char] for char in sorted(names)},
        ),
        cells={f"{draft.signer}:{draft.relying.id}": _cell(draft, index) for draft in drafts},
        counts={name: counts[name] for name in sorted(counts) if counts[name]},
    )
    return with_patterns(matrix, given.contradictions)


def with_patterns(matrix: Matrix, contradictions: Iterable[Contradicted] = ()) -> Matrix:
    """The matrix with what only all of it together tells: attributions, clusters, asymmetries."""
    attributor = Attributor(matrix, contradictions)
    return replace(
        matrix,
        cells={
            cell_id: replace(cell, attribution=attributor.attribution(cell_id, cell))
            for cell_id, cell in matrix.cells.items()
        },
        clusters=clusters_of(matrix, attributor),
        asymmetries=asymmetries_of(matrix),
    )


class _Row(NamedTuple):
    """One vector, with what is asked of it in every cell of its signer."""

    place: int
    """Which of the vectors, in their order."""
    case: Case
    identity: SignerIdentity
    control: int | None
    """Which vector is its control."""
    group: str | None
    """The group in which it counts; None where it is in none."""


class _Builder:
    def __init__(self, given: MatrixInput) -> None:
        self.cases = given.cases
        self.recipes = given.recipes
        self.parties = {party.id: party for party in given.parties}
        self.identities = {(identity.provider, identity.id): identity for identity in given.identities}
        self.vectors = sorted(set(given.vectors))
        place_of = {vector: place for place, vector in enumerate(self.vectors)}
        self.answers: dict[str, list[_Answers]] = {}
        """Relying party -> what it says of each of the vectors, in their order; nothing where it was not run."""
        for measured in given.measurements:
            if measured.vector not in place_of:
                continue
            said = self.answers.setdefault(measured.relying, [()] * len(self.vectors))
            place = place_of[measured.vector]
            if said[place]:
                raise ValueError(f"{measured.vector.id} at {measured.relying}: measured twice")
            if not measured.answers:
                raise ValueError(f"{measured.vector.id} at {measured.relying}: measured without an answer")
            said[place] = measured.answers
        self.nothing: list[_Answers] = [()] * len(self.vectors)
        self.rows: list[_Row] = []
        """One for each of the vectors."""
        self.spans: dict[str, tuple[int, int]] = {}
        self.sorted_out: dict[int, SortedOut] = {}
        """Causes of layer results seen before; the results are those in `answers`, which stay."""
        twins = {(v.signer, v.identity, v.format, v.case): place for v, place in place_of.items()}
        for place, vector in enumerate(self.vectors):
            self._check(vector)
            case = self.cases[vector.case]
            twin = twins.get((vector.signer, vector.identity, vector.format, case.control or ""))
            self.rows.append(
                _Row(
                    place,
                    case,
                    self.identities[vector.signer, vector.identity],
                    twin,
                    vector.group if case.counted else None,
                )
            )
            self.spans[vector.signer] = (self.spans.get(vector.signer, (place, place))[0], place + 1)

    def _check(self, vector: Vector) -> None:
        if vector.case not in self.cases:
            raise ValueError(f"{vector.id}: no case '{vector.case}'")
        if (vector.signer, vector.identity) not in self.identities:
            raise ValueError(f"{vector.id}: no identity '{vector.identity}' of {vector.signer}")
        control = self.cases[vector.case].control
        if control is not None and control in self.cases and self.cases[control].expectation.expect is Expect.REJECT:
            raise ValueError(f"{vector.id}: its control {control} is itself a negative")

    def case_row(self, vector: Vector) -> CaseRow:
        case = self.cases[vector.case]
        layer = case.expectation.layer
        return CaseRow(
            id=vector.id,
            case=vector.case,
            recipe=self.recipes.get(vector.id, ""),
            expect=case.expectation.expect.value,
            layer=None if layer is None else layer.value,
            opaque=self.identities[vector.signer, vector.identity].opaque,
        )

    def cell(self, signer: str, relying_id: str) -> _CellDraft:
        relying = self.parties[relying_id]
        column = Column(diagonal=signer == relying_id, real=relying.real, capabilities=relying.capabilities)
        first, last = self.spans.get(signer, (0, 0))
        said = self.answers.get(relying_id, self.nothing)
        party = self.parties.get(signer)
        home = self.nothing if party is None or party.real else self.answers.get(signer, self.nothing)
        chars: list[str] = []
        required: dict[str, list[_Row]] = {}
        dangerous = False
        for row in self.rows[first:last]:
            answers = said[row.place]
            outcome = case_outcome(
                row.case,
                answers,
                column=column,
                control=() if row.control is None else said[row.control],
                home=home[row.place],
                opaque=row.identity.opaque,
            )
            chars.append(OUTCOME_CHAR[outcome])
            if row.group is not None:
                required.setdefault(row.group, []).append(row)
            elif row.case.expectation.expect is Expect.REJECT:
                dangerous = dangerous or unsafe(answers)
        groups = {name: self._group(required[name], said, column) for name in sorted(required)}
        return _CellDraft(
            signer=signer,
            relying=relying,
            groups=groups,
            outcomes="".join(chars),
            unsafe=dangerous,
        )

    def _group(self, rows: Sequence[_Row], said: Sequence[_Answers], column: Column) -> _GroupDraft:
        identity = rows[0].identity
        found = [said[row.place] for row in rows]
        state = combine([vector_state(answers, column=column, opaque=identity.opaque) for answers in found])
        answers = [each[0] for each in found if each]
        verdicts = [answer.verdict for answer in answers if answer.verdict is not None]
        blocking, findings = causes_of(answers, self.sorted_out)
        blocked = frozenset().union(*(blocked_layers(answer) for answer in answers))
        promised = bool(verdicts) and len(verdicts) == len(found) and all(verdict.promised for verdict in verdicts)
        agreements = sorted({v.agreement for v in verdicts if v.agreement is not None})
        return _GroupDraft(
            state=state,
            blocks=tuple(layer for layer in LAYERS if layer in blocked),
            reasons=blocking,
            findings=findings,
            promised=promised,
            agreement=agreements[0] if promised and agreements else None,
            level=min((v.level for v in verdicts), key=lambda level: level.attained, default=None),
            claimed=identity.level,
            leg=", ".join(sorted({answer.leg for answer in answers if answer.leg is not None})) or None,
            notes=notes_of(found),
        )


def _cell(draft: _CellDraft, index: Mapping[ReasonKey, int]) -> Cell:
    drafts = draft.groups
    standings = [group.standing for group in drafts.values()]
    heads = [group.blocks[0] for group in _counted(draft) if group.blocks]
    return Cell(
        verdict=cell_verdict(standings, unsafe=draft.unsafe),
        conformity=conformity(standings),
        first_block=min(heads, key=LAYERS.index, default=None),
        level=_level(draft),
        groups={
            name: Group(
                state=group.state,
                blocks=group.blocks,
                reasons=tuple(index[key] for key in group.reasons),
                findings=tuple(index[key] for key in group.findings),
                promised=group.promised,
                agreement=group.agreement,
                attained=None if group.level is None else str(group.level.attained),
                capped_by="" if group.level is None else group.level.capped_by,
                capped_axis=None if group.level is None or group.level.axis is None else group.level.axis.value,
                leg=group.leg,
                notes=group.notes,
            )
            for name, group in drafts.items()
        },
        outcomes=draft.outcomes,
        unpromised=tuple(n for n, g in drafts.items() if g.state is GroupState.ACCEPTED and not g.promised),
        broken=tuple(n for n, g in drafts.items() if refused(g.state) and g.promised),
    )


def _counted(draft: _CellDraft) -> list[_GroupDraft]:
    """The groups that are supported; all where none is."""
    groups = list(draft.groups.values())
    return [group for group in groups if group.state is not GroupState.UNSUPPORTED] or groups


def _level(draft: _CellDraft) -> CellLevel:
    groups = draft.groups.values()
    attained = [(g.state, g.claimed, None if g.level is None else g.level.attained) for g in groups]
    return cell_level(attained, draft.relying.floor)
