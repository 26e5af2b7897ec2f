"""The facts of a signed PDF: our own scan of the bytes first, then structure, CMS, validation data and later changes.

No file makes it raise: what is malformed, too large or not computable becomes a finding with its text. Digests are over the bytes
that the ByteRange names, whatever any parser makes of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO

from interop import __version__
from interop.cms.observe import CmsObservation, observe_signed_data
from interop.cms.parse import strip_padding
from interop.cms.token import TokenObservation, observe_token
from interop.crypto.digests import digest_bytes
from interop.model.certificate import Finding, ObjectId
from interop.model.errors import InputError, Unsupported
from interop.model.facts import (
    Algorithm, Change, Coverage, DocumentFacts, Facts, FoundAt, ObjectFact, Observation, SignatureFacts, TokenFacts,
)  # fmt: skip
from interop.pdf.changes import step_changes
from interop.pdf.compare import Budget, Exhausted
from interop.pdf.containers import Container, find_containers
from interop.pdf.dss import SecurityStore, read_security_store, vri_key
from interop.pdf.graph import fields
from interop.pdf.permissions import certification_of, rules_of
from interop.pdf.scan import ScannedSignature, covered_bytes, scan_signatures
from interop.pdf.store import PdfObject, Store
from interop.pdf.token import Malformed
from interop.x509.certificate import object_id

__all__ = ["observe_pdf"]

_ENGINE = f"embedded@{__version__}"
_PAIRS = 600_000
"""Pairs of objects compared at most in one file."""
_STEPS = 400
"""Pairs of revisions compared at most."""
_WHITE = b"\x00\t\n\x0c\r "
_DATE = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:(Z)|([+-])(\d{2})'?(\d{2})?)?")
_NO_ALGORITHM = Algorithm(signature="", name=None, digest="")


def observe_pdf(data: bytes, *, password: str | None = None) -> Observation:
    """All facts of one PDF file. `password` opens an encrypted one; it is needed only for what its streams hold."""
    scan = scan_signatures(data)
    store, findings = _open(data, password)
    found = find_containers(scan.signatures, store)
    if not scan.complete:
        findings.append(Finding(code="container.scan-incomplete"))
    findings += found.findings
    signatures = [c for c in found.containers if not c.scan.is_timestamp]
    keys = {vri_key(c.scan.contents): f"s{i}" for i, c in enumerate(signatures) if c.scan.contents is not None}
    dss = _security_store(store, keys, findings)
    known: dict[ObjectId, tuple[str, bytes]] = dict(dss.objects) if dss else {}
    places: dict[ObjectId, list[FoundAt]] = {i: list(p) for i, p in dss.places.items()} if dss else {}
    certificates = tuple(der for kind, der in known.values() if kind == "certificate")
    facts: list[SignatureFacts] = []
    tokens: dict[ObjectId, TokenFacts] = {}
    for index, container in enumerate(signatures):
        seen = _signature(data, container, f"s{index}", store, certificates, tokens, known, places)
        facts.append(seen)
    for container in found.containers:
        if container.scan.is_timestamp:
            _document_token(data, container, store, certificates, facts, tokens, known, places, findings)
    facts = [replace(s, level=_level(s, tokens, dss, known, places)) for s in facts]
    changes = _changes(data, store, facts, tokens, findings) if store is not None and (facts or tokens) else ()
    document = DocumentFacts(
        format="pdf", revisions=len(store.revisions) if store else 1, changes=changes,
        findings=tuple(dict.fromkeys(findings)), signature_fields=len(found.containers),
    )  # fmt: skip
    objects = tuple(
        ObjectFact(id=i, kind=known[i][0], found=tuple(dict.fromkeys(places.get(i, ())))) for i in sorted(known)
    )
    return Observation(
        facts=Facts(
            artifact=object_id(data), engine=_ENGINE, document=document, signatures=tuple(facts),
            tokens=tuple(tokens.values()), objects=objects,
        ),
        objects={identity: der for identity, (_, der) in known.items()},
    )  # fmt: skip


def _open(data: bytes, password: str | None) -> tuple[Store | None, list[Finding]]:
    findings: list[Finding] = []
    try:
        store = Store(data)
    except (Malformed, RecursionError) as error:
        return None, [Finding(code="container.pdf-structure-unreadable", detail=str(error))]
    if store.trouble:
        findings.append(Finding(code="container.cross-reference-broken", detail=store.trouble))
    if "Encrypt" in store.view(len(store.revisions) - 1).trailer.entries:
        findings += _unlock(store, password)
    return store, findings


def _unlock(store: Store, password: str | None) -> list[Finding]:
    """Give the store a decoder for an encrypted file; pyHanko does the decryption."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 - a third of a second, for encrypted files only
    from pyhanko.pdf_utils.crypt import AuthStatus  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    try:
        reader = PdfFileReader(BytesIO(store.data), strict=False)
        if reader.decrypt(password or "").status == AuthStatus.FAILED:
            what = "the password does not open the file" if password else "a password is needed"
            return [Finding(code="container.encrypted", detail=what)]
    except Exception as error:  # noqa: BLE001 - the library may raise anything on hostile input; its text is the finding
        return [Finding(code="container.encrypted", detail=f"{type(error).__name__}: {error}")]

    def decode(number: int, revision: int) -> bytes:
        try:
            section = store.revisions[revision].sections - 1
            found = reader.get_object(generic.Reference(number, 0, reader), revision=section)
            return bytes(found.data)
        except Exception as error:  # noqa: BLE001 - as above
            raise Malformed(f"stream {number}: {type(error).__name__}: {error}") from error

    store.decoder = decode
    return []


