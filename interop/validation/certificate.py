"""The layer `certificate`: which certificate is the signing certificate, and whether its content suits every signer.

Identification follows EN 319 102-1 section 5.2.3: a signing-certificate attribute decides, by the digest in it; without
one the CMS signer identifier or the key information does. What it names wrongly blocks here, and only here: the other
layers are still evaluated for the certificate that the signature points to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interop.model.certificate import Certificate, ObjectId, under_arc
from interop.model.facts import Binding, ValueFact
from interop.model.layers import Cause
from interop.model.rules import CertificateRules

__all__ = ["Identified", "content_causes", "identify_signer"]

_SIGNING = frozenset({"digitalSignature", "nonRepudiation"})
_WEAK = frozenset({"md2", "md4", "md5", "sha1", "ripemd160"})
"""Digests for which two certificates of one digest can be made (ETSI TS 119 312 section 5.2). SHA-1 in the older attribute, which
knows no other digest, has a finding of its own in the layer `format`."""
_ANY_EKU = "2.5.29.37.0"
_QC_STATEMENTS = "1.3.6.1.5.5.7.1.3"
_QCS_ARC = "0.4.0.1862.1"
"""id-etsi-qcs."""
_QC_COMPLIANCE = f"{_QCS_ARC}.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """The signing certificate."""

    certificate: ObjectId | None
    """The one to evaluate the other layers for; None where there is none at all."""
    causes: tuple[Cause, ...] = ()
    """What is wrong with how it is named; codes of the layer `certificate`."""
    by_attribute: bool = False
    """A signing-certificate attribute names it, digest and all."""


def identify_signer(
    bound_by: Sequence[Binding], value: Sequence[ValueFact], certificates: Sequence[ObjectId]
) -> Identified:
    """Identify the signing certificate of a signature or token from the ways in which it is named."""
    attributes = [binding for binding in bound_by if binding.how.startswith("signing-certificate")]
    others = [binding for binding in bound_by if not binding.how.startswith("signing-certificate")]
    if attributes:
        return _by_attribute(attributes, others)
    named = [binding.certificate for binding in others if binding.certificate is not None]
    if named:
        verifying = {fact.key for fact in value if fact.ok}
        return Identified(certificate=next((c for c in named if c in verifying), named[0]))
    return Identified(certificate=None, causes=(_missing(value, certificates),))


def _missing(value: Sequence[ValueFact], certificates: Sequence[ObjectId]) -> Cause:
    if certificates:
        return Cause(
            code="certificate.no-signing-certificate",
            detail=f"none of the {len(certificates)} certificates in the file is the one that is named",
        )
    if value:
        return Cause(code="certificate.key-only", detail="a bare public key, no certificate")
    return Cause(code="certificate.no-signing-certificate", detail="no certificate in the file")


def _by_attribute(attributes: list[Binding], others: list[Binding]) -> Identified:
    pointed = next((b.certificate for b in others if b.certificate is not None), None)
    good = next((b for b in attributes if b.certificate is not None and b.digest_ok), None)
    if good is None:
        wrong = next((b for b in attributes if b.digest_ok is False), None)
        uncomputed = next((b for b in attributes if b.certificate is not None and b.digest_ok is None), None)
        fallback = pointed or next((b.certificate for b in attributes if b.certificate is not None), None)
        if wrong is None and uncomputed is not None:
            cause = Cause(code="certificate.signing-certificate-digest-not-computed", detail=uncomputed.how)
        elif wrong is not None:
            cause = Cause(code="certificate.signing-certificate-digest-mismatch", detail=wrong.how)
        else:
            cause = Cause(
                code="certificate.no-signing-certificate", detail=f"{attributes[0].how} names none in the file"
            )
        return Identified(certificate=fallback, causes=(cause,))
    causes: list[Cause] = []
    if good.digest in _WEAK and not (good.how == "signing-certificate" and good.digest == "sha1"):
        causes.append(Cause(code="certificate.signing-certificate-digest-weak", detail=f"{good.how}: {good.digest}"))
    if pointed is not None and pointed != good.certificate and not _among(others, good.certificate):
        causes.append(
            Cause(
                code="certificate.signer-identifier-differs",
                detail=f"{others[0].how} names {pointed}, {good.how} names {good.certificate}",
            )
        )
    rival = next((b for b in attributes if b.digest_ok and b.certificate != good.certificate), None)
    if rival is not None:  # two attributes, two signers: whose signature it is would be the reader's choice
        causes.append(
            Cause(
                code="certificate.signer-identifier-differs",
                detail=f"{good.how} names {good.certificate}, {rival.how} names {rival.certificate}",
            )
        )
    if any(b.issuer_serial_ok is False for b in attributes if b.certificate == good.certificate):
        causes.append(Cause(code="certificate.issuer-serial-mismatch", detail=good.how))
    return Identified(certificate=good.certificate, causes=tuple(causes), by_attribute=True)


def _among(bindings: list[Binding], certificate: ObjectId | None) -> bool:
    return any(binding.certificate == certificate for binding in bindings)


def content_causes(certificate: Certificate, rules: CertificateRules) -> tuple[Cause, ...]:
    """What the content of a signer's certificate lacks or has too much of, by the relying party's rules for every signer."""
    causes = [*_key_usage(certificate, rules), *_extended_key_usage(certificate, rules)]
    attributes = {attribute.oid for rdn in certificate.subject.rdns for attribute in rdn}
    causes.extend(
        Cause(code="certificate.subject-attribute-missing", detail=oid)
        for oid in rules.subject_required
        if oid not in attributes
    )
    if rules.qc_statements:
        causes.extend(_qc_statements(certificate))
    return tuple(causes)


def _qc_statements(certificate: Certificate) -> list[Cause]:
    """EN 319 412-5 sections 4.1 and 5, for a certificate that makes a statement of that standard."""
    stated = [s.oid for s in certificate.qc_statements or () if under_arc(s.oid, _QCS_ARC)]
    if not stated:
        return []
    causes: list[Cause] = []
    if any(critical and oid == _QC_STATEMENTS for oid, critical in certificate.extensions):
        causes.append(Cause(code="certificate.qc-statements-critical", detail=_QC_STATEMENTS))
    if _QC_COMPLIANCE not in stated:
        causes.append(Cause(code="certificate.qc-compliance-missing", detail=f"found {', '.join(stated)}"))
    return causes


def _key_usage(certificate: Certificate, rules: CertificateRules) -> list[Cause]:
    usage = certificate.key_usage
    if usage is None:
        if not rules.key_usage_required:
            return []
        return [Cause(code="certificate.key-usage-missing", detail="no keyUsage extension")]
    found = f"found {', '.join(sorted(usage)) or 'none'}"
    if (rules.key_usage_any or rules.key_usage_all) and usage.isdisjoint(_SIGNING):
        return [Cause(code="certificate.key-usage-not-for-signing", detail=found)]
    causes: list[Cause] = []
    missing = [bit for bit in rules.key_usage_all if bit not in usage]
    if rules.key_usage_any and usage.isdisjoint(rules.key_usage_any):
        if len(rules.key_usage_any) == 1:
            missing.extend(bit for bit in rules.key_usage_any if bit not in missing)
        else:
            wanted = " or ".join(rules.key_usage_any)
            causes.append(Cause(code="certificate.key-usage-not-for-signing", detail=f"asked for {wanted}; {found}"))
    causes.extend(_missing_bit(bit, found) for bit in missing)
    refused = sorted(usage.intersection(rules.key_usage_refused))
    if refused:
        causes.append(Cause(code="certificate.key-usage-refused", detail=f"refused {', '.join(refused)}; {found}"))
    return causes


def _missing_bit(bit: str, found: str) -> Cause:
    if bit == "nonRepudiation":
        return Cause(code="certificate.key-usage-missing-non-repudiation", detail=found)
    if bit == "digitalSignature":
        return Cause(code="certificate.key-usage-missing-digital-signature", detail=found)
    return Cause(code="certificate.key-usage-not-for-signing", detail=f"asked for {bit}; {found}")


def _extended_key_usage(certificate: Certificate, rules: CertificateRules) -> list[Cause]:
    usage = certificate.extended_key_usage
    if not rules.extended_key_usage_any or usage is None or _ANY_EKU in usage:
        return []
    if not set(usage).isdisjoint(rules.extended_key_usage_any):
        return []
    wanted, found = " or ".join(rules.extended_key_usage_any), ", ".join(usage) or "none"
    return [Cause(code="certificate.extended-key-usage-not-accepted", detail=f"asked for {wanted}; found {found}")]
