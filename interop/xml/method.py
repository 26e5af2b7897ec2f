"""SignatureMethod: the algorithm that its URI names, and the RSASSA-PSS parameters that it carries or fixes (RFC 9231 2.3.9, 2.3.10).

    <ds:SignatureMethod Algorithm="http://www.w3.org/2007/05/xmldsig-more#rsa-pss">
      <pss:RSAPSSParams> DigestMethod, MaskGenerationFunction, SaltLength, TrailerField, each optional </pss:RSAPSSParams>

What is left out is: SHA-256; MGF1 over the same digest; a salt as long as the digest; trailer 1.
"""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from interop.crypto import table
from interop.crypto.pss import PssParameters, parameters_for, pss_parameters
from interop.crypto.table_types import SignatureAlgorithm
from interop.model.errors import UsageError
from interop.xml.names import NS, ds
from interop.xml.structure import text_at

__all__ = ["PSS_NS", "RSA_PSS", "Method", "read_method", "write_pss"]

PSS_NS = "http://www.w3.org/2007/05/xmldsig-more#"
"""Namespace of RSAPSSParams."""
RSA_PSS = PSS_NS + "rsa-pss"
"""SignatureMethod whose digest, mask and salt stand in RSAPSSParams."""
_MGF1 = PSS_NS + "MGF1"
_NAMES = {**NS, "pss": PSS_NS}
_LONGEST_SALT = 2048


class Method(NamedTuple):
    """What a SignatureMethod comes to."""

    algorithm: SignatureAlgorithm | None
    """None where the URI is unknown, or its parameters are not understood."""
    pss: PssParameters | None = None
    """RSASSA-PSS only."""

    @property
    def parameters(self) -> str | None:
        """RSASSA-PSS: the parameters as DER in hexadecimal, as they would stand in an AlgorithmIdentifier."""
        if self.algorithm is None or self.pss is None:
            return None
        return pss_parameters(self.algorithm.digest, self.pss).hex()


def read_method(uri: str, signed_info: etree._Element | None) -> Method:
    """The algorithm of a SignatureMethod URI; `signed_info` is where its parameters stand."""
    algorithm = table.signature_by_uri(uri)
    if algorithm is None:
        return Method(None)
    if uri != RSA_PSS:
        fixed = parameters_for(algorithm.digest) if algorithm.name.startswith("rsa-pss-") else None
        return Method(algorithm, fixed)
    found = [] if signed_info is None else signed_info.findall("ds:SignatureMethod/pss:RSAPSSParams", _NAMES)
    try:
        return _explicit(found)
    except ValueError:
        return Method(None)


def _explicit(found: list[etree._Element]) -> Method:
    """Raises ValueError for parameters that stand twice or are not understood."""
    if len(found) > 1:
        raise ValueError(f"{len(found)} RSAPSSParams")
    digest = mask = "sha256"
    salt: int | None = None
    if found:
        digest = _digest(found[0], "ds:DigestMethod") or digest
        mask = digest
        function = found[0].find("pss:MaskGenerationFunction", _NAMES)
        if function is not None:
            if function.get("Algorithm", _MGF1) != _MGF1:
                raise ValueError("another mask generation function than MGF1")
            mask = _digest(function, "ds:DigestMethod") or mask
        salt = _number(found[0], "pss:SaltLength")
        if _number(found[0], "pss:TrailerField") not in (None, 1):
            raise ValueError("TrailerField is not 1")
    algorithm = table.signature(f"rsa-pss-{digest}")
    size = parameters_for(digest).salt_length
    if salt is not None and not 0 <= salt <= _LONGEST_SALT:
        raise ValueError("salt length is out of range")
    return Method(algorithm, PssParameters(mgf_digest=mask, salt_length=size if salt is None else salt))


def _digest(parent: etree._Element, path: str) -> str | None:
    holder = parent.find(path, _NAMES)
    if holder is None:
        return None
    row = table.digest_by_uri(holder.get("Algorithm") or "")
    if row is None:
        raise ValueError(f"DigestMethod '{holder.get('Algorithm')}' is unknown")
    return row.name


def _number(parent: etree._Element, path: str) -> int | None:
    holder = parent.find(path, _NAMES)
    if holder is None:
        return None
    text = (text_at(holder, ".") or "").strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise ValueError(f"'{text}' is no number")
    return int(text)


def write_pss(method: etree._Element, digest: str, pss: PssParameters | None) -> None:
    """Write RSAPSSParams, complete, into a SignatureMethod. Raises UsageError for a digest without URI."""
    chosen = pss or parameters_for(digest)
    holder = etree.SubElement(method, f"{{{PSS_NS}}}RSAPSSParams", nsmap={"pss": PSS_NS})
    etree.SubElement(holder, ds("DigestMethod"), Algorithm=_uri(digest))
    function = etree.SubElement(holder, f"{{{PSS_NS}}}MaskGenerationFunction", Algorithm=_MGF1)
    etree.SubElement(function, ds("DigestMethod"), Algorithm=_uri(chosen.mgf_digest))
    etree.SubElement(holder, f"{{{PSS_NS}}}SaltLength").text = str(chosen.salt_length)
    etree.SubElement(holder, f"{{{PSS_NS}}}TrailerField").text = "1"


def _uri(name: str) -> str:
    row = table.digest(name)
    if row is None or not row.uris:
        raise UsageError(f"digest '{name}' has no URI for XML")
    return row.uris[0]
