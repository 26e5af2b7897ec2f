"""Laws of the algorithm table, and its OIDs and URIs against what others have registered."""

from __future__ import annotations

import pytest
from asn1crypto import algos, keys
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import SignatureAlgorithmOID

from interop.crypto import table

NATIONAL_KINDS = {"GOST", "GOST-KZ", "DSTU", "KCDSA"}


@pytest.mark.parametrize("row", table.digests(), ids=lambda row: row.name)
def test_digest_is_found_by_each_of_its_identifiers(row: table.Digest) -> None:
    assert table.digest(row.name) is row
    assert all(table.digest_by_oid(oid) is row for oid in (row.oid, *row.aliases))
    assert all(table.digest_by_uri(uri) is row for uri in row.uris)


@pytest.mark.parametrize("row", table.signatures(), ids=lambda row: row.name)
def test_signature_is_found_by_each_of_its_identifiers(row: table.SignatureAlgorithm) -> None:
    assert table.signature(row.name) is row
    assert all(table.signature_by_oid(oid) is row for oid in row.oids)
    assert all(table.signature_by_uri(uri) is row for uri in row.uris)
    own = table.digest(row.digest)
    assert own is not None or row.digest == ""
    for oid in row.oids_with_digest:
        assert own is not None
        assert table.signature_by_oid(oid, own.oid) is row


@pytest.mark.parametrize("row", table.curves(), ids=lambda row: row.name)
def test_curve_is_found_by_each_of_its_identifiers(row: table.Curve) -> None:
    assert table.curve(row.name) is row
    assert table.curve_by_oid(row.oid) is row
    assert row.kind in table.key_kinds()
    assert 8 * (row.octets - 1) < row.bits <= 8 * row.octets


def test_every_identifier_stands_once() -> None:
    oids = [oid for d in table.digests() for oid in (d.oid, *d.aliases)]
    oids += [oid for s in table.signatures() for oid in s.oids]
    uris = [uri for row in (*table.digests(), *table.signatures()) for uri in row.uris]
    names = [row.name for rows in (table.digests(), table.signatures(), table.curves()) for row in rows]
    for values in (oids, uris, names):
        assert sorted(set(values)) == sorted(values)


def test_what_is_computed_has_a_computed_digest_and_a_known_key_kind() -> None:
    for row in table.signatures():
        assert row.key in table.key_kinds()
        if row.use != "none":
            own = table.digest(row.digest)
            assert own is not None
            assert own.computed
            assert row.key not in NATIONAL_KINDS
        if row.key in NATIONAL_KINDS:
            assert row.use == "none"


@pytest.mark.parametrize("unknown", ["", "SHA256", " sha256", "1.2", "2.16.840.1.101.3.4.2", "1.2.156.10197.1.40"])
def test_what_is_unknown_is_none(unknown: str) -> None:
    lookups = (
        table.digest, table.digest_by_oid, table.digest_by_uri, table.signature, table.signature_by_oid,
        table.signature_by_uri, table.curve, table.curve_by_oid, table.key_kind_by_oid,
    )  # fmt: skip
    assert [lookup(unknown) for lookup in lookups] == [None] * len(lookups)


def test_the_digest_decides_where_the_oid_does_not() -> None:
    sha256, sm3 = "2.16.840.1.101.3.4.2.1", "1.2.156.10197.1.401"
    expected = {
        ("1.2.840.113549.1.1.1", None): None,
        ("1.2.840.113549.1.1.1", sha256): "rsa-sha256",
        ("1.2.840.113549.1.1.11", sm3): "rsa-sha256",
        ("1.2.840.113549.1.1.10", None): "rsa-pss",
        ("1.2.840.113549.1.1.10", sha256): "rsa-pss-sha256",
        ("1.2.840.10045.2.1", sha256): "ecdsa-sha256",
        ("1.2.840.10045.2.1", sm3): "sm2-sm3",
        ("1.2.156.10197.1.301", sm3): "sm2-sm3",
        ("1.2.156.10197.1.301", sha256): None,
        ("1.2.156.10197.1.301.1", None): "sm2-sm3",
        ("1.2.156.10197.1.501", None): "sm2-sm3",
    }
    for (oid, digest_oid), name in expected.items():
        found = table.signature_by_oid(oid, digest_oid)
        assert (found.name if found else None) == name, (oid, digest_oid)


