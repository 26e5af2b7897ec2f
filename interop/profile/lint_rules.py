"""Checks of the rules of a relying party."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from interop.crypto.table import curves, digest, digest_by_uri, digests, key_kinds, signature_by_uri, signatures
from interop.model.certificate import KEY_USAGES
from interop.model.profile import Provider
from interop.model.rules import CertificateRules, RelyingRules
from interop.profile.remark import (
    Path,
    Remark,
    check_number,
    check_oid,
    check_slug,
    check_word,
    duplicates,
    is_hex,
)

__all__ = ["SIZES", "lint_relying", "split_reference"]

SIZES = (512, 16384)
"""Smallest and largest modulus, in bits, that a rule may ask for: no key below or above is met."""


def split_reference(text: str) -> tuple[str, str | None]:
    """`provider:certificate` or `provider` in its parts."""
    provider, colon, certificate = text.partition(":")
    return provider, certificate if colon else None


def _certificate(path: Path, rules: CertificateRules) -> Iterator[Remark]:
    for field in ("key_usage_any", "key_usage_all", "key_usage_refused"):
        for index, usage in enumerate(getattr(rules, field)):
            yield from check_word((*path, field, index), usage, KEY_USAGES, "key usage")
    for index, usage in enumerate(rules.key_usage_refused):
        if usage in rules.key_usage_all:
            yield Remark(path=(*path, "key_usage_refused", index), what=f"{usage} is demanded and refused")
    for field in ("extended_key_usage_any", "subject_required"):
        for index, oid in enumerate(getattr(rules, field)):
            yield from check_oid((*path, field, index), oid)


def _algorithms(path: Path, rules: RelyingRules, suites: Collection[str] | None) -> Iterator[Remark]:
    algorithms = rules.algorithms
    names = {*key_kinds(), *(curve.name for curve in curves())}
    for index, key in enumerate(algorithms.keys):
        here = (*path, "keys", index)
        yield from check_word((*here, "name"), key.name, names, "key kind or curve")
        if key.min_bits is not None and key.name in names - {"RSA", "DSA"}:
            yield Remark(path=(*here, "min_bits"), what=f"the size of {key.name} is fixed", needs=((*here, "name"),))
        else:
            yield from check_number((*here, "min_bits"), key.min_bits, *SIZES, needs=((*here, "name"),))
    for index, name in enumerate(algorithms.digests):
        if digest(name) is None:
            known = [row.name for row in digests()]
            yield from check_word((*path, "digests", index), name, known, "digest")
    yield from duplicates((((*path, "keys", i, "name"), key.name) for i, key in enumerate(algorithms.keys)), "key")
    if not algorithms.suites:
        yield Remark(path=(*path, "suites"), what="names no suite, so that no algorithm is allowed")
    for index, suite in enumerate(algorithms.suites if suites is not None else ()):
        yield from check_word((*path, "suites", index), suite, suites or (), "suite")


def _formats(path: Path, rules: RelyingRules) -> Iterator[Remark]:
    formats = rules.formats
    if not formats.accept:
        yield Remark(path=(*path, "accept"), what="names no format")
    yield from duplicates((((*path, "accept", i), name) for i, name in enumerate(formats.accept)), "format")
    for index, uri in enumerate(formats.signature_uris):
        if signature_by_uri(uri) is None:
            known = [u for row in signatures() for u in row.uris]
            yield from check_word((*path, "signature_uris", index), uri, known, "signature URI")
    for index, uri in enumerate(formats.digest_uris):
        if digest_by_uri(uri) is None:
            known = [u for row in digests() for u in row.uris]
            yield from check_word((*path, "digest_uris", index), uri, known, "digest URI")
    for index, document in enumerate(formats.policy_documents):
        here = (*path, "policy_documents", index)
        yield from check_oid((*here, "oid"), document.oid)
        row = digest(document.digest)
        if row is None:
            yield from check_word((*here, "digest"), document.digest, [d.name for d in digests()], "digest")
        elif not is_hex(document.hash) or len(document.hash) != 2 * row.size:
            what = f"is not a {document.digest} digest in hex ({2 * row.size} digits)"
            yield Remark(path=(*here, "hash"), what=what, needs=((*here, "digest"),))
    if formats.policy_document_required and not formats.policy_documents:
        what = "refuses every signature that names a policy, since no document is at hand"
        yield Remark(path=(*path, "policy_document_required"), what=what, severity="warning")


def _proof_and_status(path: Path, rules: RelyingRules) -> Iterator[Remark]:
    """Time-stamps and status answers."""
    revocation, time = rules.revocation, rules.time
    for index, oid in enumerate(time.time_stamp_policies):
        yield from check_oid((*path, "time", "time_stamp_policies", index), oid)
    for index, name in enumerate(time.tsa):
        if name == "agreements" and not rules.trust.load:
            what = "counts time-stamps of agreements, and loads none"
            yield Remark(path=(*path, "time", "tsa", index), what=what, severity="warning")
        yield from check_slug((*path, "time", "tsa", index), name)
    for index, name in enumerate(revocation.national):
        yield from check_slug((*path, "revocation", "national", index), name)
    yield from check_number((*path, "revocation", "grace_seconds"), revocation.grace_seconds, 1)
    if revocation.grace_seconds is not None and not time.time_stamp_required:
        what = "asks nothing of a signature without a time-stamp, which time.time_stamp_required would ask for"
        yield Remark(path=(*path, "revocation", "grace_seconds"), what=what, severity="warning")
    if revocation.national and revocation.offline:
        what = "cannot be asked offline"
        yield Remark(path=(*path, "revocation", "national"), what=what, needs=((*path, "revocation", "offline"),))


def _own_anchors(path: Path, rules: RelyingRules, provider: Provider) -> Iterator[Remark]:
    """Certificates of the profile itself that its rules name; those of others are the world's affair."""
    ids = [spec.id for spec in provider.certificates]
    named: tuple[Path, ...] = (("id",), *(("certificates", index, "id") for index in range(len(ids))))
    for index, text in enumerate(rules.trust.anchors):
        owner, certificate = split_reference(text)
        if owner == provider.id and certificate is not None:
            yield from check_word((*path, "anchors", index), certificate, ids, "certificate", needs=named)
    if all(split_reference(text)[0] != provider.id for text in rules.trust.anchors):
        what = f"does not name '{provider.id}': the provider does not trust its own signatures"
        yield Remark(path=(*path, "anchors"), what=what, severity="warning", needs=(("id",),))


