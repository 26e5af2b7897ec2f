"""One SignerInfo checked: its algorithm as written, the keys that may have made it, whether its value verifies.

SM2 is tried with the default ID, then those that the caller gives, then the empty one (OpenSSL before 4.0), then without
Z. Which one verified is a fact; a value that verifies only without Z did not bind the signer's key and counts as failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from interop.cms import oids
from interop.cms.parse import SignerInfo
from interop.crypto import table
from interop.crypto.digests import digest_bytes
from interop.crypto.keys import MalformedKey, ids_to_try, load_public_key, value_encoding
from interop.model.certificate import AlgorithmId, Certificate, Finding, PublicKeyInfo
from interop.model.errors import InputError, Unsupported
from interop.model.facts import WITHOUT_Z, Algorithm, Binding, ReferenceFact, ValueFact
from interop.x509.ber import Malformed, Node, read
from interop.x509.certificate import certificate_parts, parse_certificate
from interop.x509.names import name_of
from interop.x509.signature_name import Scheme, scheme_of
from interop.x509.spki import algorithm_id

__all__ = [
    "MAX_CANDIDATES",
    "Candidate",
    "ContentDigest",
    "SignerCheck",
    "bindings",
    "candidates_of",
    "check_signer",
    "key_label",
    "stated_digest",
]

MAX_CANDIDATES = 16
"""Keys tried at most for one value."""

ContentDigest = Callable[[str], bytes]
"""Digest name -> digest of the content that was signed. May raise Unsupported."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A certificate whose key may have made the value."""

    der: bytes
    certificate: Certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerCheck:
    """What one SignerInfo says and which checks hold."""

    algorithm: Algorithm
    references: tuple[ReferenceFact, ...]
    value: tuple[ValueFact, ...]
    bound_by: tuple[Binding, ...]
    findings: tuple[Finding, ...]


def key_label(key: PublicKeyInfo) -> str:
    """Key kind or curve and size for people: `RSA-3072`, `P-256`, `SM2`."""
    if key.kind == "SM2":
        return "SM2"
    if key.curve is not None:
        return key.curve
    return f"{key.kind}-{key.bits}" if key.bits is not None else key.kind


def stated_digest(algorithm: AlgorithmId) -> tuple[str, str | None, bool]:
    """(name in the table or OID as written, OID of the digest meant, whether a signature OID stands where the digest's belongs).

    `sm2-sm3` for SM3 is seen in the field (GmSSL issue 1701), as are RSA identifiers.
    """
    digest = table.digest_by_oid(algorithm.oid)
    if digest is not None:
        return digest.name, digest.oid, False
    signature = table.signature_by_oid(algorithm.oid)
    meant = table.digest(signature.digest) if signature is not None else None
    return (algorithm.oid, None, False) if meant is None else (meant.name, meant.oid, True)


def candidates_of(ders: Iterable[bytes]) -> tuple[Candidate, ...]:
    """The certificates that can be read, in order, each once."""
    found: dict[bytes, Candidate] = {}
    for der in ders:
        if der not in found:
            try:
                found[der] = Candidate(der, parse_certificate(der))
            except InputError:
                continue  # the observer of the container names what it cannot read
    return tuple(found.values())


def bindings(
    signer: SignerInfo, known: tuple[Candidate, ...]
) -> tuple[tuple[Binding, ...], tuple[Candidate, ...], tuple[Finding, ...]]:
    """(each way in which the signing certificate is named, the candidates it leads to, findings)."""
    named = [candidate for candidate in known if _is_named(signer, candidate.certificate)]
    bound = [
        Binding(
            how="signer-identifier",
            certificate=named[0].certificate.id if named else None,
            issuer_serial_ok=True if named and signer.key_id is None else None,
        )
    ]
    findings: list[Finding] = []
    candidates = {candidate.certificate.id: candidate for candidate in named}
    for oid, how in (
        (oids.SIGNING_CERTIFICATE, "signing-certificate"),
        (oids.SIGNING_CERTIFICATE_V2, "signing-certificate-v2"),
    ):
        values = signer.values(oid)
        if len(values) > 1:
            findings.append(Finding(code="container.attribute-repeated", detail=oid))
        for value in values[:1]:
            try:
                binding, found = _ess_binding(read(value), how, known, named)
            except (ValueError, IndexError) as error:
                findings.append(Finding(code="certificate.signing-certificate-undecodable", detail=f"{oid}: {error}"))
                continue
            bound.append(binding)
            if found is not None:  # first, so that decoys under the same issuer and serial do not crowd it out
                candidates = {found.certificate.id: found, **candidates}
    return tuple(bound), tuple(candidates.values()), tuple(findings)


