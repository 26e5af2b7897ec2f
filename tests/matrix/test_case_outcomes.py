"""Outcomes, with the control rule. Expectations: design section 3, 'Outcome of a case'."""

from __future__ import annotations

from dataclasses import replace

import pytest
from matrix_world import AT, CONTRACT, REVOKED, TAMPERED, broken, case, lacking, said, unsigned

from interop.matrix.opinion import opinion_judgement
from interop.matrix.outcome import Column, case_outcome
from interop.model.case import Expect
from interop.model.certificate import ObjectId
from interop.model.facts import Opinion
from interop.model.layers import Layer, LayerState
from interop.model.outcome import Outcome
from interop.model.verdict import Judgement

HOME = Column(diagonal=True)
AWAY = Column(diagonal=False)
REAL_HOME = Column(diagonal=True, real=True)
REAL_AWAY = Column(diagonal=False, real=True)

GOOD = said()
CAUGHT = said(fails={Layer.INTEGRITY: ("integrity.digest-mismatch",)})


def black_box(indication: str) -> Judgement:
    opinion = Opinion(artifact=ObjectId("sha256:0"), engine="box@1", at=AT, indication=indication)
    return opinion_judgement(opinion, GOOD)


def test_a_positive_is_judged_at_home() -> None:
    assert case_outcome(CONTRACT, (GOOD,), column=HOME) is Outcome.PASS
    refused = said(fails={Layer.FORMAT: ("format.not-accepted",)})
    assert case_outcome(CONTRACT, (refused,), column=HOME) is Outcome.FAIL
    assert case_outcome(CONTRACT, (refused,), column=AWAY, home=(GOOD,)) is Outcome.PASS
    assert case_outcome(CONTRACT, (GOOD,), column=AWAY, home=(refused,)) is Outcome.FAIL
    assert case_outcome(CONTRACT, (refused,), column=AWAY) is Outcome.INFO, "nobody says that it had to pass here"


def test_recognition_has_no_say_in_a_positive() -> None:
    unknown = said(fails={Layer.TRUST: ("trust.no-path-to-known-anchor",)}, promised=False)
    assert case_outcome(CONTRACT, (unknown,), column=HOME) is Outcome.PASS


def test_a_positive_in_a_real_column_counts_on_the_diagonal_only() -> None:
    assert case_outcome(CONTRACT, (black_box("TOTAL_PASSED"),), column=REAL_HOME) is Outcome.PASS
    assert case_outcome(CONTRACT, (black_box("TOTAL_FAILED"),), column=REAL_HOME) is Outcome.FAIL
    assert case_outcome(CONTRACT, (black_box("TOTAL_FAILED"),), column=REAL_AWAY) is Outcome.INFO
    assert case_outcome(CONTRACT, (black_box("TOTAL_PASSED"),), column=REAL_AWAY) is Outcome.INFO


def test_accept_with_finding_wants_the_finding() -> None:
    wanted = case("noted", Expect.ACCEPT_WITH_FINDING, reasons=("integrity.annotation-after-signing",))
    found = said(findings=("integrity.annotation-after-signing",))
    assert case_outcome(wanted, (found,), column=HOME) is Outcome.PASS
    assert case_outcome(wanted, (GOOD,), column=HOME) is Outcome.WRONG_REASON
    assert case_outcome(wanted, (CAUGHT,), column=HOME) is Outcome.FAIL


@pytest.mark.parametrize("column", [HOME, AWAY, REAL_HOME, REAL_AWAY])
def test_a_negative_caught_at_its_layer_for_its_reason(column: Column) -> None:
    assert case_outcome(TAMPERED, (CAUGHT,), column=column, control=(GOOD,)) is Outcome.PASS


@pytest.mark.parametrize("column", [HOME, AWAY, REAL_HOME, REAL_AWAY])
def test_an_accepted_negative_fails_whatever_else_holds(column: Column) -> None:
    for control in ((), (GOOD,), (CAUGHT,), (broken(),)):
        assert case_outcome(TAMPERED, (GOOD,), column=column, control=control) is Outcome.FAIL
    assert case_outcome(TAMPERED, (CAUGHT, GOOD), column=column, control=(GOOD,)) is Outcome.FAIL, "once is enough"


