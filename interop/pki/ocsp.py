"""OCSP answers of a CA as of a time (RFC 6960 section 4.2): from a delegated responder or from the CA itself.

    ocsp(issued, "signer", at)
    ocsp_response(issued, ca, (Asked(...), Asked(...)), at, nonce=b"...")

A delegated responder is named by key hash and its certificate is inside; a CA is named by name and carries none. An answer is made at the
very time asked for. Whether `id-pkix-ocsp-nocheck` stands in a responder's certificate is the profile's affair. The responder
of a defect has another key than the provider's own, and is named by name, so that nobody takes the sound certificate for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from interop.crypto.digests import digest_bytes
from interop.crypto.keys import PrivateKey
from interop.crypto.table import digest
from interop.model.errors import InputError, Problem, UsageError
from interop.model.hierarchy import CertificateSpec, KeySpec
from interop.pki.authority import Subject, authorities, direct_responder, same_authority, subjects
from interop.pki.crl import flipped_last, reason_number, stand_in_signer
from interop.pki.defect import DAY, OcspDefect
from interop.pki.extensions import extension, key_id
from interop.pki.history import standing
from interop.pki.issue import Issued, signature_identifier, spki
from interop.pki.names import name
from interop.pki.variant import service_variant
from interop.x509 import der
from interop.x509.certificate import certificate_parts
from interop.x509.oids import OCSP_ARCHIVE_CUTOFF, OCSP_BASIC, OCSP_NONCE

__all__ = ["Asked", "certificate_id", "certificate_id_under", "ocsp", "ocsp_response"]

_VARIANTS = {
    OcspDefect.NO_EKU: "no-eku",
    OcspDefect.EXPIRED_RESPONDER: "expired",
    OcspDefect.NO_NOCHECK: "no-nocheck",
    OcspDefect.WRONG_ISSUER: "other-issuer",
}
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One certificate that somebody asks about."""

    serial: int
    subject: Subject | None
    """None: the CA has issued no such certificate, and the answer is `unknown`."""
    certificate_id: bytes | None = None
    """CertID (DER) as it was asked; None: with the digest of the profile."""


def certificate_id(issued: Issued, ca: CertificateSpec, serial: int, digest_name: str | None = None) -> bytes:
    """CertID (DER) of a certificate that a CA of the profile has issued. Errors and `digest_name` as `certificate_id_under`."""
    return certificate_id_under(issued, issued.certificates[ca.id], serial, digest_name)


def certificate_id_under(issued: Issued, issuer: bytes, serial: int, digest_name: str | None = None) -> bytes:
    """CertID (DER): digests of the name and of the public key bits in the issuer's certificate (RFC 6960 section 4.1.1).

    `digest_name`: None, that of the profile. Raises InputError for a digest that does not exist.
    """
    wanted = digest_name or issued.provider.services.ocsp_hash
    algorithm = digest(wanted)
    if algorithm is None:
        what = f"unknown digest '{wanted}'"
        raise InputError(issued.provider.id, (Problem(where="services.ocsp_hash", what=what),))
    parts = certificate_parts(issuer)
    return der.seq(
        der.algorithm(algorithm.oid, der.null()),
        der.octet_string(digest_bytes(algorithm.name, parts.subject)),
        der.octet_string(digest_bytes(algorithm.name, parts.key_bits)),
        der.integer(serial),
    )


def ocsp(
    issued: Issued, about: str, at: datetime, *, nonce: bytes | None = None, defect: OcspDefect | None = None
) -> bytes:
    """The OCSPResponse (DER) about a certificate of the profile at `at` (whole seconds), one thing wrong where `defect` says so.

    Raises UsageError for an anchor, and for a defect that the hierarchy has no certificates for.
    """
    ca = issued.spec(issued.spec(about).issuer)
    for subject in subjects(issued, ca):
        if subject.id == about:
            asked = Asked(serial=subject.serial, subject=subject)
            return ocsp_response(issued, ca, (asked,), at, nonce=nonce, defect=defect)
    raise UsageError(f"{issued.provider.id}: nobody answers for {about}")


@dataclass(frozen=True, slots=True)
class _Signer:
    """Who signs an answer."""

    key: PrivateKey
    spec: KeySpec
    certificate: bytes | None
    """Responder's certificate; None: the CA itself signs."""
    name: bytes | None = None
    """By which the answer names the signer; None: by key hash."""


