"""Mutual-recognition information in a pointer (`MutualRecognitionAgreementInformation`, schema `.../mra/schema/v2#`)."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from interop.model.instant import parse_instant
from interop.model.trusted_list import (
    ContentEquivalence,
    CriteriaList,
    Equivalence,
    EquivalenceTerms,
    MutualRecognition,
    NamedType,
)
from interop.trustlist.criteria import read_criteria
from interop.trustlist.names import NS

__all__ = ["read_recognition"]


def read_recognition(element: etree._Element) -> MutualRecognition:
    """The whole element. Raises ValueError for one without the times or status that it must have."""
    return MutualRecognition(
        pointing_legislation=element.get("pointingContractingPartyLegislation") or "",
        pointed_legislation=element.get("pointedContractingPartyLegislation") or "",
        equivalences=tuple(_equivalence(e) for e in element.findall("m:TrustServiceEquivalenceInformation", NS)),
        depth=_number(element, "MRADepth"),
        technical_type=_number(element, "technicalType"),
        version=_number(element, "version"),
    )


def _number(element: etree._Element, attribute: str) -> int | None:
    text = (element.get(attribute) or "").strip()
    return int(text) if text.isascii() and text.isdigit() else None


def _equivalence(element: etree._Element) -> Equivalence:
    past = element.findall("m:TrustServiceEquivalenceHistory/m:TrustServiceEquivalenceHistoryInstance", NS)
    terms = [_terms(element), *(_terms(instance) for instance in past)]
    return Equivalence(
        legal_identifier=(element.findtext("m:TrustServiceLegalIdentifier", "", NS) or "").strip(),
        terms=tuple(sorted(terms, key=lambda t: t.since, reverse=True)),
    )


def _terms(element: etree._Element) -> EquivalenceTerms:
    statuses = "m:TrustServiceTSLStatusEquivalenceList"
    valid, invalid = (f"{statuses}/m:TrustServiceTSLStatus{kind}Equivalence" for kind in ("Valid", "Invalid"))
    return EquivalenceTerms(
        status=(element.findtext("m:TrustServiceEquivalenceStatus", "", NS) or "").strip(),
        since=_time(element.findtext("m:TrustServiceEquivalenceStatusStartingTime", None, NS)),
        pointing_types=_types(element, "Pointing"),
        pointed_types=_types(element, "Pointed"),
        valid_pointing=_statuses(element, valid, "Pointing"),
        valid_pointed=_statuses(element, valid, "Pointed"),
        invalid_pointing=_statuses(element, invalid, "Pointing"),
        invalid_pointed=_statuses(element, invalid, "Pointed"),
        contents=tuple(
            _content(c)
            for c in element.findall(
                "m:CertificateContentReferencesEquivalenceList/m:CertificateContentReferenceEquivalence", NS
            )
        ),
        qualifiers=tuple(
            (_uri(q, "m:QualifierPointingParty"), _uri(q, "m:QualifierPointedParty"))
            for q in element.iterfind(
                "m:TrustServiceTSLQualificationExtensionEquivalenceList//m:QualifierEquivalence", NS
            )
        ),
    )


def _uri(element: etree._Element, path: str) -> str:
    """The uri attribute of a QualifierType (TS 119 612 clause 5.5.9.2.3)."""
    found = element.find(path, NS)
    return "" if found is None else (found.get("uri") or "").strip()


def _time(text: str | None) -> datetime:
    if text is None:
        raise ValueError("TrustServiceEquivalenceStatusStartingTime is missing")
    return parse_instant(text.strip())


def _types(element: etree._Element, party: str) -> tuple[NamedType, ...]:
    found = element.findall(
        f"m:TrustServiceTSLTypeEquivalenceList/m:TrustServiceTSLTypeList{party}Party/m:TrustServiceTSLType", NS
    )
    return tuple(
        NamedType(
            type=(t.findtext("t:ServiceTypeIdentifier", "", NS) or "").strip(),
            additional=(t.findtext("t:AdditionalServiceInformation/t:URI", "", NS) or "").strip() or None,
        )
        for t in found
    )


def _statuses(element: etree._Element, path: str, party: str) -> tuple[str, ...]:
    found = element.findall(f"{path}/m:TrustServiceTSLStatusList{party}Party/t:ServiceStatus", NS)
    return tuple((status.text or "").strip() for status in found)


def _content(element: etree._Element) -> ContentEquivalence:
    return ContentEquivalence(
        context=(element.findtext("m:CertificateContentReferenceEquivalenceContext", "", NS) or "").strip(),
        pointing=_criteria(element, "Pointing"),
        pointed=_criteria(element, "Pointed"),
    )


def _criteria(element: etree._Element, party: str) -> CriteriaList:
    found = element.find(f"m:CertificateContentDeclaration{party}Party", NS)
    return CriteriaList(unknown=("missing",)) if found is None else read_criteria(found)
