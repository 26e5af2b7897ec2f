"""The layer `format`: the message family, and what the relying party and the format's own standard ask of it.

The family decides what is accepted: the same SM2 signature is `pdf-gm` or `pdf-pkcs7` by nothing but its content-type OIDs.
Baseline rules of the format that the file itself breaks are here too (EN 319 142-1 section 6.3, EN 319 132-1 section 6.3).
"""

from __future__ import annotations

from interop.crypto import table
from interop.crypto.table_data import CUSTOMS
from interop.model.certificate import under_arc
from interop.model.facts import Facts, SignatureFacts
from interop.model.formats import Format, Level, level_at_least
from interop.model.layers import Cause
from interop.model.rules import FormatRules

__all__ = ["claimed_level", "family", "format_causes"]

GM_ARC = "1.2.156.10197.6.1.4.2"
"""Content types of GB/T 35275-2017 (formerly GM/T 0010)."""
_CANONICALIZATION = frozenset(
    {
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
        "http://www.w3.org/2006/12/xml-c14n11",
        "http://www.w3.org/2006/12/xml-c14n11#WithComments",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    }
)
_SIGNING_TIME = "1.2.840.113549.1.9.5"


def family(facts: Facts, signature: SignatureFacts) -> Format | None:
    """The format of a signature; None where it is none of those that this product knows."""
    if facts.document.format == "pdf":
        if any(under_arc(oid, GM_ARC) for oid in signature.content_types):
            return Format.PDF_GM
        return {"ETSI.CAdES.detached": Format.PADES, "adbe.pkcs7.detached": Format.PDF_PKCS7}.get(
            signature.subfilter or ""
        )
    if facts.document.format == "xml":
        if (signature.algorithm.uri or "").startswith(CUSTOMS):
            return Format.XML_CUSTOMS
        return Format.XADES if signature.format == "XAdES" else Format.XMLDSIG
    return None


def claimed_level(signature: SignatureFacts) -> Level:
    """The level that the material in the file amounts to; basic for formats that know no levels."""
    try:
        return Level((signature.level or "B-B").lower())
    except ValueError:
        return Level.B_B


def format_causes(facts: Facts, signature: SignatureFacts, rules: FormatRules) -> tuple[Cause, ...]:
    """Why the relying party does not read it as it is; codes of the layer `format`."""
    found = family(facts, signature)
    if found is None:
        written = signature.subfilter or facts.document.format
        return (Cause(code="format.family-unknown", detail=f"{signature.format}, {written}"),)
    causes: list[Cause] = []
    if found not in rules.accept:
        accepted = ", ".join(rules.accept)
        causes.append(Cause(code="format.not-accepted", detail=f"{found}; accepted {accepted}"))
    level = claimed_level(signature)
    if not level_at_least(level, rules.min_level):
        causes.append(Cause(code="format.level-too-low", detail=f"found {level}, at least {rules.min_level}"))
    if rules.policies and signature.policy not in rules.policies:
        what = "format.policy-missing" if signature.policy is None else "format.policy-not-accepted"
        causes.append(
            Cause(code=what, detail=f"found {signature.policy or 'none'}; asked for {', '.join(rules.policies)}")
        )
    causes.extend(_policy(signature, rules))
    causes.extend(_binding(found, signature, rules))
    causes.extend(_cms(found, signature) if facts.document.format == "pdf" else _xml(signature, rules))
    return tuple(dict.fromkeys(causes))


def _policy(signature: SignatureFacts, rules: FormatRules) -> list[Cause]:
    """The hash of the policy that the signature names, against the documents at hand (EN 319 102-1 section 5.2.4).

    Zeros are no hash: the signer says that it was not known (RFC 5126 section 5.8.1). One made with a digest under which no document is
    at hand cannot be compared.
    """
    stated = signature.policy_digest
    if signature.policy is None or (stated is not None and not stated[1].strip("0")):
        return []
    known = [document for document in rules.policy_documents if document.oid == signature.policy]
    same = [document for document in known if stated is not None and document.digest == stated[0]]
    if stated is not None and same:
        if any(document.hash.lower() == stated[1].lower() for document in same):
            return []
        wanted = ", ".join(document.hash for document in same)
        return [Cause(code="format.policy-hash-differs", detail=f"{signature.policy}: {stated[1]}; known {wanted}")]
    if not rules.policy_document_required:
        return []
    what = "no hash in the signature" if stated is None else f"hash by {stated[0]}"
    at_hand = ", ".join(document.digest for document in known) or "none"
    return [
        Cause(
            code="format.policy-document-not-available",
            detail=f"{signature.policy}: {what}; documents at hand: {at_hand}",
        )
    ]


def _binding(found: Format, signature: SignatureFacts, rules: FormatRules) -> list[Cause]:
    """The attribute must be there; whether what it says is right is a question of the layer `certificate`."""
    ways = {binding.how for binding in signature.bound_by}
    if not ways.isdisjoint({"signing-certificate", "signing-certificate-v2"}):
        if found is Format.PADES and "signing-certificate-v2" not in ways:
            return [Cause(code="format.signing-certificate-v1", detail="ESS signing-certificate, SHA-1 (RFC 5035)")]
        return []
    if found in (Format.PADES, Format.XADES):
        return [Cause(code="format.signing-certificate-missing", detail=f"{found} B-B asks for it")]
    if rules.signing_certificate_required:
        return [
            Cause(code="format.signing-certificate-required", detail=f"{found} without a signing-certificate attribute")
        ]
    return []


def _cms(found: Format, signature: SignatureFacts) -> list[Cause]:
    causes: list[Cause] = []
    if found is Format.PADES and _SIGNING_TIME in signature.attributes:
        causes.append(Cause(code="format.pades-signing-time-attribute", detail=_SIGNING_TIME))
    if found is Format.PADES and not signature.attributes:
        causes.append(Cause(code="format.signed-attributes-missing", detail="SignerInfo without signed attributes"))
    return causes


def _xml(signature: SignatureFacts, rules: FormatRules) -> list[Cause]:
    causes: list[Cause] = []
    uri = signature.algorithm.uri or signature.algorithm.signature
    known = uri in rules.signature_uris if rules.signature_uris else table.signature_by_uri(uri) is not None
    if not known:
        causes.append(Cause(code="format.signature-uri-not-accepted", detail=uri))
    for reference in signature.references:
        digest_uri = reference.digest_uri
        if digest_uri is None:
            continue
        known = digest_uri in rules.digest_uris if rules.digest_uris else table.digest_by_uri(digest_uri) is not None
        if not known:
            causes.append(Cause(code="format.digest-uri-not-accepted", detail=digest_uri))
    canonicalization = signature.algorithm.canonicalization
    accepted = rules.canonicalization_uris or _CANONICALIZATION
    if canonicalization is not None and canonicalization not in accepted:
        causes.append(Cause(code="format.canonicalization-not-accepted", detail=canonicalization))
    return causes
