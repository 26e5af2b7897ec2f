"""Keys of algorithms that are recognised and not computed: GOST R 34.10, its Kazakh form, DSTU 4145, KCDSA.

Nothing here is cryptography. A key is random octets under the real identifiers of its kind; its "public key" and its
"signature values" are octets of the right shape and length, drawn from SHAKE-256 over a label, so that equal inputs give equal
bytes. Nobody can verify such a value and nobody shall: `load_public_key` raises Unsupported for these kinds, observers say null
with the reason. They serve to see how software treats what it does not know.

Sources of identifiers and shapes: RFC 9215 section 4 (GOST 2012: parameters, key as OCTET STRING; value of two numbers);
published implementations of the Kazakh national authority's algorithms and of DSTU 4145 (named curve m257, key and value as
OCTET STRING). Domain parameters of KCDSA are not known here and left out.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import shake_256
from types import MappingProxyType
from typing import Final

from interop.crypto.der import (
    BIT_STRING,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    NotDer,
    Reader,
    decode_oid,
    encode,
    encode_integer,
    encode_oid,
)
from interop.model.errors import Unsupported, UsageError

__all__ = ["OpaqueKey", "Shape", "generate_opaque_key", "is_opaque", "load_opaque_key", "shape_of", "stand_in_octets"]

_LABEL = b"interop stand-in octets, computed by no algorithm\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What keys and values of one kind and size look like from outside."""

    kind: str
    """Key kind of the table."""
    oid: str
    """Algorithm of the SubjectPublicKeyInfo."""
    parameters: bytes = b""
    """Its parameters, DER; empty: absent."""
    bits: int
    """Nominal size."""
    public: int
    """Octets of the public key."""
    value: int
    """Octets of a signature value."""
    wrap_value: bool = False
    """The octets of a value stand in an OCTET STRING."""
    integer: bool = False
    """The public key is an INTEGER, else an OCTET STRING."""
    signatures: tuple[str, ...]
    """Names in the table of what such a key "signs"."""


def _named(*oids: str) -> bytes:
    return encode(SEQUENCE, *(encode_oid(oid) for oid in oids))


_TC26: Final = "1.2.643.7.1"
_KZ: Final = "1.2.398.3.10.1"
_DSTU: Final = "1.2.804.2.1.1.1.1.3.1.1"

_SHAPES: Final = (
    Shape(
        kind="GOST",
        oid=_TC26 + ".1.1.1",
        parameters=_named(_TC26 + ".2.1.1.1"),
        bits=256,
        public=64,
        value=64,
        signatures=("gost3410-2012-256",),
    ),
    Shape(
        kind="GOST",
        oid=_TC26 + ".1.1.2",
        parameters=_named(_TC26 + ".2.1.2.1"),
        bits=512,
        public=128,
        value=128,
        signatures=("gost3410-2012-512",),
    ),
    Shape(
        kind="GOST-KZ",
        oid=_KZ + ".1.2.1",
        parameters=_named(_KZ + ".1.2.1.1", _KZ + ".3.2"),
        bits=256,
        public=64,
        value=64,
        signatures=("kz-gost3410-2015-256",),
    ),
    Shape(
        kind="GOST-KZ",
        oid=_KZ + ".1.2.2",
        parameters=_named(_KZ + ".1.2.2.1", _KZ + ".3.3"),
        bits=512,
        public=128,
        value=128,
        signatures=("kz-gost3410-2015-512",),
    ),
    Shape(
        kind="DSTU",
        oid=_DSTU,
        parameters=_named(_DSTU + ".2.6"),
        bits=257,
        public=33,
        value=64,
        wrap_value=True,
        signatures=("dstu4145-gost34311", "dstu4145-kupyna-256"),
    ),
    Shape(
        kind="KCDSA",
        oid="1.2.410.200004.1.1",
        bits=1024,
        public=128,
        value=40,
        integer=True,
        signatures=("kcdsa-has160", "kcdsa-sha1"),
    ),
)
_BY_SIGNATURE: Final[Mapping[str, Shape]] = MappingProxyType(
    {name: shape for shape in _SHAPES for name in shape.signatures}
)
_BY_OID: Final[Mapping[str, Shape]] = MappingProxyType({shape.oid: shape for shape in _SHAPES})
_KINDS: Final = frozenset(shape.kind for shape in _SHAPES)


