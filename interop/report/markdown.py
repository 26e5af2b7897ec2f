"""`summary.md`: the matrix for a job summary or a mail, well below the size at which such summaries are dropped."""

from __future__ import annotations

from interop.model.layers import NAMES
from interop.model.matrix import Matrix
from interop.model.outcome import CELL_TEXT, GLYPH, Conformity
from interop.model.reasons import reason
from interop.model.text import Lang
from interop.report.digest import clusters, column_code, notable, promises, verdict_counts
from interop.report.words import DISCLAIMER, WORDS

__all__ = ["markdown"]


def _plain(text: str) -> str:
    """Text that cannot break out of a table cell or become markup: names in certificates are untrusted."""
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("`", "'")
    return " ".join(escaped.split())


def markdown(matrix: Matrix, lang: Lang = "en") -> str:
    """The summary as GitHub-flavoured Markdown."""
    order = {party.id: index for index, party in enumerate(matrix.tables.parties)}
    signers = sorted({cell_id.split(":")[0] for cell_id in matrix.cells}, key=order.__getitem__)
    relying = sorted({cell_id.split(":")[1] for cell_id in matrix.cells}, key=order.__getitem__)
    lines = [
        f"# {WORDS['title'].in_(lang)}",
        "",
        f"{len(matrix.cells)} {WORDS['cells'].in_(lang)}, {len(matrix.tables.cases)} vectors; "
        f"{WORDS['set'].in_(lang)} `{matrix.set}`, {WORDS['signed'].in_(lang)} {matrix.instants.signing}, "
        f"{WORDS['judged'].in_(lang)} {matrix.instants.validation}.",
        "",
    ]
    if not matrix.header.complete:
        lines += [f"**{WORDS['partial_run'].in_(lang)}**", ""]
    lines.append(f"| {WORDS['signer'].in_(lang)} | " + " | ".join(column_code(order[p]) for p in relying) + " |")
    lines.append("|---|" + ":-:|" * len(relying))
    for signer in signers:
        marks = []
        for party in relying:
            cell = matrix.cells.get(f"{signer}:{party}")
            marks.append("·" if cell is None else GLYPH[cell.verdict])
        lines.append(f"| {column_code(order[signer])} `{signer}` | " + " | ".join(marks) + " |")
    lines += ["", "; ".join(f"{GLYPH[v]} {CELL_TEXT[v].in_(lang)}: {n}" for v, n in verdict_counts(matrix).items()), ""]
    found = clusters(matrix)
    if found:
        lines += [f"## {WORDS['why'].in_(lang)}", "", f"| {WORDS['cells'].in_(lang)} | | |", "|--:|---|---|"]
        for cluster in found:
            entry = reason(cluster.code)
            lines.append(
                f"| {len(cluster.cells)} | {NAMES[entry.layer].in_(lang)} | `{cluster.code}`: "
                f"{_plain(entry.text.in_(lang))} ({', '.join(f'`{c}`' for c in cluster.cells[:3])}"
                f"{', …' if len(cluster.cells) > 3 else ''}) |"
            )
        lines.append("")
    for conformity, word in ((Conformity.BELOW_PROMISE, "promised"), (Conformity.ABOVE_PROMISE, "unpromised")):
        cells = promises(matrix, conformity)
        if cells:
            lines += [f"**{WORDS[word].in_(lang)}**: " + ", ".join(f"`{cell}`" for cell in cells), ""]
    cell_id = notable(matrix)
    if cell_id is not None:
        lines += [f"{WORDS['next'].in_(lang)}: `interop explain {cell_id}`", ""]
    lines += [f"{WORDS['diagonal'].in_(lang)}. {DISCLAIMER.in_(lang)}", ""]
    return "\n".join(lines)
