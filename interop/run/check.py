"""`check`: somebody else's signed files. Two conclusions: technical, against the signer's home, and one per relying party.

The same judge as in `run`. Provider and identity come from the path that is found. Where the home is no provider we know,
the neutral rules apply; a self-signed certificate inside the file is never an anchor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from interop.engine.protocol import Request
from interop.engine.sniff import sniff
from interop.model.certificate import ObjectId
from interop.model.check import CheckedFile, CheckReport, RelyingAnswer
from interop.model.facts import Facts, Observation
from interop.model.indication import worst
from interop.model.instant import format_instant
from interop.model.knowledge import Knowledge
from interop.model.profile import Provider
from interop.model.rules import RelyingRules
from interop.model.verdict import Technical
from interop.profile.load import load_neutral_rules
from interop.recognition.judge import judge_technicals
from interop.run.checked import findings_of, headline, relying_answer, signature_result, unsigned_file
from interop.run.execute import Run, publish
from interop.run.judge import Bench, certificate_names
from interop.run.link import Linker
from interop.run.lists import LISTS, ListParty
from interop.run.plan import Plan
from interop.run.progress import SILENT, Listener
from interop.run.tasks import ObserveJob, run_observe
from interop.run.workers import Failure, run_jobs
from interop.x509.certificate import object_id, parse_certificate, read_certificates

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
    rules: RelyingRules | None = None
    """Rules for the technical conclusion, whoever the home is; None: the home's own, else the neutral ones."""
    lists: ListParty | None = None
    """Trusted lists that stand as one more relying party."""
    jobs: int = 2


@dataclass(slots=True)
class _Session:
    """What the files of one call share."""

    run: Run
    options: CheckOptions
    rules: RelyingRules
    """Those named, else the neutral ones."""
    anchors: dict[ObjectId, str] = field(default_factory=dict)
    offered: set[ObjectId] = field(default_factory=set)
    """Certificates that the caller names, anchors among them."""
    list_linker: Linker | None = None
    """What everybody knows, and the certificates of the trusted lists; they complete the paths of that party alone."""


def check_files(files: Sequence[File], plan: Plan, options: CheckOptions, listener: Listener = SILENT) -> CheckReport:
    """Observe and judge all files. `plan` brings profiles, agreements and suites; no vector of it is made.

    Raises InputError for a trust file without certificates; whatever is wrong with a file itself is its result.
    """
    run = Run(plan)
    session = _Session(run, options, options.rules or load_neutral_rules())
    offered = [der for name, content in options.with_cert for der in read_certificates(content, name)]
    for name, content in options.trust:
        for der in read_certificates(content, name):
            # `file:` keeps a file that is named like a provider from passing for it
            anchor = run.linker.add("certificate", der)
            session.anchors.setdefault(anchor, f"file:{Path(name).name}")
            known = run.linker.certificates.get(anchor)
            if (
                known is None or not known.ca
            ):  # that of a signer may be missing in the file; a CA is not tried as the signer
                offered.append(der)
    session.offered.update(session.anchors, (run.linker.add("certificate", der) for der in offered))
    jobs = [
        ObserveJob(name=str(index), request=_request(file, offered, run.sm2_ids)) for index, file in enumerate(files)
    ]
    observed: dict[int, Observation | Failure] = {}
    listener.stage("observing", len(jobs))
    for job, result in run_jobs(run_observe, jobs, workers=options.jobs, timeout=FILE_SECONDS):
        listener.step(files[int(job.name)].name)
        observed[int(job.name)] = result
    _publish(session, [o for o in observed.values() if isinstance(o, Observation)], listener)
    if options.lists is not None:
        session.list_linker = run.linker.copy()
        for der in options.lists.graph.certificates.values():
            session.list_linker.add("certificate", der)
    checked = tuple(_checked(file, observed[index], session) for index, file in enumerate(files))
    shown = "claimed" if options.at is None else format_instant(options.at)
    return CheckReport(at=shown, files=checked, lists=() if options.lists is None else options.lists.report)


def _request(file: File, offered: Sequence[bytes], sm2_ids: tuple[str, ...]) -> Request:
    return Request(
        data=file.data,
        detached=file.detached,
        password=file.password,
        element=file.element,
        certificates=tuple(offered),
        sm2_ids=sm2_ids,
    )


def _publish(session: _Session, observations: Sequence[Observation], listener: Listener) -> None:
    """All hierarchies; and for each file, as of its validation time, the status answers of the providers whom it can concern.

    The hierarchies are those of the day (so they are kept for the day). Of a stranger's file no provider has anything to say, and a
    folder of files with a time each would cost every provider's services once per file.
    """
    run, options = session.run, session.options
    publish(run, options.now.replace(hour=0, minute=0, second=0, microsecond=0), listener)
    names = {
        provider: {certificate.subject.normal for certificate in certificates}
        | {certificate.issuer.normal for certificate in certificates}
        for provider, certificates in (
            (name, [parse_certificate(der) for der in published.certificates.values()])
            for name, published in run.published.items()
        )
    }
    wanted: dict[datetime, set[str]] = {}
    for observation in observations:
        linker = run.linker.copy()
        linker.add_objects(observation.objects, {fact.id: fact.kind for fact in observation.facts.objects})
        own = [linker.certificates[i] for i in (*observation.objects, *session.offered) if i in linker.certificates]
        at = _time(observation.facts, options)
        wanted.setdefault(at, set()).update(_concerned({c.issuer.normal for c in own}, names))
    for at, providers in sorted(wanted.items()):
        publish(run, at, listener, only=providers)


