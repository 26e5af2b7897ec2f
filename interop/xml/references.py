"""Every digest that a signature makes, recomputed, with the part it plays."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from interop.crypto import table
from interop.crypto.digests import digest_bytes
from interop.model.certificate import Finding
from interop.model.errors import Unsupported
from interop.model.facts import ReferenceFact
from interop.xml.dereference import Budget, NodeSet, Refused, apply_transforms, select, transforms_of
from interop.xml.names import COUNTERSIGNED, DS_MANIFEST, SIGNED_PROPERTIES, ds, xades
from interop.xml.parse import Parsed
from interop.xml.structure import Reference, Structure, read_references

__all__ = ["Outcome", "check_references"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One reference processed."""

    reference: Reference
    fact: ReferenceFact
    nodes: NodeSet | None = None
    """Last node-set before octets; None where the target is outside the document or was not found."""
    data: bytes | None = None
    """Octets that were digested; None where they could not be made."""
    external: bool = False
    """The target is outside the document."""
    findings: tuple[Finding, ...] = ()


def check_references(
    structure: Structure, parent: Structure | None, parsed: Parsed, detached: bytes | None, budget: Budget
) -> tuple[Outcome, ...]:
    """Process the references of SignedInfo in order, and those of a Manifest among them after it.

    With one reference to an outside resource, `detached` is its content; with several it answers those whose digest it has.
    """
    external = [r for r in structure.references if _is_external(r.uri)]
    found: list[Outcome] = []
    for reference in structure.references:
        outcome = _one(
            reference, structure, parent, parsed=parsed, detached=detached, only=len(external) == 1, budget=budget
        )
        found.append(outcome)
        if outcome.fact.role == "manifest" and outcome.nodes is not None and outcome.nodes.apex.tag == ds("Manifest"):
            wrong: list[str] = []
            found.extend(
                _one(
                    entry, structure, None, parsed=parsed, detached=detached, only=False, budget=budget, role="manifest"
                )
                for entry in read_references(outcome.nodes.apex, wrong)
            )
    return tuple(found)


def _is_external(uri: str | None) -> bool:
    return uri is None or not (uri == "" or uri.startswith("#"))


def _source(reference: Reference, parsed: Parsed, detached: bytes | None) -> NodeSet | bytes:
    """What the URI stands for. Refused with `external-not-fetched` for what is outside and was not given."""
    if not _is_external(reference.uri):
        return select(reference.uri or "", parsed)
    if detached is None:
        raise Refused("external-not-fetched", reference.uri or "no URI")
    return detached


def _one(
    reference: Reference,
    structure: Structure,
    parent: Structure | None,
    *,
    parsed: Parsed,
    detached: bytes | None,
    only: bool,
    budget: Budget,
    role: str | None = None,
) -> Outcome:
    digest = table.digest_by_uri(reference.digest_uri)
    findings: list[Finding] = []
    external = _is_external(reference.uri)
    nodes: NodeSet | None = None
    data: bytes | None = None
    ok: bool | None = None
    why = ""
    try:
        source = _source(reference, parsed, detached)
        nodes = source if isinstance(source, NodeSet) else None
        data, last = apply_transforms(source, transforms_of(reference.element), structure.element, budget)
        nodes = nodes if last is None else last
        if digest is None:
            why = "digest-unsupported"
        elif reference.value is None:
            ok, why = False, "malformed-value"
        else:
            ok = hmac.compare_digest(digest_bytes(digest.name, data), reference.value)
        if external and ok is False and not only:
            ok, why = None, "external-not-fetched"
    except Refused as refused:
        why = refused.why
        if why == "target-ambiguous":
            findings.append(Finding(code="container.xml-id-not-unique", detail=refused.detail[:200]))
        elif why in {"transform-unsupported", "transform-refused"}:
            findings.append(Finding(code="format.transform-refused", detail=refused.detail[:200]))
    except Unsupported:
        why = "digest-unsupported"
    if nodes is not None and any(out is nodes.apex for out in nodes.excluded):
        findings.append(Finding(code="integrity.signs-nothing", detail=f"reference '{reference.uri}'"[:200]))
    return Outcome(
        reference=reference,
        fact=ReferenceFact(
            target=reference.uri or "",
            digest=reference.digest_uri if digest is None else digest.name,
            ok=ok,
            why=why,
            type=reference.type,
            role=role or _role(reference, nodes, structure, parent),
            transforms=reference.transforms,
            digest_uri=reference.digest_uri,
        ),
        nodes=nodes,
        data=data,
        external=external,
        findings=tuple(findings),
    )


def _role(reference: Reference, nodes: NodeSet | None, structure: Structure, parent: Structure | None) -> str:
    """The part a reference plays, by what it resolves to; its Type only where nothing else tells."""
    apex = None if nodes is None or nodes.document else nodes.apex
    if apex is not None:
        if parent is not None and parent.value_element is not None and apex is parent.value_element:
            return "counter-signed"
        if structure.key_info is not None and apex is structure.key_info:
            return "key-info"
        if apex.tag == xades("SignedProperties"):
            return "signed-properties"
    roles: Sequence[tuple[str, str]] = ((SIGNED_PROPERTIES, "signed-properties"), (DS_MANIFEST, "manifest"))
    for type_, role in roles:
        if reference.type == type_:
            return role
    if reference.type == COUNTERSIGNED:
        return "other"  # it names something else than the SignatureValue that it stands on
    return "content"
