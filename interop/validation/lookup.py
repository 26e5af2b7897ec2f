"""What is known, indexed once, with a memory for what was worked out about it.

A `Lookup` belongs to one `Knowledge`. Paths, path checks and status lines are remembered in it under frozen keys, so that
judging the same certificates for the next relying party costs a dictionary access.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Any, TypeVar, cast

from interop.model.certificate import Certificate, ObjectId
from interop.model.instant import Interval
from interop.model.knowledge import Evidence, Knowledge
from interop.model.status import Crl, OcspResponse
from interop.validation.moment import Moment

__all__ = ["Lookup", "lookup_for"]

T = TypeVar("T")
_KEEP = 16
_OPEN: OrderedDict[int, Lookup] = OrderedDict()


class Lookup:
    """Indexed knowledge. Not safe to share between threads; workers hold their own."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._memory: dict[Hashable, Any] = {}
        self._spans: dict[Hashable, list[tuple[Interval, Any]]] = {}
        self._values: list[object] = []
        self._numbers: dict[tuple[type, Hashable], int] = {}
        self._evidence: dict[ObjectId, list[Evidence]] = {}
        for record in knowledge.evidence:
            self._evidence.setdefault(record.object, []).append(record)

    def certificate(self, certificate_id: ObjectId) -> Certificate | None:
        """The parsed certificate; None where it is not known or could not be read."""
        return self.knowledge.certificates.get(certificate_id)

    def issuers(self, certificate_id: ObjectId) -> tuple[tuple[ObjectId, bool | None], ...]:
        """(candidate issuer certificate, whether its key verifies the signature), self-signatures included."""
        return self.knowledge.signed.get(certificate_id, ())

    def signed(self, obj: ObjectId, by: ObjectId) -> bool | None:
        """Whether `obj` verifies with the key of `by`; None also where the edge was never tried."""
        for key, ok in self.issuers(obj):
            if key == by:
                return ok
        return None

    def status_objects(self, certificate_id: ObjectId) -> tuple[ObjectId, ...]:
        """CRLs and OCSP responses about the certificate."""
        return self.knowledge.answers.get(certificate_id, ())

    def status(self, obj: ObjectId) -> Crl | OcspResponse | None:
        """The parsed CRL or OCSP response."""
        return self.knowledge.crls.get(obj) or self.knowledge.ocsps.get(obj)

    def services(self, certificate_id: ObjectId) -> tuple[tuple[str, tuple[Evidence, ...]], ...]:
        """What each service gives about the certificate, in order of time."""

        def collect() -> tuple[tuple[str, tuple[Evidence, ...]], ...]:
            found: dict[str, list[Evidence]] = {}
            for obj in self.status_objects(certificate_id):
                for record in self._evidence.get(obj, ()):
                    found.setdefault(record.service, []).append(record)
            return tuple((name, tuple(sorted(found[name], key=lambda r: (r.at, r.object)))) for name in sorted(found))

        return self.remember(("services", certificate_id), collect)

    def doubts(self, at: datetime, unknown: tuple[str, ...]) -> tuple[str, ...]:
        """What is not known then, as far as it tells answers apart: nothing where services were asked over time."""
        through = self.knowledge.through
        return () if through is not None and at in through else unknown

    def same(self, value: object) -> int:
        """A small number for a value, equal for equal ones: a key for values that are dear to hash, of which there are few."""
        for number, known in enumerate(self._values):
            if known is value or known == value:
                return number
        self._values.append(value)
        return len(self._values) - 1

    def number(self, value: Hashable) -> int:
        """The same by hash, for values of which there may be many. Numbers of `same` and of `number` have nothing to do with each other."""
        return self._numbers.setdefault((type(value), value), len(self._numbers))

    def remember(self, key: Hashable, work: Callable[[], T]) -> T:
        """What `work` gives, worked out once per key."""
        found = self._memory.get(key, self)  # the lookup itself stands for nothing found: None may be an answer
        if found is self:
            found = self._memory[key] = work()
        return cast(T, found)

    def remember_over(self, key: Hashable, at: datetime, work: Callable[[], tuple[T, Interval]]) -> tuple[T, Interval]:
        """An answer that holds over a span, worked out once per key and span."""
        spans = self._spans.setdefault(key, [])
        for span, known in spans:
            if at in span:
                return cast(T, known), span
        answer, span = work()
        spans.append((span, answer))
        return answer, span

    def remember_at(self, key: Hashable, moment: Moment, work: Callable[[Moment], T]) -> T:
        """The same for a question asked of a moment, which takes over the span of the answer."""

        def ask() -> tuple[T, Interval]:
            own = Moment(moment.at, floating=moment.floating)
            answer = work(own)
            return answer, own.holds

        answer, span = self.remember_over((key, None if moment.floating else moment.at), moment.at, ask)
        if moment.floating:
            moment.narrow(span)
        return answer


def lookup_for(knowledge: Knowledge) -> Lookup:
    """The lookup of that very knowledge value; those of the last few are kept."""
    found = _OPEN.get(id(knowledge))
    if found is not None and found.knowledge is knowledge:
        _OPEN.move_to_end(id(knowledge))
        return found
    lookup = Lookup(knowledge)
    _OPEN[id(knowledge)] = lookup
    while len(_OPEN) > _KEEP:
        _OPEN.popitem(last=False)
    return lookup
