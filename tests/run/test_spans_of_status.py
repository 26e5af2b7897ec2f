"""A stated span is true: publish again as of any time in it, judge again, and every layer says the same (design section 2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest
from core_run import Core

from interop.model.facts import Facts
from interop.model.instant import Interval, parse_instant
from interop.model.layers import TECHNICAL, Layer, LayerResult, LayerState
from interop.model.profile import Provider, StatusEvent
from interop.model.verdict import Verdict
from interop.pki.issue import issue
from interop.pki.status import publish
from interop.run.judge import Bench, certificate_names
from interop.run.link import Linker

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
FIRST, LAST = parse_instant("2015-01-01"), parse_instant("2045-01-01")
Change = Callable[[Provider], Provider]
SHAPES = ("cn-licensed-sm2", "eu-qtsp-brainpool", "hk-recognised", "ua-dual", "us-fpki")
"""Providers whose services differ from one another: CRL and OCSP, OCSP alone, several hierarchies, cross-certificates; short and
long lives. To look at all of them says nothing more, and takes minutes."""


class Lab:
    """The vectors of the core set under changed profiles, judged with what the services give as of any time."""

    def __init__(self, core: Core, change: Change = lambda provider: provider) -> None:
        self.core = core
        self.world = replace(
            core.run.plan.world, providers=tuple(change(provider) for provider in core.run.plan.world.providers)
        )
        self.issued = {p.id: issue(p, core.run.keys.store()) for p in self.world.providers}
        self.linked = Linker(sm2_ids=core.run.linker.sm2_ids)
        for name, issued in self.issued.items():  # the same certificates, so the same vectors
            assert issued.certificates.items() <= core.run.published[name].certificates.items()
            for der in issued.certificates.values():
                self.linked.add("certificate", der)
        self.vectors = tuple(self._one_of_each())
        for vector in self.vectors:
            seen = core.run.observations[vector]
            self.linked.add_objects(seen.objects, {fact.id: fact.kind for fact in seen.facts.objects})
        self.linked.edges()
        self.verdicts = cache(self._verdicts)

    def _one_of_each(self) -> Iterator[str]:
        """A positive of every provider at every level, and its expired signers."""
        seen: set[tuple[str, str]] = set()
        for name, spec in self.core.specs.items():
            kind = spec.vector.level if spec.case.positive else spec.case.id
            if (
                spec.provider.id in SHAPES
                and (spec.provider.id, kind) not in seen
                and (spec.case.positive or "expired" in kind)
            ):
                seen.add((spec.provider.id, kind))
                yield name

    def facts(self, vector: str) -> Facts:
        return self.core.run.observations[vector].facts

    def bench(self, at: datetime) -> Bench:
        linker = self.linked.copy()
        for name in SHAPES:
            for a in publish(self.issued[name], at):
                linker.add_evidence(a.service, a.kind, a.der, at, since=a.since, until=a.until)
        return Bench.build(
            world=self.world,
            suites=self.core.run.plan.suites,
            knowledge=linker.knowledge(),
            names=certificate_names({name: issued.certificates for name, issued in self.issued.items()}),
        )

    def _verdicts(self, at: datetime) -> dict[tuple[str, str], Verdict]:
        """(vector, relying party) -> the verdict that counts."""
        bench, found = self.bench(at), {}
        for vector in self.vectors:
            case = self.core.specs[vector].case
            for relying in (
                self.world.provider(self.core.specs[vector].provider.id),
                self.world.provider("hk-recognised"),
            ):
                judged = bench.judge(self.facts(vector), relying, at, document=case.document, rely=case.rely)
                if judged.verdict is not None:
                    found[vector, relying.id] = judged.verdict
        return found

    def ends(self, instants: Iterable[datetime]) -> set[datetime]:
        """The last second inside and the first outside at both ends of every span stated at these times."""
        spans: set[Interval] = set()
        for at in instants:
            for verdict in self.verdicts(at).values():
                spans.update((verdict.holds, verdict.layer(Layer.REVOCATION).holds))
        found: set[datetime] = set()
        for edge in {edge for span in spans for edge in (span.start, span.end) if edge is not None}:
            whole = edge.replace(microsecond=0)
            found |= {whole - SECOND, whole if whole == edge else whole + SECOND}
        return {at for at in found if FIRST <= at <= LAST}

    def check(self, instants: Iterable[datetime]) -> int:
        """Every pair of times: what is stated at the one holds at the other where the span says so. How many layers did."""
        asked = set(instants)
        asked |= self.ends(asked)
        held = 0
        for at in sorted(asked):
            for key, verdict in self.verdicts(at).items():
                assert at in verdict.holds
                for other in asked - {at}:
                    held += self._compare(key, verdict, other, f"{key} as of {at}, again as of {other}")
        return held

    def _compare(self, key: tuple[str, str], verdict: Verdict, other: datetime, what: str) -> int:
        again = self.verdicts(other).get(key)
        held = 0
        for layer in verdict.layers:
            if other in layer.holds:
                assert again is not None
                assert said(again.layer(layer.layer)) == said(layer), what
                held += 1
        if other in verdict.holds:
            assert again is not None
            assert (again.accepted, again.indication, again.sub_indication, again.level) == (
                verdict.accepted, verdict.indication, verdict.sub_indication, verdict.level,
            ), what  # fmt: skip
        return held


def said(layer: LayerResult) -> tuple[object, ...]:
    """What a layer says. Details of recognition name the very time that was asked about."""
    technical = layer.layer in TECHNICAL
    return layer.state, tuple((cause.code, cause.detail if technical else "") for cause in layer.causes)


def instants(*texts: str) -> tuple[datetime, ...]:
    return tuple(parse_instant(text) for text in texts)


EVENTS = (
    ("signer", "suspended", "2026-03-10T10:00:00Z", "certificateHold"),
    ("signer", "resumed", "2026-03-12T10:00:00Z", "unspecified"),
    ("signer", "revoked", "2026-03-20T06:00:00Z", "keyCompromise"),
    ("tsa", "revoked", "2026-04-01T09:00:00Z", "keyCompromise"),
    ("ca", "revoked", "2026-05-01T00:00:00Z", "cessationOfOperation"),
)
"""(role, status, when, reason): what happens to the certificates of every provider."""


def eventful(provider: Provider) -> Provider:
    events = tuple(
        StatusEvent(certificate=spec.id, at=parse_instant(when), status=status, reason=reason)  # type: ignore[arg-type]
        for role, status, when, reason in EVENTS
        for spec in provider.certificates
        if spec.role == role and spec.issuer != spec.id
    )
    return replace(provider, services=replace(provider.services, events=events))


def strict(seconds: int) -> Change:
    """Accepts no status answer that is older, with the same events."""

    def change(provider: Provider) -> Provider:
        rules = replace(provider.relying.revocation, max_age_seconds=seconds)
        return replace(eventful(provider), relying=replace(provider.relying, revocation=rules))

    return change


def served(**services: object) -> Change:
    """With other services, and the same events."""

    def change(provider: Provider) -> Provider:
        changed = eventful(provider)
        return replace(changed, services=replace(changed.services, **services))  # type: ignore[arg-type]

    return change


@pytest.fixture(scope="module")
def shipped(core: Core) -> Lab:
    return Lab(core)


def test_spans_of_the_shipped_profiles_are_true(shipped: Lab) -> None:
    """Before anything began, inside and around a CRL period, at the ends of certificates, after the CAs' ends."""
    asked = instants(
        "2015-01-01", "2024-01-01", "2025-07-01T12:00:00Z", "2026-03-01", "2026-03-02", "2026-03-02T23:59:59Z",
        "2026-03-09T12:00:00Z", "2027-05-31T12:00:00Z", "2027-06-01T06:00:00Z", "2027-06-05", "2027-07-01",
        "2034-01-03", "2036-03-02", "2040-02-01",
    )  # fmt: skip
    assert shipped.check(asked) > 1_000


