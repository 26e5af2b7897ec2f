"""When services are asked over the years: wherever an answer becomes another, or counts otherwise since a certificate has ended.

    ends = Ends.of(certificates, until)
    for offer in offers_over(issued, (start, until), also, ends):
        make_answer(issued, offer)

Routine reissue changes nothing, but for an answer about a certificate that has ended: issued before that it says that the certificate
was good, issued after it says nothing for certain (RFC 6960 section 4.4.4), and the first such answer comes with the next issue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from interop.model.certificate import Certificate
from interop.pki.issue import Issued
from interop.pki.reissue import first_second, second_after
from interop.pki.status import Offer, first_after, offers
from interop.validation.moment import later
from interop.x509.certificate import parse_certificate

__all__ = ["Ends", "offers_over"]

_YEAR = 365 * 86_400
"""Seconds of a year of `Services.ocsp_archive_years`."""


@dataclass(frozen=True, slots=True)
class Ends:
    """When certificates end, up to the end of the years: an answer that is issued later counts otherwise."""

    by_issuer: Mapping[str, frozenset[tuple[int, datetime]]]
    """Name of the issuer, normalised -> serial numbers, each with notAfter."""
    until: datetime
    """End of the years."""

    @staticmethod
    def of(certificates: Iterable[Certificate], until: datetime) -> Ends:
        """Those of all certificates that are known."""
        found: dict[str, set[tuple[int, datetime]]] = {}
        for certificate in certificates:
            found.setdefault(certificate.issuer.normal, set()).add((certificate.serial, certificate.not_after))
        return Ends({issuer: frozenset(ends) for issuer, ends in found.items()}, until)

    def about(self, issued: Issued, offer: Offer) -> set[datetime]:
        """Of the certificates that an offer speaks about."""
        if offer.part is not None:
            issuers = {offer.issuer.id, *(subject.issuer.id for subject in offer.part.subjects)}
            names = {parse_certificate(issued.certificates[name]).subject.normal for name in issuers}
            return self._within(end for name in names for _, end in self.by_issuer.get(name, ()))
        if offer.subject is None:
            return set()
        issuer = parse_certificate(issued.certificates[offer.issuer.id]).subject.normal
        own = (end for serial, end in self.by_issuer.get(issuer, ()) if serial == offer.subject.serial)
        return self._answered(issued, own)

    def known(self, issued: Issued, certificate: bytes) -> set[datetime]:
        """Of one certificate that a responder of the provider answers for."""
        return self._answered(issued, (parse_certificate(certificate).not_after,))

    def _answered(self, issued: Issued, ends: Iterable[datetime]) -> set[datetime]:
        """A responder that says how long it knows a certificate (archiveCutoff) no longer does after that time either."""
        kept = (issued.provider.services.ocsp_archive_years or 0) * _YEAR
        return self._within(at for end in ends for at in (end, later(end, kept)) if at is not None)

    def _within(self, ends: Iterable[datetime]) -> set[datetime]:
        """Also those that ended before: the first answer that is issued later may lie within the years."""
        return {end for end in ends if end < self.until}


def offers_over(
    issued: Issued, span: tuple[datetime, datetime], also: tuple[bytes, ...], ends: Ends
) -> Iterator[Offer]:
    """Every different offer of a provider's services: asked for wherever one begins or ends, and where certificates do, and when a
    service first gives an answer issued after that."""
    start, end = span
    waiting = {start}
    for spec in issued.specs.values():
        waiting |= {t for t in (first_second(spec.not_before), second_after(spec.not_after)) if t is not None}
    asked: set[datetime] = set()
    seen: set[tuple[object, ...]] = set()
    later_than: dict[tuple[object, ...], frozenset[datetime]] = {}
    while waiting:
        at = min(waiting)
        waiting.discard(at)
        if at in asked or not start <= at < end:
            continue
        asked.add(at)
        for offer in offers(issued, at, also=also):
            about = None if offer.subject is None else offer.subject.serial
            which = (offer.service, offer.kind, about)
            if which not in later_than:
                turns = (first_after(issued, offer, last) for last in ends.about(issued, offer))
                later_than[which] = frozenset(turn for turn in turns if turn is not None)
                waiting |= later_than[which]
            waiting |= {t for t in (offer.since, offer.until) if t is not None}
            key = (*which, offer.since, offer.until, sum(turn <= at for turn in later_than[which]))
            if key not in seen:
                if offer.since is not None or offer.until is not None:
                    seen.add(key)
                yield offer
