"""Our verifier against attacks, broken input and the rules of coverage."""

from __future__ import annotations

import base64
import copy
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from xml_signers import Signer, one, request

from interop.model.facts import SignatureFacts
from interop.model.formats import Format, Packaging
from interop.model.reasons import catalogue
from interop.xml.c14n import canonicalize
from interop.xml.names import DS, EXC_C14N, NS, ds
from interop.xml.observe import observe_xml
from interop.xml.sign import sign_xml

ASSERTION = b'<Assertion xmlns="urn:example:a" Id="a"><Subject>alice</Subject><Role>buyer</Role></Assertion>'
E = "{urn:example:a}"


def codes(signature: SignatureFacts) -> list[str]:
    return [f.code for f in signature.findings]


def signed_by_id(signers: dict[str, Signer]) -> tuple[etree._Element, etree._Element, etree._Element]:
    """(signed element with its signature inside, an altered copy without one and with another Id, the signature)."""
    root = etree.fromstring(sign_xml(ASSERTION, request(signers["EC"], format=Format.XADES, reference="id")))
    signature = root.find(ds("Signature"))
    assert signature is not None
    evil = copy.deepcopy(root)
    evil.remove(evil.find(ds("Signature")))
    evil.set("Id", "evil")
    evil.find(f"{E}Subject").text = "mallory"
    return root, evil, signature


def envelope(*children: etree._Element) -> etree._Element:
    outer = etree.Element("Envelope")
    outer.extend(children)
    return outer


def put_away(signature: etree._Element, signed: etree._Element) -> None:
    etree.SubElement(signature, ds("Object")).append(signed)


def xsw1(t: etree._Element, e: etree._Element, s: etree._Element) -> etree._Element:
    t.remove(s)
    e.append(s)
    put_away(s, t)
    return e


def xsw2(t: etree._Element, e: etree._Element, s: etree._Element) -> etree._Element:
    t.remove(s)
    e.extend([t, s])
    return e


def xsw3(t: etree._Element, e: etree._Element, s: etree._Element) -> etree._Element:
    return envelope(e, t)


def xsw4(t: etree._Element, e: etree._Element, s: etree._Element) -> etree._Element:
    e.append(t)
    return envelope(e)


def xsw5(t: etree._Element, e: etree._Element, s: etree._Element) -> etree._Element:
    t.remove(s)
    e.append(s)
    return envelope(e, t)


def xsw6(t: etree._Element, e: etree._Element, s: etree._Element) -> etree._Element:
    return envelope(xsw1(t, e, s))


def xsw7(t: etree._Element, e: etree._Element, s: etree._Element) -> etree._Element:
    extensions = etree.Element("Extensions")
    extensions.append(e)
    return envelope(extensions, t)


def xsw8(t: etree._Element, e: etree._Element, s: etree._Element) -> etree._Element:
    t.remove(s)
    put_away(s, t)
    return envelope(s, e)


Attack = Callable[[etree._Element, etree._Element, etree._Element], etree._Element]


@pytest.mark.parametrize("attack", [xsw1, xsw2, xsw3, xsw4, xsw5, xsw6, xsw7, xsw8], ids=lambda a: a.__name__)
def test_signature_wrapping(signers: dict[str, Signer], attack: Attack) -> None:
    """Somorovsky et al., USENIX Security 2012: digest and value hold, and another element is what a reader would take."""
    signature = one(etree.tostring(attack(*signed_by_id(signers))))
    assert [r.ok for r in signature.references] == [True, True]
    assert [v.ok for v in signature.value] == [True]
    assert not signature.covers.whole
    assert "integrity.signature-wrapping" in codes(signature)


def test_signed_part_of_a_larger_document_is_no_wrapping(signers: dict[str, Signer]) -> None:
    """The control: the same element in an envelope without a rival is partial coverage and nothing worse."""
    signed, _, _ = signed_by_id(signers)
    data = etree.tostring(envelope(signed))
    signature = one(data)
    assert codes(signature) == ["integrity.partial-coverage"]
    assert signature.covers.nodes == ("/Envelope/Assertion",)
    consumed = one(data, element="a")
    assert consumed.covers.whole
    assert codes(consumed) == []
    assert "container.element-not-found" in [
        f.code for f in observe_xml(data, element="nobody").facts.document.findings
    ]


