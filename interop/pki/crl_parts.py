"""How the CRLs of a hierarchy are divided: which CRL is for which certificates, and who issues it (RFC 5280 sections 5.2.5, 6.3.3).

    for part in crl_parts(issued):
        part.name, part.issuer, part.subjects, part.uris()

`services.crl_parts` says how a CA divides its CRL; a certificate that names a cRLIssuer is on an indirect CRL of that issuer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from interop.model.errors import InputError, Problem, UsageError
from interop.model.hierarchy import DistributionPoint, NamePart
from interop.model.profile import Services
from interop.pki.authority import Authority, Subject, authorities, subjects
from interop.pki.issue import Issued
from interop.pki.names import name

__all__ = ["CrlPart", "crl_part", "crl_parts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrlPart:
    """One CRL that is published again and again: who issues it, and for which certificates."""

    name: str
    """`` for the whole CRL of a CA, else `user`, `ca`, `point-1`, `rest`, `indirect`."""
    issuer: Authority
    subjects: tuple[Subject, ...]
    """Certificates of the profile that it covers."""
    points: tuple[DistributionPoint, ...] = ()
    """Distribution points that it is for, where its IDP names any."""
    only: Literal["user", "ca"] | None = None
    indirect: bool = False

    def uris(self, *, delta: bool = False) -> tuple[str, ...]:
        """Where the certificates say that it (or its delta) is found, each once."""
        found: dict[str, None] = {}
        for subject in self.subjects:
            if subject.spec is None:
                continue
            extensions = subject.spec.extensions
            for point in extensions.freshest_crl if delta else extensions.crl_points:
                if (delta or self._serves(point)) and bool(point.crl_issuer) == self.indirect:
                    found.update(dict.fromkeys(point.uris))
        return tuple(found)

    def _serves(self, point: DistributionPoint) -> bool:
        return not self.points or any(_shared(point, own) for own in self.points)


def _shared(one: DistributionPoint, other: DistributionPoint) -> bool:
    """Whether two distribution points have a name in common, and so one CRL."""
    same = bool(one.directory) and one.directory == other.directory
    return (same or not set(one.uris).isdisjoint(other.uris)) and one.crl_issuer == other.crl_issuer


def _points(subject: Subject) -> tuple[DistributionPoint, ...]:
    return subject.spec.extensions.crl_points if subject.spec is not None else ()


def _elsewhere(subject: Subject) -> tuple[NamePart, ...]:
    """The cRLIssuer that a certificate names, other than its CA; empty: none."""
    own = subject.issuer.subject
    return next((p.crl_issuer for p in _points(subject) if p.crl_issuer and p.crl_issuer != own), ())


def crl_parts(issued: Issued) -> tuple[CrlPart, ...]:
    """Every CRL that the provider publishes: those of each CA, then the indirect ones. Raises InputError for an unknown cRLIssuer."""
    found: list[CrlPart] = []
    indirect: dict[tuple[NamePart, ...], list[Subject]] = {}
    for ca in authorities(issued):
        own: list[Subject] = []
        for subject in subjects(issued, ca.spec):
            named = _elsewhere(subject)
            (indirect.setdefault(named, []) if named else own).append(subject)
        found.extend(_divided(issued.provider.services, ca, own))
    for named, covered in indirect.items():
        points = _merged([point for subject in covered for point in _points(subject) if point.crl_issuer == named])
        issuer = _crl_issuer(issued, named)
        part = CrlPart(name="indirect", issuer=issuer, subjects=tuple(covered), points=points, indirect=True)
        found.append(part)
    return tuple(found)


def _crl_issuer(issued: Issued, named: tuple[NamePart, ...]) -> Authority:
    for spec in issued.specs.values():
        if name(spec.subject) == name(named):
            return Authority(spec, spec.not_before, spec.not_after)
    text = ", ".join(f"{part.type}={part.value}" for part in named)
    what = f"no certificate has the subject {text} that a distribution point names as CRL issuer"
    raise InputError(issued.provider.id, (Problem(where="certificates", what=what),))


def _divided(services: Services, ca: Authority, own: list[Subject]) -> Iterator[CrlPart]:
    if services.crl_parts == "whole":
        yield CrlPart(name="", issuer=ca, subjects=tuple(own))
    elif services.crl_parts == "kinds":
        kinds: tuple[Literal["user", "ca"], ...] = ("user", "ca")
        for kind in kinds:
            covered = tuple(s for s in own if s.spec is not None and bool(s.spec.extensions.ca) == (kind == "ca"))
            if covered:
                yield CrlPart(name=kind, issuer=ca, subjects=covered, only=kind)
    else:
        groups = _groups([point for subject in own for point in _points(subject)])
        for number, group in enumerate(groups, 1):
            covered = tuple(s for s in own if any(_shared(p, q) for p in _points(s) for q in group))
            yield CrlPart(name=f"point-{number}", issuer=ca, subjects=covered, points=_merged(group))
        rest = tuple(subject for subject in own if not _points(subject))
        if rest:
            point = DistributionPoint(directory=ca.spec.subject)  # section 6.3.3: what is asked for where none is named
            yield CrlPart(name="rest", issuer=ca, subjects=rest, points=(point,))


def _groups(points: list[DistributionPoint]) -> list[list[DistributionPoint]]:
    """Distribution points that belong to one CRL, since a chain of shared names joins them."""
    groups: list[list[DistributionPoint]] = []
    for point in points:
        joined = [group for group in groups if any(_shared(point, other) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*(other for group in joined for other in group), point])
    return groups


def _merged(points: list[DistributionPoint]) -> tuple[DistributionPoint, ...]:
    return tuple(dict.fromkeys(points))


def crl_part(issued: Issued, certificate_id: str) -> CrlPart:
    """The CRL that covers a certificate of the profile. Raises UsageError where none does."""
    issued.spec(certificate_id)
    for part in crl_parts(issued):
        if any(subject.id == certificate_id for subject in part.subjects):
            return part
    raise UsageError(f"{issued.provider.id}: no CRL covers {certificate_id}")
