"""Exported lists under `interop check`: another judge reads them, by the rules of TS 119 615 and without our extension.

What must come out stands in the agreements: the pilot counts for signatures alone (legal identifier QCForESig); the UK, Ukraine and ZZ take
qualified signatures of the EU as their own; Hong Kong has nothing with the EU.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_calls import Result

Interop = Callable[..., Result]


@pytest.fixture(scope="module")
def made(interop: Interop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("listed")
    assert interop("agreement", "export", "-o", folder / "lists").code == 0
    for party in ("zz-pilot.natural/pades/b-t", "zz-pilot.seal/pades/b-t", "eu-qtsp-natural.natural-ec/pades/b-t"):
        signer, form, level = party.split("/")
        built = interop("vectors", "build", "-k", f"{signer}/{form}/{level}/pdf-b-t", "-o", folder)
        assert built.code == 0, built.err
    return folder


def checked(interop: Interop, made: Path, area: str, identity: str, *options: str) -> dict[str, Any]:
    lists = made / "lists"
    result = interop(
        "check", made / identity / "pades" / "b-t" / "pdf-b-t.pdf", "--at", "2026-03-02", "-f", "json",
        "--list", lists / f"lotl-{area}.xml", "--list", lists / f"{identity.partition('.')[0]}.xml",
        "--list-signer", lists / "signers.pem", *options,
    )  # fmt: skip
    (file,) = json.loads(result.out)["files"]
    assert file["indication"] == "TOTAL_PASSED"
    found: dict[str, Any] = file["relying_parties"]["lists"]
    return found


@pytest.mark.parametrize(
    ("area", "agreement"), [("uk", "eu-to-uk.1"), ("ua", "eu-to-ua.1"), ("zz", "eu-to-zz.1"), ("eu", None), ("hk", "")]
)
def test_a_qualified_signature_of_the_eu_elsewhere(
    interop: Interop, made: Path, area: str, agreement: str | None
) -> None:
    found = checked(interop, made, area, "eu-qtsp-natural.natural-ec")
    if agreement == "":
        assert (found["accepted"], found["qualification"], found["level"]) == (False, "NA", "L2")
        return
    assert (found["accepted"], found["qualification"], found["level"]) == (True, "QESIG", "L4")
    assert found["agreement"] == agreement or found["agreement"].endswith("eu-qtsp-natural.xml")


def test_the_pilot_counts_for_signatures_alone_and_only_with_the_agreement(interop: Interop, made: Path) -> None:
    signature = checked(interop, made, "eu", "zz-pilot.natural")
    assert (signature["qualification"], signature["agreement"]) == ("QESIG", "zz-to-eu")
    alone = checked(interop, made, "eu", "zz-pilot.natural", "--no-recognition")
    assert (alone["accepted"], alone["qualification"]) == (False, "ADESIG")
    seal = checked(interop, made, "eu", "zz-pilot.seal")
    assert (seal["qualification"], seal["level"]) == ("ADESEAL", "L2")
    assert checked(interop, made, "zz", "zz-pilot.seal")["qualification"] == "QESEAL"


def test_conditions_that_criteria_cannot_say_give_nothing_to_whoever_does_not_read_them(
    interop: Interop, made: Path
) -> None:
    """Russia relies on receipts of a third party, which no list can say: the standard part of the pointer names a type of nobody."""
    text = (made / "lists" / "lotl-ru.xml").read_text(encoding="utf-8")
    assert "Svctype/conditional" in text
