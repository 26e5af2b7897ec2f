"""Errors are one line in lower case, then hints, on standard error; standard output stays empty (design section 6, style)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cli_calls import Result

Interop = Callable[..., Result]

WRONG = {
    "unknown verb": (["rnu"], "no such command 'rnu' (did you mean 'run'?)"),
    "unknown verb below": (["profile", "lits"], "lits"),
    "unknown option": (["run", "--sgners", "x"], "--signers"),
    "no file": (["check"], "missing argument 'FILE...'"),
    "bad number": (["run", "-j", "many"], "'many'"),
    "bad choice": (["run", "--fail-on", "anything"], "anything"),
    "unknown signer": (["run", "--signers", "us-fpk"], "unknown signer 'us-fpk' (did you mean 'us-fpki'?)"),
    "unknown relying party": (["check", "-", "--as", "nobody"], "unknown relying party 'nobody'"),
    "unknown set": (["run", "--set", "cor"], "unknown set 'cor' (did you mean 'core'?)"),
    "unknown format": (["run", "-f", "pdf"], "unknown format 'pdf'"),
    "unknown engine": (["run", "-k", "us-fpki", "--engine", "opnessl"], "opnessl"),
    "unknown case": (["vectors", "show", "xml-wraping"], "unknown case 'xml-wraping' (did you mean 'xml-wrapping'?)"),
    "unknown profile": (["profile", "show", "cn-gov"], "unknown profile 'cn-gov'"),
    "unknown schema": (["profile", "schema", "matrx"], "unknown schema 'matrx' (did you mean 'matrix'?)"),
    "unknown reason": (["explain", "format.not-acepted"], "(did you mean 'format.not-accepted'?)"),
    "unknown cell": (["explain", "cn-gov-gm:eu"], "unknown relying party 'eu'"),
    "unknown identity": (["explain", "cn-licensed-sm2.orx:cn-gov-gm"], "(did you mean 'org'?)"),
    "unknown group": (["explain", "cn-licensed-sm2:cn-gov-gm/pdf-pcks7/b-b"], "(did you mean 'pdf-pkcs7'?)"),
    "no id": (["explain", "a:b:c"], "'a:b:c' is not signer"),
    "an engine that does not judge": (["explain", "cn-licensed-sm2:cn-gov-gm@openssl"], "'openssl' does not judge"),
    "not closed": (["run", "-k", "(pades"], "is not closed"),
    "empty expression": (["run", "-k", ""], "-k is empty"),
    "bad instant": (["run", "--at", "yesterday"], "'yesterday' is no instant"),
    "bad instant of check": (["check", "-", "--at", "yesterday"], "'yesterday' is no instant"),
    "real without command": (["run", "--real", "us-fpki"], "is not ID=COMMAND"),
    "missing file": (["check", "nope.pdf"], "nope.pdf: cannot be read"),
    "missing content": (["check", "-", "--detached", "nope.xml"], "nope.xml: cannot be read"),
    "missing password file": (["check", "-", "--password-file", "nope"], "nope: cannot be read"),
    "missing anchors": (["check", "-", "--trust", "nope.pem"], "nope.pem: cannot be read"),
    "missing folder of profiles": (["run", "--profiles", "nope"], "nope"),
    "missing folder of agreements": (["run", "--agreements", "nope"], "nope"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage_is_one_line_and_a_hint_with_exit_2(interop: Interop, name: str) -> None:
    arguments, said = WRONG[name]
    result = interop(*arguments)
    assert result.code == 2, result
    assert said in result.error


@pytest.mark.parametrize("name", [n for n in WRONG if n.startswith(("unknown", "bad", "no file"))])
def test_errors_of_usage_say_what_to_try(interop: Interop, name: str) -> None:
    arguments, _ = WRONG[name]
    result = interop(*arguments)
    assert result.hints or "did you mean" in result.error


def test_all_mistakes_of_a_profile_at_once(interop: Interop, tmp_path: Path) -> None:
    # five planted mistakes (issue 3): five messages with their places, exit 2
    from interop.profile.data import providers_dir

    text = (providers_dir() / "us-fpki.toml").read_text(encoding="utf-8")
    planted = text
    for old, new in (
        ('jurisdiction = "US"', 'jurisdiction = "USA"'),
        ('origin = "modelled"', 'orign = "modelled"'),
        ('kind = "RSA"', 'kind = "RSAX"'),
    ):
        assert old in planted, old
        planted = planted.replace(old, new, 1)
    file = tmp_path / "us-fpki.toml"
    file.write_text(planted, encoding="utf-8")
    result = interop("profile", "lint", file)
    assert result.code == 2
    assert "jurisdiction" in result.out
    assert "orign" in result.out
    assert "RSAX" in result.out
    assert "problems in 1 file" in result.err


def test_a_folder_without_certificates_is_no_trust(interop: Interop, tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("nothing here", encoding="utf-8")
    result = interop("check", "-", "--trust", tmp_path)
    assert result.code == 2
    assert "no certificate in that folder" in result.error


def test_an_output_that_cannot_be_written_is_said_before_the_work(interop: Interop, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = interop("run", "-o", tmp_path / "file" / "out")
    assert result.code == 2
    assert "cannot be made" in result.error


def test_a_mistake_of_our_own_is_shown_as_ours(interop: Interop, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise KeyError("planted")

    monkeypatch.setattr("interop.engine.registry.engine_infos", broken)
    result = interop("engines")
    assert result.code == 3
    assert result.error == "internal error: KeyError: 'planted'"
    with pytest.raises(KeyError, match="planted"):
        interop("engines", env={"INTEROP_DEBUG": "1"})


def test_what_an_error_quotes_does_not_steer_the_terminal(interop: Interop) -> None:
    result = interop("check", "\x1b[31mred\u202e.pdf")
    assert result.code == 2
    assert "\x1b" not in result.err
    assert "\u202e" not in result.err
    assert "\\x1b[31mred\\u202e.pdf" in result.err
