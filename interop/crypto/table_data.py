"""The rows of the algorithm table. Registered OIDs and URIs only; how to look them up is in `table`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from interop.crypto.table_types import Curve, Digest, SignatureAlgorithm, Use

__all__ = [
    "CURVES",
    "CUSTOMS",
    "DIGESTS",
    "DSA_KEY",
    "EC_PUBLIC_KEY",
    "KEY_OIDS",
    "RSASSA_PSS",
    "RSA_ENCRYPTION",
    "SIGNATURES",
    "SM2",
]

_DSIG = "http://www.w3.org/2000/09/xmldsig#"
_DSIG11 = "http://www.w3.org/2009/xmldsig11#"
_MORE_2001 = "http://www.w3.org/2001/04/xmldsig-more#"
_MORE_2007 = "http://www.w3.org/2007/05/xmldsig-more#"
_MORE_2021 = "http://www.w3.org/2021/04/xmldsig-more#"
_ENC = "http://www.w3.org/2001/04/xmlenc#"
CUSTOMS: Final = "http://www.chinaport.gov.cn/2022/04/xmldsig#"
"""Prefix of the algorithm identifiers of China Customs (e-commerce message specification, 202205 edition, section 6)."""
_CRYPTOPRO = "urn:ietf:params:xml:ns:cpxmlsec:algorithms:"

RSA_ENCRYPTION: Final = "1.2.840.113549.1.1.1"
RSASSA_PSS: Final = "1.2.840.113549.1.1.10"
DSA_KEY: Final = "1.2.840.10040.4.1"
EC_PUBLIC_KEY: Final = "1.2.840.10045.2.1"
SM2: Final = "1.2.156.10197.1.301"
"""The curve; GM/T 0015-2023 lets it stand for the algorithm of a key too."""
_HASH: Final = "2.16.840.1.101.3.4.2"
_SIG: Final = "2.16.840.1.101.3.4.3"
_PLAIN: Final = "0.4.0.127.0.7.1.1.4.1"
_KISA: Final = "1.2.410.200004.1"
_UA: Final = "1.2.804.2.1.1.1.1"
_KZ: Final = "1.2.398.3.10.1"
"""National algorithms of Kazakhstan; the digests as published implementations of its signatures name them."""

DIGESTS: Final[tuple[Digest, ...]] = (
    Digest(name="md5", oid="1.2.840.113549.2.5", size=16, uris=(_MORE_2001 + "md5",)),
    Digest(name="sha1", oid="1.3.14.3.2.26", size=20, uris=(_DSIG + "sha1",)),
    Digest(name="ripemd160", oid="1.3.36.3.2.1", size=20, uris=(_ENC + "ripemd160",)),
    Digest(name="sha224", oid=_HASH + ".4", size=28, uris=(_MORE_2001 + "sha224",)),
    Digest(name="sha256", oid=_HASH + ".1", size=32, uris=(_ENC + "sha256",)),
    Digest(name="sha384", oid=_HASH + ".2", size=48, uris=(_MORE_2001 + "sha384",)),
    Digest(name="sha512", oid=_HASH + ".3", size=64, uris=(_ENC + "sha512",)),
    Digest(name="sha3-224", oid=_HASH + ".7", size=28, uris=(_MORE_2007 + "sha3-224",)),
    Digest(name="sha3-256", oid=_HASH + ".8", size=32, uris=(_MORE_2007 + "sha3-256",)),
    Digest(name="sha3-384", oid=_HASH + ".9", size=48, uris=(_MORE_2007 + "sha3-384",)),
    Digest(name="sha3-512", oid=_HASH + ".10", size=64, uris=(_MORE_2007 + "sha3-512",)),
    Digest(name="shake256", oid=_HASH + ".12", size=64),
    Digest(
        name="sm3",
        oid="1.2.156.10197.1.401",
        size=32,
        uris=(CUSTOMS + "sm3", "urn:oid:1.2.156.10197.1.401"),
        aliases=("1.2.156.10197.1.401.1",),
    ),
    Digest(
        name="gost3411-2012-256",
        oid="1.2.643.7.1.1.2.2",
        size=32,
        uris=(_CRYPTOPRO + "gostr34112012-256",),
        computed=False,
    ),
    Digest(
        name="gost3411-2012-512",
        oid="1.2.643.7.1.1.2.3",
        size=64,
        uris=(_CRYPTOPRO + "gostr34112012-512",),
        computed=False,
    ),
    Digest(name="kz-gost34311", oid=_KZ + ".3.1", size=32, computed=False),
    Digest(name="kz-gost3411-2015-256", oid=_KZ + ".3.2", size=32, computed=False),
    Digest(name="kz-gost3411-2015-512", oid=_KZ + ".3.3", size=64, computed=False),
    Digest(name="gost34311", oid=_UA + ".2.1", size=32, computed=False),
    Digest(name="kupyna-256", oid=_UA + ".2.2.1", size=32, computed=False),
    Digest(name="kupyna-384", oid=_UA + ".2.2.2", size=48, computed=False),
    Digest(name="kupyna-512", oid=_UA + ".2.2.3", size=64, computed=False),
    Digest(name="has160", oid=_KISA + ".2", size=20, computed=False),
)


def _rsa(digest: str, oid: str, uri: str | None, use: Use) -> SignatureAlgorithm:
    """RSASSA-PKCS1-v1_5 (RFC 8017 8.2)."""
    return SignatureAlgorithm(
        name=f"rsa-{digest}",
        oids=(oid,),
        oids_with_digest=(RSA_ENCRYPTION,),
        key="RSA",
        digest=digest,
        uris=() if uri is None else (uri,),
        encoding_cms="pkcs1",
        encoding_xml="pkcs1",
        use=use,
    )


def _pss(digest: str, use: Use = "verify") -> SignatureAlgorithm:
    """RSASSA-PSS with MGF1 over the same digest; the XML form fixes the salt to the digest's length (RFC 9231 2.3.10)."""
    return SignatureAlgorithm(
        name=f"rsa-pss-{digest}",
        oids_with_digest=(RSASSA_PSS,),
        key="RSA",
        digest=digest,
        uris=(f"{_MORE_2007}{digest}-rsa-MGF1",),
        encoding_cms="pkcs1",
        encoding_xml="pkcs1",
        use=use,
    )


