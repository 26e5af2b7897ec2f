"""What a provider's status services give as of a time: CRLs (RFC 5280 section 5) and OCSP answers (RFC 6960).

    for answer in publish(issued, at):
        answer.service, answer.kind, answer.der

Answers depend on profile, keys and time alone. A CRL is issued every `services.crl_period_hours`, counted from 1970, and knows the
events up to its thisUpdate; an OCSP answer is made at the very time asked for. A CA is silent before its certificate begins;
after its end its last CRL stays what it was, and there are no more OCSP answers.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from interop.crypto.digests import digest_bytes
from interop.crypto.table import digest
from interop.model.errors import InputError, Problem
from interop.model.hierarchy import CertificateSpec
from interop.model.status import CRL_REASONS
from interop.pki.extensions import extension, key_id
from interop.pki.history import Standing, standing
from interop.pki.issue import Issued, authority_key, signature_identifier, signed, spki
from interop.pki.names import name
from interop.pki.reissue import crl_turns, crl_update, first_second, ocsp_turns, second_after, window
from interop.x509 import der
from interop.x509.certificate import certificate_parts, parse_certificate
from interop.x509.oids import CRL_NUMBER, EXTENSIONS, OCSP_BASIC, REASON_CODE

__all__ = ["Published", "publish"]

_KEPT = 512
_REASON_NUMBERS = {reason: number for number, reason in CRL_REASONS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One answer of one service."""

    service: str
    """`provider/crl/<ca>` or `provider/ocsp/<ca>`."""
    kind: Literal["crl", "ocsp"]
    der: bytes
    """The CRL or the OCSPResponse."""
    at: datetime
    """The time as of which the service gives it."""
    certificate: str | None = None
    """OCSP: id of the certificate that it is about; None for a certificate that the caller brought along."""
    since: datetime | None = None
    until: datetime | None = None
    """Over `[since, until)` the service gives the same but for routine reissue (`model.knowledge.Evidence`); None and None: this
    answer is not reissued, and stale."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """A certificate that has a status: id in the profile (None for a guest), serial and first instant."""

    id: str | None
    serial: int
    not_before: datetime


def _subjects(
    issued: Issued, ca: CertificateSpec, also: Iterable[bytes]
) -> Iterator[tuple[_Subject, CertificateSpec | None]]:
    """Everything that a CA has issued: certificates of the profile under that name and key, and guests under its name."""
    for spec in issued.specs.values():
        if spec.issuer != spec.id and _entity(issued, spec.issuer) == _entity(issued, ca.id):
            yield _Subject(spec.id, certificate_parts(issued.certificates[spec.id]).serial, spec.not_before), spec
    issuer_name = name(ca.subject)
    for guest in also:
        parts = certificate_parts(guest)
        if parts.issuer == issuer_name:
            yield _Subject(None, parts.serial, parse_certificate(guest).not_before), None


def _entity(issued: Issued, ca_id: str) -> tuple[bytes, bytes]:
    """A CA is a name with a key; several certificates may show it (cross-certificates, renewals)."""
    return name(issued.spec(ca_id).subject), issued.key(ca_id).spki


def _authorities(issued: Issued) -> tuple[tuple[CertificateSpec, datetime, datetime], ...]:
    """Every CA once, under its first certificate, with the span over which any of its certificates is valid."""
    found: dict[tuple[bytes, bytes], tuple[CertificateSpec, datetime, datetime]] = {}
    for spec in issued.specs.values():
        if spec.role in ("root", "ca"):
            first, start, end = found.get(_entity(issued, spec.id), (spec, spec.not_before, spec.not_after))
            found[_entity(issued, spec.id)] = first, min(start, spec.not_before), max(end, spec.not_after)
    return tuple(found.values())


def _crl(issued: Issued, ca: CertificateSpec, start: datetime, at: datetime, also: Iterable[bytes]) -> bytes:
    """The CRL that a CA has out at a time within its validity."""
    services = issued.provider.services
    this_update, number = crl_update(at, start, timedelta(hours=services.crl_period_hours))
    entries = []
    for subject, _ in _subjects(issued, ca, also):
        state = None if subject.id is None else standing(services.events, subject.id, this_update)
        if state is not None:
            reason = b""
            if state.reason != "unspecified":
                reason = der.seq(extension(REASON_CODE, der.enumerated(_reason(state))))
            entries.append((state.since, der.seq(der.integer(subject.serial), der.time(state.since), reason)))
    key = issued.key(ca.id)
    algorithm = signature_identifier(ca.key)
    identifier = der.seq(der.implicit(0, authority_key(key, ca)))
    tbs = der.seq(
        der.integer(1),
        algorithm,
        name(ca.subject),
        der.time(this_update),
        der.time(this_update + timedelta(days=services.crl_next_update_days)),
        der.seq(*(entry for _, entry in sorted(entries))) if entries else b"",
        der.explicit(
            0,
            der.seq(
                extension(EXTENSIONS["authority_key_identifier"], identifier),
                extension(CRL_NUMBER, der.integer(number)),
            ),
        ),
    )
    return signed(tbs, algorithm, key, ca.key)


def _reason(state: Standing) -> int:
    try:
        return _REASON_NUMBERS[state.reason]
    except KeyError:
        known = ", ".join(_REASON_NUMBERS)
        raise InputError(
            "services.events", (Problem(where="reason", what=f"unknown reason '{state.reason}' (one of {known})"),)
        ) from None


def _responder(issued: Issued, ca: CertificateSpec, at: datetime) -> CertificateSpec | None:
    """The certificate of role `ocsp` that the CA itself has issued and that is valid then (RFC 6960 section 4.2.2.2)."""
    if not issued.provider.services.ocsp_delegated:
        return None
    for spec in issued.specs.values():
        direct = spec.role == "ocsp" and _entity(issued, spec.issuer) == _entity(issued, ca.id)
        if direct and spec.not_before <= at <= spec.not_after:
            return spec
    return None


def _asked(spec: CertificateSpec | None) -> bool:
    """Whether anybody asks for the status of a certificate by OCSP: not for a responder that says id-pkix-ocsp-nocheck."""
    return spec is None or not spec.extensions.ocsp_nocheck


def _answered_by_ca(issued: Issued, spec: CertificateSpec | None) -> bool:
    """Whether a CA without responder answers itself: where it is told to, or the certificate says so, or there is no CRL."""
    services = issued.provider.services
    names_service = (
        spec is not None and spec.extensions.authority_info is not None and spec.extensions.authority_info.ocsp
    )
    return not services.ocsp_delegated or bool(names_service) or not services.crl


def _certificate_id(issued: Issued, ca: CertificateSpec, serial: int) -> bytes:
    """CertID: digests of the issuer's name and of its public key bits (RFC 6960 section 4.1.1)."""
    algorithm = digest(issued.provider.services.ocsp_hash)
    if algorithm is None:
        what = f"unknown digest '{issued.provider.services.ocsp_hash}'"
        raise InputError(issued.provider.id, (Problem(where="services.ocsp_hash", what=what),))
    bits = certificate_parts(issued.certificates[ca.id]).key_bits
    return der.seq(
        der.algorithm(algorithm.oid, der.null()),
        der.octet_string(digest_bytes(algorithm.name, name(ca.subject))),
        der.octet_string(digest_bytes(algorithm.name, bits)),
        der.integer(serial),
    )


