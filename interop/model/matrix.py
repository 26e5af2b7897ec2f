"""The matrix: one cell per ordered pair signer -> relying party. Every report is made from it alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from interop.model.layers import Layer
from interop.model.outcome import CellVerdict, Conformity, GroupState
from interop.model.text import Text

__all__ = [
    "CaseRow",
    "Cell",
    "CellLevel",
    "Group",
    "Instants",
    "Matrix",
    "PartyRow",
    "ReasonRow",
    "RunHeader",
    "Tables",
]

SCHEMA_VERSION = "1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """A reason as it occurs in this matrix; cells name it by its index."""

    code: str
    layer: Layer
    text: Text
    detail: str = ""
    """What was found and asked for; untrusted text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One identity, format and level at one relying party."""

    state: GroupState
    blocks: tuple[Layer, ...] = ()
    """Layers that block, over its required cases."""
    reasons: tuple[int, ...] = ()
    """Indices into the reason table, headline first."""
    findings: tuple[int, ...] = ()
    """The same for findings that do not block."""
    promised: bool = False
    agreement: str | None = None
    attained: str | None = None
    """`L0` to `L4`."""
    capped_by: str = ""
    notes: tuple[str, ...] = ()
    """What kept it undetermined or unsupported, where no reason of the catalogue says it: an engine's error or missing
    capability; untrusted text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLevel:
    """Assurance levels of a cell, `L0` to `L4`; the lowest over its groups where they differ."""

    claimed: str | None
    attained: str | None
    required: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Signer -> relying party."""

    verdict: CellVerdict
    conformity: Conformity
    first_block: Layer | None
    level: CellLevel
    groups: Mapping[str, Group]
    """`identity/format/level` -> state; sorted."""
    outcomes: str
    """One character per row of the case table that is the signer's (`Matrix.rows_of`), see `OUTCOME_CHAR`."""
    unpromised: tuple[str, ...] = ()
    """Groups accepted that nothing promises."""
    broken: tuple[str, ...] = ()
    """Groups promised and refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """A provider, as reports show it."""

    id: str
    name: Text
    jurisdiction: str
    engine: str = "modelled"
    """`modelled`, or the engine that speaks for this relying party."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One column of the outcome strings: a case made by one identity in one format."""

    id: str
    """`signer.identity/format/level/case`."""
    case: str
    recipe: str = ""
    """Digest of what its bytes follow from."""
    expect: str
    layer: str | None = None
    opaque: bool = False
    """Made by an identity that is listed and not counted: its UNSUPPORTED never gates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instants:
    """The run's instants: pinned by the set, never the clock."""

    signing: str
    validation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHeader:
    """What the run was made from. No wall clock, no path."""

    tool: str
    libraries: Mapping[str, str]
    engine: str
    """Primary engine."""
    inputs: Mapping[str, str]
    """`profiles`, `agreements`, `cases`, `suites` -> digest."""
    complete: bool = True
    """Everything selected ran; a partial run never gates green."""
    agreements: tuple[str, ...] = ()
    """Ids of those in the judge's hands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What cells name by index or position."""

    parties: tuple[PartyRow, ...]
    reasons: tuple[ReasonRow, ...]
    cases: tuple[CaseRow, ...]
    outcomes: Mapping[str, str]
    """Character in `Cell.outcomes` -> name of the outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The whole result of a run."""

    schema_version: str = SCHEMA_VERSION
    set: str
    instants: Instants
    header: RunHeader
    tables: Tables
    cells: Mapping[str, Cell]
    """`signer:relying` -> cell; sorted."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Outcomes over all cells."""

    def rows_of(self, signer: str) -> tuple[CaseRow, ...]:
        """The signer's rows of the case table, in the order of `Cell.outcomes`."""
        return tuple(row for row in self.tables.cases if row.id.startswith(f"{signer}."))
