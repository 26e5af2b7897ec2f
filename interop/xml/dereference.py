"""Reference processing (XML-Signature 1.1 section 4.4.3): from a URI to a node-set or octets, through allow-listed transforms.

Nothing is ever fetched. A node-set is one apex with all below it less whole subtrees, which is all that enveloped signatures,
Id references and the idioms of XPath Filter 2.0 met in the field ask for; any other expression is refused by name.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from interop.xml.c14n import METHODS, CanonicalizationError, canonicalize, inclusive_prefixes
from interop.xml.names import C14N_10, DS, ENVELOPED, FILTER2, TRANSFORM_BASE64, XPATH, XSLT, ds
from interop.xml.parse import Parsed, XmlRefused, parse_xml

__all__ = ["Budget", "NodeSet", "Refused", "apply_transforms", "decode_base64", "octets", "select", "transforms_of"]

MAX_TRANSFORMS = 8
_BARE_ID = re.compile(r"#([^\s()'\"]+)")
_POINTER_ID = re.compile(r"#xpointer\(id\((?:'([^'\"]+)'|\"([^'\"]+)\")\)\)")
_SIG = "[A-Za-z_][A-Za-z0-9._-]*"

_FILTER2_ALL = re.compile(rf"/{{1,2}}(?:descendant(?:-or-self)?::)?({_SIG}):Signature")
_FILTER2_HERE = re.compile(rf"here\(\)/ancestor::({_SIG}):Signature\[1\]")
_XPATH_ALL = re.compile(rf"not\(ancestor-or-self::({_SIG}):Signature\)")
_XPATH_HERE = re.compile(
    rf"count\(ancestor-or-self::({_SIG}):Signature\|here\(\)/ancestor::({_SIG}):Signature\[1\]\)>"
    rf"count\(ancestor-or-self::({_SIG}):Signature\)"
)
"""Written without white space. The last is the enveloped-signature transform as XML-Signature 1.1 section 6.6.4 words it."""


class Refused(ValueError):
    """A reference cannot be processed: one of the words of `ReferenceFact.why`, and what was met."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail


@dataclass(slots=True)
class Budget:
    """What may still be spent on one document: octets canonicalised, and octets digested."""

    left: int = 256 * 1024 * 1024
    seen: dict[tuple[object, ...], bytes] = field(default_factory=dict)
    """Canonical forms already made, by apex, subtrees left out, method and prefixes."""

    relative_namespaces: bool = False
    """An exclusive canonical form was made although relative namespace names stand in it."""

    def spend(self, amount: int) -> None:
        """Take from the budget; Refused when it is gone."""
        self.left -= amount
        if self.left < 0:
            raise Refused("limit-exceeded", "too many octets to canonicalise and digest")


@dataclass(frozen=True, slots=True)
class NodeSet:
    """An apex with all below it, less whole subtrees."""

    apex: etree._Element
    document: bool
    """The document around the apex (its root) belongs to it."""
    comments: bool = False
    """Comment nodes belong to it."""
    excluded: tuple[etree._Element, ...] = ()

    def covers(self, element: etree._Element) -> bool:
        """Whether the element is in the node-set."""
        line = [element, *element.iterancestors()]
        return any(e is self.apex for e in line) and not any(e is out for e in line for out in self.excluded)


def select(uri: str, parsed: Parsed) -> NodeSet:
    """The node-set of a same-document URI.

    Refused with `target-not-found`, `target-ambiguous` (the Id is not unique) or `pointer-unsupported`.
    """
    if uri in {"", "#xpointer(/)"}:
        return NodeSet(parsed.root, document=True, comments=uri != "")
    pointer = _POINTER_ID.fullmatch(uri)
    bare = _BARE_ID.fullmatch(uri)
    if pointer is not None:
        name = pointer[1] or pointer[2]
    elif bare is not None:
        name = bare[1]
    else:
        raise Refused("pointer-unsupported", uri)
    found = parsed.ids.get(name, ())
    if not found:
        raise Refused("target-not-found", name)
    if len(found) > 1:
        raise Refused("target-ambiguous", name)
    return NodeSet(found[0], document=False, comments=pointer is not None)


def transforms_of(reference: etree._Element) -> tuple[etree._Element, ...]:
    """The Transform elements of a Reference, in order."""
    holders = reference.findall(ds("Transforms"))
    if len(holders) > 1:
        raise Refused("malformed", "more than one Transforms")
    return tuple(holders[0].findall(ds("Transform"))) if holders else ()


