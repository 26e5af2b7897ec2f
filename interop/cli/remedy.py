"""`interop remedy`: the smallest changes that would turn blocked cells."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interop.cli.changes import context_of
from interop.cli.lazy import exit_codes
from interop.cli.parameters import CACHE_OPTIONS, INSTANT, JOBS, LANG, add_options, cache_folder, split
from interop.model.change import Cost

if TYPE_CHECKING:
    from interop.model.remedy import Remedy
    from interop.model.text import Lang

__all__ = ["remedy"]

ACTORS = ("signing-ca", "relying-party", "regulator", "signer")
EXIT_CODES = exit_codes(0, 3, 5, c0="answered, whether or not anything would help", c5="the set holds no such vector")
EPILOG = f"""
\b
examples
  interop remedy
  interop remedy hk-recognised:cn-licensed-sm2
  interop remedy --actor relying-party --cost configuration
  interop remedy --relying eu-qtsp-natural --most 5
  interop remedy cn-gov-gm:cn-finance-lei -f json

{EXIT_CODES}
"""


@click.command(epilog=EPILOG)
@click.argument("cell", required=False, metavar="[SIGNER:RELYING]")
@click.option("--actor", type=click.Choice(ACTORS), help="Only what this side can do alone.")
@click.option(
    "--cost", type=click.Choice([one.value for one in Cost]), help="Only what takes no more than this, in this order."
)
@click.option("--most", type=click.IntRange(1), default=20, show_default=True, metavar="N", help="List so many.")
@click.option("--signers", multiple=True, metavar="ID[,ID]", help="Look at these rows only.")
@click.option("--relying", multiple=True, metavar="ID[,ID]", help="Look at these columns only.")
@click.option("--at", type=INSTANT, metavar="TIME", help="Validation instant.  [default: the set's]")
@click.option("--profiles", type=click.Path(path_type=Path), help="Folder of provider profiles.  [default: shipped]")
@click.option("--agreements", type=click.Path(path_type=Path), help="Folder of agreements.  [default: shipped]")
@click.option("--cases", default="core", show_default=True, metavar="ID", help="Which set of cases: core or full.")
@click.option("-f", "--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True)
@add_options(JOBS, LANG, *CACHE_OPTIONS)
def remedy(
    cell: str | None, actor: str | None, cost: str | None, most: int, signers: tuple[str, ...], relying: tuple[str, ...],
    at: datetime | None, profiles: Path | None, agreements: Path | None, cases: str, form: str, jobs: int, lang: Lang,
    cache: Path | None, no_cache: bool,
) -> int:  # fmt: skip
    """List the smallest sets of changes that turn blocked cells, who must act, and what it takes.

    Each was tried on every cell that it names: the cell was judged again, after signing again where the signer has to act, and
    with any change of the set left out it stays blocked. `interop whatif` shows what else a change does.
    """
    from interop.cli.console import ConsoleListener, data_console, print_json
    from interop.matrix.remedy import only
    from interop.report.remedies import print_cell_remedies, print_remedies, remedies_json
    from interop.run.execute import Run, execute
    from interop.run.judged import judged, remedied
    from interop.run.plan import Options, plan

    with ExitStack() as stack:
        folder = stack.enter_context(cache_folder(cache, none=no_cache))
        planned = plan(
            Options(
                profiles=profiles, agreements=agreements, signers=split(signers), relying=split(relying), set=cases,
                expression=None if cell is None else _asked(cell), at=at, jobs=jobs, cache=folder,
            )
        )  # fmt: skip
        listener = stack.enter_context(ConsoleListener())
        running = Run(planned)
        execute(planned, listener, run=running)
        matrix = remedied(running, judged(running, listener), listener)
    given = context_of(at, profiles, agreements)
    picked = actor is not None or cost is not None
    if picked:
        matrix = only(matrix, lambda one: _within(one, actor, cost))
    if form == "json":
        print_json(remedies_json(matrix, cell))
    elif cell is not None:
        print_cell_remedies(
            cell, matrix, data_console(), lang, agreements=planned.world.agreements, picked=picked, given=given
        )
    else:
        print_remedies(
            matrix, data_console(), lang, agreements=planned.world.agreements, most=most, picked=picked, given=given
        )
    return 0


def _within(one: Remedy, actor: str | None, cost: str | None) -> bool:
    dearer = list(Cost)
    cheap = cost is None or dearer.index(one.cost) <= dearer.index(Cost(cost))
    return cheap and (actor is None or all(who.value == actor for who in one.actors))


def _asked(cell: str) -> str:
    from interop.model.errors import UsageError

    if cell.count(":") != 1 or set(cell) & set("./@"):
        raise UsageError(
            f"'{cell}' is no cell", hints=("a cell is written SIGNER:RELYING, e.g. hk-recognised:cn-licensed-sm2",)
        )
    return cell
