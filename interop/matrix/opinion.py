"""A real relying party: what its engine says, strictly read, and turned into the judgement of its column.

The engine's conclusion and layers are kept as it reports them. What is promised, and up to which level, the engine cannot
know: that is taken from our own judgement of the same vector at the same relying party.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from interop.model.assurance import AssuranceLevel
from interop.model.certificate import ObjectId
from interop.model.errors import EngineError
from interop.model.facts import Opinion
from interop.model.indication import INDICATION_OF, Indication, SubIndication
from interop.model.layers import LAYERS, Cause, Layer, LayerResult, LayerState
from interop.model.verdict import Judgement, LevelOutcome, Verdict, not_evaluated

__all__ = ["EngineHello", "failed_opinion", "opinion_judgement", "parse_answer", "parse_hello"]

_MAX_LINE = 1_000_000
_MAX_REASONS = 64
_MAX_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineHello:
    """How a process engine introduces itself."""

    name: str
    version: str
    capabilities: frozenset[str]
    """What it declares that it can do."""

    @property
    def engine(self) -> str:
        """`name@version`."""
        return f"{self.name}@{self.version}"


def _object(line: str) -> Mapping[str, object]:
    if len(line) > _MAX_LINE:
        raise EngineError(f"protocol: answer of {len(line)} characters (at most {_MAX_LINE})")
    try:
        value = json.loads(line, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise EngineError(f"protocol: answer is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise EngineError(f"protocol: answer is {type(value).__name__}, not an object")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise EngineError("protocol: answer names a key twice")
    return value


def _keys(value: Mapping[str, object], required: set[str], optional: set[str], where: str) -> None:
    missing, unknown = required - set(value), set(value) - required - optional
    if missing:
        raise EngineError(f"protocol: {where} lacks {', '.join(sorted(missing))}")
    if unknown:
        raise EngineError(f"protocol: {where} has unknown keys: {', '.join(sorted(unknown))[:_MAX_REASON]}")


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise EngineError(f"protocol: {where} is not a text")
    return value


def parse_hello(line: str) -> EngineHello:
    """Read `{"name", "version", "capabilities"}`. EngineError for anything else."""
    value = _object(line)
    _keys(value, {"name", "version", "capabilities"}, set(), "hello")
    capabilities = value["capabilities"]
    if not isinstance(capabilities, list):
        raise EngineError("protocol: capabilities is not a list")
    return EngineHello(
        name=_text(value["name"], "name"),
        version=_text(value["version"], "version"),
        capabilities=frozenset(_text(c, "capability") for c in capabilities),
    )


def parse_answer(line: str, *, request_id: str, artifact: ObjectId, engine: str, at: datetime) -> Opinion:
    """Read one answer line: a conclusion, with layers or without, or a missing capability.

    Strict: an unknown key, value, layer or state, a sub-indication that does not belong to its indication, or the id of
    another request is an EngineError. Nothing is guessed: a broken answer is an error of the engine, never a verdict.
    """
    value = _object(line)
    if value.get("id") != request_id:
        raise EngineError(f"protocol: answer to {str(value.get('id'))[:_MAX_REASON]!r}, asked {request_id!r}")
    if "unsupported" in value:
        _keys(value, {"id", "unsupported"}, set(), "answer")
        return Opinion(
            artifact=artifact,
            engine=engine,
            at=at,
            indication=Indication.INDETERMINATE.value,
            unsupported=_text(value["unsupported"], "unsupported"),
        )
    _keys(value, {"id", "indication"}, {"sub_indication", "layers"}, "answer")
    indication = _text(value["indication"], "indication")
    if indication not in Indication.__members__:
        raise EngineError(f"protocol: unknown indication '{indication[:_MAX_REASON]}'")
    sub = value.get("sub_indication")
    if sub is not None:
        name = _text(sub, "sub_indication")
        if name not in SubIndication.__members__:
            raise EngineError(f"protocol: unknown sub_indication '{name[:_MAX_REASON]}'")
        if INDICATION_OF[SubIndication(name)].value != indication:
            raise EngineError(f"protocol: {name} does not belong to {indication}")
        sub = name
    layers = value.get("layers")
    return Opinion(
        artifact=artifact,
        engine=engine,
        at=at,
        indication=indication,
        sub_indication=sub,
        layers=None if layers is None else _layers(layers),
    )


def _layers(value: object) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise EngineError("protocol: layers is not an object")
    unknown = set(value) - {layer.value for layer in LAYERS}
    if unknown:
        raise EngineError(f"protocol: unknown layers: {', '.join(sorted(unknown))[:_MAX_REASON]}")
    return tuple((layer.value, *_layer(value[layer.value], layer)) for layer in LAYERS if layer.value in value)


def _layer(value: object, layer: Layer) -> tuple[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise EngineError(f"protocol: layer {layer.value} is not an object")
    _keys(value, {"result"}, {"reasons"}, f"layer {layer.value}")
    result = _text(value["result"], f"result of {layer.value}")
    if result not in {state.value for state in LayerState}:
        raise EngineError(f"protocol: unknown result '{result[:_MAX_REASON]}' of {layer.value}")
    reasons = value.get("reasons", [])
    if not isinstance(reasons, list) or len(reasons) > _MAX_REASONS:
        raise EngineError(f"protocol: reasons of {layer.value} are no list of at most {_MAX_REASONS}")
    return result, tuple(_text(reason, f"reason of {layer.value}")[:_MAX_REASON] for reason in reasons)


def failed_opinion(*, artifact: ObjectId, engine: str, at: datetime, what: str) -> Opinion:
    """The engine crashed, hung or answered nonsense: `what` happened."""
    return Opinion(artifact=artifact, engine=engine, at=at, indication=Indication.INDETERMINATE.value, error=what)


def opinion_judgement(opinion: Opinion, modelled: Judgement) -> Judgement:
    """The judgement of a real relying party's column.

    `modelled` is what our judge says of the same vector at the same relying party: the layer `agreement`, the promise and
    the levels come from there. Accepted: TOTAL_PASSED, and none of the layers that the engine reports blocks. Layers that
    it does not report are not_evaluated.
    """
    if opinion.error is not None:
        return Judgement(relying=modelled.relying, verdicts=(), counts=None, error=opinion.error)
    if opinion.unsupported is not None:
        return Judgement(relying=modelled.relying, verdicts=(), counts=None, unsupported=opinion.unsupported)
    if modelled.error is not None:
        what = f"primary engine, on which the promise rests: {modelled.error}"
        return Judgement(relying=modelled.relying, verdicts=(), counts=None, error=what)
    verdict = _verdict(opinion, modelled.verdict)
    return Judgement(relying=modelled.relying, verdicts=(verdict,), counts=0, reason="opinion", findings=())


_NOTHING_SIGNED = LevelOutcome(claimed=None, attained=AssuranceLevel.L0, required=AssuranceLevel.L0)


def _verdict(opinion: Opinion, ours: Verdict | None) -> Verdict:
    """`ours` is None where our scan finds no signature: then nothing is promised, and an acceptance stands out all the more."""
    reported = {Layer(name): (LayerState(state), codes) for name, state, codes in opinion.layers or ()}
    results = {
        layer: LayerResult(layer=layer, state=state, causes=tuple(Cause(code=code) for code in codes))
        for layer, (state, codes) in reported.items()
    }
    agreement = not_evaluated(Layer.AGREEMENT) if ours is None else ours.layer(Layer.AGREEMENT)
    indication = Indication(opinion.indication)
    return Verdict(
        signature="" if ours is None else ours.signature,
        layers=tuple(
            agreement if layer is Layer.AGREEMENT else results.get(layer, not_evaluated(layer)) for layer in LAYERS
        ),
        indication=indication,
        sub_indication=None if opinion.sub_indication is None else SubIndication(opinion.sub_indication),
        accepted=indication is Indication.TOTAL_PASSED and not any(result.blocks for result in results.values()),
        promised=ours is not None and ours.promised,
        agreement=None if ours is None else ours.agreement,
        level=_NOTHING_SIGNED if ours is None else ours.level,
        signer=None if ours is None else ours.signer,
        provider=None if ours is None else ours.provider,
        identity=None if ours is None else ours.identity,
        best_time=opinion.at if ours is None else ours.best_time,
        signature_level=None if ours is None else ours.signature_level,
        holds=agreement.holds,
    )
