"""Build SignedData (RFC 5652 section 5, GB/T 35275 with its own content types): deterministic DER.

Deviations that negative and interoperability cases need are switches of the request; with all of them at rest the result is
what the standard asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from interop.cms import attributes, oids
from interop.crypto import table
from interop.crypto.digests import digest_to_write
from interop.crypto.keys import PrivateKey, PssParameters
from interop.crypto.pss import pss_parameters
from interop.crypto.sm2 import DEFAULT_ID
from interop.crypto.table_data import RSASSA_PSS
from interop.model.errors import UsageError
from interop.x509 import der
from interop.x509.certificate import certificate_parts, parse_certificate

__all__ = ["SignRequest", "TimeStamper", "build_signed_data", "signature_algorithm"]

TimeStamper = Callable[[str | None, bytes], bytes]
"""(imprint digest or None for the stamper's own choice, message to be stamped) -> TimeStampToken; the stamper makes the imprint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignRequest:
    """What to sign and how."""

    key: PrivateKey
    certificate: bytes
    """The signer's certificate (DER)."""
    chain: tuple[bytes, ...] = ()
    """Further certificates to embed (DER)."""
    signature: str
    """Name in the algorithm table, e.g. `rsa-sha256`, `sm2-sm3`."""
    digest: str
    """Digest of the message-digest attribute."""
    content_digest: bytes | None = None
    """Digest of the content where it is detached and the bytes are elsewhere."""
    content: bytes | None = None
    """The content itself; needed to attach it, and without signed attributes."""
    attached: bool = False
    """Put the content into the SignedData."""
    content_type: str | None = None
    """Inner content type; None: data of the family."""
    family: oids.Family = "pkcs7"
    signing_certificate: bool = True
    """ESS signing-certificate-v2, bound by `certificate_digest`."""
    certificate_digest: str | None = None
    """None: sha256, for SM2 keys sm3."""
    issuer_serial: bool = True
    """Name issuer and serial in the signing-certificate attribute."""
    signing_time: datetime | None = None
    """signing-time attribute; PAdES forbids it."""
    policy: tuple[str, str, bytes] | None = None
    """Signature policy: (OID, digest name, digest of the document)."""
    sm2_id: str | None = DEFAULT_ID
    """SM2 distinguishing ID; None: no Z, the digest of the bare message."""
    timestamp: TimeStamper | None = None
    """Adds a signature-time-stamp over the signature value."""
    timestamp_digest: str | None = None
    """Imprint digest; None: the stamper chooses."""
    crls: tuple[bytes, ...] = ()
    """CRLs for the adbe-revocationInfoArchival attribute."""
    ocsps: tuple[bytes, ...] = ()
    """OCSPResponses for the same."""
    extra_attributes: tuple[bytes, ...] = ()
    """Further signed attributes, encoded (`attributes.attribute`)."""
    unsigned_attributes: tuple[bytes, ...] = ()
    """Further unsigned attributes, encoded."""
    # deviations
    signature_oid: str | None = None
    """Written instead of the algorithm's own OID, e.g. the SM2 signature OID 1.2.156.10197.1.301.1."""
    digest_oid: str | None = None
    """Written instead of the digest's own OID, e.g. the SM2-with-SM3 OID where SM3's belongs."""
    encoding: Literal["der", "raw"] = "der"
    """Encoding of an ECDSA or SM2 value."""
    pss: PssParameters | None = None
    """RSASSA-PSS: other parameters than MGF1 over the digest and a salt of its length."""
    null_parameters: bool = False
    """NULL parameters of the signature algorithm where its standard leaves them out (ECDSA, SM2)."""
    absent_parameters: bool = False
    """No parameters where its standard asks for them (RSA)."""
    signed_attributes: bool = True
    """False: the value is over the content itself, and no attribute is there."""
    content_type_attribute: str | None = None
    """Value of the content-type attribute where it differs from the inner content type."""
    omit_message_digest: bool = False
    wrong_message_digest: bool = False
    """Flip one bit of message-digest before signing."""
    wrong_certificate_digest: bool = False
    """Flip one bit of the digest in the signing-certificate attribute before signing."""
    signing_certificate_v1: bool = False
    """ESS signing-certificate with SHA-1 instead of -v2."""
    bound_certificate: bytes | None = None
    """Certificate that the signing-certificate attribute names, where it is another."""
    embed_certificate: bool = True
    """Put the signer's certificate among the certificates."""
    key_identifier: bool = False
    """Name the signer by subject key identifier instead of issuer and serial."""


def signature_algorithm(
    name: str,
    *,
    oid: str | None = None,
    null_parameters: bool = False,
    absent_parameters: bool = False,
    pss: PssParameters | None = None,
) -> bytes:
    """AlgorithmIdentifier of a signature algorithm of the table; X.509 and CMS write the same.

    RSA PKCS#1 v1.5 has NULL parameters (RFC 4055 section 5), RSASSA-PSS its digest, MGF1 over it, and a salt of its length,
    unless `pss` says otherwise (RFC 4055 section 3.1); ECDSA, EdDSA and SM2 have none (RFC 5758 section 3.2, RFC 8410 section 3).
    Raises UsageError for an unknown name, and for RSASSA-PSS without a digest in its name.
    """
    algorithm = table.signature(name)
    if algorithm is None:
        raise UsageError(f"unknown signature algorithm '{name}'")
    written = oid or (algorithm.oids or algorithm.oids_with_digest)[0]
    parameters: bytes | None = None
    if absent_parameters:
        return der.algorithm(written)
    if written == RSASSA_PSS:
        if not algorithm.digest:
            raise UsageError(f"signature algorithm '{name}' needs a digest")
        parameters = pss_parameters(algorithm.digest, pss)
    elif null_parameters or algorithm.encoding_cms == "pkcs1":
        parameters = der.null()
    return der.algorithm(written, parameters)


def _content_digest(request: SignRequest) -> bytes:
    if request.content_digest is not None:
        return request.content_digest
    if request.content is None:
        raise UsageError("a signature needs content or content_digest")
    return digest_to_write(request.digest, request.content)


def _signed_attributes(request: SignRequest, content_type: str) -> list[bytes]:
    """The signed attributes, encoded."""
    parts = [attributes.content_type(request.content_type_attribute or content_type)]
    if not request.omit_message_digest:
        digest = _content_digest(request)
        parts.append(attributes.message_digest(attributes.flipped(digest) if request.wrong_message_digest else digest))
    if request.signing_time is not None:
        parts.append(attributes.signing_time(request.signing_time))
    if request.signing_certificate:
        bound = request.bound_certificate or request.certificate
        if request.signing_certificate_v1:
            parts.append(
                attributes.signing_certificate(
                    bound, issuer_serial=request.issuer_serial, wrong_digest=request.wrong_certificate_digest
                )
            )
        else:
            parts.append(
                attributes.signing_certificate_v2(
                    bound,
                    request.certificate_digest or ("sm3" if request.key.kind == "SM2" else "sha256"),
                    issuer_serial=request.issuer_serial,
                    wrong_digest=request.wrong_certificate_digest,
                )
            )
    if request.policy is not None:
        parts.append(attributes.signature_policy(*request.policy))
    if request.crls or request.ocsps:
        parts.append(attributes.adobe_revocation(request.crls, request.ocsps))
    parts.extend(request.extra_attributes)
    return parts


def _signer_identifier(request: SignRequest) -> bytes:
    if request.key_identifier:
        key_id = parse_certificate(request.certificate).subject_key_id
        if key_id is None:
            raise UsageError("the certificate has no subject key identifier to name the signer by")
        return der.implicit(0, bytes.fromhex(key_id))
    parts = certificate_parts(request.certificate)
    return der.seq(parts.issuer, der.integer(parts.serial))


def build_signed_data(request: SignRequest) -> bytes:
    """A ContentInfo with SignedData and one SignerInfo.

    Raises UsageError for a request that lacks something, Unsupported for algorithms that cannot be computed, InputError
    for a certificate that cannot be read.
    """
    outer, inner = oids.FAMILIES[request.family]
    inner = request.content_type or inner
    digest_algorithm = der.algorithm(request.digest_oid or attributes.digest_oid(request.digest))
    signed = b""
    if request.signed_attributes:
        to_sign = der.set_of(_signed_attributes(request, inner))
        signed = b"\xa0" + to_sign[1:]
    elif request.content is not None:
        to_sign = request.content
    else:
        raise UsageError("a signature without signed attributes needs the content itself")
    value = request.key.sign(
        request.signature, to_sign, sm2_id=request.sm2_id, encoding=request.encoding, pss=request.pss
    )
    unsigned = list(request.unsigned_attributes)
    if request.timestamp is not None:
        unsigned.append(attributes.signature_time_stamp(request.timestamp(request.timestamp_digest, value)))
    signer_info = der.seq(
        der.integer(3 if request.key_identifier else 1),
        _signer_identifier(request),
        digest_algorithm,
        signed,
        signature_algorithm(
            request.signature,
            oid=request.signature_oid,
            null_parameters=request.null_parameters,
            absent_parameters=request.absent_parameters,
            pss=request.pss,
        ),
        der.octet_string(value),
        der.explicit(1, b"".join(sorted(unsigned))) if unsigned else b"",
    )
    certificates = {*request.chain, *((request.certificate,) if request.embed_certificate else ())}
    content = b""
    if request.attached:
        if request.content is None:
            raise UsageError("there is no content to attach")
        content = der.explicit(0, der.octet_string(request.content))
    # RFC 5652 section 5.1: 3 for another content type than data, or a signer named by key identifier
    plain = inner in (oids.DATA, oids.GM_DATA) and not request.key_identifier
    signed_data = der.seq(
        der.integer(1 if plain else 3),
        der.set_of((digest_algorithm,)),
        der.seq(der.oid(inner), content),
        der.explicit(0, b"".join(sorted(certificates))) if certificates else b"",
        der.set_of((signer_info,)),
    )
    return der.seq(der.oid(outer), der.explicit(0, signed_data))
