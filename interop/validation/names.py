"""Name constraints (RFC 5280 section 4.2.1.10) and the matching of names inside and outside subtrees.

Directory names are compared in their normal form, subtree by whole RDNs from the root of the name. What cannot be compared
(x400, ediParty, otherName, registered-id under a constraint of its own kind) counts as a violation: section 6.1.4 (g) with
the last paragraph of 4.2.1.10 asks to process a constraint or to reject.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interop.model.certificate import Certificate, GeneralName

__all__ = ["NameViolation", "in_subtree", "name_violations"]

_EMAIL_OID = "1.2.840.113549.1.9.1"
_HOST = re.compile(r"^[A-Za-z][A-Za-z0-9+.\-]*://(?:[^@/?#]*@)?(?P<host>\[[^\]]*\]|[^:/?#]*)")
_LABELS = re.compile(r"[a-z0-9_*.\-]+")
"""What a host name is written with; anything else (a NUL above all, CVE-2009-2408) is no name that can be compared."""
_MAX_CHECKS = 200_000
"""Comparisons for one path at most (x509-limbo `nc` denial of service); more is a violation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameViolation:
    """One name that a constraint of a certificate above does not let through."""

    certificate: Certificate
    """The certificate that bears the name."""
    above: Certificate
    """The certificate that bears the constraint."""
    name: GeneralName
    how: str
    """`excluded`, `not-permitted`, or `too-many` where the work was refused."""


def name_violations(path: Sequence[Certificate]) -> tuple[NameViolation, ...]:
    """Violations on a path given signer first, without its anchor. Self-issued intermediates are exempt (6.1.3 b, c)."""
    found: list[NameViolation] = []
    work = 0
    for index, above in enumerate(path):
        constraints = above.name_constraints
        if constraints is None:
            continue
        for below, certificate in enumerate(path[:index]):
            if certificate.self_issued and below > 0:
                continue
            names = _names(certificate)
            work += len(names) * (len(constraints.permitted) + len(constraints.excluded))
            if work > _MAX_CHECKS:
                found.append(NameViolation(certificate=certificate, above=above, name=names[0], how="too-many"))
                return tuple(found)
            for name in names:
                how = _violation(name, constraints.permitted, constraints.excluded)
                if how:
                    found.append(NameViolation(certificate=certificate, above=above, name=name, how=how))
    return tuple(found)


def _names(certificate: Certificate) -> tuple[GeneralName, ...]:
    """Subject and alternative names; e-mail addresses in the subject only where no alternative name carries one."""
    names = list(certificate.subject_alt_names)
    if certificate.subject.rdns:
        names.insert(0, GeneralName(kind="directory", value=certificate.subject.normal))
    if not any(name.kind == "email" for name in certificate.subject_alt_names):
        names.extend(
            GeneralName(kind="email", value=attribute.value)
            for rdn in certificate.subject.rdns
            for attribute in rdn
            if attribute.oid == _EMAIL_OID
        )
    return tuple(names)


def _violation(name: GeneralName, permitted: Iterable[GeneralName], excluded: Iterable[GeneralName]) -> str:
    same_kind = [subtree for subtree in permitted if subtree.kind == name.kind]
    for subtree in excluded:
        if subtree.kind == name.kind and (in_subtree(name, subtree) is not False or _wildcard_reaches(name, subtree)):
            return "excluded"
    if same_kind and not any(in_subtree(name, subtree) for subtree in same_kind):
        return "not-permitted"
    return ""


def _wildcard_reaches(name: GeneralName, subtree: GeneralName) -> bool:
    """Whether a wildcard stands for a host that is excluded: `*.example.com` for `bar.example.com` (CVE-2025-61727)."""
    if name.kind != "dns" or not name.value.startswith("*."):
        return False
    _, _, parent = subtree.value.strip().lower().removeprefix(".").partition(".")
    return parent == name.value.strip().lower()[2:].rstrip(".")


def in_subtree(name: GeneralName, subtree: GeneralName) -> bool | None:
    """Whether a name lies in a subtree of its kind; None where the kind (or the value) cannot be compared."""
    if name.kind == "directory":
        return not subtree.value or name.value == subtree.value or name.value.startswith(subtree.value + ",")
    value, base = name.value.strip().lower(), subtree.value.strip().lower()
    if name.kind == "dns":
        return _dns(value, base) if _LABELS.fullmatch(value) else None
    if name.kind == "email":
        return _email(name.value.strip(), base) if name.value.isprintable() else None
    if name.kind == "uri":
        match = _HOST.match(value)
        host = "" if match is None else match["host"]
        return _host(host, base) if _LABELS.fullmatch(host) else None
    if name.kind == "ip":
        return _ip(value, base)
    return None


def _dns(value: str, base: str) -> bool:
    """Zero or more labels added to the left; a leading dot is tolerated and means the same."""
    base = base.removeprefix(".")
    value = value.rstrip(".")
    return not base or value == base or value.endswith("." + base)


def _host(host: str, base: str) -> bool:
    """With a leading dot: one or more labels to the left; without: exactly this host (4.2.1.10 for URIs and mail)."""
    if not base:
        return True
    host = host.rstrip(".")
    return host.endswith(base) and len(host) > len(base) if base.startswith(".") else host == base


def _email(value: str, base: str) -> bool | None:
    local, at, host = value.rpartition("@")
    if not at:
        return None
    if "@" in base:
        base_local, _, base_host = base.rpartition("@")
        return local.lower() == base_local and host.lower() == base_host
    return _host(host.lower(), base)


def _octets(text: str) -> bytes | None:
    try:
        return bytes(int(part) for part in text.split(".")) if "." in text else bytes.fromhex(text.replace(":", ""))
    except ValueError:
        return None


def _ip(value: str, base: str) -> bool | None:
    network_text, slash, mask_text = base.partition("/")
    address, network, mask = _octets(value), _octets(network_text), _octets(mask_text)
    if not slash or address is None or network is None or mask is None or len(network) != len(mask):
        return None
    if len(address) != len(network):
        return False
    return all(a & m == n & m for a, n, m in zip(address, network, mask, strict=True))
