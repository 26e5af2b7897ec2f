"""A cell explained under changes: what it is with them, beside what it was, and what of the reasons they leave in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from interop.matrix.remedy import only
from interop.matrix.transition import transitions
from interop.model.change import Change
from interop.model.ids import CellId
from interop.model.layers import LAYERS
from interop.model.matrix import Matrix
from interop.model.remedy import Remedy
from interop.model.text import Text
from interop.profile.change import apply
from interop.report.changes import told
from interop.report.story import Assumed, Told
from interop.run.execute import Run
from interop.run.explain import explain_cell, whole
from interop.run.judged import remedied
from interop.run.measure import matrix_of
from interop.run.progress import SILENT, Listener
from interop.run.whatif import assume, reach

__all__ = ["explain_changed"]


def explain_changed(
    run: Run, matrix: Matrix, asked: CellId, changes: Sequence[Change], listener: Listener = SILENT
) -> Told:
    """The page of a cell under the changes. `matrix` is that of `run`, without them. UsageError for a change that cannot be made."""
    plan = run.plan
    changed = apply(changes, plan.world, plan.suites)
    touched = reach(changes, plan.world, changed.world)
    after = assume(run, changed, at=plan.validation, resigned=touched.signers, listener=listener)
    now = matrix_of(after, listener)
    sentences = []
    for change in changes:
        said = told(change, changed.world.agreements)
        sentences.append(Text(en=f"{said.en} ({change})", zh=f"{said.zh}（{change}）"))
    return explain_cell(
        after,
        _without_undoing(remedied(after, now, listener, cells=whole(asked)), changes, asked),
        asked,
        assumed=replace(
            _assumed(matrix, now, asked, tuple(sentences), touched=touched.touches(asked.signer, asked.relying)),
            options=tuple(map(str, changes)),
        ),
    )


def _without_undoing(matrix: Matrix, changes: Sequence[Change], asked: CellId) -> Matrix:
    """The remedies that do more than take back what was assumed. Where no other helps, none is told."""

    def more(remedy: Remedy) -> bool:
        steps = map(Change.of_option, remedy.of(asked.cell))
        return not any(change.contrary_to(step) for step in steps for change in changes)

    less = only(matrix, more)
    cell = less.cells[asked.cell]
    if cell.remedies or not matrix.cells[asked.cell].remedies:
        return less
    return replace(less, cells={**less.cells, asked.cell: replace(cell, remedies=None)})


def _assumed(before: Matrix, after: Matrix, asked: CellId, sentences: tuple[Text, ...], *, touched: bool) -> Assumed:
    name = asked.cell
    moved = next(iter(transitions(before.part((name,)), after.part((name,)))), None)
    had, has = _in_the_way(before, name), _in_the_way(after, name)
    fewer = () if moved is None else moved.gone
    return Assumed(
        changes=sentences,
        before=before.cells[name],
        gone=tuple(code for code in had if code not in has),
        fewer=tuple(code for code in fewer if code in has),
        come=tuple(code for code in has if code not in had),
        stays=tuple(code for code in has if code in had and code not in fewer),
        added=tuple(group for group in after.cells[name].groups if group not in before.cells[name].groups),
        touched=touched,
    )


def _in_the_way(matrix: Matrix, name: str) -> tuple[str, ...]:
    """Codes of what blocks the groups of the cell, in the order of explanation."""
    rows = [matrix.tables.reasons[number] for group in matrix.cells[name].groups.values() for number in group.reasons]
    return tuple(dict.fromkeys(row.code for row in sorted(rows, key=lambda row: LAYERS.index(row.layer))))
