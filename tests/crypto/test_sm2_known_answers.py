"""SM2 against the example of GB/T 32918.5, real certificates, and the openssl command."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from asn1crypto import pem, x509
from outside import missing, tool

from interop.crypto import asn1, sm2, sm2_kat, sm2_libcrypto, sm2_reference
from interop.crypto.keys import generate_private_key, load_private_key, load_public_key, private_key_pem
from interop.crypto.sm2 import Sm2PrivateKey, Sm2PublicKey, read_value, write_value
from interop.crypto.sm2_keys import public_point

asn1.prepare()

VALUE = write_value(sm2_kat.R, sm2_kat.S, "der")


@pytest.fixture(params=["reference", "libcrypto"])
def key(request: pytest.FixtureRequest) -> Sm2PublicKey:
    """The public key of the example in one back-end."""
    if request.param == "libcrypto" and sm2_libcrypto.load() is None:
        missing(f"libcrypto with SM2 ({sm2_libcrypto.why_not()})")
    return Sm2PublicKey.from_point(*sm2_kat.POINT, reference=request.param == "reference")


def test_z_and_digest_of_the_example() -> None:
    assert sm2.z_value(sm2_kat.POINT, sm2.DEFAULT_ID) == sm2_kat.Z
    assert Sm2PublicKey.from_point(*sm2_kat.POINT).digest(sm2_kat.MESSAGE) == sm2_kat.DIGEST


def test_point_and_signature_of_the_example() -> None:
    assert sm2_reference.public_point(sm2_kat.PRIVATE) == sm2_kat.POINT
    e = int.from_bytes(sm2_kat.DIGEST, "big")
    assert sm2_reference.sign_with_nonce(sm2_kat.PRIVATE, e, sm2_kat.K) == (sm2_kat.R, sm2_kat.S)


def test_the_example_verifies_in_both_encodings(key: Sm2PublicKey) -> None:
    raw = write_value(sm2_kat.R, sm2_kat.S, "raw")
    assert key.verify(sm2_kat.MESSAGE, VALUE)
    assert key.verify(sm2_kat.MESSAGE, VALUE, encoding="der")
    assert key.verify(sm2_kat.MESSAGE, raw)
    assert key.verify(sm2_kat.MESSAGE, raw, encoding="raw")
    assert not key.verify(sm2_kat.MESSAGE, VALUE, encoding="raw")
    assert not key.verify(sm2_kat.MESSAGE, raw, encoding="der")


@pytest.mark.parametrize("wrong", ["", None, "1234567812345679", "TLSv1.3+GM+Cipher+Suite"])
def test_the_example_fails_with_another_id_or_without_z(key: Sm2PublicKey, wrong: str | None) -> None:
    assert not key.verify(sm2_kat.MESSAGE, VALUE, sm2_id=wrong)
    own = Sm2PrivateKey(sm2_kat.PRIVATE).sign(sm2_kat.MESSAGE, sm2_id=wrong)
    assert key.verify(sm2_kat.MESSAGE, own, sm2_id=wrong)
    assert not key.verify(sm2_kat.MESSAGE, own)


def test_id_that_is_too_long_is_refused() -> None:
    Sm2PrivateKey(1).sign(b"", sm2_id="a" * 8191)
    with pytest.raises(ValueError, match="8192"):
        Sm2PrivateKey(1).sign(b"", sm2_id="a" * 8192)


def test_ids_to_try_begin_with_the_default_and_leave_out_what_fits_no_z() -> None:
    assert sm2.ids_to_try() == (sm2.DEFAULT_ID,)
    assert sm2.ids_to_try(("b", "a", sm2.DEFAULT_ID, "b", "")) == (sm2.DEFAULT_ID, "b", "a", "")
    assert sm2.ids_to_try(("a" * 8191, "a" * 8192, "试" * 2731)) == (sm2.DEFAULT_ID, "a" * 8191)


def test_signing_is_deterministic_and_depends_on_key_and_message() -> None:
    keys = [Sm2PrivateKey(d) for d in (sm2_kat.PRIVATE, 1, sm2_reference.N - 2)]
    values = {k.sign(m) for k in keys for m in (b"", b"a")}
    assert len(values) == 6
    assert values == {k.sign(m) for k in keys for m in (b"", b"a")}
    nonces = {read_value(value)[:1] for value in values if read_value(value) is not None}  # type: ignore[index]
    assert len(nonces) == 6


@pytest.mark.parametrize("number", [0, -1, sm2_reference.N - 1, sm2_reference.N])
def test_private_number_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="n-2"):
        Sm2PrivateKey(number)


def certificates(folder: Path) -> Iterator[tuple[str, x509.Certificate]]:
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        yield path.name, x509.Certificate.load(pem.unarmor(data)[2] if pem.detect(data) else data)


@pytest.mark.parametrize("reference", [True, False])
def test_real_certificates_verify_with_the_default_id(external: Callable[..., Path], reference: bool) -> None:
    """National roots, CAs under them, and a test chain: every edge whose issuer is there (data/README.md)."""
    known = list(certificates(external("sm2")))
    edges = 0
    for name, certificate in known:
        for _, issuer in known:
            if issuer.subject.dump() != certificate.issuer.dump():
                continue
            public = load_public_key(issuer["tbs_certificate"]["subject_public_key_info"].dump())
            point = public_point(public.spki)
            assert point is not None
            native = Sm2PublicKey.from_point(*point, reference=reference)
            tbs, value = certificate["tbs_certificate"].dump(), certificate["signature_value"].native
            assert native.verify(tbs, value), name
            assert not native.verify(tbs, value, sm2_id=""), name
            edges += 1
    assert edges >= 5


@pytest.fixture(scope="session")
def openssl() -> str:
    """The openssl command with SM2."""
    command = tool("openssl")
    run = subprocess.run([command, "list", "-public-key-algorithms"], capture_output=True, text=True, check=True)
    if "SM2" not in run.stdout:
        missing("an openssl command with SM2")
    return command


@pytest.mark.parametrize("sm2_id", [sm2.DEFAULT_ID, "other"])
def test_openssl_verifies_what_we_sign_and_the_other_way_round(openssl: str, tmp_path: Path, sm2_id: str) -> None:
    key = generate_private_key("SM2")
    (tmp_path / "key.pem").write_bytes(private_key_pem(key))
    (tmp_path / "data").write_bytes(b"some text")
    (tmp_path / "ours").write_bytes(key.sign("sm2-sm3", b"some text", sm2_id=sm2_id))

    def dgst(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [openssl, "dgst", "-sm3", "-sigopt", f"distid:{sm2_id}", *arguments, "data"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    run = dgst("-prverify", "key.pem", "-signature", "ours")
    assert (run.returncode, run.stdout.strip()) == (0, "Verified OK"), run.stderr
    run = dgst("-sign", "key.pem", "-out", "theirs")
    assert run.returncode == 0, run.stderr
    assert key.public.verify("sm2-sm3", (tmp_path / "theirs").read_bytes(), b"some text", sm2_id=sm2_id)


def test_keys_made_by_openssl_are_read(openssl: str, tmp_path: Path) -> None:
    """PKCS#8 and SEC 1, PEM and DER."""
    path = tmp_path / "key.pem"
    subprocess.run([openssl, "genpkey", "-algorithm", "SM2", "-out", str(path)], check=True, capture_output=True)
    key = load_private_key(path.read_bytes())
    public = subprocess.run(
        [openssl, "pkey", "-in", str(path), "-pubout", "-outform", "DER"], check=True, capture_output=True
    ).stdout
    assert (key.kind, key.spki) == ("SM2", public)
    for command in ("pkey", "ec"):
        for form in ("PEM", "DER"):
            run = subprocess.run(
                [openssl, command, "-in", str(path), "-outform", form], check=True, capture_output=True
            )
            assert load_private_key(run.stdout) == key
    with_parameters = subprocess.run(
        [openssl, "ecparam", "-name", "SM2", "-genkey"], check=True, capture_output=True
    ).stdout
    assert load_private_key(with_parameters).kind == "SM2"


def test_without_libcrypto_the_reference_does_everything() -> None:
    code = (
        "from interop.crypto import keys, sm2\n"
        "k = keys.generate_private_key('SM2')\n"
        "v = k.sign('sm2-sm3', b'x')\n"
        "print(k.public.verify('sm2-sm3', v, b'x'), k.public.verify('sm2-sm3', v, b'y'), sm2.back_end())\n"
    )
    for name, why in (("none", "turned off"), ("libnothing.so.0", "cannot be loaded"), ("libc.so.6", "older than 3.0")):
        run = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"INTEROP_LIBCRYPTO": name}
        )
        assert run.stdout.startswith("True False reference ("), run.stdout
        assert why in run.stdout
