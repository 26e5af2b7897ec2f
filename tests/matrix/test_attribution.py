"""Where to look first: matrices in which the answer follows from the definition, at the head of `interop.matrix.attribution`."""

from __future__ import annotations

import pytest
from pattern_world import GROUP, PARTIES, Drawing, accepted, silent

from interop.matrix.attribution import Attributor
from interop.matrix.build import with_patterns
from interop.matrix.inputs import Contradicted
from interop.matrix.pattern import Place
from interop.model.matrix import Attribution, Evidence, Group
from interop.model.outcome import EvidenceKind, GroupState, Side
from interop.report.causes import evidence_text

K = EvidenceKind
CERTIFICATE = "certificate.key-usage-missing-non-repudiation"
FORMAT = "format.not-accepted"
TRUST = "trust.no-path-to-known-anchor"
NO_INSTRUMENT = "agreement.no-instrument"
SUITE = "algorithm.not-in-suite"
VALUE = "signature.value-invalid"


def told(drawing: Drawing, cell: str, *against: Contradicted) -> Attribution:
    found = with_patterns(drawing.matrix(), against).cells[cell].attribution
    assert found is not None
    return found


def said(attribution: Attribution) -> list[tuple[EvidenceKind, int, int, str]]:
    return [(each.kind, each.hits, each.of, each.note) for each in attribution.evidence]


# --- signer ---------------------------------------------------------------------------------------------------------


def test_a_signer_whom_everybody_refuses_and_home_as_well() -> None:
    drawing = Drawing()
    drawing.refuse(drawing.row("a"), CERTIFICATE)
    found = told(drawing, "a:c")
    assert found.to is Side.SIGNER
    assert said(found) == [(K.HOME_REFUSES, 0, 0, ""), (K.ROW, 4, 4, ""), (K.COLUMN, 0, 4, "")]
    assert drawing.rows[found.reason or 0].code == CERTIFICATE
    assert told(drawing, "a:a").to is Side.SIGNER, "the control fails"


def test_a_signer_whom_everybody_refuses_but_home() -> None:
    drawing = Drawing()
    drawing.refuse(drawing.row("a", but="a"), FORMAT)
    found = told(drawing, "a:b")
    assert found.to is Side.SIGNER
    assert said(found) == [(K.HOME_ACCEPTS, 0, 0, ""), (K.ROW, 4, 4, ""), (K.COLUMN, 0, 4, "")]


def test_home_decides_where_too_few_others_are_there() -> None:
    drawing = Drawing(("a", "b"))
    drawing.refuse(("a:a", "a:b"), CERTIFICATE)
    found = told(drawing, "a:b")
    assert found.to is Side.SIGNER
    assert said(found) == [(K.HOME_REFUSES, 0, 0, "")], "to be compared with nobody is no evidence"


def test_home_that_refuses_outweighs_a_column_that_stands_out() -> None:
    drawing = Drawing()
    drawing.refuse([*drawing.column("b", but="b"), "a:a"], FORMAT)
    found = told(drawing, "a:b")
    assert (found.to, said(found)[0]) == (Side.SIGNER, (K.HOME_REFUSES, 0, 0, ""))
    assert told(drawing, "c:b").to is Side.RELYING_PARTY


def test_a_control_that_fails_alone() -> None:
    assert told(Drawing().refuse(("a:a",), FORMAT), "a:a").to is Side.SIGNER


def test_a_row_does_not_stand_out_where_nobody_elses_signatures_pass() -> None:
    # nobody else writes this format, so there is no column; but b refuses what the others write as well
    drawing = Drawing()
    own = "person/xades/b-b"
    drawing.put(("a:a",), accepted(), group=own)
    drawing.refuse(drawing.row("a", but="a"), FORMAT, group=own)
    drawing.refuse(drawing.column("b"), FORMAT)
    cells = with_patterns(drawing.matrix()).cells
    attribution = cells["a:c"].attribution
    assert attribution is not None
    assert attribution.to is Side.SIGNER
    attributor = Attributor(drawing.matrix())
    assert attributor.of(Place("a", "c", own), FORMAT).to is Side.SIGNER
    assert attributor.of(Place("a", "b", own), FORMAT).to is Side.PAIR


