"""`summary.md`: the matrix for a job summary or a mail, well below the size at which such summaries are dropped."""

from __future__ import annotations

from collections.abc import Sequence

from interop.model.layers import NAMES
from interop.model.matrix import Cell, Matrix
from interop.model.outcome import CELL_TEXT, GLYPH, SIDE_TEXT, CellVerdict, Conformity
from interop.model.reasons import catalogue
from interop.model.remedy import RELYING, SIGNER
from interop.model.text import Lang
from interop.report.causes import Refusal, cause_text, evidence_text, look_text, refusals
from interop.report.digest import (
    both_ways,
    cell_word,
    column_code,
    columns,
    conformity_counts,
    is_broken,
    legs,
    notable,
    opaque,
    promise_text,
    promises,
    rows,
    troubles,
    unexpected,
    verdict_counts,
)
from interop.report.grid import BROKEN
from interop.report.remedies import command, in_short
from interop.report.safe import markdown_text, untrusted
from interop.report.words import ACTORS, CONFORMITY, DISCLAIMER, WORDS, instant, listed, stop

__all__ = ["markdown"]

_MOST = 20
"""Entries of one list; GitHub drops a summary of more than a mebibyte."""

_MOST_PAIRS = 60
"""Pairs, and cells with a promise, in one table."""
_MOST_NAMES = 6
"""Parties that are named for one place to look at."""
_MOST_CELLS = 400
"""Cells of one cause that are listed."""


def _code(text: str, limit: int = 200) -> str:
    """An id in code type; a back quote or a bar inside it could end the code or the table cell."""
    return f"`{untrusted(text, limit=limit).replace('`', chr(39)).replace('|', '¦')}`"


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
    lines += _together(matrix, lang)
    lines += _remedies(matrix, lang)
    lines += _troubles(matrix, lang)
    lines += _promises(matrix, lang)
    lines += _one_way(matrix, lang)
    lines += _both_ways(matrix, lang)
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
    found = refusals(matrix)
    rows = [_cause(refusal, lang) for refusal in found[:_MOST]]
    if len(found) > _MOST:
        rest = sum(len(refusal.cells) for refusal in found[_MOST:])
        rows.append((str(rest), "", WORDS["more"].in_(lang), "", ""))
    return _table("why", ("cells", "layer", "reason", "look", "remedy"), rows, lang)


def _table(
    title: str, head: Sequence[str], rows: Sequence[Sequence[str]], lang: Lang, *, most: int | None = None
) -> list[str]:
    """A section with a table of ready Markdown; none without rows. `most`: so many rows, and how many more there are."""
    if not rows:
        return []
    shown = rows[:most]
    lines = [
        f"## {WORDS[title].in_(lang)}",
        "",
        f"| {' | '.join(WORDS[name].in_(lang) for name in head)} |",
        "|" + "".join("--:|" if name in {"cells", "groups"} else "---|" for name in head),
        *(f"| {' | '.join(row)} |" for row in shown),
        "",
    ]
    if len(rows) > len(shown):
        lines += [WORDS["and_more"].in_(lang).format(count=len(rows) - len(shown)), ""]
    return lines


def _remedies(matrix: Matrix, lang: Lang) -> list[str]:
    """What would turn most cells, where that was looked for."""
    found = matrix.remedies
    if not found:
        return []
    lines = [f"## {WORDS['turning'].in_(lang).format(signer=SIGNER, relying=RELYING)}", ""]
    lines += [
        f"| {WORDS['cells'].in_(lang)} | {WORDS['remedy'].in_(lang)} | {WORDS['shown_by'].in_(lang)} |",
        "|--:|---|---|",
    ]
    for remedy in found[:_MOST]:
        single = next(iter(remedy.cells)) if len(remedy.cells) == 1 else None
        said = markdown_text(in_short(remedy, lang))
        lines.append(
            f"| {len(remedy.cells)} ({_some(tuple(remedy.cells))}) | {said} | {_code(command(remedy, single), limit=800)} |"
        )
    if len(found) > _MOST:
        lines += ["", WORDS["and_more"].in_(lang).format(count=len(found) - _MOST)]
    return [*lines, ""]


def _together(matrix: Matrix, lang: Lang) -> list[str]:
    rows = [
        (str(len(c.cells)), str(c.groups), f"{markdown_text(cause_text(c, lang))} ({_some(tuple(c.cells), 1)})")
        for c in matrix.clusters
    ]
    return _table("together", ("cells", "groups", "reason"), rows, lang, most=_MOST)


