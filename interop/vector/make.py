"""From recipe to bytes: one document, signed once or twice in the formats of a profile, with the one thing that is wrong (or nothing)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from interop.cms.build import SignRequest, TimeStamper, build_signed_data
from interop.crypto.keys import PrivateKey
from interop.crypto.table import signature as signature_algorithm
from interop.model.case import Case
from interop.model.errors import UsageError
from interop.model.formats import PDF_FORMATS, DocumentKind, Format, Level, Packaging
from interop.model.hierarchy import KeySpec
from interop.model.profile import Identity, IdentityFormat
from interop.pdf.mutate import MUTATIONS as PDF_MUTATIONS
from interop.pdf.sign import SUBFILTER_ADOBE, SUBFILTER_PADES, DigestOf, PdfSignRequest, sign_pdf
from interop.pki.issue import Issued, issue
from interop.pki.keystore import KeyStore
from interop.pki.variant import signer_variant
from interop.vector.catalogue import SIGNER_VARIANTS, Made, VectorSpec, second_leg
from interop.vector.documents import document, document_name
from interop.vector.fates import FATES, twin, with_fates
from interop.vector.lasting import Lasting, lengthen
from interop.vector.stamps import STAMP_MUTATIONS, stamper_of
from interop.xml.mutate import MUTATIONS as XML_MUTATIONS
from interop.xml.request import XmlSignRequest
from interop.xml.sign import countersign_xml, sign_xml

__all__ = ["make"]

TIMESTAMP_DELAY = timedelta(seconds=5)
"""How long after the claimed time the time-stamp is made."""

SECOND_DELAY = timedelta(seconds=30)
"""How long after the first signature the second one of a file is made."""

SM2_OTHER_ID = "TEST-OTHER-ID"
"""The distinguishing ID of the wrong-ID case: none that anybody uses by default."""

_SIGNING = frozenset(
    {
        *SIGNER_VARIANTS,
        *FATES,
        *STAMP_MUTATIONS,
        "wrong-key",
        "signing-certificate-digest-wrong",
        "sm2-wrong-id",
        "sm2-without-z",
    }
)
"""Mutations that are made while signing; the others change the signed bytes."""

_TRANSPLANT = "cms-transplanted"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leg:
    """One signature to be made: who signs in which format, with key, certificate and chain as the mutation wants them."""

    number: int
    """1 for the first signature of the file."""
    emits: IdentityFormat
    at: datetime
    """Claimed time."""
    stamp: TimeStamper | None
    key: PrivateKey
    spec: KeySpec
    certificate_id: str
    certificate: bytes
    chain: tuple[bytes, ...]
    sm2_id: str | None
    wrong_certificate_digest: bool


def make(spec: VectorSpec, issued: Issued, keys: KeyStore, signing: datetime) -> Made:
    """Sign, once or twice, and spoil what the case says. Raises UsageError for a case that does not fit the format.

    `signing` is the run's signing instant; equal arguments give equal bytes.
    """
    case = spec.case
    if case.fate is not None or _mutation(case) in FATES:
        issued = issue(with_fates(spec.provider, signing), keys)
    legs = _legs(spec, issued, keys, signing + timedelta(seconds=case.signing_offset_seconds))
    made = _signed(spec, case.document, legs, issued)
    name = _mutation(case)
    if name is None or name in _SIGNING:
        return made
    if name == _TRANSPLANT:
        other = DocumentKind.BILL_OF_LADING if case.document is DocumentKind.CONTRACT else DocumentKind.CONTRACT
        return replace(made, data=PDF_MUTATIONS[name](made.data, _signed(spec, other, legs, issued).data))
    return replace(made, data=_spoil(spec, PDF_MUTATIONS if case.family == "pdf" else XML_MUTATIONS, made.data))


def _signed(spec: VectorSpec, kind: DocumentKind, legs: tuple[_Leg, ...], issued: Issued) -> Made:
    """The document with all of its signatures, at the level of the case."""
    case, form = spec.case, spec.emits.format
    made = Made(data=_sign_pdf(spec, kind, legs)) if form in PDF_FORMATS else _xml(spec, kind, legs)
    if case.level not in {Level.B_LT, Level.B_LTA}:
        return made
    if form in {Format.XMLDSIG, Format.XML_CUSTOMS} or case.signatures == "counter":
        raise UsageError(f"{spec.id}: there is no place for validation data")
    renewed = case.renewed_after_seconds
    wanted = Lasting(
        level=case.level,
        renewed=None if renewed is None else timedelta(seconds=renewed),
        vri=spec.emits.vri,
        tsa=_authority(spec),
    )
    certificates = tuple(leg.certificate_id for leg in legs)
    return lengthen(made, issued, form=form, certificates=certificates, at=legs[-1].at, wanted=wanted)


def _legs(spec: VectorSpec, issued: Issued, keys: KeyStore, at: datetime) -> tuple[_Leg, ...]:
    """The signatures of the file in the order in which they are made; what is wrong is wrong with the first."""
    first = _leg(spec, issued, keys, identity=spec.identity, emits=spec.emits, at=at, number=1)
    if spec.case.signatures == "one":
        return (first,)
    identity, emits = spec.identity, spec.emits
    if spec.case.signatures == "legs":
        second = second_leg(spec.case, spec.provider, spec.identity)
        if second is None:
            raise UsageError(f"{spec.id}: nobody signs after '{spec.identity.id}' in a format that the case fits")
        identity, emits = second
    return first, _leg(spec, issued, keys, identity=identity, emits=emits, at=at + SECOND_DELAY, number=2)


def _mutation(case: Case) -> str | None:
    return None if case.mutation is None else case.mutation.name


def _leg(
    spec: VectorSpec,
    issued: Issued,
    keys: KeyStore,
    *,
    identity: Identity,
    emits: IdentityFormat,
    at: datetime,
    number: int,
) -> _Leg:
    name = _mutation(spec.case) if number == 1 else None
    key_spec = spec.provider.certificate(identity.certificate).key
    signer = _signer(spec.case, identity)
    if name in SIGNER_VARIANTS:
        certificate, key = signer_variant(issued, identity.id, SIGNER_VARIANTS[name], at)
    else:
        certificate, key = issued.certificates[signer], issued.key(signer)
    stamp = stamper_of(issued, at + TIMESTAMP_DELAY, tsa=_authority(spec), mutation=name)
    return _Leg(
        number=number,
        emits=emits,
        at=at,
        stamp=stamp if spec.case.level is not Level.B_B else None,
        key=keys.alien(key_spec) if name == "wrong-key" else key,
        spec=key_spec,
        certificate_id=signer,
        certificate=certificate,
        chain=issued.chain(signer),
        sm2_id={"sm2-wrong-id": SM2_OTHER_ID, "sm2-without-z": None}.get(name or "", key_spec.sm2_id),
        wrong_certificate_digest=name == "signing-certificate-digest-wrong",
    )


def _signer(case: Case, identity: Identity) -> str:
    """Id of the signing certificate: the identity's, or its twin with the fate of the case or of its mutation."""
    name = _mutation(case) or ""
    fate = name if name in FATES and FATES[name].of != "tsa" else case.fate
    return identity.certificate if fate is None else twin(identity.certificate, fate)