def _ecdsa(digest: str, oid: str, uri: str, use: Use) -> SignatureAlgorithm:
    """ECDSA (RFC 5758 3.2; XML-Signature 1.1 section 6.4.3)."""
    return SignatureAlgorithm(
        name=f"ecdsa-{digest}",
        oids=(oid,),
        oids_with_digest=(EC_PUBLIC_KEY,),
        key="EC",
        digest=digest,
        uris=(uri,),
        encoding_cms="der",
        encoding_xml="raw",
        use=use,
    )


def _plain(digest: str, arc: int, use: Use) -> SignatureAlgorithm:
    """ECDSA with the value as r||s, also in CMS (BSI TR-03111 5.2.1)."""
    return SignatureAlgorithm(
        name=f"plain-ecdsa-{digest}",
        oids=(f"{_PLAIN}.{arc}",),
        key="EC",
        digest=digest,
        encoding_cms="raw",
        encoding_xml="raw",
        use=use,
    )


def _dsa(digest: str, oids: tuple[str, ...], uri: str | None) -> SignatureAlgorithm:
    """DSA (FIPS 186-4), verified only."""
    return SignatureAlgorithm(
        name=f"dsa-{digest}",
        oids=oids,
        oids_with_digest=(DSA_KEY,),
        key="DSA",
        digest=digest,
        uris=() if uri is None else (uri,),
        encoding_cms="der",
        encoding_xml="raw",
        use="verify",
    )


def _opaque(name: str, oids: tuple[str, ...], key: str, digest: str, uris: tuple[str, ...] = ()) -> SignatureAlgorithm:
    """Recognised by name, never computed; its value is taken as octets."""
    return SignatureAlgorithm(
        name=name, oids=oids, key=key, digest=digest, uris=uris, encoding_cms="raw", encoding_xml="raw"
    )


