"""What an agreement says and TS 119 612 has no place for: an extension of pointers (`OtherInformation`), in a namespace of its own.

    pointer = replace(pointer, raw_information=(write_terms(terms),))
    terms = read_terms(pointer)

A reader that does not know it passes it over. No right rests on it alone: what it narrows by conditions that criteria cannot say is, in
the standard part of the same pointer, translated to a service type that nobody knows (`words.Words.conditional`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from lxml import etree

from interop.model.agreement import AgreementKind, AgreementStatus, Evidentness, StatusChange
from interop.model.assurance import AssuranceLevel, Person
from interop.model.certificate import ObjectId
from interop.model.formats import DocumentKind
from interop.model.instant import format_instant, parse_instant
from interop.model.text import Text
from interop.model.trusted_list import ListPointer
from interop.trustlist.names import TSL
from interop.xml.c14n import canonicalize
from interop.xml.names import EXC_C14N
from interop.xml.parse import XmlRefused, parse_xml

__all__ = [
    "CONDITION",
    "TERMS",
    "EntryTerms",
    "InstrumentTerms",
    "PointerTerms",
    "Reliance",
    "read_terms",
    "write_terms",
]

TERMS: Final = "https://stand-in.lists.example/ns/terms/1#"
"""Namespace of the extension."""
CONDITION: Final = "https://stand-in.lists.example/ns/terms/1/condition"
"""Context of the content equivalence whose pointed criteria are the conditions of an entry; other readers skip it as unknown."""
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryTerms:
    """One entry of an instrument: the services it admits, and conditions that criteria cannot say."""

    equivalence: str
    """TrustServiceLegalIdentifier of the equivalence in the same pointer that it belongs to."""
    anchor: ObjectId | None = None
    """Certificate at which the path must end."""
    issuer: ObjectId | None = None
    """Certificate that must have issued the signer's."""
    cross_certificate: ObjectId | None = None
    """Certificate that must stand in the path."""
    service: str | None = None
    """Name of the service, for people."""
    start: datetime | None = None
    """Begin of the window in which a signature must have been made."""
    end: datetime | None = None
    """Its end."""
    policy_prefix: str | None = None
    """Arc under which a policy must lie."""
    certificate_type: str | None = None
    """Type name that the certificate must bear."""
    persons: tuple[Person, ...] = ()
    """Kinds of subject admitted; empty: any."""
    receipt: str | None = None
    """Trusted third party whose receipt must come with the signature."""

    @property
    def narrowed(self) -> bool:
        """There is a condition here that the standard part of the pointer does not say."""
        return any(
            (
                self.start,
                self.end,
                self.policy_prefix,
                self.certificate_type,
                self.persons,
                self.cross_certificate,
                self.receipt,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentTerms:
    """One instrument, as far as it concerns the list that the pointer leads to."""

    id: str
    kind: AgreementKind
    evidence: Evidentness
    """`published` or `hypothetical`: one that is a framework alone says nothing on a list."""
    name: Text
    source: str
    relying: tuple[str, ...]
    """Relying parties that it binds."""
    signers: tuple[str, ...] = ()
    """Every provider that it names, whether an entry admits it or not; those of kind `home` are its members, each by its own pointer."""
    loaded_by: tuple[str, ...] = ()
    """Those of them whose trust set its entries join."""
    level_cap: AssuranceLevel | None = None
    scope: tuple[DocumentKind, ...] = ()
    counterpart: str | None = None
    history: tuple[StatusChange, ...] = ()
    """Kind `home` alone: other instruments have theirs in the equivalences."""
    entries: tuple[EntryTerms, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliance:
    """A relying party that has its own anchors on the list that is pointed to, by its own choice and not by an instrument."""

    by: str
    anchors: tuple[ObjectId, ...] = ()
    """Which ones; empty: all that the list names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointerTerms:
    """Everything that the extension of one pointer says."""

    instruments: tuple[InstrumentTerms, ...] = ()
    reliances: tuple[Reliance, ...] = ()


def _optional(element: etree._Element, **attributes: object) -> None:
    """Attributes in camel case, those that are there."""
    for name, value in attributes.items():
        if value is None or value == ():
            continue
        head, *rest = name.split("_")
        text = (
            format_instant(value)
            if isinstance(value, datetime)
            else " ".join(map(str, value))
            if isinstance(value, tuple)
            else str(value)
        )
        element.set(head + "".join(word.capitalize() for word in rest), text)


def _child(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{TERMS}}}{name}")
    element.text = text
    return element


def write_terms(terms: PointerTerms) -> str:
    """The extension as an OtherInformation element in exclusive canonical form, for `ListPointer.raw_information`."""
    holder = etree.Element(f"{{{TSL}}}OtherInformation", nsmap={"tsl": TSL})
    root = etree.SubElement(holder, f"{{{TERMS}}}Terms", nsmap={"it": TERMS})
    for reliance in terms.reliances:
        _optional(_child(root, "Reliance"), by=reliance.by, anchors=reliance.anchors)
    for one in terms.instruments:
        element = _child(root, "Instrument")
        _optional(
            element, id=one.id, kind=one.kind.value, evidence=one.evidence, relying=one.relying, signers=one.signers,
            loaded_by=one.loaded_by, level_cap=one.level_cap, scope=tuple(kind.value for kind in one.scope), counterpart=one.counterpart,
        )  # fmt: skip
        for language, text in (("en", one.name.en), ("zh", one.name.zh)):
            _child(element, "Name", text).set(_LANG, language)
        _child(element, "Source", one.source)
        for change in one.history:
            _optional(_child(element, "Change", change.note or None), at=change.at, status=change.status.value)
        for entry in one.entries:
            _optional(_child(element, "Entry"), **{f.name: getattr(entry, f.name) for f in fields(entry)})
    return canonicalize(holder, EXC_C14N, comments=False).decode("utf-8")


def read_terms(pointer: ListPointer) -> PointerTerms | None:
    """The extension of a pointer; None where it has none. ValueError for one that cannot be read: what it narrows must not be lost."""
    for text in pointer.raw_information:
        try:
            found = parse_xml(text.encode("utf-8")).root.find(f"{{{TERMS}}}Terms")
        except XmlRefused as refused:
            raise ValueError(f"{refused.code}: {refused.detail}") from refused
        if found is not None:
            return PointerTerms(
                instruments=tuple(_instrument(element) for element in found.findall(f"{{{TERMS}}}Instrument")),
                reliances=tuple(
                    Reliance(by=_asked(element, "by"), anchors=tuple(map(ObjectId, _words(element, "anchors"))))
                    for element in found.findall(f"{{{TERMS}}}Reliance")
                ),
            )
    return None


def _words(element: etree._Element, name: str) -> tuple[str, ...]:
    return tuple((element.get(name) or "").split())


def _asked(element: etree._Element, name: str) -> str:
    text = element.get(name)
    if text is None:
        raise ValueError(f"{etree.QName(element).localname} has no {name}")
    return text


def _evidence(element: etree._Element) -> Evidentness:
    match _asked(element, "evidence"):
        case "published" | "hypothetical" as known:
            return known
        case other:
            raise ValueError(f"{_asked(element, 'id')}: unknown evidence '{other}'")


def _person(word: str) -> Person:
    match word:
        case "natural" | "legal" | "mixed" as known:
            return known
        case _:
            raise ValueError(f"unknown kind of person '{word}'")


def _instrument(element: etree._Element) -> InstrumentTerms:
    names = {name.get(_LANG): name.text or "" for name in element.findall(f"{{{TERMS}}}Name")}
    cap, identifier = element.get("levelCap"), _asked(element, "id")
    if cap is not None and cap not in AssuranceLevel.__members__:
        raise ValueError(f"{identifier}: unknown level '{cap}'")
    return InstrumentTerms(
        id=identifier,
        kind=AgreementKind(_asked(element, "kind")),
        evidence=_evidence(element),
        name=Text(en=names.get("en", identifier), zh=names.get("zh", identifier)),
        source=element.findtext(f"{{{TERMS}}}Source") or "",
        relying=_words(element, "relying"),
        signers=_words(element, "signers"),
        loaded_by=_words(element, "loadedBy"),
        level_cap=None if cap is None else AssuranceLevel[cap],
        scope=tuple(DocumentKind(word) for word in _words(element, "scope")),
        counterpart=element.get("counterpart"),
        history=tuple(
            StatusChange(
                at=parse_instant(_asked(change, "at")),
                status=AgreementStatus(_asked(change, "status")),
                note=change.text or "",
            )
            for change in element.findall(f"{{{TERMS}}}Change")
        ),
        entries=tuple(_entry(entry) for entry in element.findall(f"{{{TERMS}}}Entry")),
    )


_ENTRY: Final = {
    "equivalence", "anchor", "issuer", "crossCertificate", "service", "start", "end", "policyPrefix", "certificateType", "persons",
    "receipt",
}  # fmt: skip


def _entry(element: etree._Element) -> EntryTerms:
    unknown = sorted(set(map(str, element.attrib)) - _ENTRY)
    if unknown:
        raise ValueError(f"Entry has an unknown {unknown[0]}")

    def identifier(name: str) -> ObjectId | None:
        text = element.get(name)
        return None if text is None else ObjectId(text)

    def instant(name: str) -> datetime | None:
        text = element.get(name)
        return None if text is None else parse_instant(text)

    values: dict[str, Any] = {
        "anchor": identifier("anchor"),
        "issuer": identifier("issuer"),
        "cross_certificate": identifier("crossCertificate"),
        "start": instant("start"),
        "end": instant("end"),
    }
    return EntryTerms(
        equivalence=_asked(element, "equivalence"),
        service=element.get("service"),
        policy_prefix=element.get("policyPrefix"),
        certificate_type=element.get("certificateType"),
        persons=tuple(map(_person, _words(element, "persons"))),
        receipt=element.get("receipt"),
        **values,
    )
