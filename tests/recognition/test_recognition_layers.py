"""Trust and agreement, one condition at a time. Expectations: the Guangdong - Hong Kong list (domestic notes section 4.2: every
item must hold), the EU third-country model's interval rules, RFC 5280 section 6, and section 3 of the design."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from recognition_world import (
    ARC,
    AT,
    POLICY,
    SIGNED,
    context,
    days,
    entry,
    instrument,
    knowledge,
    oid,
    rules,
    signer_certificate,
    technical,
)

from interop.model.agreement import AgreementKind, AgreementStatus, Condition, StatusChange
from interop.model.assurance import AssuranceLevel
from interop.model.certificate import PolicyInformation, under_arc
from interop.model.formats import DocumentKind
from interop.model.instant import Interval
from interop.model.knowledge import Edge, Knowledge, Relation
from interop.model.layers import LayerState
from interop.model.reasons import catalogue
from interop.model.rules import RevocationRules, TrustRules
from interop.recognition.agreement import judge_agreement
from interop.recognition.context import RecognitionContext, resolve_agreements
from interop.recognition.trust import judge_trust


def codes(given: RecognitionContext, **more: object) -> tuple[str | None, str | None]:
    """Headline codes of trust and agreement; None where the layer passes."""
    asked = technical(**more)
    trust = judge_trust(asked, given)
    agreement = judge_agreement(asked, given).result
    return (
        trust.causes[0].code if trust.blocks else None,
        agreement.causes[0].code if agreement.blocks else None,
    )


def test_an_entry_whose_conditions_hold_gives_trust_and_promise() -> None:
    assert codes(context(instrument())) == (None, None)


def test_without_instrument_neither_trust_nor_agreement() -> None:
    assert codes(context()) == ("trust.no-path-to-known-anchor", "agreement.no-instrument")


@pytest.mark.parametrize(
    ("condition", "slug"),
    [
        (Condition(policies_any=("2.999.1",)), "policy"),
        (Condition(policy_prefix="2.999.810.20"), "policy-prefix"),
        (Condition(key_usage_all=("nonRepudiation", "keyEncipherment")), "key-usage"),
        (Condition(extended_key_usage_any=("1.2.840.113583.1.1.5",)), "extended-key-usage"),
        (Condition(qc_statements_all=("0.4.0.1862.1.4",)), "qc-statement"),
        (Condition(qc_statements_all=("0.4.0.1862.1.6.2",)), "qc-statement"),
        (Condition(qc_legislation="YY"), "qc-legislation"),
        (Condition(certificate_type="Server certificate"), "certificate-type"),
        (Condition(persons=("legal",)), "person"),
    ],
)
def test_a_condition_that_fails_fails_trust_and_agreement_alike(condition: Condition, slug: str) -> None:
    given = context(instrument(entries=(entry(condition=condition),)))
    assert codes(given) == (f"trust.entry-{slug}", f"agreement.condition-{slug}")


@pytest.mark.parametrize(
    "condition",
    [
        Condition(policies_any=("2.999.1", POLICY)),
        Condition(policy_prefix=ARC),
        Condition(key_usage_all=("nonRepudiation",)),
        Condition(extended_key_usage_any=("1.2.840.113583.1.1.5", "1.3.6.1.5.5.7.3.4")),
        Condition(qc_statements_all=("0.4.0.1862.1.1", "0.4.0.1862.1.6.1")),
        Condition(qc_legislation="ZZ"),
        Condition(certificate_type="e-Cert (Personal)"),
        Condition(certificate_type="GD scheme certificate"),
        Condition(persons=("natural", "mixed")),
    ],
)
def test_a_condition_that_holds(condition: Condition) -> None:
    assert codes(context(instrument(entries=(entry(condition=condition),)))) == (None, None)


def test_any_policy_in_the_signer_is_no_named_policy() -> None:
    signer = signer_certificate(policies=(PolicyInformation(oid="2.5.29.32.0"),))
    given = context(instrument(entries=(entry(condition=Condition(policies_any=(POLICY,))),)), known=knowledge(signer))
    assert codes(given) == ("trust.entry-policy", "agreement.condition-policy")


def test_person_comes_from_qc_type_where_the_identity_is_unknown() -> None:
    given = context(instrument(entries=(entry(condition=Condition(persons=("natural",))),)))
    assert codes(given, identity=None) == (None, None)
    plain = knowledge(signer_certificate(qc_statements=None))
    assert codes(replace(given, knowledge=plain), identity=None)[1] == "agreement.condition-person"


@pytest.mark.parametrize(
    ("oid_", "arc", "under"),
    [
        ("1.2.3", "1.2", True),
        ("1.2", "1.2", True),
        ("1.20", "1.2", False),
        ("2.16.344.8.2.2008.810.20.1", "2.16.344.8.2.2008.810.2", False),
        ("2.16.344.8.2.2008.810.2.2018.1.1", "2.16.344.8.2.2008.810.2", True),
        ("1", "1.2", False),
    ],
)
def test_arc_boundary(oid_: str, arc: str, under: bool) -> None:
    assert under_arc(oid_, arc) is under


def test_another_issuer_below_the_same_anchor_is_not_admitted() -> None:
    given = context(instrument(entries=(entry(issuer="hk:root"),)))
    assert codes(given) == ("trust.no-path-to-known-anchor", "agreement.no-entry")


def test_an_entry_without_anchor_makes_its_issuer_the_service() -> None:
    assert codes(context(instrument(entries=(entry(anchor=None),)))) == (None, None)


def test_an_entry_without_certificates_admits_nobody() -> None:
    given = context(instrument(entries=(entry(anchor=None, issuer=None),)))
    assert codes(given) == ("trust.no-path-to-known-anchor", "agreement.no-entry")


def test_windows_are_asked_at_the_best_signature_time() -> None:
    opens = context(instrument(entries=(entry(start=SIGNED + days(1), end=None),)), at=SIGNED + days(30))
    assert codes(opens) == ("trust.entry-window-not-begun", "agreement.window-not-begun")
    ended = context(instrument(entries=(entry(end=SIGNED),)))
    assert codes(ended) == ("trust.entry-window-ended", "agreement.window-ended"), "the end is exclusive"
    still = context(instrument(entries=(entry(end=SIGNED + days(1)),)), at=SIGNED + days(300))
    assert codes(still) == (None, None), "made inside the window, asked long after it"
    assert codes(still, proven=False, best_time=SIGNED + days(300))[1] == "agreement.window-ended"


def history(*steps: tuple[datetime, AgreementStatus]) -> tuple[StatusChange, ...]:
    return tuple(StatusChange(at=at, status=status) for at, status in steps)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([(SIGNED, AgreementStatus.ENACTED)], None),
        ([(SIGNED + days(1), AgreementStatus.ENACTED)], "not-yet-in-force"),
        (
            [(SIGNED - days(9), AgreementStatus.ENACTED), (SIGNED - days(1), AgreementStatus.REPEALED)],
            "no-longer-in-force",
        ),
        ([(SIGNED - days(9), AgreementStatus.ENACTED), (AT, AgreementStatus.REPEALED)], "no-longer-in-force"),
        (
            [
                (SIGNED - days(9), AgreementStatus.ENACTED),
                (SIGNED - days(1), AgreementStatus.REPEALED),
                (SIGNED + days(1), AgreementStatus.ENACTED),
            ],
            "no-longer-in-force",
        ),
        ([], "not-yet-in-force"),
    ],
)
def test_in_force_at_signing_and_at_validation(
    steps: list[tuple[datetime, AgreementStatus]], expected: str | None
) -> None:
    given = context(instrument(history=history(*steps)))
    assert codes(given) == (
        (None, None) if expected is None else (f"trust.instrument-{expected}", f"agreement.{expected}")
    )


def test_scope() -> None:
    covered = instrument(scope=(DocumentKind.CONTRACT,))
    assert codes(context(covered)) == (None, None)
    assert codes(context(covered, document=DocumentKind.INVOICE)) == (
        "trust.instrument-out-of-scope",
        "agreement.out-of-scope",
    )
    unknown = judge_agreement(technical(), context(covered, document=None)).result
    assert unknown.state is LayerState.INDETERMINATE


def test_known_and_not_loaded_is_told_apart_from_unknown() -> None:
    assert codes(context(instrument(), load=())) == ("trust.agreement-not-loaded", None)


def test_an_instrument_in_the_other_direction_only() -> None:
    assert codes(context(instrument(signers=("hk",), relying=("gd",))))[1] == "agreement.only-other-direction"


def test_framework_only_and_switched_off_never_reach_the_judge() -> None:
    given = (instrument(id="a", evidence="framework-only"), instrument(id="b", enabled=False), instrument(id="c"))
    assert [a.id for a in resolve_agreements(given, {"gd:root": oid("gd-root"), "gd:ca": oid("gd-ca")})] == ["c"]


def test_a_name_that_nobody_resolved_is_our_own_mistake() -> None:
    with pytest.raises(KeyError, match="gd:root"):
        resolve_agreements([instrument()], {})


def test_home_covers_its_members_without_entries() -> None:
    home = instrument(id="home", kind=AgreementKind.HOME, signers=("gd", "hk"), relying=("gd", "hk"), entries=())
    assert codes(context(home)) == ("trust.no-path-to-known-anchor", None), "law alone gives no anchor"


def test_the_best_instrument_grants_most_then_comes_first() -> None:
    given = [
        instrument(id="c", level_cap=AssuranceLevel.L3),
        instrument(id="b"),
        instrument(id="a", level_cap=AssuranceLevel.L2),
        instrument(id="d"),
    ]
    assert judge_agreement(technical(), context(*given)).agreement == "b"
    assert judge_agreement(technical(), context(*reversed(given))).agreement == "b"


def test_an_unknown_home_has_no_instrument_to_look_for() -> None:
    result = judge_agreement(technical(provider=None, identity=None), context(instrument())).result
    assert (result.state, result.causes[0].code) == (LayerState.NOT_EVALUATED, "agreement.signer-unknown")


def test_no_signing_certificate() -> None:
    assert codes(context(instrument()), signer=None, path=None)[0] == "trust.no-signing-certificate"


# paths to the party's own anchors


def test_the_party_own_anchor_gives_trust_without_any_instrument() -> None:
    assert codes(context(anchors=("gd-root",))) == (None, "agreement.no-instrument")


def test_policy_inputs_apply_to_own_anchors() -> None:
    strict = rules()
    strict = replace(strict, trust=TrustRules(anchors=("gd",), initial_policies=("2.999.7",), explicit_policy=True))
    assert codes(context(anchors=("gd-root",), with_rules=strict))[0] == "trust.policy-not-acceptable"


def test_an_entry_stands_in_place_of_the_policy_inputs() -> None:
    strict = rules()
    strict = replace(strict, trust=TrustRules(anchors=("hk",), initial_policies=("2.999.7",), explicit_policy=True))
    assert codes(context(instrument(), with_rules=strict)) == (None, None)


def test_an_invalid_path_says_why() -> None:
    broken = knowledge()
    ca = replace(broken.certificates[oid("gd-ca")], ca=False)
    known = replace(broken, certificates={**broken.certificates, ca.id: ca})
    result = judge_trust(technical(), context(anchors=("gd-root",), known=known))
    assert result.causes[0].code == "trust.path-invalid"
    assert "chain.issuer-not-ca" in result.causes[0].detail


def test_out_of_validity_is_asked_at_the_best_signature_time() -> None:
    late = datetime(2031, 1, 1, tzinfo=UTC)
    given = context(anchors=("gd-root",), at=late)
    assert codes(given)[0] is None, "a proven time inside the validity"
    assert codes(given, proven=False, best_time=late)[0] == "trust.path-out-of-validity"


def test_a_cross_certificate_is_usable_only_through_a_loaded_entry() -> None:
    crossed = instrument(
        kind=AgreementKind.CROSS_CERTIFICATE,
        entries=(entry(anchor=None, issuer=None, cross_certificate="hk:cross"),),
    )
    known = knowledge(cross=True)
    names = ("hk-cross-gd",)
    assert codes(context(crossed, known=known, cross=names)) == (None, None)
    assert codes(context(known=known, cross=names))[0] == "trust.no-path-to-known-anchor"
    assert codes(context(crossed, load=(), known=known, cross=names)) == ("trust.agreement-not-loaded", None)


def test_a_cross_certificate_needs_a_status_where_the_party_asks_for_one() -> None:
    strict = replace(rules(), revocation=RevocationRules(required=True))
    crossed = instrument(entries=(entry(anchor=None, issuer=None, cross_certificate="hk:cross"),))
    given = context(crossed, known=knowledge(cross=True), cross=("hk-cross-gd",), with_rules=strict)
    result = judge_trust(technical(), given)
    assert result.state is LayerState.INDETERMINATE
    assert result.causes[0].code == "trust.path-status-unknown"


def test_a_wrong_signature_is_no_path() -> None:
    good = knowledge()
    forged = Knowledge.build(
        certificates=good.certificates.values(),
        edges=[
            Edge(object=oid("signer"), key=oid("gd-ca"), relation=Relation.SIGNED, ok=False),
            Edge(object=oid("gd-ca"), key=oid("gd-root"), relation=Relation.SIGNED, ok=True),
        ],
    )
    assert codes(context(instrument(), known=forged)) == ("trust.no-path-to-known-anchor", "agreement.no-entry")


def test_every_near_miss_is_named_and_ordered() -> None:
    given = context(
        instrument(id="a", entries=(entry(condition=Condition(persons=("legal",))),)),
        instrument(id="b", entries=(entry(condition=Condition(policies_any=("2.999.1",))),)),
    )
    trust = judge_trust(technical(), given)
    assert [c.code for c in trust.causes] == ["trust.entry-policy", "trust.entry-person"]
    assert all(c.code in catalogue() for c in trust.causes)


# spans


def spans(given: RecognitionContext, **more: object) -> tuple[Interval, Interval]:
    asked = technical(**more)
    return judge_trust(asked, given).holds, judge_agreement(asked, given).result.holds


def test_the_answer_ends_where_the_instrument_ends() -> None:
    end = AT + days(10)
    given = context(
        instrument(history=history((SIGNED - days(1), AgreementStatus.ENACTED), (end, AgreementStatus.REPEALED)))
    )
    for span in spans(given):
        assert span.end == end
        assert AT in span
    later = replace(given, at=end)
    assert codes(later) == ("trust.instrument-no-longer-in-force", "agreement.no-longer-in-force")
    assert spans(later)[1].start == end


def test_an_unproven_time_moves_with_the_validation_time() -> None:
    end = AT + days(10)
    given = context(instrument(entries=(entry(end=end),)))
    assert spans(given)[1].end is None, "a proven time stays in the window"
    assert spans(given, proven=False, best_time=AT)[1].end == end


def test_all_codes_that_the_layers_can_give_are_in_the_catalogue() -> None:
    missed = {"policy", "policy-prefix", "key-usage", "extended-key-usage", "qc-statement", "qc-legislation"}
    missed |= {"certificate-type", "person"}
    wanted = {f"trust.entry-{s}" for s in missed} | {f"agreement.condition-{s}" for s in missed}
    assert wanted <= set(catalogue())
    for code, entry_ in catalogue().items():
        if code.split(".")[0] in ("trust", "agreement", "assurance"):
            assert entry_.text.zh != entry_.text.en
            assert entry_.text.en == entry_.text.en.strip().removesuffix(".")
