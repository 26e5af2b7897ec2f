"""What a run stands on besides its own code: the libraries, and both builds of OpenSSL that compute."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

__all__ = ["library_versions"]

_PACKAGES = ("asn1crypto", "cryptography", "lxml", "pyhanko")


def library_versions() -> dict[str, str]:
    """Versions of everything on which what is seen in a file depends; the same on one machine, run after run.

    `openssl` is the build inside the wheel of cryptography (RSA, ECDSA, digests). `libcrypto` is that of the system, which
    verifies SM2; `none` where there is none that can be used, and our own reference code verifies.
    """
    return dict(_versions())


@cache
def _versions() -> dict[str, str]:
    from cryptography.hazmat.backends.openssl import backend  # noqa: PLC0415 - only where it is needed

    from interop.crypto import sm2_libcrypto  # noqa: PLC0415 - looks for the library and tests it

    library = sm2_libcrypto.load()
    return {
        **{name: version(name) for name in _PACKAGES},
        "openssl": backend.openssl_version_text(),
        "libcrypto": "none" if library is None else library.version,
    }
