"""Checks of a profile's certificates and services: names that exist, keys that fit, dates in order, origins told."""

from __future__ import annotations

import re
from collections.abc import Iterator

from interop.crypto.opaque import is_opaque, shape_of
from interop.crypto.table import curves, digest, digests, key_kinds, signature, signatures
from interop.model.errors import Unsupported
from interop.model.hierarchy import CertificateSpec, KeySpec
from interop.model.profile import Provider, Services
from interop.model.status import CRL_REASONS
from interop.profile.expected import fields_of
from interop.profile.lint_extensions import lint_extensions, lint_name
from interop.profile.remark import (
    Path,
    Remark,
    check_number,
    check_oid,
    check_slug,
    check_stand_in,
    check_word,
    duplicates,
)  # fmt: skip

__all__ = ["lint_certificates", "lint_services"]

_CURVES = {curve.name: curve for curve in curves()}
_MIN_RSA, _MAX_RSA = 1024, 16384
_SERIAL, _LONGEST_SERIAL = 20, 255
"""Octets that RFC 5280 section 4.1.2.2 allows, and those of the longest number that is made for a test of what it does not."""
_CENTURY = 36525
"""Days."""


def lint_key(path: Path, key: KeySpec) -> Iterator[Remark]:
    """Kind, size, curve and algorithm exist and belong together."""
    kind = (*path, "kind")
    if key.kind not in key_kinds():
        yield from check_word(kind, key.kind, key_kinds(), "key kind")
        return
    if key.kind == "RSA" and key.bits is None:
        yield Remark(path=(*path, "bits"), what="an RSA key needs its size in bits", needs=(kind,))
    if key.kind == "RSA" and key.bits is not None and (not _MIN_RSA <= key.bits <= _MAX_RSA or key.bits % 8):
        yield Remark(path=(*path, "bits"), what=f"{key.bits} is no size for an RSA modulus", needs=(kind,))
    if key.kind == "EC" and key.curve is None:
        yield Remark(path=(*path, "curve"), what="an EC key needs its curve", needs=(kind,))
    if key.kind != "RSA" and key.bits is not None:
        yield Remark(
            path=(*path, "bits"), what=f"the size of a key of kind {key.kind} follows from its curve", needs=(kind,)
        )
    if key.kind == "RSA" and key.curve is not None:
        yield Remark(path=(*path, "curve"), what="an RSA key has no curve", needs=(kind,))
    elif key.curve is not None:
        fitting = [name for name, curve in _CURVES.items() if curve.kind == key.kind]
        if key.curve in _CURVES and key.curve not in fitting:
            yield Remark(
                path=(*path, "curve"),
                what=f"curve '{key.curve}' is for keys of kind {_CURVES[key.curve].kind}",
                needs=(kind,),
            )
        else:
            yield from check_word((*path, "curve"), key.curve, fitting, "curve", needs=(kind,))
    algorithm = signature(key.signature)
    if algorithm is None:
        names = [known.name for known in signatures() if known.key == key.kind]
        yield from check_word((*path, "signature"), key.signature, names, "signature algorithm")
    elif algorithm.key != key.kind:
        yield Remark(
            path=(*path, "signature"),
            what=f"'{key.signature}' does not sign with a key of kind {key.kind}",
            needs=(kind,),
        )
    elif key.rsa_spki != "rsa" and not key.signature.startswith("rsa-pss-"):
        what = "a key under id-RSASSA-PSS signs with 'rsa-pss-...' alone (RFC 4055 1.2)"
        yield Remark(path=(*path, "rsa_spki"), what=what, needs=(kind, (*path, "signature")))
    elif is_opaque(key.kind):
        yield from _opaque((*path, "signature"), key.signature)
    elif algorithm.use != "sign":
        what = "is verified only" if algorithm.use == "verify" else "is recognised by name only"
        yield Remark(path=(*path, "signature"), what=f"'{key.signature}' {what}: nothing is signed with it")


