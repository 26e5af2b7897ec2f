"""Judging over facts against validating every pair: `python benchmarks/judge_against_pyhanko.py [VECTORS]`.

A sample of the PDF vectors, as every relying party, at the set's validation time, in one process and one run:

- *pyHanko*: its own validator asked on each pair: the file parsed, every signature validated with the relying party's trust roots (own
  anchors and those of the instruments it loads), the status answers of the signer's provider, the moment fixed, nothing fetched;
- *judge*: this product's judge over facts that are there already, nothing remembered beforehand;
- *observe, link and judge*: the same with the observation of every vector and the linking of all that is known.

Prints milliseconds and ratios; asserts nothing. Files that pyHanko cannot read at all (SM2, opaque algorithms) are left out. The two
answer different questions: pyHanko says whether the signature is intact and its chain trusted, the judge answers all twelve layers with
reasons and spans. The columns of accepted pairs are there to show that both did the work, not to compare.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TypeVar

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from interop.engine.embedded import EmbeddedEngine
from interop.engine.protocol import Request
from interop.model.facts import Observation
from interop.model.formats import Format
from interop.model.profile import Provider
from interop.pki.issue import issue
from interop.run.execute import Run, publish
from interop.run.judge import Bench
from interop.run.plan import Options, plan
from interop.vector.catalogue import VectorSpec
from interop.vector.make import make

VECTORS = 40
READ = frozenset({"RSA", "EC", "Ed25519", "Ed448"})
"""Key kinds that pyHanko verifies."""

T = TypeVar("T")


def timed(action: Callable[[], T]) -> tuple[T, float]:
    """What it gives, and seconds."""
    start = time.perf_counter()
    result = action()
    return result, time.perf_counter() - start


def sample(specs: Iterable[VectorSpec], count: int) -> list[VectorSpec]:
    """So many of the PDF vectors that pyHanko can read, evenly over all of them."""
    readable = [
        spec
        for spec in specs
        if spec.emits.format in (Format.PADES, Format.PDF_PKCS7)
        and not spec.identity.opaque
        and spec.provider.certificate(spec.identity.certificate).key.kind in READ
    ]
    step = max(1, len(readable) // count)
    return readable[::step][:count]


@dataclass(frozen=True)
class Material:
    """What pyHanko is given of one party, parsed before the clock runs."""

    roots: tuple[x509.Certificate, ...]
    """Trust roots as a relying party."""
    crls: tuple[bytes, ...]
    ocsps: tuple[bytes, ...]
    """Status answers as a signer."""


def material(run: Run, bench: Bench, provider: Provider) -> Material:
    """Own anchors, and those of the instruments in the judge's hands that the party loads; status answers of its services."""
    ids = set(bench.recognition(provider, run.plan.validation, None).anchors)
    for agreement in bench.agreements:
        if agreement.id in provider.relying.trust.load:
            ids.update(entry.anchor for entry in agreement.entries if entry.anchor is not None)
    answers = run.published[provider.id].answers
    return Material(
        roots=tuple(x509.Certificate.load(run.linker.bytes_of[anchor]) for anchor in sorted(ids)),
        crls=tuple(answer.der for answer in answers if answer.kind == "crl"),
        ocsps=tuple(answer.der for answer in answers if answer.kind == "ocsp"),
    )


def by_pyhanko(data: bytes, signer: Material, relying: Material, at: datetime) -> str:
    """`trusted`, `refused`, or `error` where the validator gives up."""

    def context() -> ValidationContext:
        return ValidationContext(
            trust_roots=relying.roots, moment=at, crls=signer.crls, ocsps=signer.ocsps, revocation_mode="soft-fail"
        )

    try:
        embedded = PdfFileReader(BytesIO(data), strict=False).embedded_regular_signatures
        statuses = [validate_pdf_signature(one, context(), context()) for one in embedded]
    except Exception:  # noqa: BLE001 - counted and printed; negatives are there to be given up on
        return "error"
    return "trusted" if statuses and all(status.bottom_line for status in statuses) else "refused"


def judged(bench: Bench, chosen: list[VectorSpec], seen: dict[str, Observation], run: Run) -> int:
    """Judge every pair; how many are accepted."""
    accepted = 0
    for spec in chosen:
        facts = seen[spec.id].facts
        readings = bench.read(facts)
        for relying in run.plan.relying:
            judgement = bench.judge(
                facts,
                relying,
                run.plan.validation,
                document=spec.case.document,
                rely=spec.case.rely,
                readings=readings,
            )
            accepted += judgement.verdict is not None and judgement.verdict.accepted
    return accepted


def observed(run: Run, chosen: list[VectorSpec], data: dict[str, Request]) -> tuple[dict[str, Observation], Bench]:
    """Every vector observed once, and everything linked."""
    engine = EmbeddedEngine()
    seen = {spec.id: engine.observe(data[spec.id]) for spec in chosen}
    for observation in seen.values():
        run.linker.add_objects(observation.objects, {fact.id: fact.kind for fact in observation.facts.objects})
    return seen, run.bench()


def main(arguments: list[str]) -> None:
    """Measure and print."""
    logging.disable(logging.CRITICAL)  # pyHanko logs what it refuses, with a traceback each
    run = Run(plan(Options(jobs=0)))
    planned, store = run.plan, run.keys.store()
    chosen = sample(planned.specs, int(arguments[0]) if arguments else VECTORS)
    publish(run, planned.validation)
    data: dict[str, Request] = {}
    for spec in chosen:
        made = make(spec, issue(spec.provider, store), store, planned.signing)
        data[spec.id] = Request(data=made.data, detached=made.detached, sm2_ids=run.sm2_ids)
    EmbeddedEngine().observe(data[chosen[0].id])  # libraries are loaded before the clock runs

    (seen, bench), observing = timed(lambda: observed(run, chosen, data))
    accepted, judging = timed(lambda: judged(bench, chosen, seen, run))

    materials = {provider.id: material(run, bench, provider) for provider in planned.world.providers}
    by_pyhanko(
        data[chosen[0].id].data, materials[chosen[0].provider.id], materials[chosen[0].provider.id], planned.validation
    )
    said: list[str] = []

    def ask_all() -> None:
        for spec in chosen:
            for relying in planned.relying:
                own = materials[spec.provider.id]
                said.append(by_pyhanko(data[spec.id].data, own, materials[relying.id], planned.validation))

    _, validating = timed(ask_all)
    pairs = len(chosen) * len(planned.relying)
    sys.stdout.write(f"{len(chosen)} PDF vectors x {len(planned.relying)} relying parties = {pairs} pairs\n\n")
    sys.stdout.write(f"{'':<26} {'seconds':>8} {'ms per pair':>12} {'pyHanko takes':>14}  accepted\n")
    errors = said.count("error")
    for what, seconds, good in (
        ("pyHanko on each pair", validating, f"{said.count('trusted')} ({errors} given up)"),
        ("judge over facts", judging, str(accepted)),
        ("observe, link and judge", observing + judging, str(accepted)),
    ):
        ratio = f"{validating / seconds:.0f} x"
        sys.stdout.write(f"{what:<26} {seconds:>8.3f} {1000 * seconds / pairs:>12.3f} {ratio:>14}  {good}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
