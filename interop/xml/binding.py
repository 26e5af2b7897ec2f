"""Which certificate is the signer's: SigningCertificate, SigningCertificateV2 and KeyInfo against the certificates found."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interop.crypto import table
from interop.crypto.digests import digest_bytes
from interop.model.certificate import Certificate, Finding, ObjectId
from interop.model.errors import InputError, Unsupported
from interop.model.facts import Binding, ValueFact
from interop.x509.ber import Malformed, read
from interop.x509.certificate import object_id, parse_certificate
from interop.x509.names import name_of
from interop.xml.distinguished_name import same_name
from interop.xml.key_info import KeyInfo
from interop.xml.properties import NamedCertificate, Properties

__all__ = ["Bound", "bindings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """All ways in which the signing certificate is named."""

    bindings: tuple[Binding, ...]
    findings: tuple[Finding, ...]


def bindings(
    key_info: KeyInfo, properties: Properties, candidates: Mapping[str, bytes], values: Sequence[ValueFact]
) -> Bound:
    """The bindings that the signed properties make, then that of KeyInfo.

    The certificates tried are those of KeyInfo, then those of CertificateValues; `values` say whose key verifies, `candidates`
    which certificates were tried for it.
    """
    ders = list(dict.fromkeys([*key_info.certificates, *properties.values.certificates]))
    parsed: list[tuple[bytes, Certificate]] = []
    findings: list[Finding] = []
    for der in ders:
        try:
            parsed.append((der, parse_certificate(der)))
        except InputError as error:
            findings.append(Finding(code="certificate.key-info-undecodable", detail=error.message[:200]))
    verified = [ObjectId(v.key) for v in values if v.ok and v.key in candidates]
    found = [_named(n, parsed, verified, findings) for n in properties.named]
    if key_info.certificates:
        signer = verified[0] if verified else object_id(key_info.certificates[0])
        held = next((c for _, c in parsed if c.id == signer), None)
        found.append(Binding(how="key-info", certificate=signer, issuer_serial_ok=_any_issuer_serial(key_info, held)))
    return Bound(bindings=tuple(found), findings=tuple(findings))


def _any_issuer_serial(key_info: KeyInfo, certificate: Certificate | None) -> bool | None:
    """Whether an X509IssuerSerial names the certificate; None where there is none or none can be read."""
    if certificate is None or not key_info.issuer_serials:
        return None
    answers = [_issuer_serial_text(name, serial, certificate) for name, serial in key_info.issuer_serials]
    return True if True in answers else None if None in answers else False


def _issuer_serial_text(name: str, serial: str, certificate: Certificate) -> bool | None:
    try:
        if int(serial.strip()) != certificate.serial:
            return False
    except ValueError:
        return False
    return same_name(name, certificate.issuer)


def _named(
    named: NamedCertificate,
    certificates: Sequence[tuple[bytes, Certificate]],
    verified: Sequence[ObjectId],
    findings: list[Finding],
) -> Binding:
    digest = table.digest_by_uri(named.digest_uri)
    matches: list[Certificate] = []
    computed = digest is not None and named.digest is not None
    if digest is not None and named.digest is not None:
        try:
            matches = [
                c for der, c in certificates if hmac.compare_digest(digest_bytes(digest.name, der), named.digest)
            ]
        except Unsupported:
            computed = False
    stated = [(c, _issuer_serial(named, c, findings)) for _, c in certificates]
    if matches:
        chosen: Certificate | None = matches[0]
    else:
        by_name = [c for c, same in stated if same]
        signer = [c for c, _ in stated if c.id in verified]
        chosen = next(iter(by_name or signer), None)
    issuer_serial_ok = next((same for c, same in stated if c is chosen), None)
    return Binding(
        how=named.how,
        certificate=None if chosen is None else chosen.id,
        digest_ok=bool(matches) if computed else (False if named.digest is None else None),
        issuer_serial_ok=issuer_serial_ok,
        digest=named.digest_uri if digest is None else digest.name,
    )


def _issuer_serial(named: NamedCertificate, certificate: Certificate, findings: list[Finding]) -> bool | None:
    """Whether the issuer and serial stated are the certificate's; None where none is stated or it cannot be read."""
    if named.serial is not None or named.issuer_name is not None:
        return _issuer_serial_text(named.issuer_name or "", named.serial or "", certificate)
    if named.issuer_serial is None:
        return None
    try:
        fields = read(named.issuer_serial).items("IssuerSerial")
        serial = fields[1].expect(0x02, "serialNumber").integer()
        directory = [n for n in fields[0].children() if n.tag == 0xA4]
        issuer = name_of(directory[0].only()) if directory else None
    except (Malformed, IndexError) as error:
        finding = Finding(code="certificate.issuer-serial-undecodable", detail=f"IssuerSerialV2: {error}"[:200])
        if finding not in findings:
            findings.append(finding)
        return False
    return serial == certificate.serial and issuer is not None and issuer.normal == certificate.issuer.normal
