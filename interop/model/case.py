"""Cases: what is signed, how, and which one thing is wrong with it (or nothing)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from interop.model.formats import DocumentKind, Format, Level, Packaging
from interop.model.layers import Layer
from interop.model.text import Text

__all__ = ["Case", "CaseSet", "Expect", "Expectation", "Family", "Mutation", "Signatures", "SignerFate"]


class Expect(StrEnum):
    """What a case expects of a verifier."""

    ACCEPT = "accept"
    """Every technical layer passes at home."""
    ACCEPT_WITH_FINDING = "accept_with_finding"
    """The same, and the finding that the case declares is reported."""
    REJECT = "reject"
    """Blocked at the layer that the case declares, for one of its reasons."""
    INFO = "info"
    """No expectation: recorded, never counted."""


Family = Literal["pdf", "xml"]
Signatures = Literal["one", "serial", "parallel", "counter", "legs"]
"""`one`; `serial`: the same identity signs again, over the first signature too; `parallel`: twice side by side, each over the content
alone (XML); `counter`: it countersigns the value of its own signature (XAdES); `legs`: the identity's signature is followed by that
of the identity which its profile names in `followed_by`."""

SignerFate = Literal["revoked-later", "suspended-then-resumed"]
"""What becomes of the signing certificate of a positive: revoked six hours after signing; suspended an hour before, resumed six hours
after. Only reference signers have such certificates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """The one thing that is wrong."""

    name: str
    """Name of the mutation, e.g. `byte-changed`; `pdf`, `xml`, `cms` and `pki` carry them out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """Written from the standard or the paper, never from running our own engine."""

    expect: Expect
    """What a verifier should do."""
    layer: Layer | None = None
    """Negatives: the layer that must block."""
    reasons: tuple[str, ...] = ()
    """Codes, any of which is the declared reason; findings for `accept_with_finding`."""
    clause: str
    """Standard and clause, or paper, or advisory."""
    proof: bool = False
    """Negatives: the refusal rests on the time that a time-stamp proves. A relying party for which the control's time-stamp proves nothing
    (an authority or an algorithm that it does not take) has nothing to refuse it for: not applicable there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One recipe, signed by every identity that it fits."""

    id: str
    """Unique; last part of a case id, e.g. `pdf-byte-changed`."""
    family: Family
    """Container: PDF or XML."""
    document: DocumentKind
    """What is signed; the content comes from `vectors/documents/`."""
    formats: tuple[Format, ...]
    """Formats it is made in: a vector per identity and format that the identity's profile lists."""
    level: Level
    """Signature level it is made at: `b-b` to `b-lta`."""
    packaging: Packaging | None = None
    """XML only; None: enveloped."""
    canonicalization_uri: str | None = None
    """XML only; None: the identity's own."""
    by_id: bool = False
    """XML: the signature names the root by its Id instead of the whole document."""
    mutation: Mutation | None = None
    """None: a positive."""
    control: str | None = None
    """Negatives: id of the positive twin."""
    expectation: Expectation
    """What should come out, and by which clause."""
    story: Text
    """What happens, in one or two sentences; shown in reports."""
    signers: Literal["all", "reference"] = "all"
    """Every identity, or one per algorithm family."""
    keys: tuple[str, ...] = ()
    """Key kinds it makes sense for (`SM2`); empty: all."""
    required: bool = True
    """Positives: counts for the group of its identity, format and level."""
    signatures: Signatures = "one"
    """How many signatures the document carries, and how they stand to one another."""
    rely: Literal["worst", "any"] = "worst"
    """Several signatures: the worst counts, or any one suffices (dual legs)."""
    signing_offset_seconds: int = 0
    """Made this long after the run's signing instant (negative: before)."""
    fate: SignerFate | None = None
    """What becomes of the signing certificate, as the provider's services know; None: nothing."""
    renewed_after_seconds: int | None = None
    """B-LTA: a second archive time-stamp this long after signing, by another authority where the provider has one; None: one."""

    @property
    def positive(self) -> bool:
        """Nothing is wrong with it."""
        return self.mutation is None

    @property
    def counted(self) -> bool:
        """The state of its group rests on it: a required positive that is to be accepted, with or without a finding."""
        accepted = self.expectation.expect in {Expect.ACCEPT, Expect.ACCEPT_WITH_FINDING}
        return self.positive and self.required and accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSet:
    """A named selection of cases with the instants at which it is run."""

    id: str
    """`core`, `full`."""
    name: Text
    """What the set is for."""
    signing: str
    """Signing instant, ISO 8601."""
    validation: str
    """Validation instant, ISO 8601."""
    cases: tuple[str, ...]
    """Case ids, in order; `*` for all."""
