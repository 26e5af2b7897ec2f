"""What the profile says is what the certificate has; other software agrees (RFC 5280 sections 4 and 6)."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509 as pyca
from hypothesis import given, settings
from hypothesis import strategies as st

from interop.crypto.table import signature
from interop.model.certificate import Certificate
from interop.model.errors import InputError, UsageError
from interop.model.hierarchy import (
    AccessDescription,
    AltNames,
    CertificateSpec,
    DistributionPoint,
    Extensions,
    NamePart,
    OtherNameSpec,
    PolicySpec,
    QcLimit,
    QcSpec,
)
from interop.model.profile import Provider
from interop.pki.issue import Variant, issue, serial_number, signature_identifier
from interop.pki.keystore import KeyStore
from interop.profile.names import attribute_oid
from interop.x509.ber import read
from interop.x509.certificate import parse_certificate
from interop.x509.edge import verify_signed
from interop.x509.names import text_of

Make = Callable[..., Provider]
OpenSsl = Callable[..., subprocess.CompletedProcess[str]]

CPS, USER_NOTICE = "1.3.6.1.5.5.7.2.1", "1.3.6.1.5.5.7.2.2"
STRINGS = {"utf8": "UTF8String", "printable": "PrintableString", "ia5": "IA5String", "t61": "T61String"}
PRINTABLE_BY_STANDARD = {"2.5.4.5", "2.5.4.6", "2.5.4.46"}
OPTIONAL = {
    "2.5.29.35": lambda e: e.authority_key_id,
    "2.5.29.14": lambda e: e.subject_key_id != "none",
    "2.5.29.19": lambda e: e.ca is not None,
    "2.5.29.15": lambda e: bool(e.key_usage),
    "2.5.29.37": lambda e: bool(e.extended_key_usage),
    "2.5.29.32": lambda e: bool(e.policies),
    "2.5.29.33": lambda e: bool(e.policy_mappings),
    "2.5.29.36": lambda e: e.require_explicit_policy is not None or e.inhibit_policy_mapping is not None,
    "2.5.29.54": lambda e: e.inhibit_any_policy is not None,
    "2.5.29.30": lambda e: e.name_constraints is not None,
    "2.5.29.17": lambda e: bool(e.subject_alt_emails) or e.subject_alt is not None,
    "2.5.29.18": lambda e: e.issuer_alt is not None,
    "2.5.29.46": lambda e: bool(e.freshest_crl),
    "2.5.29.31": lambda e: bool(e.crl_points),
    "1.3.6.1.5.5.7.1.1": lambda e: e.authority_info is not None,
    "1.3.6.1.5.5.7.1.11": lambda e: e.subject_info is not None,
    "1.3.6.1.5.5.7.1.3": lambda e: bool(e.qc_statements),
    "1.3.6.1.5.5.7.48.1.5": lambda e: e.ocsp_nocheck,
}


def criticality(extensions: Extensions) -> dict[str, bool]:
    critical = {
        "2.5.29.19": extensions.basic_constraints_critical,
        "2.5.29.15": extensions.key_usage_critical,
        "2.5.29.37": extensions.extended_key_usage_critical,
        "2.5.29.32": extensions.policies_critical,
        "2.5.29.33": extensions.policy_mappings_critical,
        "2.5.29.35": extensions.authority_key_id_critical,
        "2.5.29.14": extensions.subject_key_id_critical,
        "2.5.29.36": extensions.policy_constraints_critical,
        "2.5.29.54": extensions.inhibit_any_policy_critical,
        "2.5.29.17": extensions.subject_alt is not None and extensions.subject_alt.critical,
        "2.5.29.18": extensions.issuer_alt is not None and extensions.issuer_alt.critical,
        "2.5.29.31": extensions.crl_points_critical,
        "2.5.29.46": extensions.freshest_crl_critical,
        "1.3.6.1.5.5.7.48.1.5": extensions.ocsp_nocheck_critical,
        "2.5.29.30": extensions.name_constraints is not None and extensions.name_constraints.critical,
        "1.3.6.1.5.5.7.1.1": extensions.authority_info is not None and extensions.authority_info.critical,
        "1.3.6.1.5.5.7.1.11": extensions.subject_info is not None and extensions.subject_info.critical,
        "1.3.6.1.5.5.7.1.3": extensions.qc_critical,
    }
    wanted = {oid: critical.get(oid, False) for oid, present in OPTIONAL.items() if present(extensions)}
    return wanted | {private.oid: private.critical for private in extensions.private}


def wanted_names(names: AltNames, emails: tuple[str, ...] = ()) -> list[tuple[str, object]]:
    """(kind, value) in the order in which names are written; directory names as (OID, value) pairs, others as (OID, text)."""
    return [
        *(("email", address) for address in (*emails, *names.emails)),
        *(("dns", host) for host in names.dns),
        *(("uri", uri) for uri in names.uris),
        *(("directory", [(attribute_oid(p.type), p.value) for p in parts]) for parts in names.directories),
        *(("other", (other.oid, other.text)) for other in names.others),
    ]


def _pyca_name(name: pyca.GeneralName) -> tuple[str, object]:
    """The same from pyca's side."""
    if isinstance(name, pyca.DirectoryName):
        return "directory", [(a.oid.dotted_string, a.value) for a in name.value]
    if isinstance(name, pyca.OtherName):
        value = read(name.value)
        return "other", (name.type_id.dotted_string, text_of(value)[0])
    kinds = {pyca.RFC822Name: "email", pyca.DNSName: "dns", pyca.UniformResourceIdentifier: "uri"}
    return kinds[type(name)], name.value


