"""What a signature covers against what a reader of the document consumes (design, section 6 under `check`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from interop.model.certificate import Finding
from interop.model.facts import Coverage
from interop.xml.dereference import NodeSet
from interop.xml.names import ds, local, namespace, xades
from interop.xml.structure import Structure

__all__ = ["Content", "Covered", "cover", "path_of"]

_OWN = ("http://www.w3.org/2000/09/xmldsig", "http://www.w3.org/2009/xmldsig11", "http://www.w3.org/2001/", "http://www.w3.org/2002/",
    "http://www.w3.org/2007/05/xmldsig-more", "http://uri.etsi.org/")  # fmt: skip
"""Namespaces of XML-Signature with its transforms and of XAdES."""


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
            findings=(*findings, *_passengers(structure, nodes, elsewhere)),
        )
    if packaging == "enveloping" and consumed is structure.element and not chosen:
        known = _Index(nodes)
        open_ = [o for o in structure.objects if _is_content(o) and not _object_covered(o, known)]
        whole = bool(nodes) and not open_
        left = "Object " + ", ".join(o.get("Id") or "without Id" for o in open_)[:120]
    else:
        whole = any(n.covers(consumed) for n in nodes)
        left = path_of(consumed)
    if whole:
        findings.extend(_passengers(structure, nodes, elsewhere))
        if not chosen:
            findings.extend(_beside_root(consumed, [*nodes, *elsewhere]))
    else:
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


def _object_covered(holder: etree._Element, known: _Index) -> bool:
    if known.covers(holder):
        return True
    children = [c for c in holder if isinstance(c.tag, str)]
    loose = [holder.text, *(c.tail for c in holder)]
    return not any(t and t.strip() for t in loose) and all(known.covers(c) for c in children)


def _passengers(structure: Structure, nodes: Sequence[NodeSet], elsewhere: Sequence[NodeSet]) -> Iterator[Finding]:
    """What stands inside the signature, is no part of one, and is covered by none: the signature itself is left out of what an
    enveloped one covers, so its Object, KeyInfo and unsigned properties hold whatever anybody puts there later.

    Where it bears the name of a covered element, a reader that looks for names takes it for that one (wrapping attacks 2, 6
    and 8 of Somorovsky et al., USENIX Security 2012; XML-Signature Best Practices 3.1).
    """
    known = _Index([*nodes, *elsewhere])
    found = [e for e in structure.element.iter(etree.Element) if _is_foreign(e) and not known.covers(e)]
    if not found:
        return
    covered = _covered_names(nodes)
    twin = next((e for e in found if e.tag in covered and _foreign_name(e)), None)
    if twin is not None:
        yield Finding(code="integrity.signature-wrapping", detail=f"unsigned {path_of(twin)}"[:200])
    yield Finding(code="integrity.unsigned-content", detail=path_of(found[0])[:200])


def _covered_names(nodes: Sequence[NodeSet]) -> set[str]:
    """Tags of what the node-sets hold; one walk over the outermost of them."""
    apexes = {n.apex for n in nodes}
    left_out = {e for n in nodes for e in n.excluded}
    names: set[str] = set()
    for apex in apexes:
        if any(above in apexes for above in apex.iterancestors()):
            continue
        walker = etree.iterwalk(apex, events=("start",))
        for _, element in walker:
            if element in left_out:
                walker.skip_subtree()
            else:
                names.add(str(element.tag))
    return names


def _beside_root(root: etree._Element, nodes: Sequence[NodeSet]) -> Iterator[Finding]:
    """Processing instructions around the root, a style sheet above all, that no node-set of the document holds."""
    if any(n.document for n in nodes):
        return
    for node in (*root.itersiblings(preceding=True), *root.itersiblings()):
        tag: object = node.tag
        if tag is etree.ProcessingInstruction:
            yield Finding(code="integrity.unsigned-content", detail=f"processing instruction {node}"[:200])
            return


def _foreign_name(element: etree._Element) -> bool:
    return not namespace(str(element.tag)).startswith(_OWN)


def _is_foreign(element: etree._Element) -> bool:
    """An element that no standard of signatures defines, or an Object that holds bare text."""
    if element.tag == ds("Object"):
        return any(text and text.strip() for text in (element.text, *(child.tail for child in element)))
    return _foreign_name(element)


class _Index:
    """Node-sets by their apex, so that one walk to the root answers for all of them."""

    def __init__(self, nodes: Iterable[NodeSet]) -> None:
        self._by_apex: dict[etree._Element, set[tuple[etree._Element, ...]]] = {}
        for n in nodes:
            self._by_apex.setdefault(n.apex, set()).add(n.excluded)

    def covers(self, element: etree._Element) -> bool:
        """Whether any of them holds the element."""
        line = [element, *element.iterancestors()]
        for apex in line:
            for excluded in self._by_apex.get(apex, ()):
                if not any(e is out for e in line for out in excluded):
                    return True
        return False


def _impostor(
    structure: Structure,
    nodes: Sequence[NodeSet],
    consumed: etree._Element,
    chosen: bool,
    elsewhere: Sequence[NodeSet],
) -> etree._Element | None:
    """An unsigned element that bears the name of a signed one where the signed one should stand.

    That is: the consumed element itself; an ancestor of the signature; one that a reader meets before the signed one; or
    any, where the signed one is inside an Object (wrapping attacks 1 to 8 of Somorovsky et al., USENIX Security 2012).
    """
    signed: set[etree._Element] = set()
    for n in nodes:
        signed.update([c for c in n.apex if isinstance(c.tag, str)] if n.apex.tag == ds("Object") else [n.apex])
    names = {str(e.tag) for e in signed if e.tag not in {ds("SignatureValue"), ds("KeyInfo")}}
    if not names:
        return None
    known = _Index([*nodes, *elsewhere])
    above = set(structure.element.iterancestors())
    hidden = {str(e.tag) for e in signed if any(a.tag == ds("Object") for a in e.iterancestors())}
    met: set[str] = set()
    for element in structure.element.getroottree().getroot().iter(*names):
        name = str(element.tag)
        if element in signed:
            met.add(name)
        elif known.covers(element):
            continue
        elif element is consumed or element in above or (not chosen and (name not in met or name in hidden)):
            return element
    return None
