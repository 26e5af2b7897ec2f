"""Commands that are imported when they are called: `interop --help` needs none of them. And what all helps share."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

from interop.model.errors import suggestion

__all__ = ["COMMANDS", "EXIT_CODES", "LazyGroup", "exit_codes"]

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("interop.cli.run:run", "Sign with every provider, verify as every relying party, print the matrix."),
    "check": ("interop.cli.check:check", "Look at somebody's signed PDF or XML, and say who would accept it."),
    "explain": ("interop.cli.explain:explain", "Say why one cell or one reason is as it is, and what would help."),
    "whatif": ("interop.cli.whatif:whatif", "Change something and see which cells come out otherwise, and why."),
    "remedy": (
        "interop.cli.remedy:remedy",
        "List the smallest changes that would turn blocked cells, and who must act.",
    ),
    "timeline": ("interop.cli.timeline:timeline", "Say on which dates cells change over the years, and why."),
    "profile": ("interop.cli.profile:profile", "List, show and check provider profiles; print the schema."),
    "agreement": (
        "interop.cli.agreement:agreement",
        "List, show, check and export agreements: who recognises whom, on what terms.",
    ),
    "vectors": ("interop.cli.vectors:vectors", "List, show and build the signed test files."),
    "conformance": (
        "interop.cli.conformance:conformance",
        "Run a published suite of certification paths (PKITS, x509-limbo).",
    ),
    "serve-pki": ("interop.cli.serve_pki:serve_pki", "Serve CRLs, OCSP and time-stamps of providers on this machine."),
    "engines": ("interop.cli.engines:engines", "Show the verifying software found on this machine."),
}

_MEANING: Mapping[int, str] = {
    0: "everything that gates is as expected",
    1: "something is not as expected",
    2: "wrong usage, or a profile or file that cannot be read",
    3: "the run cannot be trusted: an engine could not answer",
    4: "an invalid signature was accepted",
    5: "nothing was selected, nothing ran, or no signature was found",
    130: "interrupted; what was finished is kept",
}


def exit_codes(*codes: int, **own: str) -> str:
    """The block of a help that says what exit codes mean. `own` words some of them for one verb: `c0="done"`."""
    meaning = {code: own.get(f"c{code}", _MEANING[code]) for code in sorted({*codes, 2, 130})}
    width = max(len(str(code)) for code in meaning)
    return "\b\nexit codes\n" + "\n".join(f"  {code:<{width}}  {text}" for code, text in meaning.items())


EXIT_CODES = exit_codes(*_MEANING)
"""All of them, in the general words of the design."""


class LazyGroup(click.Group):
    """A group whose commands are named in `COMMANDS` and imported at first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names, in the order in which people need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command, and give its options their variables and their lines in `interop.toml`."""
        if cmd_name not in COMMANDS:
            raise click.UsageError(f"no such command '{cmd_name}'{suggestion(cmd_name, COMMANDS)}", ctx)
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}:{name} is no command")
        from interop.cli.settings import FILE, apply_settings, read_settings

        apply_settings(ctx, cmd_name, command, read_settings(FILE))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the commands from the table, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])
