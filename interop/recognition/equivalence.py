"""Mutual recognition between trusted lists: a third country's service and certificate in the words of the pointing party.

Everything hangs on dates: an equivalence holds from the start of its terms to the start of the next ones, a certificate's content
is translated by the terms in which it was issued. Where the information leaves a choice, nothing is translated and the choice is
reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from interop.model.certificate import Certificate, Finding, ObjectId
from interop.model.instant import Interval
from interop.model.qualification import QcContent
from interop.model.trusted_list import Equivalence, EquivalenceTerms, MutualRecognition, NamedType, ServiceState
from interop.recognition.criteria import (
    QC_COMPLIANCE,
    QC_LEGISLATION,
    QC_SSCD,
    QC_TYPE,
    Declaration,
    declared,
    meets,
    qc_content,
)

__all__ = [
    "ServiceView",
    "Translation",
    "Window",
    "in_force",
    "plain_view",
    "translate_content",
    "translate_service",
    "windows",
]

_CONTEXT = "http://ec.europa.eu/tools/lotl/mra/"
_COMPLIANCE, _TYPE, _QSCD = _CONTEXT + "QcCompliance", _CONTEXT + "QcType", _CONTEXT + "QcQSCD"
_INFO = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/"
_TYPE_OF = {
    "0.4.0.1862.1.6.1": _INFO + "ForeSignatures",
    "0.4.0.1862.1.6.2": _INFO + "ForeSeals",
    "0.4.0.1862.1.6.3": _INFO + "ForWebSiteAuthentication",
}
"""QcType (EN 319 412-5 section 4.2.3) -> AdditionalServiceInformation (TS 119 612 clause 5.5.9.4)."""
_ESIGN = "0.4.0.1862.1.6.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Terms of an equivalence and the span in which they are the ones that hold."""

    equivalence: Equivalence
    terms: EquivalenceTerms
    span: Interval

    @property
    def legal_identifier(self) -> str:
        """TrustServiceLegalIdentifier."""
        return self.equivalence.legal_identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceView:
    """One state of a service as the qualification sees it, for one certificate."""

    list: ObjectId
    """Id of the list."""
    name: str
    """ServiceName; untrusted text."""
    type: str
    """ServiceTypeIdentifier, translated; empty where the terms do not translate it."""
    status: str
    """ServiceStatus, likewise."""
    span: Interval
    """When the state holds."""
    additional: tuple[str, ...] = ()
    """AdditionalServiceInformation, translated."""
    qualifiers: frozenset[str] = frozenset()
    """Qualifiers whose criteria the certificate meets, translated where the terms do."""
    mutual: bool = False
    """The list is reached through a pointer with mutual-recognition information."""
    window: Window | None = None
    """The terms that translated it; None: it is in the list's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A certificate's content as the pointing party reads it."""

    content: QcContent
    by: str | None = None
    """TrustServiceLegalIdentifier, those of all equivalences that agree; None: not translated."""
    findings: tuple[Finding, ...] = ()


def windows(equivalence: Equivalence) -> tuple[Window, ...]:
    """The terms with their spans, newest first."""
    found: list[Window] = []
    end: datetime | None = None
    for terms in equivalence.terms:
        found.append(Window(equivalence=equivalence, terms=terms, span=Interval(terms.since, end)))
        end = terms.since
    return tuple(found)


def in_force(recognition: MutualRecognition, at: datetime) -> tuple[Window, ...]:
    """The enacted terms that hold at a time, in the order of the information."""
    return tuple(
        window
        for equivalence in recognition.equivalences
        for window in windows(equivalence)
        if window.terms.enacted and at in window.span
    )


def _since(equivalence: Equivalence, issued: datetime) -> tuple[Window, ...]:
    """Terms that hold at or after the issuance of the certificate."""
    return tuple(w for w in windows(equivalence) if w.span.end is None or issued < w.span.end)


def translate_service(
    view: ServiceView, recognition: MutualRecognition, issued: datetime
) -> tuple[tuple[ServiceView, ...], tuple[Window, ...], tuple[Finding, ...]]:
    """A third country's service state in the pointing party's words: one view per terms that hold at or after `issued`.

    Exactly one equivalence must speak of the service (type, additional information and status of any of its terms). With none or
    several it stays in its own words; several are reported. Also returned: the terms that translate the certificate's content.
    `view` has at most one additional information.
    """
    speaking = [
        equivalence
        for equivalence in recognition.equivalences
        if any(_speaks(window.terms, view) for window in _since(equivalence, issued))
    ]
    if len(speaking) != 1:
        if not speaking:
            return (view,), (), ()
        names = ", ".join(equivalence.legal_identifier for equivalence in speaking)
        return (view,), (), (Finding(code="trust.equivalence-several", detail=names[:200]),)
    holding = _since(speaking[0], issued)
    findings = tuple(f for window in holding for f in _choices(window))
    return tuple(_translated(view, window) for window in holding), holding, findings


def _speaks(terms: EquivalenceTerms, view: ServiceView) -> bool:
    known = {*terms.valid_pointed, *terms.invalid_pointed}
    return any(_matches(pointed, view) for pointed in terms.pointed_types) and view.status in known


def _matches(pointed: NamedType, view: ServiceView) -> bool:
    return pointed.type == view.type and (pointed.additional is None or pointed.additional in view.additional)


