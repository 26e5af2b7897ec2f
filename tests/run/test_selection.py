"""`-k`: words and connectives select what set algebra says; ids select exactly; anything else is wrong usage with what is wrong."""

from __future__ import annotations

import contextlib

import pytest
from core_run import Core
from hypothesis import given
from hypothesis import strategies as st

from interop.model.errors import NothingToDo, UsageError
from interop.model.ids import CellId
from interop.run.plan import Options, plan
from interop.run.selection import matcher, of_cell

IDS = (
    "eu-qtsp-natural.natural-rsa/pades/b-b/pdf-b-b",
    "eu-qtsp-natural.natural-rsa/pades/b-t/pdf-b-t",
    "eu-qtsp-natural.natural-ec/xades/b-b/xml-wrapping",
    "cn-gov-gm.seal/pdf-gm/b-b/pdf-b-b",
    "hk-recognised.scheme/xades/b-t/xml-b-t",
)
words = st.sampled_from(
    ["pades", "xades", "b-t", "eu-", "natural-ec", "seal", "nowhere", "b", "/pdf-gm/", "xml-wrapping"]
)
expressions = st.recursive(
    words,
    lambda inner: st.one_of(
        inner.map(lambda a: f"not {a}"),
        inner.map(lambda a: f"({a})"),
        inner.map(lambda a: f"not ({a})"),
        st.tuples(inner, inner).map(lambda ab: f"({ab[0]}) and ({ab[1]})"),
        st.tuples(inner, inner).map(lambda ab: f"({ab[0]}) or ({ab[1]})"),
    ),
    max_leaves=6,
)


def chosen(expression: str) -> frozenset[str]:
    return frozenset(filter(matcher(expression), IDS))


@given(x=expressions)
def test_not_selects_the_complement(x: str) -> None:
    assert chosen(f"not ({x})") == frozenset(IDS) - chosen(x)


@given(x=expressions, y=expressions)
def test_and_intersects_or_unites(x: str, y: str) -> None:
    assert chosen(f"({x}) and ({y})") == chosen(x) & chosen(y)
    assert chosen(f"({x}) or ({y})") == chosen(x) | chosen(y)


@given(x=words, y=words, z=words)
def test_not_binds_tighter_than_and_than_or(x: str, y: str, z: str) -> None:
    assert chosen(f"not {x} and {y}") == (frozenset(IDS) - chosen(x)) & chosen(y)
    assert chosen(f"{x} or {y} and {z}") == chosen(x) | (chosen(y) & chosen(z))
    assert chosen(f"{x} and {y} or {z}") == (chosen(x) & chosen(y)) | chosen(z)


def test_a_word_matches_anywhere_in_the_id() -> None:
    assert chosen("pades and not b-t") == {IDS[0]}
    assert chosen("natural-rsa/pades") == {IDS[0], IDS[1]}
    assert chosen("nowhere") == frozenset()


@given(text=st.text(alphabet="ab() ndortx/.:-", max_size=24))
def test_any_text_selects_or_is_wrong_usage(text: str) -> None:
    with contextlib.suppress(UsageError):
        assert set(map(matcher(text), IDS)) <= {True, False}


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("and", "'and' stands where a word is expected"),
        ("pades and", "ends where a word is expected"),
        ("pades or or b-t", "'or' stands where a word is expected"),
        ("not", "ends where a word is expected"),
        ("(pades", "a '(' is not closed"),
        ("pades)", "')' is one too many"),
        ("pades xades", "'xades' is one too many"),
        ("()", "')' stands where a word is expected"),
    ],
)
def test_what_is_wrong_is_said(expression: str, says: str) -> None:
    with pytest.raises(UsageError) as wrong:
        matcher(expression)
    assert says in wrong.value.message
    assert wrong.value.exit_code == 2


