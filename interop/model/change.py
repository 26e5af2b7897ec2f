"""One change that somebody could make, as data: to an agreement, to a relying party's rules, to how a signer signs.

A change is written as the option of `interop whatif` that makes it, and read back from it:

    >>> str(Change(kind=ChangeKind.ENABLE, subject="prc-art26-hk"))
    '--enable prc-art26-hk'
    >>> str(Change(kind=ChangeKind.SET, subject="hk-recognised", path="formats.accept", op="+=", value="pades"))
    '--set hk-recognised:formats.accept+=pades'
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from interop.model.text import Text

__all__ = ["AGREEMENT_CHANGES", "COST_TEXT", "SIGNING_CHANGES", "Change", "ChangeKind", "Cost", "Op"]

Op = Literal["=", "+=", "-="]


class ChangeKind(StrEnum):
    """What is changed; the value is the name of the option."""

    ENABLE = "enable"
    """An agreement is switched on: `ID`."""
    DISABLE = "disable"
    """An agreement is switched off: `ID`."""
    ENACT = "enact"
    """An agreement enters into force: `ID=TIME`."""
    REPEAL = "repeal"
    """An agreement is repealed: `ID=TIME`."""
    RECOGNISE = "recognise"
    """A relying party recognises all that a signer's anchors vouch for, by an instrument that does not exist: `PARTY=SIGNER`."""
    LOAD = "load"
    """A relying party takes the entries of an agreement into its trust set: `PARTY=ID`."""
    TRUST = "trust"
    """A relying party trusts an anchor of its own accord: `PARTY=PROVIDER[:CERTIFICATE]`."""
    ALLOW = "allow"
    """An algorithm is accepted, and suitable at any time: `[PARTY=]NAME`."""
    BAN = "ban"
    """An algorithm is accepted no more: `[PARTY=]NAME`."""
    SET = "set"
    """A rule of relying parties: `[PARTY:]RULE=VALUE`, `+=` and `-=` for lists."""
    REISSUE = "reissue"
    """The certificate of a signing identity is issued otherwise: `SIGNER.IDENTITY:SETTING=VALUE`, `+=`, `-=`."""
    EMIT = "emit"
    """An identity signs in one more format or level: `SIGNER.IDENTITY=FORMAT[/LEVEL]`."""
    SIGN = "sign"
    """A setting with which an identity signs, in one of its formats or all: `SIGNER.IDENTITY:[FORMAT.]SETTING=VALUE`, `+=`, `-=`."""


AGREEMENT_CHANGES = frozenset(
    {ChangeKind.ENABLE, ChangeKind.DISABLE, ChangeKind.ENACT, ChangeKind.REPEAL, ChangeKind.RECOGNISE}
)
"""Changes to instruments."""
SIGNING_CHANGES = frozenset({ChangeKind.REISSUE, ChangeKind.EMIT, ChangeKind.SIGN})
"""Changes after which the signer's files must be made again."""

_SETTING = re.compile(r"(?P<path>[^=+\-][^=]*?)(?P<op>\+=|-=|=)(?P<value>.*)\Z", re.DOTALL)


_CONTRARY = frozenset(
    {
        (ChangeKind.DISABLE, ChangeKind.ENABLE),
        (ChangeKind.DISABLE, ChangeKind.ENACT),
        (ChangeKind.DISABLE, ChangeKind.REPEAL),
        (ChangeKind.BAN, ChangeKind.ALLOW),
    }
)
"""Kinds of which the first undoes the second, where both are about the same."""


class Cost(StrEnum):
    """What a change takes, cheapest first."""

    CONFIGURATION = "configuration"
    """A setting or list of a relying party: hours."""
    SIGNING = "signing"
    """Sign in another form with the same key: a setting of the signer's software."""
    REISSUE = "reissue"
    """New certificates for the signers: a change of profile at the CA, and reissue."""
    SOFTWARE = "software"
    """Code that reads a format or computes an algorithm not known there so far."""
    LEGAL = "legal"
    """An instrument between authorities, or an act of one."""


