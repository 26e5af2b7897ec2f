"""A file for the long term observed and judged, against pyHanko's own LTA validation of the same file.

`python benchmarks/lasting_against_pyhanko.py [ROUNDS]`: PDF files at level B-LTA by providers whose algorithms pyHanko knows, each

- validated by pyHanko (`ades_lta_validation`): EN 319 102-1 archival process, trust in the signer's home anchors, nothing fetched;
- observed, linked with the provider's hierarchy, and judged as its own relying party by this product, nothing remembered beforehand.

Both at the same validation time, in one process and one run. Prints milliseconds per file, the ratio, and what each says; asserts nothing.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import TypeVar

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from interop.engine.embedded import EmbeddedEngine
from interop.engine.protocol import Request
from interop.model.formats import Format, Level
from interop.model.profile import World
from interop.pki.issue import Issued, issue
from interop.run.execute import Run
from interop.run.judge import Bench, certificate_names
from interop.run.link import Linker
from interop.run.plan import Options, plan
from interop.vector.catalogue import VectorSpec
from interop.vector.make import make

ROUNDS = 5
READ = frozenset({"RSA", "EC"})

T = TypeVar("T")


def timed(action: Callable[[], T], rounds: int) -> tuple[T, float]:
    """What it gives, and the seconds of one round, the best of several."""
    best = float("inf")
    result = action()
    for _ in range(rounds):
        start = time.perf_counter()
        result = action()
        best = min(best, time.perf_counter() - start)
    return result, best


def by_pyhanko(data: bytes, issued: Issued, at: datetime) -> str:
    """Indication and sub-indication, or the exception that it ends with."""
    roots = [x509.Certificate.load(der) for der in issued.anchors]
    spec = SignatureValidationSpec(
        cert_validation_policy=CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build(trust_roots=roots),
            revinfo_policy=CertRevTrustPolicy(
                revocation_checking_policy=RevocationCheckingPolicy.from_legacy("soft-fail")
            ),
        ),
        revinfo_gathering_policy=RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY),
    )
    timing = ValidationTimingInfo(validation_time=at, best_signature_time=at, point_in_time_validation=True)
    reader = PdfFileReader(BytesIO(data))
    try:
        result = asyncio.run(
            ades_lta_validation(
                reader.embedded_regular_signatures[0],
                PdfSignatureValidationSpec(signature_validation_spec=spec),
                timing,
            )
        )
    except Exception as error:  # noqa: BLE001 - it is printed
        return f"{type(error).__name__}: {error}"[:60]
    return str(getattr(result.ades_subindic, "standard_name", None) or result.ades_subindic.status.name)


def by_judge(run: Run, spec: VectorSpec, data: bytes, issued: Issued) -> str:
    """Observe, link, judge at the set's validation time."""
    observation = EmbeddedEngine().observe(Request(data=data))
    linker = Linker()
    for der in issued.certificates.values():
        linker.add("certificate", der)
    linker.add_objects(observation.objects, {fact.id: fact.kind for fact in observation.facts.objects})
    trust = replace(spec.provider.relying.trust, anchors=(spec.provider.id,), load=())
    alone = replace(spec.provider, relying=replace(spec.provider.relying, trust=trust))
    bench = Bench.build(
        world=World(providers=(alone,), agreements=()),
        suites=run.plan.suites,
        knowledge=linker.knowledge(),
        names=certificate_names({spec.provider.id: issued.certificates}),
    )
    verdict = bench.judge(observation.facts, alone, run.plan.validation, document=None).verdict
    return "none" if verdict is None else verdict.indication.value


def main(arguments: list[str]) -> None:
    """Measure and print."""
    logging.disable(logging.CRITICAL)
    rounds = int(arguments[0]) if arguments else ROUNDS
    run = Run(plan(Options(jobs=0)))
    store = run.keys.store()
    chosen = [
        spec
        for spec in run.plan.specs
        if spec.case.positive
        and spec.case.signatures == "one"
        and spec.case.level is Level.B_LTA
        and spec.emits.format is Format.PADES
        and spec.provider.certificate(spec.identity.certificate).key.kind in READ
        and spec.case.id == "pdf-b-lta"
    ]
    sys.stdout.write(f"{'file':<48} {'pyHanko ms':>10} {'ours ms':>8} {'ratio':>6}  pyHanko says / ours\n")
    ours_sum = theirs_sum = 0.0
    for spec in chosen:
        issued = issue(spec.provider, store)
        data = make(spec, issued, store, run.plan.signing).data
        at = run.plan.validation
        said, theirs = timed(lambda d=data, i=issued, t=at: by_pyhanko(d, i, t), rounds)  # type: ignore[misc]
        mine, ours = timed(lambda s=spec, d=data, i=issued: by_judge(run, s, d, i), rounds)  # type: ignore[misc]
        ours_sum, theirs_sum = ours_sum + ours, theirs_sum + theirs
        sys.stdout.write(
            f"{spec.id:<48} {1000 * theirs:>10.1f} {1000 * ours:>8.1f} {theirs / ours:>5.1f}x  {said} / {mine}\n"
        )
    sys.stdout.write(f"{'all':<48} {1000 * theirs_sum:>10.1f} {1000 * ours_sum:>8.1f} {theirs_sum / ours_sum:>5.1f}x\n")


if __name__ == "__main__":
    main(sys.argv[1:])
