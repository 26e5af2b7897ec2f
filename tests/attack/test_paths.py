"""Certificates that want to be more than they are: malformed where validation rests on it, under a foreign name, or vouching."""

from __future__ import annotations

from dataclasses import replace

import pytest
from attack_lab import Result, check, codes, contract, facts_of, hierarchy, judged, pdf_signed, with_object, xml_signed
from attack_pki import BASIC, CRL_SIGN, SIGNER, certificate, crl, extension, key, ocsp

from interop.cms import attributes
from interop.model.knowledge import Edge, Knowledge, Relation
from interop.run.link import Linker
from interop.validation.lookup import lookup_for
from interop.validation.path import build_paths, leads_through
from interop.x509 import der
from interop.x509.certificate import certificate_parts, object_id, parse_certificate

ROOT = certificate("root", "root", [BASIC, CRL_SIGN])


def through(authority: list[bytes], signer: list[bytes] | None = None) -> Result:
    """root -> sub -> signer, with those extensions in the two; root is the home anchor, CRLs of both are in the file."""
    sub = certificate("sub", "root", authority, serial=3)
    leaf = certificate("signer", "sub", [SIGNER, *(signer or [])], serial=8)
    data = xml_signed(key=key("signer"), certificate=leaf, chain=(sub,), signature="ecdsa-sha256")
    seen = with_object(with_object(facts_of(data), "crl", crl("root")), "crl", crl("sub"))
    return judged(seen, extra=[("certificate", ROOT)], anchors={object_id(ROOT): "file"})


def names(*dns: bytes) -> bytes:
    return extension("2.5.29.17", der.seq(*(der.implicit(2, name) for name in dns)))


GOOD_ONLY = extension("2.5.29.30", der.seq(der.explicit(0, der.seq(der.implicit(2, b"good.example")))), critical=True)
GARBAGE = b"\x30\x05\x01"


def test_controls() -> None:
    assert through([BASIC, CRL_SIGN]).passed
    assert through([BASIC, CRL_SIGN, GOOD_ONLY], [names(b"a.good.example")]).passed


@pytest.mark.parametrize("critical", [True, False])
@pytest.mark.parametrize(
    "oid", ["2.5.29.15", "2.5.29.30", "2.5.29.32", "2.5.29.33", "2.5.29.36", "2.5.29.54", "2.5.29.37", "2.5.29.17"]
)
def test_what_cannot_be_read_is_not_taken_for_absent(oid: str, critical: bool) -> None:
    """RFC 5280 4.2, in a CA certificate: unread usages, constraints and policies would be no usages, constraints and policies."""
    usage = [] if oid == "2.5.29.15" else [CRL_SIGN]
    found = through([BASIC, *usage, extension(oid, GARBAGE, critical=critical)])
    assert found.indications == ("INDETERMINATE",)
    assert "chain.certificate-malformed" in codes(found)


@pytest.mark.parametrize(
    "extensions",
    [
        [BASIC, extension("2.5.29.19", der.seq(), critical=True), CRL_SIGN],
        [extension("2.5.29.19", der.seq(), critical=True), BASIC, CRL_SIGN],
        [BASIC, CRL_SIGN, extension("2.5.29.15", der.bit_string(b"\x40", 6))],
    ],
    ids=["CA first", "CA second", "key usage"],
)
def test_an_extension_that_stands_twice_is_not_read_one_way(extensions: list[bytes]) -> None:
    """RFC 5280 4.2; x509-limbo `duplicate-extensions`: in a CA certificate as in the signer's."""
    assert "chain.certificate-malformed" in codes(through(extensions))


@pytest.mark.parametrize(
    "constraint",
    [
        der.seq(der.explicit(0, der.seq(der.implicit(2, b"good.example"), der.implicit(0, b"\x05")))),
        der.seq(der.explicit(0, der.seq(der.implicit(2, b"good.example"), der.implicit(1, b"\x05")))),
    ],
    ids=["minimum", "maximum"],
)
def test_a_constraint_that_cannot_be_processed_blocks(constraint: bytes) -> None:
    """RFC 5280 4.2.1.10: minimum is zero and maximum absent; process it or reject."""
    found = through([BASIC, CRL_SIGN, extension("2.5.29.30", constraint, critical=True)])
    assert "chain.certificate-malformed" in codes(found)


@pytest.mark.parametrize(
    "value", [b"evil.example\0.good.example", b"evil.example .good.example", b"\xc3\xa9.good.example"]
)
def test_a_name_that_is_none_is_under_no_constraint(value: bytes) -> None:
    """CVE-2009-2408: what ends in the right suffix need not be a name."""
    found = through([BASIC, CRL_SIGN, GOOD_ONLY], [names(value)])
    assert "chain.name-constraint-violated" in codes(found)


def test_a_negative_path_length_is_no_number() -> None:
    negative = extension("2.5.29.19", der.seq(der.boolean(True), der.integer(-1)), critical=True)
    assert "chain.certificate-malformed" in codes(through([negative, CRL_SIGN]))