def test_a_condition_of_an_instrument_that_others_meet() -> None:
    drawing = Drawing()
    drawing.refuse(("a:b",), "trust.entry-qc-statement", detail="treaty: asks for 0.4.0.1862.1.1")
    found = told(drawing, "a:b")
    assert found.to is Side.SIGNER
    # b accepts five signers under the treaty, itself among them, and turns one away
    assert said(found)[0] == (K.INSTRUMENT, 5, 6, "treaty")
    drawing.put(drawing.column("b", but="a"), accepted(agreement="other-treaty"))
    assert told(drawing, "a:b").to is Side.PAIR, "nobody meets it: it is no matter of this certificate"


# --- relying party --------------------------------------------------------------------------------------------------


def test_a_relying_party_that_refuses_everybody_but_itself() -> None:
    drawing = Drawing()
    drawing.refuse(drawing.column("b", but="b"), FORMAT)
    found = told(drawing, "a:b")
    assert found.to is Side.RELYING_PARTY
    assert said(found) == [(K.COLUMN, 4, 4, ""), (K.OWN_PASS, 0, 0, ""), (K.ROW, 0, 4, "")]


def test_a_relying_party_that_refuses_itself_as_well() -> None:
    drawing = Drawing()
    drawing.refuse(drawing.column("b"), FORMAT)
    assert (K.OWN_REFUSED, 1, 1, "") in said(told(drawing, "a:b"))
    assert told(drawing, "b:b").to is Side.RELYING_PARTY


def test_two_others_make_no_pattern() -> None:
    drawing = Drawing("abcd")
    drawing.refuse(drawing.column("b", but="b"), FORMAT)
    assert told(drawing, "a:b").to is Side.PAIR


def test_a_signer_one_of_whose_identities_passes_is_not_refused_in_the_column() -> None:
    drawing = Drawing(groups=(GROUP, "seal/pades/b-b"))
    drawing.refuse(drawing.column("b", but="b"), FORMAT)
    assert told(drawing, "a:b").to is Side.PAIR
    drawing.refuse(drawing.column("b", but="b"), FORMAT, group="seal/pades/b-b")
    assert told(drawing, "a:b").to is Side.RELYING_PARTY


def test_an_island_may_have_a_sister() -> None:
    # ten of eleven others are refused: nine in ten suffice
    parties = [*"abcdefghijklm"]
    drawing = Drawing(parties)
    drawing.refuse(drawing.column("b", but="bm"), FORMAT)
    found = told(drawing, "a:b")
    assert (found.to, said(found)[0]) == (Side.RELYING_PARTY, (K.COLUMN, 10, 11, ""))
    drawing.put(("l:b",), accepted())
    assert told(drawing, "a:b").to is Side.PAIR


# --- pair -----------------------------------------------------------------------------------------------------------


def test_one_cell_alone() -> None:
    drawing = Drawing().refuse(("a:b",), FORMAT)
    found = told(drawing, "a:b")
    assert found.to is Side.PAIR
    assert said(found) == [
        (K.PROMISE, 0, 0, "treaty"),
        (K.HOME_ACCEPTS, 0, 0, ""),
        (K.ROW, 0, 4, ""),
        (K.COLUMN, 0, 4, ""),
    ]


def test_row_and_column_both_stand_out() -> None:
    drawing = Drawing()
    drawing.refuse([*drawing.row("a", but="a"), *drawing.column("b", but="b")], FORMAT)
    assert told(drawing, "a:b").to is Side.PAIR
    assert told(drawing, "a:c").to is Side.SIGNER
    assert told(drawing, "c:b").to is Side.RELYING_PARTY


def test_nothing_connects_them_is_nobodys_even_where_everybody_suffers() -> None:
    drawing = Drawing()
    for party in PARTIES:
        drawing.refuse(drawing.row(party, but=party), TRUST, NO_INSTRUMENT, promised=False)
    found = told(drawing, "a:b")
    assert found.to is Side.PAIR
    assert said(found) == [(K.UNPROMISED, 0, 0, ""), (K.HOME_ACCEPTS, 0, 0, "")]


