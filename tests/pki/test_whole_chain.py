"""Every algorithm that is computed, through the whole chain: issue, sign PDF and XML, observe, link, judge, and ask OpenSSL."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509 as pyca
from cryptography.hazmat.primitives.serialization import Encoding
from whole_chain import AT, PLAIN_RSA, Lab, lab, observe, provider_text

from interop.cms.parse import parse_signed_data
from interop.crypto.keys import PssParameters
from interop.engine.openssl import OpensslWitness, eddsa_value_verifies
from interop.engine.protocol import Request
from interop.model.errors import UsageError
from interop.model.facts import SignatureFacts
from interop.model.indication import Indication
from interop.model.layers import Layer, LayerState
from interop.pdf.mutate import MUTATIONS as PDF_MUTATIONS
from interop.pki.status import publish
from interop.x509.certificate import parse_certificate
from interop.x509.edge import verify_signed
from interop.xml.method import read_method
from interop.xml.mutate import MUTATIONS as XML_MUTATIONS
from interop.xml.value import verify_value

OpenSsl = Callable[..., subprocess.CompletedProcess[str]]


def ec(curve: str, signature: str) -> str:
    return f'{{ kind = "EC", curve = "{curve}", signature = "{signature}" }}'


def rsa(signature: str, spki: str = "rsa", bits: int = 3072) -> str:
    return f'{{ kind = "RSA", bits = {bits}, signature = "{signature}", rsa_spki = "{spki}" }}'


KEYS = {
    "P-256": (ec("P-256", "ecdsa-sha256"), "sha256"),
    "P-521": (ec("P-521", "ecdsa-sha512"), "sha512"),
    "brainpoolP256r1": (ec("brainpoolP256r1", "ecdsa-sha256"), "sha256"),
    "brainpoolP384r1": (ec("brainpoolP384r1", "ecdsa-sha384"), "sha384"),
    "brainpoolP512r1": (ec("brainpoolP512r1", "ecdsa-sha512"), "sha512"),
    "rsa-pss-sha256": (rsa("rsa-pss-sha256"), "sha256"),
    "rsa-pss-sha384": (rsa("rsa-pss-sha384"), "sha384"),
    "rsa-pss-sha512": (rsa("rsa-pss-sha512"), "sha512"),
    "id-RSASSA-PSS": (rsa("rsa-pss-sha256", "pss"), "sha256"),
    "id-RSASSA-PSS restricted": (rsa("rsa-pss-sha384", "pss-restricted"), "sha384"),
    "Ed25519": ('{ kind = "Ed25519", signature = "ed25519" }', "sha512"),
    "Ed448": ('{ kind = "Ed448", signature = "ed448" }', "shake256"),
}
XML_DIGEST = {"Ed448": "sha512"}
"""SHAKE256 has no DigestMethod URI (RFC 9231 2.1), so references are hashed with another digest."""


def made(name: str) -> Lab:
    """All certificates, CRLs, OCSP answers and time-stamps of the provider are signed with the one algorithm."""
    key, digest = KEYS[name]
    return lab(provider_text(key, tsa_digest=digest))


def only(data: bytes) -> SignatureFacts:
    (signature,) = observe(data).facts.signatures
    return signature


def passes(lab_: Lab, data: bytes) -> None:
    observation = observe(data)
    (signature,) = observation.facts.signatures
    assert [reference.ok for reference in signature.references].count(True) == len(signature.references) > 0
    assert [value.ok for value in signature.value if value.key == signature.bound_by[0].certificate] == [True]
    (token,) = observation.facts.tokens
    assert (token.value_ok, token.imprint.ok) == (True, True)
    verdict = lab_.judge(observation).verdict
    assert verdict is not None
    blocked = {layer.layer: layer.causes for layer in verdict.layers if layer.blocks}
    assert not set(blocked) - {Layer.TRUST, Layer.AGREEMENT, Layer.ASSURANCE}, blocked
    assert verdict.indication is Indication.TOTAL_PASSED


@pytest.mark.parametrize("name", KEYS)
def test_pdf_passes(name: str) -> None:
    passes(made(name), made(name).pdf())


@pytest.mark.parametrize("name", KEYS)
def test_xml_passes(name: str) -> None:
    passes(made(name), made(name).xml(digest=XML_DIGEST.get(name)))


@pytest.mark.parametrize("name", KEYS)
def test_same_input_same_bytes(name: str) -> None:
    assert made(name).pdf() == made(name).pdf()
    assert made(name).xml(digest=XML_DIGEST.get(name)) == made(name).xml(digest=XML_DIGEST.get(name))


@pytest.mark.parametrize("name", KEYS)
def test_a_flipped_bit_is_a_wrong_value(name: str) -> None:
    lab_ = made(name)
    signed = ((lab_.pdf(), PDF_MUTATIONS), (lab_.xml(digest=XML_DIGEST.get(name)), XML_MUTATIONS))
    for data, mutations in signed:
        observation = observe(mutations["value-flipped"](data))
        (signature,) = observation.facts.signatures
        assert not any(value.ok for value in signature.value)
        verdict = lab_.judge(observation).verdict
        assert verdict is not None
        assert Layer.SIGNATURE in {layer.layer for layer in verdict.layers if layer.state is LayerState.FAIL}


@pytest.mark.parametrize("name", KEYS)
def test_every_answer_of_the_services_verifies(name: str) -> None:
    issued = made(name).issued
    kinds = set()
    for answer in publish(issued, AT):
        signer = issued.certificates["ca"] if answer.kind == "crl" and answer.service.endswith("/ca") else None
        if signer is None:
            signer = issued.certificates["ocsp" if answer.kind == "ocsp" and answer.service.endswith("/ca") else "root"]
        assert verify_signed(answer.der, answer.kind, signer) is True, answer.service
        kinds.add(answer.kind)
    assert kinds == {"crl", "ocsp"}


def bundle(folder: Path, name: str, *certificates: bytes) -> Path:
    path = folder / f"{name}.pem"
    path.write_bytes(b"".join(pyca.load_der_x509_certificate(c).public_bytes(Encoding.PEM) for c in certificates))
    return path


@pytest.mark.parametrize("name", KEYS)
def test_openssl_agrees_on_the_chain_and_on_cms(name: str, openssl: OpenSsl, tmp_path: Path) -> None:
    """`openssl verify` on the path, `openssl cms` on a detached signature with its chain, and on altered content."""
    lab_ = made(name)
    issued = lab_.issued
    at = ("-attime", str(int(AT.timestamp())))
    root, middle = (bundle(tmp_path, part, issued.certificates[part]) for part in ("root", "ca"))
    end = bundle(tmp_path, "signer", issued.certificates["signer"])
    done = openssl("verify", *at, "-x509_strict", "-CAfile", root, "-untrusted", middle, end)
    assert done.returncode == 0, done.stderr
    if name.startswith("Ed"):  # `openssl cms` of OpenSSL 3.0 hands EdDSA a digest, which its own signature code refuses
        signer = parse_signed_data(lab_.cms(b"hello")).signers[0]
        key = issued.key("signer").spki
        assert eddsa_value_verifies(key, signer.value, signer.signed_forms[0])
        assert not eddsa_value_verifies(key, signer.value, signer.signed_forms[0] + b"x")
        return
    (tmp_path / "content").write_bytes(b"hello")
    (tmp_path / "cms").write_bytes(lab_.cms(b"hello"))
    ask = (
        "cms", "-verify", "-binary", "-inform", "DER", "-in", tmp_path / "cms", "-content", tmp_path / "content",
        "-CAfile", root, "-purpose", "any", *at, "-out", tmp_path / "out",
    )  # fmt: skip
    done = openssl(*ask)
    assert done.returncode == 0, done.stderr
    (tmp_path / "content").write_bytes(b"hellO")
    assert openssl(*ask).returncode != 0


@pytest.mark.parametrize("name", KEYS)
def test_the_openssl_witness_confirms_the_pdf(name: str, openssl: OpenSsl) -> None:
    lab_ = made(name)
    data = lab_.pdf()
    testimony = OpensslWitness().testify(
        Request(data=data, at=AT), observe(data).facts, (lab_.issued.certificates["root"],)
    )
    assert testimony.error is None
    assert {statement.ok for statement in testimony.statements} == {True}, testimony.statements


class TestPssParameters:
    """RFC 4055 section 3.1 in CMS, RFC 9231 sections 2.3.9 and 2.3.10 in XML."""

    GENERIC = "http://www.w3.org/2007/05/xmldsig-more#rsa-pss"
    PLAIN = rsa("rsa-pss-sha256")

    def plain(self) -> Lab:
        return lab(provider_text(self.PLAIN, ca=PLAIN_RSA, tsa=PLAIN_RSA))

    @pytest.mark.parametrize(
        ("mask", "salt"), [("sha256", 32), ("sha1", 20), ("sha512", 0), ("sha384", 48), ("sha256", 64)]
    )
    def test_any_mask_and_salt_in_cms(self, mask: str, salt: int) -> None:
        signature = only(self.plain().pdf(pss=PssParameters(mgf_digest=mask, salt_length=salt)))
        assert (signature.algorithm.name, signature.value[0].ok) == ("rsa-pss-sha256", True)

    @pytest.mark.parametrize(("mask", "salt"), [("sha256", 32), ("sha1", 20), ("sha512", 0), ("sha384", 48)])
    def test_any_mask_and_salt_in_xml(self, mask: str, salt: int) -> None:
        data = self.plain().xml(signature_uri=self.GENERIC, pss=PssParameters(mgf_digest=mask, salt_length=salt))
        signature = only(data)
        assert (signature.algorithm.name, signature.algorithm.uri) == ("rsa-pss-sha256", self.GENERIC)
        assert [value.ok for value in signature.value].count(True) == 1

    def test_the_generic_uri_passes(self) -> None:
        lab_ = self.plain()
        passes(lab_, lab_.xml(signature_uri=self.GENERIC))

    def test_wrong_salt_in_the_parameters_is_a_wrong_value(self) -> None:
        data = self.plain().xml(signature_uri=self.GENERIC, stamped=False)
        assert data.count(b"<pss:SaltLength>32<") == 1
        assert not any(v.ok for v in only(data.replace(b"SaltLength>32<", b"SaltLength>33<")).value)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (b"TrailerField>1<", b"TrailerField>2<"),
            (b"SaltLength>32<", b"SaltLength>-1<"),
            (b"SaltLength>32<", b"SaltLength>99999<"),
            (b"2007/05/xmldsig-more#MGF1", b"2007/05/xmldsig-more#MGF2"),
            (b'xmlenc#sha256"/><pss:Mask', b'xmlenc#sha257"/><pss:Mask'),
        ],
    )
    def test_parameters_that_are_not_understood_are_no_algorithm(self, old: bytes, new: bytes) -> None:
        data = self.plain().xml(signature_uri=self.GENERIC, stamped=False)
        assert old in data
        signature = only(data.replace(old, new, 1))
        assert (signature.algorithm.name, {value.ok for value in signature.value}) == (None, {None})

    @pytest.mark.parametrize(("salt", "ok"), [(32, True), (20, False)])
    def test_the_fixed_uri_fixes_the_salt(self, salt: int, ok: bool) -> None:
        """A value with another salt than the digest's length, under the URI that fixes it (RFC 9231 2.3.10)."""
        key = self.plain().issued.key("signer")
        value = key.sign("rsa-pss-sha256", b"text", pss=PssParameters(mgf_digest="sha256", salt_length=salt))
        method = read_method("http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", None)
        found = verify_value(method.algorithm, value, b"text", [("key", key.spki)], pss=method.pss)
        assert [fact.ok for fact in found.facts] == [ok]

    def test_parameters_beside_a_uri_that_fixes_them_are_refused(self) -> None:
        with pytest.raises(UsageError, match="fixes its RSASSA-PSS parameters"):
            self.plain().xml(pss=PssParameters(mgf_digest="sha256", salt_length=20))

    def test_a_salt_that_does_not_fit_is_refused(self) -> None:
        with pytest.raises(UsageError, match="does not fit into an RSA key of 3072 bits"):
            self.plain().pdf(pss=PssParameters(mgf_digest="sha256", salt_length=400))

    def test_absent_parameters_mean_sha1(self) -> None:
        signature = only(self.plain().pdf(absent_parameters=True))
        assert (signature.algorithm.name, signature.algorithm.parameters) == ("rsa-pss-sha1", None)
        assert signature.value[0].ok is False
        assert "signature.digests-differ" in {finding.code for finding in signature.findings}

    def test_a_restricted_key_takes_nothing_else(self) -> None:
        """PKCS #1 v1.5 and another digest by a key whose certificate says RSASSA-PSS with SHA-384 (RFC 4055 section 1.2)."""
        lab_ = made("id-RSASSA-PSS restricted")
        for name, digest in (("rsa-sha384", "sha384"), ("rsa-pss-sha256", "sha256")):
            signature = only(lab_.pdf(stamped=False, signature=name))
            assert (signature.value[0].ok, signature.value[0].why) == (False, "key-algorithm-mismatch"), digest
        unrestricted = made("id-RSASSA-PSS")
        assert only(unrestricted.pdf(stamped=False, signature="rsa-pss-sha512")).value[0].ok is True
        assert only(unrestricted.pdf(stamped=False, signature="rsa-sha256")).value[0].ok is False

    def test_the_certificate_says_how_its_key_is_restricted(self) -> None:
        for name, restricted in (("id-RSASSA-PSS", False), ("id-RSASSA-PSS restricted", True)):
            key = parse_certificate(made(name).issued.certificates["signer"]).key
            assert (key.kind, key.bits, key.algorithm.oid) == ("RSA", 3072, "1.2.840.113549.1.1.10")
            assert (key.algorithm.parameters is not None) is restricted
            assert key.algorithm.digest_oid == ("2.16.840.1.101.3.4.2.2" if restricted else None)


