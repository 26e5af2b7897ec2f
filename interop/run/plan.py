"""What a run will do: profiles, cases, instants, selection; everything read and checked before anything is made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from interop.model.case import Case, CaseSet
from interop.model.codec import dump_json
from interop.model.errors import NothingToDo, UsageError, suggestion
from interop.model.formats import Format, Level
from interop.model.ids import CellId
from interop.model.instant import parse_instant
from interop.model.profile import Provider, World
from interop.model.suite import Suite
from interop.profile.load import (
    data_root,
    list_files,
    load_case_set,
    load_cases,
    load_suites,
    load_world,
)
from interop.run.selection import matcher, of_cell
from interop.vector.catalogue import VectorSpec, expand

__all__ = ["Options", "Plan", "load_catalogue", "plan", "plan_check", "unknown_id"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the caller asks of a run."""

    profiles: Path | None = None
    """Folder of provider profiles; None: the shipped ones."""
    agreements: Path | None = None
    signers: tuple[str, ...] = ()
    """Provider ids; empty: all."""
    relying: tuple[str, ...] = ()
    """Provider ids; empty: those that sign too, and one that the expression names as the relying party of a cell."""
    set: str = "core"
    expression: str | None = None
    """`-k`: a cell, group or case id, or words with and, or, not."""
    at: datetime | None = None
    """Validation instant; None: the set's."""
    witnesses: tuple[str, ...] = ()
    """Engines that confirm or contradict the primary one."""
    real: Mapping[str, str] = field(default_factory=dict)
    """Relying party -> command of the engine that speaks for it."""
    jobs: int = 2
    """Workers; 0: in this process, without limits (for debugging)."""
    repeat: int = 1
    """How often a real relying party is asked the same."""
    cache: Path | None = None
    """Cache folder; None: nothing is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything a run is made from."""

    options: Options
    world: World
    suites: Mapping[str, Suite]
    cases: tuple[Case, ...]
    specs: tuple[VectorSpec, ...]
    relying: tuple[Provider, ...]
    """The columns."""
    left_out: tuple[str, ...] = ()
    """Providers that sign nothing, which are columns only where they are asked for, and are not."""
    set_id: str
    signing: datetime
    validation: datetime
    inputs: Mapping[str, str]
    """Digests of what was read."""


def unknown_id(kind: str, wanted: str, known: Iterable[str]) -> UsageError:
    """An id that is not there, with the nearest one that is."""
    names = sorted(known)
    return UsageError(f"unknown {kind} '{wanted}'{suggestion(wanted, names)}", hints=(f"known: {', '.join(names)}",))


def load_catalogue() -> tuple[tuple[Case, ...], Mapping[str, CaseSet]]:
    """All shipped cases, and the sets. Raises InputError, and UsageError where a case id stands twice."""
    root = data_root() / "vectors"
    cases: dict[str, Case] = {}
    for path in sorted((root / "cases").rglob("*.toml")):
        for case in load_cases(path):
            if case.id in cases:
                raise UsageError(f"{path.name}: case id '{case.id}' stands twice")
            cases[case.id] = case
    sets = {name: load_case_set(path) for name, path in list_files(root / "sets").items()}
    return tuple(cases.values()), sets


