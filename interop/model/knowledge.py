"""What is known besides the facts: parsed objects, verified edges between them, and status evidence over time.

Built once by `run/link.py`, where the cryptography is done; the judge only reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from interop.model.certificate import Certificate, ObjectId
from interop.model.instant import Interval
from interop.model.status import Crl, OcspResponse

__all__ = ["Edge", "Evidence", "Knowledge", "Relation"]


class Relation(StrEnum):
    """How a key or certificate relates to an object."""

    SIGNED = "signed"
    """The object (certificate, CRL, OCSP response) carries a signature that verifies with the key of the certificate `key`."""
    ANSWERS = "answers"
    """The CRL or OCSP response `object` is about the certificate `key` (names, CertID hashes and serial match)."""
    RESPONDER = "responder"
    """The OCSP responder id of `object` names the certificate `key`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One checked relation between two known objects."""

    object: ObjectId
    """The certificate, CRL or OCSP response that is signed, that answers, or whose responder is named."""
    key: ObjectId
    """The certificate whose key was tried (signed), that is asked about (answers) or named (responder)."""
    relation: Relation
    """What was checked."""
    ok: bool | None
    """None: could not be computed (unsupported algorithm or key)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One status answer that a provider's service gives as of a time."""

    object: ObjectId
    """The CRL or OCSP response."""
    service: str
    """`provider/crl/<ca>`, with `/<part>` for a part of a CRL and `/delta` for a delta, or `provider/ocsp/<ca>`."""
    at: datetime
    """The time at which the service would give it."""
    since: datetime | None = None
    """From when on it answers like this; None: not said."""
    until: datetime | None = None
    """Over `[since, until)` the service gives an answer of the same content, signed by the same certificate, routinely reissued:
    whenever it is given, the time lies at or after its thisUpdate and before its nextUpdate, and no other service of the same CA
    begins or ends. None beside a `since`: for good. None and None: nothing is said beyond `at`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Everything the judge may look up. Pure values."""

    certificates: Mapping[ObjectId, Certificate]
    """Certificates by id."""
    crls: Mapping[ObjectId, Crl]
    """CRLs by id."""
    ocsps: Mapping[ObjectId, OcspResponse]
    """OCSP responses by id."""
    evidence: tuple[Evidence, ...] = ()
    """What services would give, and when."""
    signed: Mapping[ObjectId, tuple[tuple[ObjectId, bool | None], ...]] = field(default_factory=dict)
    """object -> (certificate whose key was tried, result); candidates by name only, so a False is a forged or other key."""
    answers: Mapping[ObjectId, tuple[ObjectId, ...]] = field(default_factory=dict)
    """certificate -> CRLs and OCSP responses that are about it."""
    responders: Mapping[ObjectId, tuple[ObjectId, ...]] = field(default_factory=dict)
    """OCSP response -> certificates that its responder id names."""
    through: Interval | None = None
    """Over this span services were asked, and `evidence` is all that they said. Who moves through it takes an answer for what it says:
    spans of the same answer are joined inside, though what is not known beside it may differ. None: nothing was asked over time."""

    @staticmethod
    def build(
        *,
        certificates: Iterable[Certificate],
        crls: Iterable[Crl] = (),
        ocsps: Iterable[OcspResponse] = (),
        edges: Iterable[Edge] = (),
        evidence: Iterable[Evidence] = (),
    ) -> Knowledge:
        """Index plain records. Order of the input does not matter."""
        signed: dict[ObjectId, dict[ObjectId, bool | None]] = {}
        answers: dict[ObjectId, set[ObjectId]] = {}
        responders: dict[ObjectId, set[ObjectId]] = {}
        for edge in edges:
            if edge.relation is Relation.SIGNED:
                signed.setdefault(edge.object, {})[edge.key] = edge.ok
            elif edge.ok and edge.relation is Relation.ANSWERS:
                answers.setdefault(edge.key, set()).add(edge.object)
            elif edge.ok:
                responders.setdefault(edge.object, set()).add(edge.key)
        return Knowledge(
            certificates={c.id: c for c in certificates},
            crls={c.id: c for c in crls},
            ocsps={o.id: o for o in ocsps},
            evidence=tuple(sorted(evidence, key=lambda e: (e.at, e.service, e.object))),
            signed={obj: tuple(sorted(keys.items(), key=lambda kv: kv[0])) for obj, keys in signed.items()},
            answers={cert: tuple(sorted(objs)) for cert, objs in answers.items()},
            responders={obj: tuple(sorted(certs)) for obj, certs in responders.items()},
        )
