"""The command line: a thin shell. It parses, calls the library, hands over to a report; errors are one line and hints."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import click

from interop.cli.lazy import EXIT_CODES, LazyGroup
from interop.model.errors import InteropError

__all__ = ["cli", "main", "run_command"]

EPILOG = f"""
\b
first steps
  interop run                                  all shipped providers, terminal matrix and out/
  interop explain cn-licensed-sm2:cn-gov-gm    why one cell is as it is, and what would help
  interop check signed.pdf                     somebody else's file, and what each relying party makes of it

{EXIT_CODES}
"""
_INTERRUPTED = 130
_BROKEN_PIPE = 141
"""What a shell says of a program that wrote into a closed pipe (128 + SIGPIPE)."""
_OURS = 3


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from interop import __version__

        click.echo(f"interop {__version__}")
        ctx.exit()


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog=EPILOG,
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print the version."
)
def cli() -> None:
    """Who recognises whose electronic signatures, at which level, and why not.

    Data goes to standard output, talk to standard error. Settings: option, then INTEROP_* variable (e.g.
    INTEROP_RUN_JOBS), then interop.toml, then default.
    """


def main() -> None:
    """Entry point: run the command, print an error as one line with hints, leave with its exit code."""
    _write_what_the_stream_can()
    sys.exit(run_command())


def run_command(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (default: that of the process) and give its exit code; what it says goes to the streams."""
    try:
        result = cli.main(arguments, prog_name="interop", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.ClickException as error:
        return _say_click(error)
    except InteropError as error:
        return _say(error.message, error.hints, error.exit_code)
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("interop: interrupted; what was finished is kept", err=True)
        return _INTERRUPTED
    except SystemExit:  # the only one: click and Rich leave so when the reader of a pipe has gone
        return _BROKEN_PIPE
    except Exception as error:
        if os.environ.get("INTEROP_DEBUG"):
            raise
        hints = ("this is a mistake of interop itself; INTEROP_DEBUG=1 shows where",)
        return _say(f"internal error: {type(error).__name__}: {error}", hints, _OURS)
    return result if isinstance(result, int) else 0


def _say(message: str, hints: tuple[str, ...], code: int) -> int:
    from interop.report.safe import printable

    click.echo(f"interop: error: {printable(message)}", err=True)
    for hint in hints:
        click.echo(f"hint: {printable(hint)}", err=True)
    return code


def _say_click(error: click.ClickException) -> int:
    """Click's own errors in the same shape: one line, lower case, without its usage line."""
    message = error.format_message().strip().rstrip(".")
    first = message[:1].lower() + message[1:]
    context = getattr(error, "ctx", None)
    path = "interop" if context is None else context.command_path
    return _say(" ".join(first.split()), (f"`{path} --help` shows what there is",), error.exit_code)


def _write_what_the_stream_can() -> None:
    """A character that the encoding of a stream lacks is written as its escape, never an exception."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
