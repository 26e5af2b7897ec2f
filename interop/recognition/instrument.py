"""One instrument against one signature: in force, within its scope, and admitted by one of its entries.

Trust and agreement ask the same questions of an entry, so that a condition that fails, fails both alike; only the codes differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from interop.model.certificate import ObjectId
from interop.model.instant import Interval, format_instant
from interop.model.verdict import Path, Technical
from interop.recognition.condition import Miss, missed_conditions
from interop.recognition.context import RecognitionContext, ResolvedAgreement, ResolvedEntry
from interop.validation.lookup import Lookup
from interop.validation.moment import Moment
from interop.validation.path import build_paths, leads_through, longest_path

__all__ = [
    "Admission",
    "Moments",
    "admissions",
    "entry_paths",
    "moments",
    "not_granted",
    "out_of_scope",
    "when_missed",
]


@dataclass(frozen=True, slots=True)
class Moments:
    """The two instants that count for an instrument."""

    signature: Moment
    """Best signature time: fixed where it is proven, else the validation time."""
    validation: Moment

    @property
    def holds(self) -> Interval:
        """Over which validation times every comparison so far comes out as it did."""
        return self.signature.holds & self.validation.holds


def moments(technical: Technical, context: RecognitionContext) -> Moments:
    """Fresh moments for one question."""
    return Moments(
        Moment(technical.best_time, floating=not technical.proven),
        Moment(context.at),
    )


def _missed(spans: Iterable[Interval], moment: Moment, what: str) -> Miss | None:
    """None where the moment lies in one of the spans, which are in order and do not overlap."""
    begun = False
    detail = f"{what} at {format_instant(moment.at)}"
    for span in spans:
        if moment.inside(span):
            return None
        if span.start is not None and not moment.reached(span.start):
            slug = "no-longer-in-force" if begun else "not-yet-in-force"
            return Miss(slug=slug, detail=f"{detail}; in force from {format_instant(span.start)}")
        begun = True
        if span.end is not None:
            detail = f"{what} at {format_instant(moment.at)}; in force until {format_instant(span.end)}"
    return Miss(slug="no-longer-in-force" if begun else "not-yet-in-force", detail=detail)


def when_missed(agreement: ResolvedAgreement, when: Moments) -> Miss | None:
    """Why the instrument is not in force at the best signature time or at validation; None: it is at both."""
    spans = agreement.agreement.in_force()
    return _missed(spans, when.signature, "signature") or _missed(spans, when.validation, "validation")


def not_granted(path: Path, context: RecognitionContext, when: Moments, lookup: Lookup) -> Miss | None:
    """Why a listed service on the path does not count: it is not granted both at issuance of the signer's certificate and at best
    signature time (TS 119 615 clause 4.4). None: all are, or none is listed."""
    signer = lookup.certificate(path.certificates[0])
    if signer is None or not context.services:
        return None
    for name in path.certificates[1:]:
        certificate = lookup.certificate(name)
        spans = (
            None if certificate is None else context.services.get((certificate.subject.normal, certificate.key.digest))
        )
        if certificate is None or spans is None:
            continue
        if not any(signer.not_before in span for span in spans):
            at = f"at issuance, {format_instant(signer.not_before)}"
        elif not any(when.signature.inside(span) for span in spans):
            at = f"at best signature time, {format_instant(when.signature.at)}"
        else:
            continue
        return Miss(slug="service-not-granted", detail=f"{certificate.subject.text} {at}")
    return None


def out_of_scope(agreement: ResolvedAgreement, context: RecognitionContext) -> Miss | None:
    """Why the document is not among those that the instrument covers; None: it is."""
    scope = agreement.agreement.scope
    if not scope or context.document in scope:
        return None
    asked = " ".join(kind.value for kind in scope)
    if context.document is None:
        return Miss(slug="document-kind-unknown", detail=f"covers {asked}")
    return Miss(slug="out-of-scope", detail=f"document is {context.document.value}; covers {asked}")


def entry_paths(
    entry: ResolvedEntry, signer: ObjectId, own: frozenset[ObjectId], barred: frozenset[ObjectId], lookup: Lookup
) -> tuple[Path, ...]:
    """Paths from the signer that the entry admits: through its issuer and cross-certificate, to its anchor.

    Without an anchor the issuer is the service and ends the path; a cross-certificate alone leads to the party's own
    anchors (`own`). No path goes through a certificate that is `barred`.
    """
    if entry.anchor is not None:
        ends = frozenset({entry.anchor})
    elif entry.issuer is not None and entry.cross_certificate is None:
        ends = frozenset({entry.issuer})
    elif entry.cross_certificate is not None:
        ends = own or frozenset({longest_path(lookup, entry.cross_certificate).anchor})
    else:
        return ()
    return tuple(
        path
        for path in build_paths(lookup, signer, ends)
        if (entry.issuer is None or path.certificates[1:2] == (entry.issuer,))
        and (entry.cross_certificate is None or entry.cross_certificate in path.certificates)
        and not leads_through(path, barred, lookup)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """An entry that a path from the signer leads to, and what of it does not hold."""

    entry: ResolvedEntry
    paths: tuple[Path, ...]
    misses: tuple[Miss, ...]


def admissions(
    agreement: ResolvedAgreement,
    technical: Technical,
    context: RecognitionContext,
    when: Moments,
    lookup: Lookup,
) -> Iterator[Admission]:
    """Every entry that names an anchor, issuer or cross-certificate of the signer's, with the conditions it misses."""
    signer = technical.signer
    certificate = None if signer is None else lookup.certificate(signer)
    if signer is None or certificate is None:
        return
    opened = {entry.cross_certificate for entry in agreement.entries}
    barred = context.cross_certificates - opened
    for entry in agreement.entries:
        paths = entry_paths(entry, signer, context.anchors, barred, lookup)
        if not paths:
            continue
        misses = list(missed_conditions(entry.entry.condition, certificate, technical.identity))
        window = entry.entry.window
        if not when.signature.inside(window):
            begun = window.start is None or when.signature.reached(window.start)
            edge = window.end if begun else window.start
            word = "until" if begun else "from"
            misses.append(
                Miss(
                    slug="window-ended" if begun else "window-not-begun",
                    detail=f"signature at {format_instant(when.signature.at)}; recognised {word} "
                    f"{'' if edge is None else format_instant(edge)}",
                )
            )
        if entry.entry.receipt is not None:
            misses.append(Miss(slug="receipt", detail=f"no receipt of {entry.entry.receipt}"))
        yield Admission(entry=entry, paths=paths, misses=tuple(misses))
