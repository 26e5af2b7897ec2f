"""SM2 distinguishing IDs as profile data: a provider whose keys sign with IDs of its own, from profile to verdict.

GB/T 35276 has a default ID; another is used where it is agreed upon, and cannot be read from the signature.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from core_run import ROOT, Core, run_with

from interop.engine.command import find
from interop.model.knowledge import Relation
from interop.model.layers import Layer
from interop.model.outcome import CellVerdict, Outcome
from interop.model.verdict import Judgement
from interop.run.check import CheckOptions, File, check_files
from interop.run.execute import execute
from interop.run.plan import Options, plan, plan_check
from interop.run.witness import contradictions
from interop.vector.make import SM2_OTHER_ID

PROVIDER = "cn-licensed-sm2"
OTHERS = ("cn-gov-gm", "gd-hk-scheme", "hk-recognised", "eu-qtsp-natural", "us-fpki")
IDS = {
    "root": "AUDIT-ID-CA",
    "issuing": "AUDIT-ID-CA",
    "signer-org": "AUDIT-ID-1",
    "tsa": "审计",
    "ocsp": "AUDIT-ID-OCSP",
}


def write_profiles(folder: Path, *, accepted: str) -> None:
    """The shipped profiles, that of PROVIDER with an ID for each key and `accepted` as its `sm2_ids`."""
    shutil.copytree(ROOT / "profiles" / "providers", folder)
    path = folder / f"{PROVIDER}.toml"
    text = re.sub(r"^sm2_id = .*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for certificate, sm2_id in IDS.items():
        text, count = re.subn(
            rf'(^id = "{certificate}"\n.*?^\[certificates\.key\]\n)', rf'\1sm2_id = "{sm2_id}"\n', text,
            count=1, flags=re.MULTILINE | re.DOTALL,
        )  # fmt: skip
        assert count == 1, certificate
    text, count = re.subn(r"^\[relying\.algorithms\]\n", rf"\g<0>sm2_ids = {accepted}\n", text, flags=re.MULTILINE)
    assert count == 1
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Core:
    """All core vectors of the provider, as all six relying parties."""
    folder = tmp_path_factory.mktemp("own-ids")
    write_profiles(folder / "profiles", accepted='["1234567812345678", "AUDIT-ID-1", "审计"]')
    run = run_with(folder / "cache", profiles=folder / "profiles", signers=(PROVIDER,))
    assert run.failures == {}
    return Core(run, folder / "cache")


def positives(core: Core, level: str | None = None) -> list[str]:
    found = [
        name for name, spec in core.specs.items()
        if spec.case.positive and spec.case.fate is None and (level is None or spec.case.level.value == level)
    ]  # fmt: skip
    assert found
    return found


def codes(judgement: Judgement, layer: Layer) -> set[str]:
    assert judgement.verdict is not None
    (found,) = [result for result in judgement.verdict.layers if result.layer is layer]
    return {cause.code for cause in found.causes}


def test_what_is_tried_are_the_ids_of_all_profiles(own: Core, core: Core) -> None:
    assert own.run.sm2_ids == ("1234567812345678", "AUDIT-ID-1", "AUDIT-ID-CA", "AUDIT-ID-OCSP", "审计")
    assert core.run.sm2_ids == ("1234567812345678",)


def test_the_fact_names_the_id_that_verified(own: Core) -> None:
    for vector in positives(own):
        signer = own.bench.names[f"{PROVIDER}:signer-org"]
        for signature in own.run.observations[vector].facts.signatures:
            assert [value.key for value in signature.value if value.ok] == [signer], vector
            assert signature.algorithm.sm2_id == "AUDIT-ID-1", vector
    for vector in positives(own, "b-t"):
        facts = own.run.observations[vector].facts
        assert len(facts.tokens) == len(facts.signatures)
        for token in facts.tokens:
            assert token.algorithm is not None
            assert (token.value_ok, token.algorithm.sm2_id) == (True, "审计"), vector


def test_every_certificate_and_status_answer_links(own: Core) -> None:
    """CA and responder sign with IDs that no relying party lists: named in the profile is enough."""
    published = own.run.published[PROVIDER]
    edges = [edge for edge in own.run.linker.edges() if edge.relation is Relation.SIGNED and edge.ok]
    signed = {edge.object for edge in edges}
    names = own.bench.names
    assert {name for name in published.certificates if names[f"{PROVIDER}:{name}"] not in signed} == set()
    services = {e.object for e in own.run.linker.evidence if e.service.startswith(f"{PROVIDER}/")}
    assert services
    assert services <= signed


def test_the_own_cell_is_recognised_and_every_negative_refused(own: Core) -> None:
    cell = own.matrix.cells[f"{PROVIDER}:{PROVIDER}"]
    assert cell.verdict is CellVerdict.RECOGNISED
    outcomes = {
        row.id: own.matrix.tables.outcomes[char]
        for row, char in zip(own.matrix.rows_of(PROVIDER), cell.outcomes, strict=True)
    }
    assert {
        name for name, outcome in outcomes.items() if outcome not in {Outcome.PASS, Outcome.NOT_APPLICABLE}
    } == set()


def test_an_id_that_nobody_names_stays_an_invalid_value(own: Core) -> None:
    assert SM2_OTHER_ID not in own.run.sm2_ids
    wrong = [v for v, s in own.specs.items() if s.case.mutation is not None and s.case.mutation.name == "sm2-wrong-id"]
    assert wrong
    for vector in wrong:
        assert "signature.value-invalid" in codes(own.judge(vector, PROVIDER), Layer.SIGNATURE), vector


@pytest.mark.parametrize("relying", OTHERS)
def test_parties_that_do_not_list_the_id_say_so(own: Core, relying: str) -> None:
    for vector in positives(own):
        judgement = own.judge(vector, relying)
        assert codes(judgement, Layer.SIGNATURE) == {"signature.sm2-id-not-accepted"}, vector
        assert judgement.verdict is not None
        assert not judgement.verdict.accepted


@pytest.mark.parametrize(
    ("accepted", "layer", "expected"),
    [
        ('["1234567812345678"]', Layer.SIGNATURE, {"signature.sm2-id-not-accepted"}),
        ('["AUDIT-ID-1"]', Layer.TIME, {"time.timestamp-invalid"}),
    ],
    ids=["signer", "time-stamp"],
)
def test_the_home_too_is_asked_what_it_lists(
    own: Core, tmp_path: Path, accepted: str, layer: Layer, expected: set[str]
) -> None:
    """The same vectors under other rules: a time-stamp whose ID is not listed proves nothing."""
    write_profiles(tmp_path / "profiles", accepted=accepted)
    rules = plan(Options(profiles=tmp_path / "profiles", signers=(PROVIDER,))).world.provider(PROVIDER)
    run = own.run.plan
    for vector in positives(own, "b-t"):
        judgement = own.bench.judge(
            own.run.observations[vector].facts, rules, run.validation, document=own.specs[vector].case.document
        )
        assert expected <= codes(judgement, layer), vector


def test_a_cache_filled_without_the_id_is_not_asked(own: Core, tmp_path: Path) -> None:
    """The facts of an observation follow from the IDs tried: another party's list is part of their name."""
    cache = tmp_path / "cache"
    first = run_with(cache, expression="pdf-b-b", signers=("cn-gov-gm",))
    again = run_with(cache, expression="pdf-b-b", signers=("cn-gov-gm",))
    write_profiles(tmp_path / "profiles", accepted='["AUDIT-ID-1"]')
    other = run_with(cache, expression="pdf-b-b", signers=("cn-gov-gm",), profiles=tmp_path / "profiles")
    assert (first.made, again.made, other.made) == (len(first.plan.specs), 0, len(other.plan.specs))


