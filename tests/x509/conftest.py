"""A small writer of odd certificates."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from x509_writing import AT, ECDSA_SHA256, name

from interop.crypto.keys import PrivateKey, generate_private_key
from interop.x509 import der


@pytest.fixture(scope="session")
def key() -> PrivateKey:
    """A P-256 key."""
    return generate_private_key("EC", curve="P-256")


@pytest.fixture
def make(key: PrivateKey) -> Callable[..., bytes]:
    """A certificate of its own key, of which every part can be replaced by other bytes."""

    def write(
        *extensions: bytes,
        spki: bytes | None = None,
        serial: bytes = der.integer(7),
        subject: bytes = name(("2.5.4.3", der.utf8("subject"))),
        issuer: bytes = name(("2.5.4.3", der.utf8("issuer"))),
        outer: bytes = ECDSA_SHA256,
        inner: bytes = ECDSA_SHA256,
        version: bytes = der.explicit(0, der.integer(2)),
        not_after: bytes = der.time(AT),
    ) -> bytes:
        tbs = der.seq(
            version, serial, inner, issuer, der.seq(der.time(AT), not_after), subject, spki or key.spki,
            der.explicit(3, der.seq(*extensions)) if extensions else b"",
        )  # fmt: skip
        return der.seq(tbs, outer, der.bit_string(key.sign("ecdsa-sha256", tbs)))

    return write