SIGNATURES: Final[tuple[SignatureAlgorithm, ...]] = (
    _rsa("md5", "1.2.840.113549.1.1.4", _MORE_2001 + "rsa-md5", "verify"),
    _rsa("sha1", "1.2.840.113549.1.1.5", _DSIG + "rsa-sha1", "verify"),
    _rsa("sha224", "1.2.840.113549.1.1.14", _MORE_2001 + "rsa-sha224", "sign"),
    _rsa("sha256", "1.2.840.113549.1.1.11", _MORE_2001 + "rsa-sha256", "sign"),
    _rsa("sha384", "1.2.840.113549.1.1.12", _MORE_2001 + "rsa-sha384", "sign"),
    _rsa("sha512", "1.2.840.113549.1.1.13", _MORE_2001 + "rsa-sha512", "sign"),
    _rsa("sha3-224", _SIG + ".13", None, "sign"),
    _rsa("sha3-256", _SIG + ".14", None, "sign"),
    _rsa("sha3-384", _SIG + ".15", None, "sign"),
    _rsa("sha3-512", _SIG + ".16", None, "sign"),
    _rsa("ripemd160", "1.3.36.3.3.1.2", _MORE_2001 + "rsa-ripemd160", "none"),
    _rsa("sm3", "1.2.156.10197.1.504", None, "none"),
    SignatureAlgorithm(
        name="rsa-pss",  # digest in the parameters, not (yet) known
        oids=(RSASSA_PSS,),
        key="RSA",
        digest="",
        uris=(_MORE_2007 + "rsa-pss",),
        encoding_cms="pkcs1",
        encoding_xml="pkcs1",
    ),
    _pss("sha1"),
    _pss("sha224"),
    _pss("sha256", "sign"),
    _pss("sha384", "sign"),
    _pss("sha512", "sign"),
    _pss("sha3-224"),
    _pss("sha3-256"),
    _pss("sha3-384"),
    _pss("sha3-512"),
    _ecdsa("sha1", "1.2.840.10045.4.1", _MORE_2001 + "ecdsa-sha1", "verify"),
    _ecdsa("sha224", "1.2.840.10045.4.3.1", _MORE_2001 + "ecdsa-sha224", "sign"),
    _ecdsa("sha256", "1.2.840.10045.4.3.2", _MORE_2001 + "ecdsa-sha256", "sign"),
    _ecdsa("sha384", "1.2.840.10045.4.3.3", _MORE_2001 + "ecdsa-sha384", "sign"),
    _ecdsa("sha512", "1.2.840.10045.4.3.4", _MORE_2001 + "ecdsa-sha512", "sign"),
    _ecdsa("sha3-224", _SIG + ".9", _MORE_2021 + "ecdsa-sha3-224", "sign"),
    _ecdsa("sha3-256", _SIG + ".10", _MORE_2021 + "ecdsa-sha3-256", "sign"),
    _ecdsa("sha3-384", _SIG + ".11", _MORE_2021 + "ecdsa-sha3-384", "sign"),
    _ecdsa("sha3-512", _SIG + ".12", _MORE_2021 + "ecdsa-sha3-512", "sign"),
    _plain("sha1", 1, "verify"),
    _plain("sha224", 2, "sign"),
    _plain("sha256", 3, "sign"),
    _plain("sha384", 4, "sign"),
    _plain("sha512", 5, "sign"),
    SignatureAlgorithm(
        name="sm2-sm3",
        oids=("1.2.156.10197.1.501", "1.2.156.10197.1.301.1"),
        oids_with_digest=(SM2, EC_PUBLIC_KEY),
        key="SM2",
        digest="sm3",
        uris=(CUSTOMS + "sm2-sm3", "urn:oid:1.2.156.10197.1.501", _DSIG + "sm2-sm3"),
        encoding_cms="der",
        encoding_xml="raw",
        use="sign",
    ),
    _dsa("sha1", ("1.2.840.10040.4.3",), _DSIG + "dsa-sha1"),
    _dsa("sha224", (_SIG + ".1",), None),
    _dsa("sha256", (_SIG + ".2",), _DSIG11 + "dsa-sha256"),
    SignatureAlgorithm(
        name="ed25519",
        oids=("1.3.101.112",),
        key="Ed25519",
        digest="sha512",
        uris=(_MORE_2021 + "eddsa-ed25519",),
        encoding_cms="raw",
        encoding_xml="raw",
        use="sign",
    ),
    SignatureAlgorithm(
        name="ed448",
        oids=("1.3.101.113",),
        key="Ed448",
        digest="shake256",
        uris=(_MORE_2021 + "eddsa-ed448",),
        encoding_cms="raw",
        encoding_xml="raw",
        use="sign",
    ),
    _opaque(
        "gost3410-2012-256",
        ("1.2.643.7.1.1.3.2",),
        "GOST",
        "gost3411-2012-256",
        (_CRYPTOPRO + "gostr34102012-gostr34112012-256",),
    ),
    _opaque(
        "gost3410-2012-512",
        ("1.2.643.7.1.1.3.3",),
        "GOST",
        "gost3411-2012-512",
        (_CRYPTOPRO + "gostr34102012-gostr34112012-512",),
    ),
    _opaque("gost3410-2001", (), "GOST", "", (_MORE_2001 + "gostr34102001-gostr3411",)),
    _opaque("kz-gost3410-2015-256", (_KZ + ".1.2.3.1",), "GOST-KZ", "kz-gost3411-2015-256"),
    _opaque("kz-gost3410-2015-512", (_KZ + ".1.2.3.2",), "GOST-KZ", "kz-gost3411-2015-512"),
    _opaque("kz-gost34310-2004", (_KZ + ".1.1.2",), "GOST-KZ", "kz-gost34311"),
    _opaque("dstu4145-gost34311", (_UA + ".3.1.1",), "DSTU", "gost34311"),
    _opaque("dstu4145-kupyna-256", (_UA + ".3.6.1", _UA + ".3.6.1.1"), "DSTU", "kupyna-256"),
    _opaque("dstu4145-kupyna-384", (_UA + ".3.6.2", _UA + ".3.6.2.1"), "DSTU", "kupyna-384"),
    _opaque("dstu4145-kupyna-512", (_UA + ".3.6.3", _UA + ".3.6.3.1"), "DSTU", "kupyna-512"),
    _opaque("kcdsa-has160", (_KISA + ".8",), "KCDSA", "has160"),
    _opaque("kcdsa-sha1", (_KISA + ".9",), "KCDSA", "sha1"),
    _opaque("rsa-has160", (_KISA + ".20",), "RSA", "has160"),
)