def test_recognition_stands_out_among_what_is_promised() -> None:
    drawing = Drawing()
    drawing.refuse(drawing.column("b", but="b"), TRUST)
    assert told(drawing, "a:b").to is Side.RELYING_PARTY, "promised to all, and loaded for nobody"
    drawing.refuse(("c:b", "d:b", "e:b"), TRUST, NO_INSTRUMENT, promised=False)
    assert told(drawing, "a:b").to is Side.PAIR, "one other signer with a promise makes no pattern"


def test_a_promise_that_is_broken_is_not_compared_with_what_was_never_promised() -> None:
    drawing = Drawing()
    drawing.refuse(drawing.row("a", but="ab"), TRUST, NO_INSTRUMENT, promised=False)
    drawing.refuse(("a:b",), TRUST)
    found = told(drawing, "a:b")
    assert found.to is Side.PAIR
    assert said(found) == [(K.PROMISE, 0, 0, "treaty"), (K.HOME_ACCEPTS, 0, 0, ""), (K.COLUMN, 0, 4, "")]


# --- suite ----------------------------------------------------------------------------------------------------------


def _two_suites() -> Drawing:
    """a, b, c and d follow one suite; e, f, g and h the other one; none passes the other's algorithms."""
    west, east = "abcd", "efgh"
    drawing = Drawing([*west, *east], suites={p: ("west-suite" if p in west else "east-suite",) for p in west + east})
    crossing = [f"{s}:{r}" for one, two in ((west, east), (east, west)) for s in one for r in two]
    return drawing.refuse(crossing, "algorithm.key-not-accepted", SUITE)


def test_a_suite_refuses_wherever_it_counts_and_nowhere_else() -> None:
    found = told(_two_suites(), "a:e")
    assert found.to is Side.SUITE
    assert said(found) == [(K.SUITE, 4, 4, "east-suite"), (K.ELSEWHERE, 4, 4, ""), (K.HOME_ACCEPTS, 0, 0, "")]


def test_a_relying_partys_own_list_is_no_suite() -> None:
    drawing = _two_suites()
    drawing.refuse(("a:e",), "algorithm.key-not-accepted")
    assert told(drawing, "a:e").to is Side.PAIR


def test_a_suite_that_passes_it_at_one_of_its_parties_does_not_decide() -> None:
    drawing = _two_suites()
    drawing.put(("a:f",), accepted())
    assert told(drawing, "a:e").to is Side.PAIR


# --- tool -----------------------------------------------------------------------------------------------------------


def test_a_witness_contradicts_what_blocks() -> None:
    drawing = Drawing()
    drawing.refuse(drawing.row("a"), VALUE)
    assert told(drawing, "a:b").to is Side.SIGNER, "all agree, and there is nobody else to ask"
    found = told(drawing, "a:b", Contradicted(vector=f"a.{GROUP}/contract", engine="openssl@3"))
    assert found.to is Side.TOOL
    assert said(found) == [(K.CONTRADICTION, 0, 0, "openssl@3")]
    other = told(drawing, "a:b", Contradicted(vector=f"b.{GROUP}/contract", engine="openssl@3"))
    assert other.to is Side.SIGNER, "about another signer's file"


def test_a_witness_is_not_asked_about_rules_and_its_doubt_is_kept_as_evidence() -> None:
    drawing = Drawing().refuse(("a:b",), FORMAT)
    found = told(drawing, "a:b", Contradicted(vector=f"a.{GROUP}/contract", engine="openssl@3"))
    assert found.to is Side.PAIR
    assert said(found)[-1] == (K.CONTRADICTION, 0, 0, "openssl@3")


def test_a_witness_on_a_file_that_is_broken_on_purpose_says_nothing_of_the_group() -> None:
    drawing = Drawing()
    drawing.refuse(drawing.row("a"), VALUE)
    against = Contradicted(vector=f"a.{GROUP}/tampered", engine="openssl@3")
    assert told(drawing, "a:b", against).to is Side.SIGNER


