"""Keys of octets only: they are written and read, give the same octets for the same data, and verify nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interop.crypto import table
from interop.crypto.der import (
    BIT_STRING,
    INTEGER,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    Reader,
    decode_oid,
    encode,
    encode_integer,
    encode_oid,
)
from interop.crypto.digests import digest_bytes, digest_to_write
from interop.crypto.keys import generate_private_key, load_private_key, load_public_key, private_key_pem
from interop.crypto.opaque import is_opaque, load_opaque_key, shape_of
from interop.model.errors import Unsupported, UsageError

ALGORITHMS = {
    "gost3410-2012-256": ("GOST", "1.2.643.7.1.1.1.1", 64, 64),
    "gost3410-2012-512": ("GOST", "1.2.643.7.1.1.1.2", 128, 128),
    "kz-gost3410-2015-256": ("GOST-KZ", "1.2.398.3.10.1.1.2.1", 64, 64),
    "kz-gost3410-2015-512": ("GOST-KZ", "1.2.398.3.10.1.1.2.2", 128, 128),
    "dstu4145-gost34311": ("DSTU", "1.2.804.2.1.1.1.1.3.1.1", 33, 66),
    "dstu4145-kupyna-256": ("DSTU", "1.2.804.2.1.1.1.1.3.1.1", 33, 66),
    "kcdsa-has160": ("KCDSA", "1.2.410.200004.1.1", 128, 40),
    "kcdsa-sha1": ("KCDSA", "1.2.410.200004.1.1", 128, 40),
}
"""Kind, OID of the key, octets of the public key, octets of a value as written (DSTU 4145: inside an OCTET STRING)."""


@pytest.mark.parametrize("name", ALGORITHMS)
def test_the_key_has_the_identifiers_and_the_shape_of_its_kind(name: str) -> None:
    kind, oid, octets, _ = ALGORITHMS[name]
    key = generate_private_key(kind, signature=name)
    assert (key.kind, key.opaque, key.label) == (kind, True, kind)
    assert is_opaque(kind)
    outer = Reader(Reader(key.spki).read(SEQUENCE))
    assert decode_oid(Reader(outer.read(SEQUENCE)).read(OBJECT_IDENTIFIER)) == oid
    assert table.key_kind_by_oid(oid) == kind
    inner = Reader(outer.read(BIT_STRING)[1:])
    assert len(inner.read(INTEGER if kind == "KCDSA" else OCTET_STRING)) == octets


@pytest.mark.parametrize("name", ALGORITHMS)
def test_it_is_written_and_read(name: str) -> None:
    kind = ALGORITHMS[name][0]
    key = generate_private_key(kind, signature=name)
    again = load_private_key(private_key_pem(key))
    assert again == key
    assert again.sign(name, b"text") == key.sign(name, b"text")
    assert key != generate_private_key(kind, signature=name)


@settings(deadline=None, max_examples=20)
@given(st.sampled_from(sorted(ALGORITHMS)), st.binary(max_size=50), st.binary(max_size=50))
def test_values_follow_from_key_name_and_data(name: str, one: bytes, other: bytes) -> None:
    kind, _, _, octets = ALGORITHMS[name]
    key, stranger = (generate_private_key(kind, signature=name) for _ in range(2))
    assert len(key.sign(name, one)) == octets
    assert (key.sign(name, one) == key.sign(name, other)) is (one == other)
    assert key.sign(name, one) != stranger.sign(name, one)


@pytest.mark.parametrize("name", ALGORITHMS)
def test_nothing_verifies(name: str) -> None:
    key = generate_private_key(ALGORITHMS[name][0], signature=name)
    with pytest.raises(Unsupported, match="are not computed"):
        load_public_key(key.spki)
    with pytest.raises(Unsupported):
        _ = key.public
    rsa = generate_private_key("RSA").public
    with pytest.raises(Unsupported, match="recognised but not computed"):
        rsa.verify(name, key.sign(name, b"text"), b"text")


def test_a_key_signs_what_belongs_to_it() -> None:
    key = generate_private_key("GOST", signature="gost3410-2012-256")
    with pytest.raises(UsageError, match="does not belong to this key"):
        key.sign("gost3410-2012-512", b"text")
    with pytest.raises(UsageError, match="needs a key of kind DSTU"):
        key.sign("dstu4145-gost34311", b"text")
    with pytest.raises(UsageError, match="needs a key of kind RSA"):
        key.sign("rsa-sha256", b"text")
    with pytest.raises(Unsupported, match="recognised but not computed"):
        generate_private_key("RSA").sign("gost3410-2012-256", b"text")


def test_what_has_no_known_shape_is_not_made() -> None:
    for name in ("gost3410-2001", "kz-gost34310-2004", "rsa-has160", "dstu4145-kupyna-512"):
        with pytest.raises(Unsupported, match="no shape of keys is known"):
            shape_of(name)
    with pytest.raises(UsageError, match="belongs to keys of kind GOST"):
        generate_private_key("DSTU", signature="gost3410-2012-256")


def test_other_keys_are_not_taken_for_one() -> None:
    assert load_opaque_key(b"") is None
    assert load_opaque_key(b"\x30\x00") is None
    other = encode(SEQUENCE, encode_integer(0), encode(SEQUENCE, encode_oid("2.999.1")), encode(OCTET_STRING, b"x"))
    assert load_opaque_key(other) is None
    assert not any(is_opaque(kind) for kind in ("RSA", "EC", "SM2", "DSA", "Ed25519", "Ed448", ""))


@pytest.mark.parametrize("row", table.digests(), ids=lambda row: row.name)
def test_digests_that_are_not_computed_are_written_as_octets(row: table.Digest) -> None:
    written = digest_to_write(row.name, b"text")
    assert len(written) == row.size
    assert written != digest_to_write(row.name, b"texT")
    if row.computed:
        assert written == digest_bytes(row.name, b"text")
        return
    with pytest.raises(Unsupported):
        digest_bytes(row.name, b"text")


def test_unknown_digests_are_not_written() -> None:
    with pytest.raises(Unsupported):
        digest_to_write("sha257", b"text")


def test_every_national_algorithm_has_a_key_kind_of_octets() -> None:
    """What the table recognises under a national key kind is either made of octets or has no known shape."""
    national = {row.name for row in table.signatures() if is_opaque(row.key)}
    assert set(ALGORITHMS) <= national
    assert {table.signature(name).use for name in national} == {"none"}  # type: ignore[union-attr]
