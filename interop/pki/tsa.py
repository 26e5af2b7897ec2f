"""The provider's time-stamping authority: RFC 3161 tokens as of a time, made without a clock and without a server.

timestamp(issued, None, data, at)                                    over data, as the profile says
timestamp(issued, "sm3", data, at, defect=TokenDefect.OTHER_DATA)    with one thing wrong
token(issued, Stamp(digest="sha256", imprint=..., nonce=...), at)    over an imprint, as a request has it
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from interop.cms import oids as cms_oids
from interop.cms.build import SignRequest, build_signed_data
from interop.cms.tst_info import build_tst_info
from interop.crypto.digests import digest_to_write
from interop.model.errors import UsageError
from interop.model.hierarchy import CertificateSpec, NamePart
from interop.model.instant import format_instant
from interop.pki.crl import flipped_last
from interop.pki.defect import DAY, TokenDefect
from interop.pki.extensions import extension
from interop.pki.issue import Issued
from interop.pki.names import directory_name
from interop.pki.variant import service_variant
from interop.x509 import der
from interop.x509.oids import EXTENSIONS

__all__ = ["QUALIFIED_TOKEN", "Stamp", "authority_of", "stamper", "timestamp", "token", "token_serial"]

QUALIFIED_TOKEN = "0.4.0.19422.1.1"
"""esi4-qtstStatement-1: the token is a qualified one (EN 319 422 clause 9.1)."""
_VARIANTS = {
    TokenDefect.NO_EKU: "no-eku",
    TokenDefect.UNCRITICAL_EKU: "uncritical-eku",
    TokenDefect.EXTRA_EKU: "extra-eku",
    TokenDefect.EXPIRED: "expired",
}
_SHIFTS = {TokenDefect.EARLY: -DAY, TokenDefect.LATE: DAY}
_OTHER_NAME = (NamePart(type="CN", value="TEST some other authority"),)
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a time-stamp is asked for (TimeStampReq, RFC 3161 section 2.4.1)."""

    digest: str
    """Digest of the imprint, name in the algorithm table."""
    imprint: bytes
    policy: str | None = None
    """Policy OID; None: that of the profile."""
    nonce: int | None = None
    certificates: bool = True
    """The token carries the authority's certificate and chain."""


def token_serial(tsa_certificate: bytes, imprint: bytes, at: datetime, more: str = "") -> int:
    """Serial number of a token: a hash of TSA, imprint and time (and of `more`, whatever else tells requests apart), so that the same
    request gives the same token (RFC 3161 section 2.4.2)."""
    label = sha256(tsa_certificate).digest() + format_instant(at).encode() + imprint + more.encode()
    return int.from_bytes(sha256(label).digest()[:8], "big") >> 1


def authority_of(issued: Issued, at: datetime, tsa: str | None = None) -> CertificateSpec:
    """The certificate that stamps at a time: the one that the profile names, or another (`tsa`).

    Raises UsageError for a provider without TSA and for a time outside the validity of the certificate.
    """
    name = tsa or issued.provider.services.tsa
    if name is None:
        raise UsageError(f"{issued.provider.id} has no time-stamping authority (services.tsa)")
    unit = issued.spec(name)
    if not unit.not_before <= at <= unit.not_after:
        raise UsageError(
            f"{issued.provider.id}:{unit.id} cannot stamp at {format_instant(at)}: its certificate is valid from "
            f"{format_instant(unit.not_before)} until {format_instant(unit.not_after)}",
            hints=("move the signing instant, or give the certificate another validity in the profile",),
        )
    return unit


def timestamp(
    issued: Issued,
    digest_name: str | None,
    value: bytes,
    at: datetime,
    *,
    tsa: str | None = None,
    defect: TokenDefect | None = None,
) -> bytes:
    """A time-stamp token (DER, SignedData) over `value`, made at `at` by the TSA that the profile names, or by another of it (`tsa`).

    `digest_name` is the digest of the imprint; None takes `services.tsa_digest`, which is always that of the token's own signature.
    Raises UsageError as `authority_of`, and Unsupported for a digest that is unknown.
    """
    wanted = digest_name or issued.provider.services.tsa_digest
    return token(issued, Stamp(digest=wanted, imprint=digest_to_write(wanted, value)), at, tsa=tsa, defect=defect)


def token(
    issued: Issued, stamp: Stamp, at: datetime, *, tsa: str | None = None, defect: TokenDefect | None = None
) -> bytes:
    """A time-stamp token (DER, SignedData) over an imprint, made at `at`. Raises UsageError as `authority_of`."""
    services = issued.provider.services
    unit = authority_of(issued, at, tsa)
    imprint = stamp.imprint
    if defect is TokenDefect.OTHER_DATA:
        imprint = digest_to_write(stamp.digest, b"other data")
    certificate = issued.certificates[unit.id]
    if defect in _VARIANTS:
        certificate = service_variant(issued, unit.id, _VARIANTS[defect], at)
    time = at + _SHIFTS.get(defect, timedelta()) if defect is not None else at
    told = "" if stamp.policy is None and stamp.nonce is None else f"{stamp.policy} {stamp.nonce}"
    info = build_tst_info(
        imprint_digest_name=stamp.digest,
        imprint=imprint,
        time=time,
        policy=stamp.policy or services.tsa_policy,
        serial=token_serial(certificate, imprint, time, told),
        accuracy_ms=_accuracy(services.tsa_accuracy_ms, defect),
        nonce=stamp.nonce,
        tsa=_name(unit, defect, told=services.tsa_name),
        extensions=_statements() if services.tsa_qualified else (),
    )
    bound = issued.certificates[unit.issuer] if defect is TokenDefect.WRONG_CERTIFICATE else None
    made = build_signed_data(
        SignRequest(
            key=issued.key(unit.id),
            certificate=certificate,
            chain=issued.chain(unit.id)[:-1] if stamp.certificates else (),
            embed_certificate=stamp.certificates,
            signature=unit.key.signature,
            digest=services.tsa_digest,
            content=info,
            attached=True,
            content_type=cms_oids.TST_INFO,
            bound_certificate=bound,
            signing_certificate=defect is not TokenDefect.NO_CERTIFICATE,
            sm2_id=unit.key.sm2_id,
            null_parameters=unit.key.null_parameters,
        )
    )
    return flipped_last(made) if defect is TokenDefect.BAD_SIGNATURE else made


def _accuracy(stated: int, defect: TokenDefect | None) -> int | None:
    if defect is TokenDefect.NO_ACCURACY:
        return None
    return _DAY_MS if defect is TokenDefect.COARSE else stated


def _name(unit: CertificateSpec, defect: TokenDefect | None, *, told: bool) -> bytes | None:
    if defect is TokenDefect.OTHER_NAME:
        return directory_name(_OTHER_NAME)
    return directory_name(unit.subject) if told else None


def _statements() -> tuple[bytes, ...]:
    """qcStatements, not critical (EN 319 422 clause 9.1)."""
    return (extension(EXTENSIONS["qc_statements"], der.seq(der.seq(der.oid(QUALIFIED_TOKEN)))),)


def stamper(issued: Issued, at: datetime) -> Callable[[str | None, bytes], bytes]:
    """`timestamp` with provider and time settled, as `interop.cms.build.SignRequest.timestamp` wants it."""
    return lambda digest_name, value: timestamp(issued, digest_name, value, at)
