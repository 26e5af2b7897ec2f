"""`interop check`: other people's files, and what each option changes."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cli_calls import ROOT, Result

Interop = Callable[..., Result]

AT = "2026-03-02"
SCHEMA = json.loads((ROOT / "interop" / "profile" / "schemas" / "check.json").read_text(encoding="utf-8"))
PDF = "pdf-b-b.pdf"


def checked(result: Result) -> list[Mapping[str, Any]]:
    """The files of a JSON report that fits the schema."""
    report = json.loads(result.out)
    jsonschema.validate(report, SCHEMA)
    files: list[Mapping[str, Any]] = report["files"]
    return files


def one(result: Result) -> Mapping[str, Any]:
    (file,) = checked(result)
    return file


@pytest.fixture
def us(vectors: Path) -> Path:
    return vectors / "us-fpki.human" / "pades" / "b-b" / PDF


@pytest.fixture
def sm2(vectors: Path) -> Path:
    return vectors / "cn-licensed-sm2.org" / "pdf-pkcs7" / "b-b" / PDF


def accepting(file: Mapping[str, Any]) -> set[str]:
    return {name for name, answer in file["relying_parties"].items() if answer["accepted"]}


# --- the shape (design section 5) ---------------------------------------------------------------------------------


def test_the_shape_of_the_design(interop: Interop, us: Path) -> None:
    result = interop("check", us, "--at", AT, "-f", "json")
    assert (result.code, result.err) == (0, "")
    report = json.loads(result.out)
    assert {"schema_version", "at", "files"} <= set(report)
    assert report["schema_version"] == "1.0"
    assert report["at"] == "2026-03-02T00:00:00Z"
    file = one(result)
    assert {
        "file", "sha256", "format", "indication", "sub_indication", "reason", "findings", "signatures", "relying_parties",
        "error",
    } <= set(file)  # fmt: skip
    (signature,) = file["signatures"]
    assert {
        "id", "format", "level", "signed_by", "time", "covers_whole", "indication", "sub_indication", "reason", "layers",
    } <= set(signature)  # fmt: skip
    assert list(signature["layers"]) == [
        "container", "integrity", "signature", "format", "algorithm", "certificate", "chain", "revocation", "time",
    ]  # fmt: skip
    for answer in file["relying_parties"].values():
        assert {"accepted", "promised", "first_block", "reasons", "level"} <= set(answer)


def test_our_own_vectors_are_accepted_by_the_right_parties(interop: Interop, vectors: Path) -> None:
    # (identity, main format, B-B) among six of the parties: P1 at P1 and P6, the European and the American one at home alone
    six = {"cn-gov-gm", "cn-licensed-sm2", "eu-qtsp-natural", "gd-hk-scheme", "hk-recognised", "us-fpki"}
    for path, home, identity, also in (
        ("us-fpki.human/pades", "us-fpki", "human", set()),
        ("cn-licensed-sm2.org/pdf-pkcs7", "cn-licensed-sm2", "org", {"gd-hk-scheme"}),
        ("eu-qtsp-natural.natural-rsa/pades", "eu-qtsp-natural", "natural-rsa", set()),
    ):
        result = interop("check", vectors / path / "b-b" / PDF, "--at", AT, "-f", "json")
        file = one(result)
        assert result.code == 0
        assert (file["indication"], file["reason"]) == ("TOTAL_PASSED", None)
        assert accepting(file) & six == {home, *also}
        assert file["relying_parties"][home]["promised"] is True
        (signature,) = file["signatures"]
        assert (signature["provider"], signature["identity"]) == (home, identity)
        assert signature["covers_whole"] is True


def test_a_negative_of_ours_is_refused_by_everybody_at_its_layer(interop: Interop, vectors: Path) -> None:
    folder = vectors / "cn-licensed-sm2.org" / "pdf-pkcs7" / "b-b"
    for name, layer in (("pdf-byte-changed", "integrity"), ("pdf-value-flipped", "signature")):
        result = interop("check", folder / f"{name}.pdf", "--at", AT, "-f", "json")
        file = one(result)
        assert result.code == 1
        assert file["indication"] == "TOTAL_FAILED"
        assert file["reason"].startswith(f"{layer}.")
        assert accepting(file) == set()


# --- relying parties and exit codes -------------------------------------------------------------------------------


def test_as_asks_those_and_gates_on_them(interop: Interop, us: Path) -> None:
    home = interop("check", us, "--at", AT, "--as", "us-fpki", "-f", "json")
    assert home.code == 0
    assert set(one(home)["relying_parties"]) == {"us-fpki"}
    both = interop("check", us, "--at", AT, "--as", "us-fpki,cn-gov-gm", "-f", "json")
    assert both.code == 1  # technically passed, and not accepted by all of those asked for
    assert one(both)["indication"] == "TOTAL_PASSED"
    assert set(one(both)["relying_parties"]) == {"us-fpki", "cn-gov-gm"}


def test_several_files_exit_with_the_worst(interop: Interop, us: Path, vectors: Path, tmp_path: Path) -> None:
    nothing = tmp_path / "plain.xml"
    nothing.write_text("<a/>", encoding="utf-8")
    bad = vectors / "cn-licensed-sm2.org" / "pdf-pkcs7" / "b-b" / "pdf-byte-changed.pdf"
    for files, code in (([us], 0), ([us, nothing], 5), ([us, nothing, bad], 1), ([nothing], 5)):
        result = interop("check", *files, "--at", AT, "-f", "json")
        assert result.code == code, files
        assert [file["file"] for file in checked(result)] == [str(file) for file in files]


def test_a_file_that_cannot_be_looked_at_is_exit_3_and_one_result(
    interop: Interop, us: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RecursionError("planted")

    monkeypatch.setattr("interop.xml.observe.observe_xml", broken)
    result = interop("check", us, "-", "--at", AT, "-f", "json", stdin=b"<a/>")
    assert result.code == 3
    good, bad = checked(result)
    assert good["indication"] == "TOTAL_PASSED"
    assert bad["error"] == "RecursionError: planted"
    assert bad["indication"] is None


# --- what is not a signature --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [b"", b"hello\n", b"\x00" * 100, b"<a><b/></a>", b"%PDF-1.4\n", b"PK", b"\xff\xfe\x00\x00", b"-----BEGIN NOTHING"],
    ids=["empty", "text", "zeros", "xml", "pdf head", "two letters", "bom", "pem head"],
)
def test_a_file_without_a_signature(interop: Interop, data: bytes) -> None:
    result = interop("check", "-", "--at", AT, "-f", "json", stdin=data)
    file = one(result)
    if data == b"%PDF-1.4\n":  # a PDF whose structure cannot be read: whether it holds a signature is not known
        assert result.code in {1, 5}
        return
    assert (file["indication"], result.code) == ("NO_SIGNATURE_FOUND", 5)
    assert file["signatures"] == []
    assert file["reason"].startswith("container.")


def _archive(**members: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), data)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (_archive(mimetype=b"application/vnd.etsi.asic-e+zip", META_INF=b""), "asic"),
        (_archive(OFD_DOT_xml=b"<OFD/>"), "ofd"),
        (bytes.fromhex("308006092a864886f70d010702a080"), "p7m"),
        (bytes.fromhex("3080060a2a811ccf550601040202a080"), "p7m"),
    ],
    ids=["asic", "ofd", "p7m", "p7m with GM OIDs"],
)
def test_containers_that_are_not_handled_are_named(interop: Interop, data: bytes, kind: str) -> None:
    result = interop("check", "-", "--at", AT, "-f", "json", stdin=data)
    file = one(result)
    assert (file["format"], file["reason"]) == (kind, "container.format-not-handled")
    assert file["indication"] == "INDETERMINATE"  # it may hold a signature: never NO_SIGNATURE_FOUND
    assert result.code == 1
    shown = interop("check", "-", "--at", AT, stdin=data)
    assert "container.format-not-handled" in shown.out
    assert f"unsupported ({kind})" in shown.out


# --- where things are read from -----------------------------------------------------------------------------------


def test_standard_input(interop: Interop, us: Path) -> None:
    file = one(interop("check", "-", "--at", AT, "-f", "json", stdin=us.read_bytes()))
    assert (file["file"], file["indication"]) == ("-", "TOTAL_PASSED")


def test_a_folder_is_every_pdf_and_xml_in_it(interop: Interop, us: Path, sm2: Path, tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "a.pdf").write_bytes(us.read_bytes())
    (tmp_path / "below" / "B.PDF").write_bytes(sm2.read_bytes())
    (tmp_path / "readme.txt").write_text("no", encoding="utf-8")
    files = checked(interop("check", tmp_path, "--at", AT, "-f", "json"))
    assert [Path(file["file"]).name for file in files] == ["a.pdf", "B.PDF"]


def test_an_empty_folder_is_nothing_to_do(interop: Interop, tmp_path: Path) -> None:
    result = interop("check", tmp_path)
    assert result.code == 5
    assert "no PDF or XML file" in result.error


def test_detached_content(interop: Interop, vectors: Path, tmp_path: Path) -> None:
    folder = vectors / "eu-qtsp-natural.natural-rsa" / "xades" / "b-b"
    signature = folder / "xml-b-b-detached.xml"
    content = next(path for path in folder.iterdir() if not path.name.startswith("xml-"))
    alone = one(interop("check", signature, "--at", AT, "-f", "json"))
    assert alone["indication"] == "INDETERMINATE"
    assert alone["sub_indication"] == "SIGNED_DATA_NOT_FOUND"
    beside = one(interop("check", signature, "--detached", content, "--at", AT, "-f", "json"))
    assert beside["indication"] == "TOTAL_PASSED"
    other = tmp_path / "other.xml"
    other.write_bytes(content.read_bytes().replace(b">", b" >", 1))
    wrong = one(interop("check", signature, "--detached", other, "--at", AT, "-f", "json"))
    assert (wrong["indication"], wrong["sub_indication"]) == ("TOTAL_FAILED", "HASH_FAILURE")


def test_the_element_that_is_consumed(interop: Interop, vectors: Path) -> None:
    file = next((vectors / "eu-qtsp-natural.natural-rsa" / "xades" / "b-b").glob("xml-b-b.xml"))
    result = one(interop("check", file, "--element", "no-such-id", "--at", AT, "-f", "json"))
    assert result["indication"] != "TOTAL_PASSED"
    assert "element" in json.dumps(result)


def test_a_password(interop: Interop, us: Path, tmp_path: Path) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.writer import copy_into_new_writer

    writer = copy_into_new_writer(PdfFileReader(io.BytesIO((ROOT / "vectors/documents/contract.pdf").read_bytes())))
    writer.encrypt(owner_pass="owner", user_pass="open sesame")
    locked = tmp_path / "locked.pdf"
    with locked.open("wb") as file:
        writer.write(file)
    assert one(interop("check", locked, "--at", AT, "-f", "json"))["reason"] == "container.encrypted"
    word = tmp_path / "password.txt"
    word.write_text("open sesame\n", encoding="utf-8")
    opened = interop("check", locked, "--password-file", word, "--at", AT, "-f", "json")
    assert one(opened)["indication"] == "NO_SIGNATURE_FOUND"


# --- home, trust and time -----------------------------------------------------------------------------------------


def _foreign(interop: Interop, folder: Path, *arguments: str | Path) -> Mapping[str, Any]:
    """Checked in a world that does not know the signer's provider."""
    profiles, agreements = folder / "providers", folder / "agreements"
    if not profiles.is_dir():
        for made in (profiles, agreements):
            made.mkdir()
        (folder / "keys").symlink_to(ROOT / "profiles" / "keys")
        text = (ROOT / "profiles" / "providers" / "eu-qtsp-natural.toml").read_text(encoding="utf-8")
        alone = re.sub(r'(?m)^anchors = \["eu-qtsp-natural".*\]$', 'anchors = ["eu-qtsp-natural"]', text)
        alone = re.sub(r"(?m)^load = .*$", "load = []", alone)
        (profiles / "eu-qtsp-natural.toml").write_text(alone, encoding="utf-8")
    return one(
        interop("check", *arguments, "--profiles", profiles, "--agreements", agreements, "--at", AT, "-f", "json")
    )