def lint_relying(
    rules: RelyingRules, *, path: Path = (), provider: Provider | None = None, suites: Collection[str] | None = None
) -> Iterator[Remark]:
    """The rules of one relying party; `suites` are the suite ids there are, None where that is not known."""
    yield from _formats((*path, "formats"), rules)
    yield from _algorithms((*path, "algorithms"), rules, suites)
    yield from _certificate((*path, "certificate"), rules.certificate)
    trust = (*path, "trust")
    for index, oid in enumerate(rules.trust.initial_policies):
        yield from check_oid((*trust, "initial_policies", index), oid)
    yield from duplicates((((*trust, "anchors", i), text) for i, text in enumerate(rules.trust.anchors)), "anchor")
    yield from duplicates((((*trust, "load", i), text) for i, text in enumerate(rules.trust.load)), "agreement")
    if provider is not None:
        yield from _own_anchors(trust, rules, provider)
    if rules.revocation.max_age_seconds is not None and rules.revocation.max_age_seconds < 1:
        yield Remark(path=(*path, "revocation", "max_age_seconds"), what="is less than a second")
    yield from _proof_and_status(path, rules)
    if rules.leg is not None:
        yield from check_word((*path, "leg"), rules.leg, key_kinds(), "key kind")
    if rules.ceiling is not None and rules.ceiling < rules.floor:
        yield Remark(
            path=(*path, "ceiling"), what=f"{rules.ceiling} is below the floor {rules.floor}", needs=((*path, "floor"),)
        )