def test_a_consumed_element_with_the_signed_ones_name_is_wrapping(signers: dict[str, Signer]) -> None:
    data = etree.tostring(xsw3(*signed_by_id(signers)))
    assert "integrity.signature-wrapping" in codes(one(data, element="evil"))
    assert codes(one(data, element="a")) == []


def test_two_elements_with_the_referenced_id(signers: dict[str, Signer]) -> None:
    t, e, s = signed_by_id(signers)
    e.set("Id", "a")
    signature = one(etree.tostring(xsw5(t, e, s)))
    assert [(r.ok, r.why) for r in signature.references] == [(None, "target-ambiguous"), (True, "")]
    assert "container.xml-id-not-unique" in codes(signature)


def test_id_attribute_of_another_spelling_counts(signers: dict[str, Signer]) -> None:
    """CVE-2025-47949 class: `ID` and `Id` with one value are two bearers of it."""
    t, e, s = signed_by_id(signers)
    del e.attrib["Id"]
    e.set("ID", "a")
    assert one(etree.tostring(xsw5(t, e, s))).references[0].why == "target-ambiguous"


def test_missing_target(signers: dict[str, Signer]) -> None:
    t, _, _ = signed_by_id(signers)
    t.set("Id", "b")
    assert [(r.ok, r.why) for r in one(etree.tostring(t)).references] == [(None, "target-not-found"), (True, "")]


def test_external_references_are_answered_only_by_what_is_given(signers: dict[str, Signer], contract: bytes) -> None:
    signed = sign_xml(
        contract, request(signers["EC"], packaging=Packaging.DETACHED, detached_uri="https://a.example/c")
    )
    unanswered = one(signed)
    assert (unanswered.references[0].ok, unanswered.references[0].why) == (None, "external-not-fetched")
    assert not unanswered.covers.whole
    assert one(signed, detached=contract).references[0].ok is True
    assert one(signed, detached=contract + b" ").references[0].ok is False
    assert unanswered.packaging == "detached"


def edit(data: bytes, change: Callable[[etree._Element], None]) -> bytes:
    root = etree.fromstring(data)
    change(root)
    return etree.tostring(root)


def find(root: etree._Element, path: str) -> etree._Element:
    found = root.find(path, NS)
    assert found is not None
    return found


def test_counter_signature_must_sign_the_value_it_stands_on(signers: dict[str, Signer], contract: bytes) -> None:
    signed = etree.fromstring(sign_xml(contract, request(signers["EC"])))
    other = etree.fromstring(sign_xml(ASSERTION, request(signers["RSA"])))
    properties = find(signed, "ds:Signature/ds:Object/xades:QualifyingProperties")
    holder = properties
    for name in ("UnsignedProperties", "UnsignedSignatureProperties", "CounterSignature"):
        holder = etree.SubElement(holder, f"{{{NS['xades']}}}{name}")
    holder.append(find(other, "ds:Signature"))
    facts = observe_xml(etree.tostring(signed)).facts
    assert [(s.id, s.parent) for s in facts.signatures] == [("s0", None), ("s1", "s0")]
    assert "integrity.counter-signature-elsewhere" in codes(facts.signatures[1])
    assert not facts.signatures[1].covers.whole


STRUCTURAL = {
    "no-signed-info": lambda s: s.remove(find(s, "ds:SignedInfo")),
    "two-signed-infos": lambda s: s.insert(0, copy.deepcopy(find(s, "ds:SignedInfo"))),
    "no-value": lambda s: s.remove(find(s, "ds:SignatureValue")),
    "comment-in-digest": lambda s: find(s, "ds:SignedInfo/ds:Reference/ds:DigestValue").append(etree.Comment("x")),
    "comment-in-value": lambda s: find(s, "ds:SignatureValue").append(etree.Comment("x")),
    "value-not-base64": lambda s: setattr(find(s, "ds:SignatureValue"), "text", "!"),
    "two-transforms": lambda s: find(s, "ds:SignedInfo/ds:Reference").insert(0, etree.Element(ds("Transforms"))),
}


