"""`interop agreement list`, `show` and `lint`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cli_calls import ROOT, Result

from interop.model.agreement import AgreementKind
from interop.report.agreements import KINDS

Interop = Callable[..., Result]
SHIPPED = sorted(path.stem for path in (ROOT / "profiles" / "agreements").glob("*.toml"))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the shipped profiles and agreements."""
    shutil.copytree(ROOT / "profiles" / "providers", tmp_path / "providers")
    shutil.copytree(ROOT / "profiles" / "agreements", tmp_path / "agreements")
    return tmp_path


def change(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")


def listed(interop: Interop, *options: str | Path) -> dict[str, dict[str, Any]]:
    result = interop("agreement", "list", "-f", "json", *options)
    assert result.code == 0, result.err
    return {row["id"]: row for row in json.loads(result.out)["agreements"]}


def test_every_shipped_agreement_is_listed_once(interop: Interop) -> None:
    result = interop("agreement", "list", env={"COLUMNS": "160"})
    assert result.code == 0
    ids = [line.split()[0] for line in result.out.splitlines() if not line.startswith(" ")]
    assert ids == SHIPPED
    assert f"{len(SHIPPED)} agreements, as of 2026-03-02" in result.err
    assert list(listed(interop)) == SHIPPED


def test_the_list_says_kind_direction_evidence_switch_and_other_direction(interop: Interop) -> None:
    rows = listed(interop)
    assert rows["hk-to-gd"] == {
        "id": "hk-to-gd",
        "kind": "oid-prefix",
        "signers": ["hk-recognised"],
        "relying": ["gd-hk-scheme"],
        "evidence": "published",
        "enabled": True,
        "grants": True,
        "in_force": True,
        "counterpart": "gd-hk-to-hk",
    }
    assert (rows["prc-art26-hk"]["enabled"], rows["prc-art26-hk"]["grants"]) == (False, False)
    framework = rows["sg-eu-digital-trade"]
    assert (framework["evidence"], framework["enabled"], framework["grants"]) == ("framework-only", True, False)


def test_in_force_is_asked_of_an_instant(interop: Interop) -> None:
    """The scheme's certificate policy is effective from 30 September 2018 in Hong Kong, where the day begins eight hours earlier."""
    assert listed(interop, "--at", "2018-09-29T16:00:00Z")["hk-to-gd"]["in_force"] is True
    assert listed(interop, "--at", "2018-09-29T15:59:59Z")["hk-to-gd"]["in_force"] is False
    page = interop("agreement", "show", "hk-to-gd", "--at", "2018-09-29T15:59:59Z").out
    assert "at 2018-09-29T15:59:59Z  not yet in force" in page
    assert interop("agreement", "list", "--at", "soon").code == 2


def test_a_repealed_agreement_is_no_longer_in_force(interop: Interop, own: Path) -> None:
    file = own / "agreements" / "eu-to-zz.toml"
    change(
        file,
        ("[[entries]]", '[[history]]\nat = 2023-01-01T00:00:00Z\nstatus = "repealed"\nnote = "ended"\n\n[[entries]]'),
    )
    page = interop("agreement", "show", file, env={"COLUMNS": "160"}).out
    assert "no longer in force" in page
    assert "2023-01-01            repealed  ended" in page
    rows = listed(interop, "--agreements", own / "agreements")
    assert rows["eu-to-zz"]["in_force"] is False
    assert listed(interop, "--agreements", own / "agreements", "--at", "2022-12-31")["eu-to-zz"]["in_force"] is True


def test_show_says_everything_in_words(interop: Interop) -> None:
    page = interop("agreement", "show", "hk-to-gd", env={"COLUMNS": "200"}).out
    for said in (
        "gd-hk-scheme recognise hk-recognised",
        "other direction  gd-hk-to-hk",
        "L3 at most",
        "loaded by        gd-hk-scheme",
        "domestic-profiles.md 4.2",
        "for cross-border electronic transactions",
        "enacted  certificate policy v1.1 effective",
        "paths that end at hk-recognised:root, certificates issued by hk-recognised:issuing",
        "signed from 2015-07-10T16:00:00Z",
        "if the certificate has a policy under 2.16.344.8.2.2008.810.2",
        "if the certificate is of type TEST e-Cert (Personal) with Mutual Recognition Status",
    ):
        assert said in page
    assert "nothing: a framework alone" in interop("agreement", "show", "sg-eu-digital-trade").out
    assert "br-icp-a3 recognises itself" in interop("agreement", "show", "br-home").out


def test_it_speaks_chinese(interop: Interop) -> None:
    page = interop("agreement", "show", "prc-art26-hk", "--lang", "zh", env={"COLUMNS": "200"}).out
    for said in ("法定核准", "认可 hk-recognised", "假设", "停用", "终止于 hk-recognised:root 的路径", "沿革"):
        assert said in page
    result = interop("agreement", "list", "--lang", "zh")
    assert "互认协定" in result.out
    assert f"{len(SHIPPED)} 项互认安排，截至 2026-03-02" in result.err


def test_every_kind_has_a_name() -> None:
    assert set(KINDS) == set(AgreementKind)
    assert all(text.en == kind.value and text.zh for kind, text in KINDS.items())


def test_json_of_one_is_the_data_of_its_file(interop: Interop) -> None:
    data = json.loads(interop("agreement", "show", "hk-to-gd", "-f", "json").out)
    assert (data["id"], data["kind"], data["level_cap"]) == ("hk-to-gd", "oid-prefix", "L3")
    jsonschema.validate(data, json.loads(interop("profile", "schema", "agreement").out))
    (entry,) = data["entries"]
    assert entry["condition"]["policy_prefix"] == "2.16.344.8.2.2008.810.2"


def test_an_unknown_id_and_an_empty_folder_say_so(interop: Interop, tmp_path: Path) -> None:
    result = interop("agreement", "show", "hk-to-gdd")
    assert result.code == 2
    assert result.error == "unknown agreement 'hk-to-gdd' (did you mean 'hk-to-gd'?)"
    for verb in ("list", "lint"):
        assert interop("agreement", verb, "--agreements", tmp_path).code == 5
        assert interop("agreement", verb, "--agreements", tmp_path / "nope").code == 2


def test_lint_of_all_shipped_agreements_is_silent(interop: Interop) -> None:
    result = interop("agreement", "lint")
    assert (result.code, result.out) == (0, "")
    assert f"{len(SHIPPED)} agreements checked, 0 errors, 0 remarks" in result.err


def test_lint_tells_own_mistakes_and_those_with_profiles_and_other_agreements(interop: Interop, own: Path) -> None:
    file = own / "agreements" / "hk-to-gd.toml"
    change(
        file,
        ('relying = ["gd-hk-scheme"]', 'relying = ["gd-hk-scheme", "gd-hk-schem"]'),
        ('counterpart = "gd-hk-to-hk"', 'counterpart = "gd-hk-to-hkk"'),
        ('issuer = "hk-recognised:issuing"', 'issuer = "hk-recognised:isuing"'),
        ('policy_prefix = "2.16.344.8.2.2008.810.2"', 'policy_prefix = "2.16"'),
    )
    (own / "agreements" / "eu-to-ua.toml").write_text("broken", encoding="utf-8")
    result = interop("agreement", "lint", file)
    assert result.code == 2
    for said in (
        "(did you mean 'gd-hk-scheme'?)",
        "unknown agreement 'gd-hk-to-hkk' (did you mean 'gd-hk-to-hk'?)",
        "(did you mean 'issuing'?)",
        "'2.16' is not an OID",
    ):
        assert said in result.out
    assert "4 problems in 1 file" in result.err
    assert "eu-to-ua.toml: has mistakes of its own" in result.err
    whole = interop("agreement", "lint", "--agreements", own / "agreements")
    assert whole.code == 2
    assert "in 3 files" in whole.err, "the file, the broken one, and the counterpart whose other side it no longer is"


def test_lint_takes_the_profiles_that_are_named(interop: Interop, own: Path) -> None:
    file = own / "agreements" / "hk-to-gd.toml"
    empty = own / "empty"
    empty.mkdir()
    assert interop("agreement", "lint", file).code == 0
    result = interop("agreement", "lint", file, "--profiles", empty)
    assert result.code == 2
    assert "unknown provider 'hk-recognised'" in result.out
    assert interop("agreement", "lint", own / "agreements" / "absent.toml").code == 2
