"""The reports, as they are read, from fixed values: one plain file per page, width and language.

After a change that is wanted, write them again and read the difference:

    INTEROP_WRITE_SNAPSHOTS=1 .venv/bin/pytest tests/report/test_report_snapshots.py && git diff tests/report/snapshots
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from report_values import big_matrix, check_report, printed, small_matrix, told
from rich.cells import cell_len

from interop.model.change import Cost
from interop.model.outcome import CellVerdict
from interop.model.reasons import Actor
from interop.model.remedy import Remedy
from interop.model.text import Lang
from interop.report.checked import print_report
from interop.report.explained import print_cell
from interop.report.markdown import markdown
from interop.report.remedies import print_cell_remedies, print_remedies
from interop.report.terminal import print_matrix

SNAPSHOTS = Path(__file__).parent / "snapshots"
WIDTHS = (80, 200)
LANGS: tuple[Lang, ...] = ("en", "zh")
REMEDIES = (
    Remedy(
        changes=("--emit SIGNER.n=pdf-gm", "--trust RELYING=SIGNER:root"),
        actors=(Actor.SIGNER, Actor.RELYING_PARTY),
        cost=Cost.SIGNING,
        cells={"eu:cn-sm2": CellVerdict.RECOGNISED},
    ),
)
PAGES: dict[str, Callable[[int, Lang], str]] = {
    "matrix": lambda width, lang: printed(lambda c: print_matrix(small_matrix(), c, lang), width),
    "remedies": lambda width, lang: printed(lambda c: print_remedies(small_matrix(), c, lang, most=2), width),
    "remedy": lambda width, lang: printed(lambda c: print_cell_remedies("cn-sm2:eu", small_matrix(), c, lang), width),
    "explain": lambda width, lang: printed(lambda c: print_cell(told(), c, lang), width),
    "explain-tried": lambda width, lang: printed(lambda c: print_cell(told(remedies=REMEDIES), c, lang), width),
    "explain-hopeless": lambda width, lang: printed(lambda c: print_cell(told(remedies=()), c, lang), width),
    "check": lambda width, lang: printed(lambda c: print_report(check_report(), c, lang), width),
}


def held(name: str, text: str) -> None:
    path = SNAPSHOTS / name
    if os.environ.get("INTEROP_WRITE_SNAPSHOTS"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{path.name} differs; see the head of {Path(__file__).name}"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", PAGES)
def test_page(page: str, width: int, lang: Lang) -> None:
    text = PAGES[page](width, lang)
    held(f"{page}-{width}-{lang}.txt", text)
    assert all(cell_len(line) <= width for line in text.splitlines())
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize("lang", LANGS)
def test_summary(lang: Lang) -> None:
    held(f"summary-{lang}.md", markdown(small_matrix(), lang))


def test_ascii() -> None:
    text = printed(lambda c: print_matrix(small_matrix(), c), 100, encoding="ascii")
    assert text.isascii()
    held("matrix-100-ascii.txt", text)


def test_twenty_four_providers() -> None:
    held("matrix-24-80-en.txt", printed(lambda c: print_matrix(big_matrix(), c), 80))


def test_there_is_no_snapshot_that_nothing_holds() -> None:
    wanted = {f"{page}-{width}-{lang}.txt" for page in PAGES for width in WIDTHS for lang in LANGS}
    wanted |= {f"summary-{lang}.md" for lang in LANGS} | {"matrix-100-ascii.txt", "matrix-24-80-en.txt"}
    assert {path.name for path in SNAPSHOTS.iterdir()} == wanted
