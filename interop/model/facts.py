"""What an engine saw in one file. A fact never depends on time, trust, algorithm suite, policy or relying party.

Three-valued results are `bool | None`: None means "could not be computed", and the field beside it says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from interop.model.certificate import Finding, ObjectId

__all__ = [
    "WITHOUT_Z",
    "Algorithm",
    "Binding",
    "Change",
    "Coverage",
    "DocumentFacts",
    "Facts",
    "FoundAt",
    "Imprint",
    "ObjectFact",
    "Observation",
    "Opinion",
    "ReferenceFact",
    "SignatureFacts",
    "Statement",
    "Testimony",
    "TokenFacts",
    "ValueFact",
]

WITHOUT_Z = "(without Z)"
"""Stands for the distinguishing ID of an SM2 value that verifies over the bare message only: it did not bind the signer's key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One kind of change made after a signed revision."""

    after: str
    """Id of the signature or token after whose revision it was made."""
    kind: str
    """`signature`, `validation-data`, `document-timestamp`, `form-fill`, `annotation`, `annotation-over-content`,
    `signature-dictionary`, `page-content`, `pages`, `catalog`, `unparsed-tail`, `other`."""
    page: int | None = None
    """Page number from 1, where it is about a page."""
    allowed: bool | None = None
    """Whether DocMDP/FieldMDP of the certified or locking signature allow it; None where no such rule is there."""
    detail: str = ""
    """What was changed, e.g. an object path; untrusted text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a signature covers."""

    whole: bool
    """Everything that is shown or consumed, at the revision signed, is covered (only /Contents or the signature itself left out)."""
    ranges: tuple[tuple[int, int], ...] = ()
    """PDF: ByteRange as (offset, length)."""
    revision_end: int | None = None
    """PDF: end of the revision signed, in bytes."""
    nodes: tuple[str, ...] = ()
    """XML: readable paths of the covered nodes or named contents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceFact:
    """One digest that the signature makes, recomputed."""

    target: str
    """`bytes` for PDF, the URI as written for XML (empty string: the whole document)."""
    digest: str
    """Digest algorithm: name in the algorithm table, else OID or URI as written."""
    ok: bool | None
    """Digest matches; None: not computed."""
    why: str = ""
    """Why it was not computed: `target-not-found`, `transform-unsupported`, `digest-unsupported`, `external-not-fetched`, ..."""
    type: str | None = None
    """XML: Type attribute."""
    role: str = "content"
    """`content`, `signed-properties`, `counter-signed`, `key-info`, `manifest`, `other`."""
    transforms: tuple[str, ...] = ()
    """XML: transform URIs in order."""
    digest_uri: str | None = None
    """XML: DigestMethod URI."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """The signature algorithm as written and as understood."""

    signature: str
    """Signature OID as written; for XML the OID that the URI stands for, or the URI itself where it is unknown."""
    name: str | None
    """Name in the algorithm table (`rsa-sha256`, `ecdsa-sha256`, `sm2-sm3`); None where it is unknown."""
    digest: str
    """Digest algorithm of the message digest: name in the table, else as written."""
    key: str | None = None
    """Key kind or curve and size for people: `RSA-3072`, `P-256`, `SM2`."""
    encoding: str | None = None
    """Encoding of the value met: `der`, `raw`, `pkcs1`; None where unknown."""
    parameters: str | None = None
    """None absent, `null`, OID, or hex of the DER."""
    uri: str | None = None
    """XML: SignatureMethod URI as written."""
    canonicalization: str | None = None
    """XML: CanonicalizationMethod URI of SignedInfo."""
    sm2_id: str | None = None
    """SM2 only: the distinguishing ID with which the value verified, or `WITHOUT_Z`; None otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One way in which a certificate is named as the signing certificate."""

    how: str
    """`signing-certificate`, `signing-certificate-v2` (ESS or XAdES), `signer-identifier` (CMS sid), `key-info` (XML),
    `offered` (by the caller, where the file carries no certificate)."""
    certificate: ObjectId | None
    """The certificate found for it; None when none in the file fits."""
    digest_ok: bool | None = None
    """Its digest matches; None where the binding carries no digest, or it could not be computed."""
    issuer_serial_ok: bool | None = None
    """Its issuer and serial match; None where not stated."""
    digest: str = ""
    """Digest algorithm of that digest: name in the table, else as written; empty where the binding carries none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueFact:
    """Whether the signature value verifies with one candidate key."""

    key: str
    """Id of the certificate that holds the key; `sha256:` of the SubjectPublicKeyInfo for a bare KeyValue."""
    ok: bool | None
    """True, False, or None with the reason in `why`."""
    why: str = ""
    """`unsupported-algorithm`, `unsupported-key`, `malformed-value`, `key-algorithm-mismatch`, ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureFacts:
    """One signature."""

    id: str
    """`s0`, `s1`, ... in signing order (PDF) or document order (XML)."""
    format: str
    """`PAdES`, `PKCS7`, `GM` (PDF), `XAdES`, `XMLDSig` (XML), `unknown`."""
    level: str | None
    """`B-B`, `B-T`, `B-LT`, `B-LTA`, by what is there; None where the format knows no such thing at all."""
    algorithm: Algorithm
    """Algorithm of the signature value."""
    covers: Coverage
    """What is covered."""
    references: tuple[ReferenceFact, ...] = ()
    """Digests made, each recomputed."""
    value: tuple[ValueFact, ...] = ()
    """One entry per candidate key; empty where no key is known."""
    certificates: tuple[ObjectId, ...] = ()
    """Certificates carried, in order."""
    bound_by: tuple[Binding, ...] = ()
    """Ways in which the signing certificate is named; empty: none."""
    subfilter: str | None = None
    """PDF /SubFilter without the slash."""
    content_types: tuple[str, ...] = ()
    """CMS: content-type OIDs, outer, inner, and that of the contentType attribute where it differs from the inner."""
    packaging: str | None = None
    """XML: `enveloped`, `enveloping`, `detached`."""
    field: str | None = None
    """PDF field name, or XML Id; untrusted text."""
    claimed_time: datetime | None = None
    """Signing time that the signer claims."""
    claimed_by: str | None = None
    """Where it is claimed: `signing-time`, `/M`, `SigningTime`."""
    policy: str | None = None
    """Signature policy identifier (OID or URI)."""
    policy_digest: tuple[str, str] | None = None
    """(digest algorithm, hex) of the policy document, as claimed."""
    attributes: tuple[str, ...] = ()
    """OIDs of signed attributes (CMS) or local names of signed properties (XAdES)."""
    unsigned_attributes: tuple[str, ...] = ()
    """The same for unsigned ones."""
    tokens: tuple[ObjectId, ...] = ()
    """Time-stamp tokens that cover this signature."""
    parent: str | None = None
    """Counter-signature: id of the signature it countersigns."""
    certification: int | None = None
    """PDF: DocMDP level 1 to 3 of a certification signature."""
    revision: int | None = None
    """PDF: revision that it signs, from 1."""
    findings: tuple[Finding, ...] = ()
    """What was noticed about this signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """messageImprint of a time-stamp token, computed again."""

    digest: str = ""
    """Digest algorithm: name in the algorithm table, else OID as written."""
    ok: bool | None = None
    """It matches what the token stands on; None: not computed (`TokenFacts.why`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFacts:
    """One time-stamp token (RFC 3161)."""

    id: ObjectId
    """Digest of the token's DER."""
    kind: str
    """`signature` (over a signature value), `document` (PDF DocTimeStamp), `archive`, `content`."""
    time: datetime | None
    """genTime."""
    policy: str | None = None
    """TSA policy OID; None where it cannot be read."""
    imprint: Imprint = Imprint()
    """messageImprint."""
    value_ok: bool | None = None
    """The token's signature verifies with the certificate bound, message digest and content included."""
    why: str = ""
    """Why a result is None."""
    accuracy_ms: int | None = None
    """Accuracy stated, in milliseconds; None: not stated."""
    algorithm: Algorithm | None = None
    """Algorithm of the token's own signature; None where it cannot be read."""
    bound_by: tuple[Binding, ...] = ()
    """Ways in which the TSA's certificate is named."""
    certificates: tuple[ObjectId, ...] = ()
    """Certificates carried in the token, in order."""
    covers: tuple[str, ...] = ()
    """Ids of signatures, tokens and objects covered."""
    serial: int | None = None
    """Serial number of the token."""
    revision: int | None = None
    """PDF: revision in which a document time-stamp stands, from 1."""
    findings: tuple[Finding, ...] = ()
    """What was noticed about this token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAt:
    """A place where an object was found."""

    # read by the codec; a plain dict, so that the vocabulary needs no library. `in` is no name that Python allows
    __pydantic_config__ = {  # noqa: RUF012 - dataclass with slots: a class variable by intent
        "alias_generator": lambda name: "in" if name == "place" else name,
        "use_attribute_docstrings": True,
    }

    place: str
    """`cms`, `token`, `dss`, `vri`, `values` (XAdES CertificateValues/RevocationValues), `key-info`, `attribute`."""
    signature: str | None = None
    """Id of the signature that it belongs to; None: to the file as a whole."""
    revision: int | None = None
    """PDF: revision in which it stands, from 1; None for others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectFact:
    """One certificate, CRL, OCSP response or token inside the file; its bytes are kept once beside the facts."""

    id: ObjectId
    """Digest of its bytes."""
    kind: str
    """`certificate`, `crl`, `ocsp`, `token`, `attribute-certificate`."""
    found: tuple[FoundAt, ...] = ()
    """Every place where it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """The file as a whole."""

    format: str
    """`pdf`, `xml`, or what was recognised and is not handled (`ofd`, `p7m`, `asic`, `ses`, `unknown`)."""
    revisions: int = 1
    """PDF revisions; 1 for others."""
    changes: tuple[Change, ...] = ()
    """What was changed after signed revisions."""
    findings: tuple[Finding, ...] = ()
    """Findings of our own scan about the file; those about one signature stand there."""
    signature_fields: int = 0
    """Signature containers seen, those that could not be read included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that one engine saw in one file."""

    artifact: ObjectId
    """Digest of the file."""
    engine: str
    """`name@version`."""
    document: DocumentFacts
    """The file as a whole."""
    signatures: tuple[SignatureFacts, ...] = ()
    """Every signature found."""
    tokens: tuple[TokenFacts, ...] = ()
    """Every time-stamp token found."""
    objects: tuple[ObjectFact, ...] = ()
    """Every certificate, status answer and token in the file."""

    @property
    def status_answers(self) -> frozenset[ObjectId]:
        """Ids of the CRLs and OCSP responses in the file."""
        return frozenset(found.id for found in self.objects if found.kind in ("crl", "ocsp"))

    def token(self, token_id: ObjectId) -> TokenFacts:
        """The token with that id; KeyError without."""
        for token in self.tokens:
            if token.id == token_id:
                return token
        raise KeyError(token_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a piece of software concludes about one file under its own configuration. Never used as a fact."""

    artifact: ObjectId
    """Digest of the file."""
    engine: str
    """`name@version`."""
    at: datetime
    """Validation time it was asked for."""
    indication: str
    """Main indication, mapped to our enum."""
    sub_indication: str | None = None
    """Sub-indication, mapped to our enum; None: none was given."""
    layers: tuple[tuple[str, str, tuple[str, ...]], ...] | None = None
    """(layer, state, reason codes) where it reports layers; None for a black box."""
    unsupported: str | None = None
    """Capability it says it lacks; then the indication is not used."""
    error: str | None = None
    """It crashed, hung or answered nonsense: what happened. Then nothing else is used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing that a witness says about one signature."""

    signature: str
    """`s0`, ... as the primary engine numbers them."""
    about: str
    """`digest`, `value`, `digest-and-value`, `chain`, `token`."""
    ok: bool | None
    """None: it cannot read this."""
    why: str = ""
    """Its own words, shortened; untrusted text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """What one witness says about one file."""

    artifact: ObjectId
    """Digest of the file."""
    engine: str
    """`name@version`."""
    statements: tuple[Statement, ...]
    """What it says, signature by signature; empty: nothing here that it could look at."""
    error: str | None = None
    """It crashed or hung: what happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The facts of one file together with the bytes of the objects found in it."""

    facts: Facts
    """What was seen."""
    objects: Mapping[ObjectId, bytes]
    """DER of every certificate, CRL, OCSP response and token named in the facts."""

    @property
    def kinds(self) -> Mapping[ObjectId, str]:
        """What the file calls each object: `certificate`, `crl`, `ocsp`, ..."""
        return {fact.id: fact.kind for fact in self.facts.objects}
