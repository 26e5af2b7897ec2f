"""What-if and remedies as commands, beside the run that they save: `python benchmarks/what_if.py [REPEATS]`.

All shipped providers, the core set, over a cache that a run has filled. Prints the median of seconds and processor seconds of each command;
asserts nothing. "run, cold" is a run in an empty cache without remedies: what somebody would start who changed a file and ran again.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAM = Path(sys.executable).parent / "interop"
WHAT_IF = (
    "--enable prc-art26-hk",
    "--disable zz-to-eu",
    "--repeal eu-to-uk=2026-01-01",
    "--trust hk-recognised=eu-qtsp-natural:root",
    "--allow cn-gov-gm=RSA",
    "--ban eu-qtsp-natural=sha256",
    "--set cn-gov-gm:time.time_stamp_required=true",
    "--ban sha256",
    "--set time.time_stamp_required=true",
    "--reissue eu-qtsp-natural.natural-rsa:key_usage=keyEncipherment",
    "--at 2030-01-01",
)


def spent(*arguments: str) -> tuple[float, float]:
    """Wall-clock and processor seconds of one command. A command that fails ends the measurement."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([str(PROGRAM), *arguments], capture_output=True, text=True, check=False)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in {0, 1}:
        raise SystemExit(f"interop {' '.join(arguments)}: exit {done.returncode}\n{done.stderr}")
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(arguments: list[str]) -> None:
    """Measure and print."""
    repeats = int(arguments[0]) if arguments else 3
    with tempfile.TemporaryDirectory() as folder:
        cache, out = ("--cache", f"{folder}/cache"), ("-o", f"{folder}/out")
        rows = [("run, cold", [spent("run", "--no-remedies", "-q", *out, *cache)])]
        rows.append(("run, what is missing: remedies", [spent("run", "-q", *out, *cache)]))
        rows.append(("run, cached", [spent("run", "-q", *out, *cache) for _ in range(repeats)]))
        for options in WHAT_IF:
            runs = [spent("whatif", *options.split(" ", 1), *cache) for _ in range(repeats + 1)]
            rows.append((f"whatif {options}", runs[1:]))  # the first one makes what the others find
            if runs[0][0] > 1.5 * statistics.median(seconds for seconds, _ in runs[1:]):
                rows.append(("    the first time", runs[:1]))
        rows.append(("remedy (all)", [spent("remedy", *cache) for _ in range(repeats)]))
        cell = "hk-recognised:cn-licensed-sm2"
        rows.append((f"remedy {cell}", [spent("remedy", cell, *cache) for _ in range(repeats)]))
    cold = rows[0][1][0][0]
    sys.stdout.write(f"{'command':<74} {'seconds':>8} {'of cold':>8} {'processor':>10}\n")
    for name, runs in rows:
        seconds, processor = (statistics.median(values) for values in zip(*runs, strict=True))
        sys.stdout.write(f"{name:<74} {seconds:>8.2f} {seconds / cold:>8.1%} {processor:>10.2f}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
