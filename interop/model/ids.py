"""Ids of cells, groups and cases: `signer[.identity]:relying[/format/level[/case]][@engine]`.

The same in a shell, in `-k`, in `explain`, as an HTML anchor and in JUnit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["CellId", "is_slug"]

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ID = re.compile(
    r"(?P<signer>[^.:/@]+)(?:\.(?P<identity>[^.:/@]+))?:(?P<relying>[^.:/@]+)"
    r"(?:/(?P<format>[^/@]+)/(?P<level>[^/@]+)(?:/(?P<case>[^/@]+))?)?(?:@(?P<engine>[^@]+))?"
)


def is_slug(text: str) -> bool:
    """Whether the text is safe as an id: lower-case letters, digits and inner hyphens."""
    return _SLUG.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellId:
    """A cell, or a group or case in it."""

    signer: str
    """Provider that signs."""
    relying: str
    """Provider whose relying party judges."""
    identity: str | None = None
    """Identity of the signer; None: all."""
    format: str | None = None
    """Signature format; None: the whole cell."""
    level: str | None = None
    """Signature level; None: the whole cell."""
    case: str | None = None
    """Case; None: the whole group."""
    engine: str | None = None
    """Engine that answered; None: the primary one."""

    @staticmethod
    def parse(text: str) -> CellId:
        """Read an id. Raises ValueError with what is expected."""
        match = _ID.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"'{text}' is not signer[.identity]:relying[/format/level[/case]][@engine]")
        parts = match.groupdict()
        for name, part in parts.items():
            if part is not None and name != "engine" and not is_slug(part):
                raise ValueError(f"'{part}' in '{text}' is not an id (lower-case letters, digits, hyphens)")
        return CellId(**parts)

    def __str__(self) -> str:
        text = self.signer + (f".{self.identity}" if self.identity else "") + f":{self.relying}"
        if self.format and self.level:
            text += f"/{self.format}/{self.level}" + (f"/{self.case}" if self.case else "")
        return text + (f"@{self.engine}" if self.engine else "")

    @property
    def cell(self) -> str:
        """The cell alone: `signer:relying`."""
        return f"{self.signer}:{self.relying}"
