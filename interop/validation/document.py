"""The layers `container`, `integrity` and `signature`: what the file shows by itself, mapped by the rules of the product.

Nothing here depends on who relies, but for the SM2 identifiers that the relying party accepts.
"""

from __future__ import annotations

from collections.abc import Mapping

from interop.model.certificate import ObjectId
from interop.model.facts import Change, Facts, ReferenceFact, SignatureFacts
from interop.model.layers import Cause
from interop.model.rules import AlgorithmRules
from interop.validation.oddities import odd_value

__all__ = ["integrity_causes", "value_causes"]

_HARMLESS = frozenset({"signature", "validation-data", "document-timestamp"})
"""Additions that pass without a word (ISO 32000-2 12.8.2.2.2; EN 319 142-1 section 5.4)."""

_FORBIDDEN: Mapping[str, str] = {
    "signature": "integrity.signature-not-permitted",
    "validation-data": "integrity.change-not-permitted",
    "document-timestamp": "integrity.change-not-permitted",
    "form-fill": "integrity.form-fill-not-permitted",
    "annotation": "integrity.annotation-not-permitted",
}
"""The same kinds where DocMDP or FieldMDP does not allow them."""

_CHANGES: Mapping[str, str] = {
    "form-fill": "integrity.form-filled-after-signing",
    "annotation": "integrity.annotation-after-signing",
    "annotation-over-content": "integrity.annotation-over-content",
    "signature-dictionary": "integrity.signature-dictionary-changed",
    "page-content": "integrity.page-content-changed",
    "pages": "integrity.pages-changed",
    "catalog": "integrity.catalog-changed",
    "unparsed-tail": "integrity.unparsed-tail",
}

_UNCOMPUTED: Mapping[str, str] = {
    "target-not-found": "integrity.signed-data-not-found",
    "external-not-fetched": "integrity.signed-data-not-given",
    "transform-unsupported": "integrity.transform-unsupported",
    "digest-unsupported": "integrity.digest-unsupported",
}

_VALUE_UNKNOWN: Mapping[str, str] = {
    "unsupported-algorithm": "signature.algorithm-unsupported",
    "unsupported-key": "signature.key-unsupported",
    "malformed-value": "signature.value-malformed",
    "key-algorithm-mismatch": "signature.key-algorithm-mismatch",
}


def integrity_causes(facts: Facts, signature: SignatureFacts) -> tuple[Cause, ...]:
    """Digests, coverage and later changes; codes of the layer `integrity`."""
    causes: list[Cause] = []
    for reference in signature.references:
        causes.extend(_reference(reference))
    if not signature.references:
        causes.append(Cause(code="integrity.nothing-referenced", detail=signature.id))
    if not signature.covers.whole and signature.parent is None:
        if facts.document.format == "pdf":
            ranges = " ".join(f"[{start} {length}]" for start, length in signature.covers.ranges)
            causes.append(Cause(code="integrity.coverage-incomplete", detail=f"ByteRange {ranges}"))
        else:
            causes.append(Cause(code="integrity.partial-coverage", detail=", ".join(signature.covers.nodes)))
    following = _following(facts, signature)
    for change in facts.document.changes:
        if change.after in following:
            causes.extend(_change(change))
    return tuple(dict.fromkeys(causes))


def _reference(reference: ReferenceFact) -> list[Cause]:
    named = f"{reference.role} {reference.target or 'whole document'} ({reference.digest})"
    if reference.ok:
        return []
    if reference.ok is False:
        code = (
            "integrity.signed-properties-changed"
            if reference.role == "signed-properties"
            else "integrity.digest-mismatch"
        )
        return [Cause(code=code, detail=named)]
    code = _UNCOMPUTED.get(reference.why, "integrity.digest-not-computed")
    return [Cause(code=code, detail=f"{named}: {reference.why}")]


def _following(facts: Facts, signature: SignatureFacts) -> frozenset[str]:
    """The signature, and what stands in later revisions: what was changed after those was changed after this one too."""
    later = {signature.id}
    if signature.revision is not None:
        for other in facts.signatures:
            if other.revision is not None and other.revision > signature.revision:
                later.add(other.id)
        for token in facts.tokens:
            if token.revision is not None and token.revision > signature.revision and token.kind == "document":
                later.add(token.id)
    return frozenset(later)


def _change(change: Change) -> list[Cause]:
    """Design section 3, Indications: what may be added after signing, and what the addition then is."""
    place = f"page {change.page}" if change.page is not None else ""
    detail = " ".join(part for part in (f"after {change.after}:", change.kind, place, change.detail) if part)
    if change.allowed is False and change.kind in _FORBIDDEN:
        return [Cause(code=_FORBIDDEN[change.kind], detail=detail)]
    if change.kind in _HARMLESS:
        return []
    return [Cause(code=_CHANGES.get(change.kind, "integrity.unclassified-change"), detail=detail)]


def value_causes(signature: SignatureFacts, signer: ObjectId | None, rules: AlgorithmRules) -> tuple[Cause, ...]:
    """Whether the value verifies with the signer's key; with any candidate key where there is no certificate."""
    facts = {fact.key: fact for fact in signature.value}
    specific = any(finding.code == "signature.sm2-without-z" for finding in signature.findings)
    if not facts:
        return (Cause(code="signature.no-key", detail="no key to verify with"),)
    fact = facts.get(signer) if signer is not None else next((f for f in signature.value if f.ok), signature.value[0])
    if fact is None:
        return (Cause(code="signature.no-key", detail="the value was not tried with the signing certificate's key"),)
    if fact.ok is None:
        code = _VALUE_UNKNOWN.get(fact.why, "signature.value-not-computed")
        return (Cause(code=code, detail=f"{signature.algorithm.uri or signature.algorithm.signature}: {fact.why}"),)
    if fact.ok is False:
        return _wrong(signature, fact.key, fact.why, specific=specific)
    identifier = signature.algorithm.sm2_id
    if identifier is not None and identifier not in rules.sm2_ids:
        accepted = ", ".join(f"'{i}'" for i in rules.sm2_ids)
        return (Cause(code="signature.sm2-id-not-accepted", detail=f"found '{identifier}'; accepted {accepted}"),)
    return odd_value(signature)


def _wrong(signature: SignatureFacts, key: str, why: str, *, specific: bool) -> tuple[Cause, ...]:
    if specific:
        return ()  # the engine's own finding says why
    if why in ("malformed-value", "key-algorithm-mismatch"):
        return (Cause(code=_VALUE_UNKNOWN[why], detail=signature.algorithm.name or signature.algorithm.signature),)
    other = next((fact.key for fact in signature.value if fact.ok), None)
    if other is not None:
        return (Cause(code="signature.verifies-with-other-key", detail=f"not {key} but {other}"),)
    return (Cause(code="signature.value-invalid", detail=signature.algorithm.name or signature.algorithm.signature),)