def _opaque(path: Path, name: str) -> Iterator[Remark]:
    """A key of octets can stand for the algorithm."""
    try:
        shape_of(name)
    except Unsupported as error:
        yield Remark(path=path, what=error.message)


_ROLE_USAGE = {"root": "keyCertSign", "ca": "keyCertSign", "encryption": "keyEncipherment"}
_ROLE_PURPOSE = {"tsa": ("1.3.6.1.5.5.7.3.8", "timeStamping"), "ocsp": ("1.3.6.1.5.5.7.3.9", "OCSPSigning")}


def _role(path: Path, spec: CertificateSpec) -> Iterator[Remark]:
    """What a certificate's role asks of its content; deviations may be meant, so they are warnings."""
    extensions, here = spec.extensions, (*path, "extensions")
    is_ca = spec.role in {"root", "ca"}
    if is_ca != bool(extensions.ca):
        what = "a certificate of this role is a CA" if is_ca else f"a certificate of role {spec.role} is no CA"
        yield Remark(path=(*here, "ca"), what=what, severity="warning", needs=((*path, "role"),))
    usage = _ROLE_USAGE.get(spec.role)
    if usage is not None and extensions.key_usage and usage not in extensions.key_usage:
        yield Remark(
            path=(*here, "key_usage"), what=f"{usage} is not among them", severity="warning",
            needs=((*path, "role"), *((*here, "key_usage", i) for i in range(len(extensions.key_usage)))),
        )  # fmt: skip
    if spec.role in _ROLE_PURPOSE:
        oid, name = _ROLE_PURPOSE[spec.role]
        if oid not in extensions.extended_key_usage:
            yield Remark(
                path=(*here, "extended_key_usage"), what=f"{name} ({oid}) is not among them", severity="warning",
                needs=((*path, "role"),),
            )  # fmt: skip


def _issuance(path: Path, spec: CertificateSpec, provider: Provider) -> Iterator[Remark]:
    """Issuer, shared key and dates."""
    ids = {other.id: index for index, other in enumerate(provider.certificates)}
    named: tuple[Path, ...] = tuple(("certificates", index, "id") for index in ids.values())
    if spec.issuer not in ids:
        yield from check_word((*path, "issuer"), spec.issuer, ids, "certificate", needs=named)
    if spec.cross:
        if spec.role != "ca":
            what = "only a CA is certified for another provider"
            yield Remark(path=(*path, "key_id"), what=what, needs=((*path, "role"),))
    elif spec.key_id is not None and spec.key_id not in ids:
        yield from check_word((*path, "key_id"), spec.key_id, ids, "certificate", needs=named)
    elif spec.key_id is not None and provider.certificate(spec.key_id).key != spec.key:
        other = ("certificates", ids[spec.key_id], "key")
        yield Remark(
            path=(*path, "key"), what=f"differs from that of '{spec.key_id}', whose key it shares", needs=(other,)
        )
    if spec.not_before >= spec.not_after:
        yield Remark(path=(*path, "not_after"), what="is not later than not_before", needs=((*path, "not_before"),))
    if spec.role == "root" and spec.issuer != spec.id and spec.issuer in ids:
        yield Remark(path=(*path, "issuer"), what="a root issues itself", needs=((*path, "role"), (*path, "id")))
    issuer = next((other for other in provider.certificates if other.id == spec.issuer and other is not spec), None)
    if issuer is None:
        return
    parent: Path = ("certificates", ids[issuer.id])
    if issuer.role not in {"root", "ca"}:
        yield Remark(path=(*path, "issuer"), what=f"'{issuer.id}' is no CA", needs=((*parent, "role"),))
    if spec.not_after > issuer.not_after or spec.not_before < issuer.not_before:
        yield Remark(
            path=path, what=f"is valid outside the validity of its issuer '{issuer.id}'", severity="warning",
            needs=((*path, "not_before"), (*path, "not_after"), (*parent, "not_before"), (*parent, "not_after")),
        )  # fmt: skip


