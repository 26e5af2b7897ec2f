"""CRLs and OCSP answers as of a time (RFC 5280 section 5, RFC 6960), and the history behind them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509 as pyca
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as pyca_ocsp
from hypothesis import given
from hypothesis import strategies as st

from interop.model.errors import InputError
from interop.model.profile import Provider, StatusEvent
from interop.pki.history import Standing, standing
from interop.pki.issue import Issued, issue
from interop.pki.keystore import KeyStore
from interop.pki.status import Published, publish
from interop.x509.certificate import object_id, parse_certificate
from interop.x509.crl import parse_crl
from interop.x509.edge import answers, names_responder, verify_signed
from interop.x509.ocsp import ocsp_certificates, parse_ocsp

Make = Callable[..., Provider]
OpenSsl = Callable[..., subprocess.CompletedProcess[str]]

AT = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)
REVOKED = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def event(at: datetime, status: str, certificate: str = "signer", reason: str = "keyCompromise") -> StatusEvent:
    return StatusEvent(certificate=certificate, at=at, status=status, reason=reason)


def hierarchy(make: Make, keys: KeyStore, kind: str, *events: StatusEvent, **services: object) -> Issued:
    plain = make(kind)
    return issue(replace(plain, services=replace(plain.services, events=events, **services)), keys)


def crl_of(answers_: tuple[Published, ...], ca: str) -> bytes:
    return next(a.der for a in answers_ if a.kind == "crl" and a.service.endswith(f"/{ca}"))


def ocsp_of(answers_: tuple[Published, ...], certificate: str | None) -> bytes:
    return next(a.der for a in answers_ if a.kind == "ocsp" and a.certificate == certificate)


# ---- history


def test_history_follows_the_events() -> None:
    day = timedelta(days=1)
    events = (event(AT, "suspended"), event(AT + day, "resumed"), event(AT + 2 * day, "revoked", reason="superseded"))
    assert standing(events, "signer", AT - day) is None
    assert standing(events, "signer", AT) == Standing(since=AT, reason="certificateHold")
    assert standing(events, "signer", AT + day) is None
    assert standing(events, "signer", AT + 9 * day) == Standing(since=AT + 2 * day, reason="superseded")
    assert standing(events, "tsa", AT + 9 * day) is None


@given(st.permutations(range(4)))
def test_order_of_writing_does_not_matter_and_revocation_is_final(order: list[int]) -> None:
    """RFC 5280 section 5.3.1: only a hold may be lifted."""
    story = ("suspended", "revoked", "resumed", "suspended")
    events = [event(AT + timedelta(index), story[index]) for index in order]
    assert standing(events, "signer", AT + timedelta(9)) == Standing(since=AT + timedelta(1), reason="keyCompromise")


# ---- CRL


def test_one_crl_for_every_ca_signed_by_it(make: Make, keys: KeyStore, kind: str) -> None:
    issued = issue(make(kind), keys)
    found = publish(issued, AT)
    assert [a.service for a in found if a.kind == "crl"] == [
        f"test-{kind.lower()}/crl/root",
        f"test-{kind.lower()}/crl/issuing",
    ]
    for ca in ("root", "issuing"):
        der = crl_of(found, ca)
        crl, certificate = parse_crl(der), parse_certificate(issued.certificates[ca])
        assert crl.findings == ()
        assert crl.issuer == certificate.subject
        assert crl.authority_key_id == certificate.subject_key_id
        assert (crl.revoked, crl.indirect, crl.delta_base, crl.distribution_point) == ((), False, None, ())
        assert verify_signed(der, "crl", issued.certificates[ca]) is True
        assert verify_signed(der, "crl", issued.certificates["signer"]) is False


@pytest.mark.parametrize(
    ("hours", "begun"),
    [(24, datetime(2026, 3, 2, tzinfo=UTC)), (1, datetime(2026, 3, 2, 9, tzinfo=UTC)), (6, datetime(2026, 3, 2, 6, tzinfo=UTC))],
)  # fmt: skip
def test_this_update_is_the_last_multiple_of_the_period(
    make: Make, keys: KeyStore, hours: int, begun: datetime
) -> None:
    issued = hierarchy(make, keys, "EC", crl_period_hours=hours, crl_next_update_days=3)
    crl = parse_crl(crl_of(publish(issued, AT), "issuing"))
    assert (crl.this_update, crl.next_update) == (begun, begun + timedelta(days=3))


def test_crl_numbers_rise_with_the_periods(make: Make, keys: KeyStore) -> None:
    """RFC 5280 section 5.2.3: monotonically increasing, and equal only for the same CRL."""
    issued = issue(make("EC"), keys)
    crls = [parse_crl(crl_of(publish(issued, AT + timedelta(hours=12 * n)), "issuing")) for n in range(6)]
    numbers = [crl.number for crl in crls if crl.number is not None]
    assert numbers == [crl.number for crl in crls]
    assert numbers == sorted(numbers)
    assert len({(crl.number, crl.id) for crl in crls}) == len(set(numbers)) == len({crl.id for crl in crls}) == 3


def test_a_crl_knows_what_happened_before_it_was_issued(make: Make, keys: KeyStore) -> None:
    """Revoked at 06:00: the CRL of midnight does not know yet, the next one does; OCSP knows at once."""
    issued = hierarchy(make, keys, "EC", event(REVOKED, "revoked"))
    serial = parse_certificate(issued.certificates["signer"]).serial
    assert parse_crl(crl_of(publish(issued, AT), "issuing")).revoked == ()
    assert parse_ocsp(ocsp_of(publish(issued, AT), "signer")).responses[0].status == "revoked"
    (entry,) = parse_crl(crl_of(publish(issued, AT + timedelta(days=1)), "issuing")).revoked
    assert (entry.serial, entry.date, entry.reason) == (serial, REVOKED, "keyCompromise")


def test_suspension_comes_and_goes(make: Make, keys: KeyStore) -> None:
    day = timedelta(days=1)
    issued = hierarchy(make, keys, "SM2", event(REVOKED, "suspended"), event(REVOKED + 3 * day, "resumed"))
    (held,) = parse_crl(crl_of(publish(issued, AT + day), "issuing")).revoked
    assert held.reason == "certificateHold"
    assert parse_ocsp(ocsp_of(publish(issued, AT + day), "signer")).responses[0].reason == "certificateHold"
    assert parse_crl(crl_of(publish(issued, AT + 4 * day), "issuing")).revoked == ()
    assert parse_ocsp(ocsp_of(publish(issued, AT + 4 * day), "signer")).responses[0].status == "good"


def test_an_unspecified_reason_is_left_out(make: Make, keys: KeyStore) -> None:
    """RFC 5280 section 5.3.1: the extension should be absent rather than say unspecified (0)."""
    issued = hierarchy(make, keys, "EC", event(REVOKED, "revoked", reason="unspecified"))
    (entry,) = parse_crl(crl_of(publish(issued, AT + timedelta(days=1)), "issuing")).revoked
    assert entry.reason is None
    assert parse_ocsp(ocsp_of(publish(issued, AT), "signer")).responses[0].reason is None


def test_a_revoked_ca_stands_on_the_crl_of_its_issuer(make: Make, keys: KeyStore) -> None:
    issued = hierarchy(make, keys, "EC", event(REVOKED, "revoked", "issuing", "cACompromise"))
    found = publish(issued, AT + timedelta(days=1))
    (entry,) = parse_crl(crl_of(found, "root")).revoked
    assert entry.serial == parse_certificate(issued.certificates["issuing"]).serial
    assert entry.reason == "cACompromise"
    assert parse_crl(crl_of(found, "issuing")).revoked == ()


def test_an_expired_ca_publishes_nothing_more(make: Make, keys: KeyStore) -> None:
    """The issuing CA ends on 2034-01-01; its last CRL before stays, its OCSP answers end; the root goes on."""
    issued = issue(make("EC"), keys)
    end = parse_certificate(issued.certificates["issuing"]).not_after
    last = crl_of(publish(issued, end), "issuing")
    later = publish(issued, end + timedelta(days=400))
    assert crl_of(later, "issuing") == last
    assert parse_crl(last).this_update <= end
    assert not [a for a in later if a.service.endswith("/ocsp/issuing")]
    assert parse_crl(crl_of(later, "root")).this_update > end


def test_nothing_is_published_before_a_ca_exists(make: Make, keys: KeyStore) -> None:
    issued = issue(make("EC"), keys)
    start = parse_certificate(issued.certificates["root"]).not_before
    assert publish(issued, start - timedelta(seconds=1)) == ()
    first = parse_crl(crl_of(publish(issued, start + timedelta(minutes=5)), "root"))
    assert first.this_update == start


def test_services_can_be_switched_off(make: Make, keys: KeyStore) -> None:
    assert {a.kind for a in publish(hierarchy(make, keys, "EC", ocsp=False), AT)} == {"crl"}
    assert {a.kind for a in publish(hierarchy(make, keys, "EC", crl=False), AT)} == {"ocsp"}
    assert publish(hierarchy(make, keys, "EC", crl=False, ocsp=False), AT) == ()


# ---- OCSP


def test_every_certificate_that_is_asked_for_has_an_answer(make: Make, keys: KeyStore, kind: str) -> None:
    """Signer and TSA by the delegated responder; the responder itself says nocheck; the root has no issuer."""
    issued = issue(make(kind), keys)
    found = publish(issued, AT)
    assert [a.certificate for a in found if a.kind == "ocsp"] == ["signer", "tsa"]
    issuer = issued.certificates["issuing"]
    for name in ("signer", "tsa"):
        der = ocsp_of(found, name)
        response = parse_ocsp(der)
        (single,) = response.responses
        assert response.findings == ()
        assert (response.produced_at, single.this_update, single.next_update) == (AT, AT, AT + timedelta(hours=24))
        assert single.status == "good"
        assert single.hash_algorithm == ("sm3" if kind == "SM2-oid" else "sha1")
        assert response.certificates == (object_id(issued.certificates["ocsp"]),)
        assert ocsp_certificates(der) == (issued.certificates["ocsp"],)
        assert response.responder_key_hash is not None
        assert names_responder(response, issued.certificates["ocsp"])
        assert verify_signed(der, "ocsp", issued.certificates["ocsp"]) is True
        assert verify_signed(der, "ocsp", issued.certificates["issuing"]) is False
        for other in ("signer", "tsa"):
            assert answers(der, "ocsp", issued.certificates[other], issuer) is (other == name)


def test_without_delegation_the_ca_answers_itself(make: Make, keys: KeyStore) -> None:
    issued = hierarchy(make, keys, "EC", ocsp_delegated=False)
    found = publish(issued, AT)
    assert {a.certificate for a in found if a.kind == "ocsp"} == {"issuing", "signer", "tsa"}
    for name, ca in (("issuing", "root"), ("signer", "issuing")):
        der = ocsp_of(found, name)
        response = parse_ocsp(der)
        assert (response.responder_key_hash, response.certificates) == (None, ())
        assert response.responder_name == parse_certificate(issued.certificates[ca]).subject.normal
        assert verify_signed(der, "ocsp", issued.certificates[ca]) is True


def test_guests_are_answered_for(make: Make, keys: KeyStore) -> None:
    """A signer certificate that is not in the profile, from the same CA; one of another CA is not."""
    issued = issue(make("EC"), keys)
    stranger = issue(make("RSA"), keys).certificates["root"]
    guest = issued.certificates["tsa"]
    found = publish(issued, AT, also=(guest, stranger))
    assert [a.certificate for a in found if a.kind == "ocsp"] == ["signer", "tsa", None]
    assert parse_ocsp(ocsp_of(found, None)).responses[0].serial == parse_certificate(guest).serial


def test_unknown_words_of_a_profile_are_named(make: Make, keys: KeyStore) -> None:
    with pytest.raises(InputError, match="unknown digest 'md7'"):
        publish(hierarchy(make, keys, "EC", ocsp_hash="md7"), AT)
    with pytest.raises(InputError, match="unknown reason 'boredom'"):
        publish(hierarchy(make, keys, "EC", event(REVOKED, "revoked", reason="boredom")), AT)


def test_equal_times_equal_bytes(make: Make, keys: KeyStore, kind: str) -> None:
    """Another hierarchy object of the same profile and keys, so that the memory of answers plays no part."""
    one = issue(make(kind), keys)
    other = issue(replace(make(kind), jurisdiction="XY"), keys)
    assert one is not other
    assert publish(one, AT) == publish(other, AT)
    assert publish(one, AT) is publish(one, AT)


# ---- other software


def test_pyca_reads_what_we_publish(make: Make, keys: KeyStore, kind: str) -> None:
    """An independent strict DER reader sees the same facts, without a warning."""
    issued = hierarchy(make, keys, kind, event(REVOKED, "revoked"))
    serial = parse_certificate(issued.certificates["signer"]).serial
    found = publish(issued, AT + timedelta(days=1))
    crl = pyca.load_der_x509_crl(crl_of(found, "issuing"))
    entry = crl.get_revoked_certificate_by_serial_number(serial)
    assert entry is not None
    assert entry.revocation_date_utc == REVOKED
    assert entry.extensions.get_extension_for_class(pyca.CRLReason).value.reason is pyca.ReasonFlags.key_compromise
    assert len(crl.extensions) == 2
    response = pyca_ocsp.load_der_ocsp_response(ocsp_of(found, "signer"))
    assert response.response_status is pyca_ocsp.OCSPResponseStatus.SUCCESSFUL
    single = next(iter(response.responses))
    assert single.certificate_status is pyca_ocsp.OCSPCertStatus.REVOKED
    assert (single.serial_number, single.revocation_time_utc) == (serial, REVOKED)
    assert single.revocation_reason is pyca.ReasonFlags.key_compromise
    assert [c.public_bytes(Encoding.DER) for c in response.certificates] == [issued.certificates["ocsp"]]


def pem(folder: Path, name: str, der: bytes) -> Path:
    path = folder / f"{name}.pem"
    path.write_bytes(pyca.load_der_x509_certificate(der).public_bytes(Encoding.PEM))
    return path


@pytest.mark.parametrize("kind", ["RSA", "EC"])
def test_openssl_accepts_crl_and_ocsp(
    *, make: Make, keys: KeyStore, openssl: OpenSsl, tmp_path: Path, kind: str
) -> None:
    issued = hierarchy(make, keys, kind, event(REVOKED, "revoked", "tsa"))
    found = publish(issued, AT)
    root, ca, signer, tsa = (pem(tmp_path, name, issued.certificates[name]) for name in ("root", "issuing", "signer", "tsa"))  # fmt: skip
    both = tmp_path / "both.pem"
    both.write_bytes(root.read_bytes() + ca.read_bytes())
    crl = tmp_path / "issuing.crl"
    crl.write_bytes(crl_of(found, "issuing"))
    done = openssl("crl", "-inform", "DER", "-in", crl, "-CAfile", both, "-noout")
    assert "verify OK" in done.stdout + done.stderr
    for name, path, word in (("signer", signer, "good"), ("tsa", tsa, "revoked")):
        answer = tmp_path / f"{name}.ocsp"
        answer.write_bytes(ocsp_of(found, name))
        done = openssl(
            "ocsp", "-respin", answer, "-issuer", ca, "-cert", path, "-CAfile", root, "-no_nonce", "-verify_other", ca,
            "-attime", str(int(AT.timestamp())), "-validity_period", "1000000000",
        )  # fmt: skip
        assert "Response verify OK" in done.stderr, done.stderr
        assert f"{path}: {word}" in done.stdout


@pytest.mark.parametrize("kind", ["RSA", "EC"])
def test_openssl_path_with_crl_check(
    *, make: Make, keys: KeyStore, openssl: OpenSsl, tmp_path: Path, kind: str
) -> None:
    """`-crl_check_all` with our CRLs: good, and refused after the revocation is on the CRL."""
    for events, wanted in (((), 0), ((event(REVOKED, "revoked"),), 2)):
        issued = hierarchy(make, keys, kind, *events)
        root, ca, signer = (pem(tmp_path, name, issued.certificates[name]) for name in ("root", "issuing", "signer"))
        later = AT + timedelta(days=1)
        crls = tmp_path / "crls.pem"
        crls.write_bytes(
            b"".join(
                pyca.load_der_x509_crl(crl_of(publish(issued, later), name)).public_bytes(Encoding.PEM)
                for name in ("root", "issuing")
            )
        )
        done = openssl(
            "verify", "-attime", str(int(later.timestamp())), "-crl_check_all", "-CRLfile", crls, "-CAfile", root, "-untrusted", ca, signer,
        )  # fmt: skip
        assert done.returncode == wanted, done.stderr
        assert (wanted == 0) or "certificate revoked" in done.stderr


@pytest.mark.parametrize("kind", ["SM2", "SM2-oid"])
def test_openssl_verifies_the_sm2_value_of_a_crl(
    *, make: Make, keys: KeyStore, openssl: OpenSsl, tmp_path: Path, kind: str
) -> None:
    """`openssl crl` cannot be told the distinguishing ID, so the body is checked with `dgst`."""
    issued = issue(make(kind), keys)
    crl = pyca.load_der_x509_crl(crl_of(publish(issued, AT), "issuing"))
    body, value, key = tmp_path / "tbs", tmp_path / "sig", tmp_path / "key.pem"
    body.write_bytes(crl.tbs_certlist_bytes)
    value.write_bytes(crl.signature)
    certificate = pem(tmp_path, "issuing", issued.certificates["issuing"])
    key.write_text(openssl("x509", "-in", certificate, "-noout", "-pubkey").stdout)
    common = ("dgst", "-sm3", "-verify", key, "-signature", value)
    assert "Verified OK" in openssl(*common, "-sigopt", "distid:1234567812345678", body).stdout
    assert "Verified OK" not in openssl(*common, body).stdout
