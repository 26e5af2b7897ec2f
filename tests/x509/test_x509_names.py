"""Name comparison of RFC 5280 section 7.1, and names that try to pass for others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from x509_writing import name

from interop.x509 import der
from interop.x509.ber import Malformed, read
from interop.x509.names import general_name, name_of, normal_text

CN, ORG, C = "2.5.4.3", "2.5.4.10", "2.5.4.6"


def normal(*pairs: tuple[str, bytes]) -> str:
    return name_of(read(name(*pairs))).normal


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (der.utf8("Good CA"), der.printable("good ca")),
        (der.utf8("Good  CA"), der.utf8(" Good CA ")),
        (der.utf8("Straße"), der.utf8("STRASSE")),
        (der.utf8("Ａ"), der.utf8("a")),  # full width, NFKC
        (der.utf8("tax\u00adpayer"), der.utf8("taxpayer")),  # soft hyphen is mapped to nothing, RFC 4518 section 2.2
        (der.utf8("天津市"), der.tlv(0x1E, "天津市".encode("utf-16-be"))),
        (der.utf8("café"), der.tlv(0x14, "café".encode("latin-1"))),
    ],
)
def test_names_that_are_the_same(one: bytes, other: bytes) -> None:
    assert normal((CN, one)) == normal((CN, other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (((CN, der.utf8("a")),), ((ORG, der.utf8("a")),)),
        (((CN, der.utf8("a")), (ORG, der.utf8("b"))), ((ORG, der.utf8("b")), (CN, der.utf8("a")))),
        (((CN, der.utf8("a,2.5.4.10=b")),), ((CN, der.utf8("a")), (ORG, der.utf8("b")))),
        (((CN, der.utf8("a+2.5.4.10=b")),), ((CN, der.utf8("a")), (ORG, der.utf8("b")))),
        (((CN, der.utf8("ab")),), ((CN, der.utf8("a b")),)),
        (((CN, der.utf8("#0400")),), ((CN, der.octet_string(b"")),)),
        ((), ((CN, der.utf8("")),)),
    ],
)
def test_names_that_are_not_the_same(one: tuple[tuple[str, bytes], ...], other: tuple[tuple[str, bytes], ...]) -> None:
    assert normal(*one) != normal(*other)


def test_the_order_inside_one_rdn_does_not_matter() -> None:
    pair = [der.seq(der.oid(oid), der.utf8(value)) for oid, value in ((CN, "a"), (ORG, "b"))]
    written = [der.seq(der.tlv(0x31, b"".join(order))) for order in (pair, pair[::-1])]
    assert name_of(read(written[0])).normal == name_of(read(written[1])).normal


def test_text_shows_the_last_rdn_first_and_escapes() -> None:
    """RFC 4514 section 2."""
    found = name_of(read(name((C, der.printable("CN")), (ORG, der.utf8("A, B+C")), (CN, der.utf8("x\u202ey")))))
    assert found.text == "CN=x\\u{202e}y, O=A\\, B\\+C, C=CN"
    assert [rdn[0].string_type for rdn in found.rdns] == ["PrintableString", "UTF8String", "UTF8String"]


def test_what_cannot_be_decoded_is_hex_and_equals_only_itself() -> None:
    broken = der.tlv(0x0C, b"\xff\xfe")
    found = name_of(read(name((CN, broken))))
    assert found.rdns[0][0].value == "#0c02fffe"
    assert found.rdns[0][0].string_type == ""
    assert found.normal != normal((CN, der.tlv(0x0C, b"\xff\xff")))


@given(st.text(max_size=40))
def test_preparation_is_idempotent_and_ignores_case(text: str) -> None:
    once = normal_text(text)
    assert normal_text(once) == once
    if text.isascii():
        assert normal_text(text.swapcase()) == once


@given(st.lists(st.tuples(st.sampled_from([CN, ORG, C]), st.text(min_size=1, max_size=12)), max_size=3), st.data())
def test_equal_only_when_every_part_is(parts: list[tuple[str, str]], data: st.DataObject) -> None:
    """The normal form is injective over prepared values."""
    others = data.draw(st.lists(st.tuples(st.sampled_from([CN, ORG, C]), st.text(min_size=1, max_size=12)), max_size=3))
    one = normal(*((oid, der.utf8(text)) for oid, text in parts if _encodable(text)))
    two = normal(*((oid, der.utf8(text)) for oid, text in others if _encodable(text)))
    prepared = [[(oid, normal_text(text)) for oid, text in side if _encodable(text)] for side in (parts, others)]
    assert (one == two) == (prepared[0] == prepared[1])


def _encodable(text: str) -> bool:
    return text.isprintable() or not any("\ud800" <= char <= "\udfff" for char in text)


@pytest.mark.parametrize(
    ("element", "kind", "value"),
    [
        (der.implicit(2, b"www.example"), "dns", "www.example"),
        (der.implicit(1, b"a@example"), "email", "a@example"),
        (der.implicit(6, b"http://crl.example/a"), "uri", "http://crl.example/a"),
        (der.implicit(7, bytes([192, 0, 2, 1])), "ip", "192.0.2.1"),
        (der.implicit(7, bytes([192, 0, 2, 0, 255, 255, 255, 0])), "ip", "192.0.2.0/255.255.255.0"),
        (der.implicit(7, bytes(16)), "ip", "00" * 16),
        (der.implicit(8, der.oid("2.999.1")[2:]), "registered-id", "2.999.1"),
        (der.explicit(4, name((CN, der.utf8("A B")))), "directory", "2.5.4.3=a b"),
        (der.explicit(0, der.oid("2.999.2") + der.explicit(0, der.utf8("x"))), "other", "2.999.2:0c0178"),
    ],
)
def test_general_names(element: bytes, kind: str, value: str) -> None:
    found = general_name(read(element))
    assert (found.kind, found.value) == (kind, value)


@pytest.mark.parametrize("raw", ["3000", "8900", "a400", "a000"])
def test_what_is_no_general_name_is_malformed(raw: str) -> None:
    with pytest.raises(Malformed):
        general_name(read(bytes.fromhex(raw)))
