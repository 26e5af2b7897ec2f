"""Published suites of certification paths: every case agrees, or the difference is named with its reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from outside import data

from interop.model.conformance import ComparedCase, Difference, DifferenceKind, SuiteScore
from interop.model.errors import InputError
from interop.run.conformance import compare, load_differences
from interop.run.limbo import read_limbo
from interop.run.pkits import read_pkits

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@cache
def _pkits() -> SuiteScore:
    return compare("pkits", read_pkits(data("pkits")), load_differences("pkits"))


@cache
def _limbo() -> SuiteScore:
    return compare("limbo", read_limbo(data("limbo") / "limbo.json", NOW), load_differences("limbo"))


def _words(cases: list[ComparedCase]) -> list[tuple[str, bool, tuple[str, ...]]]:
    return [(case.id, case.accepted, case.against) for case in cases]


def test_pkits_is_all_there_and_two_cases_differ() -> None:
    score = _pkits()
    assert len(score.cases) == 246
    assert sum(not case.expected for case in score.cases) == 136
    assert not _words([case for case in score.cases if case.unexplained or case.dangerous])
    assert sum(not case.agrees for case in score.cases) == 2
    assert not any(case.accepted for case in score.cases if not case.agrees)


def test_limbo_differs_only_where_it_is_said() -> None:
    score = _limbo()
    assert len(score.cases) == 208
    assert not _words([case for case in score.cases if case.unexplained or case.dangerous])
    accepted = [case for case in score.cases if case.accepted and not case.expected]
    assert all(case.difference and case.difference.kind is DifferenceKind.WEB_ONLY for case in accepted)


@pytest.mark.parametrize("score", [_pkits, _limbo], ids=["pkits", "limbo"])
def test_every_entry_explains_something(score: object) -> None:
    assert callable(score)
    found: SuiteScore = score()
    used = {case.difference for case in found.cases if not case.agrees}
    assert used >= set(load_differences(found.suite))


def _case(*, expected: bool, accepted: bool, kind: DifferenceKind | None = None) -> ComparedCase:
    entry = None if kind is None else Difference(cases=("one",), kind=kind, why="because")
    return ComparedCase(id="one", expected=expected, accepted=accepted, difference=entry)


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (_case(expected=True, accepted=True), 0),
        (_case(expected=False, accepted=True), 4),
        (_case(expected=False, accepted=True, kind=DifferenceKind.STRICTER), 4),
        (_case(expected=False, accepted=True, kind=DifferenceKind.WEB_ONLY), 0),
        (_case(expected=True, accepted=False), 1),
        (_case(expected=True, accepted=False, kind=DifferenceKind.DISPUTED), 0),
        (_case(expected=True, accepted=True, kind=DifferenceKind.DISPUTED), 1),
    ],
)
def test_exit_codes(case: ComparedCase, code: int) -> None:
    assert SuiteScore(suite="made", cases=(case,)).exit_code() == code
    assert SuiteScore(suite="made", cases=()).exit_code() == 5


def test_the_expectation_never_reaches_the_judge() -> None:
    """Turned round, every expectation disagrees, and every answer stays what it is."""
    cases = read_pkits(data("pkits"))[:20]
    from dataclasses import replace

    plain = compare("pkits", cases, ())
    turned = compare("pkits", [replace(case, expected=not case.expected) for case in cases], ())
    assert [case.accepted for case in plain.cases] == [case.accepted for case in turned.cases]
    assert {case.agrees for case in turned.cases} == {not case.agrees for case in plain.cases}


def test_a_file_that_is_no_suite(tmp_path: Path) -> None:
    for text, what in (
        ("{", "no JSON"),
        ("[]", "no x509-limbo file"),
        ('{"testcases": [{"id": "a", "extended_key_usage": ["none-such"]}]}', r"testcases\[0\] \(a\)"),
    ):
        path = tmp_path / "limbo.json"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=what) as refused:
            read_limbo(path, NOW)
        assert str(path) in str(refused.value.message)
    with pytest.raises(InputError, match=r"pkits\.json"):
        read_pkits(tmp_path)
    (tmp_path / "pkits.json").write_text(json.dumps([{"name": "a", "cert": "missing.crt"}]), encoding="utf-8")
    with pytest.raises(InputError, match=r"\[0\]"):
        read_pkits(tmp_path)
