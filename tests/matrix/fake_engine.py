"""Runs tests/fakes/fake_verifier.py as a process, line by line, and reads its answers strictly: what a real run does, in small."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path
from queue import Empty, Queue
from typing import IO

from interop.matrix.opinion import EngineHello, failed_opinion, parse_answer, parse_hello
from interop.model.certificate import ObjectId
from interop.model.errors import EngineError
from interop.model.facts import Opinion

PROGRAM = Path(__file__).parents[1] / "fakes" / "fake_verifier.py"
TIMEOUTS_IN_A_ROW = 3


class FakeEngine:
    """Started at need, started again after a crash or a time-out, ended after three time-outs in a row."""

    def __init__(self, mode: str, key: Path, *, timeout: float) -> None:
        self.command = [sys.executable, str(PROGRAM), mode, "--key", str(key)]
        self.timeout = timeout
        self.timeouts = 0
        self.process: subprocess.Popen[str] | None = None
        self.lines: Queue[str] = Queue()
        self.hello = self._start()

    def _start(self) -> EngineHello:
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.lines = Queue()
        assert self.process.stdout is not None
        threading.Thread(target=_pump, args=(self.process.stdout, self.lines), daemon=True).start()
        return parse_hello(self.lines.get(timeout=20))

    def _send(self, request: dict[str, object]) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()

    def ask(self, request_id: str, artifact: ObjectId, path: Path, relying: str, at: datetime) -> Opinion:
        def failed(what: str) -> Opinion:
            return failed_opinion(artifact=artifact, engine=self.hello.engine, at=at, what=what)

        if self.timeouts >= TIMEOUTS_IN_A_ROW:
            return failed("ended after three time-outs in a row")
        if self.process is None:
            self._start()
        self._send({"id": request_id, "artifact_path": str(path), "relying": relying, "at": at.isoformat()})
        try:
            line = self.lines.get(timeout=self.timeout)
        except Empty:
            self.timeouts += 1
            self.stop()
            return failed("time-out")
        self.timeouts = 0
        if not line:
            self.stop()
            return failed("crash")
        try:
            return parse_answer(line, request_id=request_id, artifact=artifact, engine=self.hello.engine, at=at)
        except EngineError as error:
            return failed(error.message)

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:  # unsent request to a process that is gone
                    continue
        self.process = None


def _pump(stream: IO[str], lines: Queue[str]) -> None:
    try:
        for line in stream:
            lines.put(line)
    except ValueError:  # closed while reading: stopped by us
        return
    lines.put("")
