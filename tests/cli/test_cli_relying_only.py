"""Parties that sign nothing, as somebody at the command line meets them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cli_calls import Result

Interop = Callable[..., Result]
WORDS = "no columns for ar-mercosur, vn-accredited, which sign nothing: name them with --relying"


def test_one_line_says_who_is_left_out_and_only_where_somebody_is(interop: Interop, tmp_path: Path) -> None:
    one = "br-icp-a3 and pdf-b-b"
    default = interop("run", "-k", one, "-o", str(tmp_path))
    assert default.code == 0, default.err
    assert default.err.count(WORDS) == 1
    assert "ar-mercosur" not in default.out
    named = interop("run", "-k", f"{one} and pades", "--relying", "ar-mercosur", "-o", str(tmp_path))
    assert "ar-mercosur" in named.out
    assert "sign nothing" not in named.err


def test_explain_reaches_their_cells(interop: Interop) -> None:
    told = interop("explain", "br-icp-a3:ar-mercosur/pades/b-b")
    assert told.code == 0, told.err
    assert "mercosur-br-to-ar" in told.out
    assert "2024-11-10" in told.out


@pytest.mark.parametrize("call", [("explain", "vn-accredited:br-icp-a3"), ("run", "--signers", "vn-accredited")])
def test_they_have_no_row(interop: Interop, call: tuple[str, ...]) -> None:
    refused = interop(*call)
    assert refused.code == 5
    assert "'vn-accredited' signs nothing: it only relies" in refused.err
    assert "hint: as a relying party: --relying vn-accredited" in refused.err
