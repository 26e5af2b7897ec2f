"""The matrix of a run, and its remedies: judged now, or taken from the cache where all that they follow from is the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from interop.engine.process import ProcessParty
from interop.matrix.remedy import with_remedies
from interop.model.codec import dump_json, load_json
from interop.model.errors import InputError
from interop.model.instant import format_instant
from interop.model.matrix import Matrix
from interop.model.remedy import Remedy
from interop.run.cache import Cache, judging_digest
from interop.run.execute import Run
from interop.run.files import matrix_json
from interop.run.measure import matrix_of
from interop.run.progress import SILENT, Listener
from interop.run.remedies import remedies_of

__all__ = ["judged", "remedied"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Remedies:
    """What a search has found, as the cache holds it."""

    remedies: tuple[Remedy, ...]
    cells: Mapping[str, tuple[int, ...]]
    """Cell -> its remedies by index, best first."""


def judged(run: Run, listener: Listener = SILENT, *, real: Mapping[str, ProcessParty] | None = None) -> Matrix:
    """The matrix of a run that has been carried out, without remedies."""
    name = None if run.plan.options.witnesses else _name("matrix", run)
    kept = _kept(Matrix, name, run)
    if kept is not None:
        return kept
    matrix = matrix_of(run, listener, real=real)
    _keep(name, run, matrix_json(matrix))
    return matrix


def remedied(run: Run, matrix: Matrix, listener: Listener = SILENT, *, cells: Collection[str] | None = None) -> Matrix:
    """The matrix with the remedies of its blocked cells (of `cells`).

    None are looked for where lists say whom to trust, or where services are asked over HTTP: what those would say under changes is
    not known here.
    """
    if run.live is not None or run.plan.world.listed is not None:
        return matrix
    if cells is not None:
        return with_remedies(matrix, remedies_of(run, matrix, listener, cells=cells))
    name = _name("remedies", run)  # witnesses have no say in them
    kept = _kept(_Remedies, name, run)
    if kept is None:
        found = with_remedies(matrix, remedies_of(run, matrix, listener))
        indices = {name: cell.remedies for name, cell in found.cells.items() if cell.remedies is not None}
        _keep(name, run, dump_json(_Remedies(remedies=found.remedies, cells=indices)))
        return found
    changed = {name: replace(matrix.cells[name], remedies=indices) for name, indices in kept.cells.items()}
    return replace(matrix, cells={**matrix.cells, **changed}, remedies=kept.remedies)


def _name(part: str, run: Run) -> str | None:
    """Its name in the cache: a digest of everything that it follows from. None where that is more than can be named."""
    plan = run.plan
    if run.failures or run.live is not None or plan.world.listed is not None or plan.options.real:
        return None
    return Cache.name(
        part,
        judging_digest(),
        *(f"{name}={digest}" for name, digest in sorted({**plan.inputs, **run.digests}.items())),
        *(f"{vector}={recipe}" for vector, recipe in sorted(run.recipes.items())),
        *run.sm2_ids,
        *(spec.id for spec in plan.specs),
        *(party.id for party in plan.relying),
        plan.set_id,
        format_instant(plan.signing),
        format_instant(plan.validation),
    )


def _kept(kind: type[T], name: str | None, run: Run) -> T | None:
    entry = None if name is None else Cache(run.plan.options.cache).get(name)
    try:
        return None if entry is None else load_json(kind, entry, name="cache")
    except InputError:  # of another shape: a miss
        return None


def _keep(name: str | None, run: Run, entry: bytes) -> None:
    if name is not None:
        Cache(run.plan.options.cache).put(name, entry)
