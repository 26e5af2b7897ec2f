"""Candidate certification paths: from a certificate up to any of a set of anchors, over edges that were verified.

Every path that exists is found, within bounds: a bridge gives several, with different policies, and which of them is good
is not a question of signatures alone (RFC 4158). Loops are left out: neither a certificate nor the same name with the same
key stands twice in a path. An anchor may be any certificate, a CA that is not self-signed or the signer itself included.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime

from interop.model.certificate import Certificate, ObjectId
from interop.model.verdict import Home, Path
from interop.validation.lookup import Lookup
from interop.validation.moment import Moment

__all__ = [
    "MAX_LENGTH", "MAX_PATHS", "anchor_ended", "build_paths", "home_paths", "leads_through", "longest_path", "same_authority",
]  # fmt: skip

MAX_LENGTH = 16
"""Certificates in one path at most, anchor included."""
MAX_PATHS = 64
"""Candidate paths kept per certificate and set of anchors."""
_MAX_STEPS = 20_000
"""Edges walked at most: a hostile web of cross-certificates ends here (x509-limbo `pathological`)."""


def same_authority(one: Certificate, other: Certificate) -> bool:
    """The same name with the same key: renewals and cross-certificates of one CA."""
    return one.id == other.id or (one.key.digest == other.key.digest and one.subject.normal == other.subject.normal)


def anchor_ended(path: Path, home: Home, moment: Moment) -> datetime | None:
    """Since when the anchor of a path is no longer trusted, where that is so at the moment, which is narrowed; None: it is trusted."""
    until = home.trusted_until.get(path.anchor)
    return until if until is not None and moment.reached(until) else None


def build_paths(lookup: Lookup, signer: ObjectId, anchors: AbstractSet[ObjectId]) -> tuple[Path, ...]:
    """All paths from `signer` to one of `anchors`, shortest first, then by ids: the order of the input does not matter.

    A path ends at the first anchor met on its way, and other paths may go on past it to another one. Empty where there is none.
    """
    key = ("paths", signer, frozenset(anchors))
    return lookup.remember(key, lambda: _search(lookup, signer, anchors))


def home_paths(
    lookup: Lookup, signer: ObjectId, anchors: AbstractSet[ObjectId], crossing: frozenset[ObjectId]
) -> tuple[Path, ...]:
    """Paths to home anchors that do not go through cross-certificates between providers. Order as `build_paths`."""

    def found() -> tuple[Path, ...]:
        paths = build_paths(lookup, signer, anchors)
        return tuple(path for path in paths if not leads_through(path, crossing, lookup))

    return lookup.remember(("home paths", signer, frozenset(anchors), crossing), found)


def leads_through(path: Path, certificates: frozenset[ObjectId], lookup: Lookup) -> bool:
    """Whether a path goes through one of the certificates, in whatever encoding.

    The digest of a certificate covers more than its issuer has signed: octets behind it, the form of an outer length, an
    ECDSA value and its negative all give another digest for the same certificate. Issuer and serial number name it
    (RFC 5280 section 4.1.2.2), with subject and key for those who do not keep to that.
    """
    if not certificates.isdisjoint(path.certificates):
        return True
    if not certificates:
        return False
    named = lookup.remember(
        ("crossing", certificates),
        lambda: frozenset(_named(found) for c in certificates if (found := lookup.certificate(c)) is not None),
    )
    return any((found := lookup.certificate(c)) is not None and _named(found) in named for c in path.certificates)


def _named(certificate: Certificate) -> tuple[str, int, str, str]:
    return certificate.issuer.normal, certificate.serial, certificate.subject.normal, certificate.key.digest


def _search(lookup: Lookup, signer: ObjectId, anchors: AbstractSet[ObjectId]) -> tuple[Path, ...]:
    start = lookup.certificate(signer)
    if start is None:
        return ()
    useful = _leading_to(lookup, signer, anchors)
    found: list[tuple[ObjectId, ...]] = []
    level: list[tuple[Certificate, ...]] = [(start,)] if signer in useful else []
    steps = 0
    while level and len(found) < MAX_PATHS and steps < _MAX_STEPS:
        longer: list[tuple[Certificate, ...]] = []
        for path in level:
            top = path[-1]
            if top.id in anchors:
                found.append(tuple(c.id for c in path))
            if len(path) >= MAX_LENGTH:
                continue
            for issuer_id, ok in lookup.issuers(top.id):
                steps += 1
                issuer = lookup.certificate(issuer_id)
                if not ok or issuer is None or issuer_id not in useful or steps >= _MAX_STEPS:
                    continue
                if not any(same_authority(issuer, c) for c in path):
                    longer.append((*path, issuer))
        level = longer
    return tuple(Path(certificates=ids) for ids in sorted(found, key=lambda ids: (len(ids), ids))[:MAX_PATHS])


def _leading_to(lookup: Lookup, signer: ObjectId, anchors: AbstractSet[ObjectId]) -> set[ObjectId]:
    """The certificates above `signer` (itself included) from which an anchor can be reached at all."""
    below: dict[ObjectId, list[ObjectId]] = {}
    seen = {signer}
    queue = [signer]
    while queue:
        child = queue.pop()
        for issuer, ok in lookup.issuers(child):
            if ok and lookup.certificate(issuer) is not None:
                below.setdefault(issuer, []).append(child)
                if issuer not in seen:
                    seen.add(issuer)
                    queue.append(issuer)
    useful = seen & set(anchors)
    queue = list(useful)
    while queue:
        for child in below.get(queue.pop(), ()):
            if child not in useful:
                useful.add(child)
                queue.append(child)
    return useful


def longest_path(lookup: Lookup, signer: ObjectId) -> Path:
    """As far up as known issuers go, whether or not an anchor is met; the signer alone where no issuer is known.

    What it ends at is trusted by nobody: it only lets the other layers be evaluated (status, validity) and explained.
    """
    return lookup.remember(("longest", signer), lambda: _longest(lookup, signer))


def _longest(lookup: Lookup, signer: ObjectId) -> Path:
    start = lookup.certificate(signer)
    path = [] if start is None else [start]
    while path and len(path) < MAX_LENGTH:
        above = [
            issuer
            for issuer_id, ok in lookup.issuers(path[-1].id)
            if ok
            and (issuer := lookup.certificate(issuer_id)) is not None
            and not any(same_authority(issuer, c) for c in path)
        ]
        if not above:
            break
        path.append(min(above, key=lambda c: (not c.self_issued, c.id)))
    return Path(certificates=tuple(c.id for c in path) or (signer,))
