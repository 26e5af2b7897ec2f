"""From recipe to bytes: one document, signed by one identity in one format, with the one thing that is wrong (or nothing)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from interop.cms.build import SignRequest, TimeStamper, build_signed_data
from interop.crypto.keys import PrivateKey
from interop.crypto.table import signature as signature_algorithm
from interop.model.case import Case
from interop.model.errors import UsageError
from interop.model.formats import PDF_FORMATS, DocumentKind, Format, Level, Packaging
from interop.model.hierarchy import KeySpec
from interop.pdf.mutate import MUTATIONS as PDF_MUTATIONS
from interop.pdf.sign import SUBFILTER_ADOBE, SUBFILTER_PADES, DigestOf, PdfSignRequest, sign_pdf
from interop.pki.issue import Issued
from interop.pki.keystore import KeyStore
from interop.pki.tsa import stamper
from interop.pki.variant import signer_variant
from interop.vector.catalogue import Made, VectorSpec
from interop.vector.documents import document, document_name
from interop.xml.mutate import MUTATIONS as XML_MUTATIONS
from interop.xml.request import XmlSignRequest
from interop.xml.sign import sign_xml

__all__ = ["make"]

TIMESTAMP_DELAY = timedelta(seconds=5)
"""How long after the claimed time the time-stamp is made."""

SM2_OTHER_ID = "TEST-OTHER-ID"
"""The distinguishing ID of the wrong-ID case: none that anybody uses by default."""

_SIGNING = frozenset(
    {
        "wrong-key",
        "expired-signer",
        "no-key-usage",
        "signing-certificate-digest-wrong",
        "sm2-wrong-id",
        "sm2-without-z",
    }
)
"""Mutations that are made while signing; the others change the signed bytes."""

_TRANSPLANT = "cms-transplanted"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signer:
    """Who signs: key, certificate and chain, already as the mutation wants them."""

    key: PrivateKey
    spec: KeySpec
    certificate: bytes
    chain: tuple[bytes, ...]
    sm2_id: str | None
    wrong_certificate_digest: bool


def make(spec: VectorSpec, issued: Issued, keys: KeyStore, signing: datetime) -> Made:
    """Sign, and spoil what the case says. Raises UsageError for a case that does not fit the format.

    `signing` is the run's signing instant; equal arguments give equal bytes.
    """
    at = signing + timedelta(seconds=spec.case.signing_offset_seconds)
    signer = _signer(spec, issued, keys, at)
    stamp = stamper(issued, at + TIMESTAMP_DELAY) if spec.case.level is not Level.B_B else None
    if spec.case.level not in {Level.B_B, Level.B_T}:
        raise UsageError(f"{spec.id}: level {spec.case.level} cannot be made yet")
    if spec.emits.format in PDF_FORMATS:
        return Made(data=_pdf(spec, signer, stamp, at))
    return _xml(spec, signer, stamp, at)


def _mutation(case: Case) -> str | None:
    return None if case.mutation is None else case.mutation.name


def _signer(spec: VectorSpec, issued: Issued, keys: KeyStore, at: datetime) -> _Signer:
    name = _mutation(spec.case)
    key_spec = spec.provider.certificate(spec.identity.certificate).key
    if name in {"expired-signer", "no-key-usage"}:
        certificate, key = signer_variant(issued, spec.identity.id, "expired" if name == "expired-signer" else name, at)
    else:
        certificate, key = issued.certificates[spec.identity.certificate], issued.key(spec.identity.certificate)
    return _Signer(
        key=keys.alien(key_spec) if name == "wrong-key" else key,
        spec=key_spec,
        certificate=certificate,
        chain=issued.chain(spec.identity.certificate),
        sm2_id={"sm2-wrong-id": SM2_OTHER_ID, "sm2-without-z": None}.get(name or "", key_spec.sm2_id),
        wrong_certificate_digest=name == "signing-certificate-digest-wrong",
    )


def _digest_of(signature: str) -> str:
    algorithm = signature_algorithm(signature)
    if algorithm is None or not algorithm.digest:
        raise UsageError(f"'{signature}' is no signature algorithm with a digest")
    return algorithm.digest


def _pdf(spec: VectorSpec, signer: _Signer, stamp: TimeStamper | None, at: datetime) -> bytes:
    signed = _sign_pdf(spec, spec.case.document, signer, stamp, at)
    name = _mutation(spec.case)
    if name is None or name in _SIGNING:
        return signed
    if name == _TRANSPLANT:
        other = DocumentKind.BILL_OF_LADING if spec.case.document is DocumentKind.CONTRACT else DocumentKind.CONTRACT
        return PDF_MUTATIONS[name](signed, _sign_pdf(spec, other, signer, stamp, at))
    return _spoil(spec, PDF_MUTATIONS, signed)


def _spoil(spec: VectorSpec, mutations: Mapping[str, Callable[[bytes], bytes]], signed: bytes) -> bytes:
    name = _mutation(spec.case)
    if name is None or name not in mutations:
        raise UsageError(f"{spec.id}: unknown mutation '{name}'", hints=(f"known: {', '.join(sorted(mutations))}",))
    spoiled = mutations[name](signed)
    if spoiled == signed:
        raise UsageError(f"{spec.id}: mutation '{name}' changed nothing")
    return spoiled


def _sign_pdf(spec: VectorSpec, kind: DocumentKind, signer: _Signer, stamp: TimeStamper | None, at: datetime) -> bytes:
    pades = spec.emits.format is Format.PADES
    digest = _digest_of(signer.spec.signature)
    policy = spec.emits.signature_policy
    request = SignRequest(
        key=signer.key,
        certificate=signer.certificate,
        chain=signer.chain,
        signature=signer.spec.signature,
        digest=digest,
        family="gm" if spec.emits.format is Format.PDF_GM else "pkcs7",
        signing_certificate=pades or spec.emits.signing_certificate,
        signing_time=at if spec.emits.signing_time and not pades else None,
        signature_oid=spec.emits.signature_oid,
        encoding=spec.emits.value_encoding or "der",
        null_parameters=signer.spec.null_parameters,
        sm2_id=signer.sm2_id,
        wrong_certificate_digest=signer.wrong_certificate_digest,
        policy=None if policy is None else (policy.oid, policy.digest, bytes.fromhex(policy.hash)),
        timestamp=stamp,
    )

    def cms(digest_of: DigestOf) -> bytes:
        return build_signed_data(replace(request, content_digest=digest_of(digest)))

    return sign_pdf(
        document(kind, "pdf"),
        PdfSignRequest(
            subfilter=SUBFILTER_PADES if pades else SUBFILTER_ADOBE,
            cms=cms,
            signing_time=at,
            field_name="Signature1",
            name=f"TEST {spec.provider.id}",
        ),
    )


def _xml(spec: VectorSpec, signer: _Signer, stamp: TimeStamper | None, at: datetime) -> Made:
    case = spec.case
    packaging = case.packaging or Packaging.ENVELOPED
    content = document(case.document, "xml")
    name = document_name(case.document, "xml")
    policy = spec.emits.signature_policy
    signed = sign_xml(
        content,
        XmlSignRequest(
            key=signer.key,
            certificate=signer.certificate,
            chain=signer.chain,
            signature=signer.spec.signature,
            signing=at,
            format=spec.emits.format,
            packaging=packaging,
            signature_uri=spec.emits.signature_uri,
            digest_uri=spec.emits.digest_uri,
            canonicalization_uri=case.canonicalization_uri or spec.emits.canonicalization_uri,
            reference="id" if case.by_id else "document",
            detached_uri=name,
            timestamp=None if stamp is None else lambda value: stamp(None, value),
            sm2_id=signer.sm2_id,
            value_encoding=spec.emits.value_encoding or "raw",
            wrong_certificate_digest=signer.wrong_certificate_digest,
            policy=None if policy is None else (policy.oid, policy.digest, bytes.fromhex(policy.hash)),
        ),
    )
    mutation = _mutation(case)
    if mutation is not None and mutation not in _SIGNING:
        signed = _spoil(spec, XML_MUTATIONS, signed)
    if packaging is Packaging.DETACHED:
        return Made(data=signed, detached=content)
    return Made(data=signed)
