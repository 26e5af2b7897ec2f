"""Status history decides twice: at issuance of the signer's certificate and at best signature time (TS 119 615 clauses 4.4 and 4.5).

The signer's certificate is of 1 June 2025, the signatures of 1 March 2026, judged on 2 March. B-T proves its time, B-B does not, so its
best signature time is that of validation. Expectations are written beside each history, from these three dates alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from core_run import Core
from listed_core import ListedCore, services

from interop.model.layers import Layer, LayerState
from interop.model.trusted_list import TrustedList, TrustedService
from interop.model.verdict import Verdict
from interop.run.judge import Bench
from interop.run.list_driven import by_lists
from interop.run.list_folder import read_folder
from interop.trustlist.words import words_of

SIGNER = "eu-qtsp-natural.natural-ec/pades"
B_B, B_T = f"{SIGNER}/b-b/pdf-b-b", f"{SIGNER}/b-t/pdf-b-t"


@pytest.fixture(scope="module")
def listed(core: Core) -> ListedCore:
    return ListedCore(core)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def history(trusted: TrustedList, steps: dict[str, bool], *, issuing: bool = True) -> TrustedList:
    """The services for qualified certificates (else the anchors) with that history: since -> granted."""
    words = words_of(trusted.type)

    def turn(service: TrustedService) -> TrustedService:
        if service.states[0].type != (words.qualified if issuing else words.anchor):
            return service
        states = (
            replace(service.states[0], since=at(since), status=words.granted if on else words.withdrawn)
            for since, on in steps.items()
        )
        return TrustedService(states=tuple(sorted(states, key=lambda state: state.since, reverse=True)))

    return services(trusted, turn)


def bench_by(listed: ListedCore, folder: Path) -> Bench:
    run, _ = by_lists(listed.core.run, read_folder(folder, at=listed.core.run.plan.validation))
    return listed.core.bench.under(run.plan.world, run.plan.suites)


def verdict(listed: ListedCore, bench: Bench, vector: str, relying: str) -> Verdict:
    plan, spec = listed.core.run.plan, listed.core.specs[vector]
    judgement = bench.judge(
        listed.core.run.observations[vector].facts,
        bench.world.provider(relying),
        plan.validation,
        document=spec.case.document,
    )
    return judgement.verdicts[judgement.counts or 0]


CASES: dict[str, tuple[dict[str, bool], bool, bool]] = {
    # history of the issuing service: since -> granted; B-T accepted; B-B accepted
    "granted all the time": ({"2021-01-01": True}, True, True),
    "withdrawn after the signature, before validation": ({"2021-01-01": True, "2026-03-01T12:00": False}, True, False),
    "withdrawn before the signature": ({"2021-01-01": True, "2026-02-28": False}, False, False),
    "granted only after issuance": ({"2025-07-01": True}, False, False),
    "granted on the day of issuance": ({"2025-06-01": True}, True, True),
    "withdrawn at issuance, granted again before the signature": (
        {"2021-01-01": True, "2025-05-01": False, "2025-12-01": True},
        False,
        False,
    ),
    "withdrawn and granted again between issuance and signature": (
        {"2021-01-01": True, "2025-09-01": False, "2025-12-01": True},
        True,
        True,
    ),
    "withdrawn at the signature, granted again before validation": (
        {"2021-01-01": True, "2026-02-01": False, "2026-03-01T12:00": True},
        False,
        True,
    ),
    "granted never": ({"2021-01-01": False}, False, False),
}


@pytest.mark.parametrize("relying", ["eu-qtsp-seal", "uk-qtsp"])
@pytest.mark.parametrize("name", CASES)
def test_both_times_are_asked(listed: ListedCore, tmp_path: Path, name: str, relying: str) -> None:
    """At a relying party of the same area, and at one that reads the list through an instrument."""
    steps, b_t, b_b = CASES[name]
    folder = listed.export(tmp_path / "lists")
    listed.change(folder / "eu-qtsp-natural.xml", lambda trusted: history(trusted, steps))
    bench = bench_by(listed, folder)
    for vector, expected in ((B_T, b_t), (B_B, b_b)):
        found = verdict(listed, bench, vector, relying)
        assert (found.accepted, found.promised) == (expected, expected), vector
        trust = next(layer for layer in found.layers if layer.layer is Layer.TRUST)
        assert (trust.state is LayerState.PASS) is expected
        if not expected:
            (cause,) = [cause for cause in trust.causes if cause.code == "trust.list-no-granted-service"]
            when = "at issuance" if not granted(steps, at("2025-06-01")) else "at best signature time"
            assert when in cause.detail


def granted(steps: dict[str, bool], when: datetime) -> bool:
    """By the steps as they are written, without any of our own code."""
    begun = [on for since, on in sorted(steps.items(), key=lambda step: at(step[0])) if at(since) <= when]
    return bool(begun) and begun[-1]


def test_the_technical_answer_does_not_hang_on_lists(listed: ListedCore, tmp_path: Path) -> None:
    folder = listed.export(tmp_path / "lists")
    listed.change(folder / "eu-qtsp-natural.xml", lambda trusted: history(trusted, {"2021-01-01": False}))
    by_list = verdict(listed, bench_by(listed, folder), B_T, "uk-qtsp")
    by_profile = listed.core.judge(B_T, "uk-qtsp").verdicts[0]
    assert [layer.layer for layer in by_list.layers[9:]] == [Layer.TRUST, Layer.AGREEMENT, Layer.ASSURANCE]
    assert by_list.layers[:9] == by_profile.layers[:9]


def test_an_anchor_counts_where_it_is_the_service(listed: ListedCore, tmp_path: Path) -> None:
    """The own area trusts by the root, which is withdrawn. The UK's instrument names the issuing service: its path ends there."""
    folder = listed.export(tmp_path / "lists")
    steps = {"2020-01-01": True, "2026-01-01": False}
    listed.change(folder / "eu-qtsp-natural.xml", lambda trusted: history(trusted, steps, issuing=False))
    bench = bench_by(listed, folder)
    assert not verdict(listed, bench, B_T, "eu-qtsp-seal").accepted
    assert verdict(listed, bench, B_T, "uk-qtsp").accepted


def test_an_answer_holds_until_the_list_says_otherwise(listed: ListedCore, tmp_path: Path) -> None:
    """A time that is not proven moves with that of validation, so a coming withdrawal ends the answer; a proven time does not move."""
    folder = listed.export(tmp_path / "lists")
    steps = {"2021-01-01": True, "2026-09-01": False}
    listed.change(folder / "eu-qtsp-natural.xml", lambda trusted: history(trusted, steps))
    bench = bench_by(listed, folder)
    ends = {}
    for vector in (B_B, B_T):
        found = verdict(listed, bench, vector, "eu-qtsp-seal")
        assert found.accepted
        ends[vector] = next(layer.holds.end for layer in found.layers if layer.layer is Layer.TRUST)
    assert ends[B_B] == at("2026-09-01")
    assert ends[B_T] is None or ends[B_T] > at("2026-09-01")
