"""Refused groups that share all their causes: what turns one of them turns the others.

A cause is a reason without its detail, and whose it is: names of certificates and lists of what was found do not tell two
causes apart, and the same rule of two relying parties does. Whose a reason is follows its attribution: of a suite, of a signer,
else of the relying party whose rule it is; a reason of recognition is of the instrument that it names, or of nobody: that
nothing connects two parties is said of every pair alike.
"""

from __future__ import annotations

import hashlib
import re

from interop.matrix.attribution import Attributor
from interop.matrix.pattern import BLOCKED, OF_THE_FILE, Place
from interop.model.layers import LAYERS, RECOGNITION, Layer
from interop.model.matrix import Cluster, ClusterCause, Matrix
from interop.model.outcome import Side

__all__ = ["clusters_of"]

_LONGEST_SLUG = 40
_Cause = tuple[Layer, str, str]
"""Layer, code, about: a `ClusterCause` while they are counted."""


def clusters_of(matrix: Matrix, attributor: Attributor | None = None) -> tuple[Cluster, ...]:
    """The clusters, most cells first. Every group that is refused or undetermined with a reason is in exactly one.

    `attributor`: that of the same matrix, where there is one already.
    """
    told = attributor or Attributor(matrix)
    pattern = told.pattern
    everywhere = {
        number: (row.layer, row.code, _instrument(pattern.agreement_of(number)))
        for number, row in enumerate(pattern.reasons)
        if row.layer in RECOGNITION
    }
    found: dict[tuple[_Cause, ...], dict[str, list[str]]] = {}
    for place, seen in pattern.places.items():
        if seen.group.state in BLOCKED and seen.group.reasons:
            causes = tuple(
                dict.fromkeys(everywhere.get(number) or _cause(told, place, number) for number in seen.group.reasons)
            )
            found.setdefault(causes, {}).setdefault(f"{place.signer}:{place.relying}", []).append(place.group)
    made = [
        Cluster(
            id=_id(causes),
            causes=tuple(ClusterCause(layer=layer, code=code, about=about) for layer, code, about in causes),
            first=causes[0][0],
            groups=sum(map(len, cells.values())),
            cells={cell_id: tuple(sorted(cells[cell_id])) for cell_id in sorted(cells)},
        )
        for causes, cells in found.items()
    ]
    return tuple(sorted(made, key=lambda c: (-len(c.cells), -c.groups, LAYERS.index(c.first), c.id)))


def _instrument(agreement: str | None) -> str:
    return "" if agreement is None else f"agreement:{agreement}"


def _cause(told: Attributor, place: Place, number: int) -> _Cause:
    row = told.pattern.reasons[number]
    side = told.of(place, told.pattern.cause[number]).to
    if side is Side.SUITE:
        return row.layer, row.code, f"suite:{told.pattern.suites.get(place.relying, '')}"
    if side is Side.SIGNER or (row.layer in OF_THE_FILE and side is not Side.TOOL):
        return row.layer, row.code, f"signer:{place.signer}"
    return row.layer, row.code, f"relying:{place.relying}"


def _id(causes: tuple[_Cause, ...]) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", causes[0][1].rpartition(".")[2].lower()).strip("-")[:_LONGEST_SLUG] or "cause"
    named = "\n".join(f"{layer.value} {code} {about}" for layer, code, about in causes)
    return f"{slug}-{hashlib.sha256(named.encode()).hexdigest()[:8]}"
