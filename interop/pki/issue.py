"""A provider's profile and its keys to a complete hierarchy of certificates (RFC 5280 section 4).

    issued = issue(provider, keys)
    issued.certificates["signer"], issued.key("signer"), issued.chain("signer")

Serial numbers are a hash of provider and certificate id, so nothing here is random: equal profiles and keys give equal bytes.
Hierarchies are kept in memory, by the text of the profile and the public keys.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import shake_256

from interop.cms.build import signature_algorithm
from interop.crypto.keys import PrivateKey
from interop.crypto.table import signature
from interop.crypto.table_data import RSASSA_PSS
from interop.model.errors import InputError, Problem, UsageError
from interop.model.hierarchy import CertificateSpec, KeySpec
from interop.model.profile import Provider
from interop.pki.extensions import extension_list, key_id
from interop.pki.keystore import KeyStore
from interop.pki.names import name
from interop.x509 import der

__all__ = [
    "Issued",
    "Variant",
    "authority_key",
    "certificate_der",
    "issue",
    "serial_number",
    "signature_identifier",
    "signed",
    "spki",
]

_KEPT = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The same hierarchy with something else in it, under serial numbers of its own."""

    name: str
    """Part of the serial numbers of the certificates that differ."""
    change: Callable[[CertificateSpec], CertificateSpec]
    """Gives each certificate's specification as it shall be issued; ids, issuers and keys stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """The hierarchy of one provider."""

    provider: Provider
    certificates: Mapping[str, bytes]
    """Certificate id -> DER, in the order of the profile."""
    specs: Mapping[str, CertificateSpec]
    """Certificate id -> what was issued (differs from the profile's only in a variant)."""
    keys: Mapping[str, PrivateKey] = field(repr=False)
    """Certificate id -> private key."""

    def key(self, certificate_id: str) -> PrivateKey:
        """The private key; UsageError for an unknown id."""
        self.spec(certificate_id)
        return self.keys[certificate_id]

    def spec(self, certificate_id: str) -> CertificateSpec:
        """The specification; UsageError for an unknown id."""
        try:
            return self.specs[certificate_id]
        except KeyError:
            known = ", ".join(self.specs)
            raise UsageError(f"{self.provider.id} has no certificate '{certificate_id}' (it has {known})") from None

    def chain(self, certificate_id: str) -> tuple[bytes, ...]:
        """The issuers of a certificate upwards, anchor last; without the certificate itself, empty for an anchor."""
        found: list[bytes] = []
        spec = self.spec(certificate_id)
        while spec.id not in self.provider.anchors and spec.issuer != spec.id:
            spec = self.spec(spec.issuer)
            found.append(self.certificates[spec.id])
            if len(found) > len(self.specs):
                raise _problem(self.provider, certificate_id, "issuer", "its issuers go round in a circle")
        return tuple(found)

    @property
    def anchors(self) -> tuple[bytes, ...]:
        """Home anchors, DER."""
        return tuple(self.certificates[anchor] for anchor in self.provider.anchors)


def _problem(provider: Provider, certificate_id: str, what: str, message: str) -> InputError:
    return InputError(provider.id, (Problem(where=f"certificates.{certificate_id}.{what}", what=message),))


def serial_number(provider_id: str, certificate_id: str, octets: int, variant: str = "") -> int:
    """Serial number of exactly that many octets, positive, from a hash of its arguments. Raises ValueError below one octet."""
    if octets < 1:
        raise ValueError(f"a serial number of {octets} octets does not exist")
    label = f"interop serial\0{provider_id}\0{certificate_id}\0{variant}".encode()
    octet, *rest = shake_256(label).digest(octets)
    return int.from_bytes(bytes((octet & 0x3F | 0x40, *rest)), "big")


def signature_identifier(spec: KeySpec) -> bytes:
    """AlgorithmIdentifier of the signatures that a key makes; ValueError for an algorithm that cannot be written.

    Parameters are as in CMS (`cms.build.signature_algorithm`), with the NULL that is seen in the field where the profile asks for it.
    """
    known = signature(spec.signature)
    if known is None or not known.digest or not (known.oids or RSASSA_PSS in known.oids_with_digest):
        raise ValueError(f"no signature algorithm '{spec.signature}' to sign certificates with")
    if known.key != spec.kind:
        raise ValueError(f"signature '{spec.signature}' needs a key of kind {known.key}, not {spec.kind}")
    return signature_algorithm(spec.signature, null_parameters=spec.null_parameters)


def spki(key: PrivateKey, spec: KeySpec) -> bytes:
    """SubjectPublicKeyInfo in the form that the profile asks for."""
    known = signature(spec.signature)
    if spec.rsa_spki == "rsa" or known is None:
        return key.spki_in(spec.sm2_spki)
    return key.spki_in(pss_digest=known.digest, restricted=spec.rsa_spki == "pss-restricted")


def authority_key(issuer_key: PrivateKey, issuer: CertificateSpec) -> bytes:
    """Key identifier of an issuer: the one in its certificate, method 1 where that has none."""
    how = issuer.extensions.subject_key_id
    return key_id(spki(issuer_key, issuer.key), "sha1" if how == "none" else how)


def certificate_der(
    spec: CertificateSpec, key: PrivateKey, issuer: CertificateSpec, issuer_key: PrivateKey, serial: int
) -> bytes:
    """One signed certificate. Raises ValueError for content that cannot be written, Unsupported for a key that cannot sign."""
    public = spki(key, spec.key)
    algorithm = signature_identifier(issuer.key)
    tbs = der.seq(
        der.explicit(0, der.integer(2)),
        der.integer(serial),
        algorithm,
        name(issuer.subject),
        der.seq(der.time(spec.not_before), der.time(spec.not_after)),
        name(spec.subject),
        public,
        extension_list(spec.extensions, spki=public, authority_key=authority_key(issuer_key, issuer)),
    )
    return signed(tbs, algorithm, issuer_key, issuer.key)


def signed(tbs: bytes, algorithm: bytes, key: PrivateKey, spec: KeySpec) -> bytes:
    """SIGNED{tbs}: the body, its AlgorithmIdentifier and the signature value (X.509 section 6.2.1)."""
    value = key.sign(spec.signature, tbs, sm2_id=spec.sm2_id)
    return der.seq(tbs, algorithm, der.bit_string(value))


_issued: OrderedDict[tuple[object, ...], Issued] = OrderedDict()
"""Hierarchies made, the last used at the end; what they depend on is all in the key."""


def issue(provider: Provider, keys: KeyStore, *, variant: Variant | None = None) -> Issued:
    """The whole hierarchy of a provider, or a variant of it.

    Raises InputError with every certificate that cannot be written; UsageError, InputError and Unsupported of the keys.
    """
    specs = {spec.id: spec if variant is None else variant.change(spec) for spec in provider.certificates}
    owned = {spec.id: keys.of(provider, spec.id) for spec in provider.certificates}
    slot = (provider.id, repr(provider), repr(specs) if variant else "", tuple(key.spki for key in owned.values()))
    found = _issued.get(slot)
    if found is not None:
        _issued.move_to_end(slot)
        return found
    certificates: dict[str, bytes] = {}
    problems: list[Problem] = []
    for spec in specs.values():
        changed = "" if variant is None or spec == provider.certificate(spec.id) else variant.name
        issuer = specs.get(spec.issuer)
        if issuer is None:
            problems.append(Problem(where=f"certificates.{spec.id}.issuer", what=f"no certificate '{spec.issuer}'"))
            continue
        try:
            serial = serial_number(provider.id, spec.id, spec.serial_octets, changed)
            certificates[spec.id] = certificate_der(spec, owned[spec.id], issuer, owned[issuer.id], serial)
        except ValueError as error:
            problems.append(Problem(where=f"certificates.{spec.id}", what=str(error)))
    if problems:
        raise InputError(provider.id, tuple(problems))
    made = Issued(provider=provider, certificates=certificates, specs=specs, keys=owned)
    _issued[slot] = made
    if len(_issued) > _KEPT:
        _issued.popitem(last=False)
    return made