def assert_pyca_agrees(der: bytes, extensions: Extensions) -> None:
    """What our own reader keeps as bytes, or not at all, read by pyca: names of both sides, deltas, notices."""
    there = pyca.load_der_x509_certificate(der).extensions
    for kind, names, emails in (
        (pyca.SubjectAlternativeName, extensions.subject_alt, extensions.subject_alt_emails),
        (pyca.IssuerAlternativeName, extensions.issuer_alt, ()),
    ):
        if names is not None or emails:
            found = there.get_extension_for_class(kind)
            assert [_pyca_name(name) for name in found.value] == wanted_names(names or AltNames(), emails)
            assert found.critical == (names is not None and names.critical)
    if extensions.freshest_crl:
        points = there.get_extension_for_class(pyca.FreshestCRL)
        uris = [
            n.value for p in points.value for n in p.full_name or () if isinstance(n, pyca.UniformResourceIdentifier)
        ]
        assert uris == [uri for point in extensions.freshest_crl for uri in point.uris]
        assert points.critical == extensions.freshest_crl_critical
    if extensions.policies:
        policies = there.get_extension_for_class(pyca.CertificatePolicies).value
        assert [
            [q.explicit_text for q in policy.policy_qualifiers or () if isinstance(q, pyca.UserNotice)]
            for policy in policies
        ] == [[policy.notice] if policy.notice else [] for policy in extensions.policies]


def assert_name(found: Certificate, parts: tuple[NamePart, ...], *, issuer: bool = False) -> None:
    rdns = (found.issuer if issuer else found.subject).rdns
    wanted = []
    for part in parts:
        oid = attribute_oid(part.type)
        kind = STRINGS[part.string]
        if oid in PRINTABLE_BY_STANDARD and part.string == "utf8":
            kind = "PrintableString"
        wanted.append((oid, part.value, kind))
    assert [(a.oid, a.value, a.string_type) for rdn in rdns for a in rdn] == wanted
    assert all(len(rdn) == 1 for rdn in rdns)