def test_deep_nesting_is_wrong_usage_or_works() -> None:
    deep = "(" * 5000 + "pades" + ")" * 5000
    with pytest.raises(UsageError, match="nested too deeply"):
        matcher(deep)


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("eu-qtsp-natural:us-fpki", 3),
        ("eu-qtsp-natural.natural-ec:us-fpki", 1),
        ("eu-qtsp-natural.natural-rsa:us-fpki/pades/b-t", 1),
        ("eu-qtsp-natural:us-fpki/pades/b-b/pdf-b-b", 1),
        ("eu-qtsp-natural:us-fpki/pades/b-lt", 0),
        ("us-fpki:us-fpki", 0),
    ],
)
def test_a_cell_id_selects_exactly_that(cell: str, count: int) -> None:
    assert sum(map(of_cell(CellId.parse(cell)), IDS)) == count


def specs(expression: str) -> set[str]:
    return {spec.id for spec in plan(Options(expression=expression)).specs}


def test_a_cell_on_the_command_line_narrows_both_sides(core: Core) -> None:
    narrowed = plan(Options(expression="hk-recognised.scheme:gd-hk-scheme/pades/b-b"))
    assert [party.id for party in narrowed.relying] == ["gd-hk-scheme"]
    assert {spec.group for spec in narrowed.specs} == {"scheme/pades/b-b"}


def test_a_negative_brings_its_control(core: Core) -> None:
    found = specs("pdf-value-flipped and natural-ec")
    assert found == {
        "eu-qtsp-natural.natural-ec/pades/b-b/pdf-value-flipped",
        "eu-qtsp-natural.natural-ec/pades/b-b/pdf-b-b",
    }


def test_the_plan_law_of_not(core: Core) -> None:
    """A selection and its complement give everything, and share only controls."""
    everything = {spec.id for spec in core.run.plan.specs}
    one, other = specs("wrong-key"), specs("not wrong-key")
    assert one | other == everything
    assert {core.specs[vector].case.control for vector in one & other} == {None}


def test_nothing_selected_is_said() -> None:
    with pytest.raises(NothingToDo) as nothing:
        plan(Options(expression="no-such-thing"))
    assert nothing.value.exit_code == 5


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (Options(signers=("hk-recognized",)), "unknown signer 'hk-recognized' (did you mean 'hk-recognised'?)"),
        (Options(relying=("us-fpk",)), "unknown relying party 'us-fpk' (did you mean 'us-fpki'?)"),
        (Options(set="cores"), "unknown set 'cores' (did you mean 'core'?)"),
        (Options(real={"cn-gov": "x"}), "unknown relying party 'cn-gov' (did you mean 'cn-gov-gm'?)"),
        (Options(expression="eu-qtsp:us-fpki"), "unknown signer 'eu-qtsp'"),
        (Options(expression="us-fpki:eu-qtsp-naturel"), "did you mean 'eu-qtsp-natural'?"),
        (Options(expression="us-fpki:"), "is not signer[.identity]:relying"),
        (
            Options(expression="eu-qtsp-natural.natural-rsb:us-fpki"),
            "unknown identity 'natural-rsb' (did you mean 'natural-rsa'?)",
        ),
        (Options(expression="us-fpki:us-fpki/padse/b-b"), "unknown format 'padse' (did you mean 'pades'?)"),
        (Options(expression="us-fpki:us-fpki/pades/b-x"), "unknown level 'b-x'"),
        (
            Options(expression="us-fpki:us-fpki/pades/b-b/pdf-bb"),
            "unknown case 'pdf-bb' (did you mean 'pdf-b-b'?)",
        ),
    ],
)
def test_unknown_ids_are_told_with_the_nearest_one(options: Options, says: str) -> None:
    with pytest.raises(UsageError) as wrong:
        plan(options)
    assert says in wrong.value.message
    assert wrong.value.exit_code == 2


def test_unknown_ids_list_what_is_known() -> None:
    with pytest.raises(UsageError) as wrong:
        plan(Options(signers=("zzz",)))
    assert "did you mean" not in wrong.value.message
    assert "cn-gov-gm, cn-licensed-sm2" in wrong.value.hints[0]
