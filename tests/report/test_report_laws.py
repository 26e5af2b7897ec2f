"""Laws of every report: it names every cell; nothing is clipped; text from strangers never reaches a terminal or Markdown raw."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from report_values import big_matrix, check_report, printed, small_matrix, told
from rich.cells import cell_len

from interop.matrix.build import with_patterns
from interop.model.layers import Layer
from interop.model.matrix import Cluster, ClusterCause, Matrix
from interop.model.outcome import GLYPH, SIDE_TEXT, CellVerdict, Side
from interop.model.text import Lang, Text
from interop.report.causes import Look, cause_text, look_text, refusals
from interop.report.checked import print_report
from interop.report.digest import column_code, columns, is_broken, legs, rows
from interop.report.explained import print_cell
from interop.report.markdown import markdown
from interop.report.page import Page
from interop.report.safe import markdown_text, untrusted
from interop.report.terminal import print_matrix
from interop.report.wrap import breaks

LANGS: tuple[Lang, ...] = ("en", "zh")
MARKS = "".join(GLYPH.values())


# --- every report names every cell --------------------------------------------------------------------------------


def _terminal(matrix: Matrix, width: int, lang: Lang) -> str:
    return printed(lambda console: print_matrix(matrix, console, lang), width)


def _marks_of_row(text: str, signer: str) -> list[str]:
    """The marks in the rows of a signer, block after block, each with its sign of a broken promise."""
    found: list[str] = []
    grid = text.split("\n\n", 1)[1].split(f"\n{GLYPH[CellVerdict.NOT_TESTED]} ", maxsplit=1)[0]
    for line in grid.splitlines():
        match = re.match(rf"(?:[A-Z]+ +)?{re.escape(signer)}(?= )", line)
        if match is not None:
            found += re.findall(rf"[{re.escape(MARKS)}](?: ?[^{re.escape(MARKS)}!]*?!)?", line[match.end() :])
    return found


def _expected(matrix: Matrix, signer: str) -> list[str]:
    cells = [matrix.cells[f"{signer}:{party}"] for party in columns(matrix)]
    return [GLYPH[cell.verdict] + ("!" if is_broken(cell) else "") for cell in cells]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", [40, 60, 80, 100, 132, 200, 400])
@pytest.mark.parametrize("count", [1, 2, 6, 24, 30])
def test_the_terminal_names_every_cell_at_every_width(count: int, width: int, lang: Lang) -> None:
    matrix = big_matrix(count)
    text = _terminal(matrix, width, lang)
    assert all(cell_len(line) <= width for line in text.splitlines())
    for signer in rows(matrix):
        shown = [f"{mark[0]}{'!' if mark.endswith('!') else ''}" for mark in _marks_of_row(text, signer)]
        assert shown == _expected(matrix, signer), (signer, text)
    for index, party in enumerate(columns(matrix)):  # a column is named by its id, or by a letter that a row explains
        lettered = re.search(rf"^{column_code(index)} +{re.escape(party)}(?= |$)", text, re.MULTILINE)
        # an id over several lines is broken after its hyphens
        assert lettered or all(part in text for part in re.findall(r"[^-]+-?", party)), (party, text)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("matrix", [small_matrix(), big_matrix(24)], ids=["small", "24 x 24"])
def test_the_summary_names_every_cell(matrix: Matrix, lang: Lang) -> None:
    lines = [line for line in markdown(matrix, lang).splitlines() if line.startswith("| ")]
    letters = [word.strip() for word in lines[0].strip("|").split("|")[1:]]
    assert letters == [column_code(index) for index in range(len(columns(matrix)))]
    for signer in rows(matrix):
        (row,) = [line for line in lines if re.match(rf"\| [A-Z]+ `{re.escape(signer)}` \|", line)]
        assert [word.strip() for word in row.strip("|").split("|")[1:]] == _expected(matrix, signer)
    for index, party in enumerate(columns(matrix)):
        assert re.search(rf"\b{column_code(index)} `{re.escape(party)}`", markdown(matrix, lang))


def test_an_id_that_is_too_long_is_written_out_below() -> None:
    matrix = big_matrix(6, names=lambda index: f"a-provider-with-a-name-that-has-no-end-at-all-{index}")
    text = _terminal(matrix, 80, "en")
    assert all(cell_len(line) <= 80 for line in text.splitlines())
    for party in columns(matrix):
        assert party in " ".join(text.split())


def test_the_word_of_a_cell_is_the_layer_that_explains_its_verdict() -> None:
    # eu:hk is valid and not recognised, through trust; that another identity fails on its key is not its story
    text = _terminal(small_matrix(), 100, "en")
    row = next(line for line in text.splitlines() if line.startswith("eu "))
    assert "◇ trust" in row
    assert "◇ algorithm" not in text


def test_a_matrix_of_one_row_and_others_columns_explains_its_letters() -> None:
    matrix = big_matrix(30)
    signer = rows(matrix)[0]
    row = {name: cell for name, cell in matrix.cells.items() if name.startswith(f"{signer}:")}
    one = with_patterns(replace(matrix, cells=row))
    text = _terminal(one, 80, "en")
    for index, party in enumerate(columns(one)):
        assert re.search(rf"(?:^|  ){column_code(index)} {re.escape(party)}(?=  |\n| )", text, re.MULTILINE), party


def test_what_a_partial_run_proves_is_said() -> None:
    matrix = small_matrix()
    partial = replace(matrix, header=replace(matrix.header, complete=False))
    for lang, said in (("en", "proves nothing about what is missing"), ("zh", "缺失部分不作任何证明")):
        assert said in " ".join(_terminal(partial, 200, lang).split())  # type: ignore[arg-type]
        assert said in markdown(partial, lang)  # type: ignore[arg-type]


# --- what is beside the cells ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_opaque_identities_are_listed_apart_and_trouble_nobody(lang: Lang) -> None:
    said = {"en": "listed, not counted", "zh": "仅列出、不计入"}[lang]
    pages = (_terminal(small_matrix(), 200, lang), markdown(small_matrix(), lang))
    for page in pages:
        after = page.split(said, 1)[1]
        assert re.search(r"opaque-party\.g`? \(1\)", after)
        assert "gost" not in page, "that it is not supported is its nature, no trouble"
    counted = replace(
        small_matrix().tables, cases=tuple(replace(row, opaque=False) for row in small_matrix().tables.cases)
    )
    other = _terminal(replace(small_matrix(), tables=counted), 200, lang)
    assert said not in other
    assert "unsupported: gost  (opaque-party:cn-sm2, +2)" in other


def test_each_leg_names_who_relies_on_it() -> None:
    assert [(leg.group, leg.leg, leg.accepted, leg.refused) for leg in legs(small_matrix())] == [
        ("eu.d/pades/b-b", "RSA", ("eu",), ()),
        ("eu.d/pades/b-b", "SM2", (), ("hk",)),
    ]
    shown = _terminal(small_matrix(), 200, "en")
    assert re.search(r"eu\.d/pades/b-b +RSA +accepted by eu\n", shown)
    assert re.search(r"eu\.d/pades/b-b +SM2 +refused by hk\n", shown)


@pytest.mark.parametrize("matrix", [small_matrix(), big_matrix(24)], ids=["small", "24 x 24"])
def test_the_summary_lists_every_cell_behind_its_cause(matrix: Matrix) -> None:
    lines = markdown(matrix).split("## cells by cause\n\n", 1)[1].split("\n\n")[0].splitlines()
    told, cause = {}, ""
    for line in lines:
        if line.startswith("- "):
            cause = line.removeprefix("- ").strip("`")
            continue
        signer, _, parties = line.removeprefix("  - ").partition(" -> ")
        told[cause, signer.strip("`")] = set(re.findall(r"`([^`]+)`", parties))
    wanted: dict[tuple[str, str], set[str]] = {}
    for refusal in refusals(matrix):
        for cell_id in refusal.cells:
            signer, relying = cell_id.split(":")
            wanted.setdefault((refusal.code, signer), set()).add(relying)
    assert told == wanted
    assert len(wanted) > 2


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("matrix", [small_matrix(), big_matrix(6)], ids=["small", "6 x 6"])
def test_pairs_that_are_not_alike_are_counted_and_the_summary_names_them_all(matrix: Matrix, lang: Lang) -> None:
    title = {"en": "not alike both ways (pairs)", "zh": "双向不一致（对）"}[lang]
    assert re.search(rf"{re.escape(title)}(?:: |：){len(matrix.asymmetries)}\n", _terminal(matrix, 200, lang))
    section = markdown(matrix, lang).split(f"## {title}\n", 1)[1].split("\n## ")[0]
    named = re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)
    assert named == [pair.there.cell for pair in matrix.asymmetries]
    assert named


@pytest.mark.parametrize("lang", LANGS)
def test_the_summary_says_of_every_broken_promise_where_to_look_and_why(lang: Lang) -> None:
    matrix = small_matrix()
    title = {"en": "promised and refused", "zh": "已承诺但被拒"}[lang]
    section = markdown(matrix, lang).split(f"## {title}\n", 1)[1].split("\n## ")[0]
    rows_ = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    assert {row[0].strip("`") for row in rows_} == {name for name, cell in matrix.cells.items() if is_broken(cell)}
    for name, groups, _, look, evidence in rows_:
        cell = matrix.cells[name.strip("`")]
        promised = [group for group in cell.groups.values() if group.promised]
        assert groups == f"{len(cell.broken)}/{len(promised)}"
        assert cell.attribution is not None
        assert (look, bool(evidence)) == (SIDE_TEXT[cell.attribution.to].in_(lang), True)


def test_where_to_look_adds_up_to_the_cells_of_a_reason() -> None:
    for matrix in (small_matrix(), big_matrix(24)):
        for refusal in refusals(matrix):
            assert sum(look.cells for look in refusal.looks) == len(refusal.cells)


def test_long_lists_of_places_to_look_at_are_cut() -> None:
    looks = tuple(Look(side=Side.SIGNER, whose=name, cells=9 - index) for index, name in enumerate("abcde"))
    looks += (Look(side=Side.PAIR, whose="", cells=4),)
    assert look_text(looks, "en", most=3) == "signer a (9), b (8), c (7), +11; between the two (4)"
    assert look_text(looks, "zh", most=9) == "签署方 a (9)、b (8)、c (7)、d (6)、e (5)；双方之间 (4)"


def test_a_cluster_is_told_layer_by_layer_with_whose_it_is() -> None:
    layer = Layer.ALGORITHM
    cluster = Cluster(
        id="x",
        causes=(
            ClusterCause(layer=layer, code="algorithm.key-not-accepted", about="suite:gm"),
            ClusterCause(layer=layer, code="algorithm.not-in-suite", about="suite:gm"),
            ClusterCause(layer=Layer.TRUST, code="trust.no-path-to-known-anchor"),
        ),
        first=layer,
        groups=1,
        cells={"a:b": ("g",)},
    )
    assert cause_text(cluster, "en") == (
        "algorithm.key-not-accepted, algorithm.not-in-suite (suite gm) + trust.no-path-to-known-anchor"
    )
    assert (
        cause_text(cluster, "zh", short=True)
        == "algorithm.key-not-accepted, +1 (套件 gm) + trust.no-path-to-known-anchor"
    )


# --- encodings and colour -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437", "no-such-encoding"])
def test_marks_fall_back_to_ascii(encoding: str) -> None:
    text = printed(lambda console: print_matrix(big_matrix(6), console), 80, encoding=encoding)
    assert text.isascii()
    marks = {printed(lambda c, v=v: Page(c).line(Page(c).verdict(v)), 80, encoding=encoding) for v in CellVerdict}  # type: ignore[misc]
    assert len(marks) == len(CellVerdict), "every verdict has a mark of its own"


def test_no_escape_without_a_terminal_and_colour_on_one() -> None:
    assert "\x1b" not in _terminal(small_matrix(), 80, "en")
    coloured = printed(lambda console: print_matrix(small_matrix(), console), 80, colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == _terminal(small_matrix(), 80, "en"), "colour says nothing more"


# --- untrusted text -----------------------------------------------------------------------------------------------

NASTY = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from(
            "\x1b\x07\x08\r\n\t\x00\x7f\x9b\u200b\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\u061c|`*_[]()<>#!~&@\\:/"
        ),
    ),
    max_size=60,
)
PIECES = st.sampled_from(
    [
        "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b]8;;https://x.invalid\x1b\\link", "a\u202egpj.exe", "line\nline | cell |",
        "| a | b |\n|---|---|", "[click](https://x.invalid)", "<img src=x onerror=y>", "`code` **bold** _it_ ~~no~~",
        "[bold red]rich markup[/]", ":smile:", "https://x.invalid/?a=b", "www.x.invalid", "@somebody #1", "# title", "\x9b31m",
    ]
)  # fmt: skip
TEXTS = st.one_of(NASTY, st.lists(st.one_of(NASTY, PIECES), max_size=4).map("".join))
STEERS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""C0 and C1 controls (line feed apart), bidirectional and zero-width format characters (Unicode 15, UAX 9)."""


