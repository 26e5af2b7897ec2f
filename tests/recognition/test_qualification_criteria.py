"""Criteria on a certificate's content: every kind, the three assertions, and what is not understood (TS 119 612 5.5.9.2.2)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from recognition_world import POLICY, certificate, name, signer_certificate

from interop.model.trusted_list import CriteriaList, QcCondition
from interop.recognition.criteria import Declaration, declared, meets, qc_content

WHO = replace(signer_certificate(), key_usage=frozenset({"nonRepudiation"}))
"""Policy POLICY, nonRepudiation, emailProtection, QcCompliance, QcType esign, QcCClegislation ZZ; subject with CN and OU."""
COMPLIANCE, SSCD, TYPE, LAW = (f"0.4.0.1862.1.{n}" for n in (1, 4, 6, 7))
ESIGN, ESEAL = TYPE + ".1", TYPE + ".2"


def qc(oid: str, kind: str | None = None, law: str | None = None) -> QcCondition:
    return QcCondition(oid=oid, type=kind, legislation=law)


def one(assertion: str = "all", **members: object) -> CriteriaList:
    return CriteriaList(assertion=assertion, **members)  # type: ignore[arg-type]


TRUE = {
    "key-usage": one(key_usages=((("nonRepudiation", True), ("digitalSignature", False)),)),
    "key-usage-of-lists": one(key_usages=((("crlSign", False),),)),
    "policy": one(policies=((POLICY,),)),
    "subject": one(subject_attributes=(("2.5.4.3", "2.5.4.11"),)),
    "purpose": one(extended_key_usages=(("1.3.6.1.5.5.7.3.4",),)),
    "statement": one(qc_statements=((qc(COMPLIANCE), qc(LAW, law="ZZ")),)),
    "type": one(qc_statements=((qc(TYPE, ESIGN),),)),
}
FALSE = {
    "key-usage": one(key_usages=((("nonRepudiation", True), ("digitalSignature", True)),)),
    "policy": one(policies=((POLICY, "2.999.404"),)),
    "subject": one(subject_attributes=(("2.5.4.3", "2.5.4.12"),)),
    "purpose": one(extended_key_usages=(("1.3.6.1.5.5.7.3.8",),)),
    "statement": one(qc_statements=((qc(COMPLIANCE), qc(LAW, law="XX")),)),
    "statement-absent": one(qc_statements=((qc(SSCD),),)),
    "type": one(qc_statements=((qc(TYPE, ESEAL),),)),
}


@pytest.mark.parametrize("kind", TRUE)
def test_a_condition_that_holds(kind: str) -> None:
    assert meets(TRUE[kind], WHO)
    assert not meets(replace(TRUE[kind], assertion="none"), WHO)


@pytest.mark.parametrize("kind", FALSE)
def test_a_condition_that_does_not_hold(kind: str) -> None:
    assert not meets(FALSE[kind], WHO)
    assert meets(replace(FALSE[kind], assertion="none"), WHO)


def test_assertions_combine_members_and_lists() -> None:
    yes, no = TRUE["policy"], FALSE["purpose"]
    both = {"lists": (yes, no)}
    assert [meets(one(a, **both), WHO) for a in ("all", "atLeastOne", "none")] == [False, True, False]
    assert meets(one(lists=(yes, one("none", lists=(no,)))), WHO)


def test_an_empty_list_holds_for_all_and_for_none() -> None:
    assert [meets(one(a), WHO) for a in ("all", "atLeastOne", "none")] == [True, False, True]


@pytest.mark.parametrize("assertion", ["all", "atLeastOne", "none"])
def test_what_is_not_understood_grants_nothing(assertion: str) -> None:
    """`none` of an unknown condition would else be met by every certificate."""
    assert not meets(one(assertion, unknown=("Strange",)), WHO)
    assert not meets(one(assertion, key_usages=((("someNewBit", True),),)), WHO)
    assert not meets(one(assertion, lists=(one("none", unknown=("Strange",)),)), WHO)


def test_what_is_not_understood_does_not_hide_what_decides() -> None:
    assert meets(one("atLeastOne", policies=((POLICY,),), unknown=("Strange",)), WHO)
    assert not meets(one(unknown=("assert=some",)), WHO)


def test_a_certificate_without_extensions_meets_no_condition_on_them() -> None:
    plain = certificate("plain", subject=name("Plain"), issuer=name("CA"), key_usage=None)
    assert not meets(TRUE["policy"], plain)
    assert not meets(TRUE["purpose"], plain)
    assert not meets(one(qc_statements=((qc(""),),)), plain)
    assert meets(one(key_usages=((("nonRepudiation", False),),)), plain)
    assert qc_content(plain).compliance is False


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        (
            one(qc_statements=((qc(COMPLIANCE),), (qc(TYPE, ESIGN),))),
            Declaration(add=(COMPLIANCE, TYPE), add_types=(ESIGN,)),
        ),
        (one("atLeastOne", qc_statements=((qc(COMPLIANCE),), (qc(SSCD),))), Declaration(add=(COMPLIANCE,))),
        (one("none", qc_statements=((qc(LAW, law="ZZ"),),)), Declaration(remove=(LAW,), remove_legislations=("ZZ",))),
        (one("none", lists=(one("none", qc_statements=((qc(SSCD),),)),)), Declaration(add=(SSCD,))),
        (one("atLeastOne", policies=((POLICY,),), qc_statements=((qc(SSCD),),)), Declaration()),
    ],
)
def test_a_declaration_adds_takes_first_or_removes(criteria: CriteriaList, expected: Declaration) -> None:
    """reference/dss.md 1.3 step 2: all merges children, atLeastOne uses the first child only, none removes."""
    assert declared(criteria) == expected
