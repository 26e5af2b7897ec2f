"""Where an option's value comes from when it is not on the command line: a variable, then `interop.toml`, then the default.

`--fail-on` of `interop run` is `INTEROP_RUN_FAIL_ON`, and `fail-on` in the table `[run]`; `interop vectors build -o` is
`INTEROP_VECTORS_BUILD_OUTPUT`, and `output` in `[vectors.build]`. `lang`, `jobs` and `cache` may also be set once for
all verbs: `INTEROP_LANG`, or `lang` at the top of the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from interop.cli.lazy import COMMANDS
from interop.model.errors import InputError, Problem, suggestion

__all__ = ["FILE", "SHARED", "apply_settings", "read_settings"]

FILE = Path("interop.toml")
"""In the working folder."""
SHARED = ("lang", "jobs", "cache")
"""Options that may be set once for all verbs."""


def read_settings(path: Path) -> dict[str, object]:
    """The file as it is, its first level checked; empty where there is none. InputError with every mistake of that level."""
    if not path.is_file():
        return {}
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputError(str(FILE), (Problem(where="file", what=str(error).lower()),)) from None
    problems = []
    for key, value in raw.items():
        if key in COMMANDS:
            if not isinstance(value, dict):
                problems.append(Problem(where=key, what=f"is a table: write [{key}]"))
        elif key not in SHARED:
            problems.append(_unknown(key, key, (*COMMANDS, *SHARED)))
    _raise(problems)
    return raw


def apply_settings(ctx: click.Context, verb: str, command: click.Command, settings: Mapping[str, object]) -> None:
    """Give every option of a verb its variables, and the verb what the file says. InputError with all its mistakes at once."""
    shared = {name: settings[name] for name in SHARED if name in settings}
    table = settings.get(verb, {})
    problems: list[Problem] = []
    found = _defaults(verb, (verb,), command, table if isinstance(table, Mapping) else {}, shared, problems)
    _raise(problems)
    ctx.default_map = {**(ctx.default_map or {}), verb: found}


def _defaults(
    where: str, path: tuple[str, ...], command: click.Command, table: Mapping[str, object],
    shared: Mapping[str, object], problems: list[Problem],
) -> dict[str, object]:  # fmt: skip
    options = {name: param for param in command.params if isinstance(param, click.Option) for name in _names(param)}
    children = command.commands if isinstance(command, click.Group) else {}
    found: dict[str, object] = {}
    for name, param in options.items():
        own = "_".join(("INTEROP", *path, name)).upper().replace("-", "_")
        every = [f"INTEROP_{name.upper()}"] if name in SHARED else []
        param.envvar = [own, *every]
        if name in shared:
            found[str(param.name)] = shared[name]
    for key, value in table.items():
        if key in children and isinstance(value, Mapping):
            continue
        option = options.get(key)
        if option is None:
            problems.append(_unknown(f"{where}.{key}", key, (*options, *children)))
        elif isinstance(value, Mapping) or (isinstance(value, list) and not option.multiple):
            problems.append(Problem(where=f"{where}.{key}", what="is one value"))
        else:
            found[str(option.name)] = value if isinstance(value, list) or not option.multiple else [value]
    for name, child in children.items():
        below = table.get(name, {})
        found[name] = _defaults(
            f"{where}.{name}", (*path, name), child, below if isinstance(below, Mapping) else {}, shared, problems
        )
    return found


def _names(param: click.Option) -> list[str]:
    """The long name without its hyphens; the short one where there is no other (`-k`)."""
    long = [name[2:] for name in param.opts if name.startswith("--")]
    return long[:1] or [name.lstrip("-") for name in param.opts[:1]]


def _unknown(where: str, key: str, known: Iterable[str]) -> Problem:
    return Problem(where=where, what=f"unknown key{suggestion(key, known)}")


def _raise(problems: list[Problem]) -> None:
    if problems:
        raise InputError(
            str(FILE),
            tuple(problems),
            hints=('one table per verb, keys as the long options: [run], then fail-on = "promise"',),
        )