def _ocsp(
    issued: Issued, ca: CertificateSpec, responder: CertificateSpec | None, subject: _Subject, at: datetime
) -> bytes:
    """One OCSPResponse about one certificate: by key hash from a delegated responder, by name from the CA itself."""
    services = issued.provider.services
    signer = responder or ca
    key = issued.key(signer.id)
    state = None if subject.id is None else standing(services.events, subject.id, at)
    status = der.implicit(0, b"")
    if state is not None:
        reason = b""
        if state.reason != "unspecified":
            reason = der.explicit(0, der.enumerated(_reason(state)))
        status = der.explicit(1, der.generalized_time(state.since) + reason)
    single = der.seq(
        _certificate_id(issued, ca, subject.serial),
        status,
        der.generalized_time(at),
        der.explicit(0, der.generalized_time(at + timedelta(hours=services.ocsp_validity_hours))),
    )
    if responder is None:
        responder_id = der.explicit(1, name(ca.subject))
    else:
        responder_id = der.explicit(2, der.octet_string(key_id(spki(key, signer.key))))
    data = der.seq(responder_id, der.generalized_time(at), der.seq(single))
    algorithm = signature_identifier(signer.key)
    value = key.sign(signer.key.signature, data, sm2_id=signer.key.sm2_id)
    carried = b"" if responder is None else der.explicit(0, der.seq(issued.certificates[responder.id]))
    basic = der.seq(data, algorithm, der.bit_string(value), carried)
    return der.seq(der.enumerated(0), der.explicit(0, der.seq(der.oid(OCSP_BASIC), der.octet_string(basic))))


