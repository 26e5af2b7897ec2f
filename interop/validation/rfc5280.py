"""One certification path, checked as RFC 5280 section 6 says, over edges that were verified before. A pure function.

Used twice with the same code: by the layer `chain` (home anchors, any policy) and by the trust layer of recognition (the
relying party's anchors with its policy inputs). The last certificate of a path is the anchor. It lends its name and key
and is never checked as a certificate (6.1.1 d): neither its validity nor its extensions count.

    check = check_path(lookup, path, inputs=PathInputs(), model="shell", moment=Moment(at))
    check.causes    what is wrong whatever the time
    check.outside   certificates out of their validity at the time at which the model looks at them
    check.policies  valid policies, in the domain of the anchor
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from interop.model.certificate import Certificate, ObjectId
from interop.model.instant import Interval, format_instant
from interop.model.layers import Cause
from interop.model.verdict import Path
from interop.validation.lookup import Lookup
from interop.validation.moment import Moment, after
from interop.validation.names import name_violations
from interop.validation.policy_tree import ANY_POLICY, PolicyInputs, process_policies

__all__ = [
    "ANY_POLICY",
    "KNOWN_CRITICAL",
    "Outside",
    "PathCheck",
    "PathInputs",
    "ValidityModel",
    "check_path",
    "malformed",
    "validity",
    "validity_causes",
]

PathInputs = PolicyInputs
ValidityModel = Literal["shell", "chain", "hybrid"]

KNOWN_CRITICAL = frozenset(
    {
        "2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.18", "2.5.29.19", "2.5.29.30", "2.5.29.31", "2.5.29.32", "2.5.29.33",
        "2.5.29.35", "2.5.29.36", "2.5.29.37", "2.5.29.54", "1.3.6.1.5.5.7.1.1", "1.3.6.1.5.5.7.1.3", "1.3.6.1.5.5.7.48.1.5",
    }
)  # fmt: skip
"""Extensions that this software processes, or whose meaning it takes over where they are critical: SKI, KU, SAN, IAN, BC,
NC, CRLDP, CP, PM, AKI, PC, EKU, IAP, AIA, qcStatements, ocsp-nocheck."""


_MALFORMED = frozenset(
    {
        "certificate.critical-extension-undecodable",
        "certificate.path-extension-undecodable",
        "certificate.extension-repeated",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """A certificate out of its validity."""

    certificate: ObjectId
    how: Literal["expired", "not-yet-valid"]
    limit: str
    """notAfter or notBefore that is violated, ISO 8601."""
    subject: str
    """Untrusted text."""
    at_issuance: bool = False
    """Asked at the time at which it issued the certificate below (chain model), not at the moment."""

    @property
    def detail(self) -> str:
        """For people: whose limit it is, and when."""
        return f"{self.subject}: {'notAfter' if self.how == 'expired' else 'notBefore'} {self.limit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PathCheck:
    """The result for one path."""

    causes: tuple[Cause, ...]
    """Codes of the layer `chain` that hold whatever the time; empty: the path is good but for validity."""
    outside: tuple[Outside, ...]
    """Out of validity under the model at the moment asked about."""
    policies: frozenset[str]
    """User-constrained policy set in the anchor's domain; holds `2.5.29.32.0` where any policy is valid."""
    end_policies: frozenset[str]
    """The valid policies as the signer's certificate names them."""
    holds: Interval
    """Span of the moment over which all of it stays the same."""

    @property
    def ok(self) -> bool:
        """The path is valid at the moment."""
        return not self.causes and not self.outside


@dataclass(frozen=True, slots=True)
class _Fixed:
    causes: tuple[Cause, ...]
    policies: frozenset[str]
    end_policies: frozenset[str]