def test_no_home_leaves_the_chain_open_and_all_else_evaluated(interop: Interop, us: Path, tmp_path: Path) -> None:
    file = _foreign(interop, tmp_path, us)
    (signature,) = file["signatures"]
    assert file["indication"] == "INDETERMINATE"
    assert signature["layers"]["chain"]["reasons"][0] == "chain.home-anchor-unknown"
    for layer in ("container", "integrity", "signature", "format", "algorithm", "certificate"):
        assert signature["layers"][layer]["result"] == "pass", layer
    assert signature["provider"] is None


@pytest.mark.parametrize("shape", ["file", "folder", "der"])
def test_trust_names_the_home(interop: Interop, us: Path, vectors: Path, tmp_path: Path, shape: str) -> None:
    # a file that is named like a provider does not pass for it
    anchor = tmp_path / "trust" / "eu-qtsp-natural.pem"
    anchor.parent.mkdir()
    pem = (vectors / "anchors" / "us-fpki.pem").read_bytes()
    if shape == "der":
        from interop.x509.certificate import read_certificates

        anchor = anchor.with_suffix(".der")
        anchor.write_bytes(read_certificates(pem, "us-fpki.pem")[0])
    else:
        anchor.write_bytes(pem)
        (anchor.parent / "readme.txt").write_text("not a certificate", encoding="utf-8")
    file = _foreign(interop, tmp_path, us, "--trust", anchor.parent if shape == "folder" else anchor)
    (signature,) = file["signatures"]
    assert signature["layers"]["chain"]["result"] == "pass"
    assert signature["provider"] == f"file:{anchor.name}"
    assert signature["identity"] is None
    assert file["relying_parties"]["eu-qtsp-natural"]["promised"] is False


