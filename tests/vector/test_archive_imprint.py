"""The imprint of XAdES archive time-stamps, computed a second time: lxml canonicalises, hashlib digests, asn1crypto reads the token.

EN 319 132-1 clause 5.5.2: first what each reference names, then SignedInfo, SignatureValue and KeyInfo, then the unsigned properties that
stand before the time-stamp, and every ds:Object but that of the properties. Nothing of ours takes part but the files.
"""

from __future__ import annotations

import base64
import copy
import hashlib
from datetime import datetime

import pytest
from asn1crypto.cms import ContentInfo
from asn1crypto.tsp import TSTInfo
from core_run import Core
from lxml import etree

DS = "{http://www.w3.org/2000/09/xmldsig#}"
XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
XADES141 = "{http://uri.etsi.org/01903/v1.4.1#}"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
C14N = {"http://www.w3.org/2001/10/xml-exc-c14n#": True}
"""URI -> whether exclusive. The others need the namespaces of the ancestors, which lxml loses below the root."""
CASES = ("xml-b-lta", "xml-b-lta-enveloping", "xml-b-lta-detached", "xml-b-lta-renewed", "xml-b-lta-by-id")
SIGNERS = ("eu-qtsp-natural.natural-ec", "eu-qtsp-natural.natural-rsa", "zz-pilot.natural-ed448")
ROWS = [
    (case, signer)
    for case in CASES
    for signer in SIGNERS
    if not (case == "xml-b-lta-by-id" and signer.startswith("zz-"))
]
"""The case that crosses references by Id is signed with RSA and EC keys only."""


def canonical(element: etree._Element, uri: str) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=C14N[uri], with_comments=False)


def named_by(reference: etree._Element, signature: etree._Element, detached: bytes | None) -> bytes:
    """What a ds:Reference digests; its own digest proves that it is the right thing."""
    uris = [transform.get("Algorithm") for transform in reference.iter(f"{DS}Transform")]
    target = reference.get("URI", "")
    if target and not target.startswith("#"):
        assert detached is not None
        assert [uri for uri in uris if uri not in C14N] == []
        octets = canonical(etree.fromstring(detached), uris[-1]) if uris else detached
    else:
        tree = copy.deepcopy(signature.getroottree())
        root = tree.getroot()
        found = root if not target else next(e for e in root.iter() if e.get("Id") == target[1:])
        if ENVELOPED in uris:
            own = next(e for e in root.iter(f"{DS}Signature") if e.get("Id") == signature.get("Id"))
            above = own.getparent()
            assert above is not None
            before = own.getprevious()
            if own.tail and before is not None:
                before.tail = (before.tail or "") + own.tail
            elif own.tail:
                above.text = (above.text or "") + own.tail
            above.remove(own)
        wanted = [uri for uri in uris if uri in C14N]
        octets = canonical(found if target else root, wanted[-1] if wanted else next(iter(C14N)))
        if not target:
            octets = etree.tostring(tree, method="c14n", exclusive=C14N[wanted[-1]], with_comments=False)
    method = reference.findtext(f"{DS}DigestValue", "")
    digest = reference.find(f"{DS}DigestMethod")
    assert digest is not None
    name = {"sha256": "sha256", "sha512": "sha512", "sha384": "sha384"}[digest.get("Algorithm", "")[-6:]]
    assert base64.b64decode(method) == hashlib.new(name, octets).digest()
    return octets


def imprinted(token: bytes) -> tuple[str, bytes, datetime]:
    info: TSTInfo = ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed
    imprint = info["message_imprint"]
    return imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native, info["gen_time"].native


@pytest.mark.parametrize(("case", "signer"), ROWS)
def test_each_archive_time_stamp_is_over_what_the_standard_says(core: Core, signer: str, case: str) -> None:
    vector = f"{signer}/xades/b-lta/{case}"
    request = core.request(vector)
    (signature,) = etree.fromstring(request.data).iter(f"{DS}Signature")
    properties = next(signature.iter(f"{XADES}UnsignedSignatureProperties"))
    archives = [child for child in properties if child.tag == f"{XADES141}ArchiveTimeStamp"]
    assert len(archives) == (2 if case == "xml-b-lta-renewed" else 1)
    times = []
    for archive in archives:
        method = archive.find(f"{DS}CanonicalizationMethod")
        assert method is not None
        uri = method.get("Algorithm", "")
        octets = b"".join(named_by(r, signature, request.detached) for r in signature.iter(f"{DS}Reference"))
        for name in ("SignedInfo", "SignatureValue", "KeyInfo"):
            part = signature.find(f"{DS}{name}")
            assert part is not None
            octets += canonical(part, uri)
        for child in properties:
            if child is archive:
                break
            octets += canonical(child, uri)
        for held in signature.iterchildren(f"{DS}Object"):
            if held.find(f"{XADES}QualifyingProperties") is None:
                octets += canonical(held, uri)
        text = archive.findtext(f"{XADES}EncapsulatedTimeStamp", "")
        digest, imprint, time = imprinted(base64.b64decode(text))
        assert imprint == hashlib.new(digest, octets).digest()
        times.append(time)
    assert times == sorted(times)
