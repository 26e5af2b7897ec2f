"""One object of a PDF, wherever it was found."""

from __future__ import annotations

from dataclasses import dataclass

from interop.pdf.token import PdfValue

__all__ = ["NULL", "PdfObject"]


@dataclass(frozen=True, slots=True)
class PdfObject:
    """An object as found: its value, the bytes that its offsets refer to, and for a stream the encoded data."""

    value: PdfValue
    source: bytes
    stream: bytes | None = None
    number: int | None = None
    """Object number; None for a direct object."""
    stream_start: int = -1
    """Offset of the encoded data."""
    place: tuple[int, int] = (-1, -1)
    """(offset, -1), or (offset of the object stream, index): the same place is the same object."""

    @property
    def entries(self) -> dict[str, PdfValue]:
        """Entries of the dictionary or of the stream's; empty where it is none."""
        return self.value.dict.entries if self.value.dict is not None else {}

    def again(self, key: str) -> list[PdfObject]:
        """Further values of a key that stands more than once, in order."""
        found = self.value.dict
        if found is None or key not in found.repeated:
            return []
        pairs = zip(found.repeated, found.again, strict=True)
        return [PdfObject(value, self.source) for name, value in pairs if name == key]

    @property
    def ambiguous(self) -> list[str]:
        """Keys that stand more than once with values written differently: which one counts is each reader's own choice."""
        found = self.value.dict
        if found is None or not found.repeated:
            return []
        first = {key: PdfObject(found.entries[key], self.source).raw for key in found.repeated}
        return sorted(key for key in first if any(other.raw != first[key] for other in self.again(key)))

    @property
    def raw(self) -> bytes:
        """The bytes of the value as written, stream data not included."""
        return self.source[self.value.start : self.value.end]


NULL = PdfObject(PdfValue("keyword", 0, 4, b"null"), b"null")
"""What a reference to nothing gives (ISO 32000-2 7.3.10)."""
