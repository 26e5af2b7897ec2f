"""Whom relying parties trust, and what they promise, by trusted lists in place of profiles: lists -> anchors and agreements.

    lists = read_folder(folder, at=instant)
    run, notes = by_lists(run, lists)

The judge is the same, and so are the rules of the relying parties: formats, algorithms, policies, floors. Each list of lists speaks to the
relying parties that it names, or else to those of its territory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from interop.model.agreement import Agreement
from interop.model.certificate import ObjectId
from interop.model.errors import InputError, Problem
from interop.model.profile import ListedServices, Provider, World
from interop.run.execute import Run
from interop.run.judge import certificate_names
from interop.run.list_area import ListedTrust, read_area
from interop.run.list_folder import FolderLists

__all__ = ["Driven", "by_lists", "drive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """The world by the lists."""

    world: World
    notes: tuple[str, ...]
    """What lists say and no relying party here can make use of, each with its place."""


def by_lists(run: Run, lists: FolderLists) -> tuple[Run, tuple[str, ...]]:
    """What a run has seen, to be judged by lists; and the notes. The run has been carried out, and stays as it is.

    InputError as `drive`.
    """
    plan = run.plan
    names = certificate_names({name: published.certificates for name, published in run.published.items()})
    driven = drive(plan.world, lists, names)
    digest = hashlib.sha256("".join(f"{name} {one}\n" for name, one in sorted(lists.files.items())).encode())
    inputs = {name: value for name, value in plan.inputs.items() if name != "agreements"}
    inputs["lists"] = f"sha256:{digest.hexdigest()}"
    relying = tuple(driven.world.provider(party.id) for party in plan.relying)
    return run.seen_by(replace(plan, world=driven.world, relying=relying, inputs=inputs)), driven.notes


def drive(world: World, lists: FolderLists, names: Mapping[str, ObjectId]) -> Driven:
    """The world with the anchors and agreements of lists in place of its own. `names` are certificates by `provider:certificate`.

    InputError for terms of pointers that cannot be read: what they narrow must not be lost. What is about certificates or parties that
    are not here is noted.
    """
    idle = (f"{name}: no list of lists leads to it, so it gives no trust" for name in lists.idle)
    found = ListedTrust(notes=[*idle, *lists.findings])
    problems: list[Problem] = []
    for area in lists.areas:
        try:
            read_area(world, area, names, found)
        except ValueError as error:
            problems.append(Problem(where=area.file, what=f"terms of a pointer cannot be read: {error}"))
    if problems:
        raise InputError("trusted lists", tuple(problems))
    agreements, loads, several = _joined(found.agreements)
    found.notes += [
        f"{name}: lists of lists say different things of it; each counts for its own parties" for name in several
    ]
    crossing = {e.cross_certificate for a in world.agreements for e in a.entries if e.cross_certificate is not None}
    driven = replace(
        world,
        providers=tuple(_relying(provider, found, loads) for provider in world.providers),
        agreements=agreements,
        listed=ListedServices(granted=found.granted, crossing=tuple(sorted(crossing))),
    )
    return Driven(world=driven, notes=tuple(dict.fromkeys(found.notes)))


def _relying(provider: Provider, found: ListedTrust, loads: Mapping[str, Sequence[str]]) -> Provider:
    trust = replace(
        provider.relying.trust,
        anchors=tuple(found.anchors.get(provider.id, ())),
        load=tuple(loads.get(provider.id, ())),
    )
    return replace(provider, relying=replace(provider.relying, trust=trust))


def _joined(
    found: Sequence[tuple[str, Agreement, tuple[str, ...]]],
) -> tuple[tuple[Agreement, ...], dict[str, list[str]], tuple[str, ...]]:
    """One instrument under one id: where areas say the same of it, for all their parties; else each area's under a name of its own.
    Also relying party -> ids that it loads; and the ids of which areas say different things."""
    joined: dict[Agreement, dict[str, None]] = {}
    loading: dict[Agreement, dict[str, None]] = {}
    areas: dict[Agreement, str] = {}
    for area, agreement, loaded_by in found:
        bare = replace(agreement, relying=())
        joined.setdefault(bare, {}).update(dict.fromkeys(agreement.relying))
        loading.setdefault(bare, {}).update(dict.fromkeys(loaded_by))
        areas.setdefault(bare, area)
    ids = [agreement.id for agreement in joined]
    agreements: list[Agreement] = []
    loads: dict[str, list[str]] = {}
    for bare, relying in joined.items():
        name = bare.id if ids.count(bare.id) == 1 else f"{bare.id}@{areas[bare].removesuffix('.xml')}"
        agreements.append(replace(bare, id=name, relying=tuple(relying)))
        for party in loading[bare]:
            loads.setdefault(party, []).append(name)
    several = tuple(sorted({name for name in ids if ids.count(name) > 1}))
    return tuple(sorted(agreements, key=lambda a: a.id)), loads, several
