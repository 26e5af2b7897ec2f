"""Whether a certificate meets a criteria list of a trusted list (TS 119 612 clause 5.5.9.2.2), and what such a list declares."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from interop.model.certificate import KEY_USAGES, Certificate, QcStatement
from interop.model.qualification import QcContent
from interop.model.trusted_list import CriteriaList, QcCondition

__all__ = ["QC_COMPLIANCE", "QC_LEGISLATION", "QC_SSCD", "QC_TYPE", "Declaration", "declared", "meets", "qc_content"]

QC_COMPLIANCE = "0.4.0.1862.1.1"
QC_SSCD = "0.4.0.1862.1.4"
QC_TYPE = "0.4.0.1862.1.6"
QC_LEGISLATION = "0.4.0.1862.1.7"
"""Statement identifiers of EN 319 412-5."""
_USAGES = {name.lower(): name for name in KEY_USAGES}
"""Lists write `crlSign` where certificates have `cRLSign`."""


def qc_content(certificate: Certificate) -> QcContent:
    """What the certificate says of itself."""
    statements = certificate.qc_statements or ()
    oids = {statement.oid for statement in statements}
    return QcContent(
        compliance=QC_COMPLIANCE in oids,
        types=_values(statements, QC_TYPE),
        qscd=QC_SSCD in oids,
        legislations=_values(statements, QC_LEGISLATION),
    )


def _values(statements: Iterable[QcStatement], oid: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for s in statements if s.oid == oid for value in s.values))


def meets(criteria: CriteriaList, certificate: Certificate) -> bool:
    """Whether the certificate meets them. What is not understood can neither be met nor be missed: then nothing that hangs on it
    is granted, under `none` no more than under `all`."""
    return _holds(criteria, certificate) is True


def _holds(criteria: CriteriaList, certificate: Certificate) -> bool | None:
    """True, False, or None where it hangs on a condition that is not understood."""
    if any(name.startswith("assert=") for name in criteria.unknown):
        return None
    members = list(_members(criteria, certificate))
    if criteria.assertion == "all":
        return _all(members)
    some = _negated(_all([_negated(member) for member in members]))
    return some if criteria.assertion == "atLeastOne" else _negated(some)


def _members(criteria: CriteriaList, certificate: Certificate) -> Iterator[bool | None]:
    for bits in criteria.key_usages:
        yield _all([_bit(name, wanted, certificate) for name, wanted in bits])
    for policies in criteria.policies:
        yield certificate.policy_oids.issuperset(policies)
    for attributes in criteria.subject_attributes:
        yield {a.oid for rdn in certificate.subject.rdns for a in rdn}.issuperset(attributes)
    for purposes in criteria.extended_key_usages:
        yield set(certificate.extended_key_usage or ()).issuperset(purposes)
    for statements in criteria.qc_statements:
        yield all(_stated(condition, certificate) for condition in statements)
    for inner in criteria.lists:
        yield _holds(inner, certificate)
    for _ in criteria.unknown:
        yield None


def _bit(name: str, wanted: bool, certificate: Certificate) -> bool | None:
    known = _USAGES.get(name.lower())
    return None if known is None else (known in (certificate.key_usage or ())) is wanted


def _stated(condition: QcCondition, certificate: Certificate) -> bool:
    statements = certificate.qc_statements or ()
    return (
        (not condition.oid or any(s.oid == condition.oid for s in statements))
        and (condition.type is None or condition.type in _values(statements, QC_TYPE))
        and (condition.legislation is None or condition.legislation in _values(statements, QC_LEGISLATION))
        and bool(statements)
    )


def _all(values: Collection[bool | None]) -> bool | None:
    if False in values:
        return False
    return None if None in values else True


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What the pointing party's criteria put into a certificate's QC statements, and what they take out."""

    add: tuple[str, ...] = ()
    """Statement OIDs."""
    add_types: tuple[str, ...] = ()
    """QcType, dotted."""
    add_legislations: tuple[str, ...] = ()
    """QcCClegislation."""
    remove: tuple[str, ...] = ()
    remove_types: tuple[str, ...] = ()
    remove_legislations: tuple[str, ...] = ()


def declared(criteria: CriteriaList) -> Declaration:
    """Read criteria as a declaration: `all` declares every member, `atLeastOne` its first, `none` takes out what they declare.

    Members that are no QC statements (usages, policies, attributes) declare nothing.
    """
    members: list[Declaration] = [Declaration()] * (
        len(criteria.key_usages)
        + len(criteria.policies)
        + len(criteria.subject_attributes)
        + len(criteria.extended_key_usages)
    )
    members.extend(_set(statements) for statements in criteria.qc_statements)
    members.extend(declared(inner) for inner in criteria.lists)
    if criteria.assertion == "atLeastOne":
        members = members[:1]
    merged = _merged(members)
    return _reversed(merged) if criteria.assertion == "none" else merged


def _set(statements: Iterable[QcCondition]) -> Declaration:
    conditions = list(statements)
    return Declaration(
        add=tuple(dict.fromkeys(c.oid for c in conditions if c.oid)),
        add_types=tuple(dict.fromkeys(c.type for c in conditions if c.type)),
        add_legislations=tuple(dict.fromkeys(c.legislation for c in conditions if c.legislation)),
    )


def _reversed(d: Declaration) -> Declaration:
    return Declaration(
        add=d.remove,
        add_types=d.remove_types,
        add_legislations=d.remove_legislations,
        remove=d.add,
        remove_types=d.add_types,
        remove_legislations=d.add_legislations,
    )


def _merged(members: Iterable[Declaration]) -> Declaration:
    fields: dict[str, dict[str, None]] = {name: {} for name in Declaration.__dataclass_fields__}
    for member in members:
        for name, values in fields.items():
            values.update(dict.fromkeys(getattr(member, name)))
    return Declaration(**{name: tuple(values) for name, values in fields.items()})
