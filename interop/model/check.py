"""What `interop check -f json` prints, whatever the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["CheckReport", "CheckedFile", "CheckedLayer", "CheckedSignature", "RelyingAnswer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedLayer:
    """One layer of one signature, judged against its home under neutral rules."""

    result: str
    """`pass`, `fail`, `indeterminate`, `unsupported`, `not_evaluated`, `not_applicable`."""
    reasons: tuple[str, ...] = ()
    """Codes of the reason catalogue: blocking ones first, then findings."""
    details: tuple[str, ...] = ()
    """What was found, one per reason; untrusted text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSignature:
    """One signature of the file."""

    id: str
    """`s0`, `s1`, ... in signing order (PDF) or document order (XML)."""
    format: str
    """`PAdES`, `PKCS7`, `GM`, `XAdES`, `XMLDSig`, `unknown`."""
    level: str | None
    """`B-B` to `B-LTA`, by what is there; None where the format knows no such thing."""
    signed_by: str | None
    """Subject of the signing certificate; untrusted text."""
    time: str | None
    """Best signature time where it is proven, else the time claimed."""
    time_proven: bool
    """Whether `time` rests on a proof of existence."""
    covers_whole: bool
    """Everything that is shown or consumed at the revision signed is covered."""
    covers: tuple[str, ...]
    """What is covered: `offset+length` in bytes (PDF), paths of nodes (XML)."""
    indication: str
    """Main indication (EN 319 102-1): `TOTAL_PASSED`, `INDETERMINATE`, `TOTAL_FAILED`."""
    sub_indication: str | None
    """Sub-indication (EN 319 102-1); None where it passes."""
    reason: str | None
    """The headline: code of the first blocking reason."""
    layers: Mapping[str, CheckedLayer]
    """Technical layer -> answer, `container` to `time`."""
    provider: str | None = None
    """Provider whose anchor the path ends at."""
    identity: str | None = None
    """The provider's identity that the signing certificate is; None where it is none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingAnswer:
    """What one relying party makes of the file."""

    accepted: bool
    """Technical layers and `trust` pass, and the level reaches this party's floor."""
    promised: bool
    """An instrument in force covers it."""
    first_block: str | None
    """First blocking layer; None where nothing blocks."""
    reasons: tuple[str, ...]
    """Codes of all blocking reasons, headline first."""
    level: str | None
    """Assurance level attained there, `L0` to `L4`; None without a signature."""
    agreement: str | None = None
    """Id of the instrument that promises it."""
    remedies: tuple[str, ...] = ()
    """What would change it, one sentence per blocking reason that has a remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """One file."""

    file: str
    """Name as it was given."""
    sha256: str | None
    """`sha256:` and the digest of the file; None where it could not be read."""
    format: str
    """`pdf`, `xml`, or what was recognised and is not handled (`ofd`, `p7m`, `asic`, `ses`, `unknown`)."""
    indication: str | None
    """That of the worst signature, or `NO_SIGNATURE_FOUND`; None with an error."""
    sub_indication: str | None = None
    """That of the worst signature."""
    reason: str | None = None
    """The headline: code of the first blocking reason of the worst signature, or why there is no signature."""
    findings: tuple[str, ...] = ()
    """Codes of what is reported beside the verdict and blocks nothing."""
    signatures: tuple[CheckedSignature, ...] = ()
    """Every signature; empty: none was found, or an error."""
    relying_parties: Mapping[str, RelyingAnswer] = field(default_factory=dict)
    """Provider id -> what its relying parties make of the file; sorted."""
    error: str | None = None
    """The engine could not answer: what happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """All files of one call."""

    at: str
    """Validation time, ISO 8601, or `claimed`: of each file the time that its first signature claims."""
    files: tuple[CheckedFile, ...]
    """In the order of the call."""
    schema_version: str = "1.0"
    """Version of this shape."""
