"""Linking: which known object was signed by which known key, and which status answer is about whom.

All cryptography of judging is done here, once per edge. Candidates are found by name and key identifier; each candidate
edge is verified on real bytes. Adding an anchor or a later status answer adds records; no vector is observed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from interop.model.certificate import Certificate, ObjectId
from interop.model.errors import InputError
from interop.model.knowledge import Edge, Evidence, Knowledge, Relation
from interop.model.status import Crl, OcspResponse
from interop.x509.certificate import object_id, parse_certificate
from interop.x509.crl import parse_crl
from interop.x509.edge import Kind, answers, responder_key_hash, verify_signed
from interop.x509.ocsp import ocsp_certificates, parse_ocsp

__all__ = ["MOST_ISSUERS", "Linker"]

MOST_ISSUERS = 32
"""Certificates of one name that are tried as the issuer of one object."""


@dataclass(slots=True)
class Linker:
    """Collects objects and verifies the edges between them. Adding the same object twice costs nothing."""

    bytes_of: dict[ObjectId, bytes] = field(default_factory=dict)
    kinds: dict[ObjectId, str] = field(default_factory=dict)
    certificates: dict[ObjectId, Certificate] = field(default_factory=dict)
    crls: dict[ObjectId, Crl] = field(default_factory=dict)
    ocsps: dict[ObjectId, OcspResponse] = field(default_factory=dict)
    sm2_ids: tuple[str, ...] = ()
    """SM2 IDs that certificates and status answers may be signed with, besides the default: those that the profiles name."""
    unreadable: dict[ObjectId, str] = field(default_factory=dict)
    """Objects that could not be parsed, and why."""
    evidence: set[Evidence] = field(default_factory=set)
    _read: set[tuple[ObjectId, str]] = field(default_factory=set)
    """(object, kind as which it was read)."""
    _edges: dict[tuple[ObjectId, ObjectId, Relation], Edge] = field(default_factory=dict)
    _hashed: set[ObjectId] = field(default_factory=set)
    _by_key_hash: dict[str, list[Certificate]] = field(default_factory=dict)
    """Certificates by what a responder id says of their key; those in `_hashed` are there."""

    def copy(self) -> Linker:
        """The same knowledge and edges, free to grow on its own."""
        return Linker(
            bytes_of=dict(self.bytes_of),
            kinds=dict(self.kinds),
            certificates=dict(self.certificates),
            crls=dict(self.crls),
            ocsps=dict(self.ocsps),
            sm2_ids=self.sm2_ids,
            unreadable=dict(self.unreadable),
            evidence=set(self.evidence),
            _read=set(self._read),
            _edges=dict(self._edges),
            _hashed=set(self._hashed),
            _by_key_hash={name: list(found) for name, found in self._by_key_hash.items()},
        )

    def add(self, kind: str, data: bytes) -> ObjectId:
        """Take in a `certificate`, `crl` or `ocsp` response (others are kept as bytes only).

        What a file calls an object is its own affair: bytes that came as one kind are read again when they come as another,
        or a CRL that is carried as an attribute certificate could never speak.
        """
        identifier = object_id(data)
        if (identifier, kind) in self._read:
            return identifier
        self._read.add((identifier, kind))
        self.bytes_of[identifier] = data
        self.kinds.setdefault(identifier, kind)
        try:
            if kind == "certificate":
                self.certificates[identifier] = parse_certificate(data)
            elif kind == "crl":
                self.crls[identifier] = parse_crl(data)
            elif kind == "ocsp":
                self.ocsps[identifier] = parse_ocsp(data)
                for der in ocsp_certificates(data):
                    self.add("certificate", der)
        except InputError as error:
            self.unreadable[identifier] = error.message
        return identifier

    def add_objects(self, objects: Mapping[ObjectId, bytes], kinds: Mapping[ObjectId, str]) -> None:
        """Take in the objects of one observation."""
        for identifier, data in objects.items():
            self.add(kinds.get(identifier, "unknown"), data)

    def add_evidence(
        self,
        service: str,
        kind: str,
        data: bytes,
        at: datetime,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> None:
        """Take in what a service gives as of a time, and over `[since, until)` but for routine reissue (`model.knowledge`)."""
        evidence = Evidence(object=self.add(kind, data), service=service, at=at, since=since, until=until)
        self.evidence.add(evidence)

    def _try(self, obj: ObjectId, kind: Kind, issuer: Certificate) -> bool | None:
        key = (obj, issuer.id, Relation.SIGNED)
        if key not in self._edges:
            ok = verify_signed(self.bytes_of[obj], kind, self.bytes_of[issuer.id], sm2_ids=self.sm2_ids)
            self._edges[key] = Edge(object=obj, key=issuer.id, relation=Relation.SIGNED, ok=ok)
        return self._edges[key].ok

    def edges(self) -> tuple[Edge, ...]:
        """All edges between the objects known now, verified; sorted."""
        by_subject: dict[str, list[Certificate]] = {}
        for certificate in self.certificates.values():
            by_subject.setdefault(certificate.subject.normal, []).append(certificate)
        for certificate in self.certificates.values():
            for issuer in _likely(by_subject.get(certificate.issuer.normal, ()), certificate.authority_key_id):
                self._try(certificate.id, "certificate", issuer)
        for crl in self.crls.values():
            for issuer in _likely(by_subject.get(crl.issuer.normal, ()), crl.authority_key_id):
                self._try(crl.id, "crl", issuer)
        self._link_answers(by_subject)
        return tuple(sorted(self._edges.values(), key=lambda e: (e.object, e.key, e.relation.value)))

    def _link_answers(self, by_subject: Mapping[str, Iterable[Certificate]]) -> None:
        by_issuer: dict[str, list[Certificate]] = {}
        by_serial: dict[int, list[Certificate]] = {}
        for certificate in self.certificates.values():
            by_issuer.setdefault(certificate.issuer.normal, []).append(certificate)
            by_serial.setdefault(certificate.serial, []).append(certificate)
        for crl in self.crls.values():
            candidates = self.certificates.values() if crl.indirect else by_issuer.get(crl.issuer.normal, ())
            for certificate in candidates:
                if answers(crl, "crl", self.bytes_of[certificate.id]):
                    self._note(crl.id, certificate.id, Relation.ANSWERS)
        for ocsp in self.ocsps.values():
            for single in ocsp.responses:
                for certificate in by_serial.get(single.serial, ()):
                    der = self.bytes_of[certificate.id]
                    issuers = by_subject.get(certificate.issuer.normal, ())
                    if any(answers(ocsp, "ocsp", der, self.bytes_of[issuer.id]) for issuer in issuers):
                        self._note(ocsp.id, certificate.id, Relation.ANSWERS)
            for certificate in self._responders(ocsp, by_subject):
                self._note(ocsp.id, certificate.id, Relation.RESPONDER)
                self._try(ocsp.id, "ocsp", certificate)

    def _responders(self, ocsp: OcspResponse, by_subject: Mapping[str, Iterable[Certificate]]) -> Iterable[Certificate]:
        """Certificates that a responder id names: by subject, or by the hash of their key (RFC 6960 section 4.2.2.3)."""
        if ocsp.responder_name is not None:
            return tuple(by_subject.get(ocsp.responder_name, ()))
        for certificate in self.certificates.values():
            if certificate.id not in self._hashed:
                self._hashed.add(certificate.id)
                self._by_key_hash.setdefault(responder_key_hash(self.bytes_of[certificate.id]), []).append(certificate)
        return tuple(self._by_key_hash.get(ocsp.responder_key_hash or "", ()))

    def _note(self, obj: ObjectId, key: ObjectId, relation: Relation) -> None:
        self._edges[(obj, key, relation)] = Edge(object=obj, key=key, relation=relation, ok=True)

    def knowledge(self) -> Knowledge:
        """Everything the judge may look up."""
        return Knowledge.build(
            certificates=self.certificates.values(),
            crls=self.crls.values(),
            ocsps=self.ocsps.values(),
            edges=self.edges(),
            evidence=self.evidence,
        )


def _likely(issuers: Sequence[Certificate], key_id: str | None) -> Sequence[Certificate]:
    """The certificates to try as issuer: all of that name, but at most `MOST_ISSUERS`.

    Of more, those with the key identifier that is named come first, then those known before: a file full of certificates
    of one name would cost the square of their number otherwise (x509-limbo `pathological`).
    """
    if len(issuers) <= MOST_ISSUERS:
        return issuers
    return sorted(issuers, key=lambda issuer: key_id is None or issuer.subject_key_id != key_id)[:MOST_ISSUERS]
