"""Certificates, CRLs, OCSP responses and tokens carried inside a SignedData, with the places where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from interop.cms import oids
from interop.cms.parse import SignedData, SignerInfo
from interop.model.certificate import Finding, ObjectId
from interop.model.errors import InputError
from interop.model.facts import FoundAt, ObjectFact
from interop.x509.ber import Node, read
from interop.x509.certificate import object_id, parse_certificate
from interop.x509.crl import parse_crl
from interop.x509.ocsp import parse_ocsp

__all__ = ["READERS", "Evidence"]

READERS: Mapping[str, Callable[[bytes], object]] = {
    "certificate": parse_certificate,
    "crl": parse_crl,
    "ocsp": parse_ocsp,
}
"""Kind of an object that is parsed -> its reader, which raises InputError."""


class Evidence:
    """Objects met so far; each is kept once, with all its places."""

    def __init__(self) -> None:
        self.objects: dict[ObjectId, tuple[str, bytes]] = {}
        """Object -> (kind, bytes)."""
        self.findings: list[Finding] = []
        self._places: dict[ObjectId, set[str]] = {}

    def keep(self, kind: str, raw: bytes, place: str) -> ObjectId | None:
        """Keep one object; one that cannot be read is a finding instead, and gives None."""
        reader = READERS.get(kind)
        if reader is not None:
            try:
                reader(raw)
            except InputError as error:
                detail = f"{kind} in {place}: {error.problems[0].what}"
                self.findings.append(Finding(code="container.object-unreadable", detail=detail))
                return None
        identity = object_id(raw)
        self.objects.setdefault(identity, (kind, raw))
        self._places.setdefault(identity, set()).add(place)
        return identity

    def collect(self, view: SignedData, signer: SignerInfo, place: str) -> tuple[ObjectId, ...]:
        """Keep all that the SignedData carries but tokens; ids of the certificates in its certificates field, in order."""
        certificates = [self.keep("certificate", raw, place) for raw in view.certificates]
        for raw in view.attribute_certificates:
            self.keep("attribute-certificate", raw, place)
        for raw in view.crls:
            self.keep("crl", raw, place)
        for raw in view.ocsps:
            self.keep("ocsp", raw, place)
        for kind, raw in self._in_attributes(signer):
            self.keep(kind, raw, "attribute")
        return tuple(identity for identity in certificates if identity is not None)

    def _in_attributes(self, signer: SignerInfo) -> Iterator[tuple[str, bytes]]:
        readers: tuple[tuple[str, Callable[[Node], Iterator[tuple[str, bytes]]]], ...] = (
            (oids.ADOBE_REVOCATION, _revocation_lists),
            (oids.REVOCATION_VALUES, _revocation_lists),
            (oids.CERTIFICATE_VALUES, _certificates),
        )
        for oid, reader in readers:
            for value in (*signer.values(oid), *signer.unsigned_values(oid)):
                try:
                    yield from reader(read(value))
                except (ValueError, IndexError) as error:
                    self.findings.append(Finding(code="format.attribute-undecodable", detail=f"{oid}: {error}"))

    def facts(self, signature: str | None, revision: int | None) -> tuple[ObjectFact, ...]:
        """The objects with their places, in the order of their ids."""
        return tuple(
            ObjectFact(
                id=identity,
                kind=kind,
                found=tuple(
                    FoundAt(place=place, signature=signature, revision=revision)
                    for place in sorted(self._places[identity])
                ),
            )
            for identity, (kind, _) in sorted(self.objects.items())
        )


def _revocation_lists(node: Node) -> Iterator[tuple[str, bytes]]:
    """RevocationInfoArchival (ISO 32000-2 12.8.3.3.2) and RevocationValues (EN 319 122-1 A.1.1.3): the same first two fields."""
    for part in node.items("revocation values"):
        kind = {0xA0: "crl", 0xA1: "ocsp"}.get(part.tag)
        if kind is not None:
            for entry in part.only().items("SEQUENCE OF"):
                yield kind, entry.raw


def _certificates(node: Node) -> Iterator[tuple[str, bytes]]:
    for entry in node.items("CertificateValues"):
        yield "certificate", entry.raw
