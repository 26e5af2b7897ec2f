"""The services over HTTP, asked by openssl and curl; and what the server does with requests that are none."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509 as pyca
from serving import curl, openssl, pem, served

from interop.cms.token import observe_token
from interop.crypto.digests import digest_bytes
from interop.model.errors import UsageError
from interop.model.profile import Provider, StatusEvent
from interop.pki.crl import crl
from interop.pki.issue import Issued, issue
from interop.pki.keystore import KeyStore
from interop.pki.site import Site
from interop.pki.tsa import Stamp
from interop.pki.tsa_request import stamp_request, stamp_response
from interop.run import serve
from interop.run.serve import LONGEST_BODY, SiteServer
from interop.x509 import ber

Make = Callable[..., Provider]
AT = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)
KINDS = ["RSA", "EC"]


def hierarchy(make: Make, keys: KeyStore, kind: str, **services: object) -> Issued:
    plain = make(kind)
    events = (StatusEvent(certificate="tsa", at=AT - timedelta(days=1), status="revoked", reason="keyCompromise"),)
    return issue(replace(plain, services=replace(plain.services, events=events, **services)), keys)


@pytest.fixture(scope="module")
def issued(make: Make, keys: KeyStore) -> Issued:
    return hierarchy(make, keys, "EC")


@pytest.fixture(scope="module")
def server(issued: Issued) -> Iterator[SiteServer]:
    with served(issued, at=AT) as running:
        yield running


# ---- other people's programs


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("delegated", [True, False])
@pytest.mark.parametrize("digest", ["-sha1", "-sha256"])
def test_openssl_ocsp(*, make: Make, keys: KeyStore, tmp_path: Path, kind: str, delegated: bool, digest: str) -> None:
    """Good, revoked and unknown in one request, with a nonce, signed by the CA or by a delegate."""
    issued = hierarchy(make, keys, kind, ocsp_delegated=delegated)
    root, ca, signer, tsa = (pem(tmp_path, n, issued.certificates[n]) for n in ("root", "issuing", "signer", "tsa"))
    with served(issued, at=AT) as server:
        done = openssl(
            "ocsp", "-url", f"{server.base}/ocsp.test/", "-issuer", ca, digest, "-cert", signer, digest, "-cert", tsa, digest,
            "-serial", "4711", "-CAfile", root, "-verify_other", ca, "-attime", str(int(AT.timestamp())),
            "-validity_period", "1000000000", "-nonce", "-timeout", "20",
        )  # fmt: skip
    assert "Response verify OK" in done.stderr, done.stderr
    assert "Nonce" not in done.stderr.replace("WARNING", "")
    assert [line.rsplit(": ", 1)[-1] for line in done.stdout.splitlines() if not line.startswith(("\t", " "))] == [
        "good", "revoked", "unknown",
    ]  # fmt: skip


def test_openssl_misses_a_nonce_that_does_not_come_back(issued: Issued, server: SiteServer, tmp_path: Path) -> None:
    """The control of the nonce above: another request's answer is refused."""
    root, ca, signer = (pem(tmp_path, n, issued.certificates[n]) for n in ("root", "issuing", "signer"))
    asked, answer = tmp_path / "asked", tmp_path / "answer"
    common = ("-issuer", ca, "-cert", signer, "-CAfile", root, "-verify_other", ca, "-attime", str(int(AT.timestamp())))
    assert openssl("ocsp", "-nonce", *common[:4], "-reqout", asked).returncode == 0
    sent = ("-H", "Content-Type: application/ocsp-request", "--data-binary", f"@{asked}", f"{server.base}/ocsp.test/")
    assert curl("-o", answer, *sent).returncode == 0
    matching = openssl("ocsp", "-no_nonce", "-reqin", asked, "-respin", answer, *common)
    assert "Response verify OK" in matching.stderr
    other = openssl("ocsp", "-nonce", "-respin", answer, *common)
    assert "Nonce Verify error" in other.stderr + other.stdout


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("parts", ["whole", "kinds", "points"])
def test_openssl_verifies_with_crls_from_the_server(
    *, make: Make, keys: KeyStore, tmp_path: Path, kind: str, parts: str
) -> None:
    """`verify -crl_check_all` with the CRLs at the URLs in rewritten certificates, heeds IDPs, and refuses the revoked one."""
    from interop.pki.address import rewritten

    plain = hierarchy(make, keys, kind, crl_parts=parts).provider
    with SiteServer(clock=lambda: AT) as server:
        issued = issue(rewritten(plain, server.base), keys)
        server.site = Site.build([issued])
        root, ca = (pem(tmp_path, n, issued.certificates[n]) for n in ("root", "issuing"))
        both = pem(tmp_path, "both", *(issued.certificates[n] for n in ("root", "issuing")))
        urls = {f"{server.base}/crl.test/root.crl", f"{server.base}/crl.test/issuing.crl"}
        named = {
            url for name in ("issuing", "signer") for p in issued.spec(name).extensions.crl_points for url in p.uris
        }
        assert urls <= named
        crls = tmp_path / "crls.pem"
        with crls.open("ab") as out:
            for number, url in enumerate(sorted(urls)):
                path = tmp_path / f"{number}.crl"
                assert curl("-o", path, url).returncode == 0
                assert "verify OK" in openssl("crl", "-in", path, "-inform", "DER", "-CAfile", both, "-noout").stderr
                assert openssl("crl", "-in", path, "-inform", "DER", "-out", path.with_suffix(".pem")).returncode == 0
                out.write(path.with_suffix(".pem").read_bytes())
        at = str(int(AT.timestamp()))
        # `-crl_check_all` asks about the anchor too, which names no distribution point
        how = "-crl_check" if parts == "points" else "-crl_check_all"
        checks = ("verify", "-attime", at, how, "-extended_crl", "-CRLfile", crls, "-CAfile", root, "-untrusted", ca)
        good = openssl(*checks, pem(tmp_path, "signer", issued.certificates["signer"]))
        assert good.returncode == 0, good.stderr
    if parts != "points":  # the TSA of the conftest names no distribution point
        bad = openssl(*checks, pem(tmp_path, "tsa", issued.certificates["tsa"]))
        assert bad.returncode == 2
        assert "certificate revoked" in bad.stderr


