"""Signature formats as pages name them, and the content-type OID of those that are a SignedData."""

from __future__ import annotations

from collections.abc import Mapping

from interop.model.formats import Format
from interop.model.text import Text

__all__ = ["CONTENT_TYPES", "ENVELOPES"]

_PKCS7, _GM = "1.2.840.113549.1.7.2", "1.2.156.10197.6.1.4.2.2"

CONTENT_TYPES: Mapping[Format, str] = {Format.PADES: _PKCS7, Format.PDF_PKCS7: _PKCS7, Format.PDF_GM: _GM}
"""contentType of the outer ContentInfo (RFC 5652 section 3; GB/T 35275-2017). XML signatures have none."""

ENVELOPES: Mapping[Format, Text] = {
    Format.PADES: Text(en="PAdES (ETSI.CAdES.detached, PKCS#7 OIDs)", zh="PAdES（ETSI.CAdES.detached，PKCS#7 OID）"),
    Format.PDF_PKCS7: Text(
        en=f"SignedData {_PKCS7} in PDF (PKCS#7 OIDs)",
        zh=f"PDF 内 SignedData {_PKCS7}（PKCS#7 OID）",
    ),
    Format.PDF_GM: Text(
        en=f"SignedData {_GM} in PDF (GB/T 35275 OIDs)",
        zh=f"PDF 内 SignedData {_GM}（GB/T 35275 OID）",
    ),
    Format.XMLDSIG: Text(en="XML-Signature with W3C URIs", zh="W3C URI 的 XML 签名"),
    Format.XADES: Text(en="XAdES", zh="XAdES"),
    Format.XML_CUSTOMS: Text(en="XML-Signature with the China Customs URIs", zh="采用中国海关 URI 的 XML 签名"),
}
"""What is sent or read, in words that tell the formats apart."""
