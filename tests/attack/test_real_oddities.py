"""Twenty things that were met in real Chinese certificates, messages and files: each is made here as a real artefact, and comes out as a
finding or as the answer of the layer that it belongs to, never as a crash. What is merely unusual passes; what no relying party may
overlook blocks. The numbers are those of the list of non-conformances in the notes on domestic practice, section 8.
"""

from __future__ import annotations

import pytest
from attack_lab import SIGNING, Result, check, contract, facts_of, hierarchy, judged, with_object, xml_signed
from attack_pki import BASIC, CRL_SIGN, SIGNER, certificate, crl, extension, key, named

from interop.cms.build import SignRequest, build_signed_data, signature_algorithm
from interop.engine.sniff import sniff
from interop.model.facts import WITHOUT_Z
from interop.model.formats import Format
from interop.model.layers import Layer, LayerState
from interop.pdf.sign import SUBFILTER_ADOBE, Covered, PdfSignRequest, sign_pdf
from interop.x509 import der
from interop.x509.certificate import object_id, parse_certificate

ROOT = certificate("root", "root", [BASIC, CRL_SIGN])
SM2_301_1 = "1.2.156.10197.1.301.1"
SM2_WITH_SM3 = "1.2.156.10197.1.501"
GM_DATA = "1.2.156.10197.6.1.4.2.1"
GM_ENVELOPED = "1.2.156.10197.6.1.4.2.3"
W3C_SM2 = "http://www.w3.org/2000/09/xmldsig#sm2-sm3"
"""Met in the field; in the namespace of the W3C, and no identifier of the W3C."""
CUSTOMS = "http://www.chinaport.gov.cn/2022/04/xmldsig#"
LDAP_ONLY = extension(
    "2.5.29.31",
    der.seq(der.seq(der.explicit(0, der.explicit(0, der.implicit(6, b"ldap://ldap.example/cn=crl?certificateRevocationList"))))),
)  # fmt: skip


def leaf(*extensions: bytes, subject: bytes | None = None) -> bytes:
    """A certificate of `signer` under `root`."""
    validity = der.seq(der.tlv(0x18, b"20200101000000Z"), der.tlv(0x18, b"20400101000000Z"))
    algorithm = signature_algorithm("ecdsa-sha256")
    tbs = der.seq(
        der.explicit(0, der.integer(2)), der.integer(7), algorithm, named("root"), validity, subject or named("signer"),
        key("signer").spki, der.explicit(3, der.seq(*extensions)),
    )  # fmt: skip
    return der.seq(tbs, algorithm, der.bit_string(key("root").sign("ecdsa-sha256", tbs)))


def signed_by(signer: bytes, *, root: bytes = ROOT, status: bool = True) -> Result:
    """A XAdES signature of that certificate, its root an anchor; `status`: the CRL of the root is in the file."""
    seen = facts_of(xml_signed(key=key("signer"), certificate=signer, chain=(), signature="ecdsa-sha256"))
    if status:
        seen = with_object(seen, "crl", crl("root"))
    return judged(seen, extra=[("certificate", root)], anchors={object_id(root): "file"})


def sm2_pdf(**deviations: object) -> bytes:
    """A detached SM2 message in a PDF under adbe.pkcs7.detached; `deviations` are fields of the CMS request; `twice`: its content
    is the digest of the file."""
    home = hierarchy("cn-licensed-sm2")
    name = next(i.certificate for i in home.provider.identities if i.id == "org")

    twice = deviations.pop("twice", False)

    def cms(covered: Covered) -> bytes:
        fields = {
            "key": home.key(name), "certificate": home.certificates[name], "chain": home.chain(name), "signature": "sm2-sm3",
            "digest": "sm3", "signing_certificate": False, "content_digest": covered("sm3"), **deviations,
        }  # fmt: skip
        if twice:
            fields["content"] = covered("sm3")
        return build_signed_data(SignRequest(**fields))  # type: ignore[arg-type]

    return sign_pdf(contract("pdf"), PdfSignRequest(subfilter=SUBFILTER_ADOBE, cms=cms, signing_time=SIGNING))


