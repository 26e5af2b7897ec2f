"""Whether an annotation is drawn over marks of its page: text, images, painted paths.

A light reading of the page's content stream (ISO 32000-2 8 and 9): graphics state, text positions, form XObjects. It answers one
question for the evil annotation attack (S&P 2021): does the annotation's rectangle meet a place where the page shows something?
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from interop.pdf.graph import Page
from interop.pdf.store import NULL, PdfObject, View
from interop.pdf.token import Malformed

__all__ = ["covers_content"]

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]

_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
_TOKEN = re.compile(
    rb"%[^\r\n]*|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)|<<|>>|<[0-9A-Fa-f\s]*>|[\[\]]|/[^\x00\s()<>\[\]{}/%]*|[^\x00\s()<>\[\]{}/%]+",
    re.DOTALL,
)
_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)")
_INLINE_IMAGE = re.compile(rb"\bID\s.*?\sEI\b", re.DOTALL)
_TRANSPARENT = frozenset({"Link", "Popup", "Text", "Highlight", "Underline", "Squiggly", "StrikeOut", "FileAttachment"})
"""Kinds that by their nature leave what lies below readable, or are an icon or nothing."""
_MOST_TOKENS = 200_000
_HIDDEN = 0b10 | 0b100000
"""Annotation flags Hidden and NoView (ISO 32000-2 table 167)."""


def covers_content(view: View, page: Page, annotation: PdfObject) -> bool:
    """Whether the annotation is visible, can hide what is below, and meets a mark of the page. True where the page cannot be read."""
    if view.name(annotation, "Subtype") in _TRANSPARENT or (view.integer(annotation, "F") or 0) & _HIDDEN:
        return False
    numbers = [_float(view.resolve(item)) for item in view.items(annotation, "Rect")]
    if len(numbers) != 4:
        return False
    x1, x2 = sorted((numbers[0], numbers[2]))
    y1, y2 = sorted((numbers[1], numbers[3]))
    if x2 - x1 <= 0 or y2 - y1 <= 0 or "AP" not in annotation.entries:
        return False
    try:
        return any(x1 <= x <= x2 and y1 - 1 <= y <= y2 for x, y in _marks(view, page))
    except (Malformed, RecursionError):
        return True


def _float(found: PdfObject) -> float:
    value = found.value.value
    try:
        return float(value) if isinstance(value, (int, bytes)) else 0.0
    except ValueError:
        return 0.0


def _marks(view: View, page: Page) -> Iterator[Point]:
    contents = view.get(page.object, "Contents")
    parts = [view.resolve(item) for item in view.items(contents)] if contents.value.kind == "array" else [contents]
    data = b"\n".join(view.store.decode(part, view=view) for part in parts if part.stream is not None)
    yield from _interpret(view, data, view.resolve(page.attribute("Resources")), _IDENTITY, 0)


def _multiply(a: Matrix, b: Matrix) -> Matrix:
    return (
        a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3], a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4], a[4] * b[1] + a[5] * b[3] + b[5],
    )  # fmt: skip


def _interpret(view: View, data: bytes, resources: PdfObject, start: Matrix, depth: int) -> Iterator[Point]:
    state, saved = start, []
    text, line, leading = _IDENTITY, _IDENTITY, 0.0
    numbers: list[float] = []
    name = b""
    for count, match in enumerate(_TOKEN.finditer(_INLINE_IMAGE.sub(b"", data))):
        if count > _MOST_TOKENS:
            raise Malformed("content stream too long")
        token = match[0]
        if _NUMBER.fullmatch(token):
            numbers.append(float(token))
            continue
        lead = token[:1]
        if lead in b"(<[]>%":
            continue
        if lead == b"/":
            name = token[1:]
            continue
        six = numbers[-6:]
        if token == b"q":
            saved.append(state)
        elif token == b"Q" and saved:
            state = saved.pop()
        elif token == b"cm" and len(six) == 6:
            state = _multiply((six[0], six[1], six[2], six[3], six[4], six[5]), state)
        elif token == b"BT":
            text = line = _IDENTITY
        elif token == b"Tm" and len(six) == 6:
            text = line = (six[0], six[1], six[2], six[3], six[4], six[5])
        elif token in (b"Td", b"TD") and len(numbers) >= 2:
            leading = -numbers[-1] if token == b"TD" else leading
            text = line = _multiply((1, 0, 0, 1, numbers[-2], numbers[-1]), line)
        elif token == b"TL" and numbers:
            leading = numbers[-1]
        elif token in (b"T*", b"'", b'"'):
            text = line = _multiply((1, 0, 0, 1, 0, -leading), line)
        if token in (b"Tj", b"TJ", b"'", b'"'):
            place = _multiply(text, state)
            yield place[4], place[5]
        elif token == b"Do":
            yield from _object(view, resources, name, state, depth)
        numbers = []


def _object(view: View, resources: PdfObject, name: bytes, state: Matrix, depth: int) -> Iterator[Point]:
    """Marks of an XObject: an image is its corners and centre, a form is read like a page."""
    found = view.get(view.get(resources, "XObject"), name.decode("latin-1"))
    if found is NULL or found.stream is None:
        return
    if view.name(found, "Subtype") == "Image":
        for x, y in ((0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0.5)):
            place = _multiply((1, 0, 0, 1, x, y), state)
            yield place[4], place[5]
        return
    if depth >= 4:
        raise Malformed("form XObjects nest too deep")
    values = [_float(view.resolve(item)) for item in view.items(found, "Matrix")]
    matrix = (values[0], values[1], values[2], values[3], values[4], values[5]) if len(values) == 6 else _IDENTITY
    inner = view.get(found, "Resources")
    yield from _interpret(
        view,
        view.store.decode(found, view=view),
        resources if inner is NULL else inner,
        _multiply(matrix, state),
        depth + 1,
    )
