"""The provider's time-stamping authority: RFC 3161 tokens as of a time, made without a clock and without a server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from interop.cms.token import build_token
from interop.crypto.digests import digest_bytes
from interop.model.errors import UsageError
from interop.model.instant import format_instant
from interop.pki.issue import Issued

__all__ = ["stamper", "timestamp", "token_serial"]


def token_serial(tsa_certificate: bytes, imprint: bytes, at: datetime) -> int:
    """Serial number of a token: a hash of TSA, imprint and time, so that the same request gives the same token (RFC 3161 section 2.4.2)."""
    label = sha256(tsa_certificate).digest() + format_instant(at).encode() + imprint
    return int.from_bytes(sha256(label).digest()[:8], "big") >> 1


def timestamp(issued: Issued, digest_name: str | None, value: bytes, at: datetime) -> bytes:
    """A time-stamp token (DER, SignedData) over `value`, made at `at` by the TSA that the profile names.

    `digest_name` is the digest of the imprint; None takes `services.tsa_digest`, which is always that of the token's own signature.
    Raises UsageError for a provider without TSA and for a time outside the validity of the TSA's certificate.
    """
    services = issued.provider.services
    if services.tsa is None:
        raise UsageError(f"{issued.provider.id} has no time-stamping authority (services.tsa)")
    tsa = issued.spec(services.tsa)
    if not tsa.not_before <= at <= tsa.not_after:
        raise UsageError(
            f"{issued.provider.id}:{tsa.id} cannot stamp at {format_instant(at)}: its certificate is valid from "
            f"{format_instant(tsa.not_before)} until {format_instant(tsa.not_after)}",
            hints=("move the signing instant, or give the certificate another validity in the profile",),
        )
    imprint_digest = digest_name or services.tsa_digest
    imprint = digest_bytes(imprint_digest, value)
    certificate = issued.certificates[tsa.id]
    return build_token(
        key=issued.key(tsa.id),
        certificate=certificate,
        chain=issued.chain(tsa.id)[:-1],
        signature=tsa.key.signature,
        digest=services.tsa_digest,
        imprint_digest_name=imprint_digest,
        imprint=imprint,
        time=at,
        policy=services.tsa_policy,
        serial=token_serial(certificate, imprint, at),
        accuracy_ms=services.tsa_accuracy_ms,
        sm2_id=tsa.key.sm2_id,
        null_parameters=tsa.key.null_parameters,
    )


def stamper(issued: Issued, at: datetime) -> Callable[[str | None, bytes], bytes]:
    """`timestamp` with provider and time settled, as `interop.cms.build.SignRequest.timestamp` wants it."""
    return lambda digest_name, value: timestamp(issued, digest_name, value, at)
