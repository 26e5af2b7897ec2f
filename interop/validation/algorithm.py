"""The layer `algorithm`: the relying party's own list and its suites, at the time that counts (EN 319 102-1 section 5.2.8).

An algorithm is allowed when the relying party lists it and one of its suites calls it suitable at that time: the proven
time of the signature, else the validation time. Three refusals are kept apart, since different people can help: not on the
list, in no suite at all, past its end date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from interop.crypto import table
from interop.model.certificate import Certificate, PublicKeyInfo
from interop.model.facts import Algorithm, SignatureFacts
from interop.model.instant import format_instant
from interop.model.layers import Cause
from interop.model.rules import AlgorithmRules
from interop.model.suite import Suite, SuiteEntry
from interop.model.verdict import Path
from interop.validation.lookup import Lookup
from interop.validation.moment import Moment

__all__ = ["Use", "algorithm_causes", "certificate_uses", "signature_uses", "token_uses"]

_KINDS = ("signature", "digest", "key")
_WITHOUT_DIGEST_CHOICE = frozenset({"Ed25519", "Ed448"})
"""Schemes that fix their digest (RFC 8032): the list of digests does not decide about them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One algorithm used in one place."""

    kind: Literal["signature", "digest", "key"]
    where: str
    """Place for people: `signature`, `reference`, `certificate CN=...`, `time-stamp`; untrusted text."""
    name: str | None
    """Name in the algorithm table (key: its kind); None where it is unknown."""
    written: str
    """As written: OID, URI or name."""
    curve: str | None = None
    bits: int | None = None
    """Size of the key; of the signing key where it is a scheme over a modulus (RSA, DSA)."""


def _key_use(key: PublicKeyInfo, where: str) -> Use:
    known = key.kind if not key.kind[:1].isdigit() else None
    return Use(kind="key", where=where, name=known, written=key.algorithm.oid, curve=key.curve, bits=key.bits)


def _scheme_uses(name: str | None, written: str, where: str, key: PublicKeyInfo | None) -> list[Use]:
    scheme = None if name is None else table.signature(name)
    bits = None if key is None or key.curve is not None else key.bits
    uses = [Use(kind="signature", where=where, name=name, written=written, bits=bits)]
    if scheme is not None and scheme.digest and scheme.key not in _WITHOUT_DIGEST_CHOICE:
        uses.append(Use(kind="digest", where=where, name=scheme.digest, written=scheme.digest))
    return uses


def _digest_use(digest: str, where: str) -> Use:
    found = table.digest(digest) or table.digest_by_oid(digest) or table.digest_by_uri(digest)
    return Use(kind="digest", where=where, name=None if found is None else found.name, written=digest)


def _stated_uses(algorithm: Algorithm, where: str, key: PublicKeyInfo | None) -> list[Use]:
    uses = _scheme_uses(algorithm.name, algorithm.uri or algorithm.signature, where, key)
    scheme = None if algorithm.name is None else table.signature(algorithm.name)
    if algorithm.digest and not (scheme is not None and scheme.key in _WITHOUT_DIGEST_CHOICE):
        uses.append(_digest_use(algorithm.digest, where))
    return uses


def signature_uses(signature: SignatureFacts, signer: Certificate | None) -> tuple[Use, ...]:
    """Scheme, digests and key of the signature itself."""
    uses = _stated_uses(signature.algorithm, "signature", None if signer is None else signer.key)
    uses.extend(_digest_use(reference.digest, "reference") for reference in signature.references if reference.digest)
    if signer is not None:
        uses.append(_key_use(signer.key, "signature"))
    return tuple(dict.fromkeys(uses))


def token_uses(algorithm: Algorithm | None, imprint_digest: str, signer: Certificate) -> tuple[Use, ...]:
    """Scheme, digests and key of a time-stamp token."""
    uses = [] if algorithm is None else _stated_uses(algorithm, "time-stamp", signer.key)
    uses.append(_digest_use(imprint_digest, "time-stamp imprint"))
    uses.append(_key_use(signer.key, "time-stamp"))
    return tuple(dict.fromkeys(uses))


def certificate_uses(lookup: Lookup, path: Path) -> tuple[Use, ...]:
    """Schemes with which the certificates of a path are signed, and the keys that signed them. An anchor's own is left out."""

    def work() -> tuple[Use, ...]:
        uses: list[Use] = []
        for index, certificate_id in enumerate(path.certificates[:-1]):
            certificate, issuer = lookup.certificate(certificate_id), lookup.certificate(path.certificates[index + 1])
            if certificate is None or issuer is None:
                continue
            where = f"certificate {certificate.subject.text}"
            written = certificate.signature_algorithm
            scheme = table.signature_by_oid(written.oid, written.digest_oid)
            name = None if scheme is None else scheme.name
            uses.extend(_scheme_uses(name, written.oid, where, issuer.key))
            uses.append(_key_use(issuer.key, f"certificate {issuer.subject.text}"))
        return tuple(dict.fromkeys(uses))

    return lookup.remember(("certificate uses", path.certificates), work)


