"""`interop whatif`: what would come out otherwise, were something changed."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interop.cli.changes import CHANGE_OPTIONS, changes_of
from interop.cli.lazy import exit_codes
from interop.cli.parameters import CACHE_OPTIONS, INSTANT, JOBS, LANG, add_options, cache_folder, split

if TYPE_CHECKING:
    from interop.model.text import Lang

__all__ = ["whatif"]

EXIT_CODES = exit_codes(0, 3, 5, c0="answered, whatever it changes", c5="the set holds no vector of these signers")
EPILOG = f"""
\b
examples
  interop whatif --enable prc-art26-hk
  interop whatif --repeal zz-to-eu=2026-02-01
  interop whatif --recognise hk-recognised=eu-qtsp-natural
  interop whatif --trust hk-recognised=eu-qtsp-natural:root
  interop whatif --ban sha256 --at 2030-01-01
  interop whatif --allow cn-gov-gm=RSA --set cn-gov-gm:formats.accept+=pades
  interop whatif --set time.time_stamp_required=true
  interop whatif --reissue eu-qtsp-natural.natural-rsa:key_usage=keyEncipherment
  interop whatif --emit cn-licensed-sm2.org=pdf-gm
  interop whatif --sign eu-qtsp-natural.natural-ec:pades.signature_policy=2.16.76.1.7.1.11.1.3

{EXIT_CODES}
"""


@click.command(epilog=EPILOG)
@add_options(*CHANGE_OPTIONS)
@click.option("--at", type=INSTANT, metavar="TIME", help="It is judged then.  [default: the set's instant]")
@click.option("--signers", multiple=True, metavar="ID[,ID]", help="Look at these rows only.")
@click.option("--relying", multiple=True, metavar="ID[,ID]", help="Look at these columns only.")
@click.option("--profiles", type=click.Path(path_type=Path), help="Folder of provider profiles.  [default: shipped]")
@click.option("--agreements", type=click.Path(path_type=Path), help="Folder of agreements.  [default: shipped]")
@click.option("--cases", default="core", show_default=True, metavar="ID", help="Which set of cases: core or full.")
@click.option("--all", "every", is_flag=True, help="Name every cell, not the first of those that change alike.")
@click.option("-f", "--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True)
@add_options(JOBS, LANG, *CACHE_OPTIONS)
def whatif(
    at: datetime | None, signers: tuple[str, ...], relying: tuple[str, ...], profiles: Path | None,
    agreements: Path | None, cases: str, every: bool, form: str, jobs: int, lang: Lang, cache: Path | None, no_cache: bool,
    **given: tuple[str, ...],
) -> int:  # fmt: skip
    """Change something and see which cells come out otherwise, and why.

    Options may be repeated and combined. Changes to agreements and relying parties are judged over the stored facts: nothing is signed.
    After --reissue, --emit and --sign that signer alone is issued and signed again.
    """
    from interop.cli.console import ConsoleListener, data_console, print_json
    from interop.model.errors import UsageError
    from interop.run.execute import Run, execute
    from interop.run.plan import Options, plan
    from interop.run.whatif import what_if, with_columns

    changes = changes_of(given)
    if not changes and at is None:
        raise UsageError("nothing is changed", hints=("e.g. interop whatif --enable prc-art26-hk",))
    with ExitStack() as stack:
        folder = stack.enter_context(cache_folder(cache, none=no_cache))
        planned = plan(
            Options(
                profiles=profiles, agreements=agreements, signers=split(signers), relying=split(relying), set=cases, jobs=jobs,
                cache=folder,
            )
        )  # fmt: skip
        planned = with_columns(planned, changes)
        running = Run(planned)
        listener = stack.enter_context(ConsoleListener())
        execute(planned, listener, run=running)
        answer = what_if(running, changes, at=at, listener=listener)
    if form == "json":
        from interop.report.whatif import what_if_json

        print_json(
            what_if_json(
                answer.changes, answer.transitions, at=answer.at, judged=answer.judged, resigned=answer.resigned
            )
        )
        return 0
    from interop.model.instant import format_instant
    from interop.profile.change import idle
    from interop.report.whatif import print_what_if
    from interop.report.words import instant

    print_what_if(
        answer.changes,
        answer.transitions,
        data_console(),
        lang,
        agreements=planned.world.agreements,
        judged=answer.judged,
        resigned=answer.resigned,
        moved_to=None if at is None else instant(format_instant(at)),
        every=every,
        idle=idle(changes, planned.world, planned.suites),
    )
    return 0
