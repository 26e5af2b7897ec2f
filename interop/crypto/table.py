"""The one algorithm table: every name the product uses, with its registered OIDs and XML URIs. Pure data.

    >>> signature_by_oid("1.2.840.113549.1.1.1", "2.16.840.1.101.3.4.2.1").name
    'rsa-sha256'
    >>> signature_by_uri("http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3").name
    'sm2-sm3'
    >>> curve_by_oid("1.2.156.10197.1.301").kind
    'SM2'

Every lookup is by exact value and gives None for what the table does not know; where a URI is asked for, `urn:oid:` with an
OID that the table knows will do (RFC 3061). The rows are in `table_data`.
Sources: RFC 3279, 4055, 5480, 5758, 8017, 8410, 8419, 8702 and NIST CSOR (OIDs); BSI TR-03111 5.2.1 (plain ECDSA);
W3C XML-Signature 1.1 and RFC 9231 (URIs); GM/T 0006 (SM OIDs); China Customs message specification 202205, section 6 (SM URIs).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeVar

from interop.crypto.table_data import CURVES, DIGESTS, KEY_OIDS, SIGNATURES
from interop.crypto.table_types import Curve, Digest, SignatureAlgorithm

__all__ = [
    "Curve",
    "Digest",
    "SignatureAlgorithm",
    "curve",
    "curve_by_oid",
    "curves",
    "digest",
    "digest_by_oid",
    "digest_by_uri",
    "digests",
    "key_kind_by_oid",
    "key_kinds",
    "signature",
    "signature_by_oid",
    "signature_by_uri",
    "signatures",
]

_Row = TypeVar("_Row", Digest, SignatureAlgorithm, Curve)


def _index(pairs: Iterable[tuple[str, _Row]]) -> Mapping[str, _Row]:
    index: dict[str, _Row] = {}
    for key, row in pairs:
        if key in index:
            raise ValueError(f"{key} stands twice in the algorithm table: {index[key].name} and {row.name}")
        index[key] = row
    return MappingProxyType(index)


_DIGESTS = _index((d.name, d) for d in DIGESTS)
_DIGEST_OIDS = _index((oid, d) for d in DIGESTS for oid in (d.oid, *d.aliases))
_DIGEST_URIS = _index((uri, d) for d in DIGESTS for uri in d.uris)
_SIGNATURES = _index((s.name, s) for s in SIGNATURES)
_SIGNATURE_OIDS = _index((oid, s) for s in SIGNATURES for oid in s.oids)
_SIGNATURE_PAIRS = _index((f"{oid}+{s.digest}", s) for s in SIGNATURES for oid in s.oids_with_digest)
_SIGNATURE_URIS = _index((uri, s) for s in SIGNATURES for uri in s.uris)
_CURVES = _index((c.name, c) for c in CURVES)
_URN_OID = "urn:oid:"
_CURVE_OIDS = _index((c.oid, c) for c in CURVES)


def digest(name: str) -> Digest | None:
    """Digest by its name in the table, e.g. `sha256`."""
    return _DIGESTS.get(name)


def digest_by_oid(oid: str) -> Digest | None:
    """Digest by its dotted OID."""
    return _DIGEST_OIDS.get(oid)


def _urn_oid(uri: str) -> str:
    """The OID of an `urn:oid:` (RFC 3061; scheme and namespace in any case, RFC 8141 section 3.1); empty for any other URI."""
    return uri[len(_URN_OID) :] if uri[: len(_URN_OID)].lower() == _URN_OID else ""


def digest_by_uri(uri: str) -> Digest | None:
    """Digest by its XML DigestMethod URI, or by `urn:oid:`."""
    return _DIGEST_URIS.get(uri) or digest_by_oid(_urn_oid(uri))


def signature(name: str) -> SignatureAlgorithm | None:
    """Signature algorithm by its name in the table, e.g. `rsa-sha256`."""
    return _SIGNATURES.get(name)


def signature_by_oid(oid: str, digest_oid: str | None = None) -> SignatureAlgorithm | None:
    """Signature algorithm by OID; `digest_oid` decides where the OID names no digest.

    A CMS SignerInfo may carry only the key's OID (rsaEncryption, RFC 5652 with RFC 3370 3.2; id-ecPublicKey and the SM2 OID
    are met in the field), and RSASSA-PSS has its digest in the parameters. Where the OID fixes the digest, `digest_oid`
    is ignored: that they differ is for the caller to say.
    """
    found = digest_by_oid(digest_oid) if digest_oid is not None else None
    if found is not None:
        pair = _SIGNATURE_PAIRS.get(f"{oid}+{found.name}")
        if pair is not None:
            return pair
    return _SIGNATURE_OIDS.get(oid)


def signature_by_uri(uri: str) -> SignatureAlgorithm | None:
    """Signature algorithm by its XML SignatureMethod URI, or by `urn:oid:` with an OID that needs no parameters."""
    found = _SIGNATURE_URIS.get(uri) or _SIGNATURE_OIDS.get(_urn_oid(uri))
    return None if found is not None and not found.digest and uri not in found.uris else found


def curve(name: str) -> Curve | None:
    """Curve by its name in the table, e.g. `P-256`."""
    return _CURVES.get(name)


def curve_by_oid(oid: str) -> Curve | None:
    """Curve by its dotted OID."""
    return _CURVE_OIDS.get(oid)


def key_kind_by_oid(oid: str) -> str | None:
    """Key kind by the algorithm OID of a SubjectPublicKeyInfo.

    id-ecPublicKey gives `EC`: with the SM2 curve as parameters the key is of kind `SM2` (`curve_by_oid(...).kind`).
    """
    return KEY_OIDS.get(oid)


def digests() -> tuple[Digest, ...]:
    """All digests."""
    return DIGESTS


def signatures() -> tuple[SignatureAlgorithm, ...]:
    """All signature algorithms."""
    return SIGNATURES


def curves() -> tuple[Curve, ...]:
    """All curves."""
    return CURVES


def key_kinds() -> tuple[str, ...]:
    """All key kinds, each once."""
    return tuple(dict.fromkeys(KEY_OIDS.values()))
