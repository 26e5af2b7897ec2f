"""Outcomes of cases, states of groups, verdicts of cells: the words of the matrix."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from interop.model.text import Text

__all__ = [
    "CELL_TEXT",
    "EVIDENCE_TEXT",
    "GATING",
    "GLYPH",
    "OUTCOME_CHAR",
    "SIDE_TEXT",
    "CellVerdict",
    "Conformity",
    "EvidenceKind",
    "GroupState",
    "Outcome",
    "Side",
]


class Outcome(StrEnum):
    """How one case came out at one relying party."""

    PASS = "PASS"
    """As the case expects, for the reason that it declares."""
    FAIL = "FAIL"
    """The verdict differs from what the case expects."""
    WRONG_REASON = "WRONG_REASON"
    """Refused, but at another layer or for another reason than the one declared."""
    VACUOUS = "VACUOUS"
    """A negative refused where its control, which had to pass, is refused too: proves nothing."""
    XFAIL = "XFAIL"
    """Differs exactly as a valid waiver says."""
    XPASS = "XPASS"
    """A waiver is in force but the case passes."""
    UNSUPPORTED = "UNSUPPORTED"
    """Declared to be beyond the engine."""
    UNDECLARED_UNSUPPORTED = "UNDECLARED_UNSUPPORTED"
    """Said to be beyond the engine, which had declared the capability."""
    NOT_APPLICABLE = "NOT_APPLICABLE"
    """The control is refused at that layer by the relying party's own rule."""
    INFO = "INFO"
    """No expectation here."""
    ERROR = "ERROR"
    """The engine could not answer."""
    FLAKY = "FLAKY"
    """Repeated runs disagree."""
    NOT_RUN = "NOT_RUN"
    """Filtered, aborted, or missing."""


OUTCOME_CHAR: Mapping[Outcome, str] = {
    Outcome.PASS: "P",
    Outcome.FAIL: "F",
    Outcome.WRONG_REASON: "W",
    Outcome.VACUOUS: "V",
    Outcome.XFAIL: "x",
    Outcome.XPASS: "X",
    Outcome.UNSUPPORTED: "U",
    Outcome.UNDECLARED_UNSUPPORTED: "D",
    Outcome.NOT_APPLICABLE: "N",
    Outcome.INFO: "I",
    Outcome.ERROR: "E",
    Outcome.FLAKY: "L",
    Outcome.NOT_RUN: ".",
}
"""One character per outcome, as in `matrix.json`."""

GATING = frozenset(
    {
        Outcome.FAIL,
        Outcome.WRONG_REASON,
        Outcome.VACUOUS,
        Outcome.XPASS,
        Outcome.UNDECLARED_UNSUPPORTED,
        Outcome.FLAKY,
    }
)
"""Outcomes that make a run exit 1."""


class GroupState(StrEnum):
    """State of one identity, format and level at one relying party."""

    ACCEPTED = "accepted"
    """Every required case is accepted."""
    BLOCKED_TECHNICAL = "blocked_technical"
    """A technical layer (`container` to `time`) of a required case fails."""
    BLOCKED_RECOGNITION = "blocked_recognition"
    """All technical layers pass; a recognition layer blocks."""
    UNDETERMINED = "undetermined"
    """Engine error, flaky, or evidence missing."""
    UNSUPPORTED = "unsupported"
    """Beyond the engine: it recognises the thing and cannot compute it."""
    NOT_RUN = "not_run"
    """Filtered or aborted: no case ran."""


