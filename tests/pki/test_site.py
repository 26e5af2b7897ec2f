"""The site: every URL in the certificates answers, by host and by path; what is not there says so. No sockets."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509 import ocsp as pyca_ocsp

from interop.model.errors import InputError
from interop.model.hierarchy import AccessDescription, DistributionPoint
from interop.model.profile import Provider
from interop.pki.address import address_of, rewritten
from interop.pki.bundle import bundle
from interop.pki.crl import crl
from interop.pki.issue import Issued, issue
from interop.pki.keystore import KeyStore
from interop.pki.ocsp import certificate_id, ocsp
from interop.pki.ocsp_request import ocsp_request
from interop.pki.shipped import shipped_keys
from interop.pki.site import Site
from interop.pki.status import publish
from interop.pki.tsa import Stamp
from interop.pki.tsa_request import stamp_request
from interop.profile.data import providers_dir
from interop.profile.load import load_provider
from interop.x509.certificate import certificate_parts

Make = Callable[..., Provider]
AT = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)
SHIPPED = sorted(path.stem for path in providers_dir().glob("*.toml"))


@pytest.fixture(scope="module")
def issued(make: Make, keys: KeyStore) -> Issued:
    return issue(make("EC"), keys)


@pytest.fixture(scope="module")
def site(issued: Issued) -> Site:
    return Site.build([issued])


def get(site: Site, host: str, path: str) -> tuple[int, str, bytes]:
    reply = site.reply("GET", host, path, b"", AT)
    return reply.status, reply.content_type, reply.body


def asked(issued: Issued, name: str = "signer") -> bytes:
    ca = issued.spec(issued.spec(name).issuer)
    return ocsp_request((certificate_id(issued, ca, certificate_parts(issued.certificates[name]).serial),))


def test_downloads(site: Site, issued: Issued) -> None:
    issuing = crl(issued, "signer", AT)
    for host, path in (
        ("crl.test", "/issuing.crl"),
        ("", "/crl.test/issuing.crl"),
        ("x", "/test-ec/crl/issuing.crl"),
        ("CRL.test", "/a.crl"),
    ):
        assert get(site, host, path) == (200, "application/pkix-crl", issuing)
    assert get(site, "ca.test", "/issuing.cer") == (200, "application/pkix-cert", issued.certificates["issuing"])
    status, kind, body = get(site, "ca.test", "/root.p7c")
    assert (status, kind) == (200, "application/pkcs7-mime")
    (carried,) = pkcs7.load_der_pkcs7_certificates(body)
    assert carried.public_bytes(Encoding.DER) == issued.certificates["root"]
    assert get(site, "127.0.0.1:1", "/test-ec/certificates/signer.cer")[2] == issued.certificates["signer"]


def test_a_bundle_carries_each_certificate_once(issued: Issued) -> None:
    certificates = list(issued.certificates.values())
    read = pkcs7.load_der_pkcs7_certificates(bundle((*certificates, *certificates)))
    assert sorted(c.public_bytes(Encoding.DER) for c in read) == sorted(certificates)


def test_ocsp_by_post_and_by_get(site: Site, issued: Issued) -> None:
    request, wanted = asked(issued), ocsp(issued, "signer", AT)
    by_post = site.reply("POST", "ocsp.test", "/", request, AT)
    assert (by_post.status, by_post.content_type, by_post.body) == (200, "application/ocsp-response", wanted)
    text = quote(base64.b64encode(request).decode(), safe="")
    for host, path in (("ocsp.test", f"/{text}"), ("", f"/ocsp.test/{text}"), ("", f"/test-ec/ocsp/issuing/{text}")):
        assert get(site, host, path) == (200, "application/ocsp-response", wanted)
    slashes = quote(base64.b64encode(request).decode(), safe="/")
    assert get(site, "ocsp.test", f"/{slashes}")[2] == wanted
    for nonsense in ("/!!!", "/AAAA", "/%ff"):
        answer = pyca_ocsp.load_der_ocsp_response(get(site, "ocsp.test", nonsense)[2])
        assert answer.response_status is pyca_ocsp.OCSPResponseStatus.MALFORMED_REQUEST


def test_a_responder_speaks_for_its_own_ca_alone(site: Site, issued: Issued) -> None:
    """http://ocsp.test/ stands in certificates of the issuing CA."""
    answer = pyca_ocsp.load_der_ocsp_response(site.reply("POST", "ocsp.test", "/", asked(issued, "issuing"), AT).body)
    assert answer.response_status is pyca_ocsp.OCSPResponseStatus.UNAUTHORIZED
    own = site.reply("POST", "", "/test-ec/ocsp/root", asked(issued, "issuing"), AT).body
    assert pyca_ocsp.load_der_ocsp_response(own).certificate_status is pyca_ocsp.OCSPCertStatus.GOOD


