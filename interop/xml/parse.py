"""Hostile XML made safe to walk: no DTD, no network, no entity, bounded size and depth; identifiers indexed on the way.

A document type declaration is refused before libxml2 sees the bytes: it can redefine attributes (an extra Id), expand text
and name files, and none of the signature formats needs one (XML-Signature best practices 2.1.4, 2.3).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from interop.xml.names import ID_ATTRIBUTES

__all__ = [
    "MAX_ATTRIBUTES",
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_SCOPES",
    "Parsed",
    "XmlRefused",
    "parse_xml",
]

MAX_BYTES = 64 * 1024 * 1024
"""Largest document read."""
MAX_DEPTH = 256
"""Deepest nesting of elements."""
MAX_ATTRIBUTES = 1000
"""Attributes of one element."""
MAX_SCOPES = 40_000_000
"""Namespace declarations in scope, summed over all elements."""

_ENCODINGS = re.compile(
    r"utf-?8|utf-?16(?:[lb]e)?|us-ascii|ascii|iso-8859-\d{1,2}|windows-125\d|gb2312|gbk|gb18030|big5|euc-(?:jp|kr|tw)",
    re.IGNORECASE,
)
"""Encodings in which `<`, `!`, `?`, `-` and `>` never are part of another character (or that are transcoded first)."""
_DECLARED = re.compile(rb"""^<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']""")


class XmlRefused(ValueError):
    """The bytes are not handled as XML: a finding code of the catalogue, and what was seen."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document that was accepted."""

    root: etree._Element
    ids: Mapping[str, tuple[etree._Element, ...]]
    """Value of an identifier attribute to the elements that bear it; more than one where it is not unique."""


def parse_xml(data: bytes) -> Parsed:
    """The document, or XmlRefused: `container.doctype-refused`, `container.xml-malformed`, `container.xml-too-large`."""
    if len(data) > MAX_BYTES:
        raise XmlRefused("container.xml-too-large", f"{len(data)} bytes, at most {MAX_BYTES} are read")
    _refuse_doctype(_prolog(data))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_blank_text=False,
        remove_comments=False,
        remove_pis=False,
        strip_cdata=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:  # LookupError: an encoding libxml2 does not know
        text = str(error) or type(error).__name__
        code = (
            "container.xml-too-large"
            if "depth" in text.lower() or "huge" in text.lower()
            else "container.xml-malformed"
        )
        raise XmlRefused(code, text[:200]) from error
    if root.getroottree().docinfo.internalDTD is not None:  # second line of defence
        raise XmlRefused("container.doctype-refused", "a document type declaration reached the parser")
    return Parsed(root, _index(root))


def _prolog(data: bytes) -> bytes:
    """The bytes in an encoding in which markup can be searched; refuses encodings where that would not be safe."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise XmlRefused("container.xml-malformed", "encoding UTF-32 is not read")
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or data[:2] in {b"<\0", b"\0<"}:
        name = "utf-16-le" if data.startswith((codecs.BOM_UTF16_LE, b"<\0")) else "utf-16-be"
        try:
            return data.decode(name).removeprefix("\ufeff").encode("utf-8")
        except UnicodeError as error:
            raise XmlRefused("container.xml-malformed", f"not UTF-16: {error}") from error
    declared = _DECLARED.match(data)
    if declared is not None and _ENCODINGS.fullmatch(declared[1].decode("ascii")) is None:
        raise XmlRefused("container.xml-malformed", f"encoding '{declared[1].decode('ascii')}' is not read")
    return data


def _refuse_doctype(text: bytes) -> None:
    """Walk over declaration, comments, instructions and white space to the root element; refuse `<!DOCTYPE`."""
    at = 0
    while True:
        while at < len(text) and text[at] in b" \t\r\n":
            at += 1
        if text.startswith(b"<?", at):
            end = text.find(b"?>", at + 2)
        elif text.startswith(b"<!--", at):
            end = text.find(b"-->", at + 4) + 1
        elif text.startswith(b"<!", at):
            if text[at : at + 9].upper() == b"<!DOCTYPE":
                raise XmlRefused(
                    "container.doctype-refused", "a document type declaration stands before the root element"
                )
            raise XmlRefused("container.xml-malformed", "markup declaration before the root element")
        else:
            return
        if end <= 0:
            raise XmlRefused("container.xml-malformed", "unterminated comment or processing instruction")
        at = end + 2


def _index(root: etree._Element) -> dict[str, tuple[etree._Element, ...]]:
    """Elements by identifier. Refuses what would make canonicalisation slow: its work grows with the namespaces in scope at each
    element, and with the square of the attributes of one element."""
    found: dict[str, list[etree._Element]] = {}
    depth = scope = work = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "start-ns", "end-ns")):
        if event == "start-ns":
            scope += 1
        elif event == "end-ns":
            scope -= 1
        elif event == "end":
            depth -= 1
        else:
            depth += 1
            work += scope
            if depth > MAX_DEPTH:
                raise XmlRefused("container.xml-too-large", f"elements are nested deeper than {MAX_DEPTH}")
            if len(element.attrib) > MAX_ATTRIBUTES or work > MAX_SCOPES:
                raise XmlRefused(
                    "container.xml-too-large", f"attributes or namespaces of {element.tag[:60]} are too many"
                )
            for value in {element.get(name) for name in ID_ATTRIBUTES} - {None}:
                found.setdefault(value, []).append(element)
    return {value: tuple(elements) for value, elements in found.items()}
