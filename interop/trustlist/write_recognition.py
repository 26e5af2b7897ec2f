"""Writing criteria and mutual-recognition information: the reverse of `criteria` and `recognition`."""

from __future__ import annotations

from lxml import etree

from interop.model.errors import UsageError
from interop.model.trusted_list import (
    ContentEquivalence,
    CriteriaList,
    Equivalence,
    EquivalenceTerms,
    MutualRecognition,
    NamedType,
    QcCondition,
)
from interop.trustlist.builder import add, identifier, times, uri

__all__ = ["write_criteria", "write_recognition"]


def write_criteria(element: etree._Element, criteria: CriteriaList) -> None:
    """Fill an element of type CriteriaListType. UsageError for conditions that were not understood when they were read."""
    if criteria.unknown:
        raise UsageError(f"criteria cannot be written: {', '.join(criteria.unknown)} was not understood")
    element.set("assert", criteria.assertion)
    for bits in criteria.key_usages:
        usage = add(element, "ecc:KeyUsage")
        for name, wanted in bits:
            add(usage, "ecc:KeyUsageBit", "true" if wanted else "false", name=name)
    for policies in criteria.policies:
        holder = add(element, "ecc:PolicySet")
        for policy in policies:
            identifier(holder, "ecc:PolicyIdentifier", policy)
    for inner in criteria.lists:
        write_criteria(add(element, "ecc:CriteriaList"), inner)
    if not (criteria.subject_attributes or criteria.extended_key_usages or criteria.qc_statements):
        return
    other = add(element, "ecc:otherCriteriaList")
    for attributes in criteria.subject_attributes:
        holder = add(other, "add:CertSubjectDNAttribute")
        for oid in attributes:
            identifier(holder, "add:AttributeOID", oid)
    for purposes in criteria.extended_key_usages:
        holder = add(other, "add:ExtendedKeyUsage")
        for oid in purposes:
            identifier(holder, "add:KeyPurposeId", oid)
    for statements in criteria.qc_statements:
        holder = add(other, "mra:QcStatementSet")
        for statement in statements:
            _statement(holder, statement)


def _statement(holder: etree._Element, condition: QcCondition) -> None:
    element = add(holder, "mra:QcStatement")
    identifier(element, "mra:QcStatementId", condition.oid)
    if condition.type is None and condition.legislation is None:
        return
    info = add(element, "mra:QcStatementInfo")
    if condition.type is not None:
        identifier(info, "mra:QcType", condition.type)
    if condition.legislation is not None:
        add(info, "mra:QcCClegislation", condition.legislation)


def write_recognition(parent: etree._Element, recognition: MutualRecognition) -> None:
    """MutualRecognitionAgreementInformation below a pointer's OtherInformation."""
    element = add(parent, "mra:MutualRecognitionAgreementInformation")
    numbers = {
        "technicalType": recognition.technical_type,
        "version": recognition.version,
        "MRADepth": recognition.depth,
    }
    for name, number in numbers.items():
        if number is not None:
            element.set(name, str(number))
    element.set("pointingContractingPartyLegislation", recognition.pointing_legislation)
    element.set("pointedContractingPartyLegislation", recognition.pointed_legislation)
    for equivalence in recognition.equivalences:
        _equivalence(add(element, "mra:TrustServiceEquivalenceInformation"), equivalence)


def _equivalence(element: etree._Element, equivalence: Equivalence) -> None:
    if not equivalence.terms:
        raise UsageError(f"equivalence '{equivalence.legal_identifier}' has no terms")
    add(element, "mra:TrustServiceLegalIdentifier", equivalence.legal_identifier)
    current, *past = equivalence.terms
    _terms(element, current)
    if past:
        history = add(element, "mra:TrustServiceEquivalenceHistory")
        for terms in past:
            _terms(add(history, "mra:TrustServiceEquivalenceHistoryInstance"), terms)


def _terms(element: etree._Element, terms: EquivalenceTerms) -> None:
    types = add(element, "mra:TrustServiceTSLTypeEquivalenceList")
    for party, named in (("Pointing", terms.pointing_types), ("Pointed", terms.pointed_types)):
        _types(add(types, f"mra:TrustServiceTSLTypeList{party}Party"), named)
    add(element, "mra:TrustServiceEquivalenceStatus", terms.status)
    times(element, "mra:TrustServiceEquivalenceStatusStartingTime", terms.since)
    statuses = add(element, "mra:TrustServiceTSLStatusEquivalenceList")
    _statuses(statuses, "Valid", terms.valid_pointing, terms.valid_pointed)
    if terms.invalid_pointing or terms.invalid_pointed:
        _statuses(statuses, "Invalid", terms.invalid_pointing, terms.invalid_pointed)
    if terms.contents:
        contents = add(element, "mra:CertificateContentReferencesEquivalenceList")
        for content in terms.contents:
            _content(add(contents, "mra:CertificateContentReferenceEquivalence"), content)
    if terms.qualifiers:
        _qualifiers(add(element, "mra:TrustServiceTSLQualificationExtensionEquivalenceList"), terms)


def _types(holder: etree._Element, types: tuple[NamedType, ...]) -> None:
    for named in types:
        element = add(holder, "mra:TrustServiceTSLType")
        add(element, "tsl:ServiceTypeIdentifier", named.type)
        if named.additional is not None:
            uri(element, "tsl:AdditionalServiceInformation", named.additional)


def _statuses(holder: etree._Element, kind: str, pointing: tuple[str, ...], pointed: tuple[str, ...]) -> None:
    element = add(holder, f"mra:TrustServiceTSLStatus{kind}Equivalence")
    for party, statuses in (("Pointing", pointing), ("Pointed", pointed)):
        found = add(element, f"mra:TrustServiceTSLStatusList{party}Party")
        for status in statuses:
            add(found, "tsl:ServiceStatus", status)


_MISSING = ("missing",)


def _content(element: etree._Element, content: ContentEquivalence) -> None:
    add(element, "mra:CertificateContentReferenceEquivalenceContext", content.context)
    for party, criteria in (("Pointing", content.pointing), ("Pointed", content.pointed)):
        if criteria.unknown != _MISSING:
            write_criteria(add(element, f"mra:CertificateContentDeclaration{party}Party"), criteria)


def _qualifiers(element: etree._Element, terms: EquivalenceTerms) -> None:
    name = add(element, "mra:TrustServiceTSLQualificationExtensionName")
    for party in ("Pointing", "Pointed"):
        # the name under which both parties' lists carry the Qualifications extension (TS 119 612 clause 5.5.9.2)
        add(name, f"mra:TrustServiceTSLQualificationExtensionName{party}Party", "Sie:Q")
    holder = add(element, "mra:QualifierEquivalenceList")
    for pointing, pointed in terms.qualifiers:
        pair = add(holder, "mra:QualifierEquivalence")
        add(pair, "mra:QualifierPointingParty", uri=pointing)
        add(pair, "mra:QualifierPointedParty", uri=pointed)