def test_naming_a_known_anchor_keeps_it_the_providers(interop: Interop, us: Path, vectors: Path) -> None:
    result = interop("check", us, "--trust", vectors / "anchors" / "us-fpki.pem", "--at", AT, "-f", "json")
    assert result.code == 0
    (signature,) = one(result)["signatures"]
    assert (signature["provider"], signature["identity"]) == ("us-fpki", "human")


def test_a_self_signed_certificate_in_the_file_is_never_an_anchor(interop: Interop, external: Path) -> None:
    # design section 6; the signer of this file is self-signed, and intact over its revision
    file = one(interop("check", external / "dss__hide.pdf", "--at", "2021-01-01", "-f", "json"))
    (signature,) = file["signatures"]
    assert signature["layers"]["signature"]["result"] == "pass"
    assert signature["layers"]["chain"]["result"] == "indeterminate"
    assert signature["layers"]["chain"]["reasons"][0] == "chain.home-anchor-unknown"


def test_certificates_beside_the_file_complete_a_path_and_anchor_nothing(
    interop: Interop, external: Path, vectors: Path
) -> None:
    anchor = external / "xmlcrypto__anchor_client.crt"
    file = one(interop("check", external / "xmlcrypto__valid_signature_utf8.xml", "--with-cert", anchor, "-f", "json"))
    (signature,) = file["signatures"]
    assert signature["layers"]["chain"]["result"] == "indeterminate"
    trusted = one(interop("check", external / "xmlcrypto__valid_signature_utf8.xml", "--trust", anchor, "-f", "json"))
    assert trusted["signatures"][0]["layers"]["chain"]["result"] == "pass"


