"""A server for some hierarchies, and other people's programs that talk to it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from outside import tool

from interop.pki.issue import Issued
from interop.pki.site import Site
from interop.run.serve import SiteServer

__all__ = ["curl", "openssl", "pem", "served"]


@contextmanager
def served(*issued: Issued, at: datetime) -> Iterator[SiteServer]:
    """The site of some hierarchies as of a time."""
    with SiteServer(Site.build(issued), clock=lambda: at) as server:
        yield server


def openssl(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the openssl command."""
    return _run(tool("openssl"), *arguments)


def curl(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run curl, without settings and proxies of this machine."""
    return _run(tool("curl"), "-q", "--noproxy", "*", "--silent", "--show-error", "--max-time", "20", *arguments)


def _run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60)


def pem(folder: Path, name: str, *certificates: bytes) -> Path:
    """Certificates (DER) as one PEM file."""
    path = folder / f"{name}.pem"
    path.write_bytes(b"".join(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in certificates))
    return path
