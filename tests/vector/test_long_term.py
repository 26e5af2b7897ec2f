"""Every (identity, format, level) that a profile lists, judged at home at signing, a year later, and after the signer's certificate.

The files are those of the core set, observed once. What changes is the time, and what the services say as of then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from core_run import Core, run_with

from interop.model.formats import Level
from interop.model.indication import Indication, SubIndication
from interop.model.layers import TECHNICAL, Layer
from interop.model.suite import Suite
from interop.model.verdict import Verdict
from interop.pki.issue import issue
from interop.pki.status import publish as answers
from interop.run.execute import publish
from interop.run.judge import Bench
from interop.run.plan import Options, load_catalogue, plan
from interop.vector.catalogue import VectorSpec, expand

PLAN = plan(Options())
YEAR = timedelta(days=365)
MONTH = timedelta(days=30)
LONG = (Level.B_LT, Level.B_LTA)


def ordinary(spec: VectorSpec) -> bool:
    """Nothing is wrong with it and nothing happens to its certificate; somebody can verify it."""
    return spec.case.positive and spec.case.fate is None and not spec.identity.opaque


SPECS = {spec.id: spec for spec in PLAN.specs if ordinary(spec)}


def end_of(spec: VectorSpec) -> datetime:
    """When the certificate ends whose end comes first: with dual legs either may be the one that counts."""
    ends = [spec.provider.certificate(spec.identity.certificate).not_after]
    if spec.identity.followed_by is not None:
        other = spec.provider.identity(spec.identity.followed_by)
        ends.append(spec.provider.certificate(other.certificate).not_after)
    assert len(set(ends)) == 1
    return ends[0]


def at_level(*levels: Level) -> list[str]:
    return sorted(name for name, spec in SPECS.items() if spec.case.level in levels)


ENDS: dict[str, datetime] = {}
"""Provider -> a month after the last of its signers' certificates has ended."""
for _spec in SPECS.values():
    ENDS[_spec.provider.id] = max(ENDS.get(_spec.provider.id, PLAN.signing), end_of(_spec) + MONTH)


@pytest.fixture(scope="module")
def later(core: Core) -> Bench:
    """The core run, and what the services give a year after signing and after the end of the signers' certificates."""
    run = run_with(core.cache)
    assert run.made == 0
    publish(run, run.plan.signing)
    publish(run, run.plan.signing + YEAR)
    for at in set(ENDS.values()):
        publish(run, at, only={name for name, end in ENDS.items() if end == at})
    return run.bench()


def judged(core: Core, bench: Bench, vector: str, at: datetime) -> Verdict:
    spec = SPECS[vector]
    judgement = bench.judge(
        core.run.observations[vector].facts,
        spec.provider,
        at,
        document=spec.case.document,
        rely=spec.case.rely,
    )
    assert judgement.error is None
    assert judgement.verdict is not None
    return judgement.verdict


def blocked(verdict: Verdict) -> set[Layer]:
    return {layer for layer in verdict.blocks if layer in TECHNICAL}


def test_every_level_that_a_profile_lists_is_there() -> None:
    """Each (identity, format, level) has a positive in the core set: nothing that a profile lists goes unmade."""
    wanted = {
        f"{provider.id}.{identity.id}/{emits.format.value}/{level.value}"
        for provider in PLAN.world.providers
        for identity in provider.identities
        if not identity.opaque
        for emits in identity.formats
        for level in emits.levels
    }
    assert {f"{spec.provider.id}.{spec.group}" for spec in SPECS.values()} >= {
        group for group in wanted if not _legs_only(group)
    }
    assert {Level(group.rsplit("/", 1)[1]) for group in wanted} == set(Level)


def _legs_only(group: str) -> bool:
    """An identity that another follows signs the cases with legs alone."""
    provider, _, rest = group.partition(".")
    return PLAN.world.provider(provider).identity(rest.split("/")[0]).followed_by is not None


def test_every_group_at_the_long_levels_is_in_the_set() -> None:
    every = expand(PLAN.world.providers, load_catalogue()[0])
    assert {f"{s.provider.id}.{s.group}" for s in every if s.case.level in LONG} <= {
        f"{s.provider.id}.{s.group}" for s in PLAN.specs
    }


Said = tuple[str, str | None, frozenset[Layer], bool]


def said(core: Core, bench: Bench, vectors: Iterable[str], at: datetime | None = None) -> dict[Said, list[str]]:
    """(indication, sub-indication, blocking layers, whether a time before the end of the certificate counts) -> vectors. `at`: when
    they are judged; None: after the end of the signer's certificate."""
    found: dict[Said, list[str]] = {}
    for vector in vectors:
        verdict = judged(core, bench, vector, at or ENDS[SPECS[vector].provider.id])
        sub = None if verdict.sub_indication is None else verdict.sub_indication.value
        proven = verdict.best_time < end_of(SPECS[vector])
        found.setdefault((verdict.indication.value, sub, frozenset(blocked(verdict)), proven), []).append(vector)
    return found


PASSED: Said = (Indication.TOTAL_PASSED.value, None, frozenset(), True)


def test_all_pass_at_signing_time(core: Core, later: Bench) -> None:
    """B-B as soon as it is signed; the others when their time-stamps are made."""
    run = core.run
    assert set(said(core, later, at_level(Level.B_B), run.plan.signing)) == {PASSED}
    assert set(said(core, later, at_level(Level.B_T, *LONG), run.plan.validation)) == {PASSED}


def test_all_pass_a_year_later(core: Core, later: Bench) -> None:
    """With the services' status answers as of then."""
    assert set(said(core, later, SPECS, core.run.plan.signing + YEAR)) == {PASSED}


