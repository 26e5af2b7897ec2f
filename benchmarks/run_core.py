"""Where the time of `interop run` goes: `python benchmarks/run_core.py [REPEATS]`.

Wall clock of whole commands in subprocesses (cold, everything cached, another validation time, `--help`), and the work inside,
measured in one subprocess without workers: issuing, signing, observing, linking, judging. Prints two tables with ratios; asserts
nothing. Ratios compare between machines, milliseconds do not. A cold run has an empty cache folder of its own; Python's own byte code
is warm.
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
from typing import Any

from interop.engine.embedded import EmbeddedEngine
from interop.engine.protocol import Request
from interop.model.hierarchy import CertificateSpec
from interop.pki.issue import Variant, issue
from interop.pki.status import publish
from interop.run.execute import Run
from interop.run.measure import matrix_of
from interop.run.plan import Options, plan
from interop.run.tasks import Published, PublishedAnswer
from interop.vector.make import make

INSIDE = "--inside"
LATER = "2026-06-01T00:00:00Z"


def seconds(action: Callable[[], object]) -> float:
    """Wall clock of one call."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def interop(*arguments: str) -> Callable[[], object]:
    """A call of the program; its exit code has to be 0."""
    command = [sys.executable, "-c", "from interop.cli import main; main()", *arguments]
    return lambda: subprocess.run(command, check=True, capture_output=True)


def commands(folder: Path, repeats: int) -> list[tuple[str, float]]:
    """(what, seconds) of whole commands; medians but for what can only be done once per cache."""
    run = ("run", "--quiet", "-o", str(folder / "out"), "--cache")
    cold = [seconds(interop(*run, str(folder / f"cache-{turn}"))) for turn in range(repeats)]
    cached = (*run, str(folder / "cache-0"))
    at_first = [seconds(interop(*run, str(folder / f"cache-{turn}"), "--at", LATER)) for turn in range(repeats)]
    return [
        ("run, cold", median(cold)),
        ("run, cached", median(seconds(interop(*cached)) for _ in range(repeats))),
        ("run --at, first time", median(at_first)),
        ("run --at, again", median(seconds(interop(*cached, "--at", LATER)) for _ in range(repeats))),
        ("--help", median(seconds(interop("--help")) for _ in range(repeats))),
        ("python -c pass", median(seconds(_python) for _ in range(repeats))),
    ]


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
    bench = run.bench()
    pairs = [(spec, relying) for spec in planned.specs for relying in planned.relying]
    count, total = each(
        pairs,
        lambda pair: bench.judge(
            run.observations[pair[0].id].facts,
            pair[1],
            planned.validation,
            document=pair[0].case.document,
            rely=pair[0].case.rely,
        ),
    )
    found["judge"] = (count, total, "vector x relying party")
    start = time.perf_counter()
    matrix = matrix_of(run)
    found["judge and build the matrix"] = (len(matrix.cells), time.perf_counter() - start, "cell")
    return found


def print_commands(rows: list[tuple[str, float]]) -> None:
    """The first table."""
    cold = rows[0][1]
    sys.stdout.write(f"{'command':<26} {'seconds':>8} {'of cold':>8}\n")
    for what, taken in rows:
        sys.stdout.write(f"{what:<26} {taken:>8.2f} {taken / cold:>8.1%}\n")


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
