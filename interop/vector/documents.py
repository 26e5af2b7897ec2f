"""The documents that are signed, as data under `vectors/documents/`."""

from __future__ import annotations

from functools import cache

from interop.model.case import Family
from interop.model.errors import UsageError
from interop.model.formats import DocumentKind
from interop.profile.load import data_root

__all__ = ["document", "document_name"]


def document_name(kind: DocumentKind, family: Family) -> str:
    """File name of a document, e.g. `bill-of-lading.pdf`."""
    return f"{kind.value}.{family}"


@cache
def document(kind: DocumentKind, family: Family) -> bytes:
    """Its bytes. Raises UsageError where there is no such document."""
    path = data_root() / "vectors" / "documents" / document_name(kind, family)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"there is no document '{path.name}'", hints=(f"it belongs into {path.parent}",)) from None
