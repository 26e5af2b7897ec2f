"""The shipped schemas are those of the model; shipped data fits them, and they refuse what the loader refuses."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from interop.model.errors import UsageError
from interop.profile.data import data_root, providers_dir
from interop.profile.load import list_files
from interop.profile.read import read_toml
from interop.profile.schema import SCHEMAS, schema, schema_text, write_schemas

SHIPPED = Path(__file__).parents[2] / "interop" / "profile" / "schemas"
FOLDERS = {"profile": "providers", "agreement": "agreements", "suite": "algorithms", "rules": "rules"}
HINT = "run `make schemas` and commit what it writes"


def test_there_is_a_file_for_every_schema_and_no_other() -> None:
    assert {path.stem for path in SHIPPED.iterdir()} == set(SCHEMAS)


@pytest.mark.parametrize("name", SCHEMAS)
def test_shipped_schema_has_not_drifted_from_the_model(name: str) -> None:
    assert (SHIPPED / f"{name}.json").read_text(encoding="utf-8") == schema_text(name), HINT


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_is_a_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize(("name", "folder"), FOLDERS.items())
def test_shipped_files_fit_their_schema(name: str, folder: str) -> None:
    files = list_files(data_root() / "profiles" / folder)
    assert files
    validator = jsonschema.Draft202012Validator(schema(name))
    for path in files.values():
        raw, _ = read_toml(path)
        assert [error.json_path for error in validator.iter_errors(raw)] == [], path.name


def test_schema_refuses_unknown_keys_and_levels_by_number() -> None:
    raw, _ = read_toml(providers_dir() / "eu-qtsp-natural.toml")
    validator = jsonschema.Draft202012Validator(schema("profile"))
    assert validator.is_valid(raw)
    assert not validator.is_valid({**raw, "retention": 5})
    assert not validator.is_valid({**raw, "relying": {**raw["relying"], "floor": 2}})


def test_every_key_of_a_profile_that_needs_words_has_them() -> None:
    made = schema("profile")
    tables = [made, *made["$defs"].values()]
    described = sum("description" in value for table in tables for value in table.get("properties", {}).values())
    assert described > 60
    assert made["$defs"]["KeySpec"]["properties"]["sm2_id"]["description"].startswith("SM2 distinguishing ID")


def test_written_copies_are_json_and_the_same(tmp_path: Path) -> None:
    files = write_schemas(tmp_path / "schemas")
    assert [json.loads(file.read_text(encoding="utf-8")) for file in files] == [schema(name) for name in SCHEMAS]


def test_unknown_schema_names_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no schema 'profil' \(did you mean 'profile'\?\)"):
        schema("profil")
