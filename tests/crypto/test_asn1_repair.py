"""The registrations in asn1crypto and the repair of its `dump`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from asn1crypto import algos, cms, core, keys, pem, x509
from hypothesis import given
from hypothesis import strategies as st

from interop.crypto import asn1
from interop.crypto.der import encode

asn1.prepare()


class Nested(core.Sequence):
    _fields = [  # noqa: RUF012 - asn1crypto's own way to declare a structure
        ("flag", core.Boolean, {"default": False}),
        ("filler", core.OctetString),
        ("tagged", core.OctetString, {"explicit": 0, "optional": True}),
    ]


Nested._fields.append(("inner", Nested, {"explicit": 1, "optional": True}))


def test_the_repair_is_still_needed() -> None:
    """Fails when upstream issue 249 is fixed: then delete `_DefiniteHeader`, `_repaired` and `_repair_dump` from crypto/asn1.py."""
    assert asn1.dump_repair_needed(), "asn1crypto.dump is sound now: delete the repair in interop/crypto/asn1.py"


def test_the_defect_is_there_before_and_gone_after_prepare() -> None:
    code = (
        "from interop.crypto import asn1\n"
        "e = bytes.fromhex('308180' + '010100' + '047b') + bytes(123)\n"
        "before = asn1._Probe.load(e).dump() == e, asn1.dump_repair_needed()\n"
        "asn1.prepare(); asn1.prepare()\n"
        "print(before, asn1._Probe.load(e).dump() == e, asn1.dump_repair_needed())\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["(False,", "True)", "True", "True"]


def level(at_least: int, inner: bytes) -> bytes:
    """A Nested with a DEFAULT written out, whose content length is 128 modulo 256 and not below `at_least`."""
    for size in range(at_least, at_least + 512):
        content = b"\x01\x01\x00" + encode(0x04, bytes(size)) + inner
        if len(content) % 256 == 128:
            return encode(0x30, content)
    raise AssertionError("no such length")


@pytest.mark.parametrize("at_least", [0, 300, 0x7F00, 0x10000])
def test_length_that_ends_in_0x80_keeps_its_octets(at_least: int) -> None:
    """The header's last octet is 0x80 at every level, explicit tag included at the innermost."""
    inner = level(at_least, b"")
    middle = level(at_least, encode(0xA1, inner))
    encoded = level(at_least, encode(0xA1, middle))
    value = Nested.load(encoded)
    assert all(v.dump() == o for v, o in ((value["inner"]["inner"], encode(0xA1, inner)), (value, encoded)))
    assert value._header[-1] == value["inner"]._header[-1] == 0x80
    assert value["inner"].dump() == encode(0xA1, middle)
    assert value.dump() == encoded
    assert value.copy().dump() == encoded


@given(st.integers(0, 700), st.integers(0, 300))
def test_load_then_dump_is_the_identity(size: int, tagged: int) -> None:
    inner = encode(0x30, b"\x01\x01\x00", encode(0x04, bytes(size)), encode(0xA0, encode(0x04, bytes(tagged))))
    encoded = encode(0x30, encode(0x04, bytes(size)), encode(0xA1, inner))
    value = Nested.load(encoded)
    assert value["inner"]["tagged"].native == bytes(tagged)
    assert value.dump() == encoded
    assert value["inner"].dump() == encode(0xA1, inner)


def test_indefinite_length_is_still_made_definite() -> None:
    """BER with an indefinite length is what upstream's test is for; it has to become DER as before."""
    content = encode(0x01, b"\xff") + encode(0x04, b"text")
    assert Nested.load(b"\x30\x80" + content + b"\x00\x00").dump() == encode(0x30, content)


@pytest.mark.parametrize(
    ("header", "indefinite"),
    [
        ("3080", True), ("308180", False), ("30820180", False), ("3083018080", False), ("a0803080", True),
        ("a081833080", True), ("a08183308180", False), ("bf8100323080", True), ("bf80", False), ("bf81008182308180", False),
        ("1f80", False), ("", False), ("30", False),
    ],
)  # fmt: skip
def test_indefinite_header_is_told_from_one_that_ends_in_0x80(header: str, indefinite: bool) -> None:
    assert asn1._ends_indefinite(bytes.fromhex(header)) is indefinite


def test_header_that_hides_its_end_is_otherwise_the_same() -> None:
    header = asn1._DefiniteHeader(b"\x30\x81\x80")
    assert header == b"\x30\x81\x80"
    assert header + b"x" == b"\x30\x81\x80x"
    assert (header[0], header[-1], header[:2], header[-1:]) == (0x30, 0x80, b"\x30\x81", b"")


def test_names_of_the_registered_oids() -> None:
    assert algos.DigestAlgorithm({"algorithm": "sm3"})["algorithm"].dotted == "1.2.156.10197.1.401"
    for name, oid in (("sm3_sm2", "1.2.156.10197.1.501"), ("sm2_sign", "1.2.156.10197.1.301.1")):
        algorithm = algos.SignedDigestAlgorithm({"algorithm": name})
        assert algorithm["algorithm"].dotted == oid
        assert algos.SignedDigestAlgorithm.load(algorithm.dump())["algorithm"].native == name
    assert keys.NamedCurve("sm2p256v1").dotted == "1.2.156.10197.1.301"


def test_sm2_sm3_has_no_parameters_unless_they_are_written() -> None:
    assert algos.SignedDigestAlgorithm({"algorithm": "sm3_sm2"}).dump().hex() == "300a06082a811ccf55018375"
    with_null = algos.SignedDigestAlgorithm({"algorithm": "sm3_sm2", "parameters": core.Null()})
    assert with_null.dump().hex() == "300c06082a811ccf550183750500"


def test_content_types_of_gb_t_35275_are_read_like_their_twins() -> None:
    for version in ("v1", "v3"):
        for content in (None, b"text"):
            inner: dict[str, object] = {"content_type": "gm_data"}
            if content is not None:
                octets = core.OctetString(content)
                inner["content"] = octets if version == "v1" else core.ParsableOctetString(content)
            signed = {"version": version, "digest_algorithms": [{"algorithm": "sm3"}], "signer_infos": []}
            signed["encap_content_info"] = inner
            encoded = cms.ContentInfo({"content_type": "gm_signed_data", "content": cms.SignedData(signed)}).dump()
            loaded = cms.ContentInfo.load(encoded)
            assert loaded["content_type"].dotted == "1.2.156.10197.6.1.4.2.2"
            assert loaded["content"]["encap_content_info"]["content_type"].dotted == "1.2.156.10197.6.1.4.2.1"
            assert loaded["content"]["encap_content_info"]["content"].native == content
            assert loaded.dump() == encoded


def test_real_certificates_keep_their_octets(external: Callable[..., Path]) -> None:
    checked = 0
    for path in sorted(external("sm2").iterdir()):
        data = path.read_bytes()
        der = pem.unarmor(data)[2] if pem.detect(data) else data
        certificate = x509.Certificate.load(der)
        _ = certificate.native["tbs_certificate"]["subject"]
        assert certificate.dump() == der, path.name
        checked += 1
    assert checked >= 7
