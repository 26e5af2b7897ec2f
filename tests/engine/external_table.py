"""The table of agreement in docs/external-files.md: `python tests/engine/external_table.py --write` makes it, a test compares it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]  # run as a program, nothing else finds the helpers of the tests

from external_paths import compared_paths  # noqa: E402 - after the path is set
from external_rows import Compared, compared_files, read_rows  # noqa: E402
from outside import DATA, ROOT  # noqa: E402

__all__ = ["DIFFERENCES", "PAGE", "all_compared", "page_with", "table"]

PAGE = ROOT / "docs" / "external-files.md"
_BEGIN, _END = "<!-- table: begin -->\n", "<!-- table: end -->\n"
DIFFERENCES: Mapping[str, str] = {
    "limbo__rfc5280.nc.permitted-dn-mismatch.chain.crt": "1",
}
"""File -> number of the difference that the page explains."""


@cache
def all_compared(folder: Path) -> tuple[Compared, ...]:
    """Every row of the manifest, in its order. AssertionError where one would be left out."""
    rows = read_rows(folder)
    found = {c.file: c for c in (*compared_files(folder, rows), *compared_paths(folder, rows))}
    missing = [row["file"] for row in rows if row["file"] not in found]
    if missing or len(found) != len(rows):
        raise AssertionError(f"rows without an answer: {missing}")
    return tuple(found[row["file"]] for row in rows)


def _state(compared: Compared) -> str:
    if compared.out_of_scope:
        return "–"
    if not compared.problems:
        return "agrees"
    number = DIFFERENCES.get(compared.file)
    return f"differs ({number})" if number else "differs, not explained"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("_", "\\_")


def table(compared: Sequence[Compared]) -> str:
    """Counts, then a line per row."""
    aside = [c for c in compared if c.out_of_scope]
    differing = [c for c in compared if c.problems]
    kept = len(compared) - len(aside)
    lines = [
        f"{len(compared)} rows: {kept} compared, {kept - len(differing)} agree, {len(differing)} differ, "
        f"{len(aside)} assert nothing by themselves (anchors, CRLs and CA certificates: material for other rows).",
        "",
        "| file | asserted | `interop check` says | with | |",
        "|---|---|---|---|---|",
    ]
    for c in compared:
        if not c.out_of_scope:
            cells = (c.file, c.expected, c.found, c.options, _state(c))
            lines.append(f"| {' | '.join(_cell(cell) for cell in cells)} |")
    lines += ["", f"Material: {', '.join(_cell(c.file) for c in aside)}."]
    return "\n".join(lines) + "\n"


def page_with(text: str) -> str:
    """The page with that table in it."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{text}\n{_END}{after}"


def main(arguments: Sequence[str]) -> None:
    """Print the table, or write it into the page."""
    text = table(all_compared(DATA / "external"))
    if "--write" in arguments:
        PAGE.write_text(page_with(text), encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
