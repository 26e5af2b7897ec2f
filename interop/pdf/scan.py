"""Our own scan of the raw bytes for signature dictionaries, before any library has seen the file.

A signature dictionary is a dictionary with /ByteRange, or of type /Sig or /DocTimeStamp, or with /SubFilter and /Contents
(ISO 32000-2 12.8.1, table 255). What of it is broken is said with a code and a place; nothing is repaired. References: ISO 32000-2
12.8.1; Mladenov, Mainka et al., "1 Trillion Dollar Refund", CCS 2019 (universal forgery, signature wrapping).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from interop.model.certificate import Finding
from interop.pdf.token import Malformed, PdfDict, PdfValue, TokenBudget, read_value, string_bytes

__all__ = ["Scan", "ScannedSignature", "covered_bytes", "scan_signatures"]

_HEADER = re.compile(rb"(?<![0-9])(\d{1,10})[\x00\t\n\x0c\r ]+(\d{1,5})[\x00\t\n\x0c\r ]+obj\b")
_MARKER = re.compile(rb"/ByteRange|/DocTimeStamp|/SubFilter|/Type[\x00\t\n\x0c\r ]*/Sig(?![A-Za-z])")
_ESCAPED = re.compile(rb"/[A-Za-z0-9]*#[0-9A-Fa-f]{2}[A-Za-z0-9#]*")
"""Names may be written with #xx escapes: any such name makes its object worth a look, after the plain ones."""
_MOST = 500
"""Candidate objects that are looked into; more than that is not a document that people sign."""
_TOKENS = 400_000
_Header = tuple[int, int, tuple[int, int]]
"""(offset of `N G obj`, offset behind it, (N, G))."""
_KNOWN = ("ETSI.CAdES.detached", "ETSI.RFC3161", "adbe.pkcs7.detached")
_OBSOLETE = ("adbe.pkcs7.sha1", "adbe.x509.rsa_sha1")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedSignature:
    """One signature dictionary as it stands in the bytes."""

    start: int
    """Offset of its `<<` (of the object header where it cannot be parsed)."""
    number: tuple[int, int] | None
    """Number and generation of the indirect object around it."""
    header: int | None
    """Offset of that object's header."""
    direct: bool
    """It is that object itself; False: a dictionary inside it."""
    type: str | None
    subfilter: str | None
    byte_range: tuple[int, ...] | None
    """Numbers of /ByteRange; None where it is missing or not an array of integers."""
    contents: bytes | None
    """Value of /Contents, decoded, padding included; None where it is missing or broken."""
    contents_span: tuple[int, int] | None
    """Offsets of the /Contents token, its brackets included."""
    signing_time: str | None
    """/M as written."""
    keys: tuple[str, ...]
    usage_rights: bool
    """A usage rights signature (ISO 32000-2 12.8.2.3): not a signature of a person."""
    doc_mdp: int | None
    """P of a DocMDP transform, written directly."""
    findings: tuple[Finding, ...]

    @property
    def is_timestamp(self) -> bool:
        """A document time-stamp."""
        return self.type == "DocTimeStamp" or self.subfilter == "ETSI.RFC3161"


def covered_bytes(data: bytes, byte_range: tuple[int, ...] | None) -> bytes | None:
    """The bytes that a ByteRange of two ordered, non-negative ranges inside the file names; None where it is not that."""
    if byte_range is None or len(byte_range) != 4 or min(byte_range) < 0:
        return None
    first, first_length, second, second_length = byte_range
    if first + first_length > second or second + second_length > len(data):
        return None
    return data[first : first + first_length] + data[second : second + second_length]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """All that the scan found."""

    signatures: tuple[ScannedSignature, ...]
    """In file order."""
    complete: bool
    """False: there were more places to look into than this scan takes."""


def scan_signatures(data: bytes) -> Scan:
    """Every signature dictionary in the bytes. Never raises, whatever the bytes."""
    plain = [match.start() for match in _MARKER.finditer(data)]
    escaped = [match.start() for match in _ESCAPED.finditer(data)]
    if not plain and not escaped:
        return Scan(signatures=(), complete=True)
    headers = [(m.start(), m.end(), (int(m[1]), int(m[2]))) for m in _HEADER.finditer(data)]
    starts = [start for start, _, _ in headers]
    candidates = [i for i in dict.fromkeys(bisect_right(starts, marker) - 1 for marker in (*plain, *escaped)) if i >= 0]
    budget = TokenBudget(_TOKENS)
    found: list[ScannedSignature] = []
    read_to = -1
    for index in sorted(candidates[:_MOST]):
        _, body, _ = headers[index]
        try:
            value = read_value(data, body, budget)
        except Malformed as error:
            limit = starts[index + 1] if index + 1 < len(starts) else len(data)
            broken = _broken(data, headers[index], limit, why=str(error))
            if broken is not None:
                found.append(broken)
            continue
        if value.start < read_to:
            continue
        read_to = value.end
        found += [
            _signature(data, item, headers[index], direct=item is value)
            for item in _dictionaries(value)
            if _looks_signed(item)
        ]
    return Scan(signatures=tuple(found), complete=len(candidates) <= _MOST and budget.left > 0)


def _dictionaries(value: PdfValue) -> list[PdfValue]:
    found, stack = [], [value]
    while stack:
        item = stack.pop()
        if item.dict is not None:
            found.append(item)
            stack += reversed(item.dict.entries.values())
        else:
            stack += reversed(item.items)
    return found


def _looks_signed(value: PdfValue) -> bool:
    if value.dict is None:
        return False
    entries = value.dict.entries
    kind = entries["Type"].name if "Type" in entries else None
    if kind in ("Sig", "DocTimeStamp") or "ByteRange" in entries:
        return True
    return "Contents" in entries and "SubFilter" in entries and entries["SubFilter"].name is not None and kind != "SV"


