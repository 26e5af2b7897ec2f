"""What a signature covers against what a reader of the document consumes (design, section 6 under `check`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from interop.model.certificate import Finding
from interop.model.facts import Coverage
from interop.xml.dereference import NodeSet
from interop.xml.names import ds, local, xades
from interop.xml.structure import Structure

__all__ = ["Content", "Covered", "cover", "path_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One thing that the signature signs as content."""

    uri: str
    nodes: NodeSet | None
    """None: octets from outside the document."""
    resolved: bool
    """The target was there (outside: it was given)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """The answer for one signature."""

    coverage: Coverage
    packaging: str | None
    findings: tuple[Finding, ...]


def path_of(element: etree._Element) -> str:
    """Readable path of local names, counted among siblings of one name: `/Response/Assertion[2]`."""
    steps = []
    line: list[etree._Element] = [element, *element.iterancestors()]
    for node in line:
        same = sum(1 for s in node.itersiblings(tag=str(node.tag), preceding=True))
        steps.append(local(str(node.tag)) + (f"[{same + 1}]" if same else ""))
    return "/" + "/".join(reversed(steps))


def cover(
    structure: Structure,
    contents: Sequence[Content],
    *,
    consumed: etree._Element,
    chosen: bool,
    elsewhere: Sequence[NodeSet],
) -> Covered:
    """Coverage of a signature that is no counter-signature.

    `consumed` is the root, or the element that the caller chose (`chosen`); `elsewhere` are the node-sets that other
    signatures of the document cover.
    """
    nodes = [c.nodes for c in contents if c.nodes is not None]
    packaging = _packaging(structure, contents, nodes)
    findings: list[Finding] = []
    if any(any(out is n.apex for out in n.excluded) for n in nodes):
        findings.append(
            Finding(code="integrity.signs-nothing", detail="the signature leaves out the very element it refers to")
        )
    if packaging == "detached" and not nodes:
        whole = bool(contents) and all(c.resolved for c in contents)
        return Covered(
            coverage=Coverage(whole=whole, nodes=tuple(c.uri for c in contents)),
            packaging=packaging,
            findings=tuple(findings),
        )
    if packaging == "enveloping" and consumed is structure.element and not chosen:
        open_ = [o for o in structure.objects if _is_content(o) and not _object_covered(o, nodes)]
        whole = bool(nodes) and not open_
        left = "Object " + ", ".join(o.get("Id") or "without Id" for o in open_)[:120]
    else:
        whole = any(n.covers(consumed) for n in nodes)
        left = path_of(consumed)
    if not whole:
        impostor = _impostor(structure, nodes, consumed, chosen, elsewhere)
        if impostor is not None:
            findings.append(Finding(code="integrity.signature-wrapping", detail=f"unsigned {path_of(impostor)}"[:200]))
        findings.append(Finding(code="integrity.partial-coverage", detail=f"not covered: {left}"[:200]))
    return Covered(
        coverage=Coverage(
            whole=whole,
            nodes=tuple(
                dict.fromkeys(
                    ["/" if n.document else path_of(n.apex) for n in nodes]
                    + [c.uri for c in contents if c.nodes is None]
                )
            ),
        ),
        packaging=packaging,
        findings=tuple(findings),
    )


def _packaging(structure: Structure, contents: Sequence[Content], nodes: Sequence[NodeSet]) -> str | None:
    if not nodes:
        return "detached" if contents else None
    above = list(structure.element.iterancestors())
    if any(any(n.apex is a for a in above) for n in nodes):
        return "enveloped"
    if not above or any(any(a is structure.element for a in n.apex.iterancestors()) for n in nodes):
        return "enveloping"
    return "detached"


def _is_content(holder: etree._Element) -> bool:
    """Whether a ds:Object holds content, rather than properties of the signature or a manifest."""
    children = [c for c in holder if isinstance(c.tag, str)]
    own = {
        xades("QualifyingProperties"),
        xades("QualifyingPropertiesReference"),
        ds("SignatureProperties"),
        ds("Manifest"),
    }
    return any(c.tag not in own for c in children) or (not children and bool((holder.text or "").strip()))


def _object_covered(holder: etree._Element, nodes: Sequence[NodeSet]) -> bool:
    if any(n.covers(holder) for n in nodes):
        return True
    children = [c for c in holder if isinstance(c.tag, str)]
    loose = [holder.text, *(c.tail for c in holder)]
    return not any(t and t.strip() for t in loose) and all(any(n.covers(c) for n in nodes) for c in children)


def _impostor(
    structure: Structure,
    nodes: Sequence[NodeSet],
    consumed: etree._Element,
    chosen: bool,
    elsewhere: Sequence[NodeSet],
) -> etree._Element | None:
    """An unsigned element that bears the name of a signed one where the signed one should stand.

    That is: the consumed element itself; an ancestor of the signature; one that a reader meets before the signed one; or
    any, where the signed one was put away inside a signature (wrapping attacks 1 to 8 of Somorovsky et al., USENIX Security 2012).
    """
    signed = [
        e
        for n in nodes
        for e in ([c for c in n.apex if isinstance(c.tag, str)] if n.apex.tag == ds("Object") else [n.apex])
    ]
    names = {str(e.tag) for e in signed if e.tag not in {ds("SignatureValue"), ds("KeyInfo")}}
    if not names:
        return None
    root = structure.element.getroottree().getroot()
    above = list(structure.element.iterancestors())
    embedded = bool(above)
    known = [*nodes, *elsewhere]
    met: set[str] = set()
    hidden = {str(e.tag) for e in signed if embedded and any(a.tag == ds("Object") for a in e.iterancestors())}
    for element in root.iter(*names):
        if any(element is s for s in signed):
            met.add(str(element.tag))
            continue
        if any(n.covers(element) for n in known):
            continue
        name = str(element.tag)
        if (
            element is consumed
            or (not chosen and (name not in met or name in hidden))
            or any(element is a for a in above)
        ):
            return element
    return None
