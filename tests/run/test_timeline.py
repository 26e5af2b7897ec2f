"""The timeline of shipped providers: between two changes a cell is what a run at that time makes of it, and every change has its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from core_run import Core, run_with
from hypothesis import given, settings
from hypothesis import strategies as st

from interop.model.errors import UsageError
from interop.model.instant import format_instant, parse_instant
from interop.model.timeline import CellCourse, CellSpell, Timeline, Turn, TurnKind
from interop.run.execute import Run, publish
from interop.run.measure import matrix_of
from interop.run.timeline import follow_cells, years_on

FIRST, LAST = parse_instant("2026-03-02"), parse_instant("2046-03-02")
SIGNERS = ("cn-gov-gm", "eu-qtsp-natural", "hk-recognised")
RELYING = ("cn-gov-gm", "eu-qtsp-natural", "gd-hk-scheme", "hk-recognised")
TICK = timedelta(microseconds=1)


@cache
def _run(folder: Path) -> Run:
    return run_with(folder, signers=SIGNERS, relying=RELYING)


@cache
def _followed(folder: Path) -> Timeline:
    return follow_cells(run_with(folder, signers=SIGNERS, relying=RELYING), FIRST, LAST)


@pytest.fixture(scope="module")
def followed(core: Core) -> Timeline:
    return _followed(core.cache)


def at_rest(course: CellCourse, seconds: int) -> CellSpell:
    at = FIRST + timedelta(seconds=seconds)
    (spell,) = [spell for spell in course.spells if spell.since <= at < spell.until]
    return spell


def turns(timeline: Timeline, kind: TurnKind) -> dict[Turn, set[str]]:
    """What explains changes -> instants."""
    found: dict[Turn, set[str]] = {}
    for course in timeline.cells:
        for change in course.changes:
            for turn in change.why:
                if turn.kind is kind:
                    found.setdefault(turn, set()).add(format_instant(change.at))
    return found


def test_every_cell_has_a_course_without_gaps(followed: Timeline) -> None:
    assert [course.cell for course in followed.cells] == [f"{s}:{r}" for s in SIGNERS for r in RELYING]
    for course in followed.cells:
        assert (course.spells[0].since, course.spells[-1].until) == (FIRST, LAST)
        assert len(course.changes) == len(course.spells) - 1
        for (before, after), change in zip(pairwise(course.spells), course.changes, strict=True):
            assert before.until == after.since == change.at
            assert (change.before, change.after) == (before, after)
            assert change.why


@settings(max_examples=8, deadline=None)
@given(seconds=st.integers(0, int((LAST - FIRST).total_seconds()) - 1))
def test_a_run_at_any_time_says_what_the_timeline_says(core: Core, seconds: int) -> None:
    """The law: publish the status answers of that very time alone, judge all cells afresh, and the same comes out."""
    at = FIRST + timedelta(seconds=seconds)
    run = _run(core.cache)
    fresh = Run(replace(run.plan, validation=at))
    fresh.recipes, fresh.observations, fresh.failures = run.recipes, run.observations, run.failures
    publish(fresh, at)
    for observation in fresh.observations.values():
        fresh.linker.add_objects(observation.objects, observation.kinds)
    matrix = matrix_of(fresh)
    for course in _followed(core.cache).cells:
        spell, cell = at_rest(course, seconds), matrix.cells[course.cell]
        assert (spell.verdict, spell.conformity, spell.level) == (cell.verdict, cell.conformity, cell.level), (
            course.cell
        )


def test_changes_of_groups_lead_from_one_point_to_the_next(followed: Timeline) -> None:
    for course in followed.cells:
        now = dict(course.groups)
        for change in course.changes:
            for group in change.groups:
                assert now[group.group] == group.before != group.after
                now[group.group] = group.after


def test_certificates_end_when_their_profiles_say(core: Core, followed: Timeline) -> None:
    """RFC 5280 section 4.1.2.5: notAfter is the last instant of validity, so what follows is different one tick later."""
    world = core.run.plan.world
    found = turns(followed, TurnKind.CERTIFICATE_END)
    assert {turn.whose for turn in found} >= {"eu-qtsp-natural", "hk-recognised"}
    for turn, instants in found.items():
        provider, _, name = turn.what.partition(":")
        certificate = world.provider(provider).certificate(name)
        assert instants == {format_instant(certificate.not_after + TICK)}, turn


def test_rsa_sunsets_when_ts_119312_says(followed: Timeline) -> None:
    """ETSI TS 119 312 version 1.5.1, machine-readable file: rsa-sha256 until 2028-12-31T23:59:59.999+01:00 (PKCS#1 v1.5 is legacy).

    It ends cells of signers with such time-stamps at parties that rely on that suite; what was true until then is no longer proven."""
    found = turns(followed, TurnKind.ALGORITHM_END)
    assert {turn.whose for turn in found} == {"etsi-ts-119312"}
    assert all("TS 119 312" in turn.source for turn in found)
    (instants,) = [instants for turn, instants in found.items() if turn.what == "rsa-sha256"]
    assert instants == {"2028-12-31T23:00:00Z"}


def test_nothing_is_left_unexplained(followed: Timeline) -> None:
    assert not turns(followed, TurnKind.OTHER)


def test_every_change_is_in_one_event(followed: Timeline) -> None:
    told = [(event.at, cell) for event in followed.events for cell in event.cells]
    assert sorted(told) == sorted((change.at, change.cell) for c in followed.cells for change in c.changes)
    assert [event.at for event in followed.events] == sorted(event.at for event in followed.events)


def test_an_instrument_that_is_repealed_is_named(core: Core) -> None:
    """foreign-profiles.md 2.7: the act in force since 2020-12-10 replaced the one under which the arrangement stood (hypothetical, on)."""
    run = run_with(core.cache, signers=("jp-accredited",), relying=("kr-npki",))
    world = run.plan.world
    enabled = tuple(replace(a, enabled=True) if a.id == "kr-old-act-jp" else a for a in world.agreements)
    run.plan = replace(run.plan, world=replace(world, agreements=enabled))
    (course,) = follow_cells(run, parse_instant("2020-06-01"), parse_instant("2021-06-01")).cells
    (change,) = course.changes
    assert format_instant(change.at) == "2020-12-10T00:00:00Z"
    (turn,) = change.why
    assert (turn.kind, turn.whose) == (TurnKind.AGREEMENT_REPEAL, "kr-old-act-jp")
    assert "2.7" in turn.source
    assert "Act No. 17354" in turn.name
    assert {group.before.agreement for group in change.groups} == {"kr-old-act-jp"}
    assert {group.after.promised for group in change.groups} == {False}


def test_vectors_that_could_not_be_made_are_undetermined_throughout(core: Core) -> None:
    run = run_with(core.cache, signers=("cn-gov-gm",), relying=("cn-gov-gm",))
    for spec in run.plan.specs:
        if spec.case.positive:
            run.failures[spec.id] = "disk full"
            del run.observations[spec.id]
    (course,) = follow_cells(run, FIRST, LAST).cells
    assert [spell.verdict.value for spell in course.spells] == ["inconclusive"]


def test_workers_say_the_same_as_this_process(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interop.run.timeline._FEW", 0)
    run = run_with(core.cache, signers=SIGNERS[:2], relying=RELYING, jobs=2)
    expected = [course for course in _followed(core.cache).cells if not course.cell.startswith(SIGNERS[2])]
    assert list(follow_cells(run, FIRST, LAST).cells) == expected


def test_years_that_end_before_they_begin_are_refused(core: Core) -> None:
    with pytest.raises(UsageError, match=r"end .* before they begin"):
        follow_cells(_run(core.cache), LAST, FIRST)


@pytest.mark.parametrize(
    ("start", "years", "end"),
    [("2026-03-02", 10, "2036-03-02"), ("2028-02-29", 1, "2029-02-28"), ("2027-02-28", 1, "2028-02-28")],
)
def test_years_on(start: str, years: int, end: str) -> None:
    assert years_on(parse_instant(start), years) == parse_instant(end)


def test_the_calendar_ends() -> None:
    with pytest.raises(UsageError, match="9999"):
        years_on(parse_instant("9990-01-01"), 10)
