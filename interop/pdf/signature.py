"""One signature of a PDF: dictionary and CMS together as facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from interop.cms.observe import CmsObservation, observe_signed_data
from interop.cms.parse import strip_padding
from interop.crypto.digests import digest_bytes
from interop.model.certificate import Finding
from interop.model.errors import InputError
from interop.model.facts import Algorithm, SignatureFacts
from interop.pdf.containers import Container
from interop.pdf.coverage import content_of, coverage_of
from interop.pdf.permissions import certification_of
from interop.pdf.scan import ScannedSignature, covered_bytes
from interop.pdf.store import Store

__all__ = ["observe_signature"]

_DATE = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:(Z)|([+-])(\d{2})'?(\d{2})?)?")
_FORMATS = {"ETSI.CAdES.detached": "PAdES", "adbe.pkcs7.detached": "PKCS7", "adbe.pkcs7.sha1": "PKCS7"}
_SHA1_INSIDE = "adbe.pkcs7.sha1"
_SEAL = b"\x16\x02ES"
"""IA5String `ES`, with which the header of an electronic seal begins (GB/T 38540)."""
_BARE_VALUE = "adbe.x509.rsa_sha1"


def observe_signature(
    data: bytes,
    container: Container,
    name: str,
    store: Store | None,
    carried: tuple[bytes, ...],
    *,
    sm2_ids: Sequence[str] = (),
) -> tuple[SignatureFacts, CmsObservation | None]:
    """Facts of one signature, its level not yet set, and what its CMS holds (None where it cannot be read).

    `carried`: certificates known from elsewhere in the file. `sm2_ids`: further SM2 IDs to try.
    """
    scan = container.scan
    coverage, revision = coverage_of(data, container, store)
    cms, trouble = _cms(data, container, name, carried, revision, sm2_ids=sm2_ids)
    claimed = cms.claimed_time if cms is not None else None
    claimed_by = "signing-time" if claimed is not None else None
    if claimed is None:
        claimed = _moment(scan.signing_time)
        claimed_by = "/M" if claimed is not None else None
    facts = SignatureFacts(
        id=name,
        format=_FORMATS.get(scan.subfilter or "", "unknown"),
        level=None,
        algorithm=Algorithm(signature="", name=None, digest=""),
        covers=coverage,
        subfilter=scan.subfilter,
        field=container.field,
        claimed_time=claimed,
        claimed_by=claimed_by,
        certification=_certification(container, store),
        revision=revision,
        findings=tuple(dict.fromkeys([*container.findings, *trouble, *_pades(scan, cms)])),
    )
    if cms is None:
        return facts, None
    references = cms.references
    if covered_bytes(data, scan.byte_range) is None:
        references = tuple(replace(reference, ok=None, why="target-not-found") for reference in references)
    findings = cms.findings
    if scan.subfilter == _SHA1_INSIDE:
        findings = tuple(f for f in findings if f.code != "container.content-attached")
    full = replace(
        facts,
        format="GM" if cms.family == "gm" else facts.format,
        algorithm=cms.algorithm,
        references=references,
        value=cms.value,
        certificates=cms.certificates,
        bound_by=cms.bound_by,
        content_types=cms.content_types,
        policy=cms.policy,
        policy_digest=cms.policy_digest,
        attributes=cms.attributes,
        unsigned_attributes=cms.unsigned_attributes,
        tokens=tuple(token.id for token in cms.tokens if token.kind == "signature"),
        findings=tuple(dict.fromkeys([*facts.findings, *findings])),
    )
    return full, cms


def _cms(
    data: bytes,
    container: Container,
    name: str,
    carried: tuple[bytes, ...],
    revision: int | None,
    *,
    sm2_ids: Sequence[str],
) -> tuple[CmsObservation | None, tuple[Finding, ...]]:
    scan = container.scan
    if scan.contents is None or scan.subfilter == _BARE_VALUE:
        return None, ()
    content = content_of(data, container)
    signed: Callable[[], bytes] = content
    if scan.subfilter == _SHA1_INSIDE:
        signed = lambda: digest_bytes("sha1", content())  # noqa: E731 - ISO 32000-2 12.8.3.3.1: the content is that digest
    try:
        cms = observe_signed_data(
            strip_padding(scan.contents),
            signature_id=name,
            content_digest=lambda digest: digest_bytes(digest, signed()),
            content=signed,
            extra_certificates=carried,
            revision=revision,
            sm2_ids=sm2_ids,
        )
    except InputError as error:
        detail = "; ".join(problem.what for problem in error.problems) or error.message
        if _SEAL in scan.contents[:64]:
            detail = f"an electronic seal (SES, GB/T 38540), which is not handled; {detail}"
        return None, (Finding(code="container.cms-unreadable", detail=detail),)
    except Exception as error:  # noqa: BLE001 - hostile CMS must cost one finding with its text, never the run
        return None, (Finding(code="container.observer-failed", detail=f"{type(error).__name__}: {error}"),)
    return cms, ()


def _moment(text: str | None) -> datetime | None:
    """A PDF date (ISO 32000-2 7.9.4); without zone it is read as UTC. None where it is none."""
    match = _DATE.match(text or "")
    if match is None:
        return None
    parts = [
        int(part) if part else default for part, default in zip(match.groups()[:6], (1, 1, 1, 0, 0, 0), strict=True)
    ]
    zone: timezone = UTC
    try:
        if match[8]:
            shift = timedelta(hours=int(match[9]), minutes=int(match[10] or 0))
            zone = timezone(shift if match[8] == "+" else -shift)
        year, month, day, hour, minute, second = parts
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _certification(container: Container, store: Store | None) -> int | None:
    """DocMDP level, as of the revision that holds the signature."""
    scan = container.scan
    if store is None or scan.number is None or container.revision is None or not scan.direct:
        return scan.doc_mdp
    view = store.view(container.revision - 1)
    return certification_of(view, store.get(scan.number[0], view))


def _pades(scan: ScannedSignature, cms: CmsObservation | None) -> list[Finding]:
    """What EN 319 142-1 6.3 asks of the dictionary, and what it forbids beside it."""
    if scan.subfilter != "ETSI.CAdES.detached":
        return []
    found = []
    if scan.signing_time is None:
        found.append(Finding(code="format.pades-signing-time-missing", detail="/M"))
    if "Cert" in scan.keys:
        found.append(Finding(code="format.pades-cert-entry", detail="/Cert"))
    if cms is not None and cms.claimed_time is not None:
        found.append(Finding(code="format.pades-signing-time-attribute", detail="1.2.840.113549.1.9.5"))
    return found