def test_with_its_evidence_it_passes_after_the_end_of_the_certificate(core: Core, later: Bench) -> None:
    """The status answer from the certificate's lifetime is in the file, and a time-stamp proves that the signature is older."""
    assert set(said(core, later, at_level(*LONG))) == {PASSED}


OUT = (Indication.INDETERMINATE.value, SubIndication.OUT_OF_BOUNDS_NO_POE.value)


def test_without_proof_it_is_out_of_bounds_after_the_end_of_the_certificate(core: Core, later: Bench) -> None:
    """EN 319 102-1 clause 5.2.6: expired, no proof of existence, and no answer that still covers the certificate."""
    found = said(core, later, at_level(Level.B_B))
    assert set(found) == {(*OUT, frozenset({Layer.TIME, Layer.REVOCATION}), False)}


def test_with_a_time_stamp_alone_the_status_is_what_is_missing(core: Core, later: Bench) -> None:
    """Proven older than the end of the certificate; but what the services say now no longer covers it, and the file holds nothing."""
    vectors = at_level(Level.B_T)
    assert set(said(core, later, vectors)) == {(*OUT, frozenset({Layer.REVOCATION}), True)}
    for vector in vectors:
        verdict = judged(core, later, vector, ENDS[SPECS[vector].provider.id])
        assert {c.code for c in verdict.layer(Layer.REVOCATION).causes} >= {"revocation.issued-after-expiry"}


def test_a_responder_that_still_knows_the_certificate_makes_the_difference(core: Core) -> None:
    """archiveCutoff (RFC 6960 section 4.4.4): then B-T passes, and B-B is known not to have been revoked."""
    run, name = run_with(core.cache), "eu-qtsp-natural"
    provider, at = run.plan.world.provider(name), ENDS[name]
    services = replace(provider.services, ocsp_archive_years=10)
    for answer in answers(issue(replace(provider, services=services), run.keys.store()), at):
        run.linker.add_evidence(answer.service, answer.kind, answer.der, at, since=answer.since, until=answer.until)
    bench = run.bench()
    mine = [v for v in SPECS if v.startswith(f"{name}.")]
    stamped = [v for v in mine if SPECS[v].case.level is Level.B_T]
    assert set(said(core, bench, stamped, at)) == {PASSED}
    plain = [v for v in mine if SPECS[v].case.level is Level.B_B]
    (told,) = said(core, bench, plain, at)
    assert told[:2] == (Indication.INDETERMINATE.value, SubIndication.OUT_OF_BOUNDS_NOT_REVOKED.value)
    assert told[2] == {Layer.TIME}


SUNSET = "RSA"
"""Ends for keys below 4096 bits: those of signer and first time-stamping authority, not those of the CAs; the second one is ECDSA."""


def ending(suite: Suite, end: datetime) -> Suite:
    """The suite, with RSA of 3000 bits until `end` and of 4000 bits for ever."""
    others = [entry for entry in suite.entries if (entry.kind, entry.name) != ("key", SUNSET)]
    (small,) = [e for e in suite.entries if (e.kind, e.name) == ("key", SUNSET) and (e.min_bits or 0) >= 3000]
    keys = (replace(small, min_bits=3000, end=end), replace(small, min_bits=4000, end=None))
    return replace(suite, entries=(*others, *keys))


@pytest.mark.parametrize(("form", "family"), [("pades", "pdf"), ("xades", "xml")])
@pytest.mark.parametrize(
    ("hours", "case", "passes"),
    [
        (24, "b-lta-renewed", True),  # the archive was renewed, with another algorithm, before the end
        (24, "b-lta", False),  # never renewed
        (5, "b-lta-renewed", False),  # renewed after the end
        (72, "b-lta", True),  # judged before the end
    ],
)
def test_algorithm_sunset_before_and_after_the_archive_time_stamp(
    core: Core, form: str, family: str, hours: int, case: str, *, passes: bool
) -> None:
    """EN 319 102-1 clauses 5.5 and 5.6.2: what counts is whether a proof that stands is older than the end of the algorithm."""
    signing = core.run.plan.signing
    run, name, at = run_with(core.cache), "eu-qtsp-natural", signing + timedelta(hours=48)
    publish(run, at, only={name})
    suite = ending(run.plan.suites["etsi-ts-119312"], signing + timedelta(hours=hours))
    bench = replace(run.bench(), suites={**run.plan.suites, suite.id: suite})
    verdict = judged(core, bench, f"{name}.natural-rsa/{form}/b-lta/{family}-{case}", at)
    if passes:
        assert blocked(verdict) == set()
        return
    assert blocked(verdict) == {Layer.ALGORITHM}
    assert verdict.indication is Indication.INDETERMINATE
    assert verdict.sub_indication is SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE


def test_levels_differ_only_after_the_end(core: Core, later: Bench) -> None:
    """One signer, the four levels: what each of them is worth a month after the certificate."""
    party = "eu-qtsp-natural.natural-ec"
    worth = {}
    for form, case in (("pades", "pdf"), ("xades", "xml")):
        for level in Level:
            vector = f"{party}/{form}/{level.value}/{case}-{level.value}"
            worth[case, level] = judged(core, later, vector, ENDS["eu-qtsp-natural"]).indication
    passed, open_ = Indication.TOTAL_PASSED, Indication.INDETERMINATE
    expected = dict(zip(Level, (open_, open_, passed, passed), strict=True))
    assert worth == {(case, level): value for level, value in expected.items() for case in ("pdf", "xml")}