class CellVerdict(StrEnum):
    """Verdict of a cell; the first rule that holds, in this order of rules."""

    NOT_TESTED = "not_tested"
    """No group ran."""
    UNSAFE = "unsafe"
    """A negative that must be rejected was accepted; exit 4."""
    OVER_RECOGNISED = "over_recognised"
    """A group is accepted that no instrument in force promises."""
    UNSUPPORTED = "unsupported"
    """Every group is unsupported."""
    INCONCLUSIVE = "inconclusive"
    """No group is accepted, and at least one is undetermined."""
    RECOGNISED = "recognised"
    """Every supported group is accepted at the level claimed."""
    DOWNGRADED = "downgraded"
    """Every supported group is accepted, some below the level claimed."""
    PARTIAL = "partial"
    """At least one group is accepted, and at least one is not."""
    VALID_NOT_RECOGNISED = "valid_not_recognised"
    """No group is accepted, and at least one is blocked by recognition layers alone."""
    NOT_RECOGNISED = "not_recognised"
    """No group is accepted, and none is blocked by recognition layers alone."""


GLYPH: Mapping[CellVerdict, str] = {
    CellVerdict.NOT_TESTED: "·",
    CellVerdict.UNSAFE: "‼",
    CellVerdict.OVER_RECOGNISED: "⚠",
    CellVerdict.UNSUPPORTED: "∅",
    CellVerdict.INCONCLUSIVE: "?",
    CellVerdict.RECOGNISED: "✓",
    CellVerdict.DOWNGRADED: "↓",
    CellVerdict.PARTIAL: "◐",
    CellVerdict.VALID_NOT_RECOGNISED: "◇",
    CellVerdict.NOT_RECOGNISED: "✗",
}

CELL_TEXT: Mapping[CellVerdict, Text] = {
    CellVerdict.NOT_TESTED: Text(en="not tested", zh="未测试"),
    CellVerdict.UNSAFE: Text(en="accepts invalid", zh="误认"),
    CellVerdict.OVER_RECOGNISED: Text(en="accepted without instrument", zh="无依据认可"),
    CellVerdict.UNSUPPORTED: Text(en="unsupported", zh="不支持"),
    CellVerdict.INCONCLUSIVE: Text(en="inconclusive", zh="无法判定"),
    CellVerdict.RECOGNISED: Text(en="recognised", zh="互认"),
    CellVerdict.DOWNGRADED: Text(en="recognised at a lower level", zh="降级认可"),
    CellVerdict.PARTIAL: Text(en="partly recognised", zh="部分互认"),
    CellVerdict.VALID_NOT_RECOGNISED: Text(en="valid, not recognised", zh="有效未互认"),
    CellVerdict.NOT_RECOGNISED: Text(en="not recognised", zh="不互认"),
}


class Conformity(StrEnum):
    """Measurement against promise; never mixed into the verdict."""

    ABOVE_PROMISE = "above_promise"
    """Something is accepted that no instrument in force promises."""
    BELOW_PROMISE = "below_promise"
    """Something promised is refused, and nothing unpromised is accepted."""
    AS_PROMISED = "as_promised"
    """What is promised is accepted, as far as it could be measured, and nothing else is."""
    NO_PROMISE = "no_promise"
    """Nothing is promised, and nothing is accepted."""


class Side(StrEnum):
    """To whom a refusal is attributed: where one would look first. Not who is at fault, and not who may act on it."""

    SIGNER = "signer"
    """What stands out is how this signer signs or is certified: home or nearly everybody refuses it for this reason."""
    RELYING_PARTY = "relying_party"
    """What stands out is what this relying party asks for: it refuses nearly everybody for this reason."""
    PAIR = "pair"
    """Neither stands out: the two do not fit together, or nothing connects them."""
    SUITE = "suite"
    """A list of algorithms decides: refused wherever it counts, not elsewhere."""
    TOOL = "tool"
    """The verifying software: it could not answer, contradicts itself, or a second engine contradicts it."""


SIDE_TEXT: Mapping[Side, Text] = {
    Side.SIGNER: Text(en="signer", zh="签署方"),
    Side.RELYING_PARTY: Text(en="relying party", zh="依赖方"),
    Side.PAIR: Text(en="between the two", zh="双方之间"),
    Side.SUITE: Text(en="algorithm suite", zh="算法套件"),
    Side.TOOL: Text(en="verifying software", zh="验证软件"),
}


