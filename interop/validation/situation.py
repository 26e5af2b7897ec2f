"""Where one signature stands before the layers are asked: what the file shows by itself, what time-stamps prove, and the path.

seen = see(reading)                  whoever relies
found = find(reading, terms, seen)   best signature time and best path to a home anchor, under the terms
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from interop.model.certificate import Certificate, Finding
from interop.model.facts import Facts, SignatureFacts
from interop.model.formats import Level
from interop.model.instant import ALWAYS, Interval
from interop.model.layers import TECHNICAL, Cause, Layer, LayerResult
from interop.model.verdict import HomeIdentity, Path
from interop.validation.algorithm import signature_uses
from interop.validation.certificate import Identified, identify_signer
from interop.validation.document import integrity_causes
from interop.validation.format import claimed_level
from interop.validation.identity import match_identity
from interop.validation.ladder import answer, layer_of
from interop.validation.lookup import Lookup
from interop.validation.path import anchor_ended, home_paths, longest_path
from interop.validation.reading import Reading, Terms
from interop.validation.rfc5280 import PathCheck, check_path
from interop.validation.time import Proof, find_proof

__all__ = ["Found", "Seen", "find", "see"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the file shows by itself, whoever relies."""

    identified: Identified
    signer: Certificate | None
    findings: Mapping[Layer, tuple[Cause, ...]]
    """What engine and parser noticed, in the layers of the codes."""
    container: LayerResult
    integrity: LayerResult
    uses: int
    """Number of the algorithms of the signature itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What time-stamps prove, and where the signer's path leads at the time that counts."""

    proof: Proof
    number: int
    """Of the proof, in the reading."""
    path: Path | None
    """Best path to a home anchor."""
    check: PathCheck | None
    """Of that path, else of the longest known one."""
    known: Path | None
    """That path, else the longest known one."""
    ended: datetime | None
    """Since when the anchor of the path is no longer trusted, where that is before the time that counts."""
    path_holds: Interval
    provider: str | None
    identity: HomeIdentity | None
    level: str | None
    """Signature level that stands."""
    span: Interval
    """Over which path and proof stay as they are."""

    @property
    def ran_out(self) -> bool:
        """A certificate is out of its validity, and nothing proves another time: whether it was good until its end matters."""
        return self.proof.time is None and self.check is not None and bool(self.check.outside)


def see(reading: Reading) -> Seen:
    """What rests on no rules at all."""
    facts, signature = reading.facts, reading.signature
    identified = identify_signer(signature.bound_by, signature.value, signature.certificates)
    signer = None if identified.certificate is None else reading.lookup.certificate(identified.certificate)
    findings = _findings(facts, signature, signer)
    integrity = (*integrity_causes(facts, signature), *findings.get(Layer.INTEGRITY, ()))
    return Seen(
        identified=identified,
        signer=signer,
        findings=findings,
        container=answer(Layer.CONTAINER, findings.get(Layer.CONTAINER, ())),
        integrity=answer(Layer.INTEGRITY, integrity),
        uses=reading.lookup.number(signature_uses(signature, signer)),
    )


def _findings(facts: Facts, signature: SignatureFacts, signer: Certificate | None) -> Mapping[Layer, tuple[Cause, ...]]:
    """What engine and parser noticed, each in the layer of its code. Parser findings count for the signing certificate."""
    found: dict[Layer, list[Cause]] = {}
    noticed: Iterable[Finding] = (
        *facts.document.findings,
        *signature.findings,
        *(() if signer is None else signer.findings),
    )
    for finding in noticed:
        layer = layer_of(finding.code)
        if layer is None or layer not in TECHNICAL:
            cause = Cause(code="container.unknown-finding", detail=f"{finding.code} {finding.detail}".strip())
            found.setdefault(Layer.CONTAINER, []).append(cause)
        else:
            found.setdefault(layer, []).append(Cause(code=finding.code, detail=finding.detail))
    return {layer: tuple(causes) for layer, causes in found.items()}


def find(reading: Reading, terms: Terms, seen: Seen) -> Found:
    """Best signature time and path. Tokens rest on the rules for algorithms and status; without tokens the frame alone counts."""
    rests = (terms.algorithms, terms.revocation, terms.tsa) if reading.facts.tokens else ()

    def prove() -> tuple[Proof, int]:
        proof = find_proof(reading, terms)
        return proof, reading.number_of_proof(proof)

    proof, number = reading.remember(("proof", *rests, terms.frame), prove)
    return reading.remember(("path", number, terms.frame), lambda: _follow(reading, terms, seen, proof, number))


def _follow(reading: Reading, terms: Terms, seen: Seen, proof: Proof, number: int) -> Found:
    lookup, context = reading.lookup, terms.context
    path, check, holds = _best_path(lookup, seen.signer, terms, proof)
    ended = None if path is None else anchor_ended(path, context.home, proof.moment(context.at))
    known = path
    if path is None and seen.signer is not None:
        known = longest_path(lookup, seen.signer.id)
        moment = proof.moment(context.at)
        check = check_path(lookup, known, moment=moment, model=context.rules.validity_model, anchored=False)
        holds = moment.holds
    provider = None if path is None else context.home.anchors[path.anchor]
    level = reading.signature.level
    if level is not None and claimed_level(reading.signature) is not Level.B_B and proof.time is None:
        level = "B-B"  # without a valid time-stamp nothing above the basic level stands
    return Found(
        proof=proof,
        number=number,
        path=path,
        check=check,
        known=known,
        ended=ended,
        path_holds=holds & proof.holds,
        provider=provider,
        identity=None if path is None or provider is None else match_identity(lookup, context.home, path, provider),
        level=level,
        span=holds & proof.holds,
    )


def _best_path(
    lookup: Lookup, signer: Certificate | None, terms: Terms, proof: Proof
) -> tuple[Path | None, PathCheck | None, Interval]:
    """The first good path, else the one with least against it; and over which span of time that is the choice."""
    if signer is None:
        return None, None, ALWAYS
    best: tuple[tuple[int, bool, int], Path, PathCheck] | None = None
    context = terms.context
    moment = proof.moment(context.at)
    for path in home_paths(lookup, signer.id, terms.anchors, context.home.crossing):
        check = check_path(lookup, path, moment=moment, model=context.rules.validity_model)
        ended = anchor_ended(path, context.home, moment) is not None
        weight = (len(check.causes), ended, len(check.outside))
        if best is None or weight < best[0]:
            best = (weight, path, check)
        if check.ok and not ended:
            break
    return (None, None, moment.holds) if best is None else (best[1], best[2], moment.holds)
