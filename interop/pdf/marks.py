"""Whether an annotation is drawn over marks of its page: text, images, painted paths.

A light reading of the page's content stream (ISO 32000-2 8 and 9): graphics state, text positions, form XObjects. It answers one
question for the evil annotation attack (S&P 2021): does the annotation's rectangle meet a place where the page shows something?
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from interop.pdf.compare import Pair
from interop.pdf.graph import Page
from interop.pdf.store import NULL, PdfObject, View
from interop.pdf.token import Malformed

__all__ = ["HIDDEN", "covers_content"]

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]

_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
_TOKEN = re.compile(
    rb"%[^\r\n]*|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)|<<|>>|<[0-9A-Fa-f\s]*>|[\[\]]|/[^\x00\s()<>\[\]{}/%]*|[^\x00\s()<>\[\]{}/%]+",
    re.DOTALL,
)
_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)")
_INLINE_IMAGE = re.compile(rb"\bID\s.*?\sEI\b", re.DOTALL)
_LETS_THROUGH = frozenset(
    {"Link", "Popup", "Text", "Highlight", "Underline", "Squiggly", "StrikeOut", "FileAttachment"}
)
"""Kinds that readers draw so that what lies below stays readable, where they draw them by themselves."""
_NEEDS_LOOK = _LETS_THROUGH | {"Widget"}
"""Kinds of which nothing, or nothing that hides, is drawn without an appearance; all others are drawn from their entries."""
_BLENDS = frozenset({"Multiply", "Darken"})
"""Blend modes under which dark marks below stay dark (ISO 32000-2 11.3.5.2)."""
_PAINTS = re.compile(rb"(?<![^\s])(?:f|F|f\*|B|B\*|b|b\*|S|s|Do|sh|Tj|TJ|'|\"|BI)(?![^\s])")
_STROKES = frozenset({b"S", b"s"})
_THIN = 3.0
"""Lines up to this width, in points, do not hide text."""
_PER_BYTE = 0.6
"""Width of one octet of shown text, in parts of the font size: near the mean of Latin fonts, and of two octets per square."""
_MOST_TOKENS = 200_000
HIDDEN = 0b10 | 0b100000
"""Annotation flags Hidden and NoView (ISO 32000-2 table 167)."""


def covers_content(pair: Pair, page: Page, annotation: PdfObject) -> bool:
    """Whether an annotation of the newer revision is visible, can hide what is below, and meets a mark of the page.

    An appearance of its own may draw anything, whatever the kind of annotation says: it hides unless it is seen to blend or
    to draw thin lines only. True where the page cannot be read. Raises Exhausted.
    """
    view = pair.new
    subtype = view.name(annotation, "Subtype") or ""
    if subtype == "Popup" or (view.integer(annotation, "F") or 0) & HIDDEN:
        return False
    numbers = [_float(view.resolve(item)) for item in view.items(annotation, "Rect")]
    if len(numbers) != 4:
        return False
    x1, x2 = sorted((numbers[0], numbers[2]))
    y1, y2 = sorted((numbers[1], numbers[3]))
    if x2 - x1 <= 0 or y2 - y1 <= 0:
        return False
    if "AP" not in annotation.entries:
        if subtype in _NEEDS_LOOK and not (subtype == "Widget" and "MK" in annotation.entries):
            return False
    elif subtype in _LETS_THROUGH and not _hides(view, annotation, x2 - x1, y2 - y1):
        return False
    marks = _marks_of(view, page)
    if marks is None:
        return True
    pair.budget.take(len(marks) // 20)
    return any(x1 <= x <= x2 and y1 - 1 <= y <= y2 for x, y in marks)


def _hides(view: View, annotation: PdfObject, width: float, height: float) -> bool:
    """Whether an appearance of a highlight, an underline, a link can hide what is below: True unless it is seen not to."""
    normal = view.get(view.get(annotation, "AP"), "N")
    looks = [normal] if normal.stream is not None else [view.get(normal, key) for key in normal.entries]
    try:
        return any(_opaque(view, look, width, height) for look in looks)
    except Malformed:
        return True


def _opaque(view: View, look: PdfObject, width: float, height: float) -> bool:
    if look.stream is None:
        return look is not NULL
    resources = view.get(look, "Resources")
    if any(view.get(resources, key).entries for key in ("XObject", "Font", "Shading", "Pattern")):
        return True
    data = view.store.decode(look, view=view)
    first = _PAINTS.search(data)
    if first is None:
        return False
    states = view.get(resources, "ExtGState")
    blends = [view.name(view.get(states, key), "BM") for key in states.entries]
    if blends and all(blend in _BLENDS for blend in blends) and re.search(rb"\bgs\s", data[: first.start()]):
        return False
    box = [_float(view.resolve(item)) for item in view.items(look, "BBox")]
    if len(box) != 4 or "Matrix" in look.entries or re.search(rb"\bcm\b|\bgs\b", data):
        return True
    if any(match[0] not in _STROKES for match in _PAINTS.finditer(data)):
        return True
    scale = max(width / (abs(box[2] - box[0]) or 1), height / (abs(box[3] - box[1]) or 1))
    widths = [
        float(found[1])
        for found in re.finditer(rb"(?<![^\s])([\d.]+)\s+w(?![^\s])", data)
        if _NUMBER.fullmatch(found[1])
    ]
    return max(widths, default=1.0) * scale > _THIN


def _marks_of(view: View, page: Page) -> list[Point] | None:
    """Marks of a page, worked out once; None where the page cannot be read."""
    key = (page.number, page.object.place, page.object.value.start)
    if key not in view.marks:
        try:
            view.marks[key] = list(_marks(view, page))
        except (Malformed, RecursionError):
            view.marks[key] = None
    return view.marks[key]


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
    size, shown = 0.0, 0
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
            shown += max(0, len(token) - 2) // (2 if lead == b"<" else 1) if lead in b"(<" else 0
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
        elif token == b"Tf" and numbers:
            size = numbers[-1]
        elif token == b"TL" and numbers:
            leading = numbers[-1]
        elif token in (b"T*", b"'", b'"'):
            text = line = _multiply((1, 0, 0, 1, 0, -leading), line)
        if token in (b"Tj", b"TJ", b"'", b'"'):
            width = shown * _PER_BYTE * size
            yield from _along(_multiply(text, state), width, size)
            text = _multiply((1, 0, 0, 1, width, 0), text)
        elif token == b"Do":
            yield from _object(view, resources, name, state, depth)
        numbers, shown = [], 0


def _along(place: Matrix, width: float, size: float) -> Iterator[Point]:
    """Points of a run of text: on its base line and at the middle of its small letters, from its start to its estimated end."""
    steps = min(200, int(abs(width) / (abs(size) / 4)) + 1) if size else 1
    for step in range(steps + 1):
        x = width * step / steps
        for y in (0.0, size * 0.25):
            yield place[0] * x + place[2] * y + place[4], place[1] * x + place[3] * y + place[5]


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
