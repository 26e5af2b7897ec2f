"""Is the SignedData built as it should be? Findings about its structure (RFC 5652 sections 5 and 11, EN 319 142-1, GB/T 35275)."""

from __future__ import annotations

from datetime import datetime

from interop.cms import oids
from interop.cms.parse import SignedData, SignerInfo
from interop.cms.signer import stated_digest
from interop.model.certificate import Finding
from interop.x509.ber import Malformed, Node, read
from interop.x509.spki import algorithm_id

__all__ = ["content_types", "policy_of", "signing_time_of", "structure_findings"]

_DATA = frozenset({oids.DATA, oids.GM_DATA})
_SINGLE = (oids.CONTENT_TYPE, oids.SIGNING_TIME)


def _content_type_attribute(signer: SignerInfo) -> str | None:
    """Value of the content-type attribute; None without one that can be read."""
    for value in signer.values(oids.CONTENT_TYPE)[:1]:
        try:
            return read(value).oid()
        except Malformed:
            return None
    return None


def content_types(view: SignedData, signer: SignerInfo) -> tuple[str, ...]:
    """Outer and inner content type, and that of the attribute where it differs from the inner."""
    stated = _content_type_attribute(signer)
    extra = () if stated in (None, view.inner_type) else (str(stated),)
    return (view.content_type, view.inner_type, *extra)


def structure_findings(view: SignedData, signer: SignerInfo, *, token: bool) -> list[Finding]:
    """What deviates; `token`: a time-stamp token with its content inside, else a detached signature over data."""
    findings: list[Finding] = []

    def note(code: str, detail: str = "") -> None:
        findings.append(Finding(code=code, detail=detail))

    if view.indefinite:
        note("container.cms-not-der", "indefinite lengths")
    if view.trailing:
        note("container.cms-trailing-bytes", f"{view.trailing} octets after the SignedData")
    if len(view.signers) > 1:
        note("container.several-signers", str(len(view.signers)))
    if not token and view.content is not None:
        note("container.content-attached", f"{len(view.content)} octets")
    for what in view.opaque:
        note("container.cms-part-unread", what)
    expected = frozenset({oids.TST_INFO}) if token else _DATA
    if view.inner_type not in expected:
        note("format.content-type-unexpected", view.inner_type)
    if signer.has_attributes:
        _attribute_findings(view, signer, findings)
    else:
        note("format.no-signed-attributes")
    wanted = {stated_digest(algorithm)[0] for algorithm in view.digest_algorithms}
    if stated_digest(signer.digest_algorithm)[0] not in wanted:
        note("container.digest-algorithm-unlisted", signer.digest_algorithm.oid)
    return findings


def _attribute_findings(view: SignedData, signer: SignerInfo, findings: list[Finding]) -> None:
    for oid in _SINGLE:
        if len(signer.values(oid)) > 1:
            findings.append(Finding(code="container.attribute-repeated", detail=oid))
    if len(signer.signed_forms) > 1:
        findings.append(Finding(code="format.attributes-not-der", detail="signed attributes are not in DER order"))
    stated = _content_type_attribute(signer)
    if stated is None:
        findings.append(Finding(code="format.content-type-missing"))
    elif stated != view.inner_type:
        # both are "data" in one family or the other: met in signatures by licensed Chinese providers
        mixed = {stated, view.inner_type} == _DATA
        code = "format.content-type-families-mixed" if mixed else "format.content-type-mismatch"
        findings.append(Finding(code=code, detail=f"attribute {stated}, content {view.inner_type}"))


def signing_time_of(signer: SignerInfo, findings: list[Finding]) -> datetime | None:
    """The signing-time attribute; None without one, or with one that cannot be read (a finding)."""
    for value in signer.values(oids.SIGNING_TIME)[:1]:
        try:
            return read(value).time()
        except Malformed as error:
            findings.append(Finding(code="format.attribute-undecodable", detail=f"signing-time: {error}"))
    return None


def policy_of(signer: SignerInfo, findings: list[Finding]) -> tuple[str | None, tuple[str, str] | None]:
    """(policy OID, (digest algorithm, hex of the digest)) of signature-policy-identifier (EN 319 122-1 section 5.2.9)."""
    for value in signer.values(oids.SIGNATURE_POLICY)[:1]:
        try:
            return _policy(read(value))
        except (ValueError, IndexError) as error:
            findings.append(Finding(code="format.attribute-undecodable", detail=f"signature policy: {error}"))
    return None, None


def _policy(node: Node) -> tuple[str | None, tuple[str, str] | None]:
    if node.tag == 0x05:  # SignaturePolicyImplied
        return None, None
    fields = node.items("SignaturePolicyId")
    if len(fields) < 2:
        return fields[0].oid(), None
    algorithm, value = fields[1].items("SigPolicyHash")[:2]
    return fields[0].oid(), (stated_digest(algorithm_id(algorithm))[0], value.octets().hex())
