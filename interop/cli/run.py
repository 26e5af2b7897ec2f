"""`interop run`: the main job."""

from __future__ import annotations

import os
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interop.cli.lazy import EXIT_CODES
from interop.cli.parameters import CACHE_OPTIONS, INSTANT, JOBS, LANG, add_options, cache_folder, split

if TYPE_CHECKING:
    from interop.model.text import Lang
    from interop.run.execute import Run

__all__ = ["run"]

PRIMARY = "embedded"
"""The engine that feeds the judge; always asked."""

EPILOG = f"""
\b
examples
  interop run
  interop run --signers cn-licensed-sm2 --relying cn-gov-gm,hk-recognised
  interop run -k 'pades and not b-t' -o out-pades
  interop run -k eu-qtsp-natural:hk-recognised
  interop run --at 2036-03-02                       the same files, judged ten years later
  interop run --engine openssl --engine xmlsec1     what independent tools confirm
  interop run -f json -o -                          the matrix alone, on standard output
  interop run --profiles my-profiles/providers --lang zh
  interop run --lists my-profiles/lists             whom to trust by lists: `interop agreement export`
  interop run --real hk-recognised='python my_verifier.py'

{EXIT_CODES}
"""


@click.command(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--profiles", type=click.Path(path_type=Path), help="Folder of provider profiles.  [default: shipped]")
@click.option("--agreements", type=click.Path(path_type=Path), help="Folder of agreements.  [default: shipped]")
@click.option(
    "--lists", type=click.Path(path_type=Path), metavar="DIR",
    help="Anchors and agreements by the trusted lists there; its signers.pem says whose.",
)  # fmt: skip
@click.option("--signers", multiple=True, metavar="ID[,ID]", help="Only these providers sign.")
@click.option("--relying", multiple=True, metavar="ID[,ID]", help="Only these relying parties verify.")
@click.option("--set", "set_id", default="core", show_default=True, metavar="ID", help="Which cases: core or full.")
@click.option("-k", "expression", metavar="EXPR", help="A cell, group or case id, or words with and, or, not.")
@click.option(
    "--engine", "witnesses", multiple=True, metavar="ID", help="Ask this witness too: openssl, xmlsec1, pdfsig."
)
@click.option("--real", "real", multiple=True, metavar="ID=COMMAND", help="A program speaks for this relying party.")
@click.option("--repeat", type=click.IntRange(1, 10), default=1, show_default=True, help="Ask real parties so often.")
@click.option(
    "--answer-seconds", type=click.FloatRange(0.1, 600), default=10.0, show_default=True, metavar="S",
    help="How long a real party may take over one file.",
)  # fmt: skip
@click.option("--at", type=INSTANT, metavar="TIME", help="Validation instant.  [default: the set's]")
@click.option(
    "--live-pki", is_flag=True, help="Have status answers over HTTP, from a server of our own. Keeps nothing."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("out"), show_default=True, help="Folder.")
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    metavar="NAME",
    help="terminal, json, markdown; repeat or join by commas.  [default: all]",
)
@click.option("--no-remedies", is_flag=True, help="Do not look for what would turn the blocked cells.")
@click.option("--fail-on", type=click.Choice(["promise"]), help="Exit 1 also where a promise is broken.")
@click.option("-q", "--quiet", is_flag=True, help="No talk on standard error.")
@add_options(JOBS, LANG, *CACHE_OPTIONS)
def run(
    profiles: Path | None, agreements: Path | None, lists: Path | None, signers: tuple[str, ...], relying: tuple[str, ...], set_id: str,
    expression: str | None, witnesses: tuple[str, ...], real: tuple[str, ...], repeat: int, answer_seconds: float, at: datetime | None,
    live_pki: bool, output: Path, formats: tuple[str, ...], no_remedies: bool, fail_on: str | None, quiet: bool, jobs: int, lang: Lang,
    cache: Path | None, no_cache: bool,
) -> int:  # fmt: skip
    """Sign with every provider, verify as every relying party, print the matrix.

    Writes facts.jsonl, objects/, matrix.json and summary.md into the output folder. What is finished is kept, so a second
    run with the same profiles takes a moment.
    """
    from interop.cli.console import ConsoleListener, data_console, talk_of_lists
    from interop.engine.process import ProcessParty
    from interop.matrix.gate import exit_code
    from interop.model.errors import UsageError
    from interop.report.markdown import markdown
    from interop.report.terminal import print_matrix
    from interop.run.execute import Run, execute
    from interop.run.files import matrix_json, write_atomically
    from interop.run.judged import judged, remedied
    from interop.run.list_driven import by_lists
    from interop.run.list_folder import read_folder
    from interop.run.live import LivePki
    from interop.run.plan import Options, plan
    from interop.run.record import write_facts

    wanted = split(formats) or ("terminal", "json", "markdown")
    for name in wanted:
        if name not in {"terminal", "json", "markdown"}:
            raise UsageError(f"unknown format '{name}'", hints=("formats: terminal, json, markdown",))
    streaming = str(output) == "-"
    if streaming and len(wanted) != 1:
        raise UsageError("-o - writes one format to standard output", hints=("e.g. interop run -f json -o -",))
    if lists is not None and live_pki:
        raise UsageError("--lists: the certificates of --live-pki are on no list", hints=("leave out one of the two",))
    voices = dict(_voice(text) for text in real)
    if not streaming:
        _writable(output)
    with ExitStack() as stack:
        folder = stack.enter_context(cache_folder(cache, none=no_cache or live_pki))
        planned = plan(
            Options(
                profiles=profiles,
                agreements=agreements,
                signers=split(signers),
                relying=split(relying),
                set=set_id,
                expression=expression,
                at=at,
                witnesses=tuple(name for name in split(witnesses) if name != PRIMARY),
                real=voices,
                jobs=jobs,
                repeat=repeat,
                cache=folder,
            )
        )
        listed = None if lists is None else read_folder(lists, at=planned.validation)
        speaking = {
            party: stack.enter_context(ProcessParty(party, command, seconds=answer_seconds))
            for party, command in voices.items()
        }
        listener = stack.enter_context(ConsoleListener(quiet=quiet))
        live = stack.enter_context(LivePki()) if live_pki else None
        planned = planned if live is None else live.rewritten(planned)
        running = Run(planned, live=live)
        try:
            execute(planned, listener, run=running)
            if listed is not None:
                running, notes = by_lists(running, listed)
                talk_of_lists(() if quiet else notes)
            matrix = judged(running, listener, real=speaking)
            if not no_remedies:
                matrix = remedied(running, matrix, listener)
        except KeyboardInterrupt:
            if not streaming:
                write_facts(running, output, complete=False)
            raise
        if not streaming:
            write_facts(running, output, complete=True)
    if streaming and "terminal" not in wanted:
        data = matrix_json(matrix) if "json" in wanted else markdown(matrix, lang).encode()
        click.echo(data.rstrip(b"\n"))
        return exit_code(matrix, fail_on=frozenset({fail_on} if fail_on else ()))
    if "json" in wanted:
        write_atomically(output / "matrix.json", matrix_json(matrix))
    if "markdown" in wanted:
        write_atomically(output / "summary.md", markdown(matrix, lang).encode())
    if "terminal" in wanted:
        print_matrix(matrix, data_console(), lang)
    if not quiet:
        _say(running, None if streaming else output)
    return exit_code(matrix, fail_on=frozenset({fail_on} if fail_on else ()))