class EvidenceKind(StrEnum):
    """What speaks for an attribution."""

    ENGINE = "engine"
    """The engine's own trouble, in its words (`note`): an error, a capability that it declared and lacks, answers that change."""
    CONTRADICTION = "contradiction"
    """A second engine (`note`) says otherwise about a digest or value."""
    HOME_REFUSES = "home_refuses"
    """The signer's own relying party refuses the same group for the same reason."""
    HOME_ACCEPTS = "home_accepts"
    """The signer's own relying party accepts the same group."""
    ROW = "row"
    """The same group at the other relying parties: `hits` of `of` refuse it for the same reason."""
    COLUMN = "column"
    """Groups of the same format and level of the other signers, here: those of `hits` of `of` are refused for the same reason."""
    OWN_REFUSED = "own_refused"
    """The relying party refuses its own signatures for the same reason: `hits` of `of` groups."""
    OWN_PASS = "own_pass"
    """The relying party's own signatures are not refused for this reason."""
    SUITE = "suite"
    """The same group where the suites of `note` count: `hits` of `of` relying parties refuse its algorithms."""
    ELSEWHERE = "elsewhere"
    """The same group where other suites count: `hits` of `of` relying parties pass its algorithms."""
    INSTRUMENT = "instrument"
    """Under the instrument `note` the relying party accepts `hits` of the `of` groups that it accepts or turns away."""
    PROMISE = "promise"
    """The instrument `note` promises the group."""
    UNPROMISED = "unpromised"
    """No instrument in force promises the group."""


EVIDENCE_TEXT: Mapping[EvidenceKind, Text] = {
    EvidenceKind.ENGINE: Text(en="no answer: {note}", zh="未给出结论：{note}"),
    EvidenceKind.CONTRADICTION: Text(en="a second engine says otherwise: {note}", zh="第二验证引擎结论相反：{note}"),
    EvidenceKind.HOME_REFUSES: Text(en="refused at home for the same reason", zh="签署方本方也以同一原因拒绝"),
    EvidenceKind.HOME_ACCEPTS: Text(en="accepted at home", zh="签署方本方接受"),
    EvidenceKind.ROW: Text(
        en="refused for the same reason by {hits} of {of} other relying parties",
        zh="{of} 个其他依赖方中有 {hits} 个以同一原因拒绝",
    ),
    EvidenceKind.COLUMN: Text(
        en="{hits} of {of} other signers in this format and level are refused here for the same reason",
        zh="以此格式和级别签名的 {of} 个其他签署方中有 {hits} 个在此因同一原因被拒",
    ),
    EvidenceKind.OWN_REFUSED: Text(
        en="the relying party refuses {hits} of {of} groups of its own for the same reason",
        zh="依赖方自己的 {of} 个用例组中有 {hits} 个也因同一原因被拒",
    ),
    EvidenceKind.OWN_PASS: Text(en="the relying party's own signatures pass", zh="依赖方自己的签名可以通过"),
    EvidenceKind.SUITE: Text(
        en="its algorithms are refused at {hits} of {of} relying parties where {note} counts",
        zh="在采用 {note} 的 {of} 个依赖方中有 {hits} 个拒绝其算法",
    ),
    EvidenceKind.ELSEWHERE: Text(
        en="they pass at {hits} of {of} relying parties with other suites",
        zh="在采用其他套件的 {of} 个依赖方中有 {hits} 个通过",
    ),
    EvidenceKind.INSTRUMENT: Text(
        en="under {note} {hits} of {of} groups are accepted here",
        zh="依据 {note}，{of} 个用例组中有 {hits} 个在此被接受",
    ),
    EvidenceKind.PROMISE: Text(en="promised by {note}", zh="{note} 已承诺认可"),
    EvidenceKind.UNPROMISED: Text(en="no instrument in force promises it", zh="没有现行有效的互认安排作出承诺"),
}
"""Templates; `note` may hold untrusted text."""