# -- who is meant -------------------------------------------------------------------------------------------------------

EU = hierarchy("eu-qtsp-natural")


def own_certificate() -> bytes:
    return EU.certificates[next(i.certificate for i in EU.provider.identities if i.id == "natural-ec")]


def chain() -> tuple[bytes, ...]:
    return EU.chain(next(i.certificate for i in EU.provider.identities if i.id == "natural-ec"))


def decoy() -> bytes:
    """Same issuer and serial as the signer's certificate, another key, signed by nobody."""
    parts = certificate_parts(own_certificate())
    return certificate("decoy", "decoy", [SIGNER], serial=parts.serial, issuer_name=parts.issuer)


@pytest.mark.parametrize("attribute", [True, False])
def test_a_decoy_certificate_does_not_spoil_a_good_signature(attribute: bool) -> None:
    """Certificates are not signed: anybody can add one (RFC 5652 5.1). The other direction of certificate substitution."""
    control = codes(check(pdf_signed(contract("pdf"), signing_certificate=attribute)))
    spoiled = check(pdf_signed(contract("pdf"), signing_certificate=attribute, chain=(*chain(), decoy())))
    assert codes(spoiled) == control


def test_a_decoy_does_not_lend_its_key_to_the_name_of_another() -> None:
    """The value is the decoy's, the attribute names the real certificate."""
    forged = check(
        pdf_signed(
            contract("pdf"), key=key("decoy"), signature="ecdsa-sha256", digest="sha256", chain=(*chain(), decoy())
        )
    )
    assert forged.indications == ("TOTAL_FAILED",)
    assert "signature.verifies-with-other-key" in codes(forged)


@pytest.mark.parametrize(("digest", "weak"), [("sha256", False), ("sha512", False), ("sha1", True), ("md5", True)])
def test_a_weak_digest_that_binds_the_certificate_is_said(digest: str, weak: bool) -> None:
    """RFC 5035 lets signing-certificate-v2 name any digest; ETSI TS 119 312 5.2."""
    found = check(pdf_signed(contract("pdf"), certificate_digest=digest))
    assert ("certificate.signing-certificate-digest-weak" in codes(found)) is weak


def test_two_attributes_that_name_two_signers_are_not_read_one_way() -> None:
    rival = attributes.signing_certificate(chain()[0])
    found = check(pdf_signed(contract("pdf"), extra_attributes=(rival,)))
    assert "certificate.signer-identifier-differs" in codes(found)


def test_a_crl_that_was_called_something_else_still_speaks() -> None:
    """An attribute certificate is opaque; a CRL carried as one must not be lost when a service gives it."""
    linker = Linker()
    listed = crl("root")
    assert linker.add("attribute-certificate", listed) == linker.add("crl", listed)
    assert object_id(listed) in linker.crls


def test_a_cross_certificate_in_other_clothes_is_the_same_cross_certificate() -> None:
    """An instrument that is off bars its cross-certificate. Octets behind it give another digest, and no other certificate."""
    leaf = certificate("signer", "sub", [SIGNER], serial=8)
    cross = certificate("sub", "root", [BASIC, CRL_SIGN], serial=3)
    dressed = cross + b"\0"
    known = [parse_certificate(der_) for der_ in (leaf, dressed, ROOT)]
    barred_only = [*known, parse_certificate(cross)]
    edges = [
        Edge(object=known[0].id, key=known[1].id, relation=Relation.SIGNED, ok=True),
        Edge(object=known[1].id, key=known[2].id, relation=Relation.SIGNED, ok=True),
    ]
    lookup = lookup_for(Knowledge.build(certificates=barred_only, edges=edges))
    (path,) = build_paths(lookup, known[0].id, {known[2].id})
    assert object_id(cross) not in path.certificates
    assert leads_through(path, frozenset({object_id(cross)}), lookup)
    other = replace(path, certificates=(known[0].id, known[2].id))
    assert not leads_through(other, frozenset({object_id(cross)}), lookup)


def test_an_answer_made_after_the_validation_time_does_not_count_yet() -> None:
    """RFC 6960 4.2.2.1: producedAt is when it was signed."""
    sub = certificate("sub", "root", [BASIC, CRL_SIGN], serial=3)
    leaf = certificate("signer", "sub", [SIGNER], serial=8)
    data = xml_signed(key=key("signer"), certificate=leaf, chain=(sub,), signature="ecdsa-sha256")

    def judge(produced: str) -> Result:
        seen = with_object(facts_of(data), "ocsp", ocsp(sub, key("sub"), sub, [8], produced=produced))
        seen = with_object(seen, "crl", crl("root"))
        return judged(seen, extra=[("certificate", ROOT)], anchors={object_id(ROOT): "file"})

    assert judge("20260302000000Z").passed
    assert "revocation.issued-in-future" in codes(judge("20270101000000Z"))
