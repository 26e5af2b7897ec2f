"""What a provider's status services give as of a time: CRLs (RFC 5280 section 5) and OCSP answers (RFC 6960).

    for answer in publish(issued, at):
        answer.service, answer.kind, answer.der

`offers` says the same without making the answers: which service speaks about what, where its answers are found, and over which time they
stay as they are. Answers depend on profile, keys and time alone. A CA is silent before its certificate begins; after its end its last CRL
stays what it was, and there are no more OCSP answers.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from interop.model.hierarchy import CertificateSpec
from interop.pki.authority import Authority, Subject, authorities, direct_responder, subjects
from interop.pki.crl import build_crl
from interop.pki.crl_parts import CrlPart, crl_parts
from interop.pki.issue import Issued
from interop.pki.ocsp import Asked, ocsp_response
from interop.pki.reissue import crl_after, crl_turns, crl_update, first_second, ocsp_turns, second_after, window

__all__ = ["Offer", "Published", "first_after", "make_answer", "offers", "publish"]

_KEPT = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One answer that a service would give, not yet made."""

    service: str
    """`provider/crl/<ca>`, with `/<part>` for a part of a CRL and `/delta` for a delta; `provider/ocsp/<ca>`."""
    kind: Literal["crl", "ocsp"]
    at: datetime
    """The time as of which the service gives it."""
    since: datetime | None = None
    until: datetime | None = None
    """Over `[since, until)` the service gives the same but for routine reissue (`model.knowledge.Evidence`); None and None: this
    answer is not reissued, and stale."""
    issuer: CertificateSpec
    """The CA, or the issuer of the CRL, under its first certificate."""
    part: CrlPart | None = None
    """CRL: which."""
    delta: bool = False
    subject: Subject | None = None
    """OCSP: about whom."""

    def uris(self) -> tuple[str, ...]:
        """Where the certificates concerned say that it is found."""
        if self.part is not None:
            return self.part.uris(delta=self.delta)
        info = (
            None if self.subject is None or self.subject.spec is None else self.subject.spec.extensions.authority_info
        )
        return () if info is None else info.ocsp


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One answer of one service."""

    service: str
    """As `Offer.service`."""
    kind: Literal["crl", "ocsp"]
    der: bytes
    """The CRL or the OCSPResponse."""
    at: datetime
    """The time as of which the service gives it."""
    certificate: str | None = None
    """OCSP: id of the certificate that it is about; None for a certificate that the caller brought along."""
    since: datetime | None = None
    until: datetime | None = None
    """As `Offer.since` and `until`."""
    about: frozenset[str] = frozenset()
    """Ids of the certificates that it speaks about."""
    delta: bool = False
    """CRL: a delta."""


def _asked(spec: CertificateSpec | None) -> bool:
    """Whether anybody asks for the status of a certificate by OCSP: not for a responder that says id-pkix-ocsp-nocheck."""
    return spec is None or not spec.extensions.ocsp_nocheck


def _answered_by_ca(issued: Issued, spec: CertificateSpec | None) -> bool:
    """Whether a CA without responder answers itself: where it is told to, or the certificate says so, or there is no CRL."""
    services = issued.provider.services
    names_service = (
        spec is not None and spec.extensions.authority_info is not None and spec.extensions.authority_info.ocsp
    )
    return not services.ocsp_delegated or bool(names_service) or not services.crl


def _turns(issued: Issued, ca: Authority, also: tuple[bytes, ...]) -> Iterator[datetime | None]:
    """When any service of a CA begins or ends, or another responder answers: no answer of the CA is reissued across."""
    yield first_second(ca.start)
    yield second_after(ca.end)
    if not issued.provider.services.ocsp:
        return
    for subject in subjects(issued, ca.spec, also):
        yield first_second(subject.not_before)
        if subject.spec is not None and subject.spec.role == "ocsp":
            yield second_after(subject.spec.not_after)


def _crl_period(issued: Issued, *, delta: bool) -> timedelta:
    services = issued.provider.services
    return timedelta(hours=services.crl_delta_hours or 1) if delta else timedelta(hours=services.crl_period_hours)


def _crl_window(
    issued: Issued, part: CrlPart, at: datetime, also: tuple[bytes, ...], *, delta: bool
) -> tuple[datetime | None, datetime | None]:
    """Over which a CRL with these entries is out that is not past its nextUpdate."""
    services, start, end = issued.provider.services, part.issuer.start, part.issuer.end
    complete = timedelta(hours=services.crl_period_hours)
    period = _crl_period(issued, delta=delta)
    lasting = period if delta else timedelta(days=services.crl_next_update_days)
    this_update, _ = crl_update(min(at, end), start, period)
    next_update = this_update + lasting
    if at >= next_update:
        return None, None
    names = [subject.id for subject in part.subjects if subject.id is not None]
    turns = [turn for ca in _speaking(issued, part) for turn in _turns(issued, ca, also)]
    turns += crl_turns(services.events, names, start, period)
    if delta:  # what the base has taken over is no longer in it
        turns += crl_turns(services.events, names, start, complete)
    if at > end or this_update + period > next_update:
        turns += [this_update, next_update]
    return window(at, turns)


def _speaking(issued: Issued, part: CrlPart) -> tuple[Authority, ...]:
    """The issuer of a CRL, and the CAs whose certificates are on it."""
    issuers = {subject.issuer.id for subject in part.subjects}
    others = [ca for ca in authorities(issued) if ca.spec.id in issuers and ca != part.issuer]
    return (part.issuer, *others)


def _crl_offers(issued: Issued, part: CrlPart, at: datetime, also: tuple[bytes, ...]) -> Iterator[Offer]:
    if at < part.issuer.start:
        return
    service = f"{issued.provider.id}/crl/{part.issuer.spec.id}" + (f"/{part.name}" if part.name else "")
    for delta in (False, True) if issued.provider.services.crl_delta_hours is not None else (False,):
        since, until = _crl_window(issued, part, at, also, delta=delta)
        yield Offer(
            service=f"{service}/delta" if delta else service,
            kind="crl",
            at=at,
            since=since,
            until=until,
            issuer=part.issuer.spec,
            part=part,
            delta=delta,
        )


def _ocsp_offers(issued: Issued, ca: Authority, at: datetime, also: tuple[bytes, ...]) -> Iterator[Offer]:
    services = issued.provider.services
    if not ca.start <= at <= ca.end:
        return
    responder = direct_responder(issued, ca.spec, at)
    turns = tuple(_turns(issued, ca, also))
    for subject in subjects(issued, ca.spec, also):
        alone = responder is None and not _answered_by_ca(issued, subject.spec)
        if subject.not_before > at or not _asked(subject.spec) or alone:
            continue
        own = () if subject.id is None else ocsp_turns(services.events, subject.id)
        since, until = window(at, (*turns, *own)) if services.ocsp_validity_hours > 0 else (None, None)
        yield Offer(
            service=f"{issued.provider.id}/ocsp/{ca.spec.id}",
            kind="ocsp",
            at=at,
            since=since,
            until=until,
            issuer=ca.spec,
            subject=subject,
        )


def offers(issued: Issued, at: datetime, *, also: Iterable[bytes] = ()) -> tuple[Offer, ...]:
    """What every service of a provider would give as of a time, CRLs and OCSP of one CA after the other, indirect CRLs last.

    `also` as in `publish`. Raises InputError for a profile whose services cannot work.
    """
    at, guests = at.astimezone(UTC).replace(microsecond=0), tuple(also)
    services = issued.provider.services
    parts = crl_parts(issued) if services.crl else ()
    found: list[Offer] = []
    for ca in authorities(issued):
        for part in parts:
            if not part.indirect and part.issuer == ca:
                found.extend(_crl_offers(issued, part, at, guests))
        if services.ocsp:
            found.extend(_ocsp_offers(issued, ca, at, guests))
    for part in parts:
        if part.indirect:
            found.extend(_crl_offers(issued, part, at, guests))
    return tuple(found)


def first_after(issued: Issued, offer: Offer, instant: datetime) -> datetime | None:
    """From when on the service of an offer gives answers whose thisUpdate lies after an instant; None: it gives none."""
    if offer.part is None:
        return second_after(instant)
    ca = offer.part.issuer
    turn = crl_after(instant, ca.start, _crl_period(issued, delta=offer.delta))
    return turn if turn is not None and turn <= ca.end else None


def make_answer(issued: Issued, offer: Offer) -> Published:
    """The answer that an offer is about. Errors as `publish`."""
    if offer.part is not None:
        made = build_crl(issued, offer.part, offer.at, delta=offer.delta)
        about = frozenset(subject.id for subject in offer.part.subjects if subject.id is not None)
        certificate = None
    elif offer.subject is not None:
        asked = Asked(serial=offer.subject.serial, subject=offer.subject)
        made = ocsp_response(issued, offer.issuer, (asked,), offer.at)
        certificate = offer.subject.id
        about = frozenset(() if certificate is None else (certificate,))
    else:
        raise AssertionError("an offer is of a CRL or about a certificate")
    return Published(
        service=offer.service,
        kind=offer.kind,
        der=made,
        at=offer.at,
        certificate=certificate,
        since=offer.since,
        until=offer.until,
        about=about,
        delta=offer.delta,
    )


_published: OrderedDict[tuple[int, datetime, tuple[bytes, ...]], tuple[Issued, tuple[Published, ...]]] = OrderedDict()
"""Answers given; each keeps its hierarchy alive, so that the identity in its key stays its own."""


def publish(issued: Issued, at: datetime, *, also: Iterable[bytes] = ()) -> tuple[Published, ...]:
    """All status answers of a provider as of a time (whole seconds), in the order of `offers`.

    `also` are further certificates of its CAs, such as signer variants: always good, and answered for by OCSP too. The last answers
    are kept in memory. Raises InputError for a profile whose services cannot work (unknown digest or reason).
    """
    at = at.astimezone(UTC).replace(microsecond=0)
    slot = (id(issued), at, tuple(also))
    if slot not in _published:
        _published[slot] = issued, tuple(make_answer(issued, offer) for offer in offers(issued, at, also=slot[2]))
        if len(_published) > _KEPT:
            _published.popitem(last=False)
    return _published[slot][1]
