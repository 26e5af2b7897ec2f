"""The EU DSS library as an oracle: its jars, the prototype that drives it, and one question to it in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def jars(config: pytest.Config) -> Path:
    """The jars, from DSS_JARS or fetched once by Maven."""
    given = os.environ.get("DSS_JARS")
    if given:
        return Path(given)
    if config.cache is None or shutil.which("mvn") is None:
        pytest.skip("DSS_JARS is not set and there is no Maven to fetch them")
    folder = Path(config.cache.mkdir("dss-jars"))
    if not any(folder.glob("dss-tsl-validation-*.jar")):
        pom = prototype() / "pom.xml"
        command = ["mvn", "-q", "-f", str(pom), "dependency:copy-dependencies", f"-DoutputDirectory={folder}"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        except subprocess.TimeoutExpired:
            pytest.skip("Maven did not finish fetching the jars of DSS in five minutes")
        if done.returncode:
            pytest.skip(f"Maven cannot fetch the jars of DSS: {done.stdout[-200:]}{done.stderr[-200:]}")
    return folder


def prototype() -> Path:
    folder = ROOT / (os.environ.get("INTEROP_DSS") or "../shared/prototypes/dss")
    if not (folder / "dss.py").is_file():
        pytest.skip("the prototype that drives DSS is not there (set INTEROP_DSS)")
    return folder


def ask(config: pytest.Config, asked: dict[str, Any]) -> dict[str, Any]:
    """What DSS says of every case; one Java process for all. Skips where Java, its jars, JPype or the prototype are not there."""
    python = os.environ.get("INTEROP_DSS_PYTHON") or sys.executable
    if shutil.which("java") is None:
        pytest.skip("there is no Java")
    if subprocess.run([python, "-c", "import jpype"], capture_output=True, check=False).returncode:
        pytest.skip("JPype is not installed (set INTEROP_DSS_PYTHON to an interpreter that has it)")
    asked = {"folder": str(prototype()), **asked}
    done = subprocess.run(
        [python, str(Path(__file__).with_name("ask_dss.py"))],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env={**os.environ, "DSS_JARS": str(jars(config))},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found