def test_digest_oids_are_those_of_asn1crypto() -> None:
    theirs = {name.replace("_", "-"): oid for oid, name in algos.DigestAlgorithmId._map.items()}
    ours = {d.name: d.oid for d in table.digests()}
    shared = ours.keys() & theirs.keys()
    assert shared >= {"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3-256", "sha3-512", "shake256"}
    assert {n: ours[n] for n in shared} == {n: theirs[n] for n in shared}


def test_signature_oids_are_those_of_cryptography() -> None:
    theirs = {
        f"{kind.lower()}-{digest.lower().replace('_', '-')}": getattr(SignatureAlgorithmOID, f"{kind}_WITH_{digest}")
        for kind in ("RSA", "ECDSA", "DSA")
        for digest in ("SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "SHA3_224", "SHA3_256", "SHA3_384", "SHA3_512")
        if hasattr(SignatureAlgorithmOID, f"{kind}_WITH_{digest}")
    } | {"ed25519": SignatureAlgorithmOID.ED25519, "ed448": SignatureAlgorithmOID.ED448}
    compared = 0
    for name, oid in theirs.items():
        row = table.signature(name)
        if row is not None:
            assert row.oids == (oid.dotted_string,)
            compared += 1
    assert compared >= 22


def test_curve_oids_are_those_of_others() -> None:
    theirs = {name.lower(): oid for oid, name in keys.NamedCurve._map.items()}
    nist = {
        "P-192": "secp192r1",
        "P-224": "secp224r1",
        "P-256": "secp256r1",
        "P-384": "secp384r1",
        "P-521": "secp521r1",
    }
    ours = {nist.get(c.name, c.name).lower(): c for c in table.curves()}
    assert ours.keys() - theirs.keys() <= {"frp256v1", "sm2p256v1"}
    for name in ours.keys() & theirs.keys():
        assert ours[name].oid == theirs[name]
    assert table.curve_by_oid(ec.EllipticCurveOID.BRAINPOOLP384R1.dotted_string) is table.curve("brainpoolP384r1")


def test_identifiers_of_sm2_and_sm3_are_those_met_in_the_field() -> None:
    """GM/T 0006 OIDs; China Customs URIs; the older hybrid in the W3C namespace; OID URNs."""
    row, sm3 = table.signature("sm2-sm3"), table.digest("sm3")
    assert row is not None
    assert sm3 is not None
    assert row.oids == ("1.2.156.10197.1.501", "1.2.156.10197.1.301.1")
    assert row.uris == (
        "http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3",
        "urn:oid:1.2.156.10197.1.501",
        "http://www.w3.org/2000/09/xmldsig#sm2-sm3",
    )
    assert sm3.uris == ("http://www.chinaport.gov.cn/2022/04/xmldsig#sm3", "urn:oid:1.2.156.10197.1.401")
    assert (row.encoding_cms, row.encoding_xml) == ("der", "raw")


def test_plain_ecdsa_is_raw_everywhere() -> None:
    """BSI TR-03111 5.2.1: r||s, also in CMS; arcs 1 to 5 are SHA-1 to SHA-512."""
    for arc, digest in enumerate(("sha1", "sha224", "sha256", "sha384", "sha512"), 1):
        row = table.signature_by_oid(f"0.4.0.127.0.7.1.1.4.1.{arc}")
        assert row is not None
        assert (row.name, row.digest, row.encoding_cms) == (f"plain-ecdsa-{digest}", digest, "raw")


@pytest.mark.parametrize("prefix", ["urn:oid:", "URN:oid:", "urn:OID:"])
def test_urns_of_oids_are_read_where_the_oid_says_everything(prefix: str) -> None:
    """RFC 3061; scheme and namespace in any case (RFC 8141 section 3.1)."""
    for digest in table.digests():
        assert table.digest_by_uri(prefix + digest.oid) is digest
    for row in table.signatures():
        for oid in row.oids:
            assert table.signature_by_uri(prefix + oid) is (row if row.digest else None)
    for unknown in ("2.999", "", "1.2.840.113549.1.1.1", "2.16.840.1.101.3.4.2.1 "):
        assert table.signature_by_uri(prefix + unknown) is None
        assert table.digest_by_uri(prefix + unknown) is None
