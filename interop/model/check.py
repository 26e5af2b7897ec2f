"""What `interop check -f json` prints, whatever the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["CheckReport", "CheckedFile", "CheckedLayer", "CheckedSignature", "RelyingAnswer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedLayer:
    """One layer of one signature, judged against its home under neutral rules."""

    result: str
    reasons: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    """What was found, one per reason; untrusted text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSignature:
    """One signature of the file."""

    id: str
    format: str
    level: str | None
    signed_by: str | None
    """Subject of the signing certificate; untrusted text."""
    time: str | None
    """Best signature time where it is proven, else the time claimed."""
    time_proven: bool
    covers_whole: bool
    covers: tuple[str, ...]
    indication: str
    sub_indication: str | None
    reason: str | None
    """The headline: code of the first blocking reason."""
    layers: Mapping[str, CheckedLayer]
    provider: str | None = None
    """Provider whose anchor the path ends at."""
    identity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingAnswer:
    """What one relying party makes of the file."""

    accepted: bool
    promised: bool
    first_block: str | None
    reasons: tuple[str, ...]
    level: str | None
    agreement: str | None = None
    remedies: tuple[str, ...] = ()
    """What would change it, one sentence per blocking reason that has a remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """One file."""

    file: str
    sha256: str | None
    format: str
    indication: str | None
    sub_indication: str | None = None
    reason: str | None = None
    findings: tuple[str, ...] = ()
    signatures: tuple[CheckedSignature, ...] = ()
    relying_parties: Mapping[str, RelyingAnswer] = field(default_factory=dict)
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """All files of one call."""

    at: str
    files: tuple[CheckedFile, ...]
    schema_version: str = "1.0"
