"""Peculiarities met in real artefacts that refuse nothing: reported, so that people find them before somebody stricter does."""

from __future__ import annotations

import re

from interop.model.certificate import Certificate
from interop.model.facts import SignatureFacts
from interop.model.layers import Cause

__all__ = ["odd_anchor", "odd_content", "odd_value"]

_EKU, _BASIC, _USAGE = "2.5.29.37", "2.5.29.19", "2.5.29.15"
_TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
_ORGANIZATION = "2.5.4.10"
_SIGNS = frozenset({"digitalSignature", "nonRepudiation"})
_ENCRYPTS = frozenset({"keyEncipherment", "dataEncipherment", "keyAgreement"})
_MISTYPED_LEI = "1.3.6.1.4.1.5222266."
"""Met for the LEI arc 1.3.6.1.4.1.52266."""
_SM2_KEY_AS_SIGNATURE = "1.2.156.10197.1.301.1"
_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE = re.compile(f"(?<![0-9A-Z])[{_CODE_ALPHABET}]{{18}}(?![0-9A-Z])")


def odd_content(signer: Certificate) -> list[Cause]:
    """What is peculiar about a signing certificate, as findings of the layer `certificate`."""
    causes: list[Cause] = []
    usage = signer.key_usage or frozenset()
    if usage & _SIGNS and usage & _ENCRYPTS:
        causes.append(Cause(code="certificate.key-usage-mixed", detail=", ".join(sorted(usage))))
    if signer.critical(_EKU) and _TIME_STAMPING not in (signer.extended_key_usage or ()):
        detail = ", ".join(signer.extended_key_usage or ())
        causes.append(Cause(code="certificate.extended-key-usage-critical", detail=detail))
    causes.extend(
        Cause(code="certificate.lei-arc-mistyped", detail=oid)
        for oid, _ in signer.extensions
        if oid.startswith(_MISTYPED_LEI)
    )
    for rdn in signer.subject.rdns:
        for attribute in rdn:
            if attribute.oid == _ORGANIZATION and _glued(attribute.value):
                causes.append(Cause(code="certificate.identifier-in-organization", detail=attribute.value))
    return causes


def odd_anchor(anchor: Certificate) -> list[Cause]:
    """What is peculiar about an anchor's own certificate, which is not checked as one (RFC 5280 section 6.1.1 d)."""
    plain = [
        name for name, oid in (("basicConstraints", _BASIC), ("keyUsage", _USAGE)) if (oid, False) in anchor.extensions
    ]
    if not plain:
        return []
    return [Cause(code="chain.anchor-extensions-not-critical", detail=f"{', '.join(plain)} in {anchor.subject.text}")]


def odd_value(signature: SignatureFacts) -> tuple[Cause, ...]:
    """Forms of an SM2 algorithm identifier beside the one of GM/T 0006: the key's own OID, or NULL parameters."""
    algorithm = signature.algorithm
    if algorithm.name != "sm2-sm3" or not (
        algorithm.signature == _SM2_KEY_AS_SIGNATURE or algorithm.parameters == "null"
    ):
        return ()
    parameters = "NULL parameters" if algorithm.parameters == "null" else "no parameters"
    return (Cause(code="signature.algorithm-identifier-variant", detail=f"{algorithm.signature}, {parameters}"),)


def _glued(text: str) -> bool:
    """Whether a unified social credit code (GB 32100-2015: 18 characters, the last a check) stands beside other text."""
    return any(_checks(code) and text.strip() != code for code in _CODE.findall(text))


def _checks(code: str) -> bool:
    total = sum(_CODE_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return code[17] == _CODE_ALPHABET[-total % 31]
