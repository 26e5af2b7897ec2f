"""Certificates for downloading: one as it is, or several as certs-only SignedData (RFC 5652 section 5.1, RFC 8551 section 3.8).

bundle((certificate, other))    what a URL that ends in .p7c gives
"""

from __future__ import annotations

from collections.abc import Iterable

from interop.cms import oids
from interop.x509 import der

__all__ = ["bundle"]


def bundle(certificates: Iterable[bytes]) -> bytes:
    """SignedData (DER) without content and signers that carries certificates (DER), each once."""
    carried = sorted(set(certificates))
    signed_data = der.seq(
        der.integer(1),
        der.set_of(()),
        der.seq(der.oid(oids.DATA)),
        der.explicit(0, b"".join(carried)) if carried else b"",
        der.set_of(()),
    )
    return der.seq(der.oid(oids.SIGNED_DATA), der.explicit(0, signed_data))