COST_TEXT: Mapping[Cost, Text] = {
    Cost.CONFIGURATION: Text(en="configuration", zh="配置"),
    Cost.SIGNING: Text(en="signing settings", zh="签名设置"),
    Cost.REISSUE: Text(en="reissue of certificates", zh="重新签发证书"),
    Cost.SOFTWARE: Text(en="software", zh="软件"),
    Cost.LEGAL: Text(en="legal instrument", zh="法律文件"),
}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Change:
    """One change."""

    kind: ChangeKind
    """What is changed."""
    subject: str = ""
    """Whose: an agreement id, a party id, `signer.identity`; empty: every relying party's (`allow`, `ban`, `set`)."""
    path: str = ""
    """`set`, `reissue`, `sign`: dotted path of the rule or setting."""
    op: Op = "="
    """`set`, `reissue`, `sign`: replace, add to a list, take from a list."""
    value: str = ""
    """What it becomes: a time, an id, a name, a value."""

    def __str__(self) -> str:
        """The option of `interop whatif` that makes it."""
        if self.path:
            setting = f"{self.path}{self.op}{self.value}"
            told = f"{self.subject}:{setting}" if self.subject else setting
        elif self.value:
            told = f"{self.subject}={self.value}" if self.subject else self.value
        else:
            told = self.subject
        return f"--{self.kind.value} {told}"

    def contrary_to(self, other: Change) -> bool:
        """Whether this change undoes what the other one does: `disable` an agreement, `ban` an algorithm."""
        if (self.kind, other.kind) not in _CONTRARY or self.subject != other.subject:
            return False
        return self.kind is ChangeKind.DISABLE or self.value == other.value

    @staticmethod
    def of_option(option: str) -> Change:
        """The change that an option of `interop whatif` makes, as `str` writes it. ValueError for anything else."""
        kind, found, text = option.removeprefix("--").partition(" ")
        if not found or not option.startswith("--"):
            raise ValueError("is no option with an argument")
        return Change.parse(ChangeKind(kind), text)

    @staticmethod
    def parse(kind: ChangeKind, text: str) -> Change:
        """Read the argument of an option. ValueError says what is wrong with it."""
        if not text.strip():
            raise ValueError("is empty")
        if kind in {ChangeKind.ENABLE, ChangeKind.DISABLE}:
            return Change(kind=kind, subject=text)
        if kind in {ChangeKind.SET, ChangeKind.REISSUE, ChangeKind.SIGN}:
            return _setting(kind, text)
        subject, found, value = text.partition("=")
        if not found and kind in {ChangeKind.ALLOW, ChangeKind.BAN}:
            return Change(kind=kind, value=text)
        if not subject or not value:
            raise ValueError(f"is not {_SHAPES[kind]}")
        return Change(kind=kind, subject=subject, value=value)


_SHAPES = {
    ChangeKind.ENACT: "ID=TIME",
    ChangeKind.REPEAL: "ID=TIME",
    ChangeKind.RECOGNISE: "PARTY=SIGNER",
    ChangeKind.LOAD: "PARTY=ID",
    ChangeKind.TRUST: "PARTY=PROVIDER[:CERTIFICATE]",
    ChangeKind.ALLOW: "[PARTY=]NAME",
    ChangeKind.BAN: "[PARTY=]NAME",
    ChangeKind.EMIT: "SIGNER.IDENTITY=FORMAT[/LEVEL]",
}


def _setting(kind: ChangeKind, text: str) -> Change:
    match = _SETTING.match(text)
    if match is None:
        raise ValueError(
            "is not " + ("[PARTY:]RULE=VALUE" if kind is ChangeKind.SET else "SIGNER.IDENTITY:SETTING=VALUE")
        )
    subject, found, path = match["path"].partition(":")
    if not found:
        subject, path = "", match["path"]
    if kind is not ChangeKind.SET and "." not in subject:
        raise ValueError("is not SIGNER.IDENTITY:SETTING=VALUE")
    op: Op = "+=" if match["op"] == "+=" else "-=" if match["op"] == "-=" else "="
    return Change(kind=kind, subject=subject, path=path, op=op, value=match["value"])
