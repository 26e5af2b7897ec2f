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
    BLOCKED_TECHNICAL = "blocked_technical"
    BLOCKED_RECOGNITION = "blocked_recognition"
    """All technical layers pass; a recognition layer blocks."""
    UNDETERMINED = "undetermined"
    """Engine error, flaky, or evidence missing."""
    UNSUPPORTED = "unsupported"
    NOT_RUN = "not_run"


class CellVerdict(StrEnum):
    """Verdict of a cell; the first rule that holds, in this order of rules."""

    NOT_TESTED = "not_tested"
    UNSAFE = "unsafe"
    OVER_RECOGNISED = "over_recognised"
    UNSUPPORTED = "unsupported"
    INCONCLUSIVE = "inconclusive"
    RECOGNISED = "recognised"
    DOWNGRADED = "downgraded"
    PARTIAL = "partial"
    VALID_NOT_RECOGNISED = "valid_not_recognised"
    NOT_RECOGNISED = "not_recognised"


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
    BELOW_PROMISE = "below_promise"
    AS_PROMISED = "as_promised"
    NO_PROMISE = "no_promise"
