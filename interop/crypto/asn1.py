"""What asn1crypto 1.5.1 lacks: the OIDs of SM2, SM3 and GB/T 35275, and a repair of its `dump`.

Call `prepare()` before anything is parsed or built with asn1crypto; `interop.x509` and `interop.cms` do so when imported.

Names registered: curve `sm2p256v1`; digest `sm3`; signatures `sm3_sm2` (1.2.156.10197.1.501) and `sm2_sign`
(1.2.156.10197.1.301.1); content types `gm_data` and `gm_signed_data` (GB/T 35275-2017), read with the structures of their
PKCS#7 twins.

The defect (upstream issue 249): a header whose last octet is 0x80 is taken for an indefinite length. So is any header of a
definite length that is 128 modulo 256, and the value is encoded again: slow beyond use in nested structures, and wrong for
certificates that are not pure DER, whose octets and hence digests then change.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, SupportsIndex, overload

from asn1crypto import algos, cms, core, keys

__all__ = ["dump_repair_needed", "prepare"]

_Dump = Callable[..., bytes]

_lock = threading.Lock()
_originals: dict[type, _Dump] = {}
"""Upstream's own `dump` methods, by class, once they are wrapped."""
_prepared = False


def prepare() -> None:
    """Register the OIDs and repair `dump`, once per process; later calls do nothing."""
    global _prepared  # noqa: PLW0603 - asn1crypto's classes are process-wide, and so is this
    with _lock:
        if _prepared:
            return
        _register()
        if dump_repair_needed():
            _repair_dump()
        _prepared = True


def _register() -> None:
    keys.NamedCurve.register("sm2p256v1", "1.2.156.10197.1.301", 32)
    _name_oid(algos.DigestAlgorithmId, "1.2.156.10197.1.401", "sm3")
    _name_oid(algos.SignedDigestAlgorithmId, "1.2.156.10197.1.501", "sm3_sm2")
    _name_oid(algos.SignedDigestAlgorithmId, "1.2.156.10197.1.301.1", "sm2_sign")
    _name_oid(cms.ContentType, "1.2.156.10197.6.1.4.2.1", "gm_data")
    _name_oid(cms.ContentType, "1.2.156.10197.6.1.4.2.2", "gm_signed_data")
    cms.ContentInfo._oid_specs["gm_data"] = core.OctetString
    for holder in (cms.ContentInfo, cms.EncapsulatedContentInfo):
        holder._oid_specs["gm_signed_data"] = cms.SignedData


def _name_oid(kind: Any, oid: str, name: str) -> None:
    """Give an OID a name in one of asn1crypto's identifier classes (which offer no public way but for curves)."""
    known = kind._map.get(oid)
    if known is not None and known != name:
        raise RuntimeError(f"asn1crypto already calls {oid} '{known}', not '{name}'")
    kind._map[oid] = name
    if kind._reverse_map is not None:
        kind._reverse_map[name] = oid


class _DefiniteHeader(bytes):
    """A header of definite length that ends in 0x80: it hides its last octet from upstream's test for an indefinite length."""

    @overload
    def __getitem__(self, key: SupportsIndex, /) -> int: ...
    @overload
    def __getitem__(self, key: slice, /) -> bytes: ...
    def __getitem__(self, key: SupportsIndex | slice, /) -> int | bytes:
        if isinstance(key, slice):
            return b"" if key == slice(-1, None) else super().__getitem__(key)
        return super().__getitem__(key)


def _ends_indefinite(header: bytes) -> bool:
    """Whether the last of the headers (explicit tags stand before the value's own) has an indefinite length (X.690 8.1.3.6)."""
    at, indefinite = 0, False
    while at < len(header):
        high_tag = header[at] & 0x1F == 0x1F
        at += 1
        if high_tag:
            while at < len(header) and header[at] & 0x80:
                at += 1
            at += 1
        if at >= len(header):
            return False
        length = header[at]
        indefinite = length == 0x80
        at += 1 + (length & 0x7F if length & 0x80 else 0)
    return indefinite


def _repaired(original: _Dump) -> _Dump:
    def dump(self: Any, force: bool = False) -> bytes:
        header = self._header
        if not force and header is not None and header[-1:] == b"\x80" and not _ends_indefinite(header):
            self._header = _DefiniteHeader(header)
        return original(self, force=force)

    dump.__doc__ = original.__doc__
    return dump


def _repair_dump() -> None:
    """Wrap every `dump` of asn1crypto's universal types that takes `force`."""
    for kind in (core.Asn1Value, core.Choice, core.Primitive, core.Sequence, core.SequenceOf):
        original = vars(kind)["dump"]
        _originals[kind] = original
        kind.dump = _repaired(original)


class _Probe(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    _fields = [  # noqa: RUF012 - asn1crypto's own way to declare a structure
        ("flag", core.Boolean, {"default": False}),
        ("filler", core.OctetString),
    ]


def dump_repair_needed() -> bool:
    """Whether asn1crypto as installed still has the defect, tried on its own methods even after `prepare()`.

    The probe is a SEQUENCE of 128 octets whose first member is a DEFAULT written out, which DER forbids and real
    certificates do. A sound `dump` gives back what was loaded.
    """
    encoded = b"\x30\x81\x80" + b"\x01\x01\x00" + b"\x04\x7b" + bytes(123)
    upstream = _originals.get(core.Sequence, core.Sequence.dump)
    return bool(upstream(_Probe.load(encoded)) != encoded)
