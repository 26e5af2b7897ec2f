"""Writing down what a run saw: facts, testimonies, edges, evidence, and the objects themselves."""

from __future__ import annotations

from pathlib import Path

from interop import __version__
from interop.model.instant import format_instant
from interop.model.matrix import Instants
from interop.model.records import HeaderRecord
from interop.run.execute import Run
from interop.run.files import FactsFile, write_objects
from interop.run.libraries import library_versions

__all__ = ["write_facts"]


def write_facts(run: Run, folder: Path, *, complete: bool) -> None:
    """`facts.jsonl` and `objects/`. A partial run gets no footer."""
    plan = run.plan
    file = FactsFile(
        HeaderRecord(
            record="header",
            tool=f"interop {__version__}",
            libraries=library_versions(),
            set=plan.set_id,
            instants=Instants(signing=format_instant(plan.signing), validation=format_instant(plan.validation)),
            inputs=dict(plan.inputs),
        )
    )
    for spec in plan.specs:
        observation = run.observations.get(spec.id)
        if observation is not None:
            file.fact(spec.id, run.recipes[spec.id], observation.facts)
        elif spec.id in run.failures:
            file.failure(spec.id, run.recipes[spec.id], run.failures[spec.id])
        for testimony in run.testimonies.get(spec.id, ()):
            file.testimony(spec.id, testimony)
    if complete:
        file.edges(run.linker.edges())
        file.evidence(run.linker.evidence)
    write_objects(folder / "objects", run.linker.bytes_of)
    file.write(folder / "facts.jsonl", complete=complete)