def _authority(spec: VectorSpec) -> str | None:
    """Id of the authority that stamps first, where it is not that of the profile."""
    name, own = _mutation(spec.case) or "", spec.provider.services.tsa
    return twin(own, name) if own is not None and name in FATES and FATES[name].of == "tsa" else None


def _digest_of(signature: str) -> str:
    algorithm = signature_algorithm(signature)
    if algorithm is None or not algorithm.digest:
        raise UsageError(f"'{signature}' is no signature algorithm with a digest")
    return algorithm.digest


def _sign_pdf(spec: VectorSpec, kind: DocumentKind, legs: tuple[_Leg, ...]) -> bytes:
    """Each further signature in a revision of its own, so that it covers those before it (ISO 32000-2 12.8.1)."""
    data = document(kind, "pdf")
    for leg in legs:
        data = _sign_pdf_once(spec, data, leg)
    return data


def _spoil(spec: VectorSpec, mutations: Mapping[str, Callable[[bytes], bytes]], signed: bytes) -> bytes:
    name = _mutation(spec.case)
    if name is None or name not in mutations:
        raise UsageError(f"{spec.id}: unknown mutation '{name}'", hints=(f"known: {', '.join(sorted(mutations))}",))
    spoiled = mutations[name](signed)
    if spoiled == signed:
        raise UsageError(f"{spec.id}: mutation '{name}' changed nothing")
    return spoiled


