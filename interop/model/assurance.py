"""Assurance: a vector of axes and the neutral level L0 to L4 that derives from it (after UNCITRAL MLES art. 12: substance, not origin)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

__all__ = ["Assurance", "AssuranceLevel", "Axis", "AxisName"]

Axis = Literal[0, 1, 2, 3, 4]
AxisName = Literal["identity-proofing", "key-protection", "supervision", "legal-effect"]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Assurance:
    """The assurance that an identity has at home."""

    identity_proofing: Axis
    key_protection: Axis
    supervision: Axis
    legal_effect: Axis
    person: Literal["natural", "legal", "mixed"]
    time_stamp_required: bool = False
    """The home law asks for a qualified or accredited time-stamp for the full effect."""
    level: AssuranceLevel
    """The level that the mapping table of the references gives it."""
    origin: Literal["real", "modelled", "stand-in"] = "modelled"
    source: str = ""
    """Ground of the row."""
