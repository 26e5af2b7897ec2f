"""`interop engines`: the verifying software on this machine."""

from __future__ import annotations

import click

from interop.cli.lazy import exit_codes

__all__ = ["engines"]

EXIT_CODES = exit_codes(0, c0="shown")
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
    from interop.cli.console import data_console, print_json
    from interop.engine.registry import engine_infos

    infos = engine_infos()
    if form == "json":
        from interop.model.codec import dump_json

        print_json(b"[" + b",".join(dump_json(info) for info in infos) + b"]")
        return 0
    from interop.report.page import Page
    from interop.report.safe import untrusted

    page = Page(data_console())
    rows = [
        (info.id, "-" if info.version is None else untrusted(info.version), info.role, info.description)
        for info in infos
    ]
    page.rows([("engine", "version", "role", "what it looks at"), *rows])
    for info in infos:
        if info.version is None:
            page.hang(f"{info.id} is not on this machine: {info.install}", rest=2)
    return 0
