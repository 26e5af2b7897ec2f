"""Why one cell is as it is: its vectors judged again, those that are blocked alike told once, with what both sides have in common."""

from __future__ import annotations

from dataclasses import replace

from interop.matrix.headline import headline, speaking
from interop.model.errors import UsageError
from interop.model.ids import CellId
from interop.model.matrix import Cell, Matrix
from interop.report.details import certificate_names
from interop.report.remedies import of_cell
from interop.report.story import Assumed, Told
from interop.run.execute import Run
from interop.run.explain_head import head
from interop.run.explain_ladders import Ladders, blocked_by
from interop.run.explain_level import levels
from interop.run.explain_point import leg_note, summary
from interop.run.explain_promise import idle
from interop.run.explain_rows import Row, rows_of
from interop.run.explain_sides import changes, differs, shared
from interop.run.plan import Options, Plan, plan
from interop.vector.catalogue import expand

__all__ = ["explain_cell", "parse_id", "plan_of", "whole"]

PRIMARY = "embedded"
"""The engine whose facts are judged."""


def explain_cell(
    run: Run,
    matrix: Matrix,
    asked: CellId,
    *,
    assumed: Assumed | None = None,
) -> Told:
    """All that is said of the cell, group or case that is asked for.

    `matrix` is that of `run`: the more of it there is, the more its pattern tells; remedies are told where it has them. `assumed`
    says what was changed. NothingToDo where the run made no such vector.
    """
    world, cell = run.plan.world, matrix.cells[asked.cell]
    signer, relying = world.provider(asked.signer), world.provider(asked.relying)
    bench = run.bench()
    rows = rows_of(run, bench, asked, relying)
    units: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        # a case is told before its control, whatever they share
        units.setdefault((row.spec.group, row.spec.case.id if asked.case is not None else ""), []).append(row)
    alike: dict[tuple[object, ...], list[Row]] = {}
    for (_, case), unit in units.items():
        opaque = unit[0].opaque
        what = (unit[0].spec.identity.id,) if opaque else (leg_note(unit[0], relying), *blocked_by(unit))
        alike.setdefault((case, opaque, *what), []).extend(unit)
    groups = list(alike.values())
    if asked.case is None:
        told_first = _explaining(matrix, cell)
        groups.sort(
            key=lambda group: (
                group[0].opaque,
                not any(row.blocked for row in group),
                not any(row.spec.group in told_first for row in group),
                -len({row.spec.group for row in group}),
                group[0].spec.group,
            )
        )
    else:
        groups.sort(key=lambda group: group[0].spec.case.id != asked.case)
    main = next((row for row in groups[0] if row.blocked), groups[0][0])
    ladders = Ladders(asked=asked, relying=relying, names=certificate_names(bench.knowledge.certificates.values()))
    return Told(
        asked=str(asked),
        signer=signer.id,
        relying=relying.id,
        cell=cell,
        head=head([row for row in rows if _asked(row, asked)], matrix, asked, world.agreements, run.plan.validation),
        summary=summary(main, world.agreements, cell, relying),
        assumed=assumed,
        shared=shared(main, world.agreements),
        differs=differs(main, relying),
        ladders=ladders.told(groups),
        changes=changes([row for group in groups for row in group if _counts(row, asked)], relying),
        remedies=None if cell.remedies is None else tuple(of_cell(cell, matrix.remedies)),
        agreements=world.agreements,
        levels=levels(rows, world.agreements),
        idle=idle(asked.cell, world.agreements, run.plan.validation),
    )


def _explaining(matrix: Matrix, cell: Cell) -> frozenset[str]:
    """The groups for whose reason the cell is what it is: the ladder that says it comes first."""
    number = headline(matrix.tables.reasons, cell)
    if number is None:
        return frozenset()
    code = matrix.tables.reasons[number].code
    return frozenset(
        name
        for name in speaking(cell)
        if code in {matrix.tables.reasons[index].code for index in cell.groups[name].reasons}
    )


def _counts(row: Row, asked: CellId) -> bool:
    """Whether anybody could change something about it: not the control, and not what nobody verifies."""
    return not row.opaque and _asked(row, asked)


def _asked(row: Row, asked: CellId) -> bool:
    return asked.case is None or row.spec.case.id == asked.case


def plan_of(options: Options, asked: CellId) -> Plan:
    """What is to be made to explain a cell: all of the matrix, since its pattern says where to look.

    Its columns are those of a run that names none, and the relying party that is asked for. UsageError for an id that names what is
    not there, NothingToDo where the set holds no such vector.
    """
    found = plan(replace(options, expression=str(asked)))
    providers = found.world.providers
    relying = tuple(party for party in providers if party.identities or party.id == asked.relying)
    return replace(
        found,
        options=options,
        specs=expand(providers, found.cases),
        relying=relying,
        left_out=tuple(party.id for party in providers if party not in relying),
    )


def parse_id(text: str) -> CellId:
    """Read the id of a cell, group or case. UsageError for anything else, and for an engine that does not judge."""
    try:
        asked = CellId.parse(text)
    except ValueError as error:
        raise UsageError(str(error), hints=("e.g. cn-licensed-sm2:cn-gov-gm, or a reason code",)) from None
    if asked.engine not in {None, PRIMARY}:
        raise UsageError(f"'{asked.engine}' does not judge: cells are explained from the facts of '{PRIMARY}'")
    return asked


def whole(asked: CellId) -> tuple[str, ...]:
    """The cell, where all of it is asked for: a remedy is one of a cell, and may do nothing for a group of it."""
    return (asked.cell,) if str(asked) == asked.cell else ()
