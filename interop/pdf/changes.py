"""What was changed from one revision of a PDF to the next, in kinds that mean something to a relying party.

Kinds are those of `interop.model.facts.Change`, and `metadata` for what shows nowhere on a page. Rests on ISO 32000-2 12.8.2.2 (what a
certified document allows), EN 319 142-1 5.4 (validation data) and the attacks: incremental saving (CCS 2019), shadow attacks
(NDSS 2021), evil annotation and sneaky signature (S&P 2021, "Breaking the Specification: PDF Certification").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from interop.pdf.compare import Budget, Exhausted, Pair, Step, reference_number
from interop.pdf.form_changes import appearances_used_aside, form_changes
from interop.pdf.graph import MOST, Field, Page, fields, page_tree
from interop.pdf.marks import covers_content
from interop.pdf.store import PdfObject, Store, View

__all__ = ["step_changes"]

_TRAILER_OWN = frozenset({
    "Size", "Prev", "XRefStm", "ID", "Type", "W", "Index", "Length", "Filter", "DecodeParms", "Root", "Info",
})  # fmt: skip
_CATALOG_QUIET = frozenset({"Metadata", "Extensions", "Version", "LastModified", "PieceInfo"})
_PAGE_QUIET = frozenset({"Tabs", "LastModified", "PieceInfo", "StructParents", "Metadata", "Thumb"})
_PAGE_INHERITED = ("Resources", "MediaBox", "CropBox", "Rotate")


def step_changes(store: Store, old: int, new: int, budget: Budget) -> list[Step]:
    """Changes from revision `old` to `new` (counted from 0). Raises Exhausted where the file is too tangled."""
    before, after = store.view(old), store.view(new)
    pair = Pair(before, after, budget)
    (old_pages, old_tree), (new_pages, new_tree) = page_tree(before), page_tree(after)
    old_fields, new_fields = fields(before), fields(after)
    if max(len(old_fields), len(new_fields)) >= MOST:
        raise Exhausted(f"{MOST} fields or more")
    pair.nodes = frozenset(n for n in _nodes(before, old_pages, old_fields) if not _is_stream(pair, n))
    budget.take(len(old_pages) + len(new_pages) + len(old_fields) + len(new_fields))
    found = _trailer(store, pair)
    aside = _reached_from_trailer(store, before)
    found += [Step("other", text) for text in store.ambiguities(new)]
    found += _ambiguous(before, old_pages, old_tree, old_fields)
    found += _ambiguous(after, new_pages, new_tree, new_fields)
    found += _catalog(pair)
    if _counts(before, old_tree) != _counts(after, new_tree):
        found.append(Step("pages", "/Count, or the tree of pages"))
    found += _pages(pair, old_pages, new_pages, _Widgets.of(old_fields, new_fields))
    found += form_changes(pair, old_fields, new_fields, new_pages)
    found += appearances_used_aside(pair, old_fields, new_fields, aside)
    return list(dict.fromkeys(found))


def _trailer(store: Store, pair: Pair) -> list[Step]:
    """Trailer entries, each as the newest trailer that has it says; the own entries of a section do not count."""
    found: list[Step] = []
    old, new = pair.old.section, pair.new.section
    for key in sorted(store.trailer_keys(new) - _TRAILER_OWN):
        path = pair.difference(store.trailer_entry(key, old), store.trailer_entry(key, new))
        if path is not None:
            found.append(Step("other", f"trailer/{key}{path}"))
    path = pair.difference(store.trailer_entry("Info", old), store.trailer_entry("Info", new))
    return found if path is None else [*found, Step("metadata", f"/Info{path}")]


def _reached_from_trailer(store: Store, view: View) -> frozenset[int]:
    """Objects that trailer entries unknown to ISO 32000-2 table 15 lead to, three references deep."""
    found: set[int] = set()
    keys = store.trailer_keys(view.section) - _TRAILER_OWN - {"Encrypt"}
    layer = [store.trailer_entry(key, view.section) for key in keys]
    for _ in range(3):
        following: list[PdfObject] = []
        for item in layer:
            number = reference_number(item)
            if number in found:
                continue
            if number >= 0:
                found.add(number)
            target = view.resolve(item)
            following += [PdfObject(value, target.source) for value in (*target.entries.values(), *target.value.items)]
        layer = following[:1000]
    return frozenset(found)


def _is_stream(pair: Pair, number: int) -> bool:
    """Nothing that is compared where it stands is a stream: one that is listed there all the same paints somewhere else."""
    return any(view.store.get(number, view).stream is not None for view in (pair.old, pair.new))


def _counts(view: View, tree: list[tuple[int, PdfObject]]) -> list[tuple[int, int | None]]:
    """/Count of every node above the pages: some readers show as many pages as it says."""
    return [(number, view.integer(node, "Count")) for number, node in tree]


def _ambiguous(
    view: View, all_pages: list[Page], tree: list[tuple[int, PdfObject]], all_fields: list[Field]
) -> Iterator[Step]:
    """Keys that stand twice with different values where a reader looks for pages and fields."""
    holders = [("catalog", view.root), ("AcroForm", view.get(view.root, "AcroForm"))]
    holders += [(f"page tree node {number}", node) for number, node in tree]
    holders += [(f"page {position}", page.object) for position, page in enumerate(all_pages, 1)]
    for field in all_fields:
        holders += [(f"field {field.name}", field.object), *((f"field {field.name}", w) for _, w in field.widgets)]
    for what, holder in holders:
        yield from (Step("other", f"{what}: /{key} stands twice") for key in holder.ambiguous)


@dataclass(frozen=True, slots=True)
class _Widgets:
    """Object numbers of widgets."""

    known: frozenset[int]
    """Of fields that were there before."""
    now: frozenset[int]

    @staticmethod
    def of(old: list[Field], new: list[Field]) -> _Widgets:
        before, after = (frozenset(n for f in some for n, _ in f.widgets) for some in (old, new))
        return _Widgets(before, after)


def _nodes(view: View, all_pages: list[Page], all_fields: list[Field]) -> Iterator[int]:
    yield from (page.number for page in all_pages if page.number >= 0)
    for field in all_fields:
        yield field.number
        yield from (number for number, _ in field.widgets)
    for page in all_pages:
        for raw in view.items(page.object, "Annots"):
            if isinstance(raw.value.value, tuple) and isinstance(raw.value.value[0], int):
                yield raw.value.value[0]


def _catalog(pair: Pair) -> list[Step]:
    old, new = pair.old.root, pair.new.root
    found: list[Step] = []
    for key in pair.keys(old, new, frozenset({"Pages", "AcroForm", "Type"})):
        if key == "DSS":
            gone = "DSS" not in new.entries
            found.append(Step("other", "/DSS removed") if gone else Step("validation-data", "/DSS"))
        elif key in _CATALOG_QUIET or (key == "Names" and _only_named_appearances(pair, old, new)):
            found.append(Step("metadata", f"/{key}"))
        elif key == "Perms" and "Perms" not in old.entries:
            found.append(Step("other", "/Perms added"))
        else:
            found.append(Step("catalog", pair.entry(old, new, key) or f"/{key}"))
    return found


def _only_named_appearances(pair: Pair, old: PdfObject, new: PdfObject) -> bool:
    """The name dictionary differs in /AP alone: icons of annotations, which no page shows by themselves."""
    return pair.keys(pair.old.get(old, "Names"), pair.new.get(new, "Names")) == ["AP"]


# -- pages ------------------------------------------------------------------------------------------------------------


def _pages(pair: Pair, old: list[Page], new: list[Page], widgets: _Widgets) -> list[Step]:
    found: list[Step] = []
    if [page.number for page in old] != [page.number for page in new]:
        found.append(
            Step("pages", f"{len(old)} pages became {len(new)}" if len(old) != len(new) else "other page objects")
        )
    by_number = {page.number: page for page in new}
    for position, page in enumerate(old):
        now = by_number.get(page.number) if page.number >= 0 else None
        now = now or (new[position] if position < len(new) else None)
        if now is None:
            continue
        number = position + 1
        for key in pair.keys(page.object, now.object, frozenset({"Parent", "Annots", *_PAGE_INHERITED})):
            kind = "metadata" if key in _PAGE_QUIET else "page-content"
            found.append(Step(kind, pair.entry(page.object, now.object, key) or f"/{key}", number))
        for key in _PAGE_INHERITED:
            path = pair.difference(page.attribute(key), now.attribute(key), drawn=True)
            if path is not None:
                found.append(Step("page-content", f"/{key}{'' if path == '/' else path}", number))
        found += _annotations(pair, page, now, number, widgets)
    return found


def _annotations(pair: Pair, old: Page, new: Page, number: int, widgets: _Widgets) -> Iterator[Step]:
    before = _annotation_list(pair.old, old)
    after = _annotation_list(pair.new, new)
    for key, item in before.items():
        if key not in after:
            yield Step("annotation", f"{pair.old.name(pair.old.resolve(item), 'Subtype')} removed", number)
            continue
        if reference_number(item) in widgets.now & widgets.known:
            continue
        path = _annotation_difference(pair, item, after[key])
        if path is not None:
            yield _annotation(pair, new, pair.new.resolve(after[key]), number, f"changed at {path}")
    for key, item in after.items():
        # widgets of new fields are reported with their fields; one of a field that was there before is shown only now
        if key not in before and reference_number(item) not in widgets.now - widgets.known:
            yield _annotation(pair, new, pair.new.resolve(item), number, "added")


def _annotation_difference(pair: Pair, old: PdfObject, new: PdfObject) -> str | None:
    """Compared inside, although annotations are nodes that other paths compare by number only."""
    a, b = pair.old.resolve(old), pair.new.resolve(new)
    keys = pair.keys(a, b, frozenset({"P", "Parent", "Popup", "IRT"}))
    return pair.entry(a, b, keys[0]) if keys else None


def _annotation(pair: Pair, page: Page, annotation: PdfObject, number: int, what: str) -> Step:
    subtype = pair.new.name(annotation, "Subtype") or "annotation"
    over = covers_content(pair, page, annotation)
    return Step("annotation-over-content" if over else "annotation", f"{subtype} {what}", number)


def _annotation_list(view: View, page: Page) -> dict[object, PdfObject]:
    found: dict[object, PdfObject] = {}
    for position, item in enumerate(view.items(page.object, "Annots")):
        number = reference_number(item)
        found[number if number >= 0 else ("direct", position)] = item
    return found
