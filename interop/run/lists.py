"""The relying party `lists` of `check`: it trusts exactly what the trusted lists that somebody names say (TS 119 612, TS 119 615).

    party = load_lists([("lotl.xml", lotl), ("zz.xml", zz)], signers=[signer], at=at)
    answer = party.answer(facts, technicals, knowledge=knowledge, rules=rules, at=at)

Which lists may be believed is decided once, before any file; a list that is refused gives no trust.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from interop.model.assurance import AssuranceLevel
from interop.model.certificate import Certificate, ObjectId
from interop.model.check import CheckedList, RelyingAnswer
from interop.model.errors import InputError, Problem
from interop.model.facts import Facts
from interop.model.indication import Indication
from interop.model.instant import format_instant
from interop.model.knowledge import Knowledge
from interop.model.layers import Cause, Layer, LayerResult, LayerState
from interop.model.qualification import (
    CertificateQualification,
    QualificationOutcome,
    SignatureQualification,
    Vocabulary,
)
from interop.model.reasons import reason
from interop.model.rules import RelyingRules
from interop.model.trusted_list import AuthenticatedList
from interop.model.verdict import Judgement, LevelOutcome, Technical, Verdict
from interop.recognition.context import RecognitionContext
from interop.recognition.judge import choose
from interop.recognition.qualification import qualify
from interop.recognition.trust import judge_trust
from interop.run.checked import relying_answer
from interop.trustlist.graph import ListGraph, authenticate
from interop.trustlist.words import EU, Words, words_of
from interop.validation.lookup import lookup_for
from interop.validation.path import build_paths

__all__ = ["LISTS", "ListParty", "load_lists"]

LISTS = "lists"
"""Id of the relying party; no provider may bear it beside."""

_UNREADABLE = "trust.list-unreadable"
_NOT_VERIFIED = frozenset({Layer.CONTAINER, Layer.INTEGRITY, Layer.SIGNATURE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ListParty:
    """The lists of one call, those believed and those refused, as a relying party."""

    graph: ListGraph

    @property
    def report(self) -> tuple[CheckedList, ...]:
        """Every list: those believed in the order they were reached, then those refused."""
        names = self.graph.names
        believed = tuple(
            CheckedList(
                file=names[entry.list.id],
                believed=True,
                territory=entry.list.territory,
                sequence=entry.list.sequence,
                issued=None if entry.list.issued is None else format_instant(entry.list.issued),
                through=tuple(names[name] for name in entry.path),
                recognition=entry.recognition is not None,
                findings=tuple(dict.fromkeys(f.code for f in (*entry.list.findings, *entry.findings))),
            )
            for entry in self.graph.authenticated
        )
        refused = tuple(
            CheckedList(
                file=one.name,
                believed=False,
                reason=one.reason.code,
                detail=one.reason.detail,
                territory=None if one.list is None else one.list.territory,
                sequence=None if one.list is None else one.list.sequence,
                issued=None if one.list is None or one.list.issued is None else format_instant(one.list.issued),
                findings=() if one.list is None else tuple(dict.fromkeys(f.code for f in one.list.findings)),
            )
            for one in self.graph.refused
        )
        return (*believed, *refused)

    def answer(
        self, facts: Facts, technicals: Sequence[Technical], *, knowledge: Knowledge, rules: RelyingRules, at: datetime
    ) -> RelyingAnswer:
        """What the lists make of a file: of its signatures the worst counts.

        `technicals` are one per signature of `facts`, at least one, judged under `rules` at `at`; `knowledge` holds the
        certificates of the lists (`graph.certificates`) too. ValueError without signatures.
        """
        if not technicals:
            raise ValueError("no signature, no answer")
        context = RecognitionContext(
            relying=LISTS,
            rules=rules,
            anchors=self.graph.service_certificates,
            agreements=(),
            knowledge=knowledge,
            at=at,
            document=None,
        )
        judged = [self._judge(technical, context, facts.status_answers) for technical in technicals]
        verdicts = tuple(verdict for verdict, _ in judged)
        counts, why = choose(verdicts, kinds=[None] * len(verdicts))
        answer = relying_answer(Judgement(relying=LISTS, verdicts=verdicts, counts=counts, reason=why), facts)
        outcome = judged[counts or 0][1]
        return replace(
            answer,
            qualification=outcome.signature.value,
            certificate_qualification=outcome.certificate.value,
            service=None if outcome.at_best_time is None else outcome.at_best_time.service or None,
            findings=tuple(dict.fromkeys(cause.code for cause in _findings(outcome))),
        )

    def _judge(
        self, technical: Technical, context: RecognitionContext, in_file: frozenset[ObjectId]
    ) -> tuple[Verdict, QualificationOutcome]:
        outcome, path = self._qualified(technical, context, in_file)
        trust = self._trust(outcome, path)
        level = _level(technical, outcome.signature)
        assurance = LayerState.PASS if technical.passed else LayerState.NOT_APPLICABLE
        verdict = Verdict(
            signature=technical.signature,
            layers=(
                *technical.layers,
                trust,
                LayerResult(layer=Layer.AGREEMENT, state=LayerState.NOT_APPLICABLE),
                LayerResult(layer=Layer.ASSURANCE, state=assurance),
            ),
            indication=technical.indication,
            sub_indication=technical.sub_indication,
            accepted=technical.passed and not trust.blocks,
            promised=not trust.blocks,
            agreement=None if trust.blocks else self._instrument(outcome),
            level=LevelOutcome(claimed=None, attained=level, required=AssuranceLevel.L0),
            signer=technical.signer,
            provider=technical.provider,
            identity=None if technical.identity is None else technical.identity.identity,
            best_time=technical.best_time,
            signature_level=technical.level,
        )
        return verdict, outcome

    def _qualified(
        self, technical: Technical, context: RecognitionContext, in_file: frozenset[ObjectId]
    ) -> tuple[QualificationOutcome, LayerResult | None]:
        """Qualification, and whether the path to the listed service is valid (RFC 5280, status of what the home path does not hold).

        Of all paths the first that is valid and about which the lists say something, else the first that is valid. By a path that
        is not, nothing is more than INDETERMINATE.
        """
        certificates: Mapping[ObjectId, Certificate] = context.knowledge.certificates
        chosen: tuple[QualificationOutcome, LayerResult | None] = (
            QualificationOutcome(signature=SignatureQualification.NA, certificate=CertificateQualification.NA),
            None,
        )
        if technical.signer is None:
            return chosen
        worst = (True, True, True)
        for path in build_paths(lookup_for(context.knowledge), technical.signer, context.anchors):
            checked = judge_trust(technical, replace(context, anchors=frozenset({path.anchor})), in_file=in_file)
            passed = technical.indication is Indication.TOTAL_PASSED
            for vocabulary, lists in self._tongues():
                found = qualify(
                    Indication.INDETERMINATE if checked.blocks and passed else technical.indication,
                    path=[certificates[name] for name in path.certificates],
                    lists=lists,
                    best_time=technical.best_time,
                    certificates=certificates,
                    vocabulary=vocabulary,
                )
                granted = found.at_best_time is not None and bool(found.at_best_time.service)
                rank = (checked.blocks, found.certificate is CertificateQualification.NA, not granted)
                if chosen[1] is None or rank < worst:
                    chosen, worst = (found, checked), rank
        return chosen

    def _tongues(self) -> Iterator[tuple[Vocabulary, tuple[AuthenticatedList, ...]]]:
        """The lists that speak to one party, with its words: those that begin with the same space of URIs, under the same law."""
        first = {entry.list.id: entry.list for entry in self.graph.authenticated if not entry.path}
        groups: dict[tuple[str, str], list[AuthenticatedList]] = {}
        for entry in self.graph.authenticated:
            begun = first[entry.path[0]] if entry.path else entry.list
            words = words_of(begun.type)
            law = "" if words.area == EU else begun.territory or ""
            groups.setdefault((words.area, law), []).append(entry)
        yield from ((Words(area).vocabulary(law), tuple(lists)) for (area, law), lists in groups.items())

    def _trust(self, outcome: QualificationOutcome, path: LayerResult | None) -> LayerResult:
        """Pass: a granted service for qualified certificates decides at issuance and at best signature time, over a valid path."""
        issued, best = outcome.at_issuance, outcome.at_best_time
        if issued is None or best is None:
            causes = (
                *(Cause(code=one.reason.code, detail=f"{one.name}: {one.reason.detail}") for one in self.graph.refused),
                Cause(code="trust.no-path-to-known-anchor", detail="no service of a list that is believed"),
            )
            if self.graph.authenticated:
                causes = tuple(reversed(causes))
        elif not issued.service or not best.service:
            when = "issuance" if not issued.service else "best signature time"
            at = issued.at if not issued.service else best.at
            causes = (Cause(code="trust.list-no-granted-service", detail=f"at {when}, {format_instant(at)}"),)
        elif path is not None and path.blocks:
            causes = path.causes
        else:
            return LayerResult(layer=Layer.TRUST, state=LayerState.PASS, causes=tuple(_findings(outcome)))
        return LayerResult(layer=Layer.TRUST, state=reason(causes[0].code).state, causes=(*causes, *_findings(outcome)))

    def _instrument(self, outcome: QualificationOutcome) -> str | None:
        """The equivalence that decided at best signature time, else the file of the list."""
        best = outcome.at_best_time
        if best is None or best.list is None:
            return None
        return best.equivalence or self.graph.names.get(best.list)


def _findings(outcome: QualificationOutcome) -> Iterator[Cause]:
    at = [moment for moment in (outcome.at_issuance, outcome.at_best_time) if moment is not None]
    found = (*outcome.findings, *(finding for moment in at for finding in moment.findings))
    yield from dict.fromkeys(Cause(code=finding.code, detail=finding.detail) for finding in found)


def _level(technical: Technical, qualification: SignatureQualification) -> AssuranceLevel:
    """Qualified L4, advanced with a qualified certificate L3, advanced L2; not proven to be valid L1, not verified L0."""
    if any(layer.blocks for layer in technical.layers if layer.layer in _NOT_VERIFIED):
        return AssuranceLevel.L0
    if not technical.passed:
        return AssuranceLevel.L1
    if qualification in (SignatureQualification.QESIG, SignatureQualification.QESEAL):
        return AssuranceLevel.L4
    if "_QC" in qualification.value:
        return AssuranceLevel.L3
    return AssuranceLevel.L2


def load_lists(
    files: Sequence[tuple[str, bytes]], *, signers: Collection[bytes], at: datetime, recognition: bool = True
) -> ListParty:
    """The party of (name, bytes) list files; `signers` are certificates (DER) trusted to sign lists, as in `authenticate`.

    InputError for files that are no lists, all of them at once. A list that is refused for its signature is part of the answer.
    """
    graph = authenticate(tuple(dict(files).items()), signers=signers, at=at, recognition=recognition)
    unreadable = tuple(
        Problem(where=one.name, what=one.reason.detail or reason(_UNREADABLE).text.en)
        for one in graph.refused
        if one.reason.code == _UNREADABLE
    )
    if unreadable:
        raise InputError("--list", unreadable)
    return ListParty(graph=graph)
