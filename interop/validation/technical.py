"""The nine technical layers of one signature, as one relying party asks them at one time. Pure.

    technical = judge_signature(facts, facts.signatures[0], context)
    technical.layers      container to time, each with its reasons and the span of validation time over which it holds
    technical.indication  EN 319 102-1

No masking: each layer is evaluated from what is there, whatever the others say; `not_evaluated` only where what it rests on
is missing. The time that counts is the best signature time where valid time-stamps prove one, else the validation time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

from interop.model.certificate import ObjectId
from interop.model.facts import Facts, SignatureFacts
from interop.model.instant import ALWAYS, Interval, format_instant, intersect
from interop.model.layers import Cause, Layer, LayerResult
from interop.model.verdict import Path, Technical, TechnicalContext
from interop.validation.algorithm import algorithm_causes, certificate_uses, signature_uses
from interop.validation.certificate import content_causes
from interop.validation.document import value_causes
from interop.validation.format import format_causes
from interop.validation.ladder import answer, conclude
from interop.validation.lookup import Lookup, lookup_for
from interop.validation.moment import Moment, later, widen
from interop.validation.oddities import odd_anchor, odd_content
from interop.validation.path_status import status_over
from interop.validation.reading import Reading, Terms
from interop.validation.revocation import StatusSources, status_of
from interop.validation.rfc5280 import validity_causes
from interop.validation.situation import Found, Seen, find, see
from interop.validation.status_scope import Subject

__all__ = ["judge_reading", "judge_signature"]


@dataclass(frozen=True, slots=True)
class _Judged:
    """One signature under judgement."""

    reading: Reading
    terms: Terms
    seen: Seen
    found: Found

    @property
    def context(self) -> TechnicalContext:
        return self.terms.context

    @property
    def lookup(self) -> Lookup:
        return self.terms.lookup

    def moment(self) -> Moment:
        """The time that counts."""
        return self.found.proof.moment(self.context.at)

    def answer(
        self, layer: Layer, ask: Callable[[_Judged], tuple[Iterable[Cause], Interval]], *rests: Hashable
    ) -> LayerResult:
        """The answer of a layer, under what it `rests` on."""

        def work() -> LayerResult:
            causes, holds = ask(self)
            return answer(layer, (*causes, *self.seen.findings.get(layer, ())), holds)

        return self.reading.remember((layer, *rests), work)


def judge_signature(facts: Facts, signature: SignatureFacts, context: TechnicalContext) -> Technical:
    """Judge one signature of a file. `context.knowledge` must hold the objects that the facts name, and the home anchors."""
    lookup = lookup_for(context.knowledge)
    return judge_reading(Reading(facts, signature, lookup), Terms.of(context, lookup))


def judge_reading(reading: Reading, terms: Terms) -> Technical:
    """The same for one that was read before: what the terms share with those asked before is not worked out again.

    ValueError where reading and terms are of different lookups: their numbers would mean different things.
    """
    if reading.lookup is not terms.lookup:
        raise ValueError("reading and terms belong to different lookups")
    return reading.remember(terms.numbers, lambda: _judge(reading, terms))


def _judge(reading: Reading, terms: Terms) -> Technical:
    seen = reading.remember("seen", lambda: see(reading))
    judged = _Judged(reading, terms, seen, find(reading, terms, seen))
    place = (judged.found.number, terms.frame)  # best signature time, path and check
    layers = (
        seen.container,
        seen.integrity,
        judged.answer(Layer.SIGNATURE, _value, terms.sm2_ids),
        _format(judged),
        _algorithm(judged),
        judged.answer(Layer.CERTIFICATE, _certificate, terms.certificate),
        judged.answer(Layer.CHAIN, _chain, *place),
        judged.answer(Layer.REVOCATION, _revocation, terms.revocation, *place),
        judged.answer(Layer.TIME, _time, terms.time, terms.revocation if judged.found.ran_out else 0, *place),
    )
    found = judged.found
    indication, sub_indication = conclude(layers)
    return Technical(
        signature=reading.signature.id,
        layers=layers,
        indication=indication,
        sub_indication=sub_indication,
        signer=seen.identified.certificate,
        path=found.path,
        provider=found.provider,
        identity=found.identity,
        best_time=found.proof.time or terms.context.at,
        proven=found.proof.time is not None,
        level=found.level,
        holds=intersect((found.span, *(result.holds for result in layers))),
    )


def _value(judged: _Judged) -> tuple[Iterable[Cause], Interval]:
    rules = judged.context.rules.algorithms
    return value_causes(judged.reading.signature, judged.seen.identified.certificate, rules), ALWAYS


def _format(judged: _Judged) -> LayerResult:
    signature = judged.reading.signature
    if not signature.covers.whole and signature.parent is None and judged.reading.facts.document.format == "xml":
        return judged.answer(Layer.FORMAT, _format_of_part, *judged.terms.numbers)  # other signatures have a say
    return judged.answer(Layer.FORMAT, _format_of_whole, judged.terms.formats)


def _format_of_whole(judged: _Judged) -> tuple[list[Cause], Interval]:
    reading = judged.reading
    return list(format_causes(reading.facts, reading.signature, judged.context.rules.formats)), ALWAYS


def _format_of_part(judged: _Judged) -> tuple[list[Cause], Interval]:
    """A part of an XML document is signed: enough where another signature covers the whole and passes."""
    facts, signature = judged.reading.facts, judged.reading.signature
    causes, holds = _format_of_whole(judged)
    covered = False
    for other in facts.signatures:
        if other.id != signature.id and other.covers.whole and other.parent is None:
            technical = judge_signature(facts, other, judged.context)
            holds = holds & technical.holds
            covered = covered or technical.passed
    if not covered:
        causes.append(Cause(code="format.partial-coverage", detail=", ".join(signature.covers.nodes)))
    return causes, holds


def _algorithm(judged: _Judged) -> LayerResult:
    """Many files of one signer use the same algorithms below the same path, so this is remembered beyond the one file."""
    written, found = judged.reading.signature.algorithm, judged.found
    known = None if found.known is None else found.known.certificates
    encoding = written.encoding if (written.name or "").startswith("sm2-") else None
    noticed = judged.seen.findings.get(Layer.ALGORITHM, ())
    terms = judged.terms
    key = (
        "algorithm", judged.seen.uses, known, encoding, noticed, found.proof.time, found.path_holds, terms.algorithms, terms.frame
    )  # fmt: skip

    def work() -> LayerResult:
        moment = judged.moment()
        causes = _algorithm_causes(judged, moment, encoding)
        return answer(Layer.ALGORITHM, (*causes, *noticed), moment.holds & found.path_holds)

    return judged.lookup.remember(key, work)


def _algorithm_causes(judged: _Judged, moment: Moment, encoding: str | None) -> tuple[Cause, ...]:
    rules = judged.context.rules.algorithms
    uses = list(signature_uses(judged.reading.signature, judged.seen.signer))
    if judged.found.known is not None:
        uses.extend(certificate_uses(judged.lookup, judged.found.known))
    causes = algorithm_causes(judged.lookup, uses, rules, judged.context.suites, moment)
    if encoding in ("der", "raw") and encoding not in rules.sm2_encodings:
        accepted = ", ".join(rules.sm2_encodings)
        detail = f"found {encoding}; accepted {accepted}"
        causes = (*causes, Cause(code="algorithm.sm2-encoding-not-accepted", detail=detail))
    return causes


def _certificate(judged: _Judged) -> tuple[list[Cause], Interval]:
    causes = list(judged.seen.identified.causes)
    if judged.seen.signer is not None:
        causes.extend(content_causes(judged.seen.signer, judged.context.rules.certificate))
        causes.extend(odd_content(judged.seen.signer))
    elif judged.seen.identified.certificate is not None:
        causes.append(Cause(code="certificate.unreadable", detail=judged.seen.identified.certificate))
    return causes, ALWAYS


def _chain(judged: _Judged) -> tuple[list[Cause], Interval]:
    if judged.seen.signer is None:
        return [Cause(code="chain.no-signer", detail="no signing certificate to start from")], ALWAYS
    check = judged.found.check
    if check is None:
        raise AssertionError("a signing certificate always has a path of at least itself")
    if judged.found.path is None:
        return [_no_path(judged)], judged.found.path_holds
    anchor = judged.lookup.certificate(judged.found.path.anchor)
    causes = [*check.causes, *_ended(judged), *([] if anchor is None else odd_anchor(anchor))]
    late = validity_causes(check)
    causes.extend(
        c for c in late if judged.found.proof.time is not None or c.code == "chain.issued-outside-issuer-validity"
    )
    return causes, judged.found.path_holds


def _ended(judged: _Judged) -> list[Cause]:
    """The anchor is one that ceased to be trusted before the time that counts."""
    found = judged.found
    if found.path is None or found.ended is None:
        return []
    top = judged.lookup.certificate(found.path.anchor)
    name = found.path.anchor if top is None else top.subject.text
    proven = found.proof.time is not None
    code = "chain.anchor-no-longer-trusted" if proven else "chain.anchor-no-longer-trusted-no-poe"
    return [Cause(code=code, detail=f"{name}: trusted until {format_instant(found.ended)}")]


def _no_path(judged: _Judged) -> Cause:
    """Where the search ended, and why."""
    top_id = judged.found.known.certificates[-1] if judged.found.known is not None else ObjectId("")
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
    known = judged.found.known
    if judged.seen.signer is None or known is None:
        return [Cause(code="revocation.no-signer", detail="no signing certificate to ask about")], ALWAYS
    if len(known.certificates) < 2:
        if judged.found.path is not None:
            return [], judged.found.path_holds  # the signer is an anchor itself
        return [
            Cause(code="revocation.issuer-unknown", detail=f"issuer {judged.seen.signer.issuer.text} unknown")
        ], judged.found.path_holds
    context = judged.context
    causes, holds = status_over(judged.lookup, known, _sources(judged), context.at, context.rules.validity_model)
    return list(causes), holds & judged.found.path_holds


def _sources(judged: _Judged) -> StatusSources:
    """What may be asked about the path of the signer."""
    rules, proof = judged.context.rules.revocation, judged.found.proof
    over = None
    if proof.time is not None and rules.grace_seconds is not None:
        over = later(proof.time, rules.grace_seconds)
    return StatusSources(
        in_file=judged.reading.status_answers,
        existed=proof.existed,
        rules=rules,
        proof=proof.time,
        responders=judged.context.home.responders,
        later_than=over,
    )


def _time(judged: _Judged) -> tuple[list[Cause], Interval]:
    found, rules = judged.found, judged.context.rules.time
    causes = list(found.proof.causes)
    policy = judged.reading.signature.policy
    by_policy = policy is not None and policy in rules.time_stamp_policies
    if (rules.time_stamp_required or by_policy) and found.proof.time is None:
        code = "time.timestamp-missing" if found.proof.tokens == 0 else "time.no-valid-timestamp"
        asks = f"; policy {policy} asks for one" if by_policy else ""
        causes.append(Cause(code=code, detail=f"{found.proof.tokens} time-stamps over the signature{asks}"))
    if not found.ran_out or found.check is None:
        return causes, found.path_holds
    holds = found.path_holds
    for out in found.check.outside:
        if out.at_issuance:
            continue
        code = "time.certificate-out-of-bounds" if out.how == "expired" else "time.certificate-not-yet-valid"
        if out.how == "expired" and judged.seen.signer is not None and out.certificate == judged.seen.signer.id:
            good, span = _known_good(judged)
            holds = holds & span
            code = "time.certificate-out-of-bounds-not-revoked" if good else code
        causes.append(Cause(code=code, detail=out.detail))
    return causes, holds


def _known_good(judged: _Judged) -> tuple[bool, Interval]:
    """Whether the signing certificate, which has expired, is known to have ended unrevoked (EN 319 102-1 section 5.2.6): a status
    answer from after its end that still speaks of it."""
    known = judged.found.known
    if known is None or len(known.certificates) < 2:
        return False, ALWAYS
    certificate, issuer = (judged.lookup.certificate(c) for c in known.certificates[:2])
    if certificate is None or issuer is None:
        return False, ALWAYS
    subject = Subject(certificate=certificate, issuer=issuer, above=Path(certificates=known.certificates[1:]))
    sources = _sources(judged)

    def ask(moment: Moment) -> tuple[bool, tuple[str, ...]]:
        status, span = status_of(judged.lookup, subject, sources, moment.at)
        moment.narrow(span)
        return status.final, judged.lookup.doubts(moment.at, status.unknown)

    key = ("final", known.certificates, sources.key())
    at = judged.context.at
    (final, _), span = judged.lookup.remember_over(key, at, lambda: widen(ask, at))
    return final, span
