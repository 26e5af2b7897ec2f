"""Reading a trusted list (TS 119 612 versions 5 and 6; others are read and noted). Lenient: what is not understood is kept or named.

seen = read_list(data)
seen.list.services, seen.certificates
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from interop.model.certificate import Finding, ObjectId
from interop.model.errors import InputError, Problem
from interop.model.instant import parse_instant
from interop.model.trusted_list import (
    CriteriaList,
    ListPointer,
    MutualRecognition,
    Qualification,
    ServiceState,
    TrustedList,
    TrustedService,
    TrustServiceProvider,
)
from interop.trustlist.criteria import read_criteria
from interop.trustlist.names import ADD, MRA, NS, TSL, local
from interop.trustlist.recognition import read_recognition
from interop.x509.certificate import object_id
from interop.xml.c14n import canonicalize
from interop.xml.names import EXC_C14N
from interop.xml.parse import XmlRefused, parse_xml

__all__ = ["SeenList", "read_list"]

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_VERSIONS = (5, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenList:
    """A list and the certificates in it."""

    list: TrustedList
    """Without its signature, which `verify` looks at."""
    certificates: dict[ObjectId, bytes]
    """DER of every certificate that services and pointers name."""


@dataclass(slots=True)
class _Reader:
    certificates: dict[ObjectId, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def note(self, code: str, detail: str) -> None:
        """One finding."""
        self.findings.append(Finding(code=code, detail=detail[:200]))

    def certificates_in(self, parent: etree._Element, path: str) -> tuple[ObjectId, ...]:
        """Ids of the base64 certificates on a path; the bytes are kept."""
        found: list[ObjectId] = []
        for element in parent.findall(path, NS):
            try:
                der = base64.b64decode("".join((element.text or "").split()), validate=True)
            except binascii.Error as error:
                self.note("trust.list-certificate-unreadable", str(error))
                continue
            name = object_id(der)
            self.certificates[name] = der
            found.append(name)
        return tuple(dict.fromkeys(found))


def read_list(data: bytes, name: str = "trusted list") -> SeenList:
    """Read one list. Raises InputError for what is no XML, or no TrustServiceStatusList."""
    try:
        root = parse_xml(data).root
    except XmlRefused as refused:
        raise InputError(name, (Problem(where=refused.code, what=refused.detail),)) from refused
    if root.tag != f"{{{TSL}}}TrustServiceStatusList":
        what = f"the root is {local(str(root.tag))}, no TrustServiceStatusList of TS 119 612"
        raise InputError(name, (Problem(where="root", what=what),))
    scheme = root.find("t:SchemeInformation", NS)
    if scheme is None:
        raise InputError(name, (Problem(where="SchemeInformation", what="missing"),))
    reader = _Reader()
    version = _number(scheme, "t:TSLVersionIdentifier")
    if version not in _VERSIONS:
        reader.note("trust.list-version", f"TSLVersionIdentifier {version}")
    pointers = tuple(_pointer(reader, p) for p in scheme.findall("t:PointersToOtherTSL/t:OtherTSLPointer", NS))
    providers = tuple(
        _provider(reader, p) for p in root.findall("t:TrustServiceProviderList/t:TrustServiceProvider", NS)
    )
    found = TrustedList(
        id=object_id(data),
        version=version,
        sequence=_number(scheme, "t:TSLSequenceNumber"),
        type=_text(scheme, "t:TSLType"),
        territory=_text(scheme, "t:SchemeTerritory") or None,
        operator=_named(scheme, "t:SchemeOperatorName"),
        other_names=_other_names(scheme, "t:SchemeOperatorName"),
        scheme=_named(scheme, "t:SchemeName"),
        issued=_time(reader, scheme, "t:ListIssueDateTime"),
        next_update=_time(reader, scheme, "t:NextUpdate/t:dateTime"),
        pointers=pointers,
        providers=providers,
        findings=tuple(dict.fromkeys(reader.findings)),
    )
    return SeenList(list=found, certificates=reader.certificates)


def _text(parent: etree._Element, path: str) -> str:
    return (parent.findtext(path, "", NS) or "").strip()


def _number(parent: etree._Element, path: str) -> int | None:
    text = _text(parent, path)
    return int(text) if text.isascii() and text.isdigit() else None


def _time(reader: _Reader, parent: etree._Element, path: str) -> datetime | None:
    text = _text(parent, path)
    if not text:
        return None
    try:
        return parse_instant(text)
    except ValueError as error:
        reader.note("trust.list-time-unreadable", f"{local(path)}: {error}")
        return None


def _multilingual(parent: etree._Element, path: str) -> list[tuple[str, str]]:
    """(language, text) of the names on a path, English ones first."""
    found = parent.findall(f"{path}/t:Name", NS)
    names = [(e.get(_XML_LANG) or "", "".join(map(str, e.itertext())).strip()) for e in found]
    return sorted(names, key=lambda name: name[0].lower()[:2] != "en")


def _names(parent: etree._Element, path: str) -> tuple[str, ...]:
    """Names on a path, English ones first."""
    return tuple(text for _, text in _multilingual(parent, path))


def _named(parent: etree._Element, path: str) -> str:
    return next(iter(_names(parent, path)), "")


def _other_names(parent: etree._Element, path: str) -> tuple[tuple[str, str], ...]:
    """All names but the one that `_named` gives."""
    return tuple(name for name in _multilingual(parent, path)[1:] if name[1])


def _pointer(reader: _Reader, element: etree._Element) -> ListPointer:
    holders = element.findall("t:AdditionalInformation/t:OtherInformation", NS)

    def other(path: str) -> str | None:
        return next((text for holder in holders if (text := _text(holder, path))), None)

    return ListPointer(
        location=_text(element, "t:TSLLocation"),
        signers=reader.certificates_in(
            element, "t:ServiceDigitalIdentities/t:ServiceDigitalIdentity/t:DigitalId/t:X509Certificate"
        ),
        type=other("t:TSLType"),
        territory=other("t:SchemeTerritory"),
        mime_type=other("a:MimeType"),
        recognition=_recognition(reader, holders),
        raw_information=tuple(_canonical(holder) for holder in holders if _is_raw(holder)),
    )


_POINTER_FIELDS = frozenset(
    {f"{{{TSL}}}TSLType", f"{{{TSL}}}SchemeTerritory", f"{{{ADD}}}MimeType", f"{{{MRA}}}MutualRecognitionAgreementInformation"}
)  # fmt: skip


def _is_raw(holder: etree._Element) -> bool:
    """Something is in it, and nothing that has a field."""
    children = list(holder.iterchildren("*"))
    return bool(children) and all(str(child.tag) not in _POINTER_FIELDS for child in children)


def _recognition(reader: _Reader, holders: list[etree._Element]) -> MutualRecognition | None:
    for holder in holders:
        element = holder.find(f"{{{MRA}}}MutualRecognitionAgreementInformation")
        if element is not None:
            try:
                return read_recognition(element)
            except ValueError as error:
                reader.note("trust.list-recognition-unreadable", str(error))
    return None


def _provider(reader: _Reader, element: etree._Element) -> TrustServiceProvider:
    information = element.find("t:TSPInformation", NS)
    services = element.findall("t:TSPServices/t:TSPService", NS)
    return TrustServiceProvider(
        name="" if information is None else _named(information, "t:TSPName"),
        other_names=() if information is None else _other_names(information, "t:TSPName"),
        trade_names=() if information is None else _names(information, "t:TSPTradeName"),
        services=tuple(service for s in services if (service := _service(reader, s)) is not None),
    )


def _service(reader: _Reader, element: etree._Element) -> TrustedService | None:
    """The service, newest state first; None where its current state cannot be read."""
    current = element.find("t:ServiceInformation", NS)
    past = element.findall("t:ServiceHistory/t:ServiceHistoryInstance", NS)
    now = None if current is None else _state(reader, current)
    if now is None:
        reader.note("trust.list-service-unreadable", _named(element, "t:ServiceInformation/t:ServiceName"))
        return None
    history = sorted((s for p in past if (s := _state(reader, p)) is not None), key=lambda s: s.since, reverse=True)
    return TrustedService(states=(now, *history))


def _state(reader: _Reader, element: etree._Element) -> ServiceState | None:
    since = _time(reader, element, "t:StatusStartingTime")
    if since is None:
        return None
    identity = "t:ServiceDigitalIdentity/t:DigitalId"
    extensions = element.findall("t:ServiceInformationExtensions/t:Extension", NS)
    unknown = [child for e in extensions for child in _unknown(e)]
    expired = next((text for e in extensions if (text := _text(e, "t:ExpiredCertsRevocationInfo"))), None)
    return ServiceState(
        type=_text(element, "t:ServiceTypeIdentifier"),
        name=_named(element, "t:ServiceName"),
        other_names=_other_names(element, "t:ServiceName"),
        status=_text(element, "t:ServiceStatus"),
        since=since,
        certificates=reader.certificates_in(element, f"{identity}/t:X509Certificate"),
        subjects=tuple((e.text or "").strip() for e in element.findall(f"{identity}/t:X509SubjectName", NS)),
        key_ids=tuple(_hex(e.text or "") for e in element.findall(f"{identity}/t:X509SKI", NS)),
        additional=tuple(
            (u.text or "").strip() for e in extensions for u in e.findall("t:AdditionalServiceInformation/t:URI", NS)
        ),
        qualifications=tuple(
            Qualification(
                qualifiers=tuple(u.get("uri") or "" for u in q.findall("e:Qualifiers/e:Qualifier", NS)),
                criteria=_criteria(q),
            )
            for e in extensions
            for q in e.findall("e:Qualifications/e:QualificationElement", NS)
        ),
        expired_revocation_since=None if expired is None else _instant(reader, expired),
        unknown_critical=tuple(
            name
            for child in unknown
            if (name := local(str(child.tag))) not in _HARMLESS and (_parent(child).get("Critical") or "") in _TRUE
        ),
        raw_extensions=tuple(dict.fromkeys(_canonical(_parent(child)) for child in unknown)),
    )


_TRUE = frozenset({"true", "1"})
_MODELLED = frozenset({"Qualifications", "AdditionalServiceInformation", "ExpiredCertsRevocationInfo"})
_HARMLESS = frozenset({"TakenOverBy"})
"""Understood and without effect on a qualification (TS 119 612 clause 5.5.9.3): kept for writing."""


def _unknown(extension: etree._Element) -> Iterator[etree._Element]:
    for child in extension:
        if isinstance(child.tag, str) and local(child.tag) not in _MODELLED:
            yield child


def _canonical(element: etree._Element) -> str:
    """The element alone, in the form that does not depend on the document around it."""
    return canonicalize(element, EXC_C14N, comments=False).decode("utf-8")


def _criteria(qualification: etree._Element) -> CriteriaList:
    found = qualification.find("e:CriteriaList", NS)
    return CriteriaList(unknown=("missing",)) if found is None else read_criteria(found)


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    if parent is None:
        raise AssertionError("an extension stands in its holder")
    return parent


def _instant(reader: _Reader, text: str) -> datetime | None:
    try:
        return parse_instant(text)
    except ValueError as error:
        reader.note("trust.list-time-unreadable", f"ExpiredCertsRevocationInfo: {error}")
        return None


def _hex(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).hex()
    except binascii.Error:
        return ""
