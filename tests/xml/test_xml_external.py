"""Real signed XML of other projects: what their own tests assert, as far as facts decide it (external/manifest.csv)."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from outside import DATA

from interop.model.facts import Facts, SignatureFacts
from interop.model.layers import LayerState
from interop.model.reasons import reason
from interop.x509.certificate import read_certificates
from interop.xml.observe import observe_xml

TEXT = {"container", "integrity", "signature", "format", "certificate"}


def _rows() -> list[dict[str, str]]:
    manifest = DATA / "external" / "manifest.csv"
    if not manifest.is_file():
        return []
    with manifest.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["kind"] in {"xml", "list"} and row["file"].endswith(".xml")]


def blocked(facts: Facts, signature: SignatureFacts) -> set[str]:
    """Layers that the facts alone keep from passing."""
    found = {
        code.partition(".")[0]
        for code in [f.code for f in (*facts.document.findings, *signature.findings)]
        if reason(code).state is not LayerState.PASS
    }
    if not signature.references or any(r.ok is not True for r in signature.references):
        found.add("integrity")
    if not any(v.ok for v in signature.value):
        found.add("signature")
    named = [b for b in signature.bound_by if b.how.startswith("signing-certificate")]
    if any(b.digest_ok is not True for b in named) or not signature.certificates:
        found.add("certificate")
    return found


ROWS = _rows()


def test_there_are_rows(external: Path) -> None:
    assert len(ROWS) > 40


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_row(external: Path, row: dict[str, str]) -> None:
    data = (external / row["file"]).read_bytes()
    anchor = row["trust anchor file"]
    offered = read_certificates((external / anchor).read_bytes(), anchor) if anchor.endswith(".crt") else ()
    start = time.process_time()
    facts = observe_xml(data, certificates=offered).facts
    assert time.process_time() - start < 2, "a trusted list of half a megabyte takes milliseconds"
    if row["signatures"]:
        assert len(facts.signatures) == int(row["signatures"])
    if row["level"]:
        assert [s.level for s in facts.signatures] == [row["level"]]
    which, _, _ = row["which"].partition("=")
    counted = [facts.signatures[int(which)]] if which.isdigit() else list(facts.signatures)
    answers = [blocked(facts, s) for s in counted]
    expect = row["expect"]
    if expect in {"accept", "accept_with_finding", "level"}:
        for answer in answers:
            assert not answer & {"container", "integrity", "signature"}
    elif expect in {"reject", "not_accept", "indeterminate"}:
        decided = set(row["blocks"].split("|")) & TEXT
        if not decided:
            assert row["blocks"] == "chain"
            return
        if not facts.signatures:
            assert {f.code.partition(".")[0] for f in facts.document.findings} & decided
        elif which == "any":
            assert any(answer & decided for answer in answers)
        else:
            assert all(answer & decided for answer in answers)
    if row["finding"] == "issuer-serial-mismatch":
        (named,) = [b for b in counted[0].bound_by if b.how == "signing-certificate"]
        assert (named.digest_ok, named.issuer_serial_ok) == (True, False)


def test_archive_time_stamps_match(external: Path) -> None:
    """EN 319 132-1 clause 5.5.2 put together right: the imprints of other people's tokens are met."""
    seen = 0
    for file in sorted(external.glob("*.xml")):
        for token in observe_xml(file.read_bytes()).facts.tokens:
            assert (token.imprint.ok, token.value_ok) == (True, True), file.name
            seen += token.kind == "archive"
    assert seen >= 4


def test_objects_are_kept_once_with_their_places(external: Path) -> None:
    observation = observe_xml((external / "dss__xades-lta-valid.xml").read_bytes())
    assert {o.id for o in observation.facts.objects} == set(observation.objects)
    assert {o.kind for o in observation.facts.objects} >= {"certificate", "token"}
    named = {c for s in observation.facts.signatures for c in s.certificates}
    assert named <= set(observation.objects)
