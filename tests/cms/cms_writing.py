"""A signer with a self-signed certificate, and an openssl to ask."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from outside import tool

from interop.cms.build import SignRequest, build_signed_data, signature_algorithm
from interop.cms.observe import CmsObservation, observe_signed_data
from interop.cms.token import build_token
from interop.crypto.digests import digest_bytes
from interop.crypto.keys import PrivateKey, generate_private_key
from interop.x509 import der

AT = datetime(2026, 3, 1, tzinfo=UTC)
CONTENT = b"%PDF-1.7 the bytes that are signed\n" * 20
TIME_STAMPING = "1.3.6.1.5.5.7.3.8"


def self_signed(key: PrivateKey, signature: str, cn: str, *, usage: str | None = None, serial: int = 4711) -> bytes:
    """A certificate that openssl takes as an anchor; `usage` is the one critical extended key usage."""
    subject = der.seq(der.set_of([der.seq(der.oid("2.5.4.3"), der.utf8(cn))]))
    algorithm = signature_algorithm(signature)
    extensions = [
        der.seq(der.oid("2.5.29.15"), der.boolean(True), der.octet_string(der.bit_string(b"\xc0", 6))),
        der.seq(der.oid("2.5.29.14"), der.octet_string(der.octet_string(digest_bytes("sha1", key.spki)))),
    ]
    if usage is not None:
        extensions.append(der.seq(der.oid("2.5.29.37"), der.boolean(True), der.octet_string(der.seq(der.oid(usage)))))
    validity = der.seq(der.time(AT - timedelta(days=1)), der.time(AT + timedelta(days=3650)))
    tbs = der.seq(
        der.explicit(0, der.integer(2)), der.integer(serial), algorithm, subject, validity, subject, key.spki,
        der.explicit(3, der.seq(*extensions)),
    )  # fmt: skip
    return der.seq(tbs, algorithm, der.bit_string(key.sign(signature, tbs)))


@dataclass(frozen=True)
class Signer:
    """A key, its certificate, and a time-stamping certificate for the same key."""

    kind: str
    signature: str
    digest: str
    curve: str | None = None
    key: PrivateKey = field(init=False)
    certificate: bytes = field(init=False)
    tsa: bytes = field(init=False)

    def __post_init__(self) -> None:
        key = generate_private_key(self.kind, curve=self.curve)
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "certificate", self_signed(key, self.signature, "TEST signer"))
        object.__setattr__(self, "tsa", self_signed(key, self.signature, "TEST tsa", usage=TIME_STAMPING))

    def request(self, **changes: Any) -> SignRequest:
        """A detached signature over CONTENT, changed."""
        fields = {
            "key": self.key,
            "certificate": self.certificate,
            "signature": self.signature,
            "digest": self.digest,
            "content": CONTENT,
        }
        return SignRequest(**{**fields, **changes})

    def sign(self, **changes: Any) -> bytes:
        return build_signed_data(self.request(**changes))

    def stamp(self, digest: str | None, value: bytes, **changes: Any) -> bytes:
        """A token over the message `value`."""
        name = digest or self.digest
        fields = {
            "key": self.key,
            "certificate": self.tsa,
            "signature": self.signature,
            "digest": self.digest,
            "imprint_digest_name": name,
            "imprint": digest_bytes(name, value),
            "time": AT,
            "policy": "2.999.1",
            "serial": 7,
            "accuracy_ms": 1500,
        }
        return build_token(**{**fields, **changes})


def observe(raw: bytes, content: bytes = CONTENT, **more: Any) -> CmsObservation:
    """Observe a signature over the content."""
    return observe_signed_data(
        raw,
        signature_id="s0",
        content_digest=lambda name: digest_bytes(name, content),
        content=lambda: content,
        **more,
    )


def codes(observation: CmsObservation) -> list[str]:
    return [finding.code for finding in observation.findings]


Openssl = Callable[..., tuple[bool, str]]


def openssl_in(folder: Path) -> Openssl:
    """A runner of the system's openssl: arguments, files to write first -> (exit 0, text)."""
    program = tool("openssl")

    def run(*arguments: str, **files: bytes) -> tuple[bool, str]:
        for name, data in files.items():
            (folder / name).write_bytes(data)
        done = subprocess.run(
            [program, *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=False
        )
        return done.returncode == 0, done.stdout + done.stderr

    return run


def pem(raw: bytes, label: str = "CERTIFICATE") -> bytes:
    return f"-----BEGIN {label}-----\n{base64.encodebytes(raw).decode()}-----END {label}-----\n".encode()
