"""The OpenSSL command line: CMS of RSA and ECDSA with chain, single certificate edges, raw SM2 values.

`openssl cms` uses the empty SM2 ID and cannot be told otherwise, and `openssl verify -vfyopt distid` reaches only the
target certificate; so SM2 is asked about value by value and edge by edge, with the ID given (OpenSSL below 4.0 has none).
"""

from __future__ import annotations

import re
import tempfile
from functools import cached_property
from pathlib import Path

from interop.cms.parse import parse_signed_data, strip_padding
from interop.crypto import table
from interop.crypto.der import write_pair
from interop.crypto.keys import DEFAULT_ID
from interop.crypto.opaque import is_opaque
from interop.engine.command import call, first_line, to_pem, version_of
from interop.engine.protocol import EngineInfo, Request
from interop.model.errors import EngineError, InputError
from interop.model.facts import WITHOUT_Z, Facts, SignatureFacts, Statement, Testimony
from interop.x509.certificate import certificate_parts, object_id

__all__ = ["OpensslWitness", "eddsa_value_verifies", "edge_verifies", "sm2_value_verifies"]


class OpensslWitness:
    """CMS in PDF, with digest, value and chain."""

    @cached_property
    def _version(self) -> str | None:
        """Asked once, not for every file."""
        return version_of(["openssl", "version"], r"OpenSSL (\S+)")

    def info(self) -> EngineInfo:
        """Who it is."""
        return EngineInfo(
            id="openssl",
            version=self._version,
            role="witness",
            capabilities=("pdf", "digest-and-value", "chain", "value", "edge"),
            install="apt-get install openssl",
            description="OpenSSL command line: CMS and chains of RSA and ECDSA, SM2 and EdDSA values and edges",
        )

    def testify(self, request: Request, facts: Facts, anchors: tuple[bytes, ...]) -> Testimony:
        """What it says about each CMS in the file."""
        name = f"openssl@{self._version}"
        if facts.document.format != "pdf":
            return Testimony(artifact=facts.artifact, engine=name, statements=())
        statements: list[Statement] = []
        try:
            for signature in facts.signatures:
                statements += _ask(request, signature, anchors)
        except EngineError as error:
            return Testimony(artifact=facts.artifact, engine=name, statements=tuple(statements), error=error.message)
        return Testimony(artifact=facts.artifact, engine=name, statements=tuple(statements))


def _cut(data: bytes, signature: SignatureFacts) -> tuple[bytes, bytes] | None:
    """(CMS without padding, covered bytes) by the ByteRange that the facts name."""
    if len(signature.covers.ranges) != 2:
        return None
    (start, length), (second, rest) = signature.covers.ranges
    try:
        contents = bytes.fromhex(data[start + length : second].strip().strip(b"<>").decode("ascii"))
    except (ValueError, UnicodeDecodeError):
        return None
    if not contents or start or second + rest > len(data):
        return None
    return contents, data[start : start + length] + data[second : second + rest]


def _ask(request: Request, signature: SignatureFacts, anchors: tuple[bytes, ...]) -> list[Statement]:
    cut = _cut(request.data, signature)
    if cut is None:
        return [Statement(signature=signature.id, about="digest-and-value", ok=None, why="no usable ByteRange")]
    cms, covered = cut
    row = table.signature(signature.algorithm.name or "")
    if row is not None and is_opaque(row.key):
        why = f"{row.name} is octets only here, and nobody is asked about them"
        return [Statement(signature=signature.id, about="digest-and-value", ok=None, why=why)]
    if row is not None and row.key == "SM2":
        return [_sm2_statement(cms, signature)]
    if row is not None and row.key in ("Ed25519", "Ed448"):
        return [_eddsa_statement(cms, signature)]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "signature.cms").write_bytes(strip_padding(cms))
        (folder / "content.bin").write_bytes(covered)
        base = [
            "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature.cms",
            "-content", "content.bin", "-purpose", "any", "-out", "out.bin",
        ]  # fmt: skip
        plain = call([*base, "-noverify"], cwd=folder)
        found = [_cms_statement(signature.id, "digest-and-value", plain.code, plain.err)]
        when = signature.claimed_time or request.at
        if anchors and when is not None:
            (folder / "anchors.pem").write_bytes(b"".join(to_pem(anchor) for anchor in anchors))
            at = str(int(when.timestamp()))
            chained = call([*base, "-CAfile", "anchors.pem", "-attime", at], cwd=folder)
            found.append(_cms_statement(signature.id, "chain", chained.code, chained.err))
        return found


