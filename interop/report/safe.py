"""Untrusted text made safe for a terminal and for Markdown: names in certificates, details and errors come from strangers.

What would steer a terminal (control characters, ANSI escapes), reorder a line (bidirectional marks) or hide something
(zero-width characters) is written out as `\\u202e`; line breaks and other spaces become one space.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["markdown_text", "printable", "untrusted"]

_MARKUP = re.compile(r"([\\`*_\[\]|~>])")


def _shown(char: str) -> str:
    if char.isprintable():
        return char
    if char in "\t\n\r" or unicodedata.category(char) == "Zs":
        return " "
    return f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}"


def untrusted(text: str, *, limit: int = 200) -> str:
    """The text on one line, safe on a terminal: control and format characters are shown, never obeyed.

    `limit` is in characters of the result; what is longer ends in an ellipsis.
    """
    shown = " ".join("".join(map(_shown, text)).split())
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def markdown_text(text: str, *, limit: int = 400) -> str:
    """The text as plain words of GitHub-flavoured Markdown: no markup, no HTML, no link, no new table cell."""
    plain = _MARKUP.sub(r"\\\1", untrusted(text, limit=limit))
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace("@", "&#64;")
    # GitHub makes a link of a bare address: the scheme is broken up, and so is `www.`
    return plain.replace("://", "&#58;//").replace("www.", "www&#46;")


def printable(text: str) -> str:
    """A message of several lines whose lines are kept; everything else as in `untrusted`, without a limit."""
    return "\n".join("".join(map(_shown, line)) for line in text.split("\n"))
