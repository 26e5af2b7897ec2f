"""The timeline as it is read, from fixed values: many cells and one cell, in both languages.

After a change that is wanted, write the pages again and read the difference:

    INTEROP_WRITE_SNAPSHOTS=1 .venv/bin/pytest tests/report/test_timeline_page.py && git diff tests/report/timeline
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from report_values import printed
from rich.cells import cell_len

from interop.matrix.events import events
from interop.model.matrix import CellLevel
from interop.model.outcome import CellVerdict, Conformity, GroupState
from interop.model.text import Lang, Text
from interop.model.timeline import (
    CellChange,
    CellCourse,
    CellSpell,
    GroupChange,
    GroupPoint,
    Timeline,
    Turn,
    TurnKind,
)
from interop.report.timeline import print_timeline

PAGES = Path(__file__).parent / "timeline"
FIRST, LAST = datetime(2026, 3, 2, tzinfo=UTC), datetime(2036, 3, 2, tzinfo=UTC)
EXPIRY = datetime(2027, 6, 1, tzinfo=UTC) + timedelta(microseconds=1)
REPEAL = datetime(2028, 1, 1, tzinfo=UTC)
SUNSET = datetime(2028, 12, 31, 23, tzinfo=UTC)
RED = "\x1b[31m"
TITLES = {
    "north-south": Text(en="Memorandum of North and South", zh="南北备忘录"),
    "suite-one": Text(en="Catalogue One", zh="套件一"),
}
SIGNER = Turn(kind=TurnKind.CERTIFICATE_END, whose="north", what="north:signer", name=f"TEST {RED}Ada", role="signer")
MEMORANDUM = Turn(
    kind=TurnKind.AGREEMENT_REPEAL, whose="north-south", name="notice of that day", source="gazette, article 7"
)
SUITE = (
    Turn(kind=TurnKind.ALGORITHM_END, whose="suite-one", what="RSA", source="Catalogue One, edition 3"),
    Turn(kind=TurnKind.ALGORITHM_END, whose="suite-one", what="rsa-sha256", source="Catalogue One, edition 3"),
)
ANSWERS = Turn(kind=TurnKind.EVIDENCE, whose="north", what="north/crl/issuing", name="TEST Ada", role="signer")

GOOD = GroupPoint(state=GroupState.ACCEPTED, promised=True, agreement="north-south", attained="L3")
UNPROMISED = GroupPoint(state=GroupState.ACCEPTED, promised=False, agreement=None, attained="L2")
VALID = GroupPoint(state=GroupState.BLOCKED_RECOGNITION, promised=False, agreement=None, attained="L2")
OPEN = GroupPoint(state=GroupState.UNDETERMINED, promised=True, agreement="north-south", attained="L3")
DEAD = GroupPoint(state=GroupState.UNDETERMINED, promised=False, agreement=None, attained="L2")


def spell(
    since: datetime, until: datetime, verdict: CellVerdict, conformity: Conformity, *, attained: str, accepted: int
) -> CellSpell:
    level = CellLevel(claimed="L3", attained=attained, required="L2")
    return CellSpell(
        since=since, until=until, verdict=verdict, conformity=conformity, level=level, accepted=accepted, supported=2
    )


def moved(name: str, before: GroupPoint, after: GroupPoint, arrived: str = "", left: str = "") -> GroupChange:
    return GroupChange(
        group=f"natural/pades/{name}",
        before=before,
        after=after,
        arrived=tuple(arrived.split()),
        left=tuple(left.split()),
    )


def recognised(relying: str) -> CellCourse:
    """Recognised; then B-B ends with the certificate, the promise with the memorandum, B-T with the suite."""
    cell = f"north:{relying}"
    spells = (
        spell(FIRST, EXPIRY, CellVerdict.RECOGNISED, Conformity.AS_PROMISED, attained="L3", accepted=2),
        spell(EXPIRY, REPEAL, CellVerdict.PARTIAL, Conformity.AS_PROMISED, attained="L3", accepted=1),
        spell(REPEAL, SUNSET, CellVerdict.OVER_RECOGNISED, Conformity.ABOVE_PROMISE, attained="L2", accepted=1),
        spell(SUNSET, LAST, CellVerdict.INCONCLUSIVE, Conformity.NO_PROMISE, attained="L2", accepted=0),
    )
    groups = (
        (moved("b-b", GOOD, OPEN, "time.certificate-out-of-bounds"),),
        (moved("b-b", OPEN, DEAD), moved("b-t", GOOD, UNPROMISED, "agreement.no-longer-in-force")),
        (moved("b-t", UNPROMISED, DEAD, "algorithm.expired-no-poe", "algorithm.legacy"),),
    )
    why = ((SIGNER,), (MEMORANDUM,), SUITE)
    return CellCourse(
        cell=cell,
        spells=spells,
        groups={"natural/pades/b-b": GOOD, "natural/pades/b-t": GOOD},
        changes=tuple(
            CellChange(at=after.since, cell=cell, before=before, after=after, groups=changed, why=turns)
            for before, after, changed, turns in zip(spells[:-1], spells[1:], groups, why, strict=True)
        ),
    )


def refused(relying: str) -> CellCourse:
    """Not recognised; on the expiry a single group is undetermined, and the cell reads the same."""
    cell = f"north:{relying}"
    one = spell(FIRST, EXPIRY, CellVerdict.VALID_NOT_RECOGNISED, Conformity.NO_PROMISE, attained="L2", accepted=0)
    other = spell(EXPIRY, LAST, CellVerdict.VALID_NOT_RECOGNISED, Conformity.NO_PROMISE, attained="L2", accepted=0)
    groups = (moved("b-b", VALID, DEAD, "revocation.issued-after-expiry"),)
    return CellCourse(
        cell=cell,
        spells=(one, other),
        groups={"natural/pades/b-b": VALID, "natural/pades/b-t": VALID},
        changes=(CellChange(at=EXPIRY, cell=cell, before=one, after=other, groups=groups, why=(ANSWERS,)),),
    )


def still() -> CellCourse:
    same = spell(FIRST, LAST, CellVerdict.RECOGNISED, Conformity.AS_PROMISED, attained="L3", accepted=2)
    return CellCourse(cell="south:south", spells=(same,), groups={"natural/pades/b-b": GOOD}, changes=())


def timeline(*cells: CellCourse) -> Timeline:
    return Timeline(
        set="core", signing=datetime(2026, 3, 1, tzinfo=UTC), since=FIRST, until=LAST, cells=cells, events=events(cells)
    )


MANY = timeline(*(recognised(f"south-{n}") for n in range(1, 9)), refused("west"), refused("east"), still())
SHOWN = {"many": MANY, "one": timeline(recognised("south-1")), "still": timeline(still())}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page", SHOWN)
def test_page(page: str, lang: Lang) -> None:
    text = printed(lambda console: print_timeline(SHOWN[page], console, lang, titles=TITLES), 80)
    path = PAGES / f"{page}-{lang}.txt"
    if os.environ.get("INTEROP_WRITE_SNAPSHOTS"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{path.name} differs; see the head of {Path(__file__).name}"
    assert all(cell_len(line) <= 80 and line == line.rstrip() for line in text.splitlines())
    assert "\x1b" not in text


def test_there_is_no_page_that_nothing_holds() -> None:
    assert {path.name for path in PAGES.iterdir()} == {f"{page}-{lang}.txt" for page in SHOWN for lang in ("en", "zh")}


def test_where_nothing_changes_among_many_it_says_so() -> None:
    text = printed(lambda console: print_timeline(timeline(still(), still()), console, titles={}), 80)
    assert "2 cells, none changes" in text


def test_every_cell_is_named_on_request() -> None:
    few, every = (
        printed(lambda console: print_timeline(MANY, console, titles=TITLES, every=every), 80)  # noqa: B023 - called at once
        for every in (False, True)
    )
    assert "south-8" not in few
    assert "south-8" in every


@pytest.mark.parametrize("width", [40, 60, 200])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_fits_every_terminal(width: int, lang: Lang) -> None:
    text = printed(lambda console: print_timeline(MANY, console, lang, titles=TITLES), width)
    assert all(cell_len(line) <= width for line in text.splitlines())


def test_ascii() -> None:
    text = printed(lambda console: print_timeline(MANY, console, titles=TITLES), 80, encoding="ascii")
    assert text.isascii()


@pytest.mark.parametrize("kind", TurnKind)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_everything_that_happens_has_words(kind: TurnKind, lang: Lang) -> None:
    from interop.report.turns import causes

    (line, *_) = causes([Turn(kind=kind, whose="north-south", what="north:thing")], (), lang, TITLES)
    assert "north" in line
    assert "{" not in line
