"""Carrying out a plan: make and observe in workers, publish, link. What is finished is kept in the cache. Judging is `measure`."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from interop.engine.protocol import Request
from interop.model.errors import EngineError, UsageError
from interop.model.facts import Observation, Testimony
from interop.model.formats import Packaging
from interop.model.instant import format_instant
from interop.pki.issue import Issued
from interop.pki.register import Registered, register_answer, registers
from interop.pki.shipped import shipped_keys_dir
from interop.profile.load import load_neutral_rules
from interop.run.cache import Cache, code_digest
from interop.run.judge import Bench, certificate_names
from interop.run.link import Linker
from interop.run.live import LivePki
from interop.run.plan import Plan
from interop.run.progress import SILENT, Listener
from interop.run.sm2_ids import named_sm2_ids
from interop.run.tasks import (
    Keys,
    Observed,
    Published,
    PublishJob,
    VectorJob,
    pack_observation,
    pack_published,
    run_publish,
    run_vector,
    unpack_observation,
    unpack_published,
)
from interop.run.witness import Question, ask_all
from interop.run.workers import Failure, run_jobs
from interop.vector.catalogue import VectorSpec
from interop.vector.recipe import provider_digest, recipe

__all__ = ["Run", "artifact", "execute", "keys_of", "make_again", "publish"]

JOB_SECONDS = 60.0
"""Wall-clock limit for making or observing one vector."""

R = TypeVar("R")


@dataclass(slots=True)
class Run:
    """What a run has seen so far. Filled in step by step, so that an interrupted run has what it finished."""

    plan: Plan
    keys: Keys = field(init=False)
    digests: Mapping[str, str] = field(init=False)
    """Provider id -> digest of its profile and keys."""
    sm2_ids: tuple[str, ...] = field(init=False)
    """SM2 IDs to try, those of all profiles and of the neutral rules."""
    published: dict[str, Published] = field(default_factory=dict)
    recipes: dict[str, str] = field(default_factory=dict)
    """Vector id -> recipe."""
    observations: dict[str, Observation] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    """Vector id -> why there is no observation."""
    testimonies: dict[str, tuple[Testimony, ...]] = field(default_factory=dict)
    linker: Linker = field(default_factory=Linker)
    made: int = 0
    """Vectors made in this run (the others came from the cache)."""
    live: LivePki | None = None
    """Where status answers are had from over HTTP; the plan is `rewritten` for it. None: they are made without a server."""

    def __post_init__(self) -> None:
        self.keys = keys_of(self.plan.options.profiles, self.plan.options.cache)
        store = self.keys.store()
        self.digests = {provider.id: provider_digest(provider, store) for provider in self.plan.world.providers}
        self.sm2_ids = named_sm2_ids(self.plan.world, load_neutral_rules())
        self.linker.sm2_ids = self.sm2_ids
        if self.live is not None:
            self.live.serve(self.plan, self.keys)

    @property
    def specs(self) -> Mapping[str, VectorSpec]:
        """Vector id -> specification."""
        return {spec.id: spec for spec in self.plan.specs}

    def seen_by(self, plan: Plan) -> Run:
        """What this run has seen, under another plan for the same providers: shared, not copied."""
        other = copy.copy(self)
        other.plan = plan
        return other

    def registers(self) -> Iterator[tuple[Issued, Registered]]:
        """Registers of foreign certificates, over what is published."""
        certificates = {name: published.certificates for name, published in self.published.items()}
        return registers(self.plan.world.providers, certificates, self.keys.store())

    def bench(self) -> Bench:
        """Everything linked, ready for judging."""
        return Bench.build(
            world=self.plan.world,
            suites=self.plan.suites,
            knowledge=self.linker.knowledge(),
            names=certificate_names({name: p.certificates for name, p in self.published.items()}),
        )


def keys_of(profiles: Path | None, cache: Path | None) -> Keys:
    """The shipped keys, a `keys` folder beside the user's profiles, and a kept place for missing ones."""
    folders = [shipped_keys_dir()]
    if profiles is not None:
        folders.insert(0, profiles.resolve().parent / "keys")
    return Keys(folders=tuple(folders), missing=None if cache is None else cache / "keys")


