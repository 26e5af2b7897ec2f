"""A register of other providers' certificates: OCSP answers of somebody who has not issued them (`services.register`).

    for issued, one in registers(providers, certificates, keys):
        answer = register_answer(issued, one, at)

A state that recognises foreign certificates may keep their status on a system of its own, beside that of their issuer. Its
responder is the one that the first anchor of the profile has issued; whether anybody believes it is the relying party's affair (RFC 6960
section 4.2.2.2, local configuration). Pure, as `pki.status`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from interop.model.profile import Provider
from interop.pki.authority import Subject, direct_responder
from interop.pki.issue import Issued, issue
from interop.pki.keystore import KeyStore
from interop.pki.ocsp import Asked, certificate_id_under, ocsp_response
from interop.pki.reissue import first_second, ocsp_turns, second_after, window
from interop.pki.status import Published
from interop.x509.certificate import certificate_parts, parse_certificate

__all__ = ["Registered", "register_answer", "register_turns", "registers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One certificate on the register."""

    name: str
    """`provider:certificate`, as status events of the register name it."""
    certificate: bytes
    """DER."""
    issuer: bytes
    """Certificate of its issuer, DER."""


def registers(
    providers: Iterable[Provider], certificates: Mapping[str, Mapping[str, bytes]], keys: KeyStore
) -> Iterator[tuple[Issued, Registered]]:
    """Every register with each certificate on it. `certificates` are those published: provider -> id -> DER.

    Others of the same subject, key and issuer are on it too: a register is about who holds a key, and knows of renewals.
    """
    known = {provider.id: provider for provider in providers}
    for provider in known.values():
        for name in provider.services.register:
            owner, _, certificate = name.partition(":")
            if owner in known and owner in certificates:
                shown, issuer = certificates[owner], known[owner].certificate(certificate).issuer
                for other, der in shown.items():
                    if _holder(der) == _holder(shown[certificate]):
                        one = Registered(name=f"{owner}:{other}", certificate=der, issuer=shown[issuer])
                        yield issue(provider, keys), one


def _holder(certificate: bytes) -> tuple[bytes, bytes, bytes]:
    parts = certificate_parts(certificate)
    return parts.subject, parts.spki, parts.issuer


def register_turns(issued: Issued, one: Registered) -> tuple[datetime, ...]:
    """Whole seconds from which the register says something else about a certificate, in order."""
    specs = [spec for spec in issued.specs.values() if spec.role == "ocsp"]
    edges = [turn for spec in specs for turn in (first_second(spec.not_before), second_after(spec.not_after))]
    begin = first_second(parse_certificate(one.certificate).not_before)
    turns = {*edges, begin, *ocsp_turns(issued.provider.services.events, one.name)}
    return tuple(sorted(turn for turn in turns if turn is not None))


def register_answer(issued: Issued, one: Registered, at: datetime) -> Published | None:
    """What the register says of a certificate as of a time; None: nothing, before the certificate begins or while nobody may answer.

    The service is `provider/ocsp/register`. Raises InputError for an unknown digest in `services.ocsp_hash`.
    """
    at = at.astimezone(UTC).replace(microsecond=0)
    parsed, parts = parse_certificate(one.certificate), certificate_parts(one.certificate)
    ca = issued.spec(issued.provider.anchors[0])
    if at < parsed.not_before or direct_responder(issued, ca, at) is None:
        return None
    subject = Subject(one.name, parts.serial, parsed.not_before, None, ca)
    asked = Asked(
        serial=parts.serial, subject=subject, certificate_id=certificate_id_under(issued, one.issuer, parts.serial)
    )
    since, until = window(at, register_turns(issued, one))
    return Published(
        service=f"{issued.provider.id}/ocsp/register",
        kind="ocsp",
        der=ocsp_response(issued, ca, (asked,), at),
        at=at,
        since=since,
        until=until,
    )
