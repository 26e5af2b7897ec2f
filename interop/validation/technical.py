"""The nine technical layers of one signature, as one relying party asks them at one time. Pure.

    technical = judge_signature(facts, facts.signatures[0], context)
    technical.layers      container to time, each with its reasons and the span of validation time over which it holds
    technical.indication  EN 319 102-1

No masking: each layer is evaluated from what is there, whatever the others say; `not_evaluated` only where what it rests on
is missing. The time that counts is the best signature time where valid time-stamps prove one, else the validation time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from interop.model.certificate import Certificate, Finding, ObjectId
from interop.model.facts import Facts, SignatureFacts
from interop.model.formats import Level
from interop.model.instant import ALWAYS, Interval, intersect
from interop.model.layers import TECHNICAL, Cause, Layer, LayerResult
from interop.model.verdict import Path, Technical, TechnicalContext
from interop.validation.algorithm import algorithm_causes, certificate_uses, signature_uses
from interop.validation.certificate import Identified, content_causes, identify_signer
from interop.validation.document import integrity_causes, value_causes
from interop.validation.format import claimed_level, format_causes
from interop.validation.identity import match_identity
from interop.validation.ladder import answer, conclude, layer_of
from interop.validation.lookup import Lookup, lookup_for
from interop.validation.moment import Moment
from interop.validation.path import build_paths, longest_path
from interop.validation.revocation import StatusSources, path_status
from interop.validation.rfc5280 import PathCheck, check_path, validity_causes
from interop.validation.time import Proof, find_proof

__all__ = ["judge_signature"]


@dataclass(slots=True)
class _Judged:
    """One signature under judgement."""

    facts: Facts
    signature: SignatureFacts
    context: TechnicalContext
    lookup: Lookup
    identified: Identified
    signer: Certificate | None
    proof: Proof
    path: Path | None
    """Best path to a home anchor."""
    check: PathCheck | None
    """Of that path, else of the longest known one."""
    known: Path | None
    """That path, else the longest known one."""
    path_holds: Interval

    def moment(self) -> Moment:
        """The time that counts."""
        return self.proof.moment(self.context.at)


def judge_signature(facts: Facts, signature: SignatureFacts, context: TechnicalContext) -> Technical:
    """Judge one signature of a file. `context.knowledge` must hold the objects that the facts name, and the home anchors."""
    lookup = lookup_for(context.knowledge)
    identified = identify_signer(signature.bound_by, signature.value, signature.certificates)
    signer = None if identified.certificate is None else lookup.certificate(identified.certificate)
    proof = find_proof(lookup, facts, signature, context)
    path, check, holds = _best_path(lookup, signer, context, proof)
    known = path
    if path is None and signer is not None:
        known = longest_path(lookup, signer.id)
        moment = proof.moment(context.at)
        check = check_path(lookup, known, moment=moment, model=context.rules.validity_model, anchored=False)
        holds = moment.holds
    judged = _Judged(
        facts, signature, context, lookup, identified, signer, proof, path, check, known, holds & proof.holds
    )
    findings = _findings(judged)
    evaluated = {
        Layer.CONTAINER: ((), ALWAYS),
        Layer.INTEGRITY: (integrity_causes(facts, signature), ALWAYS),
        Layer.SIGNATURE: (value_causes(signature, identified.certificate, context.rules.algorithms), ALWAYS),
        Layer.FORMAT: _format(judged),
        Layer.ALGORITHM: _algorithm(judged),
        Layer.CERTIFICATE: (_certificate(judged), ALWAYS),
        Layer.CHAIN: _chain(judged),
        Layer.REVOCATION: _revocation(judged),
        Layer.TIME: _time(judged),
    }
    layers = tuple(
        answer(layer, (*evaluated[layer][0], *findings.get(layer, ())), evaluated[layer][1]) for layer in TECHNICAL
    )
    return _technical(judged, layers)


def _technical(judged: _Judged, layers: tuple[LayerResult, ...]) -> Technical:
    indication, sub_indication = conclude(layers)
    provider = None if judged.path is None else judged.context.home.anchors[judged.path.anchor]
    identity = None
    if judged.path is not None and provider is not None:
        identity = match_identity(judged.lookup, judged.context.home, judged.path, provider)
    level = judged.signature.level
    if level is not None and claimed_level(judged.signature) is not Level.B_B and judged.proof.time is None:
        level = "B-B"  # without a valid time-stamp nothing above the basic level stands
    return Technical(
        signature=judged.signature.id,
        layers=layers,
        indication=indication,
        sub_indication=sub_indication,
        signer=judged.identified.certificate,
        path=judged.path,
        provider=provider,
        identity=identity,
        best_time=judged.proof.time or judged.context.at,
        proven=judged.proof.time is not None,
        level=level,
        holds=intersect((judged.path_holds, judged.proof.holds, *(result.holds for result in layers))),
    )


def _best_path(
    lookup: Lookup, signer: Certificate | None, context: TechnicalContext, proof: Proof
) -> tuple[Path | None, PathCheck | None, Interval]:
    """The first good path, else the one with least against it; and over which span of time that is the choice."""
    if signer is None:
        return None, None, ALWAYS
    best: tuple[tuple[int, int], Path, PathCheck] | None = None
    moment = proof.moment(context.at)
    for path in build_paths(lookup, signer.id, frozenset(context.home.anchors)):
        check = check_path(lookup, path, moment=moment, model=context.rules.validity_model)
        weight = (len(check.causes), len(check.outside))
        if best is None or weight < best[0]:
            best = (weight, path, check)
        if check.ok:
            break
    return (None, None, moment.holds) if best is None else (best[1], best[2], moment.holds)


def _findings(judged: _Judged) -> Mapping[Layer, list[Cause]]:
    """What engine and parser noticed, each in the layer of its code. Parser findings count for the signing certificate."""
    found: dict[Layer, list[Cause]] = {}
    noticed: Iterable[Finding] = (
        *judged.facts.document.findings,
        *judged.signature.findings,
        *(() if judged.signer is None else judged.signer.findings),
    )
    for finding in noticed:
        layer = layer_of(finding.code)
        if layer is None or layer not in TECHNICAL:
            cause = Cause(code="container.unknown-finding", detail=f"{finding.code} {finding.detail}".strip())
            found.setdefault(Layer.CONTAINER, []).append(cause)
        else:
            found.setdefault(layer, []).append(Cause(code=finding.code, detail=finding.detail))
    return found


def _format(judged: _Judged) -> tuple[list[Cause], Interval]:
    causes = list(format_causes(judged.facts, judged.signature, judged.context.rules.formats))
    signature = judged.signature
    holds = ALWAYS
    if not signature.covers.whole and signature.parent is None and judged.facts.document.format == "xml":
        covered = False
        for other in judged.facts.signatures:
            if other.id != signature.id and other.covers.whole and other.parent is None:
                technical = judge_signature(judged.facts, other, judged.context)
                holds = holds & technical.holds
                covered = covered or technical.passed
        if not covered:
            causes.append(Cause(code="format.partial-coverage", detail=", ".join(signature.covers.nodes)))
    return causes, holds


def _algorithm(judged: _Judged) -> tuple[list[Cause], Interval]:
    moment = judged.moment()
    rules = judged.context.rules.algorithms
    uses = list(signature_uses(judged.signature, judged.signer))
    if judged.known is not None:
        uses.extend(certificate_uses(judged.lookup, judged.known))
    proven = judged.proof.time is not None
    causes = list(algorithm_causes(judged.lookup, uses, rules, judged.context.suites, moment, proven=proven))
    written = judged.signature.algorithm
    if (
        (written.name or "").startswith("sm2-")
        and written.encoding in ("der", "raw")
        and written.encoding not in rules.sm2_encodings
    ):
        accepted = ", ".join(rules.sm2_encodings)
        causes.append(
            Cause(code="algorithm.sm2-encoding-not-accepted", detail=f"found {written.encoding}; accepted {accepted}")
        )
    return causes, moment.holds & judged.path_holds


def _certificate(judged: _Judged) -> list[Cause]:
    causes = list(judged.identified.causes)
    if judged.signer is not None:
        causes.extend(content_causes(judged.signer, judged.context.rules.certificate))
    elif judged.identified.certificate is not None:
        causes.append(Cause(code="certificate.unreadable", detail=judged.identified.certificate))
    return causes


def _chain(judged: _Judged) -> tuple[list[Cause], Interval]:
    if judged.signer is None:
        return [Cause(code="chain.no-signer", detail="no signing certificate to start from")], ALWAYS
    check = judged.check
    if check is None:
        raise AssertionError("a signing certificate always has a path of at least itself")
    if judged.path is None:
        return [_no_path(judged)], judged.path_holds
    causes = list(check.causes)
    late = validity_causes(check)
    causes.extend(c for c in late if judged.proof.time is not None or c.code == "chain.issued-outside-issuer-validity")
    return causes, judged.path_holds


def _no_path(judged: _Judged) -> Cause:
    """Where the search ended, and why."""
    top_id = judged.known.certificates[-1] if judged.known is not None else ObjectId("")
    top = judged.lookup.certificate(top_id)
    if top is None:
        return Cause(code="chain.home-anchor-unknown")
    rooted = judged.lookup.signed(top_id, top_id) is True  # a namesake with another key then says nothing about it
    tried = [(key, ok) for key, ok in judged.lookup.issuers(top_id) if key != top_id and not rooted]
    if any(ok is None for _, ok in tried):
        algorithm = top.signature_algorithm.oid
        return Cause(code="chain.signature-not-computed", detail=f"{top.subject.text}: signature {algorithm}")
    if tried and not any(ok for _, ok in tried):
        return Cause(
            code="chain.signature-wrong", detail=f"{top.subject.text} is not signed by {top.issuer.text} as known"
        )
    if top.self_issued:
        return Cause(
            code="chain.home-anchor-unknown", detail=f"the path ends at {top.subject.text}, which is no home anchor"
        )
    return Cause(
        code="chain.home-anchor-unknown",
        detail=f"the path ends at {top.subject.text}; issuer {top.issuer.text} unknown",
    )


def _revocation(judged: _Judged) -> tuple[list[Cause], Interval]:
    known = judged.known
    if judged.signer is None or known is None:
        return [Cause(code="revocation.no-signer", detail="no signing certificate to ask about")], ALWAYS
    if len(known.certificates) < 2:
        if judged.path is not None:
            return [], judged.path_holds  # the signer is an anchor itself
        return [
            Cause(code="revocation.issuer-unknown", detail=f"issuer {judged.signer.issuer.text} unknown")
        ], judged.path_holds
    moment = Moment(judged.context.at)
    in_file, rules = judged.facts.status_answers, judged.context.rules.revocation
    sources = StatusSources(in_file=in_file, existed=judged.proof.existed, rules=rules, proof=judged.proof.time)
    causes = list(path_status(judged.lookup, known, sources, moment))
    return causes, moment.holds & judged.path_holds


def _time(judged: _Judged) -> tuple[list[Cause], Interval]:
    causes = list(judged.proof.causes)
    if judged.context.rules.time.time_stamp_required and judged.proof.time is None:
        code = "time.timestamp-missing" if judged.proof.tokens == 0 else "time.no-valid-timestamp"
        causes.append(Cause(code=code, detail=f"{judged.proof.tokens} time-stamps over the signature"))
    if judged.proof.time is None and judged.check is not None:
        for out in judged.check.outside:
            if not out.at_issuance:
                code = "time.certificate-out-of-bounds" if out.how == "expired" else "time.certificate-not-yet-valid"
                causes.append(Cause(code=code, detail=out.detail))
    return causes, judged.path_holds