def execute(plan: Plan, listener: Listener = SILENT, *, run: Run | None = None) -> Run:
    """Make, observe and link. Raises EngineError where a provider cannot publish; an interrupt leaves `run` as far as it came."""
    run = run if run is not None else Run(plan)
    cache = Cache(plan.options.cache)
    made = sorted({name.partition("/")[0] for name in run.keys.store().made})
    if made:
        listener.say(
            f"made missing TEST keys for {', '.join(made)}, kept in {run.keys.missing} "
            "(`interop profile keys` puts them beside the profile)"
        )
        run.keys.store().made.clear()
    publish(run, plan.validation, listener)
    _observe(run, plan.specs, cache, listener)
    if plan.options.witnesses:
        run.testimonies.update(ask_all(_questions(run, cache), plan.options.witnesses, listener))
    return run


def _questions(run: Run, cache: Cache) -> Iterator[Question]:
    specs = run.specs
    for vector, observation in run.observations.items():
        request = artifact(cache, run.recipes[vector])
        if request is None:
            raise UsageError("witnesses need the vectors, which are kept in the cache", hints=("leave out --no-cache",))
        provider = specs[vector].provider
        certificates = run.published[provider.id].certificates
        anchors = tuple(certificates[anchor] for anchor in provider.anchors)
        asked = replace(request, at=run.plan.signing + timedelta(seconds=specs[vector].case.signing_offset_seconds))
        yield Question(vector=vector, request=asked, facts=observation.facts, anchors=anchors)


def publish(run: Run, at: datetime, listener: Listener = SILENT, *, only: AbstractSet[str] | None = None) -> None:
    """Hierarchies and status answers of all providers (`only`: of those) as of `at`, from the cache or made now, given to the linker."""
    keys, cache = run.keys, Cache(run.plan.options.cache)
    providers = [p for p in run.plan.world.providers if only is None or p.id in only]
    signing = run.plan.signing if run.plan.specs else None
    made_at = "" if signing is None else format_instant(signing)
    names = {
        provider.id: Cache.name("publish", code_digest(), run.digests[provider.id], format_instant(at), made_at)
        for provider in providers
    }
    missing = _from_cache(run.published, names, cache, unpack_published)
    base = None if run.live is None else run.live.base
    if run.live is not None:
        run.live.as_of(at)
    jobs = [PublishJob(provider=p, keys=keys, at=at, signing=signing, base=base) for p in providers if p.id in missing]
    listener.stage("issuing", len(jobs))
    failed: dict[str, Failure] = {}
    for _ in range(2):  # nothing works without a hierarchy, so a worker that was killed gets a successor
        failed = {}
        for job, result in run_jobs(run_publish, jobs, workers=run.plan.options.jobs, timeout=JOB_SECONDS):
            if isinstance(result, Failure):
                failed[job.provider.id] = result
                continue
            listener.step(job.provider.id)
            run.published[job.provider.id] = result
            cache.put(names[job.provider.id], pack_published(result))
        jobs = [job for job in jobs if job.provider.id in failed]
    for name, failure in sorted(failed.items()):
        raise EngineError(f"{name}: its certificates could not be issued: {failure.what}")
    for provider in providers:
        published = run.published[provider.id]
        for der in published.certificates.values():
            run.linker.add("certificate", der)
        for answer in published.answers:
            run.linker.add_evidence(answer.service, answer.kind, answer.der, at, since=answer.since, until=answer.until)
    for issued, one in run.registers():
        said = register_answer(issued, one, at)
        if said is not None:
            run.linker.add_evidence(said.service, said.kind, said.der, at, since=said.since, until=said.until)