@pytest.mark.parametrize("name", STRUCTURAL)
def test_broken_structure_is_named_and_never_verifies(signers: dict[str, Signer], contract: bytes, name: str) -> None:
    """XML-C3, XML-C4, XML-H6; CVE-2025-29774 and -29775."""
    signed = sign_xml(contract, request(signers["EC"]))
    signature = one(edit(signed, lambda root: STRUCTURAL[name](find(root, "ds:Signature"))))
    sound = all(v.ok for v in signature.value) and all(r.ok for r in signature.references)
    assert not (sound and signature.references)
    assert "container.xml-signature-malformed" in codes(signature) or name == "two-transforms"


def resigned(data: bytes, signer: Signer, change: Callable[[etree._Element], None]) -> bytes:
    """Change SignedInfo and make the value anew: only what we look at beyond the value can catch it."""
    root = etree.fromstring(data)
    change(root)
    info = find(root, "ds:Signature/ds:SignedInfo")
    method = find(info, "ds:CanonicalizationMethod").get("Algorithm") or ""
    value = signer.key.sign(signer.signature, canonicalize(info, method), encoding="raw")
    find(root, "ds:Signature/ds:SignatureValue").text = base64.b64encode(value).decode()
    return etree.tostring(root)


def test_unsigned_properties_claim_nothing(signers: dict[str, Signer], contract: bytes) -> None:
    """XML-R10: the reference to SignedProperties is left out and the rest signed again."""
    signer = signers["EC"]

    def drop(root: etree._Element) -> None:
        info = find(root, "ds:Signature/ds:SignedInfo")
        info.remove(info.findall("ds:Reference", NS)[1])

    signature = one(resigned(sign_xml(contract, request(signer)), signer, drop))
    assert [v.ok for v in signature.value] == [True]
    assert (signature.format, signature.claimed_time, signature.level) == ("XMLDSig", None, None)
    assert [b.how for b in signature.bound_by] == ["key-info"]
    assert "format.signed-properties-unsigned" in codes(signature)


@pytest.mark.parametrize(
    ("path", "attribute", "code"),
    [
        ("ds:Object/xades:QualifyingProperties", "Target", "format.qualifying-properties-target"),
        ("ds:SignedInfo/ds:Reference[2]", "Type", "format.signed-properties-type-missing"),
    ],
)
def test_properties_of_another_signature(
    signers: dict[str, Signer], contract: bytes, path: str, attribute: str, code: str
) -> None:
    """XML-A4, XML-R11."""
    signer = signers["EC"]
    data = resigned(
        sign_xml(contract, request(signer)),
        signer,
        lambda root: find(root, f"ds:Signature/{path}").set(attribute, "#other"),
    )
    signature = one(data)
    assert [v.ok for v in signature.value] == [True]
    assert code in codes(signature)
    assert signature.claimed_time is None


@pytest.mark.parametrize(
    ("algorithm", "expression", "why"),
    [
        ("http://www.w3.org/TR/1999/REC-xslt-19991116", None, "transform-refused"),
        ("http://www.w3.org/TR/1999/REC-xpath-19991116", "not(ancestor-or-self::evil)", "transform-unsupported"),
        ("http://www.w3.org/TR/1999/REC-xpath-19991116", "count(//*[count(//*) > 0]) > 0", "transform-unsupported"),
        ("urn:example:unknown", None, "transform-unsupported"),
    ],
)
def test_transforms_that_are_not_on_the_list(
    signers: dict[str, Signer], contract: bytes, algorithm: str, expression: str | None, why: str
) -> None:
    """XML-T1, XML-T2, XML-T4: refused by name, never carried out."""
    signer = signers["EC"]

    def change(root: etree._Element) -> None:
        transform = find(root, "ds:Signature/ds:SignedInfo/ds:Reference/ds:Transforms/ds:Transform")
        transform.set("Algorithm", algorithm)
        if expression is not None:
            etree.SubElement(transform, ds("XPath")).text = expression

    signature = one(resigned(sign_xml(contract, request(signer)), signer, change))
    assert (signature.references[0].ok, signature.references[0].why) == (None, why)
    assert "format.transform-refused" in codes(signature)


