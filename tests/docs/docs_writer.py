"""Writing what the documentation takes from the product: `python tests/docs/docs_writer.py [PAGE...]`.

`docs/cli.md` (help texts), `docs/words.md` (glossary), `docs/providers.md` and `docs/agreements.md` (shipped data) are made
whole; in every other page the blocks marked `output of` are filled with what the command prints now. A test compares, so run
this after a change of what people see, and read the diff.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click
from click.testing import CliRunner
from docs_agreements import agreements_page
from docs_pages import ROOT, blocks, commands, pages, printed, run_line, session_folder
from docs_providers import providers_page
from docs_words import words_page

from interop.cli import cli
from interop.profile.load import load_world

__all__ = ["GENERATED", "cli_page"]

_WIDTH = 100
_CLI_HEAD = """# The command line

Every verb with the help that it prints. Made from the program by `python tests/docs/docs_writer.py`; a test compares.

Ids are the same in `-k`, in `explain` and in `matrix.json`: `signer[.identity]:relying[/format/level[/case]]`. A cell is
`eu-qtsp-natural:hk-recognised`, a group in it `gd-hk-scheme.scheme:hk-recognised/pades/b-b`, and one more part names a case.

Settings come from the option, else from a variable (`INTEROP_RUN_JOBS` for `interop run -j`), else from `interop.toml` in the working
folder (a table per verb, keys as the long options), else the default:

```toml
[run]
fail-on = "promise"
output = "build/interop"
```
"""


def _verbs(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            found = command.get_command(ctx, name)
            if found is not None:
                yield from _verbs(found, (*path, name))


def _help(path: tuple[str, ...]) -> str:
    done = CliRunner().invoke(cli, [*path, "--help"], prog_name="interop", terminal_width=_WIDTH)
    if done.exit_code != 0:
        raise RuntimeError(f"interop {' '.join(path)} --help: {done.output}")
    return "\n".join(line.rstrip() for line in done.stdout.rstrip().splitlines())


def cli_page() -> str:
    """docs/cli.md."""
    parts = [_CLI_HEAD]
    for path in _verbs(cli):
        parts.append(f"\n## {' '.join(('interop', *path))}\n\n```text\n{_help(path)}\n```\n")
    return "".join(parts)


GENERATED: Mapping[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "words.md": words_page,
    "providers.md": lambda: providers_page(load_world()),
    "agreements.md": lambda: agreements_page(load_world()),
}
"""Pages below docs/ that are made whole."""


def filled(page: Path, folder: Path, cache: Path) -> str:
    """A page with its output blocks filled with what the commands print now."""
    text = page.read_text(encoding="utf-8")
    parts, end = [], 0
    for block in blocks(page):
        if block.file is not None:
            (folder / block.file).write_text(block.body, encoding="utf-8")
        for line in commands(block):
            if line.runs:
                done = run_line(line.text, folder, cache)
                if done.returncode != line.exit_code:
                    raise RuntimeError(f"{block.page}: `{line.text}` exits {done.returncode}\n{done.stderr}")
        if block.output_of is not None:
            done = run_line(block.output_of, folder, cache)
            parts += [text[end : block.start], printed(block, done.stdout)]
            end = block.start + len(block.body)
    return "".join([*parts, text[end:]])


def main(names: list[str]) -> None:
    """Write the pages named, or all."""
    for name, made in GENERATED.items():
        if not names or name in names:
            (ROOT / "docs" / name).write_text(made(), encoding="utf-8")
            sys.stdout.write(f"docs/{name}\n")
    with tempfile.TemporaryDirectory() as scratch:
        for page in pages():
            if names and page.name not in names:
                continue
            if any(block.output_of for block in blocks(page)):
                folder = session_folder(Path(scratch) / page.stem)
                page.write_text(filled(page, folder, Path(scratch) / "cache"), encoding="utf-8")
                sys.stdout.write(f"{page.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