def pdf_holding(contents: bytes) -> bytes:
    """A signature field with these octets where SignedData belongs."""
    request = PdfSignRequest(subfilter=SUBFILTER_ADOBE, cms=lambda _covered: contents, signing_time=SIGNING)
    return sign_pdf(contract("pdf"), request)


def sm2_xml(**deviations: object) -> bytes:
    home = hierarchy("cn-licensed-sm2")
    name = next(i.certificate for i in home.provider.identities if i.id == "org")
    return xml_signed(
        key=home.key(name), certificate=home.certificates[name], chain=home.chain(name), signature="sm2-sm3",
        format=Format.XMLDSIG, **deviations,
    )  # fmt: skip


def test_the_control_passes() -> None:
    assert signed_by(leaf(SIGNER)).passed
    assert check(sm2_pdf()).passed


# --- certificates -------------------------------------------------------------------------------------------------


def test_01_basic_constraints_with_false_written_out() -> None:
    """`30 03 01 01 00`: a default must not be encoded (X.690 11.5); the certificate still says that it is no CA."""
    found = signed_by(leaf(SIGNER, extension("2.5.29.19", bytes.fromhex("3003010100"))))
    assert found.passed
    assert "certificate.default-encoded" in found.codes()


def test_02_an_extension_value_that_is_no_der_at_all() -> None:
    found = signed_by(leaf(SIGNER, extension("2.5.29.1", b"raw text")))
    assert found.passed
    assert "certificate.extension-undecodable" in found.codes()


def test_03_a_qualifier_in_the_place_of_a_policy() -> None:
    found = signed_by(leaf(SIGNER, extension("2.5.29.32", der.seq(der.seq(der.oid("1.3.6.1.5.5.7.2.1"))))))
    assert found.passed
    assert "certificate.policy-is-qualifier" in found.codes()


def test_04_a_signer_that_may_sign_certificates() -> None:
    usage = extension("2.5.29.15", b"\x03\x02\x02\xc4", critical=True)  # digitalSignature, nonRepudiation, keyCertSign
    found = signed_by(leaf(usage))
    assert found.layer(Layer.CERTIFICATE).state is LayerState.FAIL
    assert "certificate.key-usage-refused" in found.codes()
    assert found.layer(Layer.SIGNATURE).state is LayerState.PASS


def test_05_one_certificate_for_signing_and_encryption() -> None:
    """Signing is among its usages, and no rule for every signer forbids the others."""
    usage = extension("2.5.29.15", b"\x03\x02\x04\xf0", critical=True)
    signer = leaf(usage)
    assert parse_certificate(signer).key_usage == {
        "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment",
    }  # fmt: skip
    found = signed_by(signer)
    assert found.passed
    assert "certificate.key-usage-mixed" in found.codes()


def test_06_a_subject_with_glued_and_foreign_content() -> None:
    """O holds the credit code and the name in one string, CN the number of a seal: names are text, nothing is read into them."""
    glued = "91999999000000000G@TEST 深圳测试物流有限公司"
    subject = der.seq(
        der.set_of([der.seq(der.oid("2.5.4.10"), der.utf8(glued))]),
        der.set_of([der.seq(der.oid("2.5.4.3"), der.printable("4403000000001"))]),
    )
    signer = leaf(SIGNER, subject=subject)
    assert glued in parse_certificate(signer).subject.text
    found = signed_by(signer)
    assert found.passed
    assert "certificate.identifier-in-organization" in found.codes()


def test_07_a_critical_extended_key_usage() -> None:
    usage = extension("2.5.29.37", der.seq(der.oid("1.3.6.1.5.5.7.3.4")), critical=True)
    found = signed_by(leaf(SIGNER, usage))
    assert found.passed
    assert "certificate.extended-key-usage-critical" in found.codes()


