"""`interop explain`: one cell or one reason."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import click

from interop.cli.lazy import EXIT_CODES
from interop.cli.parameters import CACHE_OPTIONS, INSTANT, JOBS, LANG, add_options, cache_folder
from interop.model.text import Lang

__all__ = ["explain"]

EPILOG = f"""
\b
examples
  interop explain cn-licensed-sm2:cn-gov-gm
  interop explain eu-qtsp-natural.natural-rsa:hk-recognised/pades/b-b
  interop explain cn-licensed-sm2.org:cn-gov-gm/pdf-pkcs7/b-b/pdf-byte-changed
  interop explain format.family-not-accepted
  interop explain                                   every reason there is
  interop explain cn-licensed-sm2:cn-gov-gm --lang zh

{EXIT_CODES}
"""


@click.command(epilog=EPILOG)
@click.argument("what", required=False, metavar="[CELL|CODE]")
@click.option("--profiles", type=click.Path(path_type=Path), help="Folder of provider profiles.  [default: shipped]")
@click.option("--agreements", type=click.Path(path_type=Path), help="Folder of agreements.  [default: shipped]")
@click.option("--set", "set_id", default="core", show_default=True, metavar="ID", help="Which cases.")
@click.option("--at", type=INSTANT, metavar="TIME", help="Validation instant.  [default: the set's]")
@add_options(JOBS, LANG, *CACHE_OPTIONS)
def explain(
    what: str | None, profiles: Path | None, agreements: Path | None, set_id: str, at: datetime | None,
    jobs: int, lang: Lang, cache: Path | None, no_cache: bool,
) -> int:  # fmt: skip
    """Say why one cell, group, case or reason is as it is: clause, evidence, both sides, and what would help."""
    from interop.cli.console import data_console
    from interop.model.reasons import catalogue
    from interop.report.explained import print_reason

    if what is None:
        for entry in catalogue().values():
            click.echo(f"{entry.code}  {entry.text.in_(lang)}")
        return 0
    if ":" not in what:
        from interop.run.plan import unknown_id

        if what not in catalogue():
            raise unknown_id("reason", what, catalogue())
        print_reason(catalogue()[what], data_console(), lang)
        return 0
    from interop.cli.console import ConsoleListener
    from interop.model.errors import UsageError
    from interop.model.ids import CellId
    from interop.report.explained import print_cell
    from interop.run.execute import Run, execute
    from interop.run.explain import explain_cell
    from interop.run.measure import matrix_of
    from interop.run.plan import Options, plan

    try:
        cell = CellId.parse(what)
    except ValueError as error:
        raise UsageError(str(error)) from None
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) if no_cache else cache_folder(cache)
        planned = plan(
            Options(
                profiles=profiles, agreements=agreements, set=set_id, at=at, expression=what, jobs=jobs, cache=folder
            )
        )
        running = Run(planned)
        execute(planned, stack.enter_context(ConsoleListener()), run=running)
        matrix = matrix_of(running)
        told = explain_cell(running, matrix, planned.world.provider(cell.signer), planned.world.provider(cell.relying))
    print_cell(told, data_console(), lang)
    return 0
