"""Digests against the examples of their standards; SM3 in both implementations."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interop.crypto import sm3, table
from interop.crypto.digests import digest_bytes
from interop.model.errors import Unsupported

ABC = {  # FIPS 180-4, FIPS 202, RFC 1321, RIPEMD-160 and GB/T 32905 examples for the message "abc"
    "md5": "900150983cd24fb0d6963f7d28e17f72",
    "ripemd160": "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc",
    "sha1": "a9993e364706816aba3e25717850c26c9cd0d89d",
    "sha224": "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
    "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "sha384": "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    "sha512": "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    "sha3-256": "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
    "sm3": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
}


@pytest.mark.parametrize("name", ABC)
def test_example_of_the_standard(name: str) -> None:
    assert digest_bytes(name, b"abc").hex() == ABC[name]


def test_shake256_gives_64_octets() -> None:
    """NIST example for the empty message, cut to RFC 8702's length."""
    assert (
        digest_bytes("shake256", b"")
        .hex()
        .startswith("46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f")
    )


@pytest.mark.parametrize("row", [d for d in table.digests() if d.computed], ids=lambda row: row.name)
def test_every_computed_digest_has_the_size_of_the_table(row: table.Digest) -> None:
    assert len(digest_bytes(row.name, b"x")) == row.size


@pytest.mark.parametrize("row", [d for d in table.digests() if not d.computed], ids=lambda row: row.name)
def test_recognised_digest_is_unsupported(row: table.Digest) -> None:
    with pytest.raises(Unsupported, match="recognised but not computed"):
        digest_bytes(row.name, b"x")


def test_unknown_digest_is_unsupported() -> None:
    with pytest.raises(Unsupported, match="unknown"):
        digest_bytes("sha-256", b"x")


def test_digest_that_this_build_lacks_is_unsupported(monkeypatch: pytest.MonkeyPatch) -> None:
    def without(name: str, data: bytes = b"", **_: object) -> None:
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(hashlib, "new", without)
    with pytest.raises(Unsupported, match="not in this build"):
        digest_bytes("ripemd160", b"x")


def test_pure_sm3_gives_the_examples_of_gb_t_32905() -> None:
    assert sm3.sm3_pure(b"abc").hex() == ABC["sm3"]
    assert sm3.sm3_pure(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


@given(st.binary(max_size=300))
def test_both_sm3_agree(data: bytes) -> None:
    assert sm3.sm3_pure(data) == sm3.sm3(data)


@given(st.binary(max_size=150), st.binary(max_size=100))
def test_hmac_without_hashlib_is_the_same(key: bytes, data: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        native = sm3.hmac_sm3(key, data)
        patch.setattr(sm3, "NATIVE", False)
        patch.setattr(sm3, "sm3", sm3.sm3_pure)
        assert sm3.hmac_sm3(key, data) == native
