"""Moving the validation time through years: what every vector comes to at every relying party, and until when.

Each answer carries the span over which it holds, so the judge is asked again only where one ends. Status evidence is had once for
each span over which a service says the same, not once for every day. `run.timeline` makes cells of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from interop.matrix.cell import vector_state
from interop.matrix.outcome import Column
from interop.matrix.timeline import Course, Spell
from interop.model.case import Expect
from interop.model.certificate import ObjectId
from interop.model.errors import EngineError
from interop.model.facts import Facts
from interop.model.formats import DocumentKind
from interop.model.instant import Interval, intersect
from interop.model.knowledge import Knowledge
from interop.model.layers import RECOGNITION, Cause, Layer
from interop.model.outcome import GroupState
from interop.model.profile import Provider, World
from interop.model.suite import Suite
from interop.model.verdict import Judgement, Verdict
from interop.pki.issue import issue
from interop.pki.register import register_answer, register_turns
from interop.pki.reissue import second_after
from interop.pki.status import make_answer
from interop.recognition.judge import Rely
from interop.run.answers import Ends, offers_over
from interop.run.execute import Run
from interop.run.judge import Bench
from interop.run.measure import uncollected
from interop.run.progress import SILENT, Listener
from interop.run.tasks import guests
from interop.run.workers import Failure, run_jobs
from interop.validation.moment import TICK
from interop.vector.fates import with_fates

__all__ = [
    "Course",
    "Followed",
    "Spell",
    "YearsJob",
    "collect_evidence",
    "courses",
    "followed",
    "run_years",
    "unmade",
    "vector_courses",
    "years_jobs",
]

YEARS_SECONDS = 600.0
"""Wall-clock limit for one worker's share."""


def collect_evidence(run: Run, span: tuple[datetime, datetime]) -> int:
    """Give the linker what every provider's services say over the years (whole seconds), each answer once for the time over which
    it stays as it is, and again from when on it is issued after the end of a certificate that it speaks about: that says less
    (`revocation.issued-after-expiry`). Returns how many answers there are."""
    count = 0
    ends = Ends.of(run.linker.certificates.values(), span[1])
    for provider in run.plan.world.providers:
        issued = issue(with_fates(provider, run.plan.signing), run.keys.store())
        also = guests(issued, run.plan.signing)
        for offer in offers_over(issued, span, also, ends):
            answer = make_answer(issued, offer)
            run.linker.add_evidence(
                answer.service, answer.kind, answer.der, answer.at, since=answer.since, until=answer.until
            )
            count += 1
    for issued, one in run.registers():
        start, end = span
        turns = {*register_turns(issued, one), *(second_after(last) for last in ends.known(issued, one.certificate))}
        for at in (start, *sorted(turn for turn in turns if turn is not None and start < turn < end)):
            said = register_answer(issued, one, at)
            if said is not None:
                run.linker.add_evidence(said.service, said.kind, said.der, at, since=said.since, until=said.until)
                count += 1
    return count


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """The facts of one vector, and how it is judged."""

    vector: str
    facts: Facts
    document: DocumentKind
    rely: Rely
    opaque: bool = False
    """Its identity is listed and not counted."""
    negative: bool = False
    """It must be rejected: only whether it is accepted is asked, so its spells say nothing else for certain."""

    @property
    def signer(self) -> str:
        """Provider that signed."""
        return self.vector.partition(".")[0]


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
    told: bool
    """Every spell says which reasons arrive and leave with it."""


