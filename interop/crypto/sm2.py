"""SM2 with SM3 (GB/T 32918.2, GB/T 35276): the ID and Z, both encodings of the value, and the choice of the back-end.

    >>> key = Sm2PrivateKey(7)
    >>> Sm2PublicKey.from_point(*key.point).verify(b"text", key.sign(b"text"))
    True

Verification goes through libcrypto where it passes its known-answer test (0.2 ms), else through `sm2_reference` (1.4 ms).
Signing always goes through `sm2_reference`, whose nonce is derived, so that vectors are the same in every run.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from interop.crypto import sm2_libcrypto, sm2_reference
from interop.crypto.der import NotDer, read_pair, write_pair
from interop.crypto.sm3 import sm3

__all__ = [
    "DEFAULT_ID",
    "Encoding",
    "Sm2PrivateKey",
    "Sm2PublicKey",
    "back_end",
    "ids_to_try",
    "read_value",
    "write_value",
    "z_value",
]

DEFAULT_ID = "1234567812345678"
"""The distinguishing ID of GB/T 35276 and GM/T 0009, used in certificates and messages."""

Encoding = Literal["der", "raw"]

_ID_OCTETS = 8192
"""An ID has fewer octets than this: its length in bits takes two octets."""
_CURVE = b"".join(n.to_bytes(32, "big") for n in (sm2_reference.A, sm2_reference.B, *sm2_reference.G))


def z_value(point: sm2_reference.Point, sm2_id: str) -> bytes:
    """Z = SM3(bit length of the ID || ID || a || b || G || point), GB/T 32918.2 5.5. The ID counts in UTF-8.

    Raises ValueError for an ID of 8192 octets or more, whose length in bits does not fit.
    """
    octets = sm2_id.encode()
    if len(octets) >= _ID_OCTETS:
        raise ValueError("an SM2 ID has less than 8192 octets (its length in bits takes two octets)")
    x, y = point
    return sm3((8 * len(octets)).to_bytes(2, "big") + octets + _CURVE + x.to_bytes(32, "big") + y.to_bytes(32, "big"))


def ids_to_try(given: Iterable[str] = ()) -> tuple[str, ...]:
    """The default ID, then those given in their order, each once; an ID that is too long for any Z is left out."""
    return tuple(dict.fromkeys((DEFAULT_ID, *(sm2_id for sm2_id in given if len(sm2_id.encode()) < _ID_OCTETS))))


def read_value(value: bytes, encoding: Encoding | None = None) -> tuple[int, int, Encoding] | None:
    """r, s and the encoding met; None where the octets are neither, or not the one that is asked for.

    `raw` is exactly 64 octets; `der` is strict (no BER lengths, no padding, nothing behind, nothing negative).
    """
    if encoding in (None, "der"):
        try:
            return (*read_pair(value), "der")
        except NotDer:
            pass
    if encoding in (None, "raw") and len(value) == 64:
        return int.from_bytes(value[:32], "big"), int.from_bytes(value[32:], "big"), "raw"
    return None


def write_value(r: int, s: int, encoding: Encoding) -> bytes:
    """The value in that encoding."""
    return write_pair(r, s) if encoding == "der" else r.to_bytes(32, "big") + s.to_bytes(32, "big")


def back_end() -> str:
    """What verifies: the version of libcrypto, or `reference (<why not libcrypto>)`."""
    library = sm2_libcrypto.load()
    return f"reference ({sm2_libcrypto.why_not()})" if library is None else library.version


class _Ids:
    """Z by ID for one public key, kept for the few IDs that are ever used with it."""

    __slots__ = ("_point", "_z")

    def __init__(self, point: sm2_reference.Point) -> None:
        self._point = point
        self._z: dict[str, bytes] = {}

    def digest(self, data: bytes, sm2_id: str | None) -> bytes:
        """e = SM3(Z || data); without an ID (None) SM3(data), as faulty software makes it."""
        if sm2_id is None:
            return sm3(data)
        z = self._z.get(sm2_id)
        if z is None:
            z = z_value(self._point, sm2_id)
            if len(self._z) < 8:
                self._z[sm2_id] = z
        return sm3(z + data)


class Sm2PrivateKey:
    """A private number with its point, ready to sign."""

    __slots__ = ("_ids", "number", "point")

    def __init__(self, number: int) -> None:
        """Raises ValueError where the number is not in [1, n-2]."""
        if not sm2_reference.is_private_number(number):
            raise ValueError("an SM2 private number is in [1, n-2]")
        self.number = number
        self.point = sm2_reference.public_point(number)
        self._ids = _Ids(self.point)

    def sign(self, data: bytes, *, sm2_id: str | None = DEFAULT_ID, encoding: Encoding = "der") -> bytes:
        """The signature value over `data`; the same for the same input."""
        return self.sign_digest(self._ids.digest(data, sm2_id), encoding=encoding)

    def sign_digest(self, digest: bytes, *, encoding: Encoding = "der") -> bytes:
        """The signature value over e, 32 octets."""
        return write_value(*sm2_reference.sign(self.number, int.from_bytes(digest, "big")), encoding)


class Sm2PublicKey:
    """A point of the curve, ready to verify."""

    __slots__ = ("_ids", "_native", "point")

    def __init__(self, point: sm2_reference.Point, native: sm2_libcrypto.LibcryptoKey | None) -> None:
        self.point = point
        self._native = native
        self._ids = _Ids(point)

    @classmethod
    def from_point(cls, x: int, y: int, *, reference: bool = False) -> Sm2PublicKey:
        """Raises ValueError where (x, y) is not on the curve. `reference` turns libcrypto off for this key."""
        if not sm2_reference.is_on_curve((x, y)):
            raise ValueError("the point is not on the SM2 curve")
        library = None if reference else sm2_libcrypto.load()
        return cls((x, y), None if library is None else library.public_key(x, y))

    def digest(self, data: bytes, sm2_id: str | None = DEFAULT_ID) -> bytes:
        """e for this key."""
        return self._ids.digest(data, sm2_id)

    def verify(
        self, data: bytes, value: bytes, *, sm2_id: str | None = DEFAULT_ID, encoding: Encoding | None = None
    ) -> bool:
        """Whether `value` is this key's signature over `data`; False for values that are malformed too."""
        return self.verify_digest(self.digest(data, sm2_id), value, encoding=encoding)

    def verify_digest(self, digest: bytes, value: bytes, *, encoding: Encoding | None = None) -> bool:
        """The same over e, 32 octets."""
        found = read_value(value, encoding)
        if found is None:
            return False
        r, s, _ = found
        library = sm2_libcrypto.load()
        if self._native is not None and library is not None:
            return library.verify(self._native, digest, write_pair(r, s))
        return sm2_reference.verify(self.point, int.from_bytes(digest, "big"), r, s)
