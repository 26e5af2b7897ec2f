"""Long-lived spawned workers with limits of memory and wall-clock. One bad file costs one result, never the run."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Generic, TypeVar

from interop.model.errors import EngineError, InteropError

__all__ = ["MEMORY_LIMIT", "Failure", "Outcome", "run_jobs"]

J = TypeVar("J")
R = TypeVar("R")

MEMORY_LIMIT = 3 * 1024**3
"""Address space of one worker, in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A job that gave no result, and why: `timeout`, `crash`, or the exception's text."""

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


def _prepare_worker() -> None:
    """The parent alone answers an interrupt; memory is bounded where the system can bound it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


def run_jobs(function: Callable[[J], R], jobs: Sequence[J], *, workers: int, timeout: float) -> Iterator[Outcome[J, R]]:
    """Give each job with its result or failure, as they finish.

    `function` must be importable. `workers` 0 works in this process, without limits. `timeout` is in seconds per job.
    Closing the iterator early (or an interrupt) stops the workers.
    """
    guarded = _Guarded(function)
    if workers == 0:
        for job in jobs:
            yield job, guarded(job)
        return
    from pebble import ProcessExpired, ProcessPool  # noqa: PLC0415 - only where there is work

    pool = ProcessPool(
        max_workers=min(workers, len(jobs) or 1), context=get_context("spawn"), initializer=_prepare_worker
    )
    try:
        futures: dict[Future[Any], J] = {pool.schedule(guarded, args=(job,), timeout=timeout): job for job in jobs}
        waiting = set(futures)
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield futures[future], _result(future, timeout, ProcessExpired)
        pool.close()
    except BaseException:
        pool.stop()
        raise
    finally:
        pool.join()


def _result(future: Future[Any], timeout: float, expired: type[BaseException]) -> Any:
    try:
        return future.result()
    except FutureTimeout:
        return Failure(what=f"took longer than {timeout:g} s and was stopped")
    except expired as error:
        return Failure(what=f"the worker died: {error}")
    except BrokenExecutor as error:
        raise EngineError(
            f"workers cannot be started: {error}",
            hints=("a script that calls this needs an `if __name__ == '__main__'` guard, or jobs=0",),
        ) from None
