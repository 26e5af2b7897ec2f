"""Status answers held in the file, with one thing wrong, before a party that asks no service: PDF and XML come to the same reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from core_run import Core, run_with

from interop.model.formats import Level
from interop.model.indication import Indication, SubIndication
from interop.model.layers import TECHNICAL, Layer
from interop.model.reasons import Effect, reason
from interop.model.verdict import Verdict
from interop.pdf.observe import observe_pdf
from interop.pki.defect import CrlDefect, OcspDefect, StatusDefect
from interop.pki.issue import Issued, issue
from interop.run.execute import Run
from interop.vector.catalogue import Made, VectorSpec
from interop.vector.lasting import Lasting, lengthen
from interop.vector.make import make
from interop.xml.observe import observe_xml

PROVIDER, IDENTITY = "eu-qtsp-natural", "natural-ec"

OCSP: Mapping[StatusDefect, str] = {
    OcspDefect.STALE: "revocation.not-fresh",
    OcspDefect.FUTURE: "revocation.issued-in-future",
    OcspDefect.BAD_SIGNATURE: "revocation.evidence-signature-wrong",
    OcspDefect.WRONG_ISSUER: "revocation.evidence-signer-not-authorised",
    OcspDefect.NO_EKU: "revocation.evidence-signer-not-authorised",
    OcspDefect.EXPIRED_RESPONDER: "revocation.responder-not-valid",
    OcspDefect.SELF_SIGNED: "revocation.evidence-signer-not-authorised",
    OcspDefect.STATUS_UNKNOWN: "revocation.status-unknown",
    OcspDefect.WRONG_SERIAL: "revocation.no-evidence",
}
"""RFC 6960 sections 2.2, 3.2, 4.2.2.1 and 4.2.2.2; EN 319 102-1 clause 5.2.5: all of it TRY_LATER."""
CRL: Mapping[StatusDefect, str] = {
    CrlDefect.STALE: "revocation.not-fresh",
    CrlDefect.FUTURE: "revocation.issued-in-future",
    CrlDefect.BAD_SIGNATURE: "revocation.evidence-signature-wrong",
    CrlDefect.NAMESAKE: "revocation.evidence-signature-wrong",
    CrlDefect.UNKNOWN_CRITICAL: "revocation.evidence-unknown-critical-extension",
    CrlDefect.OTHER_POINT: "revocation.out-of-scope",
    CrlDefect.ATTRIBUTES_ONLY: "revocation.out-of-scope",
}
"""RFC 5280 sections 5.2 and 6.3.3."""
DEFECTS = [*OCSP.items(), *CRL.items()]


@pytest.fixture
def offline(core: Core) -> Run:
    """A run of one vector, to whose objects those of a file are added: what other files hold is not known to it."""
    return run_with(core.cache, signers=(PROVIDER,), relying=(PROVIDER,), expression=f"{IDENTITY} and pdf-b-t")


def spec_of(core: Core, family: str) -> VectorSpec:
    form = "pades" if family == "pdf" else "xades"
    return core.specs[f"{PROVIDER}.{IDENTITY}/{form}/b-t/{family}-b-t"]


def held(core: Core, family: str, defects: Mapping[str, StatusDefect]) -> Made:
    """A B-T file lengthened with what the services say an hour later."""
    spec, run = spec_of(core, family), core.run
    keys = run.keys.store()
    issued: Issued = issue(spec.provider, keys)
    return lengthen(
        make(spec, issued, keys, run.plan.signing),
        issued,
        form=spec.emits.format,
        certificates=(spec.identity.certificate,),
        at=run.plan.signing,
        wanted=Lasting(level=Level.B_LT, defects=defects),
    )


def judge(core: Core, run: Run, family: str, data: bytes) -> Verdict:
    """By the home party, which asks nobody."""
    spec = spec_of(core, family)
    observation = observe_pdf(data) if family == "pdf" else observe_xml(data)
    run.linker.add_objects(observation.objects, {fact.id: fact.kind for fact in observation.facts.objects})
    rules = spec.provider.relying
    asks_nobody = replace(
        spec.provider, relying=replace(rules, revocation=replace(rules.revocation, offline=True, required=True))
    )
    verdict = run.bench().judge(observation.facts, asks_nobody, run.plan.validation, document=spec.case.document)
    assert verdict.verdict is not None
    return verdict.verdict


@pytest.mark.parametrize("family", ["pdf", "xml"])
def test_sound_answers_are_enough(core: Core, offline: Run, family: str) -> None:
    """The control: with the answers of the services, whole, nobody has to be asked."""
    verdict = judge(core, offline, family, held(core, family, {}).data)
    assert [layer for layer in verdict.blocks if layer in TECHNICAL] == []
    assert verdict.indication is Indication.TOTAL_PASSED


@pytest.mark.parametrize("family", ["pdf", "xml"])
def test_no_answer_at_all(core: Core, offline: Run, family: str) -> None:
    spec = spec_of(core, family)
    verdict = judge(core, offline, family, core.request(spec.id).data)
    assert {layer for layer in verdict.blocks if layer in TECHNICAL} == {Layer.REVOCATION}
    assert {c.code for c in verdict.layer(Layer.REVOCATION).causes} == {"revocation.no-evidence"}
    assert (verdict.indication, verdict.sub_indication) == (Indication.INDETERMINATE, SubIndication.TRY_LATER)


@pytest.mark.parametrize("family", ["pdf", "xml"])
@pytest.mark.parametrize(("defect", "code"), DEFECTS, ids=[f"{type(d).__name__}-{d}" for d, _ in DEFECTS])
def test_an_answer_with_one_thing_wrong_counts_for_nothing(
    core: Core, offline: Run, family: str, defect: StatusDefect, code: str
) -> None:
    spec = spec_of(core, family)
    verdict = judge(core, offline, family, held(core, family, {spec.identity.certificate: defect}).data)
    assert {layer for layer in verdict.blocks if layer in TECHNICAL} == {Layer.REVOCATION}
    codes = [c.code for c in verdict.layer(Layer.REVOCATION).causes if reason(c.code).effect is not Effect.FINDING]
    assert codes == [code]
    assert (verdict.indication, verdict.sub_indication) == (Indication.INDETERMINATE, SubIndication.TRY_LATER)
