"""Broken signer certificates: the same subject, key and issuer; one thing differs from the control."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from interop.model.errors import UsageError
from interop.model.profile import Provider
from interop.pki.issue import Issued, issue
from interop.pki.keystore import KeyStore
from interop.pki.status import publish
from interop.pki.variant import SIGNER_VARIANTS, signer_variant
from interop.x509.certificate import parse_certificate
from interop.x509.edge import verify_signed
from interop.x509.ocsp import parse_ocsp

Make = Callable[..., Provider]
SIGNING = datetime(2026, 3, 1, tzinfo=UTC)
DIFFERS = {
    "expired": {"not_before", "not_after"},
    "not-yet-valid": {"not_before", "not_after"},
    "no-key-usage": {"key_usage"},
    "no-policies": {"policies", "extensions"},
    "no-qc-statements": {"qc_statements", "extensions"},
}


@pytest.fixture
def issued(make: Make, keys: KeyStore, kind: str) -> Issued:
    return issue(make(kind), keys)


@pytest.mark.parametrize("variant", list(SIGNER_VARIANTS))
def test_exactly_the_one_thing_differs(issued: Issued, variant: str) -> None:
    der, key = signer_variant(issued, "person", variant, SIGNING)
    control, broken = parse_certificate(issued.certificates["signer"]), parse_certificate(der)
    different = {f.name for f in fields(control) if getattr(control, f.name) != getattr(broken, f.name)}
    assert different == DIFFERS[variant] | {"id", "serial"}
    assert key.spki == issued.key("signer").spki
    assert verify_signed(der, "certificate", issued.certificates["issuing"]) is True
    assert signer_variant(issued, "person", variant, SIGNING)[0] == der


def test_expired_ended_before_signing_after_a_year(issued: Issued) -> None:
    certificate = parse_certificate(signer_variant(issued, "person", "expired", SIGNING)[0])
    assert certificate.not_after < SIGNING
    assert certificate.not_after - certificate.not_before == timedelta(days=365)


def test_no_key_usage_may_not_sign(issued: Issued) -> None:
    certificate = parse_certificate(signer_variant(issued, "person", "no-key-usage", SIGNING)[0])
    wanted = "keyEncipherment" if issued.key("signer").kind in ("RSA", "SM2") else "keyAgreement"
    assert certificate.key_usage == {wanted}
    assert certificate.critical("2.5.29.15")


def test_the_services_answer_for_a_variant(issued: Issued) -> None:
    der = signer_variant(issued, "person", "no-key-usage", SIGNING)[0]
    found = publish(issued, SIGNING, also=(der,))
    responses = [parse_ocsp(a.der).responses[0] for a in found if a.kind == "ocsp"]
    assert parse_certificate(der).serial in {response.serial for response in responses}


def test_unknown_names_are_usage_errors(issued: Issued) -> None:
    with pytest.raises(UsageError, match="no identity 'nobody'"):
        signer_variant(issued, "nobody", "expired", SIGNING)
    with pytest.raises(UsageError, match="unknown signer variant 'melted'"):
        signer_variant(issued, "person", "melted", SIGNING)
