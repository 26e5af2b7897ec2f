"""Asking independent tools about the vectors: what they confirm, and where they contradict the primary engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count

from interop.engine.protocol import Request, Witness
from interop.engine.registry import witness
from interop.model.facts import Facts, SignatureFacts, Statement, Testimony
from interop.run.progress import Listener

__all__ = ["Contradiction", "Question", "ask_all", "contradictions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A witness says otherwise than the primary engine."""

    vector: str
    engine: str
    statement: Statement
    ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One vector to be asked about."""

    vector: str
    request: Request
    facts: Facts
    anchors: tuple[bytes, ...]


def ask_all(
    questions: Iterable[Question], names: Iterable[str], listener: Listener
) -> dict[str, tuple[Testimony, ...]]:
    """Vector -> what each witness says. Raises UsageError for a witness that is not on this machine."""
    witnesses: list[Witness] = [witness(name) for name in names]
    asked = list(questions)
    listener.stage("asking " + ", ".join(names), len(asked))

    def ask(question: Question) -> tuple[str, tuple[Testimony, ...]]:
        answers = tuple(w.testify(question.request, question.facts, question.anchors) for w in witnesses)
        listener.step(question.vector)
        return question.vector, answers

    with ThreadPoolExecutor(max_workers=cpu_count() or 1) as pool:
        return dict(pool.map(ask, asked))


def _ours(signature: SignatureFacts, about: str) -> bool | None:
    """What the primary engine holds on the same question."""
    value = [fact.ok for fact in signature.value]
    if not value or None in value:
        return None
    if about == "value":
        return any(value)
    digests = [reference.ok for reference in signature.references]
    if not digests or None in digests:
        return None
    return any(value) and all(digests)


def contradictions(
    testimonies: Mapping[str, tuple[Testimony, ...]], facts: Mapping[str, Facts]
) -> Iterator[Contradiction]:
    """Where a witness and the primary engine disagree about digest or value. Chains are the judge's affair."""
    for vector, answers in testimonies.items():
        signatures = {signature.id: signature for signature in facts[vector].signatures}
        for testimony in answers:
            for statement in testimony.statements:
                if statement.about == "chain" or statement.ok is None or statement.signature not in signatures:
                    continue
                ours = _ours(signatures[statement.signature], statement.about)
                if ours is not None and ours != statement.ok:
                    yield Contradiction(vector=vector, engine=testimony.engine, statement=statement, ours=ours)
