"""What-if: for any changes it says what a run of its own under these changes would say."""

from __future__ import annotations

from pathlib import Path

import pytest
from assumed import CHANGES, RELYING, SIGNERS, Scene, can_be_made, change, scene_over
from hypothesis import HealthCheck, assume, given, settings

from interop.matrix.transition import Transition, transitions
from interop.model.change import Change
from interop.model.errors import UsageError
from interop.model.instant import parse_instant
from interop.model.outcome import CellVerdict, GroupState
from interop.run.execute import execute
from interop.run.measure import matrix_of
from interop.run.plan import Options, plan
from interop.run.whatif import what_if


def _by_cell(found: tuple[Transition, ...]) -> dict[str, Transition]:
    return {transition.cell: transition for transition in found}


@given(changes=CHANGES)
@settings(max_examples=15, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_whatif_says_what_a_run_of_its_own_says(scene: Scene, changes: tuple[Change, ...]) -> None:
    assume(can_be_made(changes, scene))
    try:
        answer = what_if(scene.run, changes)
    except UsageError:  # a vector cannot be made under them: a run of its own has no answer for it either
        assume(False)
    fresh = transitions(scene.matrix, scene.afresh(changes))
    told, run = _by_cell(answer.transitions), _by_cell(fresh)
    assert sorted(told) == sorted(run), list(map(str, changes))
    for cell in run:
        assert told[cell] == run[cell], list(map(str, changes))


@pytest.mark.parametrize("at", ["2026-02-01", "2029-01-01", "2036-03-02"])
def test_a_moved_date_says_what_a_run_at_that_date_says(scene: Scene, own_cache: Path, at: str) -> None:
    then = parse_instant(at)
    options = Options(cache=own_cache, jobs=0, signers=SIGNERS, relying=RELYING, at=then)
    fresh = matrix_of(execute(plan(options)))
    answer = what_if(scene.run, (), at=then)
    assert answer.transitions == transitions(scene.matrix, fresh)
    assert answer.transitions


def test_article_26_for_a_hong_kong_provider_opens_the_way_to_who_reads_its_algorithms(scene: Scene) -> None:
    """Electronic Signature Law of the PRC, article 26: approval gives foreign certificates the same effect. It teaches nobody RSA.

    domestic-profiles.md 2 and 6: cn-licensed-sm2 reads RSA as well, cn-gov-gm reads SM2 and its own formats alone.
    """
    found = _by_cell(what_if(scene.run, (change("enable prc-art26-hk"),)).transitions)
    opened = found["hk-recognised:cn-licensed-sm2"]
    assert (opened.before, opened.after) == (CellVerdict.VALID_NOT_RECOGNISED, CellVerdict.RECOGNISED)
    assert set(opened.gone) == {"trust.no-path-to-known-anchor", "agreement.no-instrument"}
    assert {group.agreement for group in opened.groups} == {(None, "prc-art26-hk")}

    closed = found["hk-recognised:cn-gov-gm"]
    assert not closed.verdict_changed
    assert closed.after is CellVerdict.NOT_RECOGNISED
    assert {group.after for group in closed.groups} == {GroupState.BLOCKED_TECHNICAL}
    assert set(closed.gone) == {"trust.no-path-to-known-anchor", "agreement.no-instrument"}
    still = scene.afresh((change("enable prc-art26-hk"),), only=("hk-recognised:cn-gov-gm",))
    codes = {
        still.tables.reasons[i].code for g in still.cells["hk-recognised:cn-gov-gm"].groups.values() for i in g.reasons
    }
    assert {"algorithm.key-not-accepted", "format.not-accepted"} <= codes


def test_only_what_may_differ_is_judged_again(scene: Scene) -> None:
    assert what_if(scene.run, (change("set cn-gov-gm:time.time_stamp_required=true"),)).judged == len(SIGNERS)
    assert what_if(scene.run, (change("sign gd-hk-scheme.scheme:pades.levels=b-b"),)).judged == len(RELYING)
    assert what_if(scene.run, (change("ban sha256"),)).judged == len(SIGNERS) * len(RELYING)
    # neither signs nor relies in this scene
    assert what_if(scene.run, (change("ban kz-nca=sha256"),)).judged == 0


def test_signing_again_makes_that_signer_alone(own_cache: Path) -> None:
    scene = scene_over(own_cache, signers=("eu-qtsp-natural", "hk-recognised"), relying=("hk-recognised",))
    answer = what_if(scene.run, (change("reissue eu-qtsp-natural.natural-ec:key_usage=keyEncipherment"),))
    assert answer.resigned == ("eu-qtsp-natural",)
    assert {transition.cell for transition in answer.transitions} <= {"eu-qtsp-natural:hk-recognised"}


def test_a_change_of_nothing_changes_nothing(scene: Scene) -> None:
    anchor = scene.run.plan.world.provider("eu-qtsp-natural").anchors[0]
    again = change(f"trust eu-qtsp-natural=eu-qtsp-natural:{anchor}")
    assert what_if(scene.run, (again,)).transitions == ()
