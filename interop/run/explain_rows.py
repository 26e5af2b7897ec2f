"""One vector and what one relying party makes of it, as the page of a cell tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interop.crypto.table import signature as signature_algorithm
from interop.model.errors import NothingToDo
from interop.model.facts import SignatureFacts
from interop.model.ids import CellId
from interop.model.layers import Layer, LayerState
from interop.model.profile import Provider
from interop.model.verdict import Judgement, Verdict
from interop.run.execute import Run
from interop.run.judge import Bench
from interop.run.selection import of_cell
from interop.vector.catalogue import VectorSpec

__all__ = ["Row", "algorithm_of", "key_of", "passes", "rows_of"]


@dataclass(frozen=True, slots=True)
class Row:
    """One vector and what the relying party makes of it."""

    spec: VectorSpec
    judgement: Judgement
    signatures: tuple[SignatureFacts, ...]
    """As the verdicts of the judgement, in their order."""

    @property
    def signature(self) -> SignatureFacts | None:
        """The one that counts."""
        return None if self.judgement.counts is None else self.signatures[self.judgement.counts]

    @property
    def verdict(self) -> Verdict | None:
        """That of the signature that counts."""
        return self.judgement.verdict

    @property
    def opaque(self) -> bool:
        """Whether its identity is listed and not counted."""
        return self.spec.identity.opaque

    @property
    def blocked(self) -> bool:
        """Whether anything keeps it from being accepted."""
        return self.verdict is None or bool(self.verdict.blocks)


def rows_of(run: Run, bench: Bench, asked: CellId, relying: Provider) -> tuple[Row, ...]:
    """The vectors of the cell, group or case: of the positives, or of the case that is asked for and its control.

    NothingToDo where the run made no such vector.
    """
    rows = []
    for spec in _told(run.plan.specs, asked):
        if spec.id in run.failures:
            failed = Judgement(relying=relying.id, verdicts=(), counts=None, error=run.failures[spec.id])
            rows.append(Row(spec, failed, ()))
            continue
        facts = run.observations[spec.id].facts
        judgement = bench.judge(facts, relying, run.plan.validation, document=spec.case.document, rely=spec.case.rely)
        rows.append(Row(spec, judgement, facts.signatures))
    if not rows:
        what = "is not made" if asked.case is not None else "has no positive case"
        raise NothingToDo(
            f"{asked} {what} in set {run.plan.set_id}", hints=("`interop vectors list` shows what there is",)
        )
    return tuple(rows)


def _told(specs: Sequence[VectorSpec], asked: CellId) -> tuple[VectorSpec, ...]:
    matches = of_cell(asked)
    found = [spec for spec in specs if matches(spec.id) and (asked.case is not None or spec.case.positive)]
    if asked.case is None:
        return tuple(found)
    controls = {(spec.identity.id, spec.emits.format, spec.case.control) for spec in found}
    beside = [
        spec
        for spec in specs
        if spec.provider.id == asked.signer and (spec.identity.id, spec.emits.format, spec.case.id) in controls
    ]
    return (*found, *(spec for spec in beside if spec not in found))


def key_of(signature: SignatureFacts) -> str:
    """Key and curve as far as they are known."""
    return signature.algorithm.key or signature.algorithm.name or signature.algorithm.signature


def algorithm_of(signature: SignatureFacts) -> str:
    """Key kind of the algorithm table, `RSA` or `SM2`; else what stands in the file."""
    algorithm = signature_algorithm(signature.algorithm.name or "")
    return key_of(signature) if algorithm is None else algorithm.key


def passes(verdict: Verdict, layer: Layer) -> bool:
    """Whether that layer passes."""
    return verdict.layer(layer).state is LayerState.PASS
