"""Assurance: a vector of axes and the neutral level L0 to L4 that derives from it (after UNCITRAL MLES art. 12: substance, not origin)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Literal

from interop.model.origin import Origin

__all__ = ["Assurance", "AssuranceLevel", "Axis", "CapAxis", "Person"]

Axis = Literal[0, 1, 2, 3, 4]
Person = Literal["natural", "legal", "mixed"]


class AssuranceLevel(IntEnum):
    """Neutral level of a signature's assurance."""

    L0 = 0
    """No cryptographic signature, or not verified."""
    L1 = 1
    """Self-asserted or unsupervised certificate."""
    L2 = 2
    """Advanced: unique link, sole control, integrity; no national recognition of the certificate."""
    L3 = 3
    """L2 and a certificate from a licensed, accredited or listed provider."""
    L4 = 4
    """L3, key in certified hardware, and the law gives presumption or handwritten equivalence."""

    def __str__(self) -> str:
        return self.name


class CapAxis(StrEnum):
    """What a level lacks for the one above."""

    IDENTITY_PROOFING = "identity-proofing"
    """The subject is not identified well enough."""
    KEY_PROTECTION = "key-protection"
    """The key is not in certified hardware."""
    SUPERVISION = "supervision"
    """Nobody licenses, accredits or lists the provider, or nobody known."""
    LEGAL_EFFECT = "legal-effect"
    """The law or contract that applies gives no presumption and no handwritten equivalence."""
    TIME_STAMP = "time-stamp-duty"
    """The home law asks for a time-stamp for the full effect, and no time is proven."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assurance:
    """The assurance that an identity has at home."""

    identity_proofing: Axis
    """How well the subject was identified: 0 not at all to 4 in person or by equivalent means."""
    key_protection: Axis
    """Where the private key is kept: 0 nothing known, 1 software, to 4 certified hardware."""
    supervision: Axis
    """Who watches the provider: 0 nobody to 4 licensed or accredited, audited and supervised."""
    legal_effect: Axis
    """What the home law gives the signature: 0 nothing to 4 presumption or the effect of a handwritten one."""
    person: Person
    """Who signs: a natural person, a legal person (seal), or either."""
    time_stamp_required: bool = False
    """The home law asks for a qualified or accredited time-stamp for the full effect."""
    level: AssuranceLevel
    """The level that the mapping table of the references gives it."""
    origin: Origin = "modelled"
    """Where these values come from."""
    source: str = ""
    """Ground of the row."""
