"""What we sign: accepted by xmlsec1 where it knows the algorithms, read back by our own verifier, the same bytes each time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import etree
from xml_signers import SIGNING, Signer, one, request

from interop.crypto.keys import load_public_key
from interop.model.errors import InputError, UsageError
from interop.model.formats import Format, Packaging
from interop.x509.certificate import certificate_parts, object_id
from interop.xml.c14n import METHODS, canonicalize
from interop.xml.dereference import decode_base64
from interop.xml.names import C14N_10, EXC_C14N, NS
from interop.xml.observe import observe_xml
from interop.xml.sign import sign_xml

FORMS = [
    (Format.XADES, Packaging.ENVELOPED, {}),
    (Format.XADES, Packaging.ENVELOPED, {"reference": "id"}),
    (Format.XADES, Packaging.ENVELOPED, {"leave_out": "all"}),
    (Format.XADES, Packaging.ENVELOPING, {}),
    (Format.XADES, Packaging.DETACHED, {}),
    (Format.XMLDSIG, Packaging.ENVELOPED, {}),
    (Format.XMLDSIG, Packaging.ENVELOPED, {"reference": "id", "leave_out": "all"}),
    (Format.XMLDSIG, Packaging.ENVELOPING, {}),
]


@pytest.mark.parametrize("kind", ["RSA", "EC", "SM2"])
@pytest.mark.parametrize(("form", "packaging", "options"), FORMS)
def test_read_back(  # noqa: PLR0917 - fixtures
    signers: dict[str, Signer], contract: bytes, kind: str, form: Format, packaging: Packaging, options: dict[str, str]
) -> None:
    signer = signers[kind]
    signed = sign_xml(contract, request(signer, format=form, packaging=packaging, **options))
    facts = one(signed, detached=contract if packaging is Packaging.DETACHED else None)
    assert [r.ok for r in facts.references] == [True] * len(facts.references)
    assert [(v.key, v.ok) for v in facts.value] == [(object_id(signer.certificate), True)]
    assert facts.covers.whole
    assert facts.packaging == packaging.value
    assert facts.findings == ()
    assert facts.algorithm.name == signer.signature
    assert facts.algorithm.encoding == ("pkcs1" if kind == "RSA" else "raw")
    assert facts.algorithm.sm2_id == ("1234567812345678" if kind == "SM2" else None)
    if form is Format.XADES:
        assert (facts.format, facts.level, facts.claimed_time) == ("XAdES", "B-B", SIGNING)
        assert [(b.how, b.digest_ok, b.issuer_serial_ok) for b in facts.bound_by if b.how != "key-info"] == [
            ("signing-certificate-v2", True, True)
        ]
        assert facts.attributes == ("SigningTime", "SigningCertificateV2", "DataObjectFormat")
    else:
        assert (facts.format, facts.level) == ("XMLDSig", None)


@pytest.mark.parametrize("kind", ["RSA", "EC"])
@pytest.mark.parametrize("uri", sorted(METHODS))
@pytest.mark.parametrize(("form", "packaging", "options"), [f for f in FORMS if f[1] is not Packaging.DETACHED])
def test_xmlsec1_verifies(  # noqa: PLR0917 - fixtures
    signers: dict[str, Signer],
    contract: bytes,
    xmlsec1_accepts: Callable[[bytes, bytes], bool],
    kind: str,
    uri: str,
    form: Format,
    packaging: Packaging,
    options: dict[str, str],
) -> None:
    signer = signers[kind]
    signed = sign_xml(contract, request(signer, format=form, packaging=packaging, canonicalization_uri=uri, **options))
    assert xmlsec1_accepts(signed, signer.certificate)
    assert not xmlsec1_accepts(signed.replace(b"CIF Testport", b"FOB Testport"), signer.certificate)


def test_china_customs_form(signers: dict[str, Signer], contract: bytes) -> None:
    """Message specification 202205 section 6: enveloped, c14n 1.0, SM2/SM3 URIs, KeyName and X509Data, raw r and s."""
    signer = signers["SM2"]
    root = etree.fromstring(sign_xml(contract, request(signer, format=Format.XML_CUSTOMS)))
    info = root.find("ds:Signature/ds:SignedInfo", NS)
    assert info is not None
    assert info.find("ds:CanonicalizationMethod", NS).get("Algorithm") == C14N_10
    assert info.find("ds:SignatureMethod", NS).get("Algorithm") == "http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3"
    digest = info.find("ds:Reference/ds:DigestMethod", NS)
    assert digest.get("Algorithm") == "http://www.chinaport.gov.cn/2022/04/xmldsig#sm3"
    assert [c.tag.rpartition("}")[2] for c in root.find("ds:Signature/ds:KeyInfo", NS)] == ["KeyName", "X509Data"]
    value = decode_base64(root.findtext("ds:Signature/ds:SignatureValue", "", NS))
    assert len(value) == 64
    key = load_public_key(certificate_parts(signer.certificate).spki)
    assert key.verify("sm2-sm3", value, canonicalize(info, C14N_10), encoding="raw")
    assert one(etree.tostring(root)).algorithm.uri == "http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3"


@pytest.mark.parametrize("kind", ["RSA", "EC", "SM2"])
def test_same_request_same_bytes(signers: dict[str, Signer], contract: bytes, kind: str) -> None:
    wanted = request(signers[kind])
    assert sign_xml(contract, wanted) == sign_xml(contract, wanted)


def test_level_b_t(
    signers: dict[str, Signer],
    contract: bytes,
    stamp: Callable[[bytes], bytes],
    xmlsec1_accepts: Callable[[bytes, bytes], bool],
) -> None:
    signer = signers["RSA"]
    signed = sign_xml(contract, request(signer, timestamp=stamp))
    facts = observe_xml(signed).facts
    assert facts.signatures[0].level == "B-T"
    (token,) = facts.tokens
    assert (token.kind, token.imprint.ok, token.value_ok, token.covers) == ("signature", True, True, ("s0",))
    assert facts.signatures[0].tokens == (token.id,)
    assert xmlsec1_accepts(signed, signer.certificate)


def test_a_token_over_another_value_does_not_match(
    signers: dict[str, Signer], contract: bytes, stamp: Callable[[bytes], bytes]
) -> None:
    signed = sign_xml(contract, request(signers["RSA"], timestamp=lambda data: stamp(data + b"x")))
    (token,) = observe_xml(signed).facts.tokens
    assert (token.imprint.ok, token.value_ok) == (False, True)


def test_two_signatures_side_by_side(
    signers: dict[str, Signer], contract: bytes, xmlsec1_accepts: Callable[[bytes, bytes], bool]
) -> None:
    """With `leave_out="all"` both legs of a dual-algorithm document hold."""
    first = sign_xml(contract, request(signers["SM2"], leave_out="all"))
    both = sign_xml(first, request(signers["RSA"], leave_out="all"))
    facts = observe_xml(both).facts
    assert [
        (s.id, s.covers.whole, [v.ok for v in s.value], [r.ok for r in s.references]) for s in facts.signatures
    ] == [
        ("s0", True, [True], [True, True]),
        ("s1", True, [True], [True, True]),
    ]


def test_switches_for_negatives(signers: dict[str, Signer], contract: bytes) -> None:
    rsa, sm2 = signers["RSA"], signers["SM2"]
    wrong_digest = one(sign_xml(contract, request(rsa, wrong_certificate_digest=True)))
    assert [(b.digest_ok, b.issuer_serial_ok) for b in wrong_digest.bound_by if b.how != "key-info"] == [(False, True)]
    assert [v.ok for v in wrong_digest.value] == [True]
    other_id = one(sign_xml(contract, request(sm2, sm2_id="")))
    assert ([v.ok for v in other_id.value], other_id.algorithm.sm2_id) == ([True], "")
    foreign_id = one(sign_xml(contract, request(sm2, sm2_id="TEST")))
    assert ([v.ok for v in foreign_id.value], foreign_id.algorithm.sm2_id) == ([False], None)
    told_id = one(sign_xml(contract, request(sm2, sm2_id="TEST")), sm2_ids=("TEST other", "TEST"))
    assert ([v.ok for v in told_id.value], told_id.algorithm.sm2_id) == ([True], "TEST")
    without_z = one(sign_xml(contract, request(sm2, sm2_id=None)))
    assert ([v.ok for v in without_z.value], without_z.algorithm.sm2_id) == ([False], "(without Z)")
    assert [f.code for f in without_z.findings] == ["signature.sm2-without-z"]
    wrong_key = one(sign_xml(contract, request(rsa, key=signers["RSA"].key, certificate=signers["EC"].certificate)))
    assert [(v.ok, v.why) for v in wrong_key.value] == [(False, "key-algorithm-mismatch")]


def test_value_encodings(signers: dict[str, Signer], contract: bytes) -> None:
    """XML-Signature 1.1 section 6.4.3: ECDSA is r and s side by side. SM2 is read in both encodings met in the field."""
    ecdsa = one(sign_xml(contract, request(signers["EC"], value_encoding="der")))
    assert ([v.ok for v in ecdsa.value], ecdsa.algorithm.encoding) == ([False], "der")
    assert "signature.value-der-in-xml" in [f.code for f in ecdsa.findings]
    sm2 = one(sign_xml(contract, request(signers["SM2"], value_encoding="der")))
    assert ([v.ok for v in sm2.value], sm2.algorithm.encoding) == ([True], "der")


def test_signing_certificate_of_version_1(signers: dict[str, Signer], contract: bytes) -> None:
    facts = one(sign_xml(contract, request(signers["EC"], signing_certificate="v1")))
    assert [(b.how, b.digest_ok, b.issuer_serial_ok) for b in facts.bound_by if b.how != "key-info"] == [
        ("signing-certificate", True, True)
    ]


def test_requests_that_do_not_fit(signers: dict[str, Signer], contract: bytes) -> None:
    rsa = signers["RSA"]
    for changes in (
        {"signature": "rsa-sha257"},
        {"digest": "sha257"},
        {"format": Format.PADES},
        {"format": Format.XML_CUSTOMS, "packaging": Packaging.DETACHED},
        {"format": Format.XMLDSIG, "timestamp": lambda data: data},
        {"canonicalization_uri": "urn:example:c14n"},
        {"signature": "ecdsa-sha256"},
    ):
        with pytest.raises(UsageError):
            sign_xml(contract, request(rsa, **changes))
    with pytest.raises(InputError):
        sign_xml(b"<!DOCTYPE a><a/>", request(rsa))


def test_default_canonicalisation(signers: dict[str, Signer], contract: bytes) -> None:
    assert one(sign_xml(contract, request(signers["EC"]))).algorithm.canonicalization == EXC_C14N
    plain = one(sign_xml(contract, request(signers["EC"], format=Format.XMLDSIG)))
    assert plain.algorithm.canonicalization == C14N_10
