"""The ladder of article 26 of the PRC Electronic Signature Law: what an approval of the Hong Kong provider would change, and what not.

reference/domestic-profiles.md 6.2: with the approval P7 -> P1 becomes recognised, while P7 -> P2 stays refused on algorithm and
format. None is known (unknown U2), so the instrument is hypothetical and ships switched off.
"""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from shipped_parties import MAINLAND
from small_world import narrowed, run_of, under, with_agreement, world_of

from interop.model.ids import CellId
from interop.model.layers import Layer
from interop.model.matrix import Cell
from interop.model.outcome import CellVerdict, Conformity, GroupState
from interop.model.text import Lang
from interop.report.explained import print_cell
from interop.run.execute import Run
from interop.run.explain import explain_cell
from interop.run.measure import matrix_of

APPROVAL = "prc-art26-hk"
P7, P1, P2 = "hk-recognised", "cn-licensed-sm2", "cn-gov-gm"


@pytest.fixture(scope="module")
def off(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The Hong Kong signatures before both relying parties, the approval switched off as it ships."""
    cache: Path = tmp_path_factory.mktemp("article-26-cache")
    world = world_of((P7, *MAINLAND), ("cn-home", "hk-home", APPROVAL))
    return run_of(world, cache, f"{P7}. and (pdf-b-b or pdf-b-t or xml-b-b or xml-b-t)", P1, P2)


@pytest.fixture(scope="module")
def on(off: Run) -> Run:
    return under(off, with_agreement(off.plan.world, APPROVAL, enabled=True))


def cell(run: Run, relying: str) -> Cell:
    return matrix_of(narrowed(run, f"{P7}.", relying)).cells[f"{P7}:{relying}"]


def page(run: Run, relying: str, lang: Lang) -> str:
    some, out = narrowed(run, f"{P7}.", relying), StringIO()
    told = explain_cell(some, matrix_of(some), CellId.parse(f"{P7}:{relying}"))
    print_cell(told, Console(file=out, width=400), lang)
    return out.getvalue()


def test_the_approval_turns_the_cell_with_the_licensed_authority(off: Run, on: Run) -> None:
    before, after = cell(off, P1), cell(on, P1)
    assert (before.verdict, before.conformity) == (CellVerdict.VALID_NOT_RECOGNISED, Conformity.NO_PROMISE)
    assert (before.first_block, before.level.attained) == (Layer.TRUST, "L2")
    assert (after.verdict, after.conformity) == (CellVerdict.RECOGNISED, Conformity.AS_PROMISED)
    assert (after.first_block, after.level.attained) == (None, "L3")
    assert {(group.state, group.agreement) for group in after.groups.values()} == {(GroupState.ACCEPTED, APPROVAL)}


def test_it_does_not_turn_the_cell_with_the_government(off: Run, on: Run) -> None:
    """Its word is given, which the cell says, and its own rules refuse the signatures as before."""
    before, after = cell(off, P2), cell(on, P2)
    assert before.verdict is after.verdict is CellVerdict.NOT_RECOGNISED
    assert before.first_block is after.first_block is Layer.FORMAT
    assert (before.conformity, after.conformity) == (Conformity.NO_PROMISE, Conformity.BELOW_PROMISE)
    for group in before.groups.values():
        assert set(group.blocks) == {Layer.FORMAT, Layer.ALGORITHM, Layer.TRUST, Layer.AGREEMENT}
    for group in after.groups.values():
        assert (group.state, group.promised) == (GroupState.BLOCKED_TECHNICAL, True)
        assert set(group.blocks) == {Layer.FORMAT, Layer.ALGORITHM}


@pytest.mark.parametrize("relying", [P1, P2])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_explain_says_in_both_cells_that_nothing_is_in_force(off: Run, relying: str, lang: Lang) -> None:
    told = page(off, relying, lang)
    assert "agreement.no-instrument" in told
    assert APPROVAL in told  # named, with what it is
    assert {"en": "hypothetical", "zh": "假设"}[lang] in told


@pytest.mark.parametrize(("lang", "words"), [("en", "promises recognition"), ("zh", "承诺")])
def test_explain_says_what_the_approval_did_for_the_licensed_authority(on: Run, lang: Lang, words: str) -> None:
    told = page(on, P1, lang)
    assert APPROVAL in told
    assert words in told
    assert "agreement.no-instrument" not in told


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_explain_says_why_it_does_not_help_with_the_government(on: Run, lang: Lang) -> None:
    told = page(on, P2, lang)
    assert APPROVAL in told  # the promise is kept apart from what refuses
    for code in ("format.not-accepted", "algorithm.key-not-accepted"):
        assert code in told
    assert "RSA-2048" in told
    assert "SM2" in told
    assert "pdf-gm" in told
    for gone in ("agreement.no-instrument", "trust.no-path-to-known-anchor"):
        assert gone not in told