def _writable(folder: Path) -> None:
    """Said before the work is done, not after it."""
    from interop.model.errors import UsageError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"-o {folder}: cannot be made ({error.strerror})") from None
    if not os.access(folder, os.W_OK):
        raise UsageError(f"-o {folder}: cannot be written into")


def _voice(text: str) -> tuple[str, str]:
    from interop.model.errors import UsageError

    party, found, command = text.partition("=")
    if not found or not command.strip():
        raise UsageError(
            f"--real '{text}' is not ID=COMMAND", hints=("e.g. --real hk-recognised='python verifier.py'",)
        )
    return party, command


def _say(running: Run, output: Path | None) -> None:
    from interop.cli.console import talk
    from interop.run.witness import contradictions

    for vector, what in sorted(running.failures.items())[:5]:
        talk(f"{vector}: no answer: {what}")
    if running.testimonies:
        said = [s for answers in running.testimonies.values() for t in answers for s in t.statements]
        confirmed = sum(s.ok is True for s in said)
        unread = sum(s.ok is None for s in said)
        denied = len(said) - confirmed - unread
        against = list(contradictions(running.testimonies, {v: o.facts for v, o in running.observations.items()}))
        talk(
            f"witnesses: {len(said)} statements, {confirmed} yes, {denied} no, {unread} cannot read; {len(against)} contradict us"
        )
        for c in against[:5]:
            talk(
                f"  {c.vector}: {c.engine} says {c.statement.about} {c.statement.ok}, we say {c.ours} ({c.statement.why})"
            )
        for answers in running.testimonies.values():
            for testimony in answers:
                if testimony.error is not None:
                    talk(f"  {testimony.engine}: {testimony.error}")
    if running.plan.left_out:
        talk(f"no columns for {', '.join(running.plan.left_out)}, which sign nothing: name them with --relying")
    where = "" if output is None else f", files in {output}/"
    talk(f"{len(running.observations)} vectors ({running.made} made now){where}")