class TestEcdsaEncodings:
    """DER and r||s told apart, in CMS and in XML; plain ECDSA by the identifiers of BSI TR-03111."""

    def plain(self, name: str) -> Lab:
        return lab(provider_text(ec("brainpoolP256r1", name), ca=ec("brainpoolP256r1", "ecdsa-sha256")))

    def test_plain_ecdsa_in_cms(self) -> None:
        signature = only(self.plain("plain-ecdsa-sha256").pdf(stamped=False))
        assert signature.algorithm.signature == "0.4.0.127.0.7.1.1.4.1.3"
        assert (signature.algorithm.name, signature.algorithm.encoding) == ("plain-ecdsa-sha256", "raw")
        assert signature.value[0].ok is True
        assert "format.value-encoding-unusual" not in {finding.code for finding in signature.findings}

    def test_raw_value_under_the_der_identifier_in_cms(self) -> None:
        signature = only(self.plain("ecdsa-sha256").pdf(stamped=False, encoding="raw"))
        assert (signature.algorithm.name, signature.algorithm.encoding) == ("ecdsa-sha256", "raw")
        assert "format.value-encoding-unusual" in {finding.code for finding in signature.findings}

    def test_der_value_in_xml(self) -> None:
        lab_ = self.plain("ecdsa-sha256")
        signature = only(lab_.xml(stamped=False, value_encoding="der"))
        assert signature.algorithm.encoding == "der"
        assert not any(value.ok for value in signature.value)
        assert "signature.value-der-in-xml" in {finding.code for finding in signature.findings}
        assert only(lab_.xml(stamped=False)).algorithm.encoding == "raw"


