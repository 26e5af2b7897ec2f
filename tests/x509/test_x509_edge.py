"""Edges between real certificates: which signature verifies with which key."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from x509_writing import AT, ReadData, name

from interop.crypto.keys import generate_private_key
from interop.model.errors import InputError
from interop.x509 import der
from interop.x509.certificate import certificate_parts, parse_certificate, read_certificates
from interop.x509.edge import verify_signed


def _all(files: dict[str, bytes]) -> list[bytes]:
    return [raw for file, data in files.items() for raw in read_certificates(data, file)]


def _subject(raw: bytes) -> str:
    return parse_certificate(raw).subject.text.split(",")[0]


@pytest.mark.parametrize(
    ("pattern", "edges"),
    [
        (
            "sm2/*.pem",
            {
                ("CN=ROOTCA", "CN=ROOTCA"), ("CN=Taier CA", "CN=ROOTCA"),
                ("CN=Civil Servant ROOT", "CN=Civil Servant ROOT"), ("CN=TJCA", "CN=Civil Servant ROOT"),
            },
        ),
        (
            "sm2/tongsuo_*.crt",
            {("CN=root ca", "CN=root ca"), ("CN=sub ca", "CN=root ca"), ("CN=client sign", "CN=sub ca"), ("CN=server sign", "CN=sub ca")},
        ),
    ],
)  # fmt: skip
def test_every_edge_of_the_sm2_chains_verifies_and_no_other(
    read_data: ReadData, pattern: str, edges: set[tuple[str, str]]
) -> None:
    """The real national hierarchy, and a test chain of Tongsuo: ID 1234567812345678 throughout."""
    certificates = _all(read_data(pattern))
    found = {
        (_subject(one), _subject(other))
        for one in certificates
        for other in certificates
        if verify_signed(one, "certificate", other) is True
    }
    assert found == edges


def test_pkits_signatures(read_data: ReadData) -> None:
    """PKITS 4.1: the two broken signatures fail, RSA and DSA ones hold."""
    files, crls = read_data("pkits/certs/*.crt"), read_data("pkits/crls/*.crl")
    anchor = files["TrustAnchorRootCertificate.crt"]
    assert verify_signed(anchor, "certificate", anchor) is True
    assert verify_signed(files["GoodCACert.crt"], "certificate", anchor) is True
    assert verify_signed(files["BadSignedCACert.crt"], "certificate", anchor) is False
    assert verify_signed(files["InvalidEESignatureTest3EE.crt"], "certificate", files["GoodCACert.crt"]) is False
    assert verify_signed(files["ValidDSASignaturesTest4EE.crt"], "certificate", files["DSACACert.crt"]) is True
    assert verify_signed(files["DSAParametersInheritedCACert.crt"], "certificate", files["DSACACert.crt"]) is True
    assert verify_signed(crls["GoodCACRL.crl"], "crl", files["GoodCACert.crt"]) is True
    assert verify_signed(crls["BadCRLSignatureCACRL.crl"], "crl", files["BadCRLSignatureCACert.crt"]) is False


def test_a_dsa_key_without_parameters_cannot_be_computed(read_data: ReadData) -> None:
    """PKITS 4.1.5 inherits the parameters, which nobody has done since RFC 3279; it is no failed signature."""
    files = read_data("pkits/certs/*.crt")
    leaf, issuer = files["ValidDSAParameterInheritanceTest5EE.crt"], files["DSAParametersInheritedCACert.crt"]
    assert verify_signed(leaf, "certificate", issuer) is None


def _signed_by(key_spki: bytes, algorithm: bytes, value: bytes, tbs_algorithm: bytes | None = None) -> bytes:
    tbs = der.seq(
        der.integer(1), tbs_algorithm or algorithm, name(("2.5.4.3", der.utf8("i"))), der.seq(der.time(AT), der.time(AT)),
        name(("2.5.4.3", der.utf8("s"))), key_spki,
    )  # fmt: skip
    return der.seq(tbs, algorithm, der.bit_string(value))


def test_unknown_algorithms_and_keys_give_none_and_unfit_keys_false(make: Callable[..., bytes]) -> None:
    ec, sm2 = generate_private_key("EC", curve="P-256"), generate_private_key("SM2")
    unknown_key = der.seq(der.algorithm("2.999.1"), der.bit_string(b"key"))
    assert verify_signed(_signed_by(ec.spki, der.algorithm("2.999.2"), b"v"), "certificate", make()) is None
    ecdsa = _signed_by(unknown_key, der.algorithm("1.2.840.10045.4.3.2"), b"v")
    assert verify_signed(ecdsa, "certificate", ecdsa) is None
    sm2_holder = _signed_by(sm2.spki, der.algorithm("1.2.840.10045.4.3.2"), b"v")
    assert verify_signed(sm2_holder, "certificate", sm2_holder) is False


def test_the_sm2_identifier_as_key_algorithm_is_the_same_key() -> None:
    """GM/T 0015-2023: edges do not depend on how the issuer's certificate writes its key."""
    key = generate_private_key("SM2")
    algorithm = der.algorithm("1.2.156.10197.1.501")
    issuer = _signed_by(key.spki_in("sm2"), algorithm, b"v")
    tbs = certificate_parts(_signed_by(key.spki, algorithm, b"")).tbs
    leaf = der.seq(tbs, algorithm, der.bit_string(key.sign("sm2-sm3", tbs)))
    assert verify_signed(leaf, "certificate", issuer) is True
    other_id = der.seq(tbs, algorithm, der.bit_string(key.sign("sm2-sm3", tbs, sm2_id="")))
    assert verify_signed(other_id, "certificate", issuer) is False
    assert verify_signed(other_id, "certificate", issuer, sm2_ids=("another", "")) is True


