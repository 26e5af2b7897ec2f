"""`summary.md`: the matrix for a job summary or a mail, well below the size at which such summaries are dropped."""

from __future__ import annotations

from collections.abc import Sequence

from interop.model.layers import NAMES
from interop.model.matrix import Cell, Matrix
from interop.model.outcome import CELL_TEXT, GLYPH, CellVerdict, Conformity
from interop.model.reasons import catalogue
from interop.model.text import Lang
from interop.report.digest import (
    Cluster,
    clusters,
    column_code,
    columns,
    is_broken,
    legs,
    notable,
    opaque,
    promises,
    rows,
    troubles,
    unexpected,
    verdict_counts,
)
from interop.report.grid import BROKEN
from interop.report.safe import markdown_text, untrusted
from interop.report.words import ACTORS, DISCLAIMER, WORDS, instant, listed, stop

__all__ = ["markdown"]

_MOST = 20
"""Entries of one list; GitHub drops a summary of more than a mebibyte."""

_MOST_CELLS = 400
"""Cells of one cause that are listed."""


def _code(text: str) -> str:
    """An id in code type; a back quote or a bar inside it could end the code or the table cell."""
    return f"`{untrusted(text).replace('`', chr(39)).replace('|', '¦')}`"


def _mark(cell: Cell | None) -> str:
    if cell is None:
        return GLYPH[CellVerdict.NOT_TESTED]
    return GLYPH[cell.verdict] + (BROKEN if is_broken(cell) else "")


def markdown(matrix: Matrix, lang: Lang = "en") -> str:
    """The summary as GitHub-flavoured Markdown."""
    lines = [f"# {WORDS['title'].in_(lang)}", "", _what(matrix, lang), ""]
    if not matrix.header.complete:
        lines += [f"**{WORDS['partial_run'].in_(lang)}**", ""]
    lines += [*_grid(matrix, lang), ""]
    lines += ["; ".join(f"{GLYPH[v]} {CELL_TEXT[v].in_(lang)}: {n}" for v, n in verdict_counts(matrix).items()), ""]
    if any(is_broken(cell) for cell in matrix.cells.values()):
        lines += [f"{BROKEN} {WORDS['mark'].in_(lang)}", ""]
    lines += _unexpected(matrix, lang)
    lines += _causes(matrix, lang)
    lines += _troubles(matrix, lang)
    for conformity, word in ((Conformity.BELOW_PROMISE, "promised"), (Conformity.ABOVE_PROMISE, "unpromised")):
        cells = promises(matrix, conformity)
        if cells:
            lines += [f"**{WORDS[word].in_(lang)}**: {_some(cells, _MOST)}", ""]
    lines += _legs(matrix, lang)
    lines += _opaque(matrix, lang)
    lines += _cells(matrix, lang)
    cell_id = notable(matrix)
    if cell_id is not None:
        lines += [f"{WORDS['next'].in_(lang)}: {_code(f'interop explain {cell_id}')}", ""]
    lines += [f"{WORDS['diagonal'].in_(lang)}{stop(lang)}{DISCLAIMER.in_(lang)}", ""]
    return "\n".join(lines)


def _what(matrix: Matrix, lang: Lang) -> str:
    said = listed(
        (
            f"{len(matrix.cells)} {WORDS['cells'].in_(lang)}",
            f"{len(matrix.tables.cases)} {WORDS['vectors'].in_(lang)}",
            f"{WORDS['set'].in_(lang)} {_code(matrix.set)}",
            f"{WORDS['signed'].in_(lang)} {markdown_text(instant(matrix.instants.signing))}",
            f"{WORDS['judged'].in_(lang)} {markdown_text(instant(matrix.instants.validation))}",
        ),
        lang,
    )
    return f"{said}{stop(lang).rstrip()}"


def _grid(matrix: Matrix, lang: Lang) -> list[str]:
    """One row per signer, one column per relying party; the letters of the columns are those of the rows, or are listed."""
    signers, relying = rows(matrix), columns(matrix)
    code = {name: column_code(index) for index, name in enumerate(dict.fromkeys((*relying, *signers)))}
    lines = [
        f"| {WORDS['signer'].in_(lang)} | " + " | ".join(code[party] for party in relying) + " |",
        "|---|" + ":-:|" * len(relying),
    ]
    for signer in signers:
        marks = [_mark(matrix.cells.get(f"{signer}:{party}")) for party in relying]
        lines.append(f"| {code[signer]} {_code(signer)} | " + " | ".join(marks) + " |")
    others = [party for party in relying if party not in signers]
    if others:
        lines += ["", f"{WORDS['relying'].in_(lang)}: " + listed((f"{code[p]} {_code(p)}" for p in others), lang)]
    return lines