def _security_store(store: Store | None, keys: dict[str, str], findings: list[Finding]) -> SecurityStore | None:
    if store is None:
        return None
    dss = read_security_store(store, keys)
    findings += dss.findings
    return dss


# -- one signature ----------------------------------------------------------------------------------------------------


def _digests(data: bytes, scan: ScannedSignature) -> tuple[Callable[[str], bytes], Callable[[], bytes]]:
    covered = covered_bytes(data, scan.byte_range)

    def content() -> bytes:
        if covered is None:
            raise Unsupported("the ByteRange names no bytes of the file")
        return covered

    return lambda name: digest_bytes(name, content()), content


def _coverage(data: bytes, container: Container, store: Store | None) -> tuple[Coverage, int | None]:
    """What is covered, and the revision signed, from 1."""
    ranges = container.scan.byte_range
    pairs = tuple(zip(ranges[::2], ranges[1::2], strict=False)) if ranges else ()
    if not container.sound or ranges is None:
        return Coverage(whole=False, ranges=pairs), container.revision
    end = ranges[2] + ranges[3]
    if store is None:
        return Coverage(whole=not data[end:].strip(_WHITE), ranges=pairs), None
    for number, revision in enumerate(store.revisions, 1):
        if revision.end >= end:
            whole = not data[end : revision.marker].strip(_WHITE)
            return Coverage(whole=whole, ranges=pairs, revision_end=revision.end), number
    return Coverage(whole=True, ranges=pairs, revision_end=end), len(store.revisions)


def _signature(
    data: bytes, container: Container, signature_id: str, store: Store | None, certificates: tuple[bytes, ...],
    tokens: dict[ObjectId, TokenFacts], known: dict[ObjectId, tuple[str, bytes]], places: dict[ObjectId, list[FoundAt]],
) -> SignatureFacts:  # fmt: skip
    scan = container.scan
    findings = list(container.findings)
    coverage, revision = _coverage(data, container, store)
    cms = _cms(data, scan, signature_id, certificates, revision, findings)
    claimed, claimed_by = _claimed(scan, cms)
    findings += _pades_findings(scan, cms)
    common = {
        "id": signature_id, "covers": coverage, "subfilter": scan.subfilter, "field": container.field, "claimed_time": claimed,
        "claimed_by": claimed_by, "certification": _certification(container, store), "revision": revision, "level": None,
    }  # fmt: skip
    if cms is None:
        form = {"ETSI.CAdES.detached": "PAdES", "adbe.pkcs7.detached": "PKCS7"}.get(scan.subfilter or "", "unknown")
        return SignatureFacts(format=form, algorithm=_NO_ALGORITHM, findings=tuple(findings), **common)  # type: ignore[arg-type]
    for identity, found in cms.objects.items():
        known.setdefault(identity, found)
    for item in cms.found:
        places.setdefault(item.id, []).extend(item.found)
    for token in cms.tokens:
        tokens.setdefault(token.id, token)
    references = cms.references
    if covered_bytes(data, scan.byte_range) is None:
        references = tuple(replace(r, ok=None, why="target-not-found") if r.target == "bytes" else r for r in references)
    form = "GM" if cms.family == "gm" else "PAdES" if scan.subfilter == "ETSI.CAdES.detached" else "PKCS7"
    return SignatureFacts(
        format=form, algorithm=cms.algorithm, references=references, value=cms.value, certificates=cms.certificates,
        bound_by=cms.bound_by, content_types=cms.content_types, policy=cms.policy, policy_digest=cms.policy_digest,
        attributes=cms.attributes, unsigned_attributes=cms.unsigned_attributes,
        tokens=tuple(t.id for t in cms.tokens if t.kind == "signature"), findings=tuple(dict.fromkeys([*findings, *cms.findings])),
        **common,  # type: ignore[arg-type]
    )  # fmt: skip


