"""The table of reference/domestic-profiles.md 6.2, cell by cell: the notes give the expectation, docs/recognition-table.md the differences.

The table is read from the notes, which lie beside the test data; rows, formats and differences are read from the page. Nothing here
says what a cell should be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from core_run import ROOT, Core, run_with
from outside import DATA, missing

from interop.model.agreement import AgreementKind
from interop.model.formats import DocumentKind
from interop.model.layers import TECHNICAL, Layer
from interop.model.profile import Provider
from interop.model.verdict import Verdict
from interop.run.judge import Bench

NUMBERS = {
    "P1": "cn-licensed-sm2", "P2": "cn-gov-gm", "P3": "cn-dual-alg", "P4": "cn-finance-lei", "P5": "cn-customs-xml",
    "P6": "gd-hk-scheme", "P7": "hk-recognised", "P8": "mo-accredited",
}  # fmt: skip
"""Numbers of domestic-profiles.md 6.1 -> provider."""

TECHNICAL_LETTERS: Mapping[frozenset[Layer], str] = {
    frozenset({Layer.FORMAT}): "F",
    frozenset({Layer.ALGORITHM}): "A",
    frozenset({Layer.FORMAT, Layer.ALGORITHM}): "FA",
}
LETTERS = frozenset({"R", "L", "N", "T", "A", "F", "FA"})
PAGE = ROOT / "docs" / "recognition-table.md"


@dataclass(frozen=True)
class Difference:
    """One cell in which ours differs, and why."""

    notes: str
    ours: str
    reason: str


def table_after(text: str, heading: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the first Markdown table whose header's first cell is `heading`."""
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("|") and cells_of(line)[0] == heading:
            header = cells_of(line)
            break
    else:
        raise AssertionError(f"no table that begins with '{heading}'")
    assert set("".join(cells_of(next(lines)))) <= set("-: "), "a header is followed by a rule"
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append(cells_of(line))
    assert all(len(row) == len(header) for row in rows)
    return header, rows


