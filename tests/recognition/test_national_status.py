"""Dual status check: what only an agreement makes trusted needs the national system's answer too (friction F75)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from recognition_world import AT, FACTS, HK_ROOT, SIGNED, certificate, context, instrument, knowledge, name, oid, rules
from recognition_world import technical as technically_good

from interop.model.certificate import ObjectId
from interop.model.knowledge import Edge, Evidence, Knowledge, Relation
from interop.model.layers import Layer, LayerResult, LayerState
from interop.model.rules import RevocationRules
from interop.model.status import OcspResponse, SingleStatus
from interop.recognition.context import RecognitionContext
from interop.recognition.trust import judge_trust
from interop.recognition.verdict import recognise

OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
DUAL = RevocationRules(required=False, national=("hk",))


def _world(
    status: str | None = "good",
    *,
    service: str = "hk/ocsp/national",
    issuer: str = "hk-root",
    usage: str = OCSP_SIGNING,
    revoked_at: datetime | None = None,
    issued: datetime = AT - timedelta(hours=1),
) -> Knowledge:
    """HK's national responder answers for the certificate that GD issued."""
    base = knowledge()
    if status is None:
        return base
    answer = OcspResponse(
        id=oid("national"),
        produced_at=issued,
        responder_name="responder",
        responder_key_hash=None,
        signature_algorithm=base.certificates[oid("signer")].signature_algorithm,
        responses=(
            SingleStatus(
                serial=base.certificates[oid("signer")].serial,
                status=status,
                this_update=issued,
                next_update=issued + timedelta(days=1),
                revoked_at=revoked_at,
            ),
        ),
    )
    responder = certificate(
        "responder", subject=name("TEST National"), issuer=HK_ROOT, ca=False, extended_key_usage=(usage,)
    )
    signed = [
        *((obj, key) for obj, keys in base.signed.items() for key, _ in keys),
        (responder.id, oid(issuer)),
        (answer.id, responder.id),
    ]
    edges = [Edge(object=obj, key=key, relation=Relation.SIGNED, ok=True) for obj, key in signed]
    edges.append(Edge(object=answer.id, key=oid("signer"), relation=Relation.ANSWERS, ok=True))
    edges.append(Edge(object=answer.id, key=responder.id, relation=Relation.RESPONDER, ok=True))
    return Knowledge.build(
        certificates=(*base.certificates.values(), responder),
        ocsps=(answer,),
        edges=edges,
        evidence=(Evidence(object=answer.id, service=service, at=issued),),
    )


def _context(known: Knowledge, revocation: RevocationRules = DUAL, **more: object) -> RecognitionContext:
    return context(instrument(), known=known, with_rules=rules(revocation=revocation), **more)  # type: ignore[arg-type]


def _trust(known: Knowledge, revocation: RevocationRules = DUAL, **more: object) -> LayerResult:
    return judge_trust(technically_good(), _context(known, revocation, **more))


def _codes(result: LayerResult) -> list[str]:
    return [cause.code for cause in result.causes]


def test_both_systems_call_it_good() -> None:
    assert _trust(_world()).state is LayerState.PASS


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"status": None}, "nobody answers"),
        ({"status": "unknown"}, "it does not know the certificate"),
        ({"service": "gd/ocsp/ca"}, "only the signer's own system answers"),
        ({"issuer": "gd-root"}, "its responder is vouched for by somebody else"),
        ({"usage": "1.3.6.1.5.5.7.3.4"}, "its responder may not answer"),
        ({"issued": AT - timedelta(days=9)}, "its answer is too old to cover the signature"),
    ],
)
def test_the_national_system_does_not_say_that_it_is_good(changes: dict[str, object], why: str) -> None:
    known = _world(**changes)  # type: ignore[arg-type]
    result = _trust(known)
    assert (result.state, _codes(result)) == (LayerState.INDETERMINATE, ["trust.national-status-missing"]), why
    assert _trust(known, RevocationRules(required=False)).state is LayerState.PASS, "the control: the rule alone asks"


@pytest.mark.parametrize(("hours", "refused"), [(-1, True), (0, True), (1, False)])
def test_revoked_on_the_national_system(hours: int, refused: bool) -> None:
    result = _trust(_world("revoked", revoked_at=SIGNED + timedelta(hours=hours)))
    assert _codes(result) == (["trust.national-status-revoked"] if refused else [])


def test_what_the_party_trusts_of_its_own_is_not_asked_about() -> None:
    assert _trust(_world(None), anchors=("hk-root", "gd-root")).state is LayerState.PASS


def test_the_verdict_says_so() -> None:
    verdict = recognise(technically_good(), FACTS, _context(_world(None)))
    assert (verdict.accepted, verdict.first_block) == (False, Layer.TRUST)
    assert (verdict.indication, verdict.sub_indication) == ("INDETERMINATE", "TRY_LATER")
    assert recognise(technically_good(), FACTS, _context(_world())).accepted


def test_the_span_ends_where_the_answer_does() -> None:
    """Beyond its nextUpdate the national system says nothing that is known."""
    unproven = technically_good(proven=False, best_time=AT)
    result = judge_trust(unproven, _context(_world()))
    assert result.state is LayerState.PASS
    assert result.holds.end == AT - timedelta(hours=1) + timedelta(days=1)


def test_offline_the_national_system_cannot_be_asked() -> None:
    result = _trust(_world(), replace(DUAL, offline=True))
    assert _codes(result) == ["trust.national-status-missing"]
    assert ObjectId("sha256:national") in _world().ocsps
