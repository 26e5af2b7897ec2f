"""Our own canonicaliser: one walk over the subset, for what libxml2 through lxml cannot do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from interop.xml.names import XML_NS, local, namespace

__all__ = ["CanonicalizationError", "is_element", "write"]

_BASE = f"{{{XML_NS}}}base"
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})
_ATTRIBUTE = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"})
_MARKUP = str.maketrans({"\r": "&#xD;"})

Namespaces = dict[str, str]
"""Prefix (empty for the default) to name (empty for none)."""


class CanonicalizationError(ValueError):
    """The algorithm refuses this input (relative namespace names, for one)."""


def write(
    node: etree._Element | etree._ElementTree,
    *,
    exclusive: bool,
    prefixes: frozenset[str],
    excluded: frozenset[etree._Element],
    inherited: Mapping[str, str],
    comments: bool,
    lenient: bool = False,
) -> bytes:
    """Canonical octets of the apex and all below it less `excluded`; of the document around it too where a tree is given.

    `inherited` are attributes of the xml namespace that the apex takes over; they replace its own, and an empty xml:base is not
    written. `lenient` writes relative namespace names instead of raising CanonicalizationError.
    """
    out: list[str] = []

    def element(apex: etree._Element) -> None:
        _element(
            out,
            apex,
            exclusive=exclusive,
            prefixes=prefixes,
            excluded=excluded,
            inherited=inherited,
            comments=comments,
            lenient=lenient,
        )

    if not isinstance(node, etree._ElementTree):
        element(node)
        return "".join(out).encode("utf-8")
    root = node.getroot()
    before = [_misc(n, comments) for n in reversed(list(root.itersiblings(preceding=True)))]
    after = [_misc(n, comments) for n in root.itersiblings()]
    out.extend(text + "\n" for text in before if text)
    element(root)
    out.extend("\n" + text for text in after if text)
    return "".join(out).encode("utf-8")


def _misc(node: etree._Element, comments: bool) -> str:
    text = (node.text or "").translate(_MARKUP)
    tag: object = node.tag
    if tag is etree.Comment:
        return f"<!--{text}-->" if comments else ""
    if tag is etree.ProcessingInstruction:
        return f"<?{_target(node)}{' ' + text if text else ''}?>"
    raise CanonicalizationError(f"cannot canonicalise a node of type {type(node).__name__}")


def _target(node: Any) -> str:
    """Target of a processing instruction, which the stubs do not know as a node of a tree."""
    return str(node.target)


def _element(
    out: list[str],
    apex: etree._Element,
    *,
    exclusive: bool,
    prefixes: frozenset[str],
    excluded: frozenset[etree._Element],
    inherited: Mapping[str, str],
    comments: bool,
    lenient: bool,
) -> None:
    if apex in excluded:
        return
    scopes: list[Namespaces] = [_in_scope(apex.getparent())]
    rendered: list[Namespaces] = [{"": ""}]
    for step, node in _walk(apex, excluded):
        if step == "misc":
            out.append(_misc(node, comments))
        elif step == "end":
            out.append(f"</{_name(node)}>")
            scopes.pop()
            rendered.pop()
        elif step == "start":
            scope = _in_scope(node)
            if not lenient:
                _refuse_relative(scope if node is apex else dict(scope.items() - scopes[-1].items()))
            attributes = _attributes(node, scope, inherited if node is apex else {})
            shown = _visible(node, attributes, scope, exclusive, prefixes)
            fresh = {p: uri for p, uri in shown.items() if rendered[-1].get(p) != uri and (uri or rendered[-1].get(p))}
            out.append(f"<{_name(node)}")
            out.extend(
                f' xmlns{":" if prefix else ""}{prefix}="{uri.translate(_ATTRIBUTE)}"'
                for prefix, uri in sorted(fresh.items())
            )
            out.extend(f' {name}="{value.translate(_ATTRIBUTE)}"' for _, name, value in attributes)
            out.append(f">{(node.text or '').translate(_TEXT)}")
            scopes.append(scope)
            rendered.append({**rendered[-1], **fresh})
        if step in {"end", "misc", "left-out"} and node is not apex:
            out.append((node.tail or "").translate(_TEXT))


def _walk(apex: etree._Element, excluded: frozenset[etree._Element]) -> Iterator[tuple[str, etree._Element]]:
    """(`start` | `end` | `misc` | `left-out`, node) in document order, without recursion."""
    yield "start", apex
    open_: list[tuple[etree._Element, Iterator[etree._Element]]] = [(apex, iter(apex))]
    while open_:
        parent, children = open_[-1]
        child = next(children, None)
        if child is None:
            open_.pop()
            yield "end", parent
        elif not is_element(child):
            yield "misc", child
        elif child in excluded:
            yield "left-out", child
        else:
            yield "start", child
            open_.append((child, iter(child)))


def is_element(node: etree._Element) -> bool:
    """Whether a node is an element, and not a comment, processing instruction or entity reference."""
    tag: object = node.tag
    return isinstance(tag, str)


def _in_scope(element: etree._Element | None) -> Namespaces:
    """Namespace declarations in scope; the xml prefix left out."""
    scope = {"": ""}
    if element is not None:
        scope.update({prefix or "": uri or "" for prefix, uri in element.nsmap.items() if prefix != "xml"})
    return scope


def _refuse_relative(declared: Namespaces) -> None:
    for uri in declared.values():
        if uri and not urlsplit(uri).scheme:
            raise CanonicalizationError(f"relative namespace name '{uri}'")


def _name(element: etree._Element) -> str:
    name = local(str(element.tag))
    return f"{element.prefix}:{name}" if element.prefix else name


def _attributes(
    element: etree._Element, scope: Namespaces, inherited: Mapping[str, str]
) -> list[tuple[tuple[str, str], str, str]]:
    """((namespace, local name), qualified name, value) in canonical order."""
    values = {**{str(k): str(v) for k, v in element.attrib.items()}, **inherited}
    found = []
    for key, value in values.items():
        uri, name = namespace(key), local(key)
        if key == _BASE and key in inherited and not value:
            continue
        if not uri:
            qualified = name
        elif uri == XML_NS:
            qualified = f"xml:{name}"
        else:
            qualified = f"{_prefix(element, uri, name, scope)}:{name}"
        found.append(((uri, name), qualified, value))
    return sorted(found)


def _prefix(element: etree._Element, uri: str, name: str, scope: Namespaces) -> str:
    candidates = [prefix for prefix, bound in scope.items() if prefix and bound == uri]
    if len(candidates) == 1:
        return candidates[0]
    written = element.xpath("name(@*[local-name()=$name and namespace-uri()=$uri])", name=name, uri=uri)
    return str(written).partition(":")[0]


def _visible(
    element: etree._Element,
    attributes: list[tuple[tuple[str, str], str, str]],
    scope: Namespaces,
    exclusive: bool,
    prefixes: frozenset[str],
) -> Namespaces:
    """The namespace nodes to consider: all in scope, or those visibly utilised and those of the PrefixList."""
    if not exclusive:
        return scope
    used = {element.prefix or ""}
    used.update(name.partition(":")[0] for (uri, _), name, _ in attributes if uri and uri != XML_NS)
    used.update("" if prefix == "#default" else prefix for prefix in prefixes)
    return {prefix: scope[prefix] for prefix in used if prefix in scope}
