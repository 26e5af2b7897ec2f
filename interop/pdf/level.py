"""The level that a signature in a PDF has by what is there (EN 319 142-1 6; for other sub-filters by analogy).

A time-stamp whose imprint or value fails is not there. Long-term material is there when the file holds a status answer about the
signing certificate and, where the time rests on a document time-stamp alone, about that one's certificate. The authority of a
signature time-stamp is mostly a service known by a list, for which files carry no status; asking for one here would be a matter of
trust, which facts do not know. Self-signed certificates need none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from interop.model.certificate import ObjectId
from interop.model.errors import InputError
from interop.model.facts import Binding, FoundAt, SignatureFacts, TokenFacts
from interop.x509.certificate import parse_certificate
from interop.x509.edge import answers

__all__ = ["level_of"]

Objects = Mapping[ObjectId, tuple[str, bytes]]
Places = Mapping[ObjectId, Sequence[FoundAt]]


def level_of(signature: SignatureFacts, tokens: Sequence[TokenFacts], objects: Objects, places: Places) -> str | None:
    """`B-B` to `B-LTA`; None where the CMS could not be read."""
    if not signature.content_types:
        return None
    good = [t for t in tokens if t.imprint.ok is not False and t.value_ok is not False]
    over = [t for t in good if t.kind in ("signature", "document") and signature.id in t.covers]
    if not over:
        return "B-B"
    proving = [] if any(t.kind == "signature" for t in over) else over[:1]
    since = _since(signature, proving, objects, places)
    if since is None:
        return "B-T"
    archived = any(t.kind == "document" and t.revision is not None and t.revision > since for t in over)
    return "B-LTA" if archived else "B-LT"


def _since(signature: SignatureFacts, proving: Sequence[TokenFacts], objects: Objects, places: Places) -> int | None:
    """First revision that holds a status answer for every certificate in question; None where one is missing."""
    signers = [_signer(signature.bound_by), *(_signer(token.bound_by) for token in proving)]
    revisions: list[int] = []
    for signer in signers:
        if signer is None or signer not in objects:
            return None
        first = _first_answer(signer, signature, objects, places)
        if first is None:
            return None
        revisions.append(first)
    return max(revisions)


def _signer(bound_by: Sequence[Binding]) -> ObjectId | None:
    return next((b.certificate for b in bound_by if b.certificate is not None), None)


def _first_answer(signer: ObjectId, signature: SignatureFacts, objects: Objects, places: Places) -> int | None:
    der = objects[signer][1]
    try:
        if parse_certificate(der).self_issued:
            return signature.revision or 1
    except InputError:
        return None
    found: list[int] = []
    for identity, (kind, raw) in objects.items():
        if kind not in ("crl", "ocsp"):
            continue
        usable = [p.revision for p in places.get(identity, ()) if _counts(p, signature) and p.revision is not None]
        if not usable:
            continue
        try:
            if answers(raw, "crl" if kind == "crl" else "ocsp", der):
                found.append(min(usable))
        except InputError:
            continue
    return min(found, default=None)


def _counts(place: FoundAt, signature: SignatureFacts) -> bool:
    """PAdES takes long-term material from the security store; others also from the CMS."""
    return place.place in ("dss", "vri") or (signature.format != "PAdES" and place.signature == signature.id)