def _poisoned(text: str) -> Matrix:
    matrix = small_matrix()
    group = next(iter(matrix.cells["cn-sm2:hk"].groups.values()))
    row = replace(matrix.tables.reasons[0], code=text or "x", text=Text(en=text, zh=text), detail=text)
    party = replace(matrix.tables.parties[-1], engine=text or "x", name=Text(en=text, zh=text), suites=(text or "x",))
    name = "a/pdf-pkcs7/b-b"
    lost = replace(group, notes=(text or "x",), promised=True, agreement="cn-home")
    cell = replace(matrix.cells["cn-sm2:hk"], groups={name: lost}, broken=(name,))
    poisoned = replace(
        matrix,
        tables=replace(
            matrix.tables, reasons=(row, *matrix.tables.reasons[1:]), parties=(*matrix.tables.parties[:-1], party)
        ),
        cells={**matrix.cells, "cn-sm2:hk": cell},
    )
    return with_patterns(poisoned)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_untrusted_text_steers_no_terminal(text: str) -> None:
    pages: list[Callable[..., None]] = [
        lambda console: print_matrix(_poisoned(text), console),
        lambda console: print_cell(told(text), console),
        lambda console: print_report(check_report(text), console),
    ]
    for page in pages:
        shown = printed(page, 80)
        assert STEERS.search(shown) is None
        assert all(cell_len(line) <= 80 for line in shown.splitlines())


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_untrusted_text_is_no_markup(text: str) -> None:
    summary = markdown(_poisoned(text))
    assert STEERS.search(summary) is None
    plain, again = markdown(_poisoned("x")), summary
    # no line more and no cell more than with a harmless text
    assert len(again.splitlines()) == len(plain.splitlines())
    bars = [len(re.findall(r"(?<!\\)\|", line)) for line in again.splitlines() if line.startswith("|")]
    assert bars == [len(re.findall(r"(?<!\\)\|", line)) for line in plain.splitlines() if line.startswith("|")]
    outside = re.sub(r"`[^`\n]*`", "", again)  # nothing is markup inside code
    assert not re.search(r"(?<!\\)[<\[\]]|(?<!\\)~~|://|www\.|@", outside.replace("|---|", ""))


