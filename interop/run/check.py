"""`check`: somebody else's signed files. Two conclusions: technical, against the signer's home, and one per relying party.

The same judge as in `run`. Provider and identity come from the path that is found. Where the home is no provider we know,
the neutral rules apply; a self-signed certificate inside the file is never an anchor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from interop.engine.protocol import Request
from interop.engine.sniff import sniff
from interop.model.certificate import ObjectId
from interop.model.check import CheckedFile, CheckedLayer, CheckedSignature, CheckReport, RelyingAnswer
from interop.model.facts import Facts, Observation, SignatureFacts
from interop.model.indication import INDICATION_OF, Indication, worst
from interop.model.instant import format_instant
from interop.model.layers import LAYERS, LayerResult
from interop.model.profile import Provider
from interop.model.reasons import blocks, catalogue, is_finding
from interop.model.rules import RelyingRules
from interop.model.verdict import Judgement, Technical, Verdict
from interop.profile.load import load_neutral_rules
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
    """(file name, content) of home anchors. In results such a home is named `file:` and the name."""
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
    session = _Session(run, options, load_neutral_rules())
    offered = [der for name, content in options.with_cert for der in read_certificates(content, name)]
    for name, content in options.trust:
        for der in read_certificates(content, name):
            # `file:` keeps a file that is named like a provider from passing for it
            session.anchors.setdefault(run.linker.add("certificate", der), f"file:{Path(name).name}")
            offered.append(der)
    for der in offered:
        run.linker.add("certificate", der)
    jobs = [
        ObserveJob(name=str(index), request=_request(file, offered, run.sm2_ids)) for index, file in enumerate(files)
    ]
    observed: dict[int, Observation | Failure] = {}
    listener.stage("observing", len(jobs))
    for job, result in run_jobs(run_observe, jobs, workers=options.jobs, timeout=FILE_SECONDS):
        listener.step(files[int(job.name)].name)
        observed[int(job.name)] = result
    times = {_time(o.facts, options) for o in observed.values() if isinstance(o, Observation)} or {options.now}
    for at in sorted(times):
        publish(run, at, listener)
    checked = tuple(_checked(file, observed[index], session) for index, file in enumerate(files))
    shown = "claimed" if options.at is None else format_instant(options.at)
    return CheckReport(at=shown, files=checked)


def _request(file: File, offered: Sequence[bytes], sm2_ids: tuple[str, ...]) -> Request:
    return Request(
        data=file.data,
        detached=file.detached,
        password=file.password,
        element=file.element,
        certificates=tuple(offered),
        sm2_ids=sm2_ids,
    )


def _bench(observation: Observation, session: _Session) -> Bench:
    """What is known for one file: what everybody knows, and what this file brings. Another file of the call adds nothing."""
    run = session.run
    linker = run.linker.copy()
    linker.add_objects(observation.objects, {fact.id: fact.kind for fact in observation.facts.objects})
    world = run.plan.world
    names = certificate_names({name: p.certificates for name, p in run.published.items()})
    known = {names[f"{provider.id}:{anchor}"] for provider in world.providers for anchor in provider.anchors}
    return Bench.build(
        world=world,
        suites=run.plan.suites,
        knowledge=linker.knowledge(),
        names=names,
        # a provider's own anchor stays that provider's, whoever names it: its identities and levels hang on it
        extra_anchors={anchor: name for anchor, name in session.anchors.items() if anchor not in known},
    )


def _checked(file: File, observed: Observation | Failure, session: _Session) -> CheckedFile:
    digest = object_id(file.data)
    if isinstance(observed, Failure):
        return CheckedFile(file=file.name, sha256=digest, format=sniff(file.data), indication=None, error=observed.what)
    facts, bench = observed.facts, _bench(observed, session)
    at = _time(facts, session.options)
    technicals = _technicals(facts, bench, session, at)
    findings = _findings(facts, technicals)
    if not technicals:
        return _unsigned(file, digest, facts, findings)
    judgements = {provider.id: bench.judge(facts, provider, at, document=None) for provider in session.options.relying}
    counted = _worst(technicals)
    return CheckedFile(
        file=file.name,
        sha256=digest,
        format=facts.document.format,
        indication=counted.indication.value,
        sub_indication=None if counted.sub_indication is None else counted.sub_indication.value,
        reason=_headline(counted),
        findings=findings,
        signatures=tuple(
            _signature(signature, technical, bench)
            for signature, technical in zip(facts.signatures, technicals, strict=True)
        ),
        relying_parties={name: _answer(judgement) for name, judgement in sorted(judgements.items())},
    )


def _worst(technicals: Sequence[Technical]) -> Technical:
    """The signature that speaks for the file: the first of those with the worst indication (design section 6)."""
    bad = worst([technical.indication for technical in technicals])
    return next(technical for technical in technicals if technical.indication is bad)


def _technicals(facts: Facts, bench: Bench, session: _Session, at: datetime) -> tuple[Technical, ...]:
    """Each against its home: under the home's own rules where it is a provider we know, else under the neutral ones."""
    homes = {provider.id: provider for provider in bench.world.providers}
    neutral = judge_technicals(facts, bench.technical(session.neutral, at))
    own = {
        name: judge_technicals(facts, bench.technical(homes[name].relying, at))
        for name in {technical.provider for technical in neutral}
        if name in homes
    }
    return tuple(
        own[technical.provider][index] if technical.provider in own else technical
        for index, technical in enumerate(neutral)
    )


def _time(facts: Facts, options: CheckOptions) -> datetime:
    """The validation instant for this file."""
    claimed = next((s.claimed_time for s in facts.signatures if s.claimed_time is not None), None)
    return options.at or claimed or options.now


def _findings(facts: Facts, technicals: Sequence[Technical]) -> tuple[str, ...]:
    """Codes of what is reported beside the verdict, about the file and about its signatures, each once."""
    codes = [finding.code for finding in facts.document.findings]
    for technical in technicals:
        codes += [cause.code for layer in technical.layers for cause in layer.causes]
    return tuple(code for code in dict.fromkeys(codes) if is_finding(code) or code not in catalogue())


def _unsigned(file: File, digest: str, facts: Facts, findings: tuple[str, ...]) -> CheckedFile:
    """No signature was found by our own scan, or the file could not be read as what it is.

    A file of no kind that can hold a signature holds none. A container that is recognised and not handled may hold one.
    """
    blocking = [catalogue()[finding.code] for finding in facts.document.findings if blocks(finding.code)]
    kind = facts.document.format
    if not blocking or kind == "unknown":
        return CheckedFile(
            file=file.name,
            sha256=digest,
            format=kind,
            indication=Indication.NO_SIGNATURE_FOUND.value,
            reason=blocking[0].code if blocking else "container.no-signature",
            findings=findings,
        )
    entry = min(blocking, key=lambda r: (LAYERS.index(r.layer), r.rank))
    sub = entry.sub_indication
    return CheckedFile(
        file=file.name,
        sha256=digest,
        format=kind,
        indication=(Indication.INDETERMINATE if sub is None else INDICATION_OF[sub]).value,
        sub_indication=None if sub is None else sub.value,
        reason=entry.code,
        findings=findings,
    )


def _headline(technical: Technical) -> str | None:
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
        reason=_headline(technical),
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
        remedies=tuple(dict.fromkeys(_remedies(blocking))),
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