_published: OrderedDict[tuple[int, datetime, tuple[bytes, ...]], tuple[Issued, tuple[Published, ...]]] = OrderedDict()
"""Answers given; each keeps its hierarchy alive, so that the identity in its key stays its own."""


def publish(issued: Issued, at: datetime, *, also: Iterable[bytes] = ()) -> tuple[Published, ...]:
    """All status answers of a provider as of a time (whole seconds), CRL and OCSP of one CA after the other.

    `also` are further certificates of its CAs, such as signer variants: always good, and answered for by OCSP too. The last answers
    are kept in memory. Raises InputError for a profile whose services cannot work (unknown digest or reason).
    """
    at = at.astimezone(UTC).replace(microsecond=0)
    slot = (id(issued), at, tuple(also))
    if slot not in _published:
        _published[slot] = issued, tuple(_answers(issued, at, slot[2]))
        if len(_published) > _KEPT:
            _published.popitem(last=False)
    return _published[slot][1]


def _turns(
    issued: Issued, ca: CertificateSpec, start: datetime, end: datetime, also: tuple[bytes, ...]
) -> Iterator[datetime | None]:
    """When any service of a CA begins or ends, or another responder answers: no answer of the CA is reissued across."""
    yield first_second(start)
    yield second_after(end)
    if not issued.provider.services.ocsp:
        return
    for subject, spec in _subjects(issued, ca, also):
        yield first_second(subject.not_before)
        if spec is not None and spec.role == "ocsp":
            yield second_after(spec.not_after)


def _crl_window(
    issued: Issued, ca: CertificateSpec, span: tuple[datetime, datetime], at: datetime, also: tuple[bytes, ...]
) -> tuple[datetime | None, datetime | None]:
    """Over which a CA, valid over `span`, has a CRL with these entries out that is not past its nextUpdate."""
    services, (start, end) = issued.provider.services, span
    period = timedelta(hours=services.crl_period_hours)
    this_update, _ = crl_update(min(at, end), start, period)
    next_update = this_update + timedelta(days=services.crl_next_update_days)
    if at >= next_update:
        return None, None
    names = [subject.id for subject, _ in _subjects(issued, ca, also) if subject.id is not None]
    turns = [*_turns(issued, ca, start, end, also), *crl_turns(services.events, names, start, period)]
    if at > end or this_update + period > next_update:
        turns += [this_update, next_update]
    return window(at, turns)


def _answers(issued: Issued, at: datetime, also: tuple[bytes, ...]) -> Iterator[Published]:
    services = issued.provider.services
    for ca, start, end in _authorities(issued):
        if at < start:
            continue
        if services.crl:
            crl = _crl(issued, ca, start, min(at, end), also)
            since, until = _crl_window(issued, ca, (start, end), at, also)
            service = f"{issued.provider.id}/crl/{ca.id}"
            yield Published(service=service, kind="crl", der=crl, at=at, since=since, until=until)
        if not services.ocsp or at > end:
            continue
        responder = _responder(issued, ca, at)
        turns = tuple(_turns(issued, ca, start, end, also))
        for subject, spec in _subjects(issued, ca, also):
            if subject.not_before > at or not _asked(spec) or (responder is None and not _answered_by_ca(issued, spec)):
                continue
            response = _ocsp(issued, ca, responder, subject, at)
            own = () if subject.id is None else ocsp_turns(services.events, subject.id)
            since, until = window(at, (*turns, *own)) if services.ocsp_validity_hours > 0 else (None, None)
            yield Published(
                service=f"{issued.provider.id}/ocsp/{ca.id}",
                kind="ocsp",
                der=response,
                at=at,
                certificate=subject.id,
                since=since,
                until=until,
            )
