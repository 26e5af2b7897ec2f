"""Small hands for writing lists: elements of the namespaces of TS 119 612, names, times, and extensions put in as they were read."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from datetime import datetime

from lxml import etree

from interop.model.errors import UsageError
from interop.model.instant import format_instant
from interop.trustlist.names import ADD, ECC, MRA, TSL, XADES
from interop.xml.parse import XmlRefused, parse_xml

__all__ = ["PREFIXES", "add", "identifier", "names", "raw", "root", "serialise", "times", "uri"]

PREFIXES = {"tsl": TSL, "add": ADD, "ecc": ECC, "xades": XADES, "mra": MRA}
"""Prefix -> namespace. No default namespace, so that what is put in raw means what it meant where it was read."""
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_RAW = "interop-raw"
_PUT_IN = re.compile(rb"<\?interop-raw ([A-Za-z0-9+/=]*)\?>")
"""Text of names and URIs cannot look like it: there `<` is escaped."""


def root(tag: str) -> etree._Element:
    """The root element, with all prefixes declared."""
    return etree.Element(_name(tag), nsmap=PREFIXES)


def _name(tag: str) -> str:
    prefix, _, name = tag.partition(":")
    return f"{{{PREFIXES[prefix]}}}{name}"


def add(parent: etree._Element, path: str, text: str | None = None, **attributes: str) -> etree._Element:
    """New elements along `prefix:Name/prefix:Name`, each a new one, the last with text and attributes.

    UsageError for text that XML cannot carry.
    """
    element = parent
    for tag in path.split("/"):
        element = etree.SubElement(element, _name(tag))
    try:
        if text is not None:
            element.text = text
        for key, value in attributes.items():
            element.set(key.rstrip("_"), value)
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from error
    return element


def names(parent: etree._Element, path: str, values: Iterable[str], others: Iterable[tuple[str, str]] = ()) -> None:
    """A multilingual name (TS 119 612 clause 5.1.4): values in English, others as (language, text); nothing for none."""
    written = [*(("en", value) for value in values if value), *others]
    if written:
        holder = add(parent, path)
        for language, value in written:
            add(holder, "tsl:Name", value).set(_LANG, language)


def uri(parent: etree._Element, path: str, value: str) -> None:
    """A multilingual URI."""
    add(add(parent, path), "tsl:URI", value).set(_LANG, "en")


def identifier(parent: etree._Element, path: str, oid: str) -> None:
    """ObjectIdentifierType with an OID as a URN (EN 319 132-1 clause 5.1.2)."""
    add(parent, f"{path}/xades:Identifier", f"urn:oid:{oid}", Qualifier="OIDAsURN")


def times(parent: etree._Element, path: str, instant: datetime) -> None:
    """One instant."""
    add(parent, path, format_instant(instant))


def raw(parent: etree._Element, text: str) -> None:
    """An element as it was read, in exclusive canonical form. UsageError where it is no XML."""
    try:
        parse_xml(text.encode("utf-8"))
    except XmlRefused as refused:
        raise UsageError(f"extension: {refused}") from refused
    # put in as text at the end: lxml would rename prefixes to those of the new surroundings
    data = base64.b64encode(text.encode("utf-8")).decode("ascii")
    parent.append(etree.ProcessingInstruction(_RAW, data))


def serialise(element: etree._Element) -> bytes:
    """The document in UTF-8."""
    document = etree.tostring(element, encoding="UTF-8", xml_declaration=True)
    return _PUT_IN.sub(lambda found: base64.b64decode(found[1]), document)
