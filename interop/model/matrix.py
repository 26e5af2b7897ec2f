"""The matrix: one cell per ordered pair signer -> relying party. Every report is made from it alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from interop.model.layers import Layer
from interop.model.outcome import CellVerdict, Conformity, EvidenceKind, GroupState, Side
from interop.model.remedy import Remedy
from interop.model.text import Text

__all__ = [
    "Asymmetry",
    "Attribution",
    "CaseRow",
    "Cell",
    "CellLevel",
    "Cluster",
    "ClusterCause",
    "Direction",
    "Evidence",
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
    """Code in the reason catalogue."""
    layer: Layer
    """The question it answers."""
    text: Text
    """The sentence of the catalogue."""
    detail: str = ""
    """What was found and asked for; untrusted text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One identity, format and level at one relying party."""

    state: GroupState
    """How it came out."""
    blocks: tuple[Layer, ...] = ()
    """Layers that block, over its required cases."""
    reasons: tuple[int, ...] = ()
    """Indices into the reason table, headline first."""
    findings: tuple[int, ...] = ()
    """The same for findings that do not block."""
    promised: bool = False
    """An instrument in force covers it."""
    agreement: str | None = None
    """Id of the instrument that promises it; None where nothing does."""
    attained: str | None = None
    """`L0` to `L4`."""
    capped_by: str = ""
    """Whose rule caps the level: `signer` (its own home level), `no-instrument`, `agreement:<id>`, `relying-party`; empty: nothing does."""
    capped_axis: str | None = None
    """On which axis (`CapAxis`); None where nothing caps, or nothing was verified."""
    leg: str | None = None
    """Documents that carry alternatives (`rely = "any"`, or a leg that the relying party prefers): key kind of the signature relied
    upon, `RSA` or `SM2` (both where its cases differ); None where every signature counts."""
    notes: tuple[str, ...] = ()
    """What kept it undetermined or unsupported, where no reason of the catalogue says it: an engine's error or missing
    capability; untrusted text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLevel:
    """Assurance levels of a cell, `L0` to `L4`; the lowest over its groups where they differ."""

    claimed: str | None
    """Home level of the identities that count; None where none does."""
    attained: str | None
    """Level attained there; None where nothing was judged."""
    required: str
    """Floor of the relying party."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that speaks for an attribution; `EVIDENCE_TEXT` is its sentence."""

    kind: EvidenceKind
    """What speaks."""
    hits: int = 0
    """How many of those compared bear it out."""
    of: int = 0
    """How many were compared."""
    note: str = ""
    """A suite, an instrument, what an engine said; untrusted text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Where to look first for why a cell is blocked, from the pattern of the whole matrix."""

    to: Side
    """To whom the reason that explains the cell is attributed."""
    reason: int | None = None
    """That reason: index into the reason table; None where an engine's trouble stands in its place, or where none was given."""
    evidence: tuple[Evidence, ...] = ()
    """What speaks for it, strongest first."""
    also: tuple[Side, ...] = ()
    """To whom the cell's other blocking reasons are attributed, where that is somebody else; most groups first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Signer -> relying party."""

    verdict: CellVerdict
    """The word for the cell."""
    conformity: Conformity
    """Measurement against promise."""
    first_block: Layer | None
    """First layer that blocks a group; None where nothing blocks."""
    level: CellLevel
    """Levels claimed, attained and required."""
    groups: Mapping[str, Group]
    """`identity/format/level` -> state; sorted."""
    outcomes: str
    """One character per row of the case table that is the signer's (`Matrix.rows_of`), see `OUTCOME_CHAR`."""
    unpromised: tuple[str, ...] = ()
    """Groups accepted that nothing promises."""
    broken: tuple[str, ...] = ()
    """Groups promised and refused."""
    attribution: Attribution | None = None
    """Why it is blocked: where to look first. None where nothing is refused or undetermined."""
    remedies: tuple[int, ...] | None = None
    """What would turn it: indices into `Matrix.remedies`, best first; empty where no change that is known here would. None: not
    looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """A provider, as reports show it."""

    id: str
    """Provider id."""
    name: Text
    """Name of the provider."""
    jurisdiction: str
    """ISO 3166-1 alpha-2, user-assigned codes for fictional ones."""
    engine: str = "modelled"
    """`modelled`, or the engine that speaks for this relying party."""
    suites: tuple[str, ...] = ()
    """Suites that count where it relies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One column of the outcome strings: a case made by one identity in one format."""

    id: str
    """`signer.identity/format/level/case`."""
    case: str
    """Id of the case alone."""
    recipe: str = ""
    """Digest of what its bytes follow from."""
    expect: str
    """What the case expects: `accept`, `accept_with_finding`, `reject`, `info`."""
    layer: str | None = None
    """Negatives: the layer that must block; None for others."""
    opaque: bool = False
    """Made by an identity that is listed and not counted: its UNSUPPORTED never gates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instants:
    """The run's instants: pinned by the set, never the clock."""

    signing: str
    """Signing instant, ISO 8601 in UTC."""
    validation: str
    """Validation instant, ISO 8601 in UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHeader:
    """What the run was made from. No wall clock, no path."""

    tool: str
    """`interop` and its version."""
    libraries: Mapping[str, str]
    """Library -> version; `openssl` is that of the cryptography wheel, `libcrypto` the system's, which verifies SM2 (`none`: not used)."""
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
    """Every provider of the run."""
    reasons: tuple[ReasonRow, ...]
    """Every reason that occurs, each once."""
    cases: tuple[CaseRow, ...]
    """Every vector of the run; rows of one signer stand together."""
    outcomes: Mapping[str, str]
    """Character in `Cell.outcomes` -> name of the outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterCause:
    """One reason in the signature of a cluster, without what differs from certificate to certificate."""

    layer: Layer
    """The layer that blocks."""
    code: str
    """Code in the reason catalogue, or a real relying party's own word."""
    about: str = ""
    """Whose it is, where that matters: `relying:<party>`, `signer:<party>`, `suite:<id>+<id>`, `agreement:<id>`; empty: it says
    the same of every pair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Refused groups that share all their causes. Every group that is refused with a reason is in exactly one cluster."""

    id: str
    """Short and safe in a shell; made from the causes alone."""
    causes: tuple[ClusterCause, ...]
    """Everything that blocks each of them, in the order of explanation."""
    first: Layer
    """Layer of the first cause."""
    groups: int
    """How many refused groups."""
    cells: Mapping[str, tuple[str, ...]]
    """Cell id -> names of its groups; sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """One direction of a pair."""

    cell: str
    """`signer:relying`."""
    verdict: CellVerdict
    """What came out."""
    conformity: Conformity
    """Measurement against promise."""
    accepted: int
    """Groups that are accepted."""
    promised: int
    """Groups that an instrument in force promises."""
    groups: int
    """Groups of the cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asymmetry:
    """Two parties that do not treat, or do not promise to treat, one another alike."""

    there: Direction
    """The direction that fares better: in which something is accepted or, where that does not tell them apart, promised."""
    back: Direction
    """The other one."""
    recognition: bool
    """The relying party of `there` accepts something of the signer, and nothing is accepted the other way round."""
    promise: bool
    """Something is promised in one direction and nothing in the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The whole result of a run."""

    schema_version: str = SCHEMA_VERSION
    """Version of this shape."""
    set: str
    """Id of the case set."""
    instants: Instants
    """Signing and validation instant of the run."""
    header: RunHeader
    """What the run was made from."""
    tables: Tables
    """What cells refer to."""
    cells: Mapping[str, Cell]
    """`signer:relying` -> cell; sorted."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Outcomes over all cells."""
    clusters: tuple[Cluster, ...] = ()
    """Refused groups by what they share, most cells first."""
    asymmetries: tuple[Asymmetry, ...] = ()
    """Pairs in which the directions differ, in the order of their first party."""
    remedies: tuple[Remedy, ...] = ()
    """Smallest sets of changes that turn blocked cells, each tried; those that turn most cells first."""

    def part(self, cells: Iterable[str]) -> Matrix:
        """These cells alone, without what only all of them together tell."""
        return replace(self, cells={name: self.cells[name] for name in cells}, clusters=(), asymmetries=())

    def rows_of(self, signer: str) -> tuple[CaseRow, ...]:
        """The signer's rows of the case table, in the order of `Cell.outcomes`."""
        return tuple(row for row in self.tables.cases if row.id.startswith(f"{signer}."))
