"""All mistakes of one file at once, each once, with its place; files that cannot be read at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from interop.model.assurance import AssuranceLevel
from interop.model.errors import InputError, Problem
from interop.profile.load import load_case_set, load_cases, load_provider

HERE = Path(__file__).parent
Plant = Callable[..., tuple[Problem, ...]]


@pytest.mark.parametrize("sample", ["minimal", "minimal-agreement", "minimal-case", "minimal-suite", "minimal-rules"])
def test_samples_are_right_as_they_stand(plant: Plant, sample: str) -> None:
    assert plant(sample) == ()


def test_five_planted_mistakes_give_five_messages(plant: Plant) -> None:
    problems = plant(
        "minimal",
        ('curve = "P-256"', 'curve = "P-265"'),  # meaning: no such curve
        ('oid = "2.999.1.1"', 'oid = "2.5"'),  # meaning: too few arcs
        ('tsa_policy = "2.999.4"', 'tsa_policy = "2.999.4"\nretention = 5'),  # shape: unknown key
        ('certificate = "signer"\ncertificate_type', 'certificate = "singer"\ncertificate_type'),  # meaning: dangling
        ("identity_proofing = 3", 'identity_proofing = "3"'),  # shape: type
    )
    assert {(p.where, p.what) for p in problems} == {
        ("certificates[1].key.curve", "unknown curve 'P-265' (did you mean 'P-256'?)"),
        ("certificates[2].extensions.policies[0].oid", "'2.5' is not an OID with at least three arcs"),
        ("services.retention", "unknown key"),
        ("identities[0].certificate", "unknown certificate 'singer' (did you mean 'signer'?)"),
        ("identities[0].assurance.identity_proofing", "unknown value '3' (one of 0, 1, 2, 3, 4)"),
    }
    assert len(problems) == 5


def test_misspelt_required_key_is_one_mistake_and_its_value_is_still_checked(plant: Plant) -> None:
    problems = plant("minimal", ('role = "signer"', 'rol = "singer"'))
    assert [(p.where, p.what) for p in problems] == [
        ("certificates[2].rol", "unknown key (did you mean 'role'?)"),
        ("certificates[2].role", "unknown value 'singer' (did you mean 'signer'?)"),
    ]


def test_a_missing_table_hides_no_other_mistake_and_echoes_nowhere(plant: Plant) -> None:
    problems = plant("minimal", ('anchors = ["root"]\n', ""), ("[relying.revocation]", "[relying.revocations]"))
    assert {(p.where, p.what) for p in problems} == {
        ("anchors", "required key is missing"),
        ("relying.revocations", "unknown key (did you mean 'revocation'?)"),
    }


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (("bits = 2048", 'bits = "2048"'), "certificates[0].key.bits", "an integer is needed, not a string"),
        (("bits = 2048", "bits = 2048.0"), "certificates[0].key.bits", "an integer is needed, not a float"),
        (("ca = true", "ca = 1"), "certificates[0].extensions.ca", "true or false is needed, not an integer"),
        (('oid = "2.999.7"', "oid = 2.999"), "certificates[2].extensions.private[0].oid", "a string is needed, not a float"),
        (('anchors = ["root"]', 'anchors = "root"'), "anchors", "an array is needed, not a string"),
        (('name = { en = "only", zh = "唯一" }', 'name = "only"'), "identities[0].name", "a table is needed, not a string"),
        (('"https://pds.minimal.example/", "en"', '"https://pds.minimal.example/"'),
         "certificates[2].extensions.qc_statements[0].urls[0]", "an array of 2 is needed"),
        (('"https://pds.minimal.example/", "en"', '"https://pds.minimal.example/", "en", "fr"'),
         "certificates[2].extensions.qc_statements[0].urls[0]", "an array of 2 is needed"),
        (('level = "L3"', "level = 3"), "identities[0].assurance.level", "unknown value 3 (one of L0, L1, L2, L3, L4)"),
        (('level = "L3"', 'level = "L7"'), "identities[0].assurance.level", "unknown value 'L7' (one of L0, L1, L2, L3, L4)"),
        (("not_before = 2020-01-01", 'not_before = "soon"'), "certificates[0].not_before", "'soon' is no instant"),
        (("not_before = 2020-01-01", "not_before = 2020-01-01T00:00:00"), "certificates[0].not_before", "names no time zone"),
        (("not_before = 2020-01-01", 'not_before = "2020-01-01T00:00:00"'), "certificates[0].not_before", "names no time zone"),
        (("not_before = 2020-01-01", "not_before = 07:32:00"), "certificates[0].not_before", "is a time of day"),
        (('format = "pdf-gm"', 'format = "pdf-mg"'), "identities[0].formats[0].format", "unknown value 'pdf-mg' (did you mean 'pdf-gm'?)"),
    ],
)  # fmt: skip
def test_values_of_the_wrong_shape(plant: Plant, change: tuple[str, str], where: str, what: str) -> None:
    problems = plant("minimal", change)
    assert [p.where for p in problems] == [where]
    assert what in problems[0].what


def test_levels_are_read_by_name_and_dates_as_the_first_instant_of_their_day() -> None:
    provider = load_provider(HERE / "minimal.toml")
    assert provider.relying.floor is AssuranceLevel.L2
    assert provider.relying.ceiling is AssuranceLevel.L4
    assert provider.identity("only").assurance.level is AssuranceLevel.L3
    assert provider.certificate("root").not_before.isoformat() == "2020-01-01T00:00:00+00:00"


def test_syntax_error_names_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text('id = "x"\nname = [1\nrole = 2\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_provider(file)
    assert caught.value.problems[0].where.startswith("line 3, column ")
    assert "no valid TOML" in caught.value.problems[0].what


def test_absent_file_lists_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "there.toml").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="no such profile") as caught:
        load_provider(tmp_path / "not-there.toml")
    assert "there.toml" in caught.value.hints[0]


def test_bytes_that_are_no_utf8_are_placed(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_bytes(b'id = "\xff"')
    with pytest.raises(InputError, match="not UTF-8") as caught:
        load_provider(file)
    assert caught.value.problems[0].where == "byte 6"


def test_folder_in_place_of_a_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_provider(tmp_path)


def test_file_is_named_after_its_id(tmp_path: Path) -> None:
    file = tmp_path / "another.toml"
    file.write_text((HERE / "minimal.toml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(InputError, match=r"id +'minimal' is not the name of the file \(another\)"):
        load_provider(file)


def test_suites_are_checked_against_those_there_are() -> None:
    load_provider(HERE / "minimal.toml", suites={"gm"})
    with pytest.raises(InputError, match=r"relying\.algorithms\.suites\[0\] +unknown suite 'gm'"):
        load_provider(HERE / "minimal.toml", suites={"etsi-ts-119312"})


def test_several_cases_in_one_file_keep_their_places(tmp_path: Path) -> None:
    case = (HERE / "minimal-case.toml").read_text(encoding="utf-8")
    table = "[[case]]\n" + case.replace("[mutation]", "[case.mutation]").replace("[expectation]", "[case.expectation]")
    file = tmp_path / "cases.toml"
    file.write_text(table + table.replace('"minimal-case"', '"second"'), encoding="utf-8")
    assert [c.id for c in load_cases(file)] == ["minimal-case", "second"]
    file.write_text(table + table.replace('level = "b-b"', 'level = "b-x"'), encoding="utf-8")
    with pytest.raises(InputError, match=r"case\[1\]\.level +unknown value 'b-x'"):
        load_cases(file)


def test_case_set_instants_are_in_order(tmp_path: Path) -> None:
    file = tmp_path / "core.toml"
    text = 'id = "core"\nname = { en = "core", zh = "核心" }\ncases = ["*"]\nsigning = "2026-03-01T00:00:00Z"\n'
    file.write_text(text + 'validation = "2026-03-02T00:00:00Z"\n', encoding="utf-8")
    assert load_case_set(file).id == "core"
    file.write_text(text + 'validation = "2026-02-02T00:00:00Z"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"validation +is before signing"):
        load_case_set(file)
    file.write_text(text + 'validation = "2026-02-02T00:00:00"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"validation +is no instant"):
        load_case_set(file)