def assert_matches(found: Certificate, spec: CertificateSpec, issuer: CertificateSpec) -> None:
    """Every field of the parsed certificate against the specification."""
    extensions = spec.extensions
    assert found.findings == ()
    assert found.version == 3
    assert (found.serial.bit_length() + 7) // 8 == spec.serial_octets
    assert found.serial > 0
    assert_name(found, spec.subject)
    assert_name(found, issuer.subject, issuer=True)
    assert (found.not_before, found.not_after) == (spec.not_before, spec.not_after)
    assert found.key.kind == spec.key.kind
    assert spec.key.bits in (None, found.key.bits)
    assert spec.key.curve in (None, found.key.curve)
    algorithm = signature(issuer.key.signature)
    assert algorithm is not None
    parameters = "null" if issuer.key.kind == "RSA" or issuer.key.null_parameters else None
    for identifier in (found.signature_algorithm, found.inner_signature_algorithm):
        assert (identifier.oid, identifier.parameters) == (algorithm.oids[0], parameters)
    assert dict(found.extensions) == criticality(extensions)
    assert len(found.extensions) == len(criticality(extensions))
    assert (found.ca, found.path_length) == (extensions.ca, extensions.path_length)
    assert found.key_usage == (frozenset(extensions.key_usage) or None)
    assert found.extended_key_usage == (extensions.extended_key_usage or None)
    policies = [(p.oid, (p.cps,) if p.cps else ()) for p in extensions.policies]
    assert [(p.oid, p.cps) for p in found.policies or ()] == policies
    assert found.policy_mappings == extensions.policy_mappings
    assert found.constraints.require_explicit_policy == extensions.require_explicit_policy
    assert found.constraints.inhibit_policy_mapping == extensions.inhibit_policy_mapping
    assert found.constraints.inhibit_any_policy == extensions.inhibit_any_policy
    assert [(p.oid, p.qualifiers) for p in found.policies or ()] == [
        (p.oid, (*((CPS,) if p.cps else ()), *((USER_NOTICE,) if p.notice else ()))) for p in extensions.policies
    ]
    names = wanted_names(extensions.subject_alt or AltNames(), extensions.subject_alt_emails)
    assert [(n.kind, n.value) for n in found.subject_alt_names if n.kind not in {"directory", "other"}] == [
        name for name in names if name[0] not in {"directory", "other"}
    ]
    assert [n.kind for n in found.subject_alt_names] == [kind for kind, _ in names]
    info = extensions.authority_info or AccessDescription()
    assert (found.ocsp_urls, found.ca_issuers_urls) == (info.ocsp, info.ca_issuers)
    assert found.crl_urls == tuple(uri for point in extensions.crl_points for uri in point.uris)
    directories = sum(1 for point in extensions.crl_points if point.directory)
    assert len([n for n in found.crl_names if n.kind == "directory"]) == directories
    assert found.ocsp_nocheck == extensions.ocsp_nocheck
    statements = []
    for qc in extensions.qc_statements:
        values = (*qc.oids, *qc.countries, *(f"{url} {language}" for url, language in qc.urls))
        if qc.integer is not None:
            values = (str(qc.integer),)
        if qc.limit is not None:
            currency = str(int(qc.limit.currency)) if qc.limit.currency.isdigit() else qc.limit.currency
            values = (currency, str(qc.limit.amount), str(qc.limit.exponent))
        statements.append((qc.oid, values))
    assert [(q.oid, q.values) for q in found.qc_statements or ()] == statements
    texts = [(p.oid, p.text) for p in extensions.private if p.text is not None]
    assert [pair for pair in found.private_extensions if pair[0] in dict(texts)] == texts


def test_every_field_of_every_certificate(make: Make, keys: KeyStore, kind: str) -> None:
    provider = make(kind)
    issued = issue(provider, keys)
    for spec in provider.certificates:
        found = parse_certificate(issued.certificates[spec.id])
        assert_matches(found, spec, provider.certificate(spec.issuer))
        assert_pyca_agrees(issued.certificates[spec.id], spec.extensions)


def test_every_signature_verifies_with_its_issuer_and_no_other(make: Make, keys: KeyStore, kind: str) -> None:
    issued = issue(make(kind), keys)
    for spec in issued.specs.values():
        for ca in ("root", "issuing"):
            ok = verify_signed(issued.certificates[spec.id], "certificate", issued.certificates[ca])
            assert ok is (ca == spec.issuer)