def test_08_a_distribution_point_with_ldap_alone() -> None:
    """Nobody fetches it: without an answer from elsewhere the status is open, and nothing else is."""
    found = signed_by(leaf(SIGNER, LDAP_ONLY), status=False)
    assert found.layer(Layer.REVOCATION).state is LayerState.INDETERMINATE
    assert "revocation.no-evidence" in found.codes()
    assert found.layer(Layer.CHAIN).state is LayerState.PASS


def test_18_a_typing_error_in_the_identifier_of_the_lei() -> None:
    """1.3.6.1.4.1.5222266.1 for .52266.1: an unknown extension, which stops a path only where it is critical."""
    typo, value = "1.3.6.1.4.1.5222266.1", der.printable("TEST00TESTTESTTEST00")
    plain = leaf(SIGNER, extension(typo, value))
    assert dict(parse_certificate(plain).private_extensions)[typo] == "TEST00TESTTESTTEST00"
    found = signed_by(plain)
    assert found.passed
    assert "certificate.lei-arc-mistyped" in found.codes()
    critical = signed_by(leaf(SIGNER, extension(typo, value, critical=True)))
    assert "chain.unknown-critical-extension" in critical.codes()
    assert critical.layer(Layer.CHAIN).state is LayerState.FAIL


def test_19_a_root_whose_extensions_are_not_critical() -> None:
    """The national root itself: an anchor is a name and a key, and is not checked as a certificate (RFC 5280 section 6.2)."""
    extensions = [
        extension("2.5.29.19", der.seq(der.boolean(True))),
        extension("2.5.29.15", der.bit_string(b"\x06", 1)),
    ]
    found = signed_by(leaf(SIGNER), root=certificate("root", "root", extensions))
    assert found.passed
    assert "chain.anchor-extensions-not-critical" in found.codes()


# --- messages -----------------------------------------------------------------------------------------------------


def test_09_content_types_of_two_families() -> None:
    """eContentType of PKCS#7, attribute contentType of GB/T 35275."""
    found = check(sm2_pdf(content_type_attribute=GM_DATA))
    assert found.passed
    assert "format.content-type-families-mixed" in found.codes()


@pytest.mark.parametrize("oid", [SM2_301_1, SM2_WITH_SM3])
@pytest.mark.parametrize(("null", "parameters"), [(False, None), (True, "null")])
def test_10_both_identifiers_and_both_forms_of_parameters(oid: str, null: bool, parameters: str | None) -> None:
    found = check(sm2_pdf(signature_oid=oid, null_parameters=null))
    assert found.passed
    written = found.facts.signatures[0].algorithm
    assert (written.signature, written.parameters, written.name) == (oid, parameters, "sm2-sm3")
    plain = oid == SM2_WITH_SM3 and not null
    assert ("signature.algorithm-identifier-variant" in found.codes()) is not plain


def test_11_a_value_of_64_octets() -> None:
    found = check(sm2_pdf(encoding="raw"))
    assert found.passed
    assert "format.value-encoding-unusual" in found.codes()
    strict = check(sm2_pdf(encoding="raw"), rules="cn-gov-gm")  # asks for DER, as GB/T 35276 has it
    assert "algorithm.sm2-encoding-not-accepted" in strict.codes()


def test_12_a_value_over_the_digest_of_the_content() -> None:
    """No signed attributes, and SM3 is applied twice: what was signed is the digest, not the content, so the value does not verify."""
    found = check(sm2_pdf(signed_attributes=False, twice=True))
    assert found.layer(Layer.SIGNATURE).state is LayerState.FAIL
    assert {"signature.value-invalid", "format.no-signed-attributes"} <= found.codes()
    assert not found.passed