def run_years(job: YearsJob) -> tuple[Course, ...]:
    """Judge. Runs in a worker. Equal spells are one value: there are few, and passing them on takes its time."""
    bench = Bench.build(world=job.world, suites=job.suites, knowledge=job.knowledge, names=job.names)
    parties = tuple(job.world.provider(name) for name in job.relying)
    known: dict[Spell, Spell] = {}
    with uncollected():
        return tuple(
            replace(course, spells=tuple(known.setdefault(spell, spell) for spell in course.spells))
            for vector in job.vectors
            for course in vector_courses(bench, vector, parties, job)
        )


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
    moment at which the one before no longer holds. Spells do not say which reasons arrive and leave. `collect_evidence` comes first.
    Vectors that could not be made are left out.
    Raises EngineError where a worker fails.
    """
    vectors = tuple(vector for vector in followed(run) if not vector.negative)
    workers = run.plan.options.jobs
    jobs = years_jobs(run, vectors, Interval(start, end), parts=max(2 * workers, 1), moments=moments, told=False)
    listener.stage("moving through the years", len(jobs))
    found: dict[tuple[str, str], Course] = {}
    with uncollected():
        for _, result in run_jobs(run_years, jobs, workers=workers, timeout=YEARS_SECONDS):
            if isinstance(result, Failure):
                raise EngineError(f"the years could not be followed: {result.what}")
            listener.step("")
            found.update({(course.vector, course.relying): course for course in result})
    order = {vector.vector: number for number, vector in enumerate(vectors)}
    return tuple(sorted(found.values(), key=lambda course: (order[course.vector], course.relying)))


def followed(run: Run) -> tuple[Followed, ...]:
    """The positives and negatives of a run that could be made, in the order of the plan."""
    return tuple(
        Followed(
            vector=spec.id,
            facts=run.observations[spec.id].facts,
            document=spec.case.document,
            rely=spec.case.rely,
            opaque=spec.identity.opaque,
            negative=spec.case.expectation.expect is Expect.REJECT,
        )
        for spec in run.plan.specs
        if spec.id in run.observations and (spec.case.positive or spec.case.expectation.expect is Expect.REJECT)
    )


def years_jobs(
    run: Run,
    vectors: Sequence[Followed],
    years: Interval,
    *,
    parts: int,
    moments: tuple[datetime, ...] | None = None,
    told: bool = True,
) -> tuple[YearsJob, ...]:
    """At most so many shares of the work, none empty. The vectors of one signer stay together: their certificates, status and
    algorithms are looked at once."""
    bench = run.bench()
    knowledge = replace(bench.knowledge, through=years)
    own: dict[str, list[Followed]] = {}
    for vector in vectors:
        own.setdefault(vector.signer, []).append(vector)
    shares: list[list[Followed]] = [[] for _ in range(parts)]
    for signer in sorted(own, key=lambda name: (-len(own[name]), name)):
        min(shares, key=len).extend(own[signer])
    return tuple(
        YearsJob(
            world=bench.world,
            suites=bench.suites,
            knowledge=knowledge,
            names=bench.names,
            vectors=tuple(share),
            relying=tuple(provider.id for provider in run.plan.relying),
            years=years,
            moments=moments,
            told=told,
        )
        for share in shares
        if share
    )


def vector_courses(bench: Bench, vector: Followed, parties: tuple[Provider, ...], job: YearsJob) -> Iterator[Course]:
    """The course of one vector at each of the parties."""
    readings = bench.read(vector.facts)

    def judge(relying: Provider, at: datetime) -> Judgement:
        return bench.judge(vector.facts, relying, at, document=vector.document, rely=vector.rely, readings=readings)

    for relying in parties:
        column = Column(diagonal=vector.signer == relying.id)
        spells: list[Spell] = []
        judged = 0
        last: Judgement | None = None
        at = _next(job, job.years.start)
        while at is not None:
            judgement = judge(relying, at)
            judged += 1
            holds = intersect(verdict.holds for verdict in judgement.verdicts)
            if vector.negative and not _accepted(judgement):
                holds = Interval(at, _refused_until(judgement))
            following = _next(job, holds.end)
            spell = _spell(judgement, Interval(at, following or job.years.end), column, opaque=vector.opaque)
            if job.told and last is not None and spells[-1].says() != spell.says():
                if vector.negative and job.moments is None:  # what it was just before was passed over
                    last = judge(relying, at - TICK)
                spell = _with_difference(spell, last, judgement)
            _join(spells, spell)
            last, at = judgement, following
        yield Course(vector=vector.vector, relying=relying.id, spells=tuple(spells), judged=judged)


def _accepted(judgement: Judgement) -> bool:
    return judgement.verdict is not None and judgement.verdict.accepted


def _refused_until(judgement: Judgement) -> datetime | None:
    """How long it surely stays refused; None: for good. One layer that blocks suffices for a signature, and that of agreement never does.

    Whichever signatures count, a file that is refused has refused signatures among them, and stays refused as long as all of those do.
    """
    ends = [_end_of_refusal(verdict) for verdict in judgement.verdicts if not verdict.accepted]
    return min((end for end in ends if end is not None), default=None)


def _end_of_refusal(verdict: Verdict) -> datetime | None:
    ends = [layer.holds.end for layer in verdict.layers if layer.blocks and layer.layer is not Layer.AGREEMENT]
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) and known else None


def _next(job: YearsJob, at: datetime | None) -> datetime | None:
    """The first time asked about from `at` on, within the years."""
    if at is None:
        return None
    if job.moments is not None:
        place = bisect_left(job.moments, at)
        at = job.moments[place] if place < len(job.moments) else None
    return at if at is not None and at in job.years else None


def _spell(judgement: Judgement, span: Interval, column: Column, *, opaque: bool) -> Spell:
    state = vector_state((judgement,), column=column, opaque=opaque)
    verdict = judgement.verdict
    if verdict is None:
        return Spell(span=span, accepted=False, promised=False, attained=None, first_block=None, state=state)
    codes = (cause.code for layer in verdict.layers if layer.blocks for cause in layer.causes)
    return Spell(
        span=span,
        accepted=verdict.accepted,
        promised=verdict.promised,
        attained=str(verdict.level.attained),
        first_block=verdict.first_block,
        state=state,
        agreement=verdict.agreement,
        reasons=tuple(dict.fromkeys(codes)),
    )


def _with_difference(spell: Spell, before: Judgement, after: Judgement) -> Spell:
    """The spell, with the reasons that were not there before and those that are there no longer."""
    one, other = _causes(before), _causes(after)
    return replace(spell, arrived=_without(other, one), left=_without(one, other))


def _causes(judgement: Judgement) -> dict[tuple[str, str], Cause]:
    """Every reason of the verdict that counts. Recognition says at which time it asked: there a reason that stays is the same whatever
    else it says, but for paths, where it is about one certificate or another."""
    found: dict[tuple[str, str], Cause] = {}
    for layer in () if judgement.verdict is None else judgement.verdict.layers:
        for cause in layer.causes:
            timeless = layer.layer not in RECOGNITION or cause.code.startswith("trust.path-")
            found.setdefault((cause.code, cause.detail if timeless else ""), cause)
    return found


def _without(causes: Mapping[tuple[str, str], Cause], others: Mapping[tuple[str, str], Cause]) -> tuple[Cause, ...]:
    return tuple(cause for key, cause in causes.items() if key not in others)


def _join(spells: list[Spell], spell: Spell) -> None:
    """Append, or lengthen the last where it says the same."""
    if spells and spells[-1].says() == spell.says():
        last = spells.pop()
        spell = replace(last, span=Interval(last.span.start, spell.span.end))
    spells.append(spell)


def unmade(vector: str, relying: str, years: Interval) -> Course:
    """The course of a vector that could not be made: an error whenever it is asked for, hence undetermined."""
    nothing = Spell(
        span=years,
        accepted=False,
        promised=False,
        attained=None,
        first_block=None,
        state=GroupState.UNDETERMINED,
    )
    return Course(vector=vector, relying=relying, spells=(nothing,), judged=0)
