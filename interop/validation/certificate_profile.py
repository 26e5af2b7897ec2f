"""What RFC 5280 sections 4 and 5 ask of those who issue, beyond what validation of a path (section 6) looks at.

Section 6 takes most certificates as they are: a CA certificate without key identifiers validates. Suites of path validation, and
relying parties that want it, ask for more: that certificates and CRLs are what a conforming CA issues. Real hierarchies often are
not, so nothing here takes part in a judgement unless it is asked for.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from interop.model.certificate import Certificate, GeneralName
from interop.model.status import Crl

__all__ = ["certificate_deviations", "crl_deviations"]

_AKI, _SKI, _BC, _NC = "2.5.29.35", "2.5.29.14", "2.5.29.19", "2.5.29.30"
_PC, _IAP, _SAN, _AIA, _SIA, _CRL_NUMBER = (
    "2.5.29.36",
    "2.5.29.54",
    "2.5.29.17",
    "1.3.6.1.5.5.7.1.1",
    "1.3.6.1.5.5.7.1.11",
    "2.5.29.20",
)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?", re.IGNORECASE)
_MOST_SERIAL_BITS = 159
"""20 octets of a positive INTEGER (section 4.1.2.2)."""

_MUST_BE_CRITICAL = {_NC: "4.2.1.10", _PC: "4.2.1.11", _IAP: "4.2.1.14"}
_MUST_NOT_BE_CRITICAL = {_AKI: "4.2.1.1", _SKI: "4.2.1.2", _AIA: "4.2.2.1", _SIA: "4.2.2.2"}


def certificate_deviations(certificate: Certificate) -> tuple[str, ...]:
    """What a conforming CA would not have issued, each with its clause of RFC 5280; empty: nothing was found."""
    return (*_basics(certificate), *_extensions(certificate), *_authority(certificate), *_names(certificate))


def _basics(certificate: Certificate) -> Iterator[str]:
    if certificate.serial <= 0:
        yield "4.1.2.2: the serial number is not positive"
    if certificate.serial.bit_length() > _MOST_SERIAL_BITS:
        yield "4.1.2.2: the serial number is longer than 20 octets"
    if certificate.extensions and certificate.version != 3:
        yield f"4.1.2.1: extensions in a certificate of version {certificate.version}"
    if certificate.ca and not certificate.subject.rdns:
        yield "4.1.2.6: a CA without subject name"


def _extensions(certificate: Certificate) -> Iterator[str]:
    for oid, critical in certificate.extensions:
        if critical and oid in _MUST_NOT_BE_CRITICAL:
            yield f"{_MUST_NOT_BE_CRITICAL[oid]}: extension {oid} is critical"
        if not critical and oid in _MUST_BE_CRITICAL:
            yield f"{_MUST_BE_CRITICAL[oid]}: extension {oid} is not critical"
    if certificate.authority_key_id is None and not certificate.self_issued:
        yield "4.2.1.1: no key identifier of the authority"
    if certificate.extended_key_usage == ():
        yield "4.2.1.12: an extended key usage without purposes"
    if not certificate.subject.rdns and certificate.subject_alt_names and not certificate.critical(_SAN):
        yield "4.2.1.6: the subject is empty and its alternative names are not critical"


def _authority(certificate: Certificate) -> Iterator[str]:
    signs = certificate.key_usage is not None and "keyCertSign" in certificate.key_usage
    if not certificate.ca:
        if signs:
            yield "4.2.1.9: key usage keyCertSign without cA"
        if certificate.name_constraints is not None or any(oid == _NC for oid, _ in certificate.extensions):
            yield "4.2.1.10: name constraints outside a CA certificate"
        return
    if certificate.subject_key_id is None:
        yield "4.2.1.2: a CA without subject key identifier"
    if not certificate.critical(_BC):
        yield "4.2.1.9: basic constraints of a CA are not critical"
    if certificate.key_usage is not None and not signs:
        yield "4.2.1.3: a CA whose key usage leaves out keyCertSign"
    constraints = certificate.name_constraints
    if constraints is None:
        return
    if not (constraints.permitted or constraints.excluded):
        yield "4.2.1.10: empty name constraints"
    for subtree in (*constraints.permitted, *constraints.excluded):
        if not _is_constraint(subtree):
            yield f"4.2.1.10: constraint {subtree.kind} '{subtree.value}' is malformed"


def _names(certificate: Certificate) -> Iterator[str]:
    for name in certificate.subject_alt_names:
        if name.kind == "dns" and not _is_host(name.value, wildcard=True):
            yield f"4.2.1.6: '{name.value}' is no dNSName"
        if name.kind == "email" and not _is_mailbox(name.value):
            yield f"4.2.1.6: '{name.value}' is no rfc822Name"


def _is_host(text: str, *, wildcard: bool = False) -> bool:
    """Preferred name syntax (RFC 1034 section 3.5, RFC 1123 section 2.1); an IP address is no host name."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        labels = text.removeprefix("*.").split(".") if wildcard else text.split(".")
        return all(_LABEL.fullmatch(label) for label in labels)
    return False


def _is_mailbox(text: str) -> bool:
    local, at, host = text.partition("@")
    return bool(local and at) and _is_host(host)


def _is_constraint(subtree: GeneralName) -> bool:
    if subtree.kind == "dns":
        return not subtree.value or _is_host(subtree.value)
    if subtree.kind == "email":
        return _is_mailbox(subtree.value) or _is_host(subtree.value.removeprefix("."))
    if subtree.kind == "ip":
        return _is_network(subtree.value)
    return True


def _is_network(text: str) -> bool:
    """Address and mask, the mask as in CIDR: ones, then zeros (RFC 4632 as section 4.2.1.10 cites it)."""
    address, slash, mask = text.partition("/")
    if not slash:
        return False
    try:
        ones = int(ipaddress.ip_address(mask if "." in mask or ":" in mask else _dotted(mask)))
        width = ipaddress.ip_address(address if "." in address or ":" in address else _dotted(address)).max_prefixlen
    except ValueError:
        return False
    inverted = ones ^ ((1 << width) - 1)
    return inverted & (inverted + 1) == 0


def _dotted(text: str) -> str:
    return str(ipaddress.ip_address(bytes.fromhex(text)))


def crl_deviations(crl: Crl, issuer: Certificate) -> tuple[str, ...]:
    """What a conforming CRL issuer would not have issued, each with its clause of RFC 5280."""
    found: list[str] = []
    if crl.number is None:
        found.append("5.2.3: a CRL without number")
    if any(oid == _CRL_NUMBER and critical for oid, critical in crl.extensions):
        found.append("5.2.3: the number of the CRL is critical")
    if issuer.key_usage is not None and "cRLSign" not in issuer.key_usage:
        found.append("4.2.1.3: the key usage of the CRL issuer leaves out cRLSign")
    return tuple(found)