def _concerned(issuers: AbstractSet[str], names: Mapping[str, AbstractSet[str]]) -> set[str]:
    """The providers whose certificates can stand in a path above certificates of these issuers, however many cross-certificates up."""
    reached, found = set(issuers), set[str]()
    while True:
        more = {
            provider for provider, known in names.items() if provider not in found and not reached.isdisjoint(known)
        }
        if not more:
            return found
        found |= more
        reached.update(*(names[provider] for provider in more))


def _bench(observation: Observation, session: _Session, known_to: Linker | None = None) -> Bench:
    """What is known for one file: what everybody knows (or what `known_to` holds), and what this file brings. Another file of the call
    adds nothing."""
    run = session.run
    linker = (known_to or run.linker).copy()
    linker.add_objects(observation.objects, {fact.id: fact.kind for fact in observation.facts.objects})
    world = run.plan.world
    names = certificate_names({name: p.certificates for name, p in run.published.items()})
    known = {names[f"{provider.id}:{anchor}"] for provider in world.providers for anchor in provider.anchors}
    knowledge = linker.knowledge()
    bench = Bench.build(
        world=world,
        suites=run.plan.suites,
        knowledge=knowledge,
        names=names,
        # a provider's own anchor stays that provider's, whoever names it: its identities and levels hang on it
        extra_anchors={anchor: name for anchor, name in session.anchors.items() if anchor not in known},
    )
    return replace(bench, home=replace(bench.home, responders=_responders(session.anchors, knowledge)))


_OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"


def _responders(anchors: Mapping[ObjectId, str], knowledge: Knowledge) -> frozenset[ObjectId]:
    """Those of the certificates that the caller trusts that are OCSP responders: named locally (RFC 6960 section 4.2.2.2)."""
    named = ((anchor, knowledge.certificates.get(anchor)) for anchor in anchors)
    return frozenset(
        anchor
        for anchor, known in named
        if known is not None and not known.ca and _OCSP_SIGNING in (known.extended_key_usage or ())
    )


def _checked(file: File, observed: Observation | Failure, session: _Session) -> CheckedFile:
    digest = object_id(file.data)
    if isinstance(observed, Failure):
        return CheckedFile(file=file.name, sha256=digest, format=sniff(file.data), indication=None, error=observed.what)
    facts, bench = observed.facts, _bench(observed, session)
    at = _time(facts, session.options)
    technicals = _technicals(facts, bench, session, at)
    findings = findings_of(facts, technicals)
    if not technicals:
        return unsigned_file(file.name, digest, facts, findings)
    judgements = {provider.id: bench.judge(facts, provider, at, document=None) for provider in session.options.relying}
    answers = {name: relying_answer(judgement, facts) for name, judgement in judgements.items()}
    if session.options.lists is not None:
        answers[LISTS] = _by_lists(observed, session, session.options.lists, at)
    counted = _worst(technicals)
    return CheckedFile(
        file=file.name,
        sha256=digest,
        format=facts.document.format,
        indication=counted.indication.value,
        sub_indication=None if counted.sub_indication is None else counted.sub_indication.value,
        reason=headline(counted),
        findings=findings,
        signatures=tuple(
            signature_result(signature, technical, bench.knowledge.certificates)
            for signature, technical in zip(facts.signatures, technicals, strict=True)
        ),
        revisions=facts.document.revisions,
        signature=counted.signature,
        relying_parties=dict(sorted(answers.items())),
    )


def _by_lists(observation: Observation, session: _Session, party: ListParty, at: datetime) -> RelyingAnswer:
    """What the trusted lists make of a file, under the rules that the caller names, else the neutral ones.

    A signature is judged against its home. Where none is known the listed services are its home: a path may end at a
    certificate that a list believed in names (TS 119 612 clause 5.5.3).
    """
    facts, bench = observation.facts, _bench(observation, session, session.list_linker)
    own = judge_technicals(facts, bench.technical(session.rules, at))
    if any(technical.provider is None for technical in own):
        listed = dict.fromkeys(party.graph.service_certificates, LISTS)
        wider = replace(bench, home=replace(bench.home, anchors={**listed, **bench.home.anchors}))
        by_list = judge_technicals(facts, wider.technical(session.rules, at))
        own = tuple(other if one.provider is None else one for one, other in zip(own, by_list, strict=True))
    return party.answer(facts, own, knowledge=bench.knowledge, rules=session.rules, at=at)


def _worst(technicals: Sequence[Technical]) -> Technical:
    """The signature that speaks for the file (design section 6): the worst indication; of those the one that blocks at the earliest
    layer, since a missing anchor must not hide a broken digest; of those the first."""

    def blocks_at(technical: Technical) -> int:
        return next((index for index, layer in enumerate(technical.layers) if layer.blocks), len(technical.layers))

    bad = worst([technical.indication for technical in technicals])
    return min((t for t in technicals if t.indication is bad), key=blocks_at)


def _technicals(facts: Facts, bench: Bench, session: _Session, at: datetime) -> tuple[Technical, ...]:
    """Each against its home: under the rules that the caller names; else the home's own where it is a provider we know; else the
    neutral ones."""
    homes = {provider.id: provider for provider in bench.world.providers}
    neutral = judge_technicals(facts, bench.technical(session.rules, at))
    if session.options.rules is not None:
        return neutral
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
