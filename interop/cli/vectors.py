"""`interop vectors`: the cases, and the signed files made from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interop.cli.lazy import exit_codes
from interop.cli.parameters import CACHE_OPTIONS, JOBS, LANG, add_options, cache_folder, split
from interop.model.text import Lang

if TYPE_CHECKING:
    from interop.vector.catalogue import VectorSpec

__all__ = ["vectors"]


_ZH = {
    "case": "用例",
    "story": "说明",
    "document": "文件",
    "formats": "格式",
    "level": "签名级别",
    "packaging": "封装",
    "mutation": "改动",
    "control": "对照用例",
    "expects": "预期",
    "at layer": "所在层",
    "reasons": "原因",
    "clause": "条款",
    "signers": "签署方",
}


def _expected(spec: VectorSpec) -> str:
    expectation = spec.case.expectation
    return f"{expectation.expect.value} at {expectation.layer}" if expectation.layer else expectation.expect.value


_BY: dict[str, Callable[[VectorSpec], str]] = {
    "signer": lambda spec: spec.provider.id,
    "identity": lambda spec: f"{spec.provider.id}.{spec.identity.id}",
    "format": lambda spec: spec.emits.format.value,
    "level": lambda spec: spec.case.level.value,
    "case": lambda spec: spec.case.id,
    "expectation": _expected,
}
"""What vectors can be counted by."""
LISTED = exit_codes(0, 5, c0="done", c5="nothing is selected", c130="interrupted")
BUILT = exit_codes(
    0, 3, 5, c0="every file selected was made", c3="some file could not be made", c5="nothing is selected"
)


@click.group(
    epilog=f"""
\b
examples
  interop vectors list
  interop vectors show xml-wrapping
  interop vectors build -k eu-qtsp-natural -o vectors-out

{BUILT}
"""
)
def vectors() -> None:
    """List, show and build the signed test files."""


@vectors.command(
    "list",
    epilog=f"""
\b
examples
  interop vectors list
  interop vectors list -k 'pades and b-t'
  interop vectors list --signers us-fpki,ua-dual --by identity
  interop vectors list --by case                    how many vectors there are of each case
  interop vectors list --set full -f json

{LISTED}
""",
)
@click.option("--signers", multiple=True, metavar="ID[,ID]", help="Only these providers sign.")
@click.option("--set", "set_id", default="core", show_default=True, metavar="ID", help="Which cases.")
@click.option("-k", "expression", metavar="EXPR", help="A cell, group or case id, or words with and, or, not.")
@click.option("-f", "--format", "form", type=click.Choice(["terminal", "json"]), default="terminal", show_default=True)
@click.option("--by", type=click.Choice(tuple(_BY)), help="Count them by this instead of listing them.")
@add_options(LANG)
def list_(
    signers: tuple[str, ...], set_id: str, expression: str | None, form: str, by: str | None, lang: Lang
) -> int:  # fmt: skip
    """List every vector: who signs it, in which format, at which level, for which case; or count them."""
    import json

    from interop.cli.console import print_json, talk
    from interop.run.plan import Options, plan

    planned = plan(Options(signers=split(signers), set=set_id, expression=expression))
    if by is not None:
        counts = Counter(_BY[by](spec) for spec in planned.specs)
        if form == "json":
            print_json(json.dumps(counts, ensure_ascii=False, indent=1))
        else:
            _print_counts(counts)
    elif form == "json":
        rows = [
            {
                "id": spec.id,
                "case": spec.case.id,
                "expect": spec.case.expectation.expect.value,
                "layer": spec.case.expectation.layer,
                "control": spec.case.control,
            }
            for spec in planned.specs
        ]
        print_json(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for spec in planned.specs:
            click.echo(f"{spec.id}  {_expected(spec)}")
    talk(
        f"{len(planned.specs)} vectors of {len(planned.cases)} cases in set {planned.set_id}"
        if lang == "en"
        else f"用例集 {planned.set_id}：{len(planned.cases)} 个用例，{len(planned.specs)} 个测试向量"
    )
    return 0


def _print_counts(counts: Counter[str]) -> None:
    from interop.cli.console import data_console
    from interop.report.page import Page, padded

    width = max((len(str(count)) for count in counts.values()), default=0)
    Page(data_console()).rows([(padded(str(count), width, right=True), name) for name, count in counts.items()])


@vectors.command(
    "show",
    epilog=f"""