EVENTFUL = instants(
    "2026-03-02", "2026-03-10T10:00:00Z", "2026-03-11", "2026-03-12T12:00:00Z", "2026-03-15", "2026-03-20T12:00:00Z",
    "2026-04-01T10:00:00Z", "2026-05-02T12:00:00Z", "2027-06-03", "2034-01-02",
)  # fmt: skip
"""Around every event: before, when OCSP knows of it, when the next CRL does."""


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(eventful, id="crl-and-ocsp"),
        pytest.param(served(ocsp=False), id="crl-alone"),
        pytest.param(served(crl=False), id="ocsp-alone"),
        pytest.param(served(crl_period_hours=72, crl_next_update_days=4), id="slow-crl"),
        pytest.param(strict(3600), id="age-of-an-hour"),
        pytest.param(strict(30 * 86400), id="age-of-a-month"),
    ],
)
def test_spans_are_true_where_certificates_are_suspended_and_revoked(core: Core, change: Change) -> None:
    assert Lab(core, change).check(EVENTFUL) > 1_000


def test_a_pass_reaches_from_event_to_event(core: Core) -> None:
    """Not from one CRL to the next: CRLs come daily, the signer is suspended on the tenth."""
    lab, at = Lab(core, eventful), parse_instant("2026-03-02")
    vector = next(
        v for v in lab.vectors if core.specs[v].provider.id == "hk-recognised" and core.specs[v].case.positive
    )
    verdict = lab.verdicts(at)[vector, "hk-recognised"]
    layer = verdict.layer(Layer.REVOCATION)
    assert layer.state is LayerState.PASS
    assert layer.holds.start is not None
    assert layer.holds.start <= at - DAY
    assert layer.holds.end == verdict.holds.end == parse_instant("2026-03-10T10:00:00Z")
    assert verdict.layer(Layer.ASSURANCE).holds.end == layer.holds.end
