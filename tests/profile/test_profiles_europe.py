"""The European providers and the instruments between them, as signers and relying parties of one another.

The rows of reference/foreign-profiles.md 4.3 are in `test_asymmetry_rows`; here is what the sheets say besides. "QES" is the level L4,
"AdESig" L2 (6.2). Where no instrument covers a signature the cell is valid and not recognised, at the level that technology alone gives.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import pytest

from interop.model.agreement import Agreement, AgreementStatus, StatusChange
from interop.model.assurance import AssuranceLevel
from interop.model.layers import Layer, LayerState
from interop.model.matrix import Group, Matrix
from interop.model.outcome import CellVerdict, GroupState, Outcome
from interop.model.verdict import Verdict
from interop.profile.load import data_root
from interop.run.execute import Run, execute
from interop.run.judge import Bench
from interop.run.measure import matrix_of
from interop.run.plan import Options, plan

EU = ("eu-qtsp-natural", "eu-qtsp-seal", "eu-qtsp-brainpool")
PROVIDERS = (*EU, "uk-qtsp", "ch-zertes", "zz-pilot", "ua-dual")
AGREEMENTS = (
    *("eu-home", "uk-home", "ch-home", "zz-home", "ua-home"),
    *("eu-to-uk", "eu-to-ua", "ua-to-eu", "zz-to-eu", "eu-to-zz"),
)
TRUST_AND_AGREEMENT = {Layer.TRUST, Layer.AGREEMENT}


class Europe:
    """One finished run of some of the shipped profiles and agreements, copied to a folder of their own."""

    def __init__(self, folder: Path, providers: tuple[str, ...], agreements: tuple[str, ...], words: str) -> None:
        self.folder = folder
        for kind, names in (("providers", providers), ("agreements", agreements)):
            (folder / kind).mkdir()
            for name in names:
                shutil.copy(data_root() / "profiles" / kind / f"{name}.toml", folder / kind)
        self.words = words

    @cached_property
    def run(self) -> Run:
        options = Options(
            profiles=self.folder / "providers",
            agreements=self.folder / "agreements",
            expression=self.words,
            cache=self.folder / "cache",
            jobs=0,
        )
        return execute(plan(options))

    @cached_property
    def matrix(self) -> Matrix:
        return matrix_of(self.run)

    def group(self, cell: str, identity: str, level: str = "b-b", form: str = "pades") -> Group:
        return self.matrix.cells[cell].groups[f"{identity}/{form}/{level}"]

    def reasons(self, group: Group) -> list[str]:
        return [self.matrix.tables.reasons[index].code for index in group.reasons]

    def verdict(self, vector: str, relying: str, agreements: tuple[Agreement, ...] | None = None) -> Verdict:
        """What one relying party makes of one vector, under other agreements where they are given."""
        plan_, bench = self.run.plan, self.run.bench()
        if agreements is not None:
            bench = Bench.build(
                world=plan_.world,
                suites=plan_.suites,
                knowledge=bench.knowledge,
                names=bench.names,
                agreements=agreements,
            )
        facts = self.run.observations[vector].facts
        found = bench.judge(facts, plan_.world.provider(relying), plan_.validation, document=None).verdict
        assert found is not None
        return found

    def enacted(self, agreement_id: str, at: datetime) -> tuple[Agreement, ...]:
        """All agreements, that one in force from another instant on."""
        change = StatusChange(at=at, status=AgreementStatus.ENACTED)
        return tuple(
            replace(a, history=(change,)) if a.id == agreement_id else a for a in self.run.plan.world.agreements
        )


@pytest.fixture(scope="module")
def europe(tmp_path_factory: pytest.TempPathFactory) -> Europe:
    words = "pdf-b-b or pdf-b-t or xml-b-b or xml-b-t"
    return Europe(tmp_path_factory.mktemp("europe"), PROVIDERS, AGREEMENTS, words)


def adesig(europe: Europe, cell: str, identity: str, level: str = "b-b") -> None:
    """Technically good, covered by nothing: L2 and not accepted."""
    group = europe.group(cell, identity, level)
    assert group.state is GroupState.BLOCKED_RECOGNITION
    assert set(group.blocks) == TRUST_AND_AGREEMENT
    assert (group.promised, group.agreement) == (False, None)
    assert (group.attained, group.capped_by) == ("L2", "no-instrument")


def granted(europe: Europe, cell: str, identity: str, agreement: str, attained: str) -> None:
    """Accepted, at that level, by that instrument."""
    group = europe.group(cell, identity)
    assert group.state is GroupState.ACCEPTED
    assert (group.promised, group.agreement, group.attained) == (True, agreement, attained)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_self_cells_are_recognised_at_the_level_claimed(europe: Europe, provider: str) -> None:
    cell = europe.matrix.cells[f"{provider}:{provider}"]
    assert cell.verdict is CellVerdict.RECOGNISED
    assert cell.level.attained == cell.level.claimed
    counted = [group for group in cell.groups.values() if group.state is not GroupState.UNSUPPORTED]
    assert counted
    assert all(group.state is GroupState.ACCEPTED for group in counted)


def test_every_vector_does_what_its_case_expects(europe: Europe) -> None:
    matrix = europe.matrix
    unexpected = {
        (name, row.id, matrix.tables.outcomes[char])
        for name, cell in matrix.cells.items()
        for row, char in zip(matrix.rows_of(name.split(":")[0]), cell.outcomes, strict=True)
        if matrix.tables.outcomes[char] not in {Outcome.PASS, Outcome.NOT_APPLICABLE}
        and not (row.opaque and matrix.tables.outcomes[char] == Outcome.UNSUPPORTED)
    }
    assert unexpected == set()
    assert all(cell.unpromised == () for cell in matrix.cells.values())


@pytest.mark.parametrize(("signer", "identity", "level"), [
    ("eu-qtsp-natural", "natural-rsa", "L4"), ("eu-qtsp-natural", "natural-ec", "L4"), ("eu-qtsp-seal", "seal", "L4"),
    ("eu-qtsp-seal", "seal-lei", "L4"), ("eu-qtsp-brainpool", "natural", "L3"),
])  # fmt: skip
def test_eu_providers_recognise_one_another_and_the_uk_recognises_them(
    europe: Europe, signer: str, identity: str, level: str
) -> None:
    """Row "eu-qtsp-natural -> uk: QES by unilateral rule"; sheet 4.0 gives the other two EU providers the same agreements."""
    for relying in EU:
        granted(europe, f"{signer}:{relying}", identity, "eu-home", level)
    granted(europe, f"{signer}:uk-qtsp", identity, "eu-to-uk", level)
    assert europe.matrix.cells[f"{signer}:uk-qtsp"].verdict is CellVerdict.RECOGNISED


def test_ukraine_does_not_take_a_certificate_without_device_for_a_qualified_signature(europe: Europe) -> None:
    """Sheet 4.0, eu-qtsp-brainpool: no QcSSCD, so at most AdESig-QC; row "eu-qtsp -> ua-dual" is about QES."""
    adesig(europe, "eu-qtsp-brainpool:ua-dual", "natural")
    group = europe.group("eu-qtsp-brainpool:ua-dual", "natural")
    assert {"trust.entry-qc-statement", "agreement.condition-qc-statement"} <= set(europe.reasons(group))


def test_track_b_is_unsupported_at_home_too(europe: Europe) -> None:
    """2.12: DSTU 4145 is recognised and never verified; listed, not counted."""
    group = europe.group("ua-dual:ua-dual", "seal-dstu")
    assert group.state is GroupState.UNSUPPORTED
    verdict = europe.verdict("ua-dual.seal-dstu/pades/b-b/pdf-b-b", "ua-dual")
    assert verdict.indication.value.lower().replace("_", "-").endswith("indeterminate")
    assert verdict.layer(Layer.SIGNATURE).state is LayerState.UNSUPPORTED
    assert not verdict.accepted


def test_switzerland_asks_for_a_time_stamp_of_anybody(europe: Europe) -> None:
    """2.3 and sheet 4.0: a qualified time-stamp is required; an EU signature at B-B fails there on that as well."""
    group = europe.group("eu-qtsp-natural:ch-zertes", "natural-rsa", "b-b")
    assert {Layer.TIME, *TRUST_AND_AGREEMENT} == set(group.blocks)


def test_a_signature_proven_to_be_older_than_the_pilot_stays_advanced(europe: Europe) -> None:
    """dss.md 1.3: the equivalence must hold at the best signature time, which a time-stamp fixes; here it starts twelve hours later."""
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert europe.run.plan.signing < start < europe.run.plan.validation
    late = europe.enacted("zz-to-eu", start)
    stamped = europe.verdict("zz-pilot.natural/pades/b-t/pdf-b-t", "eu-qtsp-natural", late)
    assert (stamped.accepted, stamped.level.attained) == (False, AssuranceLevel.L2)
    unproven = europe.verdict("zz-pilot.natural/pades/b-b/pdf-b-b", "eu-qtsp-natural", late)
    assert unproven.agreement == "zz-to-eu"


def test_the_pilot_is_about_signatures_both_ways(europe: Europe) -> None:
    """dss.md 1.1: QCForESig maps CA/QC with ForeSignatures, in either list; seals are covered in neither direction."""
    granted(europe, "eu-qtsp-natural:zz-pilot", "natural-rsa", "eu-to-zz", "L4")
    granted(europe, "eu-qtsp-brainpool:zz-pilot", "natural", "eu-to-zz", "L3")
    adesig(europe, "eu-qtsp-seal:zz-pilot", "seal")
    for relying in EU:
        adesig(europe, f"zz-pilot:{relying}", "seal")
    pair = {a.id: a.counterpart for a in europe.run.plan.world.agreements if a.kind.value == "mutual-recognition"}
    assert pair == {"zz-to-eu": "eu-to-zz", "eu-to-zz": "zz-to-eu"}


@pytest.mark.parametrize("identity", ["natural-ed25519", "natural-ed448"])
def test_the_pilot_promises_eddsa_and_the_eu_suite_refuses_it(europe: Europe, identity: str) -> None:
    """Friction F05: EdDSA is in no EU suite; ZZ accepts it by its own, and the agreement does not change the suite."""
    for relying in EU:
        group = europe.group(f"zz-pilot:{relying}", identity)
        assert group.state is GroupState.BLOCKED_TECHNICAL
        assert group.blocks == (Layer.ALGORITHM,)
        assert group.promised
    granted(europe, "zz-pilot:zz-pilot", identity, "zz-home", "L4")


@pytest.mark.parametrize(("signer", "relying"), [
    ("uk-qtsp", "ua-dual"), ("uk-qtsp", "zz-pilot"), ("uk-qtsp", "ch-zertes"), ("ua-dual", "uk-qtsp"), ("ua-dual", "zz-pilot"),
    ("ua-dual", "ch-zertes"), ("zz-pilot", "uk-qtsp"), ("zz-pilot", "ua-dual"), ("ch-zertes", "uk-qtsp"), ("ch-zertes", "ua-dual"),
    ("ch-zertes", "zz-pilot"),
])  # fmt: skip
def test_what_no_instrument_joins_stays_apart(europe: Europe, signer: str, relying: str) -> None:
    """No agreement between third countries: recognition by the EU is not handed on."""
    cell = europe.matrix.cells[f"{signer}:{relying}"]
    assert not any(group.state is GroupState.ACCEPTED or group.promised for group in cell.groups.values())
    assert cell.verdict in {CellVerdict.VALID_NOT_RECOGNISED, CellVerdict.NOT_RECOGNISED}