def _broken(data: bytes, header: _Header, limit: int, *, why: str) -> ScannedSignature | None:
    """An object that cannot be parsed and yet speaks of a signature."""
    start, body, number = header
    text = data[body : min(limit, body + 4096)]
    if not (b"/ByteRange" in text or re.search(rb"/Type\s*/(Sig|DocTimeStamp)(?![A-Za-z])", text)):
        return None
    subfilter = re.search(rb"/SubFilter\s*/([A-Za-z0-9_.]+)", text)
    return ScannedSignature(
        start=start, number=number, header=start, direct=True, type=None,
        subfilter=subfilter[1].decode("ascii") if subfilter else None, byte_range=None, contents=None, contents_span=None,
        signing_time=None, keys=(), usage_rights=False, doc_mdp=None,
        findings=(Finding(code="container.signature-dictionary-malformed", detail=why),),
    )  # fmt: skip


def _signature(data: bytes, value: PdfValue, place: _Header, *, direct: bool) -> ScannedSignature:
    header, _, number = place
    dictionary = value.dict or PdfDict()
    entries = dictionary.entries
    findings: list[Finding] = []
    repeated = sorted(
        {key for key in dictionary.repeated if key in ("ByteRange", "Contents", "SubFilter", "Filter", "Type")}
    )
    if repeated:
        findings.append(
            Finding(code="container.signature-dictionary-malformed", detail=f"keys twice: {', '.join(repeated)}")
        )
    byte_range, range_finding = _byte_range(entries.get("ByteRange"))
    contents_at = entries.get("Contents")
    contents, contents_finding = _contents(contents_at)
    findings += [f for f in (range_finding, contents_finding) if f is not None]
    span = (contents_at.start, contents_at.end) if contents_at is not None else None
    if range_finding is None:
        wrong = _range_problem(data, byte_range, span)
        if wrong:
            findings.append(Finding(code="container.byte-range-malformed", detail=wrong))
    subfilter = entries["SubFilter"].name if "SubFilter" in entries else None
    if subfilter not in _KNOWN:
        code = "container.subfilter-obsolete" if subfilter in _OBSOLETE else "container.subfilter-unknown"
        findings.append(Finding(code=code, detail=subfilter or "missing"))
    methods, level = _transforms(entries.get("Reference"))
    moment = string_bytes(entries["M"]) if "M" in entries else None
    return ScannedSignature(
        start=value.start, number=number, header=header, direct=direct,
        type=entries["Type"].name if "Type" in entries else None, subfilter=subfilter,
        byte_range=byte_range, contents=contents, contents_span=span,
        signing_time=moment.decode("latin-1") if moment is not None else None,
        keys=tuple(entries), usage_rights=bool({"UR", "UR3"} & methods), doc_mdp=level, findings=tuple(findings),
    )  # fmt: skip


def _transforms(reference: PdfValue | None) -> tuple[set[str], int | None]:
    methods: set[str] = set()
    level: int | None = None
    for item in reference.items if reference is not None else ():
        if item.dict is None or "TransformMethod" not in item.dict.entries:
            continue
        method = item.dict.entries["TransformMethod"].name
        if method is None:
            continue
        methods.add(method)
        parameters = item.dict.entries.get("TransformParams")
        if method == "DocMDP" and parameters is not None and parameters.dict is not None:
            number = parameters.dict.entries.get("P")
            level = number.value if number is not None and isinstance(number.value, int) else 2
    return methods, level


def _byte_range(value: PdfValue | None) -> tuple[tuple[int, ...] | None, Finding | None]:
    if value is None:
        return None, Finding(code="container.byte-range-malformed", detail="ByteRange is missing")
    if value.kind != "array":
        return None, Finding(code="container.byte-range-malformed", detail=f"ByteRange is a {value.kind}")
    if any(item.kind != "integer" for item in value.items):
        kinds = " ".join(item.kind for item in value.items[:8])
        return None, Finding(code="container.byte-range-malformed", detail=f"ByteRange holds {kinds}")
    return tuple(item.value for item in value.items if isinstance(item.value, int)), None


def _contents(value: PdfValue | None) -> tuple[bytes | None, Finding | None]:
    code = "container.contents-malformed"
    if value is None:
        return None, Finding(code=code, detail="Contents is missing")
    if value.kind != "hex" or not isinstance(value.value, bytes):
        return None, Finding(code=code, detail=f"Contents is a {value.kind}, not a hexadecimal string")
    if not value.value.strip(b"\x00"):
        return None, Finding(code=code, detail="Contents is empty")
    return value.value, None


def _range_problem(data: bytes, ranges: tuple[int, ...] | None, contents: tuple[int, int] | None) -> str:
    """What is wrong with the ByteRange; empty where it leaves out exactly the Contents token."""
    if ranges is None or len(ranges) != 4:
        return f"ByteRange has {len(ranges or ())} numbers, not 4"
    shown = " ".join(map(str, ranges))
    first, first_length, second, second_length = ranges
    if min(ranges) < 0:
        return f"[{shown}] holds a negative number"
    if first != 0:
        return f"[{shown}] does not begin at the first byte"
    if first_length > second:
        return f"[{shown}] overlaps"
    if second + second_length > len(data):
        return f"[{shown}] ends behind the end of the file at {len(data)}"
    if first_length == 0 or second_length == 0:
        return f"[{shown}] has an empty range"
    if contents is not None and (first_length, second) != contents:
        return f"the gap {first_length}..{second} is not the Contents token {contents[0]}..{contents[1]}"
    return ""
