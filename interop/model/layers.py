"""The ladder: twelve questions, asked of every signature by every relying party, in the order of explanation.

`container` to `time` are technical; `trust`, `agreement`, `assurance` are about recognition. `chain` (is the path to the
signer's own home anchor good) and `trust` (does this relying party know it) are kept apart on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from interop.model.instant import ALWAYS, Interval
from interop.model.text import Text

__all__ = [
    "BLOCKING",
    "LAYERS",
    "NAMES",
    "RECOGNITION",
    "TECHNICAL",
    "Cause",
    "Layer",
    "LayerResult",
    "LayerState",
    "is_blocking",
]


class Layer(StrEnum):
    """One question of the ladder."""

    CONTAINER = "container"
    """Can the file be read, is a signature there, is the structure sound?"""
    INTEGRITY = "integrity"
    """Is exactly what is shown what was signed (digests, coverage, later changes)?"""
    SIGNATURE = "signature"
    """Does the signature value verify with the signing key?"""
    FORMAT = "format"
    """Does the relying party accept this message family, sub-filter, XML URIs, attributes, policy, level?"""
    ALGORITHM = "algorithm"
    """Does the relying party's suite allow these algorithms and sizes at the time that counts?"""
    CERTIFICATE = "certificate"
    """Is the signing certificate there, bound to the signature, and does its content meet the rules for every signer?"""
    CHAIN = "chain"
    """Is there a valid path to the signer's own home anchor, under the relying party's model?"""
    REVOCATION = "revocation"
    """Was the path good, by evidence fresh enough?"""
    TIME = "time"
    """Is there proof of existence good enough for the relying party?"""
    TRUST = "trust"
    """Has the relying party a valid path to an anchor or service that it knows, with which status at that time?"""
    AGREEMENT = "agreement"
    """Is there an instrument in force that covers it, with its conditions met?"""
    ASSURANCE = "assurance"
    """Which level does the signature attain there, against the level required?"""


LAYERS: tuple[Layer, ...] = tuple(Layer)
RECOGNITION: tuple[Layer, ...] = (Layer.TRUST, Layer.AGREEMENT, Layer.ASSURANCE)
TECHNICAL: tuple[Layer, ...] = tuple(layer for layer in LAYERS if layer not in RECOGNITION)

NAMES: Mapping[Layer, Text] = {
    Layer.CONTAINER: Text(en="container", zh="容器"),
    Layer.INTEGRITY: Text(en="integrity", zh="完整性"),
    Layer.SIGNATURE: Text(en="signature", zh="签名值"),
    Layer.FORMAT: Text(en="format", zh="格式"),
    Layer.ALGORITHM: Text(en="algorithm", zh="算法"),
    Layer.CERTIFICATE: Text(en="certificate", zh="证书"),
    Layer.CHAIN: Text(en="chain", zh="证书链"),
    Layer.REVOCATION: Text(en="revocation", zh="撤销状态"),
    Layer.TIME: Text(en="time", zh="时间"),
    Layer.TRUST: Text(en="trust", zh="信任"),
    Layer.AGREEMENT: Text(en="agreement", zh="互认安排"),
    Layer.ASSURANCE: Text(en="assurance", zh="保证级别"),
}


class LayerState(StrEnum):
    """How a question was answered."""

    PASS = "pass"
    """Answered, and good."""
    FAIL = "fail"
    """Answered, and not acceptable. A relying party's refusal is always this."""
    INDETERMINATE = "indeterminate"
    """The material at hand does not settle it."""
    UNSUPPORTED = "unsupported"
    """An engine's answer only: it recognises the thing and cannot compute it."""
    NOT_EVALUATED = "not_evaluated"
    """Could not be asked, since something it rests on is missing (or the engine reports no layers)."""
    NOT_APPLICABLE = "not_applicable"
    """The question does not arise."""


BLOCKING = frozenset({LayerState.FAIL, LayerState.INDETERMINATE, LayerState.UNSUPPORTED, LayerState.NOT_EVALUATED})


def is_blocking(state: LayerState) -> bool:
    """Whether a layer in this state keeps a signature from being accepted."""
    return state in BLOCKING


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A reason as it applies to one signature: the permanent code, and what was found."""

    code: str
    """Code in the reason catalogue, e.g. `certificate.key-usage-missing-non-repudiation`."""
    detail: str = ""
    """What was found and what was asked for, in neutral notation (OIDs, names, times); may hold untrusted text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerResult:
    """The answer to one question."""

    layer: Layer
    """Which question."""
    state: LayerState
    """How it was answered."""
    causes: tuple[Cause, ...] = ()
    """Why: blocking reasons first, then findings that do not block."""
    holds: Interval = field(default=ALWAYS)
    """Over which validation times this answer stays the same."""

    @property
    def blocks(self) -> bool:
        """Whether this layer keeps the signature from being accepted."""
        return self.state in BLOCKING
