"""Pages of real cells, as they are read: one of each kind, in both languages, and one cell under changes.

After a change that is wanted, write them again and read the difference:

    INTEROP_WRITE_SNAPSHOTS=1 .venv/bin/pytest tests/run/test_explain_pages.py && git diff tests/run/pages
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from core_run import Core
from rich.cells import cell_len
from rich.console import Console

from interop.model.change import Change, ChangeKind
from interop.model.ids import CellId
from interop.model.layers import Layer
from interop.model.matrix import Matrix
from interop.model.outcome import CellVerdict, Conformity
from interop.model.reasons import catalogue
from interop.model.text import Lang
from interop.report.explained import print_cell
from interop.report.story import Told
from interop.run.execute import Run
from interop.run.explain import explain_cell
from interop.run.explain_change import explain_changed
from interop.run.measure import matrix_of

PAGES = Path(__file__).parent / "pages"
PARTIES = (
    "cn-gov-gm", "cn-licensed-sm2", "eu-qtsp-natural", "eu-qtsp-seal", "gd-hk-scheme", "global-aatl", "hk-recognised", "ua-dual",
    "us-fpki", "zz-pilot",
)  # fmt: skip
"""The pattern is that of these alone, so that a new provider changes no page."""
CELLS = {
    "recognised": "eu-qtsp-natural:zz-pilot",
    "partial": "zz-pilot:eu-qtsp-natural",
    "no-instrument": "us-fpki:eu-qtsp-natural",
    "algorithm": "cn-licensed-sm2:eu-qtsp-natural",
    "format": "cn-licensed-sm2:cn-gov-gm",
    "policy": "gd-hk-scheme:hk-recognised",
    "capped": "ua-dual:eu-qtsp-seal",
}
ARTICLE_26 = Change(kind=ChangeKind.ENABLE, subject="prc-art26-hk")


@dataclass(frozen=True)
class Pages:
    """Some parties of the core set."""

    run: Run
    matrix: Matrix

    def told(self, cell: str, *changes: Change) -> Told:
        asked = CellId.parse(cell)
        if changes:
            return explain_changed(self.run, self.matrix, asked, changes)
        return explain_cell(self.run, self.matrix, asked)


@pytest.fixture(scope="module")
def pages(core: Core) -> Pages:
    plan = core.run.plan
    run = core.run.seen_by(
        replace(
            plan,
            specs=tuple(spec for spec in plan.specs if spec.provider.id in PARTIES),
            relying=tuple(party for party in plan.world.providers if party.id in PARTIES),
        )
    )
    return Pages(run, matrix_of(run))


def shown(told: Told, lang: Lang = "en", width: int = 80) -> str:
    stream = io.StringIO()
    print_cell(told, Console(file=stream, width=width, color_system=None), lang)
    return stream.getvalue()


def held(name: str, told: Told) -> None:
    for lang in ("en", "zh"):
        path, text = PAGES / f"{name}-{lang}.txt", shown(told, lang)
        if os.environ.get("INTEROP_WRITE_SNAPSHOTS"):
            path.write_text(text, encoding="utf-8")
        assert all(cell_len(line) <= 80 for line in text.splitlines())
        assert text == path.read_text(encoding="utf-8"), f"{path.name} differs; see the head of {Path(__file__).name}"


@pytest.mark.parametrize("name", CELLS)
def test_page(pages: Pages, name: str) -> None:
    held(name, pages.told(CELLS[name]))


def test_page_of_a_cell_that_a_change_turns(pages: Pages) -> None:
    held("changed", pages.told("hk-recognised:cn-licensed-sm2", ARTICLE_26))


def test_page_of_a_cell_that_it_does_not(pages: Pages) -> None:
    held("unchanged", pages.told("hk-recognised:cn-gov-gm", ARTICLE_26))


def test_there_is_no_page_that_nothing_holds() -> None:
    wanted = {f"{name}-{lang}.txt" for name in (*CELLS, "changed", "unchanged") for lang in ("en", "zh")}
    assert {path.name for path in PAGES.iterdir()} == wanted


# reference notes, domestic profiles 6.2: with the row of article 26 the Hong Kong provider becomes recognised by the licensed provider,
# and stays refused by the government one on algorithm and format


def test_what_article_26_turns(pages: Pages) -> None:
    told = pages.told("hk-recognised:cn-licensed-sm2", ARTICLE_26)
    assert told.assumed is not None
    assert (told.assumed.before.verdict, told.assumed.before.conformity) == (
        CellVerdict.VALID_NOT_RECOGNISED,
        Conformity.NO_PROMISE,
    )
    assert (told.cell.verdict, told.cell.conformity) == (CellVerdict.RECOGNISED, Conformity.AS_PROMISED)
    assert {catalogue()[code].layer for code in told.assumed.gone} == {Layer.TRUST, Layer.AGREEMENT}
    assert not told.assumed.stays
    assert not told.assumed.come


def test_what_article_26_does_not_turn_and_why(pages: Pages) -> None:
    told = pages.told("hk-recognised:cn-gov-gm", ARTICLE_26)
    assert told.assumed is not None
    assert told.assumed.before.verdict is told.cell.verdict is CellVerdict.NOT_RECOGNISED
    assert {catalogue()[code].layer for code in told.assumed.stays} == {Layer.FORMAT, Layer.ALGORITHM}
    flat = " ".join(shown(told).split())
    assert "the verdict stays: what the changes take away is not all that is in the way" in flat
    assert "before: ✗ not recognised (nothing was promised, level L2)" in flat
    assert "with it: ✗ not recognised (less than was promised, level L3)" in flat


def test_a_change_that_concerns_neither_party_says_so(pages: Pages) -> None:
    told = pages.told("us-fpki:eu-qtsp-natural", ARTICLE_26)
    assert told.assumed is not None
    assert not told.assumed.touched
    assert (told.assumed.before.verdict, told.assumed.before.conformity) == (told.cell.verdict, told.cell.conformity)
    assert "nothing that decides this cell is changed" in " ".join(shown(told).split())


def test_a_change_that_helps_nothing_says_so(pages: Pages) -> None:
    # it touches the relying party, and what is in the way stays
    told = pages.told("us-fpki:eu-qtsp-natural", Change.parse(ChangeKind.ALLOW, "eu-qtsp-natural=sha512"))
    assert told.assumed is not None
    assert told.assumed.touched
    assert (told.assumed.gone, told.assumed.come, told.assumed.fewer) == ((), (), ())
    assert "nothing that is in the way of this cell goes away" in " ".join(shown(told).split())


# reference notes, foreign profiles 6.2: home level, then what another law makes of it


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        ("ua-dual:eu-qtsp-seal", ("L2 attained, L4 claimed", "ua-to-eu", "legal effect")),
        ("us-fpki:eu-qtsp-natural", ("L2 attained, L4 claimed", "for want of an instrument", "legal effect")),
        ("hk-recognised.ordinary:hk-recognised/pades/b-b", ("L3 attained, L3 claimed", "own home level", "key protection")),
        ("cn-licensed-sm2:cn-licensed-sm2", ("L3 attained, L3 claimed", "own home level", "key protection")),
    ],
)  # fmt: skip
def test_the_level_names_whose_rule_caps_it_and_the_axis(pages: Pages, cell: str, level: tuple[str, ...]) -> None:
    said = {name.en: value.en for name, value in pages.told(cell).head}["level"]
    for part in level:
        assert part in said, said


def test_the_other_direction_is_one_line(pages: Pages) -> None:
    said = {name.en: value.en for name, value in pages.told("ua-dual:eu-qtsp-seal").head}["the other way"]
    assert said.startswith("eu-qtsp-seal:ua-dual ✓ recognised; as promised, by ")
    assert "eu-to-ua" in said
    home = {name.en for name, _ in pages.told("us-fpki:us-fpki").head}
    assert "the other way" not in home


def test_the_level_of_a_case_is_its_own_and_not_that_of_its_control(pages: Pages) -> None:
    said = {n.en: v.en for n, v in pages.told("cn-licensed-sm2.org:cn-gov-gm/pdf-pkcs7/b-b/pdf-byte-changed").head}
    assert said["level"] == "L0 attained, L3 claimed, L2 required, since it does not verify"
    assert said["accepted"] == "0 of 3 groups [whole cell]"
