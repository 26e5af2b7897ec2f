"""How a published suite of certification paths came out: what `interop conformance` prints."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["ComparedCase", "Difference", "DifferenceKind", "SuiteScore"]


class DifferenceKind(StrEnum):
    """Why an answer differs from the suite's."""

    WEB_ONLY = "web-only"
    """A rule of web server certificates (CA/Browser Forum, host names of peers): signatures of documents have no such thing."""
    OUT_OF_SCOPE = "out-of-scope"
    """A feature that is not there, and refused where it is met."""
    STRICTER = "stricter"
    """Refused here although the suite accepts it, on purpose."""
    DISPUTED = "disputed"
    """The suite itself says that the standard can be read both ways."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Cases of a suite that are answered differently on purpose."""

    cases: tuple[str, ...]
    """Names, or patterns with `*`."""
    kind: DifferenceKind
    """What kind of reason it is."""
    why: str
    """One sentence, with the clause where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedCase:
    """One case of the suite and its answer."""

    id: str
    """Name in its suite."""
    expected: bool
    """The suite wants the path to be valid."""
    accepted: bool
    """It is, by our code."""
    against: tuple[str, ...] = ()
    """What stands against it: reason codes with details, or clauses; untrusted text."""
    difference: Difference | None = None
    """The entry that names the case as different."""

    @property
    def agrees(self) -> bool:
        """The answer is what the suite expects."""
        return self.accepted is self.expected

    @property
    def dangerous(self) -> bool:
        """What must fail is accepted, and the rule is not one of the web alone."""
        web = self.difference is not None and self.difference.kind is DifferenceKind.WEB_ONLY
        return self.accepted and not self.expected and not web

    @property
    def unexplained(self) -> bool:
        """It differs and nobody says why, or it is said by its own name to differ and does not."""
        if not self.agrees:
            return self.difference is None
        return self.difference is not None and self.id in self.difference.cases


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteScore:
    """A whole suite."""

    suite: str
    """`pkits` or `limbo`."""
    cases: tuple[ComparedCase, ...]
    """Every case, in the order of the suite."""
    schema_version: str = "1.0"
    """Version of this shape."""

    def exit_code(self) -> int:
        """4: something dangerous is accepted; 1: a difference that nobody explains; 5: no case; else 0."""
        if any(case.dangerous for case in self.cases):
            return 4
        if any(case.unexplained for case in self.cases):
            return 1
        return 0 if self.cases else 5
