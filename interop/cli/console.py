"""Consoles and progress: data on standard output, talk on standard error, colour and bars only where a person looks."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

__all__ = ["ConsoleListener", "data_console", "print_json", "talk", "talk_of_lists"]

_NOTES = 5
"""Remarks about lists that are said."""
_COUNT = 9
"""Columns of `4096/9999`: what a stage has done, of how many."""


def data_console(*, width: int | None = None) -> Console:
    """Standard output. Rich honours NO_COLOR and FORCE_COLOR; a pipe gets 100 columns unless COLUMNS says otherwise."""
    from rich.console import Console

    if width is None and not sys.stdout.isatty() and not os.environ.get("COLUMNS", "").isdigit():
        width = 100
    return Console(width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def print_json(data: bytes | str) -> None:
    """JSON is UTF-8 (RFC 8259 section 8.1), whatever the encoding of the terminal."""
    click.echo(data.encode() if isinstance(data, str) else data)


def talk(message: str) -> None:
    """One line for a person, on standard error. What it quotes may come from a stranger's file or program."""
    from interop.report.safe import printable

    click.echo(f"interop: {printable(message)}", err=True)


def talk_of_lists(notes: Sequence[str]) -> None:
    """The first of what trusted lists say and nobody here can make use of."""
    for note in notes[:_NOTES]:
        talk(note)
    if len(notes) > _NOTES:
        talk(f"and {len(notes) - _NOTES} more such remarks about lists")


class ConsoleListener:
    """Progress on standard error, only on a terminal. Use as a context manager."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._show = sys.stderr.isatty() and not quiet
        self._quiet = quiet
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> ConsoleListener:
        if self._show:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
            from rich.table import Column

            # what is being done gives way on a narrow terminal, never the count
            self._progress = Progress(
                TextColumn("{task.description}", table_column=Column(no_wrap=True)),
                BarColumn(bar_width=16, table_column=Column(min_width=16)),
                MofNCompleteColumn(table_column=Column(no_wrap=True, min_width=_COUNT)),
                TimeElapsedColumn(table_column=Column(no_wrap=True, min_width=7)),
                TextColumn(
                    "{task.fields[what]}",
                    markup=False,
                    table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1),
                ),
                console=Console(stderr=True),
                transient=True,
                expand=True,
            )
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def stage(self, name: str, total: int) -> None:
        """A stage begins."""
        if self._progress is not None:
            if self._task is not None:
                self._progress.remove_task(self._task)
            self._task = self._progress.add_task(name, total=total or None, what="")

    def step(self, what: str) -> None:
        """One step is done."""
        if self._progress is not None and self._task is not None:
            from interop.report.safe import untrusted

            self._progress.update(self._task, advance=1, what=untrusted(what, limit=60))

    def say(self, message: str) -> None:
        """One line for a person."""
        if self._quiet:
            return
        if self._progress is not None:
            from interop.report.safe import printable

            self._progress.console.print(f"interop: {printable(message)}", highlight=False, markup=False, emoji=False)
        else:
            talk(message)
