"""`interop agreement export`: profiles and agreements as trusted lists."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interop.cli.lazy import exit_codes
from interop.cli.parameters import CACHE_OPTIONS, INSTANT, LANG, add_options, cache_folder

if TYPE_CHECKING:
    from interop.model.text import Lang

__all__ = ["export"]

EXPORTED = exit_codes(
    0, 5, c0="the lists are written, or stood there already", c5="the folder holds no profile",
    c2="wrong usage, a profile with mistakes, or other files in the way: nothing is written",
    c130="interrupted; what was written is taken away",
)  # fmt: skip


@click.command(
    "export",
    epilog=f"""
\b
examples
  interop agreement export -o lists
  interop agreement export -o lists-2030 --at 2030-01-01 -f json
  interop agreement export -o my-lists --profiles my-profiles/providers --agreements my-profiles/agreements
  interop run --lists my-profiles/lists

{EXPORTED}
""",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the lists.")
@click.option("--profiles", type=click.Path(path_type=Path), help="Folder of profiles.  [default: shipped]")
@click.option("--agreements", type=click.Path(path_type=Path), help="Folder of agreements.  [default: shipped]")
@click.option(
    "--at", type=INSTANT, metavar="TIME", help="When the lists are issued.  [default: validation time of the core set]"
)
@click.option("-f", "--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True)
@add_options(LANG, *CACHE_OPTIONS)
def export(
    output: Path,
    profiles: Path | None,
    agreements: Path | None,
    at: datetime | None,
    form: str,
    lang: Lang,
    cache: Path | None,
    no_cache: bool,
) -> int:
    """Write profiles and agreements as signed trusted lists (TS 119 612, XAdES).

    One list for each provider, one list of lists for each area of recognition (a home law with its members), and signers.pem, the
    certificates of those who sign the lists of lists. What agreements switched off and mere frameworks say is not written. The
    keys are TEST keys that everybody can compute. Equal profiles give equal bytes; files that differ are not overwritten.
    """
    from interop.cli.console import data_console, print_json, talk
    from interop.model.instant import format_instant, parse_instant
    from interop.profile.load import data_root, load_case_set, load_world
    from interop.report.page import Page, padded
    from interop.report.safe import untrusted
    from interop.run.execute import keys_of
    from interop.run.list_export import LOTL, export_lists, write_lists
    from interop.trustlist.areas import areas_of

    world = load_world(profiles, agreements)
    issued = at or parse_instant(load_case_set(data_root() / "vectors" / "sets" / "core.toml").validation)
    with cache_folder(cache, none=no_cache) as folder:
        files = export_lists(world, keys_of(profiles, folder).store(), issued=issued)
    write_lists(output, files)
    areas = [(f"{LOTL}{area.id}.xml", area) for area in areas_of(world)]
    if form == "json":
        import json

        rows = [
            {"file": name, "territory": area.territory, "members": area.members, "law": area.home and area.home.id}
            for name, area in areas
        ]
        said = {"issued": format_instant(issued), "files": sorted(files), "areas": rows}
        print_json(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        width = max(len(name) for name, _ in areas)
        members = [untrusted(", ".join(area.members), limit=2000) for _, area in areas]
        names = [padded(name, width) for name, _ in areas]
        Page(data_console(), lang).rows(list(zip(names, members, strict=True)))
    counts = len(world.providers), len(areas)
    talk(
        "{} lists of providers, {} lists of lists and their signers in {}/".format(*counts, output)
        if lang == "en"
        else "{2}/：{0} 份服务者信任列表、{1} 份列表之列表及其签署者证书".format(*counts, output)
    )
    return 0