def test_another_reason_or_layer_proves_something_else() -> None:
    other_code = said(fails={Layer.INTEGRITY: ("integrity.other",)})
    assert case_outcome(TAMPERED, (other_code,), column=HOME, control=(GOOD,)) is Outcome.WRONG_REASON
    other_layer = said(fails={Layer.CHAIN: ("chain.expired",)})
    assert case_outcome(TAMPERED, (other_layer,), column=HOME, control=(GOOD,)) is Outcome.WRONG_REASON
    unknown = said(fails={Layer.TRUST: ("trust.no-path-to-known-anchor",)}, promised=False)
    assert case_outcome(TAMPERED, (unknown,), column=AWAY, control=(unknown,)) is Outcome.WRONG_REASON


def test_the_layer_is_compared_not_the_final_answer() -> None:
    """A relying party that trusts neither still proves that it sees the tampering."""
    trust = {Layer.TRUST: ("trust.no-path-to-known-anchor",)}
    control = said(fails=trust, promised=False)
    caught = said(fails={**trust, Layer.INTEGRITY: ("integrity.digest-mismatch",)}, promised=False)
    assert case_outcome(TAMPERED, (caught,), column=AWAY, control=(control,)) is Outcome.PASS


def test_a_control_refused_at_that_layer_is_vacuous_where_it_had_to_pass() -> None:
    assert case_outcome(TAMPERED, (CAUGHT,), column=HOME, control=(CAUGHT,)) is Outcome.VACUOUS
    assert case_outcome(TAMPERED, (CAUGHT,), column=AWAY, control=(CAUGHT,)) is Outcome.VACUOUS
    rule = said(fails={Layer.REVOCATION: ("revocation.revoked",)})
    assert case_outcome(REVOKED, (rule,), column=HOME, control=(rule,)) is Outcome.VACUOUS
    assert case_outcome(REVOKED, (rule,), column=AWAY, control=(rule,)) is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("layer", list(Layer))
def test_where_the_control_has_to_pass(layer: Layer) -> None:
    negative = case("n", Expect.REJECT, layer=layer, control="contract")
    refused = said(fails={layer: (f"{layer.value}.x",)})
    everywhere = layer in (Layer.CONTAINER, Layer.INTEGRITY, Layer.SIGNATURE)
    if layer is Layer.AGREEMENT:
        return  # never keeps a signature from being accepted, so no negative targets it
    expected = Outcome.VACUOUS if everywhere else Outcome.NOT_APPLICABLE
    assert case_outcome(negative, (refused,), column=AWAY, control=(refused,)) is expected
    assert case_outcome(negative, (refused,), column=HOME, control=(refused,)) is Outcome.VACUOUS


def test_a_black_box_proves_a_negative_only_where_it_accepts_the_control() -> None:
    yes, no = black_box("TOTAL_PASSED"), black_box("TOTAL_FAILED")
    assert case_outcome(TAMPERED, (no,), column=REAL_HOME, control=(yes,)) is Outcome.PASS
    assert case_outcome(TAMPERED, (no,), column=REAL_AWAY, control=(yes,)) is Outcome.PASS
    assert case_outcome(TAMPERED, (no,), column=REAL_AWAY, control=(no,)) is Outcome.NOT_APPLICABLE
    assert case_outcome(TAMPERED, (no,), column=REAL_HOME, control=(no,)) is Outcome.VACUOUS
    assert case_outcome(TAMPERED, (yes,), column=REAL_AWAY, control=(no,)) is Outcome.FAIL


def partial(layers: tuple[tuple[str, str, tuple[str, ...]], ...], indication: str = "TOTAL_FAILED") -> Judgement:
    opinion = Opinion(artifact=ObjectId("sha256:0"), engine="p@1", at=AT, indication=indication, layers=layers)
    return opinion_judgement(opinion, GOOD)


def test_an_engine_that_names_the_layer_and_no_reason_is_compared_by_the_layer() -> None:
    accepted = partial((("integrity", "pass", ()),), "TOTAL_PASSED")
    caught = partial((("integrity", "fail", ()),))
    assert case_outcome(TAMPERED, (caught,), column=REAL_HOME, control=(accepted,)) is Outcome.PASS
    elsewhere = partial((("chain", "fail", ()),))
    assert case_outcome(TAMPERED, (elsewhere,), column=REAL_HOME, control=(accepted,)) is Outcome.WRONG_REASON
    only_bad = partial((("integrity", "fail", ("integrity.digest-mismatch",)),))
    silent = partial((("chain", "pass", ()),), "TOTAL_PASSED")
    assert case_outcome(TAMPERED, (only_bad,), column=REAL_AWAY, control=(silent,)) is Outcome.PASS


