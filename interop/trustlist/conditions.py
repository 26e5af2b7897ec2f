"""Conditions of an agreement as criteria lists (TS 119 612 clause 5.5.9.2.2), and criteria lists as conditions.

`criteria_of(condition)` says every part that criteria can say; `condition_of(criteria)` is its reverse. Not sayable: a policy prefix (a
PolicySet holds whole OIDs), a certificate type (CertSubjectDNAttribute asks for attributes, never for their values), kinds of person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from interop.model.agreement import Condition
from interop.model.trusted_list import CriteriaList, QcCondition

__all__ = ["condition_of", "criteria_of"]

_QC_TYPE: Final = "0.4.0.1862.1.6"
_QC_LEGISLATION: Final = "0.4.0.1862.1.7"


def _any_of(members: CriteriaList) -> tuple[CriteriaList, ...]:
    return (replace(members, assertion="atLeastOne"),)


def _statement(oid: str) -> QcCondition:
    """A statement, or a type within QcType."""
    return QcCondition(oid=_QC_TYPE, type=oid) if oid.startswith(f"{_QC_TYPE}.") else QcCondition(oid=oid)


def criteria_of(condition: Condition) -> CriteriaList:
    """All that criteria can say of a condition; empty criteria, which everybody meets, where that is nothing."""
    lists: tuple[CriteriaList, ...] = ()
    if condition.policies_any:
        lists += _any_of(CriteriaList(policies=tuple((oid,) for oid in condition.policies_any)))
    if condition.extended_key_usage_any:
        purposes = tuple((oid,) for oid in condition.extended_key_usage_any)
        lists += _any_of(CriteriaList(extended_key_usages=purposes))
    statements = [_statement(oid) for oid in condition.qc_statements_all]
    if condition.qc_legislation is not None:
        statements.append(QcCondition(oid=_QC_LEGISLATION, legislation=condition.qc_legislation))
    usage = tuple((bit, True) for bit in condition.key_usage_all)
    return CriteriaList(
        assertion="all",
        key_usages=(usage,) if usage else (),
        qc_statements=(tuple(statements),) if statements else (),
        lists=lists,
    )


def condition_of(criteria: CriteriaList) -> Condition | None:
    """The condition that says the same as the criteria; None where none does."""
    found = Condition()
    for part in _parts(criteria):
        merged = None if part is None else _merged(found, part)
        if merged is None:
            return None
        found = merged
    return found


def _parts(criteria: CriteriaList) -> Iterator[Condition | None]:
    """Conditions that must all hold; None for a part that no condition says."""
    if criteria.unknown or criteria.subject_attributes or criteria.assertion == "none":
        yield None
        return
    if criteria.assertion == "atLeastOne" and _count(criteria) != 1:
        yield _alternatives(criteria)
        return
    for bits in criteria.key_usages:
        yield Condition(key_usage_all=tuple(bit for bit, _ in bits)) if all(wanted for _, wanted in bits) else None
    for policies in criteria.policies:
        yield from (Condition(policies_any=(oid,)) for oid in policies)
    for purposes in criteria.extended_key_usages:
        yield from (Condition(extended_key_usage_any=(oid,)) for oid in purposes)
    for statements in criteria.qc_statements:
        yield from (_stated(statement) for statement in statements)
    for inner in criteria.lists:
        yield from _parts(inner)


def _count(criteria: CriteriaList) -> int:
    kinds = (
        criteria.key_usages,
        criteria.policies,
        criteria.extended_key_usages,
        criteria.qc_statements,
        criteria.lists,
    )
    return sum(map(len, kinds))


def _alternatives(criteria: CriteriaList) -> Condition | None:
    """At least one of several: sayable of single policies, or of single purposes."""
    if len(criteria.policies) == _count(criteria) and all(len(p) == 1 for p in criteria.policies):
        return Condition(policies_any=_flat(criteria.policies))
    if len(criteria.extended_key_usages) == _count(criteria) and all(len(p) == 1 for p in criteria.extended_key_usages):
        return Condition(extended_key_usage_any=_flat(criteria.extended_key_usages))
    return None


def _flat(sets: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(oid for one in sets for oid in one)


def _stated(statement: QcCondition) -> Condition | None:
    if statement.legislation is not None:
        law = Condition(qc_legislation=statement.legislation)
        return law if statement.oid in ("", _QC_LEGISLATION) and statement.type is None else None
    if statement.type is not None:
        return Condition(qc_statements_all=(statement.type,)) if statement.oid in ("", _QC_TYPE) else None
    return Condition(qc_statements_all=(statement.oid,))


def _merged(one: Condition, other: Condition) -> Condition | None:
    """Both; None where one field would have to hold two alternatives at once."""
    for name in ("policies_any", "extended_key_usage_any", "qc_legislation"):
        here, there = getattr(one, name), getattr(other, name)
        if here and there and here != there:
            return None
    return Condition(
        policies_any=one.policies_any or other.policies_any,
        key_usage_all=(*one.key_usage_all, *other.key_usage_all),
        extended_key_usage_any=one.extended_key_usage_any or other.extended_key_usage_any,
        qc_statements_all=(*one.qc_statements_all, *other.qc_statements_all),
        qc_legislation=one.qc_legislation or other.qc_legislation,
    )
