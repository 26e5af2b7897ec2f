"""`interop profile`: the care of provider profiles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from interop.cli.lazy import exit_codes
from interop.cli.parameters import LANG, add_options

if TYPE_CHECKING:
    from interop.model.profile import Provider
    from interop.model.text import Lang

__all__ = ["profile"]


LISTED = exit_codes(0, 5, c0="done", c5="the folder holds no profile", c130="interrupted")
DONE = exit_codes(0, c0="done", c130="interrupted")
LINTED = exit_codes(
    0, c0="nothing is wrong", c2="wrong usage, or a profile with mistakes: every one is printed", c130="interrupted"
)


@click.group(
    epilog=f"""
\b
examples
  interop profile list
  interop profile show eu-qtsp-natural
  interop profile lint my-profiles/providers/acme.toml
  interop profile schema profile > profile.schema.json
  interop profile keys my-profiles/providers/acme.toml -o my-profiles/keys

{LINTED}
"""
)
def profile() -> None:
    """List, show and check provider profiles; print the schema; make missing test keys."""


CHECKED = exit_codes(
    0, 5, c0="nothing is wrong", c2="wrong usage, or a profile with mistakes: every one is printed",
    c5="the folder holds no profile", c130="interrupted",
)  # fmt: skip


FOLDER = click.option("--profiles", type=click.Path(path_type=Path), help="Folder of profiles.  [default: shipped]")


@profile.command(
    "list",
    epilog=f"""
\b
examples
  interop profile list
  interop profile list --profiles my-profiles/providers --lang zh

{LISTED}
""",
)
@add_options(FOLDER, LANG)
def list_(profiles: Path | None, lang: Lang) -> int:
    """List the providers: id, jurisdiction, identities with their main format, what it models.

    A format marked `~` is signed with an algorithm that is recognised and never verified: listed in reports, not counted.
    """
    from interop.cli.console import data_console, talk
    from interop.model.errors import NothingToDo
    from interop.profile.load import list_providers, load_provider
    from interop.report.profiles import print_profiles

    found = list_providers(profiles)
    if not found:
        raise NothingToDo(f"{profiles}: no profile in that folder")
    print_profiles([load_provider(path) for path in found.values()], data_console(), lang)
    talk(f"{len(found)} profiles" if lang == "en" else f"{len(found)} 个信任服务提供者")
    return 0


def _load(name: str, profiles: Path | None) -> Provider:
    from interop.profile.load import list_providers, load_provider
    from interop.run.plan import unknown_id

    if name.endswith(".toml"):
        return load_provider(Path(name))
    known = list_providers(profiles)
    if name not in known:
        raise unknown_id("profile", name, known)
    return load_provider(known[name])


@profile.command(
    "show",
    epilog=f"""
\b
examples
  interop profile show eu-qtsp-natural
  interop profile show my-profiles/providers/acme.toml
  interop profile show cn-gov-gm -f json

{DONE}
""",
)
@click.argument("name", metavar="ID")
@click.option("-f", "--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True)
@add_options(FOLDER, LANG)
def show(name: str, form: str, profiles: Path | None, lang: Lang) -> int:
    """Show one profile: hierarchy, identities, and its rules as a relying party."""
    from interop.cli.console import data_console, print_json

    provider = _load(name, profiles)
    if form == "json":
        from interop.model.codec import dump_json

        print_json(dump_json(provider, indent=1))
        return 0
    from interop.report.profiles import print_profile

    print_profile(provider, data_console(), lang)
    return 0


@profile.command(
    "lint",
    epilog=f"""
\b
examples
  interop profile lint
  interop profile lint my-profiles/providers/acme.toml
  interop profile lint my-profiles/providers/acme.toml --agreements my-profiles/agreements

{CHECKED}
""",
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--agreements",
    type=click.Path(path_type=Path),
    help="Folder of agreements.  [default: `agreements` beside the folder of the profile, else shipped]",
)
@add_options(FOLDER)
def lint(files: tuple[Path, ...], agreements: Path | None, profiles: Path | None) -> int:
    """Check profiles: every mistake at once, with its place.

    Each of FILES is checked by itself and with the other profiles of its folder and the agreements. Without FILES: all
    shipped data and how it fits together.
    """
    from interop.cli.console import talk
    from interop.cli.linted import print_examination
    from interop.model.errors import NothingToDo
    from interop.profile.folder import examine
    from interop.profile.load import list_providers, load_suites

    paths = files or tuple(list_providers(profiles).values())
    if not paths:
        raise NothingToDo(f"{profiles}: no profile in that folder")
    found = examine(paths, agreements=agreements, suites=load_suites(), whole=not files)
    warnings = print_examination(found)
    talk(f"{len(paths)} profile{'' if len(paths) == 1 else 's'} checked, 0 errors, {warnings} remarks")
    return 0


@profile.command(
    "schema",
    epilog=f"""
\b
examples
  interop profile schema
  interop profile schema check > check.schema.json

{DONE}
""",
)
@click.argument("name", default="profile")
@click.option("--write", is_flag=True, help="Write the shipped schemas again (for those who change the model).")
def schema(name: str, write: bool) -> int:
    """Print the JSON Schema of NAME: profile, agreement, case, case-set, suite, facts, matrix, check."""
    import json

    from interop.cli.console import print_json
    from interop.profile import schema as schema_module
    from interop.profile.schema import SCHEMAS, write_schemas
    from interop.profile.schema import schema as schema_of
    from interop.run.plan import unknown_id

    if write:
        for path in write_schemas(Path(schema_module.__file__).parent / "schemas"):
            click.echo(str(path))
        return 0
    if name not in SCHEMAS:
        raise unknown_id("schema", name, SCHEMAS)
    print_json(json.dumps(schema_of(name), ensure_ascii=False, indent=2))
    return 0


@profile.command(
    "keys",
    epilog=f"""
\b
examples
  interop profile keys my-profiles/providers/acme.toml -o my-profiles/keys

{LINTED}
""",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the keys.")
def keys(files: tuple[Path, ...], output: Path) -> int:
    """Make the TEST keys that profiles need and that are not in the folder yet. Never for real signatures."""
    from interop.pki.keystore import write_missing_keys
    from interop.pki.shipped import shipped_keys
    from interop.profile.load import load_provider

    providers = [load_provider(file) for file in files]
    for path in write_missing_keys(providers, output, shipped=shipped_keys()):
        click.echo(str(path))
    return 0
