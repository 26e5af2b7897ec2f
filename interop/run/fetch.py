"""Status answers of a provider, had over HTTP from the URLs in its certificates: the way of `interop run --live-pki`.

Only the one server on the loopback interface is ever asked, whatever a URL says; what certificates name no URL for is asked at
the provider's own folder there (`pki.site`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from interop.model.errors import EngineError
from interop.pki.issue import Issued
from interop.pki.ocsp import certificate_id
from interop.pki.ocsp_request import ocsp_request
from interop.pki.status import Offer, offers

__all__ = ["LONGEST_ANSWER", "SECONDS", "fetch"]

SECONDS = 10.0
"""How long the server may take over one step of one answer."""
LONGEST_ANSWER = 4 * 1024 * 1024
"""Octets."""


def fetch(issued: Issued, at: datetime, base: str, *, also: Iterable[bytes] = ()) -> Iterator[tuple[Offer, bytes]]:
    """Every answer of `pki.status.offers` with its bytes (DER), from the server at `base`, which has to answer as of `at`.

    Raises EngineError where it does not answer, or with something else than what was asked for.
    """
    for offer in offers(issued, at, also=also):
        path = _path(offer, base)
        if offer.subject is None:
            yield offer, _exchange(base, "GET", path, b"", "application/pkix-crl")
            continue
        identifier = certificate_id(issued, offer.issuer, offer.subject.serial)
        request = ocsp_request((identifier,))
        yield offer, _exchange(base, "POST", path, request, "application/ocsp-response")


def _path(offer: Offer, base: str) -> str:
    for uri in offer.uris():
        if uri.startswith(f"{base}/"):
            return uri.removeprefix(base)
    return f"/{offer.service}.crl" if offer.kind == "crl" else f"/{offer.service}"


def _exchange(base: str, method: str, path: str, body: bytes, wanted: str) -> bytes:
    where = urlsplit(base)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=SECONDS)
    kind = {"Content-Type": "application/ocsp-request"} if method == "POST" else {}
    try:
        connection.request(method, path, body or None, kind)
        response = connection.getresponse()
        found = response.read(LONGEST_ANSWER + 1)
    except (OSError, HTTPException) as error:
        raise EngineError(f"{base}{path} does not answer: {error}") from error
    finally:
        connection.close()
    if response.status != 200 or response.getheader("Content-Type") != wanted or len(found) > LONGEST_ANSWER:
        raise EngineError(f"{base}{path} answers {response.status} {response.getheader('Content-Type')}, not {wanted}")
    return found
