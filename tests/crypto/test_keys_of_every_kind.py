"""Keys of every kind: made, written, read, signed with; and what is refused."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from interop.crypto import asn1, table
from interop.crypto.der import SEQUENCE, encode, encode_integer, encode_oid, read_pair, write_pair
from interop.crypto.keys import (
    MalformedKey,
    PrivateKey,
    PssParameters,
    generate_private_key,
    inherit_parameters,
    load_private_key,
    load_public_key,
    private_key_pem,
    value_encoding,
)
from interop.crypto.sm2_keys import private_octets, public_point
from interop.model.errors import Unsupported, UsageError

asn1.prepare()

PAIRS = [("RSA", None), ("SM2", None), ("Ed25519", None), ("Ed448", None)]
PAIRS += [("EC", curve.name) for curve in table.curves() if curve.kind == "EC" and curve.computed]


@cache
def made(kind: str, curve: str | None = None) -> PrivateKey:
    return generate_private_key(kind, curve=curve)


SIGNING = [(row.name, *pair) for row in table.signatures() if row.use == "sign" for pair in PAIRS if row.key == pair[0]]


@pytest.mark.parametrize(("kind", "curve"), PAIRS)
def test_key_is_written_and_read(kind: str, curve: str | None) -> None:
    key = made(kind, curve)
    again = load_private_key(private_key_pem(key))
    assert again == key
    assert (key.kind, key.curve) == (kind, "sm2p256v1" if kind == "SM2" else curve)
    assert load_private_key(private_key_pem(key), check=True) == key
    public = load_public_key(key.spki)
    assert (public.kind, public.bits, public.curve, public.label, public.spki) == (
        key.kind, key.bits, key.curve, key.label, key.spki,
    )  # fmt: skip
    assert public is load_public_key(bytes(bytearray(key.spki)))
    assert public is not load_public_key(key.spki, cached=False)
    assert public == load_public_key(key.spki, cached=False)


@pytest.mark.parametrize(("name", "kind", "curve"), SIGNING)
def test_sign_and_verify(name: str, kind: str, curve: str | None) -> None:
    key, row = made(kind, curve), table.signature(name)
    assert row is not None
    for encoding in ("der", "raw"):
        value = key.sign(name, b"text", encoding=encoding)  # type: ignore[arg-type]
        assert key.public.verify(name, value, b"text")
        assert not key.public.verify(name, value, b"texT")
        assert not key.public.verify(name, value[:-1], b"text")
        assert not key.public.verify(name, value + b"\x00", b"text")
        assert not key.public.verify(name, b"", b"text")
        met = encoding if row.encoding_cms == "der" else row.encoding_cms
        assert value_encoding(name, value) == met
        assert key.sign(name, b"text", encoding=encoding) == value  # type: ignore[arg-type]
        if met in ("der", "raw") and row.key in ("EC", "SM2"):
            other = "raw" if met == "der" else "der"
            assert key.public.verify(name, value, b"text", encoding=met)  # type: ignore[arg-type]
            assert not key.public.verify(name, value, b"text", encoding=other)  # type: ignore[arg-type]


def test_ecdsa_nonce_is_that_of_rfc_6979() -> None:
    """RFC 6979 A.2.5: P-256, SHA-256, message `sample`."""
    number = bytes.fromhex("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721")
    sec1 = encode(SEQUENCE, encode_integer(1), encode(0x04, number), encode(0xA0, encode_oid("1.2.840.10045.3.1.7")))
    key = load_private_key(sec1)
    assert read_pair(key.sign("ecdsa-sha256", b"sample")) == (
        0xEFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716,
        0xF7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8,
    )


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=60), st.sampled_from(["P-256", "P-521", "brainpoolP384r1"]))
def test_both_encodings_hold_the_same_numbers(message: bytes, curve: str) -> None:
    key, row = made("EC", curve), table.curve(curve)
    assert row is not None
    raw = key.sign("ecdsa-sha256", message, encoding="raw")
    assert len(raw) == 2 * row.octets
    pair = int.from_bytes(raw[: row.octets], "big"), int.from_bytes(raw[row.octets :], "big")
    assert key.sign("ecdsa-sha256", message) == write_pair(*pair)


def test_sha1_with_rsa_verifies_and_is_not_made() -> None:
    native = rsa.generate_private_key(65537, 2048)
    spki = native.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    value = native.sign(b"text", padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - it is what is verified here
    assert load_public_key(spki).verify("rsa-sha1", value, b"text")
    assert not load_public_key(spki).verify("rsa-sha256", value, b"text")
    with pytest.raises(Unsupported, match="verified only"):
        made("RSA").sign("rsa-sha1", b"text")


def test_dsa_verifies_in_both_encodings() -> None:
    native = dsa.generate_private_key(1024)  # noqa: S505 - a size met in old certificates
    spki = native.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    key = load_public_key(spki)
    assert (key.kind, key.bits, key.label) == ("DSA", 1024, "DSA-1024")
    for digest, name in ((hashes.SHA1(), "dsa-sha1"), (hashes.SHA256(), "dsa-sha256")):  # noqa: S303 - verified here
        value = native.sign(b"text", digest)
        raw = b"".join(n.to_bytes(20, "big") for n in read_pair(value))
        for encoded, encoding in ((value, "der"), (raw, "raw")):
            assert key.verify(name, encoded, b"text")
            assert key.verify(name, encoded, b"text", encoding=encoding)  # type: ignore[arg-type]
            assert not key.verify(name, encoded, b"texT")


def test_pss_parameters_are_kept_to() -> None:
    key = made("RSA")
    value = key.sign("rsa-pss-sha256", b"text")
    answers = {
        pss: key.public.verify("rsa-pss-sha256", value, b"text", pss=pss)
        for pss in (
            None,
            PssParameters(mgf_digest="sha256", salt_length=32),
            PssParameters(mgf_digest="sha256", salt_length=20),
            PssParameters(mgf_digest="sha1", salt_length=32),
        )
    }
    assert list(answers.values()) == [True, True, False, False]


def test_pss_that_does_not_fit_the_modulus_is_false() -> None:
    """RFC 8017 9.1.2 step 3: emLen < hLen + sLen + 2 is `inconsistent`."""
    pss = PssParameters(mgf_digest="sha512", salt_length=300)
    value = made("RSA").sign("rsa-pss-sha512", b"text")
    assert made("RSA").public.verify("rsa-pss-sha512", value, b"text")
    assert not made("RSA").public.verify("rsa-pss-sha512", value, b"text", pss=pss)


def test_algorithm_of_another_kind_of_key() -> None:
    rsa_key, ec_key, sm2_key = made("RSA"), made("EC", "P-256"), made("SM2")
    assert not ec_key.public.verify("sm2-sm3", sm2_key.sign("sm2-sm3", b"x"), b"x")
    assert not sm2_key.public.verify("ecdsa-sha256", ec_key.sign("ecdsa-sha256", b"x"), b"x")
    assert not ec_key.public.verify("rsa-sha256", rsa_key.sign("rsa-sha256", b"x"), b"x")
    with pytest.raises(UsageError, match="needs a key of kind RSA, this one is P-256"):
        ec_key.sign("rsa-sha256", b"x")


@pytest.mark.parametrize("row", [s for s in table.signatures() if s.use == "none"], ids=lambda row: row.name)
def test_what_is_only_recognised_is_unsupported(row: table.SignatureAlgorithm) -> None:
    with pytest.raises(Unsupported, match="recognised but not computed"):
        made("RSA").public.verify(row.name, b"", b"")
    with pytest.raises(Unsupported, match="recognised but not computed"):
        made("RSA").sign(row.name, b"")


def test_unknown_signature_is_unsupported() -> None:
    for call in (
        lambda: made("RSA").public.verify("rsa-sha257", b"", b""),
        lambda: made("RSA").sign("rsa-sha257", b""),
        lambda: value_encoding("rsa-sha257", b""),
    ):
        with pytest.raises(Unsupported, match="unknown"):
            call()


def spki(*algorithm: bytes, key: bytes = b"\x00" + bytes(8)) -> bytes:
    return encode(SEQUENCE, encode(SEQUENCE, *algorithm), encode(0x03, key))


@pytest.mark.parametrize(
    ("der", "why"),
    [
        (spki(encode_oid("1.2.643.7.1.1.1.1")), "kind GOST"),
        (spki(encode_oid("1.2.804.2.1.1.1.1.3.1.1")), "kind DSTU"),
        (spki(encode_oid("2.999.1")), "kind 2.999.1"),
        (spki(encode_oid("1.2.840.10045.2.1"), encode_oid("1.2.250.1.223.101.256.1")), "curve FRP256v1"),
        (spki(encode_oid("1.2.840.10045.2.1"), encode_oid("2.999.1")), "curve 2.999.1"),
        (spki(encode_oid("1.2.840.10045.2.1"), encode(SEQUENCE, encode_integer(1))), "explicit parameters"),
    ],
)
def test_key_that_is_not_computed_is_unsupported(der: bytes, why: str) -> None:
    with pytest.raises(Unsupported, match=why) as caught:
        load_public_key(der)
    assert not isinstance(caught.value, MalformedKey)


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"\x30",
        b"text",
        spki(encode_oid("1.2.840.113549.1.1.1"), b"\x05\x00"),
        spki(encode_oid("1.2.840.10045.2.1"), encode_oid("1.2.840.10045.3.1.7"), key=b"\x00\x04" + bytes(64)),
        spki(encode_oid("1.3.101.112"), key=b"\x00" + bytes(31)),
    ],
)
def test_what_is_no_key_is_malformed(der: bytes) -> None:
    with pytest.raises(MalformedKey):
        load_public_key(der)


def load_der(text: bytes) -> bytes:
    return base64.b64decode(b"".join(text.split(b"\n")[1:-2]))


@given(st.binary(max_size=60), st.integers(0, 60))
def test_any_octets_are_a_key_or_refused(noise: bytes, at: int) -> None:
    """Hostile input ends in one of our errors, never in another exception."""
    key = made("SM2")
    private = load_der(private_key_pem(key))
    for candidate in (
        noise,
        *(d[:at] + noise + d[at + keep :] for d in (key.spki, private) for keep in (0, len(noise), 200)),
    ):
        for load in (lambda c: load_public_key(c, cached=False), load_private_key):
            try:
                load(candidate)
            except Unsupported:
                continue


def test_private_keys_that_are_refused() -> None:
    encrypted = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"secret")
    )
    assert load_private_key(encrypted, password=b"secret").label == "P-256"
    for password in (None, b"wrong"):
        with pytest.raises(MalformedKey):
            load_private_key(encrypted, password=password)
    with pytest.raises(MalformedKey, match="not in"):
        load_private_key(private_octets(5).replace((5).to_bytes(32, "big"), bytes(32)))
    with pytest.raises(MalformedKey, match="another private key"):
        load_private_key(private_octets(5).replace((5).to_bytes(32, "big"), (6).to_bytes(32, "big")))
    for text in (b"", b"text", b"-----BEGIN PRIVATE KEY-----\n%%\n-----END PRIVATE KEY-----\n"):
        with pytest.raises(MalformedKey):
            load_private_key(text)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("EC", 256), UsageError),
        (("RSA", None, "P-256"), UsageError),
        (("SM2", None, "P-256"), UsageError),
        (("EC", None, "P-265"), Unsupported),
        (("EC", None, "FRP256v1"), Unsupported),
        (("GOST",), UsageError),
        (("DSA",), Unsupported),
    ],
)
def test_keys_that_cannot_be_made(arguments: tuple[str, ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        generate_private_key(*arguments)  # type: ignore[arg-type]


def test_modulus_beyond_the_limit_is_unsupported() -> None:
    def rsa_spki(bits: int) -> bytes:
        key = encode(SEQUENCE, encode_integer(2 ** (bits - 1) + 1), encode_integer(65537))
        return spki(encode_oid("1.2.840.113549.1.1.1"), b"\x05\x00", key=b"\x00" + key)

    assert load_public_key(rsa_spki(16384)).label == "RSA-16384"
    assert load_public_key(rsa_spki(512)).label == "RSA-512"
    with pytest.raises(Unsupported, match="16385 bits is not computed"):
        load_public_key(rsa_spki(16385))


def test_dsa_parameters_are_inherited(external: Callable[..., Path]) -> None:
    """NIST PKITS 4.1.4 and 4.1.5: the CA of the second leaves its DSA parameters to those of its issuer."""

    def certificate(name: str) -> x509.Certificate:
        return x509.Certificate.load(external("pkits", "certs", f"{name}.crt").read_bytes())

    def holds(subject: str, key: bytes) -> bool:
        data, value = (certificate(subject)[part] for part in ("tbs_certificate", "signature_value"))
        return load_public_key(key).verify("dsa-sha1", value.native, data.dump())

    own, inherited = (
        certificate(name)["tbs_certificate"]["subject_public_key_info"].dump()
        for name in ("DSACACert", "DSAParametersInheritedCACert")
    )
    assert holds("ValidDSASignaturesTest4EE", own)
    assert not holds("InvalidDSASignatureTest6EE", own)
    with pytest.raises(Unsupported, match="without parameters"):
        load_public_key(inherited)
    assert holds("DSAParametersInheritedCACert", own)
    assert holds("ValidDSAParameterInheritanceTest5EE", inherit_parameters(inherited, own))
    assert inherit_parameters(own, inherited) == own
    assert inherit_parameters(made("RSA").spki, own) == made("RSA").spki
    with pytest.raises(MalformedKey):
        inherit_parameters(b"", own)


def test_sm2_spki_in_the_other_form() -> None:
    key = made("SM2")
    assert key.spki_in("ec") == key.spki
    other = load_public_key(key.spki_in("sm2"))
    assert public_point(other.spki) == public_point(key.spki)
    assert made("RSA").spki_in("sm2") == made("RSA").spki


def test_private_key_is_not_shown() -> None:
    for kind, curve in PAIRS:
        assert "native" not in repr(made(kind, curve))
