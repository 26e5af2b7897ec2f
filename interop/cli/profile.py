"""`interop profile`: the care of provider profiles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from interop.cli.lazy import EXIT_CODES
from interop.cli.parameters import LANG, add_options

if TYPE_CHECKING:
    from interop.model.profile import Provider
    from interop.model.text import Lang

__all__ = ["profile"]


@click.group(
    epilog=f"""
\b
examples
  interop profile list
  interop profile show eu-qtsp-natural
  interop profile lint my-profiles/providers/acme.toml
  interop profile schema profile > profile.schema.json
  interop profile keys my-profiles/providers/acme.toml -o my-profiles/keys

{EXIT_CODES}
"""
)
def profile() -> None:
    """List, show and check provider profiles; print the schema; make missing test keys."""


FOLDER = click.option("--profiles", type=click.Path(path_type=Path), help="Folder of profiles.  [default: shipped]")


@profile.command("list")
@add_options(FOLDER, LANG)
def list_(profiles: Path | None, lang: Lang) -> int:
    """List the providers: id, jurisdiction, identities with their main format, what it models."""
    from interop.profile.load import list_providers, load_provider

    found = [load_provider(path) for path in list_providers(profiles).values()]
    width = max((len(provider.id) for provider in found), default=0)
    for provider in found:
        identities = ", ".join(f"{i.id} ({i.formats[0].format.value})" for i in provider.identities)
        click.echo(f"{provider.id:<{width}}  {provider.jurisdiction}  {identities}")
        click.echo(f"{'':<{width}}      {provider.summary.in_('zh' if lang == 'zh' else 'en')}")
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


@profile.command("show")
@click.argument("name", metavar="ID")
@click.option("-f", "--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True)
@add_options(FOLDER, LANG)
def show(name: str, form: str, profiles: Path | None, lang: Lang) -> int:
    """Show one profile: hierarchy, identities, and its rules as a relying party."""
    provider = _load(name, profiles)
    if form == "json":
        from interop.model.codec import dump_json

        click.echo(dump_json(provider, indent=1))
        return 0
    click.echo(f"{provider.id}  {provider.name.in_(lang)}  ({provider.jurisdiction}, {provider.origin})")
    click.echo(f"{provider.summary.in_(lang)}\n")
    click.echo("certificates")
    for spec in provider.certificates:
        size = spec.key.curve or spec.key.bits or ""
        key = f"{spec.key.kind} {size}".strip()
        by = "self-signed" if spec.issuer == spec.id else f"by {spec.issuer}"
        until = f"{spec.not_before:%Y-%m-%d} to {spec.not_after:%Y-%m-%d}"
        policies = " ".join(policy.oid for policy in spec.extensions.policies)
        click.echo(
            f"  {spec.id:<16} {spec.role:<10} {key:<10} {spec.key.signature:<14} {by:<16} {until}  {policies}".rstrip()
        )
    click.echo("\nsigns as")
    for identity in provider.identities:
        click.echo(f"  {identity.id:<16} {identity.name.in_(lang)}, level {identity.assurance.level} at home")
        for emits in identity.formats:
            packagings = f" ({', '.join(p.value for p in emits.packagings)})" if emits.packagings else ""
            click.echo(f"    {emits.format.value:<12} {', '.join(level.value for level in emits.levels)}{packagings}")
    rules = provider.relying
    keys = ", ".join(f"{k.name}{f' >= {k.min_bits}' if k.min_bits else ''}" for k in rules.algorithms.keys)
    click.echo("\nrelies")
    click.echo(f"  formats    {', '.join(form.value for form in rules.formats.accept)}")
    click.echo(f"  keys       {keys}")
    click.echo(f"  digests    {', '.join(rules.algorithms.digests)}  (suites {', '.join(rules.algorithms.suites)})")
    click.echo(f"  anchors    {', '.join(rules.trust.anchors)}")
    click.echo(f"  agreements {', '.join(rules.trust.load) or 'none'}")
    click.echo(f"  floor      {rules.floor}")
    if provider.unknowns:
        click.echo("\nunknown, and left so")
        for unknown in provider.unknowns:
            click.echo(f"  {unknown}")
    return 0


@profile.command("lint")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@add_options(FOLDER)
def lint(files: tuple[Path, ...], profiles: Path | None) -> int:
    """Check profiles: every mistake at once, with its place. Without FILES: all shipped data and how it fits together."""
    from interop.cli.console import talk
    from interop.model.errors import InputError
    from interop.profile.lint import lint_provider
    from interop.profile.load import list_providers, load_provider, load_suites, load_world

    suites = load_suites()
    paths = files or tuple(list_providers(profiles).values())
    bad: list[InputError] = []
    warnings = 0
    for path in paths:
        try:
            provider = load_provider(path, suites=suites)
        except InputError as error:
            bad.append(error)
            continue
        for remark in lint_provider(provider, suites=suites):
            warnings += 1
            click.echo(f"{path.name}: {remark.where}: {remark.what} ({remark.severity})")
    for found in bad:
        click.echo(found.message)
    if bad:
        count = sum(len(found.problems) for found in bad)
        raise InputErrors(count, len(bad))
    if not files:
        load_world(profiles)
    talk(f"{len(paths)} profile{'' if len(paths) == 1 else 's'} checked, 0 errors, {warnings} remarks")
    return 0


@profile.command("schema")
@click.argument("name", default="profile")
@click.option("--write", is_flag=True, help="Write the shipped schemas again (for those who change the model).")
def schema(name: str, write: bool) -> int:
    """Print the JSON Schema of NAME: profile, agreement, case, case-set, suite, facts, matrix, check."""
    import json

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
    click.echo(json.dumps(schema_of(name), ensure_ascii=False, indent=2))
    return 0


@profile.command("keys")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the keys.")
def keys(files: tuple[Path, ...], output: Path) -> int:
    """Make the TEST keys that profiles need and that are not in the folder yet. Never for real signatures."""
    from interop.pki.keystore import write_missing_keys
    from interop.profile.load import load_provider

    for path in write_missing_keys((load_provider(file) for file in files), output):
        click.echo(str(path))
    return 0


class InputErrors(click.ClickException):
    """Several files with mistakes, already printed."""

    exit_code = 2

    def __init__(self, problems: int, files: int) -> None:
        super().__init__(f"{problems} problems in {files} file{'' if files == 1 else 's'}")

    def show(self, file: object = None) -> None:
        """One line and a hint."""
        del file
        click.echo(f"interop: error: {self.message}", err=True)
        click.echo("hint: `interop profile schema` prints every key with its meaning", err=True)
