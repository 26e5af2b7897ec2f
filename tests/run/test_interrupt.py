"""Ctrl-C: exit 130, what was finished is kept and used by the next run, and nothing is left half written."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import breaking_jobs
import pytest
from core_run import CommandLine, Core, entry_files, run_with

from interop.run import execute
from interop.run.files import matrix_json
from interop.run.measure import matrix_of

COMMAND = [sys.executable, "-c", "from interop.cli import main; main()"]


def records(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "facts.jsonl").read_text(encoding="utf-8").splitlines()]


def assert_partial(folder: Path) -> set[str]:
    """Only `facts.jsonl`, whole lines and no footer, and the objects that it names; the vectors that it tells of."""
    found = records(folder)
    assert found[0]["record"] == "header"
    assert {record["record"] for record in found[1:]} <= {"fact"}
    assert {path.name for path in folder.iterdir()} <= {"facts.jsonl", "objects"}  # no matrix, no temporary file
    return {str(record["vector"]) for record in found[1:]}


def test_interrupt_in_the_middle_of_signing(interop: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(execute, "run_vector", breaking_jobs.interrupted)
        said = interop("run", "-j", "0", "--cache", "cache")
    assert said.code == 130
    assert said.out == ""
    assert said.err.strip().startswith("interop: interrupted")
    finished = assert_partial(interop.folder / "out")
    assert finished
    assert breaking_jobs.VICTIM not in finished
    again = run_with(interop.folder / "cache")
    assert again.made == len(again.plan.specs) - len(finished)
    assert not finished & {v for v in again.observations if v == breaking_jobs.VICTIM}


def _interrupted_run(core: Core, folder: Path) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a run that gets SIGINT once the first results are kept in `folder`/cache."""
    cache = folder / "cache"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INTEROP_")}
    process = subprocess.Popen(
        [*COMMAND, "run", "-j", "1", "--cache", str(cache), "-o", str(folder / "out")],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        published = len(core.run.plan.world.providers)
        deadline = time.monotonic() + 60
        while len(entry_files(cache)) < published + 10 and time.monotonic() < deadline:
            if process.poll() is not None:
                break
            time.sleep(0.01)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to workers too: they leave it to their parent
        out, err = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    return process.returncode, out, err


def test_interrupt_from_outside_while_workers_sign(core: Core, tmp_path: Path) -> None:
    """The real thing: a process with workers gets SIGINT once the first results are kept."""
    for attempt in range(5):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        code, out, err = _interrupted_run(core, folder)
        if code != 0:
            break  # 0: on a busy machine it was done before it could be interrupted
    assert (code, out) == (130, "")
    assert "Traceback" not in err
    assert "interop: interrupted" in err
    finished = assert_partial(folder / "out")
    assert 0 < len(finished) < len(core.specs)
    again = run_with(folder / "cache")
    # what the parent had no time to write down may be in the cache already, never the other way round
    assert again.made <= len(again.plan.specs) - len(finished)
    assert again.made > 0
    assert matrix_json(matrix_of(again)) == matrix_json(core.matrix)


def test_a_whole_run_leaves_everything(core: Core, interop: CommandLine) -> None:
    """The same command uninterrupted: the footer counts the records and seals them."""
    import hashlib

    said = interop("run", "-j", "0", "--cache", core.cache, "-q", "-k", "us-fpki:us-fpki")
    assert (said.code, said.err) == (0, "")
    folder = interop.folder / "out"
    assert {path.name for path in folder.iterdir()} == {"facts.jsonl", "objects", "matrix.json", "summary.md"}
    *lines, last = (folder / "facts.jsonl").read_bytes().splitlines(keepends=True)
    footer = json.loads(last)
    assert footer["record"] == "footer"
    assert footer["digest"] == f"sha256:{hashlib.sha256(b''.join(lines)).hexdigest()}"
    kinds = [json.loads(line)["record"] for line in lines[1:]]
    assert footer["counts"] == {kind: kinds.count(kind) for kind in sorted(set(kinds))}
    for record in records(folder):
        for thing in record.get("objects", []):  # type: ignore[attr-defined]
            name = f"{thing['id'].removeprefix('sha256:')}.der"
            raw = (folder / "objects" / name).read_bytes()
            assert f"sha256:{hashlib.sha256(raw).hexdigest()}" == thing["id"]


def test_an_interrupt_while_judging_leaves_no_matrix(
    core: Core, interop: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from interop.run import measure

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(measure, "build_matrix", interrupted)
        said = interop("run", "-j", "0", "--cache", core.cache)
    assert said.code == 130
    assert assert_partial(interop.folder / "out") == set(core.specs)
