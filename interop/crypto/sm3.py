"""SM3 (GB/T 32905-2016): through hashlib where its OpenSSL has it, else a pure-Python fallback.

>>> sm3(b"abc").hex()
'66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

__all__ = ["NATIVE", "hmac_sm3", "sm3", "sm3_pure"]

_IV = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)
_MASK = 0xFFFFFFFF
_ANSWER = bytes.fromhex("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")  # annex A.1: "abc"


def _rotate(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & _MASK


_ROUND = tuple(_rotate(0x79CC4519 if j < 16 else 0x7A879D8A, j) for j in range(64))


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    """One application of CF (section 5.3.3): eight words of state, 64 octets of message."""
    words = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        x = words[j - 16] ^ words[j - 9] ^ _rotate(words[j - 3], 15)
        words.append(x ^ _rotate(x, 15) ^ _rotate(x, 23) ^ _rotate(words[j - 13], 7) ^ words[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        a12 = _rotate(a, 12)
        ss1 = _rotate((a12 + e + _ROUND[j]) & _MASK, 7)
        if j < 16:
            ff, gg = a ^ b ^ c, e ^ f ^ g
        else:
            ff, gg = (a & b) | (a & c) | (b & c), (e & f) | (~e & g)
        tt1 = (ff + d + (ss1 ^ a12) + (words[j] ^ words[j + 4])) & _MASK
        tt2 = (gg + h + ss1 + words[j]) & _MASK
        a, b, c, d = tt1, a, _rotate(b, 9), c
        e, f, g, h = tt2 ^ _rotate(tt2, 9) ^ _rotate(tt2, 17), e, _rotate(f, 19), g
    return tuple(x ^ y for x, y in zip((a, b, c, d, e, f, g, h), state, strict=True))


def sm3_pure(data: bytes) -> bytes:
    """SM3 in pure Python: 32 octets. The fallback, and the oracle for the other."""
    padded = data + b"\x80" + bytes((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    state: tuple[int, ...] = _IV
    for start in range(0, len(padded), 64):
        state = _compress(state, padded[start : start + 64])
    return b"".join(word.to_bytes(4, "big") for word in state)


def _sm3_hashlib(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def _native() -> bool:
    """Whether hashlib's SM3 gives the known answer. Distributions build OpenSSL without it (`no-sm3`)."""
    try:
        return _sm3_hashlib(b"abc") == _ANSWER
    except ValueError:
        return False


NATIVE: bool = _native()
"""True where hashlib computes SM3."""

sm3: Callable[[bytes], bytes] = _sm3_hashlib if NATIVE else sm3_pure
"""SM3 of octets: 32 octets."""

_INNER = bytes(b ^ 0x36 for b in range(256))
_OUTER = bytes(b ^ 0x5C for b in range(256))


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """HMAC (RFC 2104) with SM3, block length 64: 32 octets."""
    if NATIVE:
        return hmac.digest(key, data, "sm3")
    block = (sm3(key) if len(key) > 64 else key).ljust(64, b"\x00")
    return sm3(block.translate(_OUTER) + sm3(block.translate(_INNER) + data))
