"""Certificates that are broken on purpose: the same subject and key, from the same CA, with one thing wrong.

Signers (`signer_variant`), time-stamping authorities and OCSP responders (`service_variant`). The control is the provider's own
certificate, so whatever differs in a verdict comes from the one thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from interop.crypto.keys import PrivateKey
from interop.model.errors import UsageError
from interop.model.hierarchy import CertificateSpec
from interop.pki.issue import Issued, certificate_der, serial_number

__all__ = ["SERVICE_VARIANTS", "SIGNER_VARIANTS", "service_variant", "signer_variant"]

_YEAR = timedelta(days=365)
_DAY = timedelta(days=1)


def _expired(spec: CertificateSpec, ca: CertificateSpec, signing: datetime) -> CertificateSpec:
    """Ended a day before signing, after a year, within the life of the CA as far as that reaches back."""
    end = signing - _DAY
    start = end - _YEAR
    return replace(spec, not_before=max(start, ca.not_before) if ca.not_before < end else start, not_after=end)


def _not_yet_valid(spec: CertificateSpec, _ca: CertificateSpec, signing: datetime) -> CertificateSpec:
    """Begins a year after signing."""
    return replace(spec, not_before=signing + _YEAR, not_after=signing + 2 * _YEAR)


def _no_key_usage(spec: CertificateSpec, _ca: CertificateSpec, _signing: datetime) -> CertificateSpec:
    """keyUsage with encryption alone, critical: keyEncipherment for RSA and SM2, keyAgreement for the rest (RFC 8813 section 3)."""
    usage = "keyEncipherment" if spec.key.kind in ("RSA", "SM2") else "keyAgreement"
    return replace(spec, extensions=replace(spec.extensions, key_usage=(usage,), key_usage_critical=True))


def _no_policies(spec: CertificateSpec, _ca: CertificateSpec, _signing: datetime) -> CertificateSpec:
    """Without certificatePolicies."""
    return replace(spec, extensions=replace(spec.extensions, policies=()))


def _no_qc_statements(spec: CertificateSpec, _ca: CertificateSpec, _signing: datetime) -> CertificateSpec:
    """Without qcStatements."""
    return replace(spec, extensions=replace(spec.extensions, qc_statements=()))


SIGNER_VARIANTS: Mapping[str, Callable[[CertificateSpec, CertificateSpec, datetime], CertificateSpec]] = {
    "expired": _expired,
    "not-yet-valid": _not_yet_valid,
    "no-key-usage": _no_key_usage,
    "no-policies": _no_policies,
    "no-qc-statements": _no_qc_statements,
}
"""Name of a variant -> how the signer's specification changes, given the CA's and the signing instant."""


_TIME_STAMPING, _OCSP_SIGNING, _EMAIL = "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9", "1.3.6.1.5.5.7.3.4"


def _no_purpose(spec: CertificateSpec, _ca: CertificateSpec, _at: datetime) -> CertificateSpec:
    """Without extendedKeyUsage."""
    return replace(spec, extensions=replace(spec.extensions, extended_key_usage=()))


def _uncritical_purpose(spec: CertificateSpec, _ca: CertificateSpec, _at: datetime) -> CertificateSpec:
    """extendedKeyUsage not critical (RFC 3161 section 2.3 demands it of time-stamping authorities)."""
    return replace(spec, extensions=replace(spec.extensions, extended_key_usage_critical=False))


def _extra_purpose(spec: CertificateSpec, _ca: CertificateSpec, _at: datetime) -> CertificateSpec:
    """emailProtection beside its own purpose (RFC 3161 section 2.3: timeStamping alone)."""
    own = spec.extensions.extended_key_usage or (_TIME_STAMPING if spec.role == "tsa" else _OCSP_SIGNING,)
    return replace(spec, extensions=replace(spec.extensions, extended_key_usage=(*own, _EMAIL)))


def _must_be_asked(spec: CertificateSpec, _ca: CertificateSpec, _at: datetime) -> CertificateSpec:
    """Without id-pkix-ocsp-nocheck (RFC 6960 section 4.2.2.2.1)."""
    return replace(spec, extensions=replace(spec.extensions, ocsp_nocheck=False))


def _as_it_is(spec: CertificateSpec, _ca: CertificateSpec, _at: datetime) -> CertificateSpec:
    """Unchanged: what differs is who issues it."""
    return spec


SERVICE_VARIANTS: Mapping[str, Callable[[CertificateSpec, CertificateSpec, datetime], CertificateSpec]] = {
    "expired": _expired,
    "no-eku": _no_purpose,
    "uncritical-eku": _uncritical_purpose,
    "extra-eku": _extra_purpose,
    "no-nocheck": _must_be_asked,
    "other-issuer": _as_it_is,
}
"""The same for the certificate of a TSA or an OCSP responder, given the time at which it serves."""


def service_variant(
    issued: Issued, certificate_id: str, kind: str, at: datetime, *, issuer: str | None = None, key: str | None = None
) -> bytes:
    """Certificate (DER) of a broken twin of a TSA or responder.

    `issuer`: another CA issues it. `key`: it has the key of that certificate instead of the original's, so that who finds a certificate by
    its key does not find the original.

    Raises UsageError for an unknown certificate, issuer or variant.
    """
    if kind not in SERVICE_VARIANTS:
        raise UsageError(f"unknown service variant '{kind}' (one of {', '.join(SERVICE_VARIANTS)})")
    original = issued.spec(certificate_id)
    ca = issued.spec(issuer or original.issuer)
    spec = SERVICE_VARIANTS[kind](original, ca, at.replace(microsecond=0))
    holder = issued.spec(key or certificate_id)
    serial = serial_number(issued.provider.id, spec.id, spec.serial_octets, f"{kind} {ca.id} {holder.id}")
    return certificate_der(replace(spec, key=holder.key), issued.key(holder.id), ca, issued.key(ca.id), serial)


def signer_variant(issued: Issued, identity_id: str, kind: str, signing: datetime) -> tuple[bytes, PrivateKey]:
    """(certificate DER, private key) of a broken twin of an identity's signing certificate.

    Its serial number derives from provider, certificate and variant. Give it to `publish(..., also=...)` so that the CA's
    services answer for it. Raises UsageError for an unknown identity or variant.
    """
    try:
        identity = issued.provider.identity(identity_id)
    except KeyError:
        known = ", ".join(identity.id for identity in issued.provider.identities)
        raise UsageError(f"{issued.provider.id} has no identity '{identity_id}' (it has {known})") from None
    if kind not in SIGNER_VARIANTS:
        raise UsageError(f"unknown signer variant '{kind}' (one of {', '.join(SIGNER_VARIANTS)})")
    original = issued.spec(identity.certificate)
    ca = issued.spec(original.issuer)
    spec = SIGNER_VARIANTS[kind](original, ca, signing.replace(microsecond=0))
    serial = serial_number(issued.provider.id, spec.id, spec.serial_octets, kind)
    key = issued.key(spec.id)
    return certificate_der(spec, key, ca, issued.key(ca.id), serial), key
