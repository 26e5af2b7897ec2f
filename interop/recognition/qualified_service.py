"""What one service of a trusted list says about one certificate: qualified or not, for what, with which device (TS 119 615).

The rules differ before and since 1 July 2016, when Regulation (EU) No 910/2014 began to apply.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from interop.model.certificate import Certificate
from interop.model.qualification import CertificateQualification, CertificateUse, QcContent
from interop.recognition.equivalence import ServiceView

__all__ = [
    "CA_QC",
    "EIDAS",
    "certificate_use",
    "consistent_device",
    "consistent_qualified",
    "consistent_status",
    "consistent_use",
    "granted",
    "is_qscd",
    "is_qualified",
    "qualification_by",
    "serves",
    "use_by",
]

EIDAS = datetime(2016, 6, 30, 22, tzinfo=UTC)
"""1 July 2016, 00:00 in Brussels."""
CA_QC = "http://uri.etsi.org/TrstSvc/Svctype/CA/QC"
_STATUS = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/"
_GRANTED = _STATUS + "granted"
_OLD_GRANTED = frozenset(_STATUS + s for s in ("undersupervision", "supervisionincessation", "accredited"))
_OLD = _OLD_GRANTED | {
    _STATUS + s for s in ("supervisionceased", "supervisionrevoked", "accreditationceased", "accreditationrevoked")
}
_INFO = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/"
_ADDITIONAL = {
    CertificateUse.ESIG: _INFO + "ForeSignatures",
    CertificateUse.ESEAL: _INFO + "ForeSeals",
    CertificateUse.WSA: _INFO + "ForWebSiteAuthentication",
}
_FOR = {
    CertificateUse.ESIG: _INFO + "QCForESig",
    CertificateUse.ESEAL: _INFO + "QCForESeal",
    CertificateUse.WSA: _INFO + "QCForWSA",
}
_QC_STATEMENT, _NOT_QUALIFIED = _INFO + "QCStatement", _INFO + "NotQualified"
_LEGAL_PERSON = _INFO + "QCForLegalPerson"
_WITH_QSCD, _NO_QSCD = _INFO + "QCWithQSCD", _INFO + "QCNoQSCD"
_ON_BEHALF, _QSCD_AS_IN_CERT = _INFO + "QCQSCDManagedOnBehalf", _INFO + "QCQSCDStatusAsInCert"
_WITH_SSCD, _NO_SSCD, _SSCD_AS_IN_CERT = _INFO + "QCWithSSCD", _INFO + "QCNoSSCD", _INFO + "QCSSCDStatusAsInCert"
_TYPES = {
    "0.4.0.1862.1.6.1": CertificateUse.ESIG,
    "0.4.0.1862.1.6.2": CertificateUse.ESEAL,
    "0.4.0.1862.1.6.3": CertificateUse.WSA,
}
_QCP, _QCP_PLUS = "0.4.0.1456.1.2", "0.4.0.1456.1.1"
"""Policies of TS 101 456: without and with a secure device."""


def _since_eidas(instant: datetime | None) -> bool:
    return instant is not None and instant >= EIDAS


def _old_policies(certificate: Certificate) -> bool:
    return bool(certificate.policy_oids & {_QCP, _QCP_PLUS})


def granted(view: ServiceView) -> bool:
    """The service may issue qualified certificates in this state."""
    return view.status == _GRANTED if _since_eidas(view.span.start) else view.status in _OLD_GRANTED


def consistent_status(view: ServiceView) -> bool:
    """A state that began before eIDAS has a status of that time."""
    return _since_eidas(view.span.start) or view.status in _OLD


def consistent_qualified(view: ServiceView) -> bool:
    """Not both qualified and not qualified."""
    return not {_QC_STATEMENT, _NOT_QUALIFIED} <= view.qualifiers


def consistent_use(view: ServiceView) -> bool:
    """At most one use, one that the service is for, and none that its time did not know."""
    uses = [use for use, uri in _FOR.items() if uri in view.qualifiers]
    if len(uses) > 1 or {_LEGAL_PERSON, _FOR[CertificateUse.ESIG]} <= view.qualifiers:
        return False
    if uses and view.additional and _ADDITIONAL[uses[0]] not in view.additional:
        return False
    if _since_eidas(view.span.start):
        return True
    only = _uses_of(view.additional)
    return only not in ({CertificateUse.ESEAL}, {CertificateUse.WSA}) and not set(uses) & {
        CertificateUse.ESEAL,
        CertificateUse.WSA,
    }


def consistent_device(view: ServiceView) -> bool:
    """Not both with and without device, not both stated and left to the certificate, no old qualifier alone in a new state."""
    q = view.qualifiers
    yes, no = {_WITH_QSCD, _ON_BEHALF, _WITH_SSCD} & q, {_NO_QSCD, _NO_SSCD} & q
    if (yes and no) or ({_QSCD_AS_IN_CERT, _SSCD_AS_IN_CERT} & q and (yes or no)):
        return False
    old = {_WITH_SSCD, _NO_SSCD} & q
    return not (_since_eidas(view.span.start) and old) or bool({_WITH_QSCD, _NO_QSCD} & q)


def _uses_of(additional: Collection[str]) -> set[CertificateUse]:
    return {use for use, uri in _ADDITIONAL.items() if uri in additional}


def certificate_use(certificate: Certificate, content: QcContent) -> CertificateUse:
    """By the certificate alone."""
    if not _since_eidas(certificate.not_before):
        return CertificateUse.ESIG if content.compliance or _old_policies(certificate) else CertificateUse.UNKNOWN
    named = {use for oid, use in _TYPES.items() if oid in content.types}
    if not named:
        return CertificateUse.ESIG if content.compliance else CertificateUse.UNKNOWN
    return next(iter(named)) if len(named) == 1 else CertificateUse.UNKNOWN


def serves(view: ServiceView, certificate: Certificate, content: QcContent) -> bool:
    """The service is for such certificates, by their own type or by one that a qualifier puts in its place."""
    use = certificate_use(certificate, content)
    if not _since_eidas(certificate.not_before) or use is CertificateUse.UNKNOWN:
        return True
    for_ = {other for other, uri in _FOR.items() if uri in view.qualifiers}
    if not for_ & {CertificateUse.ESEAL, CertificateUse.WSA} and content.compliance:
        for_.add(CertificateUse.ESIG)
    offers = _uses_of(view.additional)
    if _LEGAL_PERSON in view.qualifiers:
        offers.discard(CertificateUse.ESIG)
    return use in offers or (len(for_) == 1 and bool((for_ & offers) - {use}))


def is_qualified(view: ServiceView | None, certificate: Certificate, content: QcContent) -> bool:
    """Qualified by the list, else by the certificate."""
    if view is None or not granted(view) or _NOT_QUALIFIED in view.qualifiers:
        return False
    if _QC_STATEMENT in view.qualifiers:
        return True
    old = not _since_eidas(certificate.not_before) and _old_policies(certificate)
    return (content.compliance or old) and not content.legislations


def use_by(
    view: ServiceView | None, certificate: Certificate, content: QcContent, *, qualified: bool
) -> CertificateUse:
    """For what: qualifiers overrule the certificate, where it is qualified."""
    if qualified:
        if view is None:
            return CertificateUse.UNKNOWN
        if not _since_eidas(view.span.start):
            return CertificateUse.ESIG
        uses = [use for use, uri in _FOR.items() if uri in view.qualifiers]
        if uses:
            return uses[0] if len(uses) == 1 else CertificateUse.UNKNOWN
    return certificate_use(certificate, content)


def is_qscd(view: ServiceView | None, certificate: Certificate, content: QcContent, *, qualified: bool) -> bool:
    """With a device: qualifiers overrule the certificate, where it is qualified."""
    if view is None or not qualified:
        return False
    own = content.qscd or (not _since_eidas(certificate.not_before) and _QCP_PLUS in certificate.policy_oids)
    q = view.qualifiers
    if _since_eidas(view.span.start):
        yes, as_is, no = {_WITH_QSCD, _ON_BEHALF}, _QSCD_AS_IN_CERT, _NO_QSCD
    else:
        yes, as_is, no = {_WITH_SSCD}, _SSCD_AS_IN_CERT, _NO_SSCD
    if yes & q:
        return True
    return own and (as_is in q or no not in q)


def qualification_by(view: ServiceView, certificate: Certificate, content: QcContent) -> CertificateQualification:
    """What this service alone makes of the certificate."""
    qualified = is_qualified(view, certificate, content)
    return CertificateQualification.of(
        qualified=qualified,
        use=use_by(view, certificate, content, qualified=qualified),
        qscd=is_qscd(view, certificate, content, qualified=qualified),
    )
