"""Changes of the interactive form between two revisions: signatures added, fields filled, appearances exchanged.

ISO 32000-2 12.7; shadow attacks (NDSS 2021) for appearances that change without their value; sneaky signatures (S&P 2021) for signature
appearances that are drawn over content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from interop.pdf.compare import Pair, Step, reference_number
from interop.pdf.graph import Field, Page
from interop.pdf.marks import HIDDEN, covers_content
from interop.pdf.store import NULL, PdfObject, View

__all__ = ["appearances_used_aside", "form_changes"]

_FORM_QUIET = frozenset({"Fields", "SigFlags", "DR", "DA", "XFA"})
_LOOK_ONLY = frozenset({"AP", "AS", "MK"})
_FILLED = frozenset({"V", "AP", "AS", "I", "RV", "MK", "M", "F", "Ff"})


def form_changes(pair: Pair, old: list[Field], new: list[Field], new_pages: list[Page]) -> list[Step]:
    """Changes of the form as a whole, of its fields, and fields that were added; `new_pages` are the pages of the newer revision."""
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
        xfa = pair.entry(before, after, "XFA")
        found += [] if xfa is None else [Step("form-fill", f"/AcroForm{xfa}")]
        found += _resources(pair, pair.old.get(before, "DR"), pair.new.get(after, "DR"))
    where_page = _widget_pages(pair.new, new_pages)
    partners, added = _partners(old, new)
    for field, partner in zip(old, partners, strict=True):
        found += _field(pair, field, partner, where_page, new_pages)
    for field in added:
        page = next((where_page[n] for n, _ in field.widgets if n in where_page), None)
        if field.type == "Sig":
            kind = "form-fill" if field.value is NULL else _signature_kind(pair.new, field)
            found.append(Step(kind, f"signature field {field.name}", page, field.name))
            found += _drawn_over(pair, field, page, new_pages)
        else:
            drawn = page is not None and any(covers_content(pair, new_pages[page - 1], w) for _, w in field.widgets)
            found.append(
                Step(
                    "annotation-over-content" if drawn else "annotation", f"field {field.name} added", page, field.name
                )
            )
    return found


def _partners(old: list[Field], new: list[Field]) -> tuple[list[Field | None], list[Field]]:
    """(for each old field what became of it, fields that were added): the same object, else one of the same name.

    Several fields may bear one name; one that is slipped in beside another is an addition all the same.
    """
    by_number = {field.number: field for field in new if field.number >= 0}
    taken = {field.number for field in old if field.number in by_number}
    loose: dict[str, list[Field]] = {}
    for field in new:
        if field.number not in taken:
            loose.setdefault(field.name, []).append(field)
    found: list[Field | None] = []
    for field in old:
        same = loose.get(field.name)
        found.append(by_number[field.number] if field.number in taken else same.pop(0) if same else None)
    return found, [field for some in loose.values() for field in some]


def _drawn_over(pair: Pair, field: Field, page: int | None, all_pages: list[Page]) -> list[Step]:
    """A new signature field whose appearance is drawn over content (sneaky signature attack, S&P 2021)."""
    if page is None or not any(covers_content(pair, all_pages[page - 1], widget) for _, widget in field.widgets):
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
            found[reference_number(raw)] = position
    return found


def _resources(pair: Pair, old: PdfObject, new: PdfObject) -> list[Step]:
    """Default resources of the form: additions are filling, changes of what was there are not."""
    found: list[Step] = []
    for category in sorted(set(old.entries) | set(new.entries)):
        a, b = pair.old.get(old, category), pair.new.get(new, category)
        for key in sorted(set(a.entries) & set(b.entries)):
            path = pair.entry(a, b, key)
            found += [] if path is None else [Step("other", f"/AcroForm/DR/{category}{path}")]
        if set(a.entries) - set(b.entries):
            found.append(Step("other", f"/AcroForm/DR/{category} lost entries"))
        elif set(b.entries) - set(a.entries):
            found.append(Step("metadata", f"/AcroForm/DR/{category}"))
    return found


def _field(pair: Pair, old: Field, new: Field | None, where_page: dict[int, int], new_pages: list[Page]) -> list[Step]:
    signed = old.type == "Sig" and pair.old.resolve(old.value).value.dict is not None
    page = next((where_page[n] for n, _ in old.widgets if n in where_page), None)
    step: Callable[[str, str], Step] = lambda kind, detail: Step(kind, f"{old.name}: {detail}", page, old.name)  # noqa: E731
    if new is None:
        return [step("signature-dictionary" if signed else "other", "field removed")]
    if (new.type, new.name) != (old.type, old.name) or len(new.widgets) != len(old.widgets):
        return [step("signature-dictionary" if signed else "other", "type, name or widgets changed")]
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

    def over() -> bool:
        return page is not None and any(covers_content(pair, new_pages[page - 1], widget) for _, widget in new.widgets)

    if old.type == "Sig":
        if filled:
            found = [step(_signature_kind(pair.new, new), "signed")]
            if {"T", "FT", "Lock", "SV"} & changed:
                found.append(step("other", f"changed {' '.join(sorted(changed))}"))
            return found
        if not changed:
            return []
        kind = "annotation-over-content" if over() else "form-fill" if changed <= _FILLED else "other"
        return [step(kind, f"changed {' '.join(sorted(changed))}")]
    if not filled and not changed:
        return []
    strange = changed - _FILLED - {"DA", "Q", "Rect", "DV"}
    if strange:
        return [step("other", f"changed {' '.join(sorted(strange))}")]
    if "Rect" in changed:
        return [step("annotation-over-content" if over() else "annotation", "moved")]
    look = _LOOK_ONLY if old.type != "Btn" else _LOOK_ONLY - {"AS"}
    if not filled and (changed & look or _shown(pair, old, new)):
        return [step("annotation-over-content", "appearance changed, value did not")]
    return [step("form-fill", "filled")]


def _shown(pair: Pair, old: Field, new: Field) -> bool:
    """Whether a widget was hidden before and is not now, or the other way round."""
    return any(
        ((pair.old.integer(a, "F") or 0) ^ (pair.new.integer(b, "F") or 0)) & HIDDEN
        for (_, a), (_, b) in zip(old.widgets, new.widgets, strict=True)
    )


def appearances_used_aside(pair: Pair, old: list[Field], new: list[Field], aside: frozenset[int]) -> Iterator[Step]:
    """An appearance was exchanged whose object the trailer also leads to by a private entry: it has a use that is not shown."""
    known = {field.name: field for field in new}
    for field in old if aside else ():
        now = known.get(field.name)
        for (_, a), (_, b) in zip(field.widgets, now.widgets if now is not None else (), strict=False):
            look = a.entries.get("AP")
            if (
                look is not None
                and reference_number(PdfObject(look, a.source)) in aside
                and pair.entry(a, b, "AP") is not None
            ):
                yield Step("other", f"{field.name}: /AP is also used by a private trailer entry", None, field.name)