def test_key_identifiers_follow_method_one(make: Make, keys: KeyStore) -> None:
    """RFC 5280 section 4.2.1.2: pyca computes method 1 on its own; the root asks for 32 octets instead."""
    issued = issue(make("EC"), keys)
    loaded = {name: pyca.load_der_x509_certificate(der) for name, der in issued.certificates.items()}
    own = pyca.SubjectKeyIdentifier.from_public_key(loaded["issuing"].public_key())
    assert loaded["issuing"].extensions.get_extension_for_class(pyca.SubjectKeyIdentifier).value == own
    authority = loaded["signer"].extensions.get_extension_for_class(pyca.AuthorityKeyIdentifier).value
    assert authority.key_identifier == own.digest
    root = loaded["root"].extensions.get_extension_for_class(pyca.SubjectKeyIdentifier).value
    assert len(root.digest) == 32
    up = loaded["issuing"].extensions.get_extension_for_class(pyca.AuthorityKeyIdentifier).value
    assert up.key_identifier == root.digest


def test_pyca_reads_every_extension_without_warning(make: Make, keys: KeyStore, kind: str) -> None:
    """Warnings are errors in this suite; pyca parses strict DER."""
    for der in issue(make(kind), keys).certificates.values():
        certificate = pyca.load_der_x509_certificate(der)
        assert certificate.version is pyca.Version.v3
        assert len(certificate.extensions) >= 3
        assert certificate.subject.rfc4514_string()
        assert certificate.public_bytes is not None


def test_sm2_public_key_forms(make: Make, keys: KeyStore) -> None:
    """GM/T 0015-2023: id-ecPublicKey or the SM2 OID, the curve as parameter of both."""
    forms = {kind: parse_certificate(issue(make(kind), keys).certificates["signer"]).key for kind in ("SM2", "SM2-oid")}
    assert forms["SM2"].algorithm.oid == "1.2.840.10045.2.1"
    assert forms["SM2-oid"].algorithm.oid == "1.2.156.10197.1.301"
    assert {key.algorithm.parameters for key in forms.values()} == {"1.2.156.10197.1.301"}
    assert {key.kind for key in forms.values()} == {"SM2"}


def test_identity_code_carries_its_context_tag(make: Make, keys: KeyStore) -> None:
    """GB/T 20518: IdentifyCode is a CHOICE; [0] IMPLICIT PrintableString for the resident's card number."""
    signer = pyca.load_der_x509_certificate(issue(make("SM2"), keys).certificates["signer"])
    for oid, wanted in (
        ("1.2.156.10260.4.1.1", b"\x80\x12999999190001010000"),
        ("1.2.156.10260.4.1.4", b"\x13\x1291999999000000000G"),
        ("2.999.5", b"\x05\x00"),
    ):
        value = signer.extensions.get_extension_for_oid(pyca.ObjectIdentifier(oid)).value
        assert isinstance(value, pyca.UnrecognizedExtension)
        assert value.value == wanted


def test_times_are_utctime_until_2049_and_generalizedtime_from_2050(make: Make, keys: KeyStore) -> None:
    """RFC 5280 section 4.1.2.5."""
    root = issue(make("EC"), keys).certificates["root"]
    assert b"\x17\x0d240101000000Z\x18\x0f20540101000000Z" in root


def test_same_profile_and_keys_same_bytes(make: Make, kind: str, keys: KeyStore, tmp_path: Path) -> None:
    """Two stores reading the same files, and two equal profiles, agree; so nothing random and no clock is in it."""
    KeyStore(missing=tmp_path)
    first = issue(make(kind), KeyStore(missing=tmp_path))
    again = issue(replace(make(kind), summary=make(kind).name), KeyStore(tmp_path))
    assert first is not again
    assert dict(first.certificates) == dict(again.certificates)


def test_asking_twice_issues_once(make: Make, keys: KeyStore) -> None:
    assert issue(make("EC"), keys) is issue(make("EC"), keys)


