"""What `lint` prints of profiles and agreements alike: every mistake with its place, remarks, and how many of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from interop.profile.folder import Examination

__all__ = ["print_examination"]


def print_examination(found: Examination) -> int:
    """Print all of it: mistakes and remarks as data, files with mistakes that nobody asked about as talk.

    Returns the number of remarks. UsageError (exit 2) where a file has mistakes.
    """
    from interop.cli.console import talk
    from interop.model.errors import InputError, UsageError

    for report in found.reports:
        for remark in report.warnings:
            click.echo(f"{report.path.name}: {remark.where}: {remark.what} (warning)")
    bad = [report for report in found.reports if report.problems]
    for report in bad:
        click.echo(InputError(str(report.path), report.problems).message)
    for path in found.mentioned:
        talk(f"{path}: has mistakes of its own")
    if bad:
        count = sum(len(report.problems) for report in bad)
        raise UsageError(
            f"{count} problem{'' if count == 1 else 's'} in {len(bad)} file{'' if len(bad) == 1 else 's'}",
            hints=("`interop profile schema` prints every key with its meaning",),
        )
    return sum(len(report.warnings) for report in found.reports)
