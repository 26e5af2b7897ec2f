"""From the judge's answers to what `check` reports of one file: `model.check.CheckedFile` and its parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from interop.model.certificate import Certificate, ObjectId
from interop.model.check import CheckedFile, CheckedLayer, CheckedSignature, RelyingAnswer
from interop.model.facts import Facts, SignatureFacts
from interop.model.indication import INDICATION_OF, Indication
from interop.model.instant import format_instant
from interop.model.layers import LAYERS, LayerResult
from interop.model.reasons import blocks, catalogue, is_finding
from interop.model.verdict import Judgement, Technical, Verdict

__all__ = ["findings_of", "headline", "relying_answer", "signature_result", "unsigned_file"]


def findings_of(facts: Facts, technicals: Sequence[Technical]) -> tuple[str, ...]:
    """Codes of what is reported beside the verdict, about the file and about its signatures, each once."""
    codes = [finding.code for finding in facts.document.findings]
    for technical in technicals:
        codes += [cause.code for layer in technical.layers for cause in layer.causes]
    return tuple(code for code in dict.fromkeys(codes) if is_finding(code) or code not in catalogue())


def unsigned_file(name: str, digest: ObjectId, facts: Facts, findings: tuple[str, ...]) -> CheckedFile:
    """No signature was found by our own scan, or the file could not be read as what it is.

    A file of no kind that can hold a signature holds none. A container that is recognised and not handled may hold one.
    """
    blocking = [catalogue()[finding.code] for finding in facts.document.findings if blocks(finding.code)]
    kind = facts.document.format
    if not blocking or kind == "unknown":
        return CheckedFile(
            file=name,
            sha256=digest,
            format=kind,
            indication=Indication.NO_SIGNATURE_FOUND.value,
            reason=blocking[0].code if blocking else "container.no-signature",
            findings=findings,
        )
    entry = min(blocking, key=lambda r: (LAYERS.index(r.layer), r.rank))
    sub = entry.sub_indication
    return CheckedFile(
        file=name,
        sha256=digest,
        format=kind,
        indication=(Indication.INDETERMINATE if sub is None else INDICATION_OF[sub]).value,
        sub_indication=None if sub is None else sub.value,
        reason=entry.code,
        findings=findings,
    )


def headline(technical: Technical) -> str | None:
    """Code of the first blocking reason; what blocks nothing is no headline."""
    for layer in technical.layers:
        if layer.blocks:
            for cause in layer.causes:
                if not is_finding(cause.code):
                    return cause.code
    return None


def _layers(layers: Sequence[LayerResult]) -> Mapping[str, CheckedLayer]:
    return {
        layer.layer.value: CheckedLayer(
            result=layer.state.value,
            reasons=tuple(cause.code for cause in layer.causes),
            details=tuple(cause.detail for cause in layer.causes),
        )
        for layer in layers
    }


def signature_result(
    signature: SignatureFacts, technical: Technical, certificates: Mapping[ObjectId, Certificate]
) -> CheckedSignature:
    """One signature; `certificates` are those known, by id."""
    certificate = None if technical.signer is None else certificates.get(technical.signer)
    time = technical.best_time if technical.proven else signature.claimed_time
    return CheckedSignature(
        id=signature.id,
        format=signature.format,
        level=signature.level,
        signed_by=None if certificate is None else certificate.subject.text,
        time=None if time is None else format_instant(time),
        time_proven=technical.proven,
        covers_whole=signature.covers.whole,
        covers=signature.covers.nodes or tuple(f"{start}+{length}" for start, length in signature.covers.ranges),
        indication=technical.indication.value,
        sub_indication=None if technical.sub_indication is None else technical.sub_indication.value,
        reason=headline(technical),
        layers=_layers(technical.layers),
        provider=technical.provider,
        identity=None if technical.identity is None else technical.identity.identity,
        packaging=signature.packaging,
        revision=signature.revision,
        counter_signs=signature.parent,
    )


def relying_answer(judgement: Judgement, facts: Facts) -> RelyingAnswer:
    """What one relying party makes of the file."""
    verdict = judgement.verdict
    if verdict is None:
        return RelyingAnswer(accepted=False, promised=False, first_block=None, reasons=judgement.findings, level=None)
    blocking = _blocking(verdict)
    return RelyingAnswer(
        accepted=verdict.accepted,
        promised=verdict.promised,
        first_block=None if verdict.first_block is None else verdict.first_block.value,
        reasons=blocking,
        level=str(verdict.level.attained),
        agreement=verdict.agreement,
        remedies=tuple(dict.fromkeys(_remedies(blocking))),
        signature=None if judgement.counts is None else facts.signatures[judgement.counts].id,
        leg=judgement.reason.partition(":")[2] or None,
    )


def _remedies(codes: Sequence[str]) -> Iterator[str]:
    for code in codes:
        entry = catalogue().get(code)
        if entry is not None and entry.remedy is not None:
            yield entry.remedy.en


def _blocking(verdict: Verdict) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            cause.code
            for layer in verdict.layers
            if layer.blocks
            for cause in layer.causes
            if not is_finding(cause.code)
        )
    )
