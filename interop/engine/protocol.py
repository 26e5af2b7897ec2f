"""What an engine is asked, and what it may answer.

An engine never learns what is expected, and cannot say pass, fail or skip. The primary engine answers with facts; a
witness confirms or contradicts single facts (`Testimony`); software that only concludes has its conclusion kept as an
`Opinion`, which is never used as a fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from interop.model.facts import Facts, Observation, Testimony

__all__ = ["Engine", "EngineInfo", "Request", "Witness"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineInfo:
    """Who answers."""

    id: str
    """`embedded`, `openssl`, ..."""
    version: str | None
    """As the software says it; None: not found on this machine."""
    role: str
    """`primary`, `witness`, `opinion`."""
    capabilities: tuple[str, ...]
    """What it can look at: formats, `value`, `digest`, `edge`, `token`."""
    install: str
    """How to get it, one line."""
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One file to be looked at."""

    data: bytes
    """The file."""
    detached: bytes | None = None
    """Content beside a detached signature."""
    element: str | None = None
    """XML: Id of the element that is consumed, where it is not the root."""
    password: str | None = None
    """PDF: user or owner password."""
    certificates: tuple[bytes, ...] = ()
    """Certificates (DER) that somebody offers beside the file, for signatures that carry none."""
    sm2_ids: tuple[str, ...] = ()
    """Further SM2 distinguishing IDs to try, besides the default and the empty one. Which one verified is the fact; who accepts it
    is no matter of the engine."""
    at: datetime | None = None
    """When it was signed, for witnesses that check chains; only where nothing in the file claims a time."""


class Engine(Protocol):
    """A primary engine: everything that is in one file."""

    def info(self) -> EngineInfo:
        """Who it is."""

    def observe(self, request: Request) -> Observation:
        """All facts. Raises nothing for hostile input; EngineError only for its own breakdown."""


class Witness(Protocol):
    """An independent tool that confirms or contradicts single facts."""

    def info(self) -> EngineInfo:
        """Who it is; version None when it is not on this machine."""

    def testify(self, request: Request, facts: Facts, anchors: tuple[bytes, ...]) -> Testimony:
        """What it says about the signatures that the primary engine found; `anchors` are certificates in DER."""
