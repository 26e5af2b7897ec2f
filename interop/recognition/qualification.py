"""The qualification of a certificate and of a signature by authenticated trusted lists (TS 119 615).

    outcome = qualify(indication, path=path, lists=lists, best_time=technical.best_time, certificates=known)
    outcome.signature, outcome.certificate

A certificate is asked about twice, at its issuance and at best signature time; only what holds at both counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from interop.model.certificate import Certificate, Finding, ObjectId
from interop.model.indication import Indication
from interop.model.instant import Interval
from interop.model.qualification import (
    CertificateQualification,
    CertificateUse,
    QualificationAt,
    QualificationOutcome,
    SignatureQualification,
    Vocabulary,
)
from interop.model.trusted_list import AuthenticatedList, TrustedService
from interop.recognition.equivalence import (
    ServiceView,
    Translation,
    Window,
    plain_view,
    translate_content,
    translate_service,
)
from interop.recognition.qualified_service import (
    CA_QC,
    consistent_device,
    consistent_qualified,
    consistent_status,
    consistent_use,
    granted,
    is_qscd,
    is_qualified,
    qualification_by,
    serves,
    use_by,
)

__all__ = ["Candidates", "candidates", "merge", "qualification_at", "qualify", "signature_qualification"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The services of the lists that stand on the signer's path, and the signer's content in their words."""

    views: tuple[ServiceView, ...]
    translation: Translation
    findings: tuple[Finding, ...] = ()


_ETSI = Vocabulary()
"""The Union's lists speak in the words of TS 119 612."""


def candidates(
    path: Sequence[Certificate],
    lists: Iterable[AuthenticatedList],
    certificates: Mapping[ObjectId, Certificate],
    vocabulary: Vocabulary = _ETSI,
) -> Candidates:
    """Every state, at or after the issuance of the first certificate of `path`, of services that one of `path` belongs to.

    A certificate belongs to a service that names it, or one of the same subject and key (TS 119 612 clause 5.5.3).
    `certificates` are the parsed ones of the lists; `vocabulary` is that of the party that trusts them. ValueError for an empty
    path.
    """
    if not path:
        raise ValueError("a path has at least the signing certificate")
    signer = path[0]
    ids = {certificate.id for certificate in path}
    entities = {(certificate.subject.normal, certificate.key.digest) for certificate in path}
    views: list[ServiceView] = []
    holding: list[Window] = []
    findings: list[Finding] = []
    for entry in lists:
        for service in entry.list.services:
            if not _belongs(service, ids, entities, certificates):
                continue
            for view in _states(service, entry, signer, findings):
                if entry.recognition is None:
                    views.append(view)
                    continue
                for one in _one_each(view):
                    translated, windows, more = translate_service(one, entry.recognition, signer.not_before)
                    views.extend(translated)
                    holding.extend(windows)
                    findings.extend(more)
    translation = translate_content(signer, holding)
    findings.extend(translation.findings)
    foreign = tuple(law for law in translation.content.legislations if law not in vocabulary.legislations)
    return Candidates(
        views=tuple(_worded(view, vocabulary) for view in views),
        translation=replace(translation, content=replace(translation.content, legislations=foreign)),
        findings=tuple(dict.fromkeys(findings)),
    )


def _worded(view: ServiceView, words: Vocabulary) -> ServiceView:
    """The view in the words of TS 119 612."""
    if words == _ETSI:
        return view
    additional = [words.additional.get(info, info) for info in view.additional]
    named = words.types.get(view.type)
    if named is not None and named.additional is not None:
        additional.append(named.additional)
    return replace(
        view,
        type=view.type if named is None else named.type,
        status=words.statuses.get(view.status, view.status),
        additional=tuple(dict.fromkeys(additional)),
        qualifiers=frozenset(words.qualifiers.get(q, q) for q in view.qualifiers),
    )


def _belongs(
    service: TrustedService,
    ids: set[ObjectId],
    entities: set[tuple[str, str]],
    certificates: Mapping[ObjectId, Certificate],
) -> bool:
    named = service.certificates
    if named & ids:
        return True
    known = (certificates[name] for name in named if name in certificates)
    return any((certificate.subject.normal, certificate.key.digest) in entities for certificate in known)


def _states(
    service: TrustedService, entry: AuthenticatedList, signer: Certificate, findings: list[Finding]
) -> Iterable[ServiceView]:
    end: datetime | None = None
    for state in service.states:
        span = Interval(state.since, end)
        end = state.since
        if span.end is not None and span.end <= signer.not_before:
            continue
        if state.unknown_critical:
            detail = f"{state.name}: {' '.join(state.unknown_critical)}"[:200]
            findings.append(Finding(code="trust.list-extension-critical", detail=detail))
            continue
        yield plain_view(entry.list.id, state, span, signer, mutual=entry.recognition is not None)


def _one_each(view: ServiceView) -> tuple[ServiceView, ...]:
    """One view per additional information: equivalences speak of one at a time."""
    return tuple(replace(view, additional=(info,)) for info in view.additional) or (view,)


