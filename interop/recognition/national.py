"""Dual status check: of what is trusted only through an agreement, the relying party's own national system has a say too.

A relying party may have to ask two systems for the status of a recognised foreign certificate: that of its issuer, which the layer
`revocation` did, and the national one (Vietnam, Decree 23/2025 article 16). The national system is the status services of the
providers that `rules.revocation.national` names. It answers by OCSP for certificates that it did not issue, so its responder is
one that the relying party trusts by its own choice (RFC 6960 section 4.2.2.2, local configuration): a certificate for OCSP
signing with a valid path to one of the party's own anchors.
"""

from __future__ import annotations

from interop.model.certificate import Certificate, ObjectId
from interop.model.instant import format_instant
from interop.model.layers import Cause
from interop.model.verdict import Path, Technical
from interop.recognition.context import RecognitionContext
from interop.recognition.instrument import Moments
from interop.validation.lookup import Lookup, lookup_for
from interop.validation.moment import Moment
from interop.validation.path import build_paths, longest_path
from interop.validation.path_status import stands
from interop.validation.revocation import StatusSources, status_of
from interop.validation.rfc5280 import check_path
from interop.validation.status_scope import Subject

__all__ = ["national_causes"]

_OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"


def national_causes(technical: Technical, context: RecognitionContext, when: Moments) -> tuple[Cause, ...]:
    """What the national system has against the signing certificate; empty: it calls it good, or the rules name none. Narrows `when`."""
    rules = context.rules.revocation
    if not rules.national or technical.signer is None:
        return ()
    lookup = lookup_for(context.knowledge)
    path = technical.path or longest_path(lookup, technical.signer)
    found = [lookup.certificate(one) for one in path.certificates[:2]]
    known = [certificate for certificate in found if certificate is not None]
    if len(known) < 2:
        return (Cause(code="trust.national-status-missing", detail=f"issuer of {technical.signer} unknown"),)
    signer, issuer = known
    providers = frozenset(rules.national)
    sources = StatusSources(
        rules=rules,
        proof=technical.best_time if technical.proven else None,
        responders=_responders(signer, providers, context, lookup, when.validation),
        providers=providers,
    )
    subject = Subject(certificate=signer, issuer=issuer, above=Path(certificates=path.certificates[1:]))
    status, span = status_of(lookup, subject, sources, context.at)
    when.validation.narrow(span)
    if status.kind == "good" or stands(status, sources, "shell", None):
        return ()
    if status.kind == "unknown":
        problems = ", ".join(dict.fromkeys(problem.code for problem in status.problems)) or "no answer"
        detail = f"{signer.subject.text}: {', '.join(sorted(providers))}: {problems}"
        return (Cause(code="trust.national-status-missing", detail=detail),)
    since = "" if status.date is None else f" {format_instant(status.date)}"
    return (Cause(code="trust.national-status-revoked", detail=f"{signer.subject.text}: {status.kind}{since}"),)


def _responders(
    signer: Certificate, providers: frozenset[str], context: RecognitionContext, lookup: Lookup, moment: Moment
) -> frozenset[ObjectId]:
    """Who signs the national system's answers, of those that the relying party's own anchors vouch for."""
    answers = {
        record.object
        for service, records in lookup.services(signer.id)
        if service.partition("/")[0] in providers
        for record in records
    }
    named = {one for answer in sorted(answers) for one in context.knowledge.responders.get(answer, ())}
    return frozenset(one for one in sorted(named) if _vouched_for(one, context, lookup, moment))


def _vouched_for(responder: ObjectId, context: RecognitionContext, lookup: Lookup, moment: Moment) -> bool:
    certificate = lookup.certificate(responder)
    if certificate is None or _OCSP_SIGNING not in (certificate.extended_key_usage or ()):
        return False
    paths = build_paths(lookup, responder, context.anchors)
    return any(check_path(lookup, path, moment=moment).ok for path in paths)
