"""XML that is refused, and why (XML-E1 to E4 of the catalogue of negatives)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interop.xml.parse import MAX_DEPTH, XmlRefused, parse_xml

DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c"><!ATTLIST a Id ID "x">]>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (DOCTYPE.encode() + b"<a/>", "container.doctype-refused"),
        (b"<?xml version='1.0'?>\n<!-- c --><?p d?>\n" + DOCTYPE.encode() + b"<a/>", "container.doctype-refused"),
        (b"\xef\xbb\xbf<!DOCTYPE a><a/>", "container.doctype-refused"),
        (f'<?xml version="1.0" encoding="UTF-16"?>{DOCTYPE}<a/>'.encode("utf-16"), "container.doctype-refused"),
        (f"{DOCTYPE}<a/>".encode("utf-16-le"), "container.doctype-refused"),
        (f"{DOCTYPE}<a/>".encode("utf-16-be"), "container.doctype-refused"),
        (b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4<a/>', "container.xml-malformed"),
        (b'<?xml version="1.0" encoding="ISO-2022-JP"?><a/>', "container.xml-malformed"),
        (f"{DOCTYPE}<a/>".encode("utf-32"), "container.xml-malformed"),
        (b"<a>&b;</a>", "container.xml-malformed"),
        (b"<a><b></a>", "container.xml-malformed"),
        (b"<a/><b/>", "container.xml-malformed"),
        (b"", "container.xml-malformed"),
        (b"<!-- never ends", "container.xml-malformed"),
        (b"<!ELEMENT a ANY><a/>", "container.xml-malformed"),
        (b"<a>" * (MAX_DEPTH + 44) + b"</a>" * (MAX_DEPTH + 44), "container.xml-too-large"),
    ],
)
def test_refused(data: bytes, code: str) -> None:
    with pytest.raises(XmlRefused) as refused:
        parse_xml(data)
    assert refused.value.code == code


def test_a_doctype_in_a_comment_is_none() -> None:
    assert parse_xml(b"<!-- <!DOCTYPE a> --><a/>").root.tag == "a"


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "big5", "utf-8", "utf-16"])
def test_encodings_of_chinese_documents(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><a>合同</a>'
    assert parse_xml(text.encode(encoding)).root.text == "合同"


def test_nothing_is_fetched(tmp_path: Path) -> None:
    """Neither XInclude nor a schema location is followed; the canary file is not read into the tree."""
    canary = tmp_path / "canary.txt"
    canary.write_text("canary")
    text = (
        f'<a xmlns:xi="http://www.w3.org/2001/XInclude" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="urn:a {canary.as_uri()}"><xi:include href="{canary.as_uri()}" parse="text"/></a>'
    )
    assert "canary" not in "".join(parse_xml(text.encode()).root.itertext())


def test_identifiers_of_all_four_kinds_share_one_space() -> None:
    ids = parse_xml(b'<a Id="1"><b ID="2"/><c id="3"/><d xml:id="n4"/><e id="1"/></a>').ids
    assert {name: len(found) for name, found in ids.items()} == {"1": 2, "2": 1, "3": 1, "n4": 1}


@given(st.binary(max_size=200))
def test_arbitrary_octets_are_parsed_or_refused(data: bytes) -> None:
    try:
        outcome: str | XmlRefused = str(parse_xml(data).root.tag)
    except XmlRefused as refused:
        outcome = refused
    assert outcome.code.startswith("container.") if isinstance(outcome, XmlRefused) else outcome


def test_attack_files_are_refused(external: Path) -> None:
    files = sorted(external.glob("signxml__xmlattack_*.xml"))
    assert len(files) == 5
    for file in files:
        with pytest.raises(XmlRefused, match="doctype-refused"):
            parse_xml(file.read_bytes())
