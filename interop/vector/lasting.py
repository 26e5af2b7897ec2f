"""From a time-stamped signature to one for the long term: B-LT, B-LTA, and a further archive round by another authority.

When things happen, counted from the claimed time of the signature:

    5 seconds   signature time-stamp               (B-T)
    1 hour      certificates and status answers    (B-LT)
    2 hours     archive time-stamp                 (B-LTA)
    `renewed`   the next archive time-stamp; an hour before it, status answers for the authority of the last one

In XML the last signature of the document is extended: what an earlier one gained, a later one over it would not have signed.
The store of a PDF belongs to the document, so that it holds what all of its signatures need.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from interop.model.errors import UsageError
from interop.model.formats import PDF_FORMATS, Format, Level
from interop.pdf.lasting import ValidationData
from interop.pdf.lasting import add_validation_data as add_to_pdf
from interop.pdf.scan import scan_signatures
from interop.pdf.sign import SUBFILTER_TIMESTAMP, PdfSignRequest, sign_pdf
from interop.pki.defect import StatusDefect
from interop.pki.evidence import PathEvidence, path_evidence
from interop.pki.issue import Issued
from interop.pki.tsa import timestamp
from interop.vector.catalogue import Made
from interop.vector.fates import FATES, twin
from interop.xml.lasting import ValidationValues, add_archive_timestamp
from interop.xml.lasting import add_validation_data as add_to_xml

__all__ = ["ARCHIVED", "COLLECTED", "Lasting", "lengthen"]

COLLECTED = timedelta(hours=1)
ARCHIVED = timedelta(hours=2)
_BEFORE = timedelta(hours=1)
"""How long before a further archive time-stamp its validation data are collected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """How long a signature shall last."""

    level: Level
    """B-LT or B-LTA."""
    renewed: timedelta | None = None
    """B-LTA: a second archive time-stamp this long after signing, by the provider's second time-stamping authority where it has one."""
    vri: bool = False
    """PDF: entries in /VRI for the signatures."""
    tsa: str | None = None
    """Certificate of the authority of the signature time-stamp and of the first archive time-stamp; None: that of the profile."""
    defects: Mapping[str, StatusDefect] = field(default_factory=dict)
    """Certificates whose status answer has one thing wrong."""


def lengthen(
    made: Made, issued: Issued, *, form: Format, certificates: tuple[str, ...], at: datetime, wanted: Lasting
) -> Made:
    """Extend a file signed at level B-T by the identities with those certificates of the provider, the last at the claimed time `at`.

    Raises UsageError for a provider whose services cannot give what the level needs, and for a renewal before the first round.
    """
    if wanted.renewed is not None and (wanted.level is not Level.B_LTA or wanted.renewed - _BEFORE < ARCHIVED):
        raise UsageError("only B-LTA is renewed, and later than its first archive time-stamp")
    tsa, second = _authorities(issued, wanted.tsa)
    data = made.data
    if form in PDF_FORMATS:
        contents = tuple(_contents(data)) if wanted.vri else ()
        held = path_evidence(issued, (*certificates, tsa), at + COLLECTED, defects=wanted.defects)
        data = _store(data, held, contents)
        if wanted.level is Level.B_LTA:
            data = _stamp_pdf(data, issued, tsa, at + ARCHIVED)
        if wanted.renewed is not None:
            data = _store(data, path_evidence(issued, (tsa,), at + wanted.renewed - _BEFORE))
            data = _stamp_pdf(data, issued, second, at + wanted.renewed)
        return Made(data=data, detached=made.detached)
    data = add_to_xml(
        data,
        _values(path_evidence(issued, certificates[-1:], at + COLLECTED, defects=wanted.defects)),
        timestamps=_values(path_evidence(issued, (tsa,), at + COLLECTED)),
    )
    if wanted.level is Level.B_LTA:
        data = _stamp_xml(data, made.detached, issued, tsa, at + ARCHIVED)
    if wanted.renewed is not None:
        later = path_evidence(issued, (tsa,), at + wanted.renewed - _BEFORE)
        data = add_to_xml(data, ValidationValues(), timestamps=_values(later))
        data = _stamp_xml(data, made.detached, issued, second, at + wanted.renewed)
    return Made(data=data, detached=made.detached)


def _authorities(issued: Issued, first: str | None) -> tuple[str, str]:
    """The time-stamping authority, and another one of the provider for the next round (its own where it has no other)."""
    own = issued.provider.services.tsa
    if own is None:
        raise UsageError(f"{issued.provider.id} has no time-stamping authority (services.tsa)")
    twins = {twin(own, fate) for fate in FATES}
    others = [spec.id for spec in issued.specs.values() if spec.role == "tsa" and spec.id not in {own, *twins}]
    return first or own, (others or [own])[0]


def _contents(data: bytes) -> Iterator[bytes]:
    for found in scan_signatures(data).signatures:
        if found.contents is not None:
            yield found.contents


def _store(data: bytes, evidence: PathEvidence, contents: tuple[bytes, ...] = ()) -> bytes:
    held = ValidationData(certificates=evidence.certificates, crls=evidence.crls, ocsps=evidence.ocsps)
    return add_to_pdf(data, held, contents=contents)


def _values(evidence: PathEvidence) -> ValidationValues:
    return ValidationValues(certificates=evidence.certificates, crls=evidence.crls, ocsps=evidence.ocsps)


def _stamp_pdf(data: bytes, issued: Issued, tsa: str, at: datetime) -> bytes:
    """A document time-stamp over the whole file (EN 319 142-1 clause 5.4.3)."""
    return sign_pdf(
        data,
        PdfSignRequest(
            subfilter=SUBFILTER_TIMESTAMP, cms=lambda covered: timestamp(issued, None, covered.data, at, tsa=tsa)
        ),
    )


def _stamp_xml(data: bytes, detached: bytes | None, issued: Issued, tsa: str, at: datetime) -> bytes:
    return add_archive_timestamp(data, lambda octets: timestamp(issued, None, octets, at, tsa=tsa), detached=detached)
