"""Canonical XML against the examples of the standards, and against xmlsec1 (which holds a libxml2 of its own)."""

from __future__ import annotations

import base64
import hashlib
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from xml_documents import Draft, drafts, written

from interop.xml.c14n import METHODS, CanonicalizationError, canonicalize, inclusive_prefixes
from interop.xml.c14n_writer import write
from interop.xml.names import C14N_10, C14N_11, DS, EC, ENVELOPED, EXC_C14N, FILTER2, ds

COMMENTS = "#WithComments"


def tree(text: str) -> etree._Element:
    return etree.fromstring(text.encode())


def test_canonical_xml_1_0_section_3_1() -> None:
    """Instructions, comments and what is outside the document element."""
    text = (
        '<?xml version="1.0"?>\n\n<?xml-stylesheet   href="doc.xsl"\n   type="text/xsl"   ?>\n\n'
        "<doc>Hello, world!<!-- 1 --></doc>\n\n<?pi-without-data     ?>\n\n<!-- 2 -->\n\n<!-- 3 -->"
    )
    root = tree(text)
    start = b'<?xml-stylesheet href="doc.xsl"\n   type="text/xsl"   ?>\n<doc>Hello, world!'
    assert canonicalize(root.getroottree(), C14N_10) == start + b"</doc>\n<?pi-without-data?>"
    assert canonicalize(root.getroottree(), C14N_10 + COMMENTS) == (
        start + b"<!-- 1 --></doc>\n<?pi-without-data?>\n<!-- 2 -->\n<!-- 3 -->"
    )


def test_canonical_xml_1_0_section_3_4() -> None:
    """Character modifications."""
    text = (
        "<doc><text>First line&#x0d;&#10;Second line</text><value>&#x32;</value>"
        '<compute><![CDATA[value>"0" && value<"10" ?"valid":"error"]]></compute></doc>'
    )
    assert canonicalize(tree(text), C14N_10) == (
        b"<doc><text>First line&#xD;\nSecond line</text><value>2</value>"
        b'<compute>value&gt;"0" &amp;&amp; value&lt;"10" ?"valid":"error"</compute></doc>'
    )


def test_exclusive_canonicalization_section_2_2() -> None:
    """The element n1:elem2 in two envelopes: the same octets exclusively, other octets inclusively."""
    inner = '<n1:elem2 xmlns:n1="http://example.net" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"/></n1:elem2>'
    first = f'<n0:local xmlns:n0="http://foobar.org" xmlns:n3="ftp://example.org">{inner}</n0:local>'
    scope = 'xmlns:n1="http://example.com" xmlns:n2="http://foo.example" xml:lang="fr" xml:space="retain"'
    second = f"<n2:pdu {scope}>{inner}</n2:pdu>"
    expected = inner.replace("/></n1", "></n3:stuff></n1").encode()
    assert canonicalize(tree(first)[0], EXC_C14N) == canonicalize(tree(second)[0], EXC_C14N) == expected
    assert canonicalize(tree(second)[0], C14N_10) == (
        b'<n1:elem2 xmlns:n1="http://example.net" xmlns:n2="http://foo.example" xml:lang="en" xml:space="retain">'
        b'<n3:stuff xmlns:n3="ftp://example.org"></n3:stuff></n1:elem2>'
    )


def test_inherited_xml_attributes_1_0_and_1_1() -> None:
    """1.0 takes every xml attribute of an ancestor over; 1.1 not xml:id, and joins xml:base (Canonical XML 1.1 section 2.4)."""
    apex = tree('<a xml:id="x" xml:lang="en" xml:base="http://a.example/b/c"><b xml:base="../d"><c/></b></a>')[0]
    assert canonicalize(apex, C14N_10) == b'<b xml:base="../d" xml:id="x" xml:lang="en"><c></c></b>'
    assert canonicalize(apex, C14N_11) == b'<b xml:base="http://a.example/d" xml:lang="en"><c></c></b>'
    assert canonicalize(apex, EXC_C14N) == b'<b xml:base="../d"><c></c></b>'
    assert canonicalize(apex[0], C14N_11) == b'<c xml:base="http://a.example/d" xml:lang="en"></c>'


def test_empty_joined_base_is_not_written() -> None:
    """W3C test c14n11 xmlbase-c14n11spec3: foo/bar joined with `..` twice leaves `../`, once leaves nothing."""
    root = tree('<a xml:base="foo/bar"><b xml:base=".."><c xml:base=".."/></b></a>')
    assert canonicalize(root[0], C14N_11).startswith(b"<b><c")
    assert canonicalize(root[0][0], C14N_11) == b'<c xml:base="../"></c>'


def test_prefix_list() -> None:
    """Exclusive canonicalisation section 2.1: prefixes of the list are treated as inclusive ones, `#default` the default."""
    apex = tree('<a xmlns="urn:d" xmlns:p="urn:p" xmlns:q="urn:q"><q:b/></a>')[0]
    assert canonicalize(apex, EXC_C14N) == b'<q:b xmlns:q="urn:q"></q:b>'
    assert canonicalize(apex, EXC_C14N, prefixes=["p"]) == b'<q:b xmlns:p="urn:p" xmlns:q="urn:q"></q:b>'
    assert canonicalize(apex, EXC_C14N, prefixes=["#default"]) == b'<q:b xmlns="urn:d" xmlns:q="urn:q"></q:b>'