def test_check_tries_the_same_ids(own: Core, core: Core) -> None:
    vector = positives(own, "b-t")[0]
    request = own.request(vector)
    file = File(name="a", data=request.data, detached=request.detached)

    def checked(folder: Path | None) -> tuple[str, str | None]:
        options = Options(profiles=folder)
        at = own.run.plan.validation
        report = check_files([file], plan_check(options), CheckOptions(at=at, now=at, jobs=0))
        return str(report.files[0].indication), report.files[0].reason

    assert checked(own.run.plan.options.profiles)[0] == "TOTAL_PASSED"
    assert checked(None) == ("TOTAL_FAILED", "signature.value-invalid")


def test_openssl_confirms_the_values(own: Core) -> None:
    """An independent tool, told the ID that the facts name."""
    if find("openssl") is None:
        pytest.skip("openssl is not on this machine")
    options = own.run.plan.options
    again = execute(
        plan(Options(cache=own.cache, profiles=options.profiles, signers=(PROVIDER,), witnesses=("openssl",), jobs=0))
    )
    said = [s for answers in again.testimonies.values() for a in answers for s in a.statements if s.about == "value"]
    assert any(statement.ok for statement in said)
    assert list(contradictions(again.testimonies, {v: o.facts for v, o in again.observations.items()})) == []
