"""`interop agreement`: the instruments of recognition, as data to look at and to check."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interop.cli.agreement_export import export
from interop.cli.lazy import exit_codes
from interop.cli.parameters import INSTANT, LANG, add_options

if TYPE_CHECKING:
    from interop.model.agreement import Agreement
    from interop.model.text import Lang

__all__ = ["agreement"]

LISTED = exit_codes(0, 5, c0="done", c5="the folder holds no agreement", c130="interrupted")
SHOWN = exit_codes(0, c0="done", c130="interrupted")
CHECKED = exit_codes(
    0, 5, c0="nothing is wrong", c2="wrong usage, or an agreement with mistakes: every one is printed",
    c5="the folder holds no agreement", c130="interrupted",
)  # fmt: skip


@click.group(
    epilog=f"""
\b
examples
  interop agreement list
  interop agreement show hk-to-gd
  interop agreement lint my-profiles/agreements/acme-to-eu.toml
  interop agreement export -o lists

{CHECKED}
"""
)
def agreement() -> None:
    """List, show, check and export agreements: who recognises whom, since when, on what terms."""


agreement.add_command(export)

FOLDER = click.option("--agreements", type=click.Path(path_type=Path), help="Folder of agreements.  [default: shipped]")
AT = click.option(
    "--at", type=INSTANT, metavar="TIME", help="Whether in force then.  [default: validation time of the core set]"
)
FORM = click.option(
    "-f", "--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True
)


def _instant(at: datetime | None) -> datetime:
    """The instant asked for, else the one at which `interop run` judges the core set."""
    from interop.model.instant import parse_instant
    from interop.profile.load import data_root, load_case_set

    return at or parse_instant(load_case_set(data_root() / "vectors" / "sets" / "core.toml").validation)


def _known(agreements: Path | None) -> dict[str, Path]:
    from interop.model.errors import NothingToDo
    from interop.profile.load import list_agreements

    found = list_agreements(agreements)
    if not found:
        raise NothingToDo(f"{agreements}: no agreement in that folder")
    return found


@agreement.command(
    "list",
    epilog=f"""
\b
examples
  interop agreement list
  interop agreement list --at 2019-01-01
  interop agreement list --agreements my-profiles/agreements -f json

{LISTED}
""",
)
@add_options(FOLDER, AT, FORM, LANG)
def list_(agreements: Path | None, at: datetime | None, form: str, lang: Lang) -> int:
    """List the agreements: id, kind, evidence, on or off, in force or not, who recognises whom, other direction.

    An agreement grants something where it is switched on, in force, and more than a framework.
    """
    from interop.cli.console import data_console, print_json, talk
    from interop.model.instant import format_instant
    from interop.profile.load import load_agreement
    from interop.report.words import instant

    found = [load_agreement(path) for path in _known(agreements).values()]
    when = _instant(at)
    if form == "json":
        import json

        rows = [_row(one, when) for one in found]
        print_json(json.dumps({"at": format_instant(when), "agreements": rows}, ensure_ascii=False, indent=1))
        return 0
    from interop.report.agreements import print_agreements

    print_agreements(found, when, data_console(), lang)
    shown = instant(format_instant(when))
    talk(f"{len(found)} agreements, as of {shown}" if lang == "en" else f"{len(found)} 项互认安排，截至 {shown}")
    return 0


def _row(one: Agreement, at: datetime) -> dict[str, object]:
    """An agreement in the JSON of the list."""
    return {
        "id": one.id,
        "kind": one.kind.value,
        "signers": one.signers,
        "relying": one.relying,
        "evidence": one.evidence,
        "enabled": one.enabled,
        "grants": one.grants,
        "in_force": any(at in span for span in one.in_force()),
        "counterpart": one.counterpart,
    }


@agreement.command(
    "show",
    epilog=f"""
\b
examples
  interop agreement show zz-to-eu
  interop agreement show prc-art26-hk --lang zh
  interop agreement show hk-to-gd -f json
  interop agreement show my-profiles/agreements/acme-to-eu.toml

{SHOWN}
""",
)
@click.argument("name", metavar="ID")
@click.option("--profiles", type=click.Path(path_type=Path), help="Folder of profiles.  [default: shipped]")
@add_options(FOLDER, AT, FORM, LANG)
def show(name: str, profiles: Path | None, agreements: Path | None, at: datetime | None, form: str, lang: Lang) -> int:
    """Show one agreement: history, what it admits on which conditions, level, scope, source.

    In JSON it is the data of the file: `interop profile schema agreement`.
    """
    from interop.cli.console import data_console, print_json
    from interop.profile.load import list_providers, load_agreement, look_at_provider
    from interop.run.plan import unknown_id

    if name.endswith(".toml"):
        one = load_agreement(Path(name))
    else:
        known = _known(agreements)
        if name not in known:
            raise unknown_id("agreement", name, known)
        one = load_agreement(known[name])
    if form == "json":
        import json

        from interop.model.codec import dump_json

        data = json.loads(dump_json(one))
        data["level_cap"] = None if one.level_cap is None else str(one.level_cap)  # as files write it
        print_json(json.dumps(data, ensure_ascii=False, indent=1))
        return 0
    from interop.report.agreements import print_agreement

    providers = [look_at_provider(path).value for path in list_providers(profiles).values()]
    loading = [p.id for p in providers if p is not None and one.id in p.relying.trust.load]
    print_agreement(one, _instant(at), data_console(), lang, loading=loading)
    return 0


@agreement.command(
    "lint",
    epilog=f"""
\b
examples
  interop agreement lint
  interop agreement lint my-profiles/agreements/acme-to-eu.toml
  interop agreement lint my-profiles/agreements/acme-to-eu.toml --profiles my-profiles/providers

{CHECKED}
""",
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--profiles",
    type=click.Path(path_type=Path),
    help="Folder of profiles.  [default: `providers` beside the folder of the agreement, else shipped]",
)
@add_options(FOLDER)
def lint(files: tuple[Path, ...], profiles: Path | None, agreements: Path | None) -> int:
    """Check agreements: every mistake at once, with its place.

    Each of FILES is checked by itself and with the other agreements of its folder and the profiles. Without FILES: all
    agreements of the folder.
    """
    from interop.cli.console import talk
    from interop.cli.linted import print_examination
    from interop.profile.folder import examine_agreements
    from interop.profile.load import load_suites

    paths = files or tuple(_known(agreements).values())
    found = examine_agreements(paths, profiles=profiles, suites=load_suites())
    warnings = print_examination(found)
    talk(f"{len(paths)} agreement{'' if len(paths) == 1 else 's'} checked, 0 errors, {warnings} remarks")
    return 0
