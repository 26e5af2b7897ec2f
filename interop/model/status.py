"""Parsed status information: CRLs (RFC 5280 section 5) and OCSP responses (RFC 6960)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from interop.model.certificate import AlgorithmId, Finding, GeneralName, Name, ObjectId

__all__ = ["CRL_REASONS", "REASON_FLAGS", "Crl", "OcspResponse", "Revocation", "SingleStatus"]

CRL_REASONS: Mapping[int, str] = {
    0: "unspecified", 1: "keyCompromise", 2: "cACompromise", 3: "affiliationChanged", 4: "superseded",
    5: "cessationOfOperation", 6: "certificateHold", 8: "removeFromCRL", 9: "privilegeWithdrawn", 10: "aACompromise",
}  # fmt: skip
"""CRLReason (RFC 5280 section 5.3.1)."""

REASON_FLAGS: Mapping[int, str] = {
    1: "keyCompromise", 2: "cACompromise", 3: "affiliationChanged", 4: "superseded", 5: "cessationOfOperation",
    6: "certificateHold", 7: "privilegeWithdrawn", 8: "aACompromise",
}  # fmt: skip
"""Bits of ReasonFlags (RFC 5280 section 4.2.1.13); the last two differ from the numbers of CRLReason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """One revoked serial."""

    serial: int
    """Serial number of the revoked certificate."""
    date: datetime
    """revocationDate."""
    reason: str | None = None
    """Of `CRL_REASONS`; None when not stated."""
    issuer: str | None = None
    """Normal form of certificateIssuer on an indirect CRL; None: the CRL issuer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crl:
    """One certificate revocation list."""

    id: ObjectId
    """Digest of its bytes."""
    issuer: Name
    """Who issues it."""
    this_update: datetime
    """thisUpdate: when it was made."""
    next_update: datetime | None
    """nextUpdate: when the next one is due; None where it is not said."""
    signature_algorithm: AlgorithmId
    """The outer algorithm identifier."""
    number: int | None = None
    """cRLNumber; None without the extension."""
    authority_key_id: str | None = None
    """Hex."""
    revoked: tuple[Revocation, ...] = ()
    """Its entries."""
    distribution_point: tuple[GeneralName, ...] = ()
    """Names in issuingDistributionPoint; empty without it."""
    only_user: bool = False
    """issuingDistributionPoint onlyContainsUserCerts."""
    only_ca: bool = False
    """issuingDistributionPoint onlyContainsCACerts."""
    only_attribute: bool = False
    """issuingDistributionPoint onlyContainsAttributeCerts."""
    only_reasons: frozenset[str] | None = None
    """onlySomeReasons, of `REASON_FLAGS`; None: all."""
    indirect: bool = False
    """issuingDistributionPoint indirectCRL: entries may be of other issuers."""
    delta_base: int | None = None
    """BaseCRLNumber of a delta CRL; None for a full one."""
    expired_since: datetime | None = None
    """expiredCertsOnCRL (X.509): entries stay on the list for certificates that end at this time or later; None: an entry may be
    gone once its certificate has ended (RFC 5280 section 3.3)."""
    extensions: tuple[tuple[str, bool], ...] = ()
    """(OID, critical)."""
    findings: tuple[Finding, ...] = ()
    """Deviations met while parsing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleStatus:
    """One SingleResponse."""

    serial: int
    """Serial number of the certificate asked about."""
    status: str
    """`good`, `revoked`, `unknown`."""
    this_update: datetime
    """thisUpdate: when the status was known to be right."""
    next_update: datetime | None
    """nextUpdate: when newer information is due; None where it is not said."""
    revoked_at: datetime | None = None
    """revocationTime; None unless revoked."""
    reason: str | None = None
    """revocationReason, of `CRL_REASONS`; None when not stated."""
    archive_cutoff: datetime | None = None
    """archiveCutoff (RFC 6960 section 4.4.4): the responder keeps what it knows of certificates that end at this time or later; None:
    it may have forgotten those that have ended."""
    hash_algorithm: str = "sha1"
    """Digest of CertID, name in the algorithm table or dotted OID."""
    issuer_name_hash: str = ""
    """Hex."""
    issuer_key_hash: str = ""
    """Hex."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OcspResponse:
    """One successful basic OCSP response."""

    id: ObjectId
    """Digest of its bytes."""
    produced_at: datetime
    """producedAt: when the answer was signed."""
    responder_name: str | None
    """Normal form of byName; None for byKey."""
    responder_key_hash: str | None
    """Hex of byKey; None for byName."""
    signature_algorithm: AlgorithmId
    """Algorithm of the responder's signature."""
    responses: tuple[SingleStatus, ...] = ()
    """The answers, one per certificate."""
    certificates: tuple[ObjectId, ...] = ()
    """Certificates carried in the response."""
    findings: tuple[Finding, ...] = ()
    """Deviations met while parsing."""
