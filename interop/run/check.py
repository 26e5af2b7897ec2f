"""`check`: somebody else's signed files. Two conclusions: technical, against the signer's home, and one per relying party.

The same judge as in `run`. Provider and identity come from the path that is found. Where the home is no provider we know,
the neutral rules apply; a self-signed certificate inside the file is never an anchor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from interop.engine.protocol import Request
from interop.model.certificate import ObjectId
from interop.model.check import CheckedFile, CheckedLayer, CheckedSignature, CheckReport, RelyingAnswer
from interop.model.facts import Facts, Observation, SignatureFacts
from interop.model.indication import INDICATION_OF, Indication, worst
from interop.model.instant import format_instant
from interop.model.layers import LAYERS, Cause, LayerResult
from interop.model.profile import Provider
from interop.model.reasons import Effect, catalogue, reason
from interop.model.rules import RelyingRules
from interop.model.verdict import Judgement, Technical, Verdict
from interop.profile.load import data_root, load_rules
from interop.recognition.judge import judge_technicals
from interop.run.execute import Run, publish
from interop.run.judge import Bench, certificate_names
from interop.run.plan import Plan
from interop.run.progress import SILENT, Listener
from interop.run.tasks import ObserveJob, run_observe
from interop.run.workers import Failure, run_jobs
from interop.x509.certificate import object_id, read_certificates

__all__ = ["CheckOptions", "File", "check_files"]

FILE_SECONDS = 10.0
"""Wall-clock limit for observing one file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file to look at."""

    name: str
    """As the caller named it."""
    data: bytes
    detached: bytes | None = None
    password: str | None = None
    element: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """How to look."""

    at: datetime | None
    """Validation instant; None: the time that each file's first signature claims."""
    now: datetime
    """What `at` falls back to where nothing is claimed."""
    trust: tuple[tuple[str, bytes], ...] = ()
    """(file name, content) of home anchors."""
    with_cert: tuple[tuple[str, bytes], ...] = ()
    """(file name, content) of further certificates that may complete a path."""
    relying: tuple[Provider, ...] = ()
    jobs: int = 2


@dataclass(slots=True)
class _Session:
    """What the files of one call share."""

    run: Run
    options: CheckOptions
    neutral: RelyingRules
    anchors: dict[ObjectId, str] = field(default_factory=dict)


def check_files(files: Sequence[File], plan: Plan, options: CheckOptions, listener: Listener = SILENT) -> CheckReport:
    """Observe and judge all files. `plan` brings profiles, agreements and suites; no vector of it is made.

    Raises InputError for a trust file without certificates; whatever is wrong with a file itself is its result.
    """
    run = Run(plan)
    session = _Session(run, options, load_rules(data_root() / "profiles" / "rules" / "neutral.toml"))
    for name, content in options.trust:
        for der in read_certificates(content, name):
            session.anchors[run.linker.add("certificate", der)] = Path(name).stem
    for name, content in options.with_cert:
        for der in read_certificates(content, name):
            run.linker.add("certificate", der)
    jobs = [
        ObserveJob(
            name=str(index),
            request=Request(data=f.data, detached=f.detached, password=f.password, element=f.element),
        )
        for index, f in enumerate(files)
    ]
    observed: dict[int, Observation | Failure] = {}
    listener.stage("observing", len(jobs))
    for job, result in run_jobs(run_observe, jobs, workers=options.jobs, timeout=FILE_SECONDS):
        listener.step(files[int(job.name)].name)
        observed[int(job.name)] = result
    for observation in observed.values():
        if isinstance(observation, Observation):
            kinds = {fact.id: fact.kind for fact in observation.facts.objects}
            run.linker.add_objects(observation.objects, kinds)
    times = {_time(o.facts, options) for o in observed.values() if isinstance(o, Observation)} or {options.now}
    for at in sorted(times):
        publish(run, at, listener)
    bench = Bench.build(
        world=plan.world,
        suites=plan.suites,
        knowledge=run.linker.knowledge(),
        names=certificate_names({name: p.certificates for name, p in run.published.items()}),
        extra_anchors=session.anchors,
    )
    checked = tuple(_checked(file, observed[index], bench, session) for index, file in enumerate(files))
    shown = "claimed" if options.at is None else format_instant(options.at)
    return CheckReport(at=shown, files=checked)


