"""The exit code of a matrix: one value, by precedence 4, 3, 1, 5, 0 (2, wrong usage, is raised long before there is a matrix)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from interop.model.errors import UsageError
from interop.model.matrix import Matrix
from interop.model.outcome import GATING, OUTCOME_CHAR, CellVerdict, Outcome

__all__ = ["FAIL_ON", "exit_code"]

FAIL_ON = frozenset({"promise"})
"""What may be made to gate on request. Regressions against a baseline gate in the comparison of two matrices."""

_GATING_CHARS = frozenset(OUTCOME_CHAR[outcome] for outcome in GATING)
_FAIL, _ERROR = OUTCOME_CHAR[Outcome.FAIL], OUTCOME_CHAR[Outcome.ERROR]
_UNSUPPORTED, _NOT_RUN = OUTCOME_CHAR[Outcome.UNSUPPORTED], OUTCOME_CHAR[Outcome.NOT_RUN]


def exit_code(matrix: Matrix, *, fail_on: AbstractSet[str] = frozenset(), allow_unsupported: bool = False) -> int:
    """What the run exits with.

    4 a negative was accepted; 3 an engine could not answer, or the run is partial; 1 a gating outcome, an acceptance without
    instrument, something unsupported that the set does not allow (identities that are opaque never count), a broken
    promise where `fail_on` names `promise`; 5 nothing ran; else 0. UsageError for an unknown word in `fail_on`.
    """
    unknown = sorted(set(fail_on) - FAIL_ON)
    if unknown:
        raise UsageError(f"unknown --fail-on '{unknown[0]}'", hints=(f"one of: {', '.join(sorted(FAIL_ON))}",))
    cells = matrix.cells.values()
    rows = {signer: matrix.rows_of(signer) for signer in {name.split(":")[0] for name in matrix.cells}}
    seen = {
        (char, row.expect == "reject", row.opaque)
        for name, cell in matrix.cells.items()
        for char, row in zip(cell.outcomes, rows[name.split(":")[0]], strict=True)
    }
    chars = {char for char, _, _ in seen}
    if any(cell.verdict is CellVerdict.UNSAFE for cell in cells) or any(
        c == _FAIL and negative for c, negative, _ in seen
    ):
        return 4
    if _ERROR in chars or not matrix.header.complete:
        return 3
    unsupported = any(char == _UNSUPPORTED and not opaque for char, _, opaque in seen)
    if (
        chars & _GATING_CHARS
        or any(cell.unpromised for cell in cells)
        or (unsupported and not allow_unsupported)
        or ("promise" in fail_on and any(cell.broken for cell in cells))
    ):
        return 1
    return 5 if not chars - {_NOT_RUN} else 0
