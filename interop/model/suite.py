"""Algorithm suites: which algorithms and sizes are suitable, from when until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from interop.model.instant import Interval
from interop.model.origin import Origin
from interop.model.text import Text

__all__ = ["Suite", "SuiteEntry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteEntry:
    """One algorithm and the sizes for which it is suitable over one span."""

    kind: Literal["digest", "signature", "key"]
    """`digest` and `signature` name algorithms of the table, `key` a key kind or curve."""
    name: str
    """Name in the algorithm table (`sha256`, `rsa-sha256`, `RSA`, `P-256`, `SM2`)."""
    min_bits: int | None = None
    """Smallest modulus (RSA, DSA) in bits; None where the name fixes the size."""
    start: datetime | None = None
    """Suitable from; None: always was."""
    end: datetime | None = None
    """Suitable until, exclusive; None: no end is set."""
    recommendation: Literal["recommended", "legacy"] = "recommended"
    """As the source grades it."""

    @property
    def interval(self) -> Interval:
        """The span of suitability."""
        return Interval(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A dated catalogue of suitable algorithms. What it does not list it does not allow."""

    id: str
    """File name without ending, e.g. `etsi-ts-119312`."""
    name: Text
    """Title of the catalogue."""
    source: str
    """Standard and edition, or where it is modelled on."""
    origin: Origin
    """Where the values of this file come from."""
    entries: tuple[SuiteEntry, ...]
    """What is suitable, from when until when; several entries of one name add up."""
    issued: datetime | None = None
    """When the edition was published; None: not said."""
    corrections: tuple[str, ...] = ()
    """Known errors of the source that were corrected here, one sentence each."""
