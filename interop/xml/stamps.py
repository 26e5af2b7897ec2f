"""Time-stamp tokens of XAdES: what each stands on (EN 319 132-1 clauses 5.3, 5.2.8 and 5.5.2), and what it says."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from interop.cms.token import observe_token
from interop.model.certificate import Finding, ObjectId
from interop.model.errors import InputError
from interop.model.facts import TokenFacts
from interop.x509.certificate import object_id
from interop.xml.c14n import METHODS
from interop.xml.dereference import Budget, NodeSet, Refused, decode_base64, octets
from interop.xml.names import C14N_10, NS, TRANSFORM_BASE64, XADES141, local, namespace, xades
from interop.xml.properties import Properties, Stamp
from interop.xml.references import Outcome
from interop.xml.structure import Structure

__all__ = ["observe_stamps", "stands_on"]

_MAX_TOKENS = 16

Objects = dict[ObjectId, tuple[str, bytes]]


def observe_stamps(
    structure: Structure,
    properties: Properties,
    outcomes: Sequence[Outcome],
    signature_id: str,
    budget: Budget,
    *,
    sm2_ids: Sequence[str] = (),
) -> tuple[list[TokenFacts], Objects, list[Finding]]:
    """Facts of every token, the objects in them (the tokens among them), and findings."""
    facts: list[TokenFacts] = []
    objects: Objects = {}
    findings: list[Finding] = []
    if len(properties.stamps) > _MAX_TOKENS:
        findings.append(Finding(code="time.too-many-tokens", detail=f"{len(properties.stamps)} tokens"))
    extra = properties.values.certificates
    for stamp in properties.stamps[:_MAX_TOKENS]:
        try:
            covered: bytes | None = stands_on(stamp, structure, outcomes, budget)
        except Refused as refused:
            covered = None
            findings.append(Finding(code="time.token-content-unknown", detail=str(refused)[:200]))
        covers: tuple[str, ...] = (signature_id,) if stamp.kind == "signature" else ()
        if stamp.kind == "archive":
            covers = (signature_id, *_before(stamp, properties))
        try:
            seen = observe_token(
                stamp.token,
                kind=stamp.kind,
                stands_on=covered,
                covers=covers,
                extra_certificates=extra,
                sm2_ids=sm2_ids,
            )
        except InputError as error:
            findings.append(Finding(code="time.token-unreadable", detail=error.problems[0].what[:200]))
            continue
        except Exception as error:  # noqa: BLE001 - a hostile token must cost one finding with its text, never the run
            findings.append(Finding(code="time.token-unreadable", detail=f"{type(error).__name__}: {error}"[:200]))
            continue
        objects[object_id(stamp.token)] = ("token", stamp.token)
        objects.update(seen.evidence.objects)
        facts.append(seen.facts)
    return facts, objects, findings


def stands_on(stamp: Stamp, structure: Structure, outcomes: Sequence[Outcome], budget: Budget) -> bytes:
    """The octets whose digest the token must hold. Refused where they cannot be made."""
    uri = C14N_10 if stamp.canonicalization is None else stamp.canonicalization
    if uri not in METHODS:
        raise Refused("canonicalization-unsupported", uri)

    def form(element: etree._Element | None) -> bytes:
        return b"" if element is None else octets(NodeSet(element, document=False, comments=True), uri, budget)

    if stamp.element.find("xades:Include", NS) is not None and stamp.kind != "content":
        raise Refused("include-unsupported", "the token names what it covers by Include")
    if stamp.kind == "signature":
        return form(structure.value_element)
    signed = [o for o in outcomes if any(o.reference is r for r in structure.references)]
    if stamp.kind == "content":
        if stamp.element.tag != xades("AllDataObjectsTimeStamp"):
            raise Refused("include-unsupported", "the token names what it covers by Include")
        return b"".join(_reference_octets(o, uri, budget) for o in signed if o.fact.role != "signed-properties")
    if namespace(str(stamp.element.tag)) != XADES141:
        raise Refused("archive-version-unsupported", "ArchiveTimeStamp of XAdES 1.3.2")
    parts = [_reference_octets(o, uri, budget) for o in signed]
    parts += [form(e) for e in (structure.signed_info, structure.value_element, structure.key_info)]
    parts += [form(e) for e in _preceding(stamp)]
    parts += [form(o) for o in structure.objects if o.find("xades:QualifyingProperties", NS) is None]
    return b"".join(parts)


def _reference_octets(outcome: Outcome, uri: str, budget: Budget) -> bytes:
    """What a reference gives, a node-set canonicalised as the time-stamp says."""
    if outcome.data is None:
        raise Refused(outcome.fact.why or "target-not-found", outcome.fact.target)
    transforms = outcome.fact.transforms
    made_octets = any(t in METHODS or t == TRANSFORM_BASE64 for t in transforms)
    if outcome.nodes is None or made_octets:
        return outcome.data
    return octets(outcome.nodes, uri, budget)


def _preceding(stamp: Stamp) -> list[etree._Element]:
    """Unsigned signature properties before the one that holds the token, in order."""
    return [e for e in reversed(list(stamp.element.itersiblings(preceding=True))) if isinstance(e.tag, str)]


def _before(stamp: Stamp, properties: Properties) -> tuple[str, ...]:
    """Ids of tokens, certificates and revocation data in the properties before the one that holds the token."""
    found: list[str] = [object_id(s.token) for s in properties.stamps if s.kind == "content"]
    for element in _preceding(stamp):
        for child in element.iter():
            if isinstance(child.tag, str) and local(child.tag).startswith("Encapsulated"):
                try:
                    found.append(object_id(decode_base64(child.text or "")))
                except ValueError:
                    continue  # what cannot be read was reported where it was read
    return tuple(dict.fromkeys(found))