def _serial(path: Path, octets: int) -> Iterator[Remark]:
    """Longer than the standard allows is met in the field, and may be meant."""
    yield from check_number(path, octets, 1, _LONGEST_SERIAL, why=f"RFC 5280 4.1.2.2: 1 to {_SERIAL}")
    if _SERIAL < octets <= _LONGEST_SERIAL:
        what = f"{octets} is more than {_SERIAL} (RFC 5280 4.1.2.2)"
        yield Remark(path=path, what=what, severity="warning")


def lint_certificates(provider: Provider) -> Iterator[Remark]:
    """All certificates of a profile."""
    paths: list[Path] = [("certificates", index) for index in range(len(provider.certificates))]
    pairs = list(zip(paths, provider.certificates, strict=True))
    yield from duplicates((((*path, "id"), spec.id) for path, spec in pairs), "certificate")
    for path, spec in pairs:
        yield from check_slug((*path, "id"), spec.id)
        yield from _issuance(path, spec, provider)
        yield from lint_key((*path, "key"), spec.key)
        yield from lint_name((*path, "subject"), spec.subject)
        if not any("TEST" in part.value for part in spec.subject):
            parts = tuple((*path, "subject", index, "value") for index in range(len(spec.subject)))
            yield Remark(path=(*path, "subject"), what="no part of the name contains the word TEST", needs=parts)
        yield from _serial((*path, "serial_octets"), spec.serial_octets)
        yield from lint_extensions((*path, "extensions"), spec)
        yield from _role(path, spec)
    yield from _loops(provider)
    yield from _crl_issuers(provider)


def _crl_issuers(provider: Provider) -> Iterator[Remark]:
    """Every cRLIssuer is the subject of a certificate that may sign CRLs."""
    known = {spec.subject: spec for spec in provider.certificates}
    subjects: tuple[Path, ...] = tuple(
        ("certificates", index, "subject") for index in range(len(provider.certificates))
    )
    for index, spec in enumerate(provider.certificates):
        for number, point in enumerate(spec.extensions.crl_points):
            here: Path = ("certificates", index, "extensions", "crl_points", number, "crl_issuer")
            if not point.crl_issuer:
                continue
            issuer = known.get(point.crl_issuer)
            if issuer is None:
                yield Remark(path=here, what="is the subject of no certificate of the profile", needs=subjects)
            elif "cRLSign" not in (issuer.extensions.key_usage or ("cRLSign",)):
                yield Remark(path=here, what=f"'{issuer.id}' may not sign CRLs (cRLSign)", severity="warning")


def _loops(provider: Provider) -> Iterator[Remark]:
    """Chains that never come to a self-signed certificate."""
    issuers = {spec.id: spec.issuer for spec in provider.certificates}
    for index, spec in enumerate(provider.certificates):
        seen = [spec.id]
        while (up := issuers.get(seen[-1])) is not None and up not in seen:
            seen.append(up)
        if up is not None and up == spec.id and len(seen) > 1:
            yield Remark(
                path=("certificates", index, "issuer"), what=f"issuers go in a circle: {' <- '.join([*seen, up])}"
            )


def _deltas(services: Services) -> Iterator[Remark]:
    """Deltas are issued a whole number of times between complete CRLs."""
    step, period = services.crl_delta_hours, services.crl_period_hours
    if step is None:
        return
    yield from check_number(("services", "crl_delta_hours"), step, 1, _CENTURY * 24)
    if step >= 1 and period >= 1 and period % step:
        what = f"{step} hours do not divide crl_period_hours ({period})"
        yield Remark(path=("services", "crl_delta_hours"), what=what, needs=(("services", "crl_period_hours"),))