def test_other_keys_other_certificates(make: Make, keys: KeyStore) -> None:
    other = issue(make("EC"), KeyStore(missing="memory"))
    assert other.certificates["root"] != issue(make("EC"), keys).certificates["root"]


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20), st.integers(1, 40))
def test_serial_numbers_are_positive_of_exact_length_and_stable(provider_id: str, name: str, octets: int) -> None:
    serial = serial_number(provider_id, name, octets)
    assert serial > 0
    content = serial.to_bytes(serial.bit_length() // 8 + 1, "big", signed=True)
    assert len(content) == octets
    assert serial == serial_number(provider_id, name, octets)
    if octets >= 8:
        assert serial != serial_number(provider_id, name, octets, "variant")


def test_no_serial_number_is_a_leading_zero_shorter() -> None:
    """Enough of them that a leading octet of zero would be among them; all different (RFC 5280 section 4.1.2.2)."""
    serials = [serial_number("acme", str(index), 4) for index in range(3000)]
    assert {(serial.bit_length() + 7) // 8 for serial in serials} == {4}
    assert len(set(serials)) == len(serials)


OIDS = st.integers(0, 2**40).map(lambda arc: f"2.999.{arc}")
BITS = (
    "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign",
    "encipherOnly", "decipherOnly",
)  # fmt: skip
URIS = st.integers(0, 999).map(lambda n: f"http://host{n}.test/")
INFO = st.builds(
    AccessDescription, ocsp=st.lists(URIS, min_size=1, max_size=2).map(tuple), ca_issuers=st.lists(URIS, max_size=2).map(tuple)
)  # fmt: skip
POINTS = st.lists(st.builds(DistributionPoint, uris=st.lists(URIS, min_size=1, max_size=2).map(tuple)), max_size=2).map(
    tuple
)
HOSTS = st.integers(0, 999).map(lambda n: f"host{n}.test")
NAMES = st.builds(
    AltNames,
    emails=st.lists(st.just("a@mail.test"), max_size=1).map(tuple),
    dns=st.lists(HOSTS, max_size=2).map(tuple),
    uris=st.lists(URIS, max_size=2).map(tuple),
    directories=st.lists(
        st.sampled_from(
            [(NamePart(type="CN", value="机构"),), (NamePart(type="C", value="XX"), NamePart(type="O", value="Test"))]
        ),
        max_size=2,
    ).map(tuple),
    others=st.lists(
        st.builds(
            OtherNameSpec,
            oid=OIDS,
            text=st.sampled_from(["a@b.test", "x"]),
            string=st.sampled_from(["utf8", "ia5", "printable"]),
            origin=st.just("stand-in"),
        ).filter(lambda o: o.string != "printable" or "@" not in o.text),
        max_size=2,
    ).map(tuple),
    critical=st.booleans(),
).filter(lambda names: any(wanted_names(names)))
EXTENSIONS = st.builds(
    Extensions,
    ca=st.sampled_from([None, False, True]),
    basic_constraints_critical=st.booleans(),
    key_usage=st.lists(st.sampled_from(BITS), unique=True).map(tuple),
    key_usage_critical=st.booleans(),
    extended_key_usage=st.lists(OIDS, unique=True, max_size=3).map(tuple),
    extended_key_usage_critical=st.booleans(),
    policies=st.lists(
        st.builds(
            PolicySpec, oid=OIDS, cps=st.none() | URIS, notice=st.none() | st.sampled_from(["For tests only", "仅供测试"]),
            origin=st.just("stand-in"),
        ), max_size=3, unique_by=lambda p: p.oid
    ).map(tuple),
    policies_critical=st.booleans(),
    policy_mappings=st.lists(st.tuples(OIDS, OIDS), max_size=2).map(tuple),
    policy_mappings_critical=st.booleans(),
    policy_constraints_critical=st.booleans(),
    inhibit_any_policy_critical=st.booleans(),
    crl_points_critical=st.booleans(),
    freshest_crl=POINTS,
    freshest_crl_critical=st.booleans(),
    subject_alt=st.none() | NAMES,
    issuer_alt=st.none() | NAMES,
    ocsp_nocheck_critical=st.booleans(),
    subject_key_id_critical=st.booleans(),
    authority_key_id_critical=st.booleans(),
    require_explicit_policy=st.none() | st.integers(0, 300),
    inhibit_policy_mapping=st.none() | st.integers(0, 300),
    inhibit_any_policy=st.none() | st.integers(0, 300),
    qc_statements=st.lists(
        st.builds(QcSpec, oid=st.just("0.4.0.1862.1.6"), oids=st.lists(OIDS, min_size=1, max_size=2).map(tuple), origin=st.just("real"))
        | st.builds(
            QcSpec, oid=st.just("0.4.0.1862.1.2"), origin=st.just("real"),
            limit=st.builds(
                QcLimit, currency=st.sampled_from(["EUR", "CNY", "978", "156", "36"]), amount=st.integers(0, 2**40),
                exponent=st.integers(-3, 9),
            ),
        )
        | st.builds(QcSpec, oid=st.just("0.4.0.1862.1.3"), integer=st.integers(0, 99), origin=st.just("real")),
        max_size=2, unique_by=lambda q: q.oid,
    ).map(tuple),
    qc_critical=st.booleans(),
    authority_info=st.none() | INFO,
    crl_points=POINTS,
    subject_alt_emails=st.lists(st.just("a@mail.test"), max_size=1).map(tuple),
    ocsp_nocheck=st.booleans(),
    subject_key_id=st.sampled_from(["sha1", "sha256", "none"]),
    authority_key_id=st.booleans(),
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(EXTENSIONS, st.integers(1, 20), st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_whatever_the_profile_says_is_in_the_certificate(
    make: Make, keys: KeyStore, extensions: Extensions, octets: int, start: datetime
) -> None:
    provider = make("EC")
    start = start.replace(microsecond=0)
    spec = replace(
        provider.certificate("signer"), extensions=extensions, serial_octets=octets, not_before=start, not_after=start + timedelta(days=1)
    )  # fmt: skip
    provider = replace(provider, certificates=(*provider.certificates[:2], spec, *provider.certificates[3:]))
    found = parse_certificate(issue(provider, keys).certificates["signer"])
    if extensions.ca is None and extensions.key_usage == ():
        assert found.key_usage is None
    assert_matches(replace(found, findings=()), spec, provider.certificate("issuing"))
    # pyca reads no extension at all where encipherOnly stands without keyAgreement
    readable = replace(spec, extensions=replace(extensions, key_usage=()))
    provider = replace(provider, certificates=(*provider.certificates[:2], readable, *provider.certificates[3:]))
    assert_pyca_agrees(issue(provider, keys).certificates["signer"], extensions)


def test_all_mistakes_of_a_profile_at_once(make: Make, keys: KeyStore) -> None:
    provider = make("EC")
    broken = tuple(
        replace(spec, extensions=replace(spec.extensions, key_usage=("signEverything",)))
        if spec.id in ("signer", "tsa")
        else spec
        for spec in provider.certificates
    )
    with pytest.raises(InputError) as caught:
        issue(replace(provider, certificates=broken), keys)
    assert [p.where for p in caught.value.problems] == ["certificates.signer", "certificates.tsa"]
    assert "signEverything" in caught.value.problems[0].what


def test_text_that_does_not_fit_its_string_type_is_named(make: Make, keys: KeyStore) -> None:
    provider = make("EC")
    bad = replace(provider.certificates[0], subject=(NamePart(type="O", value="机构", string="printable"),))
    with pytest.raises(InputError, match="does not fit string type 'printable'"):
        issue(replace(provider, certificates=(bad, *provider.certificates[1:])), keys)


def test_a_signature_algorithm_of_another_key_kind_is_refused(make: Make) -> None:
    key = replace(make("EC").certificates[0].key, signature="rsa-sha256")
    with pytest.raises(ValueError, match="needs a key of kind RSA"):
        signature_identifier(key)


def test_chain_ends_at_the_anchor(make: Make, keys: KeyStore) -> None:
    issued = issue(make("EC"), keys)
    assert issued.chain("signer") == (issued.certificates["issuing"], issued.certificates["root"])
    assert issued.chain("root") == ()
    assert issued.anchors == (issued.certificates["root"],)
    with pytest.raises(UsageError, match="no certificate 'nobody'"):
        issued.chain("nobody")


def test_a_variant_differs_where_it_says_and_in_serial(make: Make, keys: KeyStore) -> None:
    def change(spec: CertificateSpec) -> CertificateSpec:
        return replace(spec, extensions=replace(spec.extensions, policies=())) if spec.id == "signer" else spec

    plain, other = issue(make("EC"), keys), issue(make("EC"), keys, variant=Variant(name="no-policies", change=change))
    same = {name for name, der in plain.certificates.items() if other.certificates[name] == der}
    assert same == set(plain.certificates) - {"signer"}
    before, after = parse_certificate(plain.certificates["signer"]), parse_certificate(other.certificates["signer"])
    assert before.serial != after.serial
    assert after.policies is None


# ---- other software


def pem(folder: Path, name: str, der: bytes) -> Path:
    from cryptography.hazmat.primitives.serialization import Encoding

    path = folder / f"{name}.pem"
    path.write_bytes(pyca.load_der_x509_certificate(der).public_bytes(Encoding.PEM))
    return path


AT = str(int(datetime(2026, 3, 1, tzinfo=UTC).timestamp()))


@pytest.mark.parametrize("kind", ["RSA", "EC"])
@pytest.mark.parametrize("leaf", ["signer", "tsa", "ocsp"])
def test_openssl_accepts_the_path_strictly(
    *, make: Make, keys: KeyStore, openssl: OpenSsl, tmp_path: Path, kind: str, leaf: str
) -> None:
    """`-x509_strict` and policy processing: the policy survives, with requireExplicitPolicy 0 in the CA."""
    issued = issue(make(kind), keys)
    root, ca, end = (pem(tmp_path, name, issued.certificates[name]) for name in ("root", "issuing", leaf))
    done = openssl(
        "verify", "-x509_strict", "-attime", AT, "-policy_check", "-explicit_policy", "-policy", "2.999.1.1",
        "-CAfile", root, "-untrusted", ca, end,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_openssl_refuses_a_policy_that_is_not_there(
    make: Make, keys: KeyStore, openssl: OpenSsl, tmp_path: Path
) -> None:
    """The control of the test above: the same path, another policy."""
    issued = issue(make("EC"), keys)
    root, ca, end = (pem(tmp_path, name, issued.certificates[name]) for name in ("root", "issuing", "signer"))
    done = openssl(
        "verify", "-attime", AT, "-policy_check", "-explicit_policy", "-policy", "2.999.1.9", "-CAfile", root, "-untrusted", ca, end,
    )  # fmt: skip
    assert done.returncode != 0


@pytest.mark.parametrize("kind", ["SM2", "SM2-oid"])
@pytest.mark.parametrize(
    ("issuer", "subject"), [("root", "issuing"), ("issuing", "signer"), ("issuing", "tsa"), ("issuing", "ocsp")]
)
def test_openssl_accepts_each_sm2_edge(
    *, make: Make, keys: KeyStore, openssl: OpenSsl, tmp_path: Path, kind: str, issuer: str, subject: str
) -> None:
    """`-vfyopt distid` reaches the target certificate alone, hence edge by edge."""
    issued = issue(make(kind), keys)
    up, down = pem(tmp_path, issuer, issued.certificates[issuer]), pem(tmp_path, subject, issued.certificates[subject])
    common = ("verify", "-attime", AT, "-partial_chain", "-trusted", up)
    assert openssl(*common, "-vfyopt", "distid:1234567812345678", down).returncode == 0
    assert openssl(*common, "-vfyopt", "distid:another-distinguishing-id", down).returncode != 0
