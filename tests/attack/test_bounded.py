"""Small files that would cost much: each did before, and each is the smallest of its class that showed it.

Judging has no time limit of its own (observing has), so its bounds are what keeps `check` from hanging. Times are generous: an
unbounded form takes minutes.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise

import pytest
from attack_lab import check, codes, facts_of, judged, with_object, xml_signed
from attack_pki import BASIC, CRL_SIGN, SIGNER, certificate, crl, extension, key, ocsp

from interop.engine.embedded import MOST_OBJECTS, EmbeddedEngine
from interop.engine.protocol import Request
from interop.model.facts import ObjectFact, Observation
from interop.model.instant import parse_instant
from interop.run.link import MOST_ISSUERS, Linker
from interop.validation.moment import later
from interop.x509 import der
from interop.x509.certificate import object_id
from interop.xml.observe import observe_xml

DS = b'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
ROOT = certificate("root", "root", [BASIC, CRL_SIGN])


@contextmanager
def within(seconds: float) -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < seconds


def signed(leaf: bytes, chain: tuple[bytes, ...]) -> Observation:
    return facts_of(xml_signed(key=key("signer"), certificate=leaf, chain=chain, signature="ecdsa-sha256"))


def test_the_policies_of_a_path_do_not_multiply() -> None:
    """CVE-2023-0464: a hundred policies, each mapped to all, in four CA certificates."""
    oids = [der.oid(f"2.999.{number}") for number in range(80)]
    policies = extension("2.5.29.32", der.seq(*(der.seq(oid) for oid in oids)))
    mappings = extension("2.5.29.33", der.seq(*(der.seq(one, other) for one in oids for other in oids)))
    line = ["root", "c1", "c2", "c3", "c4"]
    chain = tuple(
        certificate(name, above, [BASIC, CRL_SIGN, policies, mappings], serial=number)
        for number, (above, name) in enumerate(pairwise(line), 2)
    )
    leaf = certificate("signer", "c4", [SIGNER, policies], serial=99)
    with within(3):
        found = judged(signed(leaf, chain), extra=[("certificate", ROOT)], anchors={object_id(ROOT): "file"})
    assert "chain.no-valid-policy" in codes(found)


def test_responders_that_vouch_for_each_other_in_a_ring_are_asked_a_bounded_number_of_times() -> None:
    sub = certificate("sub", "root", [BASIC, CRL_SIGN], serial=3)
    leaf = certificate("signer", "sub", [SIGNER], serial=8)
    usage = extension("2.5.29.37", der.seq(der.oid("1.3.6.1.5.5.7.3.9")))
    responders = [certificate(f"r{n}", "sub", [usage], serial=100 + n) for n in range(12)]
    serials = [8, *(100 + n for n in range(12))]
    seen = signed(leaf, (sub,))
    for number, responder in enumerate(responders):
        seen = with_object(seen, "ocsp", ocsp(responder, key(f"r{number}"), sub, serials))
    with within(3):
        found = judged(seen, extra=[("certificate", ROOT)], anchors={object_id(ROOT): "file"})
    assert not found.passed


def test_a_crowd_of_one_name_is_not_tried_against_itself() -> None:
    """x509-limbo `pathological`: every certificate could have issued every other."""
    linker = Linker()
    for serial in range(1, 121):
        linker.add(
            "certificate", certificate("same", "same", serial=serial, own=key(f"k{serial % 3}"), signer=key("k0"))
        )
    with within(5):
        edges = linker.edges()
    assert len(edges) <= 120 * MOST_ISSUERS


def test_a_file_full_of_certificates_is_named() -> None:
    crowd = tuple(certificate("x", "y", serial=serial) for serial in range(1, MOST_OBJECTS + 2))
    data = xml_signed(chain=crowd)
    found = EmbeddedEngine().observe(Request(data=data))
    assert not found.objects
    assert "container.too-many-objects" in {f.code for f in found.facts.document.findings}
    assert not check(data).passed
    assert check(xml_signed(chain=crowd[:20])).facts.objects


def test_the_beginning_of_time_is_a_time() -> None:
    """A revocation published in year 1 (GeneralizedTime of RFC 5280 4.1.2.5.2): the span of the answer begins there."""
    leaf = certificate("signer", "root", [SIGNER], serial=8)
    entry = der.seq(der.integer(8), der.tlv(0x18, b"00010101000000Z"))
    listed = crl("root", this="00010101000000Z", following="00010101000001Z", entries=[entry])
    found = judged(with_object(signed(leaf, (ROOT,)), "crl", listed))
    assert "revocation.revoked-no-poe" in codes(found)


def test_the_end_of_time_is_a_time() -> None:
    assert later(parse_instant("9999-12-31T23:00:00Z"), 7200) is None


def test_objects_beyond_the_bound_do_not_reach_the_judge() -> None:
    seen = facts_of(xml_signed())
    answers = [crl("root", this=f"20260101{n // 60:02d}{n % 60:02d}00Z") for n in range(200)]
    facts = tuple(ObjectFact(id=object_id(answer), kind="crl") for answer in answers)
    many = Observation(
        facts=replace(seen.facts, objects=(*seen.facts.objects, *facts)),
        objects={**seen.objects, **{fact.id: answer for fact, answer in zip(facts, answers, strict=True)}},
    )
    with within(5):
        judged(many)


REFERENCE = (
    b'<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2">'
    b'<f:XPath xmlns:f="http://www.w3.org/2002/06/xmldsig-filter2" Filter="subtract">/descendant::ds:Signature</f:XPath>'
    b'</ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
    b"<ds:DigestValue>AAAA</ds:DigestValue></ds:Reference>"
)
SIGNATURE = (
    b'<ds:Signature><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'
    b'<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>%s</ds:SignedInfo>'
    b"<ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>" % REFERENCE
)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        pytest.param(b"<r>%s</r>" % (b'<a Id="x"/>' * 40_000), "container.xml-id-repeated", id="one identifier everywhere"),
        pytest.param(b"<r %s>%s%s</r>" % (DS, SIGNATURE, b"<ds:Signature/>" * 5000), "container.xml-too-large", id="signatures"),
        pytest.param(
            b"<r %s %s>%s</r>" % (DS, b" ".join(b'a%d="1"' % n for n in range(30_000)), SIGNATURE),
            "container.xml-too-large", id="attributes",
        ),
        pytest.param(
            b"<r %s %s>%s%s</r>" % (DS, b" ".join(b'xmlns:a%d="urn:%d"' % (n, n) for n in range(10_000)), b"<b/>" * 10_000, SIGNATURE),
            "container.xml-too-large", id="namespaces in scope",
        ),
    ],
)  # fmt: skip
def test_xml_that_is_slow_to_canonicalise_is_refused(document: bytes, code: str) -> None:
    """XML-Signature Best Practices 2.1: denial of service before any signature is verified."""
    with within(4):
        facts = observe_xml(document).facts
    assert code in {f.code for f in facts.document.findings}


def test_ordinary_xml_is_not_refused() -> None:
    """Two hundred attributes, a hundred namespaces, many elements."""
    attributes = b" ".join(b'a%d="1"' % n for n in range(200))
    spaces = b" ".join(b'xmlns:a%d="urn:%d"' % (n, n) for n in range(100))
    facts = observe_xml(b"<r %s %s %s>%s%s</r>" % (DS, attributes, spaces, b"<b/>" * 20_000, SIGNATURE)).facts
    assert not facts.document.findings
    assert len(facts.signatures) == 1
