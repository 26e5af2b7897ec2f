"""The bytes of CRLs as of a time: whole, divided by issuingDistributionPoint, indirect, and deltas (RFC 5280 section 5).

    crl(issued, "signer", at)                                the one that covers a certificate
    crl(issued, "signer", at, defect=CrlDefect.STALE)        with one thing wrong
    build_crl(issued, part, at, delta=True)                  one of `crl_parts`

A CRL is issued every `services.crl_period_hours`, counted from 1970 (deltas every `crl_delta_hours`), and knows the events up to its
thisUpdate. Its number is that of its period, counted in deltas where there are any, so that both are one sequence (section 5.2.3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from interop.model.errors import InputError, Problem, UsageError
from interop.model.hierarchy import CertificateSpec
from interop.model.profile import Services
from interop.model.status import CRL_REASONS
from interop.pki.crl_parts import CrlPart, crl_part
from interop.pki.defect import DAY, CrlDefect
from interop.pki.extensions import extension
from interop.pki.history import Standing, standing
from interop.pki.issue import Issued, authority_key, signature_identifier, signed
from interop.pki.names import directory_name, name, uri_name
from interop.pki.reissue import crl_update
from interop.x509 import der, oids

__all__ = ["build_crl", "crl", "flipped_last", "reason_number", "stand_in_signer"]

_REASON_NUMBERS = {reason: number for number, reason in CRL_REASONS.items()}
_UNKNOWN = "2.999.404"
"""An extension that does not exist."""
_ELSEWHERE = "http://crl.elsewhere.example/other.crl"


def crl(
    issued: Issued, certificate_id: str, at: datetime, *, delta: bool = False, defect: CrlDefect | None = None
) -> bytes:
    """The CRL (DER) that covers a certificate of the profile, as it is out at `at`, with one thing wrong where `defect` says so.

    Raises UsageError where none does, or before its issuer begins.
    """
    return build_crl(issued, crl_part(issued, certificate_id), at, delta=delta, defect=defect)


def reason_number(state: Standing) -> int:
    """CRLReason as a number. Raises InputError for a name that does not exist."""
    try:
        return _REASON_NUMBERS[state.reason]
    except KeyError:
        known = ", ".join(_REASON_NUMBERS)
        raise InputError(
            "services.events", (Problem(where="reason", what=f"unknown reason '{state.reason}' (one of {known})"),)
        ) from None


@dataclass(frozen=True, slots=True)
class _Dates:
    this_update: datetime
    next_update: datetime
    number: int
    base: datetime | None = None
    """Delta: thisUpdate of the complete CRL that it adds to."""
    base_number: int = 0


def _dates(services: Services, start: datetime, at: datetime, *, delta: bool) -> _Dates:
    period = timedelta(hours=services.crl_period_hours)
    this_update, number = crl_update(at, start, period)
    step = services.crl_delta_hours
    if step is not None and (step < 1 or services.crl_period_hours % step):
        what = f"{step} does not divide crl_period_hours ({services.crl_period_hours})"
        raise InputError("services", (Problem(where="crl_delta_hours", what=what),))
    number *= 1 if step is None else services.crl_period_hours // step
    if not delta:
        return _Dates(this_update, this_update + timedelta(days=services.crl_next_update_days), number)
    if step is None:
        raise UsageError("no delta CRLs are published (services.crl_delta_hours)")
    hours = timedelta(hours=step)
    changed, own = crl_update(at, start, hours)
    return _Dates(changed, changed + hours, own, this_update, number)


def build_crl(
    issued: Issued, part: CrlPart, at: datetime, *, delta: bool = False, defect: CrlDefect | None = None
) -> bytes:
    """One CRL (DER): the last that its issuer has out at `at`, or its delta.

    Raises UsageError before the issuer's validity and for a delta that is not published, InputError for services that cannot work.
    """
    services, (start, end) = issued.provider.services, (part.issuer.start, part.issuer.end)
    if at < start:
        raise UsageError(f"{issued.provider.id}:{part.issuer.spec.id} has no CRL before its validity")
    dates = _dates(services, start, min(at, end), delta=delta)
    if defect is CrlDefect.STALE:
        dates = _moved(dates, at - DAY - dates.next_update)
    elif defect is CrlDefect.FUTURE:
        dates = _moved(dates, at + DAY - dates.this_update)
    spec, key = part.issuer.spec, issued.key(part.issuer.spec.id)
    if defect is CrlDefect.NAMESAKE:
        spec = stand_in_signer(issued, spec)
        key = issued.key(spec.id)
    algorithm = signature_identifier(spec.key)
    entries = _entries(issued, part, dates)
    extensions = [
        extension(oids.EXTENSIONS["authority_key_identifier"], der.seq(der.implicit(0, authority_key(key, spec)))),
        extension(oids.CRL_NUMBER, der.integer(dates.number)) if defect is not CrlDefect.NO_NUMBER else b"",
        extension(oids.DELTA_CRL, der.integer(dates.base_number), critical=True) if dates.base is not None else b"",
        _issuing_point(part, defect),
        extension(_UNKNOWN, der.null(), critical=True) if defect is CrlDefect.UNKNOWN_CRITICAL else b"",
    ]
    tbs = der.seq(
        der.integer(1),
        algorithm,
        name(part.issuer.spec.subject),
        der.time(dates.this_update),
        der.time(dates.next_update) if defect is not CrlDefect.NO_NEXT_UPDATE else b"",
        der.seq(*entries) if entries else b"",
        der.explicit(0, der.seq(*extensions)),
    )
    made = signed(tbs, algorithm, key, spec.key)
    return flipped_last(made) if defect is CrlDefect.BAD_SIGNATURE else made


def _moved(dates: _Dates, by: timedelta) -> _Dates:
    return replace(dates, this_update=dates.this_update + by, next_update=dates.next_update + by)


def flipped_last(made: bytes) -> bytes:
    """The last bit changed: where a signature value stands last, it no longer verifies."""
    return made[:-1] + bytes((made[-1] ^ 1,))


def stand_in_signer(issued: Issued, spec: CertificateSpec) -> CertificateSpec:
    """Another certificate of the hierarchy, best no CA's, whose key can sign in place of this one's. Raises UsageError without."""
    own = issued.key(spec.id)
    others = [other for other in issued.specs.values() if issued.key(other.id).spki != own.spki]
    for other in sorted(others, key=lambda other: (other.key.kind != spec.key.kind, bool(other.extensions.ca))):
        if not issued.key(other.id).opaque:
            return other
    raise UsageError(f"{issued.provider.id} has no second key to sign with")


def _issuing_point(part: CrlPart, defect: CrlDefect | None) -> bytes:
    """issuingDistributionPoint, critical; nothing where the CRL is a complete one of its CA."""
    names = [directory_name(point.directory) for point in part.points if point.directory]
    names += [uri_name(uri) for uri in dict.fromkeys(uri for point in part.points for uri in point.uris)]
    if defect is CrlDefect.OTHER_POINT:
        names = [uri_name(_ELSEWHERE)]
    true = b"\xff"
    fields = (
        der.explicit(0, der.explicit(0, b"".join(names))) if names else b"",
        der.implicit(1, true) if part.only == "user" else b"",
        der.implicit(2, true) if part.only == "ca" else b"",
        der.implicit(4, true) if part.indirect else b"",
        der.implicit(5, true) if defect is CrlDefect.ATTRIBUTES_ONLY else b"",
    )
    if not any(fields):
        return b""
    return extension(oids.ISSUING_DISTRIBUTION_POINT, der.seq(*fields), critical=True)


def _entries(issued: Issued, part: CrlPart, dates: _Dates) -> list[bytes]:
    """revokedCertificates in order of issuer, time and serial; a delta has what differs from its base (section 5.2.4)."""
    events = issued.provider.services.events
    rows: list[tuple[bytes, datetime, int, Standing, CertificateSpec]] = []
    for subject in part.subjects:
        if subject.id is None:
            continue
        state = standing(events, subject.id, dates.this_update)
        if dates.base is not None:
            before = standing(events, subject.id, dates.base)
            if state == before:
                continue
            if state is None and before is not None:
                lifted = max(e.at for e in events if e.certificate == subject.id and e.at <= dates.this_update)
                state = Standing(since=lifted, reason="removeFromCRL")
        if state is not None:
            rows.append((name(subject.issuer.subject), state.since, subject.serial, state, subject.issuer))
    written: list[bytes] = []
    last = name(part.issuer.spec.subject)
    for issuer, since, serial, state, spec in sorted(rows, key=lambda row: (row[0] != last, *row[:3])):
        extensions = _entry_extensions(state)
        if issuer != last:
            extensions += extension(oids.CERTIFICATE_ISSUER, der.seq(directory_name(spec.subject)), critical=True)
            last = issuer
        written.append(der.seq(der.integer(serial), der.time(since), der.seq(extensions) if extensions else b""))
    return written


def _entry_extensions(state: Standing) -> bytes:
    found = b""
    if state.reason != "unspecified":
        found += extension(oids.REASON_CODE, der.enumerated(reason_number(state)))
    if state.invalid_since is not None:
        found += extension(oids.INVALIDITY_DATE, der.generalized_time(state.invalid_since.replace(microsecond=0)))
    return found
