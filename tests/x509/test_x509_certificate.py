"""Certificates of others and odd ones of our own: everything that can be read is, and what deviates is named."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from asn1crypto import x509 as reference
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from x509_writing import ReadData, extension, name

from interop.model.errors import InputError
from interop.model.reasons import catalogue
from interop.x509 import der
from interop.x509.certificate import certificate_parts, parse_certificate, read_certificates
from interop.x509.spki import algorithm_id_of

Make = Callable[..., bytes]


def codes(certificate: bytes) -> list[str]:
    return [finding.code for finding in parse_certificate(certificate).findings]


def pkits(read_data: ReadData) -> list[bytes]:
    return list(read_data("pkits/certs/*.crt").values())


def test_pkits_certificates_agree_with_an_independent_reader(read_data: ReadData) -> None:
    """Every certificate of NIST PKITS, against asn1crypto."""
    for raw in pkits(read_data):
        ours, theirs = parse_certificate(raw), reference.Certificate.load(raw)
        assert certificate_parts(raw).tbs == theirs["tbs_certificate"].dump()
        assert ours.id == "sha256:" + hashlib.sha256(raw).hexdigest()
        assert ours.serial == theirs.serial_number
        assert ours.not_before == theirs["tbs_certificate"]["validity"]["not_before"].native
        assert ours.not_after == theirs["tbs_certificate"]["validity"]["not_after"].native
        assert ours.self_issued == theirs.self_issued
        assert [oid for oid, _ in ours.extensions] == [
            entry["extn_id"].dotted for entry in theirs["tbs_certificate"]["extensions"]
        ]
        assert ours.subject_key_id == (theirs.key_identifier.hex() if theirs.key_identifier else None)
        assert ours.authority_key_id == (
            theirs.authority_key_identifier.hex() if theirs.authority_key_identifier else None
        )
        policies = theirs.certificate_policies_value
        assert (ours.policies is None) == (policies is None)
        assert ours.policy_oids == {entry["policy_identifier"].dotted for entry in policies or ()}
        constraints = theirs.basic_constraints_value
        assert ours.ca == (None if constraints is None else constraints["ca"].native)
        assert ours.path_length == (None if constraints is None else constraints["path_len_constraint"].native)
        usage = theirs.key_usage_value
        assert len(ours.key_usage or ()) == (0 if usage is None else len(usage.native))
        subtrees = theirs.name_constraints_value
        if subtrees is not None:
            assert ours.name_constraints is not None
            assert len(ours.name_constraints.permitted) == len(subtrees["permitted_subtrees"] or ())
            assert len(ours.name_constraints.excluded) == len(subtrees["excluded_subtrees"] or ())
        assert len(ours.policy_mappings) == len(theirs.policy_mappings_value or ())


def test_pkits_policy_constraints_and_mappings(read_data: ReadData) -> None:
    """Values as the PKITS document states them."""
    files = read_data("pkits/certs/*.crt")
    assert parse_certificate(files["requireExplicitPolicy7CACert.crt"]).constraints.require_explicit_policy == 7
    assert parse_certificate(files["inhibitAnyPolicy5CACert.crt"]).constraints.inhibit_any_policy == 5
    assert parse_certificate(files["inhibitPolicyMapping0CACert.crt"]).constraints.inhibit_policy_mapping == 0
    base = "2.16.840.1.101.3.2.1.48."
    assert parse_certificate(files["Mapping1to2CACert.crt"]).policy_mappings == ((base + "1", base + "2"),)


def test_pkits_names_of_section_4_3(read_data: ReadData) -> None:
    """PKITS 4.3: white space, case and string type do not make a name another; the order of words does."""
    files = read_data("pkits/certs/*.crt")

    def chains(leaf: str, issuer: str) -> bool:
        return parse_certificate(files[leaf]).issuer.normal == parse_certificate(files[issuer]).subject.normal

    for leaf in (
        "ValidNameChainingWhitespaceTest3EE.crt",
        "ValidNameChainingWhitespaceTest4EE.crt",
        "ValidNameChainingCapitalizationTest5EE.crt",
    ):
        assert chains(leaf, "GoodCACert.crt")
    assert chains("ValidRFC3280MandatoryAttributeTypesTest7EE.crt", "RFC3280MandatoryAttributeTypesCACert.crt")
    assert chains(
        "ValidRolloverfromPrintableStringtoUTF8StringTest10EE.crt", "RolloverfromPrintableStringtoUTF8StringCACert.crt"
    )
    assert chains("ValidUTF8StringCaseInsensitiveMatchTest11EE.crt", "UTF8StringCaseInsensitiveMatchCACert.crt")
    assert not chains("InvalidNameChainingTest1EE.crt", "GoodCACert.crt")
    assert not chains("InvalidNameChainingOrderTest2EE.crt", "NameOrderingCACert.crt")


def test_the_national_root_and_what_stands_below(read_data: ReadData) -> None:
    """Facts of reference/domestic-profiles.md 3.1, decoded by others."""
    root = parse_certificate(read_certificates(read_data("sm2/ROOTCA.pem")["ROOTCA.pem"], "root")[0])
    assert root.serial == 0x69E2FEC0170AC67B
    assert root.subject.text == "CN=ROOTCA, O=NRCAC, C=CN"
    assert (root.key.kind, root.key.curve, root.key.bits) == ("SM2", "sm2p256v1", 256)
    assert (root.signature_algorithm.oid, root.signature_algorithm.parameters) == ("1.2.156.10197.1.501", "null")
    assert (root.ca, root.critical("2.5.29.19"), root.critical("2.5.29.15")) == (True, False, False)
    assert root.key_usage == {"keyCertSign", "cRLSign"}
    assert root.not_before.date().isoformat() == "2012-07-14"
    issuing = parse_certificate(read_certificates(read_data("sm2/Taier_CA.pem")["Taier_CA.pem"], "ca")[0])
    assert issuing.authority_key_id == root.subject_key_id
    assert issuing.policies is None
    assert [entry.kind for entry in issuing.crl_names] == ["directory", "uri", "uri"]
    assert [url.split(":")[0] for url in issuing.crl_urls] == ["http", "ldap"]
    assert issuing.findings == ()


# --- oddities of real certificates (reference/domestic-profiles.md section 8) ------------------------------------------


def test_a_default_written_out(make: Make) -> None:
    raw = make(extension("2.5.29.19", bytes.fromhex("3003010100")))
    assert parse_certificate(raw).ca is False
    assert codes(raw) == ["certificate.default-encoded"]


def test_critical_false_written_out(make: Make) -> None:
    raw = make(extension("2.5.29.19", der.seq(der.boolean(True)), der.boolean(False)))
    assert (parse_certificate(raw).ca, parse_certificate(raw).critical("2.5.29.19")) == (True, False)
    assert codes(raw) == ["certificate.default-encoded"]


def test_an_extension_value_that_is_no_der(make: Make) -> None:
    raw = make(extension("2.5.29.1", b"some text"), extension("2.5.29.14", b"some text"))
    found = parse_certificate(raw)
    assert codes(raw) == ["certificate.extension-undecodable"] * 2  # one that is read, one that nobody reads
    assert found.subject_key_id is None
    assert found.private_extensions == (("2.5.29.1", b"some text".hex()), ("2.5.29.14", b"some text".hex()))


def test_a_critical_extension_that_cannot_be_decoded_has_its_own_code(make: Make) -> None:
    raw = make(extension("2.5.29.30", b"\x30\x05", der.boolean(True)))
    assert codes(raw) == ["certificate.critical-extension-undecodable"]
    assert catalogue()["certificate.critical-extension-undecodable"].state.value == "fail"


def test_a_qualifier_in_the_place_of_a_policy(make: Make) -> None:
    raw = make(extension("2.5.29.32", der.seq(der.seq(der.oid("1.3.6.1.5.5.7.2.1")))))
    assert parse_certificate(raw).policy_oids == {"1.3.6.1.5.5.7.2.1"}
    assert codes(raw) == ["certificate.policy-is-qualifier"]


def test_qualifiers_are_kept(make: Make) -> None:
    qualifier = der.seq(der.oid("1.3.6.1.5.5.7.2.1"), der.tlv(0x16, b"https://cps.example"))
    raw = make(extension("2.5.29.32", der.seq(der.seq(der.oid("2.999.1"), der.seq(qualifier)))))
    (policy,) = parse_certificate(raw).policies or ()
    assert (policy.oid, policy.cps, policy.qualifiers) == ("2.999.1", ("https://cps.example",), ("1.3.6.1.5.5.7.2.1",))


@pytest.mark.parametrize(
    "value",
    [der.implicit(0, b"11010519491231002X"), der.printable("11010519491231002X"), der.utf8("11010519491231002X"),
     der.explicit(0, der.printable("11010519491231002X"))],
)  # fmt: skip
def test_the_three_shapes_of_an_identity_code(make: Make, value: bytes) -> None:
    """GB/T 20518 identity code, the well-known sample number of GB 11643."""
    found = parse_certificate(make(extension("1.2.156.10260.4.1.1", value)))
    assert found.private_extensions == (("1.2.156.10260.4.1.1", "11010519491231002X"),)


def test_unknown_keys_and_curves_keep_their_identifier(make: Make) -> None:
    for algorithm, kind, curve in (
        (der.algorithm("2.999.5"), "2.999.5", None),
        (der.algorithm("1.2.840.10045.2.1", der.oid("2.999.6")), "EC", "2.999.6"),
        (der.algorithm("1.2.840.10045.2.1", der.seq(der.integer(1))), "EC", None),
    ):
        key = parse_certificate(make(spki=der.seq(algorithm, der.bit_string(b"\4" + bytes(64))))).key
        assert (key.kind, key.curve, key.bits) == (kind, curve, None)


def test_an_sm2_key_under_the_curve_identifier(make: Make) -> None:
    """GM/T 0015-2023 allows the SM2 OID as key algorithm."""
    for parameters in (None, der.null(), der.oid("1.2.156.10197.1.301")):
        spki = der.seq(der.algorithm("1.2.156.10197.1.301", parameters), der.bit_string(b"\4" + bytes(64)))
        key = parse_certificate(make(spki=spki)).key
        assert (key.kind, key.curve, key.bits) == ("SM2", "sm2p256v1", 256)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"serial": der.integer(0)}, "certificate.serial-unfit"),
        ({"serial": der.integer(-5)}, "certificate.serial-unfit"),
        ({"serial": der.integer(1 << 167)}, "certificate.serial-unfit"),
        ({"inner": der.algorithm("1.2.840.10045.4.3.3")}, "certificate.algorithms-differ"),
        ({"inner": der.algorithm("1.2.840.10045.4.3.2", der.null())}, "certificate.algorithm-parameters-differ"),
        ({"subject": name(("2.5.4.3", der.tlv(0x0C, b"\xb9\xfa")))}, "certificate.name-undecodable"),
    ],
)
def test_deviations_outside_extensions(make: Make, change: dict[str, bytes], code: str) -> None:
    assert codes(make(**change)) == [code]


def test_extensions_in_a_version_1_certificate_and_trailing_octets(make: Make) -> None:
    raw = make(extension("2.5.29.14", der.octet_string(b"1")), version=b"")
    assert parse_certificate(raw).version == 1
    assert codes(raw + b"\0\0") == ["certificate.trailing-bytes", "certificate.version-unfit"]


def test_the_first_of_two_equal_extensions_counts_and_it_blocks(make: Make) -> None:
    """RFC 5280 section 4.2 allows one of each."""
    usages = [extension("2.5.29.15", der.bit_string(bits, 5)) for bits in (b"\x80", b"\x20")]
    raw = make(*usages)
    assert codes(raw)[-1] == "certificate.extension-repeated"
    assert parse_certificate(raw).key_usage == {"digitalSignature"}


def test_a_year_9999_and_a_high_tag_do_not_matter(make: Make) -> None:
    raw = make(
        extension("2.999.7", bytes.fromhex("bf8a4f00")),
        not_after=der.generalized_time(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    )
    assert parse_certificate(raw).not_after.year == 9999


def test_qc_statements(make: Make) -> None:
    """EN 319 412-5 section 4, EN 319 412-1 section 5.1 for semantics."""
    qc = "0.4.0.1862.1."
    statements = der.seq(
        der.seq(der.oid(qc + "1")),
        der.seq(der.oid(qc + "2"), der.seq(der.printable("EUR"), der.integer(5), der.integer(3))),
        der.seq(der.oid(qc + "3"), der.integer(15)),
        der.seq(der.oid(qc + "4")),
        der.seq(der.oid(qc + "5"), der.seq(der.seq(der.tlv(0x16, b"https://pds.example/en"), der.printable("en")))),
        der.seq(der.oid(qc + "6"), der.seq(der.oid(qc + "6.1"))),
        der.seq(der.oid(qc + "7"), der.seq(der.printable("ZZ"))),
        der.seq(der.oid("1.3.6.1.5.5.7.11.2"), der.seq(der.oid("0.4.0.194121.1.1"))),
        der.seq(der.oid("2.999.8"), der.octet_string(b"x")),
        der.seq(der.oid(qc + "5"), der.integer(1)),
    )
    found = parse_certificate(make(extension("1.3.6.1.5.5.7.1.3", statements)))
    assert [(entry.oid.rpartition(".")[2], entry.values) for entry in found.qc_statements or ()] == [
        ("1", ()),
        ("2", ("EUR", "5", "3")),
        ("3", ("15",)),
        ("4", ()),
        ("5", ("https://pds.example/en en",)),
        ("6", (qc + "6.1",)),
        ("7", ("ZZ",)),
        ("2", ("0.4.0.194121.1.1",)),
        ("8", ("040178",)),
        ("5", ("020101",)),
    ]
    assert found.findings == ()


def test_an_indirect_distribution_point(make: Make) -> None:
    point = der.seq(
        der.explicit(0, der.explicit(0, der.implicit(6, b"http://crl.example/1"))),
        der.explicit(2, der.explicit(4, name(("2.5.4.3", der.utf8("CRL Issuer"))))),
    )
    found = parse_certificate(make(extension("2.5.29.31", der.seq(point))))
    assert found.crl_urls == ("http://crl.example/1",)
    assert found.crl_issuers == ("2.5.4.3=crl issuer",)


# --- reading files ----------------------------------------------------------------------------------------------------


def pem(raw: bytes, label: str = "CERTIFICATE") -> bytes:
    return f"-----BEGIN {label}-----\n{base64.encodebytes(raw).decode()}-----END {label}-----\n".encode()


def test_files_are_read_in_every_common_wrapping(make: Make) -> None:
    raw = make()
    assert read_certificates(b"junk\n" + pem(raw) + b"text\n" + pem(raw).replace(b"\n", b"\r\n"), "x") == (raw, raw)
    assert read_certificates(pem(raw + b"\x30\x00", "TRUSTED CERTIFICATE"), "x") == (raw,)
    assert read_certificates(raw, "x") == (raw,)
    assert read_certificates(base64.encodebytes(raw), "x") == (raw,)


def test_all_mistakes_of_a_file_at_once(make: Make) -> None:
    with pytest.raises(InputError) as caught:
        read_certificates(pem(b"\x30\x00") + pem(make()) + pem(b"\x04\x00"), "bundle.pem")
    assert [problem.where for problem in caught.value.problems] == ["block 1", "block 3"]
    for data in (b"", b"hello", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"):
        with pytest.raises(InputError):
            read_certificates(data, "x")


# --- hostile bytes ----------------------------------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_flipped_and_cut_certificates_never_raise_but_input_error(read_data: ReadData, data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(pkits(read_data)[::20])))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    cut = bytes(raw[: data.draw(st.integers(0, len(raw)))]) if data.draw(st.booleans()) else bytes(raw)
    try:
        found = parse_certificate(cut)
    except InputError:
        return
    assert {finding.code for finding in found.findings} <= set(catalogue())
    assert found.not_before.tzinfo is UTC


def test_reading_is_fast(read_data: ReadData) -> None:
    """Design section 7: about 0.4 ms per certificate; ten times that fails even on a busy machine."""
    raws = pkits(read_data)
    parse_certificate.cache_clear()
    certificate_parts.cache_clear()
    start = time.process_time()
    for raw in raws:
        parse_certificate(raw)
    assert (time.process_time() - start) / len(raws) < 0.004


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120",
         "2.16.840.1.101.3.4.2.1"),
        ("3000", "1.3.14.3.2.26"),
        ("", "1.3.14.3.2.26"),
        ("0500", None),
    ],
    ids=["sha256", "defaults", "absent", "unreadable"],
)  # fmt: skip
def test_the_digest_in_pss_parameters(parameters: str, expected: str | None) -> None:
    """RFC 4055 section 3.1: SHA-1 where the parameters do not say."""
    written = algorithm_id_of(der.algorithm("1.2.840.113549.1.1.10", bytes.fromhex(parameters)))
    assert written.digest_oid == expected
    assert algorithm_id_of(der.algorithm("1.2.840.113549.1.1.11", der.null())).digest_oid is None
