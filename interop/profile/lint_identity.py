"""Checks of the identities that a provider's customers sign with."""

from __future__ import annotations

from collections.abc import Iterator

from interop.crypto.opaque import is_opaque
from interop.crypto.table import digest, digest_by_uri, digests, signature, signature_by_uri, signatures
from interop.model.formats import PDF_FORMATS, Format, Level
from interop.model.hierarchy import KeySpec
from interop.model.profile import Identity, IdentityFormat, Provider, SignaturePolicySpec
from interop.profile.lint_legs import lint_legs
from interop.profile.names import is_oid
from interop.profile.remark import (
    Path,
    Remark,
    check_oid,
    check_slug,
    check_stand_in,
    check_word,
    duplicates,
    is_hex,
)
from interop.profile.shape import dotted

__all__ = ["NEEDS_SM2", "lint_identities"]

NEEDS_SM2 = frozenset({Format.PDF_GM, Format.XML_CUSTOMS})
"""Formats that know no other signature algorithm: GB/T 35275-2017; China Customs messages 202205, section 6, with its SM2 URIs."""


def _uris(path: Path, form: IdentityFormat, spec: KeySpec | None, key: tuple[Path, ...]) -> Iterator[Remark]:
    """XML algorithm URIs are registered ones, and fit the key; without one the key's own algorithm has one."""
    uri, kind = form.signature_uri, None if spec is None else spec.kind
    named = None if spec is None else signature(spec.signature)
    if uri is None and named is not None and not named.uris and form.format not in PDF_FORMATS:
        what = f"the key signs with '{named.name}', which has no URI for XML"
        yield Remark(path=(*path, "format"), what=what, needs=key)
    if uri is not None:
        known = [u for algorithm in signatures() if kind in {None, algorithm.key} for u in algorithm.uris]
        found = signature_by_uri(uri)
        if found is None:
            yield from check_word((*path, "signature_uri"), uri, known, "signature URI")
        elif kind is not None and found.key != kind:
            yield Remark(
                path=(*path, "signature_uri"), what=f"is for keys of kind {found.key}, the key is {kind}", needs=key
            )
    if form.digest_uri is not None and digest_by_uri(form.digest_uri) is None:
        yield from check_word(
            (*path, "digest_uri"), form.digest_uri, [u for digest in digests() for u in digest.uris], "digest URI"
        )


def _format(path: Path, form: IdentityFormat, spec: KeySpec | None, key: tuple[Path, ...]) -> Iterator[Remark]:
    """One format of one identity; `spec` is its key, where that is known."""
    here, kind = (*path, "format"), None if spec is None else spec.kind
    if not form.levels:
        yield Remark(path=(*path, "levels"), what="names no level")
    yield from duplicates((((*path, "levels", i), level) for i, level in enumerate(form.levels)), "level")
    if form.format in NEEDS_SM2 and kind not in {None, "SM2"}:
        yield Remark(path=here, what=f"'{form.format}' needs an SM2 key, the key is {kind}", needs=key)
    if form.format in PDF_FORMATS:
        for field in ("packagings", "signature_uri", "digest_uri", "canonicalization_uri"):
            if getattr(form, field):
                yield Remark(path=(*path, field), what=f"is for XML, '{form.format}' is a PDF format", needs=(here,))
    elif form.signature_oid is not None or form.signing_time:
        field = "signature_oid" if form.signature_oid is not None else "signing_time"
        yield Remark(path=(*path, field), what=f"is for CMS, '{form.format}' is an XML format", needs=(here,))
    if form.signature_oid is not None and not is_oid(form.signature_oid):
        yield Remark(
            path=(*path, "signature_oid"), what=f"'{form.signature_oid}' is not an OID with at least three arcs"
        )
    if form.format is Format.PADES and form.signing_time:
        yield Remark(
            path=(*path, "signing_time"),
            what="PAdES forbids the CMS signing-time attribute (EN 319 142-1 6.3)",
            needs=(here,),
        )
    if form.format is Format.PADES and not form.signing_certificate:
        yield Remark(path=(*path, "signing_certificate"), what="PAdES always has it (EN 319 142-1 6.3)", needs=(here,))
    if form.value_encoding is not None and kind not in {None, "SM2"}:
        yield Remark(path=(*path, "value_encoding"), what=f"is for SM2 keys, the key is {kind}", needs=key)
    yield from _uris(path, form, spec, key)
    if form.signature_policy is not None:
        yield from _signature_policy((*path, "signature_policy"), form.signature_policy, form.format, here)


