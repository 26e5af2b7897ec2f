"""Every row of the external manifest agrees, or docs/external-files.md says what differs and who is right."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import external_table
from external_rows import Compared, read_rows
from outside import data

External = Callable[..., Path]


def _compared() -> tuple[Compared, ...]:
    return external_table.all_compared(data("external"))


def test_every_row_has_an_answer_in_time() -> None:
    start = time.process_time()
    compared = _compared()
    assert time.process_time() - start < 60
    assert [c.file for c in compared] == [row["file"] for row in read_rows(data("external"))]
    assert len(compared) > 130


def test_every_row_agrees_or_the_difference_is_named() -> None:
    differing = {c.file: c.problems for c in _compared() if c.problems}
    assert set(differing) == set(external_table.DIFFERENCES), differing
    page = external_table.PAGE.read_text(encoding="utf-8")
    for file, number in external_table.DIFFERENCES.items():
        assert f"\n{number}. **`{file.removesuffix('.chain.crt')}`**" in page


def test_what_is_left_out_asserts_nothing() -> None:
    asserted = {row["file"] for row in read_rows(data("external")) if row["expect"] not in {"na", "disputed"}}
    assert not asserted & {c.file for c in _compared() if c.out_of_scope}


def test_the_page_is_what_the_comparison_says_now() -> None:
    text = external_table.table(_compared())
    assert external_table.PAGE.read_text(encoding="utf-8") == external_table.page_with(text), (
        "run `python tests/engine/external_table.py --write` and read the diff"
    )


def test_a_row_that_is_not_met_is_noticed() -> None:
    """The comparison itself can fail: rows turned into their opposite are all refused."""
    from external_rows import compared_files

    rows = read_rows(data("external"))
    turned = []
    for row in rows:
        if row["kind"] in {"pdf", "xml"} and row["expect"] in {"accept", "reject"} and not row["which"]:
            changed = dict(row)
            changed["expect"] = "reject" if row["expect"] == "accept" else "accept"
            changed["blocks"] = changed["blocks"] or "integrity|signature"
            changed["trust anchor file"] = ""
            turned.append(changed)
    found = compared_files(data("external"), turned)
    assert len(found) == len(turned) > 30
    assert [c.file for c in found if not c.problems] == []
