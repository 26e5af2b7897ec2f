"""Namespaces and identifiers of XML-Signature, XAdES and canonical XML."""

from __future__ import annotations

__all__ = [
    "C14N_10",
    "C14N_11",
    "COUNTERSIGNED",
    "DS",
    "DS11",
    "DS_MANIFEST",
    "DS_OBJECT",
    "EC",
    "ENVELOPED",
    "EXC_C14N",
    "FILTER2",
    "HMAC_URIS",
    "ID_ATTRIBUTES",
    "NS",
    "SIGNED_PROPERTIES",
    "TRANSFORM_BASE64",
    "XADES",
    "XADES141",
    "XML_NS",
    "XPATH",
    "XSLT",
    "ds",
    "local",
    "namespace",
    "xades",
    "xades141",
]

DS = "http://www.w3.org/2000/09/xmldsig#"
DS11 = "http://www.w3.org/2009/xmldsig11#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
XADES141 = "http://uri.etsi.org/01903/v1.4.1#"
XML_NS = "http://www.w3.org/XML/1998/namespace"
EC = "http://www.w3.org/2001/10/xml-exc-c14n#"
NS = {"ds": DS, "ds11": DS11, "xades": XADES, "xades141": XADES141, "ec": EC}

C14N_10 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N_11 = "http://www.w3.org/2006/12/xml-c14n11"
EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"

ENVELOPED = DS + "enveloped-signature"
TRANSFORM_BASE64 = DS + "base64"
FILTER2 = "http://www.w3.org/2002/06/xmldsig-filter2"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
XSLT = "http://www.w3.org/TR/1999/REC-xslt-19991116"

DS_OBJECT = DS + "Object"
DS_MANIFEST = DS + "Manifest"
"""Reference types, XML-Signature 1.1 section 4.5 and 5.1."""
SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
"""Reference type, EN 319 132-1 section 4.4.2."""
COUNTERSIGNED = "http://uri.etsi.org/01903#CountersignedSignature"
"""Reference type, EN 319 132-1 section 5.2.7.2."""

HMAC_URIS = (
    DS + "hmac-sha1",
    "http://www.w3.org/2001/04/xmldsig-more#hmac-",
    "http://www.w3.org/2007/05/xmldsig-more#hmac-",
)
"""Prefixes of the MAC identifiers of RFC 9231 section 2.2."""

ID_ATTRIBUTES = ("Id", "ID", "id", f"{{{XML_NS}}}id")
"""Attributes read as identifiers: there is no DTD and no schema that would say which are."""


def ds(name: str) -> str:
    """The XML-Signature element of that local name in lxml's notation."""
    return f"{{{DS}}}{name}"


def xades(name: str) -> str:
    """The same for XAdES 1.3.2."""
    return f"{{{XADES}}}{name}"


def xades141(name: str) -> str:
    """The same for XAdES 1.4.1."""
    return f"{{{XADES141}}}{name}"


def local(tag: str) -> str:
    """Local name of a tag in lxml's notation."""
    return tag.rpartition("}")[2]


def namespace(tag: str) -> str:
    """Namespace name of a tag in lxml's notation; empty without."""
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""