@pytest.mark.parametrize("digest", ["sha256", "sha512", "sm3"])
def test_openssl_ts(*, make: Make, keys: KeyStore, tmp_path: Path, kind: str, digest: str) -> None:
    """`ts -query`, curl, `ts -reply -text`, and `ts -verify` where openssl knows the algorithm of the token."""
    issued = issue(make(kind), keys)
    data, asked, answer = tmp_path / "data", tmp_path / "asked", tmp_path / "answer"
    data.write_bytes(b"what is stamped")
    assert (
        openssl("ts", "-query", "-data", data, f"-{digest}", "-cert", "-tspolicy", "2.999.1", "-out", asked).returncode
        == 0
    )
    url = f"/{issued.provider.id}/tsa"
    with served(issued, at=AT) as server:
        sent = curl(
            "-H",
            "Content-Type: application/timestamp-query",
            "--data-binary",
            f"@{asked}",
            "-o",
            answer,
            server.base + url,
        )
    assert sent.returncode == 0, sent.stderr
    said = openssl("ts", "-reply", "-in", answer, "-text").stdout
    assert "Status: Granted." in said
    assert f"Hash Algorithm: {digest}" in said.replace("SM3", "sm3")
    assert "Time stamp: Mar  2 09:30:15 2026 GMT" in said
    if kind in KINDS:
        root, ca = (
            pem(tmp_path, "root", issued.certificates["root"]),
            pem(tmp_path, "ca", issued.certificates["issuing"]),
        )
        checks = ("-in", answer, "-CAfile", root, "-untrusted", ca, "-attime", str(int(AT.timestamp())))
        verified = openssl("ts", "-verify", "-queryfile", asked, *checks)
        assert verified.returncode == 0, verified.stderr
        data.write_bytes(b"something else")
        assert openssl("ts", "-verify", "-data", data, *checks).returncode != 0