def test_13_a_signature_algorithm_in_the_place_of_the_digest() -> None:
    found = check(sm2_pdf(digest_oid=SM2_WITH_SM3))
    assert found.passed
    assert "format.digest-algorithm-is-signature" in found.codes()


@pytest.mark.parametrize(("identifier", "said"), [("", ""), (None, WITHOUT_Z)])
def test_16_an_empty_identifier_and_no_z(identifier: str | None, said: str) -> None:
    """What verified is the fact; a relying party that asks for the default identifier refuses."""
    found = check(sm2_pdf(sm2_id=identifier))
    assert found.facts.signatures[0].algorithm.sm2_id == said
    assert found.layer(Layer.SIGNATURE).state is LayerState.FAIL
    assert ("signature.sm2-id-not-accepted" if identifier == "" else "signature.sm2-without-z") in found.codes()


def test_17_encrypted_messages_are_no_signatures() -> None:
    """Encryption is out of scope: the file holds no signature, and in a signature field it is no SignedData."""
    enveloped = der.seq(der.oid(GM_ENVELOPED), der.explicit(0, der.seq(der.integer(1), der.set_of([]))))
    assert sniff(enveloped) == "unknown"
    assert facts_of(enveloped).facts.signatures == ()
    found = check(pdf_holding(enveloped))
    assert found.layer(Layer.CONTAINER).state is LayerState.FAIL
    assert "container.cms-unreadable" in found.codes()


# --- XML ----------------------------------------------------------------------------------------------------------


def test_14_identifiers_of_sm2_over_values_of_rsa() -> None:
    data = xml_signed(
        contract("xml"), "natural-rsa", format=Format.XMLDSIG, signature_uri=f"{CUSTOMS}sm2-sm3", digest="sha1",
        digest_uri=f"{CUSTOMS}sm3",
    )  # fmt: skip
    found = check(data)
    assert found.layer(Layer.SIGNATURE).state is LayerState.FAIL
    assert "signature.key-algorithm-mismatch" in found.codes()
    assert "integrity.digest-mismatch" in found.codes()


def test_15_sm2_in_the_namespace_of_the_w3c_with_sha1() -> None:
    """The value verifies; the digest is one that no relying party accepts any more."""
    found = check(sm2_xml(signature_uri=W3C_SM2, digest="sha1"))
    assert found.facts.signatures[0].algorithm.uri == W3C_SM2
    assert found.layer(Layer.SIGNATURE).state is LayerState.PASS
    assert found.layer(Layer.ALGORITHM).state is LayerState.FAIL
    assert "algorithm.digest-not-accepted" in found.codes()


# --- PDF ----------------------------------------------------------------------------------------------------------


def test_20_a_message_of_gbt_35275_under_the_adobe_sub_filter() -> None:
    """Its own identifiers say what it is: `pdf-gm`, which a party that reads PKCS#7 alone refuses."""
    found = check(sm2_pdf(family="gm"))
    assert found.passed
    assert found.facts.signatures[0].format == "GM"
    refused = check(sm2_pdf(family="gm"), rules="us-fpki")
    assert refused.layer(Layer.FORMAT).state is LayerState.FAIL
    assert "format.not-accepted" in refused.codes()


def test_20_a_seal_under_the_adobe_sub_filter() -> None:
    """SES is no SignedData: the field is there, it is named for what it is, and it is not handled."""
    header = der.seq(der.tlv(0x16, b"ES"), der.integer(4), der.tlv(0x16, b"TEST"))
    seal = der.seq(
        der.seq(der.integer(4), der.seq(header), der.bit_string(b"digest")),
        der.oid(SM2_WITH_SM3),
        der.bit_string(b"\0" * 64),
    )
    found = check(pdf_holding(seal))
    container = found.layer(Layer.CONTAINER)
    assert container.state is LayerState.FAIL
    assert any(c.code == "container.cms-unreadable" and "electronic seal" in c.detail for c in container.causes)
    assert not found.passed
