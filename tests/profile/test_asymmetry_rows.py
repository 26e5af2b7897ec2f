"""The fifteen rows of reference/foreign-profiles.md 4.3, who recognises whom and who does not in return.

Cell, level, conformity and explanation of each; the row is quoted at its test, with the section of the notes that it rests on. QES is L4
and AdESig L2 (6.2). Where nothing covers a signature the cell is valid and not recognised, at the level that technology alone gives. Where
a row has a date, both sides of it are asked: of the agreement on the very day, and of the whole cell with the day moved around the
instants of the run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from shipped_parties import MAINLAND
from small_world import codes, narrowed, run_of, under, verdict, with_agreement, world_of

from interop.model.agreement import AgreementKind, AgreementStatus, StatusChange
from interop.model.formats import Level
from interop.model.ids import CellId
from interop.model.indication import Indication, SubIndication
from interop.model.layers import Layer, LayerState
from interop.model.matrix import Cell
from interop.model.outcome import CellVerdict, Conformity, GroupState
from interop.model.profile import World
from interop.profile.load import load_world
from interop.report.explained import print_cell
from interop.run.execute import Run
from interop.run.explain import explain_cell
from interop.run.measure import matrix_of

EU = ("eu-qtsp-natural", "eu-qtsp-seal", "eu-qtsp-brainpool")
PARTIES = (
    *EU, "uk-qtsp", "ua-dual", "ch-zertes", "us-fpki", "global-aatl", "br-icp-a3", "ar-mercosur", "kz-nca", "ru-qualified",
    "hk-recognised", "gd-hk-scheme", "vn-accredited", "zz-pilot", "in-cca", "sg-accredited",
)  # fmt: skip
"""Of every row; the last two as `anybody`."""
THERE = (*PARTIES, *(name for name in MAINLAND if name not in PARTIES))
"""With those whose anchors the relying parties of Guangdong have."""
SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("asymmetry-cache")


@pytest.fixture(scope="module")
def run(cache: Path) -> Run:
    """The simple positives of these providers in the world as it is shipped, without those that no row names."""
    among = world_of(THERE, [agreement.id for agreement in load_world().agreements])
    kept = tuple(
        replace(agreement, signers=signers, relying=relying)
        for agreement in among.agreements
        if (signers := tuple(name for name in agreement.signers if name in THERE))
        and (relying := tuple(name for name in agreement.relying if name in THERE))
    )
    expression = "pades and (pdf-b-b or pdf-b-t) and not cn-"
    return run_of(replace(among, agreements=kept), cache, expression, *PARTIES)


@dataclass(frozen=True)
class Told:
    """One cell of one run, and how it is explained."""

    cell: Cell
    reasons: frozenset[str]
    """Of the groups that count."""
    page: str


def told(run: Run, signer: str, relying: str, *, level: str = "") -> Told:
    """The cell of a signer, or of one of its identities (`provider.identity`), over one level or all."""
    provider, _, identity = signer.partition(".")
    some = narrowed(run, (f"{signer}/" if identity else f"{signer}.") + (f" and /{level}/" if level else ""), relying)
    matrix = matrix_of(some)
    cell = matrix.cells[f"{provider}:{relying}"]
    asked = CellId.parse(f"{signer}:{relying}")
    out = StringIO()
    print_cell(explain_cell(some, matrix, asked), Console(file=out, width=400), "en")
    counted = [group for group in cell.groups.values() if group.state is not GroupState.UNSUPPORTED]
    reasons = {matrix.tables.reasons[index].code for group in counted for index in group.reasons}
    return Told(cell, frozenset(reasons), out.getvalue())


def recognised(found: Told, level: str, agreement: str) -> None:
    """Accepted in every group, as promised, by that instrument, at that level."""
    groups = [group for group in found.cell.groups.values() if group.state is not GroupState.UNSUPPORTED]
    assert groups
    assert {(group.state, group.agreement, group.attained) for group in groups} == {
        (GroupState.ACCEPTED, agreement, level)
    }
    claimed = found.cell.level.claimed == level
    assert found.cell.verdict is (CellVerdict.RECOGNISED if claimed else CellVerdict.DOWNGRADED)
    assert found.cell.conformity is Conformity.AS_PROMISED
    assert found.cell.level.attained == level
    assert agreement in found.page


def advanced(found: Told, *reasons: str) -> None:
    """AdESig: technically good, promised by nobody, not recognised, and these are the reasons."""
    assert (found.cell.verdict, found.cell.conformity) == (CellVerdict.VALID_NOT_RECOGNISED, Conformity.NO_PROMISE)
    assert (found.cell.level.attained, found.cell.level.claimed) == ("L2", "L4")
    assert found.reasons == set(reasons)
    for reason in reasons:
        assert reason in found.page


def starts(world: World, agreement: str, at: datetime) -> World:
    """The instrument in force from that instant on."""
    return with_agreement(world, agreement, history=(StatusChange(at=at, status=AgreementStatus.ENACTED),))


def agreement_says(run: Run, vector: str, relying: str, at: datetime) -> set[str]:
    """Codes at the layer `agreement` as of an instant; other layers are not asked, the vector may not be made yet."""
    judged = run.bench().judge(run.observations[vector].facts, run.plan.world.provider(relying), at, document=None)
    assert judged.verdict is not None
    return codes(judged.verdict, Layer.AGREEMENT)


def on_the_day(run: Run, vector: str, relying: str, agreement: str, day: datetime) -> None:
    """The shipped instrument begins on that day: the second before it promises nothing, from the day on it does."""
    (known,) = [a for a in run.plan.world.agreements if a.id == agreement]
    assert [span.start for span in known.in_force()] == [day]
    assert "agreement.not-yet-in-force" in agreement_says(run, vector, relying, day - SECOND)
    assert agreement_says(run, vector, relying, day) == set()


def around(run: Run, agreement: str) -> tuple[Run, Run]:
    """The run with the instrument in force a second later than it is judged, and from the second on in which it is signed."""
    late, just = run.plan.validation + SECOND, run.plan.signing
    return under(run, starts(run.plan.world, agreement, late)), under(run, starts(run.plan.world, agreement, just))


NOT_YET = ("trust.instrument-not-yet-in-force", "agreement.not-yet-in-force")
NOTHING = ("trust.no-path-to-known-anchor", "agreement.no-instrument")


def test_row_1_eu_to_uk(run: Run) -> None:
    """ "eu-qtsp-natural -> uk: QES by unilateral rule" (4.3; 2.2: the UK list plus unilateral acceptance of EU lists)."""
    recognised(told(run, "eu-qtsp-natural", "uk-qtsp"), "L4", "eu-to-uk")
    (rule,) = [a for a in run.plan.world.agreements if a.id == "eu-to-uk"]
    assert (rule.kind, rule.counterpart) == (AgreementKind.UNILATERAL, None)


@pytest.mark.parametrize("relying", EU)
def test_row_2_uk_to_eu(run: Run, relying: str) -> None:
    """ "uk-qtsp -> eu: AdESig (no list entry)" (4.3; 2.2: the EU does not recognise UK ones; F19)."""
    advanced(told(run, "uk-qtsp", relying), "trust.no-path-to-known-anchor", "agreement.only-other-direction")


@pytest.mark.parametrize("signer", ["eu-qtsp-natural", "eu-qtsp-seal"])
def test_row_3_eu_to_ukraine(run: Run, signer: str) -> None:
    """ "eu-qtsp -> ua-dual: QES from 2023-01-01" (4.3; 2.12: EU QES accepted unilaterally since that day)."""
    recognised(told(run, signer, "ua-dual"), "L4", "eu-to-ua")
    late, just = around(run, "eu-to-ua")
    advanced(told(late, signer, "ua-dual"), *NOT_YET)
    recognised(told(just, signer, "ua-dual"), "L4", "eu-to-ua")
    vectors = [spec.id for spec in run.plan.specs if spec.provider.id == signer and spec.case.id == "pdf-b-b"]
    assert vectors
    for vector in vectors:
        on_the_day(run, vector, "ua-dual", "eu-to-ua", datetime(2023, 1, 1, tzinfo=UTC))


def test_row_3_an_eu_certificate_without_a_qualified_device_to_ukraine(run: Run) -> None:
    """ "QES" (4.3) it is not: sheet 4.0, row 3 has no QcSSCD, so that 6.2 makes it AdESig-QC, L3, which the rule on QES does not cover."""
    found = told(run, "eu-qtsp-brainpool", "ua-dual")
    assert (found.cell.verdict, found.cell.conformity) == (CellVerdict.VALID_NOT_RECOGNISED, Conformity.NO_PROMISE)
    assert (found.cell.level.attained, found.cell.level.claimed) == ("L2", "L3")
    assert found.reasons == {"trust.entry-qc-statement", "agreement.condition-qc-statement"}
    for reason in found.reasons:
        assert reason in found.page
    assert "0.4.0.1862.1.4" in found.page, "QcSSCD (EN 319 412-5 clause 4.2.2) is what it lacks"


@pytest.mark.parametrize("relying", EU)
def test_row_4_ukraine_track_a_to_eu(run: Run, relying: str) -> None:
    """ "ua-dual (track A) -> eu: AdESig through TC-AdES pointer; QcCClegislation must not count as EU" (4.3; 1.10, 2.12, F19)."""
    found = told(run, "ua-dual.natural", relying)
    recognised(found, "L2", "ua-to-eu")
    assert {group.capped_by for group in found.cell.groups.values()} == {"agreement:ua-to-eu"}
    (pointer,) = [a for a in run.plan.world.agreements if a.id == "ua-to-eu"]
    assert pointer.kind is AgreementKind.LIST_POINTER
    without = under(run, with_agreement(run.plan.world, "ua-to-eu", enabled=False))
    bare = told(without, "ua-dual.natural", relying)
    advanced(bare, "trust.no-path-to-known-anchor", "agreement.only-other-direction")


@pytest.mark.parametrize("relying", EU)
def test_row_5_ukraine_track_b_to_eu(run: Run, relying: str) -> None:
    """ "ua-dual (track B) -> eu: algorithm unsupported -> indeterminate" (4.3; 2.12, F03)."""
    found = told(run, "ua-dual.seal-dstu", relying)
    assert found.cell.verdict is CellVerdict.UNSUPPORTED
    assert (found.cell.conformity, found.cell.level.attained) == (Conformity.NO_PROMISE, "L0")
    assert {group.state for group in found.cell.groups.values()} == {GroupState.UNSUPPORTED}
    judged = verdict(run, "ua-dual.seal-dstu/pades/b-b/pdf-b-b", relying)
    assert (judged.accepted, judged.indication) == (False, Indication.INDETERMINATE)
    assert judged.layer(Layer.SIGNATURE).state is LayerState.UNSUPPORTED
    assert codes(judged, Layer.SIGNATURE) == {"signature.algorithm-unsupported"}
    assert judged.level.attained.name == "L0"
    assert "Listed, not counted" in found.page
    assert "never verified here" in found.page


@pytest.mark.parametrize("party", EU)
def test_row_6_eu_and_switzerland(run: Run, party: str) -> None:
    """ "eu <-> ch-zertes: AdESig both ways" (4.3; 2.3: no automatic recognition in either direction, no agreement concluded)."""
    advanced(told(run, "ch-zertes", party), *NOTHING)
    back = told(run, party, "ch-zertes", level="b-t")  # at B-B the missing time-stamp is in the way as well
    assert (back.cell.verdict, back.cell.conformity) == (CellVerdict.VALID_NOT_RECOGNISED, Conformity.NO_PROMISE)
    assert (back.cell.level.attained, back.reasons) == ("L2", frozenset(NOTHING))
    for reason in NOTHING:
        assert reason in back.page


def test_row_7_switzerland_without_a_qualified_time_stamp(cache: Path) -> None:
    """ "ch without qualified TS -> ch: not handwritten-equivalent" (4.3; 2.3; 6.2: L4, without TS L3).

    The shipped identities sign from B-T on; here they sign at B-B too.
    """
    world = world_of(("ch-zertes",), ("ch-home",))
    swiss = world.provider("ch-zertes")
    identities = tuple(
        replace(identity, formats=tuple(replace(form, levels=(Level.B_B, *form.levels)) for form in identity.formats))
        for identity in swiss.identities
    )
    world = replace(world, providers=(replace(swiss, identities=identities),))
    made = run_of(world, cache, "ch-zertes.natural and pades and (pdf-b-b or pdf-b-t)", "ch-zertes")
    without = told(made, "ch-zertes.natural", "ch-zertes", level="b-b")
    assert (without.cell.verdict, without.cell.conformity) == (CellVerdict.NOT_RECOGNISED, Conformity.BELOW_PROMISE)
    assert (without.cell.level.claimed, without.cell.level.attained) == ("L4", "L3")
    assert without.reasons == {"time.timestamp-missing"}
    assert "time.timestamp-missing" in without.page
    assert "L3 attained, L4 claimed" in without.page
    recognised(told(made, "ch-zertes.natural", "ch-zertes", level="b-t"), "L4", "ch-home")


def test_row_8_federal_pki_to_the_private_list(run: Run) -> None:
    """ "us-fpki -> aatl-model: only the allow-listed policies" (4.3; 2.5; 6.2: L2)."""
    recognised(told(run, "us-fpki", "global-aatl"), "L2", "global-aatl-us-fpki")
    (listed,) = [a for a in run.plan.world.agreements if a.id == "global-aatl-us-fpki"]
    (entry,) = listed.entries
    condition = replace(entry.condition, policies_any=("2.16.840.1.101.3.2.1.48.12",))
    changed = with_agreement(run.plan.world, listed.id, entries=(replace(entry, condition=condition),))
    advanced(told(under(run, changed), "us-fpki", "global-aatl"), "trust.entry-policy", "agreement.condition-policy")


def test_row_9_eu_to_federal_pki(run: Run, cache: Path) -> None:
    """ "eu-qtsp -> us-fpki: needs a mapping row; else CHAIN_CONSTRAINTS_FAILURE" (4.3; 2.4, F32, F33).

    As shipped nothing joins the two. With the cross-certificate of the bridge it is its policy mapping that admits the signature.
    """
    advanced(told(run, "eu-qtsp-natural", "us-fpki"), *NOTHING)
    on = under(run, with_agreement(run.plan.world, "us-cross-eu", enabled=True))
    recognised(told(on, "eu-qtsp-natural", "us-fpki"), "L4", "us-cross-eu")
    world = world_of(("eu-qtsp-natural", "us-fpki"), ("eu-home", "us-home", "us-cross-eu"), on=("us-cross-eu",))
    us = world.provider("us-fpki")
    unmapped = tuple(
        replace(spec, extensions=replace(spec.extensions, policy_mappings=())) if spec.id == "cross-eu" else spec
        for spec in us.certificates
    )
    world = replace(world, providers=(world.provider("eu-qtsp-natural"), replace(us, certificates=unmapped)))
    vector = "eu-qtsp-natural.natural-rsa/pades/b-b/pdf-b-b"
    made = run_of(world, cache, vector, "us-fpki")
    found = told(made, "eu-qtsp-natural", "us-fpki")
    assert found.cell.verdict is CellVerdict.VALID_NOT_RECOGNISED
    assert found.reasons == {"trust.policy-not-acceptable"}
    assert found.cell.conformity is Conformity.BELOW_PROMISE
    # the instrument covers the signature, so its level is that of 6.2; the path alone is in the way
    assert (found.cell.level.attained, found.cell.level.claimed) == ("L4", "L4")
    assert "trust.policy-not-acceptable" in found.page
    assert "map the signer's policy" in found.page
    assert verdict(made, vector, "us-fpki").sub_indication is SubIndication.CHAIN_CONSTRAINTS_FAILURE


def test_row_10_brazil_to_mercosur(run: Run) -> None:
    """ "br -> Mercosur: qualified via trust list from 2024-11-10" (4.3; 2.10: mutual agreement, in force for Brazil that day)."""
    recognised(told(run, "br-icp-a3", "ar-mercosur"), "L4", "mercosur-br-to-ar")
    late, just = around(run, "mercosur-br-to-ar")
    advanced(told(late, "br-icp-a3", "ar-mercosur"), *NOT_YET)
    recognised(told(just, "br-icp-a3", "ar-mercosur"), "L4", "mercosur-br-to-ar")
    vector = "br-icp-a3.person/pades/b-b/pdf-b-b"
    on_the_day(run, vector, "ar-mercosur", "mercosur-br-to-ar", datetime(2024, 11, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    "signer", [name for name in PARTIES if name not in {"br-icp-a3", "ar-mercosur", "vn-accredited"}]
)
def test_row_11_anybody_to_brazil(run: Run, signer: str) -> None:
    """ "any -> br: without policy id: reject" (4.3; 2.10: a signature policy is mandatory; F59)."""
    found = told(run, signer, "br-icp-a3")
    assert (found.cell.verdict, found.cell.conformity) == (CellVerdict.NOT_RECOGNISED, Conformity.NO_PROMISE)
    assert found.cell.first_block is Layer.FORMAT
    assert "format.policy-missing" in found.reasons
    assert "format.policy-missing" in found.page
    assert found.cell.level.attained == "L2", "nothing covers it: what technology alone gives (6.2)"
    told_of = [s for s in run.plan.specs if s.provider.id == signer and s.case.positive and not s.identity.opaque]
    for vector in (spec.id for spec in told_of):
        judged = verdict(run, vector, "br-icp-a3")
        assert "format.policy-missing" in codes(judged, Layer.FORMAT)
        assert judged.sub_indication is SubIndication.SIG_CONSTRAINTS_FAILURE


@pytest.mark.parametrize("signer", ["kz-nca", "ru-qualified"])
def test_row_12_kazakhstan_and_russia_to_anybody(run: Run, signer: str) -> None:
    """ "kz/ru -> anybody: through DTP receipt only" (4.3; 2.14: trusted third parties of the EAEU)."""
    partner = {"kz-nca": "ru-qualified", "ru-qualified": "kz-nca"}[signer]
    for relying in PARTIES:
        if relying == signer:
            continue
        found = told(run, signer, relying)
        assert not any(group.state is GroupState.ACCEPTED for group in found.cell.groups.values()), relying
        assert found.cell.conformity is Conformity.NO_PROMISE
        assert ("agreement.condition-receipt" in found.reasons) == (relying == partner)
    found = told(run, signer, partner)
    assert found.cell.verdict is CellVerdict.VALID_NOT_RECOGNISED
    assert found.cell.level.attained == "L2"
    assert found.reasons == {"trust.entry-receipt", "agreement.condition-receipt"}
    assert "the receipt of a trusted third party" in found.page
    (instrument,) = [a for a in run.plan.world.agreements if signer in a.signers and partner in a.relying]
    assert instrument.kind is AgreementKind.THIRD_PARTY_ATTESTATION
    assert all(entry.receipt for entry in instrument.entries)


@pytest.mark.parametrize(
    ("signer", "relying", "agreement"),
    [("hk-recognised", "gd-hk-scheme", "hk-to-gd"), ("gd-hk-scheme", "hk-recognised", "gd-hk-to-hk")],
)
def test_row_13_hong_kong_and_guangdong(run: Run, signer: str, relying: str, agreement: str) -> None:
    """ "hk -> guangdong: by OID prefix, both directions" (4.3; 2.15, F44; 6.2: L3 bilaterally)."""
    recognised(told(run, f"{signer}.scheme", relying), "L3", agreement)
    ordinary = told(run, f"{signer}.ordinary", relying)
    assert (ordinary.cell.verdict, ordinary.cell.conformity) == (
        CellVerdict.VALID_NOT_RECOGNISED,
        Conformity.NO_PROMISE,
    )
    assert ordinary.cell.level.attained == "L2"
    assert {"trust.entry-policy-prefix", "agreement.condition-policy-prefix"} <= ordinary.reasons
    assert "2.16.344.8.2.2008.810.2" in ordinary.page
    assert told(run, signer, relying).cell.verdict is CellVerdict.PARTIAL


def test_row_14_recognised_foreign_to_vietnam(run: Run) -> None:
    """ "recognised foreign -> Vietnam: dual status check" (4.3; 2.15: Decree 23/2025 article 16, F75).

    Recognition of the EU provider is hypothetical; the national system knows one of its two signers.
    """
    advanced(told(run, "eu-qtsp-natural", "vn-accredited"), *NOTHING)
    on = under(run, with_agreement(run.plan.world, "vn-recognition-eu", enabled=True))
    recognised(told(on, "eu-qtsp-natural.natural-rsa", "vn-accredited"), "L4", "vn-recognition-eu")
    unknown = told(on, "eu-qtsp-natural.natural-ec", "vn-accredited")
    assert unknown.cell.verdict is CellVerdict.VALID_NOT_RECOGNISED
    assert unknown.cell.conformity is Conformity.BELOW_PROMISE
    assert unknown.cell.level.attained == "L4"
    assert unknown.reasons == {"trust.national-status-missing"}
    assert "national system" in unknown.page
    assert told(on, "eu-qtsp-natural", "vn-accredited").cell.verdict is CellVerdict.PARTIAL


@pytest.mark.parametrize("relying", EU)
def test_row_15_the_pilot_to_eu(run: Run, relying: str) -> None:
    """ "zz pilot -> eu, before start date: AdESig; after: QESig" (4.3; 1.10, dss.md 1.5)."""
    late, just = around(run, "zz-to-eu")
    advanced(told(late, "zz-pilot.natural", relying), *NOT_YET)
    for after in (run, just):
        recognised(told(after, "zz-pilot.natural", relying), "L4", "zz-to-eu")
    start = datetime(2020, 5, 16, 23, 59, 59, tzinfo=UTC)
    on_the_day(run, "zz-pilot.natural/pades/b-b/pdf-b-b", relying, "zz-to-eu", start)


def rows(names: Iterable[str]) -> set[int]:
    return {int(name.split("_")[2]) for name in names if name.startswith("test_row_")}


def test_every_row_has_its_test() -> None:
    assert rows(globals()) == set(range(1, 16))
