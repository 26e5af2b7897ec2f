"""Digests by their names in the table."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from interop.crypto import table
from interop.crypto.opaque import stand_in_octets
from interop.crypto.sm3 import sm3
from interop.model.errors import Unsupported

__all__ = ["digest_bytes", "digest_to_write"]


def _named(hashlib_name: str) -> Callable[[bytes], bytes]:
    def compute(data: bytes) -> bytes:
        return hashlib.new(hashlib_name, data, usedforsecurity=False).digest()

    return compute


def _shake256(data: bytes) -> bytes:
    return hashlib.shake_256(data).digest(64)


_COMPUTE: dict[str, Callable[[bytes], bytes]] = {
    **{name: _named(name) for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "ripemd160")},
    **{f"sha3-{bits}": _named(f"sha3_{bits}") for bits in (224, 256, 384, 512)},
    "shake256": _shake256,
    "sm3": sm3,
}


def digest_bytes(name: str, data: bytes) -> bytes:
    """The digest of `data` (octets) under the table's name; SHAKE256 gives 64 octets (RFC 8702).

    Raises Unsupported for names that are unknown, only recognised, or absent from this build of Python.
    """
    compute = _COMPUTE.get(name)
    if compute is None:
        known = "is recognised but not computed" if table.digest(name) is not None else "is unknown"
        raise Unsupported(f"digest '{name}' {known}")
    try:
        return compute(data)
    except ValueError as error:  # hashlib: this OpenSSL was built without it, or its provider is not loaded
        raise Unsupported(f"digest '{name}' is not in this build of Python: {error}") from error


def digest_to_write(name: str, data: bytes) -> bytes:
    """What signing writes as the digest of `data`: the digest, or, where the table knows it by name only, as many octets.

    Those octets come from `crypto.opaque` and are no digest; whoever observes them uses `digest_bytes`, which is Unsupported.
    Raises Unsupported for names that the table does not know.
    """
    known = table.digest(name)
    if known is None or known.computed:
        return digest_bytes(name, data)
    return stand_in_octets("digest " + name, known.size, data)
