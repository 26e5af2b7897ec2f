"""URLs in the certificates of a provider: where they lead, and the same provider with its URLs leading somewhere else.

>>> address_of("http://CRL.some.example/issuing.crl")
('crl.some.example', '/issuing.crl')
>>> moved("http://crl.some.example/issuing.crl", "http://127.0.0.1:8080")
'http://127.0.0.1:8080/crl.some.example/issuing.crl'
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from interop.model.hierarchy import AccessDescription, CertificateSpec, DistributionPoint
from interop.model.profile import Provider

__all__ = ["Address", "address_of", "moved", "rewritten"]

Address = tuple[str, str]
"""(host with its port in lower case, path)."""


def address_of(url: str) -> Address | None:
    """Host and path of an http URL; None for others (https, ldap), which nobody serves here."""
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that hold no address
        return None
    if parts.scheme.lower() != "http" or not parts.netloc:
        return None
    return parts.netloc.lower(), parts.path or "/"


def moved(url: str, base: str) -> str:
    """`http://HOST/PATH` below another base (no slash at its end); other URLs stay."""
    address = address_of(url)
    return url if address is None else f"{base}/{address[0]}{address[1]}"


def _access(info: AccessDescription | None, base: str) -> AccessDescription | None:
    if info is None:
        return None
    return replace(
        info,
        ocsp=tuple(moved(url, base) for url in info.ocsp),
        ca_issuers=tuple(moved(url, base) for url in info.ca_issuers),
        ca_repository=tuple(moved(url, base) for url in info.ca_repository),
    )


def _points(points: tuple[DistributionPoint, ...], base: str) -> tuple[DistributionPoint, ...]:
    return tuple(replace(point, uris=tuple(moved(url, base) for url in point.uris)) for point in points)


def _certificate(spec: CertificateSpec, base: str) -> CertificateSpec:
    extensions = replace(
        spec.extensions,
        authority_info=_access(spec.extensions.authority_info, base),
        subject_info=_access(spec.extensions.subject_info, base),
        crl_points=_points(spec.extensions.crl_points, base),
        freshest_crl=_points(spec.extensions.freshest_crl, base),
    )
    return replace(spec, extensions=extensions)


def rewritten(provider: Provider, base: str) -> Provider:
    """The provider with the http URLs of status and issuers in its certificates below `base`, such as `http://127.0.0.1:8080`.

    Policies (CPS) and disclosure statements stay where they are.
    """
    return replace(provider, certificates=tuple(_certificate(spec, base) for spec in provider.certificates))
