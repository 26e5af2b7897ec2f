"""`interop engines`: the verifying software on this machine."""

from __future__ import annotations

import click

from interop.cli.lazy import EXIT_CODES

__all__ = ["engines"]

EPILOG = f"""
\b
examples
  interop engines
  interop engines -f json

{EXIT_CODES}
"""


@click.command(epilog=EPILOG)
@click.option("-f", "--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True)
def engines(form: str) -> int:
    """Show the verifying software found on this machine, what it can look at, and how to get what is missing.

    The embedded engine feeds the judge; witnesses confirm or contradict it (`interop run --engine ID`).
    """
    from interop.engine.registry import engine_infos

    infos = engine_infos()
    if form == "json":
        from interop.model.codec import dump_json

        click.echo(b"[" + b",".join(dump_json(info) for info in infos) + b"]")
        return 0
    from rich.table import Table

    from interop.cli.console import data_console

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("engine", "version", "role", "what it looks at"):
        table.add_column(heading, overflow="fold")
    for info in infos:
        missing = f"not found ({info.install})"
        table.add_row(info.id, info.version or missing, info.role, info.description)
    data_console().print(table)
    return 0
