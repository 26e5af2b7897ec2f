"""The layer `revocation`: the status of every certificate of a path, and what it means under the validity model."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from interop.model.certificate import Certificate
from interop.model.instant import Interval, format_instant
from interop.model.layers import Cause
from interop.model.verdict import Path
from interop.validation.lookup import Lookup
from interop.validation.moment import Moment, widen
from interop.validation.revocation import Status, StatusSources, status_of
from interop.validation.rfc5280 import ValidityModel
from interop.validation.status_scope import Subject

__all__ = ["path_status", "sources_for", "stands", "status_over"]

_NO_NEED = {"0.4.0.194121.2.1": "validity assured, short term", "2.5.29.56": "noRevAvail"}
"""Extensions by which the issuer says that no status is published (EN 319 412-1 section 5.2; RFC 9608)."""
_COMPROMISING = frozenset({"keyCompromise", "cACompromise", "aACompromise", None})
"""Reasons (None: not stated) after which the dates that a key has signed say nothing: also what it is said to have issued before."""


def sources_for(sources: StatusSources, model: ValidityModel, below: Certificate | None) -> StatusSources:
    """For one certificate of a path, which issued `below` (None: the signer itself).

    Under the chain model an issuer is asked about when it issued: an answer given since then is fresh.
    """
    if below is None:
        return sources
    if model == "chain":
        return replace(sources, proof=below.not_before, later_than=None)
    return sources if sources.later_than is None else replace(sources, later_than=None)


def stands(status: Status, sources: StatusSources, model: ValidityModel, below: Certificate | None) -> bool:
    """Whether a certificate that is revoked or suspended by now was good at the time that counts for it.

    Chain model: it was when it issued `below`, unless its key fell into other hands: then that date proves nothing.
    """
    if sources.proof is None or status.date is None or status.date <= sources.proof:
        return False
    return below is None or model != "chain" or status.reason not in _COMPROMISING


def status_over(
    lookup: Lookup, path: Path, sources: StatusSources, at: datetime, model: ValidityModel = "shell"
) -> tuple[tuple[Cause, ...], Interval]:
    """The reasons at a time, and the whole span around it over which they are the same, whatever changes behind them."""

    def ask(moment: Moment) -> tuple[tuple[Cause, ...], tuple[tuple[str, ...], ...]]:
        return _walk(lookup, path, sources, moment, model)

    key = ("path status", path, model, sources.key())
    (causes, _), span = lookup.remember_over(key, at, lambda: widen(ask, at))
    return causes, span


def path_status(
    lookup: Lookup, path: Path, sources: StatusSources, moment: Moment, model: ValidityModel = "shell"
) -> tuple[Cause, ...]:
    """Reasons of the layer for every certificate of a path but its last, which is the anchor. Narrows `moment`."""
    return _walk(lookup, path, sources, moment, model)[0]


def _walk(
    lookup: Lookup, path: Path, sources: StatusSources, moment: Moment, model: ValidityModel
) -> tuple[tuple[Cause, ...], tuple[tuple[str, ...], ...]]:
    """Beside the reasons, for every certificate the services whose answer is not known then (`Status.unknown`): what is the same
    with and without them is not joined."""
    unknown: list[tuple[str, ...]] = []
    causes: list[Cause] = []
    for index, certificate_id in enumerate(path.certificates[:-1]):
        certificate, issuer = lookup.certificate(certificate_id), lookup.certificate(path.certificates[index + 1])
        if certificate is None or issuer is None:
            continue
        exempt = next(
            (name for oid, name in _NO_NEED.items() if any(oid == o for o, _ in certificate.extensions)), None
        )
        if exempt is not None:
            causes.append(Cause(code="revocation.not-published", detail=f"{certificate.subject.text}: {exempt}"))
            continue
        above = Path(certificates=path.certificates[index + 1 :])
        subject = Subject(certificate=certificate, issuer=issuer, above=above)
        below = lookup.certificate(path.certificates[index - 1]) if index else None
        own = sources_for(sources, model, below)
        status, span = status_of(lookup, subject, own, moment.at)
        moment.narrow(span)
        unknown.append(lookup.doubts(moment.at, status.unknown))
        if below is not None and model == "chain" and stands(status, own, model, below):
            causes.append(Cause(code="revocation.ca-revoked-after-use", detail=_since(status, certificate)))
        elif below is not None and model == "chain":
            causes.extend(_causes(status, certificate, replace(own, proof=None), is_signer=False))
        else:
            causes.extend(_causes(status, certificate, own, is_signer=index == 0))
    return tuple(dict.fromkeys(causes)), tuple(unknown)


def _since(status: Status, certificate: Certificate) -> str:
    since = "" if status.date is None else format_instant(status.date)
    return f"{certificate.subject.text}: {status.kind} {since} ({status.reason or 'no reason stated'})"


def _causes(status: Status, certificate: Certificate, sources: StatusSources, *, is_signer: bool) -> list[Cause]:
    subject = certificate.subject.text
    causes = [Cause(code=note.code, detail=note.detail) for note in status.notes]
    if status.kind in ("revoked", "suspended"):
        detail = _since(status, certificate)
        if sources.proof is not None and status.date is not None and sources.proof < status.date:
            causes.append(Cause(code="revocation.revoked-after-proof", detail=detail))
        elif status.kind == "suspended":
            causes.append(Cause(code="revocation.suspended", detail=detail))
        elif not is_signer:
            causes.append(Cause(code="revocation.ca-revoked", detail=detail))
        elif sources.proof is None:
            causes.append(Cause(code="revocation.revoked-no-poe", detail=detail))
        else:
            causes.append(Cause(code="revocation.revoked", detail=detail))
    elif status.kind == "unknown" and sources.rules.required:
        for problem in status.problems:
            causes.append(Cause(code=problem.code, detail=problem.detail))
        if not status.problems:
            causes.append(Cause(code="revocation.no-evidence", detail=subject))
    return causes