def test_base64_over_elements_is_refused(signers: dict[str, Signer]) -> None:
    """Text alone would be signed, and the elements around it could be anybody's."""
    signer = signers["EC"]
    path = "ds:SignedInfo/ds:Reference/ds:Transforms/ds:Transform"

    def change(root: etree._Element) -> None:
        find(root, path).set("Algorithm", DS + "base64")

    data = sign_xml(b"<a><b>AAAA</b></a>", request(signer, format=Format.XMLDSIG, packaging=Packaging.ENVELOPING))
    reference = one(edit(data, change)).references[0]
    assert (reference.ok, reference.why) == (None, "transform-unsupported")


def test_enveloping_signature_that_points_at_the_whole_document_signs_nothing(signers: dict[str, Signer]) -> None:
    """XML-R8: with the signature as root, the enveloped transform leaves nothing."""
    signer = signers["EC"]
    enveloped = etree.fromstring(sign_xml(ASSERTION, request(signer, format=Format.XMLDSIG)))
    alone = etree.tostring(find(enveloped, "ds:Signature"))
    assert "integrity.signs-nothing" in codes(one(alone))


@pytest.mark.parametrize("method", ["hmac-sha1", "hmac-sha256"])
def test_a_mac_is_never_accepted(signers: dict[str, Signer], contract: bytes, method: str) -> None:
    """XML-H2: even with the certificate's bytes as key, nobody is named."""
    prefix = DS if method == "hmac-sha1" else "http://www.w3.org/2001/04/xmldsig-more#"
    signed = sign_xml(contract, request(signers["RSA"]))
    data = edit(
        signed, lambda r: find(r, "ds:Signature/ds:SignedInfo/ds:SignatureMethod").set("Algorithm", prefix + method)
    )
    signature = one(data)
    assert signature.value == ()
    assert "signature.mac-names-no-signer" in codes(signature)


def test_key_value_beside_another_certificate(signers: dict[str, Signer], contract: bytes) -> None:
    """XML-K3."""
    signed = sign_xml(contract, request(signers["RSA"]))

    def add(root: etree._Element) -> None:
        key = etree.SubElement(
            etree.SubElement(find(root, "ds:Signature/ds:KeyInfo"), ds("KeyValue")), ds("RSAKeyValue")
        )
        etree.SubElement(key, ds("Modulus")).text = base64.b64encode(b"\xc1" * 256).decode()
        etree.SubElement(key, ds("Exponent")).text = "AQAB"

    assert "certificate.key-value-differs" in codes(one(edit(signed, add)))


def test_certificates_offered_from_outside(signers: dict[str, Signer], contract: bytes) -> None:
    signer = signers["EC"]
    signed = sign_xml(contract, request(signer, format=Format.XMLDSIG, embed_certificate=False))
    assert one(signed).value == ()
    assert [v.ok for v in one(signed, certificates=[signer.certificate]).value] == [True]


def test_comment_inside_text_does_not_hide_a_change(signers: dict[str, Signer], contract: bytes) -> None:
    """XML-C1, XML-C2: without comments the digest ignores one that was put in; with comments it does not."""
    for suffix, ok in (("", True), ("WithComments", False)):
        uri = f"http://www.w3.org/2001/10/xml-exc-c14n#{suffix}"
        signed = sign_xml(contract, request(signers["EC"], canonicalization_uri=uri, reference="id"))
        changed = signed.replace(b"CIF Testport", b"CIF <!-- x -->Testport")
        # a reference by Id holds no comments whatever the method (XML-Signature 1.1 section 4.4.3.3)
        assert one(changed).references[0].ok is True
        in_info = signed.replace(b"<ds:SignedInfo>", b"<ds:SignedInfo><!-- x -->")
        assert [v.ok for v in one(in_info).value] == [ok]


