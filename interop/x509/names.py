"""Distinguished names and general names (RFC 5280 sections 4.1.2.4, 4.2.1.6 and 7).

Two names are the same when their `normal` texts are equal: RFC 5280 section 7.1 over RFC 4518 string preparation
(NFKC, case folded, spaces collapsed, string types ignored). The text is injective: separators inside values are escaped.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from interop.model.certificate import ATTRIBUTE_NAMES, Attribute, GeneralName, Name
from interop.x509.ber import Malformed, Node, read

__all__ = ["general_name", "general_names", "is_undecodable", "name_of", "normal_text", "text_of"]

_STRING_TYPES: dict[int, tuple[str, str]] = {
    0x0C: ("UTF8String", "utf-8"),
    0x12: ("NumericString", "ascii"),
    0x13: ("PrintableString", "ascii"),
    0x14: ("T61String", "latin-1"),
    0x16: ("IA5String", "ascii"),
    0x1A: ("VisibleString", "ascii"),
    0x1C: ("UniversalString", "utf-32-be"),
    0x1E: ("BMPString", "utf-16-be"),
}


def text_of(node: Node) -> tuple[str, str]:
    """(text, string type) of a string element. What cannot be decoded is `#hex` of the element, with an empty type."""
    known = _STRING_TYPES.get(node.tag & ~0x20)
    if known is None:
        return "#" + node.raw.hex(), ""
    try:
        return node.octets().decode(known[1]), known[0]
    except ValueError:  # UnicodeDecodeError and Malformed
        return "#" + node.raw.hex(), ""


def is_undecodable(name: Name) -> bool:
    """Whether a value of the name could not be decoded in its own string type."""
    return any(not attribute.string_type for rdn in name.rdns for attribute in rdn)


def normal_text(text: str) -> str:
    """One value prepared for comparison (RFC 5280 section 7.1, RFC 4518 section 2)."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).casefold()
        text = unicodedata.normalize("NFKC", text)
    else:
        text = text.lower()
    if not text.isprintable():
        text = "".join(_mapped(char) for char in text)
    return " ".join(part for part in text.split(" ") if part)


def _mapped(char: str) -> str:
    """RFC 4518 section 2.2: spaces to SPACE; controls, format characters and soft hyphens to nothing."""
    if char in "\t\n\v\f\r\x85" or unicodedata.category(char) in ("Zs", "Zl", "Zp"):
        return " "
    return "" if unicodedata.category(char) in ("Cc", "Cf") else char


_ESCAPES = str.maketrans({char: "\\" + char for char in '\\,+=#"<>;'})


def _shown(text: str) -> str:
    escaped = text.translate(_ESCAPES)
    return (
        escaped if escaped.isprintable() else "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in escaped)
    )


def _prepared(attribute: Attribute) -> str:
    """One value of a normal form. Hex of what is no text stands unescaped, so that no text can pass for it."""
    if not attribute.string_type:
        return attribute.value
    return normal_text(attribute.value).translate(_ESCAPES)


def name_of(node: Node) -> Name:
    """A Name. Raises Malformed."""
    if node.tag != 0x30:
        raise node.fail("Name")
    return _name(node.raw)


@lru_cache(maxsize=4096)
def _name(raw: bytes) -> Name:
    rdns: list[tuple[Attribute, ...]] = []
    for rdn in read(raw).children():
        attributes: list[Attribute] = []
        for pair in rdn.expect(0x31, "RelativeDistinguishedName").children():
            parts = pair.items("AttributeTypeAndValue")
            if len(parts) != 2:
                raise Malformed(f"attribute type and value expected at offset {pair.start}")
            value, string_type = text_of(parts[1])
            attributes.append(Attribute(oid=parts[0].oid(), value=value, string_type=string_type))
        if not attributes:
            raise Malformed("empty RelativeDistinguishedName")
        rdns.append(tuple(attributes))
    return Name(
        rdns=tuple(rdns),
        normal=",".join("+".join(sorted(f"{a.oid}={_prepared(a)}" for a in rdn)) for rdn in rdns),
        text=", ".join(
            "+".join(f"{ATTRIBUTE_NAMES.get(a.oid, a.oid)}={_shown(a.value)}" for a in rdn) for rdn in reversed(rdns)
        ),
    )


_KINDS = {0: "other", 1: "email", 2: "dns", 3: "x400", 4: "directory", 5: "edi", 6: "uri", 7: "ip", 8: "registered-id"}


def general_name(node: Node) -> GeneralName:
    """One GeneralName (RFC 5280 section 4.2.1.6). Raises Malformed.

    An iPAddress of 4 octets is dotted, of 16 octets hex; one of 8 or 32 octets is `address/mask` (name constraints).
    """
    number = node.tag & 0x1F
    kind = _KINDS.get(number)
    if kind is None or node.tag & 0xC0 != 0x80:
        raise node.fail("GeneralName")
    if kind == "directory":
        return GeneralName(kind=kind, value=name_of(node.only()).normal)
    if kind == "other":
        parts = node.children()
        if len(parts) != 2:
            raise node.fail("otherName")
        return GeneralName(kind=kind, value=f"{parts[0].oid()}:{parts[1].content.hex()}")
    if kind in ("email", "dns", "uri"):
        return GeneralName(kind=kind, value=node.octets().decode("utf-8", "backslashreplace"))
    if kind == "ip":
        return GeneralName(kind=kind, value=_ip(node.octets()))
    if kind == "registered-id":
        from_content = read(b"\x06" + node.raw[1:])
        return GeneralName(kind=kind, value=from_content.oid())
    return GeneralName(kind=kind, value=node.content.hex())


def _ip(octets: bytes) -> str:
    if len(octets) in (8, 32):
        half = len(octets) // 2
        return f"{_ip(octets[:half])}/{_ip(octets[half:])}"
    return ".".join(str(octet) for octet in octets) if len(octets) == 4 else octets.hex()


def general_names(nodes: list[Node]) -> tuple[GeneralName, ...]:
    """The names of a GeneralNames, given its elements."""
    return tuple(general_name(node) for node in nodes)
