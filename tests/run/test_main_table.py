"""The acceptance table of the main job: each identity in its main format at B-B, as every relying party.

R accepted by the law of the home, L accepted by a list. N: trust and agreement block and nothing technical does. A, F, FA: algorithm,
format, or both, are the technical layers that block, and no other one. Rows P1, P2, P6, P7 are those of
reference/domestic-profiles.md 6.2; eu and us follow from foreign-profiles.md section 4: both read `pdf-pkcs7` too, no cross-certificate
is in force, the floor is L2.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from core_run import Core

from interop.model.agreement import AgreementKind
from interop.model.layers import TECHNICAL, Layer
from interop.model.outcome import CellVerdict, Outcome
from interop.model.verdict import Verdict

COLUMNS = ("cn-licensed-sm2", "cn-gov-gm", "gd-hk-scheme", "hk-recognised", "eu-qtsp-natural", "us-fpki")

TABLE = """
    cn-licensed-sm2.org          pdf-pkcs7   R   F   R   A   A   A
    cn-gov-gm.seal               pdf-gm      R   R   F   FA  FA  FA
    gd-hk-scheme.scheme          pades       R   FA  R   L   N   N
    gd-hk-scheme.ordinary        pades       R   FA  R   N   N   N
    hk-recognised.scheme         pades       N   FA  L   R   N   N
    hk-recognised.ordinary       pades       N   FA  N   R   N   N
    eu-qtsp-natural.natural-rsa  pades       N   FA  N   N   R   N
    us-fpki.human                pades       N   FA  N   N   N   R
"""

DOMESTIC_6_2 = """
    cn-licensed-sm2.org          pdf-pkcs7   R   F   R   A
    cn-gov-gm.seal               pdf-gm      R   R   F   FA
    gd-hk-scheme.scheme          pades       R   FA  R   L
    gd-hk-scheme.ordinary        pades       R   FA  R   N
    hk-recognised.scheme         pades       N   FA  L   R
    hk-recognised.ordinary       pades       N   FA  N   R
"""

TECHNICAL_OF = {
    "A": {Layer.ALGORITHM},
    "F": {Layer.FORMAT},
    "FA": {Layer.FORMAT, Layer.ALGORITHM},
}


def cells(table: str) -> list[tuple[str, str, str, str]]:
    """(identity, format, relying party, letter)."""
    found = []
    for line in table.strip().splitlines():
        identity, form, *letters = line.split()
        found += [(identity, form, relying, letter) for relying, letter in zip(COLUMNS, letters, strict=False)]
    return found


def letter_holds(core: Core, verdict: Verdict, letter: str) -> bool:
    technical = {layer for layer in verdict.blocks if layer in TECHNICAL}
    recognition = {layer for layer in verdict.blocks if layer not in TECHNICAL}
    if letter in {"R", "L"}:
        kinds = {agreement.id: agreement.kind for agreement in core.run.plan.world.agreements}
        home = verdict.agreement is not None and kinds[verdict.agreement] is AgreementKind.HOME
        return verdict.accepted and verdict.promised and home == (letter == "R")
    if letter == "N":
        return not verdict.accepted and not technical and {Layer.TRUST, Layer.AGREEMENT} <= recognition
    return not verdict.accepted and technical == TECHNICAL_OF[letter]


def verdict_of(core: Core, identity: str, form: str, relying: str) -> Verdict:
    verdict = core.judge(f"{identity}/{form}/b-b/pdf-b-b", relying).verdict
    assert verdict is not None
    return verdict


@pytest.mark.parametrize(("identity", "form", "relying", "letter"), cells(TABLE) + cells(DOMESTIC_6_2))
def test_a_cell_of_the_table(core: Core, identity: str, form: str, relying: str, letter: str) -> None:
    verdict = verdict_of(core, identity, form, relying)
    assert letter_holds(core, verdict, letter), (verdict.accepted, verdict.agreement, verdict.blocks)


def test_the_table_is_complete_and_about_main_formats(core: Core) -> None:
    world = core.run.plan.world
    assert {provider.id for provider in world.providers} >= set(COLUMNS)
    listed = {(identity, form) for identity, form, _, _ in cells(TABLE)}
    assert len(cells(TABLE)) == 8 * 6
    for party, form in listed:
        provider, identity = party.split(".")
        assert world.provider(provider).identity(identity).formats[0].format.value == form


def test_the_letters_tell_cells_apart(core: Core) -> None:
    """No verdict fits two letters: the table cannot be met by accident."""
    for identity, form, relying, letter in cells(TABLE):
        verdict = verdict_of(core, identity, form, relying)
        fits = {other for other in ("R", "L", "N", "A", "F", "FA") if letter_holds(core, verdict, other)}
        assert fits == {letter}


@pytest.mark.parametrize("provider", COLUMNS)
def test_self_cells_are_recognised(core: Core, provider: str) -> None:
    cell = core.matrix.cells[f"{provider}:{provider}"]
    assert cell.verdict is CellVerdict.RECOGNISED
    assert cell.level.attained == cell.level.claimed


def test_every_case_of_the_core_set_is_as_expected(core: Core) -> None:
    """No group hides a case that did not do what it was written for; what is opaque is unsupported, listed and not counted."""
    unexpected = {
        (name, row.id, char)
        for name, cell in core.matrix.cells.items()
        for row, char in zip(core.matrix.rows_of(name.split(":")[0]), cell.outcomes, strict=True)
        if core.matrix.tables.outcomes[char]
        not in ({Outcome.UNSUPPORTED} if row.opaque else {Outcome.PASS, Outcome.NOT_APPLICABLE})
    }
    assert unexpected == set()


def test_the_hypothetical_approval_changes_trust_and_not_algorithms(core: Core) -> None:
    """domestic-profiles.md 6.2: with an article 26 row for P7, P7 -> P1 is recognised, P7 -> P2 stays refused on format and algorithm."""
    from interop.run.judge import Bench

    plan, bench = core.run.plan, core.bench
    on = Bench.build(
        world=plan.world,
        suites=plan.suites,
        knowledge=bench.knowledge,
        names=bench.names,
        agreements=[replace(a, enabled=True) for a in plan.world.agreements],
    )

    def verdict(relying: str) -> Verdict:
        facts = core.run.observations["hk-recognised.ordinary/pades/b-b/pdf-b-b"].facts
        found = on.judge(facts, plan.world.provider(relying), plan.validation, document=None).verdict
        assert found is not None
        return found

    licensed, government = verdict("cn-licensed-sm2"), verdict("cn-gov-gm")
    assert (licensed.accepted, licensed.agreement) == (True, "prc-art26-hk")
    assert not government.accepted
    assert {layer for layer in government.blocks if layer in TECHNICAL} == {Layer.FORMAT, Layer.ALGORITHM}
    assert government.promised  # legally recognised, and yet refused
