"""Whether one CRL or OCSP response may speak for one certificate: scope, signer, extensions (RFC 5280 6.3.3, RFC 6960 4.2.2.2).

What it says, and which of several answers counts, is the matter of `revocation`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from interop.model.certificate import Certificate, GeneralName, ObjectId
from interop.model.status import Crl, OcspResponse
from interop.model.verdict import Path
from interop.validation.lookup import Lookup
from interop.validation.moment import Moment
from interop.validation.path import build_paths, same_authority
from interop.validation.rfc5280 import KNOWN_CRITICAL, check_path, malformed, validity

__all__ = ["Asking", "Subject", "Unusable", "crl_unusable", "ocsp_unusable"]

_OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
_CRL_EXTENSIONS = frozenset({"2.5.29.20", "2.5.29.27", "2.5.29.28", "2.5.29.35", "2.5.29.18", "2.5.29.46", "2.5.29.60"})
"""CRL extensions processed or without bearing on who is revoked: number, delta, IDP, AKI, IAN, freshest CRL, expiredCertsOnCRL."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why an answer does not count."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The certificate asked about, in its path."""

    certificate: Certificate
    issuer: Certificate
    above: Path
    """Path of the issuer up to the anchor, issuer first."""


StatusOf = Callable[[Subject, Moment], bool]
"""Whether another certificate (responder, CRL signer) is known not to be revoked at a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """With what is asked."""

    lookup: Lookup
    moment: Moment
    good: StatusOf
    responders: frozenset[ObjectId] = frozenset()
    """OCSP signing authorities that the relying party names itself."""


def _undecodable(status: Crl | OcspResponse) -> bool:
    return any(finding.code == "revocation.evidence-extension-undecodable" for finding in status.findings)


def crl_unusable(crl: Crl, subject: Subject, asking: Asking, existed: datetime | None = None) -> Unusable | None:
    """None where the CRL may speak for the certificate. `existed`: the time at which it is proven to have existed."""
    lookup = asking.lookup
    scope = _crl_scope(crl, subject.certificate)
    if scope is not None:
        return scope
    problem: Unusable | None = None
    for signer_id, ok in lookup.issuers(crl.id):
        signer = lookup.certificate(signer_id)
        if signer is None or not ok:
            if ok is None and problem is None:
                problem = Unusable("revocation.evidence-not-computed", f"CRL of {crl.issuer.text}")
            continue
        found = _crl_signer(signer, subject, asking, existed)
        if found is None:
            return None
        problem = found
    return problem or Unusable("revocation.evidence-signature-wrong", f"CRL of {crl.issuer.text}")


def _crl_scope(crl: Crl, certificate: Certificate) -> Unusable | None:
    unknown = [oid for oid, critical in crl.extensions if critical and oid not in _CRL_EXTENSIONS]
    if unknown or _undecodable(crl):
        return Unusable("revocation.evidence-unknown-critical-extension", ", ".join(unknown) or "undecodable")
    is_ca = bool(certificate.ca)
    if crl.only_attribute or (crl.only_user and is_ca) or (crl.only_ca and not is_ca):
        kind = "attribute" if crl.only_attribute else "user" if crl.only_user else "CA"
        return Unusable("revocation.out-of-scope", f"CRL for {kind} certificates only")
    named = certificate.crl_issuers or (certificate.issuer.normal,)
    if crl.issuer.normal not in named or (crl.issuer.normal != certificate.issuer.normal and not crl.indirect):
        return Unusable("revocation.out-of-scope", f"CRL issuer {crl.issuer.text} is not named by the certificate")
    if crl.distribution_point:
        asked = set(certificate.crl_names)
        asked |= {GeneralName(kind="directory", value=name) for name in certificate.crl_issuers}
        if not certificate.crl_names and not certificate.crl_issuers:
            asked.add(GeneralName(kind="directory", value=certificate.issuer.normal))
        if asked.isdisjoint(crl.distribution_point):
            return Unusable("revocation.out-of-scope", "CRL for another distribution point")
    return None


