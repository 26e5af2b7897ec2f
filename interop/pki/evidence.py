"""What somebody who keeps a signature for long collects at a time: the certificates of paths, and a status answer for each.

evidence = path_evidence(issued, ("signer", "tsa"), at)
evidence.certificates, evidence.crls, evidence.ocsps
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from interop.model.errors import UsageError
from interop.model.hierarchy import CertificateSpec
from interop.model.instant import format_instant
from interop.pki.authority import same_authority
from interop.pki.crl import crl
from interop.pki.defect import CrlDefect, StatusDefect
from interop.pki.issue import Issued
from interop.pki.ocsp import ocsp
from interop.pki.status import Published, publish

__all__ = ["PathEvidence", "path_evidence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PathEvidence:
    """Certificates and status answers, DER, each once."""

    certificates: tuple[bytes, ...] = ()
    """Of the paths, from the ends up, anchors last of each."""
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()


def path_evidence(
    issued: Issued, ends: tuple[str, ...], at: datetime, *, defects: Mapping[str, StatusDefect] | None = None
) -> PathEvidence:
    """Evidence for the paths of some certificates of a provider, as its services give it at `at` (whole seconds).

    For every end certificate an OCSP answer where there is one, else the complete CRL that covers it; for a CA below the anchor the
    other way round, as CAs are asked about in practice; for a responder that must be asked about itself (no id-pkix-ocsp-nocheck) the CRL
    that covers it too. `defects` names certificates whose answer has one thing wrong: an OCSP answer or a CRL, as the kind of the defect
    says. Raises UsageError where neither is published.
    """
    published = publish(issued, at)
    certificates: dict[bytes, None] = {}
    crls: dict[bytes, None] = {}
    ocsps: dict[bytes, None] = {}
    for end in ends:
        spec = issued.spec(end)
        certificates[issued.certificates[spec.id]] = None
        while spec.id not in issued.provider.anchors and spec.issuer != spec.id:
            kind, answer = _broken(issued, spec, at, (defects or {}).get(spec.id)) or _answer(
                issued, spec, published, at
            )
            (crls if kind == "crl" else ocsps)[answer] = None
            if kind == "ocsp":
                crls.update(dict.fromkeys(_about_responders(issued, spec, published)))
            spec = issued.spec(spec.issuer)
            certificates[issued.certificates[spec.id]] = None
    return PathEvidence(certificates=tuple(certificates), crls=tuple(crls), ocsps=tuple(ocsps))


def _broken(
    issued: Issued, spec: CertificateSpec, at: datetime, defect: StatusDefect | None
) -> tuple[str, bytes] | None:
    at = at.astimezone(UTC).replace(microsecond=0)
    if isinstance(defect, CrlDefect):
        return "crl", crl(issued, spec.id, at, defect=defect)
    return None if defect is None else ("ocsp", ocsp(issued, spec.id, at, defect=defect))


def _answer(issued: Issued, spec: CertificateSpec, published: tuple[Published, ...], at: datetime) -> tuple[str, bytes]:
    for kind in ("crl", "ocsp") if spec.role == "ca" else ("ocsp", "crl"):
        for answer in published:
            if answer.kind == kind and spec.id in answer.about and not answer.delta:
                return kind, answer.der
    raise UsageError(
        f"{issued.provider.id}: nobody says at {format_instant(at)} whether {spec.id} is revoked",
        hints=("levels b-lt and b-lta need a CRL or an OCSP service for every certificate of the path",),
    )


def _about_responders(issued: Issued, spec: CertificateSpec, published: tuple[Published, ...]) -> Iterator[bytes]:
    """CRLs about the delegated responders of the issuer that have a status which somebody asks for."""
    for other in issued.specs.values():
        if (
            other.role == "ocsp"
            and same_authority(issued, other.issuer, spec.issuer)
            and not other.extensions.ocsp_nocheck
        ):
            yield from (p.der for p in published if p.kind == "crl" and other.id in p.about and not p.delta)
