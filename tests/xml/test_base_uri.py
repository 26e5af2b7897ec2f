"""Canonical XML 1.1: the examples of section 2.4 and of appendix A, and RFC 3986 section 5.4.1."""

from __future__ import annotations

import pytest

from interop.xml.base_uri import join_references, remove_dot_segments


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("no/.././/pseudo-netpath/seg/file.ext", "pseudo-netpath/seg/file.ext"),
        ("no/..//.///pseudo-netpath/seg/file.ext", "pseudo-netpath/seg/file.ext"),
        ("yes/no//..//.///pseudo-netpath/seg/file.ext", "yes/pseudo-netpath/seg/file.ext"),
        ("no/../yes", "yes"),
        ("no/../yes/", "yes/"),
        ("no/../yes/no/..", "yes/"),
        ("../../no/../..", "../../../"),
        ("no/../..", "../"),
        ("no/..", ""),
        ("no/../", ""),
        ("/a/b/c/./../../g", "/a/g"),
        ("mid/content=5/../6", "mid/6"),
        ("../../..", "../../../"),
        ("no/../../", "../"),
        ("..yes/..no/..no/..no/../../../..yes", "..yes/..yes"),
        ("../..", "../../"),
        (".", ""),
        ("./.", ""),
        ("//no/..", "/"),
        ("../../no/..", "../../"),
        ("yes/no/no/../..", "yes/"),
        ("/no/../", "/"),
        ("/yes/no/no/no/../../..", "/yes/"),
        ("../../..no/..", "../../"),
        ("/..no/../", "/"),
        ("/", "/"),
        ("/././", "/"),
        ("/../../..", "/"),
        ("//..//..//..", "/"),
        ("/./.././.././..", "/"),
        ("..", "../"),
        ("../", "../"),
    ],
)
def test_appendix_a(path: str, expected: str) -> None:
    assert remove_dot_segments(path) == expected


@pytest.mark.parametrize(
    ("base", "reference", "expected"),
    [("abc/", "../", ""), ("../", "../", "../../"), ("..", "..", "../../"), ("foo/bar", "..", "")],
)
def test_relative_bases(base: str, reference: str, expected: str) -> None:
    assert join_references(base, reference) == expected


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
        ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), (";x", "http://a/b/c/;x"),
        ("g;x?y", "http://a/b/c/g;x?y"), ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("..", "http://a/b/"),
        ("../g", "http://a/b/g"), ("../../g", "http://a/g"),
    ],
)  # fmt: skip
def test_rfc_3986_5_4_1(reference: str, expected: str) -> None:
    """Normal examples; the fragment is left out, as Canonical XML 1.1 has no use for it."""
    assert join_references("http://a/b/c/d;p?q", reference) == expected
