"""Certificates with a fate of their own: revoked, suspended or ended around the signing of a vector, and known to the provider's services.

    acted = with_fates(provider, signing)       the provider, with a twin of each reference signer per fate
    acted.certificate(twin("signer", "revoked-later"))

A twin has the name and the key of the original, a serial number of its own, and status events in the services' history, so that the
CRLs and OCSP answers of the run speak of it as of anything that the CA has issued. The originals stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from interop.model.hierarchy import CertificateSpec, Extensions
from interop.model.profile import Provider, StatusEvent

__all__ = ["FATES", "Fate", "twin", "with_fates"]

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What becomes of a certificate, in times counted from the signing instant of the run."""

    of: Literal["signer", "ca", "tsa"]
    """Whose: the signer's; the signer's CA's, before it issued the signer's certificate; the time-stamping authority's."""
    events: tuple[tuple[timedelta, Literal["revoked", "suspended", "resumed"], str], ...] = ()
    """When, what, and the CRLReason. Of a CA the time counts from the beginning of the signer's certificate."""
    begins: timedelta | None = None
    """notBefore; None: as the original."""
    ends: timedelta | None = None
    """notAfter; None: as the original."""


FATES: Mapping[str, Fate] = {
    "revoked-later": Fate(of="signer", events=((6 * _HOUR, "revoked", "keyCompromise"),)),
    "suspended-then-resumed": Fate(
        of="signer", events=((-_HOUR, "suspended", "certificateHold"), (6 * _HOUR, "resumed", "removeFromCRL"))
    ),
    "revoked-before": Fate(of="signer", events=((-_HOUR, "revoked", "keyCompromise"),)),
    "suspended-before": Fate(of="signer", events=((-_HOUR, "suspended", "certificateHold"),)),
    "issued-after-stamp": Fate(of="signer", begins=_HOUR),
    "ca-revoked": Fate(of="ca", events=((-_DAY, "revoked", "cACompromise"),)),
    "stamped-by-revoked": Fate(of="tsa", events=((12 * _HOUR, "revoked", "keyCompromise"),)),
    "stamped-by-ending": Fate(of="tsa", ends=8 * _HOUR),
}
"""Name, as cases write it (`fate`, or the name of a mutation) -> what becomes of the certificate."""


def twin(certificate_id: str, fate: str) -> str:
    """Id of the twin of a certificate: the signer's for the fates of signers and CAs, the authority's for those of authorities."""
    return f"{certificate_id}-{fate}"


def with_fates(provider: Provider, signing: datetime | None) -> Provider:
    """The provider with the twins that its reference identities sign with and are stamped by, as the signing instant of a run makes
    them; itself where it has none, and where nothing is signed (None)."""
    if signing is None:
        return provider
    signing = signing.astimezone(UTC).replace(microsecond=0)
    signers = dict.fromkeys(identity.certificate for identity in provider.identities if identity.reference)
    if not signers:
        return provider
    specs: dict[str, CertificateSpec] = {}
    events: list[StatusEvent] = []
    for name, fate in FATES.items():
        for spec, fated, since in _twins(provider, tuple(signers), name, fate, signing):
            if spec.id not in specs:
                specs[spec.id] = spec
                events.extend(
                    StatusEvent(certificate=spec.id, at=since + after, status=status, reason=reason)
                    for after, status, reason in (fate.events if fated else ())
                )
    services = replace(provider.services, events=(*provider.services.events, *events))
    return replace(provider, certificates=(*provider.certificates, *specs.values()), services=services)


def _twins(
    provider: Provider, signers: tuple[str, ...], name: str, fate: Fate, signing: datetime
) -> Iterator[tuple[CertificateSpec, bool, datetime]]:
    """(specification, whether the events are its own, instant from which they count)."""
    if fate.of == "tsa":
        if provider.services.tsa is not None:
            yield _twin(provider.certificate(provider.services.tsa), name, fate, signing), True, signing
        return
    for signer in signers:
        original = provider.certificate(signer)
        if fate.of == "signer":
            yield _twin(original, name, fate, signing), True, signing
            continue
        ca = provider.certificate(original.issuer)
        marked = (*ca.subject[:-1], replace(ca.subject[-1], value=f"{ca.subject[-1].value} ({name})"))
        other = replace(_twin(ca, name, fate, signing), subject=marked)
        yield other, True, original.not_before
        below = _twin(original, name, fate, signing)
        yield replace(below, issuer=other.id, extensions=_elsewhere(below.extensions, name)), False, signing


def _elsewhere(extensions: Extensions, name: str) -> Extensions:
    """URLs of the twin of a CA: its CRL and its answers are its own."""

    def moved(uris: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"{uri}-{name}" if "." not in uri.rpartition("/")[2] else _before_ending(uri) for uri in uris)

    def _before_ending(uri: str) -> str:
        head, _, ending = uri.rpartition(".")
        return f"{head}-{name}.{ending}"

    points = tuple(replace(point, uris=moved(point.uris)) for point in extensions.crl_points)
    info = extensions.authority_info
    if info is not None:
        info = replace(info, ocsp=moved(info.ocsp), ca_issuers=moved(info.ca_issuers))
    return replace(extensions, crl_points=points, authority_info=info)


def _twin(original: CertificateSpec, name: str, fate: Fate, signing: datetime) -> CertificateSpec:
    return replace(
        original,
        id=twin(original.id, name),
        key_id=original.key_id or original.id,
        not_before=original.not_before if fate.begins is None else signing + fate.begins,
        not_after=original.not_after if fate.ends is None else signing + fate.ends,
    )
