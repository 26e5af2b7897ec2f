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
    """The signature does not conform to its base standard so far that its cryptography cannot be verified."""
    HASH_FAILURE = "HASH_FAILURE"
    """The digest of at least one signed data object differs from the one in the signature."""
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    """The signature value does not verify with the public key of the signing certificate."""
    REVOKED = "REVOKED"
    """The signing certificate was revoked, and it is proven that the signature was made after that."""
    EXPIRED = "EXPIRED"
    """It is proven that the signature was made after notAfter of the signing certificate."""
    NOT_YET_VALID = "NOT_YET_VALID"
    """It is proven that the signature was made before notBefore of the signing certificate."""
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    """Attributes or coverage of the signature do not meet the constraints of the validation policy."""
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    """The chain does not meet the constraints on certificates: usage, policies, names, path length."""
    CERTIFICATE_CHAIN_GENERAL_FAILURE = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    """The certificates at hand gave an error in chain validation that has no sub-indication of its own."""
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    """An algorithm or key size was no longer suitable when the material was made."""
    CRYPTO_CONSTRAINTS_FAILURE_NO_POE = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
    """An algorithm or key size is not suitable now, and nothing proves that the material is older than that."""
    POLICY_PROCESSING_ERROR = "POLICY_PROCESSING_ERROR"
    """The signature policy was found and could not be processed."""
    SIGNATURE_POLICY_NOT_AVAILABLE = "SIGNATURE_POLICY_NOT_AVAILABLE"
    """The document of the signature policy that the signature names is not available."""
    TIMESTAMP_ORDER_FAILURE = "TIMESTAMP_ORDER_FAILURE"
    """Time-stamps stand in an impossible order to each other or to the claimed time."""
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    """The signing certificate cannot be identified."""
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    """No chain leads from the signing certificate to a trust anchor."""
    NO_CERTIFICATE_CHAIN_FOUND_NO_POE = "NO_CERTIFICATE_CHAIN_FOUND_NO_POE"
    """The only anchor was not trusted at validation time, and nothing proves that the signature is older than that."""
    REVOKED_NO_POE = "REVOKED_NO_POE"
    """The signing certificate is revoked at validation time; whether it was signed before is not proven."""
    REVOKED_CA_NO_POE = "REVOKED_CA_NO_POE"
    """A CA certificate of the chain is revoked at validation time; whether it was signed before is not proven."""
    OUT_OF_BOUNDS_NOT_REVOKED = "OUT_OF_BOUNDS_NOT_REVOKED"
    """The signing certificate is out of its validity and known not to be revoked; the signing time is not proven."""
    OUT_OF_BOUNDS_NO_POE = "OUT_OF_BOUNDS_NO_POE"
    """The signing certificate is out of its validity at validation time; that it was signed within is not proven."""
    REVOCATION_OUT_OF_BOUNDS_NO_POE = "REVOCATION_OUT_OF_BOUNDS_NO_POE"
    """The certificate that signed the status answer is out of its validity, and the answer's age is not proven."""
    NO_POE = "NO_POE"
    """Proof is missing that an object existed before some compromising event."""
    TRY_LATER = "TRY_LATER"
    """Not settled by the status information at hand; later information may settle it."""
    SIGNED_DATA_NOT_FOUND = "SIGNED_DATA_NOT_FOUND"
    """The signed data cannot be obtained."""


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
