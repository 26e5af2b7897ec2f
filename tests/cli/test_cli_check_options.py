"""`interop check`: rules, folders, what is covered in words, the leg relied upon, and who decides among several signatures."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from cli_calls import ROOT, Result

Interop = Callable[..., Result]
AT = "2026-03-02"


def one(result: Result) -> Mapping[str, Any]:
    (file,) = json.loads(result.out)["files"]
    return dict(file)


@pytest.fixture(scope="module")
def legs(interop: Interop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One PDF with an RSA signature and an SM2 signature after it."""
    folder = tmp_path_factory.mktemp("legs")
    built = interop("vectors", "build", "-k", "cn-dual-alg. and pdf-b-b-legs", "-o", folder)
    assert built.code == 0, built.err
    (file,) = folder.rglob("pdf-b-b-legs.pdf")
    return file


# --- several signatures -------------------------------------------------------------------------------------------


def test_the_leg_relied_upon_is_named(interop: Interop, legs: Path) -> None:
    """A party whose rules name a leg relies on that signature; without such a rule the worst counts and none is named."""
    file = one(interop("check", legs, "--at", AT, "-f", "json"))
    assert [s["id"] for s in file["signatures"]] == ["s0", "s1"]
    named = {n: (a["signature"], a["leg"]) for n, a in file["relying_parties"].items() if a["leg"] is not None}
    assert named["cn-licensed-sm2"] == ("s1", "SM2")
    assert named["cn-gov-gm"] == ("s1", "SM2")
    assert named["hk-recognised"] == ("s0", "RSA")
    assert file["relying_parties"]["us-fpki"]["leg"] is None
    page = interop("check", legs, "--at", AT, "--as", "cn-licensed-sm2,hk-recognised", env={"COLUMNS": "100"}).out
    assert "relies on s1, the SM2 leg" in page
    assert "relies on s0, the RSA leg" in page
    chinese = interop("check", legs, "--at", AT, "--as", "cn-licensed-sm2", "--lang", "zh", env={"COLUMNS": "100"}).out
    assert "依赖 SM2 签名 s1" in chinese


def test_the_worst_signature_speaks_and_is_named(interop: Interop, external: Path) -> None:
    """Of equal indications the one that blocks earliest: a missing anchor does not hide a counter-signature of something else."""
    path = external / "dss__xades-fake-counter-signature.xml"
    file = one(interop("check", path, "--at", AT, "-f", "json"))
    assert [s["indication"] for s in file["signatures"]] == ["INDETERMINATE", "INDETERMINATE"]
    assert (file["signature"], file["reason"]) == ("s1", "integrity.counter-signature-elsewhere")
    assert [s["counter_signs"] for s in file["signatures"]] == [None, "s0"]
    page = interop("check", path, "--at", AT, env={"COLUMNS": "120"}).out
    assert "(s1 decides)" in page
    assert "counter-signature: signs the signature value of s0" in page


# --- what is covered, in words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dss__pdf-signed-original.pdf", "signs the whole document\n"),
        ("dss__hello_signed_INCSAVE_signed.pdf", "signs the whole document as of revision 2 of 4"),
        ("pyhanko__tail-uncovered.pdf", "signs a part of the file only: bytes 0–"),
        ("xmlcrypto__valid_signature_utf8.xml", "signs the whole document (/"),
        ("xmlcrypto__valid_signature_without_transforms_element.xml", "signs a part of the document only: /library/book"),
        ("siva__TEST_ESTEID2018_XAdES_B_enveloping.xml", "signs the content inside the signature: /"),
        ("xmlsec__merlin_signature-x509-crt-crl.xml", "signs content beside the signature, which was not given: http"),
        ("mklpdf__usf_04_No_Contents_Value.pdf", "signs nothing that can be found"),
    ],
)  # fmt: skip
def test_what_is_covered_is_said_in_words(interop: Interop, external: Path, name: str, words: str) -> None:
    page = interop("check", external / name, "--as", "us-fpki", "--at", AT, env={"COLUMNS": "160"}).out
    assert words in page


def test_the_element_consumed_is_named(interop: Interop, external: Path) -> None:
    path = external / "xmlcrypto__valid_signature_without_transforms_element.xml"
    page = interop("check", path, "--element", "bookid", "--as", "us-fpki", env={"COLUMNS": "160"}).out
    assert "signs the element that is consumed: /library/book" in page


# --- rules and trust ----------------------------------------------------------------------------------------------


def test_old_files_are_judged_by_the_measure_of_their_time(interop: Interop, external: Path) -> None:
    """RSA-SHA1 with 1024 bits and an MD5 chain, validated at 2009: refused by today's suites, sound under `legacy`."""
    path = external / "xmlsec__phaos_signature-rsa-enveloped.xml"
    trust = ("--trust", external / "xmlsec__anchor_phaos_rsa_ca.crt", "--at", "2009-01-01T10:00:00Z", "-f", "json")
    today = one(interop("check", path, *trust))
    assert today["signatures"][0]["layers"]["algorithm"]["result"] == "fail"
    legacy = interop("check", path, *trust, "--rules", "legacy")
    assert (legacy.code, one(legacy)["indication"]) == (0, "TOTAL_PASSED")
    # MD5 ends in 2011 even there (RFC 6151), and nothing proves that the signature is older
    later = one(interop("check", path, *trust[:2], "--at", "2012-01-01", "--rules", "legacy", "-f", "json"))
    assert "algorithm.expired-no-poe" in later["signatures"][0]["layers"]["algorithm"]["reasons"]


