"""The time-stamps of vectors, with the one thing that a mutation wants wrong with them.

    stamp = stamper_of(issued, at, tsa=None, mutation="stamp-of-other-data")
    stamp(None, value)        a token over value, which proves nothing

What `pki.tsa` can break it breaks while making the token; the rest is changed in the finished one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from interop.cms.build import TimeStamper
from interop.model.errors import UsageError
from interop.pki.defect import TokenDefect
from interop.pki.issue import Issued
from interop.pki.tsa import timestamp

__all__ = ["STAMP_MUTATIONS", "stamper_of"]

_TST_INFO = bytes.fromhex("060b2a864886f70d0109100104")
"""id-ct-TSTInfo (RFC 3161 section 2.4.2), DER."""
_OTHER_CONTENT = bytes.fromhex("060b2a864886f70d0109100101")
"""id-ct-receipt (RFC 2634), of the same length: some other content."""

_DEFECTS: Mapping[str, TokenDefect] = {
    "stamp-of-other-data": TokenDefect.OTHER_DATA,
    "stamp-by-no-authority": TokenDefect.NO_EKU,
    "stamp-by-expired": TokenDefect.EXPIRED,
    "stamp-unbound": TokenDefect.NO_CERTIFICATE,
    "stamp-bound-to-other": TokenDefect.WRONG_CERTIFICATE,
    "stamp-from-the-future": TokenDefect.LATE,
    "stamp-value-flipped": TokenDefect.BAD_SIGNATURE,
}


def _time_altered(token: bytes) -> bytes:
    """The last digit of the seconds of genTime is another: an hour of day would do as well, the signature covers all of it."""
    content = token.index(_TST_INFO)
    at = token.index(b"\x18\x0f", content) + 2 + len("YYYYMMDDHHMMS")
    digit = token[at : at + 1]
    return token[:at] + (b"0" if digit != b"0" else b"1") + token[at + 1 :]


def _other_content(token: bytes) -> bytes:
    """The content type says that something else is signed; the content-type attribute is left (RFC 5652 section 11.1)."""
    return token.replace(_TST_INFO, _OTHER_CONTENT, 1)


_CHANGES: Mapping[str, Callable[[bytes], bytes]] = {
    "stamp-time-altered": _time_altered,
    "stamp-of-other-content": _other_content,
}
_SHA1 = "stamp-over-sha1"

STAMP_MUTATIONS = frozenset({*_DEFECTS, *_CHANGES, _SHA1})
"""Names of mutations of the signature time-stamp."""


def stamper_of(issued: Issued, at: datetime, *, tsa: str | None = None, mutation: str | None = None) -> TimeStamper:
    """A function that stamps at `at`. Other mutations than those above change nothing here."""

    def stamp(digest_name: str | None, value: bytes) -> bytes:
        chosen = "sha1" if mutation == _SHA1 else digest_name
        made = timestamp(issued, chosen, value, at, tsa=tsa, defect=_DEFECTS.get(mutation or ""))
        change = _CHANGES.get(mutation or "")
        if change is None:
            return made
        changed = change(made)
        if changed == made:
            raise UsageError(f"mutation '{mutation}' changed nothing in the time-stamp")
        return changed

    return stamp
