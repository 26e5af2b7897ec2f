"""The timeline of shipped providers: between two changes a cell is what a run at that time makes of it, and every change has its reason."""

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

from interop.model.errors import UsageError
from interop.model.instant import format_instant, parse_instant
from interop.model.outcome import GroupState
from interop.model.timeline import Timeline, Turn, TurnKind
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


def differing(core: Core, at: datetime) -> list[str]:
    """Cells of which a run at that time (the status answers of that very time alone, all judged afresh) says something else."""
    run = _run(core.cache)
    fresh = Run(replace(run.plan, validation=at))
    fresh.recipes, fresh.observations, fresh.failures = run.recipes, run.observations, run.failures
    publish(fresh, at)
    for observation in fresh.observations.values():
        fresh.linker.add_objects(observation.objects, observation.kinds)
    matrix, found = matrix_of(fresh), []
    for course in _followed(core.cache).cells:
        (spell,) = [spell for spell in course.spells if spell.since <= at < spell.until]
        cell = matrix.cells[course.cell]
        accepted = sum(group.state is GroupState.ACCEPTED for group in cell.groups.values())
        said = (spell.verdict, spell.conformity, spell.level, spell.accepted)
        if said != (cell.verdict, cell.conformity, cell.level, accepted):
            found.append(course.cell)
    return found


@settings(max_examples=8, deadline=None)
@given(seconds=st.integers(0, int((LAST - FIRST).total_seconds()) - 1))
def test_a_run_at_any_time_says_what_the_timeline_says(core: Core, seconds: int) -> None:
    """The law of spans."""
    assert not differing(core, FIRST + timedelta(seconds=seconds))


AROUND = (timedelta(seconds=-1), timedelta(seconds=1), timedelta(days=1), timedelta(days=6))
"""A CRL comes every day and lasts a week, an OCSP answer lasts a day: whether services were asked again shows in between."""


@pytest.mark.parametrize("role", ["signer", "ca", "tsa", "ocsp"])
def test_a_run_around_the_end_of_a_certificate_says_what_the_timeline_says(core: Core, role: str) -> None:
    """RFC 6960 section 4.4.4, RFC 5280 section 5: what is issued after a certificate ended need not know it any more."""
    world = _run(core.cache).plan.world
    ends = {
        min((spec.not_after for spec in world.provider(name).certificates if spec.role == role), default=LAST)
        for name in SIGNERS
    }
    probes = sorted(at for end in ends for by in AROUND if FIRST <= (at := end + by) < LAST)
    assert probes
    assert {format_instant(at): cells for at in probes if (cells := differing(core, at))} == {}


def test_a_run_around_a_change_says_what_the_timeline_says(core: Core, followed: Timeline) -> None:
    changes = sorted({change.at for course in followed.cells for change in course.changes})
    probes = sorted({at for change in changes for by in AROUND if FIRST <= (at := change + by) < LAST})
    assert {format_instant(at): cells for at in probes if (cells := differing(core, at))} == {}


def test_years_that_begin_between_an_end_and_the_next_issue_say_the_same(core: Core, followed: Timeline) -> None:
    """A certificate ended at midnight, the next CRL comes a day later, and the years begin at noon."""
    start, end = parse_instant("2027-06-01T12:00:00Z"), parse_instant("2027-07-01")
    expected = {course.cell: [c.at for c in course.changes if start < c.at < end] for course in followed.cells}
    assert any(expected.values())
    later = follow_cells(run_with(core.cache, signers=SIGNERS, relying=RELYING), start, end)
    assert {course.cell: [change.at for change in course.changes] for course in later.cells} == expected


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
