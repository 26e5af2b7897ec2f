"""Validation data in a PDF: the document security store (ISO 32000-2 12.8.4.3, EN 319 142-1 5.4), read from every revision."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from interop.cms.evidence import READERS
from interop.model.certificate import Finding, ObjectId
from interop.model.errors import InputError
from interop.model.facts import FoundAt
from interop.pdf.store import NULL, PdfObject, Store, View
from interop.pdf.token import Malformed
from interop.x509.certificate import object_id

__all__ = ["KINDS", "SecurityStore", "read_security_store", "vri_key"]

KINDS = (("Certs", "Cert", "certificate"), ("CRLs", "CRL", "crl"), ("OCSPs", "OCSP", "ocsp"))
"""(key in the store, key in a VRI entry, kind of object)."""
_MOST = 5_000


def vri_key(contents: bytes) -> str:
    """Name of a signature's entry in /VRI: upper-case SHA-1 of the whole /Contents value, padding included."""
    return hashlib.sha1(contents, usedforsecurity=False).hexdigest().upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityStore:
    """What all revisions of the store hold."""

    objects: dict[ObjectId, tuple[str, bytes]]
    """Object -> (kind, DER)."""
    places: dict[ObjectId, tuple[FoundAt, ...]]
    findings: tuple[Finding, ...]


def read_security_store(store: Store, signatures: Mapping[str, str]) -> SecurityStore:
    """Read the store of every revision. `signatures`: VRI key -> signature id. What cannot be read is a finding."""
    objects: dict[ObjectId, tuple[str, bytes]] = {}
    places: dict[ObjectId, list[FoundAt]] = {}
    findings: dict[Finding, None] = {}
    known: dict[tuple[int, int], ObjectId | None] = {}
    for index in range(len(store.revisions)):
        view = store.view(index)
        dss = view.get(view.root, "DSS")
        for kind, raw, place, key in _entries(view, dss):
            signature = signatures.get(key) if key else None
            if key and signature is None:
                findings[Finding(code="container.vri-key-unknown", detail=key[:80])] = None
            item = view.resolve(raw)
            if item.place not in known or item.place == (-1, -1):
                known[item.place] = _keep(view, item, kind, objects, findings)
            identity = known[item.place]
            if identity is None:
                continue
            spots = places.setdefault(identity, [])
            if not any(s.place == place and s.signature == signature for s in spots):
                spots.append(FoundAt(place=place, signature=signature, revision=index + 1))
            if len(objects) > _MOST:
                break
    return SecurityStore(objects=objects, places={k: tuple(v) for k, v in places.items()}, findings=tuple(findings))


def _entries(view: View, dss: PdfObject) -> Iterator[tuple[str, PdfObject, str, str | None]]:
    for plural, _, kind in KINDS:
        yield from ((kind, raw, "dss", None) for raw in view.items(dss, plural))
    related = view.get(dss, "VRI")
    for key in related.entries:
        if key == "Type":
            continue
        entry = view.get(related, key)
        for _, singular, kind in KINDS:
            yield from ((kind, raw, "vri", key) for raw in view.items(entry, singular))


def _keep(
    view: View, item: PdfObject, kind: str, objects: dict[ObjectId, tuple[str, bytes]], findings: dict[Finding, None]
) -> ObjectId | None:
    if item is NULL or item.stream is None:
        findings[Finding(code="container.dss-entry-unreadable", detail=f"{kind}: not a stream")] = None
        return None
    try:
        der = view.store.decode(item, view=view)
        READERS[kind](der)
    except Malformed as error:
        findings[Finding(code="container.dss-entry-unreadable", detail=f"{kind}: {error}")] = None
        return None
    except InputError as error:
        findings[Finding(code="container.dss-entry-unreadable", detail=f"{kind}: {error.problems[0].what}")] = None
        return None
    identity = object_id(der)
    objects.setdefault(identity, (kind, der))
    return identity
