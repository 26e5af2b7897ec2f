"""Why one cell is as it is: its vectors judged again, those that share one ladder told once, with what both sides have in common."""

from __future__ import annotations

from collections.abc import Sequence

from interop.model.errors import UsageError
from interop.model.ids import CellId
from interop.model.layers import RECOGNITION, Layer, LayerState
from interop.model.matrix import Matrix
from interop.model.profile import Provider
from interop.model.reasons import is_finding
from interop.model.text import Text
from interop.model.verdict import Judgement
from interop.report.story import Told, ToldCause, ToldLadder
from interop.run.execute import Run
from interop.run.explain_point import leg_note, opaque_note, summary
from interop.run.explain_rows import Row, rows_of
from interop.run.explain_sides import changes, differs, shared

__all__ = ["explain_cell", "parse_id"]

PRIMARY = "embedded"
"""The engine whose facts are judged."""
_CONTROL = Text(en="the control: the same recipe without the mutation", zh="对照用例：同一配方，未作改动")


def explain_cell(run: Run, matrix: Matrix, asked: CellId) -> Told:
    """Tell the story of one cell or group: of its positives; or of the one case that is asked for, its control beside it.

    `run` has carried out a plan narrowed to `asked`. NothingToDo where it made no such vector.
    """
    signer, relying = run.plan.world.provider(asked.signer), run.plan.world.provider(asked.relying)
    rows = rows_of(run, asked, relying)
    gathered: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        # a case is told before its control, whatever they share
        own = row.spec.case.id if asked.case is not None else ""
        gathered.setdefault((own, row.opaque, leg_note(row, relying), *_same(row.judgement)), []).append(row)
    ladders = list(gathered.values())
    if asked.case is None:
        ladders.sort(key=lambda group: (group[0].opaque, not group[0].blocked, group[0].spec.group))
    else:
        ladders.sort(key=lambda group: group[0].spec.case.id != asked.case)
    main = ladders[0][0]
    return Told(
        asked=str(asked),
        signer=signer.id,
        relying=relying.id,
        cell=matrix.cells[asked.cell],
        summary=summary(main, run.plan.world.agreements, matrix.cells[asked.cell]),
        shared=shared(main, run.plan.world.agreements),
        differs=differs(main, relying),
        ladders=tuple(_ladder(group, asked, relying) for group in ladders),
        changes=changes([group[0] for group in ladders if _counts(group[0], asked)], relying),
    )


def _counts(row: Row, asked: CellId) -> bool:
    """Whether what would help it helps the cell: not what a control suffers from, nor what nobody can verify."""
    return not row.opaque and (asked.case is None or row.spec.case.id == asked.case)


def parse_id(text: str) -> CellId:
    """Read the id of a cell, group or case. UsageError for anything else, and for an engine that does not judge."""
    try:
        asked = CellId.parse(text)
    except ValueError as error:
        raise UsageError(str(error), hints=("e.g. cn-licensed-sm2:cn-gov-gm, or a reason code",)) from None
    if asked.engine not in {None, PRIMARY}:
        raise UsageError(f"'{asked.engine}' does not judge: cells are explained from the facts of '{PRIMARY}'")
    return asked


def _same(judgement: Judgement) -> tuple[object, ...]:
    verdict = judgement.verdict
    if verdict is None:
        return (judgement.error, judgement.findings)
    causes = tuple(
        (layer.layer, layer.state, tuple((cause.code, cause.detail) for cause in layer.causes))
        for layer in verdict.layers
    )
    return (causes, verdict.promised, verdict.agreement)


def _ladder(group: Sequence[Row], asked: CellId, relying: Provider) -> ToldLadder:
    first = group[0]
    control = asked.case is not None and first.spec.case.id != asked.case
    names = dict.fromkeys(
        row.spec.group if asked.case is None else f"{row.spec.group}/{row.spec.case.id}" for row in group
    )
    verdict = first.verdict
    opaque = opaque_note(first) if first.opaque else None
    notes = (_CONTROL if control else None, opaque, leg_note(first, relying))
    if verdict is None:
        return ToldLadder(
            groups=tuple(names), states=(), causes=_found(first.judgement.findings), error=first.judgement.error
        )
    details: dict[tuple[Layer, str, bool], list[str]] = {}
    for layer in verdict.layers:
        if first.opaque and (
            layer.layer in RECOGNITION or layer.state not in {LayerState.FAIL, LayerState.UNSUPPORTED}
        ):
            continue  # follows from what nobody can verify
        for cause in layer.causes:
            finding = is_finding(cause.code)
            if layer.blocks or finding:
                details.setdefault((layer.layer, cause.code, not finding), []).append(cause.detail)
    return ToldLadder(
        groups=tuple(names),
        states=tuple((layer.layer, layer.state) for layer in verdict.layers),
        causes=tuple(
            ToldCause(layer=layer, code=code, details=tuple(d for d in dict.fromkeys(found) if d), blocks=blocks)
            for (layer, code, blocks), found in details.items()
        ),
        accepted=verdict.accepted,
        notes=tuple(note for note in notes if note is not None),
    )


def _found(codes: Sequence[str]) -> tuple[ToldCause, ...]:
    """What stands in the place of a verdict where there is no signature to judge."""
    return tuple(
        ToldCause(layer=Layer(code.split(".", 1)[0]), code=code, blocks=not is_finding(code)) for code in codes
    )
