"""What a signature in a PDF covers, and which revision it signs (ISO 32000-2 12.8.1; EN 319 102-1 5.2.2)."""

from __future__ import annotations

from collections.abc import Callable

from interop.model.errors import Unsupported
from interop.model.facts import Coverage
from interop.pdf.containers import Container
from interop.pdf.scan import covered_bytes
from interop.pdf.store import Store
from interop.pdf.token import WHITE_SPACE

__all__ = ["content_of", "coverage_of"]


def content_of(data: bytes, container: Container) -> Callable[[], bytes]:
    """The covered bytes; calling it raises Unsupported where the ByteRange names no bytes of the file."""
    covered = covered_bytes(data, container.scan.byte_range)

    def content() -> bytes:
        if covered is None:
            raise Unsupported("the ByteRange names no bytes of the file")
        return covered

    return content


def coverage_of(data: bytes, container: Container, store: Store | None) -> tuple[Coverage, int | None]:
    """(what is covered, revision signed counted from 1; None where it cannot be said).

    Whole means: from the first byte of the file to the end of a revision, /Contents alone left out. White space behind `%%EOF`
    does not count.
    """
    ranges = container.scan.byte_range
    pairs = tuple(zip(ranges[::2], ranges[1::2], strict=False)) if ranges else ()
    if not container.sound or ranges is None or len(ranges) != 4:
        return Coverage(whole=False, ranges=pairs), container.revision
    end = ranges[2] + ranges[3]
    if store is None:
        return Coverage(whole=not data[end:].strip(WHITE_SPACE), ranges=pairs), None
    for number, revision in enumerate(store.revisions, 1):
        if revision.end >= end:
            whole = not data[end : revision.marker].strip(WHITE_SPACE)
            return Coverage(whole=whole, ranges=pairs, revision_end=revision.end), number
    return Coverage(whole=True, ranges=pairs, revision_end=end), len(store.revisions)