def _crl_signer(signer: Certificate, subject: Subject, asking: Asking, existed: datetime | None) -> Unusable | None:
    """The certificate's issuer, or a CRL issuer with a valid path to the same anchor (RFC 5280 section 6.3.3 f).

    One that has ended since counts for a CRL that is proven older (EN 319 102-1 section 5.2.6).
    """
    lookup, moment = asking.lookup, asking.moment
    anchor = subject.above.anchor
    if signer.id != anchor and signer.key_usage is not None and "cRLSign" not in signer.key_usage:
        return Unusable("revocation.crl-sign-missing", signer.subject.text)
    if same_authority(signer, subject.issuer):
        return None
    ended: Unusable | None = None
    for path in build_paths(lookup, signer.id, {anchor}):
        if len(path.certificates) == 1:
            return None
        when = moment if existed is None else Moment(existed, floating=False)
        check = check_path(lookup, path, moment=when)
        issuer = lookup.certificate(path.certificates[1])
        if not check.causes and any(out.how == "expired" for out in check.outside):
            ended = Unusable("revocation.responder-out-of-bounds", check.outside[0].detail)
        if not check.ok or issuer is None:
            continue
        above = Path(certificates=path.certificates[1:])
        if asking.good(Subject(certificate=signer, issuer=issuer, above=above), moment):
            return None
        return Unusable("revocation.responder-status-unknown", signer.subject.text)
    return ended or Unusable("revocation.evidence-signer-not-authorised", f"CRL signed by {signer.subject.text}")


def ocsp_unusable(ocsp: OcspResponse, subject: Subject, asking: Asking, existed: datetime | None) -> Unusable | None:
    """None where the response may speak for the certificate. `existed`: the time at which it is proven to have existed."""
    lookup = asking.lookup
    if _undecodable(ocsp):
        return Unusable("revocation.evidence-unknown-critical-extension", "undecodable")
    problem: Unusable | None = None
    named = lookup.knowledge.responders.get(ocsp.id, ())
    for signer_id, ok in lookup.issuers(ocsp.id):
        signer = lookup.certificate(signer_id)
        if signer is None or signer_id not in named or not ok:
            if ok is None and problem is None:
                problem = Unusable("revocation.evidence-not-computed", "OCSP response")
            continue
        found = _responder(signer, ocsp, subject, asking, existed)
        if found is None:
            return None
        problem = found
    return problem or Unusable("revocation.evidence-signature-wrong", "OCSP response")


def _responder(
    signer: Certificate, ocsp: OcspResponse, subject: Subject, asking: Asking, existed: datetime | None
) -> Unusable | None:
    """The issuing CA, a certificate with OCSPSigning that the same CA issued directly, or one with OCSPSigning that the relying
    party names itself (the three criteria of RFC 6960 section 4.2.2.2)."""
    if same_authority(signer, subject.issuer):
        return None
    named = signer.id in asking.responders
    refusal = Unusable("revocation.evidence-signer-not-authorised", f"OCSP response signed by {signer.subject.text}")
    if signer.id == subject.certificate.id or _OCSP_SIGNING not in (signer.extended_key_usage or ()):
        return refusal
    if not named and not _issued_by(asking.lookup, signer, subject.issuer):
        return refusal
    if any(critical and oid not in KNOWN_CRITICAL for oid, critical in signer.extensions) or malformed(signer):
        return refusal
    if ocsp.produced_at not in validity(signer):
        return Unusable("revocation.responder-not-valid", f"{signer.subject.text} when it answered")
    proven = existed is not None and existed in validity(signer)
    if not proven and asking.moment.passed(signer.not_after):
        return Unusable("revocation.responder-out-of-bounds", signer.subject.text)
    own = Subject(certificate=signer, issuer=subject.issuer, above=subject.above)
    if named or signer.ocsp_nocheck or asking.good(own, asking.moment):
        return None
    return Unusable("revocation.responder-status-unknown", signer.subject.text)


def _issued_by(lookup: Lookup, certificate: Certificate, issuer: Certificate) -> bool:
    for key, ok in lookup.issuers(certificate.id):
        above = lookup.certificate(key)
        if ok and above is not None and same_authority(above, issuer):
            return True
    return False