def test_a_ca_that_signs_with_another_sm2_id_links_where_that_is_named() -> None:
    """GB/T 35276: the default ID unless another is agreed upon; without Z nothing is bound to the key."""
    key, other = generate_private_key("SM2"), generate_private_key("SM2")
    algorithm = der.algorithm("1.2.156.10197.1.501")
    tbs = certificate_parts(_signed_by(key.spki, algorithm, b"")).tbs
    own = der.seq(tbs, algorithm, der.bit_string(key.sign("sm2-sm3", tbs, sm2_id="CA-ID")))
    foreign = der.seq(tbs, algorithm, der.bit_string(other.sign("sm2-sm3", tbs, sm2_id="CA-ID")))
    bare = der.seq(tbs, algorithm, der.bit_string(key.sign("sm2-sm3", tbs, sm2_id=None)))
    assert [verify_signed(own, "certificate", own, sm2_ids=ids) for ids in ((), ("CA",), ("CA", "CA-ID"))] == [
        False,
        False,
        True,
    ]
    assert verify_signed(foreign, "certificate", own, sm2_ids=("CA-ID",)) is False
    assert verify_signed(bare, "certificate", own, sm2_ids=("CA-ID", "")) is False


def test_pss_parameters_are_obeyed() -> None:
    """RFC 4055 section 3.1: parameters that state another salt length than the value has do not verify."""
    from interop.cms.build import signature_algorithm

    key = generate_private_key("RSA", bits=2048)
    algorithm = signature_algorithm("rsa-pss-sha256")
    tbs = certificate_parts(_signed_by(key.spki, algorithm, b"")).tbs
    value = key.sign("rsa-pss-sha256", tbs)
    good = der.seq(tbs, algorithm, der.bit_string(value))
    assert verify_signed(good, "certificate", good) is True
    short = algorithm.replace(der.integer(32), der.integer(20))
    assert verify_signed(der.seq(tbs, short, der.bit_string(value)), "certificate", good) is False
    sha1_defaults = der.algorithm("1.2.840.113549.1.1.10", der.seq())
    assert verify_signed(der.seq(tbs, sha1_defaults, der.bit_string(value)), "certificate", good) is False
    nonsense = der.algorithm("1.2.840.113549.1.1.10", der.null())
    assert verify_signed(der.seq(tbs, nonsense, der.bit_string(value)), "certificate", good) is None


def test_what_cannot_be_read_is_an_input_error(make: Callable[..., bytes]) -> None:
    with pytest.raises(InputError):
        verify_signed(b"\x30\x00", "certificate", make())
