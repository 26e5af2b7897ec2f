"""The rules of a relying party: what it accepts from anybody who signs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from interop.model.assurance import AssuranceLevel
from interop.model.formats import Format, Level
from interop.model.origin import Origin, Origins

__all__ = [
    "AcceptedAlgorithm",
    "AlgorithmRules",
    "CertificateRules",
    "FormatRules",
    "PolicyDocument",
    "RelyingRules",
    "RevocationRules",
    "TimeRules",
    "TrustRules",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDocument:
    """The document of a signature policy, as the relying party has it."""

    oid: str
    """Identifier of the policy."""
    digest: str
    """Digest algorithm, name in the algorithm table."""
    hash: str
    """Digest of the document, hex."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatRules:
    """Message families and forms accepted."""

    accept: tuple[Format, ...]
    """Formats read. A format not listed fails the layer `format`."""
    min_level: Level = Level.B_B
    """Lowest signature level accepted."""
    signature_uris: tuple[str, ...] = ()
    """XML SignatureMethod URIs accepted; empty: those of the algorithm table."""
    digest_uris: tuple[str, ...] = ()
    """XML DigestMethod URIs accepted; empty: those of the algorithm table."""
    canonicalization_uris: tuple[str, ...] = ()
    """XML canonicalisation URIs accepted; empty: 1.0, 1.1 and exclusive."""
    policies: tuple[str, ...] = ()
    """Signature policy identifiers, one of which must be there; empty: none is asked for."""
    policy_documents: tuple[PolicyDocument, ...] = ()
    """Documents of signature policies that the relying party has: the hash in a signature that names one of them must be that of
    the document. A hash of zeros says that the signer did not know it, and is not compared."""
    policy_document_required: bool = False
    """A signature that names a policy counts only where the hash of its document was compared: one whose document is not among
    `policy_documents` is refused."""
    signing_certificate_required: bool = False
    """A signing-certificate attribute must bind the certificate even where the format does not demand it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedAlgorithm:
    """One signature algorithm family accepted."""

    name: str
    """Key kind or curve of the algorithm table: `RSA`, `P-256`, `P-384`, `SM2`, ..."""
    min_bits: int | None = None
    """RSA: smallest modulus."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgorithmRules:
    """Algorithms accepted at the time that counts: listed here, and suitable in one of the suites."""

    keys: tuple[AcceptedAlgorithm, ...]
    """Key kinds and curves accepted, with their smallest size."""
    digests: tuple[str, ...]
    """Digests of the algorithm table: `sha256`, `sm3`, ..."""
    suites: tuple[str, ...]
    """Suite ids; dates and sizes come from there."""
    sm2_ids: tuple[str, ...] = ("1234567812345678",)
    """SM2 distinguishing IDs accepted (GB/T 35276 default)."""
    sm2_encodings: tuple[Literal["der", "raw"], ...] = ("der", "raw")
    """Encodings of SM2 signature values accepted: `der` (GB/T 35276), `raw` (r and s, 64 octets)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRules:
    """Content that every signer's certificate must have."""

    key_usage_any: tuple[str, ...] = ("digitalSignature", "nonRepudiation")
    """At least one of these bits, where the extension is there; empty: not looked at."""
    key_usage_all: tuple[str, ...] = ()
    """keyUsage bits that must all be set, where the extension is there."""
    key_usage_refused: tuple[str, ...] = ("keyCertSign", "cRLSign")
    """keyUsage bits none of which may be set."""
    key_usage_required: bool = True
    """The extension must be there."""
    extended_key_usage_any: tuple[str, ...] = ()
    """If given and the certificate has the extension, one of these (or anyExtendedKeyUsage) must be there."""
    subject_required: tuple[str, ...] = ()
    """Subject attribute OIDs that must be there."""
    qc_statements: bool = False
    """Statements of EN 319 412-5, where the certificate makes any, must be made as that standard asks: extension not critical
    (section 4.1), QcCompliance among them (section 5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationRules:
    """Status evidence asked for."""

    required: bool = True
    """The signer's certificate and every CA below the anchor need a status."""
    max_age_seconds: int | None = None
    """Oldest thisUpdate accepted against the validation time; None: nextUpdate decides."""
    offline: bool = False
    """Only what is in the file counts."""
    grace_seconds: int | None = None
    """Grace period: at a proven time, the answer about the signer's certificate must be issued later than that time plus so many
    seconds, so that a revocation asked for before had time to be published; None: none. Without a proven time it asks nothing."""
    national: tuple[str, ...] = ()
    """Dual status check: providers whose status services are the relying party's national system. Of a certificate that is trusted
    only through an entry of an agreement, the status must be good there too, besides its own issuer's; empty: not asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRules:
    """Time-stamp duty."""

    time_stamp_required: bool = False
    """A proof of existence by a time-stamp is asked for; a claimed time is not enough."""
    time_stamp_policies: tuple[str, ...] = ()
    """Signature policies that ask for it: a signature that names one of them needs a time-stamp, others do not by this rule."""
    tsa: tuple[str, ...] = ()
    """Whose time-stamps count: provider ids, `own` (providers among the own anchors), `agreements` (providers among the entries of
    the agreements loaded); empty: those of every provider whose home anchors are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustRules:
    """What the relying party knows and trusts of its own."""

    anchors: tuple[str, ...]
    """`provider` (all its anchors) or `provider:certificate`: own anchors and lists."""
    load: tuple[str, ...] = ()
    """Agreements whose entries join the trust set while they are in force."""
    initial_policies: tuple[str, ...] = ()
    """RFC 5280 section 6.1.1 user-initial-policy-set; empty: anyPolicy."""
    explicit_policy: bool = False
    """RFC 5280 section 6.1.1 initial-explicit-policy: the path must be valid for one of the initial policies."""
    inhibit_policy_mapping: bool = False
    """RFC 5280 section 6.1.1 initial-policy-mapping-inhibit: mappings of CAs do not count."""
    inhibit_any_policy: bool = False
    """RFC 5280 section 6.1.1 initial-any-policy-inhibit: anyPolicy in a certificate does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingRules:
    """All rules of one relying party."""

    formats: FormatRules
    """Message families and forms accepted."""
    algorithms: AlgorithmRules
    """Algorithms and sizes accepted."""
    certificate: CertificateRules = CertificateRules()
    """What a signer's certificate must say."""
    revocation: RevocationRules = RevocationRules()
    """Status evidence asked for."""
    time: TimeRules = TimeRules()
    """Time-stamp duty."""
    trust: TrustRules
    """What is known and trusted."""
    validity_model: Literal["shell", "chain", "hybrid"] = "shell"
    """Which certificates must be valid when (EN 319 102-1 via its references; shell: all at the validation time)."""
    floor: AssuranceLevel = AssuranceLevel.L2
    """Lowest level accepted."""
    ceiling: AssuranceLevel | None = None
    """Highest level this relying party grants to anybody; None: no ceiling."""
    leg: str | None = None
    """Dual-algorithm documents: the key kind of the leg relied upon (`RSA`, `SM2`); None: the worst counts."""
    origin: Origin = "modelled"
    """Where the values of this table come from."""
    source: str = ""
    """Document and section it rests on."""
    origins: Origins = field(default_factory=dict)
    """Dotted paths of single values whose origin differs."""
