"""The lines of `facts.jsonl`: a header, one record a line, and a footer; `record` says which kind a line is.

A file without footer is what an interrupted run left. The JSON Schema `facts` is the union of these kinds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from interop.model.codec import dump_plain, load_json
from interop.model.errors import InputError, Problem
from interop.model.facts import Facts, Testimony
from interop.model.knowledge import Edge, Evidence
from interop.model.matrix import Instants

__all__ = [
    "RECORDS",
    "EdgeRecord",
    "ErrorRecord",
    "EvidenceRecord",
    "FactRecord",
    "FooterRecord",
    "HeaderRecord",
    "Record",
    "TestimonyRecord",
    "dump_record",
    "load_record",
]

FACTS_VERSION: Final = "1.0"
"""Version of the shape of `facts.jsonl`."""


def _fields_of(value: object) -> dict[str, Any]:
    """The fields of a dataclass, not taken apart further."""
    return {field.name: getattr(value, field.name) for field in fields(value)}  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderRecord:
    """First line: what the run was made from. No wall clock, no path."""

    record: Literal["header"]
    """Kind of line."""
    schema_version: str = FACTS_VERSION
    """Version of this shape."""
    tool: str
    """`interop` and its version."""
    libraries: Mapping[str, str]
    """Library -> version; `openssl` is that of the cryptography wheel, `libcrypto` the system's, which verifies SM2 (`none`: not used)."""
    set: str
    """Id of the case set."""
    instants: Instants
    """Signing and validation instant of the run."""
    inputs: Mapping[str, str]
    """`profiles`, `agreements`, `cases`, `suites` -> digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRecord(Facts):
    """What the primary engine saw in one vector."""

    record: Literal["fact"]
    """Kind of line."""
    vector: str
    """`signer.identity/format/level/case`."""
    recipe: str
    """Digest of what the vector's bytes follow from."""

    @staticmethod
    def of(vector: str, recipe: str, facts: Facts) -> FactRecord:
        """The line for these facts."""
        return FactRecord(record="fact", vector=vector, recipe=recipe, **_fields_of(facts))

    @property
    def facts(self) -> Facts:
        """The facts alone."""
        return Facts(**{field.name: getattr(self, field.name) for field in fields(Facts)})


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRecord:
    """A vector for which the primary engine could not answer."""

    record: Literal["error"]
    """Kind of line."""
    vector: str
    """`signer.identity/format/level/case`."""
    recipe: str
    """Digest of what the vector's bytes follow from."""
    what: str
    """What happened; untrusted text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestimonyRecord(Testimony):
    """What a witness said about one vector."""

    record: Literal["testimony"]
    """Kind of line."""
    vector: str
    """`signer.identity/format/level/case`."""

    @staticmethod
    def of(vector: str, testimony: Testimony) -> TestimonyRecord:
        """The line for this testimony."""
        return TestimonyRecord(record="testimony", vector=vector, **_fields_of(testimony))


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeRecord(Edge):
    """One checked relation between two objects of the run."""

    record: Literal["edge"]
    """Kind of line."""

    @staticmethod
    def of(edge: Edge) -> EdgeRecord:
        """The line for this edge."""
        return EdgeRecord(record="edge", **_fields_of(edge))


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRecord(Evidence):
    """One status answer of a provider's service, as of a time."""

    record: Literal["evidence"]
    """Kind of line."""

    @staticmethod
    def of(evidence: Evidence) -> EvidenceRecord:
        """The line for this answer."""
        return EvidenceRecord(record="evidence", **_fields_of(evidence))


@dataclass(frozen=True, slots=True, kw_only=True)
class FooterRecord:
    """Last line of a whole run."""

    record: Literal["footer"]
    """Kind of line."""
    counts: Mapping[str, int]
    """Kind of record -> how many lines; header and footer left out."""
    digest: str
    """`sha256:` of all lines before this one, line ends included."""


Record: TypeAlias = (
    HeaderRecord | FactRecord | ErrorRecord | TestimonyRecord | EdgeRecord | EvidenceRecord | FooterRecord
)
"""One line."""

RECORDS: Final[Mapping[str, type[Record]]] = MappingProxyType(
    {
        "header": HeaderRecord,
        "fact": FactRecord,
        "error": ErrorRecord,
        "testimony": TestimonyRecord,
        "edge": EdgeRecord,
        "evidence": EvidenceRecord,
        "footer": FooterRecord,
    }
)
"""`record` -> what such a line holds."""

_FIRST = ("record", "schema_version", "vector", "recipe")


def dump_record(record: Record) -> bytes:
    """The record as one line of UTF-8 JSON with its line end: what it is and what it is about stand first."""
    plain = dump_plain(record)
    ordered = {name: plain[name] for name in _FIRST if name in plain} | plain
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def load_record(line: bytes | str, *, name: str) -> Record:
    """Read one line back. Raises InputError for what is no record; `name` stands for the source in messages."""
    try:
        raw = json.loads(line)
    except ValueError as error:
        raise InputError(name, (Problem(where="line", what=f"not JSON ({error})"),)) from None
    kind = raw.get("record") if isinstance(raw, dict) else None
    if not isinstance(kind, str) or kind not in RECORDS:
        known = ", ".join(RECORDS)
        raise InputError(name, (Problem(where="record", what=f"no kind of record, which is one of {known}"),))
    return load_json(RECORDS[kind], line, name=name)
