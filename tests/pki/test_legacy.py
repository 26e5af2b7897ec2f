"""Old and unusual algorithms in strangers' files: verified, told by the layer `algorithm`, and never a crash.

Nothing here is made by the product, which does not sign with these: the keys are `cryptography`'s own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
from whole_chain import AT, PLAIN_RSA, lab, observe, provider_text

from interop.cms.build import SignRequest, build_signed_data, signature_algorithm
from interop.crypto.der import read_pair
from interop.crypto.table import signature as row_of
from interop.model.facts import SignatureFacts
from interop.model.formats import DocumentKind, Format
from interop.model.layers import Layer, LayerResult, LayerState
from interop.pdf.mutate import MUTATIONS as PDF_MUTATIONS
from interop.pdf.sign import SUBFILTER_PADES, PdfSignRequest, sign_pdf
from interop.vector.documents import document
from interop.x509 import der
from interop.xml.mutate import MUTATIONS as XML_MUTATIONS
from interop.xml.request import XmlSignRequest
from interop.xml.sign import sign_xml

HASHES = {"md5": hashes.MD5(), "sha1": hashes.SHA1(), "sha256": hashes.SHA256()}  # noqa: S303 - what is verified here


@dataclass(frozen=True)
class Native:
    """A key that signs with what the product only verifies; stands where a `PrivateKey` is asked for."""

    kind: str
    key: Any
    spki: bytes
    name: str

    def sign(self, name: str, data: bytes, *, encoding: str = "der", **_: object) -> bytes:
        row = row_of(self.name)
        assert row is not None
        assert name == self.name
        digest = HASHES[row.digest]
        if self.kind == "RSA":
            return bytes(self.key.sign(data, padding.PKCS1v15(), digest))
        if self.kind == "DSA":
            value = self.key.sign(data, digest)
            octets = (self.key.parameters().parameter_numbers().q.bit_length() + 7) // 8
        else:
            value = self.key.sign(data, ec.ECDSA(digest))
            octets = (self.key.curve.key_size + 7) // 8
        return bytes(value) if encoding == "der" else b"".join(n.to_bytes(octets, "big") for n in read_pair(value))


def native(kind: str, key: Any, name: str) -> Native:
    encoding, form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return Native(kind, key, key.public_key().public_bytes(encoding, form), name)


@dataclass(frozen=True)
class Unknown(Native):
    """A key on a curve that nobody here computes: the value is any pair of numbers."""

    def sign(self, name: str, data: bytes, *, encoding: str = "der", **_: object) -> bytes:
        return der.seq(der.integer(1 << 250), der.integer(1 << 249)) if encoding == "der" else bytes(range(64))


FRP256V1 = der.seq(
    der.algorithm("1.2.840.10045.2.1", der.oid("1.2.250.1.223.101.256.1")), der.bit_string(b"\4" + bytes(range(64)))
)


@cache
def keys() -> dict[str, Native]:
    curve, old = ec.generate_private_key(ec.SECP256R1()), dsa.generate_private_key(1024)  # noqa: S505 - old on purpose
    two, one = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 1024)  # noqa: S505
    return {
        "rsa-md5": native("RSA", two, "rsa-md5"),
        "rsa-sha1": native("RSA", two, "rsa-sha1"),
        "rsa-1024": native("RSA", one, "rsa-sha256"),
        "ecdsa-sha1": native("EC", curve, "ecdsa-sha1"),
        "dsa-sha1": native("DSA", old, "dsa-sha1"),
        "dsa-sha256": native("DSA", dsa.generate_private_key(2048), "dsa-sha256"),
        "frp256v1": Unknown("EC", None, FRP256V1, "ecdsa-sha256"),
    }


EXPECTED = {
    "rsa-md5": {"algorithm.not-in-suite", "algorithm.digest-not-accepted"},
    "rsa-sha1": {"algorithm.not-in-suite", "algorithm.digest-not-accepted"},
    "rsa-1024": {"algorithm.size-not-in-suite"},
    "ecdsa-sha1": {"algorithm.not-in-suite", "algorithm.digest-not-accepted"},
    "dsa-sha1": {"algorithm.not-in-suite", "algorithm.digest-not-accepted", "algorithm.key-not-accepted"},
    "dsa-sha256": {"algorithm.key-not-accepted"},
}
"""ETSI TS 119 312 as shipped (MD5 and SHA-1 are not in it, RSA from 1900 bits), and a relying party that lists no DSA."""


@cache
def certificate(name: str) -> bytes:
    """Self-signed, with the algorithm in question."""
    key = keys()[name]
    common_name = der.seq(der.set_of((der.seq(der.oid("2.5.4.3"), der.tlv(0x0C, b"TEST old")),)))
    algorithm = signature_algorithm(key.name)
    validity = der.seq(der.time(AT.replace(year=2025)), der.time(AT.replace(year=2035)))
    usage = der.seq(der.seq(der.oid("2.5.29.15"), der.boolean(True), der.octet_string(der.bit_string(b"\xc0", 6))))
    tbs = der.seq(
        der.explicit(0, der.integer(2)), der.integer(7), algorithm, common_name, validity, common_name, key.spki, der.explicit(3, usage)
    )  # fmt: skip
    return der.seq(tbs, algorithm, der.bit_string(key.sign(key.name, tbs)))


def pdf(name: str) -> bytes:
    key: Any = keys()[name]
    row = row_of(key.name)
    assert row is not None

    def cms(covered: Any) -> bytes:
        return build_signed_data(
            SignRequest(
                key=key,
                certificate=certificate(name),
                signature=key.name,
                digest=row.digest,
                content_digest=covered(row.digest),
                certificate_digest="sha256",
            )
        )

    return sign_pdf(
        document(DocumentKind.CONTRACT, "pdf"), PdfSignRequest(subfilter=SUBFILTER_PADES, cms=cms, signing_time=AT)
    )


def xml(name: str) -> bytes:
    key: Any = keys()[name]
    request = XmlSignRequest(
        key=key, certificate=certificate(name), signature=key.name, signing=AT, format=Format.XADES
    )
    return sign_xml(document(DocumentKind.CONTRACT, "xml"), request)


def judged(data: bytes) -> tuple[SignatureFacts, dict[Layer, LayerResult]]:
    observation = observe(data)
    (signature,) = observation.facts.signatures
    verdict = lab(provider_text(PLAIN_RSA)).judge(observation).verdict
    assert verdict is not None
    assert not verdict.accepted
    return signature, {layer.layer: layer for layer in verdict.layers}


@pytest.mark.parametrize("make", [pdf, xml], ids=["pdf", "xml"])
@pytest.mark.parametrize("name", EXPECTED)
def test_it_verifies_and_the_algorithm_layer_refuses_it(name: str, make: Any) -> None:
    signature, layers = judged(make(name))
    assert signature.algorithm.name == keys()[name].name
    assert [value.ok for value in signature.value] == [True]
    assert {layer: layers[layer].state for layer in (Layer.CONTAINER, Layer.INTEGRITY, Layer.SIGNATURE)} == {
        Layer.CONTAINER: LayerState.PASS, Layer.INTEGRITY: LayerState.PASS, Layer.SIGNATURE: LayerState.PASS,
    }  # fmt: skip
    assert layers[Layer.ALGORITHM].blocks
    codes = {cause.code for cause in layers[Layer.ALGORITHM].causes} - {"algorithm.legacy"}
    assert codes >= EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_changed_value_is_wrong(name: str) -> None:
    for data, mutations in ((pdf(name), PDF_MUTATIONS), (xml(name), XML_MUTATIONS)):
        signature, layers = judged(mutations["value-flipped"](data))
        assert [value.ok for value in signature.value] == [False]
        assert layers[Layer.SIGNATURE].state is LayerState.FAIL


@pytest.mark.parametrize("make", [pdf, xml], ids=["pdf", "xml"])
def test_a_curve_that_is_not_computed_is_named(make: Any) -> None:
    """FRP256v1 is suitable by ETSI TS 119 312 and in no library here: recognised, not computed, not refused as too weak."""
    signature, layers = judged(make("frp256v1"))
    assert [(value.ok, value.why) for value in signature.value] == [(None, "unsupported-key")]
    assert layers[Layer.SIGNATURE].state is LayerState.UNSUPPORTED
    assert layers[Layer.INTEGRITY].state is LayerState.PASS
    assert "algorithm.not-in-suite" not in {cause.code for cause in layers[Layer.ALGORITHM].causes}