def test_the_time_claimed(interop: Interop, us: Path) -> None:
    result = interop("check", us, "--at", "claimed", "-f", "json")
    assert json.loads(result.out)["at"] == "claimed"
    assert result.code == 0
    later = interop("check", us, "--at", "2036-03-02", "-f", "json")
    assert later.code == 1
    (signature,) = one(later)["signatures"]
    assert signature["layers"]["time"]["result"] == "indeterminate"


def test_now_is_printed(interop: Interop, us: Path) -> None:
    shown = interop("check", us)
    assert "judged at: 20" in shown.out
    assert json.loads(interop("check", us, "-f", "json").out)["at"].endswith("Z")


# --- the page -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_fits_and_names_every_relying_party(
    interop: Interop, us: Path, external: Path, width: int, lang: str
) -> None:
    from rich.cells import cell_len

    result = interop(
        "check", us, external / "mklpdf__isa_A.pdf", "--at", AT, "--lang", lang, env={"COLUMNS": str(width)}
    )
    assert result.code == 1
    assert all(cell_len(line) <= width for line in result.out.splitlines())
    assert all(line == line.rstrip() for line in result.out.splitlines())
    for party in ("us-fpki", "cn-gov-gm", "cn-licensed-sm2", "eu-qtsp-natural", "gd-hk-scheme", "hk-recognised"):
        assert result.out.count(party) >= 2


def test_a_name_that_is_no_utf8_costs_nothing(interop: Interop, vectors: Path, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    content = next(vectors.rglob("pdf-b-b.pdf")).read_bytes()
    (folder / "plain.pdf").write_bytes(content)
    Path(os.fsdecode(os.fsencode(folder) + b"/x\xff.pdf")).write_bytes(content)
    seen = json.loads(interop("check", folder, "-f", "json").out)
    assert sorted(Path(file["file"]).name for file in seen["files"]) == ["plain.pdf", "x\\xff.pdf"]
    assert all(file["error"] is None and file["signatures"] for file in seen["files"])
