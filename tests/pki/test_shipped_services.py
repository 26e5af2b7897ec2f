"""What the shipped providers' services give, in the eyes of openssl: CRLs, paths with CRLs, OCSP answers, and every time-stamp token."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509 as pyca
from cryptography.hazmat.primitives.serialization import Encoding
from serving import openssl, pem

from interop.model.profile import StatusEvent
from interop.pki.crl import crl
from interop.pki.issue import Issued, issue
from interop.pki.ocsp import ocsp
from interop.pki.shipped import shipped_keys
from interop.pki.tsa import timestamp
from interop.profile.data import providers_dir
from interop.profile.load import load_provider

AT = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)
SHIPPED = sorted(path.stem for path in providers_dir().glob("*.toml"))
CLOCK = ("-attime", str(int(AT.timestamp())))
DATA = b"what is stamped"


@cache
def hierarchy(name: str, revoked: str | None = None) -> Issued:
    provider = load_provider(providers_dir() / f"{name}.toml")
    if revoked is not None:
        event = StatusEvent(certificate=revoked, at=AT - timedelta(days=2), status="revoked", reason="keyCompromise")
        provider = replace(provider, services=replace(provider.services, events=(event,)))
    return issue(provider, shipped_keys())


def upwards(issued: Issued, name: str) -> list[str]:
    """Ids from a certificate up to its anchor."""
    chain = [name]
    while chain[-1] not in issued.provider.anchors:
        chain.append(issued.spec(chain[-1]).issuer)
    return chain


def known(issued: Issued, name: str) -> bool:
    """Whether `openssl verify` computes every signature of the path (it cannot be told the ID of an SM2 issuer)."""
    keys = [issued.key(one) for one in upwards(issued, name)]
    return not any(key.opaque or key.kind == "SM2" for key in keys)


ENDS = [
    (name, spec.id)
    for name in SHIPPED
    for spec in hierarchy(name).specs.values()
    if spec.role in ("signer", "tsa") and known(hierarchy(name), spec.id)
]
STAMPING = [(name, end) for name, end in ENDS if hierarchy(name).spec(end).role == "tsa"]
LISTED = [(name, end) for name, end in ENDS if hierarchy(name).provider.services.crl]
ASKED = [(name, end) for name, end in ENDS if hierarchy(name).provider.services.ocsp]


def test_hardly_anybody_is_left_out() -> None:
    """What openssl cannot check is SM2 or opaque; two parties sign nothing."""
    without = {name for name in SHIPPED if name not in {provider for provider, _ in ENDS}} - {
        "ar-mercosur",
        "vn-accredited",
    }
    assert without == {"cn-customs-xml", "cn-gov-gm", "cn-licensed-sm2"}
    assert {name for name, _ in STAMPING} == {name for name, _ in ENDS}


@pytest.mark.parametrize(("name", "end"), LISTED)
def test_paths_with_crls(name: str, end: str, tmp_path: Path) -> None:
    """`openssl crl` verifies every CRL of the path, `verify -crl_check_all` passes, and refuses the same certificate revoked."""
    for revoked, code in ((None, 0), (end, 2)):
        issued = hierarchy(name, revoked)
        chain = upwards(issued, end)
        everybody = pem(tmp_path, "everybody", *(issued.certificates[one] for one in chain))
        crls = tmp_path / "crls.pem"
        crls.write_bytes(b"")
        for one in chain[:-1]:
            path = tmp_path / f"{one}.crl"
            path.write_bytes(crl(issued, one, AT))
            said = openssl("crl", "-inform", "DER", "-in", path, "-CAfile", everybody, "-noout")
            assert "verify OK" in said.stdout + said.stderr, said.stderr
            crls.write_bytes(crls.read_bytes() + pyca.load_der_x509_crl(path.read_bytes()).public_bytes(Encoding.PEM))
        root = pem(tmp_path, "root", issued.certificates[chain[-1]])
        subject = pem(tmp_path, "subject", issued.certificates[end])
        below = ("-untrusted", everybody)
        done = openssl("verify", *CLOCK, "-crl_check_all", "-CRLfile", crls, "-CAfile", root, *below, subject)
        assert done.returncode == code, done.stderr
        assert ("certificate revoked" in done.stderr) is (revoked is not None)


@pytest.mark.parametrize(("name", "end"), ASKED)
def test_ocsp_answers(name: str, end: str, tmp_path: Path) -> None:
    for revoked, word in ((None, "good"), (end, "revoked")):
        issued = hierarchy(name, revoked)
        chain = upwards(issued, end)
        root, ca = (
            pem(tmp_path, "root", issued.certificates[chain[-1]]),
            pem(tmp_path, "ca", issued.certificates[chain[1]]),
        )
        everybody = pem(tmp_path, "everybody", *(issued.certificates[one] for one in chain[1:]))
        subject, answer = pem(tmp_path, "subject", issued.certificates[end]), tmp_path / "answer"
        answer.write_bytes(ocsp(issued, end, AT))
        done = openssl(
            "ocsp", "-respin", answer, "-issuer", ca, "-cert", subject, "-CAfile", root, "-verify_other", everybody, "-no_nonce",
            *CLOCK, "-validity_period", "1000000000",
        )  # fmt: skip
        assert "Response verify OK" in done.stderr, done.stderr
        assert f"{subject}: {word}" in done.stdout


@pytest.mark.parametrize(("name", "tsa"), STAMPING)
def test_every_token_of_an_algorithm_that_openssl_knows(name: str, tsa: str, tmp_path: Path) -> None:
    issued = hierarchy(name)
    chain = upwards(issued, tsa)
    token, data = tmp_path / "token", tmp_path / "data"
    token.write_bytes(timestamp(issued, None, DATA, AT, tsa=tsa))
    root = pem(tmp_path, "root", issued.certificates[chain[-1]])
    between = pem(tmp_path, "between", *(issued.certificates[one] for one in chain[1:]))
    for content, code in ((DATA, 0), (b"something else", 1)):
        data.write_bytes(content)
        done = openssl(
            "ts", "-verify", "-token_in", "-in", token, "-data", data, "-CAfile", root, "-untrusted", between, *CLOCK
        )
        assert done.returncode == code, done.stderr
    said = openssl("ts", "-reply", "-token_in", "-in", token, "-token_out", "-text").stdout
    assert ("qcStatements" in said) is issued.provider.services.tsa_qualified
    assert f"Policy OID: {issued.provider.services.tsa_policy}" in said
