"""What begins or ends, and when: of everything that the answer of a relying party on a file rests on.

    calendar = Calendar(world=world, suites=suites, knowledge=knowledge, names=names)
    calendar.of(facts, "eu-qtsp-natural", relying)(at)      what begins or ends on that instant, for that file and that party

Plain dates of plain values: the certificates of the file, their issuers and whoever answers for them; the status answers about them;
the suites of the relying party; the instruments between the two. Whether any of it changes an answer is `matrix.turns`' question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from interop.model.agreement import Agreement
from interop.model.certificate import Certificate, ObjectId
from interop.model.facts import Facts
from interop.model.instant import format_instant
from interop.model.knowledge import Knowledge
from interop.model.profile import Provider, World
from interop.model.status import Crl
from interop.model.suite import Suite
from interop.model.timeline import Dated, Turn, TurnKind
from interop.pki.reissue import first_second, second_after
from interop.run.judge import suites_of
from interop.validation.moment import after, later

__all__ = ["Calendar"]

_VALIDITY = (
    "chain.",
    "time.",
    "revocation.",
    "trust.path-",
    "trust.no-path-",
    "assurance.time-stamp-",
    "agreement.signer-",
)
_STATUS = ("revocation.", "trust.path-revoked", "trust.path-status-", "trust.national-", "time.timestamp-invalid")
_SERVICE = (
    "revocation.",
    "trust.path-status-",
    "trust.national-",
    "time.certificate-out-of-bounds",
    "time.timestamp-invalid",
)
_ALGORITHM = ("algorithm.", "time.timestamp-invalid")
_INSTRUMENT = (
    "agreement.",
    "trust.instrument-",
    "trust.entry-",
    "trust.agreement-",
    "trust.no-path-",
    "assurance.capped-",
)
_LISTED = ("trust.list-", "trust.no-path-", "agreement.service-")
_COMMON_NAME = "2.5.4.3"
_OCSP_SIGNING, _TIME_STAMPING = "1.3.6.1.5.5.7.3.9", "1.3.6.1.5.5.7.3.8"

_Dates = dict[datetime, list[Dated]]


class Calendar:
    """The dates of one world, worked out as they are asked for."""

    def __init__(
        self, *, world: World, suites: Mapping[str, Suite], knowledge: Knowledge, names: Mapping[str, ObjectId]
    ) -> None:
        """`names` are those of `run.judge.certificate_names`."""
        self._world, self._suites, self._knowledge = world, suites, knowledge
        self._names = {certificate: name for name, certificate in names.items()}
        self._roles = {f"{p.id}:{spec.id}": spec.role for p in world.providers for spec in p.certificates}
        self._evidence: dict[ObjectId, list[tuple[str, datetime | None, datetime | None]]] = {}
        for record in knowledge.evidence:
            self._evidence.setdefault(record.object, []).append((record.service, record.since, record.until))
        self._of_certificates: dict[frozenset[ObjectId], _Dates] = {}
        self._of_answers: dict[tuple[frozenset[ObjectId], int | None], _Dates] = {}
        self._of_suites: dict[tuple[str, ...], _Dates] = {}

    def of(self, facts: Facts, signer: str, relying: Provider) -> Callable[[datetime], list[Dated]]:
        """What begins or ends on an instant, for one file of a signer and one relying party."""
        concerned = self._concerned(facts)
        rules = relying.relying
        age = rules.revocation.max_age_seconds
        dates = [
            self._certificates(concerned),
            self._answers(concerned, age),
            self._algorithms(relying),
            _by_date(self._in_file(facts, concerned, age)),
            _by_date(self._instruments(signer, relying.id)),
            _by_date(self._listed(relying.id)),
        ]
        return lambda at: [found for known in dates for found in known.get(at, ())]

    def _concerned(self, facts: Facts) -> frozenset[ObjectId]:
        """The certificates of the file, all that have issued them or answer for them, and so on."""
        known = self._knowledge
        waiting = [found.id for found in facts.objects if found.kind == "certificate"]
        found: set[ObjectId] = set()
        while waiting:
            certificate = waiting.pop()
            if certificate in found or certificate not in known.certificates:
                continue
            found.add(certificate)
            for signed in (certificate, *known.answers.get(certificate, ())):
                waiting.extend(key for key, ok in known.signed.get(signed, ()) if ok)
        return frozenset(found)

    def _certificates(self, concerned: frozenset[ObjectId]) -> _Dates:
        if concerned not in self._of_certificates:
            parsed = [self._knowledge.certificates[one] for one in sorted(concerned)]
            below = self._below(parsed)
            dates = [*self._lives(parsed), *self._services(parsed, below), *self._events(parsed)]
            self._of_certificates[concerned] = _by_date(dates)
        return self._of_certificates[concerned]

    def _lives(self, certificates: Iterable[Certificate]) -> Iterator[Dated]:
        for one in certificates:
            start, end = TurnKind.CERTIFICATE_START, TurnKind.CERTIFICATE_END
            if one.ca:
                start, end = TurnKind.CA_START, TurnKind.CA_END
            marks = (one.subject.text,)
            yield Dated(at=one.not_before, turn=self._turn(start, one), fits=_VALIDITY, marks=marks)
            over = after(one.not_after)
            if over is not None:
                yield Dated(at=over, turn=self._turn(end, one), fits=_VALIDITY, marks=marks)

    def _below(self, certificates: Iterable[Certificate]) -> dict[ObjectId, list[str]]:
        """CA -> subjects of those that it has issued."""
        found: dict[ObjectId, list[str]] = {}
        for one in certificates:
            for issuer, ok in self._knowledge.signed.get(one.id, ()):
                if ok and issuer != one.id:
                    found.setdefault(issuer, []).append(one.subject.text)
        return found

    def _services(self, certificates: Iterable[Certificate], below: Mapping[ObjectId, list[str]]) -> Iterator[Dated]:
        """Services work in whole seconds: a CA answers from the first of its life, and not after the last."""
        for one in certificates:
            speaks_for = list(below.get(one.id, ()))
            if _OCSP_SIGNING in (one.extended_key_usage or ()):
                for issuer, ok in self._knowledge.signed.get(one.id, ()):
                    speaks_for.extend(below.get(issuer, ()) if ok else ())
            for at in (first_second(one.not_before), second_after(one.not_after)) if speaks_for else ():
                if at is not None:
                    yield Dated(
                        at=at,
                        turn=self._turn(TurnKind.SERVICE, one),
                        fits=_SERVICE,
                        marks=tuple(dict.fromkeys(speaks_for)),
                    )

    def _events(self, certificates: Iterable[Certificate]) -> Iterator[Dated]:
        """Status events, on the instants from which on services say so."""
        known = {one.id: one for one in certificates}
        by_name = {self._names[one]: one for one in known if one in self._names}
        for provider in self._world.providers:
            for event in provider.services.events:
                name = event.certificate if ":" in event.certificate else f"{provider.id}:{event.certificate}"
                one = by_name.get(name)  # of another provider, where it stands on this one's register
                if one is None:
                    continue
                said = event.status if event.status != "revoked" else f"revoked ({event.reason})"
                whose = self._turn(TurnKind.STATUS, known[one])
                turn = Turn(
                    kind=whose.kind, whose=whose.whose, what=whose.what, name=f"{whose.name}: {said}", role=whose.role
                )
                for at in self._told(one, event.at):
                    yield Dated(at=at, turn=turn, fits=_STATUS, marks=(known[one].subject.text,))

    def _told(self, certificate: ObjectId, event: datetime) -> set[datetime]:
        """The event itself, and for every service the first time from then on at which it gives another answer."""
        found: dict[str, datetime] = {}
        for answer in self._knowledge.answers.get(certificate, ()):
            for service, since, _ in self._evidence.get(answer, ()):
                if since is not None and since >= event:
                    found[service] = min(found.get(service, since), since)
        return {event, *found.values()}

    def _answers(self, concerned: frozenset[ObjectId], age: int | None) -> _Dates:
        """What services say about the certificates: as long as they say it, and as long as it is fresh."""
        key = (concerned, age)
        if key not in self._of_answers:
            self._of_answers[key] = _by_date(
                dated
                for one in sorted(concerned)
                for answer in self._knowledge.answers.get(one, ())
                for service, *span in self._evidence.get(answer, ())
                for dated in self._evidence_on(one, service, {*span, *self._limits(answer, one, age)})
            )
        return self._of_answers[key]

    def _in_file(self, facts: Facts, concerned: frozenset[ObjectId], age: int | None) -> Iterator[Dated]:
        """Status answers and time-stamps that the file brings along."""
        carried = facts.status_answers
        for one in sorted(concerned):
            for answer in self._knowledge.answers.get(one, ()):
                if answer in carried:
                    yield from self._evidence_on(one, "file", self._limits(answer, one, age))
        for token in facts.tokens:
            if token.time is not None:
                made = format_instant(token.time)
                turn = Turn(kind=TurnKind.TIME_STAMP, what=made)
                yield Dated(at=token.time, turn=turn, fits=("time.", "chain.", "revocation."), marks=(made,))

    def _limits(self, answer: ObjectId, certificate: ObjectId, age: int | None) -> set[datetime | None]:
        """Instants on which a status answer begins to count or ceases to."""
        status = self._knowledge.crls.get(answer) or self._knowledge.ocsps.get(answer)
        one = self._knowledge.certificates[certificate]
        if status is None:
            return set()
        if isinstance(status, Crl):
            spans = [(status.this_update, status.next_update, status.expired_since)]
            found: set[datetime | None] = set()
        else:
            spans = [
                (r.this_update, r.next_update, r.archive_cutoff) for r in status.responses if r.serial == one.serial
            ]
            found = {status.produced_at}
        for issued, until, cutoff in spans:
            found |= {issued, until, None if age is None else later(issued, age)}
            if until is not None:  # the first answer that is surely from after the end of the certificate
                found.add(later(one.not_after, int((until - issued).total_seconds())))
            if cutoff is not None:
                found.add(after(later(one.not_after, int((issued - cutoff).total_seconds())) or one.not_after))
        return found

    def _evidence_on(self, certificate: ObjectId, service: str, dates: Iterable[datetime | None]) -> Iterator[Dated]:
        one = self._knowledge.certificates[certificate]
        turn = self._turn(TurnKind.EVIDENCE, one)
        turn = Turn(kind=turn.kind, whose=turn.whose, what=service, name=turn.name, role=turn.role)
        for at in dates:
            if at is not None:
                yield Dated(at=at, turn=turn, fits=_SERVICE, marks=(one.subject.text,))

    def _algorithms(self, relying: Provider) -> _Dates:
        key = tuple(relying.relying.algorithms.suites)
        if key not in self._of_suites:
            self._of_suites[key] = _by_date(
                Dated(
                    at=at,
                    turn=Turn(kind=kind, whose=suite.id, what=entry.name, source=suite.source),
                    fits=_ALGORITHM,
                    marks=(f": {entry.name}",),
                )
                for suite in suites_of(relying.relying, self._suites)
                for entry in suite.entries
                for kind, at in ((TurnKind.ALGORITHM_START, entry.start), (TurnKind.ALGORITHM_END, entry.end))
                if at is not None
            )
        return self._of_suites[key]

    def _instruments(self, signer: str, relying: str) -> Iterator[Dated]:
        for agreement in self._world.agreements:
            if agreement.grants and signer in agreement.signers and relying in agreement.relying:
                yield from _instrument_dates(agreement)

    def _listed(self, relying: str) -> Iterator[Dated]:
        """What the lists that a relying party believes say of services, and since when."""
        if self._world.listed is None:
            return
        certificates = {name: certificate for certificate, name in self._names.items()}
        for name, spans in self._world.listed.granted.get(relying, {}).items():
            one = self._knowledge.certificates[certificates[name]]
            for span in spans:
                for kind, at in ((TurnKind.LIST_GRANTED, span.start), (TurnKind.LIST_WITHDRAWN, span.end)):
                    if at is not None:
                        yield Dated(at=at, turn=self._turn(kind, one), fits=_LISTED, marks=(one.subject.text,))

    def _turn(self, kind: TurnKind, certificate: Certificate) -> Turn:
        """A turn of a certificate; one that no profile names belongs to whoever has issued it."""
        what = self._names.get(certificate.id, "")
        issuers = (self._names.get(key, "") for key, ok in self._knowledge.signed.get(certificate.id, ()) if ok)
        whose = (what or next(filter(None, issuers), "")).partition(":")[0]
        return Turn(kind=kind, whose=whose, what=what, name=_name(certificate), role=self._role(certificate, what))

    def _role(self, certificate: Certificate, what: str) -> str:
        known = self._roles.get(what)
        if known is not None:
            return known
        if certificate.ca:
            return "ca"
        purposes = certificate.extended_key_usage or ()
        return "tsa" if _TIME_STAMPING in purposes else "ocsp" if _OCSP_SIGNING in purposes else "signer"


def _instrument_dates(agreement: Agreement) -> Iterator[Dated]:
    marks, notes = (agreement.id,), {step.at: step.note for step in agreement.history}
    dates = [
        (kind, at, "", notes.get(at, "") if at is not None else "")
        for span in agreement.in_force()
        for kind, at in ((TurnKind.AGREEMENT_START, span.start), (TurnKind.AGREEMENT_REPEAL, span.end))
    ]
    for entry in agreement.entries:
        what = entry.service or entry.anchor or entry.issuer or entry.cross_certificate or ""
        dates += [(TurnKind.WINDOW_START, entry.start, what, ""), (TurnKind.WINDOW_END, entry.end, what, "")]
    for kind, at, what, note in dates:
        if at is not None:
            turn = Turn(kind=kind, whose=agreement.id, what=what, name=note, source=agreement.source)
            yield Dated(at=at, turn=turn, fits=_INSTRUMENT, marks=marks)


def _name(certificate: Certificate) -> str:
    """The common name; without one the whole subject."""
    names = [part.value for rdn in certificate.subject.rdns for part in rdn if part.oid == _COMMON_NAME]
    return names[0] if names else certificate.subject.text


def _by_date(dated: Iterable[Dated]) -> _Dates:
    found: _Dates = {}
    for one in dated:
        found.setdefault(one.at, []).append(one)
    return found
