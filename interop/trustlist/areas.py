"""Agreement areas: whose relying parties see the same list of lists.

An area is a home law with its members: one instrument of kind `home`. Its list of lists leads to the lists of its members, and to those
of every provider that an instrument lets one of its members recognise. A provider without a home law is an area by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from interop.model.agreement import Agreement, AgreementKind
from interop.model.profile import Provider, World
from interop.model.text import Text
from interop.trustlist.words import Words

__all__ = ["Area", "areas_of", "words_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area."""

    id: str
    """Id of its home law, without `-home`; of a provider without one, that of the provider."""
    name: Text
    territory: str
    """That of its members where they share one, else of the first."""
    members: tuple[str, ...]
    """Provider ids: signers at home there, and relying parties."""
    home: Agreement | None
    """Its law; None: nothing is promised there."""

    @property
    def words(self) -> Words:
        """The URIs in which its lists speak."""
        return Words(self.id)


def areas_of(world: World) -> tuple[Area, ...]:
    """Every area, by id. A provider under two home laws is a member of both."""
    laws = [a for a in world.agreements if a.kind is AgreementKind.HOME and a.grants]
    short = Counter(law.id.removesuffix("-home") for law in laws)
    found = []
    for law in laws:
        name = law.id.removesuffix("-home")
        found.append(_area(name if short[name] == 1 else law.id, law.name, law.signers, law, world))
    settled = {member for law in laws for member in law.signers}
    for provider in world.providers:
        if provider.id not in settled:
            found.append(_area(provider.id, provider.name, (provider.id,), None, world))
    return tuple(sorted(found, key=lambda area: area.id))


def _area(name: str, title: Text, members: tuple[str, ...], home: Agreement | None, world: World) -> Area:
    first = world.provider(members[0])
    return Area(id=name, name=title, territory=first.jurisdiction, members=members, home=home)


def words_for(provider: Provider, areas: Sequence[Area]) -> Words:
    """The words of a provider's list: those of the first area it is a member of."""
    return next(area.words for area in areas if provider.id in area.members)
