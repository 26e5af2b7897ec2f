"""Options that several verbs share, and their types."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from interop.model.instant import parse_instant

__all__ = ["CACHE_OPTIONS", "INSTANT", "JOBS", "LANG", "add_options", "cache_folder", "split"]

F = TypeVar("F", bound=Callable[..., Any])


class _Instant(click.ParamType[datetime]):
    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return parse_instant(str(value))
        except (ValueError, OverflowError):
            self.fail(f"'{value}' is no instant (write 2026-03-02 or 2026-03-02T12:00:00Z)", param, ctx)


INSTANT = _Instant()

JOBS = click.option(
    "-j",
    "--jobs",
    type=click.IntRange(0, 64),
    default=lambda: os.cpu_count() or 2,
    show_default="cores",
    help="Workers; 0: in this process, without limits.",
)
LANG = click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")
CACHE_OPTIONS = (
    click.option("--cache", type=click.Path(path_type=Path), help="Cache folder.  [default: the user's]"),
    click.option("--no-cache", is_flag=True, help="Keep nothing, use nothing kept."),
)


def add_options(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator."""

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


@contextmanager
def cache_folder(chosen: Path | None, *, none: bool) -> Iterator[Path]:
    """The folder named, else the user's; with `none` an empty one that is gone afterwards."""
    if none:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
        return
    from interop.run.cache import default_cache_dir

    yield chosen or default_cache_dir()


def split(values: tuple[str, ...]) -> tuple[str, ...]:
    """`("a,b", "c")` -> `("a", "b", "c")`."""
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())
