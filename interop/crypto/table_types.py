"""The shapes of the rows of the algorithm table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Curve", "Digest", "SignatureAlgorithm", "Use", "ValueEncoding"]

Use = Literal["sign", "verify", "none"]
"""What this software computes: both, verification only, or nothing (recognised by name; `none` gives Unsupported)."""

ValueEncoding = Literal["der", "raw", "pkcs1"]
"""`der` SEQUENCE of two INTEGERs; `raw` fixed-length octets (r||s, or EdDSA's R||S); `pkcs1` octets of RSA's modulus length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A hash function."""

    name: str
    """`sha256`, `sm3`, ..."""
    oid: str
    """Dotted OID as registered."""
    size: int
    """Length of the digest in octets (SHAKE256: 64, RFC 8702)."""
    uris: tuple[str, ...] = ()
    """XML DigestMethod URIs; the preferred one first."""
    aliases: tuple[str, ...] = ()
    """Further OIDs that name the same function."""
    computed: bool = True
    """False: recognised by name only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureAlgorithm:
    """A signature scheme together with its digest."""

    name: str
    """`rsa-sha256`, `ecdsa-sha384`, `sm2-sm3`, ..."""
    oids: tuple[str, ...] = ()
    """OIDs that name it without further help; the preferred one first."""
    oids_with_digest: tuple[str, ...] = ()
    """OIDs that name it together with its digest (key OIDs met in CMS; RSASSA-PSS, whose digest is in the parameters)."""
    key: str
    """Key kind it needs: `RSA`, `EC`, `SM2`, `DSA`, `Ed25519`, `Ed448`, or a kind that is only recognised."""
    digest: str
    """Name of its digest; for EdDSA that of the CMS message digest (RFC 8419 3.1); empty where the parameters state it."""
    uris: tuple[str, ...] = ()
    """XML SignatureMethod URIs; the preferred one first."""
    encoding_cms: ValueEncoding
    """Encoding of the value in X.509 and CMS."""
    encoding_xml: ValueEncoding
    """Encoding of the value in XML (XML-Signature 1.1 section 6.4; China Customs 6 for SM2)."""
    use: Use = "none"
    """What this software computes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A named elliptic curve."""

    name: str
    """`P-256`, `brainpoolP256r1`, `sm2p256v1`, ..."""
    oid: str
    """Dotted OID as registered."""
    bits: int
    """Size of the order in bits."""
    kind: Literal["EC", "SM2"]
    """Kind of the keys on it."""
    computed: bool = True
    """False: recognised by name only."""

    @property
    def octets(self) -> int:
        """Length of one coordinate, and of r and of s in the raw encoding."""
        return (self.bits + 7) // 8
