"""A bench on which hostile files are judged as `check` judges them: shipped providers, their status as of one day, no workers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from interop.engine.embedded import EmbeddedEngine
from interop.engine.protocol import Request
from interop.model.certificate import ObjectId
from interop.model.facts import Facts, Observation
from interop.model.indication import Indication
from interop.model.layers import Layer, LayerResult
from interop.model.profile import World
from interop.model.verdict import Judgement, Technical
from interop.pki.issue import Issued, issue
from interop.pki.shipped import shipped_keys
from interop.pki.status import publish
from interop.profile.load import data_root, load_rules, load_suites, load_world
from interop.recognition.judge import judge_technicals
from interop.run.judge import Bench, certificate_names
from interop.run.link import Linker

__all__ = ["AT", "ROOT", "SIGNING", "Result", "base", "check", "codes", "facts_of", "hierarchy", "judged"]

SIGNING = datetime(2026, 3, 1, tzinfo=UTC)
AT = SIGNING + timedelta(days=1)
ROOT = Path(__file__).resolve().parents[2]


@cache
def _world() -> World:
    root = data_root() / "profiles"
    return load_world(root / "providers", root / "agreements")


@cache
def hierarchy(name: str) -> Issued:
    """A shipped provider with its certificates and keys."""
    return issue(_world().provider(name), shipped_keys())


@cache
def base() -> Linker:
    """All shipped hierarchies and their status answers as of `AT`. Not to be added to: `judged` works on a copy."""
    linker = Linker()
    for provider in _world().providers:
        issued = hierarchy(provider.id)
        for der in issued.certificates.values():
            linker.add("certificate", der)
        for answer in publish(issued, AT):
            linker.add_evidence(answer.service, answer.kind, answer.der, AT)
    linker.edges()
    return linker


@dataclass(frozen=True)
class Result:
    """What came out for one file."""

    facts: Facts
    technicals: tuple[Technical, ...]
    judgements: Mapping[str, Judgement]

    @property
    def indications(self) -> tuple[str, ...]:
        return tuple(t.indication.value for t in self.technicals)

    @property
    def passed(self) -> bool:
        """The file is TOTAL_PASSED: there is a signature, every one of them passes."""
        return bool(self.technicals) and all(t.indication is Indication.TOTAL_PASSED for t in self.technicals)

    def layer(self, layer: Layer, index: int = 0) -> LayerResult:
        return next(found for found in self.technicals[index].layers if found.layer is layer)

    def codes(self, index: int = 0) -> set[str]:
        """All reasons of all technical layers of one signature, findings included."""
        return {cause.code for layer in self.technicals[index].layers for cause in layer.causes}

    def accepted(self, relying: str) -> bool:
        verdict = self.judgements[relying].verdict
        return verdict is not None and verdict.accepted


def codes(result: Result) -> set[str]:
    """Reasons of every signature together."""
    return {code for index in range(len(result.technicals)) for code in result.codes(index)}


def facts_of(data: bytes, *, detached: bytes | None = None, element: str | None = None) -> Observation:
    """What the embedded engine sees."""
    return EmbeddedEngine().observe(Request(data=data, detached=detached, element=element))


def judged(
    observation: Observation,
    *,
    at: datetime = AT,
    rules: str | None = None,
    relying: Sequence[str] = (),
    extra: Iterable[tuple[str, bytes]] = (),
    anchors: Mapping[ObjectId, str] | None = None,
    off: Sequence[str] = (),
) -> Result:
    """Judge facts. `rules`: provider whose rules apply (None: the neutral ones); `extra`: further (kind, DER) that are known;
    `off`: agreements that are switched off."""
    known = base()
    linker = Linker(
        bytes_of=dict(known.bytes_of), kinds=dict(known.kinds), certificates=dict(known.certificates), crls=dict(known.crls),
        ocsps=dict(known.ocsps), unreadable=dict(known.unreadable), evidence=set(known.evidence), _edges=dict(known._edges),
    )  # fmt: skip
    linker.add_objects(observation.objects, {fact.id: fact.kind for fact in observation.facts.objects})
    for kind, der in extra:
        linker.add(kind, der)
    world = _world()
    bench = Bench.build(
        world=world,
        suites=load_suites(data_root() / "profiles" / "algorithms"),
        knowledge=linker.knowledge(),
        names=certificate_names({p.id: hierarchy(p.id).certificates for p in world.providers}),
        extra_anchors=anchors,
        agreements=[a for a in world.agreements if a.id not in off],
    )
    chosen = (
        load_rules(data_root() / "profiles" / "rules" / "neutral.toml")
        if rules is None
        else world.provider(rules).relying
    )
    technicals = judge_technicals(observation.facts, bench.technical(chosen, at))
    judgements = {name: bench.judge(observation.facts, world.provider(name), at, document=None) for name in relying}
    return Result(observation.facts, technicals, judgements)


def check(data: bytes, *, detached: bytes | None = None, element: str | None = None, **options: object) -> Result:
    """Observe and judge one file."""
    return judged(facts_of(data, detached=detached, element=element), **options)  # type: ignore[arg-type]