def _verifying(
    binding: Binding, signer: SignerInfo, candidates: tuple[Candidate, ...], values: tuple[ValueFact, ...]
) -> Binding:
    """The binding by signer identifier, to the certificate that it names and whose key made the value where there is one.

    The certificates stand outside what is signed: a decoy with the same issuer and serial number, slipped in before the
    signer's own, must not make a good signature look wrong (RFC 5652 section 5.3 takes the pair for unique).
    """
    good = {value.key for value in values if value.ok}
    if binding.certificate in good:
        return binding
    named = (c.certificate.id for c in candidates if c.certificate.id in good and _is_named(signer, c.certificate))
    return replace(binding, certificate=next(named, binding.certificate))


def _is_named(signer: SignerInfo, certificate: Certificate) -> bool:
    if signer.key_id is not None:
        return certificate.subject_key_id == signer.key_id
    return certificate.serial == signer.serial and certificate.issuer.normal == signer.issuer


def _ess_binding(
    node: Node, how: str, known: tuple[Candidate, ...], named: list[Candidate]
) -> tuple[Binding, Candidate | None]:
    """The first ESSCertID(v2) names the signing certificate (RFC 5035 section 3)."""
    fields = node.items("SigningCertificate")[0].items("certs")[0].items("ESSCertID")
    digest = "sha1" if how == "signing-certificate" else "sha256"
    if fields[0].tag == 0x30:
        digest = stated_digest(algorithm_id(fields.pop(0)))[0]
    value = fields[0].expect(0x04, "certHash").content
    try:
        found = next((candidate for candidate in known if digest_bytes(digest, candidate.der) == value), None)
        digest_ok: bool | None = found is not None if known else None
    except Unsupported:
        found, digest_ok = None, None
    meant = found or (named[0] if named else None)
    issuer_serial_ok: bool | None = None
    if len(fields) > 1 and meant is not None:
        names, serial = fields[1].items("IssuerSerial")[:2]
        directory = [name_of(name.only()).normal for name in names.items("GeneralNames") if name.tag == 0xA4]
        issuer_serial_ok = (
            directory == [meant.certificate.issuer.normal] and serial.integer() == meant.certificate.serial
        )
    binding = Binding(
        how=how,
        certificate=None if meant is None else meant.certificate.id,
        digest_ok=digest_ok,
        issuer_serial_ok=issuer_serial_ok,
        digest=digest,
    )
    return binding, found


def check_signer(
    signer: SignerInfo,
    known: tuple[Candidate, ...],
    content_digest: ContentDigest,
    content: Callable[[], bytes] | None = None,
    *,
    sm2_ids: Sequence[str] = (),
) -> SignerCheck:
    """Check one SignerInfo against the certificates known and the content.

    `content` gives the content itself; it is needed without signed attributes only, where the value is over it. `sm2_ids` are
    further SM2 IDs to try. Never raises for anything that the signature says.
    """
    bound_by, candidates, binding_findings = bindings(signer, known)
    findings = list(binding_findings)
    digest, digest_oid, mistaken = stated_digest(signer.digest_algorithm)
    if mistaken:
        findings.append(Finding(code="format.digest-algorithm-is-signature", detail=signer.digest_algorithm.oid))
    scheme = scheme_of(signer.signature_algorithm, digest_oid)
    row = None if scheme is None else table.signature(scheme.name)
    if row is not None and row.digest not in ("", digest):
        findings.append(Finding(code="signature.digests-differ", detail=f"{digest} beside {row.name}"))
    reference = _reference(signer, digest, content_digest, findings)
    messages: tuple[bytes, ...] = signer.signed_forms
    if not signer.has_attributes and content is not None:
        messages = (content(),)
    values, sm2_id = _values(signer, scheme, candidates[:MAX_CANDIDATES], messages, sm2_ids)
    bound_by = (_verifying(bound_by[0], signer, candidates, values), *bound_by[1:])
    if len(candidates) > MAX_CANDIDATES:
        findings.append(Finding(code="signature.too-many-candidates", detail=str(len(candidates))))
    if sm2_id == WITHOUT_Z:
        findings.append(Finding(code="signature.sm2-without-z"))
    if not signer.has_attributes:
        proven = any(value.ok for value in values)
        reference = ReferenceFact(
            target="bytes", digest=digest, ok=True if proven else None, why="" if proven else "no-signed-attributes"
        )
    encoding = None if scheme is None else value_encoding(scheme.name, signer.value)
    if row is not None and encoding not in (None, row.encoding_cms):
        findings.append(
            Finding(code="format.value-encoding-unusual", detail=f"{encoding}, {row.encoding_cms} is usual")
        )
    return SignerCheck(
        algorithm=Algorithm(
            signature=signer.signature_algorithm.oid,
            name=None if scheme is None else scheme.name,
            digest=digest,
            key=key_label(candidates[0].certificate.key) if candidates else None,
            encoding=encoding,
            parameters=signer.signature_algorithm.parameters,
            sm2_id=sm2_id,
        ),
        references=(reference,),
        value=values,
        bound_by=bound_by,
        findings=tuple(findings),
    )


