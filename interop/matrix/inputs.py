"""What the matrix is built from: who takes part, which vectors were made, and what every relying party made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from interop.model.assurance import AssuranceLevel
from interop.model.case import Case
from interop.model.formats import Format, Level
from interop.model.matrix import Instants, RunHeader
from interop.model.text import Text
from interop.model.verdict import Judgement

__all__ = ["MODELLED", "Contradicted", "MatrixInput", "Measurement", "Party", "SignerIdentity", "Vector"]

MODELLED = "modelled"
"""A relying party for which the judge speaks, over facts."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Vector:
    """One signed file: a case, made by one identity in one format."""

    signer: str
    identity: str
    format: Format
    level: Level
    case: str

    @property
    def group(self) -> str:
        """`identity/format/level`: the group it belongs to."""
        return f"{self.identity}/{self.format.value}/{self.level.value}"

    @property
    def id(self) -> str:
        """`signer.identity/format/level/case`."""
        return f"{self.signer}.{self.group}/{self.case}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One vector at one relying party."""

    vector: Vector
    relying: str
    answers: tuple[Judgement, ...]
    """One per repetition, at least one; the first is the one that is shown. Made by the judge, or from an opinion
    (`interop.matrix.opinion`) where the relying party is a real one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradicted:
    """A witness says otherwise than the primary engine about a digest or a signature value."""

    vector: str
    """Vector id."""
    engine: str
    """The witness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A provider in the matrix."""

    id: str
    name: Text
    jurisdiction: str
    floor: AssuranceLevel
    """Lowest level that it accepts as a relying party."""
    engine: str = MODELLED
    """`modelled`, or the engine that speaks for this relying party."""
    suites: tuple[str, ...] = ()
    """Suites that count where it relies."""
    capabilities: frozenset[str] = frozenset()
    """What that engine declared that it can do. Saying `unsupported` of one of these is undeclared."""

    @property
    def real(self) -> bool:
        """An engine under its own configuration speaks for it."""
        return self.engine != MODELLED


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerIdentity:
    """What the matrix needs to know of a signing identity."""

    provider: str
    id: str
    level: AssuranceLevel
    """Level claimed: the home assurance level."""
    opaque: bool = False
    """Listed, not counted: its algorithm is recognised and never verified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixInput:
    """Everything. The order of the collections does not matter."""

    set: str
    instants: Instants
    header: RunHeader
    parties: tuple[Party, ...]
    signers: tuple[str, ...]
    """Party ids that sign: the rows."""
    relying: tuple[str, ...]
    """Party ids that rely: the columns."""
    identities: tuple[SignerIdentity, ...]
    cases: Mapping[str, Case]
    """Case id -> case; every case that a vector names, and their controls."""
    vectors: tuple[Vector, ...]
    """Every vector that the selection asks for, those included that were not reached."""
    measurements: Iterable[Measurement]
    """At most one per vector and relying party; one that is missing was not run."""
    recipes: Mapping[str, str] = field(default_factory=dict)
    """Vector id -> recipe, where known."""
    contradictions: tuple[Contradicted, ...] = ()
    """Where a second engine says otherwise."""
