"""Long-lived spawned workers with limits of memory and wall-clock. One bad file costs one result, never the run.

Each worker has a pipe of its own, so that one killed in the middle of anything can block nobody: its end closes, the job
that it had is a failure, and another worker takes its place. The parent alone keeps the time and answers an interrupt.
"""

from __future__ import annotations

import pickle
import queue
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from interop.model.errors import EngineError, InteropError

__all__ = ["MEMORY_LIMIT", "Failure", "Outcome", "run_jobs"]

J = TypeVar("J")
R = TypeVar("R")

MEMORY_LIMIT = 3 * 1024**3
"""Address space of one worker, in bytes."""
START_SECONDS = 60.0
"""How long a worker may take to come up."""
START_TRIES = 3
"""How often in a row a worker may fail to come up before the run is given up."""

_READY = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A job that gave no result, and why: it took too long, its worker died, or what it raised."""

    what: str


Outcome = tuple[J, R | Failure]


@dataclass(frozen=True, slots=True)
class _Guarded(Generic[J, R]):
    """Runs in the worker: an exception becomes a value, so that nothing unpicklable crosses the border."""

    function: Callable[[J], R]

    def __call__(self, job: J) -> R | Failure:
        try:
            return self.function(job)
        except InteropError as error:
            return Failure(what=error.message)
        except MemoryError:
            return Failure(what="memory limit exceeded")
        except Exception as error:  # noqa: BLE001 - a third-party failure on one file is that file's result
            return Failure(what=f"{type(error).__name__}: {error}")


def _limit_memory() -> None:
    """Where the system can bound it."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


def _serve(pipe: Connection, guarded: _Guarded[Any, Any]) -> None:
    """A worker's life: answer jobs until the pipe closes. An interrupt is the parent's affair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    pipe.send(_READY)
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        result = guarded(job)
        try:
            pipe.send(result)
        except (pickle.PicklingError, TypeError, AttributeError) as error:
            pipe.send(Failure(what=f"its result cannot be passed on: {error}"))


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, guarded: _Guarded[Any, Any]) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=_serve, args=(theirs, guarded), daemon=True)
        self._process.start()
        theirs.close()  # else its end would never be seen to close

    def came_up(self) -> bool:
        """Wait until it is ready; False where it died or took too long."""
        try:
            return self._pipe.poll(START_SECONDS) and self._pipe.recv() == _READY
        except (EOFError, OSError):
            return False

    def ask(self, job: object, timeout: float) -> Any:
        """Its answer. Raises BrokenPipeError where it was gone before it had the job."""
        self._pipe.send(job)
        try:
            if self._pipe.poll(timeout):
                return self._pipe.recv()
        except (EOFError, OSError):
            self.stop()
            return Failure(what=f"the worker died: exit code {self._process.exitcode}")
        self.stop()
        return Failure(what=f"took longer than {timeout:g} s and was stopped")

    @property
    def alive(self) -> bool:
        """Whether it can take another job."""
        return self._process.is_alive()

    def kill(self) -> None:
        """End it, whatever it is doing; who waits for its answer sees its end of the pipe close."""
        self._process.kill()

    def stop(self) -> None:
        """End it and tidy up: for the one thread that talks to it."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


class _Slot(threading.Thread):
    """Takes jobs one after the other to a worker, and replaces a worker that is gone."""

    def __init__(
        self, guarded: _Guarded[Any, Any], jobs: deque[Any], results: queue.Queue[Any], timeout: float
    ) -> None:
        super().__init__(daemon=True)
        self._guarded, self._jobs, self._results, self._timeout = guarded, jobs, results, timeout
        self._worker: _Worker | None = None
        self._stopped = threading.Event()

    def run(self) -> None:
        """Work until there are no more jobs."""
        # children inherit the mask: an interrupt while they start is not theirs to answer
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            while not self._stopped.is_set():
                try:
                    job = self._jobs.popleft()
                except IndexError:
                    return
                self._results.put((job, self._answer(job)))
        except Exception as error:  # noqa: BLE001 - handed to the caller's thread, which raises it
            self._results.put(error)
        finally:
            if self._worker is not None:
                self._worker.stop()

    def _answer(self, job: object) -> Any:
        while True:
            worker = self._ready()
            try:
                return worker.ask(job, self._timeout)
            except (BrokenPipeError, ConnectionResetError):
                worker.stop()  # it died between two jobs: this one has lost nothing

    def _ready(self) -> _Worker:
        if self._worker is not None and self._worker.alive:
            return self._worker
        for _ in range(START_TRIES):
            self._worker = _Worker(self._guarded)
            if self._worker.came_up() and not self._stopped.is_set():
                return self._worker
            self._worker.stop()
            if self._stopped.is_set():
                raise EngineError("stopped")
        raise EngineError(
            "workers cannot be started",
            hints=("a script that calls this needs an `if __name__ == '__main__'` guard, or jobs=0",),
        )

    def stop(self) -> None:
        """End it and its worker, from another thread."""
        self._stopped.set()
        worker = self._worker
        if worker is not None:
            worker.kill()


def run_jobs(function: Callable[[J], R], jobs: Sequence[J], *, workers: int, timeout: float) -> Iterator[Outcome[J, R]]:
    """Give each job with its result or failure, as they finish.

    `function` must be importable. `workers` 0 works in this process, without limits. `timeout` is in seconds per job.
    Closing the iterator early (or an interrupt) stops the workers. Raises EngineError where no worker comes up at all.
    """
    guarded: _Guarded[J, R] = _Guarded(function)
    if workers == 0:
        for job in jobs:
            yield job, guarded(job)
        return
    waiting: deque[J] = deque(jobs)
    results: queue.Queue[Any] = queue.Queue()
    slots = [_Slot(guarded, waiting, results, timeout) for _ in range(min(workers, len(jobs)))]
    try:
        for slot in slots:
            slot.start()
        for _ in range(len(jobs)):
            result = results.get()
            if isinstance(result, BaseException):
                raise result
            yield result
    finally:
        waiting.clear()
        for slot in slots:
            slot.stop()
        for slot in slots:
            slot.join()
