"""Pages and form fields of one revision: page tree flattened, field tree flattened, inheritance resolved.

ISO 32000-2 7.7.3 (page tree, inheritable attributes) and 12.7.4 (field names, inheritable field attributes). Circular trees end at the
second visit.
"""

from __future__ import annotations

from dataclasses import dataclass

from interop.pdf.store import NULL, PdfObject, View
from interop.pdf.token import Malformed, PdfValue, string_bytes

__all__ = ["MOST", "Field", "Page", "fields", "page_tree", "pages", "text_of"]

_INHERITED_PAGE = ("Resources", "MediaBox", "CropBox", "Rotate")
_INHERITED_FIELD = ("FT", "V", "Ff")
MOST = 20_000
"""Pages with nodes above them, and fields, of one revision."""
_DEEPEST = 200
"""Nodes of the page tree above each other."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page."""

    number: int
    """Object number; -1 for a direct page dictionary."""
    object: PdfObject
    inherited: dict[str, PdfObject]
    """Inheritable attributes that the page takes from its ancestors, not resolved."""

    def attribute(self, key: str) -> PdfObject:
        """The effective value of an inheritable attribute, not resolved; NULL where it is missing."""
        value = self.object.entries.get(key)
        return PdfObject(value, self.object.source) if value is not None else self.inherited.get(key, NULL)


@dataclass(frozen=True, slots=True)
class Field:
    """One terminal form field (or named field without named kids)."""

    name: str
    """Fully qualified name; untrusted text."""
    number: int
    """Object number; -1 for a direct dictionary."""
    object: PdfObject
    type: str | None
    """FT, inheritance resolved."""
    value: PdfObject
    """V, inheritance resolved, not dereferenced; NULL without."""
    widgets: tuple[tuple[int, PdfObject], ...]
    """(object number, dictionary) of its widgets: itself where merged, else its kids."""


def _number(value: PdfValue) -> int:
    if value.kind == "reference" and isinstance(value.value, tuple) and isinstance(value.value[0], int):
        return value.value[0]
    return -1


def text_of(found: PdfObject) -> str:
    """Readable text of a string object: UTF-16 with byte order mark, UTF-8 with its mark, else Latin-1."""
    raw = string_bytes(found.value)
    if raw is None:
        return ""
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    if raw.startswith(b"\xef\xbb\xbf"):
        return raw[3:].decode("utf-8", "replace")
    return raw.decode("latin-1")


def pages(view: View) -> list[Page]:
    """All pages in order. A circular or endless tree ends where it comes back."""
    return page_tree(view)[0]


def page_tree(view: View) -> tuple[list[Page], list[tuple[int, PdfObject]]]:
    """(all pages in order, all nodes above them in order, each with its object number; -1 for a direct one).

    A node that comes twice is gone through twice, but for one that stands above itself. Raises Malformed for a tree that is
    larger than what is read here: what lies behind could change unseen.
    """
    found: list[Page] = []
    nodes: list[tuple[int, PdfObject]] = []
    root = view.root.entries.get("Pages")
    stack: list[tuple[PdfObject, dict[str, PdfObject], tuple[int, ...]]] = []
    if root is not None:
        stack.append((PdfObject(root, view.root.source), {}, ()))
    met = 0
    while stack:
        raw, inherited, above = stack.pop()
        met += 1
        if met + len(stack) > MOST:
            raise Malformed(f"more than {MOST} pages and nodes above them")
        number = _number(raw.value)
        if number in above or len(above) > _DEEPEST:
            continue
        node = view.resolve(raw)
        if "Kids" in node.entries:
            nodes.append((number, node))
            passed = dict(inherited)
            for key in _INHERITED_PAGE:
                if key in node.entries:
                    passed[key] = PdfObject(node.entries[key], node.source)
            line = (*above, number) if number >= 0 else above
            stack += [(kid, passed, line) for kid in reversed(view.items(node, "Kids"))]
        else:
            found.append(Page(number, node, inherited))
    return found, nodes


def fields(view: View) -> list[Field]:
    """All fields in order of the form's field tree."""
    found: list[Field] = []
    seen: set[int] = set()
    form = view.get(view.root, "AcroForm")
    stack: list[tuple[PdfObject, str, dict[str, PdfObject]]] = [
        (item, "", {}) for item in reversed(view.items(form, "Fields"))
    ]
    while stack and len(found) < MOST:
        raw, prefix, inherited = stack.pop()
        number = _number(raw.value)
        if number in seen:
            continue
        if number >= 0:
            seen.add(number)
        node = view.resolve(raw)
        if node.value.dict is None:
            continue
        own = text_of(view.get(node, "T")) if "T" in node.entries else ""
        name = f"{prefix}.{own}" if prefix and own else own or prefix
        passed = dict(inherited)
        for key in _INHERITED_FIELD:
            if key in node.entries:
                passed[key] = PdfObject(node.entries[key], node.source)
        kids = view.items(node, "Kids")
        named = [kid for kid in kids if "T" in view.resolve(kid).entries]
        if named:
            stack += [(kid, name, passed) for kid in reversed(kids)]
            continue
        widgets = tuple((_number(kid.value), view.resolve(kid)) for kid in kids) if kids else ((number, node),)
        kind = view.resolve(passed["FT"]).value.name if "FT" in passed else None
        found.append(Field(name, number, node, kind, passed.get("V", NULL), widgets))
    return found