def test_openssl_reads_a_rejection(server: SiteServer, tmp_path: Path) -> None:
    asked, answer = tmp_path / "asked", tmp_path / "answer"
    for stamp, word in (
        (Stamp(digest="sha1", imprint=bytes(20)), "unrecognized or unsupported algorithm identifier"),
        (Stamp(digest="sha256", imprint=bytes(32), policy="2.999.404"), "the requested TSA policy is not supported"),
    ):
        asked.write_bytes(stamp_request(stamp))
        assert curl("--data-binary", f"@{asked}", "-o", answer, f"{server.base}/test-ec/tsa").returncode == 0
        said = openssl("ts", "-reply", "-in", answer, "-text").stdout
        assert "Status: Rejected." in said
        assert word in said


def test_curl_as_client_and_through_a_proxy(issued: Issued, server: SiteServer, tmp_path: Path) -> None:
    wanted, path = crl(issued, "signer", AT), tmp_path / "got"
    for arguments in (
        (f"{server.base}/crl.test/issuing.crl",),
        ("-H", "Host: crl.test", f"{server.base}/issuing.crl"),
        ("--noproxy", "", "-x", server.base, "http://crl.test/issuing.crl"),
    ):
        done = curl("-o", path, "-w", "%{http_code} %{content_type}", *arguments)
        assert (done.stdout, path.read_bytes()) == ("200 application/pkix-crl", wanted), arguments
    head = curl("-I", f"{server.base}/crl.test/issuing.crl").stdout
    assert f"Content-Length: {len(wanted)}" in head
    assert "404" in curl("-I", f"{server.base}/crl.test/none").stdout
    assert "http://crl.test/issuing.crl  crl of test-ec: issuing" in curl(f"{server.base}/").stdout


# ---- bounds


def exchange(server: SiteServer, *pieces: bytes, wait: float = 0) -> bytes:
    """Raw octets in, everything that comes back."""
    host, port = server.base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(wait)
        found = b""
        try:
            while more := connection.recv(65536):
                found += more
        except ConnectionResetError:
            return found
        return found


