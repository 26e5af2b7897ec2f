"""Names written as text in X509IssuerName (RFC 4514, RFC 2253), compared with the parsed name of a certificate."""

from __future__ import annotations

import re

from interop.model.certificate import ATTRIBUTE_NAMES, Name
from interop.x509.names import normal_text

__all__ = ["rfc4514", "same_name"]

_TYPES = {
    **{short.upper(): oid for oid, short in ATTRIBUTE_NAMES.items()},
    "SURNAME": "2.5.4.4", "S": "2.5.4.8", "T": "2.5.4.12", "POSTALCODE": "2.5.4.17", "GIVENNAME": "2.5.4.42", "G": "2.5.4.42",
    "DNQ": "2.5.4.46", "DNQUALIFIER": "2.5.4.46", "E": "1.2.840.113549.1.9.1", "EMAIL": "1.2.840.113549.1.9.1",
}  # fmt: skip
"""Words for attribute types that are met in the field, in capitals."""
_PAIR = re.compile(
    r'\s*(?:OID\.)?([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)\s*=\s*("(?:[^"\\]|\\.)*"|(?:[^,;+\\"]|\\.)*)', re.DOTALL
)
_ESCAPE = re.compile(r"((?:\\[0-9A-Fa-f]{2})+)|\\(.)", re.DOTALL)


def same_name(text: str, name: Name) -> bool | None:
    """Whether the text is that name, whatever the order of its parts; None where the text cannot be read.

    Attribute values that stand as `#hex` are not compared: None.
    """
    written: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _PAIR.match(text, at)
        if match is None:
            return None
        oid = _TYPES.get(match[1].upper(), match[1] if match[1][0].isdigit() else "")
        value = match[2].strip()
        if not oid or value.startswith("#"):
            return None
        if value.startswith('"'):
            value = value[1:-1]
        written.append((oid, normal_text(_ESCAPE.sub(_unescape, value))))
        at = match.end()
        rest = text[at:].lstrip()
        if rest and rest[0] not in ",;+":
            return None
        at = len(text) - len(rest) + 1 if rest else len(text)
    held = [(attribute.oid, normal_text(attribute.value)) for rdn in name.rdns for attribute in rdn]
    return sorted(written) == sorted(held)


def _unescape(match: re.Match[str]) -> str:
    if match[1]:
        return bytes.fromhex(match[1].replace("\\", "")).decode("utf-8", "replace")
    return str(match[2])


_WRITTEN = {
    "2.5.4.3": "CN", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.9": "STREET", "2.5.4.10": "O",
    "2.5.4.11": "OU", "0.9.2342.19200300.100.1.25": "DC", "0.9.2342.19200300.100.1.1": "UID",
}  # fmt: skip
"""RFC 4514 section 3; any other type is written as its OID."""


def rfc4514(name: Name) -> str:
    """The name as text: last RDN first, special characters escaped (RFC 4514 section 2)."""
    return ",".join(
        "+".join(f"{_WRITTEN.get(a.oid, a.oid)}={_escaped(a.value)}" for a in rdn) for rdn in reversed(name.rdns)
    )


def _escaped(value: str) -> str:
    text = re.sub(r'([,+"\\<>;=])', r"\\\1", value).replace("\0", "\\00")
    if text.startswith((" ", "#")):
        text = "\\" + text
    return text[:-1] + "\\ " if len(text) > 1 and text.endswith(" ") and not text.endswith("\\ ") else text
