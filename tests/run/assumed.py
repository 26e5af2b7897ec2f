"""Runs under changes, made afresh: what `whatif` and `remedy` are held against. Shares nothing with them but how a change is applied."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pytest
from core_run import Core
from hypothesis import strategies as st

from interop.model.change import Change, ChangeKind
from interop.model.errors import UsageError
from interop.model.matrix import Matrix
from interop.profile.change import apply
from interop.run.execute import Run, execute
from interop.run.measure import matrix_of
from interop.run.plan import Options, plan
from interop.vector.catalogue import expand

SIGNERS = ("cn-licensed-sm2", "eu-qtsp-natural", "gd-hk-scheme", "hk-recognised")
RELYING = ("cn-dual-alg", "cn-gov-gm", "cn-licensed-sm2", "eu-qtsp-natural", "hk-recognised", "sg-accredited")


class Scene:
    """Some rows and columns of the core set."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def __repr__(self) -> str:
        """Short: a failing example prints it."""
        return f"<scene of {len(self.run.plan.specs)} vectors>"

    @cached_property
    def matrix(self) -> Matrix:
        return matrix_of(self.run)

    def afresh(self, changes: Iterable[Change], *, only: Sequence[str] | None = None) -> Matrix:
        """A run of its own under the changes: issued, signed, observed, linked and judged from the beginning.

        `only`: the cells asked for. What was made before from the same profile is taken from the cache, as any run does.
        """
        base = self.run.plan
        changed = apply(changes, base.world, base.suites)
        rows = {spec.provider.id for spec in base.specs}
        columns = {party.id for party in base.relying}
        if only is not None:
            rows = {cell.partition(":")[0] for cell in only}
            columns = {cell.partition(":")[2] for cell in only}
        signers = tuple(provider for provider in changed.world.providers if provider.id in rows)
        now = replace(
            base,
            world=changed.world,
            suites=changed.suites,
            specs=expand(signers, base.cases),
            relying=tuple(provider for provider in changed.world.providers if provider.id in columns),
        )
        return matrix_of(execute(now))


def scene_over(cache: Path, **options: object) -> Scene:
    return Scene(execute(plan(Options(cache=cache, jobs=0, **options))))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def own_cache(core: Core, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the finished cache, to be added to."""
    return Path(shutil.copytree(core.cache, tmp_path_factory.mktemp("assumed") / "cache"))


@pytest.fixture(scope="session")
def scene(own_cache: Path) -> Scene:
    return scene_over(own_cache, signers=SIGNERS, relying=RELYING)


def change(option: str) -> Change:
    """`enable prc-art26-hk`: as an option of `interop whatif`, without the dashes."""
    kind, _, text = option.partition(" ")
    return Change.parse(ChangeKind(kind), text)


AGREEMENTS = (
    "prc-art26-hk", "prc-art26-mo", "gd-hk-to-hk", "hk-to-gd", "hk-contract-cn", "cn-contract-hk", "sg-controller-hk", "sg-parties-eu",
    "zz-to-eu", "cn-home",
)  # fmt: skip
ALGORITHMS = ("RSA", "SM2", "P-256", "P-384", "sha256", "sha384", "sm3", "rsa-sha256", "sm2-sm3", "ecdsa-sha256")
RULES = (
    "time.time_stamp_required=true", "time.time_stamp_required=false", "formats.min_level=b-t", "formats.accept-=pades",
    "formats.accept+=pdf-gm", "formats.accept+=xades", "formats.signing_certificate_required=true", "floor=L3", "floor=L4",
    "certificate.key_usage_all+=digitalSignature", "certificate.key_usage_any=keyEncipherment",
)  # fmt: skip
DATES = ("2020-01-01", "2026-03-01", "2027-01-01")
SIGNING = (
    "reissue eu-qtsp-natural.natural-rsa:key_usage=keyEncipherment",
    "reissue hk-recognised.scheme:extensions.policies=[]",
    "emit cn-licensed-sm2.org=pdf-gm",
    "emit eu-qtsp-natural.natural-rsa=xmldsig/b-b",
    "sign gd-hk-scheme.scheme:pades.levels=b-b",
)

party = st.sampled_from(RELYING)
some_or_all = st.just("") | party
OPTIONS = st.one_of(
    st.builds("{} {}".format, st.sampled_from(("enable", "disable")), st.sampled_from(AGREEMENTS)),
    st.builds(
        "{} {}={}".format,
        st.sampled_from(("enact", "repeal")),
        st.sampled_from(AGREEMENTS),
        st.sampled_from(DATES),
    ),
    st.builds("recognise {}={}".format, party, st.sampled_from(SIGNERS)),
    st.builds("load {}={}".format, party, st.sampled_from(AGREEMENTS)),
    st.builds("trust {}={}".format, party, st.sampled_from(SIGNERS)),
    st.builds(
        lambda kind, who, name: f"{kind} {who}={name}" if who else f"{kind} {name}",
        st.sampled_from(("allow", "ban")),
        some_or_all,
        st.sampled_from(ALGORITHMS),
    ),
    st.builds(lambda who, rule: f"set {who}:{rule}" if who else f"set {rule}", some_or_all, st.sampled_from(RULES)),
    st.sampled_from(SIGNING),
)
CHANGES = st.lists(OPTIONS, min_size=1, max_size=3, unique=True).map(lambda options: tuple(map(change, options)))


def can_be_made(changes: tuple[Change, ...], scene: Scene) -> bool:
    try:
        apply(changes, scene.run.plan.world, scene.run.plan.suites)
    except UsageError:
        return False
    return True
