"""The facts of a signed PDF: our own scan of the bytes first, then structure, CMS, validation data and later changes.

No file makes it raise: what is malformed, too large or not computable becomes a finding with its text. Digests are over the bytes
that the ByteRange names, whatever any parser makes of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from interop import __version__
from interop.cms.parse import strip_padding
from interop.cms.token import observe_token
from interop.crypto.digests import digest_bytes
from interop.model.certificate import Finding, ObjectId
from interop.model.errors import InputError
from interop.model.facts import DocumentFacts, Facts, FoundAt, ObjectFact, Observation, SignatureFacts, TokenFacts
from interop.pdf.containers import Container, find_containers
from interop.pdf.coverage import content_of, coverage_of
from interop.pdf.dss import read_security_store, vri_key
from interop.pdf.history import changes_after_signing
from interop.pdf.level import level_of
from interop.pdf.scan import scan_signatures
from interop.pdf.signature import observe_signature
from interop.pdf.store import Store
from interop.pdf.token import Malformed
from interop.pdf.unlock import unlock
from interop.x509.certificate import object_id

__all__ = ["observe_pdf"]

_ENGINE = f"embedded@{__version__}"


@dataclass(slots=True)
class _Collected:
    """What is gathered while the containers are gone through."""

    store: Store | None
    sm2_ids: Sequence[str] = ()
    findings: list[Finding] = field(default_factory=list)
    signatures: list[SignatureFacts] = field(default_factory=list)
    tokens: list[TokenFacts] = field(default_factory=list)
    objects: dict[ObjectId, tuple[str, bytes]] = field(default_factory=dict)
    places: dict[ObjectId, list[FoundAt]] = field(default_factory=dict)

    def keep(self, identity: ObjectId, kind: str, der: bytes, found: tuple[FoundAt, ...]) -> None:
        self.objects.setdefault(identity, (kind, der))
        self.places.setdefault(identity, []).extend(found)


def observe_pdf(data: bytes, *, password: str | None = None, sm2_ids: Sequence[str] = ()) -> Observation:
    """All facts of one PDF file. `password` opens an encrypted one; it is needed only for what its streams hold.

    `sm2_ids` are further SM2 IDs to try, besides the default and the empty one.
    """
    scan = scan_signatures(data)
    seen = _Collected(store=None, sm2_ids=sm2_ids)
    try:
        seen.store = Store(data)
    except (Malformed, RecursionError) as error:
        seen.findings.append(Finding(code="container.pdf-structure-unreadable", detail=str(error)))
    if seen.store is not None:
        if seen.store.trouble:
            seen.findings.append(Finding(code="container.cross-reference-broken", detail=seen.store.trouble))
        seen.findings += unlock(seen.store, password)
    containers = find_containers(scan.signatures, seen.store)
    seen.findings += containers.findings
    if not scan.complete:
        seen.findings.append(Finding(code="container.scan-incomplete"))
    signatures = [c for c in containers.containers if not c.scan.is_timestamp]
    _validation_data(seen, signatures)
    carried = tuple(der for kind, der in seen.objects.values() if kind == "certificate")
    for index, container in enumerate(signatures):
        _signature(data, seen, container, f"s{index}", carried)
    for container in containers.containers:
        if container.scan.is_timestamp:
            _document_token(data, seen, container, carried)
    seen.signatures = [replace(s, level=level_of(s, seen.tokens, seen.objects, seen.places)) for s in seen.signatures]
    return _observation(data, seen, len(containers.containers))


def _observation(data: bytes, seen: _Collected, containers: int) -> Observation:
    changes, findings = (
        ((), ()) if seen.store is None else changes_after_signing(seen.store, seen.signatures, seen.tokens)
    )
    document = DocumentFacts(
        format="pdf",
        revisions=1 if seen.store is None else len(seen.store.revisions),
        changes=changes,
        findings=tuple(dict.fromkeys([*seen.findings, *findings])),
        signature_fields=containers,
    )
    facts = Facts(
        artifact=object_id(data),
        engine=_ENGINE,
        document=document,
        signatures=tuple(seen.signatures),
        tokens=tuple(seen.tokens),
        objects=tuple(
            ObjectFact(id=i, kind=seen.objects[i][0], found=tuple(dict.fromkeys(seen.places.get(i, ()))))
            for i in sorted(seen.objects)
        ),
    )
    return Observation(facts=facts, objects={identity: der for identity, (_, der) in seen.objects.items()})


def _validation_data(seen: _Collected, signatures: list[Container]) -> None:
    if seen.store is None:
        return
    keys = {vri_key(c.scan.contents): f"s{i}" for i, c in enumerate(signatures) if c.scan.contents is not None}
    found = read_security_store(seen.store, keys)
    seen.findings += found.findings
    for identity, (kind, der) in found.objects.items():
        seen.keep(identity, kind, der, found.places.get(identity, ()))


def _signature(data: bytes, seen: _Collected, container: Container, name: str, carried: tuple[bytes, ...]) -> None:
    facts, cms = observe_signature(data, container, name, seen.store, carried, sm2_ids=seen.sm2_ids)
    seen.signatures.append(facts)
    if cms is None:
        return
    for item in cms.found:
        seen.keep(item.id, *cms.objects[item.id], item.found)
    # one token may stand beside several signatures; its facts are those of each place
    seen.tokens += [token for token in cms.tokens if token not in seen.tokens]


# -- document time-stamps ---------------------------------------------------------------------------------------------


def _document_token(data: bytes, seen: _Collected, container: Container, carried: tuple[bytes, ...]) -> None:
    """A document time-stamp: it covers the signatures, tokens and objects of all revisions before its own (EN 319 142-1 5.4.3)."""
    coverage, revision = coverage_of(data, container, seen.store)
    der = strip_padding(container.scan.contents or b"")
    content = content_of(data, container)
    try:
        found = observe_token(
            der,
            kind="document",
            stands_on=lambda name: digest_bytes(name, content()),
            covers=_covered(seen, container, revision),
            extra_certificates=carried,
            revision=revision,
            sm2_ids=seen.sm2_ids,
        )
    except InputError as error:
        detail = "; ".join([*container.reasons, *(p.what for p in error.problems)]) or error.message
        seen.findings.append(Finding(code="time.document-timestamp-malformed", detail=detail))
        return
    except Exception as error:  # noqa: BLE001 - a hostile token must cost one finding with its text, never the run
        seen.findings.append(
            Finding(code="time.document-timestamp-malformed", detail=f"{type(error).__name__}: {error}")
        )
        return
    token = found.facts
    if not container.sound or not coverage.whole:
        detail = "; ".join(container.reasons) or "does not cover its whole revision"
        problem = Finding(code="time.document-timestamp-malformed", detail=detail)
        token = replace(token, imprint=replace(token.imprint, ok=False), findings=(*token.findings, problem))
    if any(other.id == token.id for other in seen.tokens):
        seen.findings.append(Finding(code="time.document-timestamp-repeated", detail=token.id))
    seen.tokens.append(token)
    seen.keep(token.id, "token", der, (FoundAt(place="token", revision=revision),))
    for item in found.evidence.facts(None, revision):
        seen.keep(item.id, *found.evidence.objects[item.id], item.found)


def _covered(seen: _Collected, container: Container, revision: int | None) -> tuple[str, ...]:
    ranges = container.scan.byte_range
    if not container.sound or ranges is None or len(ranges) != 4:
        return ()
    end = ranges[2] + ranges[3]
    covered: list[str] = [s.id for s in seen.signatures if s.covers.ranges and sum(s.covers.ranges[-1]) < end]
    covered += [t.id for t in seen.tokens if t.kind != "document" and set(t.covers) <= set(covered)]
    if revision is not None:
        covered += [
            t.id for t in seen.tokens if t.kind == "document" and t.revision is not None and t.revision < revision
        ]
        covered += [
            identity for identity, spots in seen.places.items()
            if any(spot.revision is not None and spot.revision < revision for spot in spots)
        ]  # fmt: skip
    return tuple(dict.fromkeys(covered))
