"""What is observed in a SignedData: facts of good ones, of one deviation at a time, of real ones, and of hostile bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from cms_writing import AT, CONTENT, Signer, codes, observe, self_signed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interop.cms import attributes, oids
from interop.cms.observe import observe_signed_data
from interop.cms.parse import parse_signed_data, strip_padding
from interop.crypto.digests import digest_bytes
from interop.model.errors import InputError, Unsupported
from interop.model.reasons import catalogue
from interop.x509 import der
from interop.x509.ber import read
from interop.x509.certificate import object_id
from interop.x509.oids import OCSP_BASIC

Signers = dict[str, Signer]
ALL = pytest.mark.parametrize("kind", ["rsa", "pss", "p256", "p384", "ed25519", "sm2"])
DATA = "1.2.840.113549.1.7.1"
SIGNED_DATA = "1.2.840.113549.1.7.2"


@ALL
def test_a_good_signature(signers: Signers, kind: str) -> None:
    signer = signers[kind]
    found = observe(signer.sign(signing_time=AT, chain=(signer.tsa,)))
    assert found.findings == ()
    assert found.family == "pkcs7"
    assert found.content_types == (SIGNED_DATA, DATA)
    assert [(ref.target, ref.digest, ref.ok) for ref in found.references] == [("bytes", signer.digest, True)]
    identity = object_id(signer.certificate)
    assert [(value.key, value.ok) for value in found.value] == [(identity, True)]
    assert [(b.how, b.certificate, b.digest_ok, b.issuer_serial_ok) for b in found.bound_by] == [
        ("signer-identifier", identity, None, True),
        ("signing-certificate-v2", identity, True, True),
    ]
    assert found.algorithm.name == signer.signature
    assert found.algorithm.digest == signer.digest
    assert found.algorithm.sm2_id == ("1234567812345678" if kind == "sm2" else None)
    assert found.claimed_time == AT
    assert set(found.certificates) == {identity, object_id(signer.tsa)}
    assert {identity: kind_ for identity, (kind_, _) in found.objects.items()} == dict.fromkeys(
        found.certificates, "certificate"
    )
    assert all(fact.found[0].place == "cms" for fact in found.found)


@ALL
def test_changed_content_breaks_the_reference_and_nothing_else(signers: Signers, kind: str) -> None:
    found = observe(signers[kind].sign(), CONTENT + b"x")
    assert [ref.ok for ref in found.references] == [False]
    assert [value.ok for value in found.value] == [True]


@ALL
def test_a_flipped_value_breaks_the_value_and_nothing_else(signers: Signers, kind: str) -> None:
    raw = signers[kind].sign()
    value = parse_signed_data(raw).signers[0].value
    flipped = value[:-1] + bytes([value[-1] ^ 1])
    found = observe(raw.replace(value, flipped))
    assert [ref.ok for ref in found.references] == [True]
    assert [entry.ok for entry in found.value] == [False]


def test_a_wrong_message_digest_under_a_good_value(signers: Signers) -> None:
    """PDF-A02."""
    found = observe(signers["p256"].sign(wrong_message_digest=True))
    assert ([ref.ok for ref in found.references], [value.ok for value in found.value]) == ([False], [True])


def test_another_key_than_the_certificate_s(signers: Signers) -> None:
    found = observe(signers["p256"].sign(key=Signer("EC", "ecdsa-sha256", "sha256", "P-256").key))
    assert [(value.ok, value.why) for value in found.value] == [(False, "")]


@pytest.mark.parametrize(
    ("key", "certificate"), [("rsa", "p256"), ("sm2", "p256"), ("p256", "sm2"), ("ed25519", "rsa")]
)
def test_a_key_of_another_kind_cannot_have_signed(signers: Signers, key: str, certificate: str) -> None:
    """CRT-32."""
    found = observe(signers[key].sign(certificate=signers[certificate].certificate))
    assert [(value.ok, value.why) for value in found.value] == [(False, "key-algorithm-mismatch")]


# --- which certificate signed -----------------------------------------------------------------------------------------


def test_a_wrong_digest_of_the_signing_certificate(signers: Signers) -> None:
    """PDF-A09: the attribute names no certificate in the file."""
    for changes in ({}, {"signing_certificate_v1": True}):
        found = observe(signers["rsa"].sign(wrong_certificate_digest=True, **changes))
        assert found.bound_by[1].digest_ok is False
        assert [value.ok for value in found.value] == [True]


def test_the_attribute_names_another_certificate_of_the_same_key(signers: Signers) -> None:
    """PDF-A11: certificate substitution. Both certificates hold the key, the attribute and the identifier disagree."""
    signer = signers["p256"]
    twin = self_signed(signer.key, signer.signature, "TEST twin", serial=4712)
    found = observe(signer.sign(bound_certificate=twin, chain=(twin,)))
    assert [binding.certificate for binding in found.bound_by] == [object_id(signer.certificate), object_id(twin)]
    assert found.bound_by[1].digest_ok is True
    assert [value.ok for value in found.value] == [True, True]
    assert {value.key for value in found.value} == {object_id(signer.certificate), object_id(twin)}


def test_issuer_and_serial_in_the_attribute_are_compared(signers: Signers) -> None:
    """PDF-A10: right digest, wrong issuerSerial."""
    signer = signers["p256"]
    good = attributes.signing_certificate_v2(signer.certificate, "sha256")
    wrong = good.replace(der.integer(4711), der.integer(4799))
    found = observe(signer.sign(signing_certificate=False, extra_attributes=(wrong,)))
    assert (found.bound_by[1].digest_ok, found.bound_by[1].issuer_serial_ok) == (True, False)


def test_a_signer_named_by_key_identifier(signers: Signers) -> None:
    """PDF-A21."""
    found = observe(signers["p256"].sign(key_identifier=True))
    assert found.bound_by[0].certificate == object_id(signers["p256"].certificate)
    assert found.bound_by[0].issuer_serial_ok is None
    assert found.value[0].ok is True


def test_no_certificate_inside_and_one_from_elsewhere(signers: Signers) -> None:
    """PDF-A20."""
    raw = signers["p256"].sign(embed_certificate=False)
    alone = observe(raw)
    assert (alone.value, alone.certificates) == ((), ())
    assert [(b.certificate, b.digest_ok) for b in alone.bound_by] == [(None, None), (None, None)]
    helped = observe(raw, extra_certificates=(signers["p256"].certificate,))
    assert helped.value[0].ok is True
    assert helped.bound_by[1].digest_ok is True
    assert helped.certificates == ()


# --- SM2 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sm2_id", "ok", "seen", "finding"),
    [
        ("1234567812345678", True, "1234567812345678", []),
        ("", True, "", []),
        (None, False, "(without Z)", ["signature.sm2-without-z"]),
        ("someone else", False, None, []),
    ],
)
@pytest.mark.parametrize("encoding", ["der", "raw"])
def test_sm2_identities(  # noqa: PLR0917 - one row of a table
    signers: Signers, sm2_id: str | None, ok: bool, seen: str | None, finding: list[str], encoding: str
) -> None:
    """CRT-31: default ID, then the empty one, then without Z."""
    found = observe(signers["sm2"].sign(sm2_id=sm2_id, encoding=encoding, family="gm"))
    assert [value.ok for value in found.value] == [ok]
    assert found.algorithm.sm2_id == seen
    assert found.algorithm.encoding == encoding
    assert codes(found) == [*finding, *(["format.value-encoding-unusual"] if encoding == "raw" else [])]
    assert found.family == "gm"


@pytest.mark.parametrize(
    ("given", "ok", "seen"),
    [
        (("someone else",), True, "someone else"),
        (("first", "someone else"), True, "someone else"),
        (("someone",), False, None),
        ((), False, None),
    ],
)
def test_further_sm2_identities_are_tried(signers: Signers, given: tuple[str, ...], ok: bool, seen: str | None) -> None:
    """An ID is part of the computation (GB/T 32918.2 5.5): it can be tried, and no other one verifies."""
    found = observe(signers["sm2"].sign(sm2_id="someone else"), sm2_ids=given)
    assert ([value.ok for value in found.value], found.algorithm.sm2_id) == ([ok], seen)


@pytest.mark.parametrize("sm2_id", ["1234567812345678", "", None])
def test_further_sm2_identities_take_nothing_from_the_usual_ones(signers: Signers, sm2_id: str | None) -> None:
    signed = signers["sm2"].sign(sm2_id=sm2_id)
    alone, among = observe(signed), observe(signed, sm2_ids=("someone else",))
    assert (alone.value, alone.algorithm, codes(alone)) == (among.value, among.algorithm, codes(among))


def test_tokens_in_a_signature_are_tried_with_them_too(signers: Signers) -> None:
    signer = signers["sm2"]
    signed = signer.sign(timestamp=lambda digest, value: signer.stamp(digest, value, sm2_id="authority"))
    assert [token.value_ok for token in observe(signed).tokens] == [False]
    (token,) = observe(signed, sm2_ids=("authority",)).tokens
    assert token.algorithm is not None
    assert (token.value_ok, token.algorithm.sm2_id) == (True, "authority")


def test_identifiers_seen_in_the_field(signers: Signers) -> None:
    """reference/domestic-profiles.md section 8, numbers 10 and 13."""
    found = observe(
        signers["sm2"].sign(
            signature_oid="1.2.156.10197.1.301.1", null_parameters=True, digest_oid="1.2.156.10197.1.501"
        )
    )
    assert (found.value[0].ok, found.references[0].ok) == (True, True)
    assert (found.algorithm.signature, found.algorithm.name, found.algorithm.digest) == (
        "1.2.156.10197.1.301.1",
        "sm2-sm3",
        "sm3",
    )
    assert codes(found) == ["format.digest-algorithm-is-signature"]


def test_an_unknown_digest_and_an_unknown_signature_algorithm(signers: Signers) -> None:
    """PDF-A19."""
    found = observe(signers["p256"].sign(digest_oid="2.999.4", signature_oid="2.999.5"))
    assert [(ref.digest, ref.ok, ref.why) for ref in found.references] == [("2.999.4", None, "digest-unsupported")]
    assert [(value.ok, value.why) for value in found.value] == [(None, "unsupported-algorithm")]
    assert (found.algorithm.signature, found.algorithm.name) == ("2.999.5", None)


def test_another_digest_than_the_signature_s_own(signers: Signers) -> None:
    """PDF-A18; SM2 over a SHA-256 message digest is the case that a stock validator lets pass."""
    for kind in ("p384", "sm2"):
        found = observe(signers[kind].sign(digest="sha256"))
        assert (found.value[0].ok, found.references[0].ok) == (True, True)
        assert codes(found) == ["signature.digests-differ"]


# --- structure --------------------------------------------------------------------------------------------------------

_TWO_DIGESTS = (attributes.message_digest(bytes(32)),)


@pytest.mark.parametrize(
    ("changes", "found_codes"),
    [
        ({"attached": True}, ["container.content-attached"]),
        ({"omit_message_digest": True}, ["integrity.message-digest-missing"]),
        ({"content_type_attribute": "2.999.1"}, ["format.content-type-mismatch"]),
        ({"content_type_attribute": "1.2.156.10197.6.1.4.2.1"}, ["format.content-type-families-mixed"]),
        ({"content_type": "2.999.1"}, ["format.content-type-unexpected"]),
        ({"extra_attributes": _TWO_DIGESTS}, ["container.attribute-repeated"]),
        ({"extra_attributes": (attributes.content_type(DATA),)}, ["container.attribute-repeated"]),
        ({"extra_attributes": (attributes.attribute(oids.SIGNING_TIME, der.utf8("soon")),)}, ["format.attribute-undecodable"]),
        ({"extra_attributes": (attributes.attribute(oids.SIGNATURE_POLICY, der.utf8("x")),)}, ["format.attribute-undecodable"]),
        (
            {"signing_certificate": False, "extra_attributes": (attributes.attribute(oids.SIGNING_CERTIFICATE_V2, der.utf8("x")),)},
            ["certificate.signing-certificate-undecodable"],
        ),
        ({"unsigned_attributes": (attributes.attribute(oids.ADOBE_REVOCATION, der.utf8("x")),)}, ["format.attribute-undecodable"]),
        ({"unsigned_attributes": (attributes.signature_time_stamp(der.seq()),)}, ["time.token-unreadable"]),
        ({"chain": (der.seq(der.null()),)}, ["container.object-unreadable"]),
        ({"crls": (der.seq(der.null()),)}, ["container.object-unreadable"]),
    ],
)  # fmt: skip
def test_one_deviation_one_finding(signers: Signers, changes: dict[str, Any], found_codes: list[str]) -> None:
    found = observe(signers["p256"].sign(**changes))
    assert codes(found) == found_codes
    assert set(found_codes) <= set(catalogue())
    assert [value.ok for value in found.value] == [True]


def test_a_missing_message_digest_never_falls_back_to_the_content(signers: Signers) -> None:
    """PDF-A05."""
    found = observe(signers["p256"].sign(omit_message_digest=True))
    assert [(ref.ok, ref.why) for ref in found.references] == [(None, "no-message-digest")]
    assert catalogue()["integrity.message-digest-missing"].state.value == "fail"


@pytest.mark.parametrize("kind", ["rsa", "p256", "sm2", "ed25519"])
def test_a_signature_without_signed_attributes(signers: Signers, kind: str) -> None:
    raw = signers[kind].sign(signed_attributes=False)
    good, changed = observe(raw), observe(raw, CONTENT + b"x")
    assert (good.references[0].ok, good.value[0].ok) == (True, True)
    assert (changed.references[0].ok, changed.value[0].ok) == (None, False)
    assert codes(good) == ["format.no-signed-attributes"]
    digest_only = observe_signed_data(raw, signature_id="s0", content_digest=lambda name: digest_bytes(name, CONTENT))
    assert [(value.ok, value.why) for value in digest_only.value] == [(None, "content-not-available")]


def _rebuild(raw: bytes, change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    """The same SignedData with another list of SignerInfos."""
    kind, wrapped = read(raw).children()
    *fields, infos = wrapped.only().children()
    parts = [field.raw for field in fields] + [der.tlv(0x31, b"".join(change([info.raw for info in infos.children()])))]
    return der.seq(kind.raw, der.explicit(0, der.seq(*parts)))


def test_two_signers_and_none(signers: Signers) -> None:
    """PDF-A14."""
    raw = signers["p256"].sign()
    assert codes(observe(_rebuild(raw, lambda infos: infos * 2))) == ["container.several-signers"]
    with pytest.raises(InputError, match="no signer"):
        observe(_rebuild(raw, lambda _infos: []))


def test_attributes_out_of_order_verify_either_way(signers: Signers) -> None:
    """PDF-A17: some sign what they wrote, some what they should have written."""
    signer = signers["p256"]
    raw = signer.sign()
    info = read(parse_raw_signer(raw))
    children = info.children()
    shuffled = b"".join(reversed([child.raw for child in children[3].children()]))
    for signed in (der.tlv(0x31, shuffled), b"\x31" + children[3].raw[1:]):
        value = signer.key.sign(signer.signature, signed)
        parts = [child.raw for child in children]
        parts[3], parts[5] = der.explicit(0, shuffled), der.octet_string(value)
        found = observe(_rebuild(raw, lambda _infos, parts=parts: [der.seq(*parts)]))
        assert [entry.ok for entry in found.value] == [True]
        assert codes(found) == ["format.attributes-not-der"]


def parse_raw_signer(raw: bytes) -> bytes:
    """The bytes of the one SignerInfo."""
    return read(raw).children()[1].only().children()[-1].only().raw


def _indefinite(raw: bytes, levels: int) -> bytes:
    """The same element with indefinite lengths in its outer constructed levels."""
    node = read(raw)
    if not levels or not node.tag & 0x20:
        return raw
    return bytes([node.tag, 0x80]) + b"".join(_indefinite(child.raw, levels - 1) for child in node.children()) + b"\0\0"


@pytest.mark.parametrize("levels", [1, 3, 4, 8])
@pytest.mark.parametrize("kind", ["p256", "sm2"])
def test_indefinite_lengths_are_tolerated(signers: Signers, kind: str, levels: int) -> None:
    """PDF-A16. With enough levels the attributes and certificates are BER themselves: the DER of the attributes was signed."""
    found = observe(_indefinite(signers[kind].sign(), levels))
    assert "container.cms-not-der" in codes(found)
    assert [ref.ok for ref in found.references] == [True]
    if levels < 8:  # below that the certificate's own octets change, and with them its digest and signature
        assert [value.ok for value in found.value] == [True]
        assert found.bound_by[1].digest_ok is True


def test_padding_and_what_is_no_padding(signers: Signers) -> None:
    raw = signers["p256"].sign()
    assert strip_padding(raw + bytes(900)) == raw
    assert strip_padding(b"\x30\x05") == b"\x30\x05"
    hidden = strip_padding(raw + bytes(9) + b"hidden" + bytes(9))
    assert hidden == raw + bytes(9) + b"hidden"
    found = observe(hidden)
    assert codes(found) == ["container.cms-trailing-bytes"]
    assert found.value[0].ok is True


# --- what is carried --------------------------------------------------------------------------------------------------


def test_policy_and_other_attributes(signers: Signers) -> None:
    found = observe(signers["p256"].sign(policy=("2.999.3", "sha256", b"\1" * 32)))
    assert (found.policy, found.policy_digest) == ("2.999.3", ("sha256", "01" * 32))
    assert set(found.attributes) == {
        oids.CONTENT_TYPE,
        oids.MESSAGE_DIGEST,
        oids.SIGNATURE_POLICY,
        oids.SIGNING_CERTIFICATE_V2,
    }


def _crl() -> bytes:
    name = der.seq(der.set_of([der.seq(der.oid("2.5.4.3"), der.utf8("CA"))]))
    algorithm = der.algorithm("1.2.840.10045.4.3.2")
    return der.seq(der.seq(algorithm, name, der.time(AT)), algorithm, der.bit_string(b"v"))


def _ocsp() -> bytes:
    data = der.seq(der.explicit(2, der.octet_string(b"k" * 20)), der.generalized_time(AT), der.seq())
    basic = der.seq(data, der.algorithm("1.2.840.10045.4.3.2"), der.bit_string(b"v"))
    return der.seq(der.enumerated(0), der.explicit(0, der.seq(der.oid(OCSP_BASIC), der.octet_string(basic))))


def test_revocation_data_in_attributes_and_in_the_crls_field(signers: Signers) -> None:
    """ISO 32000-2 12.8.3.3.2, and RFC 5940 for OCSP among the CRLs."""
    crl, ocsp = _crl(), _ocsp()
    archived = observe(signers["p256"].sign(crls=(crl,), ocsps=(ocsp,)))
    assert archived.findings == ()
    assert {archived.objects[object_id(raw)] for raw in (crl, ocsp)} == {("crl", crl), ("ocsp", ocsp)}
    assert [fact.found[0].place for fact in archived.found if fact.kind != "certificate"] == ["attribute", "attribute"]
    kind, wrapped = read(signers["p256"].sign()).children()
    *fields, infos = (field.raw for field in wrapped.only().children())
    field = der.explicit(
        1, crl + der.explicit(1, der.oid(oids.OCSP_RESPONSE) + ocsp) + der.explicit(1, der.oid("2.999.1") + der.null())
    )
    beside = observe(der.seq(kind.raw, der.explicit(0, der.seq(*fields, field, infos))))
    assert {kind for kind, _ in beside.objects.values()} == {"certificate", "crl", "ocsp"}
    assert codes(beside) == ["container.cms-part-unread"]
    assert beside.value[0].ok is True


@ALL
def test_a_signature_time_stamp(signers: Signers, kind: str) -> None:
    signer = signers[kind]
    found = observe(signer.sign(timestamp=signer.stamp))
    (token,) = found.tokens
    assert (token.kind, token.covers, token.imprint.ok, token.value_ok) == ("signature", ("s0",), True, True)
    assert (token.time, token.policy, token.accuracy_ms, token.serial) == (AT, "2.999.1", 1500, 7)
    assert [(b.how, b.digest_ok) for b in token.bound_by][1] == ("signing-certificate-v2", True)
    assert found.objects[token.id][0] == "token"
    assert found.objects[object_id(signer.tsa)][0] == "certificate"
    places = {fact.id: [place.place for place in fact.found] for fact in found.found}
    assert places[token.id] == ["attribute"]
    assert places[object_id(signer.tsa)] == ["token"]
    assert found.unsigned_attributes == (oids.SIGNATURE_TIME_STAMP,)


def test_a_time_stamp_over_something_else(signers: Signers) -> None:
    """TSP-01: the token is good, and stands on another value."""
    signer = signers["p256"]
    (token,) = observe(signer.sign(timestamp=lambda digest, _value: signer.stamp(digest, b"another value"))).tokens
    assert (token.imprint.ok, token.value_ok) == (False, True)


def test_a_content_time_stamp(signers: Signers) -> None:
    signer = signers["p256"]
    stamp = attributes.attribute(oids.CONTENT_TIME_STAMP, signer.stamp("sha256", CONTENT))
    raw = signer.sign(extra_attributes=(stamp,))
    assert [(t.kind, t.imprint.ok, t.covers) for t in observe(raw).tokens] == [("content", True, ())]
    assert [t.imprint.ok for t in observe(raw, CONTENT + b"x").tokens] == [False]


def test_a_digest_that_cannot_be_made_is_no_failed_digest(signers: Signers) -> None:
    def refuse(name: str) -> bytes:
        raise Unsupported(f"no {name}")

    found = observe_signed_data(signers["p256"].sign(), signature_id="s0", content_digest=refuse)
    assert [(ref.ok, ref.why) for ref in found.references] == [(None, "digest-unsupported")]
    assert found.value[0].ok is True


# --- real signatures --------------------------------------------------------------------------------------------------

_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


def _first_signature(data: bytes) -> tuple[bytes, bytes]:
    """(CMS, content) of the first signature of a plain PDF."""
    match = _RANGE.search(data)
    assert match is not None
    start, length, second, rest = (int(group) for group in match.groups())
    cms = bytes.fromhex(data[start + length : second].strip(b" \r\n<>").decode())
    return strip_padding(cms), data[start : start + length] + data[second : second + rest]


@pytest.mark.parametrize(
    ("file", "algorithm", "digest_ok", "value_ok", "found_codes"),
    [
        ("dss__pdf-signed-original.pdf", "rsa-sha256", True, [True], []),
        ("dss__pdf-signed-corrupted.pdf", "rsa-sha256", False, [True], []),
        ("dss__TeleSec_PKS_eIDAS_QES_CA_1-baseline-b.pdf", "plain-ecdsa-sha256", True, [True], []),
        ("dss__hello_signed_INCSAVE_signed.pdf", "rsa-sha256", True, [True], ["container.cms-not-der"]),
        ("dss__pades-bes-no-certificates.pdf", "rsa-sha512", True, [], []),
        ("pyhanko__pdf-sig-with-econtent.pdf", "rsa-sha256", True, [True], ["container.content-attached"]),
        ("pyhanko__sig-no-signed-attrs.pdf", "rsa-sha256", True, [True], ["format.no-signed-attributes"]),
        ("pyhanko__sig-with-ski-sid.pdf", "rsa-sha256", True, [True], []),
        ("pyhanko__pades-with-old-style-signing-cert-attr.pdf", "rsa-sha256", True, [True], []),
        ("pyhanko__ed448-disallowed-hash.pdf", "ed448", True, [True], ["signature.digests-differ"]),
        ("pyhanko__ed448-shake256-nolen.pdf", "ed448", True, [True], []),
        ("siva__TEST_ESTEID2018_PAdES_LT_enveloped.pdf", "ecdsa-sha512", True, [True], []),
    ],
)
def test_real_signatures(  # noqa: PLR0917 - one row of a table
    read_data: Callable[[str], dict[str, bytes]],
    file: str,
    algorithm: str,
    digest_ok: bool,
    value_ok: list[bool],
    found_codes: list[str],
) -> None:
    """What the source projects assert of them (external/manifest.csv)."""
    cms, content = _first_signature(read_data(f"external/{file}")[file])
    found = observe(cms, content)
    assert found.algorithm.name == algorithm
    assert [ref.ok for ref in found.references] == [digest_ok]
    assert [value.ok for value in found.value] == value_ok
    assert codes(found) == found_codes
    assert all(token.imprint.ok and token.value_ok for token in found.tokens)


# --- hostile bytes ----------------------------------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_flipped_and_cut_signatures_never_raise_but_input_error(signers: Signers, data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(_samples(signers))))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    cut = bytes(raw[: data.draw(st.integers(0, len(raw)))]) if data.draw(st.booleans()) else bytes(raw)
    try:
        found = observe(strip_padding(cut))
    except InputError:
        return
    assert {finding.code for finding in found.findings} <= set(catalogue())
    assert {finding.code for token in found.tokens for finding in token.findings} <= set(catalogue())


_CACHE: list[bytes] = []


def _samples(signers: Signers) -> list[bytes]:
    if not _CACHE:
        for kind in ("p256", "sm2", "rsa"):
            signer = signers[kind]
            _CACHE.append(signer.sign(timestamp=signer.stamp, signing_time=AT, crls=(_crl(),), ocsps=(_ocsp(),)))
    return _CACHE


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_flip_leaves_everything_good(signers: Signers, data: st.DataObject) -> None:
    """Whatever octet of the signed attributes or the value changes, digest and value do not both hold any more."""
    raw = signers["p256"].sign(signing_time=datetime(2026, 3, 1, tzinfo=UTC))
    info = parse_raw_signer(raw)
    children = read(info).children()
    part = data.draw(st.sampled_from([children[3].content, children[5].content]))
    at = raw.index(part) + data.draw(st.integers(0, len(part) - 1))
    flipped = raw[:at] + bytes([raw[at] ^ data.draw(st.integers(1, 255))]) + raw[at + 1 :]
    try:
        found = observe(flipped)
    except InputError:
        return
    assert not (found.references[0].ok and any(value.ok for value in found.value))
