"""`interop explain`: one cell or one reason."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interop.cli.changes import CHANGE_OPTIONS, changes_of, context_of
from interop.cli.lazy import exit_codes
from interop.cli.parameters import CACHE_OPTIONS, INSTANT, JOBS, LANG, add_options, cache_folder

if TYPE_CHECKING:
    from interop.model.errors import UsageError
    from interop.model.text import Lang

__all__ = ["explain"]

EXIT_CODES = exit_codes(0, 3, 5, c0="explained, whatever the verdict", c5="the set holds no such vector")
EPILOG = f"""
\b
examples
  interop explain cn-licensed-sm2:cn-gov-gm
  interop explain eu-qtsp-natural.natural-rsa:hk-recognised/pades/b-b
  interop explain cn-licensed-sm2.org:cn-gov-gm/pdf-pkcs7/b-b/pdf-byte-changed
  interop explain cn-licensed-sm2:cn-gov-gm --lang zh
  interop explain hk-recognised:cn-licensed-sm2 --enable prc-art26-hk
  interop explain format.not-accepted
  interop explain                                   every reason there is

{EXIT_CODES}
"""


@click.command(epilog=EPILOG)
@click.argument("what", required=False, metavar="[ID|CODE]")
@click.option("--profiles", type=click.Path(path_type=Path), help="Folder of provider profiles.  [default: shipped]")
@click.option("--agreements", type=click.Path(path_type=Path), help="Folder of agreements.  [default: shipped]")
@click.option("--cases", default="core", show_default=True, metavar="ID", help="Which set of cases: core or full.")
@click.option("--at", type=INSTANT, metavar="TIME", help="Validation instant.  [default: the set's]")
@add_options(JOBS, LANG, *CACHE_OPTIONS, *CHANGE_OPTIONS)
def explain(
    what: str | None, profiles: Path | None, agreements: Path | None, cases: str, at: datetime | None,
    jobs: int, lang: Lang, cache: Path | None, no_cache: bool, **given: tuple[str, ...],
) -> int:  # fmt: skip
    """Say why one cell, group, case or reason is as it is: clause, evidence, both sides, and what would help.

    ID is signer[.identity]:relying[/format/level[/case]], as in `run -k`; CODE is a reason, as every report names it. With changes,
    as `interop whatif` takes them, the cell is explained as it would be then, beside what it is now.
    """
    from interop.cli.console import data_console
    from interop.model.errors import UsageError
    from interop.model.reasons import catalogue
    from interop.report.explained import print_cell, print_reason, print_reasons

    changes = changes_of(given)
    if changes and (what is None or ":" not in what):
        raise UsageError("changes are tried on a cell", hints=(f"e.g. interop explain SIGNER:RELYING {changes[0]}",))
    if what is None:
        print_reasons(data_console(), lang)
        return 0
    if ":" not in what:
        if what not in catalogue():
            raise _unknown(what, catalogue())
        print_reason(catalogue()[what], data_console(), lang)
        return 0
    from interop.cli.console import ConsoleListener
    from interop.profile.change import apply
    from interop.run.execute import Run, execute
    from interop.run.explain import explain_cell, parse_id, plan_of, whole
    from interop.run.explain_change import explain_changed
    from interop.run.judged import judged, remedied
    from interop.run.plan import Options

    asked = parse_id(what)
    with ExitStack() as stack:
        folder = stack.enter_context(cache_folder(cache, none=no_cache))
        options = Options(profiles=profiles, agreements=agreements, set=cases, at=at, jobs=jobs, cache=folder)
        running = Run(plan_of(options, asked))
        apply(changes, running.plan.world, running.plan.suites)  # what cannot be made is said before anything is
        listener = stack.enter_context(ConsoleListener())
        execute(running.plan, listener, run=running)
        matrix = judged(running, listener)
        if changes:
            told = explain_changed(running, matrix, asked, changes, listener)
        else:
            told = explain_cell(running, remedied(running, matrix, listener, cells=whole(asked)), asked)
    print_cell(told, data_console(), lang, given=context_of(at, profiles, agreements))
    return 0


def _unknown(what: str, known: Iterable[str]) -> UsageError:
    """A code that is not there: the catalogue is too long to be a hint."""
    from interop.model.errors import UsageError, suggestion

    return UsageError(
        f"unknown reason '{what}'{suggestion(what, known)}",
        hints=("`interop explain` without an argument lists all reasons", "a cell is written signer:relying"),
    )