def qualification_at(found: Candidates, certificate: Certificate, at: datetime) -> QualificationAt:
    """The certificate at one time.

    Services narrow down in order: those whose state holds; of lists with mutual recognition those whose enacted terms hold; for
    qualified certificates, where there are any; for this use; then none of them may contradict another (else NA); of a
    consistent status; granted, where there are any.
    """
    content = found.translation.content
    views = [view for view in found.views if at in view.span]
    findings: list[Finding] = []
    views = _in_force(views, at, findings)
    issuing = [view for view in views if view.type == CA_QC]
    views = [view for view in issuing or views if serves(view, certificate, content)]
    if len({qualification_by(view, certificate, content) for view in views}) > 1:
        detail = ", ".join(dict.fromkeys(view.name for view in views))[:200]
        findings.append(Finding(code="trust.list-services-conflict", detail=detail))
        return QualificationAt(at=at, qualification=CertificateQualification.NA, findings=tuple(findings))
    views = [view for view in views if consistent_status(view)]
    # where none is granted the rest is of no use: only a granted service for qualified certificates decides
    views = [view for view in views if view in issuing and granted(view)][:1]
    qualified = is_qualified(_first(v for v in views if consistent_qualified(v)), certificate, content)
    use = use_by(_first(v for v in views if consistent_use(v)), certificate, content, qualified=qualified)
    device = is_qscd(_first(v for v in views if consistent_device(v)), certificate, content, qualified=qualified)
    selected = _first(views)
    if content.compliance and content.legislations and not qualified:
        detail = " ".join(content.legislations)[:200]
        findings.append(Finding(code="trust.list-foreign-legislation", detail=detail))
    return QualificationAt(
        at=at,
        qualification=CertificateQualification.of(qualified=qualified, use=use, qscd=device),
        list=None if selected is None else selected.list,
        service="" if selected is None else selected.name,
        equivalence=None if selected is None or selected.window is None else selected.window.legal_identifier,
        findings=tuple(findings),
    )


def _in_force(views: list[ServiceView], at: datetime, findings: list[Finding]) -> list[ServiceView]:
    """Views without those of a mutual-recognition list that no enacted terms of that time translate."""
    kept: list[ServiceView] = []
    dropped: list[str] = []
    for view in views:
        window = view.window
        if not view.mutual or (window is not None and window.terms.enacted and at in window.span):
            kept.append(view)
        else:
            dropped.append(view.name)
    if dropped and not any(view.mutual for view in kept):
        detail = ", ".join(dict.fromkeys(dropped))[:200]
        findings.append(Finding(code="trust.equivalence-not-in-force", detail=detail))
    return kept


def _first(views: Iterable[ServiceView]) -> ServiceView | None:
    return next(iter(views), None)


def merge(at_issuance: CertificateQualification, at_best_time: CertificateQualification) -> CertificateQualification:
    """Both times together: qualified only if at both, a use only if the same at both, the device at best signature time."""
    if at_issuance is at_best_time:
        return at_issuance
    if CertificateQualification.NA in (at_issuance, at_best_time):
        return CertificateQualification.NA
    return CertificateQualification.of(
        qualified=at_issuance.qualified and at_best_time.qualified,
        use=at_best_time.use if at_issuance.use is at_best_time.use else CertificateUse.UNKNOWN,
        qscd=at_best_time.qscd,
    )


_ADES = {CertificateUse.ESIG: "ESIG", CertificateUse.ESEAL: "ESEAL"}


def signature_qualification(indication: Indication, certificate: CertificateQualification) -> SignatureQualification:
    """Technical indication and certificate together. ValueError where no signature was found: then there is nothing to qualify."""
    if indication is Indication.NO_SIGNATURE_FOUND:
        raise ValueError("no signature, no qualification")
    use = certificate.use
    if indication is Indication.TOTAL_FAILED:
        if not certificate.qualified or use is CertificateUse.WSA:
            return SignatureQualification.NOT_ADES
        return SignatureQualification.NOT_ADES_QC_QSCD if certificate.qscd else SignatureQualification.NOT_ADES_QC
    if certificate is CertificateQualification.NA:
        return SignatureQualification.NA
    if use is CertificateUse.WSA:
        return SignatureQualification.NOT_ADES
    if use is CertificateUse.UNKNOWN:
        name = "UNKNOWN" + ("_QC" if certificate.qualified else "") + ("_QSCD" if certificate.qscd else "")
    elif certificate.qscd:
        name = f"Q{_ADES[use]}"
    else:
        name = f"AD{_ADES[use]}" + ("_QC" if certificate.qualified else "")
    prefix = "INDETERMINATE_" if indication is Indication.INDETERMINATE else ""
    return SignatureQualification[prefix + name]


def qualify(
    indication: Indication,
    *,
    path: Sequence[Certificate],
    lists: Sequence[AuthenticatedList],
    best_time: datetime,
    certificates: Mapping[ObjectId, Certificate],
    vocabulary: Vocabulary = _ETSI,
) -> QualificationOutcome:
    """The whole: both times with their reasons, and what they come to.

    `path` is the signer's, signer first, anchor last; `lists` are authenticated; `certificates` are the parsed ones of the lists.
    """
    found = candidates(path, lists, certificates, vocabulary)
    if not found.views:
        return QualificationOutcome(
            signature=SignatureQualification.NA, certificate=CertificateQualification.NA, findings=found.findings
        )
    signer = path[0]
    issued = qualification_at(found, signer, signer.not_before)
    best = qualification_at(found, signer, best_time)
    certificate = merge(issued.qualification, best.qualification)
    return QualificationOutcome(
        signature=signature_qualification(indication, certificate),
        certificate=certificate,
        at_issuance=issued,
        at_best_time=best,
        content=found.translation.content,
        translated_by=found.translation.by,
        findings=found.findings,
    )
