"""Reading and writing X.690: round trips, bounds, and nothing but Malformed on hostile bytes."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interop.x509 import ber, der
from interop.x509.ber import MAX_DEPTH, Malformed, read


@given(st.integers(-(2**200), 2**200))
def test_integers_come_back(value: int) -> None:
    assert read(der.integer(value)).integer() == value


@pytest.mark.parametrize(
    ("value", "encoded"),
    [(0, "020100"), (127, "02017f"), (128, "02020080"), (-128, "020180"), (-129, "0202ff7f"), (256, "02020100")],
)
def test_integers_are_shortest(value: int, encoded: str) -> None:
    """X.690 section 8.3.2; the values are those of the textbook examples."""
    assert der.integer(value).hex() == encoded


@given(st.lists(st.integers(0, 2**64), max_size=8), st.integers(0, 2), st.integers(0, 39))
def test_object_identifiers_come_back(rest: list[int], first: int, second: int) -> None:
    text = ".".join(str(arc) for arc in (first, second, *rest))
    assert read(der.oid(text)).oid() == text


def test_known_object_identifiers() -> None:
    """RFC 8017 appendix C and X.690 section 8.19.5 (2.999.3)."""
    assert der.oid("1.2.840.113549").hex() == "06062a864886f70d"
    assert der.oid("2.999.3").hex() == "0603883703"


@pytest.mark.parametrize("text", ["1", "3.1", "1.40", "1.2.-3", "1.2.x", ""])
def test_what_is_no_object_identifier_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - int() has its own words
        der.oid(text)


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)))
def test_times_come_back_in_whole_seconds(moment: datetime) -> None:
    at = moment.replace(microsecond=0, tzinfo=UTC)
    element = der.time(at)
    assert element[0] == (0x17 if 1950 <= at.year < 2050 else 0x18)  # RFC 5280 section 4.1.2.5
    assert read(element).time() == at


def test_a_fraction_of_a_second_has_no_trailing_zeros() -> None:
    """X.690 section 11.7."""
    element = der.generalized_time(datetime(2026, 3, 1, 0, 0, 5, 250000, tzinfo=UTC))
    assert element[2:] == b"20260301000005.25Z"
    assert read(element).time().microsecond == 250000


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        (0x17, "500101000000Z", datetime(1950, 1, 1, tzinfo=UTC)),
        (0x17, "491231235959Z", datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (0x17, "2603010000Z", datetime(2026, 3, 1, tzinfo=UTC)),
        (0x18, "20260301080000+0800", datetime(2026, 3, 1, tzinfo=UTC)),
        (0x18, "20260228190000-0500", datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_times_seen_in_the_field(tag: int, text: str, expected: datetime) -> None:
    assert read(der.tlv(tag, text.encode())).time() == expected


@pytest.mark.parametrize(
    "text", ["", "Z", "20261301000000Z", "20260301000000", "99991231235959-2359", "0260301000000Z"]
)
def test_what_is_no_time_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        read(der.tlv(0x18, text.encode())).time()


def test_indefinite_lengths_and_segments_are_read() -> None:
    """X.690 sections 8.1.3.6 and 8.7.3."""
    data = bytes.fromhex("3080 2480 0402 0102 0401 03 0000 0201 05 0000 ffff".replace(" ", ""))
    node = read(data)
    octets, number = node.children()
    assert node.indefinite
    assert node.stop == len(data) - 2
    assert (octets.octets(), number.integer()) == (b"\1\2\3", 5)


@pytest.mark.parametrize(
    "encoded",
    [
        "",
        "30",
        "3005",
        "300201",
        "3080",
        "30800201",
        "0480",
        "308901ffffffffffffffff",
        "1f",
        "1f8181818181818101",
        "3003020201",
    ],
)
def test_broken_bounds_are_malformed(encoded: str) -> None:
    with pytest.raises(Malformed):
        read(bytes.fromhex(encoded)).children()


def test_nesting_has_an_end() -> None:
    data = b"\x30\x80" * 100_000
    with pytest.raises(Malformed, match=f"deeper than {MAX_DEPTH}"):
        read(data)
    element = b""
    for _ in range(MAX_DEPTH + 8):
        element = der.seq(element)
    node = read(element)
    for _ in range(MAX_DEPTH):
        node = node.only()
    with pytest.raises(Malformed):
        node.only()


def _walk(node: ber.Node) -> None:
    for attempt in (node.oid, node.integer, node.boolean, node.time, node.octets, node.bits, node.flags, node.children):
        with contextlib.suppress(Malformed):
            attempt()
    if node.tag & 0x20:
        try:
            children = node.children()
        except Malformed:
            return
        for child in children:
            _walk(child)


@given(st.binary(max_size=200))
def test_nothing_but_malformed(data: bytes) -> None:
    try:
        node = read(data)
    except Malformed:
        return
    assert data[node.start : node.stop] == node.raw
    _walk(node)


@given(
    st.recursive(
        st.binary(max_size=20).map(der.octet_string),
        lambda inner: st.lists(inner, max_size=4).map(lambda p: der.seq(*p)),
    )
)
def test_every_element_is_a_window_on_the_input(element: bytes) -> None:
    node = read(element + b"tail")
    assert node.raw == element
    if node.tag & 0x20:
        assert b"".join(child.raw for child in node.children()) == node.content


def test_set_of_is_sorted() -> None:
    """X.690 section 11.6."""
    assert (
        der.set_of([b"\x02\x01\x02", b"\x02\x01\x01", b"\x01\x01\xff"])
        == b"\x31\x09\x01\x01\xff\x02\x01\x01\x02\x01\x02"
    )


def test_a_time_of_another_zone_is_written_in_utc() -> None:
    shanghai = timezone(timedelta(hours=8))
    assert der.time(datetime(2026, 3, 1, 8, tzinfo=shanghai)) == der.time(datetime(2026, 3, 1, tzinfo=UTC))
