"""A program that speaks for a real relying party: JSON lines on its standard streams, the file by its path.

    <- {"name", "version", "capabilities"}                             once, at start
    -> {"id", "artifact_path", "relying", "at"}                        one line per vector; nothing about what is expected
    <- {"id", "indication", "sub_indication", "layers"} or {"id", "unsupported"}

A death, a silence or nonsense is an error of the engine, never a verdict. After a death it is started again; three
silences in a row end it for the rest of the run.
"""

from __future__ import annotations

import json
import queue
import shlex
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType

from interop.matrix.opinion import EngineHello, failed_opinion, parse_answer, parse_hello
from interop.model.certificate import ObjectId
from interop.model.errors import EngineError, UsageError
from interop.model.facts import Opinion
from interop.model.instant import format_instant

__all__ = ["ProcessParty"]

ANSWER_SECONDS = 10.0
"""How long one answer may take, unless the caller says otherwise; a start may always take so long."""
MAX_SILENCES = 3
_CLOSED = ""


class _Program:
    """One running process, its lines in a queue."""

    def __init__(self, command: list[str]) -> None:
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            raise UsageError(f"'{command[0]}' cannot be started ({error.strerror})") from None
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        stream = self._process.stdout
        if stream is not None:
            for line in stream:
                self._lines.put(line)
        self._lines.put(_CLOSED)

    def tell(self, line: str) -> None:
        """Write one line; a closed pipe shows when the answer is read."""
        stream = self._process.stdin
        if stream is None:
            return
        try:
            stream.write(line + "\n")
            stream.flush()
        except (BrokenPipeError, OSError):
            return

    def hear(self, seconds: float) -> str:
        """Read one line. EngineError for a death or a silence (`TimeoutError` as its cause)."""
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            raise EngineError(f"no answer within {seconds:g} s") from TimeoutError()
        if line == _CLOSED:
            raise EngineError(f"it ended (exit code {self._process.wait()}) instead of answering")
        return line

    def stop(self) -> None:
        """End it, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue


class ProcessParty:
    """The engine of one real relying party. Use as a context manager."""

    def __init__(self, relying: str, command: str, *, seconds: float = ANSWER_SECONDS) -> None:
        self.relying = relying
        try:
            self._command = shlex.split(command)
        except ValueError as error:
            raise UsageError(f"the command for '{relying}' cannot be read ({str(error).lower()})") from None
        if not self._command:
            raise UsageError(f"no command for '{relying}'", hints=("write --real ID='program arguments'",))
        self._seconds = seconds
        self._program: _Program | None = None
        self._silences = 0
        self._hello = self._start()
        self._folder = tempfile.TemporaryDirectory()

    def __enter__(self) -> ProcessParty:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        self._folder.cleanup()

    @property
    def name(self) -> str:
        """`name@version`, as it says."""
        return self._hello.engine

    @property
    def capabilities(self) -> frozenset[str]:
        """What it declares that it can do."""
        return self._hello.capabilities

    def _start(self) -> EngineHello:
        self._program = _Program(self._command)
        try:
            return parse_hello(self._program.hear(max(self._seconds, ANSWER_SECONDS)))
        except EngineError as error:
            self._stop()
            raise EngineError(
                f"the engine of '{self.relying}' does not introduce itself: {error.message}",
                hints=('its first line has to be {"name": ..., "version": ..., "capabilities": [...]}',),
            ) from None

    def _stop(self) -> None:
        if self._program is not None:
            self._program.stop()
            self._program = None

    def ask(self, vector: str, data: bytes, artifact: ObjectId, at: datetime, *, repeat: int = 1) -> Iterator[Opinion]:
        """Its opinion on one file, `repeat` times. An error of the engine is an opinion with `error`, never an exception."""
        path = Path(self._folder.name) / artifact.removeprefix("sha256:")
        if not path.is_file():
            path.write_bytes(data)
        for turn in range(repeat):
            yield self._ask(f"{vector}#{turn}", path, artifact, at)

    def _ask(self, request_id: str, path: Path, artifact: ObjectId, at: datetime) -> Opinion:
        def failed(what: str) -> Opinion:
            return failed_opinion(artifact=artifact, engine=self.name, at=at, what=what)

        if self._silences >= MAX_SILENCES:
            return failed(f"not asked any more after {MAX_SILENCES} silences in a row")
        try:
            if self._program is None:
                self._start()
            program = self._program
            if program is None:
                return failed("it could not be started again")
            program.tell(
                json.dumps(
                    {"id": request_id, "artifact_path": str(path), "relying": self.relying, "at": format_instant(at)}
                )
            )
            opinion = parse_answer(
                program.hear(self._seconds), request_id=request_id, artifact=artifact, engine=self.name, at=at
            )
        except (EngineError, UsageError) as error:  # UsageError: the program is gone, it cannot be started again
            self._stop()
            self._silences = self._silences + 1 if isinstance(error.__cause__, TimeoutError) else 0
            return failed(error.message)
        self._silences = 0
        return opinion
