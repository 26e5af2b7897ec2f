"""Which of the scanned signature dictionaries are the document's signatures: matched with cross-references and fields.

The scan sees bytes; a document may also hold copies of a dictionary (rewritten in a later revision), embedded files that are signed
themselves, usage rights, and signature values that hide in object streams. Each is told apart and named here.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace

from interop.model.certificate import Finding
from interop.pdf.graph import Field, fields
from interop.pdf.scan import ScannedSignature
from interop.pdf.store import Store

__all__ = ["Container", "Containers", "find_containers"]

_BREAKING = frozenset({
    "container.byte-range-malformed", "container.contents-malformed", "container.signature-dictionary-malformed",
    "container.signature-in-object-stream",
})  # fmt: skip


_FIELDS = 50_000
"""Fields of all revisions together that are looked through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One signature or document time-stamp of the document."""

    scan: ScannedSignature
    field: str | None
    """Names of the fields that hold it, joined by ` | `; untrusted text."""
    revision: int | None
    """First revision, from 1, whose fields refer to it."""
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """ByteRange and Contents are as they must be."""
        return not any(finding.code in _BREAKING for finding in self.findings)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Its findings as text."""
        return tuple(f"{finding.code}: {finding.detail}" for finding in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Containers:
    """All of them in signing order, and findings about the file."""

    containers: tuple[Container, ...]
    findings: tuple[Finding, ...]


def find_containers(scanned: tuple[ScannedSignature, ...], store: Store | None) -> Containers:
    """Signatures in signing order: by the end of their ByteRange, malformed ones by where they stand."""
    findings: list[Finding] = []
    live = store.offsets() if store is not None else frozenset()
    offsets = sorted(live)
    rights = _usage_rights(store)
    kept: list[ScannedSignature] = []
    for scan in scanned:
        if scan.usage_rights or (scan.number is not None and scan.number[0] in rights):
            continue
        if store is not None and scan.header not in live and _inside_stream(store, offsets, scan.start):
            findings.append(Finding(code="container.embedded-signature", detail=f"at {scan.start}, inside a stream"))
            continue
        kept.append(scan)
    kept = _without_copies(kept)
    used = _fields_by_number(store)
    found = []
    for scan in kept:
        names, revision = used.get(scan.number[0], ([], None)) if scan.number is not None else ([], None)
        if scan.number is not None and not scan.direct and not names:
            names = _inline_field(store, scan)
        own = list(scan.findings)
        if store is not None and scan.header not in live:
            own.append(
                Finding(
                    code="container.signature-not-referenced",
                    detail=f"object at {scan.header} is in no cross-reference",
                )
            )
        elif store is not None and not names:
            own.append(
                Finding(
                    code="container.signature-without-field", detail=f"object {scan.number[0] if scan.number else ''}"
                )
            )
        found.append(Container(scan=scan, field=" | ".join(names) or None, revision=revision, findings=tuple(own)))
    numbers = {scan.number[0] for scan in scanned if scan.number is not None}
    found += _hidden(store, used, numbers)
    return Containers(containers=tuple(sorted(found, key=_order)), findings=tuple(dict.fromkeys(findings)))


def _inside_stream(store: Store, offsets: list[int], at: int) -> bool:
    """Whether the place is data of a stream that a cross-reference knows: the text of an embedded file, say."""
    index = bisect_right(offsets, at) - 1
    if index < 0:
        return False
    around = store.object_at(offsets[index])
    return around.stream is not None and around.stream_start <= at < around.stream_start + len(around.stream)


def _order(container: Container) -> tuple[int, int]:
    ranges = container.scan.byte_range
    end = ranges[2] + ranges[3] if container.sound and ranges is not None else container.scan.start
    return end, container.scan.start


def _without_copies(scans: list[ScannedSignature]) -> list[ScannedSignature]:
    """A dictionary written again in a later revision has the ByteRange and Contents of the first: the sound one counts."""
    groups: dict[object, list[ScannedSignature]] = {}
    for scan in scans:
        key = (
            (scan.byte_range, scan.contents)
            if scan.byte_range is not None and scan.contents is not None
            else scan.number
        )
        groups.setdefault(key, []).append(scan)
    chosen = []
    for group in groups.values():
        best = next((scan for scan in group if not any(f.code in _BREAKING for f in scan.findings)), group[-1])
        if len(group) > 1:
            offsets = ", ".join(str(scan.start) for scan in group if scan is not best)
            note = Finding(code="container.signature-dictionary-repeated", detail=f"again at {offsets}")
            best = replace(best, findings=(*best.findings, note))
        chosen.append(best)
    return chosen


def _usage_rights(store: Store | None) -> set[int]:
    """Object numbers of usage rights signatures (/Perms /UR3 or /UR) of any revision."""
    found: set[int] = set()
    for index in range(len(store.revisions) if store is not None else 0):
        view = store.view(index) if store is not None else None
        if view is None:
            continue
        permissions = view.get(view.root, "Perms")
        for key in ("UR", "UR3"):
            value = permissions.entries.get(key)
            if (
                value is not None
                and isinstance(value.value, tuple)
                and value.kind == "reference"
                and isinstance(value.value[0], int)
            ):
                found.add(value.value[0])
    return found


def _fields_by_number(store: Store | None) -> dict[int, tuple[list[str], int]]:
    """Signature value object number -> (field names, first revision from 1)."""
    found: dict[int, tuple[list[str], int]] = {}
    seen = 0
    for index in range(len(store.revisions) if store is not None else 0):
        if store is None or seen > _FIELDS:
            break
        for field in fields(store.view(index)):
            seen += 1
            number = _value_number(field)
            if number is None:
                continue
            names, _ = found.setdefault(number, ([], index + 1))
            if field.name not in names:
                names.append(field.name)
    return found


def _value_number(field: Field) -> int | None:
    value = field.value.value
    if (
        field.type == "Sig"
        and value.kind == "reference"
        and isinstance(value.value, tuple)
        and isinstance(value.value[0], int)
    ):
        return value.value[0]
    return None


def _inline_field(store: Store | None, scan: ScannedSignature) -> list[str]:
    """Names of fields whose value is this dictionary written directly inside them."""
    if store is None or scan.number is None:
        return []
    names: list[str] = []
    for index in range(min(len(store.revisions), 1000)):
        for field in fields(store.view(index)):
            if field.number == scan.number[0] and field.value.value.dict is not None and field.name not in names:
                names.append(field.name)
    return names


def _hidden(store: Store | None, used: dict[int, tuple[list[str], int]], numbers: set[int]) -> list[Container]:
    """Signature values that fields refer to and the scan did not see: inside object streams, where nothing can leave out /Contents."""
    found: list[Container] = []
    if store is None:
        return found
    for number, (names, revision) in sorted(used.items()):
        if number in numbers:
            continue
        value = store.get(number, store.view(revision - 1))
        if value.value.dict is None:
            continue
        view = store.view(revision - 1)
        finding = Finding(code="container.signature-in-object-stream", detail=f"object {number}")
        scan = ScannedSignature(
            start=value.place[0], number=(number, 0), header=None, direct=True, type=view.name(value, "Type"),
            subfilter=view.name(value, "SubFilter"), byte_range=None, contents=None, contents_span=None, signing_time=None,
            keys=tuple(value.entries), usage_rights=False, doc_mdp=None, findings=(finding,),
        )  # fmt: skip
        found.append(Container(scan=scan, field=" | ".join(names) or None, revision=revision, findings=(finding,)))
    return found
