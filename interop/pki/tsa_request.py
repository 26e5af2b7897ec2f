"""The HTTP side of a time-stamping authority: TimeStampReq in, TimeStampResp out (RFC 3161 sections 2.4 and 3.4). Pure.

stamp_response(issued, request, at)
stamp_request(Stamp(digest="sha256", imprint=..., nonce=1))
"""

from __future__ import annotations

from datetime import datetime

from interop.cms.attributes import digest_oid
from interop.crypto import table
from interop.model.errors import UsageError
from interop.pki.issue import Issued
from interop.pki.tsa import Stamp, authority_of, token
from interop.x509 import der
from interop.x509.ber import Malformed, Node, read
from interop.x509.spki import algorithm_id

__all__ = ["REFUSED_DIGESTS", "Refusal", "parse_stamp_request", "stamp_request", "stamp_response"]

REFUSED_DIGESTS = frozenset({"md5", "ripemd160", "sha1"})
"""Imprints that are answered badAlg."""
_FAILURES = {
    "badAlg": 0, "badRequest": 2, "badDataFormat": 5, "timeNotAvailable": 14, "unacceptedPolicy": 15, "unacceptedExtension": 16,
    "addInfoNotAvailable": 17, "systemFailure": 25,
}  # fmt: skip
"""PKIFailureInfo (RFC 3161 section 2.4.2)."""


class Refusal(Exception):
    """The authority does not stamp: name of the failure, and what it says about it."""

    def __init__(self, failure: str, text: str) -> None:
        super().__init__(text)
        self.failure = failure
        self.text = text


def stamp_request(stamp: Stamp) -> bytes:
    """TimeStampReq (DER). Raises UsageError for an unknown digest."""
    return der.seq(
        der.integer(1),
        der.seq(der.algorithm(digest_oid(stamp.digest), der.null()), der.octet_string(stamp.imprint)),
        der.oid(stamp.policy) if stamp.policy is not None else b"",
        der.integer(stamp.nonce) if stamp.nonce is not None else b"",
        der.boolean(True) if stamp.certificates else b"",
    )


def parse_stamp_request(data: bytes) -> Stamp:
    """Read a TimeStampReq. Raises Refusal: badDataFormat, badRequest, badAlg, unacceptedExtension."""
    try:
        outer = read(data)
        fields = outer.items("TimeStampReq")
        if outer.stop != len(data) or len(fields) < 2:
            raise Malformed("a TimeStampReq has a version and an imprint, and nothing follows it")
        if fields[0].expect(0x02, "version").integer() != 1:
            raise Refusal("badRequest", "version 1 alone is known")
        algorithm, imprint = fields[1].items("MessageImprint")
        name = _digest(algorithm_id(algorithm).oid, imprint.expect(0x04, "hashedMessage").octets())
        return _rest(name, imprint.octets(), fields[2:])
    except (ValueError, IndexError) as error:
        raise Refusal("badDataFormat", f"not a TimeStampReq: {error}") from error


def _digest(oid: str, imprint: bytes) -> str:
    known = table.digest_by_oid(oid)
    if known is None or not known.computed or known.name in REFUSED_DIGESTS:
        raise Refusal("badAlg", f"imprints of digest {oid if known is None else known.name} are not stamped")
    if len(imprint) != known.size:
        raise Refusal("badDataFormat", f"a digest of {known.name} has {known.size} octets, not {len(imprint)}")
    return known.name


def _rest(name: str, imprint: bytes, fields: list[Node]) -> Stamp:
    policy: str | None = None
    nonce: int | None = None
    certificates = False
    for field in fields:
        if field.tag == 0x06:
            policy = field.oid()
        elif field.tag == 0x02:
            nonce = field.integer()
        elif field.tag == 0x01:
            certificates = field.boolean()
        elif field.tag == 0xA0:
            raise Refusal("unacceptedExtension", "no extension of a request is known")
        else:
            raise field.fail("field of TimeStampReq")
    return Stamp(digest=name, imprint=imprint, policy=policy, nonce=nonce, certificates=certificates)


def stamp_response(issued: Issued, data: bytes, at: datetime, *, tsa: str | None = None) -> bytes:
    """TimeStampResp (DER) to a request (DER): granted with a token made at `at`, or a rejection that says why. Never raises for
    whatever the request is; UsageError for a provider without TSA."""
    services = issued.provider.services
    if services.tsa is None and tsa is None:
        raise UsageError(f"{issued.provider.id} has no time-stamping authority (services.tsa)")
    try:
        stamp = _acceptable(issued, parse_stamp_request(data), at, tsa)
    except Refusal as refusal:
        return der.seq(_status(2, refusal))
    return der.seq(_status(0), token(issued, stamp, at, tsa=tsa))


def _acceptable(issued: Issued, stamp: Stamp, at: datetime, tsa: str | None) -> Stamp:
    services = issued.provider.services
    if stamp.policy not in (None, services.tsa_policy, *services.tsa_policies):
        raise Refusal("unacceptedPolicy", f"policy {stamp.policy} is not one of this authority")
    try:
        authority_of(issued, at, tsa)
    except UsageError as error:
        raise Refusal("timeNotAvailable", error.message) from error
    return stamp


def _status(status: int, refusal: Refusal | None = None) -> bytes:
    """PKIStatusInfo: 0 granted, 2 rejection."""
    if refusal is None:
        return der.seq(der.integer(status))
    bit = _FAILURES[refusal.failure]
    octets = bytearray(bit // 8 + 1)
    octets[-1] = 0x80 >> bit % 8
    return der.seq(
        der.integer(status), der.seq(der.utf8(refusal.text)), der.bit_string(bytes(octets), unused=7 - bit % 8)
    )
