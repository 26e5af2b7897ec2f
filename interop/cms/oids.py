"""Object identifiers of CMS (RFC 5652), ESS (RFC 5035), CAdES (EN 319 122), RFC 3161 and GB/T 35275."""

from __future__ import annotations

from typing import Literal

__all__ = [
    "ADOBE_REVOCATION",
    "CERTIFICATE_VALUES",
    "CONTENT_TIME_STAMP",
    "CONTENT_TYPE",
    "CONTENT_TYPES",
    "DATA",
    "FAMILIES",
    "GM_DATA",
    "GM_SIGNED_DATA",
    "MESSAGE_DIGEST",
    "OCSP_RESPONSE",
    "REVOCATION_VALUES",
    "SIGNATURE_POLICY",
    "SIGNATURE_TIME_STAMP",
    "SIGNED_DATA",
    "SIGNING_CERTIFICATE",
    "SIGNING_CERTIFICATE_V2",
    "SIGNING_TIME",
    "TST_INFO",
    "Family",
]

Family = Literal["pkcs7", "gm"]
"""`pkcs7`: RFC 5652; `gm`: GB/T 35275-2017 (GM/T 0010)."""

_PKCS9 = "1.2.840.113549.1.9."
_SMIME = "1.2.840.113549.1.9.16."
_GM = "1.2.156.10197.6.1.4.2."

DATA = "1.2.840.113549.1.7.1"
SIGNED_DATA = "1.2.840.113549.1.7.2"
GM_DATA = _GM + "1"
GM_SIGNED_DATA = _GM + "2"
TST_INFO = _SMIME + "1.4"

FAMILIES: dict[Family, tuple[str, str]] = {"pkcs7": (SIGNED_DATA, DATA), "gm": (GM_SIGNED_DATA, GM_DATA)}
"""(outer content type, inner content type) of each family."""
CONTENT_TYPES = frozenset({SIGNED_DATA, GM_SIGNED_DATA})
"""Outer content types read as SignedData."""

CONTENT_TYPE = _PKCS9 + "3"
MESSAGE_DIGEST = _PKCS9 + "4"
SIGNING_TIME = _PKCS9 + "5"
SIGNING_CERTIFICATE = _SMIME + "2.12"
SIGNATURE_TIME_STAMP = _SMIME + "2.14"
SIGNATURE_POLICY = _SMIME + "2.15"
CONTENT_TIME_STAMP = _SMIME + "2.20"
CERTIFICATE_VALUES = _SMIME + "2.23"
REVOCATION_VALUES = _SMIME + "2.24"
SIGNING_CERTIFICATE_V2 = _SMIME + "2.47"
ADOBE_REVOCATION = "1.2.840.113583.1.1.8"
"""revocationInfoArchival of ISO 32000-2 section 12.8.3.3.2."""
OCSP_RESPONSE = "1.3.6.1.5.5.7.16.2"
"""id-ri-ocsp-response (RFC 5940): an OCSPResponse in the crls field."""