def test_what_is_no_request_is_refused(server: SiteServer) -> None:
    too_long = f"POST /test-ec/tsa HTTP/1.1\r\nContent-Length: {LONGEST_BODY + 1}\r\n\r\n".encode()
    for octets, status in (
        (b"GET / HTTP/9.9\r\n\r\n", b"505"),
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"400"),
        (b"BREW / HTTP/1.1\r\n\r\n", b"501"),
        (b"POST /test-ec/tsa HTTP/1.1\r\n\r\n", b"411"),
        (b"POST /test-ec/tsa HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"411"),
        (b"POST /test-ec/tsa HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0", b"411"),
        (too_long, b"413"),
        (b"GET http://[ HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n\r\n", b"414"),
    ):
        assert exchange(server, octets).split(b" ", 2)[1][:3] == status, octets[:60]
    assert exchange(server, b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 200")


def test_a_connection_has_its_time(issued: Issued, monkeypatch: pytest.MonkeyPatch) -> None:
    """Octets that trickle in are no way to keep a thread: the connection is cut, and others are served meanwhile."""
    monkeypatch.setattr(serve, "REQUEST_SECONDS", 0.6)
    with served(issued, at=AT) as server:
        begun = time.monotonic()
        found: list[bytes] = []
        slow = [threading.Thread(target=lambda: found.append(_trickle(server))) for _ in range(serve.THREADS)]
        for one in slow:
            one.start()
        assert b"200 OK" in exchange(server, b"GET / HTTP/1.1\r\n\r\n")
        for one in slow:
            one.join()
        assert found == [b""] * len(slow)
        assert time.monotonic() - begun < 10


def _trickle(server: SiteServer) -> bytes:
    try:
        return exchange(server, *[b"X"] * 20, wait=0.2)
    except OSError:
        return b""


def test_stopping_gives_the_port_back(issued: Issued) -> None:
    before = threading.active_count()
    with served(issued, at=AT) as server:
        port = int(server.base.rpartition(":")[2])
        assert b"200 OK" in exchange(server, b"GET / HTTP/1.1\r\n\r\n")
        with pytest.raises(UsageError, match=f"port {port}"):
            SiteServer(Site.build([issued]), port=port)
    assert threading.active_count() == before
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_answers_follow_the_clock(issued: Issued) -> None:
    """One server, two times: the revocation of the TSA is not known before it happened."""
    times = [AT - timedelta(days=3), AT]
    with SiteServer(Site.build([issued]), clock=lambda: times[0]) as server:
        before = exchange(server, b"GET /crl.test/issuing.crl HTTP/1.1\r\n\r\n").partition(b"\r\n\r\n")[2]
        times.pop(0)
        after = exchange(server, b"GET /crl.test/issuing.crl HTTP/1.1\r\n\r\n").partition(b"\r\n\r\n")[2]
    assert [len(pyca.load_der_x509_crl(der)) for der in (before, after)] == [0, 1]


def test_time_stamps_over_http_are_read_by_our_engine(issued: Issued, server: SiteServer) -> None:
    asked = stamp_request(Stamp(digest="sm3", imprint=digest_bytes("sm3", b"data"), nonce=5))
    head = f"POST /test-ec/tsa HTTP/1.1\r\nContent-Length: {len(asked)}\r\n\r\n".encode()
    body = exchange(server, head + asked).partition(b"\r\n\r\n")[2]
    token = ber.read(body).children()[1].raw
    seen = observe_token(token, kind="signature", stands_on=b"data").facts
    assert (seen.imprint.digest, seen.imprint.ok, seen.value_ok, seen.time) == ("sm3", True, True, AT)


@pytest.mark.parametrize("kind", ["RSA", "SM2"])
def test_many_at_once_get_what_one_gets(make: Make, keys: KeyStore, kind: str) -> None:
    """Signing in several threads at the same time gives the same octets."""
    issued = issue(make(kind), keys)
    asked = stamp_request(Stamp(digest="sm3", imprint=bytes(32), nonce=1))
    paths = (f"GET /{issued.provider.id}/crl/issuing.crl HTTP/1.1\r\n\r\n".encode(),)
    stamps = f"POST /{issued.provider.id}/tsa HTTP/1.1\r\nContent-Length: {len(asked)}\r\n\r\n".encode() + asked
    with served(issued, at=AT) as server, ThreadPoolExecutor(16) as clients:
        found = list(clients.map(lambda n: (n % 2, exchange(server, (*paths, stamps)[n % 2])), range(64)))
    bodies = {(which, answer.partition(b"\r\n\r\n")[2]) for which, answer in found}
    assert bodies == {(0, crl(issued, "signer", AT)), (1, stamp_response(issued, asked, AT))}


# ---- the command


def test_the_command_knows_its_providers(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("interop")), "serve-pki", "eu-qtsp-naturel", "--cache", tmp_path],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "unknown provider 'eu-qtsp-naturel' (did you mean 'eu-qtsp-natural'?)" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_it_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    env = {**os.environ, "INTEROP_CACHE": str(tmp_path / "cache")}
    command = [
        str(Path(sys.executable).with_name("interop")),
        "serve-pki",
        "eu-qtsp-natural",
        "--at",
        "2026-03-02",
        "--point-here",
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env, cwd=tmp_path
    ) as running:
        assert running.stdout is not None
        base = running.stdout.readline().strip().rstrip("/")
        assert base.startswith("http://127.0.0.1:")
        path = tmp_path / "signer.cer"
        assert curl("-o", path, f"{base}/eu-qtsp-natural/certificates/signer-natural-rsa.cer").returncode == 0
        points = pyca.load_der_x509_certificate(path.read_bytes()).extensions.get_extension_for_class(
            pyca.CRLDistributionPoints
        )
        (name,) = points.value[0].full_name or ()
        assert name.value == f"{base}/crl.eu-qtsp.example/issuing.crl"
        assert curl("-o", tmp_path / "crl", "-w", "%{http_code}", name.value).stdout == "200"
        running.send_signal(number)
        out, err = running.communicate(timeout=20)
    assert (running.returncode, out, err) == (0, "", "")
