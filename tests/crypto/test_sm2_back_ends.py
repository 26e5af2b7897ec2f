"""The two SM2 back-ends: the same answers, the same refusals."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outside import missing

from interop.crypto import sm2_kat, sm2_libcrypto, sm2_reference
from interop.crypto.der import SEQUENCE, encode, encode_integer, encode_oid, write_pair
from interop.crypto.keys import MalformedKey, load_public_key
from interop.crypto.sm2 import Sm2PrivateKey, Sm2PublicKey
from interop.crypto.sm2_keys import public_point

N, P, R, S = sm2_reference.N, sm2_reference.P, sm2_kat.R, sm2_kat.S
E = int.from_bytes(sm2_kat.DIGEST, "big")

numbers = st.one_of(st.integers(1, N - 2), st.integers(1, 2**16), st.integers(N - 2**16, N - 2))
messages = st.binary(max_size=80)
ids = st.one_of(st.none(), st.sampled_from(["", "1234567812345678", "政务"]), st.text("abc0", max_size=20))


def libcrypto() -> sm2_libcrypto.Libcrypto:
    library = sm2_libcrypto.load()
    if library is None:
        missing(f"libcrypto with SM2 ({sm2_libcrypto.why_not()})")
    return library


def signed(content: bytes) -> bytes:
    return encode(0x02, content)


PAIR = encode_integer(R) + encode_integer(S)
MALFORMED = {
    "empty": b"",
    "r=0": write_pair(0, S),
    "s=0": write_pair(R, 0),
    "both 0": write_pair(0, 0),
    "r+s=n": write_pair(R, N - R),
    "r+n": write_pair(R + N, S),
    "s+n": write_pair(R, S + N),
    "r=n": write_pair(N, S),
    "s=n": write_pair(R, N),
    "r negative": encode(SEQUENCE, signed((R - N).to_bytes(33, "big", signed=True).lstrip(b"\xff") or b"\xff"), encode_integer(S)),
    "s=-1": encode(SEQUENCE, encode_integer(R), signed(b"\xff")),
    "trailing octet": write_pair(R, S) + b"\x00",
    "trailing octet inside": encode(SEQUENCE, PAIR, b"\x00"),
    "third integer": encode(SEQUENCE, PAIR, encode_integer(1)),
    "one integer": encode(SEQUENCE, encode_integer(R)),
    "BER long length": b"\x30\x81" + bytes([len(PAIR)]) + PAIR,
    "BER indefinite length": b"\x30\x80" + PAIR + b"\x00\x00",
    "padded r": encode(SEQUENCE, signed(b"\x00\x00" + R.to_bytes(32, "big")), encode_integer(S)),
    "unpadded r": encode(SEQUENCE, signed(R.to_bytes(32, "big")), encode_integer(S)),
    "cut off": write_pair(R, S)[:-1],
    "SET": b"\x31" + write_pair(R, S)[1:],
    "swapped": write_pair(S, R),
    "raw of 63 octets": (R.to_bytes(32, "big") + S.to_bytes(32, "big"))[:-1],
    "raw of 65 octets": R.to_bytes(32, "big") + S.to_bytes(32, "big") + b"\x00",
    "raw with r=0": bytes(32) + S.to_bytes(32, "big"),
    "raw with s=0": R.to_bytes(32, "big") + bytes(32),
    "raw with r=n": N.to_bytes(32, "big") + S.to_bytes(32, "big"),
    "raw of zeros": bytes(64),
    "raw of ones": b"\xff" * 64,
}  # fmt: skip


@pytest.mark.parametrize("reference", [True, False], ids=["reference", "chosen"])
@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_value_is_refused(name: str, reference: bool) -> None:
    key = Sm2PublicKey.from_point(*sm2_kat.POINT, reference=reference)
    assert key.verify_digest(sm2_kat.DIGEST, write_pair(R, S))
    assert not key.verify_digest(sm2_kat.DIGEST, MALFORMED[name])


@pytest.mark.parametrize("name", MALFORMED)
def test_libcrypto_itself_refuses_it_and_leaves_no_error_behind(name: str) -> None:
    """Not only our reader in front of it."""
    library = libcrypto()
    key = library.public_key(*sm2_kat.POINT)
    assert not library.verify(key, sm2_kat.DIGEST, MALFORMED[name])
    assert library._error() == 0
    assert library.verify(key, sm2_kat.DIGEST, write_pair(R, S))


@pytest.mark.parametrize(
    ("r", "s"), [(0, S), (R, 0), (R, N - R), (R + N, S), (R, S + N), (R - N, S), (R, S - N), (-R, S), (R, -S)]
)
def test_the_reference_itself_refuses_numbers_out_of_range(r: int, s: int) -> None:
    assert sm2_reference.verify(sm2_kat.POINT, E, R, S)
    assert not sm2_reference.verify(sm2_kat.POINT, E, r, s)


@pytest.mark.parametrize("reference", [True, False], ids=["reference", "chosen"])
@pytest.mark.parametrize(("r", "s"), [(0, S), (R, 0), (N - S, S), (R + N, S), (R, S + N)])
def test_range_is_checked_even_where_the_equation_holds(r: int, s: int, reference: bool) -> None:
    """GB/T 32918.2 7.1 B1, B2, B5: for each pair there is an e with r = e + x(s*G + (r+s)*P), which only the range forbids."""
    x = sm2_reference.public_point((s + (r + s) * sm2_kat.PRIVATE) % N)[0]
    digest = ((r - x) % N).to_bytes(32, "big")
    key = Sm2PublicKey.from_point(*sm2_kat.POINT, reference=reference)
    assert not key.verify_digest(digest, write_pair(r, s))
    assert key.verify_digest(digest, write_pair(r % N, s % N)) is (0 not in (r % N, s % N, (r + s) % N))


X, Y = sm2_kat.POINT
OFF_CURVE = [(X, Y + 1), (X + 1, Y), (0, 0), (X, 0), (0, Y), (X + P, Y), (X, Y + P), (P, P), (Y, X)]


@pytest.mark.parametrize("point", OFF_CURVE)
def test_point_off_the_curve_is_refused_everywhere(point: tuple[int, int]) -> None:
    assert not sm2_reference.is_on_curve(point)
    with pytest.raises(ValueError, match="not on the SM2 curve"):
        Sm2PublicKey.from_point(*point)
    if max(point) < 2**256:
        with pytest.raises(sm2_libcrypto.LibcryptoError):
            libcrypto().public_key(*point)
        with pytest.raises(MalformedKey, match="not a point"):
            load_public_key(spki(b"\x04" + point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")))


def spki(octets: bytes, *oids: str) -> bytes:
    named = oids or ("1.2.840.10045.2.1", "1.2.156.10197.1.301")
    algorithm = encode(SEQUENCE, *(encode_oid(oid) for oid in named))
    return encode(SEQUENCE, algorithm, encode(0x03, b"\x00", octets))


@pytest.mark.parametrize("octets", [b"", b"\x00", b"\x04" + bytes(63), b"\x05" + bytes(64), b"\x02" + b"\xff" * 32])
def test_octets_that_are_no_point_are_refused(octets: bytes) -> None:
    with pytest.raises(MalformedKey, match="not a point"):
        load_public_key(spki(octets))


def test_both_forms_of_the_spki_and_compressed_points_give_the_same_key() -> None:
    uncompressed = b"\x04" + X.to_bytes(32, "big") + Y.to_bytes(32, "big")
    compressed = bytes([2 + (Y & 1)]) + X.to_bytes(32, "big")
    sm2_oid = "1.2.156.10197.1.301"
    for der in (
        spki(uncompressed),
        spki(compressed),
        spki(uncompressed, sm2_oid),
        spki(uncompressed, sm2_oid, sm2_oid),
    ):
        key = load_public_key(der)
        assert (key.kind, public_point(key.spki), key.label) == ("SM2", sm2_kat.POINT, "SM2")
        assert key.verify("sm2-sm3", write_pair(R, S), sm2_kat.MESSAGE)
    other = load_public_key(spki(bytes([3 - (Y & 1)]) + X.to_bytes(32, "big")))
    assert public_point(other.spki) == (X, P - Y)


@settings(deadline=None)
@given(numbers, messages, ids, st.sampled_from(["der", "raw"]), st.data())
def test_both_back_ends_accept_what_is_signed_and_nothing_near_it(
    number: int, message: bytes, sm2_id: str | None, encoding: str, data: st.DataObject
) -> None:
    private = Sm2PrivateKey(number)
    value = private.sign(message, sm2_id=sm2_id, encoding=encoding)  # type: ignore[arg-type]
    at = data.draw(st.integers(0, 8 * len(value) - 1))
    flipped = (int.from_bytes(value, "big") ^ 1 << at).to_bytes(len(value), "big")
    for reference in (True, False):
        key = Sm2PublicKey.from_point(*private.point, reference=reference)
        assert key.verify(message, value, sm2_id=sm2_id)
        assert not key.verify(message, flipped, sm2_id=sm2_id)
        assert not key.verify(message + b"\x00", value, sm2_id=sm2_id)
        assert not key.verify(message, value, sm2_id="another")


@settings(deadline=None)
@given(st.integers(0, 2**256 - 1), st.integers(0, 2**256 - 1), st.integers(0, 2**256 - 1))
def test_both_back_ends_agree_on_any_numbers(e: int, r: int, s: int) -> None:
    answers = {
        Sm2PublicKey.from_point(*sm2_kat.POINT, reference=reference).verify_digest(
            e.to_bytes(32, "big"), write_pair(r, s)
        )
        for reference in (True, False)
    }
    assert answers == {False}


@settings(deadline=None)
@given(st.integers(0, N - 1), st.integers(1, N - 1))
def test_signature_for_a_digest_made_backwards_verifies_in_both(seed: int, s: int) -> None:
    """For r and s chosen freely there is an e that they sign: e = r - x(s*G + (r+s)*P). Reaches digests that no message has."""
    r = (seed or 1) % N
    t = (r + s) % N
    if t == 0:
        return
    total = (s + t * sm2_kat.PRIVATE) % N
    if total == 0:
        return
    e = (r - sm2_reference.public_point(total)[0]) % N
    for reference in (True, False):
        key = Sm2PublicKey.from_point(*sm2_kat.POINT, reference=reference)
        assert key.verify_digest(e.to_bytes(32, "big"), write_pair(r, s))


@settings(deadline=None, max_examples=30)
@given(st.integers(1, N - 1), st.integers(1, N - 1))
def test_multiplication_is_linear(a: int, b: int) -> None:
    """(a+b)G = aG + bG, and a(bG) = (ab)G: comb against window."""
    a_g = sm2_reference._times_g(a)
    sum_g = sm2_reference._times_g(b, a_g)
    product = sm2_reference._times(a, sm2_reference.public_point(b))
    for found, scalar in ((sum_g, (a + b) % N), (product, a * b % N)):
        if scalar == 0:
            assert found[2] == 0
        else:
            assert sm2_reference._affine([found])[0] == sm2_reference.public_point(scalar)


def test_small_and_special_multiples() -> None:
    """Where additions become doublings or meet infinity."""
    g, p = sm2_reference.G, sm2_reference.P
    assert sm2_reference.public_point(1) == g
    assert sm2_reference.public_point(N - 1) == (g[0], p - g[1])
    assert sm2_reference._times_g(N)[2] == 0
    assert sm2_reference._times(N, g)[2] == 0
    assert sm2_reference._times_g(1, (*g, 1)) == sm2_reference._double((*g, 1))
    for scalar in range(1, 70):
        assert sm2_reference._affine([sm2_reference._times(scalar, g)])[0] == sm2_reference.public_point(scalar)


def test_threads_share_one_key() -> None:
    key = Sm2PublicKey.from_point(*sm2_kat.POINT)
    wrong: list[int] = []

    def work(seed: int) -> None:
        for i in range(50):
            own = Sm2PublicKey.from_point(*sm2_kat.POINT)
            right = all(k.verify_digest(sm2_kat.DIGEST, write_pair(R, S)) for k in (key, own))
            if not right or key.verify_digest(sm2_kat.DIGEST, write_pair(R, S - 1 - seed)):
                wrong.append(i)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
