"""Which status answers a relying party has at a validation time, and what is certain about their dates.

Answers of the file are what they are. Of a service it has the answer that is given at that time: one known to be given over
`[since, until)` (`model.knowledge.Evidence`) counts inside as given at that very time, between thisUpdate and nextUpdate of its own
reissue; otherwise the latest known to be given by then. `Unknowns` notes where what a service says is not known, so that no
answer reaches further than that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from interop.model.certificate import Certificate, ObjectId
from interop.model.instant import Interval
from interop.model.knowledge import Evidence
from interop.validation.lookup import Lookup
from interop.validation.moment import Moment, later
from interop.validation.path import same_authority

__all__ = ["AtHand", "Dates", "Unknowns", "at_hand", "fresh"]

_OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"


@dataclass(slots=True)
class Unknowns:
    """Services whose answer at the time asked for is not known, collected over one question."""

    names: set[str] = field(default_factory=set)

    def sorted(self) -> tuple[str, ...]:
        """In one order."""
        return tuple(sorted(self.names))


@dataclass(frozen=True, slots=True)
class AtHand:
    """One answer."""

    object: ObjectId
    given: Evidence | None = None
    """As what it is given at the time asked for, reissued; None: with the dates in it."""


def at_hand(
    lookup: Lookup, certificate: Certificate, issuer: Certificate, moment: Moment, unknown: Unknowns
) -> list[AtHand]:
    """What every service gives about a certificate at the moment."""
    found: list[AtHand] = []
    services = lookup.services(certificate.id)
    for service, records in services:
        live = [r for r in records if r.since is not None and moment.inside(Interval(r.since, r.until))]
        if live:
            last = live[0].at
            for record in live:
                if record.at > last and not moment.reached(record.at):
                    break
                last = record.at
            found.extend(AtHand(record.object, record) for record in live if record.at == last)
            continue
        latest: Evidence | None = None
        for record in records:
            if not moment.reached(record.at):
                break
            latest = record
        if latest is not None:
            found.extend(AtHand(record.object) for record in records if record.at == latest.at)
        if latest is None or latest.since is not None:
            unknown.names.add(service)
    if not services:
        unknown.names.add(_silence(lookup, certificate, issuer, moment))
    return list(dict.fromkeys(found))


def _silence(lookup: Lookup, certificate: Certificate, issuer: Certificate, moment: Moment) -> str:
    """No service is known to speak about a certificate. That may change where the certificate or one that could answer begins or
    ends: silence before is not silence after."""
    speakers = [certificate, *lookup.remember(("speakers", issuer.id), lambda: _speakers(lookup, issuer))]
    turns = [moment.reached(speaker.not_before) for speaker in speakers]
    turns += [moment.passed(speaker.not_after) for speaker in speakers]
    return f"silent {sum(turns)}"


def _speakers(lookup: Lookup, issuer: Certificate) -> list[Certificate]:
    """The issuing CA under all its certificates, and its OCSP responders."""
    return [
        known
        for known in lookup.knowledge.certificates.values()
        if same_authority(known, issuer)
        or (known.issuer.normal == issuer.subject.normal and _OCSP_SIGNING in (known.extended_key_usage or ()))
    ]


def fresh(issued: datetime, until: datetime | None, max_age: int | None, reference: Moment) -> bool:
    """EN 319 102-1 section 5.2.5.4. Issued after the time that counts is always fresh."""
    if max_age is not None:
        end = later(issued, max_age)
        return end is None or not reference.reached(end)
    if until is not None and until > issued:
        return not reference.reached(until)
    return not reference.passed(issued)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """thisUpdate and nextUpdate of an answer, as far as they are certain at a moment."""

    issued: datetime
    """thisUpdate in the answer."""
    until: datetime | None
    """nextUpdate in it."""
    given: Evidence | None
    """Given at the moment with other dates of its own; None: with these."""
    moment: Moment
    unknown: Unknowns

    @property
    def _length(self) -> int | None:
        """Seconds from thisUpdate to nextUpdate, the same at every reissue."""
        if self.until is None or self.until <= self.issued:
            return None
        return int((self.until - self.issued).total_seconds())

    def exact(self) -> bool:
        """Whether it is this very answer that is given at the moment: it was the latest from its thisUpdate up to when it was had."""
        if self.given is None:
            return True
        return self.moment.reached(self.issued) and not self.moment.passed(self.given.at)

    def bounds(self) -> tuple[datetime | None, datetime | None]:
        """Earliest and latest thisUpdate that it can have at the moment; None: not certain."""
        if self.exact():
            return self.issued, self.issued
        return (self.issued if self.moment.reached(self.issued) else None), None

    def reached(self, produced: datetime) -> bool:
        """Whether it is not of the future. What is given at a moment never is."""
        return self.given is not None or self.moment.reached(max(self.issued, produced))

    def after(self, end: datetime) -> bool:
        """Whether it was issued after `end`, the subject's notAfter."""
        if self.given is None:
            return self.issued > end
        if not self.moment.passed(end):
            return False
        if self.exact() or (self.issued > end and self.moment.reached(self.issued)):
            return self.issued > end
        surely = None if self._length is None else later(end, self._length)
        if surely is not None and self.moment.reached(surely):
            return True
        self.unknown.names.add(self.given.service)
        return self.issued > end

    def fresh(self, max_age: int | None, reference: Moment) -> bool:
        """Whether it is fresh against the time that counts. Without certainty: with the dates in it."""
        if self.given is None:
            return fresh(self.issued, self.until, max_age, reference)
        length = self._length
        guaranteed = length is not None and (max_age is None or max_age >= length)
        if guaranteed and (reference.floating or self.moment.reached(reference.at)):
            return True
        own = fresh(self.issued, self.until, max_age, reference)
        if self.exact() or (own and self.moment.reached(self.issued)):
            return own
        self.unknown.names.add(self.given.service)
        return False
