"""RSASSA-PSS: our own encoding against `cryptography`, parameters against asn1crypto, and keys that are restricted to it."""

from __future__ import annotations

from functools import cache

import pytest
from asn1crypto import algos
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from interop.crypto.der import NULL, SEQUENCE, encode, encode_integer, encode_oid
from interop.crypto.keys import MalformedKey, PssParameters, PssRestriction, load_public_key
from interop.crypto.pss import MGF1, parameters_for, pss_parameters, pss_spki, restriction_of, sign_pss
from interop.crypto.table_data import RSASSA_PSS
from interop.model.errors import Unsupported, UsageError

HASHES = {
    "sha1": hashes.SHA1(),  # noqa: S303 - a default of RFC 4055
    "sha224": hashes.SHA224(), "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512(),
    "sha3-256": hashes.SHA3_256(),
}  # fmt: skip


@cache
def key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def spki(private: rsa.RSAPrivateKey) -> bytes:
    return private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


@settings(deadline=None, max_examples=60)
@given(
    st.binary(max_size=80),
    st.sampled_from(sorted(HASHES)),
    st.sampled_from(sorted(HASHES)),
    st.integers(0, 100),
    st.sampled_from([1536, 2041, 2047, 2048]),
)
def test_what_we_encode_others_verify(message: bytes, digest: str, mask: str, salt: int, bits: int) -> None:
    """Moduli whose size is no multiple of eight too: there the encoded message is one octet shorter (RFC 8017 9.1.1 step 1)."""
    private = key(bits)
    value = sign_pss(private, digest, message, PssParameters(mgf_digest=mask, salt_length=salt))
    assert len(value) == (bits + 7) // 8
    pad = padding.PSS(padding.MGF1(HASHES[mask]), salt)
    private.public_key().verify(value, message, pad, HASHES[digest])


def test_salts_differ_with_message_key_and_parameters_and_with_nothing_else() -> None:
    usual = parameters_for("sha256")
    values = {
        sign_pss(key(), "sha256", b"a"), sign_pss(key(), "sha256", b"b"), sign_pss(key(1536), "sha256", b"a"),
        sign_pss(key(), "sha256", b"a", PssParameters(mgf_digest="sha1", salt_length=32)), sign_pss(key(), "sha384", b"a"),
    }  # fmt: skip
    assert len(values) == 5
    assert sign_pss(key(), "sha256", b"a") == sign_pss(key(), "sha256", b"a", usual)


def test_a_salt_that_does_not_fit() -> None:
    with pytest.raises(UsageError, match="does not fit"):
        sign_pss(key(), "sha256", b"a", PssParameters(mgf_digest="sha256", salt_length=223))
    assert sign_pss(key(), "sha256", b"a", PssParameters(mgf_digest="sha256", salt_length=222))


@pytest.mark.parametrize(
    ("digest", "mask", "salt"),
    [("sha1", "sha1", 20), ("sha256", "sha256", 32), ("sha512", "sha1", 64), ("sha256", "sha384", 20)],
)
def test_parameters_are_der_with_defaults_left_out(digest: str, mask: str, salt: int) -> None:
    written = pss_parameters(digest, PssParameters(mgf_digest=mask, salt_length=salt))
    read = algos.RSASSAPSSParams.load(written, strict=True)
    assert read["hash_algorithm"]["algorithm"].native == digest
    assert read["mask_gen_algorithm"]["algorithm"].native == "mgf1"
    assert read["mask_gen_algorithm"]["parameters"]["algorithm"].native == mask
    assert (read["salt_length"].native, read["trailer_field"].native) == (salt, "trailer_field_bc")
    assert (written == b"\x30\x00") is ((digest, mask, salt) == ("sha1", "sha1", 20))
    back = restriction_of(pss_spki(spki(key()), written))
    assert back == PssRestriction(digest=digest, mgf_digest=mask, salt_length=salt)


def test_restrictions_of_keys() -> None:
    plain = spki(key())
    assert restriction_of(plain) is None
    free, bound = pss_spki(plain), pss_spki(plain, pss_parameters("sha256"))
    assert load_public_key(free).pss == PssRestriction()
    admitted = {
        name: (
            load_public_key(free).admits(name),
            load_public_key(bound).admits(name),
            load_public_key(plain).admits(name),
        )
        for name in ("rsa-pss-sha256", "rsa-pss-sha512", "rsa-sha256", "ecdsa-sha256")
    }
    assert admitted == {
        "rsa-pss-sha256": (True, True, True),
        "rsa-pss-sha512": (True, False, True),
        "rsa-sha256": (False, False, True),
        "ecdsa-sha256": (False, False, False),
    }
    for salt, ok in ((31, False), (32, True), (33, True)):  # RFC 4055 section 3.3: the salt may be longer, not shorter
        assert (
            load_public_key(bound).admits("rsa-pss-sha256", PssParameters(mgf_digest="sha256", salt_length=salt)) is ok
        )
    assert not load_public_key(bound).admits("rsa-pss-sha256", PssParameters(mgf_digest="sha1", salt_length=32))


def test_restrictions_that_cannot_be_read() -> None:
    plain = spki(key())
    unknown = encode(SEQUENCE, encode(0xA0, encode(SEQUENCE, encode_oid("2.999.1"))))
    mask = encode(SEQUENCE, encode(0xA1, encode(SEQUENCE, encode_oid("2.999.1"), encode(SEQUENCE, encode_oid(MGF1)))))
    for parameters in (unknown, mask):
        with pytest.raises(Unsupported):
            load_public_key(pss_spki(plain, parameters))
    trailer = encode(SEQUENCE, encode(0xA3, encode_integer(2)))
    for parameters in (trailer, encode(NULL), encode(SEQUENCE, b"\x05\x00")):
        with pytest.raises(MalformedKey):
            load_public_key(pss_spki(plain, parameters))
    assert RSASSA_PSS == "1.2.840.113549.1.1.10"
