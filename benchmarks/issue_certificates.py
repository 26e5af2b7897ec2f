"""How long issuing takes, against the signature alone: `python benchmarks/issue_certificates.py`.

Prints, per key kind, milliseconds per certificate, per bare signature, and their ratio. The ratio says what our own encoding costs on
top of the cryptography; milliseconds depend on the machine.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median

from interop.model.hierarchy import CertificateSpec, Extensions, KeySpec, NamePart, PolicySpec
from interop.pki.issue import certificate_der, serial_number
from interop.pki.keystore import KeyStore

KEYS = (
    KeySpec(kind="EC", curve="P-256", signature="ecdsa-sha256"),
    KeySpec(kind="EC", curve="P-384", signature="ecdsa-sha384"),
    KeySpec(kind="SM2", signature="sm2-sm3"),
    KeySpec(kind="RSA", bits=2048, signature="rsa-sha256"),
    KeySpec(kind="RSA", bits=4096, signature="rsa-sha512"),
)


def specification(key: KeySpec) -> CertificateSpec:
    """A signer's certificate of usual content."""
    return CertificateSpec(
        id="signer", role="signer", issuer="ca", key=key, origin="stand-in",
        subject=(NamePart(type="C", value="XX"), NamePart(type="O", value="Bench 机构"), NamePart(type="CN", value="Bench")),
        not_before=datetime(2025, 1, 1, tzinfo=UTC), not_after=datetime(2027, 1, 1, tzinfo=UTC),
        extensions=Extensions(key_usage=("nonRepudiation",), policies=(PolicySpec(oid="2.999.1", origin="stand-in"),)),
    )  # fmt: skip


def milliseconds(action: Callable[[int], object], times: int) -> float:
    """Median of one call."""
    taken = []
    for index in range(times):
        start = time.perf_counter()
        action(index)
        taken.append(time.perf_counter() - start)
    return median(taken) * 1000


def measured(spec: KeySpec, store: KeyStore) -> str:
    """One line of the table."""
    subject, ca = specification(spec), replace(specification(spec), id="ca")
    size = f"{spec.curve}-{spec.bits}"
    key, ca_key = store.get("bench", f"signer-{size}", spec), store.get("bench", f"ca-{size}", spec)

    def issue(index: int) -> bytes:
        return certificate_der(subject, key, ca, ca_key, serial_number("bench", str(index), 16))

    body = issue(0)
    times = 60 if spec.kind == "RSA" else 300
    whole = milliseconds(issue, times)
    bare = milliseconds(lambda _: ca_key.sign(spec.signature, body), times)
    return f"{ca_key.label:<10} {whole:>9.3f} ms {bare:>7.3f} ms {whole / bare:>6.2f}\n"


def main() -> None:
    """Measure and print."""
    store = KeyStore(missing="memory")
    sys.stdout.write(f"{'key':<10} {'certificate':>12} {'signature':>10} {'ratio':>6}\n")
    for spec in KEYS:
        sys.stdout.write(measured(spec, store))


if __name__ == "__main__":
    main()
