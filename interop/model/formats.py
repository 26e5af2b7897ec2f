"""Signature formats, levels, packagings and document kinds."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["PDF_FORMATS", "DocumentKind", "Format", "Level", "Packaging", "level_at_least"]


class Format(StrEnum):
    """How the signature is written into the file. Packaging is a property of the case."""

    PADES = "pades"
    """PDF, sub-filter ETSI.CAdES.detached (EN 319 142-1)."""
    PDF_PKCS7 = "pdf-pkcs7"
    """PDF, sub-filter adbe.pkcs7.detached, SignedData with PKCS#7 content-type OIDs (ISO 32000-2 12.8.3.3)."""
    PDF_GM = "pdf-gm"
    """The same with the content-type OIDs of GB/T 35275-2017."""
    XMLDSIG = "xmldsig"
    """W3C XML-Signature with W3C, RFC 9231 or OID-URN algorithm URIs."""
    XADES = "xades"
    """XAdES (EN 319 132-1)."""
    XML_CUSTOMS = "xml-customs"
    """XML-Signature with the China Customs URIs for SM2 and SM3 (cross-border e-commerce messages, 202205 edition)."""


PDF_FORMATS = frozenset({Format.PADES, Format.PDF_PKCS7, Format.PDF_GM})


class Level(StrEnum):
    """Signature level in the terms of the AdES baseline standards; used for non-AdES formats by analogy."""

    B_B = "b-b"
    """Basic."""
    B_T = "b-t"
    """With a trusted time for the signature's existence."""
    B_LT = "b-lt"
    """With certificates and revocation data for the long term."""
    B_LTA = "b-lta"
    """With an archive time-stamp over all of it."""


_RANK = {level: rank for rank, level in enumerate(Level)}


def level_at_least(found: Level, required: Level) -> bool:
    """Whether `found` contains `required`."""
    return _RANK[found] >= _RANK[required]


class Packaging(StrEnum):
    """Where an XML signature stands in relation to what it signs."""

    ENVELOPED = "enveloped"
    """Inside the signed element."""
    ENVELOPING = "enveloping"
    """Around it, in ds:Object."""
    DETACHED = "detached"
    """Beside it: the content is another file."""


class DocumentKind(StrEnum):
    """What is signed."""

    CONTRACT = "contract"
    """Electronic contract 电子合同."""
    BILL_OF_LADING = "bill-of-lading"
    """Electronic bill of lading 电子提单."""
    WAREHOUSE_RECEIPT = "warehouse-receipt"
    """Electronic warehouse receipt 电子仓单."""
    INVOICE = "invoice"
    """Electronic invoice 电子发票."""
