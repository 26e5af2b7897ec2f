"""Attributions, clusters and asymmetries of the core set, where profiles and references say what must come out; and a witness's word."""

from __future__ import annotations

import copy

import pytest
from core_run import Core

from interop.model import facts
from interop.model.outcome import EvidenceKind, Side
from interop.run.measure import matrix_of

K = EvidenceKind

WHERE = {
    # ICP-Brasil asks every signature for a signature policy that it knows, which nobody else writes (foreign-profiles.md 2.10)
    "eu-qtsp-natural:br-icp-a3": (Side.RELYING_PARTY, "format.policy-missing"),
    "hk-recognised:br-icp-a3": (Side.RELYING_PARTY, "format.policy-missing"),
    # SM2 is in no ETSI suite (TS 119 312): wherever that suite counts it is refused, and where GM/T counts it passes
    "cn-licensed-sm2:eu-qtsp-natural": (Side.SUITE, "algorithm.key-not-accepted"),
    "cn-licensed-sm2:sg-accredited": (Side.SUITE, "algorithm.key-not-accepted"),
    # the customs format is read by those who know it: the signer stands alone with it
    "cn-customs-xml:eu-qtsp-natural": (Side.SIGNER, "format.not-accepted"),
    # no instrument between them
    "eu-qtsp-natural:us-fpki": (Side.PAIR, "trust.no-path-to-known-anchor"),
    "jp-accredited:sg-accredited": (Side.PAIR, "trust.no-path-to-known-anchor"),
    # mutual recognition is of certificates under the scheme's arc: one leg of the signer has it, the other one not
    "gd-hk-scheme:hk-recognised": (Side.SIGNER, "trust.entry-policy-prefix"),
}


@pytest.mark.parametrize("cell", WHERE)
def test_where_to_look_first(core: Core, cell: str) -> None:
    found = core.matrix.cells[cell].attribution
    assert found is not None
    assert found.reason is not None
    assert (found.to, core.matrix.tables.reasons[found.reason].code) == WHERE[cell]
    assert found.evidence


def test_the_union_is_recognised_and_does_not_recognise(core: Core) -> None:
    # one direction only (foreign-profiles.md 2.2, 4.3)
    pairs = {pair.there.cell: pair for pair in core.matrix.asymmetries}
    for signer in ("eu-qtsp-natural", "eu-qtsp-seal", "eu-qtsp-brainpool"):
        pair = pairs[f"{signer}:uk-qtsp"]
        assert (pair.recognition, pair.promise, pair.back.promised) == (True, True, 0)


def test_most_cells_share_one_cause_that_nothing_connects_the_two(core: Core) -> None:
    first = core.matrix.clusters[0]
    assert [cause.code for cause in first.causes] == ["trust.no-path-to-known-anchor", "agreement.no-instrument"]
    assert len(first.cells) > 300


def test_a_witness_that_contradicts_reaches_the_evidence(core: Core) -> None:
    spec = next(
        s for s in core.run.plan.specs if s.id.startswith("eu-qtsp-natural.") and s.case.expectation.expect == "accept"
    )
    signature = core.run.observations[spec.id].facts.signatures[0].id
    group = spec.vector.group

    def noted(ok: bool) -> bool:
        run = copy.copy(core.run)
        statement = facts.Statement(signature=signature, about="value", ok=ok)
        artifact = core.run.observations[spec.id].facts.artifact
        run.testimonies = {spec.id: (facts.Testimony(artifact=artifact, engine="tool@1", statements=(statement,)),)}
        matrix = matrix_of(run, bench=core.bench)
        told = [
            cell.attribution
            for name, cell in matrix.cells.items()
            if name.startswith("eu-qtsp-natural:") and group in cell.groups
        ]
        return any((e.kind, e.note) == (K.CONTRADICTION, "tool@1") for a in told if a is not None for e in a.evidence)

    assert noted(ok=False)
    assert not noted(ok=True)