CURVES: Final[tuple[Curve, ...]] = (
    Curve(name="P-192", oid="1.2.840.10045.3.1.1", bits=192, kind="EC"),
    Curve(name="P-224", oid="1.3.132.0.33", bits=224, kind="EC"),
    Curve(name="P-256", oid="1.2.840.10045.3.1.7", bits=256, kind="EC"),
    Curve(name="P-384", oid="1.3.132.0.34", bits=384, kind="EC"),
    Curve(name="P-521", oid="1.3.132.0.35", bits=521, kind="EC"),
    Curve(name="secp256k1", oid="1.3.132.0.10", bits=256, kind="EC"),
    Curve(name="brainpoolP256r1", oid="1.3.36.3.3.2.8.1.1.7", bits=256, kind="EC"),
    Curve(name="brainpoolP384r1", oid="1.3.36.3.3.2.8.1.1.11", bits=384, kind="EC"),
    Curve(name="brainpoolP512r1", oid="1.3.36.3.3.2.8.1.1.13", bits=512, kind="EC"),
    Curve(name="FRP256v1", oid="1.2.250.1.223.101.256.1", bits=256, kind="EC", computed=False),
    Curve(name="sm2p256v1", oid=SM2, bits=256, kind="SM2"),
)

KEY_OIDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        RSA_ENCRYPTION: "RSA",
        RSASSA_PSS: "RSA",  # a key restricted to PSS (RFC 4055 1.2)
        EC_PUBLIC_KEY: "EC",
        SM2: "SM2",  # GM/T 0015-2023 allows the SM2 OID in place of id-ecPublicKey
        DSA_KEY: "DSA",
        "1.3.101.112": "Ed25519",
        "1.3.101.113": "Ed448",
        "1.2.643.7.1.1.1.1": "GOST",
        "1.2.643.7.1.1.1.2": "GOST",
        _KZ + ".1.2.1": "GOST-KZ",
        _KZ + ".1.2.2": "GOST-KZ",
        _KZ + ".1.1.1": "GOST-KZ",
        _UA + ".3.1.1": "DSTU",
        _KISA + ".1": "KCDSA",
        _KISA + ".21": "KCDSA",
    }
)
