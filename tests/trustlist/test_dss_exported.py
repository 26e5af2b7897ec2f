"""The exported lists under DSS itself: the pilot counts for signatures alone, and only with the agreement (`zz-to-eu`, QCForESig)."""

from __future__ import annotations

from typing import Any

import pytest
from core_run import Core
from dss_oracle import ask
from listed_core import ListedCore

from interop.trustlist.signers import list_signer

EXPECTED = {
    # identity of ZZ, with the agreement -> qualification, rule
    ("natural", True): ("QESIG", "zz-to-eu"),
    ("natural", False): ("ADESIG", None),
    ("seal", True): ("ADESEAL", None),
    ("seal", False): ("ADESEAL", None),
}


@pytest.fixture(scope="module")
def answers(
    core: Core, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    work = tmp_path_factory.mktemp("dss-exported")
    lists = ListedCore(core).export(work / "lists")
    signer, anchor = work / "signer.der", work / "anchor.der"
    signer.write_bytes(list_signer("lotl-eu", "EU", core.run.keys.store()).certificate)
    (root,) = core.run.plan.world.provider("zz-pilot").anchors
    anchor.write_bytes(
        core.run.published["zz-pilot"].certificates[root]
    )  # of the issuers of time-stamps and status answers
    cases = []
    for identity, recognition in EXPECTED:
        document = work / f"{identity}.xml"
        document.write_bytes(core.request(f"zz-pilot.{identity}/xades/b-lt/xml-b-lt").data)
        paths = {"document": document, "lotl": lists / "lotl-eu.xml", "list": lists / "zz-pilot.xml"}
        case = {kind: str(path) for kind, path in paths.items()}
        cases.append({"name": f"{identity} {recognition}", "recognition": recognition, **case})
    return ask(
        request.config,
        {
            "at": core.run.plan.validation.isoformat(),
            "signers": [str(signer)],
            "anchors": [str(anchor)],
            "cases": cases,
        },
    )


@pytest.mark.parametrize(("identity", "recognition"), EXPECTED)
def test_dss_reads_what_we_export(answers: dict[str, dict[str, Any]], identity: str, recognition: bool) -> None:
    answer = answers[f"{identity} {recognition}"]
    assert answer["error"] is None
    assert answer["lists"] == ["TOTAL_PASSED", "TOTAL_PASSED"]
    assert answer["indication"] == "TOTAL_PASSED"
    assert (answer["qualification"], answer["rule"]) == EXPECTED[identity, recognition]
