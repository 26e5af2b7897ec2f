"""The 49 documented changes of the European model of mutual recognition, one by one, each with its documented outcome.

Source of changes and outcomes: reference/dss.md section 1.5 (49 of 49 covered: 48 signatures and the certificate alone). Lists,
keys and certificates are our own; every list is written, signed, read and authenticated again. Nothing here was learnt from our
engine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from list_world import (
    COMPLIANCE,
    ENACTED,
    EQUIVALENCE,
    ESEAL,
    INFO,
    ISSUED,
    LEGISLATION,
    MRA,
    POLICY,
    QC_COMPLIANCE,
    QC_QSCD,
    QC_TYPE,
    QC_TYPES,
    REPEALED,
    SIGNED,
    SIGNER_EXTENSIONS,
    SSCD,
    TERMS,
    TYPE,
    ZZ,
    ZZ_INFO,
    ZZ_TYPE,
    changed,
    criteria,
    qc,
    signer_der,
    stated,
    world,
)

from interop.model.certificate import Certificate
from interop.model.hierarchy import PolicySpec
from interop.model.qualification import CertificateQualification, SignatureQualification
from interop.model.trusted_list import ContentEquivalence, CriteriaList, Equivalence, NamedType
from interop.recognition.qualification import qualification_at
from interop.x509.certificate import parse_certificate

QESIG, ADESIG = SignatureQualification.QESIG, SignatureQualification.ADESIG
ADESIG_QC, QESEAL = SignatureQualification.ADESIG_QC, SignatureQualification.QESEAL


@dataclass(frozen=True)
class Case:
    """One change: what it makes of the signature, whether a service counts as under enacted terms, who translates the certificate."""

    equivalence: Equivalence
    outcome: SignatureQualification
    enacted: bool = True
    translated: str | None = "QCForESig"
    policies: tuple[str, ...] = (POLICY,)


def contents(*changes: ContentEquivalence) -> tuple[ContentEquivalence, ...]:
    """The three contexts with those of the same context replaced, and further ones at the end."""
    by_context = {c.context: c for c in TERMS.contents}
    by_context.update({c.context: c for c in changes})
    return tuple(by_context.values())


def compliance_if(pointed: CriteriaList) -> Equivalence:
    """QcCompliance hangs on another condition."""
    return changed(contents=contents(replace(QC_COMPLIANCE, pointed=pointed)))


def compliance_says(pointing: CriteriaList) -> Equivalence:
    """QcCompliance declares something else."""
    return changed(contents=contents(replace(QC_COMPLIANCE, pointing=pointing)))


def history(
    status: str, since: datetime, past: str, past_since: datetime = TERMS.since, **current: object
) -> Equivalence:
    """Present terms, and those before them."""
    now = replace(TERMS, status=status, since=since, **current)  # type: ignore[arg-type]
    before = replace(TERMS, status=past, since=past_since)
    return replace(EQUIVALENCE, terms=(now, before))


NO_QSCD = replace(QC_QSCD, pointing=criteria("none", qc_statements=stated(qc(SSCD))))
NOW = SIGNED - timedelta(seconds=1)
"""What the documented changes call now: the signature follows. At the very second DSS lets the old and the new terms hold."""
PAST, FUTURE = SIGNED - timedelta(days=730), SIGNED + timedelta(days=31)
BETWEEN = SIGNED - timedelta(days=90)
"""After the signer was issued, before it signed."""

CASES: dict[str, Case] = {
    # nothing that matters
    "base": Case(EQUIVALENCE, QESIG),
    "no-qualifiers-mapping": Case(changed(qualifiers=()), QESIG),
    "legal-identifier": Case(replace(EQUIVALENCE, legal_identifier="Other name"), QESIG, translated="Other name"),
    "content-context-unknown": Case(changed(contents=contents(replace(QC_QSCD, context=MRA + "Exclusion"))), QESIG),
    "content-context-duplicated": Case(changed(contents=(*TERMS.contents, QC_QSCD)), QESIG),
    # in force or not
    "status-repealed": Case(changed(status=REPEALED), ADESIG, enacted=False, translated=None),
    "starting-time-after-issuance": Case(changed(since=NOW), ADESIG, translated=None),
    # types and status of both parties
    "pointed-type": Case(
        changed(pointed_types=(NamedType(type=ZZ + "Svctype/other"),)), ADESIG, enacted=False, translated=None
    ),
    "pointed-additional": Case(
        changed(pointed_types=(NamedType(type=ZZ_TYPE, additional=ZZ_INFO + "ForeSignatures"),)),
        ADESIG,
        enacted=False,
        translated=None,
    ),
    "pointed-status": Case(changed(valid_pointed=(ZZ + "Svcstatus/other",)), ADESIG, enacted=False, translated=None),
    "pointing-type": Case(
        changed(pointing_types=(NamedType(type=TYPE.replace("CA/QC", "CA/PKC"), additional=INFO + "ForeSignatures"),)),
        ADESIG,
    ),
    "pointing-additional": Case(
        changed(pointing_types=(NamedType(type=TYPE, additional=INFO + "ForeSeals"),)), ADESIG, translated=None
    ),
    "pointing-status": Case(
        changed(valid_pointing=("http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/recognisedatnationallevel",)),
        ADESIG,
    ),
    # conditions on QcCompliance that the certificate meets
    "compliance-policy": Case(compliance_if(criteria(policies=((POLICY,),))), QESIG),
    "compliance-policy-set": Case(
        compliance_if(criteria(policies=((POLICY, "2.999.26.2"),))), QESIG, policies=(POLICY, "2.999.26.2")
    ),
    "compliance-subject-attribute": Case(compliance_if(criteria(subject_attributes=(("2.5.4.10",),))), QESIG),
    "compliance-key-usage": Case(compliance_if(criteria(key_usages=((("nonRepudiation", True),),))), QESIG),
    "compliance-key-usage-set": Case(
        compliance_if(criteria(key_usages=((("nonRepudiation", True), ("digitalSignature", False)),))), QESIG
    ),
    "compliance-qc-statement-set": Case(
        compliance_if(criteria(qc_statements=stated(qc(COMPLIANCE), qc(QC_TYPE), qc(LEGISLATION, law="ZZ")))), QESIG
    ),
    "compliance-composite": Case(
        changed(
            contents=contents(
                replace(
                    QC_COMPLIANCE,
                    pointed=criteria(
                        lists=(
                            criteria(
                                "atLeastOne",
                                lists=(criteria("none", policies=((POLICY,),)),),
                                qc_statements=stated(qc(COMPLIANCE), qc(LEGISLATION, law="ZZ")),
                            ),
                        )
                    ),
                    pointing=criteria(
                        lists=(
                            criteria(
                                lists=(criteria("none", qc_statements=stated(qc(LEGISLATION))),),
                                qc_statements=stated(qc(COMPLIANCE)),
                            ),
                        )
                    ),
                )
            )
        ),
        QESIG,
    ),
    # and that it does not meet
    "compliance-legislation-of-another": Case(
        compliance_if(criteria(qc_statements=stated(qc(LEGISLATION, law="TC")))), ADESIG
    ),
    "compliance-qc-statement-set-wrong-country": Case(
        compliance_if(criteria(qc_statements=stated(qc(COMPLIANCE), qc(LEGISLATION, law="TC")))), ADESIG
    ),
    "compliance-assert-none": Case(compliance_if(replace(QC_COMPLIANCE.pointed, assertion="none")), ADESIG),
    "compliance-policy-wrong": Case(compliance_if(criteria(policies=(("2.999.26.9",),))), ADESIG),
    "compliance-policy-set-wrong": Case(compliance_if(criteria(policies=((POLICY, "2.999.26.9"),))), ADESIG),
    "compliance-subject-attribute-wrong": Case(compliance_if(criteria(subject_attributes=(("2.5.4.12",),))), ADESIG),
    "compliance-key-usage-false": Case(compliance_if(criteria(key_usages=((("nonRepudiation", False),),))), ADESIG),
    "compliance-key-usage-wrong": Case(compliance_if(criteria(key_usages=((("keyCertSign", True),),))), ADESIG),
    "compliance-key-usage-set-wrong": Case(
        compliance_if(criteria(key_usages=((("nonRepudiation", True), ("digitalSignature", True)),))), ADESIG
    ),
    "compliance-extended-key-usage-urn": Case(
        compliance_if(criteria(extended_key_usages=(("1.3.6.1.5.5.7.3.8",),))), ADESIG
    ),
    "compliance-extended-key-usage-wrong": Case(
        compliance_if(criteria(extended_key_usages=(("1.3.6.1.5.5.7.3.4",),))), ADESIG
    ),
    # what is declared
    "compliance-declared-away": Case(
        compliance_says(criteria(lists=(criteria("none", qc_statements=stated(qc(COMPLIANCE), qc(LEGISLATION))),))),
        ADESIG,
    ),
    "compliance-declared-none": Case(compliance_says(replace(QC_COMPLIANCE.pointing, assertion="none")), ADESIG),
    "type-declared-seal": Case(
        changed(
            contents=contents(
                replace(
                    QC_TYPES,
                    pointed=criteria("none", qc_statements=stated(qc(QC_TYPE, ESEAL))),
                    pointing=criteria("atLeastOne", qc_statements=stated(qc(QC_TYPE, ESEAL))),
                )
            )
        ),
        QESEAL,
    ),
    "device-declared-away": Case(changed(contents=contents(NO_QSCD)), QESIG),
    "device-declared-away-qualifier-maps-to-none": Case(
        changed(contents=contents(NO_QSCD), qualifiers=((INFO + "QCNoQSCD", ZZ_INFO + "QCWithQSCD"),)), ADESIG_QC
    ),
    "device-declared-away-qualifier-unmapped": Case(
        changed(contents=contents(NO_QSCD), qualifiers=((INFO + "QCNoQSCD", ZZ_INFO + "QCNoQSCD"),)), ADESIG_QC
    ),
    # present terms and those before
    "enacted-past-after-repealed": Case(history(ENACTED, PAST, REPEALED), QESIG),
    "enacted-now-after-repealed": Case(history(ENACTED, NOW, REPEALED), ADESIG, translated=None),
    "enacted-future-after-repealed": Case(history(ENACTED, FUTURE, REPEALED), ADESIG, translated=None),
    "enacted-now-after-enacted": Case(history(ENACTED, NOW, ENACTED), QESIG),
    "enacted-not-qualified-after-enacted": Case(
        history(
            ENACTED,
            BETWEEN,
            ENACTED,
            contents=contents(replace(QC_COMPLIANCE, pointing=replace(QC_COMPLIANCE.pointing, assertion="none"))),
        ),
        QESIG,
    ),
    "enacted-after-enacted-all-future": Case(
        history(ENACTED, FUTURE + timedelta(days=31), ENACTED, FUTURE), ADESIG, translated=None
    ),
    "repealed-future-after-enacted": Case(history(REPEALED, FUTURE, ENACTED), QESIG),
    "repealed-now-after-enacted": Case(history(REPEALED, NOW, ENACTED), ADESIG),
    "repealed-past-after-enacted": Case(history(REPEALED, PAST, ENACTED), ADESIG, enacted=False, translated=None),
    "repealed-now-after-repealed": Case(history(REPEALED, NOW, REPEALED), ADESIG, enacted=False, translated=None),
    "repealed-after-repealed-all-past": Case(history(REPEALED, PAST, REPEALED), ADESIG, enacted=False, translated=None),
}


def test_all_documented_changes_are_here() -> None:
    assert len(CASES) + 1 == 49, "48 signatures, and the certificate alone below"


def signer(case: Case) -> bytes:
    policies = tuple(PolicySpec(oid=oid, origin="stand-in") for oid in case.policies)
    return signer_der(replace(SIGNER_EXTENSIONS, policies=policies))


@pytest.mark.parametrize("name", CASES)
def test_the_signature_gets_the_documented_qualification(name: str) -> None:
    case = CASES[name]
    made = world([case.equivalence], signer=signer(case))
    outcome = made.qualify()
    assert outcome.signature is case.outcome
    assert outcome.translated_by == case.translated
    views = made.candidates().views
    assert any(view.window is not None and view.window.terms.enacted for view in views) is case.enacted
    assert made.graph().refused == ()


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.outcome is not ADESIG])
def test_without_the_agreement_it_is_an_advanced_signature(name: str) -> None:
    """The same lists read in their own words: the control of the above (prototype: `mra=False` gives ADESIG)."""
    case = CASES[name]
    outcome = world([case.equivalence], signer=signer(case)).qualify(recognition=False)
    assert outcome.signature is ADESIG
    assert outcome.at_issuance is not None
    assert [f.code for f in outcome.at_issuance.findings] == ["trust.list-foreign-legislation"]


def test_the_certificate_alone_is_qualified_with_device_at_both_times() -> None:
    """Class MRACertificateValidatorTest: QCERT_FOR_ESIG_QSCD at issuance and at validation time."""
    made = world()
    found = made.candidates()
    certificate: Certificate = parse_certificate(made.signer)
    for at in (ISSUED, datetime(2026, 6, 1, tzinfo=UTC)):
        answer = qualification_at(found, certificate, at)
        assert answer.qualification is CertificateQualification.QCERT_FOR_ESIG_QSCD
        assert answer.equivalence == "QCForESig"
