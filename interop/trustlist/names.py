"""Namespaces and URIs of trusted lists (TS 119 612 annexes C and D, and the mutual-recognition schema)."""

from __future__ import annotations

from typing import Final

__all__ = ["ADD", "ECC", "MRA", "NS", "TSL", "XADES", "local"]

TSL: Final = "http://uri.etsi.org/02231/v2#"
ADD: Final = "http://uri.etsi.org/02231/v2/additionaltypes#"
ECC: Final = "http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#"
"""Qualifications and criteria."""
XADES: Final = "http://uri.etsi.org/01903/v1.3.2#"
MRA: Final = "http://ec.europa.eu/tools/lotl/mra/schema/v2#"
NS: Final = {"t": TSL, "a": ADD, "e": ECC, "x": XADES, "m": MRA}


def local(tag: str) -> str:
    """Local name of a tag in lxml's notation."""
    return tag.rpartition("}")[2]