@pytest.mark.parametrize(
    ("key", "uri", "digest_uri"),
    [
        (ec("P-256", "ecdsa-sha256"), "urn:oid:1.2.840.10045.4.3.2", "urn:oid:2.16.840.1.101.3.4.2.1"),
        (ec("brainpoolP256r1", "ecdsa-sha256"), "URN:OID:0.4.0.127.0.7.1.1.4.1.3", None),
        (PLAIN_RSA, "urn:oid:1.2.840.113549.1.1.11", "urn:OID:2.16.840.1.101.3.4.2.1"),
        ('{ kind = "Ed25519", signature = "ed25519" }', "urn:oid:1.3.101.112", None),
    ],
)
def test_oid_urns_are_read(key: str, uri: str, digest_uri: str | None) -> None:
    lab_ = lab(provider_text(key, tsa_digest="sha512" if "Ed25519" in key else "sha256"))
    signature = only(lab_.xml(stamped=False, signature_uri=uri, digest_uri=digest_uri))
    assert signature.algorithm.uri == uri
    assert [value.ok for value in signature.value].count(True) == 1
    assert all(reference.ok for reference in signature.references)


@pytest.mark.parametrize(
    "uri", ["urn:oid:1.2.840.113549.1.1.10", "urn:oid:2.999.1", "urn:oid:", "urn:oid:1.2.840.113549.1.1.1"]
)
def test_oid_urns_that_say_too_little_are_unknown(uri: str) -> None:
    signature = only(lab(provider_text(PLAIN_RSA)).xml(stamped=False, signature_uri=uri))
    assert (signature.algorithm.name, {value.ok for value in signature.value}) == (None, {None})
    assert {value.why for value in signature.value} == {"unsupported-algorithm"}


def test_layers_of_an_unknown_algorithm_are_unsupported() -> None:
    lab_ = lab(provider_text(PLAIN_RSA))
    verdict = lab_.judge(observe(lab_.xml(signature_uri="urn:oid:2.999.1"))).verdict
    assert verdict is not None
    assert {layer.layer: layer.state for layer in verdict.layers}[Layer.SIGNATURE] is LayerState.UNSUPPORTED