def _signature_policy(path: Path, policy: SignaturePolicySpec, form: Format, format_path: Path) -> Iterator[Remark]:
    """The policy can be written in the format; OID, digest and hash are what they are called."""
    if form not in PDF_FORMATS and form is not Format.XADES:
        what = f"'{form}' has no place for one: XML carries it in XAdES only (EN 319 132-1 5.2.9)"
        yield Remark(path=path, what=what, needs=(format_path,))
    yield from check_oid((*path, "oid"), policy.oid)
    yield from check_stand_in((*path, "origin"), policy.oid, policy.origin)
    algorithm = digest(policy.digest)
    if algorithm is None:
        yield from check_word((*path, "digest"), policy.digest, [known.name for known in digests()], "digest")
    elif form is Format.XADES and not algorithm.uris:
        what = f"{algorithm.name} has no URI for XML"
        yield Remark(path=(*path, "digest"), what=what, needs=(format_path,))
    if not is_hex(policy.hash):
        yield Remark(path=(*path, "hash"), what="is no hex")
    elif algorithm is not None and len(bytes.fromhex(policy.hash)) != algorithm.size:
        what = f"has {len(bytes.fromhex(policy.hash))} octets, {algorithm.name} makes {algorithm.size}"
        yield Remark(path=(*path, "hash"), what=what, needs=((*path, "digest"),))


def _format_twice(path: Path, identity: Identity) -> Iterator[Remark]:
    """A format stands twice only at different levels: with another signature policy at each, say."""
    for index, form in enumerate(identity.formats):
        for before, other in enumerate(identity.formats[:index]):
            shared = [level for level in form.levels if level in other.levels]
            if other.format is form.format and shared:
                where = (*path, "formats", before)
                yield Remark(
                    path=(*path, "formats", index, "format"),
                    what=f"format '{form.format}' is already at {dotted(where)} for {', '.join(shared)}",
                    needs=((*where, "format"), (*where, "levels"), (*path, "formats", index, "levels")),
                )


def _identity(path: Path, identity: Identity, provider: Provider) -> Iterator[Remark]:
    specs = {spec.id: index for index, spec in enumerate(provider.certificates)}
    named: tuple[Path, ...] = tuple(("certificates", index, "id") for index in specs.values())
    here, key = (*path, "certificate"), (*named, (*path, "certificate"))
    signs_with: KeySpec | None = None
    yield from check_slug((*path, "id"), identity.id)
    if identity.certificate not in specs:
        signers = [spec.id for spec in provider.certificates if spec.role == "signer"]
        yield from check_word(here, identity.certificate, signers or list(specs), "certificate", needs=named)
    else:
        spec = provider.certificate(identity.certificate)
        place: Path = ("certificates", specs[spec.id])
        if spec.role == "signer":
            signs_with, key = spec.key, (*key, (*place, "key", "kind"), (*place, "key", "signature"))
            yield from _opaque(path, identity, spec.key, key)
        else:
            yield Remark(
                path=here, what=f"'{spec.id}' has the role {spec.role}, not signer", needs=((*place, "role"), *named)
            )
    if not identity.certificate_type:
        yield Remark(path=(*path, "certificate_type"), what="is empty")
    if not identity.formats:
        yield Remark(path=(*path, "formats"), what="names no format")
    yield from _format_twice(path, identity)
    for index, form in enumerate(identity.formats):
        form_path = (*path, "formats", index)
        yield from _format(form_path, form, signs_with, key)
        if provider.services.tsa is None and any(level is not Level.B_B for level in form.levels):
            yield Remark(
                path=(*form_path, "levels"), what="levels above b-b need services.tsa, and there is none",
                needs=(("services", "tsa"), ("services",), *((*form_path, "levels", i) for i in range(len(form.levels)))),
            )  # fmt: skip


def _opaque(path: Path, identity: Identity, spec: KeySpec, key: tuple[Path, ...]) -> Iterator[Remark]:
    """`opaque` is said of the identities whose signing algorithm is not computed, and of no others."""
    if identity.opaque != is_opaque(spec.kind):
        what = "has to be" if is_opaque(spec.kind) else "is not"
        computed = "is not computed" if is_opaque(spec.kind) else "is computed"
        yield Remark(path=(*path, "opaque"), what=f"{what} true: '{spec.signature}' {computed}", needs=key)


def lint_identities(provider: Provider) -> Iterator[Remark]:
    """All identities of a profile."""
    paths: list[Path] = [("identities", index) for index in range(len(provider.identities))]
    yield from duplicates(
        (((*path, "id"), identity.id) for path, identity in zip(paths, provider.identities, strict=True)), "identity"
    )
    for path, identity in zip(paths, provider.identities, strict=True):
        yield from _identity(path, identity, provider)
        yield from lint_legs(path, identity, provider)
    used = {identity.certificate for identity in provider.identities}
    for index, spec in enumerate(provider.certificates):
        if spec.role == "signer" and spec.id not in used:
            yield Remark(
                path=("certificates", index, "id"), what=f"no identity signs with '{spec.id}'", severity="warning",
                needs=(("identities",), *((*path, "certificate") for path in paths), ("certificates", index, "role")),
            )  # fmt: skip
