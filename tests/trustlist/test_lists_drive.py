"""The law of lists: judged by its exported lists, a world gives the matrix that it gives by profiles; and each change of a list shows
in the cells that depend on it, and nowhere else.

Which cells those are is written beside each case, from the agreements: who relies on whom, through which list.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from core_run import Core
from listed_core import ListedCore, accepted, changed, services, then

from interop.model.agreement import AgreementKind, AgreementStatus, StatusChange
from interop.model.matrix import Matrix
from interop.model.profile import World
from interop.model.trusted_list import ListPointer, TrustedList, TrustedService
from interop.run.judge import certificate_names
from interop.run.list_driven import drive
from interop.run.list_folder import read_folder
from interop.trustlist.area_list import REPEALED
from interop.trustlist.words import words_of

EU = ("eu-qtsp-brainpool", "eu-qtsp-natural", "eu-qtsp-seal")
REPEAL = datetime(2026, 1, 1, tzinfo=UTC)
"""Before the signatures of the core set, made on 1 March 2026."""


@pytest.fixture(scope="module")
def listed(core: Core) -> ListedCore:
    return ListedCore(core)


@pytest.fixture
def folder(listed: ListedCore, tmp_path: Path) -> Path:
    return listed.export(tmp_path / "lists")


def codes(matrix: Matrix, cell: str) -> set[str]:
    return {
        matrix.tables.reasons[index].code for group in matrix.cells[cell].groups.values() for index in group.reasons
    }


def test_lists_give_the_matrix_that_profiles_give(listed: ListedCore, folder: Path) -> None:
    matrix, notes = listed.judge(folder)
    assert notes == ()
    assert matrix.header.inputs.keys() ^ listed.core.matrix.header.inputs.keys() == {"agreements", "lists"}
    assert replace(matrix, header=listed.core.matrix.header) == listed.core.matrix
    assert any(map(accepted, matrix.cells.values()))


def test_every_instrument_comes_back_as_it_was(listed: ListedCore, folder: Path) -> None:
    run = listed.core.run
    names = certificate_names({name: published.certificates for name, published in run.published.items()})
    driven = drive(listed.world, read_folder(folder, at=run.plan.validation), names).world
    found = {agreement.id: agreement for agreement in driven.agreements}
    granting = {a.id: a for a in listed.world.agreements if a.grants}
    assert found.keys() == granting.keys()
    for name, was in granting.items():
        new = found[name]
        for field in ("kind", "name", "level_cap", "scope", "counterpart", "evidence", "source"):
            assert getattr(new, field) == getattr(was, field), (name, field)
        assert set(new.signers) == set(was.signers), name
        assert set(new.relying) == set(was.relying), name
        assert [(c.at, c.status) for c in new.history] == [(c.at, c.status) for c in was.history], name
        assert set(new.entries) == set(was.entries), name
    for provider in listed.world.providers:
        new_trust = driven.provider(provider.id).relying.trust
        assert set(new_trust.load) == set(provider.relying.trust.load) & granting.keys(), provider.id


def withdrawn(trusted: TrustedList) -> TrustedList:
    """Every service for qualified certificates, a month before the signatures."""
    words = words_of(trusted.type)

    def turn(service: TrustedService) -> TrustedService:
        qualified = service.states[0].type == words.qualified
        return then(service, words.withdrawn, datetime(2026, 2, 1, tzinfo=UTC)) if qualified else service

    return services(trusted, turn)


def test_a_withdrawn_service_takes_its_signer_from_all_who_read_the_list(listed: ListedCore, folder: Path) -> None:
    """Through the list of the EU itself, and those of the UK (onshored regulation), Ukraine (law of 2022) and ZZ (reverse of the pilot)."""
    listed.change(folder / "eu-qtsp-natural.xml", withdrawn)
    matrix, notes = listed.judge(folder)
    cells = {f"eu-qtsp-natural:{relying}" for relying in (*EU, "ua-dual", "uk-qtsp", "zz-pilot")}
    assert notes == ()
    assert listed.changed(matrix) == cells
    for cell in cells:
        assert accepted(listed.core.matrix.cells[cell])
        assert not accepted(matrix.cells[cell])
        assert {"trust.list-no-granted-service", "agreement.service-not-granted"} <= codes(matrix, cell)


def test_a_list_that_is_removed_takes_its_signer_from_all_who_read_it(listed: ListedCore, folder: Path) -> None:
    """Ukraine's is read at home and in the EU (third-country list, advanced signatures)."""
    (folder / "ua-dual.xml").unlink()
    matrix, notes = listed.judge(folder)
    assert listed.changed(matrix) == {f"ua-dual:{relying}" for relying in ("ua-dual", *EU)}
    assert notes == tuple(
        f"lotl-{area}.xml: the pointer to https://lists.example/ua-dual.xml leads to no list here"
        for area in ("eu", "ua")
    )


