"""Who of a hierarchy issues what: a CA is a name with a key, whatever number of certificates shows it.

for ca in authorities(issued):
    subjects(issued, ca.spec)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from interop.model.hierarchy import CertificateSpec
from interop.pki.issue import Issued
from interop.pki.names import name
from interop.x509.certificate import certificate_parts, parse_certificate

__all__ = ["Authority", "Subject", "authorities", "direct_responder", "same_authority", "subjects"]


@dataclass(frozen=True, slots=True)
class Authority:
    """A CA, under its first certificate, with the span over which any of its certificates is valid."""

    spec: CertificateSpec
    start: datetime
    end: datetime
    """Inclusive."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A certificate that has a status."""

    id: str | None
    """Id in the profile; None for a guest."""
    serial: int
    not_before: datetime
    spec: CertificateSpec | None
    """Specification; None for a guest."""
    issuer: CertificateSpec
    """The CA, under the certificate that `subjects` was asked with."""


def _entity(issued: Issued, ca_id: str) -> tuple[bytes, bytes]:
    return name(issued.spec(ca_id).subject), issued.key(ca_id).spki


def same_authority(issued: Issued, ca_id: str, other_id: str) -> bool:
    """Whether two CA certificates of the hierarchy are of one CA: the same name with the same key."""
    return _entity(issued, ca_id) == _entity(issued, other_id)


def authorities(issued: Issued) -> tuple[Authority, ...]:
    """Every CA of the provider once (renewals, and cross-certificates among its own, show the same one)."""
    found: dict[tuple[bytes, bytes], Authority] = {}
    for spec in issued.specs.values():
        if spec.role in ("root", "ca") and not spec.cross:
            entity = _entity(issued, spec.id)
            known = found.get(entity, Authority(spec, spec.not_before, spec.not_after))
            found[entity] = Authority(known.spec, min(known.start, spec.not_before), max(known.end, spec.not_after))
    return tuple(found.values())


def subjects(issued: Issued, ca: CertificateSpec, also: Iterable[bytes] = ()) -> Iterator[Subject]:
    """Everything that a CA has issued: certificates of the profile under that name and key, and guests (`also`) under its name."""
    for spec in issued.specs.values():
        if spec.issuer != spec.id and _entity(issued, spec.issuer) == _entity(issued, ca.id):
            serial = certificate_parts(issued.certificates[spec.id]).serial
            yield Subject(spec.id, serial, spec.not_before, spec, ca)
    issuer_name = name(ca.subject)
    for guest in also:
        parts = certificate_parts(guest)
        if parts.issuer == issuer_name:
            yield Subject(None, parts.serial, parse_certificate(guest).not_before, None, ca)


def direct_responder(issued: Issued, ca: CertificateSpec, at: datetime) -> CertificateSpec | None:
    """The certificate of role `ocsp` that the CA itself has issued and that is valid then (RFC 6960 section 4.2.2.2).

    None also where the profile says that CAs answer themselves.
    """
    if not issued.provider.services.ocsp_delegated:
        return None
    for spec in issued.specs.values():
        direct = spec.role == "ocsp" and _entity(issued, spec.issuer) == _entity(issued, ca.id)
        if direct and spec.not_before <= at <= spec.not_after:
            return spec
    return None
