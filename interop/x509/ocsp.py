"""One OCSP response: bytes to the frozen value of `interop.model.status` (RFC 6960 section 4.2).

Read are the OCSPResponse that a responder sends and the bare BasicOCSPResponse that CMS attributes carry.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from interop.crypto import table
from interop.model.certificate import Finding
from interop.model.errors import InputError
from interop.model.status import CRL_REASONS, OcspResponse, SingleStatus
from interop.x509 import oids
from interop.x509.ber import Malformed, Node, read
from interop.x509.certificate import certificate_parts, object_id, unreadable
from interop.x509.names import name_of
from interop.x509.spki import algorithm_id

__all__ = ["OcspParts", "ocsp_certificates", "ocsp_parts", "parse_ocsp"]

_STATUS = {1: "malformedRequest", 2: "internalError", 3: "tryLater", 5: "sigRequired", 6: "unauthorized"}


class OcspParts(NamedTuple):
    """Where things lie in a basic response, as exact slices of the input."""

    tbs: bytes
    """tbsResponseData with its header, exactly the bytes that were signed."""
    algorithm: Node
    signature: bytes
    fields: tuple[Node, ...]
    """Elements of tbsResponseData without the version."""
    certificates: tuple[bytes, ...]


@lru_cache(maxsize=2048)
def ocsp_parts(der: bytes) -> OcspParts:
    """Take a successful response apart. Raises InputError, also for a responder's error status."""
    try:
        pieces = _basic(read(der)).items("BasicOCSPResponse")
        tbs, algorithm, signature = pieces[:3]
        fields = tbs.items("ResponseData")
        if fields and fields[0].tag == 0xA0:
            fields = fields[1:]
        if len(fields) < 3:
            raise Malformed("tbsResponseData ends before the responses")
        certificates: tuple[bytes, ...] = ()
        if len(pieces) > 3 and pieces[3].tag == 0xA0:
            certificates = tuple(node.raw for node in pieces[3].only().items("certs"))
        return OcspParts(tbs.raw, algorithm, signature.bits(), tuple(fields), certificates)
    except (ValueError, IndexError) as error:
        raise unreadable(der, "OCSP response", error) from error


def _basic(outer: Node) -> Node:
    pieces = outer.items("OCSPResponse")
    if pieces[0].tag != 0x0A:
        return outer
    status = pieces[0].integer()
    if status != 0:
        raise Malformed(f"the responder answered {_STATUS.get(status, str(status))}")
    response_type, response = pieces[1].only().items("ResponseBytes")
    if response_type.oid() != oids.OCSP_BASIC:
        raise Malformed(f"response type {response_type.oid()} is not id-pkix-ocsp-basic")
    return read(response.octets())


def ocsp_certificates(der: bytes) -> tuple[bytes, ...]:
    """Certificates carried in the response, each as its exact bytes. Raises InputError."""
    return ocsp_parts(der).certificates


@lru_cache(maxsize=2048)
def parse_ocsp(der: bytes) -> OcspResponse:
    """Read one successful OCSP response. Raises InputError."""
    parts = ocsp_parts(der)
    try:
        responder, produced, answers = parts.fields[:3]
        name: str | None = None
        key_hash: str | None = None
        if responder.tag == 0xA1:
            name = name_of(responder.only()).normal
        elif responder.tag == 0xA2:
            key_hash = responder.only().octets().hex()
        else:
            raise responder.fail("ResponderID")
        findings: list[Finding] = []
        for carried in parts.certificates:
            _look_at(carried, findings)
        return OcspResponse(
            id=object_id(der),
            produced_at=produced.time(),
            responder_name=name,
            responder_key_hash=key_hash,
            signature_algorithm=algorithm_id(parts.algorithm),
            responses=tuple(_single(node) for node in answers.items("responses")),
            certificates=tuple(object_id(carried) for carried in parts.certificates),
            findings=tuple(findings),
        )
    except (ValueError, IndexError) as error:
        raise unreadable(der, "OCSP response", error) from error


def _look_at(carried: bytes, findings: list[Finding]) -> None:
    try:
        certificate_parts(carried)
    except InputError as error:
        findings.append(Finding(code="revocation.evidence-certificate-unreadable", detail=error.problems[0].what))


def _single(node: Node) -> SingleStatus:
    """SingleResponse."""
    pieces = node.items("SingleResponse")
    algorithm, name_hash, key_hash, serial = pieces[0].items("CertID")[:4]
    digest_oid = algorithm_id(algorithm).oid
    digest = table.digest_by_oid(digest_oid)
    choice = pieces[1].tag & 0x1F
    if pieces[1].tag & 0xC0 != 0x80 or choice > 2:
        raise pieces[1].fail("CertStatus")
    revoked_at, reason = None, None
    if choice == 1:
        info = pieces[1].children()
        revoked_at = info[0].time()
        if len(info) > 1:
            reason = CRL_REASONS.get(info[1].only().integer(), "unspecified")
    next_update = next((piece.only().time() for piece in pieces[3:] if piece.tag == 0xA0), None)
    extensions = next((piece.only() for piece in pieces[3:] if piece.tag == 0xA1), None)
    return SingleStatus(
        serial=serial.integer(),
        status=("good", "revoked", "unknown")[choice],
        this_update=pieces[2].time(),
        next_update=next_update,
        revoked_at=revoked_at,
        reason=reason,
        archive_cutoff=None if extensions is None else _archive_cutoff(extensions),
        hash_algorithm=digest_oid if digest is None else digest.name,
        issuer_name_hash=name_hash.octets().hex(),
        issuer_key_hash=key_hash.octets().hex(),
    )


def _archive_cutoff(extensions: Node) -> datetime | None:
    """archiveCutoff among the singleExtensions (RFC 6960 section 4.4.4); None without it, and where it cannot be read: then nothing is
    said of certificates that have ended, as by a responder without it."""
    try:
        for entry in extensions.items("Extensions"):
            pieces = entry.items("Extension")
            if pieces[0].oid() == oids.OCSP_ARCHIVE_CUTOFF:
                return read(pieces[-1].octets()).time()
    except (ValueError, IndexError):
        return None
    return None
