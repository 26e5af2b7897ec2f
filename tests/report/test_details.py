"""Details of reasons as people read them. Expected: the notation as the judge writes it, and what it says in both languages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interop.model.text import Text
from interop.report.clauses import clause_in
from interop.report.details import CertificateName, gathered, in_words

ROOT = "CN=TEST ROOTCA, O=TEST, C=CN"
LEAF = "CN=TEST 北京测试贸易有限公司, C=CN"
NAMES = {
    ROOT: CertificateName(role=Text(en="root", zh="根 CA"), common="TEST ROOTCA"),
    LEAF: CertificateName(role=Text(en="signing certificate", zh="签名证书"), common="TEST 北京测试贸易有限公司"),
}


@pytest.mark.parametrize(
    ("detail", "en", "zh"),
    [
        (f"the signer's path ends at {ROOT}", "the signer's path ends at root 'TEST ROOTCA'", "签署方证书路径终止于根 CA“TEST ROOTCA”"),
        ("attained L1; required L2", "attained L1; required L2", "达到 L1；要求 L2"),
        ("agreement:ua-to-eu: L4 -> L2", "ua-to-eu: L4 -> L2", "ua-to-eu：L4 降为 L2"),
        ("found none; asked for 1.2.3", "none; asked for 1.2.3", "无；要求 1.2.3"),
        ("zz: found 1.2 1.3; asked for 1.4", "zz asks for 1.4; the certificate has 1.2 1.3", "zz 要求 1.4；证书为 1.2 1.3"),
        (
            f"{LEAF}: revoked 2026-03-01T06:00:00Z (keyCompromise)",
            "signing certificate 'TEST 北京测试贸易有限公司': revoked 2026-03-01T06:00:00Z (keyCompromise)",
            "签名证书“TEST 北京测试贸易有限公司”：已撤销，2026-03-01T06:00:00Z（keyCompromise）",
        ),
        ("prc: signature at 2026-03-01T00:00:00Z", "prc: signature at 2026-03-01", "prc：签名时间 2026-03-01"),
        ("what no row says at all", "what no row says at all", "原文“what no row says at all”"),
    ],
)  # fmt: skip
def test_a_detail_in_both_languages(detail: str, en: str, zh: str) -> None:
    assert in_words(detail, NAMES) == Text(en=en, zh=zh)


def test_uses_that_are_refused_alike_are_one_line() -> None:
    refused = ["signature: RSA-2048, accepted SM2", f"certificate {ROOT}: RSA-4096, accepted SM2"]
    (line,) = gathered(refused, NAMES)
    assert line.en == "RSA-2048 (signature), RSA-4096 (root 'TEST ROOTCA'): accepted SM2"
    assert line.zh == "RSA-2048（签名）、RSA-4096（根 CA“TEST ROOTCA”）：接受 SM2"


def test_formats_that_are_refused_alike_are_one_line() -> None:
    (line,) = gathered(["pades; accepted pdf-gm", "xades; accepted pdf-gm"])
    assert line.en == "pades, xades; accepted: pdf-gm"


def test_a_clause_without_a_standard_says_whose_rule_it_is() -> None:
    assert clause_in("EN 319 102-1 5.2.8; design", "en") == "EN 319 102-1 5.2.8; own rule of interop"
    assert clause_in("PRC Electronic Signature Law article 26; design", "zh") == (
        "《中华人民共和国电子签名法》第 26 条；本产品自有规则"
    )


@given(st.text(max_size=400))
def test_what_nobody_understands_is_quoted_as_it_is(detail: str) -> None:
    said = in_words(detail, NAMES)
    if said.zh.startswith("原文“"):
        assert said.en == detail


PIECES = (
    "a ",
    "a: ",
    "; ",
    "a (",
    "(a): ",
    "after x: ",
    "found ",
    "signature: x, accepted ",
    "signature: ",
    "certificate a: b; ",
)


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("count", [40, 400, 4000])
def test_a_strangers_name_cannot_stretch_the_time(piece: str, count: int) -> None:
    begin = time.process_time()
    in_words(piece * count)
    gathered([piece * count])
    assert time.process_time() - begin < 5
