"""A signature policy of the profile is in every signature that the identity makes, in CMS and in XAdES."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from interop.crypto.digests import digest_bytes
from interop.model.errors import UsageError
from interop.model.formats import Format
from interop.model.profile import SignaturePolicySpec
from interop.pdf.observe import observe_pdf
from interop.pki.issue import issue
from interop.pki.shipped import shipped_keys
from interop.run.plan import Options, plan
from interop.vector.catalogue import VectorSpec
from interop.vector.make import make
from interop.xml.observe import observe_xml

DOCUMENT = b"the signature policy of a test"
PLAN = plan(Options())
CASES = [
    ("eu-qtsp-natural.natural-rsa/pades/b-b/", "sha256"),
    ("eu-qtsp-natural.natural-ec/xades/b-b/", "sha512"),
    ("gd-hk-scheme.scheme/pdf-pkcs7/b-b/", "sha256"),
    ("cn-gov-gm.seal/pdf-gm/b-b/", "sm3"),
]


def spec(prefix: str) -> VectorSpec:
    return next(s for s in PLAN.specs if s.id.startswith(prefix) and s.case.positive)


@pytest.mark.parametrize(("prefix", "digest"), CASES)
def test_the_policy_of_the_profile_is_read_back(prefix: str, digest: str) -> None:
    wanted = SignaturePolicySpec(
        oid="2.999.8.1", digest=digest, hash=digest_bytes(digest, DOCUMENT).hex(), origin="stand-in"
    )
    plain = spec(prefix)
    keys = shipped_keys()
    issued = issue(plain.provider, keys)
    for named in (None, wanted):
        made = make(replace(plain, emits=replace(plain.emits, signature_policy=named)), issued, keys, PLAN.signing)
        observe = observe_xml if plain.emits.format is Format.XADES else observe_pdf
        (signature,) = observe(made.data).facts.signatures
        assert signature.policy == (None if named is None else "2.999.8.1")
        assert signature.policy_digest == (None if named is None else (digest, named.hash))
        assert [reference.ok for reference in signature.references].count(True) == len(signature.references)
        assert True in [value.ok for value in signature.value]


def test_plain_xml_signature_has_no_place_for_one() -> None:
    plain = spec("gd-hk-scheme.scheme/xmldsig/b-b/")
    policy = SignaturePolicySpec(
        oid="2.999.8.1", digest="sha256", hash=hashlib.sha256(DOCUMENT).hexdigest(), origin="stand-in"
    )
    keys = shipped_keys()
    changed = replace(plain, emits=replace(plain.emits, signature_policy=policy))
    with pytest.raises(UsageError, match="format 'xmldsig' has no place for a signature policy"):
        make(changed, issue(plain.provider, keys), keys, PLAN.signing)
