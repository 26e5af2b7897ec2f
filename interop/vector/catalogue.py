"""Which vectors there are: every case crossed with the identities and formats that it fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from interop.matrix.inputs import Vector
from interop.model.case import Case
from interop.model.formats import Packaging
from interop.model.profile import Identity, IdentityFormat, Provider

__all__ = ["Made", "VectorSpec", "expand", "fits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorSpec:
    """One vector to be made: a case, signed by one identity in one format."""

    provider: Provider
    identity: Identity
    emits: IdentityFormat
    case: Case

    @property
    def vector(self) -> Vector:
        """The vector as the matrix names it."""
        return Vector(
            signer=self.provider.id,
            identity=self.identity.id,
            format=self.emits.format,
            level=self.case.level,
            case=self.case.id,
        )

    @property
    def group(self) -> str:
        """`identity/format/level`: the grain at which a cell is accepted or not."""
        return self.vector.group

    @property
    def id(self) -> str:
        """`signer.identity/format/level/case`."""
        return self.vector.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One vector."""

    data: bytes
    """The file with the signature."""
    detached: bytes | None = None
    """The content beside it, for detached packaging; the signature refers to it by the name of the document."""


def fits(case: Case, provider: Provider, identity: Identity, emits: IdentityFormat) -> bool:
    """Whether the identity's profile lists what the case needs."""
    if emits.format not in case.formats or case.level not in emits.levels:
        return False
    if case.signers == "reference" and not identity.reference:
        return False
    if case.family == "xml" and emits.packagings and (case.packaging or Packaging.ENVELOPED) not in emits.packagings:
        return False
    key = provider.certificate(identity.certificate).key
    return not case.keys or key.kind in case.keys


def expand(providers: Iterable[Provider], cases: Iterable[Case]) -> tuple[VectorSpec, ...]:
    """All vectors, in the order of providers, identities, formats and cases.

    A negative comes only with its control: the same identity and format must list the control's level too.
    """
    ordered = tuple(cases)
    by_id = {case.id: case for case in ordered}
    specs: list[VectorSpec] = []
    for provider in providers:
        for identity in provider.identities:
            for emits in identity.formats:
                for case in ordered:
                    control = by_id.get(case.control or "")
                    if case.mutation is not None and (control is None or not fits(control, provider, identity, emits)):
                        continue
                    if fits(case, provider, identity, emits):
                        specs.append(VectorSpec(provider=provider, identity=identity, emits=emits, case=case))
    return tuple(specs)
