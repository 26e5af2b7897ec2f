"""A provider whose keys are octets of a national algorithm: everything is issued and signed, and nothing of it is ever verified."""

from __future__ import annotations

import pytest
from whole_chain import AT, PLAIN_RSA, Lab, lab, observe, provider_text, read_provider

from interop.crypto.opaque import shape_of
from interop.crypto.table import digest, signature
from interop.engine.openssl import OpensslWitness
from interop.engine.protocol import Request
from interop.model.errors import InputError, UsageError
from interop.model.indication import Indication
from interop.model.knowledge import Relation
from interop.model.layers import Layer, LayerState
from interop.pki.keystore import ALIEN, KeyStore, alien_name
from interop.pki.status import publish
from interop.x509.certificate import parse_certificate
from interop.x509.edge import verify_signed

NAMES = (
    "gost3410-2012-256", "gost3410-2012-512", "kz-gost3410-2015-256", "kz-gost3410-2015-512", "dstu4145-gost34311",
    "dstu4145-kupyna-256", "kcdsa-has160", "kcdsa-sha1",
)  # fmt: skip
XML = ("gost3410-2012-256", "gost3410-2012-512")


def key(name: str) -> str:
    return f'{{ kind = "{shape_of(name).kind}", signature = "{name}" }}'


def made(name: str, *, tsa: str | None = PLAIN_RSA) -> Lab:
    row = signature(name)
    assert row is not None
    text = provider_text(key(name), tsa=tsa, opaque=True, tsa_digest="sha256" if tsa is not None else row.digest)
    return lab(text)


@pytest.mark.parametrize("name", NAMES)
def test_certificates_carry_the_real_identifiers(name: str) -> None:
    issued = made(name).issued
    row = signature(name)
    assert row is not None
    for identifier in ("root", "ca", "signer"):
        certificate = parse_certificate(issued.certificates[identifier])
        assert certificate.findings == ()
        assert (certificate.key.kind, certificate.key.algorithm.oid) == (row.key, shape_of(name).oid)
        assert certificate.signature_algorithm.oid == row.oids[0]


@pytest.mark.parametrize("name", NAMES)
def test_no_edge_is_true_or_false(name: str) -> None:
    """Certificates, CRLs and OCSP answers of such a CA; what an RSA responder signs below it is computed."""
    lab_ = made(name)
    issued = lab_.issued
    for child, parent in (("root", "root"), ("ca", "root"), ("signer", "ca"), ("tsa", "ca")):
        assert verify_signed(issued.certificates[child], "certificate", issued.certificates[parent]) is None
    crls = {answer.service: answer.der for answer in publish(issued, AT) if answer.kind == "crl"}
    assert {verify_signed(crls[f"lab/crl/{ca}"], "crl", issued.certificates[ca]) for ca in ("root", "ca")} == {None}
    answers = [answer.der for answer in publish(issued, AT) if answer.service == "lab/ocsp/ca"]
    assert {verify_signed(answer, "ocsp", issued.certificates["ocsp"]) for answer in answers} == {True}
    ca = parse_certificate(issued.certificates["ca"]).id
    signed = [edge.ok for edge in lab_.linker().edges() if edge.key == ca and edge.relation is Relation.SIGNED]
    assert signed
    assert set(signed) == {None}


def check(lab_: Lab, data: bytes, name: str) -> None:
    row = signature(name)
    assert row is not None
    observation = observe(data)
    (seen,) = observation.facts.signatures
    assert (seen.algorithm.name, seen.algorithm.signature) == (name, row.oids[0])
    assert seen.algorithm.key == row.key
    assert {value.ok for value in seen.value} == {None}
    assert {value.why for value in seen.value} == {"unsupported-algorithm"}
    own = digest(row.digest)
    assert own is not None
    known = {reference.ok for reference in seen.references}
    assert known == ({True} if own.computed else {None})
    judgement = lab_.judge(observation)
    verdict = judgement.verdict
    assert verdict is not None
    assert not verdict.accepted
    assert verdict.indication is Indication.INDETERMINATE
    states = {layer.layer: layer.state for layer in verdict.layers}
    assert states[Layer.SIGNATURE] is LayerState.UNSUPPORTED
    assert states[Layer.INTEGRITY] is (LayerState.PASS if own.computed else LayerState.UNSUPPORTED)
    assert states[Layer.CHAIN] is LayerState.UNSUPPORTED


@pytest.mark.parametrize("name", NAMES)
def test_pdf_is_recognised_and_never_verified(name: str) -> None:
    lab_ = made(name)
    data = lab_.pdf()
    assert data == lab_.pdf()
    check(lab_, data, name)


