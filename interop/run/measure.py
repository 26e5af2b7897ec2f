"""From what was seen to the matrix: every vector judged as every relying party, modelled or real."""

from __future__ import annotations

import gc
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager

from interop import __version__
from interop.engine.embedded import NAME
from interop.engine.process import ProcessParty
from interop.matrix.build import build_matrix
from interop.matrix.inputs import MODELLED, Contradicted, MatrixInput, Measurement, Party, SignerIdentity
from interop.matrix.opinion import opinion_judgement
from interop.model.errors import UsageError
from interop.model.facts import Opinion
from interop.model.instant import format_instant
from interop.model.matrix import Instants, Matrix, RunHeader
from interop.model.profile import Provider
from interop.model.verdict import Judgement
from interop.run.cache import Cache
from interop.run.execute import Run, artifact
from interop.run.judge import Bench
from interop.run.libraries import library_versions
from interop.run.progress import SILENT, Listener
from interop.run.witness import contradictions
from interop.validation.reading import Reading
from interop.vector.catalogue import VectorSpec

__all__ = ["matrix_of", "uncollected"]


def matrix_of(
    run: Run,
    listener: Listener = SILENT,
    *,
    real: Mapping[str, ProcessParty] | None = None,
    bench: Bench | None = None,
    readings: dict[str, tuple[Reading, ...]] | None = None,
    homes: Container[str] = (),
) -> Matrix:
    """Judge everything and build the matrix. Does no cryptography and reads no clock.

    `bench`: one over the knowledge of this run, where there is one already. `readings` are kept between matrices over the same
    knowledge: what does not differ is not asked again. `homes`: vectors of these providers are judged at home too, where home
    is not among the relying parties.
    """
    bench = bench or run.bench()
    plan = run.plan
    voices = real or {}
    complete = all(spec.id in run.observations or spec.id in run.failures for spec in plan.specs)
    with uncollected():
        given = MatrixInput(
            set=plan.set_id,
            instants=Instants(signing=format_instant(plan.signing), validation=format_instant(plan.validation)),
            header=RunHeader(
                tool=f"interop {__version__}",
                libraries=library_versions(),
                engine=NAME,
                inputs=dict(plan.inputs),
                complete=complete,
                agreements=tuple(agreement.id for agreement in bench.agreements),
            ),
            parties=tuple(_party(provider, voices) for provider in plan.world.providers),
            signers=tuple(dict.fromkeys(spec.provider.id for spec in plan.specs)),
            relying=tuple(provider.id for provider in plan.relying),
            identities=tuple(
                SignerIdentity(
                    provider=provider.id, id=identity.id, level=identity.assurance.level, opaque=identity.opaque
                )
                for provider in plan.world.providers
                for identity in provider.identities
            ),
            cases={case.id: case for case in plan.cases},
            vectors=tuple(spec.vector for spec in plan.specs),
            measurements=tuple(_measure(run, bench, voices, listener, readings=readings, homes=homes)),
            recipes=run.recipes,
            contradictions=_contradicted(run),
        )
        matrix = build_matrix(given)
        del given  # before the collector looks through what is left
    return matrix


def _contradicted(run: Run) -> tuple[Contradicted, ...]:
    """Where a witness says otherwise than the primary engine, once for each vector and witness."""
    if not run.testimonies:
        return ()
    found = contradictions(run.testimonies, {name: seen.facts for name, seen in run.observations.items()})
    return tuple(Contradicted(vector=v, engine=engine) for v, engine in sorted({(c.vector, c.engine) for c in found}))


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection meanwhile. Judgements are values without cycles, and all are kept until the matrix is built: the
    collector would walk through them again and again and find nothing."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _party(provider: Provider, voices: Mapping[str, ProcessParty]) -> Party:
    voice = voices.get(provider.id)
    return Party(
        id=provider.id,
        name=provider.name,
        jurisdiction=provider.jurisdiction,
        floor=provider.relying.floor,
        suites=provider.relying.algorithms.suites,
        engine=MODELLED if voice is None else voice.name,
        capabilities=frozenset() if voice is None else voice.capabilities,
    )


def _measure(
    run: Run,
    bench: Bench,
    voices: Mapping[str, ProcessParty],
    listener: Listener,
    *,
    readings: dict[str, tuple[Reading, ...]] | None,
    homes: Container[str],
) -> Iterator[Measurement]:
    plan = run.plan
    known = {} if readings is None else readings
    listener.stage("judging", len(plan.specs))
    for spec in plan.specs:
        listener.step(spec.id)
        observation = run.observations.get(spec.id)
        read = known.get(spec.id)
        if read is None:
            read = () if observation is None else bench.read(observation.facts)
            if readings is not None:
                readings[spec.id] = read
        own = spec.provider.id
        home = (spec.provider,) if own in homes and all(own != party.id for party in plan.relying) else ()
        for relying in (*plan.relying, *home):
            voice = voices.get(relying.id)
            # a real party is judged by its profile as well: promise and level come from there
            modelled = _modelled(run, bench, spec, relying, read)
            if voice is None or modelled.error is not None:
                answers: tuple[Judgement, ...] = (modelled,)
            else:
                answers = tuple(opinion_judgement(opinion, modelled) for opinion in _ask(run, voice, spec))
            yield Measurement(vector=spec.vector, relying=relying.id, answers=answers)


def _ask(run: Run, voice: ProcessParty, spec: VectorSpec) -> Iterator[Opinion]:
    request = artifact(Cache(run.plan.options.cache), run.recipes[spec.id])
    if request is None:
        raise UsageError("a real relying party needs the vectors, which are kept in the cache")
    at = run.plan.validation
    return voice.ask(
        spec.id, request.data, run.observations[spec.id].facts.artifact, at, repeat=run.plan.options.repeat
    )


def _modelled(run: Run, bench: Bench, spec: VectorSpec, relying: Provider, readings: tuple[Reading, ...]) -> Judgement:
    if spec.id in run.failures:
        return Judgement(relying=relying.id, verdicts=(), counts=None, error=run.failures[spec.id])
    observation = run.observations[spec.id]
    return bench.judge(
        observation.facts,
        relying,
        run.plan.validation,
        document=spec.case.document,
        rely=spec.case.rely,
        readings=readings,
    )