def lint_services(provider: Provider) -> Iterator[Remark]:
    """Status and time services."""
    services = provider.services
    specs = {spec.id: index for index, spec in enumerate(provider.certificates)}
    named: tuple[Path, ...] = tuple(("certificates", index, "id") for index in specs.values())
    if services.tsa is not None and services.tsa not in specs:
        yield from check_word(("services", "tsa"), services.tsa, specs, "certificate", needs=named)
    elif services.tsa is not None and provider.certificate(services.tsa).role != "tsa":
        role = ("certificates", specs[services.tsa], "role")
        yield Remark(path=("services", "tsa"), what=f"'{services.tsa}' has not the role tsa", needs=(role,))
    yield from check_oid(("services", "tsa_policy"), services.tsa_policy)
    told = {re.split(r"[.\[]", key)[0] for key in services.origins}
    if told <= set(fields_of(Services)):  # else one of them may be meant for the policy, and is a mistake itself
        origin = services.origins.get("tsa_policy", services.origin)
        yield from check_stand_in(("services", "tsa_policy"), services.tsa_policy, origin)
    for field in ("ocsp_hash", "tsa_digest"):
        if digest(getattr(services, field)) is None:
            names = [known.name for known in digests()]
            yield from check_word(("services", field), getattr(services, field), names, "digest")
    for field, most in (
        ("crl_next_update_days", _CENTURY),
        ("crl_period_hours", _CENTURY * 24),
        ("ocsp_validity_hours", _CENTURY * 24),
    ):
        yield from check_number(("services", field), getattr(services, field), 1, most)
    yield from check_number(("services", "tsa_accuracy_ms"), services.tsa_accuracy_ms, 0, why="RFC 3161 2.4.2")
    for index, policy in enumerate(services.tsa_policies):
        yield from check_oid(("services", "tsa_policies", index), policy)
    if services.ocsp_archive_years is not None:
        yield from check_number(("services", "ocsp_archive_years"), services.ocsp_archive_years, 0, _CENTURY // 365)
    yield from _deltas(services)
    if _CENTURY * 24 >= services.crl_period_hours > services.crl_next_update_days * 24 >= 24:
        yield Remark(
            path=("services", "crl_period_hours"),
            what="is longer than a CRL is valid",
            needs=(("services", "crl_next_update_days"),),
        )
    responders = [spec for spec in provider.certificates if spec.role == "ocsp"]
    if services.ocsp and services.ocsp_delegated and not responders:
        roles: tuple[Path, ...] = tuple(("certificates", index, "role") for index in specs.values())
        yield Remark(path=("services", "ocsp_delegated"), what="no certificate has the role ocsp", needs=roles)
    if services.register:
        yield from _register(provider)
    for index, event in enumerate(services.events):
        here: Path = ("services", "events", index)
        known = (*specs, *services.register)
        yield from check_word((*here, "certificate"), event.certificate, known, "certificate", needs=named)
        yield from check_word((*here, "reason"), event.reason, CRL_REASONS.values(), "revocation reason")


def _register(provider: Provider) -> Iterator[Remark]:
    """Whose status is kept here besides, and that somebody answers."""
    for index, name in enumerate(provider.services.register):
        owner, colon, certificate = name.partition(":")
        here: Path = ("services", "register", index)
        if not (owner and colon and certificate):
            yield Remark(path=here, what=f"'{name}' names no certificate (write provider:certificate)")
        elif owner == provider.id:
            yield Remark(path=here, what="is of this provider, whose own services answer for it")
    direct = any(spec.role == "ocsp" and spec.issuer in provider.anchors[:1] for spec in provider.certificates)
    if not (provider.services.ocsp and provider.services.ocsp_delegated and direct):
        what = "nobody answers: that takes OCSP by a responder (role ocsp) that the first anchor has issued"
        needs: tuple[Path, ...] = (
            ("anchors",),
            ("certificates",),
            ("services", "ocsp"),
            ("services", "ocsp_delegated"),
        )
        yield Remark(path=("services", "register"), what=what, needs=needs)
