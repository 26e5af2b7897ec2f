"""Time-stamp tokens of the provider's TSA (RFC 3161)."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509 as pyca
from cryptography.hazmat.primitives.serialization import Encoding

from interop.cms.token import observe_token
from interop.crypto.digests import digest_bytes
from interop.model.errors import UsageError
from interop.model.profile import Provider
from interop.pki.issue import issue
from interop.pki.keystore import KeyStore
from interop.pki.tsa import stamper, timestamp
from interop.x509.certificate import object_id

Make = Callable[..., Provider]
OpenSsl = Callable[..., subprocess.CompletedProcess[str]]
AT = datetime(2026, 3, 1, 0, 0, 5, tzinfo=UTC)
DATA = b"a signature value"


def test_a_token_says_what_the_profile_says(make: Make, keys: KeyStore, kind: str) -> None:
    issued = issue(make(kind), keys)
    token = observe_token(timestamp(issued, None, DATA, AT), kind="signature", stands_on=DATA).facts
    digest = "sm3" if kind.startswith("SM2") else "sha256"
    assert (token.time, token.policy, token.accuracy_ms) == (AT, "2.999.1", 1000)
    assert (token.imprint.digest, token.imprint.ok, token.value_ok) == (digest, True, True)
    assert token.findings == ()
    (ess,) = [b for b in token.bound_by if b.how == "signing-certificate-v2"]
    assert (ess.certificate, ess.digest_ok) == (object_id(issued.certificates["tsa"]), True)
    assert token.certificates[0] == object_id(issued.certificates["tsa"])


def test_a_token_does_not_stand_on_other_data(make: Make, keys: KeyStore, kind: str) -> None:
    token = timestamp(issue(make(kind), keys), None, DATA, AT)
    assert observe_token(token, kind="signature", stands_on=DATA + b".").facts.imprint.ok is False


def test_equal_requests_equal_tokens(make: Make, keys: KeyStore, kind: str) -> None:
    issued = issue(make(kind), keys)
    token = timestamp(issued, None, DATA, AT)
    assert timestamp(issued, None, DATA, AT) == token == stamper(issued, AT)(None, DATA)
    serials = {
        observe_token(timestamp(issued, None, data, at), kind="signature", stands_on=data).facts.serial
        for data in (DATA, b"other")
        for at in (AT, AT + timedelta(seconds=1))
    }
    assert len(serials) == 4


def test_an_authority_signs_with_the_id_and_parameters_of_its_key(make: Make, keys: KeyStore) -> None:
    plain = make("SM2")
    certificates = tuple(
        replace(spec, key=replace(spec.key, sm2_id="TEST-TSA", null_parameters=True)) if spec.id == "tsa" else spec
        for spec in plain.certificates
    )
    own = timestamp(issue(replace(plain, certificates=certificates), keys), None, DATA, AT)
    told = observe_token(own, kind="signature", stands_on=DATA, sm2_ids=("TEST-TSA",)).facts
    assert told.algorithm is not None
    assert (told.value_ok, told.algorithm.sm2_id, told.algorithm.parameters) == (True, "TEST-TSA", "null")
    assert observe_token(own, kind="signature", stands_on=DATA).facts.value_ok is False


def test_the_imprint_digest_can_be_chosen(make: Make, keys: KeyStore) -> None:
    token = observe_token(
        timestamp(issue(make("EC"), keys), "sha512", DATA, AT), kind="signature", stands_on=DATA
    ).facts
    assert (token.imprint.digest, token.imprint.ok) == ("sha512", True)


def test_a_tsa_does_not_stamp_outside_its_validity(make: Make, keys: KeyStore) -> None:
    with pytest.raises(UsageError, match="cannot stamp at 2035"):
        timestamp(issue(make("EC"), keys), None, DATA, datetime(2035, 1, 1, tzinfo=UTC))


def test_a_provider_without_tsa_gives_no_token(make: Make, keys: KeyStore) -> None:
    provider = make("EC")
    provider = replace(provider, services=replace(provider.services, tsa=None))
    with pytest.raises(UsageError, match="no time-stamping authority"):
        timestamp(issue(provider, keys), None, DATA, AT)


@pytest.mark.parametrize("kind", ["RSA", "EC"])
def test_openssl_accepts_the_token(*, make: Make, keys: KeyStore, openssl: OpenSsl, tmp_path: Path, kind: str) -> None:
    issued = issue(make(kind), keys)
    token, data, wrong = tmp_path / "token", tmp_path / "data", tmp_path / "wrong"
    token.write_bytes(timestamp(issued, None, DATA, AT))
    data.write_bytes(DATA)
    wrong.write_bytes(digest_bytes("sha256", DATA))
    for name in ("root", "issuing"):
        der = issued.certificates[name]
        (tmp_path / name).write_bytes(pyca.load_der_x509_certificate(der).public_bytes(Encoding.PEM))
    common = (
        "ts", "-verify", "-in", token, "-token_in", "-CAfile", tmp_path / "root", "-untrusted", tmp_path / "issuing",
        "-attime", str(int(AT.timestamp())),
    )  # fmt: skip
    done = openssl(*common, "-data", data)
    assert done.returncode == 0, done.stderr
    assert openssl(*common, "-data", wrong).returncode != 0