def apply_transforms(
    source: NodeSet | bytes, transforms: Sequence[etree._Element], signature: etree._Element, budget: Budget
) -> tuple[bytes, NodeSet | None]:
    """The octets to digest, and the last node-set on the way (None where there was only a stream of octets).

    Refused with `transform-unsupported`, `transform-refused`, `transform-failed` or `limit-exceeded`.
    """
    if len(transforms) > MAX_TRANSFORMS:
        raise Refused("limit-exceeded", f"{len(transforms)} transforms")
    data = source
    nodes = source if isinstance(source, NodeSet) else None
    original = True
    for transform in transforms:
        uri = transform.get("Algorithm") or ""
        if uri in METHODS:
            if isinstance(data, bytes):
                data = _document(data)
                original = False
            data = octets(data, uri, budget, prefixes=inclusive_prefixes(transform))
        elif uri == TRANSFORM_BASE64:
            data = _base64(data)
        elif uri in {ENVELOPED, FILTER2, XPATH}:
            if isinstance(data, bytes) or not original:
                raise Refused("transform-unsupported", f"{uri} after the nodes of the document were left")
            data = _narrow(data, uri, transform, signature)
            nodes = data
        else:
            raise Refused("transform-refused" if uri == XSLT else "transform-unsupported", uri)
    if isinstance(data, NodeSet):
        data = octets(data, C14N_10, budget)
    budget.spend(len(data))
    return data, nodes


def octets(nodes: NodeSet, uri: str, budget: Budget, *, prefixes: Sequence[str] = ()) -> bytes:
    """The canonical form of a node-set, remembered in the budget. Refused with `transform-failed`, `limit-exceeded`."""
    key = (nodes.apex, nodes.document, nodes.comments, nodes.excluded, uri, tuple(prefixes))
    known = budget.seen.get(key)
    if known is not None:
        return known
    node = nodes.apex.getroottree() if nodes.document else nodes.apex

    def form(lenient: bool) -> bytes:
        return canonicalize(
            node, uri, prefixes=prefixes, excluded=nodes.excluded, comments=nodes.comments, lenient=lenient
        )

    try:
        data = form(lenient=False)
    except CanonicalizationError as error:
        if METHODS[uri].family != "exclusive":
            raise Refused("transform-failed", str(error)) from error
        data = form(lenient=True)
        budget.relative_namespaces = True
    budget.spend(len(data))
    budget.seen[key] = data
    return data


def decode_base64(text: str) -> bytes:
    """RFC 4648 base64 with white space anywhere (xsd:base64Binary). Raises ValueError for anything else."""
    compact = "".join(text.split())
    try:
        return base64.b64decode(compact, validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from error


def _document(data: bytes) -> NodeSet:
    try:
        return NodeSet(parse_xml(data).root, document=True, comments=True)
    except XmlRefused as error:
        raise Refused("transform-failed", str(error)) from error


def _base64(data: NodeSet | bytes) -> bytes:
    """XML-Signature 1.1 section 6.6.2. Of an element only where it holds nothing but text: its structure would go unsigned."""
    if isinstance(data, NodeSet) and any(isinstance(child.tag, str) for child in data.apex):
        raise Refused("transform-unsupported", "base64 over an element that holds elements")
    try:
        if isinstance(data, bytes):
            return decode_base64(data.decode("ascii"))
        return decode_base64("".join([data.apex.text or "", *(child.tail or "" for child in data.apex)]))
    except ValueError as error:
        raise Refused("transform-failed", str(error)) from error


def _narrow(nodes: NodeSet, uri: str, transform: etree._Element, signature: etree._Element) -> NodeSet:
    """Leave out the signature (enveloped), or all signatures, where an expression known to mean just that says so."""
    if uri == ENVELOPED:
        return _leave_out(nodes, (signature,))
    expressions = [child for child in transform if isinstance(child.tag, str)]
    if len(expressions) != 1 or len(expressions[0]):
        raise Refused("transform-unsupported", f"{uri} with {len(expressions)} expressions")
    expression = expressions[0]
    text = "".join((expression.text or "").split())
    if uri == FILTER2 and expression.get("Filter") != "subtract":
        raise Refused("transform-unsupported", f"XPath Filter 2.0 {expression.get('Filter')} {text}"[:160])
    every, here = (_FILTER2_ALL, _FILTER2_HERE) if uri == FILTER2 else (_XPATH_ALL, _XPATH_HERE)
    for pattern, only_own in ((every, False), (here, True)):
        match = pattern.fullmatch(text)
        if match is None:
            continue
        if any(expression.nsmap.get(prefix) != DS for prefix in match.groups()):
            raise Refused("transform-unsupported", f"{text} names no XML-Signature element"[:160])
        found = (signature,) if only_own else tuple(nodes.apex.getroottree().getroot().iter(ds("Signature")))
        # XPath counts comments as nodes of its input; the input decides whether it holds any
        return _leave_out(nodes, found)
    raise Refused("transform-unsupported", f"{uri} {text}"[:160])


def _leave_out(nodes: NodeSet, elements: Sequence[etree._Element]) -> NodeSet:
    inside = tuple(e for e in elements if e not in nodes.excluded and nodes.covers(e))
    return replace(nodes, excluded=nodes.excluded + inside)