def algorithm_causes(
    lookup: Lookup,
    uses: Iterable[Use],
    rules: AlgorithmRules,
    suites: Sequence[Suite],
    moment: Moment,
) -> tuple[Cause, ...]:
    """What is not allowed, at the moment that counts; narrows it.

    An algorithm past its end date lacks a proof that it was used before. One from after the end date shows no late use either: what it
    proves may be older (EN 319 102-1 section 5.6.2).
    """
    known = lookup.same(tuple(suites))
    uses = tuple(dict.fromkeys(uses))

    catalogue = lookup.remember(("catalogue", known), lambda: _Catalogue.of(suites))

    def ask(own: Moment) -> tuple[Cause, ...]:
        found = [c for use in uses for c in (*_listed(use, rules), *_suitable(use, catalogue, own))]
        return _gathered(found)

    return lookup.remember_at(("algorithms", uses, rules, known), moment, ask)


def _gathered(causes: Sequence[Cause]) -> tuple[Cause, ...]:
    """Each once; what is merely graded as legacy in one finding, since most chains of RSA are so throughout."""
    legacy = [cause.detail for cause in causes if cause.code == "algorithm.legacy"]
    others = [cause for cause in causes if cause.code != "algorithm.legacy"]
    if legacy:
        others.append(Cause(code="algorithm.legacy", detail="; ".join(dict.fromkeys(legacy))))
    return tuple(dict.fromkeys(others))


def _shown(use: Use) -> str:
    size = f"-{use.bits}" if use.curve is None and use.bits is not None else ""
    return f"{use.where}: {use.curve or use.name or use.written}{size}"


def _listed(use: Use, rules: AlgorithmRules) -> list[Cause]:
    if use.name is None:
        return [Cause(code="algorithm.unknown", detail=f"{use.where}: {use.written}")]
    if use.kind == "digest" and use.name not in rules.digests:
        return [
            Cause(code="algorithm.digest-not-accepted", detail=f"{_shown(use)}, accepted {', '.join(rules.digests)}")
        ]
    if use.kind == "key":
        accepted = [a for a in rules.keys if a.name in (use.name, use.curve)]
        if not accepted:
            names = ", ".join(a.name for a in rules.keys)
            return [Cause(code="algorithm.key-not-accepted", detail=f"{_shown(use)}, accepted {names}")]
        smallest = min(a.min_bits or 0 for a in accepted)
        if use.bits is not None and use.bits < smallest:
            return [Cause(code="algorithm.key-too-small", detail=f"{_shown(use)}, at least {smallest}")]
    return []


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """The suites of a relying party, by what is asked of them."""

    entries: Mapping[tuple[str, str], tuple[SuiteEntry, ...]]
    """(kind, name) -> entries, in the order of the suites."""
    silent: frozenset[str]
    """Kinds on which a suite has nothing to say."""
    names: str
    """The suites, for people."""

    @staticmethod
    def of(suites: Sequence[Suite]) -> _Catalogue:
        entries: dict[tuple[str, str], list[SuiteEntry]] = {}
        for suite in suites:
            for entry in suite.entries:
                entries.setdefault((entry.kind, entry.name), []).append(entry)
        silent = {kind for suite in suites for kind in _KINDS if all(entry.kind != kind for entry in suite.entries)}
        return _Catalogue({key: tuple(found) for key, found in entries.items()}, frozenset(silent), _ids(suites))

    def naming(self, use: Use) -> tuple[SuiteEntry, ...]:
        """Entries that name the algorithm; a key also by its curve."""
        names = dict.fromkeys((use.name, use.curve) if use.kind == "key" else (use.name,))
        return tuple(entry for name in names if name is not None for entry in self.entries.get((use.kind, name), ()))


def _suitable(use: Use, catalogue: _Catalogue, moment: Moment) -> list[Cause]:
    if use.name is None:
        return []
    if use.kind == "signature" and use.kind in catalogue.silent:
        return []  # a suite without schemes judges them by digest and key
    named = catalogue.naming(use)
    if not named:
        return [Cause(code="algorithm.not-in-suite", detail=f"{_shown(use)}, in none of {catalogue.names}")]
    sized = [entry for entry in named if not entry.min_bits or use.bits is None or use.bits >= entry.min_bits]
    if not sized:
        smallest = min(entry.min_bits or 0 for entry in named)
        return [
            Cause(code="algorithm.size-not-in-suite", detail=f"{_shown(use)}, at least {smallest} in {catalogue.names}")
        ]
    suitable = [entry for entry in sized if moment.inside(entry.interval)]
    if suitable:
        if all(entry.recommendation == "legacy" for entry in suitable):
            return [Cause(code="algorithm.legacy", detail=_shown(use))]
        return []
    ends = [entry.end for entry in sized if entry.end is not None and moment.reached(entry.end)]
    if not ends:
        return [Cause(code="algorithm.not-yet-suitable", detail=_shown(use))]
    return [Cause(code="algorithm.expired-no-poe", detail=f"{_shown(use)}, suitable until {format_instant(max(ends))}")]


def _ids(suites: Sequence[Suite]) -> str:
    return ", ".join(suite.id for suite in suites) or "no suite"
