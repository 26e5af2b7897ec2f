"""Which signature scheme an AlgorithmIdentifier names, parameters included (RFC 4055 section 3.1 for RSASSA-PSS)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from interop.crypto import table
from interop.crypto.keys import PssParameters
from interop.crypto.pss import MGF1
from interop.crypto.table_data import RSASSA_PSS
from interop.model.certificate import AlgorithmId
from interop.x509.ber import Malformed, Node, read

__all__ = ["Scheme", "pss_digest", "scheme_of", "signature_name"]

_SHA1 = "1.3.14.3.2.26"


class Scheme(NamedTuple):
    """A signature algorithm that the table knows, with what its parameters say."""

    name: str
    """Name in the algorithm table."""
    pss: PssParameters | None = None


def _pss(parameters: str | None) -> tuple[str, str, int]:
    """(digest OID, digest OID of MGF1, salt length), defaults where left out. Raises Malformed."""
    digest, mask, salt = _SHA1, _SHA1, 20
    if parameters is None:
        return digest, mask, salt
    if parameters == "null" or "." in parameters:
        raise Malformed("RSASSA-PSS parameters are not a SEQUENCE")
    for part in read(bytes.fromhex(parameters)).items("RSASSA-PSS-params"):
        if part.tag == 0xA0:
            digest = _algorithm(part.only())[0].oid()
        elif part.tag == 0xA1:
            pieces = _algorithm(part.only())
            if pieces[0].oid() != MGF1 or len(pieces) != 2:
                raise Malformed("mask generation function is not MGF1 with a digest")
            mask = _algorithm(pieces[1])[0].oid()
        elif part.tag == 0xA2:
            salt = part.only().integer()
        elif part.tag == 0xA3 and part.only().integer() != 1:
            raise Malformed("trailerField is not 1")
    if not 0 <= salt <= 2048:
        raise Malformed("salt length is out of range")
    return digest, mask, salt


def pss_digest(parameters: str | None) -> str | None:
    """OID of the digest that RSASSA-PSS parameters name, SHA-1 where they do not; None where they cannot be read."""
    try:
        return _pss(parameters)[0]
    except ValueError:
        return None


def _algorithm(node: Node) -> list[Node]:
    pieces = node.items("AlgorithmIdentifier")
    if not pieces:
        raise Malformed("AlgorithmIdentifier is empty")
    return pieces


@lru_cache(maxsize=512)
def scheme_of(algorithm: AlgorithmId, digest_oid: str | None = None) -> Scheme | None:
    """The scheme, or None where the OID is unknown or its parameters cannot be read.

    `digest_oid` is the digest stated beside it (CMS), for identifiers that name a key only.
    """
    pss: PssParameters | None = None
    if algorithm.oid == RSASSA_PSS:
        try:
            digest_oid, mask_oid, salt = _pss(algorithm.parameters)
        except ValueError:
            return None
        mask = table.digest_by_oid(mask_oid)
        if mask is None:
            return None
        pss = PssParameters(mgf_digest=mask.name, salt_length=salt)
    found = table.signature_by_oid(algorithm.oid, digest_oid)
    return None if found is None else Scheme(found.name, pss)


def signature_name(algorithm: AlgorithmId, digest_oid: str | None = None) -> str | None:
    """Name in the algorithm table; None as in `scheme_of`."""
    scheme = scheme_of(algorithm, digest_oid)
    return None if scheme is None else scheme.name
