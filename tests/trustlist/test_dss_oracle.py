"""The EU DSS library itself on our lists and signatures: same qualification, case by case.

It needs Java, Maven's artifacts (DSS_JARS, or Maven with the network), an interpreter with JPype (INTEROP_DSS_PYTHON, default this
one), and the prototype that drives it (INTEROP_DSS, default ../shared/prototypes/dss). Where one is missing the test is skipped and
says which.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from list_world import EC, SIGNED, World, ca_der, key, list_signer, world
from outside import ROOT
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


def _jars(config: pytest.Config) -> Path:
    """The jars, from DSS_JARS or fetched once by Maven."""
    given = os.environ.get("DSS_JARS")
    if given:
        return Path(given)
    if config.cache is None or shutil.which("mvn") is None:
        pytest.skip("DSS_JARS is not set and there is no Maven to fetch them")
    folder = Path(config.cache.mkdir("dss-jars"))
    if not any(folder.glob("dss-tsl-validation-*.jar")):
        pom = _prototype() / "pom.xml"
        command = ["mvn", "-q", "-f", str(pom), "dependency:copy-dependencies", f"-DoutputDirectory={folder}"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        except subprocess.TimeoutExpired:
            pytest.skip("Maven did not finish fetching the jars of DSS in five minutes")
        if done.returncode:
            pytest.skip(f"Maven cannot fetch the jars of DSS: {done.stdout[-200:]}{done.stderr[-200:]}")
    return folder


def _prototype() -> Path:
    folder = ROOT / (os.environ.get("INTEROP_DSS") or "../shared/prototypes/dss")
    if not (folder / "dss.py").is_file():
        pytest.skip("the prototype that drives DSS is not there (set INTEROP_DSS)")
    return folder


@pytest.fixture(scope="module")
def answers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What DSS says of every case, and of the controls without the agreement; one Java process for all."""
    python = os.environ.get("INTEROP_DSS_PYTHON") or sys.executable
    if shutil.which("java") is None:
        pytest.skip("there is no Java")
    if subprocess.run([python, "-c", "import jpype"], capture_output=True, check=False).returncode:
        pytest.skip("JPype is not installed (set INTEROP_DSS_PYTHON to an interpreter that has it)")
    folder, jars = _prototype(), _jars(request.config)
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
        "folder": str(folder),
        "at": SIGNED.isoformat(),
        "signer": str(work / "signer.der"),
        "cases": cases,
    }
    done = subprocess.run(
        [python, str(Path(__file__).with_name("ask_dss.py"))],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env={**os.environ, "DSS_JARS": str(jars)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


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
