"""`interop timeline`: on which dates cells change, and why."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interop.cli.lazy import exit_codes
from interop.cli.parameters import CACHE_OPTIONS, INSTANT, JOBS, LANG, add_options, cache_folder, split

if TYPE_CHECKING:
    from interop.model.text import Lang

__all__ = ["timeline"]

EXIT_CODES = exit_codes(0, 3, 5, c0="answered, whatever changes", c5="the set holds no vector of these signers")
EPILOG = f"""
\b
examples
  interop timeline
  interop timeline eu-qtsp-natural:uk-qtsp
  interop timeline --signers eu-qtsp-natural --relying eu-qtsp-seal,uk-qtsp --years 20
  interop timeline cn-licensed-sm2:cn-dual-alg --from 2026-06-01 --to 2031-01-01
  interop timeline br-icp-a3:br-icp-a3 --lang zh
  interop timeline --relying hk-recognised -f json

{EXIT_CODES}
"""


@click.command(epilog=EPILOG)
@click.argument("cell", required=False, metavar="[CELL]")
@click.option("--from", "start", type=INSTANT, metavar="TIME", help="First validation instant.  [default: the set's]")
@click.option("--to", "end", type=INSTANT, metavar="TIME", help="First one after the span.  [default: ten years on]")
@click.option("--years", type=click.IntRange(1, 200), metavar="N", help="Length of the span, in the place of --to.")
@click.option("--signers", multiple=True, metavar="ID[,ID]", help="Follow these rows only.")
@click.option("--relying", multiple=True, metavar="ID[,ID]", help="Follow these columns only.")
@click.option("--profiles", type=click.Path(path_type=Path), help="Folder of provider profiles.  [default: shipped]")
@click.option("--agreements", type=click.Path(path_type=Path), help="Folder of agreements.  [default: shipped]")
@click.option(
    "--lists", type=click.Path(path_type=Path), metavar="DIR",
    help="Anchors and agreements by the trusted lists there, as in `interop run`.",
)  # fmt: skip
@click.option("--cases", default="core", show_default=True, metavar="ID", help="Which set of cases: core or full.")
@click.option("--all", "every", is_flag=True, help="Name every cell, not the first of those that change alike.")
@click.option("-f", "--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True)
@add_options(JOBS, LANG, *CACHE_OPTIONS)
def timeline(
    cell: str | None, start: datetime | None, end: datetime | None, years: int | None, signers: tuple[str, ...],
    relying: tuple[str, ...], profiles: Path | None, agreements: Path | None, lists: Path | None, cases: str, every: bool,
    form: str, jobs: int, lang: Lang, cache: Path | None, no_cache: bool,
) -> int:  # fmt: skip
    """Say on which dates cells change over the years, and what begins or ends then.

    The files stay as they were signed; the instant of validation moves. CELL is signer[.identity]:relying[/format/level]: that one
    alone, group by group. Without it every date is told with the cells that it moves.
    """
    from interop.cli.console import ConsoleListener, data_console, print_json, talk_of_lists
    from interop.model.errors import UsageError
    from interop.run.execute import Run, execute
    from interop.run.explain import parse_id
    from interop.run.list_driven import by_lists
    from interop.run.list_folder import read_folder
    from interop.run.plan import Options, plan
    from interop.run.timeline import check_years, follow_cells, years_on

    if end is not None and years is not None:
        raise UsageError("--to and --years exclude each other", hints=("name the end, or how many years",))
    if cell is not None and (signers or relying):
        raise UsageError("a cell is named and rows or columns too", hints=("name CELL, or --signers and --relying",))
    asked = None if cell is None else parse_id(cell)
    with ExitStack() as stack:
        folder = stack.enter_context(cache_folder(cache, none=no_cache))
        options = Options(
            profiles=profiles, agreements=agreements, signers=split(signers), relying=split(relying), set=cases, jobs=jobs,
            cache=folder,
        )  # fmt: skip
        planned = plan(options if asked is None else replace(options, expression=str(asked)))
        first = planned.validation if start is None else start
        last = years_on(first, 10 if years is None else years) if end is None else end
        check_years(first, last)
        listed = None if lists is None else read_folder(lists, at=planned.validation)
        running = Run(planned)
        listener = stack.enter_context(ConsoleListener())
        execute(planned, listener, run=running)
        if listed is not None:
            running, notes = by_lists(running, listed)
            talk_of_lists(notes)
        found = follow_cells(running, first, last, listener)
    if form == "json":
        from interop.model.codec import dump_json

        print_json(dump_json(found, indent=1))
        return 0
    from interop.report.timeline import print_timeline

    titles = {agreement.id: agreement.name for agreement in running.plan.world.agreements}
    titles |= {suite.id: suite.name for suite in planned.suites.values()}
    print_timeline(found, data_console(), lang, titles=titles, every=every)
    return 0
