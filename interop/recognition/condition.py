"""Conditions that an instrument's entry puts on the signer's certificate: all that are given must hold."""

from __future__ import annotations

from dataclasses import dataclass

from interop.model.agreement import Condition
from interop.model.certificate import Certificate, under_arc
from interop.model.verdict import HomeIdentity

__all__ = ["Miss", "missed_conditions"]

_QC_TYPE = "0.4.0.1862.1.6"
_QC_LEGISLATION = "0.4.0.1862.1.7"
_PERSON_OF_TYPE = {"0.4.0.1862.1.6.1": "natural", "0.4.0.1862.1.6.2": "legal"}
"""QcType id-etsi-qct-esign and id-etsi-qct-eseal (EN 319 412-5 section 4.2.3)."""
_ORGANIZATIONAL_UNIT = "2.5.4.11"


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """One condition that does not hold."""

    slug: str
    """Ending of the reason codes `trust.entry-<slug>` and `agreement.condition-<slug>`."""
    detail: str
    """What was found and what was asked for."""


def _listed(values: object) -> str:
    items = (
        sorted(str(value) for value in values) if isinstance(values, (tuple, list, set, frozenset)) else [str(values)]
    )
    return " ".join(items) or "none"


def _statements(certificate: Certificate) -> frozenset[str]:
    """Statement OIDs, and the types that QcType names."""
    statements = certificate.qc_statements or ()
    types = (value for statement in statements if statement.oid == _QC_TYPE for value in statement.values)
    return frozenset(statement.oid for statement in statements) | frozenset(types)


def _countries(certificate: Certificate) -> frozenset[str]:
    statements = certificate.qc_statements or ()
    return frozenset(value for s in statements if s.oid == _QC_LEGISLATION for value in s.values)


def _person(certificate: Certificate, identity: HomeIdentity | None) -> str:
    if identity is not None:
        return identity.person
    persons = {_PERSON_OF_TYPE[value] for value in _statements(certificate) if value in _PERSON_OF_TYPE}
    return persons.pop() if len(persons) == 1 else "unknown"


def _units(certificate: Certificate) -> frozenset[str]:
    return frozenset(a.value for rdn in certificate.subject.rdns for a in rdn if a.oid == _ORGANIZATIONAL_UNIT)


def missed_conditions(
    condition: Condition, certificate: Certificate, identity: HomeIdentity | None
) -> tuple[Miss, ...]:
    """The conditions that the certificate does not meet, in the order of their definition; empty: all hold.

    `identity` is the provider's identity that the certificate is; without it the person comes from QcType alone, and the
    certificate type from the subject's OU alone. A policy counts as the signer's certificate writes it: anyPolicy there
    is not a match for a named one, and mapping belongs to path validation, not to an instrument's text.
    """
    misses: list[Miss] = []

    def miss(slug: str, found: object, asked: object) -> None:
        misses.append(Miss(slug=slug, detail=f"found {_listed(found)}; asked for {_listed(asked)}"))

    policies = certificate.policy_oids
    if condition.policies_any and not policies & set(condition.policies_any):
        miss("policy", policies, condition.policies_any)
    if condition.policy_prefix is not None and not any(under_arc(p, condition.policy_prefix) for p in policies):
        miss("policy-prefix", policies, f"{condition.policy_prefix}.*")
    usage = certificate.key_usage or frozenset()
    if not usage >= set(condition.key_usage_all):
        miss("key-usage", usage, condition.key_usage_all)
    extended = frozenset(certificate.extended_key_usage or ())
    if condition.extended_key_usage_any and not extended & set(condition.extended_key_usage_any):
        miss("extended-key-usage", extended, condition.extended_key_usage_any)
    statements = _statements(certificate)
    if not statements >= set(condition.qc_statements_all):
        miss("qc-statement", statements, condition.qc_statements_all)
    if condition.qc_legislation is not None and condition.qc_legislation not in _countries(certificate):
        miss("qc-legislation", _countries(certificate), condition.qc_legislation)
    if condition.certificate_type is not None:
        types = _units(certificate) | ({identity.certificate_type} if identity is not None else set())
        if condition.certificate_type not in types:
            miss("certificate-type", types, condition.certificate_type)
    person = _person(certificate, identity)
    if condition.persons and person not in condition.persons:
        miss("person", person, condition.persons)
    return tuple(misses)