def test_no_signature_found_blocks_the_layers_of_its_findings() -> None:
    stripped = case("stripped", Expect.REJECT, layer=Layer.CONTAINER, control="contract")
    gone = unsigned("container.byte-range-malformed")
    assert case_outcome(stripped, (gone,), column=HOME, control=(GOOD,)) is Outcome.PASS
    assert case_outcome(TAMPERED, (gone,), column=HOME, control=(GOOD,)) is Outcome.WRONG_REASON


def test_trouble_comes_first() -> None:
    assert case_outcome(TAMPERED, (broken(),), column=HOME, control=(GOOD,)) is Outcome.ERROR
    assert case_outcome(CONTRACT, (GOOD, broken()), column=HOME) is Outcome.ERROR
    assert case_outcome(TAMPERED, (CAUGHT,), column=HOME, control=(broken(),)) is Outcome.ERROR
    assert case_outcome(CONTRACT, (GOOD, CAUGHT), column=HOME) is Outcome.FLAKY
    assert case_outcome(TAMPERED, (CAUGHT,), column=HOME, control=(GOOD, CAUGHT)) is Outcome.FLAKY
    assert case_outcome(CONTRACT, (GOOD, GOOD), column=HOME) is Outcome.PASS
    assert case_outcome(CONTRACT, (), column=HOME) is Outcome.NOT_RUN
    assert case_outcome(TAMPERED, (CAUGHT,), column=HOME) is Outcome.NOT_RUN, "no control, no proof"


def test_unsupported_declared_or_not() -> None:
    can = Column(diagonal=True, real=True, capabilities=frozenset({"sm2"}))
    assert case_outcome(CONTRACT, (lacking("sm2"),), column=can) is Outcome.UNDECLARED_UNSUPPORTED
    assert case_outcome(CONTRACT, (lacking("gost"),), column=can) is Outcome.UNSUPPORTED
    assert case_outcome(CONTRACT, (GOOD, lacking("gost")), column=can) is Outcome.FLAKY
    beyond = said(states={Layer.SIGNATURE: LayerState.UNSUPPORTED})
    assert case_outcome(CONTRACT, (beyond,), column=HOME) is Outcome.UNSUPPORTED
    value = case("value", Expect.REJECT, layer=Layer.SIGNATURE, control="contract")
    assert case_outcome(value, (beyond,), column=HOME, control=(beyond,)) is Outcome.UNSUPPORTED


def test_opaque_identities_are_listed_and_never_counted() -> None:
    assert case_outcome(CONTRACT, (CAUGHT,), column=HOME, opaque=True) is Outcome.UNSUPPORTED
    assert case_outcome(TAMPERED, (GOOD,), column=HOME, control=(GOOD,), opaque=True) is Outcome.FAIL


def test_no_expectation() -> None:
    info = case("info", Expect.INFO)
    assert case_outcome(info, (GOOD,), column=HOME) is Outcome.INFO
    assert case_outcome(info, (CAUGHT,), column=HOME) is Outcome.INFO
    assert case_outcome(info, (broken(),), column=HOME) is Outcome.ERROR


def test_a_negative_without_layer_or_control_is_a_mistake_of_the_catalogue() -> None:
    with pytest.raises(ValueError, match="names no layer"):
        case_outcome(case("n", Expect.REJECT, control="contract"), (CAUGHT,), column=HOME)
    with pytest.raises(ValueError, match="names no control"):
        case_outcome(case("n", Expect.REJECT, layer=Layer.CHAIN), (CAUGHT,), column=HOME)


def test_a_refusal_that_rests_on_a_proven_time_asks_for_the_proof() -> None:
    """Whoever takes no time-stamp from the control has no proven time to refuse the negative for."""
    late = replace(REVOKED, expectation=replace(REVOKED.expectation, proof=True))
    layer, codes = late.expectation.layer, late.expectation.reasons
    assert layer is not None
    caught, other = said(fails={layer: codes}), said(fails={layer: ("revocation.revoked-no-poe",)})
    proven = said(proven=True)
    assert case_outcome(late, (caught,), column=AWAY, control=(proven,)) is Outcome.PASS
    assert case_outcome(late, (other,), column=AWAY, control=(proven,)) is Outcome.WRONG_REASON
    assert case_outcome(late, (other,), column=AWAY, control=(GOOD,)) is Outcome.NOT_APPLICABLE
    assert case_outcome(late, (other,), column=HOME, control=(GOOD,)) is Outcome.VACUOUS
    assert case_outcome(late, (GOOD,), column=AWAY, control=(GOOD,)) is Outcome.FAIL, "accepted is accepted"
