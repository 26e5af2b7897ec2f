"""Private keys: read from PEM or DER, made, written, signed with."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from interop.crypto import schemes, sm2, sm2_keys, sm2_reference, table
from interop.crypto.der import NotDer
from interop.crypto.opaque import OpaqueKey, generate_opaque_key, is_opaque, load_opaque_key
from interop.crypto.pss import PssParameters, pss_parameters, pss_spki
from interop.crypto.public_key import (
    CURVES,
    MalformedKey,
    PublicKey,
    algorithm_named,
    describe,
    load_public_key,
    measure,
)
from interop.crypto.sm2 import DEFAULT_ID, Encoding
from interop.model.errors import Unsupported, UsageError

__all__ = ["PrivateKey", "generate_private_key", "load_private_key", "private_key_pem"]

_NativePrivate = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateKey:
    """A private key and its public half."""

    kind: str
    """Key kind of the table."""
    spki: bytes = field(repr=False)
    """SubjectPublicKeyInfo, DER (SM2: id-ecPublicKey with the SM2 curve; other forms by `spki_in`)."""
    bits: int
    """Size of the modulus or of the curve."""
    curve: str | None
    """Name of the curve in the table; None where the kind has none."""
    _native: _NativePrivate | sm2.Sm2PrivateKey | OpaqueKey = field(repr=False, compare=False)

    @property
    def label(self) -> str:
        """For people: `RSA-3072`, `P-256`, `SM2`, `Ed25519`."""
        return describe(self.kind, self.bits, self.curve)

    @property
    def public(self) -> PublicKey:
        """The public half, ready to verify. Raises Unsupported for a key that is opaque."""
        return load_public_key(self.spki)

    @property
    def opaque(self) -> bool:
        """Whether the key is octets only, of an algorithm that is not computed: what it "signs" verifies nowhere."""
        return isinstance(self._native, OpaqueKey)

    def spki_in(
        self, form: sm2_keys.SpkiForm = "ec", *, pss_digest: str | None = None, restricted: bool = False
    ) -> bytes:
        """SubjectPublicKeyInfo in the form that a profile asks for; other kinds than SM2 and RSA have only one.

        `pss_digest` puts an RSA key under id-RSASSA-PSS; `restricted` adds the usual parameters with that digest (RFC 4055 1.2).
        """
        if self.kind == "RSA" and pss_digest is not None:
            return pss_spki(self.spki, pss_parameters(pss_digest) if restricted else b"")
        if not isinstance(self._native, sm2.Sm2PrivateKey):
            return self.spki
        return sm2_keys.public_octets(self._native.point, form)

    def sign(
        self,
        signature_name: str,
        data: bytes,
        *,
        sm2_id: str | None = DEFAULT_ID,
        encoding: Encoding = "der",
        pss: PssParameters | None = None,
    ) -> bytes:
        """The signature value over `data`. `encoding` is for ECDSA and SM2; plain ECDSA, RSA and EdDSA have only one.

        `pss` are RSASSA-PSS parameters other than the usual: MGF1 over the same digest and a salt of its length.
        An opaque key gives octets of the right shape that no algorithm has made (`crypto.opaque`).
        Raises UsageError where the key is of another kind, Unsupported for what is verified only or not at all.
        """
        algorithm = algorithm_named(signature_name)
        if not self.opaque and algorithm.use != "sign":
            what = "verified only" if algorithm.use == "verify" else "recognised but not computed"
            raise Unsupported(f"signature '{signature_name}' is {what}")
        if algorithm.key != self.kind:
            raise UsageError(
                f"signature '{signature_name}' needs a key of kind {algorithm.key}, this one is {self.label}",
                hints=("set key.signature in the profile to one that fits the key",),
            )
        if isinstance(self._native, OpaqueKey):
            if signature_name not in self._native.shape.signatures:
                fitting = ", ".join(self._native.shape.signatures)
                raise UsageError(f"signature '{signature_name}' does not belong to this key (it takes {fitting})")
            return self._native.stand_in_value(signature_name, data)
        if isinstance(self._native, sm2.Sm2PrivateKey):
            return self._native.sign(data, sm2_id=sm2_id, encoding=encoding)
        raw = encoding == "raw" or algorithm.encoding_cms == "raw"
        return schemes.sign(self._native, algorithm, data, encoding="raw" if raw else "der", pss=pss)


_PEM = re.compile(rb"-----BEGIN ((?:[A-Z0-9]+ )?PRIVATE KEY)-----(.*?)-----END \1-----", re.DOTALL)


def load_private_key(pem_or_der: bytes, *, password: bytes | None = None, check: bool = False) -> PrivateKey:
    """A private key from PEM or DER: PKCS#8, SEC 1 or PKCS#1. The numbers of an RSA key are checked only on request.

    Raises Unsupported for kinds and curves that are not computed (and for encrypted SM2 keys), MalformedKey otherwise.
    """
    der = _from_pem(pem_or_der)
    if der is not None:
        try:
            number = sm2_keys.private_number(der)
        except NotDer as error:
            raise MalformedKey(f"malformed SM2 private key: {error}") from error
        if number is not None:
            return _sm2_private_key(number)
        opaque = load_opaque_key(der)
        if opaque is not None:
            return _opaque_private_key(opaque)
    load = serialization.load_der_private_key if der == pem_or_der else serialization.load_pem_private_key
    try:
        native = load(pem_or_der, password, unsafe_skip_rsa_key_validation=not check)
    except UnsupportedAlgorithm as error:
        raise Unsupported(f"private key: {error}") from error
    except (ValueError, TypeError) as error:  # TypeError: a password is missing or is not needed
        raise MalformedKey(f"private key cannot be read: {error}") from error
    if not isinstance(native, _NativePrivate):
        raise Unsupported(f"private keys of this kind ({type(native).__name__}) are not computed")
    return _wrapped(native)


def _from_pem(data: bytes) -> bytes | None:
    """DER of the first unencrypted private key in PEM, or the data itself where it is no PEM; None for encrypted ones."""
    if b"-----BEGIN " not in data:
        return data
    block = _PEM.search(data)
    if block is None or block[1].startswith(b"ENCRYPTED") or b"Proc-Type" in block[2]:
        return None
    try:
        return base64.b64decode(b"".join(block[2].split()), validate=True)
    except binascii.Error as error:
        raise MalformedKey(f"private key cannot be read: {error}") from error


def _sm2_private_key(number: int) -> PrivateKey:
    native = sm2.Sm2PrivateKey(number)
    spki = sm2_keys.public_octets(native.point)
    return PrivateKey(kind="SM2", spki=spki, bits=256, curve="sm2p256v1", _native=native)


def _opaque_private_key(native: OpaqueKey) -> PrivateKey:
    return PrivateKey(kind=native.shape.kind, spki=native.spki, bits=native.shape.bits, curve=None, _native=native)


def _wrapped(native: _NativePrivate) -> PrivateKey:
    public = native.public_key()
    spki = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    bits, curve = measure(public)
    kind = table.key_kind_by_oid(sm2_keys.spki_oids(spki)[0])
    if kind is None:
        raise AssertionError("cryptography made a key of a kind that is not in the table")
    return PrivateKey(kind=kind, spki=spki, bits=bits, curve=curve, _native=native)


def generate_private_key(
    kind: str, bits: int | None = None, curve: str | None = None, *, signature: str | None = None
) -> PrivateKey:
    """A new random key. RSA takes `bits` (default 2048, public exponent 65537), EC takes `curve` (default P-256).

    Opaque kinds (`crypto.opaque`) take `signature`, the name of the algorithm that it shall stand for; others pass it over.

    Raises UsageError for combinations that do not exist, Unsupported for what is not computed.
    """
    if bits is not None and kind != "RSA":
        raise UsageError(f"a key of kind {kind} takes no size in bits")
    if curve is not None and (kind, curve) != ("SM2", "sm2p256v1") and kind != "EC":
        raise UsageError(f"a key of kind {kind} is not on curve {curve}")
    if kind == "SM2":
        return _sm2_private_key(1 + secrets.randbelow(sm2_reference.N - 2))
    if kind == "RSA":
        return _wrapped(rsa.generate_private_key(65537, bits or 2048))
    if kind == "EC":
        native_curve = CURVES.get(curve or "P-256")
        if native_curve is None:
            raise Unsupported(f"keys on curve {curve} are not computed")
        return _wrapped(ec.generate_private_key(native_curve))
    if kind == "Ed25519":
        return _wrapped(ed25519.Ed25519PrivateKey.generate())
    if kind == "Ed448":
        return _wrapped(ed448.Ed448PrivateKey.generate())
    if is_opaque(kind):
        return _opaque_private_key(generate_opaque_key(kind, signature))
    raise Unsupported(f"keys of kind {kind} are not made here")


def private_key_pem(key: PrivateKey) -> bytes:
    """The key as unencrypted PKCS#8 in PEM."""
    native = key._native
    if isinstance(native, sm2.Sm2PrivateKey | OpaqueKey):
        octets = native.pkcs8 if isinstance(native, OpaqueKey) else sm2_keys.private_octets(native.number)
        text = base64.b64encode(octets)
        lines = [text[i : i + 64] for i in range(0, len(text), 64)]
        return b"\n".join([b"-----BEGIN PRIVATE KEY-----", *lines, b"-----END PRIVATE KEY-----", b""])
    return native.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
