"""Built SignedData: canonical, deterministic, and accepted by software of others."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from asn1crypto import cms as reference
from asn1crypto import tsp
from cms_writing import AT, CONTENT, Openssl, Signer, observe, pem
from hypothesis import given
from hypothesis import strategies as st

from interop.cms.attributes import signing_certificate_v2
from interop.cms.build import signature_algorithm
from interop.cms.parse import parse_signed_data
from interop.crypto.digests import digest_bytes
from interop.model.errors import Unsupported, UsageError
from interop.x509 import der
from interop.x509.ber import read

INSTANT = str(int(AT.timestamp()))
VERIFY = ("-partial_chain", "-attime", INSTANT)
Signers = dict[str, Signer]
ALL = pytest.mark.parametrize("kind", ["rsa", "pss", "p256", "p384", "ed25519", "sm2"])


def _reference(raw: bytes) -> reference.SignedData:
    return reference.ContentInfo.load(raw, strict=True)["content"]


# --- accepted by openssl ----------------------------------------------------------------------------------------------


def _cms_verify(openssl: Openssl, signer: Signer, raw: bytes, content: bytes = CONTENT) -> bool:
    arguments = (
        "cms",
        "-verify",
        "-in",
        "s",
        "-inform",
        "DER",
        "-content",
        "d",
        "-binary",
        "-CAfile",
        "c",
        "-purpose",
        "any",
    )
    ok, _ = openssl(*arguments, *VERIFY, "-out", "o", s=raw, d=content, c=pem(signer.certificate))
    return ok


@pytest.mark.parametrize("kind", ["rsa", "pss", "p256", "p384"])
@pytest.mark.parametrize(
    "changes",
    [{}, {"signing_time": AT, "issuer_serial": False}, {"key_identifier": True}, {"signed_attributes": False}],
)
def test_openssl_accepts_the_signature(
    signers: Signers, openssl: Openssl, kind: str, changes: dict[str, object]
) -> None:
    raw = signers[kind].sign(**changes)
    assert _cms_verify(openssl, signers[kind], raw)
    assert not _cms_verify(openssl, signers[kind], raw, CONTENT + b"x")


@pytest.mark.parametrize("kind", ["rsa", "p256"])
def test_openssl_checks_the_signing_certificate(signers: Signers, openssl: Openssl, kind: str) -> None:
    """`-cades` makes openssl check signing-certificate-v2, and its digest."""
    arguments = (
        "cms",
        "-verify",
        "-cades",
        "-in",
        "s",
        "-inform",
        "DER",
        "-content",
        "d",
        "-binary",
        "-CAfile",
        "c",
        "-purpose",
        "any",
    )
    for wrong in (False, True):
        raw = signers[kind].sign(wrong_certificate_digest=wrong)
        ok, text = openssl(*arguments, *VERIFY, "-out", "o", s=raw, d=CONTENT, c=pem(signers[kind].certificate))
        assert ok is not wrong, text


def test_openssl_before_4_takes_sm2_with_the_empty_id_only(signers: Signers, openssl: Openssl) -> None:
    """OpenSSL 3 hashes the empty ID into Z in CMS and cannot be told otherwise (reference/domestic-profiles.md 2.2)."""
    _, version = openssl("version")
    if not version.startswith("OpenSSL 3."):
        pytest.skip(f"about OpenSSL 3, this is {version.strip()}")
    assert _cms_verify(openssl, signers["sm2"], signers["sm2"].sign(sm2_id=""))
    assert not _cms_verify(openssl, signers["sm2"], signers["sm2"].sign())


@pytest.mark.parametrize("sm2_id", ["1234567812345678", "ALICE123@YAHOO.COM"])
def test_openssl_confirms_sm2_values_with_their_id(signers: Signers, openssl: Openssl, sm2_id: str) -> None:
    signer = signers["sm2"]
    info = parse_signed_data(signer.sign(sm2_id=sm2_id)).signers[0]
    key = pem(signer.key.spki, "PUBLIC KEY")
    for claimed in (sm2_id, "another"):
        ok, _ = openssl(
            "dgst", "-sm3", "-verify", "k", "-sigopt", f"distid:{claimed}", "-signature", "s", "m",
            k=key, s=info.value, m=info.signed_forms[0],
        )  # fmt: skip
        assert ok == (claimed == sm2_id)


@pytest.mark.parametrize("kind", ["rsa", "p256", "p384"])
def test_openssl_accepts_the_token(signers: Signers, openssl: Openssl, kind: str) -> None:
    token = signers[kind].stamp("sha256", CONTENT)
    arguments = ("ts", "-verify", "-token_in", "-in", "t", "-data", "d", "-CAfile", "c")
    ok, text = openssl(*arguments, *VERIFY, t=token, d=CONTENT, c=pem(signers[kind].tsa))
    assert ok, text
    assert not openssl(*arguments, *VERIFY, t=token, d=CONTENT + b"x", c=pem(signers[kind].tsa))[0]


# --- canonical and the same every time --------------------------------------------------------------------------------


@ALL
def test_the_result_is_canonical_der(signers: Signers, kind: str) -> None:
    """An independent library reads it strictly and writes the same octets when forced to encode everything anew."""
    signer = signers[kind]
    raw = signer.sign(signing_time=AT, chain=(signer.tsa,), policy=("2.999.3", "sha256", bytes(32)))
    info = reference.ContentInfo.load(raw, strict=True)
    assert info.dump(force=True) == raw
    signed = info["content"]["signer_infos"][0]["signed_attrs"]
    encodings = [attribute.dump() for attribute in signed]
    assert encodings == sorted(encodings)
    assert [entry.dump() for entry in info["content"]["certificates"]] == sorted([signer.certificate, signer.tsa])


@pytest.mark.parametrize("kind", ["rsa", "p256", "ed25519", "sm2"])
def test_the_same_request_gives_the_same_octets(signers: Signers, kind: str) -> None:
    signer = signers[kind]
    assert signer.sign(timestamp=signer.stamp) == signer.sign(timestamp=signer.stamp)


@ALL
def test_an_independent_reader_finds_what_was_asked_for(signers: Signers, kind: str) -> None:
    signer = signers[kind]
    signed = _reference(signer.sign(signing_time=AT))
    info = signed["signer_infos"][0]
    attributes = {entry["type"].native: entry["values"] for entry in info["signed_attrs"]}
    assert signed["version"].native == info["version"].native == "v1"
    assert signed["encap_content_info"]["content"].native is None
    assert info["digest_algorithm"]["algorithm"].native == signer.digest
    assert attributes["content_type"][0].native == "data"
    assert attributes["message_digest"][0].native == digest_bytes(signer.digest, CONTENT)
    assert attributes["signing_time"][0].native == AT
    ess = attributes["signing_certificate_v2"][0]["certs"][0]
    name = "sm3" if kind == "sm2" else "sha256"
    assert ess["hash_algorithm"]["algorithm"].native == name
    assert ess["cert_hash"].native == digest_bytes(name, signer.certificate)
    assert ess["issuer_serial"]["serial_number"].native == 4711
    assert ess["issuer_serial"]["issuer"][0].chosen.native == {"common_name": "TEST signer"}


def test_the_default_digest_of_ess_is_left_out(signers: Signers) -> None:
    """RFC 5035 section 4: hashAlgorithm DEFAULT sha256."""
    certificate = signers["rsa"].certificate
    for digest, tags in (("sha256", [0x04, 0x30]), ("sm3", [0x30, 0x04, 0x30]), ("sha384", [0x30, 0x04, 0x30])):
        values = read(signing_certificate_v2(certificate, digest)).children()[1].only()
        assert [node.tag for node in values.only().only().children()] == tags


def test_the_gm_family(signers: Signers) -> None:
    """GB/T 35275-2017: own content types outside, inside, and in the attribute."""
    view = parse_signed_data(signers["sm2"].sign(family="gm"))
    assert (view.content_type, view.inner_type) == ("1.2.156.10197.6.1.4.2.2", "1.2.156.10197.6.1.4.2.1")
    (info,) = view.signers
    assert info.values("1.2.840.113549.1.9.3") == (der.oid("1.2.156.10197.6.1.4.2.1"),)
    assert info.digest_algorithm.oid == "1.2.156.10197.1.401"
    assert (info.signature_algorithm.oid, info.signature_algorithm.parameters) == ("1.2.156.10197.1.501", None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rsa-sha256", "300d06092a864886f70d01010b0500"),
        ("ecdsa-sha256", "300a06082a8648ce3d040302"),
        ("ed25519", "300506032b6570"),
        ("sm2-sm3", "300a06082a811ccf55018375"),
        (
            "rsa-pss-sha256",
            "303d06092a864886f70d01010a3030a00d300b0609608648016503040201"
            "a11a301806092a864886f70d010108300b0609608648016503040201a203020120",
        ),
    ],
)
def test_algorithm_identifiers(name: str, expected: str) -> None:
    """RFC 4055 sections 3.1 and 5, RFC 5758 section 3.2, RFC 8410 section 3, GM/T 0006."""
    assert signature_algorithm(name).hex() == expected


def test_deviations_of_the_algorithm_identifier(signers: Signers) -> None:
    info = parse_signed_data(signers["sm2"].sign(signature_oid="1.2.156.10197.1.301.1", null_parameters=True)).signers[
        0
    ]
    assert (info.signature_algorithm.oid, info.signature_algorithm.parameters) == ("1.2.156.10197.1.301.1", "null")
    info = parse_signed_data(signers["rsa"].sign(absent_parameters=True)).signers[0]
    assert info.signature_algorithm.parameters is None


def test_attached_content_has_version_3_for_another_type(signers: Signers) -> None:
    """RFC 5652 section 5.1; a token's content is a TSTInfo."""
    signed = _reference(signers["p256"].stamp("sha256", CONTENT))
    assert signed["version"].native == "v3"
    assert signed["encap_content_info"]["content"].parsed["message_imprint"]["hashed_message"].native == digest_bytes(
        "sha256", CONTENT
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"content": None},
        {"content": None, "content_digest": bytes(32), "signed_attributes": False},
        {"content": None, "content_digest": bytes(32), "attached": True},
        {"signature": "nonsense"},
        {"digest": "nonsense", "content_digest": bytes(32)},
    ],
)
def test_a_request_that_lacks_something_is_refused(signers: Signers, changes: dict[str, object]) -> None:
    with pytest.raises((UsageError, Unsupported)):
        signers["p256"].sign(**changes)


