"""The signature schemes that `cryptography` computes: RSA, ECDSA, DSA and EdDSA, with their value encodings."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa

from interop.crypto.der import NotDer, read_pair, write_pair
from interop.crypto.pss import PssParameters, sign_pss
from interop.crypto.table_types import SignatureAlgorithm
from interop.model.errors import Unsupported

__all__ = ["pair_encoding", "sign", "verify"]

_Pair = Literal["der", "raw"]

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "md5": hashes.MD5(),  # noqa: S303 - verified only; the suites refuse it
    "sha1": hashes.SHA1(),  # noqa: S303 - verified only; the suites refuse it
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
    "sha3-224": hashes.SHA3_224(),
    "sha3-256": hashes.SHA3_256(),
    "sha3-384": hashes.SHA3_384(),
    "sha3-512": hashes.SHA3_512(),
}


def _hash(name: str) -> hashes.HashAlgorithm:
    found = _HASHES.get(name)
    if found is None:
        raise Unsupported(f"signatures over digest '{name}' are not computed")
    return found


def pair_encoding(value: bytes) -> _Pair | None:
    """`der` for a strict SEQUENCE of two INTEGERs, `raw` for any other even number of octets, None for the rest."""
    try:
        read_pair(value)
    except NotDer:
        return "raw" if value and len(value) % 2 == 0 else None
    return "der"


def _pairs(value: bytes, octets: int, encoding: _Pair | None) -> list[bytes]:
    """The readings of a value as r and s, each in DER: none, one, or (for octets that happen to fit both) two."""
    found: list[bytes] = []
    if encoding in (None, "der"):
        try:
            read_pair(value)
            found.append(value)
        except NotDer:
            pass
    if encoding in (None, "raw") and len(value) == 2 * octets:
        found.append(write_pair(int.from_bytes(value[:octets], "big"), int.from_bytes(value[octets:], "big")))
    return found


def _padding(algorithm: SignatureAlgorithm, pss: PssParameters | None) -> padding.AsymmetricPadding:
    if not algorithm.name.startswith("rsa-pss"):
        return padding.PKCS1v15()
    if pss is None:
        return padding.PSS(padding.MGF1(_hash(algorithm.digest)), padding.PSS.AUTO)
    return padding.PSS(padding.MGF1(_hash(pss.mgf_digest)), pss.salt_length)


def _holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except InvalidSignature:
        return False
    except UnsupportedAlgorithm as error:
        raise Unsupported(f"this build of cryptography does not compute it: {error}") from error
    return True


def verify(
    key: rsa.RSAPublicKey
    | ec.EllipticCurvePublicKey
    | dsa.DSAPublicKey
    | ed25519.Ed25519PublicKey
    | ed448.Ed448PublicKey,
    algorithm: SignatureAlgorithm,
    value: bytes,
    data: bytes,
    *,
    encoding: _Pair | None,
    pss: PssParameters | None,
) -> bool:
    """Whether the value is the key's signature over `data`. Raises Unsupported."""
    if isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
        return _holds(partial(key.verify, value, data))
    hash_algorithm = _hash(algorithm.digest)
    if isinstance(key, rsa.RSAPublicKey):
        return _holds(partial(key.verify, value, data, _padding(algorithm, pss), hash_algorithm))
    if isinstance(key, ec.EllipticCurvePublicKey):
        octets = (key.curve.key_size + 7) // 8
        scheme = ec.ECDSA(hash_algorithm)
        return any(_holds(partial(key.verify, pair, data, scheme)) for pair in _pairs(value, octets, encoding))
    octets = (key.parameters().parameter_numbers().q.bit_length() + 7) // 8
    return any(_holds(partial(key.verify, pair, data, hash_algorithm)) for pair in _pairs(value, octets, encoding))


def sign(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey,
    algorithm: SignatureAlgorithm,
    data: bytes,
    *,
    encoding: _Pair,
    pss: PssParameters | None = None,
) -> bytes:
    """The signature value: ECDSA with the nonce of RFC 6979, PSS with the salt of `crypto.pss`. Same input, same octets."""
    if isinstance(key, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey):
        return key.sign(data)
    hash_algorithm = _hash(algorithm.digest)
    if isinstance(key, rsa.RSAPrivateKey):
        if algorithm.name.startswith("rsa-pss"):
            return sign_pss(key, algorithm.digest, data, pss)
        return key.sign(data, padding.PKCS1v15(), hash_algorithm)
    value = key.sign(data, ec.ECDSA(hash_algorithm, deterministic_signing=True))
    if encoding == "der":
        return value
    octets = (key.curve.key_size + 7) // 8
    return b"".join(number.to_bytes(octets, "big") for number in read_pair(value))
