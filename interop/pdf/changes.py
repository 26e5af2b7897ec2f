"""What was changed from one revision of a PDF to the next, in kinds that mean something to a relying party.

Kinds are those of `interop.model.facts.Change`, and `metadata` for what shows nowhere on a page. Rests on ISO 32000-2 12.8.2.2 (what a
certified document allows), EN 319 142-1 5.4 (validation data) and the attacks: incremental saving (CCS 2019), shadow attacks
(NDSS 2021), evil annotation and sneaky signature (S&P 2021, "Breaking the Specification: PDF Certification").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from interop.pdf.compare import Budget, Exhausted, Pair
from interop.pdf.graph import Field, Page, fields, pages
from interop.pdf.marks import covers_content
from interop.pdf.store import NULL, PdfObject, Store, View

__all__ = ["Step", "step_changes"]

_TRAILER_OWN = frozenset({
    "Size", "Prev", "XRefStm", "ID", "Type", "W", "Index", "Length", "Filter", "DecodeParms", "Root", "Info",
})  # fmt: skip
_CATALOG_QUIET = frozenset({"Metadata", "Extensions", "Version", "LastModified", "PieceInfo"})
_PAGE_QUIET = frozenset({"Tabs", "LastModified", "PieceInfo", "StructParents", "Metadata", "Thumb"})
_PAGE_INHERITED = ("Resources", "MediaBox", "CropBox", "Rotate")
_FILLED = frozenset({"V", "AP", "AS", "I", "RV", "MK", "M", "F", "Ff"})
_LOOK_ONLY = frozenset({"AP", "AS"})
_FORM_QUIET = frozenset({"Fields", "SigFlags", "DR", "DA", "XFA"})


@dataclass(frozen=True, slots=True)
class Step:
    """One change between two neighbouring revisions."""

    kind: str
    detail: str
    page: int | None = None
    field: str | None = None
    """Field name, where it is about a form field."""


def step_changes(store: Store, old: int, new: int, budget: Budget) -> list[Step]:
    """Changes from revision `old` to `new` (counted from 0). Raises Exhausted where the file is too tangled."""
    before, after = store.view(old), store.view(new)
    pair = Pair(before, after, budget)
    old_pages, new_pages = pages(before), pages(after)
    old_fields, new_fields = fields(before), fields(after)
    pair.nodes = frozenset(_nodes(before, old_pages, old_fields))
    budget.take(len(old_pages) + len(new_pages) + len(old_fields) + len(new_fields))
    found = _trailer(store, pair)
    aside = _reached_from_trailer(store, before)
    found += _catalog(pair)
    found += _pages(pair, old_pages, new_pages, new_fields)
    found += _form(pair, old_fields, new_fields, new_pages)
    found += _appearances_used_aside(pair, old_fields, new_fields, aside)
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
            number = _reference_number(item)
            if number in found:
                continue
            if number >= 0:
                found.add(number)
            target = view.resolve(item)
            following += [PdfObject(value, target.source) for value in (*target.entries.values(), *target.value.items)]
        layer = following[:1000]
    return frozenset(found)


def _appearances_used_aside(pair: Pair, old: list[Field], new: list[Field], aside: frozenset[int]) -> Iterator[Step]:
    """An appearance was exchanged whose object the trailer also leads to by a private entry: it has a use that is not shown."""
    known = {field.name: field for field in new}
    for field in old if aside else ():
        now = known.get(field.name)
        for (_, a), (_, b) in zip(field.widgets, now.widgets if now is not None else (), strict=False):
            look = a.entries.get("AP")
            if (
                look is not None
                and _reference_number(PdfObject(look, a.source)) in aside
                and pair.entry(a, b, "AP") is not None
            ):
                yield Step("other", f"{field.name}: /AP is also used by a private trailer entry", None, field.name)


def _where(path: str | None) -> Iterator[str]:
    if path is not None:
        yield path


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


def _pages(pair: Pair, old: list[Page], new: list[Page], new_fields: list[Field]) -> list[Step]:
    found: list[Step] = []
    if [page.number for page in old] != [page.number for page in new]:
        found.append(
            Step("pages", f"{len(old)} pages became {len(new)}" if len(old) != len(new) else "other page objects")
        )
    widgets = {number for field in new_fields for number, _ in field.widgets}
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
            path = pair.difference(page.attribute(key), now.attribute(key))
            if path is not None:
                found.append(Step("page-content", f"/{key}{path.removeprefix('/') if path == '/' else path}", number))
        found += _annotations(pair, page, now, number, widgets)
    return found


def _annotations(pair: Pair, old: Page, new: Page, number: int, widgets: set[int]) -> Iterator[Step]:
    before = _annotation_list(pair.old, old)
    after = _annotation_list(pair.new, new)
    for key, item in before.items():
        if key not in after:
            gone = pair.old.resolve(item)
            if pair.old.name(gone, "Subtype") != "Widget":
                yield Step("annotation", f"{pair.old.name(gone, 'Subtype')} removed", number)
            elif _reference_number(item) not in widgets:
                yield Step("annotation", "widget removed", number)
            continue
        if _reference_number(item) in widgets:
            continue
        path = _annotation_difference(pair, item, after[key])
        if path is not None:
            yield _annotation(pair, new, pair.new.resolve(after[key]), number, f"changed at {path}")
    for key, item in after.items():
        if key not in before and _reference_number(item) not in widgets:
            yield _annotation(pair, new, pair.new.resolve(item), number, "added")


def _annotation_difference(pair: Pair, old: PdfObject, new: PdfObject) -> str | None:
    """Compared inside, although annotations are nodes that other paths compare by number only."""
    a, b = pair.old.resolve(old), pair.new.resolve(new)
    keys = pair.keys(a, b, frozenset({"P", "Parent", "Popup", "IRT"}))
    return pair.entry(a, b, keys[0]) if keys else None


def _annotation(pair: Pair, page: Page, annotation: PdfObject, number: int, what: str) -> Step:
    subtype = pair.new.name(annotation, "Subtype") or "annotation"
    over = covers_content(pair.new, page, annotation)
    return Step("annotation-over-content" if over else "annotation", f"{subtype} {what}", number)


def _annotation_list(view: View, page: Page) -> dict[object, PdfObject]:
    found: dict[object, PdfObject] = {}
    for position, item in enumerate(view.items(page.object, "Annots")):
        number = _reference_number(item)
        found[number if number >= 0 else ("direct", position)] = item
    return found


def _reference_number(found: PdfObject) -> int:
    value = found.value.value
    return (
        value[0] if found.value.kind == "reference" and isinstance(value, tuple) and isinstance(value[0], int) else -1
    )


# -- form -------------------------------------------------------------------------------------------------------------


def _form(pair: Pair, old: list[Field], new: list[Field], new_pages: list[Page]) -> list[Step]:
    before, after = pair.old.get(pair.old.root, "AcroForm"), pair.new.get(pair.new.root, "AcroForm")
    if before is NULL and after is NULL:
        return []
    if after.value.dict is None:
        return [Step("catalog", "/AcroForm removed")]
    found: list[Step] = []
    lost = (pair.old.integer(before, "SigFlags") or 0) & ~(pair.new.integer(after, "SigFlags") or 0)
    if lost:
        found.append(Step("catalog", "/AcroForm/SigFlags cleared"))
    if before.value.dict is not None:
        found += [Step("form-fill", f"/AcroForm/{key}") for key in pair.keys(before, after, _FORM_QUIET)]
        found += [Step("form-fill", f"/AcroForm{where}") for where in _where(pair.entry(before, after, "XFA"))]
        found += _resources(pair, pair.old.get(before, "DR"), pair.new.get(after, "DR"))
    where_page = _widget_pages(pair.new, new_pages)
    known = {field.name: field for field in new}
    for field in old:
        found += _field(pair, field, known.get(field.name), where_page)
    names = {field.name for field in old}
    for field in new:
        if field.name in names:
            continue
        page = next((where_page[n] for n, _ in field.widgets if n in where_page), None)
        if field.type == "Sig":
            kind = "form-fill" if field.value is NULL else _signature_kind(pair.new, field)
            found.append(Step(kind, f"signature field {field.name}", page, field.name))
            found += _drawn_over(pair, field, page, new_pages)
        else:
            over = page is not None and any(covers_content(pair.new, new_pages[page - 1], w) for _, w in field.widgets)
            found.append(
                Step("annotation-over-content" if over else "annotation", f"field {field.name} added", page, field.name)
            )
    return found


def _drawn_over(pair: Pair, field: Field, page: int | None, all_pages: list[Page]) -> list[Step]:
    """A new signature field whose appearance is drawn over content (sneaky signature attack, S&P 2021)."""
    if page is None or not any(covers_content(pair.new, all_pages[page - 1], widget) for _, widget in field.widgets):
        return []
    return [Step("annotation-over-content", f"appearance of signature field {field.name}", page, field.name)]


def _signature_kind(view: View, field: Field) -> str:
    value = view.resolve(field.value)
    is_token = view.name(value, "Type") == "DocTimeStamp" or view.name(value, "SubFilter") == "ETSI.RFC3161"
    return "document-timestamp" if is_token else "signature"


def _widget_pages(view: View, all_pages: list[Page]) -> dict[int, int]:
    found: dict[int, int] = {}
    for position, page in enumerate(all_pages, 1):
        for raw in view.items(page.object, "Annots"):
            found[_reference_number(raw)] = position
    return found


def _resources(pair: Pair, old: PdfObject, new: PdfObject) -> list[Step]:
    """Default resources of the form: additions are filling, changes of what was there are not."""
    found: list[Step] = []
    for category in sorted(set(old.entries) | set(new.entries)):
        a, b = pair.old.get(old, category), pair.new.get(new, category)
        for key in sorted(set(a.entries) & set(b.entries)):
            found += [Step("other", f"/AcroForm/DR/{category}{where}") for where in _where(pair.entry(a, b, key))]
        if set(a.entries) - set(b.entries):
            found.append(Step("other", f"/AcroForm/DR/{category} lost entries"))
        elif set(b.entries) - set(a.entries):
            found.append(Step("metadata", f"/AcroForm/DR/{category}"))
    return found


def _field(pair: Pair, old: Field, new: Field | None, where_page: dict[int, int]) -> list[Step]:
    signed = old.type == "Sig" and pair.old.resolve(old.value).value.dict is not None
    page = next((where_page[n] for n, _ in old.widgets if n in where_page), None)
    step: Callable[[str, str], Step] = lambda kind, detail: Step(kind, f"{old.name}: {detail}", page, old.name)  # noqa: E731
    if new is None:
        return [step("signature-dictionary" if signed else "other", "field removed")]
    if new.type != old.type or len(new.widgets) != len(old.widgets):
        return [step("signature-dictionary" if signed else "other", "type or widgets changed")]
    if signed:
        path = pair.difference(old.value, new.value)
        found = [] if path is None else [step("signature-dictionary", f"/V{path}")]
        for key in pair.keys(old.object, new.object, frozenset({"V", "Parent", "P", "Kids", "F", "StructParent"})):
            found.append(step("signature-dictionary", f"/{key}"))
        for (_, a), (_, b) in zip(old.widgets, new.widgets, strict=True):
            found += [
                step("signature-dictionary", f"/{key}")
                for key in pair.keys(a, b, frozenset({"V", "Parent", "P", "F", "StructParent"}))
            ]
        return found
    changed = set(pair.keys(old.object, new.object, frozenset({"Parent", "P", "Kids", "StructParent", "V"})))
    for (_, a), (_, b) in zip(old.widgets, new.widgets, strict=True):
        changed |= set(pair.keys(a, b, frozenset({"Parent", "P", "StructParent", "V"})))
    filled = pair.difference(old.value, new.value) is not None
    if old.type == "Sig":
        if filled:
            found = [step(_signature_kind(pair.new, new), "signed")]
            if {"T", "FT", "Lock", "SV"} & changed:
                found.append(step("other", f"changed {' '.join(sorted(changed))}"))
            return found
        return (
            [step("form-fill" if changed <= _FILLED else "other", f"changed {' '.join(sorted(changed))}")]
            if changed
            else []
        )
    if not filled and not changed:
        return []
    strange = changed - _FILLED - {"DA", "Q", "Rect", "DV"}
    if strange:
        return [step("other", f"changed {' '.join(sorted(strange))}")]
    if "Rect" in changed:
        return [step("annotation", "moved")]
    if not filled and changed & _LOOK_ONLY and old.type in ("Tx", "Ch"):
        return [step("annotation-over-content", "appearance changed, value did not")]
    return [step("form-fill", "filled")]
