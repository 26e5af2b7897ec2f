"""Moving the validation time through fifty years over stored facts: `python benchmarks/fifty_years.py [YEARS]`.

All shipped providers, the core set. The facts are there already, and so is what every service says over the years (collected once, then
linked; printed apart). Then every positive vector is judged as every relying party

- at the first day of every year, each answer kept for as long as it says that it holds;
- exactly, at every instant at which an answer changes.

Prints seconds, how often the judge was asked, and how often it would have been without spans; asserts nothing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TypeVar

from interop.run.cache import default_cache_dir
from interop.run.execute import execute
from interop.run.plan import Options, plan
from interop.run.years import collect_evidence, courses

YEARS = 50

T = TypeVar("T")


def timed(action: Callable[[], T]) -> tuple[T, float]:
    """What it gives, and seconds."""
    start = time.perf_counter()
    result = action()
    return result, time.perf_counter() - start


def main(arguments: list[str]) -> None:
    """Measure and print."""
    years = int(arguments[0]) if arguments else YEARS
    run, making = timed(lambda: execute(plan(Options(cache=default_cache_dir(), jobs=2))))
    first = run.plan.validation
    last = first.replace(year=first.year + years)
    moments = (first, *(first.replace(year=first.year + n, month=1, day=1) for n in range(1, years + 1)))
    answers, collecting = timed(lambda: collect_evidence(run, (first, last)))
    _, linking = timed(run.bench)
    yearly, moving = timed(lambda: courses(run, first, last, moments=moments))
    exact, following = timed(lambda: courses(run, first, last))
    pairs = len(yearly)
    sys.stdout.write(f"{len(run.plan.world.providers)} providers, {pairs} pairs, {years} years\n\n")
    sys.stdout.write(f"{'run (facts from the cache or made)':<44} {making:>8.1f} s\n")
    sys.stdout.write(f"{f'what services say over the years ({answers})':<44} {collecting:>8.1f} s\n")
    sys.stdout.write(f"{'linking':<44} {linking:>8.1f} s\n")
    for what, found, seconds in (
        ("first day of every year", yearly, moving),
        ("exact, every change", exact, following),
    ):
        judged = sum(course.judged for course in found)
        spells = sum(len(course.spells) for course in found)
        sys.stdout.write(f"{what:<44} {seconds:>8.1f} s   judged {judged}, different answers {spells}\n")
    sys.stdout.write(f"{'without spans, every year':<44} {'':>8}     judged {pairs * len(moments)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
