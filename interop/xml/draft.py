"""The signatures of a document after their references were processed, before keys and coverage are looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from interop.model.certificate import Finding
from interop.xml.coverage import Content, path_of
from interop.xml.dereference import Budget
from interop.xml.names import SIGNED_PROPERTIES, ds, xades
from interop.xml.parse import Parsed
from interop.xml.properties import Properties, owner_of, read_properties, stray_properties
from interop.xml.references import Outcome, check_references
from interop.xml.structure import Structure, read_structure

__all__ = ["Draft", "make_drafts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One signature after its references were processed."""

    name: str
    structure: Structure
    parent: Structure | None
    parent_name: str | None
    outcomes: tuple[Outcome, ...]
    properties: Properties
    findings: tuple[Finding, ...]

    @property
    def contents(self) -> list[Content]:
        """What it signs as content."""
        return [
            Content(uri=o.fact.target, nodes=o.nodes, resolved=o.fact.ok is not None)
            for o in self.outcomes
            if o.fact.role in {"content", "manifest", "other"} and (o.nodes is not None or o.external)
        ]


def make_drafts(
    elements: Sequence[etree._Element], parsed: Parsed, detached: bytes | None, budget: Budget
) -> list[Draft]:
    """One draft per ds:Signature, in document order, named `s0`, `s1`, ..."""
    structures = [read_structure(e) for e in elements]
    drafts = []
    for index, structure in enumerate(structures):
        parent = _parent(structure, structures)
        if budget.relative_namespaces:
            budget.relative_namespaces = False
        outcomes = check_references(structure, parent, parsed, detached, budget)
        signed, findings = _signed_properties(structure, outcomes)
        findings = [*structure.findings, *(f for o in outcomes for f in o.findings), *findings]
        if budget.relative_namespaces:
            findings.append(Finding(code="container.xml-relative-namespace"))
        drafts.append(
            Draft(
                name=f"s{index}",
                structure=structure,
                parent=parent,
                parent_name=None if parent is None else f"s{structures.index(parent)}",
                outcomes=outcomes,
                properties=read_properties(structure, signed),
                findings=tuple(dict.fromkeys(findings)),
            )
        )
    return drafts


def _parent(structure: Structure, structures: Iterable[Structure]) -> Structure | None:
    """The signature that this one countersigns, by its place in xades:CounterSignature."""
    holder = structure.element.getparent()
    if holder is None or holder.tag != xades("CounterSignature"):
        return None
    above = next(holder.iterancestors(ds("Signature")), None)
    return next((s for s in structures if s.element is above), None)


def _signed_properties(
    structure: Structure, outcomes: Sequence[Outcome]
) -> tuple[etree._Element | None, list[Finding]]:
    """The SignedProperties that the signature covers and that stand where they must; else why there are none."""
    findings: list[Finding] = []
    good: list[etree._Element] = []
    for outcome in outcomes:
        if outcome.fact.role != "signed-properties":
            continue
        target = None if outcome.nodes is None else outcome.nodes.apex
        qualifying, owner = (None, None) if target is None else owner_of(target)
        if target is None or qualifying is None or owner is not structure.element:
            where = "not found" if target is None else path_of(target)
            findings.append(
                Finding(code="integrity.signed-properties-misplaced", detail=f"{outcome.fact.target}: {where}"[:200])
            )
            continue
        if structure.id is None or qualifying.get("Target") != f"#{structure.id}":
            detail = f"Target is {qualifying.get('Target')!r}"[:200]
            findings.append(Finding(code="format.qualifying-properties-target", detail=detail))
            continue
        if outcome.fact.type != SIGNED_PROPERTIES:
            findings.append(
                Finding(code="format.signed-properties-type-missing", detail=f"Type is {outcome.fact.type!r}"[:200])
            )
            continue
        good.append(target)
    strays = [s for s in stray_properties(structure) if not any(s is g for g in good)]
    if good and (strays or len(good) > 1):
        findings.append(
            Finding(code="integrity.signed-properties-misplaced", detail=f"{len(strays) + len(good)} SignedProperties")
        )
    elif strays and not findings:
        findings.append(Finding(code="format.signed-properties-unsigned", detail=path_of(strays[0])[:200]))
    return (good[0] if len(good) == 1 and not strays else None), findings
