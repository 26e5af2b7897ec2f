"""One certificate: bytes to the frozen value of `interop.model.certificate` (RFC 5280 section 4).

Lenient, with findings; what has no readable structure at all is an InputError. The bytes are never encoded again: ids are
digests of the input as found, and `signed_part` gives the exact slice that was signed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from functools import lru_cache
from typing import NamedTuple

from interop.model.certificate import AlgorithmId, Certificate, ObjectId
from interop.model.errors import InputError, Problem
from interop.x509.ber import Malformed, Node, read
from interop.x509.extensions import Draft, read_extension
from interop.x509.names import is_undecodable, name_of
from interop.x509.spki import algorithm_id, public_key_info

__all__ = [
    "Parts",
    "certificate_parts",
    "object_id",
    "parse_certificate",
    "read_certificates",
    "trimmed",
    "unreadable",
]


@lru_cache(maxsize=8192)
def object_id(der: bytes) -> ObjectId:
    """`sha256:` and the digest of the bytes as found."""
    return ObjectId("sha256:" + hashlib.sha256(der).hexdigest())


def unreadable(der: bytes, what: str, error: Exception) -> InputError:
    """The error for bytes that cannot be read as what they should be."""
    return InputError(object_id(der), (Problem(where=what, what=str(error)),))


class Parts(NamedTuple):
    """Where things lie in a certificate, as exact slices of the input."""

    tbs: bytes
    """tbsCertificate with its header, exactly the bytes that were signed."""
    algorithm: Node
    """Outer AlgorithmIdentifier."""
    signature: bytes
    serial: int
    issuer: bytes
    """The issuer Name, encoded."""
    subject: bytes
    spki: bytes
    """The whole SubjectPublicKeyInfo, encoded."""
    key_bits: bytes
    """Octets of the subjectPublicKey BIT STRING, as OCSP and RFC 5280 hash them."""
    fields: tuple[Node, ...]
    """Elements of tbsCertificate without the version tag."""
    version: int
    stop: int
    """Offset after the certificate."""


@lru_cache(maxsize=4096)
def certificate_parts(der: bytes) -> Parts:
    """Take a certificate apart. Raises InputError."""
    try:
        outer = read(der)
        tbs, algorithm, signature = outer.items("Certificate")[:3]
        fields = tbs.items("TBSCertificate")
        version = 1
        if fields and fields[0].tag == 0xA0:
            version = fields[0].only().integer() + 1
            fields = fields[1:]
        if len(fields) < 6:
            raise Malformed("tbsCertificate ends before the public key")
        return Parts(
            tbs=tbs.raw,
            algorithm=algorithm,
            signature=signature.bits(),
            serial=fields[0].expect(0x02, "serialNumber").integer(),
            issuer=fields[2].raw,
            subject=fields[4].raw,
            spki=fields[5].raw,
            key_bits=fields[5].items("SubjectPublicKeyInfo")[1].bits(),
            fields=tuple(fields),
            version=version,
            stop=outer.stop,
        )
    except (ValueError, IndexError) as error:
        raise unreadable(der, "certificate", error) from error


@lru_cache(maxsize=8192)
def parse_certificate(der: bytes) -> Certificate:
    """Read one certificate. Raises InputError where its structure cannot be read at all.

    The result depends on the bytes alone and is cached by them.
    """
    parts = certificate_parts(der)
    try:
        validity = parts.fields[3].items("Validity")
        draft = Draft(issuer=parts.fields[2])
        issuer, subject = name_of(parts.fields[2]), name_of(parts.fields[4])
        for label, name in (("issuer", issuer), ("subject", subject)):
            if is_undecodable(name):
                draft.note("certificate.name-undecodable", label)
        key = public_key_info(parts.spki)
        outer, inner = algorithm_id(parts.algorithm), algorithm_id(parts.fields[1])
        _compare(outer, inner, draft)
        _look_at_serial(parts, draft)
        extensions = _extensions(parts, draft)
        if parts.stop != len(der):
            draft.note("certificate.trailing-bytes", f"{len(der) - parts.stop} octets after the certificate")
        if parts.version not in (1, 2, 3) or (extensions and parts.version != 3):
            draft.note("certificate.version-unfit", f"version {parts.version}, {len(extensions)} extensions")
        return Certificate(
            id=object_id(der),
            version=parts.version,
            serial=parts.serial,
            issuer=issuer,
            subject=subject,
            not_before=validity[0].time(),
            not_after=validity[1].time(),
            key=key,
            signature_algorithm=outer,
            inner_signature_algorithm=inner,
            extensions=extensions,
            **draft.finish(),
            findings=tuple(draft.findings),
        )
    except (ValueError, IndexError) as error:
        raise unreadable(der, "certificate", error) from error


def _compare(outer: AlgorithmId, inner: AlgorithmId, draft: Draft) -> None:
    """RFC 5280 section 4.1.1.2 wants both algorithm identifiers the same."""
    if outer.oid != inner.oid:
        draft.note("certificate.algorithms-differ", f"outer {outer.oid}, inner {inner.oid}")
    elif outer.parameters != inner.parameters:
        draft.note("certificate.algorithm-parameters-differ", f"outer {outer.parameters}, inner {inner.parameters}")


def _look_at_serial(parts: Parts, draft: Draft) -> None:
    """RFC 5280 section 4.1.2.2: positive, at most 20 octets."""
    if parts.serial <= 0 or len(parts.fields[0].content) > 20:
        draft.note("certificate.serial-unfit", f"{parts.serial:x}")


def _extensions(parts: Parts, draft: Draft) -> tuple[tuple[str, bool], ...]:
    """Read every extension into the draft; (OID, critical) of each in order."""
    found: list[tuple[str, bool]] = []
    block = next((node for node in parts.fields[6:] if node.tag == 0xA3), None)
    if block is None:
        return ()
    seen: set[str] = set()
    for entry in block.only().items("Extensions"):
        pieces = entry.items("Extension")
        oid = pieces[0].oid()
        critical = False
        if len(pieces) == 3:
            critical = pieces[1].expect(0x01, "critical").boolean()
            if not critical:
                draft.note("certificate.default-encoded", f"{oid}: critical FALSE is written out")
        value = pieces[-1]
        if len(pieces) not in (2, 3) or value.tag not in (0x04, 0x24):
            raise value.fail("extnValue")
        found.append((oid, critical))
        if oid in seen:
            draft.note("certificate.extension-repeated", oid)
            continue
        seen.add(oid)
        read_extension(oid, value.octets(), draft, critical=critical)
    return tuple(found)


_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_PEM_LABELS = frozenset({b"CERTIFICATE", b"X509 CERTIFICATE", b"TRUSTED CERTIFICATE", b"PKCS7", b"CMS"})
_SIGNED_DATA = frozenset({"1.2.840.113549.1.7.2", "1.2.156.10197.6.1.4.2.2"})
"""ContentInfo types that carry certificates: PKCS#7 and GB/T 35275."""


