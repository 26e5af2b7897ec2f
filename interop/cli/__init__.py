"""The command line: a thin shell. It parses, calls the library, hands over to a report; errors are one line and hints."""

from __future__ import annotations

import sys

import click

from interop.cli.lazy import COMMANDS, EXIT_CODES, LazyGroup
from interop.model.errors import InteropError

__all__ = ["cli", "main"]

EPILOG = f"""
\b
first steps
  interop run                                  all shipped providers, terminal matrix and out/
  interop explain cn-licensed-sm2:cn-gov-gm    why one cell is as it is, and what would help
  interop check signed.pdf                     somebody else's file, and what each relying party makes of it

{EXIT_CODES}
"""


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from interop import __version__

        click.echo(f"interop {__version__}")
        ctx.exit()


def _settings() -> dict[str, object]:
    """`interop.toml` in the working folder: one table per verb, keys as the long options."""
    import tomllib
    from pathlib import Path

    from interop.model.errors import InputError, Problem, UsageError

    path = Path("interop.toml")
    if not path.is_file():
        return {}
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("interop.toml", (Problem(where="file", what=str(error).lower()),)) from None
    unknown = sorted(set(raw) - set(COMMANDS))
    if unknown:
        raise UsageError(f"interop.toml: unknown table '{unknown[0]}'", hints=(f"tables: {', '.join(COMMANDS)}",))
    return {
        verb: {key.replace("-", "_"): value for key, value in table.items()}
        for verb, table in raw.items()
        if isinstance(table, dict)
    }


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "INTEROP", "max_content_width": 110},
    epilog=EPILOG,
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print the version."
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Who recognises whose electronic signatures, at which level, and why not.

    Data goes to standard output, talk to standard error. Settings: option, then INTEROP_* variable (e.g.
    INTEROP_RUN_JOBS), then interop.toml, then default.
    """
    ctx.default_map = _settings()


def main() -> None:
    """Entry point: run the command, print an error as one line with hints, leave with its exit code."""
    try:
        result = cli.main(standalone_mode=False)
        code = result if isinstance(result, int) else 0
    except click.exceptions.Abort:
        click.echo("interop: interrupted", err=True)
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except InteropError as error:
        click.echo(f"interop: error: {error.message}", err=True)
        for hint in error.hints:
            click.echo(f"hint: {hint}", err=True)
        code = error.exit_code
    except KeyboardInterrupt:
        click.echo("interop: interrupted; what was finished is kept", err=True)
        code = 130
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    sys.exit(code)
