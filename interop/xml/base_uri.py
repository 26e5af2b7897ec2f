"""Joining xml:base values as Canonical XML 1.1 section 2.4 asks: RFC 3986 section 5.2 for bases without a scheme."""

from __future__ import annotations

import re

__all__ = ["join_references", "remove_dot_segments"]

_URI = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
"""RFC 3986 appendix B: scheme, authority, path, query, fragment."""


def _split(uri: str) -> tuple[str | None, str | None, str, str | None]:
    match = _URI.fullmatch(uri)
    if match is None:  # every part of the expression may be empty
        raise ValueError(f"'{uri}' is not a URI reference")
    return match[1], match[2], match[3], match[4]


def remove_dot_segments(path: str) -> str:
    """Canonical XML 1.1 section 2.4: keep leading `../`, collapse slashes, end a trailing `..` with a slash.

    >>> remove_dot_segments("../../no/../..")
    '../../../'
    """
    absolute = path.startswith("/")
    segments = re.sub("/+", "/", path).split("/")
    if absolute:
        segments = segments[1:]
    kept: list[str] = []
    for segment in segments:
        if segment in {"", "."}:
            continue
        if segment != "..":
            kept.append(segment)
        elif kept and kept[-1] != "..":
            kept.pop()
        elif not absolute:
            kept.append("..")
    folder = segments[-1] in {"", ".", ".."}
    return ("/" if absolute else "") + "/".join(kept) + ("/" if kept and folder else "")


def join_references(base: str, reference: str) -> str:
    """`reference` resolved against `base`; either may be relative, the fragment is dropped.

    >>> join_references("http://a.example/b/c", "../d")
    'http://a.example/d'
    """
    b_scheme, b_authority, b_path, b_query = _split(base)
    scheme, authority, path, query = _split(reference)
    if b_path == ".." or b_path.endswith("/.."):
        b_path += "/"
    if scheme is not None or authority is not None:
        path = remove_dot_segments(path)
        scheme = b_scheme if scheme is None else scheme
    else:
        scheme, authority = b_scheme, b_authority
        if path == "":
            path = b_path
            query = b_query if query is None else query
        elif not path.startswith("/"):
            folder = "/" if b_authority is not None and b_path == "" else b_path[: b_path.rfind("/") + 1]
            path = folder + path
        path = remove_dot_segments(path)
    return "".join(
        (
            "" if scheme is None else scheme + ":",
            "" if authority is None else "//" + authority,
            path,
            "" if query is None else "?" + query,
        )
    )