def is_opaque(kind: str) -> bool:
    """Whether keys of that kind are octets only."""
    return kind in _KINDS


def shape_of(signature_name: str) -> Shape:
    """The shape of the keys behind a signature algorithm. Raises Unsupported where none is known."""
    try:
        return _BY_SIGNATURE[signature_name]
    except KeyError:
        known = ", ".join(_BY_SIGNATURE)
        raise Unsupported(f"no shape of keys is known for signature '{signature_name}' (known: {known})") from None


def stand_in_octets(what: str, length: int, *parts: bytes) -> bytes:
    """That many octets drawn from the parts; `what` keeps uses apart. A filler, not a digest of anything's standard."""
    drawn = shake_256(_LABEL + what.encode() + b"\0")
    for part in parts:
        drawn.update(len(part).to_bytes(8, "big") + part)
    return drawn.digest(length)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpaqueKey:
    """Random octets that stand where a private key would."""

    shape: Shape
    octets: bytes = field(repr=False)
    """As they stand in PKCS#8."""

    @property
    def spki(self) -> bytes:
        """SubjectPublicKeyInfo: the kind's own identifiers around octets that are no point and no number of meaning."""
        octets = stand_in_octets("public key", self.shape.public, self.shape.oid.encode(), self.octets)
        if self.shape.integer:
            inner = encode_integer(int.from_bytes(bytes((octets[0] & 0x7F | 0x40, *octets[1:])), "big"))
        else:
            inner = encode(OCTET_STRING, octets)
        return encode(SEQUENCE, _algorithm(self.shape), encode(BIT_STRING, b"\0", inner))

    @property
    def pkcs8(self) -> bytes:
        """PrivateKeyInfo, version 0."""
        return encode(SEQUENCE, encode_integer(0), _algorithm(self.shape), encode(OCTET_STRING, self.octets))

    def stand_in_value(self, signature_name: str, data: bytes) -> bytes:
        """Octets of the length of a signature value, the same for the same data. No algorithm has made them."""
        octets = stand_in_octets("value " + signature_name, self.shape.value, self.octets, data)
        return encode(OCTET_STRING, octets) if self.shape.wrap_value else octets


def _algorithm(shape: Shape) -> bytes:
    return encode(SEQUENCE, encode_oid(shape.oid), shape.parameters)


def generate_opaque_key(kind: str, signature_name: str | None) -> OpaqueKey:
    """New random octets for a kind; the signature algorithm settles the size.

    Raises UsageError without one or for one of another kind, Unsupported for one of no known shape.
    """
    if signature_name is None:
        raise UsageError(f"a key of kind {kind} is made for a signature algorithm, and none is named")
    shape = shape_of(signature_name)
    if shape.kind != kind:
        raise UsageError(f"signature '{signature_name}' belongs to keys of kind {shape.kind}, not {kind}")
    return OpaqueKey(shape=shape, octets=secrets.token_bytes(64 if shape.bits == 512 else 32))


def load_opaque_key(der: bytes) -> OpaqueKey | None:
    """The octets of a PKCS#8 key of such a kind; None for any other kind of key, and for what is no PKCS#8."""
    try:
        reader = Reader(Reader(der).read(SEQUENCE))
        reader.integer()
        algorithm = Reader(reader.read(SEQUENCE))
        shape = _BY_OID.get(decode_oid(algorithm.read(OBJECT_IDENTIFIER)))
        octets = reader.read(OCTET_STRING)
    except NotDer:
        return None
    return None if shape is None else OpaqueKey(shape=shape, octets=octets)
