"""Layers one by one: container, integrity, signature, format, algorithm, certificate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from build import (
    AT,
    CA,
    ROOT,
    SIGNED,
    SIGNER,
    SUITE,
    context,
    day,
    facts,
    key,
    knowledge,
    oid,
    rules,
    signature,
    swap,
    token,
)

from interop.model.certificate import AlgorithmId, Attribute, Certificate, Finding
from interop.model.facts import (
    Algorithm,
    Binding,
    Change,
    Coverage,
    DocumentFacts,
    ReferenceFact,
    SignatureFacts,
    ValueFact,
)
from interop.model.formats import Format, Level
from interop.model.layers import TECHNICAL, Layer, LayerState
from interop.model.rules import AcceptedAlgorithm, AlgorithmRules, CertificateRules, FormatRules
from interop.model.suite import Suite, SuiteEntry
from interop.model.verdict import Technical
from interop.validation.format import family
from interop.validation.technical import judge_signature


def _judge(made: SignatureFacts | None = None, *, document: DocumentFacts | None = None, **changes: Any) -> Technical:
    made = made or signature()
    seen = facts(made, document=document or DocumentFacts(format="pdf"))
    return judge_signature(seen, made, context(**changes))


def _layer(technical: Technical, layer: Layer) -> tuple[LayerState, list[str]]:
    result = technical.layers[TECHNICAL.index(layer)]
    return result.state, [cause.code for cause in result.causes]


def _codes(technical: Technical, layer: Layer) -> list[str]:
    return _layer(technical, layer)[1]


def _others_pass(technical: Technical, *blocked: Layer) -> bool:
    return all(result.layer in blocked or not result.blocks for result in technical.layers)


# --- integrity

XML = DocumentFacts(format="xml")


def _xml(**changes: Any) -> SignatureFacts:
    uri = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
    fields: dict[str, Any] = {
        "format": "XAdES",
        "subfilter": None,
        "content_types": (),
        "packaging": "enveloped",
        "covers": Coverage(whole=True, nodes=("/invoice",)),
        "algorithm": Algorithm(
            signature="1.2.840.10045.4.3.2", name="ecdsa-sha256", digest="sha256", uri=uri, encoding="raw"
        ),
        "revision": None,
    }
    return signature(**(fields | changes))


@pytest.mark.parametrize(
    ("reference", "state", "code", "indication"),
    [
        ({"ok": False}, LayerState.FAIL, "integrity.digest-mismatch", "TOTAL_FAILED"),
        (
            {"ok": False, "role": "signed-properties"},
            LayerState.FAIL,
            "integrity.signed-properties-changed",
            "TOTAL_FAILED",
        ),
        (
            {"ok": None, "why": "target-not-found"},
            LayerState.INDETERMINATE,
            "integrity.signed-data-not-found",
            "INDETERMINATE",
        ),
        (
            {"ok": None, "why": "external-not-fetched"},
            LayerState.INDETERMINATE,
            "integrity.signed-data-not-given",
            "INDETERMINATE",
        ),
        (
            {"ok": None, "why": "transform-unsupported"},
            LayerState.UNSUPPORTED,
            "integrity.transform-unsupported",
            "INDETERMINATE",
        ),
    ],
)
def test_digests(reference: dict[str, Any], state: LayerState, code: str, indication: str) -> None:
    technical = _judge(signature(references=(ReferenceFact(target="bytes", digest="sha256", **reference),)))
    assert _layer(technical, Layer.INTEGRITY) == (state, [code])
    assert technical.indication == indication
    assert _others_pass(technical, Layer.INTEGRITY), "no masking"


def test_a_signature_over_nothing() -> None:
    assert _codes(_judge(signature(references=())), Layer.INTEGRITY) == ["integrity.nothing-referenced"]


@pytest.mark.parametrize(
    ("kind", "allowed", "state", "code"),
    [
        ("signature", None, LayerState.PASS, None),
        ("validation-data", True, LayerState.PASS, None),
        ("document-timestamp", None, LayerState.PASS, None),
        ("form-fill", None, LayerState.PASS, "integrity.form-filled-after-signing"),
        ("form-fill", True, LayerState.PASS, "integrity.form-filled-after-signing"),
        ("form-fill", False, LayerState.FAIL, "integrity.form-fill-not-permitted"),
        ("annotation", True, LayerState.PASS, "integrity.annotation-after-signing"),
        ("annotation", False, LayerState.FAIL, "integrity.annotation-not-permitted"),
        ("signature", False, LayerState.FAIL, "integrity.signature-not-permitted"),
        ("annotation-over-content", True, LayerState.INDETERMINATE, "integrity.annotation-over-content"),
        ("page-content", None, LayerState.FAIL, "integrity.page-content-changed"),
        ("pages", None, LayerState.FAIL, "integrity.pages-changed"),
        ("catalog", None, LayerState.FAIL, "integrity.catalog-changed"),
        ("signature-dictionary", None, LayerState.FAIL, "integrity.signature-dictionary-changed"),
        ("unparsed-tail", None, LayerState.INDETERMINATE, "integrity.unparsed-tail"),
        ("something-new", None, LayerState.INDETERMINATE, "integrity.unclassified-change"),
    ],
)
def test_changes_after_signing(kind: str, allowed: bool | None, state: LayerState, code: str | None) -> None:
    """Design section 3, Indications."""
    document = DocumentFacts(format="pdf", revisions=2, changes=(Change(after="s0", kind=kind, allowed=allowed),))
    assert _layer(_judge(document=document), Layer.INTEGRITY) == (state, [] if code is None else [code])


def test_a_change_after_a_later_signature_is_one_after_the_earlier_too() -> None:
    first, second = signature(), signature(id="s1", revision=2)
    document = DocumentFacts(format="pdf", revisions=3, changes=(Change(after="s1", kind="page-content", page=1),))
    seen = facts(first, second, document=document)
    for made in (first, second):
        assert _codes(judge_signature(seen, made, context()), Layer.INTEGRITY) == ["integrity.page-content-changed"]
    before = replace(document, changes=(Change(after="s0", kind="page-content", page=1),))
    seen = facts(first, second, document=before)
    assert _codes(judge_signature(seen, second, context()), Layer.INTEGRITY) == []


def test_partial_coverage_of_xml_blocks_format_only() -> None:
    part = _xml(covers=Coverage(whole=False, nodes=("/invoice/lines",)))
    technical = _judge(part, document=XML)
    assert _layer(technical, Layer.INTEGRITY) == (LayerState.PASS, ["integrity.partial-coverage"])
    assert _layer(technical, Layer.FORMAT) == (LayerState.INDETERMINATE, ["format.partial-coverage"])
    assert technical.sub_indication == "SIG_CONSTRAINTS_FAILURE"


def test_another_passing_signature_that_covers_the_root_heals_partial_coverage() -> None:
    part = _xml(covers=Coverage(whole=False, nodes=("/invoice/lines",)))
    whole = _xml(id="s1")
    assert judge_signature(facts(part, whole, document=XML), part, context()).passed
    broken = _xml(id="s1", value=(ValueFact(key=SIGNER.id, ok=False),))
    assert not judge_signature(facts(part, broken, document=XML), part, context()).passed


def test_uncovered_bytes_of_a_pdf_revision_block_integrity() -> None:
    technical = _judge(signature(covers=Coverage(whole=False, ranges=((0, 10), (20, 30)))))
    assert _layer(technical, Layer.INTEGRITY) == (LayerState.INDETERMINATE, ["integrity.coverage-incomplete"])


# --- findings of engine and parser


def test_findings_go_to_the_layer_of_their_code() -> None:
    document = DocumentFacts(
        format="pdf", findings=(Finding(code="container.byte-range-malformed", detail="[0 0 0 0]"),)
    )
    technical = _judge(document=document)
    assert _layer(technical, Layer.CONTAINER) == (LayerState.FAIL, ["container.byte-range-malformed"])
    assert (technical.indication, technical.sub_indication) == ("TOTAL_FAILED", "FORMAT_FAILURE")


def test_a_finding_that_the_catalogue_does_not_know_is_kept_and_blocks_nothing() -> None:
    technical = _judge(signature(findings=(Finding(code="nonsense", detail="x"),)))
    assert _layer(technical, Layer.CONTAINER) == (LayerState.PASS, ["container.unknown-finding"])


# --- signature value


@pytest.mark.parametrize(
    ("value", "state", "code"),
    [
        ((ValueFact(key=SIGNER.id, ok=False),), LayerState.FAIL, "signature.value-invalid"),
        (
            (ValueFact(key=SIGNER.id, ok=False), ValueFact(key=CA.id, ok=True)),
            LayerState.FAIL,
            "signature.verifies-with-other-key",
        ),
        (
            (ValueFact(key=SIGNER.id, ok=None, why="unsupported-key"),),
            LayerState.UNSUPPORTED,
            "signature.key-unsupported",
        ),
        (
            (ValueFact(key=SIGNER.id, ok=None, why="unsupported-algorithm"),),
            LayerState.UNSUPPORTED,
            "signature.algorithm-unsupported",
        ),
        ((ValueFact(key=SIGNER.id, ok=False, why="malformed-value"),), LayerState.FAIL, "signature.value-malformed"),
        ((), LayerState.NOT_EVALUATED, "signature.no-key"),
    ],
)
def test_value(value: tuple[ValueFact, ...], state: LayerState, code: str) -> None:
    technical = _judge(signature(value=value))
    assert _layer(technical, Layer.SIGNATURE) == (state, [code])
    assert _others_pass(technical, Layer.SIGNATURE)


SM2_SIGNER = replace(SIGNER, key=key("sm2", "SM2", "sm2p256v1"))


def _sm2(**changes: Any) -> SignatureFacts:
    fields = {"signature": "1.2.156.10197.1.501", "name": "sm2-sm3", "digest": "sm3", "encoding": "der"}
    algorithm = Algorithm(**(fields | {"sm2_id": "1234567812345678"} | changes))
    return signature(algorithm=algorithm, references=(ReferenceFact(target="bytes", digest="sm3", ok=True),))


def test_sm2_identifier_must_be_accepted() -> None:
    known = knowledge(certificates=swap(SM2_SIGNER, SIGNER))
    assert _judge(_sm2(), known=known).passed
    technical = _judge(_sm2(sm2_id=""), known=known)
    assert _layer(technical, Layer.SIGNATURE) == (LayerState.FAIL, ["signature.sm2-id-not-accepted"])
    both = replace(rules().algorithms, sm2_ids=("1234567812345678", ""))
    assert _judge(_sm2(sm2_id=""), known=known, algorithms=both).passed


def test_sm2_without_z_is_named_as_such() -> None:
    made = replace(
        _sm2(sm2_id="(without Z)"),
        value=(ValueFact(key=SIGNER.id, ok=False),),
        findings=(Finding(code="signature.sm2-without-z"),),
    )
    technical = _judge(made, known=knowledge(certificates=swap(SM2_SIGNER, SIGNER)))
    assert _layer(technical, Layer.SIGNATURE) == (LayerState.FAIL, ["signature.sm2-without-z"])


def test_sm2_encoding_is_a_rule_of_the_relying_party() -> None:
    known = knowledge(certificates=swap(SM2_SIGNER, SIGNER))
    der_only = replace(rules().algorithms, sm2_encodings=("der",))
    technical = _judge(_sm2(encoding="raw"), known=known, algorithms=der_only)
    assert _codes(technical, Layer.ALGORITHM) == ["algorithm.sm2-encoding-not-accepted"]


# --- format

GM = ("1.2.156.10197.6.1.4.2.2", "1.2.156.10197.6.1.4.2.1")
CUSTOMS = "http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3"


@pytest.mark.parametrize(
    ("document", "changes", "expected"),
    [
        ("pdf", {}, Format.PADES),
        ("pdf", {"subfilter": "adbe.pkcs7.detached"}, Format.PDF_PKCS7),
        ("pdf", {"subfilter": "adbe.pkcs7.detached", "content_types": GM}, Format.PDF_GM),
        ("pdf", {"content_types": GM}, Format.PDF_GM),
        ("pdf", {"content_types": ("1.2.840.113549.1.7.2", "1.2.156.10197.6.1.4.20.1")}, Format.PADES),
        ("pdf", {"subfilter": "adbe.pkcs7.sha1"}, None),
        ("xml", {"format": "XAdES"}, Format.XADES),
        ("xml", {"format": "XMLDSig"}, Format.XMLDSIG),
        (
            "xml",
            {"format": "XMLDSig", "algorithm": Algorithm(signature="x", name="sm2-sm3", digest="sm3", uri=CUSTOMS)},
            Format.XML_CUSTOMS,
        ),
        ("ofd", {}, None),
    ],
)
def test_family(document: str, changes: dict[str, Any], expected: Format | None) -> None:
    made = signature(**changes)
    assert family(facts(made, document=DocumentFacts(format=document)), made) is expected


def test_a_family_that_is_not_accepted_is_a_refusal() -> None:
    technical = _judge(formats=FormatRules(accept=(Format.PDF_GM,)))
    assert _layer(technical, Layer.FORMAT) == (LayerState.FAIL, ["format.not-accepted"])
    assert _others_pass(technical, Layer.FORMAT)


ALL = tuple(Format)
ESS_V1 = (Binding(how="signing-certificate", certificate=SIGNER.id, digest_ok=True),)
SID = (Binding(how="signer-identifier", certificate=SIGNER.id),)


@pytest.mark.parametrize(
    ("changes", "accept", "code"),
    [
        ({"bound_by": SID}, {}, "format.signing-certificate-missing"),
        ({"bound_by": SID, "subfilter": "adbe.pkcs7.detached"}, {}, None),
        (
            {"bound_by": SID, "subfilter": "adbe.pkcs7.detached"},
            {"signing_certificate_required": True},
            "format.signing-certificate-required",
        ),
        ({"bound_by": ESS_V1}, {}, "format.signing-certificate-v1"),
        ({"attributes": ()}, {}, "format.signed-attributes-missing"),
        (
            {"attributes": ("1.2.840.113549.1.9.3", "1.2.840.113549.1.9.5")},
            {},
            "format.pades-signing-time-attribute",
        ),
        ({}, {"min_level": Level.B_T}, "format.level-too-low"),
        ({"level": "B-LT"}, {"min_level": Level.B_T}, None),
        ({"level": None, "subfilter": "adbe.pkcs7.detached"}, {}, None),
        ({}, {"policies": ("2.999.9",)}, "format.policy-missing"),
        ({"policy": "2.999.8"}, {"policies": ("2.999.9",)}, "format.policy-not-accepted"),
        ({"policy": "2.999.9"}, {"policies": ("2.999.9",)}, None),
    ],
)
def test_format_rules(changes: dict[str, Any], accept: dict[str, Any], code: str | None) -> None:
    technical = _judge(signature(**changes), formats=FormatRules(accept=ALL, **accept))
    assert _codes(technical, Layer.FORMAT) == ([] if code is None else [code])


@pytest.mark.parametrize(
    ("algorithm", "accept", "code"),
    [
        ({}, {}, None),
        ({"uri": "urn:odd"}, {}, "format.signature-uri-not-accepted"),
        ({}, {"signature_uris": (CUSTOMS,)}, "format.signature-uri-not-accepted"),
        ({"canonicalization": "http://www.w3.org/2001/10/xml-exc-c14n#"}, {}, None),
        ({"canonicalization": "urn:odd"}, {}, "format.canonicalization-not-accepted"),
    ],
)
def test_xml_uris(algorithm: dict[str, Any], accept: dict[str, Any], code: str | None) -> None:
    base = _xml()
    made = replace(base, algorithm=replace(base.algorithm, **algorithm))
    technical = _judge(made, document=XML, formats=FormatRules(accept=ALL, **accept))
    assert _codes(technical, Layer.FORMAT) == ([] if code is None else [code])


# --- algorithm


def _algorithms(**changes: Any) -> AlgorithmRules:
    fields: dict[str, Any] = {
        "keys": (AcceptedAlgorithm(name="P-256"), AcceptedAlgorithm(name="RSA", min_bits=2048)),
        "digests": ("sha256",),
        "suites": ("suite",),
    }
    return AlgorithmRules(**(fields | changes))


def _suite(*entries: SuiteEntry) -> Suite:
    return replace(SUITE, entries=entries)


P256, SHA256 = SuiteEntry(kind="key", name="P-256"), SuiteEntry(kind="digest", name="sha256")


@pytest.mark.parametrize(
    ("own", "suite", "code", "sub"),
    [
        (_algorithms(), SUITE, None, None),
        (
            _algorithms(keys=(AcceptedAlgorithm(name="RSA"),)),
            SUITE,
            "algorithm.key-not-accepted",
            "CRYPTO_CONSTRAINTS_FAILURE",
        ),
        (_algorithms(digests=("sm3",)), SUITE, "algorithm.digest-not-accepted", "CRYPTO_CONSTRAINTS_FAILURE"),
        (_algorithms(), _suite(SHA256), "algorithm.not-in-suite", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"),
        (
            _algorithms(),
            _suite(SHA256, replace(P256, end=day("2025-01-01"))),
            "algorithm.expired-no-poe",
            "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
        ),
        (
            _algorithms(),
            _suite(SHA256, replace(P256, start=day("2027-01-01"))),
            "algorithm.not-yet-suitable",
            "CRYPTO_CONSTRAINTS_FAILURE",
        ),
        (_algorithms(), _suite(SHA256, replace(P256, recommendation="legacy")), "algorithm.legacy", None),
        (
            _algorithms(),
            _suite(SHA256, P256, SuiteEntry(kind="signature", name="rsa-sha256")),
            "algorithm.not-in-suite",
            "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
        ),
        (_algorithms(), _suite(SHA256, P256, SuiteEntry(kind="signature", name="ecdsa-sha256")), None, None),
    ],
)
def test_algorithms(own: AlgorithmRules, suite: Suite, code: str | None, sub: str | None) -> None:
    technical = _judge(algorithms=own, suite=suite)
    assert set(_codes(technical, Layer.ALGORITHM)) == (set() if code is None else {code})
    assert technical.sub_indication == sub
    assert _others_pass(technical, Layer.ALGORITHM)


def test_the_three_refusals_are_kept_apart() -> None:
    """Not on the list and in no suite: both are said."""
    technical = _judge(algorithms=_algorithms(keys=()), suite=_suite(SHA256))
    assert set(_codes(technical, Layer.ALGORITHM)) == {"algorithm.key-not-accepted", "algorithm.not-in-suite"}


def _rsa(bits: int) -> Certificate:
    return replace(SIGNER, key=key("rsa", "RSA", None, bits))


RSA_FACTS = signature(
    algorithm=Algorithm(signature="1.2.840.113549.1.1.11", name="rsa-sha256", digest="sha256", encoding="pkcs1")
)


@pytest.mark.parametrize(("bits", "code"), [(3072, None), (2048, None), (1024, "algorithm.key-too-small")])
def test_sizes(bits: int, code: str | None) -> None:
    technical = _judge(RSA_FACTS, known=knowledge(certificates=swap(_rsa(bits), SIGNER)))
    assert (code in _codes(technical, Layer.ALGORITHM)) if code else technical.passed


def test_sizes_of_the_suite_have_their_own_dates() -> None:
    """TS 119 312: RSA from 1900 bits until an end date, from 3000 bits without one."""
    known = {
        bits: knowledge(certificates=swap(replace(_rsa(bits), not_after=day("2034-01-01")), SIGNER))
        for bits in (2048, 3072)
    }
    late = day("2030-01-01")
    assert "algorithm.expired-no-poe" in _codes(_judge(RSA_FACTS, known=known[2048], at=late), Layer.ALGORITHM)
    assert _codes(_judge(RSA_FACTS, known=known[3072], at=late), Layer.ALGORITHM) == []
    tiny = _judge(
        RSA_FACTS,
        known=knowledge(certificates=swap(_rsa(1024), SIGNER)),
        algorithms=_algorithms(keys=(AcceptedAlgorithm(name="RSA"), AcceptedAlgorithm(name="P-256"))),
    )
    assert _codes(tiny, Layer.ALGORITHM) == ["algorithm.size-not-in-suite"]


def test_unknown_algorithm() -> None:
    made = signature(algorithm=Algorithm(signature="1.2.643.7.1.1.3.2.99", name=None, digest="1.2.643.7.1.1.2.99"))
    assert set(_codes(_judge(made), Layer.ALGORITHM)) == {"algorithm.unknown"}


def test_sha1_in_the_chain_counts_and_the_anchors_own_signature_does_not() -> None:
    """CRT-26"""
    sha1 = AlgorithmId(oid="1.2.840.10045.4.1")
    weak_ca = replace(CA, signature_algorithm=sha1, inner_signature_algorithm=sha1)
    codes = _codes(_judge(known=knowledge(certificates=swap(weak_ca, CA))), Layer.ALGORITHM)
    assert set(codes) == {"algorithm.digest-not-accepted", "algorithm.expired-no-poe"}
    weak_root = replace(ROOT, signature_algorithm=sha1, inner_signature_algorithm=sha1)
    assert _judge(known=knowledge(certificates=swap(weak_root, ROOT))).passed


def test_the_proven_time_counts_for_algorithms() -> None:
    """LTA-01 and LTA-02: proven before the end date, and after it."""
    made = signature(tokens=(oid("token"),), level="B-T")
    ended = _suite(SHA256, replace(P256, end=day("2027-01-01")))
    # what the token itself rests on stays suitable: the TSA is of another kind
    tsa_suite = replace(ended, entries=(*ended.entries, SuiteEntry(kind="key", name="RSA")))
    rsa = Algorithm(signature="1.2.840.113549.1.1.11", name="rsa-sha256", digest="sha256")
    stamped = token(algorithm=rsa)
    seen = facts(made, tokens=(stamped,))
    own = _algorithms(keys=(AcceptedAlgorithm(name="P-256"), AcceptedAlgorithm(name="RSA")))
    at = day("2027-06-01")
    unproven = judge_signature(facts(signature()), signature(), context(algorithms=own, suite=tsa_suite, at=at))
    assert "algorithm.expired-no-poe" in _codes(unproven, Layer.ALGORITHM)
    early = judge_signature(seen, made, context(algorithms=own, suite=tsa_suite, at=AT))
    assert (early.proven, early.best_time) == (True, SIGNED)
    assert _codes(early, Layer.ALGORITHM) == []


# --- certificate


@pytest.mark.parametrize(
    ("changes", "code", "sub"),
    [
        (
            {"certificates": (), "bound_by": (), "value": ()},
            "certificate.no-signing-certificate",
            "NO_SIGNING_CERTIFICATE_FOUND",
        ),
        (
            {"certificates": (), "bound_by": (), "value": (ValueFact(key="sha256:bare", ok=True),)},
            "certificate.key-only",
            "NO_SIGNING_CERTIFICATE_FOUND",
        ),
        (
            {"bound_by": (Binding(how="signing-certificate-v2", certificate=SIGNER.id, digest_ok=False), *SID)},
            "certificate.signing-certificate-digest-mismatch",
            "NO_SIGNING_CERTIFICATE_FOUND",
        ),
        (
            {"bound_by": (Binding(how="signing-certificate-v2", certificate=None, digest_ok=False), *SID)},
            "certificate.signing-certificate-digest-mismatch",
            "NO_SIGNING_CERTIFICATE_FOUND",
        ),
        (
            {
                "bound_by": (
                    Binding(how="signing-certificate-v2", certificate=SIGNER.id, digest_ok=True),
                    Binding(how="signer-identifier", certificate=CA.id),
                )
            },
            "certificate.signer-identifier-differs",
            "SIG_CONSTRAINTS_FAILURE",
        ),
        (
            {
                "bound_by": (
                    Binding(
                        how="signing-certificate-v2", certificate=SIGNER.id, digest_ok=True, issuer_serial_ok=False
                    ),
                )
            },
            "certificate.issuer-serial-mismatch",
            None,
        ),
    ],
)
def test_identification(changes: dict[str, Any], code: str, sub: str | None) -> None:
    """EN 319 102-1 section 5.2.3; PDF-A09 to A11, A20"""
    technical = _judge(signature(**changes))
    assert _codes(technical, Layer.CERTIFICATE) == [code]
    assert technical.sub_indication == sub


def test_a_bare_key_still_shows_integrity_and_signature() -> None:
    technical = _judge(signature(certificates=(), bound_by=(), value=(ValueFact(key="sha256:bare", ok=True),)))
    assert _layer(technical, Layer.INTEGRITY)[0] is LayerState.PASS
    assert _layer(technical, Layer.SIGNATURE)[0] is LayerState.PASS
    assert _layer(technical, Layer.CHAIN) == (LayerState.NOT_EVALUATED, ["chain.no-signer"])
    assert _layer(technical, Layer.REVOCATION) == (LayerState.NOT_EVALUATED, ["revocation.no-signer"])


def test_a_wrong_binding_masks_nothing() -> None:
    made = signature(bound_by=(Binding(how="signing-certificate-v2", certificate=SIGNER.id, digest_ok=False), *SID))
    assert _others_pass(_judge(made), Layer.CERTIFICATE)


@pytest.mark.parametrize(
    ("usage", "own", "code"),
    [
        (frozenset({"digitalSignature"}), {}, None),
        (frozenset({"nonRepudiation"}), {}, None),
        (None, {}, "certificate.key-usage-missing"),
        (None, {"key_usage_required": False}, None),
        (frozenset({"keyEncipherment"}), {}, "certificate.key-usage-not-for-signing"),  # CRT-34
        (
            frozenset({"digitalSignature"}),
            {"key_usage_any": ("nonRepudiation",)},
            "certificate.key-usage-missing-non-repudiation",
        ),
        (
            frozenset({"nonRepudiation"}),
            {"key_usage_all": ("digitalSignature",)},
            "certificate.key-usage-missing-digital-signature",
        ),
        (frozenset({"digitalSignature", "keyCertSign"}), {}, "certificate.key-usage-refused"),
        (frozenset({"keyEncipherment"}), {"key_usage_any": ()}, None),
    ],
)
def test_key_usage(usage: frozenset[str] | None, own: dict[str, Any], code: str | None) -> None:
    known = knowledge(certificates=swap(replace(SIGNER, key_usage=usage), SIGNER))
    technical = _judge(known=known, certificate=CertificateRules(**own))
    assert _codes(technical, Layer.CERTIFICATE) == ([] if code is None else [code])


@pytest.mark.parametrize(
    ("usage", "ok"),
    [
        (None, True),
        (("1.3.6.1.5.5.7.3.36",), True),
        (("2.5.29.37.0",), True),
        (("1.3.6.1.5.5.7.3.1",), False),
        ((), False),
    ],
)
def test_extended_key_usage(usage: tuple[str, ...] | None, ok: bool) -> None:
    """RFC 9336; CRT-13"""
    known = knowledge(certificates=swap(replace(SIGNER, extended_key_usage=usage), SIGNER))
    technical = _judge(known=known, certificate=CertificateRules(extended_key_usage_any=("1.3.6.1.5.5.7.3.36",)))
    assert _codes(technical, Layer.CERTIFICATE) == ([] if ok else ["certificate.extended-key-usage-not-accepted"])


def test_subject_attributes() -> None:
    assert _judge(certificate=CertificateRules(subject_required=("2.5.4.3",))).passed
    technical = _judge(certificate=CertificateRules(subject_required=("2.5.4.97",)))
    assert _codes(technical, Layer.CERTIFICATE) == ["certificate.subject-attribute-missing"]
    named = replace(
        SIGNER,
        subject=replace(SIGNER.subject, rdns=((Attribute(oid="2.5.4.97", value="x", string_type="UTF8String"),),)),
    )
    assert _judge(
        known=knowledge(certificates=swap(named, SIGNER)), certificate=CertificateRules(subject_required=("2.5.4.97",))
    ).passed


# --- RSASSA-PSS in certificates

_SHA1_REFUSED = {"algorithm.digest-not-accepted", "algorithm.expired-no-poe"}


@pytest.mark.parametrize(
    ("digest_oid", "expected"), [("2.16.840.1.101.3.4.2.1", set()), ("1.3.14.3.2.26", _SHA1_REFUSED)]
)
def test_pss_certificates_by_the_digest_in_their_parameters(digest_oid: str, expected: set[str]) -> None:
    pss = AlgorithmId(oid="1.2.840.113549.1.1.10", digest_oid=digest_oid)
    strong = replace(ROOT, key=key("root", "RSA", None, 4096))
    ca = replace(CA, signature_algorithm=pss, inner_signature_algorithm=pss)
    known = knowledge(certificates=(*(c for c in swap(ca, CA) if c.id != ROOT.id), strong))
    assert set(_codes(_judge(known=known), Layer.ALGORITHM)) == expected