def test_a_list_of_lists_that_is_removed_leaves_its_relying_parties_without_trust(
    listed: ListedCore, folder: Path
) -> None:
    """The UK reads the EU's providers and its own. In the other direction nothing was accepted before, and one reason goes: that there is
    an instrument the other way round."""
    (folder / "lotl-uk.xml").unlink()
    matrix, notes = listed.judge(folder)
    before = listed.core.matrix
    column = {f"{signer}:uk-qtsp" for signer in (*EU, "uk-qtsp")}
    row = {f"uk-qtsp:{relying}" for relying in EU}
    assert listed.changed(matrix) == column | row
    assert all(accepted(before.cells[cell]) and not accepted(matrix.cells[cell]) for cell in column)
    assert {code for cell in row for code in codes(before, cell) - codes(matrix, cell)} == {
        "agreement.only-other-direction"
    }
    assert notes == ("uk-qtsp.xml: no list of lists leads to it, so it gives no trust",)


def repealed(trusted: TrustedList, instrument: str) -> TrustedList:
    """The equivalences of one instrument with one more step: repealed."""

    def turn(pointer: ListPointer) -> ListPointer:
        if pointer.recognition is None:
            return pointer
        equivalences = tuple(
            replace(one, terms=(replace(one.terms[0], status=REPEALED, since=REPEAL), *one.terms))
            if one.legal_identifier.partition(".")[0] == instrument
            else one
            for one in pointer.recognition.equivalences
        )
        return replace(pointer, recognition=replace(pointer.recognition, equivalences=equivalences))

    return replace(trusted, pointers=tuple(map(turn, trusted.pointers)))


def with_repeal(world: World, instrument: str) -> World:
    step = StatusChange(at=REPEAL, status=AgreementStatus.REPEALED)
    return replace(
        world,
        agreements=tuple(replace(a, history=(*a.history, step)) if a.id == instrument else a for a in world.agreements),
    )


def test_a_repeal_on_a_list_is_a_repeal_in_an_agreement(listed: ListedCore, folder: Path, tmp_path: Path) -> None:
    """ZZ is recognised in the EU by the pilot alone. The same three ways: the list changed, the agreement changed, its export."""
    listed.change(folder / "lotl-eu.xml", lambda trusted: repealed(trusted, "zz-to-eu"))
    by_list, _ = listed.judge(folder)
    assert listed.changed(by_list) == {f"zz-pilot:{relying}" for relying in EU}
    world = with_repeal(listed.world, "zz-to-eu")
    by_agreement = listed.profiles(world)
    assert changed(by_list, by_agreement) == set()
    exported, _ = listed.judge(listed.export(tmp_path / "again", world=world))
    assert changed(exported, by_agreement) == set()
    assert all("agreement.no-longer-in-force" in codes(by_list, f"zz-pilot:{relying}") for relying in EU)


def test_an_anchor_that_is_no_longer_listed_is_trusted_by_nobody(listed: ListedCore, folder: Path) -> None:
    """The list of Switzerland's provider without any service: at home its law still names it, and no anchor is left."""
    listed.change(folder / "ch-zertes.xml", lambda trusted: replace(trusted, providers=()))
    matrix, _ = listed.judge(folder)
    home = [a.id for a in listed.world.agreements if a.kind is AgreementKind.HOME and "ch-zertes" in a.signers]
    assert home == ["ch-home"]
    assert listed.changed(matrix) == {"ch-zertes:ch-zertes"}
    assert not accepted(matrix.cells["ch-zertes:ch-zertes"])
