"""What `interop check -f json` prints, whatever the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["CheckReport", "CheckedFile", "CheckedLayer", "CheckedList", "CheckedSignature", "RelyingAnswer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedLayer:
    """One layer of one signature, judged against its home under the home's rules, else the neutral ones, or those of `--rules`."""

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
    packaging: str | None = None
    """XML: `enveloped`, `enveloping`, `detached`."""
    revision: int | None = None
    """PDF: revision that it signs, from 1."""
    counter_signs: str | None = None
    """Id of the signature on which this one is a counter-signature."""


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
    signature: str | None = None
    """Id of the signature that counts there: the worst, or that of the leg relied upon."""
    leg: str | None = None
    """Key kind of the leg relied upon, where this party's rules name one and the file has others beside it."""
    qualification: str | None = None
    """`lists`: what the signature is worth by the trusted lists (TS 119 615): `QESIG`, `ADESIG_QC`, ..., `NA`; None for others."""
    certificate_qualification: str | None = None
    """`lists`: the signing certificate by the trusted lists: `QCERT_FOR_ESIG_QSCD`, ..., `NA`; None for others."""
    service: str | None = None
    """`lists`: name of the service that decided at best signature time; untrusted text. None: none did."""
    findings: tuple[str, ...] = ()
    """`lists`: codes of what narrowed the choice of services and blocks nothing by itself."""


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
    """Provider id -> what its relying parties make of the file; sorted. `lists` is the party of the trusted lists named."""
    error: str | None = None
    """The engine could not answer: what happened."""
    revisions: int = 1
    """PDF: revisions of the file; 1 for others."""
    signature: str | None = None
    """Id of the signature that speaks for the file: the worst; None without signatures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedList:
    """One trusted list that the caller named."""

    file: str
    """Name as it was given."""
    believed: bool
    """It counts: one of the signers named, or one that a list that is believed names for it, signed it."""
    reason: str | None = None
    """Code of why it is refused; None where it is believed."""
    detail: str = ""
    """What was found; untrusted text."""
    territory: str | None = None
    """SchemeTerritory; untrusted text."""
    sequence: int | None = None
    """TSLSequenceNumber."""
    issued: str | None = None
    """ListIssueDateTime, ISO 8601."""
    through: tuple[str, ...] = ()
    """Files of the lists whose pointers lead to it, the first list first; empty: the caller named its signer, or it is refused."""
    recognition: bool = False
    """It is read under the mutual-recognition information of the pointer that leads to it."""
    findings: tuple[str, ...] = ()
    """Codes of what is worth knowing and refuses nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """All files of one call."""

    at: str
    """Validation time, ISO 8601, or `claimed`: of each file the time that its first signature claims."""
    files: tuple[CheckedFile, ...]
    """In the order of the call."""
    lists: tuple[CheckedList, ...] = ()
    """Trusted lists that the caller named: those believed in the order they were reached, then those refused."""
    schema_version: str = "1.0"
    """Version of this shape."""
