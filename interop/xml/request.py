"""What to sign, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from interop.crypto import table
from interop.crypto.keys import DEFAULT_ID, PrivateKey, PssParameters
from interop.crypto.table_data import CUSTOMS
from interop.model.errors import UsageError
from interop.model.formats import Format, Packaging
from interop.xml.c14n import METHODS
from interop.xml.method import RSA_PSS
from interop.xml.names import C14N_10, EXC_C14N

__all__ = ["Choice", "XmlSignRequest", "choose", "policy_digest_uri"]


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlSignRequest:
    """One signature to make. Same request, same document: same bytes."""

    key: PrivateKey
    certificate: bytes
    """DER of the signer's certificate; with another key than its own, the value will not verify."""
    chain: tuple[bytes, ...] = ()
    """DER of further certificates for KeyInfo, in order."""
    signature: str
    """Name in the algorithm table."""
    digest: str | None = None
    """Digest of references and of the certificate; None: that of `digest_uri`, else of the signature algorithm."""
    signing: datetime
    """SigningTime, aware."""
    format: Format = Format.XADES
    """`xmldsig`, `xades` or `xml-customs`."""
    packaging: Packaging = Packaging.ENVELOPED
    signature_uri: str | None = None
    """SignatureMethod; None: the table's preferred URI, that of China Customs for `xml-customs` only."""
    digest_uri: str | None = None
    """DigestMethod; None: likewise."""
    canonicalization_uri: str | None = None
    """None: exclusive for XAdES, canonical XML 1.0 for the others."""
    reference: Literal["document", "id"] = "document"
    """Enveloped: the whole document (`URI=""`), or its root by its Id (one is written where there is none)."""
    leave_out: Literal["own", "all"] = "own"
    """Enveloped: the enveloped-signature transform, or XPath Filter 2.0 that leaves out every signature (for several side by side)."""
    detached_uri: str = "content.xml"
    """Detached: URI of the content."""
    mime_type: str = "application/xml"
    """XAdES: MimeType of DataObjectFormat."""
    embed_certificate: bool = True
    """Write X509Data."""
    key_name: str | None = None
    """KeyName; None: the certificate's serial number in hexadecimal for `xml-customs`, else none."""
    signing_certificate: Literal["v2", "v1", "none"] = "v2"
    """XAdES: SigningCertificateV2, its predecessor, or neither."""
    policy: tuple[str, str, bytes] | None = None
    """XAdES: signature policy: (OID, digest name, digest of the document)."""
    timestamp: Callable[[bytes], bytes] | None = None
    """XAdES: gives the token (DER) over the canonical SignatureValue element; None: level B-B."""
    sm2_id: str | None = DEFAULT_ID
    """SM2 distinguishing ID; None: no Z is hashed (negative)."""
    value_encoding: Literal["raw", "der"] = "raw"
    """ECDSA and SM2. XML-Signature 1.1 section 6.4.3 asks for `raw`."""
    pss: PssParameters | None = None
    """RSASSA-PSS under the URI with explicit parameters: others than MGF1 over the same digest and a salt of its length."""
    wrong_certificate_digest: bool = False
    """XAdES, negative: the digest in SigningCertificate is not the certificate's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The identifiers that a request comes to."""

    digest: str
    signature_digest: str
    """Digest of the signature algorithm, which may differ from that of the references."""
    signature_uri: str
    digest_uri: str
    canonicalization: str


def choose(request: XmlSignRequest) -> Choice:
    """Resolve names to URIs. Raises UsageError for what does not exist or does not fit."""
    algorithm = table.signature(request.signature)
    if algorithm is None:
        raise UsageError(f"signature '{request.signature}' is unknown")
    named = None if request.digest_uri is None else table.digest_by_uri(request.digest_uri)
    name = request.digest or (algorithm.digest if named is None else named.name)
    digest = table.digest(name)
    if digest is None:
        raise UsageError(f"digest '{name}' is unknown")
    customs = request.format is Format.XML_CUSTOMS
    if request.format not in {Format.XMLDSIG, Format.XADES, Format.XML_CUSTOMS}:
        raise UsageError(f"format '{request.format}' is no XML format")
    if customs and request.packaging is not Packaging.ENVELOPED:
        raise UsageError("format 'xml-customs' is enveloped (China Customs message specification 202205, section 6)")
    if request.timestamp is not None and request.format is not Format.XADES:
        raise UsageError(f"format '{request.format}' has no place for a time-stamp")
    if request.policy is not None and request.format is not Format.XADES:
        raise UsageError(f"format '{request.format}' has no place for a signature policy")
    if request.pss is not None and request.signature_uri != RSA_PSS:
        raise UsageError("the URI of the signature algorithm fixes its RSASSA-PSS parameters (RFC 9231 2.3.10)")
    canonicalization = request.canonicalization_uri or (EXC_C14N if request.format is Format.XADES else C14N_10)
    if canonicalization not in METHODS:
        raise UsageError(f"canonicalisation '{canonicalization}' is unknown")
    return Choice(
        digest=digest.name,
        signature_digest=algorithm.digest,
        signature_uri=request.signature_uri or _preferred(algorithm.uris, customs, f"signature '{algorithm.name}'"),
        digest_uri=request.digest_uri or _preferred(digest.uris, customs, f"digest '{digest.name}'"),
        canonicalization=canonicalization,
    )


def policy_digest_uri(name: str) -> str:
    """DigestMethod for the digest of a signature policy. Raises UsageError where the digest is unknown or has no URI."""
    digest = table.digest(name)
    if digest is None:
        raise UsageError(f"digest '{name}' is unknown")
    return _preferred(digest.uris, False, f"digest '{name}'")


def _preferred(uris: tuple[str, ...], customs: bool, what: str) -> str:
    fitting = [u for u in uris if customs or not u.startswith(CUSTOMS)]
    if not fitting:
        raise UsageError(f"{what} has no URI for XML")
    return fitting[0]
