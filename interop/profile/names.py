"""Attribute types that a profile may name, and what an OID looks like (X.520, X.660)."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ATTRIBUTE_TYPES", "attribute_oid", "is_oid"]

ATTRIBUTE_TYPES: Mapping[str, str] = {
    "C": "2.5.4.6",
    "ST": "2.5.4.8",
    "L": "2.5.4.7",
    "O": "2.5.4.10",
    "OU": "2.5.4.11",
    "CN": "2.5.4.3",
    "GN": "2.5.4.42",
    "SN": "2.5.4.4",
    "T": "2.5.4.12",
    "serialNumber": "2.5.4.5",
    "pseudonym": "2.5.4.65",
    "organizationIdentifier": "2.5.4.97",
    "emailAddress": "1.2.840.113549.1.9.1",
    "DC": "0.9.2342.19200300.100.1.25",
    "UID": "0.9.2342.19200300.100.1.1",
}
"""Short names of subject attributes (RFC 4519, X.520, EN 319 412-1, PKCS#9)."""


def is_oid(text: str) -> bool:
    """Whether the text is a dotted OID of at least three arcs: first arc 0 to 2, second below 40 under 0 and 1, no leading zeros."""
    arcs = text.split(".")
    if len(arcs) < 3 or not all(arc.isascii() and arc.isdigit() and (arc == "0" or arc[0] != "0") for arc in arcs):
        return False
    return arcs[0] in {"0", "1", "2"} and (arcs[0] == "2" or int(arcs[1]) < 40)


def attribute_oid(name: str) -> str:
    """The OID of an attribute type given by short name or as a dotted OID; KeyError for neither."""
    return name if is_oid(name) else ATTRIBUTE_TYPES[name]
