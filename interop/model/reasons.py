"""The reason catalogue: every way in which a signature may not be accepted, under a permanent bilingual name.

The entries are data, one TOML file per layer in `interop/model/reasons/`. Codes are appended, never renamed. A test holds
the codes used in the package and the catalogue together.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from interop.model.indication import INDICATION_OF, Indication, SubIndication
from interop.model.layers import LAYERS, Layer, LayerState
from interop.model.text import Text

__all__ = ["Actor", "Effect", "Reason", "blocks", "catalogue", "is_finding", "reason"]


class Actor(StrEnum):
    """Who can act on a reason."""

    SIGNING_CA = "signing-ca"
    """The provider that issued the signer's certificate."""
    RELYING_PARTY = "relying-party"
    """The party that refuses."""
    REGULATOR = "regulator"
    """Who concludes agreements, publishes lists, sets suites."""
    INTEGRATOR = "integrator"
    """Who writes the software that signs or verifies."""
    SIGNER = "signer"
    """Who signed, or could sign again."""


class Effect(StrEnum):
    """What the reason does to its layer."""

    FAIL = "fail"
    """The layer fails: answered, and not acceptable."""
    INDETERMINATE = "indeterminate"
    """The layer is indeterminate: the material at hand does not settle it."""
    UNSUPPORTED = "unsupported"
    """The layer is unsupported: recognised, and not something this engine can compute."""
    NOT_EVALUATED = "not_evaluated"
    """The layer could not be asked, since something it rests on is missing."""
    FINDING = "finding"
    """Reported beside the answer; blocks nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One entry of the catalogue."""

    code: str
    """`layer.slug`; permanent."""
    layer: Layer
    """The question it answers."""
    effect: Effect
    """What it does to that layer."""
    text: Text
    """One sentence, without full stop, in both languages."""
    clause: str
    """Standard and clause it rests on; `design` where it is this product's own rule."""
    rank: int
    """Among the reasons of one layer, the lowest rank is the headline."""
    sub_indication: SubIndication | None
    """EN 319 102-1 sub-indication; None for findings and for recognition layers that ETSI does not know."""
    remedy: Text | None
    """What to do about it, one sentence in both languages; None where nothing can."""
    actors: tuple[Actor, ...]
    """Who can do it, best placed first."""

    @property
    def indication(self) -> Indication | None:
        """The main indication that goes with the sub-indication."""
        return None if self.sub_indication is None else INDICATION_OF[self.sub_indication]

    @property
    def state(self) -> LayerState:
        """The state a layer gets from this reason; a finding leaves it at pass."""
        return LayerState.PASS if self.effect is Effect.FINDING else LayerState(self.effect.value)


def _entry(layer: Layer, slug: str, raw: Mapping[str, object]) -> Reason:
    unknown = set(raw) - {
        "effect", "en", "zh", "clause", "rank", "sub_indication", "remedy_en", "remedy_zh", "actors",
    }  # fmt: skip
    if unknown:
        raise ValueError(f"reason {layer}.{slug}: unknown keys {sorted(unknown)}")
    sub = raw.get("sub_indication")
    remedy = Text(en=str(raw["remedy_en"]), zh=str(raw["remedy_zh"])) if "remedy_en" in raw else None
    actors = raw.get("actors", [])
    if not isinstance(actors, list):
        raise TypeError(f"reason {layer}.{slug}: actors is a list")
    return Reason(
        code=f"{layer}.{slug}",
        layer=layer,
        effect=Effect(str(raw["effect"])),
        text=Text(en=str(raw["en"]), zh=str(raw["zh"])),
        clause=str(raw["clause"]),
        rank=int(str(raw["rank"])),
        sub_indication=None if sub is None else SubIndication(str(sub)),
        remedy=remedy,
        actors=tuple(Actor(str(actor)) for actor in actors),
    )


@cache
def catalogue() -> Mapping[str, Reason]:
    """All reasons by code, in layer order and in the order of their files."""
    entries: dict[str, Reason] = {}
    folder = files("interop.model") / "reasons"
    for layer in LAYERS:
        raw = tomllib.loads((folder / f"{layer}.toml").read_text(encoding="utf-8"))
        for slug, fields in raw.items():
            entry = _entry(layer, slug, fields)
            entries[entry.code] = entry
    return entries


def reason(code: str) -> Reason:
    """The entry for a code. A code that is not in the catalogue is our own mistake: KeyError."""
    return catalogue()[code]


def blocks(code: str) -> bool:
    """Whether a reason of that code blocks; a code that the catalogue does not know (an adapter may say anything) does not."""
    known = catalogue().get(code)
    return known is not None and known.effect is not Effect.FINDING


def is_finding(code: str) -> bool:
    """Whether the catalogue says that it blocks nothing; not the opposite of `blocks` for a code that it does not know."""
    known = catalogue().get(code)
    return known is not None and known.effect is Effect.FINDING
