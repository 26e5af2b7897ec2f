"""Checks of dual-algorithm legs: an identity that another identity of the same provider follows on every document."""

from __future__ import annotations

from collections.abc import Iterator

from interop.model.formats import PDF_FORMATS, Format
from interop.model.profile import Identity, Provider
from interop.profile.remark import Path, Remark, check_word

__all__ = ["lint_legs"]

_SECOND = {"PDF": PDF_FORMATS, "XML": frozenset({Format.XADES, Format.XMLDSIG})}
"""What a second leg can be written in; a message of China Customs carries one signature."""


def lint_legs(path: Path, identity: Identity, provider: Provider) -> Iterator[Remark]:
    """`followed_by` of one identity: whom it names, with which algorithm, in formats that go together."""
    if identity.followed_by is None:
        return
    here = (*path, "followed_by")
    ids = {other.id: place for place, other in enumerate(provider.identities)}
    named: tuple[Path, ...] = tuple(("identities", place, "id") for place in ids.values())
    yield from check_word(here, identity.followed_by, ids, "identity", needs=named)
    if identity.reference:
        what = "an identity that is followed by another signs no negatives: give it to the leg that signs alone"
        yield Remark(path=(*path, "reference"), what=what, needs=(here,))
    if identity.followed_by not in ids:
        return
    if identity.followed_by == identity.id:
        yield Remark(path=here, what="is the identity itself", needs=named)
        return
    second = provider.identity(identity.followed_by)
    place: Path = ("identities", ids[second.id])
    needs = (*named, (*place, "formats"), (*path, "formats"))
    if second.followed_by is not None:
        yield Remark(path=here, what=f"'{second.id}' is itself followed by another", needs=((*place, "followed_by"),))
    yield from _algorithms(here, identity, second, provider)
    shared = [_common(identity, second, family) for family in _SECOND]
    if not any(shared):
        yield Remark(
            path=here,
            what=f"'{second.id}' has no level in common with '{identity.id}' in its first PDF format or in XML",
            needs=needs,
        )


def _algorithms(here: Path, identity: Identity, second: Identity, provider: Provider) -> Iterator[Remark]:
    specs = {spec.id: spec for spec in provider.certificates}
    if identity.certificate not in specs or second.certificate not in specs:
        return
    first, other = specs[identity.certificate].key, specs[second.certificate].key
    if first.kind == other.kind:
        what = f"both legs sign with keys of kind {first.kind}: nobody could say which leg is relied upon"
        yield Remark(path=here, what=what, needs=(("certificates",),))


def _common(identity: Identity, second: Identity, family: str) -> bool:
    """Whether some level is listed by the identity in a format of the family and by the second leg in its first one."""
    formats = _SECOND[family]
    first = next((form.format for form in second.formats if form.format in formats), None)
    levels = {level for form in second.formats if form.format is first for level in form.levels}
    return any(form.format in formats and not levels.isdisjoint(form.levels) for form in identity.formats)