@given(TEXTS)
def test_what_is_shown_is_one_line_within_its_limit(text: str) -> None:
    for shown in (untrusted(text, limit=30), markdown_text(text, limit=30)):
        assert "\n" not in shown
        assert STEERS.search(shown) is None
    assert len(untrusted(text, limit=30)) <= 30


def test_harmless_text_is_left_alone() -> None:
    for text in ("CN=TEST 深圳测试物流有限公司, O=TEST, C=CN", "Ærøskøbing Kommune", "O'Brien & Søn (A/S)"):
        assert untrusted(text) == text


def test_what_is_hidden_is_written_out() -> None:
    assert untrusted("a\u202egpj.exe") == "a\\u202egpj.exe"
    assert untrusted("\x1b[31m") == "\\x1b[31m"
    assert untrusted("a\r\nb\tc\u3000d") == "a b c d"


# --- wrapping -----------------------------------------------------------------------------------------------------


@given(st.text(st.sampled_from("ab 中文，。（）-"), max_size=80), st.integers(4, 40))
@example("aaa。。a（a。", 4)  # what is carried over to the next line may be too wide for it with one character more
def test_lines_fit_and_nothing_is_lost(text: str, width: int) -> None:
    cuts = [0, *breaks(text, width), len(text)]
    lines = [text[a:b] for a, b in itertools.pairwise(cuts)]
    assert "".join(lines) == text
    assert all(cell_len(line.rstrip()) <= width for line in lines)


def test_chinese_breaks_between_characters_and_not_before_punctuation() -> None:
    text = "签名证书没有通向依赖方已知信任锚的路径，请核对"
    for width in range(8, 40):
        cuts = breaks(text, width)
        assert cuts or width >= cell_len(text)
        assert all(text[cut] != "，" for cut in cuts)


def test_a_word_that_fits_is_never_torn() -> None:
    text = "trust.no-path-to-known-anchor no path leads from the signing certificate"
    for width in range(29, 80):
        cuts = [0, *breaks(text, width), len(text)]
        words = [word for a, b in itertools.pairwise(cuts) for word in text[a:b].split()]
        assert words == text.split()
