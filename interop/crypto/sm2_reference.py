"""SM2 signatures (GB/T 32918.2-2016) in pure Python: the fallback, the test oracle, and the one that signs.

It works on the number e (`sm2.Sm2PublicKey.digest` makes it from message, ID and public key) and on points as (x, y).
Signing takes its nonce from the key and e as RFC 6979 section 3.2 does, with HMAC-SM3, so that the same input gives the
same signature; GB/T 32918.2 asks for a random nonce, and a verifier cannot tell. Not constant in time: made for test keys.

Points are multiplied in Jacobian coordinates: multiples of G from a comb of windows of 5 bits, made at first use, so that
no doubling is left; multiples of other points by a signed window (wNAF, width 5).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from interop.crypto.sm3 import hmac_sm3

__all__ = [
    "G",
    "N",
    "P",
    "Point",
    "decompress",
    "is_on_curve",
    "is_private_number",
    "public_point",
    "sign",
    "sign_with_nonce",
    "verify",
]

Point = tuple[int, int]
"""Affine point (x, y)."""
_Jacobian = tuple[int, int, int]
"""(X, Y, Z) for x = X/Z**2, y = Y/Z**3; Z = 0 is the point at infinity."""

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G: Point = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
_INFINITY: _Jacobian = (1, 1, 0)
_WIDTH = 5
_WINDOWS = -(-256 // _WIDTH)


def is_on_curve(point: Point) -> bool:
    """Whether the point is a public key's: coordinates in range, on the curve (which has prime order), not infinity."""
    x, y = point
    return 0 <= x < P and 0 <= y < P and (y * y - (x * x + A) * x - B) % P == 0


def decompress(x: int, odd: int) -> Point | None:
    """The point of that x whose y has that lowest bit; None where there is none."""
    if not 0 <= x < P:
        return None
    square = ((x * x + A) * x + B) % P
    y = pow(square, (P + 1) // 4, P)
    if y * y % P != square:
        return None
    return (x, y if y & 1 == odd else P - y)


def is_private_number(d: int) -> bool:
    """Whether d is in [1, n-2] (GB/T 32918.1 6.1)."""
    return 1 <= d <= N - 2


def _double(point: _Jacobian) -> _Jacobian:
    """2*(X,Y,Z) for a = -3."""
    x, y, z = point
    zz = z * z % P
    yy = y * y % P
    beta = x * yy % P
    alpha = 3 * (x - zz) * (x + zz) % P
    x3 = (alpha * alpha - 8 * beta) % P
    return x3, (alpha * (4 * beta - x3) - 8 * yy * yy) % P, 2 * y * z % P


def _add_affine(point: _Jacobian, other: Point) -> _Jacobian:
    """(X,Y,Z) + (x,y)."""
    x1, y1, z1 = point
    if z1 == 0:
        return (*other, 1)
    zz = z1 * z1 % P
    h = (other[0] * zz - x1) % P
    r = (other[1] * zz * z1 - y1) % P
    if h == 0:
        return _double(point) if r == 0 else _INFINITY
    hh = h * h % P
    hhh = h * hh % P
    v = x1 * hh % P
    x3 = (r * r - hhh - 2 * v) % P
    return x3, (r * (v - x3) - y1 * hhh) % P, z1 * h % P


def _affine(points: list[_Jacobian]) -> list[Point]:
    """All of them, none at infinity, with one inversion (Montgomery's trick)."""
    products = [1]
    for _, _, z in points:
        products.append(products[-1] * z % P)
    inverse = pow(products[-1], -1, P)
    result: list[Point] = []
    for (x, y, z), before in zip(reversed(points), reversed(products[:-1]), strict=True):
        own = inverse * before % P
        inverse = inverse * z % P
        square = own * own % P
        result.append((x * square % P, y * square % P * own % P))
    result.reverse()
    return result


@cache
def _comb() -> tuple[tuple[Point, ...], ...]:
    """Row i holds j * 2**(5*i) * G for j = 1..31."""
    rows: list[tuple[Point, ...]] = []
    base = G
    size = (1 << _WIDTH) - 1
    for _ in range(_WINDOWS):
        row: list[_Jacobian] = [(*base, 1)]
        for _ in range(size):
            row.append(_add_affine(row[-1], base))
        affine = _affine(row)
        rows.append(tuple(affine[:size]))
        base = affine[size]
    return tuple(rows)


def _times_g(scalar: int, start: _Jacobian = _INFINITY) -> _Jacobian:
    """start + scalar*G."""
    total = start
    for row in _comb():
        digit = scalar & ((1 << _WIDTH) - 1)
        if digit:
            total = _add_affine(total, row[digit - 1])
        scalar >>= _WIDTH
    return total


def _times(scalar: int, point: Point) -> _Jacobian:
    """scalar*point."""
    digits: list[int] = []
    while scalar:
        digit = 0
        if scalar & 1:
            digit = scalar & 31
            if digit >= 16:
                digit -= 32
            scalar -= digit
        digits.append(digit)
        scalar >>= 1
    twice = _affine([_double((*point, 1))])[0]
    odd: list[_Jacobian] = [(*point, 1)]
    for _ in range(7):
        odd.append(_add_affine(odd[-1], twice))
    multiples = _affine(odd)
    total = _INFINITY
    for digit in reversed(digits):
        total = _double(total)
        if digit:
            x, y = multiples[abs(digit) >> 1]
            total = _add_affine(total, (x, y if digit > 0 else P - y))
    return total


def public_point(d: int) -> Point:
    """d*G, for d in [1, n-2]."""
    return _affine([_times_g(d)])[0]


def sign(d: int, e: int) -> tuple[int, int]:
    """(r, s) over e with the private number d (GB/T 32918.2 6.1), nonce as RFC 6979 with HMAC-SM3."""
    for k in _nonces(d, e):
        signature = sign_with_nonce(d, e, k)
        if signature is not None:
            return signature
    raise AssertionError("unreachable: the nonces do not end")


def sign_with_nonce(d: int, e: int, k: int) -> tuple[int, int] | None:
    """(r, s) for the nonce k in [1, n-1]; None where the standard asks for another one."""
    x, _ = public_point(k)
    r = (e + x) % N
    s = pow(1 + d, -1, N) * (k - r * d) % N
    if r == 0 or r + k == N or s == 0:
        return None
    return r, s


def _nonces(d: int, e: int) -> Iterator[int]:
    """Candidates in [1, n-1] by RFC 6979 3.2 with HMAC-SM3; n has 256 bits, as the digest, so bits2int only reduces."""
    seed = d.to_bytes(32, "big") + (e % N).to_bytes(32, "big")
    v, key = b"\x01" * 32, bytes(32)
    for separator in (b"\x00", b"\x01"):
        key = hmac_sm3(key, v + separator + seed)
        v = hmac_sm3(key, v)
    while True:
        v = hmac_sm3(key, v)
        k = int.from_bytes(v, "big")
        if 1 <= k < N:
            yield k
        key = hmac_sm3(key, v + b"\x00")
        v = hmac_sm3(key, v)


def verify(point: Point, e: int, r: int, s: int) -> bool:
    """Whether (r, s) is a signature over e by the holder of `point`, which must be on the curve (GB/T 32918.2 7.1)."""
    if not (1 <= r < N and 1 <= s < N):
        return False
    t = (r + s) % N
    if t == 0:
        return False
    x, _, z = _times_g(s, _times(t, point))
    if z == 0:
        return False
    return (e + x * pow(z * z, -1, P) % P - r) % N == 0