def cells_of(line: str) -> list[str]:
    return [cell.strip().strip("`") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def expected_cells() -> dict[tuple[str, str], str]:
    """(row, `P1` to `P8`) -> letter, as the notes have it."""
    notes = Path(DATA).resolve().parent / "reference" / "domestic-profiles.md"
    if not notes.is_file():
        missing("reference/domestic-profiles.md beside the test data")
    section = notes.read_text(encoding="utf-8").split("### 6.2 ", 1)[1].split("\n### ", 1)[0]
    header, rows = table_after(section, r"signer \ RP")
    found = {(row[0], column): row[i].strip("*") for row in rows for i, column in enumerate(header) if i}
    assert len(found) == sum(len(row) - 1 for row in rows), "a row stands twice"
    return found


def parties() -> list[tuple[str, str, str]]:
    """(row of the notes, identity, format), as the page has it."""
    return [
        (row, identity, form) for row, identity, form in table_after(PAGE.read_text("utf-8"), "row of the notes")[1]
    ]


def differences() -> dict[tuple[str, str], Difference]:
    rows = table_after(PAGE.read_text("utf-8"), "row")[1]
    return {(row, column): Difference(notes, ours, reason) for row, column, notes, ours, reason, _rule in rows}


@pytest.fixture(scope="module")
def eight(tmp_path_factory: pytest.TempPathFactory) -> Core:
    """The eight providers, signing and relying, one vector for each identity and format at B-B."""
    everybody = tuple(sorted(NUMBERS.values()))
    cache = tmp_path_factory.mktemp("eight-cache")
    run = run_with(cache, signers=everybody, relying=everybody, expression="pdf-b-b or xml-b-b")
    return Core(run, cache)


def provider_of(core: Core, provider: str) -> Provider:
    return core.run.plan.world.provider(provider)


def verdict_of(core: Core, identity: str, form: str, relying: str) -> Verdict:
    case = "xml-b-b" if form.startswith("x") else "pdf-b-b"
    verdict = core.judge(f"{identity}/{form}/b-b/{case}", relying).verdict
    assert verdict is not None
    return verdict


def letter(core: Core, verdict: Verdict, relying: str) -> str:
    """The letter that the page gives to a verdict; what it knows no letter for is told in words."""
    blocks = frozenset(verdict.blocks)
    technical = blocks & frozenset(TECHNICAL)
    if technical:
        return TECHNICAL_LETTERS.get(technical, f"blocked: {' '.join(sorted(technical))}")
    assert verdict.provider is not None
    jurisdictions = {provider_of(core, name).jurisdiction for name in (verdict.provider, relying)}
    if Layer.TRUST in blocks:
        if len(jurisdictions) == 1:
            return "T"
        return "N" if Layer.AGREEMENT in blocks else "foreign, promised and not trusted"
    if not verdict.accepted or verdict.agreement is None:
        return f"accepted: {verdict.accepted}, agreement: {verdict.agreement}"
    kinds = {agreement.id: agreement.kind for agreement in core.run.plan.world.agreements}
    return "R" if kinds[verdict.agreement] is AgreementKind.HOME else "L"


def codes(verdict: Verdict) -> set[str]:
    return {cause.code for layer in verdict.layers if layer.blocks for cause in layer.causes}


def test_every_cell_is_as_the_notes_say_or_as_the_page_explains(eight: Core) -> None:
    expected, explained = expected_cells(), differences()
    wrong = []
    for row, identity, form in parties():
        for column, relying in NUMBERS.items():
            verdict = verdict_of(eight, identity, form, relying)
            ours, notes = letter(eight, verdict, relying), expected[row, column]
            difference = explained.get((row, column))
            if difference is None:
                if ours != notes:
                    wrong.append(f"{identity} -> {relying}: notes {notes}, ours {ours}, {sorted(codes(verdict))}")
            elif (notes, ours) != (difference.notes, difference.ours) or difference.reason not in codes(verdict):
                wrong.append(f"{identity} -> {relying}: the page explains {difference}, notes {notes}, ours {ours}")
    assert wrong == []


def test_the_page_has_every_row_and_nothing_besides(eight: Core) -> None:
    expected = expected_cells()
    assert {row for row, _ in expected} == {row for row, _, _ in parties()}
    assert {column for _, column in expected} == set(NUMBERS)
    assert set(expected.values()) == LETTERS, "each letter occurs, and no other"
    listed = [identity for _, identity, _ in parties()]
    assert len(listed) == len(set(listed))
    for row, identity, form in parties():
        name, _, part = identity.partition(".")
        assert name == NUMBERS[row.split()[0]]
        assert provider_of(eight, name).identity(part).formats[0].format.value == form, "a main format"
    for (row, column), difference in differences().items():
        assert (row, column) in expected
        assert difference.notes != difference.ours, "a difference that is none"


def unlisted(core: Core) -> Sequence[str]:
    """Identities of the eight that the table does not show."""
    listed = {identity for _, identity, _ in parties()}
    every = [f"{name}.{i.id}" for name in NUMBERS.values() for i in provider_of(core, name).identities]
    return [identity for identity in every if identity not in listed]


def test_identities_beside_the_table_are_the_second_variants(eight: Core) -> None:
    """The SM2 variant of P4 meets the same rules as P1, which has its format and its algorithm; the dual document is its own affair."""
    assert set(unlisted(eight)) == {"cn-finance-lei.sm2", "cn-dual-alg.dual"}
    expected = expected_cells()
    for column, relying in NUMBERS.items():
        verdict = verdict_of(eight, "cn-finance-lei.sm2", "pdf-pkcs7", relying)
        assert letter(eight, verdict, relying) == expected["P1 SM2, PKCS#7 OIDs", column]


def test_refusals_inside_the_mainland_are_promised(eight: Core) -> None:
    """The law of the home covers what a platform cannot read or does not root: T and F are broken promises there, N never is one."""
    for _, identity, form in parties():
        for relying in NUMBERS.values():
            verdict = verdict_of(eight, identity, form, relying)
            home = {provider_of(eight, name).jurisdiction for name in (identity.partition(".")[0], relying)}
            if len(home) == 1:
                assert verdict.promised
                assert verdict.agreement in {"cn-home", "hk-home", "mo-home"}


@pytest.mark.parametrize(
    ("relying", "leg", "why", "outcome"),
    [
        ("cn-licensed-sm2", "sm2", "leg:SM2", "R"),
        ("cn-gov-gm", "sm2", "leg:SM2", "T"),
        ("cn-dual-alg", "rsa", "any", "R"),
        ("cn-finance-lei", "rsa", "any", "R"),  # reads no GM message
        ("gd-hk-scheme", "rsa", "any", "R"),  # reads no GM message
        ("hk-recognised", "rsa", "leg:RSA", "N"),
        ("mo-accredited", "rsa", "leg:RSA", "N"),
    ],
)
def test_which_leg_of_a_dual_algorithm_document_is_relied_upon(
    eight: Core, relying: str, leg: str, why: str, outcome: str
) -> None:
    """6.1 P3: the RSA leg verifies abroad (no instrument), the SM2 leg is accepted by P1 and valid at P2 outside its root set."""
    judgement = eight.judge("cn-dual-alg.dual/pades/b-b/pdf-b-b-legs", relying)
    assert len(judgement.verdicts) == 2
    assert {verdict.identity for verdict in judgement.verdicts} == {"rsa", "sm2"}
    verdict = judgement.verdict
    assert verdict is not None
    assert (verdict.identity, judgement.reason, letter(eight, verdict, relying)) == (leg, why, outcome)


def with_switched_on(core: Core, *names: str) -> Bench:
    plan, bench = core.run.plan, core.bench
    return Bench.build(
        world=plan.world,
        suites=plan.suites,
        knowledge=bench.knowledge,
        names=bench.names,
        agreements=[replace(a, enabled=a.enabled or a.id in names) for a in plan.world.agreements],
    )


@pytest.mark.parametrize(
    ("agreement", "identity", "relying", "after"),
    [
        ("prc-art26-hk", "hk-recognised.ordinary", "cn-licensed-sm2", "accepted"),
        ("prc-art26-hk", "hk-recognised.ordinary", "cn-gov-gm", "refused"),  # FA, though promised: 6.2, below the table
        ("prc-art26-mo", "mo-accredited.qualified", "cn-licensed-sm2", "accepted"),
        ("prc-art26-mo", "mo-accredited.normalised", "cn-licensed-sm2", "not covered"),
        ("cn-contract-hk", "hk-recognised.scheme", "cn-dual-alg", "accepted"),
        ("cn-contract-mo", "mo-accredited.normalised", "gd-hk-scheme", "accepted"),
        ("hk-contract-cn", "cn-finance-lei.rsa", "hk-recognised", "accepted"),
        ("hk-contract-cn", "cn-licensed-sm2.org", "hk-recognised", "refused"),  # no contract makes SM2 readable
        ("mo-contract-cn", "gd-hk-scheme.ordinary", "mo-accredited", "accepted"),
    ],
)
def test_what_a_hypothetical_instrument_would_change(
    eight: Core, agreement: str, identity: str, relying: str, after: str
) -> None:
    """1.4: statute and contract are two routes; neither makes a reader able to read. 6.0: both are hypothetical, so off."""
    name, _, part = identity.partition(".")
    form = provider_of(eight, name).identity(part).formats[0].format.value
    shipped = verdict_of(eight, identity, form, relying)
    assert (shipped.accepted, shipped.promised) == (False, False)
    verdict = judged(eight, with_switched_on(eight, agreement), f"{identity}/{form}/b-b/pdf-b-b", relying)
    covered = after != "not covered"
    assert (verdict.accepted, verdict.promised) == (after == "accepted", covered)
    assert verdict.agreement == (agreement if covered else None)


def judged(
    core: Core, bench: Bench, vector: str, relying: str, document: DocumentKind = DocumentKind.CONTRACT
) -> Verdict:
    facts, plan = core.run.observations[vector].facts, core.run.plan
    verdict = bench.judge(facts, plan.world.provider(relying), plan.validation, document=document).verdict
    assert verdict is not None
    return verdict


def test_a_contract_covers_contracts_alone(eight: Core) -> None:
    bench = with_switched_on(eight, "cn-contract-hk")
    verdict = judged(eight, bench, "hk-recognised.scheme/pades/b-b/pdf-b-b", "cn-dual-alg", DocumentKind.BILL_OF_LADING)
    assert (verdict.accepted, verdict.promised) == (False, False)
    assert "trust.instrument-out-of-scope" in codes(verdict)


@pytest.mark.parametrize("framework", ["gd-mo-to-mo", "mo-to-gd", "paa-club"])
def test_frameworks_grant_nothing(eight: Core, framework: str) -> None:
    """4.4, 4.5: they exist and no list was found. The cells that they are about stay as without them."""
    (agreement,) = [a for a in eight.run.plan.world.agreements if a.id == framework]
    assert agreement.enabled
    assert agreement.evidence == "framework-only"
    assert not agreement.grants
    bench = with_switched_on(eight, framework)
    for signer in agreement.signers:
        for relying in agreement.relying:
            if signer == relying:
                continue
            identity = provider_of(eight, signer).identities[0]
            form = identity.formats[0].format.value
            verdict = judged(eight, bench, f"{signer}.{identity.id}/{form}/b-b/pdf-b-b", relying)
            assert verdict.agreement != framework
            assert verdict == verdict_of(eight, f"{signer}.{identity.id}", form, relying)
