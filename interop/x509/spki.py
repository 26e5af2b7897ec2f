"""AlgorithmIdentifier and SubjectPublicKeyInfo (RFC 5280 sections 4.1.1.2 and 4.1.2.7; GM/T 0015 for SM2)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache

from interop.crypto import table
from interop.crypto.table_data import EC_PUBLIC_KEY, RSASSA_PSS
from interop.model.certificate import AlgorithmId, PublicKeyInfo
from interop.x509.ber import Malformed, Node, read
from interop.x509.signature_name import pss_digest

__all__ = ["algorithm_id", "algorithm_id_of", "public_key_info"]


def algorithm_id(node: Node) -> AlgorithmId:
    """An AlgorithmIdentifier as written. Raises Malformed."""
    if node.tag != 0x30:
        raise node.fail("AlgorithmIdentifier")
    return algorithm_id_of(node.raw)


@lru_cache(maxsize=1024)
def algorithm_id_of(raw: bytes) -> AlgorithmId:
    """The same from its bytes."""
    parts = read(raw).children()
    if not 1 <= len(parts) <= 2:
        raise Malformed("AlgorithmIdentifier has no algorithm, or more than its parameters")
    oid, parameters = parts[0].oid(), _parameters(parts[1]) if len(parts) == 2 else None
    return AlgorithmId(oid=oid, parameters=parameters, digest_oid=pss_digest(parameters) if oid == RSASSA_PSS else None)


def _parameters(node: Node) -> str:
    if node.tag == 0x05 and node.body == node.end:
        return "null"
    return node.oid() if node.tag == 0x06 else node.raw.hex()


@lru_cache(maxsize=2048)
def public_key_info(raw: bytes) -> PublicKeyInfo:
    """A SubjectPublicKeyInfo; unknown algorithms and curves keep their dotted OID. Raises Malformed."""
    parts = read(raw).items("SubjectPublicKeyInfo")
    if len(parts) != 2:
        raise Malformed("SubjectPublicKeyInfo is not algorithm and key")
    written = algorithm_id(parts[0])
    if written.oid == RSASSA_PSS and written.parameters is None:
        written = replace(written, digest_oid=None)  # RFC 4055 section 1.2: the key is restricted to no digest
    digest = "sha256:" + hashlib.sha256(raw).hexdigest()
    kind = table.key_kind_by_oid(written.oid) or written.oid
    curve_oid = (
        written.oid if kind == "SM2" else ""
    )  # GM/T 0015-2023: the curve's identifier may stand for the algorithm
    if written.oid == EC_PUBLIC_KEY and written.parameters and "." in written.parameters:
        curve_oid = written.parameters
    curve = table.curve_by_oid(curve_oid)
    if curve is not None:
        return PublicKeyInfo(algorithm=written, kind=curve.kind, curve=curve.name, bits=curve.bits, digest=digest)
    bits = _bits(kind, parts[0], parts[1])
    return PublicKeyInfo(algorithm=written, kind=kind, curve=curve_oid or None, bits=bits, digest=digest)


def _bits(kind: str, algorithm: Node, key: Node) -> int | None:
    """Size of an RSA or DSA modulus; None for other kinds and for what cannot be read."""
    try:
        if kind == "RSA":
            return read(key.bits()).items("RSAPublicKey")[0].integer().bit_length()
        if kind == "DSA":
            return algorithm.children()[1].items("Dss-Parms")[0].integer().bit_length()
    except (Malformed, IndexError):
        return None
    return None
