"""Where time and memory of `interop run` go: `python benchmarks/run_core.py [REPEATS]`.

Wall clock and peak memory of whole commands in subprocesses (cold, everything cached, another validation time, `--help`), and the work
inside, measured in one subprocess without workers: issuing, signing, observing, keeping and reading back, linking, judging, building
the matrix, writing. Prints two tables with ratios; asserts nothing. Ratios compare between machines, milliseconds do not. A cold run has
an empty cache folder of its own; Python's own byte code is warm.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from interop.engine.embedded import EmbeddedEngine
from interop.engine.protocol import Request
from interop.model.hierarchy import CertificateSpec
from interop.pki.issue import Variant, issue
from interop.pki.status import publish
from interop.run.execute import Run
from interop.run.files import matrix_json
from interop.run.measure import matrix_of
from interop.run.plan import Options, plan
from interop.run.record import write_facts
from interop.run.tasks import Published, PublishedAnswer, pack_observation, unpack_observation
from interop.vector.make import make

INSIDE = "--inside"
JOBS = 2
"""Workers of a cold run, as by default."""
MEASURED = """
import resource, sys
from interop.cli import main
try:
    main()
finally:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(*(use.ru_maxrss for use in both), sum(use.ru_utime + use.ru_stime for use in both), file=sys.stderr)
"""
"""The program, and on the last line of standard error the peak of its own memory and that of its largest worker, in KiB (Linux), and
the processor time of all of them."""
LATER = "2026-06-01T00:00:00Z"


def seconds(action: Callable[[], object]) -> float:
    """Wall clock of one call."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


class Taken(NamedTuple):
    """What one command took."""

    seconds: float
    """Wall clock."""
    busy: float
    """Seconds of processor time, workers included: what a busy machine distorts least."""
    mebibytes: float
    """Peak of the program and of its workers together, at most: the sum of their own peaks, which need not be at one time."""


