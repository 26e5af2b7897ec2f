"""One certificate revocation list: bytes to the frozen value of `interop.model.status` (RFC 5280 section 5)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from interop.model.certificate import Finding
from interop.model.status import CRL_REASONS, REASON_FLAGS, Crl, Revocation
from interop.x509 import oids
from interop.x509.ber import Malformed, Node, read
from interop.x509.certificate import object_id, unreadable
from interop.x509.extensions import distribution_point_names
from interop.x509.names import name_of
from interop.x509.spki import algorithm_id

__all__ = ["CrlParts", "crl_parts", "parse_crl"]

_TIMES = (0x17, 0x18)
_AUTHORITY_KEY = oids.EXTENSIONS["authority_key_identifier"]


class CrlParts(NamedTuple):
    """Where things lie in a CRL, as exact slices of the input."""

    tbs: bytes
    """tbsCertList with its header, exactly the bytes that were signed."""
    algorithm: Node
    signature: bytes
    fields: tuple[Node, ...]
    """Elements of tbsCertList without the version."""
    stop: int


@lru_cache(maxsize=1024)
def crl_parts(der: bytes) -> CrlParts:
    """Take a CRL apart. Raises InputError."""
    try:
        outer = read(der)
        tbs, algorithm, signature = outer.items("CertificateList")[:3]
        fields = tbs.items("TBSCertList")
        if fields and fields[0].tag == 0x02:
            fields = fields[1:]
        if len(fields) < 3:
            raise Malformed("tbsCertList ends before thisUpdate")
        return CrlParts(tbs.raw, algorithm, signature.bits(), tuple(fields), outer.stop)
    except (ValueError, IndexError) as error:
        raise unreadable(der, "CRL", error) from error


@lru_cache(maxsize=1024)
def parse_crl(der: bytes) -> Crl:
    """Read one CRL. Raises InputError where its structure cannot be read; odd extensions become findings.

    A delta CRL says so by `delta_base`; a revocation of an indirect CRL names its certificate issuer.
    """
    parts = crl_parts(der)
    try:
        findings: list[Finding] = []
        issuer = name_of(parts.fields[1])
        rest = list(parts.fields[3:])
        next_update = rest.pop(0).time() if rest and rest[0].tag in _TIMES else None
        entries = rest.pop(0).children() if rest and rest[0].tag == 0x30 else []
        extensions: dict[str, Any] = {}
        if rest and rest[0].tag == 0xA0:
            extensions = _extensions(rest[0].only(), parts.fields[1], findings)
        if parts.stop != len(der):
            findings.append(
                Finding(
                    code="revocation.evidence-trailing-bytes", detail=f"{len(der) - parts.stop} octets after the CRL"
                )
            )
        return Crl(
            id=object_id(der),
            issuer=issuer,
            this_update=parts.fields[2].time(),
            next_update=next_update,
            signature_algorithm=algorithm_id(parts.algorithm),
            revoked=_revocations(entries, findings),
            **extensions,
            findings=tuple(findings),
        )
    except (ValueError, IndexError) as error:
        raise unreadable(der, "CRL", error) from error


def _undecodable(oid: str, error: Exception) -> Finding:
    return Finding(code="revocation.evidence-extension-undecodable", detail=f"{oid}: {error}")


def _pairs(block: Node) -> list[tuple[str, bool, bytes]]:
    """(OID, critical, value) of every extension."""
    found: list[tuple[str, bool, bytes]] = []
    for entry in block.items("Extensions"):
        pieces = entry.items("Extension")
        critical = len(pieces) == 3 and pieces[1].boolean()
        found.append((pieces[0].oid(), critical, pieces[-1].octets()))
    return found


def _extensions(block: Node, issuer: Node, findings: list[Finding]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    pairs = _pairs(block)
    for oid, _critical, value in pairs:
        try:
            if oid == oids.CRL_NUMBER:
                fields["number"] = read(value).integer()
            elif oid == oids.DELTA_CRL:
                fields["delta_base"] = read(value).integer()
            elif oid == _AUTHORITY_KEY:
                key_ids = [part for part in read(value).items("AuthorityKeyIdentifier") if part.tag == 0x80]
                fields["authority_key_id"] = key_ids[0].content.hex() if key_ids else None
            elif oid == oids.ISSUING_DISTRIBUTION_POINT:
                fields |= _issuing_distribution_point(read(value), issuer)
            elif oid == oids.EXPIRED_CERTS_ON_CRL:
                fields["expired_since"] = read(value).time()
        except (ValueError, IndexError) as error:
            findings.append(_undecodable(oid, error))
    fields["extensions"] = tuple((oid, critical) for oid, critical, _ in pairs)
    return fields


def _issuing_distribution_point(node: Node, issuer: Node) -> dict[str, Any]:
    """IssuingDistributionPoint (RFC 5280 section 5.2.5)."""
    flags = {0x81: "only_user", 0x82: "only_ca", 0x84: "indirect", 0x85: "only_attribute"}
    fields: dict[str, Any] = {}
    for part in node.items("IssuingDistributionPoint"):
        if part.tag == 0xA0:
            fields["distribution_point"] = distribution_point_names(part, issuer)
        elif part.tag == 0x83:
            fields["only_reasons"] = frozenset(REASON_FLAGS[bit] for bit in part.flags() if bit in REASON_FLAGS)
        elif part.tag in flags:
            fields[flags[part.tag]] = part.boolean()
    return fields


def _revocations(entries: list[Node], findings: list[Finding]) -> tuple[Revocation, ...]:
    """revokedCertificates; certificateIssuer holds until the next entry that names one (RFC 5280 section 5.3.3)."""
    revoked: list[Revocation] = []
    issuer: str | None = None
    for entry in entries:
        pieces = entry.items("revokedCertificate")
        reason: str | None = None
        if len(pieces) > 2:
            for oid, critical, value in _pairs(pieces[2]):
                if critical and oid not in (oids.REASON_CODE, oids.CERTIFICATE_ISSUER):
                    findings.append(_undecodable(oid, ValueError("unknown critical entry extension")))
                try:
                    if oid == oids.REASON_CODE:
                        reason = CRL_REASONS.get(read(value).integer(), "unspecified")
                    elif oid == oids.CERTIFICATE_ISSUER:
                        names = read(value).items("GeneralNames")
                        issuer = next(name_of(name.only()) for name in names if name.tag == 0xA4).normal
                except (ValueError, IndexError, StopIteration) as error:
                    findings.append(_undecodable(oid, error))
        revoked.append(Revocation(serial=pieces[0].integer(), date=pieces[1].time(), reason=reason, issuer=issuer))
    return tuple(revoked)