def _reference(
    signer: SignerInfo, digest: str, content_digest: ContentDigest, findings: list[Finding]
) -> ReferenceFact:
    """The message digest recomputed."""
    values = signer.values(oids.MESSAGE_DIGEST)
    if not values:
        if signer.has_attributes:
            findings.append(Finding(code="integrity.message-digest-missing"))
        return ReferenceFact(target="bytes", digest=digest, ok=None, why="no-message-digest")
    if len(values) > 1:
        findings.append(Finding(code="container.attribute-repeated", detail=oids.MESSAGE_DIGEST))
    try:
        stated = read(values[0]).octets()
        return ReferenceFact(target="bytes", digest=digest, ok=content_digest(digest) == stated)
    except Malformed:
        return ReferenceFact(target="bytes", digest=digest, ok=False, why="message-digest-undecodable")
    except Unsupported:
        return ReferenceFact(target="bytes", digest=digest, ok=None, why="digest-unsupported")


def _values(
    signer: SignerInfo,
    scheme: Scheme | None,
    candidates: tuple[Candidate, ...],
    messages: tuple[bytes, ...],
    sm2_ids: Sequence[str],
) -> tuple[tuple[ValueFact, ...], str | None]:
    """(one fact per candidate, SM2 ID of the one that verifies)."""
    facts: list[ValueFact] = []
    best: str | None = None
    for candidate in candidates:
        ok, why, sm2_id = _value(signer, scheme, candidate, messages, sm2_ids)
        facts.append(ValueFact(key=candidate.certificate.id, ok=ok, why=why))
        if sm2_id is not None and (best is None or ok):
            best = sm2_id
    return tuple(facts), best


def _value(
    signer: SignerInfo,
    scheme: Scheme | None,
    candidate: Candidate,
    messages: tuple[bytes, ...],
    sm2_ids: Sequence[str],
) -> tuple[bool | None, str, str | None]:
    """(result, why, SM2 ID)."""
    if scheme is None:
        return None, "unsupported-algorithm", None
    if not messages:
        return None, "content-not-available", None
    key = candidate.certificate.key
    row = table.signature(scheme.name)
    if row is not None and "." not in key.kind and row.key != key.kind:
        return False, "key-algorithm-mismatch", None
    if row is not None and row.use == "none":
        return None, "unsupported-algorithm", None
    try:
        public = load_public_key(certificate_parts(candidate.der).spki)
        if row is not None and row.key == public.kind and not public.admits(scheme.name, scheme.pss):
            return False, "key-algorithm-mismatch", None  # a key restricted to RSASSA-PSS, or to other parameters
        for message in messages:
            if key.kind != "SM2":
                if public.verify(scheme.name, signer.value, message, pss=scheme.pss):
                    return True, "", None
                continue
            for sm2_id in (*ids_to_try((*sm2_ids, "")), None):
                if public.verify(scheme.name, signer.value, message, sm2_id=sm2_id):
                    if sm2_id is None:
                        return False, "sm2-without-z", WITHOUT_Z
                    return True, "", sm2_id
    except MalformedKey:
        return None, "malformed-key", None
    except Unsupported:
        return None, "unsupported-key", None
    return False, "malformed-value" if value_encoding(scheme.name, signer.value) is None else "", None