def check_path(
    lookup: Lookup,
    path: Path,
    *,
    moment: Moment,
    inputs: PathInputs = PathInputs(),  # noqa: B008 - a frozen value
    model: ValidityModel = "shell",
    anchored: bool = True,
) -> PathCheck:
    """Check one path. `moment` is narrowed by the comparisons made. A path of the anchor alone is good as it is.

    `anchored=False`: the last certificate is no anchor, only as far up as is known; its validity counts too.
    """
    fixed = lookup.remember(("rfc5280", path.certificates, inputs), lambda: _check_fixed(lookup, path, inputs))

    def ask() -> tuple[tuple[Outside, ...], Interval]:
        own = Moment(moment.at, floating=moment.floating)
        certificates = _certificates(lookup, path)
        found = _check_validity(certificates[:-1] if anchored else certificates, model, own)
        return found, own.holds

    key = ("validity", path.certificates, model, anchored, None if moment.floating else moment.at)
    outside, span = lookup.remember_over(key, moment.at, ask)
    if moment.floating:
        moment.narrow(span)
    return PathCheck(
        causes=fixed.causes,
        outside=outside,
        policies=fixed.policies,
        end_policies=fixed.end_policies,
        holds=span,
    )


def validity(certificate: Certificate) -> Interval:
    """The span of validity; notAfter itself is still valid (RFC 5280 section 4.1.2.5)."""
    return Interval(certificate.not_before, after(certificate.not_after))


def validity_causes(check: PathCheck) -> tuple[Cause, ...]:
    """The certificates outside as reasons of the layer `chain`, for a proven time (EXPIRED, NOT_YET_VALID)."""
    return tuple(Cause(code=_validity_code(out), detail=out.detail) for out in check.outside)


def _validity_code(out: Outside) -> str:
    if out.at_issuance:
        return "chain.issued-outside-issuer-validity"
    return "chain.expired" if out.how == "expired" else "chain.not-yet-valid"


def _certificates(lookup: Lookup, path: Path) -> tuple[Certificate, ...]:
    found = tuple(lookup.certificate(c) for c in path.certificates)
    missing = [c for c, parsed in zip(path.certificates, found, strict=True) if parsed is None]
    if missing:
        raise KeyError(f"path names certificates that are not known: {missing}")
    return tuple(c for c in found if c is not None)


def _check_validity(certificates: tuple[Certificate, ...], model: ValidityModel, moment: Moment) -> tuple[Outside, ...]:
    """Shell: all at the moment. Chain: the signer at the moment, every issuer when it issued the certificate below.

    Hybrid (all at the time of signing) is the shell at a proven time of signing; without proof only the shell can be asked.
    """
    found: list[Outside] = []
    below: Certificate | None = None
    for certificate in certificates:
        issuing = model == "chain" and below is not None
        asked = Moment(below.not_before, floating=False) if issuing and below is not None else moment
        if not asked.reached(certificate.not_before):
            found.append(_outside(certificate, "not-yet-valid", issuing))
        elif asked.passed(certificate.not_after):
            found.append(_outside(certificate, "expired", issuing))
        below = certificate
    return tuple(found)


def _outside(certificate: Certificate, how: Literal["expired", "not-yet-valid"], issuing: bool) -> Outside:
    limit = certificate.not_after if how == "expired" else certificate.not_before
    return Outside(
        certificate=certificate.id,
        how=how,
        limit=format_instant(limit),
        subject=certificate.subject.text,
        at_issuance=issuing,
    )


