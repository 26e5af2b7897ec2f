"""Certificate extensions of a profile, written as DER with their criticality (RFC 5280 section 4.2, RFC 3739, EN 319 412-5).

Nothing is corrected on the way: what the profile says is what the certificate gets, mistakes included. What the profile
cannot mean (a bit that does not exist, a string that does not fit) is a ValueError.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha1, sha256
from typing import Literal

from interop.model.certificate import KEY_USAGES
from interop.model.hierarchy import (
    AccessDescription,
    AltNames,
    DistributionPoint,
    Extensions,
    NameConstraintsSpec,
    PolicySpec,
    PrivateExtension,
    QcLimit,
    QcSpec,
    SubtreeSpec,
)
from interop.pki.names import directory_name, dns_name, email_name, other_name, string, uri_name
from interop.x509 import ber, der
from interop.x509.oids import AIA_CA_ISSUERS, AIA_OCSP, CPS, EXTENSIONS

__all__ = ["FRESHEST_CRL", "ISSUER_ALT_NAME", "SUBJECT_INFO", "extension", "extension_list", "key_id"]

SUBJECT_INFO = "1.3.6.1.5.5.7.1.11"
"""subjectInfoAccess (RFC 5280 section 4.2.2.2)."""
ISSUER_ALT_NAME = "2.5.29.18"
"""issuerAltName (RFC 5280 section 4.2.1.7)."""
FRESHEST_CRL = "2.5.29.46"
"""freshestCRL (RFC 5280 section 4.2.1.15)."""
_CA_REPOSITORY = "1.3.6.1.5.5.7.48.5"
_USER_NOTICE = "1.3.6.1.5.5.7.2.2"
"""id-qt-unotice (RFC 5280 section 4.2.1.4)."""


def key_id(spki: bytes, how: Literal["sha1", "sha256"] = "sha1") -> bytes:
    """Key identifier: digest of the subjectPublicKey bits (RFC 5280 section 4.2.1.2 method 1; 20 or 32 octets)."""
    bits = ber.read(spki).items("SubjectPublicKeyInfo")[1].bits()
    return sha256(bits).digest() if how == "sha256" else sha1(bits, usedforsecurity=False).digest()


def extension(oid: str, value: bytes, *, critical: bool = False) -> bytes:
    """Extension; `critical` is DEFAULT FALSE and therefore written only when true."""
    return der.seq(der.oid(oid), der.boolean(True) if critical else b"", der.octet_string(value))


def _key_usage(names: Iterable[str]) -> bytes:
    """KeyUsage: a named bit list, trailing zero bits left out (X.690 section 11.2.2)."""
    bits = 0
    for bit in names:
        if bit not in KEY_USAGES:
            raise ValueError(f"unknown key usage '{bit}' (one of {', '.join(KEY_USAGES)})")
        bits |= 0x8000 >> KEY_USAGES.index(bit)
    octets = bits.to_bytes(2, "big").rstrip(b"\0")
    unused = (octets[-1] & -octets[-1]).bit_length() - 1 if octets else 0
    return der.bit_string(octets, unused)


def _basic_constraints(ca: bool, path_length: int | None) -> bytes:
    return der.seq(der.boolean(True) if ca else b"", b"" if path_length is None else der.integer(path_length))


def _policies(policies: Iterable[PolicySpec]) -> bytes:
    entries = []
    for policy in policies:
        qualifiers = []
        if policy.cps is not None:
            qualifiers.append(der.seq(der.oid(CPS), string(policy.cps, "ia5")))
        if policy.notice is not None:
            qualifiers.append(der.seq(der.oid(_USER_NOTICE), der.seq(string(policy.notice, "utf8"))))
        entries.append(der.seq(der.oid(policy.oid), der.seq(*qualifiers) if qualifiers else b""))
    return der.seq(*entries)


def _subtrees(number: int, subtrees: Iterable[SubtreeSpec]) -> bytes:
    """[n] GeneralSubtrees; minimum is DEFAULT 0 and left out. Every name of a SubtreeSpec is a subtree of its own."""
    bases: list[bytes] = []
    for subtree in subtrees:
        if subtree.directory:
            bases.append(directory_name(subtree.directory))
        if subtree.dns is not None:
            bases.append(dns_name(subtree.dns))
        if subtree.email is not None:
            bases.append(email_name(subtree.email))
        if subtree.uri is not None:
            bases.append(uri_name(subtree.uri))
    return der.explicit(number, b"".join(der.seq(base) for base in bases)) if bases else b""


def _name_constraints(spec: NameConstraintsSpec) -> bytes:
    return der.seq(_subtrees(0, spec.permitted), _subtrees(1, spec.excluded))


def _access(info: AccessDescription) -> bytes:
    methods = ((AIA_OCSP, info.ocsp), (AIA_CA_ISSUERS, info.ca_issuers), (_CA_REPOSITORY, info.ca_repository))
    return der.seq(*(der.seq(der.oid(method), uri_name(uri)) for method, uris in methods for uri in uris))


def _crl_points(points: Iterable[DistributionPoint]) -> bytes:
    entries = []
    for point in points:
        names = b"".join(uri_name(uri) for uri in point.uris)
        if point.directory:
            names = directory_name(point.directory) + names
        named = der.explicit(0, der.explicit(0, names)) if names or not point.crl_issuer else b""
        entries.append(der.seq(named, der.explicit(2, directory_name(point.crl_issuer)) if point.crl_issuer else b""))
    return der.seq(*entries)


def _alt_names(names: AltNames, emails: Iterable[str] = ()) -> bytes:
    return der.seq(
        *(email_name(address) for address in (*emails, *names.emails)),
        *(dns_name(host) for host in names.dns),
        *(uri_name(uri) for uri in names.uris),
        *(directory_name(parts) for parts in names.directories),
        *(other_name(other.oid, other.text, other.string) for other in names.others),
    )


def _limit(spec: QcLimit) -> bytes:
    """MonetaryValue (EN 319 412-5 section 4.3.2): the currency as letters or as a number."""
    number = spec.currency.isascii() and spec.currency.isdigit()
    currency = der.integer(int(spec.currency)) if number else string(spec.currency, "printable")
    return der.seq(currency, der.integer(spec.amount), der.integer(spec.exponent))


def _qc_statement(spec: QcSpec) -> bytes:
    """QCStatement: the one kind of value that the spec carries is its statementInfo (EN 319 412-5 section 4).

    SemanticsInformation of qcs-pkixQCSyntax-v2 (RFC 3739 section 3.2.6.1) with one identifier is encoded like QcType with one.
    """
    infos: list[bytes] = []
    if spec.oids:
        infos.append(der.seq(*(der.oid(oid) for oid in spec.oids)))
    if spec.countries:
        infos.append(der.seq(*(string(country, "printable") for country in spec.countries)))
    if spec.urls:
        infos.append(der.seq(*(der.seq(string(u, "ia5"), string(lang, "printable")) for u, lang in spec.urls)))
    if spec.integer is not None:
        infos.append(der.integer(spec.integer))
    if spec.limit is not None:
        infos.append(_limit(spec.limit))
    if len(infos) > 1:
        raise ValueError(f"QC statement {spec.oid} carries more than one kind of value")
    return der.seq(der.oid(spec.oid), *infos)


def _private(spec: PrivateExtension) -> bytes:
    if (spec.text is None) == (spec.der is None):
        raise ValueError(f"extension {spec.oid} needs either a text or a der value")
    if spec.text is not None:
        return extension(spec.oid, string(spec.text, spec.string, tag=spec.tag), critical=spec.critical)
    try:
        value = bytes.fromhex(spec.der or "")
    except ValueError:
        raise ValueError(f"extension {spec.oid}: '{spec.der}' is no hex") from None
    return extension(spec.oid, value, critical=spec.critical)


def _keys_and_use(spec: Extensions, *, spki: bytes, authority_key: bytes) -> Iterator[bytes]:
    """Key identifiers, basic constraints and purposes."""
    if spec.authority_key_id:
        value = der.seq(der.implicit(0, authority_key))
        yield extension(EXTENSIONS["authority_key_identifier"], value, critical=spec.authority_key_id_critical)
    if spec.subject_key_id != "none":
        value = der.octet_string(key_id(spki, spec.subject_key_id))
        yield extension(EXTENSIONS["subject_key_identifier"], value, critical=spec.subject_key_id_critical)
    if spec.ca is not None:
        value = _basic_constraints(spec.ca, spec.path_length)
        yield extension(EXTENSIONS["basic_constraints"], value, critical=spec.basic_constraints_critical)
    if spec.key_usage:
        yield extension(EXTENSIONS["key_usage"], _key_usage(spec.key_usage), critical=spec.key_usage_critical)
    if spec.extended_key_usage:
        value = der.seq(*(der.oid(purpose) for purpose in spec.extended_key_usage))
        yield extension(EXTENSIONS["extended_key_usage"], value, critical=spec.extended_key_usage_critical)


def _policies_and_names(spec: Extensions) -> Iterator[bytes]:
    """Policies with their constraints, and the names of both sides."""
    if spec.policies:
        yield extension(EXTENSIONS["certificate_policies"], _policies(spec.policies), critical=spec.policies_critical)
    if spec.policy_mappings:
        value = der.seq(*(der.seq(der.oid(theirs), der.oid(ours)) for theirs, ours in spec.policy_mappings))
        yield extension(EXTENSIONS["policy_mappings"], value, critical=spec.policy_mappings_critical)
    if spec.require_explicit_policy is not None or spec.inhibit_policy_mapping is not None:
        skips = enumerate((spec.require_explicit_policy, spec.inhibit_policy_mapping))
        value = der.seq(*(der.implicit(n, der.integer(skip)[2:]) for n, skip in skips if skip is not None))
        yield extension(EXTENSIONS["policy_constraints"], value, critical=spec.policy_constraints_critical)
    if spec.inhibit_any_policy is not None:
        value = der.integer(spec.inhibit_any_policy)
        yield extension(EXTENSIONS["inhibit_any_policy"], value, critical=spec.inhibit_any_policy_critical)
    if spec.name_constraints is not None:
        value = _name_constraints(spec.name_constraints)
        yield extension(EXTENSIONS["name_constraints"], value, critical=spec.name_constraints.critical)
    if spec.subject_alt_emails or spec.subject_alt is not None:
        names = spec.subject_alt or AltNames()
        value = _alt_names(names, spec.subject_alt_emails)
        yield extension(EXTENSIONS["subject_alt_name"], value, critical=names.critical)
    if spec.issuer_alt is not None:
        yield extension(ISSUER_ALT_NAME, _alt_names(spec.issuer_alt), critical=spec.issuer_alt.critical)


def _places_and_statements(spec: Extensions) -> Iterator[bytes]:
    """Where status and issuers are found, QC statements, and what has no table of its own."""
    if spec.crl_points:
        value = _crl_points(spec.crl_points)
        yield extension(EXTENSIONS["crl_distribution_points"], value, critical=spec.crl_points_critical)
    if spec.freshest_crl:
        yield extension(FRESHEST_CRL, _crl_points(spec.freshest_crl), critical=spec.freshest_crl_critical)
    if spec.authority_info is not None:
        info = spec.authority_info
        yield extension(EXTENSIONS["authority_information_access"], _access(info), critical=info.critical)
    if spec.subject_info is not None:
        yield extension(SUBJECT_INFO, _access(spec.subject_info), critical=spec.subject_info.critical)
    if spec.qc_statements:
        value = der.seq(*(_qc_statement(statement) for statement in spec.qc_statements))
        yield extension(EXTENSIONS["qc_statements"], value, critical=spec.qc_critical)
    if spec.ocsp_nocheck:
        yield extension(EXTENSIONS["ocsp_nocheck"], der.null(), critical=spec.ocsp_nocheck_critical)
    for private in spec.private:
        yield _private(private)


def extension_list(spec: Extensions, *, spki: bytes, authority_key: bytes) -> bytes:
    """`[3] EXPLICIT Extensions` of one certificate, in a fixed order; empty bytes where the profile asks for none.

    `spki` is the subject's public key, `authority_key` the issuer's key identifier. Raises ValueError for what cannot be
    written.
    """
    parts = (
        *_keys_and_use(spec, spki=spki, authority_key=authority_key),
        *_policies_and_names(spec),
        *_places_and_statements(spec),
    )
    written = b"".join(parts)
    return der.explicit(3, der.seq(written)) if written else b""
