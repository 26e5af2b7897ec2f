"""Public keys: read from SubjectPublicKeyInfo, kept once parsed, verified with."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

from interop.crypto import schemes, sm2, sm2_keys, table
from interop.crypto.der import BIT_STRING, NULL, OBJECT_IDENTIFIER, SEQUENCE, NotDer, Reader, encode
from interop.crypto.pss import PssParameters, PssRestriction, parameters_for, restriction_of
from interop.crypto.sm2 import DEFAULT_ID, Encoding
from interop.crypto.table_types import SignatureAlgorithm, ValueEncoding
from interop.model.errors import Unsupported

__all__ = [
    "CURVES",
    "MalformedKey",
    "NativePublic",
    "PublicKey",
    "algorithm_named",
    "describe",
    "inherit_parameters",
    "load_public_key",
    "measure",
    "value_encoding",
]


class MalformedKey(Unsupported):
    """The octets are no key: broken ASN.1, a point off its curve, numbers out of range. Nothing verifies with it."""


NativePublic = (
    rsa.RSAPublicKey | ec.EllipticCurvePublicKey | dsa.DSAPublicKey | ed25519.Ed25519PublicKey | ed448.Ed448PublicKey
)

_MAX_BITS = 16384  # OpenSSL's OPENSSL_RSA_MAX_MODULUS_BITS

CURVES: dict[str, ec.EllipticCurve] = {
    "P-192": ec.SECP192R1(),
    "P-224": ec.SECP224R1(),
    "P-256": ec.SECP256R1(),
    "P-384": ec.SECP384R1(),
    "P-521": ec.SECP521R1(),
    "secp256k1": ec.SECP256K1(),
    "brainpoolP256r1": ec.BrainpoolP256R1(),
    "brainpoolP384r1": ec.BrainpoolP384R1(),
    "brainpoolP512r1": ec.BrainpoolP512R1(),
}
_CURVE_NAMES = {curve.name: name for name, curve in CURVES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A public key, ready to verify."""

    kind: str
    """Key kind of the table."""
    spki: bytes = field(repr=False)
    """SubjectPublicKeyInfo as it was given, DER."""
    bits: int
    """Size of the modulus, of p, or of the curve."""
    curve: str | None
    """Name of the curve in the table; None where the kind has none."""
    pss: PssRestriction | None = None
    """What an RSA key is restricted to; None: any scheme (rsaEncryption)."""
    _native: NativePublic | sm2.Sm2PublicKey = field(repr=False, compare=False)

    @property
    def label(self) -> str:
        """For people: `RSA-3072`, `P-256`, `SM2`, `Ed25519`."""
        return describe(self.kind, self.bits, self.curve)

    def admits(self, signature_name: str, pss: PssParameters | None = None) -> bool:
        """Whether the key may be used so: its kind fits, and a restriction to RSASSA-PSS is kept (RFC 4055 section 3.3).

        Raises Unsupported for a name that the table does not know.
        """
        algorithm = algorithm_named(signature_name)
        if algorithm.key != self.kind:
            return False
        if self.pss is None:
            return True
        if not algorithm.name.startswith("rsa-pss"):
            return False
        used = pss or parameters_for(algorithm.digest)
        return (
            self.pss.digest in (None, algorithm.digest)
            and self.pss.mgf_digest in (None, used.mgf_digest)
            and used.salt_length >= self.pss.salt_length
        )

    def verify(
        self,
        signature_name: str,
        value: bytes,
        data: bytes,
        *,
        sm2_id: str | None = DEFAULT_ID,
        encoding: Encoding | None = None,
        pss: PssParameters | None = None,
    ) -> bool:
        """Whether `value` is this key's signature over `data`.

        `encoding` narrows ECDSA, DSA and SM2 to one encoding of the value; None takes either. `sm2_id` None means that no
        Z was hashed. `pss` are the parameters of the AlgorithmIdentifier; None: MGF1 with the same digest, any salt length.
        False also where the key is not for this algorithm (`admits`). Raises Unsupported.
        """
        algorithm = algorithm_named(signature_name)
        if algorithm.use == "none":
            raise Unsupported(f"signature '{signature_name}' is recognised but not computed")
        native = self._native
        if not self.admits(signature_name, pss):
            return False
        if algorithm.name.startswith("plain-"):
            encoding = encoding or "raw"
        if isinstance(native, sm2.Sm2PublicKey):
            return native.verify(data, value, sm2_id=sm2_id, encoding=encoding)
        return schemes.verify(native, algorithm, value, data, encoding=encoding, pss=pss)


def algorithm_named(name: str) -> SignatureAlgorithm:
    """The row of the table; raises Unsupported where there is none."""
    algorithm = table.signature(name)
    if algorithm is None:
        raise Unsupported(f"signature '{name}' is unknown")
    return algorithm