def test_software_of_one_column_finds_the_value_bad_and_that_of_the_others_does_not() -> None:
    drawing = Drawing(engines={"b": "theirs@2"})
    drawing.refuse(drawing.row("a", but="b"), TRUST, promised=False)  # refused everywhere, the file itself is sound
    drawing.refuse(("a:b",), VALUE)
    found = told(drawing, "a:b")
    assert found.to is Side.TOOL
    assert said(found) == [(K.CONTRADICTION, 0, 0, "primary@1")]


def test_software_of_another_column_accepts_what_the_primary_engine_finds_broken() -> None:
    drawing = Drawing(engines={"b": "theirs@2"})
    drawing.refuse(drawing.row("a", but="b"), VALUE)
    assert said(told(drawing, "a:c")) == [(K.CONTRADICTION, 0, 0, "theirs@2")]
    drawing.refuse(("a:b",), TRUST)
    assert told(drawing, "a:c").to is Side.SIGNER, "what it does not report of the file contradicts nobody"


def test_an_engine_that_gives_no_answer() -> None:
    drawing = Drawing().put(("a:b",), silent(note="error: time-out"))
    found = told(drawing, "a:b")
    assert (found.to, found.reason) == (Side.TOOL, None)
    assert said(found) == [(K.ENGINE, 0, 0, "error: time-out")]


def test_one_crash_among_many_refusals_is_named_beside_them() -> None:
    groups = tuple(f"person/pades/{level}" for level in ("b-b", "b-t", "b-lt", "b-lta"))
    drawing = Drawing(groups=groups)
    for group in groups[:2]:
        drawing.refuse(("a:b",), FORMAT, group=group)
    drawing.put(("a:b",), silent(note="error: time-out"), group=groups[2])
    found = told(drawing, "a:b")
    assert (found.to, found.also) == (Side.PAIR, (Side.TOOL,))


# --- what is refused without a word, what is not counted ------------------------------------------------------------------


def test_a_black_box_that_refuses_everybody_without_a_word() -> None:
    drawing = Drawing(engines={"b": "theirs@2"})
    drawing.put(drawing.column("b"), silent())
    found = told(drawing, "a:b")
    assert (found.to, found.reason) == (Side.RELYING_PARTY, None)
    assert said(found)[:2] == [(K.COLUMN, 4, 4, ""), (K.OWN_REFUSED, 1, 1, "")]
    alone = Drawing(engines={"b": "theirs@2"}).put(("a:b",), silent())
    assert told(alone, "a:b").to is Side.PAIR


def test_what_is_accepted_unsupported_or_not_run_is_not_attributed() -> None:
    drawing = Drawing()
    for cell, state in (("a:b", GroupState.UNSUPPORTED), ("a:c", GroupState.NOT_RUN)):
        drawing.put((cell,), Group(state=state))
    cells = with_patterns(drawing.matrix()).cells
    assert all(cell.attribution is None for cell in cells.values())


@pytest.mark.parametrize("no_word", [Group(state=GroupState.UNSUPPORTED), silent(note="error: time-out")])
def test_what_says_nothing_counts_neither_for_nor_against(no_word: Group) -> None:
    drawing = Drawing()
    drawing.refuse(drawing.row("a", but="a"), FORMAT)
    drawing.put(("a:e",), no_word)
    assert (K.ROW, 3, 3, "") in said(told(drawing, "a:b"))


def test_other_reasons_that_point_elsewhere_are_named() -> None:
    drawing = Drawing()
    drawing.refuse(drawing.column("b", but="b"), FORMAT)
    drawing.refuse(("a:b",), FORMAT, TRUST, NO_INSTRUMENT, promised=False)
    found = told(drawing, "a:b")
    assert (found.to, found.also) == (Side.RELYING_PARTY, (Side.PAIR,))


@pytest.mark.parametrize("kind", EvidenceKind)
def test_every_evidence_has_a_sentence_in_both_languages(kind: EvidenceKind) -> None:
    evidence = Evidence(kind=kind, hits=3, of=7, note="the-note")
    english, chinese = evidence_text((evidence,), "en"), evidence_text((evidence,), "zh")
    assert english != chinese
    assert "{" not in english + chinese
    assert ("the-note" in english, "7" in english) == ("the-note" in chinese, "7" in chinese)
