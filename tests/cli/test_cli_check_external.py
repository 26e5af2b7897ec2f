"""Every PDF and XML of the external data through `interop check`: an answer in the shape of the design, in time, never a traceback.

What the answers have to be is held by the tests of the layers; here a few rows of manifest.csv stand for each kind.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cli_calls import ROOT, Result

Interop = Callable[..., Result]
TECHNICAL = (
    "container", "integrity", "signature", "format", "algorithm", "certificate", "chain", "revocation", "time",
)  # fmt: skip


@pytest.fixture(scope="module")
def report(interop: Interop, external: Path) -> Mapping[str, Any]:
    """All of them in one call, in two workers with their limit of 10 s a file."""
    result = interop("check", external, "-f", "json", "-j", "2", "--at", "2026-11-22T10:00:00Z")
    assert "Traceback" not in result.err
    assert result.code == 1  # attacks among them
    parsed: Mapping[str, Any] = json.loads(result.out)
    return parsed


def _rows(external: Path) -> list[dict[str, str]]:
    with (external / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["kind"] in {"pdf", "xml", "list"}]


def test_every_file_has_an_answer_in_the_shape_of_the_schema(report: Mapping[str, Any], external: Path) -> None:
    schema = json.loads((ROOT / "interop" / "profile" / "schemas" / "check.json").read_text(encoding="utf-8"))
    jsonschema.validate(report, schema)
    found = {Path(file["file"]).name for file in report["files"]}
    assert found == {p.name for p in external.rglob("*") if p.suffix.lower() in {".pdf", ".xml"}}
    # a worker that takes longer than 10 s is stopped, and that is an error here
    assert [file["file"] for file in report["files"] if file["error"] is not None] == []


def test_every_answer_is_whole(report: Mapping[str, Any]) -> None:
    for file in report["files"]:
        assert file["indication"] in {"TOTAL_PASSED", "INDETERMINATE", "TOTAL_FAILED", "NO_SIGNATURE_FOUND"}
        assert file["reason"] is not None or file["indication"] == "TOTAL_PASSED"
        for signature in file["signatures"]:
            assert tuple(signature["layers"]) == TECHNICAL
            for layer in signature["layers"].values():
                assert len(layer["reasons"]) == len(layer["details"])
                assert layer["reasons"] or layer["result"] in {"pass", "not_applicable"}, layer
        if file["signatures"]:
            assert len(file["relying_parties"]) == 24
            # nobody here knows any of these anchors, except where the file says so: no acceptance without a path
            assert not any(answer["accepted"] for answer in file["relying_parties"].values())


def test_nothing_that_must_be_refused_passes(report: Mapping[str, Any], external: Path) -> None:
    by_name = {Path(file["file"]).name: file for file in report["files"]}
    for row in _rows(external):
        file = by_name[row["file"]]
        if row["expect"] in {"reject", "not_accept", "indeterminate"}:
            assert file["indication"] != "TOTAL_PASSED", row["file"]
        if row["expect"] == "reject" and not file["signatures"]:
            assert file["indication"] == "TOTAL_FAILED", row["file"]
        if row["signatures"]:
            assert len(file["signatures"]) == int(row["signatures"]), row["file"]


def test_what_is_sound_passes_the_layers_that_need_no_trust(report: Mapping[str, Any], external: Path) -> None:
    by_name = {Path(file["file"]).name: file for file in report["files"]}
    for row in _rows(external):
        if row["note"].startswith("No certificate in the file"):
            continue  # its key is beside it, and was not offered
        if row["expect"] in {"accept", "accept_with_finding"} and not row["which"]:
            for signature in by_name[row["file"]]["signatures"]:
                blocked = [n for n in TECHNICAL[:3] if signature["layers"][n]["result"] != "pass"]
                assert blocked == [], row["file"]


def test_each_kind_of_file_alone_has_its_exit_code(interop: Interop, external: Path) -> None:
    for name, code in (
        ("dss__pdf-signed-original.pdf", 1),  # sound, and no home anchor known
        ("mklpdf__usf_02_00_Contents.pdf", 1),
        ("signxml__xmlattack_xmlbomb.xml", 1),
        ("dss__xades-fake-counter-signature.xml", 1),
    ):
        result = interop("check", external / name, "-f", "json")
        assert result.code == code, name
        assert result.err == ""
