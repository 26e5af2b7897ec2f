"""Several signatures in one XML file: counter-signatures, and any number side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from xml_signers import ALGORITHMS, DOCUMENTS, SIGNING, Signer, request, self_signed

from interop.crypto.keys import generate_private_key
from interop.model.errors import UsageError
from interop.model.formats import Format, Packaging
from interop.xml.c14n import METHODS
from interop.xml.names import NS
from interop.xml.observe import observe_xml
from interop.xml.sign import countersign_xml, sign_xml

CONTRACT = (DOCUMENTS / "contract.xml").read_bytes()
SIGNERS = {
    kind: Signer(key := generate_private_key(kind), self_signed(key), signature)
    for kind, (signature, _) in ALGORITHMS.items()
}
LATER = SIGNING + timedelta(seconds=30)


@pytest.mark.parametrize("kind", ["RSA", "EC", "SM2"])
@pytest.mark.parametrize("packaging", [Packaging.ENVELOPED, Packaging.ENVELOPING])
@pytest.mark.parametrize("uri", sorted(METHODS))
def test_a_counter_signature_is_read_back(kind: str, packaging: Packaging, uri: str) -> None:
    """EN 319 132-1 5.2.7.2: in CounterSignature, over the SignatureValue, with the Type of a countersigned signature."""
    signed = sign_xml(CONTRACT, request(SIGNERS["RSA"], packaging=packaging))
    data = countersign_xml(signed, request(SIGNERS[kind], signing=LATER, canonicalization_uri=uri))
    first, second = observe_xml(data).facts.signatures
    assert (first.parent, second.parent) == (None, "s0")
    assert [(r.role, r.ok) for r in second.references] == [("counter-signed", True), ("signed-properties", True)]
    assert second.references[0].type == "http://uri.etsi.org/01903#CountersignedSignature"
    for signature in (first, second):
        assert [value.ok for value in signature.value] == [True]
        assert signature.covers.whole
        assert signature.findings == ()
    assert "DataObjectFormat" in first.attributes
    assert second.attributes == ("SigningTime", "SigningCertificateV2")
    assert data == countersign_xml(signed, request(SIGNERS[kind], signing=LATER, canonicalization_uri=uri))


def test_a_time_stamped_signature_keeps_its_level(stamp: Callable[[bytes], bytes]) -> None:
    signed = sign_xml(CONTRACT, request(SIGNERS["RSA"], timestamp=stamp))
    first, second = observe_xml(
        countersign_xml(signed, request(SIGNERS["EC"], signing=LATER, timestamp=stamp))
    ).facts.signatures
    assert (first.level, second.level) == ("B-T", "B-T")
    assert first.unsigned_attributes == ("SignatureTimeStamp", "CounterSignature")
    assert (len(first.tokens), len(second.tokens)) == (1, 1)


def test_the_countersigned_value_is_what_counts() -> None:
    """Moved to another signature, a counter-signature is none of it."""
    data = countersign_xml(sign_xml(CONTRACT, request(SIGNERS["RSA"])), request(SIGNERS["EC"], signing=LATER))
    root = etree.fromstring(data)
    root.find("ds:Signature/ds:SignatureValue", NS).text = "AAAA"
    _, second = observe_xml(etree.tostring(root)).facts.signatures
    assert [r.ok for r in second.references if r.role == "counter-signed"] == [False]


def test_what_cannot_be_countersigned() -> None:
    plain = sign_xml(CONTRACT, request(SIGNERS["RSA"], format=Format.XMLDSIG))
    for data in (CONTRACT, plain):
        with pytest.raises(UsageError, match="no XAdES signature"):
            countersign_xml(data, request(SIGNERS["RSA"]))
    with pytest.raises(UsageError, match="has no counter-signature"):
        countersign_xml(plain, request(SIGNERS["RSA"], format=Format.XMLDSIG))


FORMS = st.tuples(
    st.sampled_from(sorted(SIGNERS)),
    st.sampled_from([Format.XADES, Format.XMLDSIG]),
    st.sampled_from(sorted(METHODS)),
    st.sampled_from(["document", "id"]),
)


@settings(max_examples=30)
@given(st.lists(FORMS, min_size=1, max_size=4), st.booleans())
def test_any_number_stand_side_by_side_and_one_more_over_all(
    forms: list[tuple[str, Format, str, str]], closed: bool
) -> None:
    """Signatures that leave out all others hold whatever comes after them; a last one that leaves out only itself covers them."""
    data = CONTRACT
    for number, (kind, form, uri, reference) in enumerate(forms):
        last = closed and number == len(forms) - 1
        wanted = request(
            SIGNERS[kind],
            format=form,
            canonicalization_uri=uri,
            reference=reference,
            leave_out="own" if last else "all",
            signing=SIGNING + timedelta(seconds=number),
        )
        data = sign_xml(data, wanted)
    facts = observe_xml(data).facts
    assert len({signature.field for signature in facts.signatures}) == len(forms)
    for signature in facts.signatures:
        assert {reference.ok for reference in signature.references} == {True}
        assert [value.ok for value in signature.value] == [True]
        assert signature.covers.whole
    assert facts.document.findings == ()