@given(
    st.integers(1, 10**9),
    st.integers(1, 2**64),
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC)),
    st.one_of(st.none(), st.integers(1, 2**64)),
)
def test_tst_info_comes_back(accuracy: int, serial: int, time: datetime, nonce: int | None) -> None:
    """Written by us, read by asn1crypto, and read by us."""
    from interop.cms.tst_info import build_tst_info, parse_tst_info

    raw = build_tst_info(
        imprint_digest_name="sha256", imprint=bytes(32), time=time, policy="2.999.1", serial=serial, accuracy_ms=accuracy, nonce=nonce,
    )  # fmt: skip
    theirs = tsp.TSTInfo.load(raw, strict=True)
    assert theirs["gen_time"].native == time
    assert theirs["serial_number"].native == serial
    assert theirs["nonce"].native == nonce
    assert (theirs["accuracy"]["seconds"].native or 0) * 1000 + (theirs["accuracy"]["millis"].native or 0) == accuracy
    ours = parse_tst_info(raw)
    assert (ours.time, ours.serial, ours.nonce, ours.accuracy_ms) == (time, serial, nonce, accuracy)


def test_building_is_fast(signers: Signers) -> None:
    """Target: below a millisecond without the signature; ten times that fails even on a busy machine."""
    import time

    signer = signers["p256"]
    signer.sign()
    start = time.process_time()
    for _ in range(50):
        signer.sign()
    assert (time.process_time() - start) / 50 < 0.01
    assert observe(signer.sign()).value[0].ok
