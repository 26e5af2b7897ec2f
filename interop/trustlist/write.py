"""Writing a trusted list (TS 119 612 version 5 or 6) from values, and signing it (clause 5.7).

document = write_list(values, certificates)
signed = sign_list(document, ListSigner(key=key, certificate=der, signature="rsa-sha256"), signing=instant)
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from interop.crypto.keys import PrivateKey
from interop.model.certificate import ObjectId
from interop.model.errors import UsageError
from interop.model.trusted_list import (
    ListPointer,
    ServiceState,
    TrustedList,
    TrustedService,
    TrustServiceProvider,
)
from interop.trustlist.builder import add, names, raw, root, serialise, times, uri
from interop.trustlist.read import read_list
from interop.trustlist.write_recognition import write_criteria, write_recognition
from interop.xml.names import NS
from interop.xml.parse import parse_xml
from interop.xml.sign import XmlSignRequest, sign_xml

__all__ = ["ListSigner", "SchemeTexts", "sign_list", "write_list"]

_TAG = "http://uri.etsi.org/19612/TSLTag"
"""TSLTag (TS 119 612 clause 5.2.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeTexts:
    """What TS 119 612 asks for and no rule reads: addresses, notices, policies. The defaults say that the list is a test."""

    street: str = "TEST street 1"
    locality: str = "TEST"
    postal_code: str = "0000"
    electronic: str = "mailto:test@lists.example"
    """ElectronicAddress of operator and providers."""
    information: str = "https://lists.example/information"
    """SchemeInformationURI, and TSPInformationURI of every provider."""
    determination: str = "https://lists.example/determination"
    """StatusDeterminationApproach."""
    community_rules: tuple[str, ...] = ("https://lists.example/rules",)
    """SchemeTypeCommunityRules."""
    legal_notice: str = "TEST list without legal effect"
    """TSLLegalNotice."""
    historical_period: int = 65535
    """HistoricalInformationPeriod; 65535: history is never removed (clause 5.3.12)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSigner:
    """Who signs a list."""

    key: PrivateKey
    certificate: bytes
    """DER; with extendedKeyUsage id-tsl-kp-tslSigning where clause 5.7.1 is to be met."""
    signature: str
    """Name in the algorithm table."""


def write_list(values: TrustedList, certificates: Mapping[ObjectId, bytes], texts: SchemeTexts | None = None) -> bytes:
    """The unsigned document in UTF-8, from which `read_list` reads the same values but for id, signature and findings.

    `certificates` are those that services and pointers name. Names are written in English, `other_names` in theirs. UsageError for
    what cannot be written: a certificate that is not given, criteria that were not understood, text that XML cannot carry.
    """
    return _Writer(values, certificates, texts or SchemeTexts()).write()


def sign_list(document: bytes, signer: ListSigner, *, signing: datetime) -> bytes:
    """The list with its enveloped XAdES B-B signature under exclusive canonicalisation.

    Version 6 names its certificate by SigningCertificateV2, version 5 and older by its predecessor. UsageError for a document
    that is signed already; else as `sign_xml`, and InputError for what is no list.
    """
    version = read_list(document).list.version
    if parse_xml(document).root.find("ds:Signature", NS) is not None:
        raise UsageError("the list is signed already")
    request = XmlSignRequest(
        key=signer.key,
        certificate=signer.certificate,
        signature=signer.signature,
        signing=signing,
        signing_certificate="v2" if version is None or version >= 6 else "v1",
    )
    return sign_xml(document, request)


class _Writer:
    def __init__(self, values: TrustedList, certificates: Mapping[ObjectId, bytes], texts: SchemeTexts) -> None:
        self.values = values
        self.certificates = certificates
        self.texts = texts
        self.root = root("tsl:TrustServiceStatusList")

    def write(self) -> bytes:
        self.root.set("TSLTag", _TAG)
        self._scheme(add(self.root, "tsl:SchemeInformation"))
        if self.values.providers:
            providers = add(self.root, "tsl:TrustServiceProviderList")
            for provider in self.values.providers:
                self._provider(add(providers, "tsl:TrustServiceProvider"), provider)
        return serialise(self.root)

    def _scheme(self, scheme: etree._Element) -> None:
        values, texts = self.values, self.texts
        if values.version is not None:
            add(scheme, "tsl:TSLVersionIdentifier", str(values.version))
        if values.sequence is not None:
            add(scheme, "tsl:TSLSequenceNumber", str(values.sequence))
        add(scheme, "tsl:TSLType", values.type)
        names(scheme, "tsl:SchemeOperatorName", [values.operator], values.other_names)
        self._address(add(scheme, "tsl:SchemeOperatorAddress"))
        names(scheme, "tsl:SchemeName", [values.scheme])
        uri(scheme, "tsl:SchemeInformationURI", texts.information)
        add(scheme, "tsl:StatusDeterminationApproach", texts.determination)
        for rules in texts.community_rules:
            uri(scheme, "tsl:SchemeTypeCommunityRules", rules)
        if values.territory is not None:
            add(scheme, "tsl:SchemeTerritory", values.territory)
        notice = add(scheme, "tsl:PolicyOrLegalNotice/tsl:TSLLegalNotice", texts.legal_notice)
        notice.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
        add(scheme, "tsl:HistoricalInformationPeriod", str(texts.historical_period))
        if values.pointers:
            pointers = add(scheme, "tsl:PointersToOtherTSL")
            for pointer in values.pointers:
                self._pointer(add(pointers, "tsl:OtherTSLPointer"), pointer)
        if values.issued is not None:
            times(scheme, "tsl:ListIssueDateTime", values.issued)
        update = add(scheme, "tsl:NextUpdate")
        if values.next_update is not None:
            times(update, "tsl:dateTime", values.next_update)

    def _address(self, holder: etree._Element) -> None:
        texts = self.texts
        postal = add(holder, "tsl:PostalAddresses/tsl:PostalAddress")
        postal.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
        add(postal, "tsl:StreetAddress", texts.street)
        add(postal, "tsl:Locality", texts.locality)
        add(postal, "tsl:PostalCode", texts.postal_code)
        add(postal, "tsl:CountryName", self.values.territory or "ZZ")
        uri(holder, "tsl:ElectronicAddress", texts.electronic)

    def _certificate(self, holder: etree._Element, name: ObjectId) -> None:
        der = self.certificates.get(name)
        if der is None:
            raise UsageError(f"certificate {name} is named in the list and not given")
        add(holder, "tsl:DigitalId/tsl:X509Certificate", base64.b64encode(der).decode("ascii"))

    def _pointer(self, element: etree._Element, pointer: ListPointer) -> None:
        identities = add(element, "tsl:ServiceDigitalIdentities")
        for signer in pointer.signers:
            self._certificate(add(identities, "tsl:ServiceDigitalIdentity"), signer)
        add(element, "tsl:TSLLocation", pointer.location)
        information = add(element, "tsl:AdditionalInformation")
        simple = {
            "tsl:TSLType": pointer.type,
            "tsl:SchemeTerritory": pointer.territory,
            "add:MimeType": pointer.mime_type,
        }
        for path, value in simple.items():
            if value is not None:
                add(information, f"tsl:OtherInformation/{path}", value)
        if pointer.recognition is not None:
            write_recognition(add(information, "tsl:OtherInformation"), pointer.recognition)
        for text in pointer.raw_information:
            raw(information, text)

    def _provider(self, element: etree._Element, provider: TrustServiceProvider) -> None:
        information = add(element, "tsl:TSPInformation")
        names(information, "tsl:TSPName", [provider.name], provider.other_names)
        names(information, "tsl:TSPTradeName", provider.trade_names)
        self._address(add(information, "tsl:TSPAddress"))
        uri(information, "tsl:TSPInformationURI", self.texts.information)
        services = add(element, "tsl:TSPServices")
        for service in provider.services:
            self._service(add(services, "tsl:TSPService"), service)

    def _service(self, element: etree._Element, service: TrustedService) -> None:
        if not service.states:
            raise UsageError("a service has no state")
        current, *past = service.states
        self._state(add(element, "tsl:ServiceInformation"), current)
        if past:
            history = add(element, "tsl:ServiceHistory")
            for state in past:
                self._state(add(history, "tsl:ServiceHistoryInstance"), state)

    def _state(self, element: etree._Element, state: ServiceState) -> None:
        add(element, "tsl:ServiceTypeIdentifier", state.type)
        names(element, "tsl:ServiceName", [state.name], state.other_names)
        identity = add(element, "tsl:ServiceDigitalIdentity")
        for name in state.certificates:
            self._certificate(identity, name)
        for subject in state.subjects:
            add(identity, "tsl:DigitalId/tsl:X509SubjectName", subject)
        for key_id in state.key_ids:
            text = base64.b64encode(_octets(key_id)).decode("ascii")
            add(identity, "tsl:DigitalId/tsl:X509SKI", text)
        add(element, "tsl:ServiceStatus", state.status)
        times(element, "tsl:StatusStartingTime", state.since)
        self._extensions(element, state)

    def _extensions(self, element: etree._Element, state: ServiceState) -> None:
        known = state.qualifications or state.additional or state.expired_revocation_since is not None
        if not known and not state.raw_extensions:
            return
        holder = add(element, "tsl:ServiceInformationExtensions")
        if state.qualifications:
            qualifications = add(add(holder, "tsl:Extension", Critical="true"), "ecc:Qualifications")
            for qualification in state.qualifications:
                one = add(qualifications, "ecc:QualificationElement")
                qualifiers = add(one, "ecc:Qualifiers")
                for qualifier in qualification.qualifiers:
                    add(qualifiers, "ecc:Qualifier", uri=qualifier)
                if qualification.criteria.unknown != ("missing",):
                    write_criteria(add(one, "ecc:CriteriaList"), qualification.criteria)
        for information in state.additional:
            uri(add(holder, "tsl:Extension", Critical="true"), "tsl:AdditionalServiceInformation", information)
        if state.expired_revocation_since is not None:
            extension = add(holder, "tsl:Extension", Critical="false")
            times(extension, "tsl:ExpiredCertsRevocationInfo", state.expired_revocation_since)
        for text in state.raw_extensions:
            raw(holder, text)


def _octets(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise UsageError(f"key identifier '{text}' is no hex") from error
