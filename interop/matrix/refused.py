"""A refused group, and the changes that could be tried on it."""

from __future__ import annotations

from dataclasses import dataclass

from interop.model.assurance import AssuranceLevel
from interop.model.change import Change, ChangeKind, Op
from interop.model.formats import Format, Level
from interop.model.hierarchy import CertificateSpec
from interop.model.profile import Identity, Provider

__all__ = ["Option", "Refused", "rule", "whose"]

Option = frozenset[Change]
"""Changes that go together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One refused group, and what its options follow from."""

    signer: Provider
    relying: Provider
    identity: Identity
    format: Format
    level: Level
    codes: frozenset[str]
    """Reason codes that block it."""

    signed: str
    """When its files are signed, ISO 8601: an instrument has to be in force then."""
    attained: AssuranceLevel
    """Level that it attains there."""

    @property
    def spec(self) -> CertificateSpec:
        """The signing certificate."""
        return self.signer.certificate(self.identity.certificate)


def rule(refused: Refused, path: str, value: str, op: Op = "=") -> Option:
    """A rule of the relying party becomes another."""
    return frozenset({Change(kind=ChangeKind.SET, subject=refused.relying.id, path=path, op=op, value=value)})


def whose(refused: Refused) -> str:
    """The identity, as changes on the signing side name it."""
    return f"{refused.signer.id}.{refused.identity.id}"
