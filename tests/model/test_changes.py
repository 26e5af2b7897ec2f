"""Changes as options: what is written is what is read, and what is not written right is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interop.model.change import Change, ChangeKind

K = ChangeKind
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(
    str.strip
)
PATHS = st.lists(st.from_regex(r"[a-z][a-z_]{0,6}", fullmatch=True), min_size=1, max_size=3).map(".".join)
OPS = st.sampled_from(["=", "+=", "-="])


@st.composite
def changes(draw: st.DrawFn) -> Change:
    kind = draw(st.sampled_from(list(K)))
    if kind in {K.ENABLE, K.DISABLE}:
        return Change(kind=kind, subject=draw(NAMES))
    if kind in {K.SET, K.REISSUE, K.SIGN}:
        subject = draw(st.just("") | NAMES) if kind is K.SET else f"{draw(NAMES)}.{draw(NAMES)}"
        return Change(kind=kind, subject=subject, path=draw(PATHS), op=draw(OPS), value=draw(VALUES))
    subject = draw(st.just("") | NAMES) if kind in {K.ALLOW, K.BAN} else draw(NAMES)
    value = draw(VALUES.filter(lambda text: "=" not in text))
    return Change(kind=kind, subject=subject, value=value)


@given(changes())
def test_a_change_is_read_back_from_the_option_that_it_is_written_as(change: Change) -> None:
    option = str(change)
    flag, _, text = option.partition(" ")
    assert flag == f"--{change.kind.value}"
    assert Change.parse(change.kind, text) == change
    assert Change.of_option(option) == change


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (K.ENABLE, " ", "is empty"),
        (K.REPEAL, "zz-to-eu", "is not ID=TIME"),
        (K.ENACT, "=2026-01-01", "is not ID=TIME"),
        (K.RECOGNISE, "hk-recognised", "is not PARTY=SIGNER"),
        (K.TRUST, "hk-recognised=", "is not PARTY=PROVIDER[:CERTIFICATE]"),
        (K.ALLOW, "=sha256", "is not [PARTY=]NAME"),
        (K.SET, "time.time_stamp_required", "is not [PARTY:]RULE=VALUE"),
        (K.REISSUE, "eu-qtsp-natural:key_usage=digitalSignature", "is not SIGNER.IDENTITY:SETTING=VALUE"),
        (K.SIGN, "pades.levels+=b-t", "is not SIGNER.IDENTITY:SETTING=VALUE"),
        (K.EMIT, "cn-licensed-sm2.org", "is not SIGNER.IDENTITY=FORMAT[/LEVEL]"),
    ],
)
def test_what_is_not_written_right_is_said(kind: ChangeKind, text: str, said: str) -> None:
    with pytest.raises(ValueError, match="^" + said.translate(str.maketrans({"[": r"\[", "]": r"\]", ".": r"\."}))):
        Change.parse(kind, text)


@pytest.mark.parametrize("option", ["", "--enable", "enable x", "--nothing x"])
def test_what_is_no_option_is_no_change(option: str) -> None:
    with pytest.raises(ValueError, match=r"is no option with an argument|is not a valid ChangeKind"):
        Change.of_option(option)


def test_changes_that_undo_one_another_are_known_as_such() -> None:
    def of(option: str) -> Change:
        return Change.of_option(option)

    assert of("--disable zz-to-eu").contrary_to(of("--enable zz-to-eu"))
    assert of("--disable zz-to-eu").contrary_to(of("--repeal zz-to-eu=2026-01-01"))
    assert of("--ban cn-gov-gm=SM2").contrary_to(of("--allow cn-gov-gm=SM2"))
    assert not of("--ban cn-gov-gm=SM2").contrary_to(of("--allow cn-gov-gm=RSA"))
    assert not of("--ban cn-gov-gm=SM2").contrary_to(of("--allow SM2"))
    assert not of("--disable zz-to-eu").contrary_to(of("--enable eu-to-zz"))
