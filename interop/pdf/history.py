"""Changes after each signed revision, over the whole history of a file."""

from __future__ import annotations

from collections.abc import Iterable

from interop.model.certificate import Finding
from interop.model.facts import Change, SignatureFacts, TokenFacts
from interop.pdf.changes import step_changes
from interop.pdf.compare import Budget, Exhausted
from interop.pdf.graph import fields
from interop.pdf.permissions import rules_of
from interop.pdf.store import Store
from interop.pdf.token import WHITE_SPACE

__all__ = ["changes_after_signing"]

_PAIRS = 600_000
"""Pairs of objects compared at most in one file."""
_STEPS = 400
"""Pairs of revisions compared at most."""


def changes_after_signing(
    store: Store, signatures: Iterable[SignatureFacts], tokens: Iterable[TokenFacts]
) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """Every change once, said to be after the last signature or document time-stamp before it (it is after all earlier ones
    too); and findings about what could not be compared. White space at the very end of the file is no change."""
    signatures = tuple(signatures)
    marks: dict[int, str] = {t.revision: t.id for t in tokens if t.kind == "document" and t.revision is not None}
    marks.update({s.revision: s.id for s in signatures if s.revision is not None})
    if not marks:
        return (), ()
    changes: list[Change] = []
    findings: list[Finding] = []
    try:
        _compare(store, marks, changes, findings)
    except (Exhausted, RecursionError) as error:
        findings.append(Finding(code="integrity.changes-not-compared", detail=str(error) or type(error).__name__))
    except Exception as error:  # noqa: BLE001 - a gap of ours on a hostile file must not cost the run; it blocks and says so
        findings.append(Finding(code="integrity.changes-not-compared", detail=f"{type(error).__name__}: {error}"))
    if store.exhausted:
        findings.append(
            Finding(code="integrity.changes-not-compared", detail="the file takes more reading than this reader does")
        )
    end = max([store.revisions[-1].marker, *(sum(s.covers.ranges[-1]) for s in signatures if s.covers.ranges)])
    tail = store.data[end:].strip(WHITE_SPACE)
    if tail:
        detail = f"{len(tail)} bytes after offset {end}"
        changes.append(Change(after=marks[max(marks)], kind="unparsed-tail", detail=detail))
    return tuple(changes), tuple(findings)


def _compare(store: Store, marks: dict[int, str], changes: list[Change], findings: list[Finding]) -> None:
    first, budget = min(marks), Budget(_PAIRS)
    for old in range(first, len(store.revisions)):
        if old - first >= _STEPS:
            raise Exhausted(f"more than {_STEPS} revisions after the first signature")
        after = marks[max(mark for mark in marks if mark <= old)]
        view = store.view(old - 1)
        rules = rules_of(view, fields(view))
        quiet: list[str] = []
        for step in step_changes(store, old - 1, old, budget):
            if step.kind == "metadata":
                quiet.append(step.detail)
                continue
            allowed = rules.allow(step.kind, step.field)
            changes.append(Change(after=after, kind=step.kind, page=step.page, allowed=allowed, detail=step.detail))
        if quiet:
            detail = f"revision {old + 1}: {', '.join(quiet)}"
            findings.append(Finding(code="integrity.metadata-changed", detail=detail))
