"""Jobs that break their worker, importable by spawned processes."""

from __future__ import annotations

import os
import signal
import time

from interop.model.errors import InputError, Problem
from interop.run.tasks import Observed, VectorJob, run_vector

VICTIM = "eu-qtsp-natural.natural-rsa/pades/b-b/pdf-b-b"


def job(what: str) -> str:
    """Do what the word says."""
    match what:
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            os._exit(3)
        case "leave quietly":
            os._exit(0)
        case "sleep":
            time.sleep(600)
        case "eat":
            return str(len(bytearray(16 * 1024**3)))
        case "raise":
            raise ValueError("third-party trouble")
        case "recurse":
            return job("recurse")
        case "refuse":
            raise InputError("a.pdf", (Problem(where="file", what="no good"),))
        case "unpicklable":
            return lambda: None  # type: ignore[return-value]
    return what.upper()


def vector_or_death(vector: VectorJob) -> Observed:
    """The real work, in a worker that the victim's job kills in the middle of it."""
    if vector.spec.id == VICTIM:
        os.kill(os.getpid(), signal.SIGKILL)
    return run_vector(vector)


def interrupted(vector: VectorJob) -> Observed:
    """The real work until the victim's turn comes: then somebody presses Ctrl-C."""
    if vector.spec.id == VICTIM:
        raise KeyboardInterrupt
    return run_vector(vector)
