"""Strict DER: what is written is read; what is not DER is refused."""

from __future__ import annotations

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from interop.crypto.der import NotDer, Reader, decode_oid, encode, encode_integer, encode_oid, read_pair, write_pair

arcs = st.tuples(st.integers(0, 2), st.integers(0, 39), st.lists(st.integers(0, 2**70), max_size=6))
numbers = st.integers(0, 2**521)


@given(arcs)
def test_oid_round_trip_agrees_with_asn1crypto(parts: tuple[int, int, list[int]]) -> None:
    dotted = ".".join(str(arc) for arc in (parts[0], parts[1], *parts[2]))
    encoded = encode_oid(dotted)
    assert encoded == core.ObjectIdentifier(dotted).dump()
    assert decode_oid(Reader(encoded).read(6)) == dotted


@given(numbers, numbers)
def test_pair_round_trip(r: int, s: int) -> None:
    assert read_pair(write_pair(r, s)) == (r, s)
    assert encode_integer(r) == core.Integer(r).dump()


@given(st.binary(max_size=70_000))
def test_element_round_trip(content: bytes) -> None:
    reader = Reader(encode(0x04, content))
    assert reader.read(0x04) == content
    reader.end()


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("", "expected"),
        ("30", "length is missing"),
        ("3006020101020102ff", "follow"),
        ("3009020101020102020103", "follow"),
        ("308106020101020102", "shortest"),
        ("30820006020101020102", "shortest"),
        ("3080020101020102" + "0000", "indefinite"),
        ("3007020101020102", "cut off"),
        ("300702020001020102", "padded"),
        ("3006020181020102", "negative"),
        ("300702010102020081ff", "follow"),
        ("3007020101" + "0202ff81", "padded"),
        ("30050200020102", "without content"),
        ("3006040101020102", "expected"),
        ("3006020101030102", "expected"),
        ("3003020101", "expected"),
    ],
)
def test_what_is_not_der_is_refused(value: str, why: str) -> None:
    with pytest.raises(NotDer, match=why):
        read_pair(bytes.fromhex(value))


@pytest.mark.parametrize("content", ["", "80", "2a80", "2a8001", "2a81"])
def test_oid_that_is_padded_or_cut_off_is_refused(content: str) -> None:
    with pytest.raises(NotDer):
        decode_oid(bytes.fromhex(content))


@given(st.binary(max_size=90))
def test_any_octets_are_read_or_refused(value: bytes) -> None:
    try:
        pair = read_pair(value)
    except NotDer:
        return
    assert write_pair(*pair) == value
