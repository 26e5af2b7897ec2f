"""`interop conformance`: somebody else's suite of certification paths against our chain and revocation code."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interop.cli.lazy import exit_codes
from interop.cli.parameters import INSTANT, LANG

if TYPE_CHECKING:
    from interop.model.text import Lang
    from interop.run.conformance import PathCase

__all__ = ["conformance"]

EXIT_CODES = exit_codes(
    0, 1, 4, 5,
    c0="every case agrees, or the difference is named with its reason",
    c1="a difference that nobody explains",
    c4="what must fail is accepted, and the rule is not one of the web alone",
    c5="the suite has no case",
)  # fmt: skip
EPILOG = f"""
\b
examples
  interop conformance pkits pkits/              a folder with pkits.json, certs and crls
  interop conformance limbo limbo.json
  interop conformance limbo limbo.json -f json

{EXIT_CODES}
"""
_FORM = click.option(
    "-f", "--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True
)
_ALL = click.option("--all", "everything", is_flag=True, help="List the cases that agree as well.")


@click.group(epilog=EPILOG)
def conformance() -> None:
    """Run a published suite of certification paths against the chain and revocation code that judges signatures.

    Every difference is named with its reason; one that is not named is a failure.
    """


@conformance.command(
    epilog=f"""
\b
examples
  interop conformance pkits pkits/
  interop conformance pkits pkits/ --all --lang zh

{EXIT_CODES}
"""
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@_FORM
@_ALL
@LANG
def pkits(folder: Path, form: str, everything: bool, lang: Lang) -> int:
    """NIST PKITS: FOLDER holds pkits.json, the index of 246 cases, and the folders certs and crls."""
    from interop.run.pkits import read_pkits

    return _run("pkits", read_pkits(folder), form, everything, lang)


@conformance.command(
    epilog=f"""
\b
examples
  interop conformance limbo limbo.json
  interop conformance limbo limbo.json --at 2026-03-02 -f json

{EXIT_CODES}
"""
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--at", type=INSTANT, metavar="TIME", help="Validation time of cases that name none.  [default: now]")
@_FORM
@_ALL
@LANG
def limbo(file: Path, at: datetime | None, form: str, everything: bool, lang: Lang) -> int:
    """x509-limbo: FILE is its limbo.json.

    Beyond path validation the suite asks that certificates are what a conforming CA issues (RFC 5280 sections 4 and 5), and
    that the anchor's own certificate is processed too (RFC 5937); both are switched on here.
    """
    from datetime import UTC

    from interop.run.limbo import read_limbo

    return _run("limbo", read_limbo(file, at or datetime.now(UTC)), form, everything, lang)


def _run(suite: str, cases: tuple[PathCase, ...], form: str, everything: bool, lang: Lang) -> int:
    from interop.run.conformance import compare, load_differences

    score = compare(suite, cases, load_differences(suite))
    if form == "json":
        from interop.cli.console import print_json
        from interop.model.codec import dump_json

        print_json(dump_json(score))
    else:
        from interop.cli.console import data_console
        from interop.report.conformance import print_score

        print_score(score, data_console(), lang, everything=everything)
    return score.exit_code()