def _cms(
    data: bytes, scan: ScannedSignature, signature_id: str, certificates: tuple[bytes, ...], revision: int | None,
    findings: list[Finding],
) -> CmsObservation | None:  # fmt: skip
    if scan.contents is None:
        return None
    digest, content = _digests(data, scan)
    try:
        return observe_signed_data(
            strip_padding(scan.contents), signature_id=signature_id, content_digest=digest, content=content,
            extra_certificates=certificates, revision=revision,
        )  # fmt: skip
    except InputError as error:
        findings.append(Finding(code="container.cms-unreadable", detail=error.problems[0].what if error.problems else error.message))
    except Exception as error:  # noqa: BLE001 - hostile CMS must cost one finding with its text, never the run
        findings.append(Finding(code="container.observer-failed", detail=f"{type(error).__name__}: {error}"))
    return None


def _document_token(
    data: bytes, container: Container, store: Store | None, certificates: tuple[bytes, ...], signatures: list[SignatureFacts],
    tokens: dict[ObjectId, TokenFacts], known: dict[ObjectId, tuple[str, bytes]], places: dict[ObjectId, list[FoundAt]],
    findings: list[Finding],
) -> None:  # fmt: skip
    """A document time-stamp: it covers the signatures, tokens and objects of all revisions up to its own."""
    scan = container.scan
    coverage, revision = _coverage(data, container, store)
    if scan.contents is None:
        findings.append(Finding(code="time.document-timestamp-malformed", detail=_codes(container)))
        return
    ranges = scan.byte_range
    end = ranges[2] + ranges[3] if container.sound and ranges is not None else 0
    covered: list[str] = [s.id for s in signatures if s.covers.ranges and sum(s.covers.ranges[-1]) < end]
    covered += [t.id for t in tokens.values() if t.covers and set(t.covers) <= set(covered)]
    covered += [t.id for t in tokens.values() if t.kind == "document" and revision and t.revision and t.revision < revision]
    covered += [i for i, spots in places.items() if i not in tokens and any(revision and p.revision and p.revision < revision for p in spots)]  # fmt: skip
    digest, _ = _digests(data, scan)
    der = strip_padding(scan.contents)
    try:
        seen: TokenObservation = observe_token(
            der, kind="document", stands_on=digest, covers=tuple(dict.fromkeys(covered)), extra_certificates=certificates,
            revision=revision,
        )  # fmt: skip
    except InputError as error:
        detail = error.problems[0].what if error.problems else error.message
        findings.append(Finding(code="time.document-timestamp-malformed", detail=detail))
        return
    except Exception as error:  # noqa: BLE001 - hostile token must cost one finding with its text, never the run
        findings.append(Finding(code="time.document-timestamp-malformed", detail=f"{type(error).__name__}: {error}"))
        return
    token = seen.facts
    if not container.sound or not coverage.whole:
        problem = Finding(code="time.document-timestamp-malformed", detail=_codes(container) or "does not cover its whole revision")
        token = replace(token, imprint_ok=False, findings=(*token.findings, problem))
    if token.id in tokens:
        findings.append(Finding(code="time.document-timestamp-repeated", detail=token.id))
        return
    tokens[token.id] = token
    known.setdefault(token.id, ("token", der))
    places.setdefault(token.id, []).append(FoundAt(place="token", revision=revision))
    for item in seen.evidence.facts(None, revision):
        places.setdefault(item.id, []).extend(item.found)
    for identity, found in seen.evidence.objects.items():
        known.setdefault(identity, found)


def _codes(container: Container) -> str:
    return "; ".join(f"{f.code}: {f.detail}" for f in container.findings)


def _claimed(scan: ScannedSignature, cms: CmsObservation | None) -> tuple[datetime | None, str | None]:
    if cms is not None and cms.claimed_time is not None:
        return cms.claimed_time, "signing-time"
    moment = _moment(scan.signing_time)
    return (moment, "/M") if moment is not None else (None, None)


