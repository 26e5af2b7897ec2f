"""The EU DSS library itself on our lists and signatures: same qualification, case by case.

It needs Java, Maven's artifacts (DSS_JARS, or Maven with the network), an interpreter with JPype (INTEROP_DSS_PYTHON, default this
one), and the prototype that drives it (INTEROP_DSS, default ../shared/prototypes/dss). Where one is missing the test is skipped and
says which.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from dss_oracle import ask
from list_world import EC, SIGNED, World, ca_der, key, list_signer, world
from random_lists import mutual, ordinary
from test_equivalence_changes import CASES, signer

from interop.model.qualification import SignatureQualification
from interop.xml.request import XmlSignRequest
from interop.xml.sign import sign_xml

CONTROLS = ("base", "type-declared-seal", "device-declared-away-qualifier-maps-to-none")
"""Asked again without the agreement."""
DRAWN: dict[str, Callable[[], World]] = {
    **{f"ordinary-{seed}": partial(ordinary, seed) for seed in range(40)},
    **{f"mutual-{seed}": partial(mutual, seed) for seed in range(40)},
}
"""Lists drawn from a seed, half of them without any agreement."""


@cache
def made(name: str) -> World:
    """The lists and the signer of one case."""
    if name in DRAWN:
        return DRAWN[name]()
    return world([CASES[name].equivalence], signer=signer(CASES[name]))


@pytest.fixture(scope="module")
def answers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What DSS says of every case, and of the controls without the agreement; one Java process for all."""
    work = tmp_path_factory.mktemp("dss")
    (work / "signer.der").write_bytes(list_signer("lotl").certificate)
    cases = []
    for name in (*CASES, *DRAWN):
        lists = made(name)
        wanted = XmlSignRequest(
            key=key("signer"),
            certificate=lists.signer,
            chain=(ca_der(),),
            signature=EC.signature,
            signing=SIGNED,
        )
        files = {"document": sign_xml(b"<greeting>hello</greeting>", wanted), "lotl": lists.lotl, "list": lists.zz}
        paths = {kind: str(work / f"{name}-{kind}.xml") for kind in files}
        for kind, data in files.items():
            Path(paths[kind]).write_bytes(data)
        cases.append({"name": name, "recognition": not name.startswith("ordinary-"), **paths})
        if name in CONTROLS:
            cases.append({"name": f"{name}, no agreement", "recognition": False, **paths})
    asked = {
        "at": SIGNED.isoformat(),
        "signers": [str(work / "signer.der")],
        "cases": cases,
    }
    return ask(request.config, asked)


@pytest.mark.parametrize("name", [*CASES, *DRAWN])
def test_dss_gives_the_same_qualification(answers: dict[str, Any], name: str) -> None:
    answer = answers[name]
    assert answer["error"] is None
    assert answer["indication"] == "TOTAL_PASSED", answer
    assert answer["lists"] == ["TOTAL_PASSED", "TOTAL_PASSED"], "DSS believes the lists that we wrote and signed"
    ours = made(name).qualify()
    assert answer["qualification"] == ours.signature
    assert answer["rule"] == ours.translated_by


@pytest.mark.parametrize("name", CONTROLS)
def test_dss_gives_the_same_without_the_agreement(answers: dict[str, Any], name: str) -> None:
    assert answers[f"{name}, no agreement"]["qualification"] == SignatureQualification.ADESIG


def test_the_lists_that_are_drawn_are_not_all_alike() -> None:
    found = {made(name).qualify().signature for name in DRAWN}
    assert len(found) >= 6
    assert SignatureQualification.NA in found
