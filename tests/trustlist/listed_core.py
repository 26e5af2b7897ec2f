"""The core set judged by folders of lists: exported ones, and the same with one thing changed and signed again."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from core_run import Core

from interop.model.certificate import ObjectId
from interop.model.matrix import Cell, Group, Matrix
from interop.model.profile import World
from interop.model.trusted_list import ListSignature, TrustedList, TrustedService
from interop.run.execute import Run
from interop.run.list_driven import by_lists
from interop.run.list_export import LOTL, export_lists, write_lists
from interop.run.list_folder import read_folder
from interop.run.measure import matrix_of
from interop.trustlist.areas import areas_of
from interop.trustlist.read import read_list
from interop.trustlist.signers import list_signer
from interop.trustlist.write import sign_list, write_list
from interop.validation.reading import Reading

Change = Callable[[TrustedList], TrustedList]


@dataclass
class ListedCore:
    """The finished run of the core set, and what is judged over it by lists."""

    core: Core
    readings: dict[str, tuple[Reading, ...]] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.core.run.plan.world

    def export(self, folder: Path, *, world: World | None = None) -> Path:
        """A folder with the lists of the profiles."""
        at = self.core.run.plan.validation
        write_lists(folder, export_lists(world or self.world, self.core.run.keys.store(), issued=at))
        return folder

    def change(self, path: Path, change: Change) -> None:
        """Another issue of a list, signed by its own signer."""
        was = read_list(path.read_bytes())
        values = change(replace(was.list, id=ObjectId(""), signature=ListSignature(count=0)))
        values = replace(values, sequence=(was.list.sequence or 0) + 1)
        signer = list_signer(path.stem, self._territory(path.stem), self.core.run.keys.store())
        path.write_bytes(sign_list(write_list(values, was.certificates), signer, signing=self.core.run.plan.validation))

    def _territory(self, owner: str) -> str:
        areas = {f"{LOTL}{area.id}": area.territory for area in areas_of(self.world)}
        return areas.get(owner) or self.world.provider(owner).jurisdiction

    def judge(self, folder: Path, *, at: datetime | None = None) -> tuple[Matrix, tuple[str, ...]]:
        """The matrix by the lists of a folder, and the notes."""
        run = self.core.run
        if at is not None:
            run = run.seen_by(replace(run.plan, validation=at))
        driven, notes = by_lists(run, read_folder(folder, at=run.plan.validation))
        return self._matrix(driven), notes

    def profiles(self, world: World | None = None) -> Matrix:
        """The matrix by profiles."""
        if world is None:
            return self.core.matrix
        run = self.core.run
        relying = tuple(world.provider(party.id) for party in run.plan.relying)
        return self._matrix(run.seen_by(replace(run.plan, world=world, relying=relying)))

    def _matrix(self, run: Run) -> Matrix:
        bench = self.core.bench.under(run.plan.world, run.plan.suites)
        return matrix_of(run, bench=bench, readings=self.readings)

    def changed(self, matrix: Matrix) -> set[str]:
        """Cells that are not as the profiles have them, in any field."""
        return changed(self.core.matrix, matrix)


def changed(one: Matrix, other: Matrix) -> set[str]:
    """Cells that differ in any field; the attribution is left out, for it counts what other cells are."""
    assert one.cells.keys() == other.cells.keys()
    return {name for name in one.cells if _said(one, name) != _said(other, name)}


def _said(matrix: Matrix, name: str) -> object:
    """A cell with its reasons in place of their rows in the matrix's table, where other cells move them."""
    rows = matrix.tables.reasons

    def groups(group: Group) -> tuple[object, ...]:
        indexed = [tuple(rows[index] for index in found) for found in (group.reasons, group.findings)]
        return (replace(group, reasons=(), findings=()), *indexed)

    cell = matrix.cells[name]
    return replace(cell, groups={}, attribution=None), {key: groups(group) for key, group in cell.groups.items()}


def accepted(cell: Cell) -> bool:
    """Some group of it is accepted."""
    return any(group.state.value == "accepted" for group in cell.groups.values())


def services(trusted: TrustedList, change: Callable[[TrustedService], TrustedService | None]) -> TrustedList:
    """The list with every service put through a change; None takes it away."""
    providers = tuple(
        replace(provider, services=tuple(new for new in map(change, provider.services) if new is not None))
        for provider in trusted.providers
    )
    return replace(trusted, providers=providers)


def then(service: TrustedService, status: str, since: datetime) -> TrustedService:
    """One more state of a service."""
    new = replace(service.states[0], status=status, since=since)
    return TrustedService(states=tuple(sorted((new, *service.states), key=lambda state: state.since, reverse=True)))


def pem(ders: Iterable[bytes]) -> str:
    return "".join(map(ssl.DER_cert_to_PEM_cert, ders))
