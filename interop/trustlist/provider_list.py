"""The trusted list of one provider, from its profile: anchors, CAs and time-stamping authorities as services with their history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from interop.model.assurance import AssuranceLevel
from interop.model.certificate import Certificate, ObjectId
from interop.model.hierarchy import CertificateSpec
from interop.model.profile import Identity, Provider
from interop.model.trusted_list import ServiceState, TrustedList, TrustedService, TrustServiceProvider
from interop.trustlist.words import Words
from interop.x509.certificate import parse_certificate

__all__ = ["NEXT_UPDATE", "provider_list", "service_type", "service_uses"]

NEXT_UPDATE: Final = timedelta(days=180)
"""After issue: six months are the most that TS 119 612 clause 5.3.15 allows."""
_QUALIFIED: Final = AssuranceLevel.L3
"""From a licensed, accredited or listed provider: what the area has in the place of a qualified certificate."""


def provider_list(
    provider: Provider, certificates: Mapping[str, bytes], words: Words, *, issued: datetime
) -> TrustedList:
    """The list as values. `certificates` are those of the hierarchy (id -> DER); status events of CAs turn into states."""
    parsed = {name: parse_certificate(der) for name, der in certificates.items()}
    return TrustedList(
        id=ObjectId(""),
        version=6,
        sequence=1,
        type=words.list_type,
        territory=provider.jurisdiction,
        operator=f"TEST: {provider.name.en}",
        other_names=(("zh", f"测试：{provider.name.zh}"),),
        scheme=f"{provider.jurisdiction}:TEST list of {provider.id}",
        issued=issued,
        next_update=issued + NEXT_UPDATE,
        providers=(
            TrustServiceProvider(
                name=provider.name.en,
                other_names=(("zh", provider.name.zh),),
                trade_names=(provider.id,),
                services=tuple(_services(provider, parsed, words, issued)),
            ),
        ),
    )


def service_type(provider: Provider, certificate_id: str, words: Words) -> str:
    """The type under which a certificate of the hierarchy stands on the list: by what it issues, else what it is."""
    identities = _issued_by(provider, certificate_id)
    if identities:
        return words.qualified if any(i.assurance.level >= _QUALIFIED for i in identities) else words.other
    return words.anchor if certificate_id in provider.anchors else words.other


def service_uses(provider: Provider, certificate_id: str) -> tuple[str, ...]:
    """What a service issues for, by the names of TS 119 612 clause 5.5.9.4: signatures of natural persons, seals of legal ones."""
    persons = {identity.assurance.person for identity in _issued_by(provider, certificate_id)}
    natural = ("ForeSignatures",) if persons & {"natural", "mixed"} else ()
    legal = ("ForeSeals",) if persons & {"legal", "mixed"} else ()
    return (*natural, *legal)


def _issued_by(provider: Provider, ca: str) -> list[Identity]:
    return [i for i in provider.identities if provider.certificate(i.certificate).issuer == ca]


def _above(provider: Provider) -> dict[str, None]:
    """CAs on the way from the signers to the anchors, anchors first."""
    found = dict.fromkeys(provider.anchors)
    for identity in provider.identities:
        spec = provider.certificate(identity.certificate)
        while spec.issuer != spec.id and spec.issuer not in found:
            spec = provider.certificate(spec.issuer)
            found[spec.id] = None
    return found


def _services(
    provider: Provider, parsed: Mapping[str, Certificate], words: Words, until: datetime
) -> Iterator[TrustedService]:
    """One service for each type of each CA; certificates that show the same CA stand together (TS 119 612 clause 5.5.3)."""
    done: set[tuple[str, str, str]] = set()
    for name in _above(provider):
        entity = _entity(parsed[name])
        same = tuple(spec for spec in provider.certificates if _entity(parsed[spec.id]) == entity)
        issuing = _issued_by(provider, name)
        types = [service_type(provider, name, words)]
        if issuing and name in provider.anchors:
            types.insert(0, words.anchor)  # it is trusted by itself, and issues to signers too
        for kind in types:
            if (kind, *entity) not in done:
                done.add((kind, *entity))
                uses = service_uses(provider, name) if kind != words.anchor else ()
                additional = tuple(map(words.information, uses))
                yield TrustedService(states=tuple(_states(provider, kind, same, parsed, words, until, additional)))
    for spec in provider.certificates:
        if spec.role == "tsa":
            kind = words.type("TSA/QTST" if provider.services.tsa_qualified else "TSA")
            yield TrustedService(states=tuple(_states(provider, kind, (spec,), parsed, words, until, ())))


def _entity(certificate: Certificate) -> tuple[str, str]:
    return certificate.subject.normal, certificate.key.digest


def _states(  # noqa: PLR0917 - what is said of one service, in the order in which it stands on a list
    provider: Provider,
    kind: str,
    specs: tuple[CertificateSpec, ...],
    parsed: Mapping[str, Certificate],
    words: Words,
    until: datetime,
    additional: tuple[str, ...],
) -> Iterator[ServiceState]:
    """Newest first."""
    common = next((part.value for part in specs[0].subject if part.type == "CN"), specs[0].id)
    for at, status in reversed(_turns(provider, specs, words, until)):
        yield ServiceState(
            type=kind,
            name=common,
            status=status,
            since=at,
            certificates=tuple(parsed[spec.id].id for spec in specs),
            subjects=(parsed[specs[0].id].subject.text,),
            additional=additional,
        )


def _turns(
    provider: Provider, specs: tuple[CertificateSpec, ...], words: Words, until: datetime
) -> list[tuple[datetime, str]]:
    """(since, status): granted with the first certificate, withdrawn while one is suspended and for good once one is revoked."""
    turns = [(min(spec.not_before for spec in specs), words.granted)]
    ids = {spec.id for spec in specs}
    for event in sorted((e for e in provider.services.events if e.certificate in ids), key=lambda e: e.at):
        status = words.granted if event.status == "resumed" else words.withdrawn
        if event.at <= until and status != turns[-1][1]:
            turns.append((event.at, status))
        if event.status == "revoked":
            break
    return turns
