"""The options that name changes, shared by the verbs that try them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from interop.model.change import Change

__all__ = ["CHANGE_OPTIONS", "changes_of", "context_of"]

_OPTIONS: tuple[tuple[str, str, str], ...] = (
    ("enable", "ID", "An agreement is switched on."),
    ("disable", "ID", "An agreement is switched off."),
    ("enact", "ID=TIME", "An agreement enters into force then."),
    ("repeal", "ID=TIME", "An agreement is repealed then."),
    ("recognise", "PARTY=SIGNER", "A party recognises a signer by an instrument that is not among the agreements."),
    ("load", "PARTY=ID", "A party takes the entries of an agreement into its trust set."),
    ("trust", "PARTY=ANCHOR", "A party trusts an anchor: PROVIDER or PROVIDER:CERTIFICATE."),
    ("allow", "[PARTY=]NAME", "An algorithm is accepted: key kind or curve, digest, scheme."),
    ("ban", "[PARTY=]NAME", "An algorithm is refused."),
    ("set", "[PARTY:]RULE=VALUE", "A rule of a relying party, or of all; += and -= for lists."),
    ("reissue", "SIGNER.IDENTITY:KEY=VALUE", "A signing certificate is issued otherwise; += and -= for lists."),
    ("emit", "SIGNER.IDENTITY=FORMAT[/LEVEL]", "An identity signs in one more format or level."),
    ("sign", "SIGNER.IDENTITY:KEY=VALUE", "A setting of a signer's format, e.g. pades.levels+=b-t."),
)

CHANGE_OPTIONS: tuple[Callable[[Any], Any], ...] = tuple(
    click.option(f"--{name}", f"change_{name}", multiple=True, metavar=metavar, help=text)
    for name, metavar, text in _OPTIONS
)
"""One option for each kind of change; each may stand more than once."""


def context_of(at: datetime | None, profiles: Path | None, agreements: Path | None) -> tuple[str, ...]:
    """The options of this call that a command that is shown has to have too."""
    from interop.model.instant import format_instant

    return (
        *(() if at is None else (f"--at {format_instant(at)}",)),
        *(() if profiles is None else (f"--profiles {profiles}",)),
        *(() if agreements is None else (f"--agreements {agreements}",)),
    )


def changes_of(given: Mapping[str, tuple[str, ...]]) -> tuple[Change, ...]:
    """The changes that the options name, kind by kind in the order of their definition. UsageError for one that is not written right."""
    from interop.model.change import Change, ChangeKind
    from interop.model.errors import UsageError

    found = []
    for kind in ChangeKind:
        for text in given[f"change_{kind.value}"]:
            try:
                found.append(Change.parse(kind, text))
            except ValueError as error:
                hint = "`interop whatif --help` has an example of each"
                raise UsageError(f"--{kind.value} '{text}' {error}", hints=(hint,)) from None
    for change in found:
        for other in found:
            if change.contrary_to(other):
                raise UsageError(f"{change} and {other} say contrary things", hints=("leave out one of the two",))
    return tuple(found)
