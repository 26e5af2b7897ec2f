"""Object identifiers of RFC 5280, RFC 3739, RFC 6960 and GB/T 20518 that this package reads."""

from __future__ import annotations

__all__ = [
    "AIA_CA_ISSUERS",
    "AIA_OCSP",
    "ANY_POLICY",
    "CPS",
    "EXTENSIONS",
    "IDENTIFY_CODE",
    "KEY_USAGE_BITS",
    "POLICY_QUALIFIERS",
    "REASONS",
    "REASON_FLAGS",
]

KEY_USAGE_BITS = (
    "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
    "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
)  # fmt: skip
"""RFC 5280 section 4.2.1.3, in bit order."""

REASONS = {
    0: "unspecified", 1: "keyCompromise", 2: "cACompromise", 3: "affiliationChanged", 4: "superseded",
    5: "cessationOfOperation", 6: "certificateHold", 8: "removeFromCRL", 9: "privilegeWithdrawn", 10: "aACompromise",
}  # fmt: skip
"""CRLReason (RFC 5280 section 5.3.1)."""

REASON_FLAGS = {
    1: "keyCompromise", 2: "cACompromise", 3: "affiliationChanged", 4: "superseded", 5: "cessationOfOperation",
    6: "certificateHold", 7: "privilegeWithdrawn", 8: "aACompromise",
}  # fmt: skip
"""Bits of ReasonFlags (RFC 5280 section 4.2.1.13); the last two differ from the numbers of CRLReason."""

ANY_POLICY = "2.5.29.32.0"
CPS = "1.3.6.1.5.5.7.2.1"
POLICY_QUALIFIERS = frozenset({CPS, "1.3.6.1.5.5.7.2.2"})
"""Qualifier identifiers; as policyIdentifier they are a mistake seen in real certificates."""
AIA_OCSP = "1.3.6.1.5.5.7.48.1"
AIA_CA_ISSUERS = "1.3.6.1.5.5.7.48.2"
IDENTIFY_CODE = "1.2.156.10260.4.1.1"
"""GB/T 20518 identity code: a CHOICE with tags [0] to [2] in the standard, a bare string at some issuers."""

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