def _signer(issued: Issued, ca: CertificateSpec, asked: Asked, at: datetime, defect: OcspDefect | None) -> _Signer:
    if defect is OcspDefect.SELF_SIGNED:
        if asked.subject is None or asked.subject.id is None:
            raise UsageError("the key of the certificate asked about is not known")
        own = issued.spec(asked.subject.id)
        return _Signer(issued.key(own.id), own.key, issued.certificates[own.id])
    responder = direct_responder(issued, ca, at)
    if defect in _VARIANTS:
        responder = responder or next((spec for spec in issued.specs.values() if spec.role == "ocsp"), None)
        if responder is None:
            raise UsageError(f"{issued.provider.id} has no OCSP responder")
        issuer = _other_ca(issued, ca) if defect is OcspDefect.WRONG_ISSUER else ca.id
        holder = stand_in_signer(issued, responder)
        certificate = service_variant(issued, responder.id, _VARIANTS[defect], at, issuer=issuer, key=holder.id)
        return _Signer(issued.key(holder.id), holder.key, certificate, name(responder.subject))
    if responder is None:
        return _Signer(issued.key(ca.id), ca.key, None, name(ca.subject))
    return _Signer(issued.key(responder.id), responder.key, issued.certificates[responder.id])


def _other_ca(issued: Issued, ca: CertificateSpec) -> str:
    for other in authorities(issued):
        if not same_authority(issued, other.spec.id, ca.id):
            return other.spec.id
    raise UsageError(f"{issued.provider.id} has no other CA")


def _single(issued: Issued, ca: CertificateSpec, asked: Asked, at: datetime, defect: OcspDefect | None) -> bytes:
    services = issued.provider.services
    status = der.implicit(0, b"")
    state = None
    if asked.subject is not None and asked.subject.id is not None:
        state = standing(services.events, asked.subject.id, at)
    if asked.subject is None or defect is OcspDefect.STATUS_UNKNOWN:
        status = der.implicit(2, b"")
    elif state is not None:
        reason = b""
        if state.reason != "unspecified":
            reason = der.explicit(0, der.enumerated(reason_number(state)))
        status = der.explicit(1, der.generalized_time(state.since) + reason)
    identifier = asked.certificate_id or certificate_id(issued, ca, asked.serial)
    if defect is OcspDefect.WRONG_SERIAL:
        identifier = certificate_id(issued, ca, asked.serial + 1)
    kept = services.ocsp_archive_years
    cutoff = b""
    if kept is not None:
        since = der.generalized_time(at - kept * _YEAR)
        cutoff = der.explicit(1, der.seq(extension(OCSP_ARCHIVE_CUTOFF, since)))
    return der.seq(
        identifier,
        status,
        der.generalized_time(at),
        der.explicit(0, der.generalized_time(at + timedelta(hours=services.ocsp_validity_hours))),
        cutoff,
    )


def ocsp_response(
    issued: Issued,
    ca: CertificateSpec,
    asked: Sequence[Asked],
    at: datetime,
    *,
    nonce: bytes | None = None,
    defect: OcspDefect | None = None,
) -> bytes:
    """One OCSPResponse (DER) of a CA about one or more certificates that it has issued. `at` is in whole seconds.

    `nonce` (octets) comes back as the request had it (RFC 9654). Raises UsageError for nobody asked about, and for a defect that the
    hierarchy has no certificates for.
    """
    if not asked:
        raise UsageError("an OCSP answer is about at least one certificate")
    signer = _signer(issued, ca, asked[0], at, defect)
    moved = at
    if defect is OcspDefect.STALE:
        moved = at - DAY - timedelta(hours=issued.provider.services.ocsp_validity_hours)
    elif defect is OcspDefect.FUTURE:
        moved = at + DAY
    produced = moved - DAY if defect is OcspDefect.PRODUCED_EARLY else moved
    if signer.name is not None:
        responder_id = der.explicit(1, signer.name)
    else:
        responder_id = der.explicit(2, der.octet_string(key_id(spki(signer.key, signer.spec))))
    data = der.seq(
        responder_id,
        der.generalized_time(produced),
        der.seq(*(_single(issued, ca, one, moved, defect) for one in asked)),
        b"" if nonce is None else der.explicit(1, der.seq(extension(OCSP_NONCE, der.octet_string(nonce)))),
    )
    algorithm = signature_identifier(signer.spec)
    value = signer.key.sign(signer.spec.signature, data, sm2_id=signer.spec.sm2_id)
    if defect is OcspDefect.BAD_SIGNATURE:
        value = flipped_last(value)
    carried = b"" if signer.certificate is None else der.explicit(0, der.seq(signer.certificate))
    basic = der.seq(data, algorithm, der.bit_string(value), carried)
    return der.seq(der.enumerated(0), der.explicit(0, der.seq(der.oid(OCSP_BASIC), der.octet_string(basic))))