def _promises(matrix: Matrix, lang: Lang) -> list[str]:
    lines = []
    counts = conformity_counts(matrix)
    if set(counts) - {Conformity.NO_PROMISE}:
        said = listed((f"{CONFORMITY[word].in_(lang)} {count}" for word, count in counts.items()), lang)
        lines += [f"**{WORDS['conformity'].in_(lang)}**: {said}", ""]
    above = promises(matrix, Conformity.ABOVE_PROMISE)
    if above:
        lines += [f"**{WORDS['unpromised'].in_(lang)}**: {_some(above, _MOST)}", ""]
    rows = [_broken(matrix, cell_id, lang) for cell_id in promises(matrix, Conformity.BELOW_PROMISE)]
    return lines + _table("promised", ("cell", "groups", "reason", "look", "evidence"), rows, lang, most=_MOST_PAIRS)


def _broken(matrix: Matrix, cell_id: str, lang: Lang) -> tuple[str, ...]:
    """A cell in which something is promised and refused: how much of what is promised, for which reason, and where to look."""
    cell = matrix.cells[cell_id]
    promised = sum(group.promised for group in cell.groups.values())
    why = cell.attribution
    code = "" if why is None or why.reason is None else _code(matrix.tables.reasons[why.reason].code)
    look = "" if why is None else SIDE_TEXT[why.to].in_(lang)
    evidence = "" if why is None else markdown_text(evidence_text(why.evidence, lang))
    return _code(cell_id), f"{len(cell.broken)}/{promised}", code, look, evidence


def _one_way(matrix: Matrix, lang: Lang) -> list[str]:
    rows = [
        (
            _code(pair.there.cell),
            _direction(matrix, pair.there.cell, lang),
            _direction(matrix, pair.back.cell, lang),
            promise_text(pair, lang),
        )
        for pair in matrix.asymmetries
    ]
    return _table("one_way", ("cell", "there", "back", "promise"), rows, lang, most=_MOST_PAIRS)


def _both_ways(matrix: Matrix, lang: Lang) -> list[str]:
    def direction(cell_id: str) -> str:
        said = CONFORMITY[matrix.cells[cell_id].conformity].in_(lang)
        return f"{_direction(matrix, cell_id, lang)}: {said}"

    rows = [(_code(there), direction(there), direction(back)) for there, back in both_ways(matrix)]
    return _table("both_ways", ("cell", "there", "back"), rows, lang, most=_MOST_PAIRS)


def _direction(matrix: Matrix, cell_id: str, lang: Lang) -> str:
    return f"{_mark(matrix.cells[cell_id])} {markdown_text(cell_word(matrix, cell_id, lang))}".rstrip()


def _cells(matrix: Matrix, lang: Lang) -> list[str]:
    """Every cell behind the causes above, by signer; of a cause with very many the first ones."""
    entries = []
    for refusal in refusals(matrix):
        by_signer: dict[str, list[str]] = {}
        for cell_id in refusal.cells[:_MOST_CELLS]:
            signer, relying = cell_id.split(":")
            by_signer.setdefault(signer, []).append(relying)
        said = [f"{_code(signer)} -> {', '.join(map(_code, parties))}" for signer, parties in by_signer.items()]
        if len(refusal.cells) > _MOST_CELLS:
            said.append(WORDS["and_more"].in_(lang).format(count=len(refusal.cells) - _MOST_CELLS))
        entries.append("\n  - ".join((_code(refusal.code), *said)))
    return _listed("by_cause", entries, lang)


def _cause(refusal: Refusal, lang: Lang) -> tuple[str, ...]:
    entry = catalogue().get(refusal.code)
    remedy = ""
    if entry is not None and entry.remedy is not None:
        who = listed((ACTORS[actor].in_(lang) for actor in entry.actors), lang)
        remedy = markdown_text(f"{who}: {entry.remedy.in_(lang)}")
    sentence = "" if refusal.text.en == refusal.code else f": {markdown_text(refusal.text.in_(lang))}"
    return (
        str(len(refusal.cells)),
        NAMES[refusal.layer].in_(lang),
        f"{_code(refusal.code)}{sentence} ({_some(refusal.cells)})",
        markdown_text(look_text(refusal.looks, lang, most=_MOST_NAMES)),
        remedy,
    )
