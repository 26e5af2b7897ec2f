"""Layer `trust`: has the relying party a valid path to an anchor that it knows, of its own or through an instrument it loads.

The signer's own home anchor is the affair of the layer `chain`. Here RFC 5280 section 6 is asked again, with the relying
party's anchors and its policy inputs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from interop.model.certificate import ObjectId
from interop.model.instant import format_instant
from interop.model.layers import Cause, Layer, LayerResult, LayerState
from interop.model.reasons import reason
from interop.model.verdict import Path, Technical
from interop.recognition.condition import Miss
from interop.recognition.context import RecognitionContext, ResolvedAgreement
from interop.recognition.instrument import (
    Moments,
    admissions,
    moments,
    not_granted,
    out_of_scope,
    when_missed,
)
from interop.recognition.national import national_causes
from interop.validation.lookup import Lookup, lookup_for
from interop.validation.path import build_paths, leads_through
from interop.validation.path_status import sources_for, stands
from interop.validation.revocation import StatusSources, status_of
from interop.validation.rfc5280 import PathInputs, check_path
from interop.validation.status_scope import Subject

__all__ = ["judge_trust"]

_INSTRUMENT = {
    "not-yet-in-force": "trust.instrument-not-yet-in-force",
    "no-longer-in-force": "trust.instrument-no-longer-in-force",
    "out-of-scope": "trust.instrument-out-of-scope",
    "document-kind-unknown": "trust.instrument-document-kind-unknown",
}


def judge_trust(
    technical: Technical, context: RecognitionContext, *, in_file: frozenset[ObjectId] = frozenset()
) -> LayerResult:
    """Pass with the first good path: the party's own anchors first, then the entries of the instruments it loads.

    Own anchors: RFC 5280 with the party's initial policies. Entries: the instrument is in force and covers the document, the
    entry's conditions hold, and the path to its anchor is valid (where it leads through a cross-certificate to an own
    anchor, under the party's policy inputs; else the entry's conditions stand in their place). Where nothing is good, every
    near miss is named, the most useful first. Certificates that the home path does not go through (cross-certificates,
    bridges) need a status of their own; `in_file` are the CRLs and OCSP responses of the file. What only an entry admits needs the
    status of the party's national system too, where its rules name one.
    """
    when = moments(technical, context)
    lookup = lookup_for(context.knowledge)
    signer = technical.signer
    if signer is None or lookup.certificate(signer) is None:
        return _result((Cause(code="trust.no-signing-certificate"),), when)
    asked = _Asked(technical=technical, context=context, when=when, lookup=lookup, in_file=in_file)
    causes: list[Cause] = []
    for path in build_paths(lookup, signer, context.anchors):
        if leads_through(path, context.cross_certificates, lookup):
            continue
        problems = _path_problems(path, asked)
        if not problems:
            return _passed(when)
        causes.extend(problems)
    loaded = [a for a in context.agreements if a.agreement.id in context.rules.trust.load]
    for agreement in sorted(loaded, key=lambda a: a.id):
        missing = _entry_problems(agreement, asked)
        if missing == ():
            missing = national_causes(technical, context, when)
        if missing == ():
            return _passed(when)
        causes.extend(missing or ())
    causes.extend(_not_loaded(asked))
    if not causes:
        causes.append(Cause(code="trust.no-path-to-known-anchor", detail=_ends(technical, signer, lookup)))
    return _result(causes, when)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One question to the layer."""

    technical: Technical
    context: RecognitionContext
    when: Moments
    lookup: Lookup
    in_file: frozenset[ObjectId]


def _passed(when: Moments) -> LayerResult:
    return LayerResult(layer=Layer.TRUST, state=LayerState.PASS, holds=when.holds)


def _result(causes: Iterable[Cause], when: Moments) -> LayerResult:
    ranked = tuple(sorted(set(causes), key=lambda c: (reason(c.code).rank, c.code, c.detail)))
    return LayerResult(layer=Layer.TRUST, state=reason(ranked[0].code).state, causes=ranked, holds=when.holds)


