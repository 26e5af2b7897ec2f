"""Why cells are refused, over the whole matrix: by headline reason, with where to look first, and the evidence in words.

Pure, like `interop.report.digest`: every report of a matrix says the same because it asks here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from interop.matrix.headline import headline
from interop.model.layers import LAYERS, Layer
from interop.model.matrix import Cluster, Evidence, Matrix
from interop.model.outcome import EVIDENCE_TEXT, SIDE_TEXT, CellVerdict, Side
from interop.model.text import Lang, Text
from interop.report.words import ABOUT, listed

__all__ = ["Look", "Refusal", "cause_text", "evidence_text", "look_text", "refusals"]

_REFUSED = frozenset(
    {
        CellVerdict.VALID_NOT_RECOGNISED,
        CellVerdict.NOT_RECOGNISED,
        CellVerdict.INCONCLUSIVE,
        CellVerdict.UNSUPPORTED,
        CellVerdict.PARTIAL,
    }
)
"""Verdicts of cells that are not, or not wholly, recognised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Where to look first, for some of the cells that share a headline reason."""

    side: Side
    whose: str
    """Id of the signer or relying party, or the suites; empty where it is nobody's alone."""
    cells: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Cells that share one headline reason."""

    code: str
    layer: Layer
    text: Text
    """The sentence; untrusted where the code is a real relying party's own."""
    cells: tuple[str, ...]
    """Cell ids, sorted."""
    looks: tuple[Look, ...]
    """To whom they are attributed."""


def refusals(matrix: Matrix) -> tuple[Refusal, ...]:
    """Cells off the diagonal that are not, or not wholly, recognised, by the code of their headline; largest first."""
    found: dict[str, list[str]] = {}
    table = {row.code: row for row in reversed(matrix.tables.reasons)}
    for cell_id, cell in matrix.cells.items():
        signer, relying = cell_id.split(":")
        index = headline(matrix.tables.reasons, cell)
        if signer != relying and index is not None and cell.verdict in _REFUSED:
            found.setdefault(matrix.tables.reasons[index].code, []).append(cell_id)
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), LAYERS.index(table[item[0]].layer), item[0]))
    return tuple(
        Refusal(
            code=code,
            layer=table[code].layer,
            text=table[code].text,
            cells=tuple(sorted(cells)),
            looks=_looks(matrix, cells),
        )
        for code, cells in ordered
    )


def _looks(matrix: Matrix, cells: Sequence[str]) -> tuple[Look, ...]:
    """To whom the cells are attributed; the side of most cells first, and within it whoever has most."""
    found: Counter[tuple[Side, str]] = Counter()
    suites = {party.id: "+".join(sorted(party.suites)) for party in matrix.tables.parties}
    for cell_id in cells:
        attribution = matrix.cells[cell_id].attribution
        if attribution is not None:
            signer, relying = cell_id.split(":")
            whose = {Side.SIGNER: signer, Side.RELYING_PARTY: relying, Side.SUITE: suites.get(relying, "")}
            found[attribution.to, whose.get(attribution.to, "")] += 1
    sides: Counter[Side] = Counter()
    for (side, _), count in found.items():
        sides[side] += count
    order = list(Side)
    ordered = sorted(found, key=lambda key: (-sides[key[0]], order.index(key[0]), -found[key], key[1]))
    return tuple(Look(side=side, whose=whose, cells=found[side, whose]) for side, whose in ordered)


def look_text(looks: Sequence[Look], lang: Lang, *, most: int) -> str:
    """`relying party b (20), c (18); between the two (2)`; of each side at most so many names. Untrusted text."""
    said = []
    for side, group in groupby(looks, key=lambda look: look.side):
        those = list(group)
        names = [f"{look.whose} ({look.cells})".strip() for look in those[:most]]
        if len(those) > most:
            names.append(f"+{sum(look.cells for look in those[most:])}")
        said.append(f"{SIDE_TEXT[side].in_(lang)} {listed(names, lang)}")
    return ("；" if lang == "zh" else "; ").join(said)


def evidence_text(evidence: Iterable[Evidence], lang: Lang) -> str:
    """What speaks for an attribution, as one sentence. Untrusted text."""
    said = (EVIDENCE_TEXT[e.kind].in_(lang).format(hits=e.hits, of=e.of, note=e.note) for e in evidence)
    return ("；" if lang == "zh" else "; ").join(said)


def cause_text(cluster: Cluster, lang: Lang, *, short: bool = False) -> str:
    """Everything that blocks the groups of a cluster, and whose it is where that matters. `short`: of one layer the first code,
    and how many more. Untrusted text."""
    said = []
    for (_, about), group in groupby(cluster.causes, key=lambda cause: (cause.layer, cause.about)):
        codes = [cause.code for cause in group]
        kept = codes[:1] if short else codes
        more = f", +{len(codes) - len(kept)}" if len(kept) < len(codes) else ""
        kind, _, name = about.partition(":")
        whose = f" ({ABOUT[kind].in_(lang)} {name})" if kind in ABOUT else ""
        said.append(f"{listed(kept, lang)}{more}{whose}")
    return " + ".join(said)
