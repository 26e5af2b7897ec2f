"""Real files made by others, against the verdicts that their own projects assert (manifest.csv), where facts decide."""

from __future__ import annotations

import csv
import functools
import time
from typing import Any

import pytest
from outside import data as outside

from interop.model.facts import Facts, SignatureFacts
from interop.model.reasons import Effect, reason
from interop.pdf.observe import observe_pdf

SECONDS = 10
HARMLESS = {"signature", "validation-data", "document-timestamp"}
NOTED = {"form-fill": "form-filled-after-signing", "annotation": "annotation-after-signing"}
"""Design section 3: kinds that pass with a finding, unless they are not allowed."""


@functools.cache
def rows() -> dict[str, dict[str, str]]:
    with outside("external", "manifest.csv").open(encoding="utf-8", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file) if row["kind"] == "pdf"}


NAMES = [
    "mklpdf__isa_A", "mklpdf__isa_C", "mklpdf__siwa_A", "mklpdf__usf_02_00_Contents", "mklpdf__usf_04_No_Contents_Value",
    "siva__TEST_ESTEID2018_PAdES_B_enveloped", "siva__TEST_ESTEID2018_PAdES_T_enveloped", "siva__TEST_ESTEID2018_PAdES_LT_enveloped",
    "siva__TEST_ESTEID2018_PAdES_LTA_enveloped", "dss__pdf-signed-added-page", "dss__pades-spoofing-replaced-reason",
    "dss__pdf-signed-corrupted", "dss__pdf-signed-original", "dss__hello_signed_INCSAVE_signed", "dss__pades-bes-no-certificates",
    "dss__pades-t-duplicated-doctst", "dss__hide", "dss__replace", "dss__pades-signed-annot-added",
    "dss__TeleSec_PKS_eIDAS_QES_CA_1-baseline-b", "dss__pades_infinite_loop", "pyhanko__tail-uncovered", "pyhanko__signature-gap-too-big",
    "pyhanko__one-byterange", "pyhanko__weird-byterange", "pyhanko__form-update-override-appearance-stream-sneaky",
    "pyhanko__form-update-ap-indirect-sneaky-trailer", "pyhanko__form-update-override-appearance-stream",
    "pyhanko__extensions-update-indirect", "pyhanko__extensions-indirect-not-all-paths", "pyhanko__pdf-sig-with-econtent",
    "pyhanko__sig-no-signed-attrs", "pyhanko__sig-with-ski-sid", "pyhanko__pades-with-old-style-signing-cert-attr",
    "pyhanko__ed448-disallowed-hash", "pyhanko__ed448-shake256-nolen", "pyhanko__minimal-two-fields-signed-twice",
    "pyhanko__certified-with-indirect-refs-in-dir",
]  # fmt: skip


def test_every_pdf_of_the_manifest_is_here() -> None:
    assert {f"{name}.pdf" for name in NAMES} == set(rows())


@functools.cache
def facts_of(name: str) -> Facts:
    data = outside("external", f"{name}.pdf").read_bytes()
    started = time.process_time()
    facts = observe_pdf(data).facts
    assert time.process_time() - started < SECONDS
    return facts


def blocked(facts: Facts, signature: SignatureFacts) -> set[str]:
    """Layers that facts alone block."""
    codes = [f.code for f in (*facts.document.findings, *signature.findings)]
    layers = {reason(code).layer.value for code in codes if reason(code).effect is not Effect.FINDING}
    if not signature.references or any(r.ok is not True for r in signature.references) or not signature.covers.whole:
        layers.add("integrity")
    if not any(v.ok for v in signature.value):
        layers.add("signature")
    later = {s.id for s in facts.signatures if (s.revision or 0) >= (signature.revision or 0)} | {
        t.id for t in facts.tokens
    }
    for change in facts.document.changes:
        if (
            change.after in later
            and change.kind not in HARMLESS
            and (change.kind not in NOTED or change.allowed is False)
        ):
            layers.add("integrity")
    return layers


def concerned(row: dict[str, str], facts: Facts) -> list[Any]:
    if not row["which"]:
        return list(facts.signatures)
    first = row["which"].split(";")[0].split("=")[0]
    return [facts.signatures[int(first)]]


@pytest.mark.parametrize("name", NAMES)
def test_what_facts_decide(name: str) -> None:
    row, facts = rows()[f"{name}.pdf"], facts_of(name)
    if row["signatures"]:
        assert len(facts.signatures) == int(row["signatures"])
    if row["level"]:
        assert {s.level for s in facts.signatures} == {row["level"]}
    for signature in concerned(row, facts):
        if row["expect"] in ("accept", "accept_with_finding", "level"):
            assert not blocked(facts, signature) & {"container", "integrity", "signature"}
        elif row["expect"] in ("reject", "not_accept", "indeterminate"):
            assert blocked(facts, signature) & set(row["blocks"].split("|"))
    if row["finding"] == "annotation-after-signing":
        assert "annotation" in {c.kind for c in facts.document.changes}
    if row["finding"] == "timestamp-invalid":
        assert [t.imprint.ok for t in facts.tokens] == [True, False]
