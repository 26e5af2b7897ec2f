"""Moving the validation time through years: answers are asked for again only where they end, and stand in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from core_run import Core, run_with
from hypothesis import given, settings
from hypothesis import strategies as st

from interop.model.instant import Interval, parse_instant
from interop.run.execute import Run, publish
from interop.run.years import Course, collect_evidence, courses, run_years, years_jobs
from interop.run.years import followed as every

FIRST, LAST = parse_instant("2026-03-02"), parse_instant("2046-03-02")
SIGNERS = ("cn-gov-gm", "eu-qtsp-natural", "hk-recognised")
RELYING = ("cn-gov-gm", "eu-qtsp-natural", "gd-hk-scheme", "hk-recognised")


def fresh(folder: Path) -> Run:
    return run_with(folder, signers=SIGNERS, relying=RELYING, expression="pdf-b-b or pdf-b-t or xml-b-t or pdf-b-lta")


@cache
def _followed(folder: Path) -> tuple[Run, tuple[Course, ...]]:
    run = fresh(folder)
    assert collect_evidence(run, (FIRST, LAST)) > 0
    return run, courses(run, FIRST, LAST)


@pytest.fixture(scope="module")
def followed(core: Core) -> tuple[Run, tuple[Course, ...]]:
    return _followed(core.cache)


def test_every_pair_has_a_course_without_gaps(followed: tuple[Run, tuple[Course, ...]]) -> None:
    run, found = followed
    positives = [spec.id for spec in run.plan.specs if spec.case.positive]
    assert [(c.vector, c.relying) for c in found] == [(v, r) for v in positives for r in sorted(RELYING)]
    for course in found:
        assert course.spells[0].span.start == FIRST
        assert course.spells[-1].span.end == LAST
        for before, after in pairwise(course.spells):
            assert before.span.end == after.span.start
            assert before.says() != after.says()
        assert course.judged >= len(course.spells)


def test_signatures_without_proof_end_with_their_certificate(followed: tuple[Run, tuple[Course, ...]]) -> None:
    """EN 319 102-1 clause 5.2.6: at home a B-B signature is accepted until the signer's certificate has expired, and no longer."""
    run, found = followed
    seen = 0
    for course in found:
        signer, _, rest = course.vector.partition(".")
        if course.relying != signer or "/b-b/" not in course.vector:
            continue
        provider = run.plan.world.provider(signer)
        certificate = provider.certificate(provider.identity(rest.partition("/")[0]).certificate)
        ends = [spell.span.end for spell in course.spells if spell.accepted]
        assert ends == [certificate.not_after + timedelta(microseconds=1)], course.vector
        seen += 1
    assert seen


def test_moments_are_answered_as_the_exact_course_says(followed: tuple[Run, tuple[Course, ...]]) -> None:
    run, found = followed
    moments = tuple(FIRST.replace(year=2026 + n) for n in range(20))
    for exact, coarse in zip(found, courses(run, FIRST, LAST, moments=moments), strict=True):
        assert coarse.judged <= min(len(moments), exact.judged)
        for at in moments:
            assert said(coarse, at) == said(exact, at), (coarse.vector, coarse.relying, at)


def test_joined_spans_hide_nothing(followed: tuple[Run, tuple[Course, ...]]) -> None:
    """Answers that are the same whatever is not known beside them are asked for once; asked for again, they say the same."""
    run, found = followed
    vectors = tuple(vector for vector in every(run) if not vector.negative)
    (job,) = years_jobs(run, vectors, Interval(FIRST, LAST), parts=1, told=False)
    apart = run_years(replace(job, knowledge=replace(job.knowledge, through=None)))
    one, other = ({(c.vector, c.relying): c for c in courses} for courses in (found, apart))
    assert {key: course.spells for key, course in one.items()} == {key: course.spells for key, course in other.items()}
    assert sum(course.judged for course in found) < sum(course.judged for course in apart)


def said(course: Course, at: datetime) -> tuple[object, ...]:
    (spell,) = [spell for spell in course.spells if at in spell.span]
    return spell.says()


@settings(max_examples=12, deadline=None)
@given(seconds=st.integers(0, int((LAST - FIRST).total_seconds()) - 1))
def test_a_run_at_any_time_says_what_the_course_says(core: Core, seconds: int) -> None:
    """The law that spans are for: publish the status answers of that very time alone, judge, and the same comes out."""
    _, found = _followed(core.cache)
    at = FIRST + timedelta(seconds=seconds)
    other = fresh(core.cache)
    publish(other, at)
    bench = other.bench()
    specs = other.specs
    for course in found:
        spec = specs[course.vector]
        verdict = bench.judge(
            other.observations[course.vector].facts,
            other.plan.world.provider(course.relying),
            at,
            document=spec.case.document,
            rely=spec.case.rely,
        ).verdict
        assert verdict is not None
        spell = next(spell for spell in course.spells if at in spell.span)
        assert (spell.accepted, spell.attained, spell.first_block) == (
            verdict.accepted,
            str(verdict.level.attained),
            verdict.first_block,
        ), (course.vector, course.relying, at)