def _some(ids: tuple[str, ...], count: int = 3) -> str:
    return ", ".join(map(_code, ids[:count])) + (f", +{len(ids) - count}" if len(ids) > count else "")


def _listed(word: str, entries: Sequence[str], lang: Lang) -> list[str]:
    """A section with the first entries and how many more there are; none without entries."""
    if not entries:
        return []
    lines = [f"## {WORDS[word].in_(lang)}", "", *(f"- {entry}" for entry in entries[:_MOST])]
    if len(entries) > _MOST:
        lines.append(f"- {WORDS['and_more'].in_(lang).format(count=len(entries) - _MOST)}")
    return [*lines, ""]


def _unexpected(matrix: Matrix, lang: Lang) -> list[str]:
    return _listed("unexpected", [f"{c.outcome.value} {_some(c.ids, 1)}" for c in unexpected(matrix)], lang)


def _troubles(matrix: Matrix, lang: Lang) -> list[str]:
    return _listed("trouble", [f"{markdown_text(t.note)} ({_some(t.cells)})" for t in troubles(matrix)], lang)


def _legs(matrix: Matrix, lang: Lang) -> list[str]:
    entries = []
    for leg in legs(matrix):
        said = [
            WORDS[word].in_(lang).format(parties=_some(parties, _MOST))
            for word, parties in (("accepted_by", leg.accepted), ("refused_by", leg.refused))
            if parties
        ]
        entries.append(f"{_code(leg.group)} {markdown_text(leg.leg)}: {'; '.join(said)}")
    return _listed("legs", entries, lang)


def _opaque(matrix: Matrix, lang: Lang) -> list[str]:
    return _listed("opaque", [f"{_code(o.identity)} ({o.vectors})" for o in opaque(matrix)], lang)


def _causes(matrix: Matrix, lang: Lang) -> list[str]:
    found = clusters(matrix)
    if not found:
        return []
    head = (WORDS[name].in_(lang) for name in ("cells", "layer", "reason", "remedy"))
    lines = [f"## {WORDS['why'].in_(lang)}", "", f"| {' | '.join(head)} |", "|--:|---|---|---|"]
    lines += [_cause(cluster, lang) for cluster in found[:_MOST]]
    if len(found) > _MOST:
        rest = sum(len(cluster.cells) for cluster in found[_MOST:])
        lines.append(f"| {rest} | | {WORDS['more'].in_(lang)} | |")
    return [*lines, ""]


def _cells(matrix: Matrix, lang: Lang) -> list[str]:
    """Every cell behind the causes above, by signer; of a cause with very many the first ones."""
    entries = []
    for cluster in clusters(matrix):
        by_signer: dict[str, list[str]] = {}
        for cell_id in cluster.cells[:_MOST_CELLS]:
            signer, relying = cell_id.split(":")
            by_signer.setdefault(signer, []).append(relying)
        said = [f"{_code(signer)} -> {', '.join(map(_code, parties))}" for signer, parties in by_signer.items()]
        if len(cluster.cells) > _MOST_CELLS:
            said.append(WORDS["and_more"].in_(lang).format(count=len(cluster.cells) - _MOST_CELLS))
        entries.append("\n  - ".join((_code(cluster.code), *said)))
    return _listed("by_cause", entries, lang)


def _cause(cluster: Cluster, lang: Lang) -> str:
    entry = catalogue().get(cluster.code)
    remedy = ""
    if entry is not None and entry.remedy is not None:
        who = listed((ACTORS[actor].in_(lang) for actor in entry.actors), lang)
        remedy = markdown_text(f"{who}: {entry.remedy.in_(lang)}")
    sentence = "" if cluster.text.en == cluster.code else f": {markdown_text(cluster.text.in_(lang))}"
    return (
        f"| {len(cluster.cells)} | {NAMES[cluster.layer].in_(lang)} "
        f"| {_code(cluster.code)}{sentence} ({_some(cluster.cells)}) | {remedy} |"
    )