def test_guests_are_answered_for(issued: Issued, keys: KeyStore) -> None:
    from interop.pki.variant import signer_variant

    guest, _ = signer_variant(issued, "person", "no-policies", AT)
    request = ocsp_request((certificate_id(issued, issued.spec("issuing"), certificate_parts(guest).serial),))
    for also, wanted in (({}, "UNKNOWN"), ({"test-ec": (guest,)}, "GOOD")):
        body = Site.build([issued], also=also).reply("POST", "ocsp.test", "/", request, AT).body
        assert pyca_ocsp.load_der_ocsp_response(body).certificate_status.name == wanted


def test_time_stamps(site: Site) -> None:
    request = stamp_request(Stamp(digest="sha256", imprint=bytes(32)))
    one, other = (site.reply("POST", "", path, request, AT) for path in ("/test-ec/tsa", "/test-ec/tsa/tsa"))
    assert one == other
    assert (one.status, one.content_type) == (200, "application/timestamp-reply")
    assert bytes(32) in one.body
    assert site.reply("GET", "", "/test-ec/tsa", b"", AT).status == 405


def test_what_is_not_there(site: Site, issued: Issued) -> None:
    assert get(site, "crl.test", "/nothing.crl")[0] == 404
    assert get(site, "nowhere.test", "/")[0] == 200  # the list
    assert site.reply("POST", "crl.test", "/issuing.crl", b"", AT).status == 405
    assert site.reply("PUT", "ocsp.test", "/", b"", AT).status == 405
    before = site.reply("GET", "crl.test", "/issuing.crl", b"", datetime(2020, 1, 1, tzinfo=UTC))
    assert before.status == 404
    listed = get(site, "", "/")[2].decode()
    assert "http://crl.test/issuing.crl  crl of test-ec: issuing\n" in listed
    assert "/test-ec/tsa  time-stamps of test-ec: tsa\n" in listed


def test_one_url_for_two_things_is_a_mistake(make: Make, keys: KeyStore) -> None:
    plain = make("EC")
    same = (DistributionPoint(uris=("http://crl.test/root.crl",)),)
    specs = [
        replace(s, extensions=replace(s.extensions, crl_points=same)) if s.id == "tsa" else s
        for s in plain.certificates
    ]
    with pytest.raises(InputError, match=r"crl.test/root.crl") as caught:
        Site.build([issue(replace(plain, certificates=tuple(specs)), keys)])
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("base", [None, "http://127.0.0.1:8080"])
def test_every_url_of_a_shipped_provider_answers(name: str, base: str | None) -> None:
    """CRLs, deltas, issuers, repositories and OCSP: what a certificate names is what is published about it."""
    provider = load_provider(providers_dir() / f"{name}.toml")
    issued = issue(provider if base is None else rewritten(provider, base), shipped_keys())
    site = Site.build([issued])
    published = publish(issued, AT)
    for spec in issued.specs.values():
        has = spec.extensions
        info, more = has.authority_info or AccessDescription(), has.subject_info or AccessDescription()
        for address in filter(None, (address_of(uri) for point in has.crl_points for uri in point.uris)):
            body = get(site, *address)[2]
            assert [a for a in published if a.der == body and spec.id in a.about], (spec.id, address)
        for address in filter(None, (address_of(uri) for point in has.freshest_crl for uri in point.uris)):
            body = get(site, *address)[2]
            assert [a for a in published if a.der == body and a.delta and spec.id in a.about], (spec.id, address)
        for address in filter(None, map(address_of, info.ocsp)):
            body = site.reply("POST", *address, asked(issued, spec.id), AT).body
            assert [a for a in published if a.der == body and a.certificate == spec.id], (spec.id, address)
        for url in info.ca_issuers:
            address = address_of(url)
            assert address is not None
            body = get(site, *address)[2]
            found = [body]
            if url.endswith(".p7c"):
                found = [c.public_bytes(Encoding.DER) for c in pkcs7.load_der_pkcs7_certificates(body)]
            assert issued.certificates[spec.issuer] in found
        for url in more.ca_repository:
            address = address_of(url)
            assert address is not None
            status, kind, body = get(site, *address)
            assert (status, kind) == (200, "application/pkcs7-mime")
            below = [
                issued.certificates[s.id]
                for s in issued.specs.values()
                if s.issuer == spec.id != s.id and s.extensions.ca
            ]
            assert all(der in body for der in below)
    if base is not None:
        assert not [der for der in issued.certificates.values() if b"http://crl." in der or b"http://ocsp." in der]
