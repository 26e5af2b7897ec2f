"""What may be wrong on purpose with a status answer or a time-stamp token: names that a case can write down.

    crl(issued, "issuing", at, defect=CrlDefect.STALE)
    ocsp(issued, "signer", at, defect=OcspDefect.NO_EKU)
    timestamp(issued, None, data, at, defect=TokenDefect.OTHER_DATA)

Each changes one thing; the same call without it is the control. Responders of the OCSP defects that concern certificates have a key of
their own and are named by name, since a sound certificate of the same key would be found and accepted.

    CRL     stale  future  bad-signature  namesake  no-number  unknown-critical  other-point  attributes-only  no-next-update
    OCSP    stale  future  bad-signature  wrong-issuer  no-eku  expired-responder  no-nocheck  produced-early  self-signed
            status-unknown  wrong-serial
    token   other-data  no-eku  uncritical-eku  extra-eku  expired  wrong-certificate  no-certificate  other-name  early  late
            no-accuracy  coarse  bad-signature
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from interop.model.errors import UsageError, suggestion

__all__ = ["DAY", "CrlDefect", "OcspDefect", "StatusDefect", "TokenDefect", "crl_defect", "ocsp_defect", "token_defect"]

DAY = timedelta(days=1)
"""By how much a time is wrong."""


class CrlDefect(StrEnum):
    """One thing wrong with a CRL."""

    STALE = "stale"
    """Issued so long ago that its nextUpdate was a day before the time asked for."""
    FUTURE = "future"
    """thisUpdate is a day after the time asked for."""
    BAD_SIGNATURE = "bad-signature"
    """The last bit of the signature value is wrong."""
    NAMESAKE = "namesake"
    """Signed by another key under the name of the CA."""
    NO_NUMBER = "no-number"
    """Without cRLNumber (RFC 5280 section 5.2.3 demands it)."""
    UNKNOWN_CRITICAL = "unknown-critical"
    """With a critical extension that nobody knows (RFC 5280 section 5.2)."""
    OTHER_POINT = "other-point"
    """For a distribution point that no certificate names (section 6.3.3 b)."""
    ATTRIBUTES_ONLY = "attributes-only"
    """For attribute certificates alone (onlyContainsAttributeCerts)."""
    NO_NEXT_UPDATE = "no-next-update"
    """Without nextUpdate (section 5.1.2.5 demands it)."""


class OcspDefect(StrEnum):
    """One thing wrong with an OCSP answer."""

    STALE = "stale"
    """Made so long ago that its nextUpdate was a day before the time asked for."""
    FUTURE = "future"
    """producedAt and thisUpdate are a day after the time asked for."""
    BAD_SIGNATURE = "bad-signature"
    """The last bit of the signature value is wrong."""
    WRONG_ISSUER = "wrong-issuer"
    """Signed by a responder that another CA of the provider has issued (RFC 6960 section 4.2.2.2)."""
    NO_EKU = "no-eku"
    """The responder's certificate has no extendedKeyUsage."""
    EXPIRED_RESPONDER = "expired-responder"
    """The responder's certificate ended a day before."""
    NO_NOCHECK = "no-nocheck"
    """The responder's certificate lacks id-pkix-ocsp-nocheck, so its own status has to be asked."""
    PRODUCED_EARLY = "produced-early"
    """producedAt is a day before thisUpdate."""
    SELF_SIGNED = "self-signed"
    """Signed by the certificate that it is about."""
    STATUS_UNKNOWN = "status-unknown"
    """The status is `unknown`."""
    WRONG_SERIAL = "wrong-serial"
    """The answer is about the next serial number."""


class TokenDefect(StrEnum):
    """One thing wrong with a time-stamp token."""

    OTHER_DATA = "other-data"
    """The imprint is that of other data."""
    NO_EKU = "no-eku"
    """The authority's certificate has no extendedKeyUsage (RFC 3161 section 2.3)."""
    UNCRITICAL_EKU = "uncritical-eku"
    """Its extendedKeyUsage is not critical."""
    EXTRA_EKU = "extra-eku"
    """It has another purpose beside timeStamping."""
    EXPIRED = "expired"
    """Its certificate ended a day before genTime."""
    WRONG_CERTIFICATE = "wrong-certificate"
    """The signing-certificate attribute names the issuer's certificate (RFC 5816 section 2.2.1)."""
    NO_CERTIFICATE = "no-certificate"
    """There is no signing-certificate attribute."""
    OTHER_NAME = "other-name"
    """TSTInfo tsa is not the subject of the certificate."""
    EARLY = "early"
    """genTime is a day too early."""
    LATE = "late"
    """genTime is a day too late."""
    NO_ACCURACY = "no-accuracy"
    """No accuracy is stated."""
    COARSE = "coarse"
    """The accuracy stated is a day."""
    BAD_SIGNATURE = "bad-signature"
    """The last bit of the signature value is wrong."""


StatusDefect = CrlDefect | OcspDefect
D = TypeVar("D", bound=StrEnum)


def crl_defect(name: str) -> CrlDefect:
    """The defect of that name. Raises UsageError."""
    return _named(CrlDefect, name, "CRL")


def ocsp_defect(name: str) -> OcspDefect:
    """The defect of that name. Raises UsageError."""
    return _named(OcspDefect, name, "OCSP")


def token_defect(name: str) -> TokenDefect:
    """The defect of that name. Raises UsageError."""
    return _named(TokenDefect, name, "time-stamp")


def _named(kind: type[D], name: str, what: str) -> D:
    try:
        return kind(name)
    except ValueError:
        known = [defect.value for defect in kind]
        raise UsageError(f"unknown {what} defect '{name}'{suggestion(name, known)}") from None
