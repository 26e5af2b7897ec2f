"""Canonical XML 1.0, Canonical XML 1.1 and Exclusive XML Canonicalization 1.0, for documents and document subsets.

A subset is what XML-Signature needs: one element with all below it (or the document), less whole subtrees. libxml2's own
canonicaliser, reached through lxml 6.1.3, does the work where it is right: on whole documents, and exclusively on copies of an
element. It is not used where it is wrong: lxml's own way of cutting out a subset writes superfluous namespace declarations
(`xmlns=""` two levels below the apex), a copy loses namespaces that are in scope and not used as well as the attributes of the
xml namespace that an apex inherits (Canonical XML 1.0 section 2.4), `#default` in a PrefixList is dropped, and there is no
version 1.1. Our own writer does those.

    >>> from lxml import etree
    >>> canonicalize(etree.fromstring('<a xml:lang="en"><b/></a>')[0], "http://www.w3.org/TR/2001/REC-xml-c14n-20010315")
    b'<b xml:lang="en"></b>'
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from interop.xml.base_uri import join_references
from interop.xml.c14n_writer import CanonicalizationError, write
from interop.xml.names import C14N_10, C14N_11, EC, EXC_C14N, XML_NS

__all__ = ["METHODS", "CanonicalizationError", "Method", "canonicalize", "cut_out", "inclusive_prefixes"]

_LANG, _SPACE, _BASE = f"{{{XML_NS}}}lang", f"{{{XML_NS}}}space", f"{{{XML_NS}}}base"


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One canonicalisation algorithm."""

    uri: str
    family: str
    """`1.0`, `1.1` or `exclusive`."""
    comments: bool
    """Comments are kept."""


METHODS: Mapping[str, Method] = {
    m.uri: m
    for m in (
        Method(uri=C14N_10, family="1.0", comments=False),
        Method(uri=C14N_10 + "#WithComments", family="1.0", comments=True),
        Method(uri=C14N_11, family="1.1", comments=False),
        Method(uri=C14N_11 + "#WithComments", family="1.1", comments=True),
        Method(uri=EXC_C14N, family="exclusive", comments=False),
        Method(uri=EXC_C14N + "WithComments", family="exclusive", comments=True),
    )
}
"""By URI, as it stands in CanonicalizationMethod and Transform (XML-Signature 1.1 section 6.5)."""


def inclusive_prefixes(element: etree._Element) -> tuple[str, ...]:
    """PrefixList of an InclusiveNamespaces child, `#default` included; empty without (Exclusive C14N section 4)."""
    child = element.find(f"{{{EC}}}InclusiveNamespaces")
    return () if child is None else tuple((child.get("PrefixList") or "").split())


def canonicalize(
    node: etree._Element | etree._ElementTree,
    uri: str,
    *,
    prefixes: Sequence[str] = (),
    excluded: Collection[etree._Element] = (),
    comments: bool = True,
    lenient: bool = False,
) -> bytes:
    """The canonical octets of an element with all below it, or of a whole document (given as a tree).

    `prefixes` is the PrefixList of exclusive canonicalisation; `excluded` are subtrees left out (each an element of the
    same document); `comments=False` says that the node-set holds no comments whatever the method (same-document references
    other than XPointers). Raises CanonicalizationError for relative namespace names, which Canonical XML 1.0 section 2.1 refuses
    (with `lenient` they are written as they stand), and KeyError for a URI that is not in `METHODS`.
    """
    method = METHODS[uri]
    apex = node.getroot() if isinstance(node, etree._ElementTree) else node
    with_comments = method.comments and comments
    excluded = [e for e in excluded if e is apex or _below(e, apex)]
    inherited = _inherited(apex, method.family)
    exclusive = method.family == "exclusive"
    whole = apex.getparent() is None
    native = not lenient and (whole or (exclusive and not prefixes)) and "#default" not in prefixes
    if not native or any(e is apex for e in excluded):
        return write(
            node,
            exclusive=exclusive,
            prefixes=frozenset(prefixes),
            excluded=frozenset(excluded),
            inherited=inherited,
            comments=with_comments,
            lenient=lenient,
        )
    if excluded:
        node = _without(node, apex, excluded)
    elif not whole:
        node = copy.deepcopy(apex)
    return _native(node, exclusive, prefixes, with_comments)


def _native(
    node: etree._Element | etree._ElementTree, exclusive: bool, prefixes: Sequence[str], comments: bool
) -> bytes:
    try:
        return etree.tostring(
            node,
            method="c14n",
            exclusive=exclusive,
            with_comments=comments,
            inclusive_ns_prefixes=list(prefixes) if exclusive and prefixes else None,
        )
    except etree.C14NError as error:
        raise CanonicalizationError(f"libxml2 refuses to canonicalise: {error}") from error


def _below(element: etree._Element, apex: etree._Element) -> bool:
    return any(ancestor is apex for ancestor in element.iterancestors())


def _without(
    node: etree._Element | etree._ElementTree, apex: etree._Element, excluded: Sequence[etree._Element]
) -> etree._Element | etree._ElementTree:
    """A copy without those subtrees; the text after each stays."""
    outermost = [e for e in excluded if not any(_below(e, other) for other in excluded)]
    routes = [_route(e, apex) for e in outermost]
    twin = copy.deepcopy(node)
    top = twin.getroot() if isinstance(twin, etree._ElementTree) else twin
    doomed = []
    for route in routes:
        place = top
        for index in route:
            place = place[index]
        doomed.append(place)
    for element in doomed:
        parent = element.getparent()
        if parent is None:
            raise CanonicalizationError("the apex itself is left out")
        cut_out(element, parent)
    return twin


def cut_out(element: etree._Element, parent: etree._Element) -> None:
    """Remove an element; the text after it stays where it was."""
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
        element.tail = None
    parent.remove(element)


def _route(element: etree._Element, apex: etree._Element) -> list[int]:
    """Child indexes that lead from the apex to the element."""
    route: list[int] = []
    while element is not apex:
        parent = element.getparent()
        if parent is None:
            raise CanonicalizationError("a subtree to leave out is not below the apex")
        route.append(parent.index(element))
        element = parent
    return route[::-1]


def _inherited(apex: etree._Element, family: str) -> dict[str, str]:
    """Attributes of the xml namespace that the apex takes from ancestors outside the subset, its own replaced where due.

    Canonical XML 1.0 section 2.4: the nearest of each name that the apex does not bear itself. Canonical XML 1.1 section 2.4:
    xml:lang and xml:space likewise, xml:id and others never, xml:base joined along the way. Exclusive: none.
    """
    if family == "exclusive":
        return {}
    found: dict[str, str] = {}
    bases: list[str] = []
    for ancestor in apex.iterancestors():
        for name, value in ancestor.attrib.items():
            key, text = str(name), str(value)
            if not key.startswith(f"{{{XML_NS}}}"):
                continue
            if family == "1.1" and key == _BASE:
                bases.append(text)
            elif family == "1.0" or key in {_LANG, _SPACE}:
                found.setdefault(key, text)
    for name in apex.attrib:
        found.pop(str(name), None)
    if bases:
        own = apex.get(_BASE)
        chain = [*reversed(bases), *([] if own is None else [own])]
        joined = chain[0]
        for reference in chain[1:]:
            joined = join_references(joined, reference)
        found[_BASE] = joined
    return found
