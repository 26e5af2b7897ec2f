"""Comparing two revisions of a PDF object by object, along every path from the trailer.

The question is never "which object numbers were written again" but "does anything look different along a path that a reader
follows": an object used in two places is compared in both, so that overwriting it for one purpose shows in the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from interop.pdf.store import NULL, PdfObject, View
from interop.pdf.token import string_bytes

__all__ = ["Budget", "Exhausted", "Pair", "Step", "reference_number"]

_DRAWN = frozenset({"Contents", "Resources", "Group", "AP", "MK", "OCProperties"})


@dataclass(frozen=True, slots=True)
class Step:
    """One change between two neighbouring revisions."""

    kind: str
    detail: str
    page: int | None = None
    field: str | None = None
    """Field name, where it is about a form field."""


class Exhausted(Exception):
    """The file is larger or more tangled than the comparison takes."""


class Budget:
    """How many pairs of objects one observation may compare: bounded work without a clock."""

    def __init__(self, pairs: int) -> None:
        self._left = pairs

    def take(self, count: int = 1) -> None:
        """Count some; Exhausted when nothing is left."""
        self._left -= count
        if self._left < 0:
            raise Exhausted("too many objects to compare")


class Pair:
    """Two revisions side by side."""

    def __init__(self, old: View, new: View, budget: Budget) -> None:
        self.old = old
        self.new = new
        self.budget = budget
        self._equal: dict[bool, set[tuple[int, int]]] = {False: set(), True: set()}
        self.nodes: frozenset[int] = frozenset()
        """Numbers of pages, fields and annotations: compared where they stand, elsewhere by number only."""

    def difference(self, old: PdfObject, new: PdfObject, *, drawn: bool = False) -> str | None:
        """Path of the first difference between two values; None where both show the same. The values need not be resolved.

        `drawn`: what a page paints with (content, resources, appearances). There every entry is followed, whatever its name
        and whatever else its target is: one object may be font or form and annotation at once, or be named /Parent.
        """
        equal = self._equal[drawn]
        visited: set[tuple[int, int]] = set()
        stack: list[tuple[str, PdfObject, PdfObject]] = [("", old, new)]
        while stack:
            self.budget.take()
            path, a, b = stack.pop()
            numbers = reference_number(a), reference_number(b)
            if numbers != (-1, -1):
                if not drawn and numbers[0] in self.nodes:
                    if numbers[0] != numbers[1]:
                        return path or "/"
                    continue
                if numbers in equal or numbers in visited:
                    continue
                if min(numbers) >= 0:
                    visited.add(numbers)
                a, b = self.old.resolve(a), self.new.resolve(b)
                if a is NULL and b is NULL and not self._same_place(*numbers):
                    return f"{path} unreadable"
            shallow = _shallow(a, b, drawn=drawn)
            if shallow is not None:
                return (path + shallow) or "/"
            if a.value.dict is not None:
                for name in a.entries:
                    if (drawn or name != "Parent") and name in b.entries:
                        ways = zip(_values(a, name), _values(b, name), strict=True)
                        stack += [(f"{path}/{name}", x, y) for x, y in ways]
            else:
                stack += [
                    (f"{path}[{i}]", PdfObject(x, a.source), PdfObject(y, b.source))
                    for i, (x, y) in enumerate(zip(a.value.items, b.value.items, strict=True))
                ]
        equal |= visited
        return None

    def _same_place(self, old: int, new: int) -> bool:
        """For objects that cannot be read: whether they are at least the same bytes."""
        return self.old.store.trace(old, self.old.section) == self.new.store.trace(new, self.new.section)

    def entry(self, old: PdfObject, new: PdfObject, key: str, *, drawn: bool | None = None) -> str | None:
        """Path of the first difference below one dictionary entry; None where it is the same or missing in both.

        `drawn` as in `difference`; by default for the keys under which pages, annotations and forms keep what they paint with.
        """
        if key not in old.entries and key not in new.entries:
            return None
        before, after = _values(old, key), _values(new, key)
        if len(before) != len(after):
            return f"/{key}"
        for a, b in zip(before, after, strict=True):
            found = self.difference(a, b, drawn=key in _DRAWN if drawn is None else drawn)
            if found is not None:
                return f"/{key}{'' if found == '/' else found}"
        return None

    def keys(self, old: PdfObject, new: PdfObject, ignored: frozenset[str] = frozenset()) -> list[str]:
        """Keys whose values differ, ignored ones left out."""
        names = sorted((set(old.entries) | set(new.entries)) - ignored)
        return [name for name in names if self.entry(old, new, name) is not None]


def reference_number(found: PdfObject) -> int:
    """Object number of a reference; -1 where it is none."""
    value = found.value.value
    return (
        value[0] if found.value.kind == "reference" and isinstance(value, tuple) and isinstance(value[0], int) else -1
    )


def _values(holder: PdfObject, key: str) -> list[PdfObject]:
    """Values of a key, not resolved: none, one, or all of those that stand under it."""
    value = holder.entries.get(key)
    return [] if value is None else [PdfObject(value, holder.source), *holder.again(key)]


def _shallow(a: PdfObject, b: PdfObject, *, drawn: bool) -> str | None:
    """What differs in the values themselves, children aside; None where nothing does."""
    if a.value.dict is not None and b.value.dict is not None:
        ignored = frozenset() if drawn else frozenset({"Parent"})
        if a.stream is not None:
            ignored |= {"Length"}  # where both have it, it is compared: readers are known to cut the data there
        names = (set(a.entries) | set(b.entries)) - ignored
        other = {name for name in names if len(_values(a, name)) != len(_values(b, name))}
        if other:
            return f"/{min(other)}"
        return None if a.stream == b.stream else " stream"
    if a.value.kind == "array" and b.value.kind == "array":
        return None if len(a.value.items) == len(b.value.items) else "[]"
    text = string_bytes(a.value)
    if text is not None:
        return None if text == string_bytes(b.value) else ""
    if a.value.kind == b.value.kind and a.value.kind in ("integer", "real", "name", "keyword"):
        return None if a.value.value == b.value.value else ""
    if {a.value.kind, b.value.kind} == {"integer", "real"}:
        return None if _number(a) == _number(b) else ""
    return ""


def _number(found: PdfObject) -> float:
    value = found.value.value
    return float(value) if isinstance(value, (int, bytes)) else 0.0