def _path_problems(path: Path, asked: _Asked, *, own: bool = True) -> tuple[Cause, ...]:
    """What is wrong with one path; the party's policy inputs apply where it ends at an anchor of its `own`."""
    rules = asked.context.rules.trust
    inputs = PathInputs()
    if own:
        inputs = PathInputs(
            policies=frozenset(rules.initial_policies),
            explicit_policy=rules.explicit_policy,
            inhibit_mapping=rules.inhibit_policy_mapping,
            inhibit_any=rules.inhibit_any_policy,
        )
    model = asked.context.rules.validity_model
    check = check_path(asked.lookup, path, moment=asked.when.signature, inputs=inputs, model=model)
    causes = [
        Cause(code="trust.policy-not-acceptable", detail=cause.detail)
        if cause.code == "chain.no-valid-policy"
        else Cause(code="trust.path-invalid", detail=f"{cause.code}: {cause.detail}")
        for cause in check.causes
    ]
    causes.extend(
        Cause(code="trust.path-out-of-validity", detail=f"{out.subject}: {out.how}, {out.limit}")
        for out in check.outside
    )
    causes.extend(_status_problems(path, asked))
    missed = not_granted(path, asked.context, asked.when, asked.lookup)
    if missed is not None:
        causes.append(Cause(code="trust.list-no-granted-service", detail=missed.detail))
    return tuple(causes)


def _status_problems(path: Path, asked: _Asked) -> Iterable[Cause]:
    """Revoked or unknown: the CA certificates of the path for which the layer `revocation` did not ask."""
    technical, lookup = asked.technical, asked.lookup
    model = asked.context.rules.validity_model
    home = frozenset() if technical.path is None else frozenset(technical.path.certificates)
    sources = StatusSources(
        in_file=asked.in_file,
        rules=asked.context.rules.revocation,
        proof=technical.best_time if technical.proven else None,
    )
    for index, certificate_id in enumerate(path.certificates[:-1]):
        certificate = lookup.certificate(certificate_id)
        issuer = lookup.certificate(path.certificates[index + 1])
        if index == 0 or certificate_id in home or certificate is None or issuer is None:
            continue
        subject = Subject(
            certificate=certificate, issuer=issuer, above=Path(certificates=path.certificates[index + 1 :])
        )
        below = lookup.certificate(path.certificates[index - 1])
        own = sources_for(sources, model, below)
        status, span = status_of(lookup, subject, own, asked.context.at)
        asked.when.validation.narrow(span)
        if status.kind in ("revoked", "suspended"):
            if not stands(status, own, model, below):
                since = "" if status.date is None else f" {format_instant(status.date)}"
                yield Cause(code="trust.path-revoked", detail=f"{certificate.subject.text}: {status.kind}{since}")
        elif status.kind == "unknown" and sources.rules.required:
            problems = ", ".join(problem.code for problem in status.problems) or "no evidence"
            yield Cause(code="trust.path-status-unknown", detail=f"{certificate.subject.text}: {problems}")


def _miss_cause(miss: Miss, agreement: ResolvedAgreement) -> Cause:
    code = _INSTRUMENT.get(miss.slug, f"trust.entry-{miss.slug}")
    return Cause(code=code, detail=f"{agreement.id}: {miss.detail}")


def _entry_problems(agreement: ResolvedAgreement, asked: _Asked) -> tuple[Cause, ...] | None:
    """None: no entry is about the signer; empty: one admits it; else what keeps the closest entry from it."""
    context = asked.context
    best: tuple[Cause, ...] | None = None
    general: tuple[Cause, ...] | None = None
    for admission in admissions(agreement, asked.technical, context, asked.when, asked.lookup):
        if general is None:
            missed = (when_missed(agreement, asked.when), out_of_scope(agreement, context))
            general = tuple(_miss_cause(miss, agreement) for miss in missed if miss is not None)
        conditions = tuple(_miss_cause(miss, agreement) for miss in admission.misses)
        for path in admission.paths:
            problems = (
                *conditions,
                *general,
                *_path_problems(path, asked, own=path.anchor in context.anchors),
            )
            if not problems:
                return ()
            if best is None or len(problems) < len(best):
                best = problems
    return best


def _not_loaded(asked: _Asked) -> tuple[Cause, ...]:
    """Instruments for this relying party that would admit the signature, had it loaded them."""
    return tuple(
        Cause(code="trust.agreement-not-loaded", detail=agreement.id)
        for agreement in asked.context.agreements
        if asked.context.relying in agreement.agreement.relying
        and agreement.id not in asked.context.rules.trust.load
        and _entry_problems(agreement, asked) == ()
    )


def _ends(technical: Technical, signer: ObjectId, lookup: Lookup) -> str:
    """Where the signer's own path ends, for people."""
    end = technical.path.anchor if technical.path is not None else signer
    certificate = lookup.certificate(end)
    return "" if certificate is None else f"the signer's path ends at {certificate.subject.text}"
