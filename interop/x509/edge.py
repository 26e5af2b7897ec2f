"""One relation between two known objects: who signed it, what it is about, whom it names. Facts for `model.knowledge.Edge`.

Verified is the exact slice of the input. Candidates are chosen by name beforehand; a False then means a forged value or
another key under the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from interop.crypto.digests import digest_bytes
from interop.crypto.keys import ids_to_try, load_public_key
from interop.model.errors import Unsupported
from interop.model.status import Crl, OcspResponse, SingleStatus
from interop.x509.ber import Malformed, Node
from interop.x509.certificate import certificate_parts, parse_certificate
from interop.x509.crl import crl_parts, parse_crl
from interop.x509.ocsp import ocsp_parts, parse_ocsp
from interop.x509.signature_name import Scheme, scheme_of
from interop.x509.spki import algorithm_id

__all__ = [
    "Kind",
    "StatusKind",
    "answers",
    "names_responder",
    "responder_key_hash",
    "single_for",
    "verify_signed",
    "verify_value",
]

Kind = Literal["certificate", "crl", "ocsp"]
StatusKind = Literal["crl", "ocsp"]


def _signed(der: bytes, kind: Kind) -> tuple[bytes, Node, bytes]:
    """(bytes signed, algorithm, value)."""
    if kind == "certificate":
        parts = certificate_parts(der)
        return parts.tbs, parts.algorithm, parts.signature
    if kind == "crl":
        crl = crl_parts(der)
        return crl.tbs, crl.algorithm, crl.signature
    ocsp = ocsp_parts(der)
    return ocsp.tbs, ocsp.algorithm, ocsp.signature


def verify_signed(object_der: bytes, kind: Kind, issuer_der: bytes, *, sm2_ids: Sequence[str] = ()) -> bool | None:
    """Whether the object carries a signature that verifies with the key of the certificate `issuer_der`.

    None: algorithm or key is known by name at most, so nothing could be computed. SM2 is tried with the default ID
    (GB/T 35276), then with those of `sm2_ids`, which a profile or agreement has settled otherwise. Raises InputError
    where one of the two cannot be read at all.
    """
    tbs, algorithm, value = _signed(object_der, kind)
    try:
        scheme = scheme_of(algorithm_id(algorithm))
    except Malformed:
        return None
    if scheme is None:
        return None
    return verify_value(scheme, value, tbs, certificate_parts(issuer_der).spki, sm2_ids=sm2_ids)


def verify_value(scheme: Scheme, value: bytes, data: bytes, spki: bytes, *, sm2_ids: Sequence[str] = ()) -> bool | None:
    """One value over `data` with a SubjectPublicKeyInfo, SM2 with IDs as in `verify_signed`; None where it cannot be computed.

    A key of another kind than the scheme's cannot have made the value: False.
    """
    try:
        key = load_public_key(spki)
        if key.kind == "SM2":
            return any(key.verify(scheme.name, value, data, sm2_id=sm2_id) for sm2_id in ids_to_try(sm2_ids))
        return key.verify(scheme.name, value, data, pss=scheme.pss)
    except Unsupported:
        return None


def answers(
    status: bytes | Crl | OcspResponse, kind: StatusKind, certificate_der: bytes, issuer_der: bytes | None = None
) -> bool:
    """Whether a CRL or OCSP response is about the certificate.

    CRL: its issuer is the certificate's; or it is indirect, and the certificate names its issuer (cRLIssuer) or an entry of it
    names the certificate's (the serial does not matter: not being listed is the answer). OCSP: one CertID has the serial, the
    hash of the issuer name, and the hash of the issuer's key where `issuer_der` is given (RFC 6960 section 4.1.1).
    False where `kind` is not that of a parsed `status`. Raises InputError for what cannot be read.
    """
    if kind == "crl":
        crl = parse_crl(status) if isinstance(status, bytes) else status
        return isinstance(crl, Crl) and _crl_answers(crl, certificate_der)
    ocsp = parse_ocsp(status) if isinstance(status, bytes) else status
    return isinstance(ocsp, OcspResponse) and single_for(ocsp, certificate_der, issuer_der) is not None


def _crl_answers(crl: Crl, certificate_der: bytes) -> bool:
    certificate = parse_certificate(certificate_der)
    if crl.issuer.normal == certificate.issuer.normal:
        return True
    if not crl.indirect:
        return False
    named = crl.issuer.normal in certificate.crl_issuers
    return named or any(entry.issuer == certificate.issuer.normal for entry in crl.revoked)


def single_for(ocsp: OcspResponse, certificate_der: bytes, issuer_der: bytes | None = None) -> SingleStatus | None:
    """The first SingleResponse about the certificate; None without. Raises InputError."""
    parts = certificate_parts(certificate_der)
    for single in ocsp.responses:
        if single.serial == parts.serial and _hashes_match(single, parts.issuer, issuer_der):
            return single
    return None


def _hashes_match(single: SingleStatus, issuer_name: bytes, issuer_der: bytes | None) -> bool:
    try:
        if digest_bytes(single.hash_algorithm, issuer_name).hex() != single.issuer_name_hash:
            # the issuer's own encoding of its name may differ from the one in what it issued
            if issuer_der is None:
                return False
            own = certificate_parts(issuer_der).subject
            if digest_bytes(single.hash_algorithm, own).hex() != single.issuer_name_hash:
                return False
        if issuer_der is None:
            return True
        key = certificate_parts(issuer_der).key_bits
        return digest_bytes(single.hash_algorithm, key).hex() == single.issuer_key_hash
    except Unsupported:
        return False


def names_responder(ocsp: OcspResponse, certificate_der: bytes) -> bool:
    """Whether the responder id names this certificate: by its subject, or by the SHA-1 of its key (RFC 6960 section 4.2.2.3).

    Raises InputError where the certificate cannot be read.
    """
    if ocsp.responder_name is not None:
        return ocsp.responder_name == parse_certificate(certificate_der).subject.normal
    return responder_key_hash(certificate_der) == ocsp.responder_key_hash


def responder_key_hash(certificate_der: bytes) -> str:
    """By what an OCSP responder id names a key: SHA-1 of its bits, hex (RFC 6960 section 4.2.1). Raises InputError."""
    return digest_bytes("sha1", certificate_parts(certificate_der).key_bits).hex()