def _check_fixed(lookup: Lookup, path: Path, inputs: PathInputs) -> _Fixed:
    certificates = _certificates(lookup, path)
    checked = certificates[:-1]
    causes: list[Cause] = []
    for child, issuer in pairwise(certificates):
        causes.extend(_check_link(lookup, child, issuer))
    causes.extend(_check_authorities(certificates))
    for certificate in checked:
        causes.extend(_check_critical(certificate))
    for violation in name_violations(checked):
        causes.append(
            Cause(
                code="chain.name-constraint-violated",
                detail=f"{violation.how} {violation.name.kind} {violation.name.value} in {violation.certificate.subject.text},"
                f" constrained by {violation.above.subject.text}",
            )
        )
    outcome = process_policies(checked, inputs)
    if outcome.mapping_any:
        causes.append(Cause(code="chain.policy-mapping-any", detail="policyMappings to or from 2.5.29.32.0"))
    elif outcome.too_large:
        causes.append(Cause(code="chain.no-valid-policy", detail="policies and mappings are too many to work through"))
    elif not outcome.ok:
        wanted = ", ".join(sorted(inputs.policies)) or "any policy"
        asserted = ", ".join(sorted(certificates[0].policy_oids)) or "no policy"
        causes.append(Cause(code="chain.no-valid-policy", detail=f"asked for {wanted}; the signer asserts {asserted}"))
    return _Fixed(tuple(dict.fromkeys(causes)), outcome.policies, outcome.end_policies)


def _check_link(lookup: Lookup, child: Certificate, issuer: Certificate) -> list[Cause]:
    causes: list[Cause] = []
    ok = lookup.signed(child.id, issuer.id)
    if ok is False:
        causes.append(
            Cause(code="chain.signature-wrong", detail=f"{child.subject.text} is not signed by {issuer.subject.text}")
        )
    elif ok is None:
        algorithm = child.signature_algorithm.oid
        causes.append(Cause(code="chain.signature-not-computed", detail=f"{child.subject.text}: signature {algorithm}"))
    if child.issuer.normal != issuer.subject.normal:
        causes.append(
            Cause(
                code="chain.name-chaining-broken",
                detail=f"issuer {child.issuer.text} is not the subject {issuer.subject.text}",
            )
        )
    if child.signature_algorithm.oid != child.inner_signature_algorithm.oid:
        causes.append(
            Cause(
                code="chain.signature-algorithms-differ",
                detail=f"{child.subject.text}: {child.signature_algorithm.oid} outside,"
                f" {child.inner_signature_algorithm.oid} inside",
            )
        )
    return causes


def _check_authorities(certificates: tuple[Certificate, ...]) -> list[Cause]:
    """6.1.4 (k) to (n) and the path length of (h) and (l), for every certificate that issues another and is no anchor."""
    causes: list[Cause] = []
    limit = len(certificates)
    for certificate in reversed(certificates[1:-1]):
        subject = certificate.subject.text
        if certificate.version < 3 or certificate.ca is None:
            causes.append(Cause(code="chain.basic-constraints-missing", detail=f"{subject}: v{certificate.version}"))
        elif not certificate.ca:
            causes.append(Cause(code="chain.issuer-not-ca", detail=subject))
        if not certificate.self_issued:
            if limit <= 0:
                causes.append(Cause(code="chain.path-length-exceeded", detail=f"no CA may stand at {subject}"))
            limit -= 1
        if certificate.path_length is not None:
            limit = min(limit, certificate.path_length)
        if certificate.key_usage is not None and "keyCertSign" not in certificate.key_usage:
            usage = ", ".join(sorted(certificate.key_usage))
            causes.append(Cause(code="chain.key-cert-sign-missing", detail=f"{subject}: {usage}"))
    return causes


def malformed(certificate: Certificate) -> list[str]:
    """What of a certificate could not be read, or stands twice, although its validity rests on it (RFC 5280 section 4.2).

    Going on as if it were not there would take constraints, usages and names for absent.
    """
    return [f"{finding.code} {finding.detail}" for finding in certificate.findings if finding.code in _MALFORMED]


def _check_critical(certificate: Certificate) -> list[Cause]:
    causes = [
        Cause(code="chain.certificate-malformed", detail=f"{what} in {certificate.subject.text}")
        for what in malformed(certificate)
    ]
    return causes + [
        Cause(code="chain.unknown-critical-extension", detail=f"{oid} in {certificate.subject.text}")
        for oid, critical in certificate.extensions
        if critical and oid not in KNOWN_CRITICAL
    ]