\b
examples
  interop vectors show xml-wrapping
  interop vectors show pdf-byte-changed --lang zh

{LISTED}
""",
)
@click.argument("case_id", metavar="CASE")
@add_options(LANG)
def show(case_id: str, lang: Lang) -> int:
    """Tell the story of one case: what is done, what must happen, and by which clause."""
    from interop.cli.console import data_console
    from interop.report.page import Page
    from interop.report.safe import untrusted
    from interop.run.plan import load_catalogue, unknown_id

    cases, _ = load_catalogue()
    by_id = {case.id: case for case in cases}
    if case_id not in by_id:
        raise unknown_id("case", case_id, by_id)
    case = by_id[case_id]
    expectation = case.expectation
    lines = [
        ("case", case.id),
        ("story", case.story.in_(lang)),
        ("document", case.document.value),
        ("formats", ", ".join(form.value for form in case.formats)),
        ("level", case.level.value),
        ("packaging", case.packaging.value if case.packaging else ""),
        ("mutation", case.mutation.name if case.mutation else "none"),
        ("control", case.control or ""),
        ("expects", expectation.expect.value),
        ("at layer", expectation.layer.value if expectation.layer else ""),
        ("reasons", ", ".join(expectation.reasons)),
        ("clause", expectation.clause),
        ("signers", case.signers),
    ]
    named = [(_ZH[name] if lang == "zh" else name, untrusted(text, limit=1000)) for name, text in lines if text]
    Page(data_console(), lang).rows(named)
    return 0


@vectors.command(
    "build",
    epilog=f"""
\b
examples
  interop vectors build -o vectors-out
  interop vectors build -k 'us-fpki and b-b' -o vectors-out

{BUILT}
""",
)
@click.option("--set", "set_id", default="core", show_default=True, metavar="ID", help="Which cases.")
@click.option("-k", "expression", metavar="EXPR", help="A cell, group or case id, or words with and, or, not.")
@click.option("--profiles", type=click.Path(path_type=Path), help="Folder of provider profiles.  [default: shipped]")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the files.")
@add_options(JOBS, *CACHE_OPTIONS)
def build(
    set_id: str,
    expression: str | None,
    profiles: Path | None,
    output: Path,
    jobs: int,
    cache: Path | None,
    no_cache: bool,
) -> int:
    """Make the files: SIGNER.IDENTITY/FORMAT/LEVEL/CASE.pdf or .xml, with the anchors that verify them in anchors/."""
    from interop.cli.console import ConsoleListener, talk
    from interop.engine.command import to_pem
    from interop.run.cache import Cache
    from interop.run.execute import Run, artifact, execute
    from interop.run.files import write_atomically
    from interop.run.plan import Options, plan
    from interop.vector.documents import document_name

    with ExitStack() as stack:
        folder = stack.enter_context(cache_folder(cache, none=no_cache))
        planned = plan(Options(set=set_id, expression=expression, profiles=profiles, jobs=jobs, cache=folder))
        running = Run(planned)
        execute(planned, stack.enter_context(ConsoleListener()), run=running)
        for spec in planned.specs:
            request = artifact(Cache(folder), running.recipes.get(spec.id, ""))
            if request is None:
                talk(f"{spec.id}: could not be made: {running.failures.get(spec.id, 'not in the cache')}")
                continue
            write_atomically(output / f"{spec.id}.{spec.case.family}", request.data)
            if request.detached is not None:
                beside = output / spec.id.rpartition("/")[0] / document_name(spec.case.document, spec.case.family)
                write_atomically(beside, request.detached)
        for provider in planned.world.providers:
            pem = b"".join(to_pem(running.published[provider.id].certificates[name]) for name in provider.anchors)
            write_atomically(output / "anchors" / f"{provider.id}.pem", pem)
    talk(f"{len(running.observations)} files in {output}/")
    return 3 if running.failures else 0
