"""Main indications and sub-indications of signature validation (ETSI EN 319 102-1 clause 5), and our one addition.

Validators disagree on names and grouping; each engine maps to this enum, and a test holds that every value maps.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

__all__ = ["INDICATION_OF", "Indication", "SubIndication", "badness", "worst"]


class Indication(StrEnum):
    """What a validation says in one word."""

    TOTAL_PASSED = "TOTAL_PASSED"
    """Cryptography and every constraint hold."""
    INDETERMINATE = "INDETERMINATE"
    """The available information does not settle it."""
    TOTAL_FAILED = "TOTAL_FAILED"
    """Cryptography fails, the format is broken, or it was proven signed outside validity or after revocation."""
    NO_SIGNATURE_FOUND = "NO_SIGNATURE_FOUND"
    """The file holds no signature: said only after our own scan of the bytes (not an ETSI value)."""


class SubIndication(StrEnum):
    """Why a signature did not pass."""

    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    CERTIFICATE_CHAIN_GENERAL_FAILURE = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE_NO_POE = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
    POLICY_PROCESSING_ERROR = "POLICY_PROCESSING_ERROR"
    SIGNATURE_POLICY_NOT_AVAILABLE = "SIGNATURE_POLICY_NOT_AVAILABLE"
    TIMESTAMP_ORDER_FAILURE = "TIMESTAMP_ORDER_FAILURE"
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    NO_CERTIFICATE_CHAIN_FOUND_NO_POE = "NO_CERTIFICATE_CHAIN_FOUND_NO_POE"
    REVOKED_NO_POE = "REVOKED_NO_POE"
    REVOKED_CA_NO_POE = "REVOKED_CA_NO_POE"
    OUT_OF_BOUNDS_NOT_REVOKED = "OUT_OF_BOUNDS_NOT_REVOKED"
    OUT_OF_BOUNDS_NO_POE = "OUT_OF_BOUNDS_NO_POE"
    REVOCATION_OUT_OF_BOUNDS_NO_POE = "REVOCATION_OUT_OF_BOUNDS_NO_POE"
    NO_POE = "NO_POE"
    TRY_LATER = "TRY_LATER"
    SIGNED_DATA_NOT_FOUND = "SIGNED_DATA_NOT_FOUND"


_FAILED = {
    SubIndication.FORMAT_FAILURE,
    SubIndication.HASH_FAILURE,
    SubIndication.SIG_CRYPTO_FAILURE,
    SubIndication.REVOKED,
    SubIndication.EXPIRED,
    SubIndication.NOT_YET_VALID,
}

INDICATION_OF: Mapping[SubIndication, Indication] = {
    sub: Indication.TOTAL_FAILED if sub in _FAILED else Indication.INDETERMINATE for sub in SubIndication
}
"""The one main indication under which each sub-indication stands (EN 319 102-1 tables 5 and 6)."""

_ORDER = (
    Indication.TOTAL_PASSED,
    Indication.NO_SIGNATURE_FOUND,
    Indication.INDETERMINATE,
    Indication.TOTAL_FAILED,
)


def badness(indication: Indication) -> int:
    """Larger is worse."""
    return _ORDER.index(indication)


def worst(indications: list[Indication]) -> Indication:
    """The worst of several; NO_SIGNATURE_FOUND for none."""
    return max(indications, key=badness, default=Indication.NO_SIGNATURE_FOUND)