def describe(kind: str, bits: int, curve: str | None) -> str:
    """For people: `RSA-3072`, `P-256`, `SM2`, `Ed25519`."""
    if kind == "EC":
        return curve or f"EC-{bits}"
    return f"{kind}-{bits}" if kind in ("RSA", "DSA") else kind


def value_encoding(signature_name: str, value: bytes) -> ValueEncoding | None:
    """The encoding that the octets of a signature value are in; None where they fit none that the algorithm has."""
    algorithm = algorithm_named(signature_name)
    if algorithm.encoding_cms == algorithm.encoding_xml:
        return algorithm.encoding_cms
    return schemes.pair_encoding(value)


def load_public_key(spki_der: bytes, *, cached: bool = True) -> PublicKey:
    """A key from its SubjectPublicKeyInfo. `cached` gives the key parsed before for the same octets.

    Raises Unsupported for kinds and curves that are not computed, MalformedKey (one of those) for what is no key.
    """
    return _cached_public_key(spki_der) if cached else _public_key(spki_der)


def _public_key(spki: bytes) -> PublicKey:
    try:
        point = sm2_keys.public_point(spki)
        oid, parameters = sm2_keys.spki_oids(spki)
    except NotDer as error:
        raise MalformedKey(f"malformed public key: {error}") from error
    if point is not None:
        return PublicKey(
            kind="SM2", spki=spki, bits=256, curve="sm2p256v1", _native=sm2.Sm2PublicKey.from_point(*point)
        )
    kind = table.key_kind_by_oid(oid)
    if kind not in ("RSA", "EC", "DSA", "Ed25519", "Ed448"):
        raise Unsupported(f"keys of kind {kind or oid} are not computed")
    if kind == "EC":
        _require_computed_curve(parameters)
    if kind == "DSA" and not _has_parameters(spki):
        raise Unsupported("DSA key without parameters: they are its issuer's (RFC 3279 2.3.2)")
    try:
        native = serialization.load_der_public_key(spki)
    except UnsupportedAlgorithm as error:
        raise Unsupported(f"public key of kind {kind}: {error}") from error
    except ValueError as error:
        raise MalformedKey(f"malformed public key of kind {kind}: {error}") from error
    if not isinstance(native, NativePublic):
        raise Unsupported(f"keys of kind {kind} are not computed")
    try:
        pss = restriction_of(spki)
    except NotDer as error:
        raise MalformedKey(f"malformed parameters of an RSASSA-PSS key: {error}") from error
    bits, curve = measure(native)
    if bits > _MAX_BITS:
        raise Unsupported(f"a modulus of {bits} bits is not computed (at most {_MAX_BITS})")
    return PublicKey(kind=kind, spki=spki, bits=bits, curve=curve, pss=pss, _native=native)


def _has_parameters(spki: bytes) -> bool:
    algorithm = Reader(Reader(Reader(spki).read(SEQUENCE)).read(SEQUENCE))
    algorithm.read(OBJECT_IDENTIFIER)
    return bool(algorithm) and algorithm.tag() != NULL


def inherit_parameters(spki: bytes, issuer_spki: bytes) -> bytes:
    """A DSA SubjectPublicKeyInfo completed with its issuer's parameters (RFC 3279 2.3.2); any other is given back as it is.

    Raises MalformedKey where one of the two is not DER.
    """
    try:
        kinds = {table.key_kind_by_oid(sm2_keys.spki_oids(octets)[0]) for octets in (spki, issuer_spki)}
        if kinds != {"DSA"} or _has_parameters(spki):
            return spki
        own, other = (Reader(Reader(octets).read(SEQUENCE)) for octets in (spki, issuer_spki))
        own.read(SEQUENCE)
        return encode(SEQUENCE, encode(SEQUENCE, other.read(SEQUENCE)), encode(BIT_STRING, own.read(BIT_STRING)))
    except NotDer as error:
        raise MalformedKey(f"malformed public key: {error}") from error


_cached_public_key = lru_cache(maxsize=8192)(_public_key)


def _require_computed_curve(oid: str | None) -> None:
    if oid is None:
        raise Unsupported("elliptic curves by explicit parameters are not computed (RFC 5480 2.1.1 forbids them)")
    curve = table.curve_by_oid(oid)
    if curve is None or curve.name not in CURVES:
        raise Unsupported(f"curve {oid if curve is None else curve.name} is not computed")


def measure(native: NativePublic) -> tuple[int, str | None]:
    """Size in bits and name of the curve."""
    if isinstance(native, ec.EllipticCurvePublicKey):
        name = _CURVE_NAMES.get(native.curve.name)
        if name is None:
            raise Unsupported(f"curve {native.curve.name} is not computed")
        return native.curve.key_size, name
    if isinstance(native, ed25519.Ed25519PublicKey):
        return 256, None
    if isinstance(native, ed448.Ed448PublicKey):
        return 456, None
    return native.key_size, None
