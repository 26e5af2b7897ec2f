"""From the bytes of a SignedData to facts: what is in it, and which cryptographic checks hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from interop.cms import oids
from interop.cms.evidence import Evidence
from interop.cms.parse import SignerInfo, parse_signed_data
from interop.cms.signer import ContentDigest, candidates_of, check_signer
from interop.cms.structure import content_types, policy_of, signing_time_of, structure_findings
from interop.cms.token import Covered, observe_token
from interop.model.certificate import Finding, ObjectId
from interop.model.errors import InputError, Problem
from interop.model.facts import Algorithm, Binding, ObjectFact, ReferenceFact, TokenFacts, ValueFact
from interop.x509.certificate import object_id

__all__ = ["CmsObservation", "observe_signed_data"]

MAX_TOKENS = 16
"""Tokens observed at most in one attribute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CmsObservation:
    """What one SignedData says: the parts of `model.facts.SignatureFacts` that no container's observer knows better."""

    family: oids.Family
    content_types: tuple[str, ...]
    algorithm: Algorithm
    references: tuple[ReferenceFact, ...]
    value: tuple[ValueFact, ...]
    certificates: tuple[ObjectId, ...]
    bound_by: tuple[Binding, ...]
    attributes: tuple[str, ...]
    """OIDs of the signed attributes, in order."""
    unsigned_attributes: tuple[str, ...]
    claimed_time: datetime | None = None
    """signing-time."""
    policy: str | None = None
    policy_digest: tuple[str, str] | None = None
    tokens: tuple[TokenFacts, ...] = ()
    objects: Mapping[ObjectId, tuple[str, bytes]] = field(default_factory=dict)
    """Every certificate, CRL, OCSP response, attribute certificate and token in it: kind and bytes."""
    found: tuple[ObjectFact, ...] = ()
    """The same with their places, for `model.facts.Facts.objects`."""
    findings: tuple[Finding, ...] = ()


def observe_signed_data(
    der: bytes,
    *,
    signature_id: str,
    content_digest: ContentDigest,
    content: Callable[[], bytes] | None = None,
    extra_certificates: Iterable[bytes] = (),
    revision: int | None = None,
    sm2_ids: Sequence[str] = (),
) -> CmsObservation:
    """Observe a detached SignedData.

    `content_digest` gives the digest of the signed content by digest name (it may raise Unsupported); `content` the content
    itself, asked for only where there are no signed attributes; `extra_certificates` are known from elsewhere in the file;
    `sm2_ids` are further SM2 IDs to try.
    `signature_id` and `revision` stand in what refers to the signature. The first signer is observed; more are a finding.
    Raises InputError for what is no SignedData, or has no signer.
    """
    view = parse_signed_data(der)
    if not view.signers:
        raise InputError(object_id(der), (Problem(where="SignedData", what="it has no signer"),))
    signer = view.signers[0]
    extra = tuple(extra_certificates)
    evidence = Evidence()
    certificates = evidence.collect(view, signer, "cms")
    findings = structure_findings(view, signer, token=False)
    check = check_signer(signer, candidates_of((*view.certificates, *extra)), content_digest, content, sm2_ids=sm2_ids)
    findings.extend(check.findings)
    tokens = _tokens(
        signer=signer,
        signature_id=signature_id,
        content_digest=content_digest,
        evidence=evidence,
        certificates=(*view.certificates, *extra),
        revision=revision,
        sm2_ids=sm2_ids,
    )
    policy, policy_digest = policy_of(signer, findings)
    claimed_time = signing_time_of(signer, findings)
    return CmsObservation(
        family="gm" if view.content_type == oids.GM_SIGNED_DATA else "pkcs7",
        content_types=content_types(view, signer),
        algorithm=check.algorithm,
        references=check.references,
        value=check.value,
        certificates=certificates,
        bound_by=check.bound_by,
        attributes=tuple(oid for oid, _ in signer.attributes),
        unsigned_attributes=tuple(oid for oid, _ in signer.unsigned),
        claimed_time=claimed_time,
        policy=policy,
        policy_digest=policy_digest,
        tokens=tokens,
        objects=evidence.objects,
        found=evidence.facts(signature_id, revision),
        findings=tuple(dict.fromkeys([*findings, *evidence.findings])),
    )


def _tokens(
    *,
    signer: SignerInfo,
    signature_id: str,
    content_digest: ContentDigest,
    evidence: Evidence,
    certificates: tuple[bytes, ...],
    revision: int | None,
    sm2_ids: Sequence[str],
) -> tuple[TokenFacts, ...]:
    """Facts of the signature time-stamps (over the value) and content time-stamps (over the content)."""
    sources: tuple[tuple[str, Covered, tuple[bytes, ...]], ...] = (
        ("signature", signer.value, signer.unsigned_values(oids.SIGNATURE_TIME_STAMP)),
        ("content", content_digest, signer.values(oids.CONTENT_TIME_STAMP)),
    )
    facts: dict[ObjectId, TokenFacts] = {}
    for kind, stands_on, values in sources:
        if len(values) > MAX_TOKENS:
            evidence.findings.append(Finding(code="time.too-many-tokens", detail=f"{len(values)} of kind {kind}"))
        for raw in values[:MAX_TOKENS]:
            try:
                seen = observe_token(
                    raw,
                    kind=kind,
                    stands_on=stands_on,
                    covers=(signature_id,) if kind == "signature" else (),
                    extra_certificates=certificates,
                    revision=revision,
                    sm2_ids=sm2_ids,
                )
            except InputError as error:
                evidence.findings.append(Finding(code="time.token-unreadable", detail=error.problems[0].what))
                continue
            evidence.keep("token", raw, "attribute")
            for object_kind, data in seen.evidence.objects.values():
                evidence.keep(object_kind, data, "token")
            facts.setdefault(seen.facts.id, seen.facts)
    return tuple(facts.values())