def _from_cache(
    found: dict[str, R], names: Mapping[str, str], cache: Cache, unpack: Callable[[bytes], R | None]
) -> set[str]:
    """Fill `found` from the cache; what is not there."""
    missing = set()
    for key, name in names.items():
        entry = cache.get(name)
        value = None if entry is None else unpack(entry)
        if value is None:
            missing.add(key)
        else:
            found[key] = value
    return missing


def make_again(run: Run, plan: Plan, specs: Sequence[VectorSpec], listener: Listener = SILENT) -> Run:
    """What the run has seen, with some vectors made by their provider as `plan` has it; its certificates are published where they differ.

    The `specs` are among those of the plan, all of one provider. Everything else is taken over; the run given stays as it is.
    """
    other = run.seen_by(plan)
    provider, was = specs[0].provider, run.plan.world.provider(specs[0].provider.id)
    other.digests = {**run.digests, provider.id: provider_digest(provider, run.keys.store())}
    other.published, other.recipes = dict(run.published), dict(run.recipes)
    other.observations, other.failures = dict(run.observations), dict(run.failures)
    other.linker = run.linker.copy()
    if (provider.certificates, provider.services) != (was.certificates, was.services):
        publish(other, plan.validation, listener, only={provider.id})
    for spec in specs:
        other.observations.pop(spec.id, None)
    _observe(other, specs, Cache(plan.options.cache), listener)
    return other


def _observe(run: Run, specs: Sequence[VectorSpec], cache: Cache, listener: Listener) -> None:
    plan = run.plan
    recipes = {spec.id: recipe(spec, run.digests[spec.provider.id], plan.signing) for spec in specs}
    run.recipes.update(recipes)
    names = {vector: Cache.name("observe", code_digest(), name, *run.sm2_ids) for vector, name in recipes.items()}
    missing = _from_cache(run.observations, names, cache, unpack_observation)
    if plan.options.witnesses or plan.options.real:  # they are given the bytes, all of them
        missing |= {spec.id for spec in specs if not _has_artifact(cache, spec, run.recipes[spec.id])}
    jobs = [
        VectorJob(spec=spec, keys=run.keys, signing=plan.signing, sm2_ids=run.sm2_ids)
        for spec in specs
        if spec.id in missing
    ]
    listener.stage("signing and observing", len(jobs))
    for job, result in run_jobs(run_vector, jobs, workers=plan.options.jobs, timeout=JOB_SECONDS):
        vector = job.spec.id
        listener.step(vector)
        if isinstance(result, Failure):
            run.failures[vector] = result.what
            continue
        _keep(run, cache, vector, names[vector], result)
    for spec in specs:
        if spec.id in run.observations:
            observation = run.observations[spec.id]
            run.linker.add_objects(observation.objects, observation.kinds)


def _keep(run: Run, cache: Cache, vector: str, name: str, result: Observed) -> None:
    run.observations[vector] = result.observation
    run.made += 1
    cache.put(artifact_name(run.recipes[vector]), result.made.data)
    if result.made.detached is not None:
        cache.put(artifact_name(run.recipes[vector], "detached"), result.made.detached)
    cache.put(name, pack_observation(result.observation))


def artifact_name(recipe_id: str, part: str = "data") -> str:
    """Cache name of a vector's bytes."""
    return Cache.name("artifact", code_digest(), recipe_id, part)


def _has_artifact(cache: Cache, spec: VectorSpec, recipe_id: str) -> bool:
    request = artifact(cache, recipe_id)
    detached = spec.case.packaging is Packaging.DETACHED
    return request is not None and (request.detached is not None or not detached)


def artifact(run_cache: Cache, recipe_id: str) -> Request | None:
    """The bytes of a vector made before, as an engine is given them."""
    data = run_cache.get(artifact_name(recipe_id))
    if data is None:
        return None
    return Request(data=data, detached=run_cache.get(artifact_name(recipe_id, "detached")))