@given(data=st.data())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_arbitrary_edits_never_raise_and_never_pass(
    signers: dict[str, Signer], contract: bytes, data: st.DataObject
) -> None:
    """Whatever one edit does: no exception, only codes of the catalogue, and never sound with a changed content."""
    kind = data.draw(st.sampled_from(["RSA", "EC", "SM2"]))
    packaging = data.draw(st.sampled_from([Packaging.ENVELOPED, Packaging.ENVELOPING]))
    signed = sign_xml(contract, request(signers[kind], packaging=packaging))
    at = data.draw(st.integers(0, len(signed) - 1))
    length = data.draw(st.integers(0, 12))
    edited = signed[:at] + data.draw(st.binary(max_size=6)) + signed[at + length :]
    observation = observe_xml(edited)
    for finding in (
        *observation.facts.document.findings,
        *(f for s in observation.facts.signatures for f in s.findings),
    ):
        assert finding.code in catalogue()
    for signature in observation.facts.signatures:
        if any(v.ok for v in signature.value) and signature.references and all(r.ok for r in signature.references):
            assert _same_content(signed, edited)


def _same_content(first: bytes, second: bytes) -> bool:
    """The contract itself, without its signature, is what exclusive canonicalisation says is the same."""

    def form(data: bytes) -> bytes:
        root = etree.fromstring(data)
        contract = next(root.iter("{urn:example:trade:contract:1}Contract"))
        own = contract.findall(ds("Signature"))
        return canonicalize(contract, EXC_C14N, excluded=own, comments=False, lenient=True)

    return form(first) == form(second)


@given(st.binary(max_size=400))
def test_arbitrary_octets_never_raise(data: bytes) -> None:
    facts = observe_xml(data).facts
    assert facts.signatures == ()
    assert facts.document.format == "xml"


def test_evil_object_after_the_signed_one(signers: dict[str, Signer]) -> None:
    """Enveloping: an Object that was added holds another element of the signed one's name, behind it."""
    root = etree.fromstring(sign_xml(ASSERTION, request(signers["EC"], packaging=Packaging.ENVELOPING)))
    evil = etree.fromstring(ASSERTION.replace(b"alice", b"mallory").replace(b'"a"', b'"b"'))
    etree.SubElement(root, ds("Object")).append(evil)
    signature = one(etree.tostring(root))
    assert all(r.ok for r in signature.references)
    assert not signature.covers.whole
    assert "integrity.signature-wrapping" in codes(signature)


def test_hostile_sizes_take_bounded_time(signers: dict[str, Signer]) -> None:
    """Many same-named unsigned elements, many references to them: work grows with their sum, not their product."""
    items = b"".join(b'<i Id="i%d">x</i>' % n for n in range(3000))
    root = etree.fromstring(sign_xml(b"<r>" + items + b"</r>", request(signers["RSA"])))
    info = find(root, "ds:Signature/ds:SignedInfo")
    first = find(info, "ds:Reference")
    for n in range(900):
        extra = copy.deepcopy(first)
        extra.set("URI", f"#i{2 * n + 1}")
        info.append(extra)
    info.remove(first)
    start = time.process_time()
    one(etree.tostring(root))
    assert time.process_time() - start < 5


def test_many_signatures_and_references_are_bounded(signers: dict[str, Signer], contract: bytes) -> None:
    """XML-R7: ten thousand references take bounded time."""
    signed = etree.fromstring(sign_xml(contract, request(signers["RSA"])))
    info = find(signed, "ds:Signature/ds:SignedInfo")
    reference = find(info, "ds:Reference")
    for _ in range(10_000):
        info.append(copy.deepcopy(reference))
    signature = one(etree.tostring(signed))
    assert "container.xml-signature-malformed" in codes(signature)
    assert not any(v.ok for v in signature.value)