@pytest.mark.parametrize("name", XML)
def test_xml_is_recognised_and_never_verified(name: str) -> None:
    lab_ = made(name)
    data = lab_.xml()
    assert data == lab_.xml()
    check(lab_, data, name)


@pytest.mark.parametrize("name", NAMES)
def test_a_change_to_the_document_is_no_wrong_digest(name: str) -> None:
    """A digest that nobody computes cannot be wrong; what the scan of the container sees is seen all the same."""
    row = signature(name)
    assert row is not None
    own = digest(row.digest)
    assert own is not None
    data = made(name).pdf()
    at = data.index(b"%PDF-1.") + len(b"%PDF-1.")
    changed = data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]
    (seen,) = observe(changed).facts.signatures
    assert [reference.ok for reference in seen.references] == [False if own.computed else None]


@pytest.mark.parametrize("name", ["gost3410-2012-512", "dstu4145-gost34311"])
def test_time_stamps_and_answers_of_such_services_say_nothing(name: str) -> None:
    lab_ = made(name, tsa=None)
    observation = observe(lab_.pdf())
    (token,) = observation.facts.tokens
    assert (token.value_ok, token.imprint.ok) == (None, None)
    answers = [answer.der for answer in publish(lab_.issued, AT) if answer.kind == "ocsp"]
    assert {verify_signed(der, "ocsp", lab_.issued.certificates["ocsp"]) for der in answers} == {None}
    verdict = lab_.judge(observation).verdict
    assert verdict is not None
    assert not verdict.accepted


@pytest.mark.parametrize("name", NAMES)
def test_openssl_is_not_asked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*arguments: object, **options: object) -> None:
        raise AssertionError(f"OpenSSL was asked: {arguments}")

    lab_ = made(name)
    facts = observe(lab_.pdf()).facts
    witness = OpensslWitness()
    _ = witness.info()
    monkeypatch.setattr("interop.engine.openssl.call", asked)
    testimony = witness.testify(Request(data=lab_.pdf()), facts, (lab_.issued.certificates["root"],))
    assert {statement.ok for statement in testimony.statements} == {None}


def test_xml_without_a_uri_is_refused() -> None:
    with pytest.raises(UsageError, match="has no URI for XML"):
        made("dstu4145-gost34311").xml(digest="sha256")


def test_keys_of_two_sizes_have_two_aliens() -> None:
    specs = [read_provider(provider_text(key(name), opaque=True)).certificate("signer").key for name in XML]
    assert [alien_name(spec) for spec in specs] == ["gost-256", "gost-512"]
    store = KeyStore(missing="memory")
    assert [store.alien(spec).bits for spec in specs] == [256, 512]
    assert store.made == [f"{ALIEN}/gost-256", f"{ALIEN}/gost-512"]


class TestLint:
    """The profile says which identities are opaque, and what such a key can be."""

    def mistakes(self, text: str) -> str:
        with pytest.raises(InputError) as caught:
            read_provider(text)
        return str(caught.value)

    def test_opaque_has_to_be_said(self) -> None:
        assert "has to be true: 'gost3410-2012-256' is not computed" in self.mistakes(provider_text(key(XML[0])))

    def test_opaque_may_not_be_said_of_what_is_computed(self) -> None:
        assert "is not true: 'rsa-sha256' is computed" in self.mistakes(provider_text(PLAIN_RSA, opaque=True))

    def test_a_size_of_its_own_is_a_mistake(self) -> None:
        bad = key(XML[0]).replace(" }", ", bits = 256 }")
        assert "follows from its curve" in self.mistakes(provider_text(bad, opaque=True))

    def test_an_algorithm_without_shape_is_a_mistake(self) -> None:
        bad = '{ kind = "DSTU", signature = "dstu4145-kupyna-512" }'
        assert "no shape of keys is known" in self.mistakes(provider_text(bad, opaque=True))

    def test_xml_needs_a_uri(self) -> None:
        text = provider_text(key("dstu4145-gost34311"), opaque=True).replace(
            '[{ format = "pades", levels = ["b-b", "b-t"] }]', '[{ format = "xades", levels = ["b-b"] }]'
        )
        assert "'dstu4145-gost34311', which has no URI for XML" in self.mistakes(text)

    def test_what_is_verified_only_signs_nothing(self) -> None:
        bad = '{ kind = "RSA", bits = 2048, signature = "rsa-sha1" }'
        assert "'rsa-sha1' is verified only" in self.mistakes(provider_text(bad))

    def test_a_pss_key_signs_with_pss(self) -> None:
        bad = '{ kind = "RSA", bits = 2048, signature = "rsa-sha256", rsa_spki = "pss" }'
        assert "signs with 'rsa-pss-...' alone" in self.mistakes(provider_text(bad))
