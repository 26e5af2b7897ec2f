"""Whether a trusted list may be believed: its signature as a fact, and what an allowed signer and a time make of it.

seen = read_list(data)
signed = replace(seen.list, signature=observe_list_signature(data, offered=[signer]))
accept_list(signed, {object_id(signer)}, at).accepted
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from interop.model.certificate import Finding, ObjectId
from interop.model.errors import InputError
from interop.model.facts import Observation, SignatureFacts
from interop.model.instant import format_instant
from interop.model.trusted_list import ListSignature, TrustedList
from interop.x509.certificate import certificate_parts, object_id
from interop.xml.observe import observe_xml

__all__ = ["ListVerdict", "accept_list", "observe_list_signature"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListVerdict:
    """What is made of one list."""

    refusal: Finding | None
    """Why it is not believed; None: it is."""
    signer: ObjectId | None = None
    """The allowed certificate that signed it; None where it is refused."""
    findings: tuple[Finding, ...] = ()
    """What is worth knowing and refuses nothing."""

    @property
    def accepted(self) -> bool:
        """It may be believed."""
        return self.refusal is None


def observe_list_signature(data: bytes, *, offered: Sequence[bytes] = ()) -> ListSignature:
    """The signature of a list (TS 119 612 clause 5.7) as a fact; never raises for what the file holds.

    `offered` are certificates (DER) that a pointer or a caller names: with one of them the value verifies where its key is the
    one of a certificate in the file, or where the file carries none.
    """
    observed = observe_xml(data, certificates=offered)
    count = observed.facts.document.signature_fields
    if count != 1 or len(observed.facts.signatures) != 1:
        return ListSignature(count=count, findings=observed.facts.document.findings)
    facts = observed.facts.signatures[0]
    digests = [reference.ok for reference in facts.references]
    return ListSignature(
        count=1,
        covers_all=facts.covers.whole,
        digests_ok=None if not digests or None in digests else all(digests),
        value_ok=_signers(facts, observed, offered),
        findings=(*observed.facts.document.findings, *facts.findings),
    )


def _signers(facts: SignatureFacts, observed: Observation, offered: Sequence[bytes]) -> tuple[ObjectId, ...]:
    """Certificates whose key verifies the value; not those that the signed properties name another certificate for."""
    contradicted = {b.certificate for b in facts.bound_by if b.digest_ok is False}
    good = [ObjectId(value.key) for value in facts.value if value.ok and value.key not in contradicted]
    keys = {_key(observed.objects[name]) for name in good if name in observed.objects}
    named = {b.certificate for b in facts.bound_by if b.digest_ok}
    for der in offered:
        name = object_id(der)
        same_key = name not in good and _key(der) in keys - {None}
        if same_key and (not named or name in named):
            good.append(name)
    return tuple(good)


def _key(der: bytes) -> bytes | None:
    """SubjectPublicKeyInfo; None where the certificate cannot be read."""
    try:
        return certificate_parts(der).spki
    except InputError:
        return None


def accept_list(
    trusted: TrustedList,
    signers: Collection[ObjectId],
    at: datetime,
    *,
    newest: int | None = None,
) -> ListVerdict:
    """Whether a list signed by one of `signers` may be believed at `at`. Its `signature` must have been observed.

    Refused: not exactly one signature, one that does not cover the whole list, a digest or value that does not hold, a signer
    that is not allowed, a sequence number below `newest` (the highest one known for this list). Past its next update it is
    believed, with a finding: the status history in it does not change by the passing of time, and a party that wants fresh
    lists alone sees the finding. The signer's certificate is trusted as such, for what names it is signed itself: neither its
    validity nor its own path is asked (TS 119 612 clauses 5.3.13 and 5.7.1).
    """
    signature = trusted.signature
    good = [name for name in signature.value_ok if name in signers]
    refusal: Finding | None = None
    if signature.count == 0:
        refusal = Finding(code="trust.list-unsigned")
    elif signature.count > 1:
        refusal = Finding(code="trust.list-signed-twice", detail=f"{signature.count} signatures")
    elif not signature.covers_all:
        refusal = Finding(code="trust.list-signature-partial", detail=_codes(signature.findings))
    elif not signature.digests_ok:
        refusal = Finding(code="trust.list-damaged", detail=_codes(signature.findings))
    elif not signature.value_ok:
        refusal = Finding(code="trust.list-signature-invalid", detail=_codes(signature.findings))
    elif not good:
        refusal = Finding(code="trust.list-signer-unknown", detail=" ".join(signature.value_ok))
    elif newest is not None and (trusted.sequence is None or trusted.sequence < newest):
        refusal = Finding(code="trust.list-superseded", detail=f"sequence {trusted.sequence}, {newest} is known")
    if refusal is not None:
        return ListVerdict(refusal=refusal)
    findings: list[Finding] = []
    if trusted.next_update is None:
        findings.append(Finding(code="trust.list-closed"))
    elif trusted.next_update < at:
        findings.append(Finding(code="trust.list-expired", detail=f"next update {format_instant(trusted.next_update)}"))
    return ListVerdict(refusal=None, signer=good[0], findings=tuple(findings))


def _codes(findings: Iterable[Finding]) -> str:
    return " ".join(dict.fromkeys(finding.code for finding in findings))