def _choices(window: Window) -> Iterable[Finding]:
    """What the terms leave open, and the table below decides by the last or first entry."""
    terms, name = window.terms, window.legal_identifier
    if len(terms.pointing_types) > 1:
        detail = f"{name}: {len(terms.pointing_types)} types of the pointing party, the last one is taken"
        yield Finding(code="trust.equivalence-ambiguous", detail=detail[:200])
    both = set(terms.valid_pointed) & set(terms.invalid_pointed)
    if both:
        detail = f"{name}: {' '.join(sorted(both))} is both valid and invalid"
        yield Finding(code="trust.equivalence-ambiguous", detail=detail[:200])
    contexts = [content.context for content in terms.contents]
    for context in dict.fromkeys(c for c in contexts if contexts.count(c) > 1):
        detail = f"{name}: {contexts.count(context)} declarations for {context}, applied in turn"
        yield Finding(code="trust.equivalence-ambiguous", detail=detail[:200])


def _translated(view: ServiceView, window: Window) -> ServiceView:
    terms = window.terms
    kind = ""
    additional: tuple[str, ...] = ()
    pointed = next((p for p in terms.pointed_types if _matches(p, view)), None)
    if pointed is not None and terms.pointing_types:
        pointing = terms.pointing_types[-1]
        kind = pointing.type
        written = next(iter(view.additional), None)
        info = pointing.additional if written in (None, pointed.additional) else written
        additional = () if info is None else (info,)
    qualifiers = {theirs: ours for ours, theirs in terms.qualifiers}
    return replace(
        view,
        type=kind,
        additional=additional,
        status=_status(view.status, terms),
        qualifiers=frozenset(qualifiers.get(q) or q for q in view.qualifiers),
        window=window,
    )


def _status(written: str, terms: EquivalenceTerms) -> str:
    if written in terms.valid_pointed:
        return next(iter(terms.valid_pointing), "")
    if written in terms.invalid_pointed:
        return next(iter(terms.invalid_pointing), "")
    return ""


def translate_content(certificate: Certificate, candidates: Sequence[Window]) -> Translation:
    """What the certificate says in the pointing party's words.

    Only enacted terms that held when it was issued, and whose type fits its own, translate. Where two of them say different
    things, nothing is translated and both are named.
    """
    own = qc_content(certificate)
    results: dict[QcContent, dict[str, None]] = {}
    for window in dict.fromkeys(candidates):
        if window.terms.enacted and certificate.not_before in window.span and _type_fits(own, window.terms):
            content = _content(certificate, own, window.terms)
            if content is not None:
                results.setdefault(content, {})[window.legal_identifier] = None
    if not results:
        return Translation(content=own)
    if len(results) > 1:
        names = dict.fromkeys(name for found in results.values() for name in found)
        finding = Finding(code="trust.equivalence-content-conflict", detail=", ".join(names)[:200])
        return Translation(content=own, findings=(finding,))
    ((content, names),) = results.items()
    return Translation(content=content, by=", ".join(names))


def _type_fits(own: QcContent, terms: EquivalenceTerms) -> bool:
    """Whether the pointing party's service is for such certificates; without QcType, QcCompliance means signatures."""
    types = own.types or ((_ESIGN,) if own.compliance else ())
    return any(
        pointing.additional is None or not types or pointing.additional in {_TYPE_OF.get(t) for t in types}
        for pointing in terms.pointing_types[-1:]
    )


def _content(certificate: Certificate, own: QcContent, terms: EquivalenceTerms) -> QcContent | None:
    """The content after every declaration whose condition the certificate meets; None: the terms say nothing of content."""
    if not terms.contents:
        return None
    content = own
    for equivalence in terms.contents:
        apply = _APPLY.get(equivalence.context)
        if apply is not None and meets(equivalence.pointed, certificate):
            content = apply(content, declared(equivalence.pointing))
    return content


def _compliance(content: QcContent, d: Declaration) -> QcContent:
    legislations = list(d.add_legislations or content.legislations)
    if QC_LEGISLATION in d.remove:
        legislations = [x for x in legislations if d.remove_legislations and x not in d.remove_legislations]
    compliance = QC_COMPLIANCE in d.add and QC_COMPLIANCE not in d.remove
    return replace(content, compliance=compliance, legislations=tuple(legislations))


def _type(content: QcContent, d: Declaration) -> QcContent:
    types = list(d.add_types or content.types)
    if QC_TYPE in d.remove:
        types = [x for x in types if d.remove_types and x not in d.remove_types]
    return replace(content, types=tuple(types))


def _qscd(content: QcContent, d: Declaration) -> QcContent:
    return replace(content, qscd=QC_SSCD in d.add and QC_SSCD not in d.remove)


_APPLY = {_COMPLIANCE: _compliance, _TYPE: _type, _QSCD: _qscd}


def plain_view(
    list_id: ObjectId, state: ServiceState, span: Interval, certificate: Certificate, *, mutual: bool
) -> ServiceView:
    """A state in the list's own words, with the qualifiers that apply to the certificate."""
    return ServiceView(
        list=list_id,
        name=state.name,
        type=state.type,
        status=state.status,
        span=span,
        additional=state.additional,
        qualifiers=frozenset(
            qualifier
            for qualification in state.qualifications
            if meets(qualification.criteria, certificate)
            for qualifier in qualification.qualifiers
        ),
        mutual=mutual,
    )
