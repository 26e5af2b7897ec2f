"""Attribute types that a profile may name, and what an OID looks like (X.520, X.660)."""

from __future__ import annotations

from collections.abc import Mapping

from interop.model.certificate import ATTRIBUTE_NAMES

__all__ = ["ATTRIBUTE_TYPES", "attribute_oid", "is_oid"]

ATTRIBUTE_TYPES: Mapping[str, str] = {**{short: oid for oid, short in ATTRIBUTE_NAMES.items()}, "T": "2.5.4.12"}
"""Short name -> OID of the attribute types that a profile may name; `T` is another word for `title`."""


def is_oid(text: str) -> bool:
    """Whether the text is a dotted OID of at least three arcs: first arc 0 to 2, second below 40 under 0 and 1, no leading zeros."""
    arcs = text.split(".")
    if len(arcs) < 3 or not all(arc.isascii() and arc.isdigit() and (arc == "0" or arc[0] != "0") for arc in arcs):
        return False
    return arcs[0] in {"0", "1", "2"} and (arcs[0] == "2" or int(arcs[1]) < 40)


def attribute_oid(name: str) -> str:
    """The OID of an attribute type given by short name or as a dotted OID; KeyError for neither."""
    return name if is_oid(name) else ATTRIBUTE_TYPES[name]
