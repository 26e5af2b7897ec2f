"""A program that speaks for a relying party: its deaths, silences and nonsense are its own errors, and it gets another chance."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from interop.engine.process import MAX_SILENCES, ProcessParty
from interop.model.errors import EngineError, UsageError
from interop.model.facts import Opinion
from interop.x509.certificate import object_id

AT = datetime(2026, 3, 2, tzinfo=UTC)

PROGRAM = """
import json, os, sys, time
from pathlib import Path
print({hello!r}, flush=True)
seen = Path({seen!r})
for line in sys.stdin:
    request = json.loads(line)
    turn = int(seen.read_text()) if seen.exists() else 0
    seen.write_text(str(turn + 1))
    what = {script!r}[turn % len({script!r})]
    if what == "die":
        os._exit(9)
    if what == "sleep":
        time.sleep(60)
    if what == "nonsense":
        print("I think it is fine", flush=True)
        continue
    if what == "stale":
        print(json.dumps({{"id": "x", "indication": "TOTAL_PASSED"}}), flush=True)
        continue
    assert sorted(request) == ["artifact_path", "at", "id", "relying"], request
    assert Path(request["artifact_path"]).read_bytes() == b"file " + request["id"].split("#")[0].encode()
    print(json.dumps({{"id": request["id"], "indication": "TOTAL_PASSED"}}), flush=True)
"""
HELLO = '{"name": "scripted", "version": "2.0", "capabilities": ["pades"]}'


class Scripted:
    """Parties that do what a list of words says, one word a question, over their restarts too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *script: str, hello: str = HELLO, seconds: float = 5.0) -> ProcessParty:
        path = self.folder / "party.py"
        path.write_text(PROGRAM.format(hello=hello, seen=str(self.folder / "seen"), script=list(script)))
        return ProcessParty("us-fpki", f"{sys.executable} {path}", seconds=seconds)


@pytest.fixture
def scripted(tmp_path: Path) -> Scripted:
    return Scripted(tmp_path)


def ask(party: ProcessParty, *vectors: str, repeat: int = 1) -> list[Opinion]:
    return [
        opinion
        for vector in vectors
        for opinion in party.ask(
            vector, f"file {vector}".encode(), object_id(f"file {vector}".encode()), AT, repeat=repeat
        )
    ]


def errors(opinions: list[Opinion]) -> list[bool]:
    return [opinion.error is not None for opinion in opinions]


def test_it_is_named_as_it_introduces_itself(scripted: Scripted) -> None:
    with scripted("ok") as party:
        assert party.name == "scripted@2.0"
        assert party.capabilities == {"pades"}
        (opinion,) = ask(party, "a")
    assert (opinion.engine, opinion.at, opinion.indication) == ("scripted@2.0", AT, "TOTAL_PASSED")
    assert opinion.artifact == object_id(b"file a")


def test_each_repetition_is_asked(scripted: Scripted) -> None:
    with scripted("ok") as party:
        assert errors(ask(party, "a", "b", repeat=3)) == [False] * 6


@pytest.mark.parametrize(
    ("trouble", "says"),
    [("die", "it ended (exit code 9)"), ("nonsense", "not JSON"), ("stale", "answer to 'x', asked 'b#0'")],
)
def test_after_trouble_it_is_started_again(scripted: Scripted, trouble: str, says: str) -> None:
    with scripted("ok", trouble, "ok", trouble, trouble, trouble, trouble, "ok") as party:
        opinions = ask(party, "a", "b", "c", "d", "e", "f", "g", "h")
    assert errors(opinions) == [False, True, False, True, True, True, True, False]
    assert says in str(opinions[1].error)


def test_silences_end_it_only_in_a_row(scripted: Scripted) -> None:
    script = ["sleep"] * (MAX_SILENCES - 1) + ["ok"]
    with scripted(*script, seconds=0.4) as party:
        opinions = ask(party, *"abcdef")
    assert errors(opinions) == [True, True, False, True, True, False]
    assert opinions[0].error == "no answer within 0.4 s"


def test_three_silences_in_a_row_end_it(scripted: Scripted, tmp_path: Path) -> None:
    with scripted("sleep", seconds=0.3) as party:
        opinions = ask(party, *"abcdef")
    assert [o.error for o in opinions[:3]] == ["no answer within 0.3 s"] * 3
    assert {o.error for o in opinions[3:]} == {"not asked any more after 3 silences in a row"}
    assert (tmp_path / "seen").read_text() == "3"


def test_a_program_that_is_gone_meanwhile_is_an_error_of_its_own(scripted: Scripted, tmp_path: Path) -> None:
    with scripted("die") as party:
        ask(party, "a")
        (tmp_path / "party.py").unlink()
        assert errors(ask(party, "b")) == [True]


@pytest.mark.parametrize(
    "hello", ["", "hello", "[]", '{"name": "x"}', '{"name": "", "version": "1", "capabilities": []}']
)
def test_a_bad_introduction_is_told_at_once(scripted: Scripted, hello: str) -> None:
    with pytest.raises(EngineError, match="the engine of 'us-fpki' does not introduce itself") as trouble:
        scripted("ok", hello=hello)
    assert "first line" in trouble.value.hints[0]


@pytest.mark.parametrize("text", ["", "   ", "'unclosed", "/no/such/program at all"])
def test_a_command_that_is_none_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError):
        ProcessParty("us-fpki", text)


def test_leaving_ends_the_program(scripted: Scripted) -> None:
    with scripted("sleep", seconds=0.3) as party:
        process = party._program._process  # type: ignore[union-attr]
        assert process.poll() is None
    assert process.poll() is not None
