"""What is left after some changes, and how a change that cannot be made is refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from interop.model.change import Change
from interop.model.errors import UsageError, suggestion
from interop.model.profile import Provider, World
from interop.model.suite import Suite
from interop.profile.edit import edited

__all__ = ["Changed", "check_known", "edit", "provider_of", "refusal", "with_provider"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What is left after some changes."""

    world: World
    suites: Mapping[str, Suite]


def refusal(change: Change, why: str, *hints: str) -> UsageError:
    """The error that names the change."""
    return UsageError(f"{change}: {why}", hints=hints)


def check_known(change: Change, kind: str, wanted: str, known: Collection[str]) -> None:
    """Refuse what is not among those known, with the nearest one that is."""
    if wanted not in known:
        shown = ", ".join(sorted(known))
        raise refusal(change, f"unknown {kind} '{wanted}'{suggestion(wanted, known)}", f"known: {shown}")


def provider_of(change: Change, name: str, found: Changed) -> Provider:
    """The provider that the change names."""
    by_id = {provider.id: provider for provider in found.world.providers}
    check_known(change, "provider", name, by_id)
    return by_id[name]


def with_provider(found: Changed, provider: Provider) -> Changed:
    """The provider in the place of its namesake."""
    providers = tuple(provider if one.id == provider.id else one for one in found.world.providers)
    return replace(found, world=replace(found.world, providers=providers))


def edit(change: Change, value: T, path: str) -> T:
    """The value with what the change says at the dotted path."""
    try:
        return edited(value, path, change.op, change.value)
    except ValueError as error:
        raise refusal(change, str(error)) from None
