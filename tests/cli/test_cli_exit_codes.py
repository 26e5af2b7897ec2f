"""What the process leaves with: 0 to 5, 130 (design section 5), each reached by what the design says reaches it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_calls import ROOT, Result

Interop = Callable[..., Result]

FAKE = ROOT / "tests" / "fakes" / "fake_verifier.py"


def _program(cache: Path) -> tuple[list[str], dict[str, str]]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("INTEROP_")}
    code = "import sys; from interop.cli import main; sys.argv[0] = 'interop'; main()"
    return [sys.executable, "-c", code], {**env, "INTEROP_CACHE": str(cache), "PYTHONUTF8": "1"}


def test_0_with_a_broken_promise_shown(interop: Interop, tmp_path: Path) -> None:
    # `make matrix` exits 0: broken promises are shown, and gate on request
    result = interop("run", "-k", "cn-licensed-sm2:cn-gov-gm", "-o", tmp_path)
    assert result.code == 0, result.err
    assert "promised and refused: cn-licensed-sm2:cn-gov-gm" in result.out


def test_1_with_a_broken_promise_on_request(interop: Interop, tmp_path: Path) -> None:
    assert interop("run", "-k", "cn-licensed-sm2:cn-gov-gm", "--fail-on", "promise", "-o", tmp_path).code == 1


def test_2_wrong_usage(interop: Interop) -> None:
    assert interop("run", "--signers", "nobody").code == 2


@pytest.mark.parametrize(("mode", "code"), [("accept-all", 4), ("crash", 3), ("reject-all", 1)])
def test_a_real_relying_party_that_is_wrong(interop: Interop, tmp_path: Path, mode: str, code: int) -> None:
    # design section 3: accept-all is unsafe, exit 4; crash cannot be trusted, exit 3; reject-all fails its own positives, exit 1
    key = tmp_path / "key.json"
    key.write_text("{}", encoding="utf-8")
    command = f"{sys.executable} {FAKE} {mode} --key {key}"
    result = interop(
        "run", "-k", "cn-licensed-sm2 and pdf-pkcs7", "--relying", "cn-licensed-sm2", "-o", tmp_path / "out",
        "--real", f"cn-licensed-sm2={command}",
    )  # fmt: skip
    assert result.code == code, result
    assert "speaks for this relying party" in result.out
    assert {4: "accepts invalid", 3: "no answer", 1: "not as expected"}[code] in result.out


def test_5_nothing_selected(interop: Interop) -> None:
    result = interop("run", "-k", "us-fpki and nothing-like-it")
    assert result.code == 5
    assert result.error == "nothing is selected"


def test_130_interrupted_keeps_what_it_finished(tmp_path: Path) -> None:
    program, env = _program(tmp_path / "cold-cache")
    process = subprocess.Popen(
        [*program, "run", "-o", "out"], cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        facts = tmp_path / "cold-cache"
        end = time.monotonic() + 20
        while time.monotonic() < end and not any(facts.rglob("*")):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 130, err
    assert "interop: interrupted; what was finished is kept" in err
    assert out == ""
    assert "Traceback" not in err


def test_a_reader_that_goes_away_is_no_verdict(cache: Path, tmp_path: Path) -> None:
    # 141 is what a shell says of a program that SIGPIPE ended; 1 would read as a failed gate
    program, env = _program(cache)
    process = subprocess.Popen(
        [*program, "explain"], cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(timeout=20) == 141, err
    assert err == ""


def test_the_program_itself_maps_errors(cache: Path, tmp_path: Path) -> None:
    program, env = _program(cache)
    done = subprocess.run(
        [*program, "check", "nope.pdf"], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("interop: error: nope.pdf: cannot be read")