def trimmed(der: bytes) -> bytes:
    """The first element of the bytes, without what follows it; unchanged where there is none. For OpenSSL's TRUSTED CERTIFICATE."""
    try:
        return der[: read(der).stop]
    except Malformed:
        return der


def _bundled(der: bytes) -> tuple[bytes, ...]:
    """The certificates of a SignedData (RFC 5652 5.1; a `.p7b` has nothing else in it); of any other bytes, the bytes themselves."""
    try:
        content = read(der).items("ContentInfo")
        if content[0].tag != 0x06 or content[0].oid() not in _SIGNED_DATA:
            return (der,)
        fields = content[1].only().items("SignedData")
        return tuple(
            entry.raw for field in fields[3:] if field.tag == 0xA0 for entry in field.children() if entry.tag == 0x30
        )
    except (Malformed, IndexError):
        return (der,)


def read_certificates(data: bytes, name: str) -> tuple[bytes, ...]:
    """The certificates in a file: PEM bundle, DER, PKCS#7 bundle, or bare base64; each as its DER.

    `name` is how messages call the file. Raises InputError where there is none, or one cannot be read; all mistakes at once.
    """
    found: list[tuple[str, bytes]] = []
    problems: list[Problem] = []
    blocks = [match for match in _PEM.finditer(data) if match[1] in _PEM_LABELS]
    if blocks:
        for number, match in enumerate(blocks, 1):
            try:
                der = base64.b64decode(b"".join(match[2].split()), validate=True)
            except binascii.Error as error:
                problems.append(Problem(where=f"block {number}", what=f"not base64: {error}"))
                continue
            found.append((f"block {number}", trimmed(der) if match[1].startswith(b"TRUSTED") else der))
    elif data[:1] == b"\x30":
        found.append(("DER", trimmed(data)))
    else:
        try:
            found.append(("base64", base64.b64decode(b"".join(data.split()), validate=True)))
        except binascii.Error:
            problems.append(Problem(where="file", what="neither PEM nor DER nor base64"))
    found = [(where, der) for where, outer in found for der in _bundled(outer)]
    for where, der in found:
        try:
            parse_certificate(der)
        except InputError as error:
            problems.extend(Problem(where=where, what=problem.what) for problem in error.problems)
    if problems or not found:
        raise InputError(
            name,
            tuple(problems) or (Problem(where="file", what="no certificate in it"),),
            hints=("a certificate file is PEM (-----BEGIN CERTIFICATE-----), DER or a PKCS#7 bundle",),
        )
    return tuple(der for _, der in found)
