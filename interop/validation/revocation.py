"""The status of one certificate: which answer counts at the validation time, and what it says.

Answers are those in the file and, unless the rules say offline, what each service would give at the validation time (its
latest). They must be authentic and in scope (`status_scope`), issued by then, and fresh against the time that counts: the
proven time of the signature, else the validation time (EN 319 102-1 section 5.2.5: younger than the maximum accepted, or
than nextUpdate - thisUpdate without one). A revocation in any authentic answer stands, fresh or not; of suspensions and
good answers the latest counts. A delta CRL counts for the certificates that it lists and is left aside for the others.
What comes out is a `Status` that names no answer, so a routine reissue ends no span; what a service says at another time, which
is not known, ends it (`at_hand`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from interop.model.certificate import Certificate, ObjectId
from interop.model.instant import Interval, format_instant
from interop.model.rules import RevocationRules
from interop.model.status import REASON_FLAGS, Crl, OcspResponse, Revocation, SingleStatus
from interop.validation.at_hand import AtHand, Dates, Unknowns, at_hand
from interop.validation.lookup import Lookup
from interop.validation.moment import Moment, later, widen
from interop.validation.status_scope import Asking, Subject, Unusable, crl_unusable, ocsp_unusable

__all__ = ["Status", "StatusSources", "status_of"]

_ALL_REASONS = frozenset(REASON_FLAGS.values())
_HOLD = "certificateHold"
_DEEPEST, _MOST_ASKED = 4, 100
"""Certificates whose status one question may lead to: in one line, and in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What is known about one certificate."""

    kind: Literal["good", "revoked", "suspended", "unknown"]
    date: datetime | None = None
    """Revoked or suspended since."""
    reason: str | None = None
    """CRLReason name."""
    problems: tuple[Unusable, ...] = ()
    """Why answers at hand did not count; beside `unknown` only."""
    notes: tuple[Unusable, ...] = ()
    """Worth saying whatever came out (a delta CRL that was left aside)."""
    final: bool = False
    """Good when the certificate ended: nothing can change that any more."""
    unknown: tuple[str, ...] = ()
    """Services whose answer at that time is not known, so that asking them could change what came out. Empty where services were
    asked as of that time, and where nothing is known of when they reissue (`Evidence.since`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSources:
    """What may be asked."""

    in_file: frozenset[ObjectId] = frozenset()
    """CRLs and OCSP responses found in the file."""
    existed: Mapping[ObjectId, datetime] = field(default_factory=dict)
    """Objects of the file whose existence at a time a valid time-stamp proves."""
    rules: RevocationRules = field(default_factory=RevocationRules)
    proof: datetime | None = None
    """Proven time of the signature; None: freshness is asked at the validation time."""
    responders: frozenset[ObjectId] = frozenset()
    """OCSP signing authorities that the relying party names itself (`model.verdict.Home.responders`)."""
    later_than: datetime | None = None
    """A good answer must be issued later than this (the end of a grace period); None: no matter when. Who signs answers is not meant."""
    providers: frozenset[str] | None = None
    """Providers whose services alone are asked; None: all services."""

    def key(self) -> tuple[Hashable, ...]:
        """All of it that an answer can rest on, to remember the answer under."""
        rules, existed = self.rules, tuple(sorted(self.existed.items()))
        return (
            self.in_file, existed, rules, self.proof, self.responders, self.later_than, self.providers
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Answer:
    issued: datetime
    kind: Literal["good", "revoked", "suspended", "unknown"]
    date: datetime | None = None
    reason: str | None = None
    covers: frozenset[str] = _ALL_REASONS
    final: bool = False
    """Given after the certificate had ended, by somebody who still knew it."""
    bounds: tuple[datetime | None, datetime | None] = (None, None)
    """Earliest and latest thisUpdate that are certain of it at the moment."""


def status_of(lookup: Lookup, subject: Subject, sources: StatusSources, at: datetime) -> tuple[Status, Interval]:
    """The status of one certificate at a validation time, and the span over which it says the same."""
    about = lookup.status_objects(subject.certificate.id)
    in_file = sources.in_file if _nested(lookup, about) else sources.in_file.intersection(about)
    key = (
        "status",
        subject.certificate.id,
        subject.above.certificates,
        in_file,
        tuple(sorted((obj, time) for obj, time in sources.existed.items() if obj in in_file)),
        sources.rules.offline,
        sources.rules.max_age_seconds,
        sources.proof,
        sources.responders,
        sources.later_than,
        sources.providers,
    )
    return lookup.remember_over(
        key, at, lambda: widen(lambda moment: _ask(lookup, subject, sources, moment, _Asked()), at)
    )


def _nested(lookup: Lookup, about: Sequence[ObjectId]) -> bool:
    """Whether an answer may rest on the status of another certificate, hence on other objects of the file."""
    for obj in about:
        for signer_id, ok in lookup.issuers(obj):
            signer = lookup.certificate(signer_id)
            if ok and signer is not None and not signer.ca and not signer.ocsp_nocheck:
                return True
    return False


@dataclass(slots=True)
class _Asked:
    """Certificates on whose status one question came to rest, in a line; and how many there were in all."""

    line: tuple[ObjectId, ...] = ()
    count: list[int] = field(default_factory=lambda: [0])
    """Shared by all that one question leads to: responders that vouch for each other in a ring give as many lines as there are
    orders of them."""
    unknown: Unknowns = field(default_factory=Unknowns)
    """Shared too."""

    def may_ask(self, certificate: ObjectId) -> bool:
        self.count[0] += 1
        return certificate not in self.line and len(self.line) <= _DEEPEST and self.count[0] <= _MOST_ASKED

    def below(self, certificate: ObjectId) -> _Asked:
        return _Asked((*self.line, certificate), self.count, self.unknown)


def _ask(lookup: Lookup, subject: Subject, sources: StatusSources, moment: Moment, asked: _Asked) -> Status:
    certificate = subject.certificate
    reference = moment if sources.proof is None else Moment(sources.proof, floating=False)

    def good(other: Subject, when: Moment) -> bool:
        below = asked.below(certificate.id)
        own = sources if sources.later_than is None else replace(sources, later_than=None)
        return below.may_ask(other.certificate.id) and _ask(lookup, other, own, when, below).kind == "good"

    asking = Asking(lookup=lookup, moment=moment, good=good, responders=sources.responders)
    answers: list[_Answer] = []
    problems: list[Unusable] = []
    notes: list[Unusable] = []
    for item in _available(lookup, subject, sources, moment, asked.unknown):
        status = lookup.status(item.object)
        if status is None:
            continue
        if isinstance(status, Crl):
            unusable = crl_unusable(status, subject, asking, sources.existed.get(item.object))
            found = _crl_answer(lookup, status, certificate)
            issued, until, kept = status.this_update, status.next_update, status.expired_since
            if found is None:
                notes.append(Unusable("revocation.delta-ignored", f"delta CRL of {status.issuer.text}"))
                continue
        else:
            single = _single(status, certificate)
            if single is None:
                continue
            existed = sources.existed.get(item.object)
            unusable = ocsp_unusable(status, subject, asking, existed)
            found = _ocsp_answer(single)
            issued, until, kept = single.this_update, single.next_update, single.archive_cutoff
        dates = Dates(issued=issued, until=until, given=item.given, moment=moment, unknown=asked.unknown)
        if unusable is not None:
            problems.append(unusable)
        elif not dates.reached(issued if isinstance(status, Crl) else status.produced_at):
            problems.append(Unusable("revocation.issued-in-future", certificate.subject.text))
        elif found.kind == "revoked":
            answers.append(found)
        elif found.kind == "unknown":
            problems.append(Unusable("revocation.status-unknown", certificate.subject.text))
        elif found.kind == "good" and sources.later_than is not None and not dates.after(sources.later_than):
            detail = f"{certificate.subject.text}: not later than {format_instant(sources.later_than)}"
            problems.append(Unusable("revocation.grace-period", detail))
        elif found.kind == "good" and dates.after(certificate.not_after):
            if _kept(dates, kept, certificate, moves=not isinstance(status, Crl)):
                answers.append(replace(found, bounds=dates.bounds(), final=True))
            else:
                problems.append(Unusable("revocation.issued-after-expiry", certificate.subject.text))
        elif not dates.fresh(sources.rules.max_age_seconds, reference):
            problems.append(Unusable("revocation.not-fresh", certificate.subject.text))
        else:
            answers.append(replace(found, bounds=dates.bounds()))
    if not _in_order(answers):
        asked.unknown.names.add("order of answers")
    chosen = _choose(answers, tuple(dict.fromkeys(problems)), tuple(dict.fromkeys(notes)), certificate)
    return replace(chosen, unknown=asked.unknown.sorted())


def _kept(dates: Dates, cutoff: datetime | None, certificate: Certificate, *, moves: bool) -> bool:
    """Whether whoever answers after a certificate has ended still knows it (archiveCutoff, RFC 6960 section 4.4.4; expiredCertsOnCRL).

    A responder keeps what it knows for the same time whenever it answers, so its cutoff `moves` along; that of a CRL is a date. What was
    good when the certificate ended is final, however old the answer is.
    """
    if cutoff is None:
        return False
    if not moves:
        return cutoff <= certificate.not_after
    forgotten = later(certificate.not_after, int((dates.issued - cutoff).total_seconds()))
    return forgotten is None or not dates.after(forgotten)


def _available(
    lookup: Lookup, subject: Subject, sources: StatusSources, moment: Moment, unknown: Unknowns
) -> list[AtHand]:
    """Objects of the file, and the latest of every service at the moment."""
    certificate = subject.certificate
    found = [AtHand(obj) for obj in lookup.status_objects(certificate.id) if obj in sources.in_file]
    if not sources.rules.offline:
        given = at_hand(lookup, certificate, subject.issuer, moment, unknown)
        found.extend(given if sources.providers is None else _of(lookup, certificate, sources.providers, given))
    return list(dict.fromkeys(found))


def _of(lookup: Lookup, certificate: Certificate, providers: frozenset[str], given: list[AtHand]) -> list[AtHand]:
    """Of what services give, what those of some providers do (`Evidence.service` begins with the provider)."""
    own = {
        record.object
        for service, records in lookup.services(certificate.id)
        if service.partition("/")[0] in providers
        for record in records
    }
    return [item for item in given if item.object in own]


def _crl_answer(lookup: Lookup, crl: Crl, certificate: Certificate) -> _Answer | None:
    """None: a delta CRL that does not list it, so its base decides (RFC 5280 section 5.2.4)."""

    def index() -> dict[tuple[str, int], Revocation]:
        return {(entry.issuer or crl.issuer.normal, entry.serial): entry for entry in reversed(crl.revoked)}

    entry = lookup.remember(("crl", crl.id), index).get((certificate.issuer.normal, certificate.serial))
    covers = _ALL_REASONS if crl.only_reasons is None else crl.only_reasons & _ALL_REASONS
    if entry is None and crl.delta_base is not None:
        return None
    if entry is None or entry.reason == "removeFromCRL":
        return _Answer(crl.this_update, "good", covers=covers)
    kind: Literal["suspended", "revoked"] = "suspended" if entry.reason == _HOLD else "revoked"
    return _Answer(crl.this_update, kind, entry.date, entry.reason, covers)


def _single(ocsp: OcspResponse, certificate: Certificate) -> SingleStatus | None:
    """The worst about that serial: the link has checked that the response is about the certificate."""
    order = {"revoked": 0, "unknown": 1, "good": 2}
    about = [single for single in ocsp.responses if single.serial == certificate.serial]
    return min(about, key=lambda single: order.get(single.status, 1), default=None)


def _ocsp_answer(single: SingleStatus) -> _Answer:
    if single.status == "good":
        return _Answer(single.this_update, "good")
    if single.status == "revoked":
        kind: Literal["suspended", "revoked"] = "suspended" if single.reason == _HOLD else "revoked"
        return _Answer(single.this_update, kind, single.revoked_at or single.this_update, single.reason)
    return _Answer(single.this_update, "unknown")


def _in_order(answers: list[_Answer]) -> bool:
    """Whether it is certain which of suspended and good, or of several suspensions, is the latest."""
    held = [answer for answer in answers if answer.kind == "suspended"]
    clear = [answer for answer in answers if answer.kind == "good"]
    if not held or any(answer.kind == "revoked" for answer in answers):
        return True
    last = max(held, key=lambda answer: answer.issued)
    if clear and max(a.issued for a in clear) > last.issued:
        return _later(clear, held, equal=False)
    same = [a for a in held if (a.date, a.reason) == (last.date, last.reason)]
    return _later(same, [*clear, *(a for a in held if a not in same)], equal=True)


def _later(one: list[_Answer], other: list[_Answer], *, equal: bool) -> bool:
    """Whether the latest of the one is certainly later than every one of the other."""
    earliest = max((a.bounds[0] for a in one if a.bounds[0] is not None), default=None)
    for answer in other:
        latest = answer.bounds[1]
        if earliest is None or latest is None or latest > earliest or (latest == earliest and not equal):
            return False
    return True


def _choose(
    answers: list[_Answer], problems: tuple[Unusable, ...], notes: tuple[Unusable, ...], certificate: Certificate
) -> Status:
    revoked = [answer for answer in answers if answer.kind == "revoked"]
    if revoked:
        first = min(revoked, key=lambda answer: (answer.date or answer.issued, answer.reason or ""))
        return Status(kind="revoked", date=first.date, reason=first.reason, notes=notes)
    held = [answer for answer in answers if answer.kind == "suspended"]
    clear = [answer for answer in answers if answer.kind == "good"]
    if held and max(a.issued for a in held) >= max((a.issued for a in clear), default=held[0].issued):
        last = max(held, key=lambda answer: answer.issued)
        return Status(kind="suspended", date=last.date, reason=last.reason, notes=notes)
    covered: frozenset[str] = frozenset().union(*(answer.covers for answer in clear))
    if clear and covered >= _ALL_REASONS:
        final = any(answer.final and answer.covers >= _ALL_REASONS for answer in clear)
        return Status(kind="good", notes=notes, final=final)
    if clear:
        missing = ", ".join(sorted(_ALL_REASONS - covered))
        problems = (
            *problems,
            Unusable("revocation.reasons-incomplete", f"{certificate.subject.text}: no CRL for {missing}"),
        )
    return Status(kind="unknown", problems=problems, notes=notes)
