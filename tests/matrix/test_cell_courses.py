"""From courses of vectors to a cell, and from reasons to what explains them: hand-made values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from interop.matrix.events import events
from interop.matrix.timeline import Course, GroupCourse, Spell, cell_course
from interop.matrix.turns import turns_of
from interop.model.assurance import AssuranceLevel
from interop.model.instant import Interval
from interop.model.layers import Cause, Layer
from interop.model.outcome import CellVerdict, Conformity, GroupState
from interop.model.timeline import CellCourse, Dated, Turn, TurnKind

L3 = AssuranceLevel.L3


def year(number: int) -> datetime:
    return datetime(number, 1, 1, tzinfo=UTC)


YEARS = Interval(year(2026), year(2036))
EXPIRED = Cause(code="time.certificate-out-of-bounds", detail="CN=TEST Signer: expired 2030")
GONE = Cause(code="agreement.no-longer-in-force", detail="north-south: repealed 2028")


def spell(begin: int, end: int, *, accepted: bool = True, promised: bool = True, **given: object) -> Spell:
    values: dict[str, object] = {
        "attained": "L3",
        "first_block": None if accepted else Layer.TIME,
        "state": GroupState.ACCEPTED if accepted else GroupState.BLOCKED_TECHNICAL,
        "agreement": "north-south" if promised else None,
    }
    return Spell(span=Interval(year(begin), year(end)), accepted=accepted, promised=promised, **{**values, **given})  # type: ignore[arg-type]


def course(*spells: Spell, vector: str = "north.person/pades/b-b/contract") -> Course:
    return Course(vector=vector, relying="south", spells=spells, judged=len(spells))


def group(*courses: Course, name: str = "person/pades/b-b") -> GroupCourse:
    return GroupCourse(name=name, claimed=L3, courses=courses)


def cell(
    *groups: GroupCourse, dated: Mapping[datetime, Dated] | None = None, negatives: tuple[Course, ...] = ()
) -> CellCourse:
    known = {} if dated is None else dated
    return cell_course(
        "north:south",
        groups,
        years=YEARS,
        floor=AssuranceLevel.L2,
        dated=lambda _, at: [known[at]] if at in known else [],
        negatives=negatives,
    )


def dated(number: int, kind: TurnKind, mark: str, *fits: str, whose: str = "north") -> Dated:
    return Dated(at=year(number), turn=Turn(kind=kind, whose=whose, what=mark), fits=fits, marks=(mark,))


END = dated(2030, TurnKind.CERTIFICATE_END, "CN=TEST Signer", "time.", "chain.")
REPEAL = dated(2028, TurnKind.AGREEMENT_REPEAL, "north-south", "agreement.", whose="north-south")


def test_a_cell_that_never_changes_has_one_spell() -> None:
    found = cell(group(course(spell(2026, 2036))))
    (only,) = found.spells
    assert (only.since, only.until) == (year(2026), year(2036))
    assert (only.verdict, only.conformity) == (CellVerdict.RECOGNISED, Conformity.AS_PROMISED)
    assert found.changes == ()


def test_the_end_of_a_certificate_is_named_where_its_reason_names_it() -> None:
    accepted, refused = spell(2026, 2030), spell(2030, 2036, accepted=False, arrived=(EXPIRED,))
    found = cell(group(course(accepted, refused)), dated={year(2030): END})
    (change,) = found.changes
    assert change.at == year(2030)
    assert (change.before.verdict, change.after.verdict) == (CellVerdict.RECOGNISED, CellVerdict.NOT_RECOGNISED)
    assert (change.before.conformity, change.after.conformity) == (Conformity.AS_PROMISED, Conformity.BELOW_PROMISE)
    assert change.why == (END.turn,)
    (moved,) = change.groups
    assert (moved.group, moved.arrived, moved.left) == ("person/pades/b-b", ("time.certificate-out-of-bounds",), ())
    assert change.shows


def test_a_repeal_takes_the_promise_and_leaves_the_acceptance() -> None:
    before, after = spell(2026, 2028), spell(2028, 2036, promised=False, arrived=(GONE,))
    (change,) = cell(group(course(before, after)), dated={year(2028): REPEAL}).changes
    assert change.after.verdict is CellVerdict.OVER_RECOGNISED
    assert change.after.conformity is Conformity.ABOVE_PROMISE
    assert change.why == (REPEAL.turn,)


def test_a_group_is_accepted_only_as_long_as_all_its_cases_are() -> None:
    one = course(spell(2026, 2030), spell(2030, 2036, accepted=False, arrived=(EXPIRED,)))
    other = course(spell(2026, 2028), spell(2028, 2036, accepted=False, arrived=(EXPIRED,)), vector="north.person/x")
    found = cell(group(one, other))
    assert [change.at for change in found.changes] == [year(2028)]  # by 2030 the group is refused already


def test_two_groups_make_a_cell_partial_before_it_ends() -> None:
    lasting = group(course(spell(2026, 2032), spell(2032, 2036, accepted=False)), name="person/pades/b-lta")
    short = group(course(spell(2026, 2030), spell(2030, 2036, accepted=False)))
    found = cell(lasting, short)
    assert [s.verdict for s in found.spells] == [
        CellVerdict.RECOGNISED,
        CellVerdict.PARTIAL,
        CellVerdict.NOT_RECOGNISED,
    ]
    assert [(s.accepted, s.supported) for s in found.spells] == [(2, 2), (1, 2), (0, 2)]


def test_only_a_group_changes_where_the_cell_reads_the_same() -> None:
    always = group(course(spell(2026, 2036, accepted=False)), name="person/xades/b-b")
    moving = group(
        course(
            spell(2026, 2030, accepted=False, state=GroupState.BLOCKED_RECOGNITION),
            spell(2030, 2036, accepted=False, state=GroupState.BLOCKED_RECOGNITION, attained="L4"),
        )
    )
    (change,) = cell(always, moving).changes
    assert not change.shows
    assert [moved.group for moved in change.groups] == ["person/pades/b-b"]


def test_a_negative_that_is_accepted_makes_the_cell_unsafe() -> None:
    wrong = course(spell(2026, 2029, accepted=False), spell(2029, 2036), vector="north.person/pades/b-b/tampered")
    found = cell(group(course(spell(2026, 2036))), negatives=(wrong,))
    (change,) = found.changes
    assert (change.at, change.after.verdict, change.groups) == (year(2029), CellVerdict.UNSAFE, ())


def test_years_without_an_end_are_refused() -> None:
    with pytest.raises(ValueError, match="begin and end"):
        cell_course("north:south", [], years=Interval(year(2026)), floor=L3, dated=lambda _, __: [])


def test_of_several_things_on_a_date_the_one_that_a_reason_names_explains_it() -> None:
    other = dated(2030, TurnKind.CERTIFICATE_END, "CN=TEST Somebody else", "time.")
    assert turns_of([EXPIRED], [other, END]) == (END.turn,)


def test_without_a_name_all_that_could_touch_the_reason_are_said() -> None:
    bare = Cause(code="time.certificate-out-of-bounds")
    suite = dated(2030, TurnKind.ALGORITHM_END, ": RSA", "algorithm.")
    assert turns_of([bare], [suite, END]) == (END.turn,)


def test_where_nothing_could_no_cause_is_guessed() -> None:
    assert turns_of([EXPIRED], [REPEAL]) == (Turn(kind=TurnKind.OTHER, name="time.certificate-out-of-bounds"),)
    assert turns_of([], []) == (Turn(kind=TurnKind.OTHER),)


def test_status_answers_are_said_only_where_nothing_else_happens() -> None:
    answers = dated(2030, TurnKind.EVIDENCE, "CN=TEST Signer", "time.")
    assert turns_of([EXPIRED], [answers, END]) == (END.turn,)
    assert turns_of([EXPIRED], [answers]) == (answers.turn,)


def test_another_instrument_that_takes_over_is_named() -> None:
    better = dated(2030, TurnKind.AGREEMENT_START, "south-law", "agreement.", whose="south-law")
    assert turns_of([], [better], instruments={"north-south", "south-law"}) == (better.turn,)


def _moving(name: str, at: int, *why: Turn) -> CellCourse:
    """A cell that ends on a date for given reasons."""
    own = {year(at): Dated(at=year(at), turn=turn, fits=("time.",), marks=("CN=TEST Signer",)) for turn in why}
    ended = course(spell(2026, at), spell(at, 2036, accepted=False, arrived=(EXPIRED,)))
    return cell_course(name, [group(ended)], years=YEARS, floor=L3, dated=lambda _, on: [own[on]])


def test_one_cause_for_many_cells_is_one_event() -> None:
    natural = Turn(kind=TurnKind.CERTIFICATE_END, whose="north", what="north:natural", role="signer")
    seal = Turn(kind=TurnKind.CERTIFICATE_END, whose="north", what="north:seal", role="signer")
    other = Turn(kind=TurnKind.CERTIFICATE_END, whose="east", what="east:natural", role="signer")
    cells = [
        _moving("north:south", 2030, natural),
        _moving("north:west", 2030, seal),
        _moving("north:east", 2031, natural),
        _moving("east:south", 2030, other),
    ]
    told = [(event.at.year, event.cells, event.why) for event in events(cells)]
    assert told == [
        (2030, ("east:south",), (other,)),
        (2030, ("north:south", "north:west"), (natural, seal)),
        (2031, ("north:east",), (natural,)),
    ]


def test_what_nobody_can_explain_is_told_apart_by_its_reasons() -> None:
    one, two = (Turn(kind=TurnKind.OTHER, name=code) for code in ("chain.a", "chain.b"))
    assert len(events([_moving("a:b", 2030, one), _moving("a:c", 2030, two), _moving("a:d", 2030, one)])) == 2
