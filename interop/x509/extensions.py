"""Certificate extensions (RFC 5280 section 4.2, EN 319 412-5, GB/T 20518): one reader per extension.

Each reader takes the element inside extnValue, fills fields of the certificate and may name findings. What it cannot read
it says by `Malformed` or IndexError, which the caller turns into `certificate.extension-undecodable`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from interop.model.certificate import (
    KEY_USAGES,
    Constraints,
    Finding,
    GeneralName,
    NameConstraints,
    PolicyInformation,
)
from interop.x509 import der, oids
from interop.x509.ber import Malformed, Node, read
from interop.x509.names import general_name, general_names, name_of, text_of
from interop.x509.qc import qc_statements

__all__ = ["Draft", "distribution_point_names", "private_value", "read_extension"]


@dataclass(slots=True)
class Draft:
    """What the extensions of one certificate say, so far."""

    issuer: Node
    """The issuer Name."""
    fields: dict[str, Any] = field(default_factory=dict)
    """Fields of `model.certificate.Certificate`."""
    constraints: dict[str, int | None] = field(default_factory=dict)
    private: list[tuple[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def note(self, code: str, detail: str) -> None:
        """Keep a finding."""
        self.findings.append(Finding(code=code, detail=detail))

    def finish(self) -> dict[str, Any]:
        """The fields, complete."""
        if self.constraints:
            self.fields["constraints"] = Constraints(**self.constraints)
        if self.private:
            self.fields["private_extensions"] = tuple(self.private)
        return self.fields


def _authority_key_identifier(node: Node, draft: Draft) -> None:
    for part in node.items("AuthorityKeyIdentifier"):
        if part.tag == 0x80:
            draft.fields["authority_key_id"] = part.content.hex()
        elif part.tag == 0x82:
            draft.fields["authority_serial"] = part.integer()


def _subject_key_identifier(node: Node, draft: Draft) -> None:
    draft.fields["subject_key_id"] = node.expect(0x04, "OCTET STRING").content.hex()


def _key_usage(node: Node, draft: Draft) -> None:
    bits = node.expect(0x03, "BIT STRING").flags()
    draft.fields["key_usage"] = frozenset(KEY_USAGES[bit] for bit in bits if bit < len(KEY_USAGES))
    written = node.content
    if len(written) > 1 and not written[-1] >> written[0] & 1:
        draft.note("certificate.not-der", "keyUsage: trailing zero bits of a named bit list")


def _certificate_policies(node: Node, draft: Draft) -> None:
    policies: list[PolicyInformation] = []
    for entry in node.items("certificatePolicies"):
        parts = entry.items("PolicyInformation")
        oid = parts[0].oid()
        cps: list[str] = []
        qualifiers: list[str] = []
        for qualifier in parts[1].items("policyQualifiers") if len(parts) > 1 else ():
            pair = qualifier.items("PolicyQualifierInfo")
            qualifiers.append(pair[0].oid())
            if qualifiers[-1] == oids.CPS and len(pair) > 1:
                cps.append(text_of(pair[1])[0])
        if oid in oids.POLICY_QUALIFIERS:
            draft.note("certificate.policy-is-qualifier", oid)
        policies.append(PolicyInformation(oid=oid, cps=tuple(cps), qualifiers=tuple(qualifiers)))
    if len({policy.oid for policy in policies}) != len(policies):
        draft.note("certificate.policy-repeated", ", ".join(policy.oid for policy in policies))
    draft.fields["policies"] = tuple(policies)


def _policy_mappings(node: Node, draft: Draft) -> None:
    pairs = [pair.items("PolicyMapping") for pair in node.items("policyMappings")]
    draft.fields["policy_mappings"] = tuple((pair[0].oid(), pair[1].oid()) for pair in pairs)


def _subject_alt_name(node: Node, draft: Draft) -> None:
    draft.fields["subject_alt_names"] = general_names(node.items("GeneralNames"))


def _basic_constraints(node: Node, draft: Draft) -> None:
    ca = False
    for part in node.items("BasicConstraints"):
        if part.tag == 0x01:
            ca = part.boolean()
            if not ca:
                draft.note("certificate.default-encoded", "basicConstraints: cA FALSE is written out")
        elif part.tag == 0x02:
            draft.fields["path_length"] = _count(part)
        else:
            raise part.fail("BasicConstraints")
    draft.fields["ca"] = ca


def _count(node: Node) -> int:
    """INTEGER (0..MAX) of constraints on a path; what is beyond any path is cut, so that it stays a small number."""
    value = node.integer()
    if value < 0:
        raise Malformed(f"negative number at offset {node.start}")
    return min(value, 1_000_000)


def _subtree(node: Node) -> GeneralName:
    """GeneralSubtree: minimum is 0 and maximum is absent, or the constraint cannot be processed (RFC 5280 section 4.2.1.10)."""
    base, *limits = node.items("GeneralSubtree")
    if any(limit.tag != 0x80 or limit.integer() != 0 for limit in limits):
        raise Malformed(f"minimum or maximum of a subtree at offset {node.start}")
    return general_name(base)


def _name_constraints(node: Node, draft: Draft) -> None:
    subtrees: dict[int, tuple[GeneralName, ...]] = {0xA0: (), 0xA1: ()}
    for part in node.items("NameConstraints"):
        if part.tag not in subtrees:
            raise part.fail("GeneralSubtrees")
        subtrees[part.tag] = tuple(_subtree(tree) for tree in part.children())
    draft.fields["name_constraints"] = NameConstraints(permitted=subtrees[0xA0], excluded=subtrees[0xA1])


def _policy_constraints(node: Node, draft: Draft) -> None:
    for part in node.items("PolicyConstraints"):
        if part.tag == 0x80:
            draft.constraints["require_explicit_policy"] = _count(part)
        elif part.tag == 0x81:
            draft.constraints["inhibit_policy_mapping"] = _count(part)


def _inhibit_any_policy(node: Node, draft: Draft) -> None:
    draft.constraints["inhibit_any_policy"] = _count(node.expect(0x02, "INTEGER"))


def _extended_key_usage(node: Node, draft: Draft) -> None:
    draft.fields["extended_key_usage"] = tuple(part.oid() for part in node.items("ExtKeyUsageSyntax"))


def distribution_point_names(point: Node, issuer: Node) -> tuple[GeneralName, ...]:
    """Names of a DistributionPointName inside its `[0]`: fullName, or nameRelativeToCRLIssuer put below `issuer`.

    RFC 5280 section 4.2.1.13: the relative name is one RDN that is appended to the name of the CRL issuer.
    """
    names: list[GeneralName] = []
    for choice in point.children():
        if choice.tag == 0xA0:
            names.extend(general_names(choice.children()))
        elif choice.tag == 0xA1:
            rdn = der.tlv(0x31, choice.content)
            full = read(der.seq(*(part.raw for part in issuer.children()), rdn))
            names.append(GeneralName(kind="directory", value=name_of(full).normal))
    return tuple(names)


def _crl_distribution_points(node: Node, draft: Draft) -> None:
    names: list[GeneralName] = []
    issuers: list[str] = []
    for point in node.items("CRLDistributionPoints"):
        parts = point.items("DistributionPoint")
        named = [name for part in parts if part.tag == 0xA2 for name in part.children() if name.tag == 0xA4]
        issuers.extend(name_of(name.only()).normal for name in named)
        base = named[0].only() if named else draft.issuer
        for part in parts:
            if part.tag == 0xA0:
                names.extend(distribution_point_names(part, base))
    draft.fields["crl_issuers"] = tuple(issuers)
    draft.fields["crl_names"] = tuple(names)
    draft.fields["crl_urls"] = tuple(name.value for name in names if name.kind == "uri")


def _authority_information_access(node: Node, draft: Draft) -> None:
    urls: dict[str, list[str]] = {oids.AIA_OCSP: [], oids.AIA_CA_ISSUERS: []}
    for entry in node.items("AuthorityInfoAccessSyntax"):
        parts = entry.items("AccessDescription")
        name = general_name(parts[1])
        if name.kind == "uri":
            urls.setdefault(parts[0].oid(), []).append(name.value)
    draft.fields["ocsp_urls"] = tuple(urls[oids.AIA_OCSP])
    draft.fields["ca_issuers_urls"] = tuple(urls[oids.AIA_CA_ISSUERS])


def _qc_statements(node: Node, draft: Draft) -> None:
    draft.fields["qc_statements"] = qc_statements(node)


def _ocsp_nocheck(_node: Node, draft: Draft) -> None:
    draft.fields["ocsp_nocheck"] = True


_READERS: dict[str, Callable[[Node, Draft], None]] = {
    "authority_key_identifier": _authority_key_identifier,
    "subject_key_identifier": _subject_key_identifier,
    "key_usage": _key_usage,
    "certificate_policies": _certificate_policies,
    "policy_mappings": _policy_mappings,
    "subject_alt_name": _subject_alt_name,
    "basic_constraints": _basic_constraints,
    "name_constraints": _name_constraints,
    "policy_constraints": _policy_constraints,
    "inhibit_any_policy": _inhibit_any_policy,
    "extended_key_usage": _extended_key_usage,
    "crl_distribution_points": _crl_distribution_points,
    "authority_information_access": _authority_information_access,
    "qc_statements": _qc_statements,
    "ocsp_nocheck": _ocsp_nocheck,
}
_DECIDING = frozenset(
    oids.EXTENSIONS[name]
    for name in (
        "key_usage", "certificate_policies", "policy_mappings", "subject_alt_name", "basic_constraints", "name_constraints",
        "policy_constraints", "inhibit_any_policy", "extended_key_usage",
    )
)  # fmt: skip
"""Extensions that decide whether a path is valid and whom it is valid for: unread they cannot be taken for absent."""
_BY_OID = {oids.EXTENSIONS[name]: reader for name, reader in _READERS.items()}


def private_value(value: bytes) -> str:
    """Readable text of a private extension: the string it holds (bare, or in a GB/T 20518 choice), else lower-case hex."""
    try:
        node = read(value)
        if node.stop != len(value):
            return value.hex()
        if node.tag & 0xC0 == 0x80:
            # IdentifyCode [0] to [2]: implicit string, or explicit around one
            node = node.only() if node.tag & 0x20 else read(b"\x0c" + node.raw[1:])
        text, string_type = text_of(node)
    except Malformed:
        return value.hex()
    return text if string_type else value.hex()


def _is_one_element(value: bytes) -> bool:
    try:
        return read(value).stop == len(value)
    except Malformed:
        return False


def read_extension(oid: str, value: bytes, draft: Draft, *, critical: bool = False) -> None:
    """Read one extension into the draft; what cannot be decoded becomes a finding, its bytes a private value.

    A critical one that cannot be decoded has a code of its own, and so has one that path validation rests on: nobody may go
    on as if it were not there (RFC 5280 4.2).
    """
    reader = _BY_OID.get(oid)
    if reader is None:
        if not _is_one_element(value):
            draft.note("certificate.extension-undecodable", f"{oid}: the value is no DER")
        draft.private.append((oid, private_value(value)))
        return
    try:
        node = read(value)
        if node.stop != len(value):
            draft.note("certificate.extension-undecodable", f"{oid}: {len(value) - node.stop} octets after the value")
        reader(node, draft)
    except (ValueError, IndexError) as error:
        code = "certificate.extension-undecodable"
        if critical:
            code = "certificate.critical-extension-undecodable"
        elif oid in _DECIDING:
            code = "certificate.path-extension-undecodable"
        draft.note(code, f"{oid}: {error}")
        draft.private.append((oid, value.hex()))
