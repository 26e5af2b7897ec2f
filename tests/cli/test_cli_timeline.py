"""`interop timeline`: the streams, the options, and what is refused before any work."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_calls import Result

from interop.model.codec import load_json
from interop.model.timeline import Timeline

Interop = Callable[..., Result]
CELL = "uk-qtsp:uk-qtsp"


def test_one_cell_is_told_change_by_change(interop: Interop) -> None:
    """uk-qtsp.toml: the signer's certificate ends 2027-06-01; ETSI TS 119 312 calls RSA PKCS#1 v1.5 suitable to the end of 2028 (CET)."""
    result = interop("timeline", CELL)
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[0] == "timeline 2026-03-02 to 2036-03-02"
    dates = [line.split()[0] for line in lines if line.startswith("20")]
    assert dates == sorted(dates)
    assert {"2026-03-02", "2027-06-01", "2028-12-31T23:00:00Z"} <= set(dates)
    assert "certificate of a signer has ended: uk-qtsp:signer-natural (TEST Alice Sample)" in result.out
    assert lines[-1] == "This is the result of a test, not a legal opinion."


def test_a_group_alone(interop: Interop) -> None:
    result = interop("timeline", "uk-qtsp.natural:uk-qtsp/pades/b-b")
    assert result.code == 0
    assert "1 of 1 groups accepted" in result.out
    assert "b-t" not in result.out


def test_in_chinese(interop: Interop) -> None:
    result = interop("timeline", CELL, "--lang", "zh")
    assert result.code == 0
    assert result.out.startswith("时间线：2026-03-02 至 2036-03-02")
    assert "签署人证书到期：" in result.out


def test_dates_are_told_with_the_cells_that_they_move(interop: Interop) -> None:
    some = interop("timeline", "--signers", "uk-qtsp", "--years", "2")
    every = interop("timeline", "--signers", "uk-qtsp", "--years", "2", "--all")
    assert some.code == every.code == 0
    assert some.out.splitlines()[0] == "timeline 2026-03-02 to 2028-03-02"
    assert "cells change, on 2 dates" in some.out
    assert " more\n" in some.out
    assert " more\n" not in every.out
    assert "zz-pilot" in every.out


def test_json_reads_back(interop: Interop) -> None:
    result = interop("timeline", CELL, "--to", "2030-01-01", "-f", "json")
    assert (result.code, result.err) == (0, "")
    found = load_json(Timeline, result.out, name="stdout")
    plain = json.loads(result.out)
    assert plain["schema_version"] == "1.0"
    assert (plain["since"], plain["until"]) == ("2026-03-02T00:00:00Z", "2030-01-01T00:00:00Z")
    (course,) = found.cells
    assert [event.at for event in found.events] == [change.at for change in course.changes]


def test_by_lists(interop: Interop, tmp_path: Path) -> None:
    """Lists that are exported from the profiles say the same, and name the same dates."""
    assert interop("agreement", "export", "-o", tmp_path / "lists").code == 0
    own, listed = (interop("timeline", CELL, *more) for more in ((), ("--lists", tmp_path / "lists")))
    assert own.code == listed.code == 0
    assert _dates(own.out) == _dates(listed.out)


def _dates(out: str) -> list[str]:
    return [line for line in out.splitlines() if line.startswith("20")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--to", "2030-01-01", "--years", "3"), "--to and --years exclude each other"),
        ((CELL, "--signers", "uk-qtsp"), "a cell is named and rows or columns too"),
        (("--from", "2030-01-01", "--to", "2029-01-01", "--signers", "uk-qtsp"), "the years end"),
        (("--from", "9995-01-01", "--signers", "uk-qtsp"), "10 years from there lie beyond the year 9999"),
        (("uk-qtsp",), "'uk-qtsp' is not signer"),
        (("uk-qtsp:nowhere",), "unknown"),
        (("--signers", "nobody"), "unknown signer 'nobody'"),
    ],
)
def test_what_cannot_be_asked(interop: Interop, arguments: tuple[str, ...], message: str) -> None:
    result = interop("timeline", *arguments)
    assert result.code == 2
    assert result.error.startswith(message)