def interop(*arguments: str) -> Taken:
    """Call the program. Its exit code says what it found, so it may be 1; anything else ends the benchmark."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", MEASURED, *arguments], check=False, capture_output=True, text=True)
    taken = time.perf_counter() - start
    if done.returncode not in (0, 1):
        raise SystemExit(f"interop {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
    own, worker, busy = done.stderr.rsplit("\n", 2)[-2].split()
    return Taken(taken, float(busy), (int(own) + JOBS * int(worker)) / 1024)


def commands(folder: Path, repeats: int) -> list[tuple[str, Taken]]:
    """(what, taken) of whole commands; medians but for what can only be done once per cache."""
    run = ("run", "--quiet", "-j", str(JOBS), "-o", str(folder / "out"), "--cache")
    caches = [str(folder / f"cache-{turn}") for turn in range(repeats)]
    again = (*run, caches[0])
    return [
        ("run, cold", middle([interop(*run, cache) for cache in caches])),
        ("run, cached", middle([interop(*again) for _ in caches])),
        ("run --at, first time", middle([interop(*run, cache, "--at", LATER) for cache in caches])),
        ("run --at, again", middle([interop(*again, "--at", LATER) for _ in caches])),
        ("--help", middle([interop("--help") for _ in caches])),
        ("python -c pass", Taken(median(seconds(_python) for _ in caches), 0.0, 0.0)),
    ]


def middle(taken: list[Taken]) -> Taken:
    """Median time, largest memory."""
    return Taken(
        median(each.seconds for each in taken),
        median(each.busy for each in taken),
        max(each.mebibytes for each in taken),
    )


def _python() -> None:
    subprocess.run([sys.executable, "-c", "pass"], check=True)


def each(items: Iterable[Any], action: Callable[[Any], object]) -> tuple[int, float]:
    """(how many, seconds altogether)."""
    count, total = 0, 0.0
    for item in items:
        total += seconds(lambda item=item: action(item))  # type: ignore[misc]
        count += 1
    return count, total


def _same(spec: CertificateSpec) -> CertificateSpec:
    return spec


def inside() -> dict[str, tuple[int, float, str]]:
    """What -> (how many, seconds altogether, per what), in this process."""
    found: dict[str, tuple[int, float, str]] = {}
    start = time.perf_counter()
    planned = plan(Options(jobs=0))
    found["plan"] = (1, time.perf_counter() - start, "run")
    run = Run(planned)
    store = run.keys.store()
    providers = planned.world.providers
    for provider in (
        providers
    ):  # keys are read and libraries warmed before the clock runs; the variant is another slot of issue's memory
        issue(provider, store, variant=Variant(name="warm", change=_same))
    issued: dict[str, Any] = {}
    _, total = each(providers, lambda p: issued.__setitem__(p.id, issue(p, store)))
    found["issue certificates"] = (sum(len(i.certificates) for i in issued.values()), total, "certificate")
    answers: dict[str, Any] = {}
    _, total = each(providers, lambda p: answers.__setitem__(p.id, publish(issued[p.id], planned.validation)))
    found["publish status"] = (sum(len(a) for a in answers.values()), total, "answer")
    made: dict[str, Any] = {}
    count, total = each(
        planned.specs, lambda s: made.__setitem__(s.id, make(s, issued[s.provider.id], store, planned.signing))
    )
    found["sign"] = (count, total, "vector")
    engine = EmbeddedEngine()
    count, total = each(
        planned.specs,
        lambda s: run.observations.__setitem__(
            s.id,
            engine.observe(Request(data=made[s.id].data, detached=made[s.id].detached, sm2_ids=run.sm2_ids)),
        ),
    )
    found["observe"] = (count, total, "vector")
    start = time.perf_counter()
    for provider in providers:
        given = tuple(PublishedAnswer(a.service, a.kind, a.der, a.since, a.until) for a in answers[provider.id])
        run.published[provider.id] = Published(certificates=dict(issued[provider.id].certificates), answers=given)
        for der in issued[provider.id].certificates.values():
            run.linker.add("certificate", der)
        for a in given:
            run.linker.add_evidence(a.service, a.kind, a.der, planned.validation, since=a.since, until=a.until)
    for observation in run.observations.values():
        run.linker.add_objects(observation.objects, {fact.id: fact.kind for fact in observation.facts.objects})
    edges = run.linker.edges()
    found["link"] = (len(edges), time.perf_counter() - start, "edge")
    kept = [pack_observation(observation) for observation in run.observations.values()]
    found["read back from the cache"] = (*each(kept, unpack_observation), "vector")
    bench = run.bench()
    start = time.perf_counter()
    for spec in planned.specs:
        facts = run.observations[spec.id].facts
        readings = bench.read(facts)
        for relying in planned.relying:
            asked = {"document": spec.case.document, "rely": spec.case.rely, "readings": readings}
            bench.judge(facts, relying, planned.validation, **asked)
    pairs = len(planned.specs) * len(planned.relying)
    found["judge"] = (pairs, time.perf_counter() - start, "vector x relying party")
    start = time.perf_counter()
    matrix = matrix_of(run)
    found["judge and build the matrix"] = (len(matrix.cells), time.perf_counter() - start, "cell")
    run.recipes.update({spec.id: "" for spec in planned.specs})
    with tempfile.TemporaryDirectory() as folder:

        def write() -> None:
            write_facts(run, Path(folder), complete=True)
            (Path(folder) / "matrix.json").write_bytes(matrix_json(matrix))

        found["write facts and matrix"] = (1, seconds(write), "run")
    return found


def print_commands(rows: list[tuple[str, Taken]]) -> None:
    """The first table."""
    cold = rows[0][1].seconds
    sys.stdout.write(f"{'command':<26} {'seconds':>8} {'of cold':>8} {'processor':>10} {'MiB at most':>12}\n")
    for what, taken in rows:
        memory = f"{taken.mebibytes:.0f}" if taken.mebibytes else ""
        busy = f"{taken.busy:.2f}" if taken.busy else ""
        sys.stdout.write(f"{what:<26} {taken.seconds:>8.2f} {taken.seconds / cold:>8.1%} {busy:>10} {memory:>12}\n")


def print_inside(found: dict[str, tuple[int, float, str]]) -> None:
    """The second table. Shares are of signing, observing, issuing, linking and judging, each counted once."""
    total = sum(taken for what, (_, taken, _) in found.items() if what != "judge and build the matrix")
    sys.stdout.write(f"\n{'inside, one process':<26} {'times':>6} {'ms each':>9} {'seconds':>8} {'share':>7}  per\n")
    for what, (count, taken, unit) in found.items():
        each_ms = 1000 * taken / max(count, 1)
        sys.stdout.write(f"{what:<26} {count:>6} {each_ms:>9.3f} {taken:>8.2f} {taken / total:>7.1%}  {unit}\n")


def main(arguments: list[str]) -> None:
    """Measure and print."""
    if arguments == [INSIDE]:
        json.dump(inside(), sys.stdout)
        return
    repeats = int(arguments[0]) if arguments else 3
    with tempfile.TemporaryDirectory() as folder:
        print_commands(commands(Path(folder), repeats))
        answer = subprocess.run([sys.executable, __file__, INSIDE], check=True, capture_output=True)
        print_inside(json.loads(answer.stdout))


if __name__ == "__main__":
    main(sys.argv[1:])
