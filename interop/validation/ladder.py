"""From reasons to answers: the state of a layer, the headline, and the indication of EN 319 102-1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from interop.model.indication import INDICATION_OF, Indication, SubIndication
from interop.model.instant import ALWAYS, Interval
from interop.model.layers import Cause, Layer, LayerResult, LayerState
from interop.model.reasons import Effect, Reason, catalogue, reason

__all__ = ["answer", "conclude", "layer_of", "ordered"]

_PRECEDENCE: tuple[SubIndication, ...] = (
    SubIndication.FORMAT_FAILURE,
    SubIndication.NO_SIGNING_CERTIFICATE_FOUND,
    SubIndication.HASH_FAILURE,
    SubIndication.SIG_CRYPTO_FAILURE,
    SubIndication.SIGNED_DATA_NOT_FOUND,
    SubIndication.SIGNATURE_POLICY_NOT_AVAILABLE,
    SubIndication.POLICY_PROCESSING_ERROR,
    SubIndication.REVOKED,
    SubIndication.EXPIRED,
    SubIndication.NOT_YET_VALID,
)
"""EN 319 102-1 section 5.3.4: format, signing certificate, cryptography, policy; then what is proven. The rest follows in the
order of the layers, and within a layer by rank."""


@cache
def _known(code: str) -> Reason | None:
    return catalogue().get(code)


def layer_of(code: str) -> Layer | None:
    """The layer of a code; None for one that the catalogue does not know (an adapter may say anything)."""
    known = _known(code)
    return None if known is None else known.layer


def ordered(causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """Each once, blocking ones first, by rank, then by detail: the order in which they were found does not matter."""
    return tuple(
        sorted(
            dict.fromkeys(causes),
            key=lambda c: (reason(c.code).effect is Effect.FINDING, reason(c.code).rank, c.code, c.detail),
        )
    )


def answer(layer: Layer, causes: Iterable[Cause], holds: Interval = ALWAYS) -> LayerResult:
    """The state of a layer is that of its headline; findings leave it at pass."""
    ranked = ordered(causes)
    state = reason(ranked[0].code).state if ranked else LayerState.PASS
    return LayerResult(layer=layer, state=state, causes=ranked, holds=holds)


def conclude(layers: Sequence[LayerResult]) -> tuple[Indication, SubIndication | None]:
    """Main indication and sub-indication of the technical layers together."""
    blocked = [result for result in layers if result.blocks]
    if not blocked:
        return Indication.TOTAL_PASSED, None
    blocking = [
        entry
        for result in blocked
        for cause in result.causes
        if (entry := reason(cause.code)).effect is not Effect.FINDING and entry.sub_indication is not None
    ]
    subs = [entry.sub_indication for entry in blocking if entry.effect is not Effect.NOT_EVALUATED] or [
        entry.sub_indication for entry in blocking
    ]
    chosen = next((sub for sub in _PRECEDENCE if sub in subs), None) or next(iter(subs), None)
    if chosen is None:
        return Indication.INDETERMINATE, None
    return INDICATION_OF[chosen], chosen
