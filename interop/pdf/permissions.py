"""What certification and field locks allow after signing (ISO 32000-2 12.8.2.2 DocMDP, 12.8.2.4 FieldMDP, 12.7.5.5 Lock)."""

from __future__ import annotations

from dataclasses import dataclass

from interop.pdf.graph import Field, text_of
from interop.pdf.store import NULL, PdfObject, View

__all__ = ["Rules", "certification_of", "rules_of"]

_ALWAYS = frozenset({"validation-data", "document-timestamp"})


@dataclass(frozen=True, slots=True)
class Lock:
    """Fields that a signature locks."""

    action: str
    """`All`, `Include`, `Exclude`."""
    names: tuple[str, ...]

    def holds(self, field: str) -> bool:
        """Whether that field is locked. A name stands for the field and all below it, not for names that begin alike."""
        named = any(field == name or field.startswith(f"{name}.") for name in self.names)
        return {"All": True, "Include": named, "Exclude": not named}.get(self.action, False)


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules that hold after one revision."""

    level: int | None
    """Strictest DocMDP level; None for an uncertified document."""
    locks: tuple[Lock, ...]

    def allow(self, kind: str, field: str | None) -> bool | None:
        """Whether a change of that kind is allowed; None where no rule speaks of it."""
        if self.level is None and not self.locks:
            return None
        if kind in _ALWAYS:
            return True
        if kind == "form-fill" and field is not None and any(lock.holds(field) for lock in self.locks):
            return False
        if self.level is None:
            return True if kind == "form-fill" and field is not None else None
        wanted = {"signature": 2, "form-fill": 2, "annotation": 3, "annotation-over-content": 3}.get(kind)
        return wanted is not None and self.level >= wanted


def _references(view: View, signature: PdfObject, method: str) -> list[PdfObject]:
    found = []
    for raw in view.items(signature, "Reference"):
        item = view.resolve(raw)
        if view.name(item, "TransformMethod") == method:
            found.append(view.get(item, "TransformParams"))
    return found


def certification_of(view: View, signature: PdfObject) -> int | None:
    """DocMDP level of a certification signature; 2 where it is not stated; None for an approval signature."""
    levels = [view.integer(item, "P") or 2 for item in _references(view, signature, "DocMDP")]
    return min(levels, default=None)


def _lock(view: View, found: PdfObject) -> Lock:
    names = tuple(text_of(view.resolve(raw)) for raw in view.items(found, "Fields"))
    return Lock(view.name(found, "Action") or "All", names)


def rules_of(view: View, all_fields: list[Field]) -> Rules:
    """Rules that the signatures of a revision lay down for what comes after it."""
    levels: list[int] = []
    locks: list[Lock] = []
    permissions = view.get(view.root, "Perms")
    certified = view.get(permissions, "DocMDP")
    if certified is not NULL:
        levels.append(certification_of(view, certified) or 2)
    for field in all_fields:
        if field.type != "Sig":
            continue
        signature = view.resolve(field.value)
        if signature.value.dict is None:
            continue
        level = certification_of(view, signature)
        if level is not None:
            levels.append(level)
        locks += [_lock(view, item) for item in _references(view, signature, "FieldMDP")]
        own = view.get(field.object, "Lock")
        if own.value.dict is not None:
            locks.append(_lock(view, own))
            stated = view.integer(own, "P")
            if stated is not None:
                levels.append(stated)
    return Rules(min(levels, default=None), tuple(dict.fromkeys(locks)))