def _cases_of(chosen: CaseSet, cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """The cases of a set in its order, each negative's control included."""
    by_id = {case.id: case for case in cases}
    ids = [case.id for case in cases] if chosen.cases == ("*",) else list(chosen.cases)
    for case_id in list(ids):
        if case_id not in by_id:
            raise unknown_id("case", case_id, by_id)
        control = by_id[case_id].control
        if control is not None and control not in ids:
            ids.append(control)
    return tuple(by_id[case_id] for case_id in dict.fromkeys(ids))


def _digest(values: Iterable[object]) -> str:
    digest = hashlib.sha256()
    for value in values:
        digest.update(dump_json(value) + b"\n")
    return f"sha256:{digest.hexdigest()}"


def _pick(kind: str, wanted: tuple[str, ...], providers: tuple[Provider, ...]) -> tuple[Provider, ...]:
    by_id = {provider.id: provider for provider in providers}
    for name in wanted:
        if name not in by_id:
            raise unknown_id(kind, name, by_id)
    return tuple(provider for provider in providers if not wanted or provider.id in wanted)


def _columns(wanted: tuple[str, ...], providers: tuple[Provider, ...]) -> tuple[Provider, ...]:
    """The relying parties named; without names, those that sign too, so that the matrix has as many columns as rows."""
    picked = _pick("relying party", wanted, providers)
    return picked if wanted else tuple(provider for provider in picked if provider.identities)


def plan(options: Options) -> Plan:
    """Read and check everything, and select. Raises InputError, UsageError, NothingToDo; makes nothing."""
    suites = load_suites()
    world = load_world(options.profiles, options.agreements)
    cases, sets = load_catalogue()
    if options.set not in sets:
        raise unknown_id("set", options.set, sets)
    chosen = sets[options.set]
    selected = _cases_of(chosen, cases)
    signers = _pick("signer", options.signers, world.providers)
    relying = _columns(options.relying, world.providers)
    for party in options.real:
        _pick("relying party", (party,), world.providers)
    if options.witnesses:
        from interop.engine.registry import witness  # noqa: PLC0415 - most runs ask none

        for name in options.witnesses:
            witness(name)
    if options.signers and not any(provider.identities for provider in signers):
        raise _signs_nothing(signers[0])
    specs = expand(signers, selected)
    specs, relying = _narrow(options, specs, relying, world, cases)
    if not specs or not relying:
        raise NothingToDo("nothing is selected", hints=("`interop vectors list` shows what there is",))
    return Plan(
        options=options,
        world=world,
        suites=suites,
        cases=selected,
        specs=specs,
        relying=relying,
        left_out=_left_out(options, relying, world),
        set_id=chosen.id,
        signing=parse_instant(chosen.signing),
        validation=options.at or parse_instant(chosen.validation),
        inputs={
            "agreements": _digest(world.agreements),
            "cases": _digest(selected),
            "profiles": _digest(world.providers),
            "suites": _digest(suites.values()),
        },
    )


def plan_check(options: Options) -> Plan:
    """Profiles, agreements and suites for looking at somebody's files: no cases, no vectors."""
    suites = load_suites()
    world = load_world(options.profiles, options.agreements)
    now = options.at or parse_instant("1970-01-01")
    return Plan(
        options=options,
        world=world,
        suites=suites,
        cases=(),
        specs=(),
        relying=_columns(options.relying, world.providers),
        set_id="check",
        signing=now,
        validation=now,
        inputs={},
    )


def _check_names(cell: CellId, world: World, cases: tuple[Case, ...]) -> None:
    """Every part of the id names something that exists, selected or not."""
    (signer,) = _pick("signer", (cell.signer,), world.providers)
    if not signer.identities:
        raise _signs_nothing(signer)
    for kind, wanted, known in (
        ("identity", cell.identity, [identity.id for identity in signer.identities]),
        ("format", cell.format, [form.value for form in Format]),
        ("level", cell.level, [level.value for level in Level]),
        ("case", cell.case, [case.id for case in cases]),
    ):
        if wanted is not None and wanted not in known:
            raise unknown_id(kind, wanted, known)


def _signs_nothing(provider: Provider) -> NothingToDo:
    return NothingToDo(
        f"'{provider.id}' signs nothing: it only relies", hints=(f"as a relying party: --relying {provider.id}",)
    )


def _left_out(options: Options, relying: tuple[Provider, ...], world: World) -> tuple[str, ...]:
    """Told where the default columns are shown."""
    if options.relying or (options.expression is not None and ":" in options.expression):
        return ()
    return tuple(provider.id for provider in world.providers if provider not in relying)


def _narrow(
    options: Options,
    specs: tuple[VectorSpec, ...],
    relying: tuple[Provider, ...],
    world: World,
    cases: tuple[Case, ...],
) -> tuple[tuple[VectorSpec, ...], tuple[Provider, ...]]:
    """What `-k` leaves, controls of the negatives that it names included."""
    expression = options.expression
    if expression is None:
        return specs, relying
    if ":" in expression:
        try:
            cell = CellId.parse(expression)
        except ValueError as error:
            raise UsageError(f"-k: {error}") from None
        if cell.engine not in {None, "embedded"}:
            raise UsageError(
                f"cells are judged over the facts of 'embedded', not of '{cell.engine}'", hints=("leave out @ENGINE",)
            )
        _check_names(cell, world, cases)
        (asked,) = _pick("relying party", (cell.relying,), world.providers)
        relying = tuple(party for party in relying if party == asked) if options.relying else (asked,)
        matches = of_cell(cell)
    else:
        matches = matcher(expression)
    kept = {spec.id for spec in specs if matches(spec.id)}
    controls = {
        f"{spec.provider.id}.{spec.identity.id}/{spec.emits.format.value}/{spec.case.control}"
        for spec in specs
        if spec.id in kept and spec.case.control is not None
    }
    return (
        tuple(
            spec
            for spec in specs
            if spec.id in kept
            or f"{spec.provider.id}.{spec.identity.id}/{spec.emits.format.value}/{spec.case.id}" in controls
        ),
        relying,
    )
