"""Object identifiers of RFC 5280, RFC 3739 and RFC 6960 in certificates, CRLs and OCSP responses."""

from __future__ import annotations

__all__ = [
    "AIA_CA_ISSUERS",
    "AIA_OCSP",
    "CERTIFICATE_ISSUER",
    "CPS",
    "CRL_NUMBER",
    "DELTA_CRL",
    "EXPIRED_CERTS_ON_CRL",
    "EXTENSIONS",
    "INVALIDITY_DATE",
    "ISSUING_DISTRIBUTION_POINT",
    "OCSP_ARCHIVE_CUTOFF",
    "OCSP_BASIC",
    "OCSP_NONCE",
    "POLICY_QUALIFIERS",
    "REASON_CODE",
]

CPS = "1.3.6.1.5.5.7.2.1"
POLICY_QUALIFIERS = frozenset({CPS, "1.3.6.1.5.5.7.2.2"})
"""Qualifier identifiers; as policyIdentifier they are a mistake seen in real certificates."""
AIA_OCSP = "1.3.6.1.5.5.7.48.1"
AIA_CA_ISSUERS = "1.3.6.1.5.5.7.48.2"

CRL_NUMBER = "2.5.29.20"
REASON_CODE = "2.5.29.21"
"""Entry extension of a CRL."""
INVALIDITY_DATE = "2.5.29.24"
"""Entry extension of a CRL."""
DELTA_CRL = "2.5.29.27"
ISSUING_DISTRIBUTION_POINT = "2.5.29.28"
CERTIFICATE_ISSUER = "2.5.29.29"
"""Entry extension of an indirect CRL."""
EXPIRED_CERTS_ON_CRL = "2.5.29.60"
"""id-ce-expiredCertsOnCRL (X.509)."""
OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1"
"""id-pkix-ocsp-basic (RFC 6960 section 4.2.1)."""
OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2"
"""id-pkix-ocsp-nonce (RFC 9654 section 2)."""
OCSP_ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6"
"""id-pkix-ocsp-archive-cutoff (RFC 6960 section 4.4.4)."""

EXTENSIONS = {
    "authority_key_identifier": "2.5.29.35",
    "subject_key_identifier": "2.5.29.14",
    "key_usage": "2.5.29.15",
    "certificate_policies": "2.5.29.32",
    "policy_mappings": "2.5.29.33",
    "subject_alt_name": "2.5.29.17",
    "basic_constraints": "2.5.29.19",
    "name_constraints": "2.5.29.30",
    "policy_constraints": "2.5.29.36",
    "extended_key_usage": "2.5.29.37",
    "crl_distribution_points": "2.5.29.31",
    "inhibit_any_policy": "2.5.29.54",
    "authority_information_access": "1.3.6.1.5.5.7.1.1",
    "qc_statements": "1.3.6.1.5.5.7.1.3",
    "ocsp_nocheck": "1.3.6.1.5.5.7.48.1.5",
}
"""Certificate extensions that have a field of their own."""
