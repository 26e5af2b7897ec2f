"""Outcomes of cases, states of groups, verdicts of cells: the words of the matrix."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from interop.model.text import Text

__all__ = [
    "CELL_TEXT",
    "GATING",
    "GLYPH",
    "OUTCOME_CHAR",
    "CellVerdict",
    "Conformity",
    "GroupState",
    "Outcome",
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
