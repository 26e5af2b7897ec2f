"""The reason table of a matrix: every reason once with its detail, in one order; cells name it by index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from interop.model.layers import LAYERS, Cause, Layer
from interop.model.matrix import ReasonRow
from interop.model.reasons import catalogue
from interop.model.text import Text

__all__ = ["ReasonKey", "reason_rows", "reported"]

_FOREIGN_RANK = 1_000


class ReasonKey(NamedTuple):
    """What makes a row. Sorts in the order of explanation: layer, rank, code, detail."""

    layer: int
    rank: int
    code: str
    detail: str


def reported(layer: Layer, cause: Cause) -> ReasonKey:
    """The row of a cause. A code that is not in the catalogue is a real relying party's own word, and stands last in its layer."""
    entry = catalogue().get(cause.code)
    rank = _FOREIGN_RANK if entry is None else entry.rank
    return ReasonKey(LAYERS.index(layer), rank, cause.code, cause.detail)


def reason_rows(keys: Iterable[ReasonKey]) -> tuple[tuple[ReasonRow, ...], Mapping[ReasonKey, int]]:
    """The table, and the index of every key."""
    order = sorted(set(keys))
    rows = []
    for key in order:
        entry = catalogue().get(key.code)
        text = Text(en=key.code, zh=key.code) if entry is None else entry.text
        rows.append(ReasonRow(code=key.code, layer=LAYERS[key.layer], text=text, detail=key.detail))
    return tuple(rows), {key: index for index, key in enumerate(order)}
