"""Folders of lists: what is believed, what is refused as a whole and why, what merely gives no trust."""

from __future__ import annotations

import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from interop.model.certificate import ObjectId
from interop.model.errors import InputError, NothingToDo, UsageError
from interop.model.profile import World
from interop.model.trusted_list import ListSignature, TrustedList
from interop.pki.shipped import shipped_keys
from interop.profile.load import load_world
from interop.run.list_export import SIGNERS, export_lists, write_lists
from interop.run.list_folder import FolderLists, read_folder
from interop.trustlist.read import read_list
from interop.trustlist.signers import list_signer
from interop.trustlist.write import sign_list, write_list
from interop.x509.certificate import read_certificates

AT = datetime(2026, 3, 2, tzinfo=UTC)
LIST, FIRST = "ua-dual.xml", "lotl-eu.xml"


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


@pytest.fixture(scope="module")
def exported(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    write_lists(folder, export_lists(world, shipped_keys(), issued=AT))
    return folder


@pytest.fixture
def folder(exported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(exported, tmp_path / "lists"))


def read(folder: Path) -> FolderLists:
    return read_folder(folder, at=AT)


def signed_by(owner: str, path: Path, **fields: object) -> bytes:
    """The list of a file with other values, signed by another or the same."""
    was = read_list(path.read_bytes())
    values: TrustedList = replace(was.list, id=ObjectId(""), signature=ListSignature(count=0), **fields)  # type: ignore[arg-type]
    signer = list_signer(owner, values.territory or "ZZ", shipped_keys())
    return sign_list(write_list(values, was.certificates), signer, signing=AT)


def test_one_list_for_each_provider_and_one_list_of_lists_for_each_area(exported: Path, world: World) -> None:
    names = {path.name for path in exported.iterdir()}
    providers = {f"{provider.id}.xml" for provider in world.providers}
    areas = {name for name in names if name.startswith("lotl-")}
    assert names == providers | areas | {SIGNERS}
    laws = {a.id.removesuffix("-home") for a in world.agreements if a.kind.value == "home"}
    assert {f"lotl-{law}.xml" for law in laws} <= areas
    found = read(exported)
    assert {area.file for area in found.areas} == areas
    assert found.idle == ()
    assert found.findings == ()
    reached = {other.id for area in found.areas for _, other in area.reached if other is not None}
    assert reached == {one for name, one in found.files.items() if name in providers}
    assert all(other is not None for area in found.areas for _, other in area.reached)


def test_every_list_is_signed_and_repeats_byte_for_byte(exported: Path, world: World) -> None:
    again = export_lists(world, shipped_keys(), issued=AT)
    assert {path.name: path.read_bytes() for path in exported.iterdir()} == again
    for path in exported.glob("*.xml"):
        assert len(re.findall(rb"<ds:Signature[ >]", path.read_bytes())) == 1
        assert b'Type="http://uri.etsi.org/01903#SignedProperties"' in path.read_bytes()
    assert len(read_certificates(again[SIGNERS], SIGNERS)) == sum(name.startswith("lotl-") for name in again)


def flipped(data: bytes) -> bytes:
    return data.replace(b"Svcstatus/granted", b"Svcstatus/grantee", 1)


def unsigned(data: bytes) -> bytes:
    return re.sub(rb"<ds:Signature[ >].*</ds:Signature>", b"", data, flags=re.DOTALL)


def twice(data: bytes) -> bytes:
    (signature,) = re.findall(rb"<ds:Signature[ >].*</ds:Signature>", data, flags=re.DOTALL)
    return data.replace(signature, signature * 2)


def value_changed(data: bytes) -> bytes:
    start = data.index(b">", data.index(b"<ds:SignatureValue")) + 1
    return data[:start] + (b"A" if data[start : start + 1] != b"A" else b"B") + data[start + 1 :]


DAMAGE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "one word changed": (flipped, "trust.list-damaged"),
    "signature taken away": (unsigned, "trust.list-unsigned"),
    "signature twice": (twice, "trust.list-signed-twice"),
    "signature value changed": (value_changed, "trust.list-signature-invalid"),
    "cut short": (lambda data: data[: len(data) // 2], "container.xml-malformed"),
    "another root": (lambda _: b"<a/>", "no TrustServiceStatusList"),
}


@pytest.mark.parametrize("file", [LIST, FIRST])
@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_list_refuses_the_folder_with_file_and_reason(folder: Path, how: str, file: str) -> None:
    change, said = DAMAGE[how]
    path = folder / file
    before = path.read_bytes()
    path.write_bytes(change(before))
    assert path.read_bytes() != before
    with pytest.raises(InputError) as refused:
        read(folder)
    assert file in {problem.where for problem in refused.value.problems}
    assert any(said in problem.what for problem in refused.value.problems if problem.where == file)


def test_every_damaged_list_is_named_at_once(folder: Path) -> None:
    for name in (LIST, "uk-qtsp.xml", "zz-pilot.xml"):
        (folder / name).write_bytes(flipped((folder / name).read_bytes()))
    with pytest.raises(InputError) as refused:
        read(folder)
    assert [problem.where for problem in refused.value.problems] == [LIST, "uk-qtsp.xml", "zz-pilot.xml"]


def test_a_list_that_another_than_its_pointer_names_has_signed_is_refused(folder: Path) -> None:
    (folder / LIST).write_bytes(signed_by("zz-pilot", folder / LIST))
    with pytest.raises(InputError) as refused:
        read(folder)
    (problem,) = refused.value.problems
    assert problem.where == LIST
    assert "trust.list-signer-unknown" in problem.what


def test_an_older_issue_beside_a_newer_one_is_refused(folder: Path) -> None:
    (folder / "ua-newer.xml").write_bytes(signed_by("ua-dual", folder / LIST, sequence=2))
    with pytest.raises(InputError) as refused:
        read(folder)
    (problem,) = refused.value.problems
    assert problem.where == LIST
    assert "trust.list-superseded" in problem.what


def test_a_list_of_lists_by_a_stranger_gives_no_trust_and_refuses_nothing(folder: Path) -> None:
    first = read_list((folder / "lotl-uk.xml").read_bytes()).list
    (folder / "lotl-of-a-stranger.xml").write_bytes(signed_by("stranger", folder / "lotl-uk.xml"))
    found = read(folder)
    assert found.idle == ("lotl-of-a-stranger.xml",)
    assert [area.file for area in found.areas if area.first.territory == first.territory] == ["lotl-uk.xml"]


def test_only_the_named_signers_begin(folder: Path) -> None:
    """`signers.pem` with the certificate of one area alone: the other lists of lists are those of strangers."""
    signer = list_signer("lotl-ua", "UA", shipped_keys())
    (folder / SIGNERS).write_text(ssl.DER_cert_to_PEM_cert(signer.certificate), encoding="ascii")
    found = read(folder)
    assert [area.file for area in found.areas] == ["lotl-ua.xml"]
    assert "lotl-eu.xml" in found.idle


def test_signers_that_signed_none_of_the_lists_are_named_as_the_reason(folder: Path) -> None:
    signer = list_signer("stranger", "ZZ", shipped_keys())
    (folder / SIGNERS).write_text(ssl.DER_cert_to_PEM_cert(signer.certificate), encoding="ascii")
    with pytest.raises(InputError, match=r"none is signed by one of the certificates in signers\.pem"):
        read(folder)


def test_what_is_not_there(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        read(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingToDo, match="no list in that folder"):
        read(tmp_path / "empty")
    (folder / SIGNERS).unlink()
    with pytest.raises(UsageError, match=r"no signers\.pem"):
        read(folder)


def test_lists_past_their_next_update_are_believed_with_one_finding_for_all(exported: Path) -> None:
    found = read_folder(exported, at=datetime(2027, 1, 1, tzinfo=UTC))
    (finding,) = found.findings
    assert finding.endswith("(trust.list-expired)")
    assert f"and {len(found.files) - 3} more" in finding


def test_nothing_is_overwritten_and_nothing_left_half_written(world: World, exported: Path, tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / LIST).write_bytes(b"mine")
    files = {path.name: path.read_bytes() for path in exported.iterdir()}
    with pytest.raises(UsageError, match=r"1 of the files are there already and differ, ua-dual\.xml"):
        write_lists(folder, files)
    assert [path.name for path in folder.iterdir()] == [LIST]
    assert (folder / LIST).read_bytes() == b"mine"
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / SIGNERS).mkdir()
    with pytest.raises(UsageError):
        write_lists(blocked, files)
    assert [path.name for path in blocked.iterdir()] == [SIGNERS]


def test_what_cannot_be_finished_is_taken_away_again(
    exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from interop.run import list_export

    written: list[str] = []
    write = list_export.write_atomically

    def full(path: Path, data: bytes) -> None:
        if len(written) == 3:
            raise UsageError(f"{path}: cannot be written (no space left on device)")
        written.append(path.name)
        write(path, data)

    monkeypatch.setattr(list_export, "write_atomically", full)
    files = {path.name: path.read_bytes() for path in exported.iterdir()}
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="no space left"):
        write_lists(tmp_path / "full", files)
    assert len(written) == 3
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["notes.txt"]
    monkeypatch.undo()
    write_lists(tmp_path / "full", files)
    write_lists(tmp_path / "full", files)
    assert {path.name for path in (tmp_path / "full").iterdir()} == {*files, "notes.txt"}


def test_another_tool_verifies_every_exported_list(exported: Path) -> None:
    """xmlsec1 recomputes both digests and the value, with the key of the certificate in the signature."""
    tool = shutil.which("xmlsec1")
    if tool is None:
        if os.environ.get("CI"):
            pytest.fail("xmlsec1 is not on this machine")
        pytest.skip("xmlsec1 is not on this machine")
    named = "--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties"
    for path in sorted(exported.glob("*.xml")):
        done = subprocess.run(
            [tool, "--verify", "--insecure", *named, path], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (path.name, done.stderr)
        assert "SignedInfo References (ok/all): 2/2" in done.stderr, path.name