def _checked(file: File, observed: Observation | Failure, bench: Bench, session: _Session) -> CheckedFile:
    digest = object_id(file.data)
    if isinstance(observed, Failure):
        return CheckedFile(file=file.name, sha256=digest, format="unknown", indication=None, error=observed.what)
    facts = observed.facts
    at = _time(facts, session.options)
    technicals = tuple(_technical(facts, index, bench, session, at) for index in range(len(facts.signatures)))
    judgements = {provider.id: bench.judge(facts, provider, at, document=None) for provider in session.options.relying}
    findings = _findings(facts, technicals)
    if not technicals:
        return _unsigned(file, digest, facts, findings)
    bad = min(range(len(technicals)), key=lambda i: (not _is_worst(technicals, i), i))
    counted = technicals[bad]
    return CheckedFile(
        file=file.name,
        sha256=digest,
        format=facts.document.format,
        indication=counted.indication.value,
        sub_indication=None if counted.sub_indication is None else counted.sub_indication.value,
        reason=_headline(counted.layers),
        findings=findings,
        signatures=tuple(
            _signature(signature, technical, bench)
            for signature, technical in zip(facts.signatures, technicals, strict=True)
        ),
        relying_parties={name: _answer(judgement) for name, judgement in sorted(judgements.items())},
    )


def _is_worst(technicals: Sequence[Technical], index: int) -> bool:
    return technicals[index].indication is worst([technical.indication for technical in technicals])


def _technical(facts: Facts, index: int, bench: Bench, session: _Session, at: datetime) -> Technical:
    """Against the home: under its own rules where it is a provider we know, else under the neutral ones."""
    neutral = judge_technicals(facts, bench.technical(session.neutral, at))[index]
    home = next((p for p in bench.world.providers if p.id == neutral.provider), None)
    if home is None:
        return neutral
    return judge_technicals(facts, bench.technical(home.relying, at))[index]


def _time(facts: Facts, options: CheckOptions) -> datetime:
    """The validation instant for this file."""
    claimed = next((s.claimed_time for s in facts.signatures if s.claimed_time is not None), None)
    return options.at or claimed or options.now


def _findings(facts: Facts, technicals: Sequence[Technical]) -> tuple[str, ...]:
    codes = [finding.code for finding in facts.document.findings]
    for technical in technicals:
        for layer in technical.layers:
            codes += [cause.code for cause in layer.causes if _effect(cause) is Effect.FINDING]
    return tuple(dict.fromkeys(codes))


def _effect(cause: Cause) -> Effect | None:
    entry = catalogue().get(cause.code)
    return None if entry is None else entry.effect


def _unsigned(file: File, digest: str, facts: Facts, findings: tuple[str, ...]) -> CheckedFile:
    """No signature was found by our own scan, or the file could not be read as what it is."""
    blocking = [f.code for f in facts.document.findings if reason(f.code).effect is not Effect.FINDING]
    if not blocking:
        return CheckedFile(
            file=file.name,
            sha256=digest,
            format=facts.document.format,
            indication=Indication.NO_SIGNATURE_FOUND.value,
            reason="container.no-signature",
            findings=findings,
        )
    entry = min((reason(code) for code in blocking), key=lambda r: (LAYERS.index(r.layer), r.rank))
    sub = entry.sub_indication
    return CheckedFile(
        file=file.name,
        sha256=digest,
        format=facts.document.format,
        indication=(Indication.INDETERMINATE if sub is None else INDICATION_OF[sub]).value,
        sub_indication=None if sub is None else sub.value,
        reason=entry.code,
        findings=findings,
    )


def _headline(layers: Sequence[LayerResult]) -> str | None:
    for layer in layers:
        if layer.blocks and layer.causes:
            return layer.causes[0].code
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


def _signature(signature: SignatureFacts, technical: Technical, bench: Bench) -> CheckedSignature:
    certificate = None if technical.signer is None else bench.knowledge.certificates.get(technical.signer)
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
        reason=_headline(technical.layers),
        layers=_layers(technical.layers),
        provider=technical.provider,
        identity=None if technical.identity is None else technical.identity.identity,
    )


def _answer(judgement: Judgement) -> RelyingAnswer:
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
        remedies=tuple(dict.fromkeys(r.remedy.en for r in map(reason, blocking) if r.remedy is not None)),
    )


def _blocking(verdict: Verdict) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            cause.code
            for layer in verdict.layers
            if layer.blocks
            for cause in layer.causes
            if _effect(cause) is not Effect.FINDING
        )
    )