def test_rules_may_be_a_file_and_unknown_ones_are_named(interop: Interop, external: Path, tmp_path: Path) -> None:
    path = external / "dss__pdf-signed-original.pdf"
    own = tmp_path / "own.toml"
    text = (ROOT / "profiles" / "rules" / "neutral.toml").read_text(encoding="utf-8")
    own.write_text(text.replace('"pades", ', ""), encoding="utf-8")
    file = one(interop("check", path, "--rules", own, "-f", "json"))
    assert file["signatures"][0]["layers"]["format"]["reasons"] == ["format.not-accepted"]
    wrong = interop("check", path, "--rules", "lenient")
    assert wrong.code == 2
    assert "no such rules" in wrong.error
    assert "legacy, neutral" in wrong.hints[0]


def test_a_responder_that_is_trusted_may_answer(interop: Interop, external: Path, tmp_path: Path) -> None:
    """RFC 6960 section 4.2.2.2, local configuration: the OCSP responder of this file is no delegate of the issuer."""
    from interop.x509.certificate import parse_certificate, read_certificates

    bundle = external.parent / "dss-mra" / "cookbook-anchors.pem"
    path = external / "dss__mra_john-doe-lta.xml"
    at = ("--at", "2022-07-29T00:00:00Z", "-f", "json")
    trusted = interop("check", path, "--trust", bundle, *at)
    assert (trusted.code, one(trusted)["indication"]) == (0, "TOTAL_PASSED")
    ders = read_certificates(bundle.read_bytes(), bundle.name)
    usages = [parse_certificate(der).extended_key_usage or () for der in ders]
    assert any("1.3.6.1.5.5.7.3.9" in usage for usage in usages)
    without = tmp_path / "anchors"
    without.mkdir()
    for index, (der, usage) in enumerate(zip(ders, usages, strict=True)):
        if "1.3.6.1.5.5.7.3.9" not in usage:
            (without / f"{index}.cer").write_bytes(der)
    untrusted = one(interop("check", path, "--trust", without, *at))
    reasons = untrusted["signatures"][0]["layers"]["revocation"]["reasons"]
    assert "revocation.evidence-signer-not-authorised" in reasons


def _pkcs7(certificates: list[bytes]) -> bytes:
    """A certs-only SignedData (RFC 5652 section 5.1)."""
    from interop.x509 import der

    signed = der.seq(
        der.integer(1), der.set_of([]), der.seq(der.oid("1.2.840.113549.1.7.1")),
        der.explicit(0, b"".join(certificates)), der.set_of([]),
    )  # fmt: skip
    return der.seq(der.oid("1.2.840.113549.1.7.2"), der.explicit(0, signed))


@pytest.mark.parametrize("armoured", [False, True])
def test_a_bundle_is_every_certificate_in_it(interop: Interop, external: Path, tmp_path: Path, armoured: bool) -> None:
    from interop.x509.certificate import read_certificates

    pem = (external.parent / "dss-mra" / "cookbook-anchors.pem").read_bytes()
    bundle = _pkcs7(list(read_certificates(pem, "pem")))
    if armoured:
        bundle = b"-----BEGIN PKCS7-----\n" + base64.encodebytes(bundle) + b"-----END PKCS7-----\n"
    file = tmp_path / "anchors.p7b"
    file.write_bytes(bundle)
    path = external / "dss__mra_john-doe-lta.xml"
    result = interop("check", path, "--trust", file, "--at", "2022-07-29T00:00:00Z", "-f", "json")
    assert (result.code, one(result)["indication"]) == (0, "TOTAL_PASSED")


def test_an_anchor_that_is_a_ca_is_not_tried_as_the_signer(interop: Interop, external: Path) -> None:
    """No certificate in the file: naming a root does not turn `signer unknown` into `value wrong`."""
    path = external / "xmlsec__phaos_signature-rsa-detached-xslt-transform-bad-retrieval-method.xml"
    file = one(interop("check", path, "--trust", external / "xmlsec__anchor_phaos_rsa_ca.crt", "-f", "json"))
    assert (file["indication"], file["sub_indication"]) == ("INDETERMINATE", "NO_SIGNING_CERTIFICATE_FOUND")


# --- folders ------------------------------------------------------------------------------------------------------


def test_a_folder_names_what_it_does_not_open(interop: Interop, external: Path, tmp_path: Path) -> None:
    """Files that are named like signed containers are looked at too, in every folder below; others are passed over."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "x.xml").write_bytes((external / "dss__dss-signed.xml").read_bytes())
    (tmp_path / "a" / "mail.p7m").write_bytes(bytes.fromhex("308006092a864886f70d010702a080"))
    (tmp_path / "notes.txt").write_text("no", encoding="utf-8")
    result = interop("check", tmp_path, "--as", "us-fpki", "-f", "json")
    files = json.loads(result.out)["files"]
    assert [Path(f["file"]).name for f in files] == ["x.xml", "mail.p7m"]
    assert files[1]["reason"] == "container.format-not-handled"
