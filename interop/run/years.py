"""Moving the validation time through years: what every vector comes to at every relying party, and until when.

Each answer carries the span over which it holds, so the judge is asked again only where one ends. Status evidence is had once for
each span over which a service says the same, not once for every day. A library for tests and benchmarks; no verb shows it yet.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from interop.model.certificate import ObjectId
from interop.model.errors import EngineError
from interop.model.facts import Facts
from interop.model.formats import DocumentKind
from interop.model.instant import Interval, intersect
from interop.model.knowledge import Knowledge
from interop.model.layers import Layer
from interop.model.profile import Provider, World
from interop.model.suite import Suite
from interop.model.verdict import Judgement
from interop.pki.issue import Issued, issue
from interop.pki.reissue import first_second, second_after
from interop.pki.status import Offer, make_answer, offers
from interop.recognition.judge import Rely
from interop.run.execute import Run
from interop.run.judge import Bench
from interop.run.measure import uncollected
from interop.run.progress import SILENT, Listener
from interop.run.tasks import guests
from interop.run.workers import Failure, run_jobs
from interop.vector.fates import with_fates

__all__ = ["Course", "Followed", "Spell", "YearsJob", "collect_evidence", "courses", "run_years"]

YEARS_SECONDS = 600.0
"""Wall-clock limit for one worker's share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A span of validation time over which a relying party gives one answer."""

    span: Interval
    """Clipped to the years asked about."""
    accepted: bool
    promised: bool
    attained: str | None
    """`L0` to `L4`; None without a signature."""
    first_block: Layer | None
    """First blocking layer; None where nothing blocks."""
    reasons: tuple[str, ...] = ()
    """Codes of what blocks, headline first, each once."""

    def says(self) -> tuple[object, ...]:
        """Everything but the span."""
        return (self.accepted, self.promised, self.attained, self.first_block, self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One vector at one relying party over the years."""

    vector: str
    """`signer.identity/format/level/case`."""
    relying: str
    spells: tuple[Spell, ...]
    """In order of time, without gaps; neighbours differ."""
    judged: int
    """How often the judge was asked."""


def collect_evidence(run: Run, span: tuple[datetime, datetime]) -> int:
    """Give the linker what every provider's services say over the years (whole seconds), each answer once for the time over which
    it stays as it is. Returns how many answers there are."""
    count = 0
    for provider in run.plan.world.providers:
        issued = issue(with_fates(provider, run.plan.signing), run.keys.store())
        also = guests(issued, run.plan.signing)
        for offer in _offers(issued, span, also):
            answer = make_answer(issued, offer)
            run.linker.add_evidence(
                answer.service, answer.kind, answer.der, answer.at, since=answer.since, until=answer.until
            )
            count += 1
    return count


def _offers(issued: Issued, span: tuple[datetime, datetime], also: tuple[bytes, ...]) -> Iterator[Offer]:
    """Every different offer of a provider's services: asked for wherever one begins or ends, and where certificates do."""
    start, end = span
    waiting = {start}
    for spec in issued.specs.values():
        waiting |= {t for t in (first_second(spec.not_before), second_after(spec.not_after)) if t is not None}
    asked: set[datetime] = set()
    seen: set[tuple[object, ...]] = set()
    while waiting:
        at = min(waiting)
        waiting.discard(at)
        if at in asked or not start <= at < end:
            continue
        asked.add(at)
        for offer in offers(issued, at, also=also):
            about = None if offer.subject is None else offer.subject.serial
            key = (offer.service, offer.kind, about, offer.since, offer.until)
            waiting |= {t for t in (offer.since, offer.until) if t is not None}
            if key not in seen:
                if offer.since is not None or offer.until is not None:
                    seen.add(key)
                yield offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The facts of one vector, and how it is judged."""

    vector: str
    facts: Facts
    document: DocumentKind
    rely: Rely


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsJob:
    """Some vectors to be followed through the years: all that a worker needs, as values."""

    world: World
    suites: Mapping[str, Suite]
    knowledge: Knowledge
    names: Mapping[str, ObjectId]
    vectors: tuple[Followed, ...]
    relying: tuple[str, ...]
    years: Interval
    moments: tuple[datetime, ...] | None
    """Times asked about, in order; None: every time at which an answer changes."""


def run_years(job: YearsJob) -> tuple[Course, ...]:
    """Judge. Runs in a worker."""
    bench = Bench.build(world=job.world, suites=job.suites, knowledge=job.knowledge, names=job.names)
    parties = tuple(job.world.provider(name) for name in job.relying)
    with uncollected():
        return tuple(course for vector in job.vectors for course in _of_vector(bench, vector, parties, job))


def courses(
    run: Run,
    start: datetime,
    end: datetime,
    listener: Listener = SILENT,
    *,
    moments: tuple[datetime, ...] | None = None,
) -> tuple[Course, ...]:
    """The course of every positive vector at every relying party over `[start, end)`, in the order of the plan.

    Exact to the instant; or as it stands at some `moments` (in order, within the years), each answer then reaching up to the next
    moment at which the one before no longer holds. `collect_evidence` comes first. Vectors that could not be made are left out.
    Raises EngineError where a worker fails.
    """
    bench = run.bench()
    followed = [
        Followed(
            vector=spec.id,
            facts=run.observations[spec.id].facts,
            document=spec.case.document,
            rely=spec.case.rely,
        )
        for spec in run.plan.specs
        if spec.case.positive and spec.id in run.observations
    ]
    workers = run.plan.options.jobs
    parts = max(workers, 1)
    jobs = [
        YearsJob(
            world=bench.world,
            suites=bench.suites,
            knowledge=bench.knowledge,
            names=bench.names,
            vectors=tuple(followed[part::parts]),
            relying=tuple(provider.id for provider in run.plan.relying),
            years=Interval(start, end),
            moments=moments,
        )
        for part in range(parts)
    ]
    listener.stage("moving through the years", len(jobs))
    found: dict[tuple[str, str], Course] = {}
    for _, result in run_jobs(run_years, jobs, workers=workers, timeout=YEARS_SECONDS):
        if isinstance(result, Failure):
            raise EngineError(f"the years could not be followed: {result.what}")
        listener.step("")
        found.update({(course.vector, course.relying): course for course in result})
    order = {vector.vector: number for number, vector in enumerate(followed)}
    return tuple(sorted(found.values(), key=lambda course: (order[course.vector], course.relying)))


def _of_vector(bench: Bench, vector: Followed, parties: tuple[Provider, ...], job: YearsJob) -> Iterator[Course]:
    readings = bench.read(vector.facts)
    for relying in parties:
        spells: list[Spell] = []
        judged = 0
        at = _next(job, job.years.start)
        while at is not None:
            judgement = bench.judge(
                vector.facts, relying, at, document=vector.document, rely=vector.rely, readings=readings
            )
            judged += 1
            following = _next(job, intersect(verdict.holds for verdict in judgement.verdicts).end)
            _join(spells, _spell(judgement, Interval(at, following or job.years.end)))
            at = following
        yield Course(vector=vector.vector, relying=relying.id, spells=tuple(spells), judged=judged)


def _next(job: YearsJob, at: datetime | None) -> datetime | None:
    """The first time asked about from `at` on, within the years."""
    if at is None:
        return None
    if job.moments is not None:
        place = bisect_left(job.moments, at)
        at = job.moments[place] if place < len(job.moments) else None
    return at if at is not None and at in job.years else None


def _spell(judgement: Judgement, span: Interval) -> Spell:
    verdict = judgement.verdict
    if verdict is None:
        return Spell(span=span, accepted=False, promised=False, attained=None, first_block=None)
    codes = (cause.code for layer in verdict.layers if layer.blocks for cause in layer.causes)
    return Spell(
        span=span,
        accepted=verdict.accepted,
        promised=verdict.promised,
        attained=str(verdict.level.attained),
        first_block=verdict.first_block,
        reasons=tuple(dict.fromkeys(codes)),
    )


def _join(spells: list[Spell], spell: Spell) -> None:
    """Append, or lengthen the last where it says the same."""
    if spells and spells[-1].says() == spell.says():
        last = spells.pop()
        spell = Spell(
            span=Interval(last.span.start, spell.span.end),
            accepted=last.accepted,
            promised=last.promised,
            attained=last.attained,
            first_block=last.first_block,
            reasons=last.reasons,
        )
    spells.append(spell)
