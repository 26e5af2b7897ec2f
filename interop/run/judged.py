"""The matrix of a run, and its remedies: judged now, or taken from the cache where all that they follow from is the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from interop.engine.process import ProcessParty
from interop.matrix.remedy import with_remedies
from interop.model.codec import load_json
from interop.model.errors import InputError
from interop.model.instant import format_instant
from interop.model.matrix import Matrix
from interop.run.cache import Cache, judging_digest
from interop.run.execute import Run
from interop.run.files import matrix_json
from interop.run.measure import matrix_of
from interop.run.progress import SILENT, Listener
from interop.run.remedies import remedies_of

__all__ = ["judged", "remedied"]


def judged(run: Run, listener: Listener = SILENT, *, real: Mapping[str, ProcessParty] | None = None) -> Matrix:
    """The matrix of a run that has been carried out, without remedies."""
    return _kept("matrix", run) or _keep("matrix", run, matrix_of(run, listener, real=real))


def remedied(run: Run, matrix: Matrix, listener: Listener = SILENT, *, cells: Collection[str] | None = None) -> Matrix:
    """The matrix with the remedies of its blocked cells (of `cells`).

    None are looked for where lists say whom to trust, or where services are asked over HTTP: what those would say under changes is
    not known here.
    """
    if run.live is not None or run.plan.world.listed is not None:
        return matrix
    if cells is not None:
        return with_remedies(matrix, remedies_of(run, matrix, listener, cells=cells))
    return _kept("remedies", run) or _keep("remedies", run, with_remedies(matrix, remedies_of(run, matrix, listener)))


def _name(part: str, run: Run) -> str | None:
    """Its name in the cache: a digest of everything that it follows from. None where that is more than can be named."""
    plan = run.plan
    beyond = run.failures or run.live is not None or plan.world.listed is not None
    if beyond or plan.options.real or plan.options.witnesses:
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


def _kept(part: str, run: Run) -> Matrix | None:
    name = _name(part, run)
    entry = None if name is None else Cache(run.plan.options.cache).get(name)
    try:
        return None if entry is None else load_json(Matrix, entry, name="cache")
    except InputError:  # of another shape: a miss
        return None


def _keep(part: str, run: Run, matrix: Matrix) -> Matrix:
    name = _name(part, run)
    if name is not None:
        Cache(run.plan.options.cache).put(name, matrix_json(matrix))
    return matrix
