"""The HTTP side of an OCSP service: OCSPRequest in, OCSPResponse out (RFC 6960 section 4.1, nonces by RFC 9654). Pure.

ocsp_answer(issued, request, at)
ocsp_request((certificate_id(issued, ca, serial),), nonce=b"...")
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from interop.crypto import table
from interop.crypto.digests import digest_bytes
from interop.model.errors import Unsupported
from interop.pki.authority import Authority, authorities, direct_responder, subjects
from interop.pki.extensions import extension
from interop.pki.issue import Issued
from interop.pki.names import name
from interop.pki.ocsp import Asked, ocsp_response
from interop.x509 import der
from interop.x509.ber import Malformed, Node, read
from interop.x509.certificate import certificate_parts
from interop.x509.oids import OCSP_NONCE
from interop.x509.spki import algorithm_id

__all__ = [
    "MOST_ASKED",
    "CertificateId",
    "OcspRequest",
    "ocsp_answer",
    "ocsp_error",
    "ocsp_request",
    "parse_ocsp_request",
]

MOST_ASKED = 64
"""Certificates that one request may ask about."""
_LONGEST_NONCE = 128
"""RFC 9654 section 2.1: 1 to 128 octets."""
_ERRORS = {"malformedRequest": 1, "internalError": 2, "tryLater": 3, "sigRequired": 5, "unauthorized": 6}


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateId:
    """CertID (RFC 6960 section 4.1.1)."""

    digest: str
    """Name in the algorithm table, or dotted OID."""
    name_hash: bytes
    key_hash: bytes
    serial: int
    der: bytes
    """As it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OcspRequest:
    """What is asked."""

    certificates: tuple[CertificateId, ...]
    nonce: bytes | None = None


def ocsp_request(certificate_ids: Sequence[bytes], *, nonce: bytes | None = None) -> bytes:
    """OCSPRequest (DER) about certificates, by their CertID (DER)."""
    extensions = b""
    if nonce is not None:
        extensions = der.explicit(2, der.seq(extension(OCSP_NONCE, der.octet_string(nonce))))
    return der.seq(der.seq(der.seq(*(der.seq(one) for one in certificate_ids)), extensions))


def parse_ocsp_request(data: bytes) -> OcspRequest:
    """Read an OCSPRequest; a signature on it is passed over. Raises Malformed, also for a nonce of no or more than 128 octets."""
    try:
        outer = read(data)
        fields = outer.items("OCSPRequest")[0].items("TBSRequest")
        if outer.stop != len(data):
            raise Malformed("octets follow the OCSPRequest")
        listed = next(field for field in fields if field.tag == 0x30)
        ids = tuple(_certificate_id(entry.items("Request")[0]) for entry in listed.items("requestList"))
        nonce = next((_nonce(field.only()) for field in fields if field.tag == 0xA2), None)
    except (StopIteration, IndexError) as error:
        raise Malformed("OCSPRequest ends too early") from error
    if not ids:
        raise Malformed("an OCSPRequest asks about at least one certificate")
    return OcspRequest(certificates=ids, nonce=nonce)


def _certificate_id(node: Node) -> CertificateId:
    algorithm, name_hash, key_hash, serial = node.items("CertID")[:4]
    oid = algorithm_id(algorithm).oid
    known = table.digest_by_oid(oid)
    return CertificateId(
        digest=oid if known is None else known.name,
        name_hash=name_hash.expect(0x04, "issuerNameHash").octets(),
        key_hash=key_hash.expect(0x04, "issuerKeyHash").octets(),
        serial=serial.expect(0x02, "serialNumber").integer(),
        der=node.raw,
    )


def _nonce(block: Node) -> bytes | None:
    for entry in block.items("Extensions"):
        pieces = entry.items("Extension")
        if pieces[0].oid() == OCSP_NONCE:
            nonce = read(pieces[-1].octets()).expect(0x04, "Nonce").octets()
            if not 1 <= len(nonce) <= _LONGEST_NONCE:
                raise Malformed(f"a nonce of {len(nonce)} octets (RFC 9654: 1 to {_LONGEST_NONCE})")
            return nonce
    return None


def ocsp_error(status: str) -> bytes:
    """OCSPResponse (DER) without an answer: `malformedRequest`, `internalError`, `tryLater`, `sigRequired`, `unauthorized`."""
    return der.seq(der.enumerated(_ERRORS[status]))


def ocsp_answer(
    issued: Issued,
    data: bytes,
    at: datetime,
    *,
    only: frozenset[str] | None = None,
    also: Iterable[bytes] = (),
) -> bytes:
    """OCSPResponse (DER) to a request (DER) at a time (whole seconds). `only`: ids of the CAs whose service is asked; None: any.

    `also` as in `status.publish`. Serials that the CA has not issued by then are `unknown`. Never raises for whatever the request is:
    what cannot be read is malformedRequest; a CA that is not served here, one whose life is over, certificates of CAs with different
    responders in one request, and more than `MOST_ASKED` are unauthorized; a CA whose life has not begun says tryLater.
    """
    try:
        request = parse_ocsp_request(data)
    except ValueError:
        return ocsp_error("malformedRequest")
    if not issued.provider.services.ocsp or len(request.certificates) > MOST_ASKED:
        return ocsp_error("unauthorized")
    asked: list[Asked] = []
    signers: dict[str, Authority] = {}
    guests = tuple(also)
    for wanted in request.certificates:
        ca = _authority(issued, wanted)
        if ca is None or (only is not None and ca.spec.id not in only) or at > ca.end:
            return ocsp_error("unauthorized")
        if at < ca.start:
            return ocsp_error("tryLater")
        responder = direct_responder(issued, ca.spec, at)
        signers[ca.spec.id if responder is None else responder.id] = ca
        known = (s for s in subjects(issued, ca.spec, guests) if s.serial == wanted.serial and s.not_before <= at)
        asked.append(Asked(serial=wanted.serial, subject=next(known, None), certificate_id=wanted.der))
    if len(signers) != 1:
        return ocsp_error("unauthorized")
    (ca,) = signers.values()
    return ocsp_response(issued, ca.spec, asked, at, nonce=request.nonce)


def _authority(issued: Issued, wanted: CertificateId) -> Authority | None:
    """The CA whose name and key the hashes are of."""
    for ca in authorities(issued):
        bits = certificate_parts(issued.certificates[ca.spec.id]).key_bits
        try:
            hashes = digest_bytes(wanted.digest, name(ca.spec.subject)), digest_bytes(wanted.digest, bits)
        except Unsupported:
            return None
        if hashes == (wanted.name_hash, wanted.key_hash):
            return ca
    return None
