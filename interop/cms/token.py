"""Time-stamp tokens (RFC 3161 with ESSCertIDv2 of RFC 5816): build one, and observe one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from interop.cms import oids
from interop.cms.build import SignRequest, build_signed_data
from interop.cms.evidence import Evidence
from interop.cms.parse import SignedData, parse_signed_data
from interop.cms.signer import candidates_of, check_signer
from interop.cms.structure import structure_findings
from interop.cms.tst_info import TstInfo, build_tst_info, parse_tst_info
from interop.crypto.digests import digest_bytes
from interop.crypto.keys import DEFAULT_ID, PrivateKey
from interop.model.certificate import Finding, GeneralName
from interop.model.errors import Unsupported
from interop.model.facts import Binding, Imprint, TokenFacts, ValueFact
from interop.x509.ber import Malformed
from interop.x509.certificate import object_id, parse_certificate, unreadable

__all__ = ["Covered", "TokenObservation", "build_token", "observe_token"]

Covered = bytes | Callable[[str], bytes] | None
"""What a token stands on: the octets, or their digest by digest name, or None where it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenObservation:
    """A token's facts, and what it carries."""

    facts: TokenFacts
    evidence: Evidence
    """Certificates, CRLs and OCSP responses in the token, the token itself not among them."""


def build_token(
    *,
    key: PrivateKey,
    certificate: bytes,
    chain: tuple[bytes, ...] = (),
    signature: str,
    digest: str,
    imprint_digest_name: str,
    imprint: bytes,
    time: datetime,
    policy: str,
    serial: int,
    accuracy_ms: int | None = None,
    nonce: int | None = None,
    embed_certificates: bool = True,
    certificate_digest: str | None = None,
    sm2_id: str | None = DEFAULT_ID,
    null_parameters: bool = False,
) -> bytes:
    """A TimeStampToken (DER): SignedData over a TSTInfo whose messageImprint is `imprint`, already hashed.

    `signature` and `digest` are names of the table; PKCS#7 content types for every algorithm, SM2 included.
    `sm2_id` and `null_parameters` are as in `SignRequest`.
    Raises UsageError, Unsupported or InputError as `build_signed_data` does.
    """
    info = build_tst_info(
        imprint_digest_name=imprint_digest_name,
        imprint=imprint,
        time=time,
        policy=policy,
        serial=serial,
        accuracy_ms=accuracy_ms,
        nonce=nonce,
    )
    return build_signed_data(
        SignRequest(
            key=key,
            certificate=certificate,
            chain=chain if embed_certificates else (),
            embed_certificate=embed_certificates,
            signature=signature,
            digest=digest,
            content=info,
            attached=True,
            content_type=oids.TST_INFO,
            certificate_digest=certificate_digest,
            sm2_id=sm2_id,
            null_parameters=null_parameters,
        )
    )


def observe_token(
    der: bytes,
    *,
    kind: str,
    stands_on: Covered = None,
    covers: tuple[str, ...] = (),
    extra_certificates: Iterable[bytes] = (),
    revision: int | None = None,
    sm2_ids: Sequence[str] = (),
) -> TokenObservation:
    """Observe a TimeStampToken. `kind` and `covers` are as in `model.facts.TokenFacts`, `sm2_ids` further SM2 IDs to try.

    Raises InputError for what is no SignedData with a signer and a TSTInfo.
    """
    view = parse_signed_data(der)
    info = _info(der, view)
    signer = view.signers[0]
    evidence = Evidence()
    certificates = evidence.collect(view, signer, "token")
    findings = structure_findings(view, signer, token=True)
    content = view.content or b""
    at_hand = (*view.certificates, *extra_certificates)
    known = candidates_of(at_hand)
    check = check_signer(signer, known, partial(digest_bytes, data=content), lambda: content, sm2_ids=sm2_ids)
    findings += [*check.findings, *evidence.findings]
    if info.critical_extensions:
        findings.append(Finding(code="time.token-extension-critical", detail=", ".join(info.critical_extensions)))
    if info.version != 1:
        findings.append(Finding(code="time.token-version-unknown", detail=str(info.version)))
    if not _names_signer(info, check.bound_by, at_hand):
        findings.append(Finding(code="time.tsa-name-differs", detail="" if info.tsa is None else info.tsa.value))
    imprint_ok, why = _imprint(info, stands_on)
    content_ok = check.references[0].ok
    value_ok, value_why = _bound_value(check.value, check.bound_by)
    if value_ok is True and content_ok is not True:
        value_ok, value_why = content_ok, check.references[0].why
    facts = TokenFacts(
        id=object_id(der),
        kind=kind,
        time=info.time,
        policy=info.policy,
        imprint=Imprint(digest=info.imprint_digest, ok=imprint_ok),
        value_ok=value_ok,
        why=why or value_why,
        accuracy_ms=info.accuracy_ms,
        algorithm=check.algorithm,
        bound_by=check.bound_by,
        certificates=certificates,
        covers=covers,
        serial=info.serial,
        revision=revision,
        findings=tuple(dict.fromkeys(findings)),
    )
    return TokenObservation(facts=facts, evidence=evidence)


def _info(der: bytes, view: SignedData) -> TstInfo:
    try:
        if not view.signers:
            raise Malformed("the token has no signer")
        if view.content is None:
            raise Malformed("the token has no content")
        return parse_tst_info(view.content)
    except ValueError as error:
        raise unreadable(der, "time-stamp token", error) from error


def _names_signer(info: TstInfo, bound_by: tuple[Binding, ...], certificates: Iterable[bytes]) -> bool:
    """Whether the name in the token, where there is one, is a name of the certificate that is bound (RFC 3161 section 2.4.2).

    True where nothing can be compared: no name, or no such certificate at hand.
    """
    if info.tsa is None:
        return True
    named = {binding.certificate for binding in bound_by}
    signers = [parse_certificate(der) for der in certificates if object_id(der) in named]
    subjects = [GeneralName(kind="directory", value=signer.subject.normal) for signer in signers]
    return not signers or info.tsa in (*subjects, *(name for signer in signers for name in signer.subject_alt_names))


def _imprint(info: TstInfo, stands_on: Covered) -> tuple[bool | None, str]:
    if stands_on is None:
        return None, "covered-not-known"
    try:
        if callable(stands_on):
            return stands_on(info.imprint_digest) == info.imprint, ""
        return digest_bytes(info.imprint_digest, stands_on) == info.imprint, ""
    except Unsupported:
        return None, "digest-unsupported"


def _bound_value(values: tuple[ValueFact, ...], bound_by: tuple[Binding, ...]) -> tuple[bool | None, str]:
    """Result of the value with the certificate bound: the one that signing-certificate attributes name, else the signer's.

    Attributes of both versions may stand in one token. Where they name different certificates, whoever holds one key could
    borrow the name of the other, so the value has to verify with every certificate that is named: with one that it does
    not verify with, or was not tried with, it does not count (RFC 5035 section 5, RFC 5816 section 2.2.1).
    """
    if not values:
        return None, "no-certificate"
    named = {b.certificate for b in bound_by if b.digest_ok} or {bound_by[0].certificate}
    answers = {value.key: value for value in values}
    results = [
        (None, "key-not-tried") if name is None or name not in answers else (answers[name].ok, answers[name].why)
        for name in named
    ]
    return min(results, key=lambda result: (result[0] is not False, result[0] is True, result[1]))
