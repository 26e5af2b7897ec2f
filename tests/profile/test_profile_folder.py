"""A profile in its folder: what it says of others and others of it is told together with its own mistakes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from interop.model.errors import UsageError
from interop.profile.data import agreements_dir, providers_dir
from interop.profile.folder import Examination, examine

AGREEMENT = """
id = "{id}"
kind = "unilateral"
name = {{ en = "test", zh = "测试" }}
signers = ["{signer}"]
relying = ["gd-hk-scheme"]
evidence = "published"
origin = "modelled"
source = "this test"
history = [{{ at = 2025-01-01T00:00:00Z, status = "enacted" }}]
entries = [{{ anchor = "{anchor}" }}]
"""


class Folder:
    """`providers/` with acme.toml and its siblings, `agreements/` beside it."""

    def __init__(self, root: Path) -> None:
        self.providers, self.agreements = root / "providers", root / "agreements"
        shutil.copytree(providers_dir(), self.providers)
        shutil.copytree(agreements_dir(), self.agreements)
        self.acme = self.providers / "acme.toml"
        text = (self.providers / "gd-hk-scheme.toml").read_text(encoding="utf-8")
        self.acme.write_text(text.replace('"gd-hk-scheme"', '"acme"'), encoding="utf-8")
        self.change(self.acme, 'load = ["hk-to-gd", "prc-art26-hk", "cn-contract-hk", "cn-contract-mo"]', "load = []")
        self.change(self.agreements / "cn-home.toml", '"gd-hk-scheme"]', '"gd-hk-scheme", "acme"]', times=2)

    def change(self, file: Path, old: str, new: str, *, times: int = 1) -> None:
        text = file.read_text(encoding="utf-8")
        assert text.count(old) >= times, old
        file.write_text(text.replace(old, new, times), encoding="utf-8")

    def agreement(self, name: str, *, signer: str = "acme", anchor: str = "acme:root") -> Path:
        file = self.agreements / f"{name}.toml"
        file.write_text(AGREEMENT.format(id=name, signer=signer, anchor=anchor), encoding="utf-8")
        return file


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def told(examination: Examination) -> dict[str, set[tuple[str, str]]]:
    """File name -> errors."""
    return {r.path.name: {(p.where, p.what) for p in r.problems} for r in examination.reports if r.problems}


def test_what_fits_is_silent(folder: Folder) -> None:
    found = examine([folder.acme])
    assert [(r.path, r.problems, r.warnings) for r in found.reports] == [(folder.acme, (), ())]
    assert found.agreements == (folder.agreements,)
    assert found.mentioned == ()


def test_own_mistakes_and_those_in_the_folder_at_once(folder: Folder) -> None:
    folder.change(folder.acme, "load = []", 'load = ["cn-hom", "hk-to-gd"]')
    folder.change(folder.acme, 'anchors = ["acme"', 'anchors = ["hk-recognized", "us-fpki:rot", "acme"')
    folder.change(folder.acme, "path_length = 0", "path_length = -4")
    assert told(examine([folder.acme])) == {
        "acme.toml": {
            ("certificates[1].extensions.path_length", "-4 is less than 0 (RFC 5280 4.2.1.9)"),
            ("relying.trust.anchors[0]", "unknown provider 'hk-recognized' (did you mean 'hk-recognised'?)"),
            (
                "relying.trust.anchors[1]",
                "unknown certificate of us-fpki 'rot'",
            ),
            ("relying.trust.load[0]", "unknown agreement 'cn-hom' (did you mean 'cn-home'?)"),
            ("relying.trust.load[1]", "hk-to-gd does not name acme as a relying party"),
        }
    }


def test_a_misspelt_key_does_not_echo_in_the_folder(folder: Folder) -> None:
    agreement = folder.agreement("to-acme")
    folder.change(agreement, 'signers = ["acme"]', 'signers = ["gd-hk-scheme"]')
    folder.change(agreement, 'relying = ["gd-hk-scheme"]', 'relying = ["acme"]')
    folder.change(agreement, "acme:root", "gd-hk-scheme:root")
    folder.change(folder.acme, "load = []", 'laod = ["to-acme"]')
    assert told(examine([folder.acme])) == {"acme.toml": {("relying.trust.laod", "unknown key (did you mean 'load'?)")}}


def test_agreement_that_names_the_profile_wrongly(folder: Folder) -> None:
    folder.agreement("acme-wrong", anchor="acme:rot")
    folder.agreement("of-others", signer="us-fpki", anchor="us-fpki:rot")  # nobody asked
    errors = told(examine([folder.acme]))
    assert set(errors) == {"acme-wrong.toml"}
    ((where, what),) = errors["acme-wrong.toml"]
    assert where == "entries[0].anchor"
    assert "unknown certificate of acme 'rot' (did you mean 'root'?)" in what
    assert set(told(examine(sorted(folder.providers.glob("*.toml")), whole=True))) == {
        "acme-wrong.toml",
        "of-others.toml",
    }


def test_broken_siblings_are_mentioned_and_hide_nothing(folder: Folder) -> None:
    broken = folder.providers / "us-fpki.toml"
    broken.write_text("id = [", encoding="utf-8")
    repaired = folder.providers / "hk-recognised.toml"
    folder.change(repaired, 'role = "root"', 'rol = "root"')
    agreement = folder.agreements / "hk-to-gd.toml"
    agreement.write_text("id = [", encoding="utf-8")
    folder.change(folder.acme, "load = []", 'load = ["hk-to-gd", "nobody-there"]')
    folder.change(folder.acme, 'anchors = ["acme"', 'anchors = ["us-fpki:rot", "hk-recognised:nothing", "acme"')
    found = examine([folder.acme])
    assert set(told(found)) == {"acme.toml"}
    assert {where for where, _ in told(found)["acme.toml"]} == {"relying.trust.load[1]"}
    assert set(found.mentioned) == {broken, repaired, agreement}


def test_agreements_of_another_folder(folder: Folder, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    found = examine([folder.acme], agreements=other)
    assert [p.what for r in found.reports for p in r.warnings] == ["is a member of no agreement of kind home"]
    with pytest.raises(UsageError, match="no such folder"):
        examine([folder.acme], agreements=tmp_path / "nope")


def test_without_agreements_of_its_own_the_shipped_ones_count(folder: Folder, tmp_path: Path) -> None:
    alone = tmp_path / "alone" / "profiles"
    alone.mkdir(parents=True)
    copied = Path(shutil.copy(folder.acme, alone))
    folder.change(copied, "load = []", 'load = ["prc-art26-kh"]')
    folder.change(
        copied,
        'anchors = ["acme", "cn-licensed-sm2", "cn-gov-gm", "cn-dual-alg", "cn-finance-lei", "cn-customs-xml"]',
        'anchors = ["acme"]',
    )
    found = examine([copied])
    assert found.agreements == (agreements_dir(),)
    assert told(found) == {
        "acme.toml": {("relying.trust.load[0]", "unknown agreement 'prc-art26-kh' (did you mean 'prc-art26-hk'?)")}
    }


def test_a_file_that_is_not_there_is_told_like_any_mistake(folder: Folder) -> None:
    found = examine([folder.providers / "nope.toml", folder.acme])
    assert told(found) == {"nope.toml": {("file", "no such profile")}}


def test_shipped_data_is_silent_as_a_whole() -> None:
    found = examine(sorted(providers_dir().glob("*.toml")), whole=True)
    assert [(r.path.name, r.problems, r.warnings) for r in found.reports if r.problems or r.warnings] == []
    assert found.mentioned == ()
