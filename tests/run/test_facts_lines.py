"""Every line of `facts.jsonl` fits the shipped schema and is read back as the value it was (design section 5)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from core_run import CommandLine, Core

from interop.engine.command import find
from interop.model.codec import dump_json, load_json
from interop.model.errors import InputError
from interop.model.facts import Facts, FoundAt, Imprint, TokenFacts
from interop.model.records import (
    RECORDS,
    EdgeRecord,
    ErrorRecord,
    EvidenceRecord,
    FactRecord,
    FooterRecord,
    HeaderRecord,
    dump_record,
    load_record,
)
from interop.model.records import (
    TestimonyRecord as Witnessed,  # not its own name: pytest would take it for a test
)
from interop.profile.schema import schema
from interop.run.files import FactsFile
from interop.run.libraries import library_versions
from interop.run.record import write_facts


@pytest.fixture(scope="module")
def lines(core: Core, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """A finished run of the core set."""
    folder = tmp_path_factory.mktemp("facts")
    write_facts(core.run, folder, complete=True)
    return (folder / "facts.jsonl").read_bytes().splitlines(keepends=True)


def kinds(lines: list[bytes]) -> Counter[str]:
    return Counter(json.loads(line)["record"] for line in lines)


def misfits(lines: list[bytes]) -> Iterator[str]:
    """Lines that the schema refuses. Tried against the kind that they name, so that the message says which key is wrong."""
    whole = schema("facts")
    known = {
        part["properties"]["record"]["const"]: {**part, "$defs": whole["$defs"]}
        for part in whole["$defs"].values()
        if "record" in part.get("properties", {})
    }
    assert set(known) == set(RECORDS)
    assert {one["$ref"] for one in whole["anyOf"]} == {f"#/$defs/{kind.__name__}" for kind in RECORDS.values()}
    validators = {kind: jsonschema.Draft202012Validator(part) for kind, part in known.items()}
    for line in lines:
        raw = json.loads(line)
        for error in validators[raw["record"]].iter_errors(raw):
            yield f"{raw['record']}: {error.json_path}: {error.message}"


def test_every_line_of_a_run_fits_the_schema(lines: list[bytes]) -> None:
    assert kinds(lines).keys() == {"header", "fact", "edge", "evidence", "footer"}
    assert list(misfits(lines)) == []


def test_every_line_of_a_run_is_read_back_as_it_was(core: Core, lines: list[bytes]) -> None:
    records = [load_record(line, name="facts.jsonl") for line in lines]
    assert [dump_record(record) for record in records] == lines
    facts = {record.vector: record.facts for record in records if isinstance(record, FactRecord)}
    assert facts == {vector: seen.facts for vector, seen in core.run.observations.items()}
    assert [r for r in records if isinstance(r, EdgeRecord)] == [EdgeRecord.of(e) for e in core.run.linker.edges()]
    assert len([r for r in records if isinstance(r, EvidenceRecord)]) == len(core.run.linker.evidence)


def test_header_and_footer_say_what_design_5_asks_for(lines: list[bytes]) -> None:
    header, footer = load_record(lines[0], name="header"), load_record(lines[-1], name="footer")
    assert isinstance(header, HeaderRecord)
    assert isinstance(footer, FooterRecord)
    assert {"asn1crypto", "cryptography", "lxml", "pyhanko", "openssl", "libcrypto"} == set(header.libraries)
    assert header.libraries["openssl"].startswith("OpenSSL ")
    assert header.libraries["libcrypto"] == "none" or header.libraries["libcrypto"].startswith("OpenSSL ")
    assert (header.set, header.instants.signing) == ("core", "2026-03-01T00:00:00Z")
    assert footer.digest == "sha256:" + hashlib.sha256(b"".join(lines[:-1])).hexdigest()
    assert Counter(footer.counts) == Counter(
        {kind: count for kind, count in kinds(lines).items() if kind not in ("header", "footer")}
    )


def test_matrix_and_facts_name_the_same_libraries(core: Core, lines: list[bytes]) -> None:
    header = load_record(lines[0], name="header")
    assert isinstance(header, HeaderRecord)
    assert dict(header.libraries) == dict(core.matrix.header.libraries) == dict(library_versions())


def test_keys_are_those_of_the_design(lines: list[bytes]) -> None:
    facts = [json.loads(line) for line in lines if json.loads(line)["record"] == "fact"]
    found = [place for fact in facts for item in fact["objects"] for place in item["found"]]
    assert found
    assert {tuple(place) for place in found} == {("in", "signature", "revision")}
    imprints = [token["imprint"] for fact in facts for token in fact["tokens"]]
    assert imprints
    assert all(set(imprint) == {"digest", "ok"} for imprint in imprints)
    assert not any("imprint_digest" in token for fact in facts for token in fact["tokens"])


def test_a_run_with_a_witness_too(interop: CommandLine) -> None:
    """The file that the command line leaves, testimonies included."""
    if find("openssl") is None:
        pytest.skip("the openssl command is not on this machine")
    said = interop("run", "-k", "eu-qtsp-natural", "--engine", "openssl", "-o", "out")
    written = (interop.folder / "out" / "facts.jsonl").read_bytes().splitlines(keepends=True)
    assert said.code in (0, 1), said.err
    assert kinds(written).keys() == {"header", "fact", "testimony", "edge", "evidence", "footer"}
    assert list(misfits(written)) == []
    records = [load_record(line, name="facts.jsonl") for line in written]
    assert [dump_record(record) for record in records] == written
    assert any(record.statements for record in records if isinstance(record, Witnessed))


def test_an_error_line_fits_too(core: Core, lines: list[bytes], tmp_path: Path) -> None:
    header = load_record(lines[0], name="header")
    assert isinstance(header, HeaderRecord)
    file = FactsFile(header)
    file.failure("a.b/pades/b-b/pdf-valid", "r:00", "killed after 60 s")
    file.write(tmp_path / "facts.jsonl", complete=False)
    written = (tmp_path / "facts.jsonl").read_bytes().splitlines(keepends=True)
    assert list(misfits(written)) == []
    failed = ErrorRecord(record="error", vector="a.b/pades/b-b/pdf-valid", recipe="r:00", what="killed after 60 s")
    assert [load_record(line, name="facts.jsonl") for line in written] == [header, failed]


@pytest.mark.parametrize(
    ("line", "where"),
    [
        (b"{", "line"),
        (b"[]", "record"),
        (b'{"vector":"x"}', "record"),
        (b'{"record":"opinion"}', "record"),
        (b'{"record":["fact"]}', "record"),
        (b'{"record":"error","vector":"v","recipe":"r"}', "what"),
        (b'{"record":"edge","object":"a","key":"b","relation":"likes","ok":true}', "relation"),
    ],
)
def test_what_is_no_record_is_refused_with_its_place(line: bytes, where: str) -> None:
    with pytest.raises(InputError) as caught:
        load_record(line, name="facts.jsonl")
    assert where in [problem.where for problem in caught.value.problems]


def test_the_schema_refuses_a_line_that_names_no_kind_and_the_former_keys(lines: list[bytes]) -> None:
    validator = jsonschema.Draft202012Validator(schema("facts"))
    edge = next(json.loads(line) for line in lines if json.loads(line)["record"] == "edge")
    assert validator.is_valid(edge)
    assert not validator.is_valid({key: value for key, value in edge.items() if key != "record"})
    assert not validator.is_valid({**edge, "record": "fact"})


def test_place_is_written_as_in_and_read_from_there_only() -> None:
    place = FoundAt(place="dss", signature="s0", revision=2)
    assert json.loads(dump_json(place)) == {"in": "dss", "signature": "s0", "revision": 2}
    assert load_json(FoundAt, dump_json(place), name="x") == place
    with pytest.raises(InputError):
        load_json(FoundAt, b'{"place":"dss"}', name="x")


def test_imprint_is_one_thing_with_two_parts() -> None:
    tokens = schema("facts")["$defs"][TokenFacts.__name__]["properties"]
    assert tokens["imprint"]["$ref"] == f"#/$defs/{Imprint.__name__}"
    assert set(schema("facts")["$defs"][Imprint.__name__]["properties"]) == {"digest", "ok"}
    assert Facts.__name__ not in schema("facts")["$defs"]  # written as a record of kind `fact` only
