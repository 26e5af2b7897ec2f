"""Which vectors there are: every case crossed with the identities and formats that it fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from interop.matrix.inputs import Vector
from interop.model.case import Case
from interop.model.formats import PDF_FORMATS, Format, Packaging
from interop.model.profile import Identity, IdentityFormat, Provider

__all__ = ["SIGNER_VARIANTS", "Made", "VectorSpec", "expand", "fits", "second_leg"]

SIGNER_VARIANTS = {"expired-signer": "expired", "no-key-usage": "no-key-usage"}
"""Mutation -> variant of the signing certificate (`pki.variant`) that the vector is signed with."""
_SIDE_BY_SIDE = frozenset({Format.XADES, Format.XMLDSIG})
"""XML formats whose references may leave out other signatures; the messages of China Customs know one signature."""


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


def second_leg(case: Case, provider: Provider, identity: Identity) -> tuple[Identity, IdentityFormat] | None:
    """Who signs after the identity, and in which format: the first of the case's family that the profile lists for them.

    None where nobody follows, or where that format does not have the level and packaging of the case.
    """
    if identity.followed_by is None:
        return None
    follower = provider.identity(identity.followed_by)
    family = PDF_FORMATS if case.family == "pdf" else _SIDE_BY_SIDE
    first = next((emits.format for emits in follower.formats if emits.format in family), None)
    for emits in follower.formats:
        if emits.format is first and case.level in emits.levels and _packaged(case, emits):
            return follower, emits
    return None


def _packaged(case: Case, emits: IdentityFormat) -> bool:
    return case.family == "pdf" or not emits.packagings or (case.packaging or Packaging.ENVELOPED) in emits.packagings


def fits(case: Case, provider: Provider, identity: Identity, emits: IdentityFormat) -> bool:
    """Whether the identity's profile lists what the case needs. One that is followed by another signs `legs` and nothing else."""
    if emits.format not in case.formats or case.level not in emits.levels:
        return False
    if (case.signatures == "legs") != (identity.followed_by is not None):
        return False
    if case.signatures == "legs" and second_leg(case, provider, identity) is None:
        return False
    if case.signers == "reference" and not identity.reference:
        return False
    if not _packaged(case, emits):
        return False
    key = provider.certificate(identity.certificate).key
    return not case.keys or key.kind in case.keys


def expand(providers: Iterable[Provider], cases: Iterable[Case]) -> tuple[VectorSpec, ...]:
    """All vectors, in the order of providers, identities, formats and cases.

    A negative comes only with its control: the same identity and format must list the control's level too. Where a profile
    lists a format twice (another policy at another level), each case is made by the first entry that it fits.
    """
    ordered = tuple(cases)
    by_id = {case.id: case for case in ordered}
    specs: list[VectorSpec] = []
    for provider in providers:
        for identity in provider.identities:
            taken: set[tuple[Format, str]] = set()
            for emits in identity.formats:
                for case in ordered:
                    if (emits.format, case.id) in taken or not fits(case, provider, identity, emits):
                        continue
                    control = by_id.get(case.control or "")
                    if case.mutation is not None and not _control_fits(control, provider, identity, emits.format):
                        continue
                    taken.add((emits.format, case.id))
                    specs.append(VectorSpec(provider=provider, identity=identity, emits=emits, case=case))
    return tuple(specs)


def _control_fits(control: Case | None, provider: Provider, identity: Identity, form: Format) -> bool:
    """Whether the identity makes the control in the same format, be it by another entry of its profile."""
    return control is not None and any(
        fits(control, provider, identity, emits) for emits in identity.formats if emits.format is form
    )