def _moment(text: str | None) -> datetime | None:
    """A PDF date (ISO 32000-2 7.9.4); without zone it is read as UTC. None where it is none."""
    match = _DATE.match(text or "")
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) if part else default for part, default in zip(match.groups()[:6], (1, 1, 1, 0, 0, 0), strict=True))  # fmt: skip
    zone = UTC
    try:
        if match[8]:
            shift = timedelta(hours=int(match[9]), minutes=int(match[10] or 0))
            zone = timezone(shift if match[8] == "+" else -shift)
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _certification(container: Container, store: Store | None) -> int | None:
    """DocMDP level, as of the revision that holds the signature."""
    if store is None or container.scan.number is None or container.revision is None:
        return container.scan.doc_mdp
    view = store.view(container.revision - 1)
    found: PdfObject = store.get(container.scan.number[0], view)
    return certification_of(view, found) if container.scan.direct else container.scan.doc_mdp


def _pades_findings(scan: ScannedSignature, cms: CmsObservation | None) -> list[Finding]:
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


# -- level and changes ------------------------------------------------------------------------------------------------


def _level(
    signature: SignatureFacts, tokens: dict[ObjectId, TokenFacts], dss: SecurityStore | None,
    known: dict[ObjectId, tuple[str, bytes]], places: dict[ObjectId, list[FoundAt]],
) -> str | None:  # fmt: skip
    """Level by what is there (EN 319 142-1 6; for others by analogy). A time-stamp whose imprint or value fails is not there."""
    if not signature.content_types:
        return None
    good = [t for t in tokens.values() if t.imprint_ok is not False and t.value_ok is not False]
    documents = [t for t in good if t.kind == "document" and signature.id in t.covers]
    if not any(t.id in signature.tokens for t in good) and not documents:
        return "B-B"
    since = dss.first_status if dss is not None else None
    if since is None and signature.format != "PAdES":
        inside = any(
            known[i][0] in ("crl", "ocsp") and any(p.signature == signature.id and p.place in ("cms", "attribute") for p in spots)
            for i, spots in places.items() if i in known
        )  # fmt: skip
        since = signature.revision if inside else None
    if since is None:
        return "B-T"
    return "B-LTA" if any(t.revision is not None and t.revision > since for t in documents) else "B-LT"


def _changes(
    data: bytes, store: Store, signatures: list[SignatureFacts], tokens: dict[ObjectId, TokenFacts], findings: list[Finding]
) -> tuple[Change, ...]:
    """Every change once, after the last signature or document time-stamp before it."""
    marks: dict[int, str] = {t.revision: t.id for t in tokens.values() if t.kind == "document" and t.revision is not None}
    marks.update({s.revision: s.id for s in signatures if s.revision is not None})
    if not marks:
        return ()
    found: list[Change] = []
    first, last = min(marks), len(store.revisions)
    budget = Budget(_PAIRS)
    try:
        for old in range(first, last):
            if old - first >= _STEPS:
                raise Exhausted(f"more than {_STEPS} revisions after the first signature")
            after = marks[max(m for m in marks if m <= old)]
            view = store.view(old - 1)
            rules = rules_of(view, fields(view))
            for step in step_changes(store, old - 1, old, budget):
                if step.kind == "metadata":
                    findings.append(Finding(code="integrity.metadata-changed", detail=f"revision {old + 1}: {step.detail}"))
                    continue
                allowed = rules.allow(step.kind, step.field)
                found.append(Change(after=after, kind=step.kind, page=step.page, allowed=allowed, detail=step.detail))
    except (Exhausted, RecursionError) as error:
        findings.append(Finding(code="integrity.changes-not-compared", detail=str(error) or type(error).__name__))
    except Exception as error:  # noqa: BLE001 - a gap of ours must not cost the run; it blocks and says itself
        findings.append(Finding(code="integrity.changes-not-compared", detail=f"{type(error).__name__}: {error}"))
    end = store.revisions[-1].marker
    for signature in signatures:
        if signature.covers.ranges:
            end = max(end, sum(signature.covers.ranges[-1]))
    tail = data[end:].strip(_WHITE)
    if tail:
        after = marks[max(marks)]
        found.append(Change(after=after, kind="unparsed-tail", detail=f"{len(tail)} bytes after offset {end}"))
    return tuple(found)