def _cms_statement(signature: str, about: str, code: int, text: str) -> Statement:
    """Exit code 4 is also given for algorithms that it does not know: then its error stack says so, and it judged nothing."""
    if code == 0:
        return Statement(signature=signature, about=about, ok=True)
    reasons = re.findall(r"error:[0-9A-F]+:[^:\n]*:[^:\n]*:([^:\n]+)", text)
    why = reasons[-1] if reasons else first_line(text)
    cannot = code != 4 or any(reason.startswith(("unsupported", "unknown")) for reason in reasons)
    return Statement(signature=signature, about=about, ok=None if cannot else False, why=why)


def _signed(cms: bytes, signature: SignatureFacts) -> tuple[bytes, bytes, bytes]:
    """(SubjectPublicKeyInfo, value, octets that it is over) of the first signer. Raises InputError, IndexError, StopIteration."""
    view = parse_signed_data(strip_padding(cms))
    signer = view.signers[0]
    certificate = next(der for der in view.certificates if object_id(der) == signature.value[0].key)
    return certificate_parts(certificate).spki, signer.value, signer.signed_forms[0]


def _eddsa_statement(cms: bytes, signature: SignatureFacts) -> Statement:
    """The bare value: `openssl cms` of OpenSSL 3.0 hands EdDSA a digest, which it refuses ("invalid digest")."""
    try:
        spki, value, message = _signed(cms, signature)
    except (InputError, IndexError, StopIteration) as error:
        return Statement(signature=signature.id, about="value", ok=None, why=f"no single signer: {error}")
    ok = eddsa_value_verifies(spki, value, message)
    return Statement(signature=signature.id, about="value", ok=ok, why="" if ok else "the value does not verify")


def _sm2_statement(cms: bytes, signature: SignatureFacts) -> Statement:
    """The bare value, under the ID that the facts name or else the default: OpenSSL cannot read the CMS around it."""
    try:
        spki, written, message = _signed(cms, signature)
    except (InputError, IndexError, StopIteration) as error:
        return Statement(signature=signature.id, about="value", ok=None, why=f"no single SM2 signer: {error}")
    value = written if signature.algorithm.encoding != "raw" else _der_value(written)
    named = signature.algorithm.sm2_id
    distid = DEFAULT_ID if named in (None, WITHOUT_Z) else named
    ok = sm2_value_verifies(spki, value, message, distid=distid)
    return Statement(signature=signature.id, about="value", ok=ok, why="" if ok else f"not with the ID '{distid}'")


def _der_value(raw: bytes) -> bytes:
    half = len(raw) // 2
    return write_pair(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))


def eddsa_value_verifies(spki: bytes, value: bytes, data: bytes) -> bool:
    """Whether OpenSSL verifies an Ed25519 or Ed448 value over `data`. Raises EngineError."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "key.der").write_bytes(spki)
        (folder / "value.bin").write_bytes(value)
        (folder / "data.bin").write_bytes(data)
        answer = call(
            [
                "openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key.der",
                "-sigfile", "value.bin", "-in", "data.bin",
            ],
            cwd=folder,
        )  # fmt: skip
        return answer.code == 0


def sm2_value_verifies(spki: bytes, value: bytes, data: bytes, *, distid: str = DEFAULT_ID) -> bool:
    """Whether OpenSSL verifies an SM2-with-SM3 value (DER) over `data` with that ID. Raises EngineError."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "key.der").write_bytes(spki)
        (folder / "value.bin").write_bytes(value)
        (folder / "data.bin").write_bytes(data)
        answer = call(
            [
                "openssl", "pkeyutl", "-verify", "-rawin", "-digest", "sm3", "-pubin", "-keyform", "DER",
                "-inkey", "key.der", "-sigfile", "value.bin", "-in", "data.bin", "-pkeyopt", f"distid:{distid}",
            ],
            cwd=folder,
        )  # fmt: skip
        return answer.code == 0


def edge_verifies(certificate: bytes, issuer: bytes, *, distid: str | None = None, at: int | None = None) -> bool:
    """Whether OpenSSL verifies one certificate under one issuer; `distid` for SM2, `at` in seconds of the epoch.

    A self-signed certificate is trusted by `openssl verify` unread: its own signature is checked with `-check_ss_sig`, which in turn
    knows no `distid`, so that an SM2 root is asked about as a bare value over its TBSCertificate.
    """
    itself = certificate == issuer
    if itself and distid is not None:
        parts = certificate_parts(certificate)
        if not sm2_value_verifies(parts.spki, parts.signature, parts.tbs, distid=distid):
            return False
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "certificate.pem").write_bytes(to_pem(certificate))
        (folder / "issuer.pem").write_bytes(to_pem(issuer))
        extra = ["-vfyopt", f"distid:{distid}"] if distid else ["-check_ss_sig"] if itself else []
        when = ["-attime", str(at)] if at is not None else ["-no_check_time"]
        answer = call(
            ["openssl", "verify", *extra, *when, "-partial_chain", "-trusted", "issuer.pem", "certificate.pem"],
            cwd=folder,
        )
        return answer.code == 0
