"""The run judges every vector from one reading and every relying party from one seat; that changes no answer."""

from __future__ import annotations

import gc
import random
from dataclasses import replace

from core_run import Core

from interop.model.rules import TimeRules
from interop.model.verdict import Judgement
from interop.run.judge import Bench
from interop.run.measure import matrix_of

PAIRS = 300


def _afresh(core: Core, vector: str, relying: str) -> Judgement:
    """Nothing remembered: another knowledge, hence another lookup, for this one question."""
    bench, spec, planned = core.bench, core.specs[vector], core.run.plan
    known = replace(bench.knowledge, evidence=tuple(bench.knowledge.evidence))
    plain = Bench.build(world=planned.world, suites=planned.suites, knowledge=known, names=bench.names)
    return plain.judge(
        core.run.observations[vector].facts,
        planned.world.provider(relying),
        planned.validation,
        document=spec.case.document,
        rely=spec.case.rely,
    )


def test_shared_readings_give_the_answers_of_nobody_asked_before(core: Core) -> None:
    planned, chance = core.run.plan, random.Random(4)  # noqa: S311 - an order, no secret
    pairs = [(spec.id, relying.id) for spec in planned.specs for relying in planned.relying]
    chance.shuffle(pairs)
    readings = {vector: core.bench.read(core.run.observations[vector].facts) for vector, _ in pairs}
    for vector, relying in pairs:
        spec = core.specs[vector]
        core.bench.judge(
            core.run.observations[vector].facts,
            planned.world.provider(relying),
            planned.validation,
            document=spec.case.document,
            rely=spec.case.rely,
            readings=readings[vector],
        )
    for vector, relying in pairs[:PAIRS]:
        spec = core.specs[vector]
        again = core.bench.judge(
            core.run.observations[vector].facts,
            planned.world.provider(relying),
            planned.validation,
            document=spec.case.document,
            rely=spec.case.rely,
            readings=readings[vector],
        )
        assert again == _afresh(core, vector, relying), (vector, relying)


def test_a_relying_party_under_changed_rules_is_another_one(core: Core) -> None:
    """What-if asks the same bench about a namesake with other rules: its seat is not that of the shipped one."""
    planned = core.run.plan
    vector = next(
        spec for spec in planned.specs if spec.case.positive and not core.run.observations[spec.id].facts.tokens
    )
    party = planned.world.provider(vector.provider.id)
    strict = replace(party, relying=replace(party.relying, time=TimeRules(time_stamp_required=True)))

    def blocked(provider: object) -> bool:
        judged = core.bench.judge(
            core.run.observations[vector.id].facts,
            provider,  # type: ignore[arg-type]
            planned.validation,
            document=vector.case.document,
        )
        assert judged.verdict is not None
        return any(cause.code == "time.timestamp-missing" for layer in judged.verdict.layers for cause in layer.causes)

    lenient = replace(party, relying=replace(party.relying, time=TimeRules(time_stamp_required=False)))
    assert [blocked(p) for p in (lenient, strict, lenient)] == [False, True, False]


def test_the_collector_is_back_when_the_matrix_stands(core: Core) -> None:
    assert gc.isenabled()
    matrix_of(core.run)
    assert gc.isenabled()
