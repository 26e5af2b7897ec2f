"""Distinguished names and GeneralNames of a profile, written as DER (RFC 5280 sections 4.1.2.4 and 4.2.1.6).

>>> from interop.model.profile import NamePart
>>> name((NamePart(type="C", value="CN"),)).hex()
'300d310b300906035504061302434e'
"""

from __future__ import annotations

from collections.abc import Iterable

from interop.model.hierarchy import NamePart, StringType
from interop.profile.names import ATTRIBUTE_TYPES, attribute_oid
from interop.x509 import der

__all__ = ["directory_name", "dns_name", "email_name", "name", "other_name", "string", "uri_name"]

_FIXED: dict[str, StringType] = {
    "2.5.4.5": "printable",
    "2.5.4.6": "printable",
    "2.5.4.46": "printable",
    "0.9.2342.19200300.100.1.25": "ia5",
    "1.2.840.113549.1.9.1": "ia5",
}
"""Types whose syntax RFC 5280 appendix A fixes; for them `utf8`, the default of the profile, means that syntax."""

_TAGS: dict[StringType, tuple[int, str]] = {
    "utf8": (0x0C, "utf-8"), "printable": (0x13, "ascii"), "ia5": (0x16, "ascii"), "t61": (0x14, "latin-1"),
}  # fmt: skip


def string(text: str, kind: StringType, *, tag: int | None = None) -> bytes:
    """A character string, with an implicit context tag in place of its own where `tag` is given.

    Raises ValueError where the string type cannot hold the text.
    """
    universal, codec = _TAGS[kind]
    try:
        content = text.encode(codec)
    except UnicodeEncodeError as error:
        raise ValueError(f"'{text}' does not fit string type '{kind}': {error.reason}") from None
    return der.tlv(universal, content) if tag is None else der.implicit(tag, content)


def _attribute_oid(short: str) -> str:
    try:
        return attribute_oid(short)
    except KeyError:
        known = ", ".join(ATTRIBUTE_TYPES)
        raise ValueError(f"unknown attribute type '{short}' (one of {known}, or a dotted OID)") from None


def name(parts: Iterable[NamePart]) -> bytes:
    """Name: one attribute per RDN, in the order of the profile. Raises ValueError for what cannot be written."""
    rdns = []
    for part in parts:
        oid = _attribute_oid(part.type)
        kind = _FIXED.get(oid, part.string) if part.string == "utf8" else part.string
        rdns.append(der.set_of((der.seq(der.oid(oid), string(part.value, kind)),)))
    return der.seq(*rdns)


def email_name(address: str) -> bytes:
    """GeneralName rfc822Name."""
    return string(address, "ia5", tag=1)


def dns_name(host: str) -> bytes:
    """GeneralName dNSName."""
    return string(host, "ia5", tag=2)


def other_name(oid: str, text: str, kind: StringType = "utf8") -> bytes:
    """GeneralName otherName (`[0]` implicit) with one string, in its explicit `[0]`, as value."""
    return der.explicit(0, der.oid(oid) + der.explicit(0, string(text, kind)))


def uri_name(uri: str) -> bytes:
    """GeneralName uniformResourceIdentifier."""
    return string(uri, "ia5", tag=6)


def directory_name(parts: Iterable[NamePart]) -> bytes:
    """GeneralName directoryName; its tag is explicit, since Name is a CHOICE."""
    return der.explicit(4, name(parts))
