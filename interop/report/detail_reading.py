"""Reading one detail: by the first row of `detail_words` that fits it whole, in time that a stranger's name cannot stretch."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from interop.model.reasons import catalogue
from interop.model.text import Lang
from interop.report.detail_words import ROWS, WORDS

__all__ = ["MARKS", "USE", "read"]

MARKS = re.compile("[\ue000-\uf8ff]")
"""Characters that stand for the name of a certificate."""
USE = re.compile(
    r"(?P<where>certificate .+|signature|reference|time-stamp|time-stamp imprint|[\ue000-\uf8ff]): (?P<what>[^:,; ]+)"
    r"(?P<tail>, (?:accepted|in none of|at least|suitable until) .+)?"
)
"""One use of an algorithm: where, what, and why it is refused."""
_NAME = re.compile(r"(?:[A-Za-z]+|\d[\d.]+)=\S.*")
_TOKEN = re.compile(r"[^\s,;]+")
_PLAIN_WORD = re.compile(r"[A-Za-z][a-z]+")
_LONGEST = 400
"""Characters of a detail that is read by a row; a pattern takes longer the longer the text is."""
_MOST_PARTS = 24
"""Details in a row that are read one by one."""
_MOST_INSIDE = 2
"""Parts that one detail has, itself divided as details in a row are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    pattern: re.Pattern[str]
    en: str
    zh: str


_KINDS = {
    "n": r".+?",
    "x": r".+",
    "l": r".+",
    "m": r".+",
    "w": r".+?",
    "c": r"[a-z]+\.[a-z0-9-]+",
    "t": r"\d{4}-\d\d-\d\dT[\d:.]+Z",
    "i": r"\d+",
    "u": r"certificate .+|signature|reference|time-stamp|time-stamp imprint|[\ue000-\uf8ff]",
}
_PLACE = re.compile(r"\{([a-z])(\d?)\}")


@cache
def _rows() -> tuple[_Row, ...]:
    rows = []
    for english, chinese, better in ROWS:
        parts, last = [], 0
        for place in _PLACE.finditer(english):
            parts.append(re.escape(english[last : place.start()]))
            parts.append(f"(?P<{place[1]}{place[2]}>{_KINDS[place[1]]})")
            last = place.end()
        pattern = re.compile("".join((*parts, re.escape(english[last:]))), re.DOTALL)
        rows.append(_Row(pattern=pattern, en=better or english, zh=chinese))
    return tuple(rows)


def read(detail: str, lang: Lang) -> str | None:
    """The detail in that language; None where nothing fits."""
    fixed = _word(detail, lang)
    if fixed is not None or not detail:
        return fixed or ""
    between = "; " if lang == "en" else "；"
    parts = detail.split("; ")
    if len(parts) > 1 and all(USE.fullmatch(part) for part in parts):
        return between.join(_by_row(part, lang) or part for part in parts)
    whole = _by_row(detail, lang)
    if whole is not None:
        return whole
    said = _several(parts, lang) if 1 < len(parts) <= _MOST_PARTS else None
    return _listed(detail, lang) if said is None else between.join(said)


def _by_row(detail: str, lang: Lang) -> str | None:
    """By the first row that fits all of it. Names come from strangers: what is longer than a detail of ours is not tried."""
    if len(detail) > _LONGEST:
        return None
    for row in _rows():
        found = row.pattern.fullmatch(detail)
        if found is None:
            continue
        values = {name: _value(name, value, lang) for name, value in found.groupdict().items()}
        if None not in values.values():
            return _filled(row.en if lang == "en" else row.zh, values)
    return None


def _several(parts: Sequence[str], lang: Lang) -> list[str] | None:
    """Details in a row, some of which hold the separator themselves; None where one of them cannot be read."""
    said = []
    at = 0
    while at < len(parts):
        for size in range(min(_MOST_INSIDE, len(parts) - at), 0, -1):
            piece = "; ".join(parts[at : at + size])
            read = _word(piece, lang) or _by_row(piece, lang) or (_listed(piece, lang) if size == 1 else None)
            if read is not None:
                said.append(read)
                at += size
                break
        else:
            return None
    return said


def _filled(template: str, values: Mapping[str, str | None]) -> str:
    return _PLACE.sub(lambda place: values[place[1] + place[2]] or "", template)


def _value(name: str, value: str, lang: Lang) -> str | None:
    match name[0]:
        case "x":
            return read(value, lang)
        case "w":
            known = _word(value, lang)
            return value if known is None and _code_like(value) else known
        case "c":
            entry = catalogue().get(value)
            return None if entry is None else entry.text.in_(lang)
        case "l" | "m":
            return _listed(value, lang) or value.replace(", ", ", " if lang == "en" else "、")
        case "u":
            if lang == "en" or MARKS.fullmatch(value):
                return value
            return WORDS.get(value) or value.replace("certificate ", "证书 ", 1)
        case _:
            return value


def _word(text: str, lang: Lang) -> str | None:
    known = WORDS.get(text)
    return text if known is not None and lang == "en" else known


def _code_like(text: str) -> bool:
    """`keyCompromise`, `RSA-2048`, a path, a URI: no word of English."""
    return _TOKEN.fullmatch(text) is not None and _PLAIN_WORD.fullmatch(text) is None


def _listed(text: str, lang: Lang) -> str | None:
    """A name, or values in a row; None where there are English words among them that nobody translates."""
    if _NAME.fullmatch(text):
        return text
    parts = text.split(", ") if ", " in text else text.split(" ")
    said = []
    for part in parts:
        known = _word(part, lang)
        if known is None and not (_code_like(part) or part.startswith("'")):
            return None
        said.append(known or part)
    if ", " not in text:
        return " ".join(said)
    return (", " if lang == "en" else "、").join(said)
