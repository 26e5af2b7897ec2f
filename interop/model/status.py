"""Parsed status information: CRLs (RFC 5280 section 5) and OCSP responses (RFC 6960)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from interop.model.certificate import AlgorithmId, Finding, GeneralName, Name, ObjectId

__all__ = ["Crl", "OcspResponse", "Revocation", "SingleStatus"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """One revoked serial."""

    serial: int
    date: datetime
    reason: str | None = None
    """CRLReason name (`keyCompromise`, `certificateHold`, ...); None when not stated."""
    issuer: str | None = None
    """Normal form of certificateIssuer on an indirect CRL; None: the CRL issuer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crl:
    """One certificate revocation list."""

    id: ObjectId
    issuer: Name
    this_update: datetime
    next_update: datetime | None
    signature_algorithm: AlgorithmId
    number: int | None = None
    authority_key_id: str | None = None
    """Hex."""
    revoked: tuple[Revocation, ...] = ()
    distribution_point: tuple[GeneralName, ...] = ()
    """Names in issuingDistributionPoint; empty without it."""
    only_user: bool = False
    only_ca: bool = False
    only_attribute: bool = False
    only_reasons: frozenset[str] | None = None
    """onlySomeReasons; None: all."""
    indirect: bool = False
    delta_base: int | None = None
    """BaseCRLNumber of a delta CRL; None for a full one."""
    extensions: tuple[tuple[str, bool], ...] = ()
    """(OID, critical)."""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleStatus:
    """One SingleResponse."""

    serial: int
    status: str
    """`good`, `revoked`, `unknown`."""
    this_update: datetime
    next_update: datetime | None
    revoked_at: datetime | None = None
    reason: str | None = None
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
    produced_at: datetime
    responder_name: str | None
    """Normal form of byName; None for byKey."""
    responder_key_hash: str | None
    """Hex of byKey; None for byName."""
    signature_algorithm: AlgorithmId
    responses: tuple[SingleStatus, ...] = ()
    certificates: tuple[ObjectId, ...] = ()
    """Certificates carried in the response."""
    findings: tuple[Finding, ...] = ()
