"""One signature read once and judged many times: what was worked out is remembered under the values it rests on.

Most of an answer rests on the file and on a few rule values, not on who relies. `Terms` gives the parts of a relying party's
rules small numbers, equal for equal parts, and a `Reading` remembers each answer under the numbers of the parts it rests on: two
relying parties with the same algorithm rules share that layer, whatever else they differ in. A reading belongs to one signature
of one file and one lookup, and lives as long as its holder keeps it, so nothing in it can outlast what it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from interop.model.certificate import ObjectId
from interop.model.facts import Facts, SignatureFacts
from interop.model.verdict import TechnicalContext
from interop.validation.lookup import Lookup

__all__ = ["Memory", "Reading", "Terms", "read"]

T = TypeVar("T")


class Memory:
    """Answers under keys that hold every value they rest on. Not safe to share between threads."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[Hashable, Any] = {}

    def remember(self, key: Hashable, work: Callable[[], T]) -> T:
        """What `work` gives, worked out once per key."""
        found = self._known.get(key, self)  # the memory itself stands for nothing found: None may be an answer
        if found is self:
            found = self._known[key] = work()
        return cast(T, found)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Terms:
    """The context of one relying party at one time, with a number for each part. Numbers mean something in one lookup alone."""

    context: TechnicalContext
    lookup: Lookup
    anchors: frozenset[ObjectId]
    """Home anchors."""
    formats: int
    """Of `rules.formats`."""
    algorithms: int
    """Of `rules.algorithms` and the suites."""
    sm2_ids: int
    """Of the SM2 identifiers accepted alone."""
    certificate: int
    """Of `rules.certificate`."""
    revocation: int
    """Of `rules.revocation`."""
    time: int
    """Of `rules.time`."""
    tsa: frozenset[str] | None
    """Providers whose time-stamps count; None: whoever has a home."""
    frame: int
    """Of home anchors and identities, validity model and validation time: what every answer about a path rests on."""

    @staticmethod
    def of(context: TechnicalContext, lookup: Lookup) -> Terms:
        """The terms of a context. ValueError where the lookup is of other knowledge."""
        if lookup.knowledge is not context.knowledge:
            raise ValueError("the lookup belongs to other knowledge than the context")
        rules = context.rules
        return Terms(
            context=context,
            lookup=lookup,
            anchors=frozenset(context.home.anchors),
            formats=lookup.number(rules.formats),
            algorithms=lookup.number((rules.algorithms, lookup.same(context.suites))),
            sm2_ids=lookup.number(rules.algorithms.sm2_ids),
            certificate=lookup.number(rules.certificate),
            revocation=lookup.number(rules.revocation),
            time=lookup.number(rules.time),
            tsa=_authorities(context),
            frame=lookup.number((lookup.same(context.home), rules.validity_model, context.at)),
        )

    @property
    def numbers(self) -> tuple[Hashable, ...]:
        """All of them, and whose time-stamps count: equal where everything that the technical layers read is equal."""
        return (self.formats, self.algorithms, self.certificate, self.revocation, self.time, self.tsa, self.frame)


def _authorities(context: TechnicalContext) -> frozenset[str] | None:
    """`rules.time.tsa` with its two words resolved."""
    rules = context.rules
    if not rules.time.tsa:
        return None
    found = set(rules.time.tsa) - {"own", "agreements"}
    if "own" in rules.time.tsa:
        found.update(anchor.partition(":")[0] for anchor in rules.trust.anchors)
    if "agreements" in rules.time.tsa:
        found.update(context.agreement_providers)
    return frozenset(found)


class Reading(Memory):
    """One signature of one file, and what was worked out about it so far."""

    __slots__ = ("_proofs", "facts", "lookup", "signature", "status_answers")

    def __init__(self, facts: Facts, signature: SignatureFacts, lookup: Lookup) -> None:
        super().__init__()
        self.facts = facts
        self.signature = signature
        self.lookup = lookup
        self.status_answers: frozenset[ObjectId] = facts.status_answers
        """CRLs and OCSP responses of the file."""
        self._proofs: list[object] = []

    def number_of_proof(self, proof: object) -> int:
        """A number for what time-stamps prove under some rules: most rules come to the same, and what rests on it is shared."""
        if proof not in self._proofs:
            self._proofs.append(proof)
        return self._proofs.index(proof)


def read(facts: Facts, lookup: Lookup) -> tuple[Reading, ...]:
    """A reading of every signature of a file, in their order."""
    return tuple(Reading(facts, signature, lookup) for signature in facts.signatures)
