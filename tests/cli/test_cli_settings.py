"""Option, then INTEROP_* variable, then interop.toml, then default (design section 6)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cli_calls import Result

Interop = Callable[..., Result]

EN = "the relying party does not accept this signature format"
ZH = "依赖方不接受该签名格式"


def _write(folder: Path, text: str) -> Path:
    (folder / "interop.toml").write_text(text, encoding="utf-8")
    return folder


def _lang(result: Result) -> str:
    assert result.code == 0, result.err
    return "zh" if ZH in result.out else "en" if EN in result.out else "?"


@pytest.mark.parametrize(
    ("option", "own", "general", "table", "top", "expected"),
    [
        (None, None, None, None, None, "en"),
        (None, None, None, None, "zh", "zh"),
        (None, None, None, "en", "zh", "en"),
        (None, None, "zh", "en", "en", "zh"),
        (None, "en", "zh", "zh", "zh", "en"),
        ("zh", "en", "en", "en", "en", "zh"),
    ],
    ids=["default", "file", "table over top", "variable over file", "own over general", "option over all"],
)
def test_precedence(  # noqa: PLR0917 - one column per source
    interop: Interop, tmp_path: Path, option: str | None, own: str | None, general: str | None, table: str | None,
    top: str | None, expected: str,
) -> None:  # fmt: skip
    lines = [f'lang = "{top}"' if top else "", f'[explain]\nlang = "{table}"' if table else ""]
    env = {name: value for name, value in (("INTEROP_EXPLAIN_LANG", own), ("INTEROP_LANG", general)) if value}
    words = ["explain", "format.not-accepted", *(("--lang", option) if option else ())]
    assert _lang(interop(*words, folder=_write(tmp_path, "\n".join(lines)), env=env)) == expected


def test_keys_are_the_long_options_and_lists_repeat(interop: Interop, tmp_path: Path) -> None:
    # `--as` and `--format` have other names inside; a single value stands for a list of one
    file = tmp_path / "text.txt"
    file.write_text("no signature", encoding="utf-8")
    folder = _write(tmp_path, '[check]\nformat = "json"\nas = ["us-fpki", "cn-gov-gm"]\nat = "2026-03-02"\n')
    result = interop("check", file, folder=folder)
    assert result.code == 5
    assert '"at": "2026-03-02T00:00:00Z"' in result.out


def test_variables_are_named_by_the_long_option(interop: Interop, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text("no signature", encoding="utf-8")
    env = {"INTEROP_CHECK_FORMAT": "json", "INTEROP_CHECK_AT": "2026-03-02"}
    assert '"at": "2026-03-02T00:00:00Z"' in interop("check", file, env=env).out
    listed = interop("vectors", "list", env={"INTEROP_VECTORS_LIST_K": "us-fpki"})
    assert {line.split(".")[0] for line in listed.out.splitlines()} == {"us-fpki"}


def test_a_verb_below_a_verb_has_a_table_below_a_table(interop: Interop, tmp_path: Path) -> None:
    folder = _write(tmp_path, '[vectors.list]\nk = "us-fpki"\n')
    assert {line.split(".")[0] for line in interop("vectors", "list", folder=folder).out.splitlines()} == {"us-fpki"}


def test_all_mistakes_of_the_file_at_once_with_suggestions(interop: Interop, tmp_path: Path) -> None:
    folder = _write(tmp_path, '[run]\nfial-on = "promise"\njobs = [1]\noutput = "x"\nwitness = "openssl"\n')
    result = interop("run", folder=folder)
    assert result.code == 2
    assert result.error == "interop.toml: 3 problems"
    assert "run.fial-on  unknown key (did you mean 'fail-on'?)" in result.err
    assert "run.jobs     is one value" in result.err
    assert "run.witness" in result.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[rnu]\n", "unknown key (did you mean 'run'?)"),
        ("run = 3\n", "is a table: write [run]"),
        ("lnag = 'zh'\n", "unknown key (did you mean 'lang'?)"),
        ("[run\n", "file"),
        ("[run]\nrepeat = 'many'\n", "many"),
        ("[run]\nlang = 'de'\n", "de"),
        ("[vectors.list]\nst = 'core'\n", None),
    ],
)
def test_mistakes_of_the_file_are_usage(interop: Interop, tmp_path: Path, text: str, said: str | None) -> None:
    result = interop("run", "-k", "us-fpki", "-o", tmp_path / "out", folder=_write(tmp_path, text))
    if said is None:  # another verb's table is looked at when that verb is called
        assert result.code == 0, result.err
        assert interop("vectors", "list", folder=tmp_path).code == 2
        return
    assert result.code == 2, result
    assert result.error
    assert said in result.err