def _policy(emits: IdentityFormat) -> tuple[str, str, bytes] | None:
    policy = emits.signature_policy
    return None if policy is None else (policy.oid, policy.digest, bytes.fromhex(policy.hash))


def _sign_pdf_once(spec: VectorSpec, data: bytes, leg: _Leg) -> bytes:
    emits = leg.emits
    pades = emits.format is Format.PADES
    digest = _digest_of(leg.spec.signature)
    request = SignRequest(
        key=leg.key,
        certificate=leg.certificate,
        chain=leg.chain,
        signature=leg.spec.signature,
        digest=digest,
        family="gm" if emits.format is Format.PDF_GM else "pkcs7",
        signing_certificate=pades or emits.signing_certificate,
        signing_time=leg.at if emits.signing_time and not pades else None,
        signature_oid=emits.signature_oid,
        encoding=emits.value_encoding or "der",
        null_parameters=leg.spec.null_parameters,
        sm2_id=leg.sm2_id,
        wrong_certificate_digest=leg.wrong_certificate_digest,
        policy=_policy(emits),
        timestamp=leg.stamp,
    )

    def cms(digest_of: DigestOf) -> bytes:
        return build_signed_data(replace(request, content_digest=digest_of(digest)))

    return sign_pdf(
        data,
        PdfSignRequest(
            subfilter=SUBFILTER_PADES if pades else SUBFILTER_ADOBE,
            cms=cms,
            signing_time=leg.at,
            field_name=f"Signature{leg.number}",
            name=f"TEST {spec.provider.id}",
        ),
    )


def _xml(spec: VectorSpec, kind: DocumentKind, legs: tuple[_Leg, ...]) -> Made:
    """One signature, or two: `serial` and `parallel` side by side in the root, `counter` inside the first one.

    The enveloped-signature transform leaves out the signature itself only, so that a second signature put into the root would
    break the first: a first signature that another follows leaves out every signature (XPath Filter 2.0).
    """
    case, (first, *others) = spec.case, legs
    content = document(kind, "xml")
    beside = {"serial", "parallel", "legs"}
    signed = sign_xml(content, _request(spec, first, leave_out="all" if case.signatures in beside else "own"))
    for leg in others:
        if case.signatures == "counter":
            signed = countersign_xml(signed, _request(spec, leg, leave_out="own"))
        else:
            signed = sign_xml(signed, _request(spec, leg, leave_out="own" if case.signatures == "serial" else "all"))
    return Made(data=signed, detached=content if case.packaging is Packaging.DETACHED else None)


def _request(spec: VectorSpec, leg: _Leg, *, leave_out: Literal["own", "all"]) -> XmlSignRequest:
    case, emits, stamp = spec.case, leg.emits, leg.stamp
    return XmlSignRequest(
        key=leg.key,
        certificate=leg.certificate,
        chain=leg.chain,
        signature=leg.spec.signature,
        signing=leg.at,
        format=emits.format,
        packaging=case.packaging or Packaging.ENVELOPED,
        signature_uri=emits.signature_uri,
        digest_uri=emits.digest_uri,
        canonicalization_uri=case.canonicalization_uri or emits.canonicalization_uri,
        reference="id" if case.by_id else "document",
        leave_out=leave_out,
        detached_uri=document_name(case.document, "xml"),
        timestamp=None if stamp is None else lambda value: stamp(None, value),
        sm2_id=leg.sm2_id,
        value_encoding=emits.value_encoding or "raw",
        wrong_certificate_digest=leg.wrong_certificate_digest,
        policy=_policy(emits),
    )
