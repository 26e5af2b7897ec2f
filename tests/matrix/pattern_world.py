"""Matrices drawn by hand: everybody accepts everybody's promised signatures, apart from what a test says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from interop.matrix.cell import GroupStanding, cell_verdict, conformity
from interop.model.layers import LAYERS, Layer
from interop.model.matrix import (
    CaseRow,
    Cell,
    CellLevel,
    Group,
    Instants,
    Matrix,
    PartyRow,
    ReasonRow,
    RunHeader,
    Tables,
)
from interop.model.outcome import GroupState
from interop.model.text import Text

GROUP = "person/pades/b-b"
G = GroupState
PARTIES = ("a", "b", "c", "d", "e", "f")
RECOGNITION = (Layer.TRUST, Layer.AGREEMENT, Layer.ASSURANCE)


def accepted(*, promised: bool = True, agreement: str = "treaty") -> Group:
    return Group(state=G.ACCEPTED, promised=promised, agreement=agreement if promised else None, attained="L3")


def silent(*, note: str = "", state: GroupState = G.BLOCKED_TECHNICAL) -> Group:
    """Refused without a word, or not answered at all."""
    return Group(state=G.UNDETERMINED if note else state, notes=(note,) if note else (), attained="L3")


class Drawing:
    """A matrix in the making. Every group is accepted and promised until it is said otherwise."""

    def __init__(
        self,
        parties: Sequence[str] = PARTIES,
        *,
        groups: Sequence[str] = (GROUP,),
        suites: Mapping[str, tuple[str, ...]] | None = None,
        engines: Mapping[str, str] | None = None,
    ) -> None:
        self.parties = tuple(parties)
        self.suites = dict(suites or {})
        self.engines = dict(engines or {})
        self.rows: list[ReasonRow] = []
        self.groups = {
            f"{signer}:{relying}": dict.fromkeys(groups, accepted())
            for signer in self.parties
            for relying in self.parties
        }

    def reason(self, code: str, detail: str = "") -> int:
        row = ReasonRow(code=code, layer=Layer(code.partition(".")[0]), text=Text(en=code, zh=code), detail=detail)
        if row not in self.rows:
            self.rows.append(row)
        return self.rows.index(row)

    def refuse(
        self, cells: Sequence[str], *codes: str, detail: str = "", promised: bool = True, group: str = GROUP
    ) -> Drawing:
        numbers = tuple(self.reason(code, detail) for code in codes)
        layers = {self.rows[number].layer for number in numbers}
        state = G.BLOCKED_RECOGNITION if layers <= set(RECOGNITION) else G.BLOCKED_TECHNICAL
        for cell in cells:
            self.groups[cell][group] = Group(
                state=state,
                blocks=tuple(layer for layer in LAYERS if layer in layers),
                reasons=numbers,
                promised=promised,
                agreement="treaty" if promised else None,
                attained="L3",
            )
        return self

    def put(self, cells: Sequence[str], value: Group, *, group: str = GROUP) -> Drawing:
        for cell in cells:
            self.groups[cell][group] = value
        return self

    def row(self, signer: str, *, but: str = "") -> tuple[str, ...]:
        """Cells of a signer at everybody but those in `but`."""
        return tuple(f"{signer}:{relying}" for relying in self.parties if relying not in but)

    def column(self, relying: str, *, but: str = "") -> tuple[str, ...]:
        return tuple(f"{signer}:{relying}" for signer in self.parties if signer not in but)

    def matrix(self) -> Matrix:
        """Without patterns: those are what is tested."""
        vectors = sorted({f"{cell[0]}.{group}/contract" for cell, groups in self.groups.items() for group in groups})
        tampered = [f"{signer}.{GROUP}/tampered" for signer in self.parties]
        return Matrix(
            set="core",
            instants=Instants(signing="2026-03-01T00:00:00Z", validation="2026-03-02T00:00:00Z"),
            header=RunHeader(
                tool="interop 0", libraries={}, engine="primary@1", inputs={}, agreements=("treaty", "other-treaty")
            ),
            tables=Tables(
                parties=tuple(
                    PartyRow(
                        id=party,
                        name=Text(en=party, zh=party),
                        jurisdiction="ZZ",
                        suites=self.suites.get(party, ()),
                        engine=self.engines.get(party, "modelled"),
                    )
                    for party in self.parties
                ),
                reasons=tuple(self.rows),
                cases=(
                    *(CaseRow(id=name, case="contract", expect="accept") for name in vectors),
                    *(CaseRow(id=name, case="tampered", expect="reject", layer="integrity") for name in tampered),
                ),
                outcomes={},
            ),
            cells={name: drawn_cell(groups) for name, groups in self.groups.items()},
        )


def drawn_cell(groups: Mapping[str, Group]) -> Cell:
    standings = [GroupStanding(state=g.state, promised=g.promised, full_level=True) for g in groups.values()]
    blocks = [layer for group in groups.values() for layer in group.blocks]
    return Cell(
        verdict=cell_verdict(standings, unsafe=False),
        conformity=conformity(standings),
        first_block=min(blocks, key=LAYERS.index, default=None),
        level=CellLevel(claimed="L3", attained="L3", required="L2"),
        groups=dict(groups),
        outcomes="",
    )