@pytest.mark.parametrize("uri", [C14N_10, C14N_11, EXC_C14N])
@pytest.mark.parametrize("text", ['<a xmlns="rel"/>', '<a><b xmlns:p="../x"/></a>'])
def test_relative_namespace_names_are_refused(uri: str, text: str) -> None:
    """Canonical XML 1.0 section 2.1: implementations must report an operation failure."""
    with pytest.raises(CanonicalizationError):
        canonicalize(tree(text), uri)


def test_left_out_subtrees_leave_their_tails() -> None:
    root = tree("<a>1<b>x</b>2<c/>3<b>y</b>4</a>")
    assert canonicalize(root, C14N_10, excluded=[root[0], root[2]]) == b"<a>12<c></c>34</a>"
    assert canonicalize(root, C14N_10) == b"<a>1<b>x</b>2<c></c>3<b>y</b>4</a>", "the document itself is not touched"
    assert canonicalize(root, C14N_10, excluded=[root]) == b""


TRANSFORM_SETS = [(uri, ()) for uri in METHODS] + [(EXC_C14N, ("p", "#default"))]


def _digests_of_xmlsec1(
    xmlsec1: str, text: str, targets: list[tuple[str, str, tuple[str, ...]]], folder: Path
) -> list[bytes]:
    """xmlsec1 fills the references of a template: (URI, canonicalisation, prefixes) each; enveloped where the URI is empty."""
    references = []
    for uri, method, prefixes in targets:
        own = f'<x:InclusiveNamespaces xmlns:x="{EC}" PrefixList="{" ".join(prefixes)}"/>' if prefixes else ""
        first = f'<Transform Algorithm="{ENVELOPED}"/>' if not uri else ""
        references.append(
            f'<Reference URI="{uri}"><Transforms>{first}<Transform Algorithm="{method}">{own}</Transform></Transforms>'
            '<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference>'
        )
    signature = (
        f'<Signature xmlns="{DS}"><SignedInfo><CanonicalizationMethod Algorithm="{EXC_C14N}"/>'
        '<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"/>'
        f"{''.join(references)}</SignedInfo><SignatureValue/></Signature>"
    )
    template = folder / "template.xml"
    template.write_text(
        f'<?i o?><!--o--><w xmlns:p="urn:w" xml:lang="fr">{text}{signature}<!--t--></w><!--z-->', encoding="utf-8"
    )
    key = folder / "key.bin"
    key.write_bytes(b"0123456789abcdef")
    command = [xmlsec1, "--sign", "--hmackey", str(key)]
    for name in ("e", "urn:a:e", "urn:b:e", "urn:c:e", "urn:w:e"):
        command += ["--id-attr:Id", name]
    done = subprocess.run([*command, str(template)], capture_output=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr.decode()
    return [base64.b64decode(e.text or "") for e in etree.fromstring(done.stdout).iter(ds("DigestValue"))]


@given(draft=drafts(), pick=st.randoms(use_true_random=False))
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_same_octets_as_xmlsec1(xmlsec1: str, tmp_path: Path, draft: Draft, pick: object) -> None:
    """Subsets by Id and the document less its signature, in all methods."""
    counter = [0]
    text = written(draft, counter, {"": "", "p": "urn:w"})
    index = pick.randrange(counter[0])  # type: ignore[attr-defined]
    targets = [(uri, m, p) for uri in ("", f"#i{index}") for m, p in TRANSFORM_SETS]
    expected = _digests_of_xmlsec1(xmlsec1, text, targets, tmp_path)
    root = etree.fromstring((tmp_path / "template.xml").read_bytes())
    signature = root.find(ds("Signature"))
    assert signature is not None
    apex = next(e for e in root.iter(etree.Element) if e.get("Id") == f"i{index}")
    for (uri, method, prefixes), digest in zip(targets, expected, strict=True):
        node = apex if uri else root.getroottree()
        octets = canonicalize(node, method, prefixes=prefixes, excluded=[] if uri else [signature], comments=False)
        assert hashlib.sha256(octets).digest() == digest, (uri, method, octets)


@given(draft=drafts(), pick=st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_fast_path_and_own_writer_agree(draft: Draft, pick: object) -> None:
    """Whatever way is taken, the octets are those of the one walk that follows the standard step by step."""
    counter = [0]
    root = etree.fromstring(f"<w>{written(draft, counter)}</w>".encode())
    elements = list(root.iter(etree.Element))
    apex = pick.choice(elements)  # type: ignore[attr-defined]
    outside = [e for e in elements if e is not apex]
    excluded = frozenset(pick.sample(outside, min(len(outside), 2)))  # type: ignore[attr-defined]
    for prefixes in ((), ("q", "r"), ("#default",)):
        for comments in (True, False):
            own = write(
                apex, exclusive=True, prefixes=frozenset(prefixes), excluded=excluded, inherited={}, comments=comments
            )
            method = EXC_C14N + ("WithComments" if comments else "")
            assert canonicalize(apex, method, prefixes=prefixes, excluded=excluded) == own


@given(draft=drafts())
@settings(max_examples=200, deadline=None)
def test_canonical_form_is_a_fixed_point(draft: Draft) -> None:
    """The canonical form of a canonical form is itself (Canonical XML 1.0 section 1.1)."""
    root = etree.fromstring(written(draft, [0]).encode())
    for method in METHODS:
        once = canonicalize(root, method)
        assert canonicalize(etree.fromstring(once), method) == once


def test_inclusive_prefixes_are_read() -> None:
    transform = tree(f'<t><x:InclusiveNamespaces xmlns:x="{EC}" PrefixList=" a  #default b "/></t>')
    assert inclusive_prefixes(transform) == ("a", "#default", "b")
    assert inclusive_prefixes(tree("<t/>")) == ()
    assert FILTER2 not in METHODS
